"""The commands, for Typer: help, completion, and every line that the fast reader leaves.

One function a command, named like it. An input of the patient is declared in `ruxcalc.patient`,
an option that commands share in `ruxcalc.cli.options`; here stands which command takes what.
Numbers and dates are text to Typer: our own grammar reads them, the same for every interface.
An option is a list, so that one given twice is seen and not overwritten.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from ruxcalc.cli import complete
from ruxcalc.cli.options import (
    COLOR,
    COMMANDS,
    EXIT_ZERO,
    EXPLAIN,
    FULL,
    GET,
    JSON,
    ON,
    QUIET,
    REGION,
    Option,
    input_option,
    option_named,
)
from ruxcalc.cli.plain_help import PlainCommand, PlainGroup
from ruxcalc.cli.run import run_command

Texts = list[str] | None
Flags = list[bool] | None


def declared(name: str) -> Any:
    """Return the option of an input of the patient, as its declaration says."""
    given = input_option(name)
    return _typer(given._replace(off=()) if given.metavar else given)


def declared_none(name: str) -> Any:
    """Return the option that says that no name is given: `--no-drug`."""
    given = input_option(name)
    about = f"None is taken: the opposite of {given.on[-1]}."
    return _typer(given._replace(on=given.off, off=(), metavar="", help=about))


def option(command: str, name: str) -> Any:
    """Return an option or argument that one command has."""
    return _typer(option_named(command, name))


def _typer(declared: Option) -> Any:
    offered = _completion(declared)
    if declared.positional:
        return typer.Argument(
            help=declared.help,
            metavar=declared.metavar,
            show_default=False,
            autocompletion=offered,
        )
    return typer.Option(
        "/".join((declared.on[-1], *declared.off)),
        *declared.on[:-1],
        help=declared.help,
        metavar=declared.metavar,
        show_default=False,
        rich_help_panel=declared.panel,
        autocompletion=offered,
    )


def _completion(declared: Option) -> complete.Completion | None:
    """Return what completes the values of an option, or None where the shell does."""
    by_name: dict[str, complete.Completion | None] = {
        "drug": complete.medicines,
        "repig": complete.sites,
        "handprints": complete.sites,
        "sites": complete.sites,
        "words": complete.regions_and_topics,
        "topic": complete.help_topics,
        "name": complete.schemas,
    }
    listed = complete.words(declared.words) if declared.words else None
    return by_name.get(declared.name, listed)


Region = Annotated[Texts, _typer(REGION)]
Explain = Annotated[bool, _typer(EXPLAIN)]
Json = Annotated[bool, _typer(JSON)]
Get = Annotated[Texts, _typer(GET)]
Quiet = Annotated[bool, _typer(QUIET)]
ExitZero = Annotated[bool, _typer(EXIT_ZERO)]
Full = Annotated[bool, _typer(FULL)]
Color = Annotated[Texts, _typer(COLOR)]
On = Annotated[Texts, _typer(ON)]

app = typer.Typer(
    name="ruxcalc",
    cls=PlainGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _answer(command: str, typed: Mapping[str, object]) -> None:
    """Answer a command, and end with its status."""
    raw: dict[str, list[str | bool]] = {}
    for name, value in typed.items():
        values = [True] if value is True else list(value) if isinstance(value, list) else []
        if name.startswith("no_") and name.removeprefix("no_") in typed:
            raw.setdefault(name.removeprefix("no_"), []).extend([False] * len(values))
        elif values:
            raw.setdefault(name, []).extend(values)
    raise typer.Exit(run_command(command, {name: values for name, values in raw.items() if values}))


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and the editions of the labels.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="With --version: as a JSON object.")] = False,
) -> None:
    """Calculate for ruxolitinib 1.5 % cream in non-segmental vitiligo.

    For example:

        ruxcalc dose --bsa 8
        ruxcalc check --week 52 --repig 20
        ruxcalc warn --region eu --pregnant --drug itraconazole
        ruxcalc assess --bsa 8 --week 52 --repig 20 --age 34

    By region (US, EU, UK), with every figure traced to its source. It supports, and does not
    replace, the prescriber's judgement.
    """
    if version:
        from ruxcalc.cli.version import version_text

        typer.echo(version_text(as_json=json), nl=False)
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(cls=PlainCommand)
def dose(  # noqa: PLR0913 - an option each
    *,
    bsa: Annotated[Texts, declared("bsa")] = None,
    handprints: Annotated[Texts, declared("handprints")] = None,
    ftu: Annotated[Texts, declared("ftu")] = None,
    grams_per_ftu: Annotated[Texts, declared("grams_per_ftu")] = None,
    height: Annotated[Texts, declared("height")] = None,
    weight: Annotated[Texts, declared("weight")] = None,
    body_surface: Annotated[Texts, declared("body_surface")] = None,
    method: Annotated[Texts, declared("method")] = None,
    formula: Annotated[Texts, declared("formula")] = None,
    days: Annotated[Texts, declared("days")] = None,
    tube_price: Annotated[Texts, declared("tube_price")] = None,
    dispensed: Annotated[Texts, declared("dispensed")] = None,
    per_days: Annotated[Texts, declared("per_days")] = None,
    on: On = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("dose", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Estimate grams and tubes, and compare both with each label.

    For example:

        ruxcalc dose --bsa 8
        ruxcalc dose --handprints face=1,trunk=3 --region us
        ruxcalc dose --bsa 10 --height 190 --weight 95 --explain
        ruxcalc dose --bsa 8 --dispensed 3x100 --per-days 28

    One of --bsa, --handprints and --ftu is needed.
    """
    _answer("dose", locals())


@app.command(cls=PlainCommand)
def check(  # noqa: PLR0913 - an option each
    *,
    week: Annotated[Texts, declared("week")] = None,
    start: Annotated[Texts, declared("start")] = None,
    on: Annotated[Texts, declared("on")] = None,
    restart: Annotated[Texts, declared("restart")] = None,
    repig: Annotated[Texts, declared("repig")] = None,
    baseline: Annotated[Texts, declared("baseline")] = None,
    score: Annotated[Texts, declared("score")] = None,
    measure: Annotated[Texts, declared("measure")] = None,
    meaningful: Annotated[Flags, declared("meaningful")] = None,
    satisfactory: Annotated[Flags, declared("satisfactory")] = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("check", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Say whether to continue, to re-evaluate or to consider stopping.

    For example:

        ruxcalc check --week 52 --repig 20
        ruxcalc check --week 24 --not-meaningful -r us
        ruxcalc check --start 2026-01-05 --on 2027-01-04 --baseline 2.4 --score 1.8
        ruxcalc check --week 52 --repig face=76 --repig trunk=23

    --week or --start is needed.
    """
    _answer("check", locals())


@app.command(cls=PlainCommand)
def warn(  # noqa: PLR0913 - an option each
    *,
    age: Annotated[Texts, declared("age")] = None,
    face: Annotated[Flags, declared("face")] = None,
    segmental: Annotated[Flags, declared("segmental")] = None,
    hypersensitivity: Annotated[Flags, declared("hypersensitivity")] = None,
    pregnant: Annotated[Flags, declared("pregnant")] = None,
    planning_pregnancy: Annotated[Flags, declared("planning_pregnancy")] = None,
    breastfeeding: Annotated[Flags, declared("breastfeeding")] = None,
    esrd: Annotated[Flags, declared("esrd")] = None,
    egfr: Annotated[Texts, declared("egfr")] = None,
    hepatic: Annotated[Flags, declared("hepatic")] = None,
    drug: Annotated[Texts, declared("drug")] = None,
    no_drug: Annotated[bool, declared_none("drug")] = False,
    topical: Annotated[Texts, declared("topical")] = None,
    no_topical: Annotated[bool, declared_none("topical")] = False,
    biologic: Annotated[Flags, declared("biologic")] = None,
    jak_inhibitor: Annotated[Flags, declared("jak_inhibitor")] = None,
    immunosuppressant: Annotated[Flags, declared("immunosuppressant")] = None,
    live_vaccine: Annotated[Flags, declared("live_vaccine")] = None,
    infection: Annotated[Flags, declared("infection")] = None,
    chronic_infection: Annotated[Flags, declared("chronic_infection")] = None,
    past_serious_infection: Annotated[Flags, declared("past_serious_infection")] = None,
    infection_risk: Annotated[Flags, declared("infection_risk")] = None,
    endemic_area: Annotated[Flags, declared("endemic_area")] = None,
    tuberculosis: Annotated[Texts, declared("tuberculosis")] = None,
    hepatitis_b: Annotated[Flags, declared("hepatitis_b")] = None,
    hepatitis_c: Annotated[Flags, declared("hepatitis_c")] = None,
    zoster: Annotated[Flags, declared("zoster")] = None,
    malignancy: Annotated[Flags, declared("malignancy")] = None,
    nmsc: Annotated[Flags, declared("nmsc")] = None,
    phototherapy: Annotated[Flags, declared("phototherapy")] = None,
    phototherapy_now: Annotated[Flags, declared("phototherapy_now")] = None,
    smoker: Annotated[Flags, declared("smoker")] = None,
    cardiovascular_risk: Annotated[Flags, declared("cardiovascular_risk")] = None,
    mi_or_stroke: Annotated[Flags, declared("mi_or_stroke")] = None,
    thrombosis_risk: Annotated[Flags, declared("thrombosis_risk")] = None,
    cytopenia: Annotated[Flags, declared("cytopenia")] = None,
    diabetes: Annotated[Flags, declared("diabetes")] = None,
    all_others_no: Annotated[bool, declared("all_others_no")] = False,
    on: On = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("warn", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """List each label's precautions for this patient.

    For example:

        ruxcalc warn --region eu --pregnant --drug itraconazole
        ruxcalc warn --age 70 --no-esrd
        ruxcalc warn -r us --tuberculosis latent --all-others-no

    What is not given is not asked, which is not the same as no.
    """
    _answer("warn", locals())


@app.command(cls=PlainCommand)
def assess(  # noqa: PLR0913 - an option each
    *,
    bsa: Annotated[Texts, declared("bsa")] = None,
    handprints: Annotated[Texts, declared("handprints")] = None,
    ftu: Annotated[Texts, declared("ftu")] = None,
    grams_per_ftu: Annotated[Texts, declared("grams_per_ftu")] = None,
    height: Annotated[Texts, declared("height")] = None,
    weight: Annotated[Texts, declared("weight")] = None,
    body_surface: Annotated[Texts, declared("body_surface")] = None,
    method: Annotated[Texts, declared("method")] = None,
    formula: Annotated[Texts, declared("formula")] = None,
    days: Annotated[Texts, declared("days")] = None,
    tube_price: Annotated[Texts, declared("tube_price")] = None,
    dispensed: Annotated[Texts, declared("dispensed")] = None,
    per_days: Annotated[Texts, declared("per_days")] = None,
    week: Annotated[Texts, declared("week")] = None,
    start: Annotated[Texts, declared("start")] = None,
    on: Annotated[Texts, declared("on")] = None,
    restart: Annotated[Texts, declared("restart")] = None,
    repig: Annotated[Texts, declared("repig")] = None,
    baseline: Annotated[Texts, declared("baseline")] = None,
    score: Annotated[Texts, declared("score")] = None,
    measure: Annotated[Texts, declared("measure")] = None,
    meaningful: Annotated[Flags, declared("meaningful")] = None,
    satisfactory: Annotated[Flags, declared("satisfactory")] = None,
    age: Annotated[Texts, declared("age")] = None,
    face: Annotated[Flags, declared("face")] = None,
    segmental: Annotated[Flags, declared("segmental")] = None,
    hypersensitivity: Annotated[Flags, declared("hypersensitivity")] = None,
    pregnant: Annotated[Flags, declared("pregnant")] = None,
    planning_pregnancy: Annotated[Flags, declared("planning_pregnancy")] = None,
    breastfeeding: Annotated[Flags, declared("breastfeeding")] = None,
    esrd: Annotated[Flags, declared("esrd")] = None,
    egfr: Annotated[Texts, declared("egfr")] = None,
    hepatic: Annotated[Flags, declared("hepatic")] = None,
    drug: Annotated[Texts, declared("drug")] = None,
    no_drug: Annotated[bool, declared_none("drug")] = False,
    topical: Annotated[Texts, declared("topical")] = None,
    no_topical: Annotated[bool, declared_none("topical")] = False,
    biologic: Annotated[Flags, declared("biologic")] = None,
    jak_inhibitor: Annotated[Flags, declared("jak_inhibitor")] = None,
    immunosuppressant: Annotated[Flags, declared("immunosuppressant")] = None,
    live_vaccine: Annotated[Flags, declared("live_vaccine")] = None,
    infection: Annotated[Flags, declared("infection")] = None,
    chronic_infection: Annotated[Flags, declared("chronic_infection")] = None,
    past_serious_infection: Annotated[Flags, declared("past_serious_infection")] = None,
    infection_risk: Annotated[Flags, declared("infection_risk")] = None,
    endemic_area: Annotated[Flags, declared("endemic_area")] = None,
    tuberculosis: Annotated[Texts, declared("tuberculosis")] = None,
    hepatitis_b: Annotated[Flags, declared("hepatitis_b")] = None,
    hepatitis_c: Annotated[Flags, declared("hepatitis_c")] = None,
    zoster: Annotated[Flags, declared("zoster")] = None,
    malignancy: Annotated[Flags, declared("malignancy")] = None,
    nmsc: Annotated[Flags, declared("nmsc")] = None,
    phototherapy: Annotated[Flags, declared("phototherapy")] = None,
    phototherapy_now: Annotated[Flags, declared("phototherapy_now")] = None,
    smoker: Annotated[Flags, declared("smoker")] = None,
    cardiovascular_risk: Annotated[Flags, declared("cardiovascular_risk")] = None,
    mi_or_stroke: Annotated[Flags, declared("mi_or_stroke")] = None,
    thrombosis_risk: Annotated[Flags, declared("thrombosis_risk")] = None,
    cytopenia: Annotated[Flags, declared("cytopenia")] = None,
    diabetes: Annotated[Flags, declared("diabetes")] = None,
    all_others_no: Annotated[bool, declared("all_others_no")] = False,
    fhir: Annotated[Texts, option("assess", "fhir")] = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("assess", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Answer dose, response and precautions together.

    For example:

        ruxcalc assess --bsa 8 --week 52 --repig 20 --age 34
        ruxcalc assess -r eu --bsa 8 --age 34 --face --all-others-no
        ruxcalc assess --fhir response.json

    It answers whatever is given; every option may be left out.
    """
    _answer("assess", locals())


@app.command(cls=PlainCommand)
def ask(  # noqa: PLR0913 - an option each
    *,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("ask", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Ask what assess needs, one key a question, then answer.

    For example:

        ruxcalc ask -r eu

    It needs a terminal.
    """
    _answer("ask", locals())


@app.command(cls=PlainCommand)
def batch(  # noqa: PLR0913 - an option each
    *,
    file: Annotated[Texts, option("batch", "file")] = None,
    format: Annotated[Texts, option("batch", "format")] = None,
    output: Annotated[Texts, option("batch", "output")] = None,
    rejects: Annotated[Texts, option("batch", "rejects")] = None,
    delimiter: Annotated[Texts, option("batch", "delimiter")] = None,
    decimal: Annotated[Texts, option("batch", "decimal")] = None,
    dates: Annotated[Texts, option("batch", "dates")] = None,
    on: Annotated[Texts, option("batch", "on")] = None,
    all_others_no: Annotated[bool, declared("all_others_no")] = False,
    region: Region = None,
    explain: Explain = False,
    full: Annotated[bool, option("batch", "full")] = False,
    color: Color = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
) -> None:
    """Answer assess for each row of a CSV or NDJSON list.

    For example:

        ruxcalc batch cohort.csv
        ruxcalc batch cohort.csv -f csv -o answers.csv --rejects rejects.csv
        ruxcalc batch - -r eu < cohort.ndjson
        ruxcalc batch export.csv --delimiter ';' --decimal , --dates dmy

    The columns are named like the options: bsa, week, repig, age, pregnant.
    """
    _answer("batch", locals())


@app.command(cls=PlainCommand)
def vasi(  # noqa: PLR0913 - an option each
    *,
    sites: Annotated[Texts, option("vasi", "sites")] = None,
    baseline: Annotated[Texts, option("vasi", "baseline")] = None,
    steps: Annotated[bool, option("vasi", "steps")] = False,
    on: On = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("vasi", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Add up VASI and % BSA from sites, and compare two visits.

    For example:

        ruxcalc vasi face=1@75 trunk=3@100
        ruxcalc vasi face=1@25 --baseline 'face=1@75'
        ruxcalc vasi --steps

    Handprints times what is left of depigmentation, in steps of 0, 10, 25, 50, 75, 90, 100 %.
    """
    _answer("vasi", locals())


@app.command(cls=PlainCommand)
def plan(  # noqa: PLR0913 - an option each
    *,
    bsa: Annotated[Texts, declared("bsa")] = None,
    handprints: Annotated[Texts, declared("handprints")] = None,
    ftu: Annotated[Texts, declared("ftu")] = None,
    grams_per_ftu: Annotated[Texts, declared("grams_per_ftu")] = None,
    height: Annotated[Texts, declared("height")] = None,
    weight: Annotated[Texts, declared("weight")] = None,
    body_surface: Annotated[Texts, declared("body_surface")] = None,
    method: Annotated[Texts, declared("method")] = None,
    formula: Annotated[Texts, declared("formula")] = None,
    days: Annotated[Texts, declared("days")] = None,
    tube_price: Annotated[Texts, declared("tube_price")] = None,
    start: Annotated[Texts, declared("start")] = None,
    on: Annotated[Texts, declared("on")] = None,
    stop: Annotated[Texts, declared("stop")] = None,
    tubes: Annotated[Texts, declared("tubes")] = None,
    tube_grams: Annotated[Texts, declared("tube_grams")] = None,
    case: Annotated[Texts, option("plan", "case")] = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("plan", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """List review dates, refills and dates after the last dose.

    For example:

        ruxcalc plan --start 2026-01-05 --bsa 8
        ruxcalc plan --start 2026-01-05 --bsa 8 --tubes 2 --tube-grams 100 -f ics > plan.ics
        ruxcalc plan --start 2026-01-05 --stop 2026-12-01 -r eu

    --start is needed.
    """
    _answer("plan", locals())


@app.command(cls=PlainCommand)
def track(  # noqa: PLR0913 - an option each
    *,
    file: Annotated[Texts, option("track", "file")] = None,
    start: Annotated[Texts, option("track", "start")] = None,
    baseline: Annotated[Texts, option("track", "baseline")] = None,
    measure: Annotated[Texts, option("track", "measure")] = None,
    tube_grams: Annotated[Texts, option("track", "tube_grams")] = None,
    delimiter: Annotated[Texts, option("track", "delimiter")] = None,
    on: On = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("track", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Compare a patient's visits and tubes with the review points.

    For example:

        ruxcalc track visits.csv
        ruxcalc track visits.csv --start 2026-01-05 --region eu
        ruxcalc track - --measure f-vasi < visits.ndjson

    A visit is a row: date, then repig or score, and what else is known.
    """
    _answer("track", locals())


@app.command(cls=PlainCommand)
def handout(  # noqa: PLR0913 - an option each
    *,
    bsa: Annotated[Texts, declared("bsa")] = None,
    handprints: Annotated[Texts, declared("handprints")] = None,
    ftu: Annotated[Texts, declared("ftu")] = None,
    grams_per_ftu: Annotated[Texts, declared("grams_per_ftu")] = None,
    height: Annotated[Texts, declared("height")] = None,
    weight: Annotated[Texts, declared("weight")] = None,
    body_surface: Annotated[Texts, declared("body_surface")] = None,
    method: Annotated[Texts, declared("method")] = None,
    formula: Annotated[Texts, declared("formula")] = None,
    days: Annotated[Texts, declared("days")] = None,
    tube_price: Annotated[Texts, declared("tube_price")] = None,
    start: Annotated[Texts, declared("start")] = None,
    on: Annotated[Texts, declared("on")] = None,
    age: Annotated[Texts, declared("age")] = None,
    face: Annotated[Flags, declared("face")] = None,
    segmental: Annotated[Flags, declared("segmental")] = None,
    hypersensitivity: Annotated[Flags, declared("hypersensitivity")] = None,
    pregnant: Annotated[Flags, declared("pregnant")] = None,
    planning_pregnancy: Annotated[Flags, declared("planning_pregnancy")] = None,
    breastfeeding: Annotated[Flags, declared("breastfeeding")] = None,
    esrd: Annotated[Flags, declared("esrd")] = None,
    egfr: Annotated[Texts, declared("egfr")] = None,
    hepatic: Annotated[Flags, declared("hepatic")] = None,
    drug: Annotated[Texts, declared("drug")] = None,
    no_drug: Annotated[bool, declared_none("drug")] = False,
    topical: Annotated[Texts, declared("topical")] = None,
    no_topical: Annotated[bool, declared_none("topical")] = False,
    biologic: Annotated[Flags, declared("biologic")] = None,
    jak_inhibitor: Annotated[Flags, declared("jak_inhibitor")] = None,
    immunosuppressant: Annotated[Flags, declared("immunosuppressant")] = None,
    live_vaccine: Annotated[Flags, declared("live_vaccine")] = None,
    infection: Annotated[Flags, declared("infection")] = None,
    chronic_infection: Annotated[Flags, declared("chronic_infection")] = None,
    past_serious_infection: Annotated[Flags, declared("past_serious_infection")] = None,
    infection_risk: Annotated[Flags, declared("infection_risk")] = None,
    endemic_area: Annotated[Flags, declared("endemic_area")] = None,
    tuberculosis: Annotated[Texts, declared("tuberculosis")] = None,
    hepatitis_b: Annotated[Flags, declared("hepatitis_b")] = None,
    hepatitis_c: Annotated[Flags, declared("hepatitis_c")] = None,
    zoster: Annotated[Flags, declared("zoster")] = None,
    malignancy: Annotated[Flags, declared("malignancy")] = None,
    nmsc: Annotated[Flags, declared("nmsc")] = None,
    phototherapy: Annotated[Flags, declared("phototherapy")] = None,
    phototherapy_now: Annotated[Flags, declared("phototherapy_now")] = None,
    smoker: Annotated[Flags, declared("smoker")] = None,
    cardiovascular_risk: Annotated[Flags, declared("cardiovascular_risk")] = None,
    mi_or_stroke: Annotated[Flags, declared("mi_or_stroke")] = None,
    thrombosis_risk: Annotated[Flags, declared("thrombosis_risk")] = None,
    cytopenia: Annotated[Flags, declared("cytopenia")] = None,
    diabetes: Annotated[Flags, declared("diabetes")] = None,
    all_others_no: Annotated[bool, declared("all_others_no")] = False,
    region: Region = None,
    format: Annotated[Texts, option("handout", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Write one page for the patient, by the label of one region.

    For example:

        ruxcalc handout -r eu --bsa 8
        ruxcalc handout -r us --bsa 8 -f html > page.html

    One region is needed. A clinic reviews the page before it is used.
    """
    _answer("handout", locals())


@app.command(cls=PlainCommand)
def evidence(  # noqa: PLR0913 - an option each
    *,
    endpoint: Annotated[Texts, option("evidence", "endpoint")] = None,
    week: Annotated[Texts, option("evidence", "week")] = None,
    on: On = None,
    region: Region = None,
    explain: Explain = False,
    format: Annotated[Texts, option("evidence", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Show what the trials found: context, never a prognosis.

    For example:

        ruxcalc evidence
        ruxcalc evidence --endpoint F-VASI75 --week 24

    Each figure has the source that was read.
    """
    _answer("evidence", locals())


@app.command(cls=PlainCommand)
def label(  # noqa: PLR0913 - an option each
    *,
    words: Annotated[Texts, option("label", "words")] = None,
    diff: Annotated[bool, option("label", "diff")] = False,
    facts: Annotated[bool, option("label", "facts")] = False,
    check: Annotated[bool, option("label", "check")] = False,
    on: On = None,
    region: Region = None,
    format: Annotated[Texts, option("label", "format")] = None,
    json: Json = False,
    get: Get = None,
    quiet: Quiet = False,
    exit_zero: ExitZero = False,
    full: Full = False,
    color: Color = None,
) -> None:
    """Show the rules themselves, with section, edition and link.

    For example:

        ruxcalc label eu
        ruxcalc label eu storage in-use-life
        ruxcalc label --diff us eu
        ruxcalc label --facts

    Words that are a region are regions; the others are topics: ruxcalc help topics.
    """
    _answer("label", locals())


@app.command(cls=PlainCommand)
def schema(
    *,
    name: Annotated[Texts, option("schema", "name")] = None,
    region: Region = None,
) -> None:
    """Print the JSON Schema of an answer, or the FHIR Questionnaire.

    For example:

        ruxcalc schema dose
        ruxcalc schema input
        ruxcalc schema questionnaire

    The names: a command that answers, input, batch, questionnaire.
    """
    _answer("schema", locals())


@app.command("help", cls=PlainCommand)
def help_(
    *,
    topic: Annotated[Texts, option("help", "topic")] = None,
) -> None:
    """Explain exit status, numbers, inputs, topics, or a command.

    For example:

        ruxcalc help exit-status
        ruxcalc help inputs
        ruxcalc help dose

    Without a topic, the list of topics.
    """
    if topic and topic[0] in COMMANDS:
        # The help of a command is Typer's own.
        raise typer.Exit(app([topic[0], "--help"], prog_name="ruxcalc", standalone_mode=False))
    _answer("help", locals())
