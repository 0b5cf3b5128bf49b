"""The options of each command, derived from the declaration of the patient.

Both readers of an argument list, the plain one and Typer, take their options from
here, and both hand on the same thing: for each option the values that came.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ruxcalc.errors import option_of
from ruxcalc.inputs import opposite_of
from ruxcalc.labels import REGIONS
from ruxcalc.patient import INPUTS, inputs_of

Given = Mapping[str, list[str | bool]]
COMMANDS: dict[str, str] = {
    "dose": "How much cream, in grams and tubes, and is it within each label?",
    "check": "Continue, re-evaluate or consider stopping, by each label?",
    "warn": "What to look out for: each label's precautions for this patient.",
    "assess": "The three answers together, for whatever was given.",
    "batch": "The answer of assess for each row of a CSV or NDJSON list.",
    "vasi": "VASI and % BSA from sites, and repigmentation between two visits.",
    "plan": "Review dates, refills, and what to wait for after the last application.",
    "track": "A patient's visits: the response against the review points, and what was dispensed.",
    "evidence": "What the pivotal trials found: context, never a prognosis.",
    "label": "The rules themselves, with section, edition and link.",
}
# These print text of their own; only Typer reads them.
MORE_COMMANDS: dict[str, str] = {
    "schema": "JSON Schema of an answer, of an answered row (batch), or of a patient (input).",
    "help": "What the exit status, the numbers, the environment and the inputs mean.",
}
FORMATS = ("table", "json", "note", "markdown", "csv", "html", "svg")
BATCH_FORMATS = ("ndjson", "csv")
PLAN_FORMATS = (*FORMATS, "ics")


class Option(NamedTuple):
    """One option: `on` are the spellings that give it, `off` those that say no.

    An option with a `metavar` takes a value; `positional` stands without a name. A shell
    completes the value to one of `values`, and where the metavar is FILE to a file.
    """

    name: str
    on: tuple[str, ...]
    help: str
    metavar: str = ""
    off: tuple[str, ...] = ()
    positional: bool = False
    values: tuple[str, ...] = ()


def _input_option(name: str) -> Option:
    declared = INPUTS[name]
    word = name.replace("_", "-")
    return Option(
        name,
        (f"--{word}",),
        declared.help,
        declared.metavar,
        (option_of(opposite_of(name, declared)),) if declared.negatable else (),
        values=declared.choices,
    )


# Without a command; the last two are Typer's own.
TOP_OPTIONS = (
    Option("version", ("--version",), "Print the version."),
    Option("install_completion", ("--install-completion",), "Complete words in this shell."),
    Option("show_completion", ("--show-completion",), "Print the script that completes words."),
)
HELP = Option("help", ("-h", "--help"), "Show this message and exit.")
REGION = Option(
    "region",
    ("-r", "--region"),
    "us, eu or uk; may be given more than once. Default: RUXCALC_REGION, else all.",
    "REGION",
    values=REGIONS,
)


def _format_option(formats: tuple[str, ...]) -> Option:
    listed = f"{', '.join(formats)}. Default: RUXCALC_FORMAT, else table."
    return Option("format", ("-f", "--format"), listed, "FORMAT", values=formats)


OUTPUT = (
    _format_option(FORMATS),
    Option("json", ("--json",), "Short for -f json."),
    Option(
        "get",
        ("--get",),
        "Print one value of the JSON answer, such as regions.us.findings.",
        "PATH",
    ),
    Option("quiet", ("-q", "--quiet"), "Print nothing; the exit status is the answer."),
    Option("exit_zero", ("--exit-zero",), "Exit with 0 even where a finding would give 3."),
)
EXPLAIN = Option("explain", ("--explain",), "Add each step: formula, numbers, result and source.")
LABEL_ONLY = (
    Option(
        "regions", (), "us, eu, uk; all if left out.", "REGION", positional=True, values=REGIONS
    ),
    Option("diff", ("--diff",), "Only where the labels of these regions differ."),
    Option("facts", ("--facts",), "The cited figures behind the estimates."),
    Option("check", ("--check",), "What was verified when, and what is due again."),
)
ON = Option(
    "on",
    ("--on",),
    "Day on which the age of the facts is judged; today if left out.",
    "DATE",
)


QUIET = next(option for option in OUTPUT if option.name == "quiet")
EXIT_ZERO = next(option for option in OUTPUT if option.name == "exit_zero")
BATCH_ONLY = (
    Option("file", (), "A CSV or NDJSON file, or - for standard input.", "FILE", positional=True),
    Option(
        "format",
        ("-f", "--format"),
        f"{' or '.join(BATCH_FORMATS)}; ndjson if left out.",
        "FORMAT",
        values=BATCH_FORMATS,
    ),
    Option(
        "output", ("-o", "--output"), "Write the answers to this file, whole or not at all.", "FILE"
    ),
    Option(
        "rejects",
        ("--rejects",),
        "Write rejected rows, whole, with their reason to this file.",
        "FILE",
    ),
    Option(
        "delimiter", ("--delimiter",), "Comma, semicolon or tab; found from the header.", "CHAR"
    ),
    Option("jobs", ("--jobs",), "Processes to use; as many as help if left out.", "N"),
)


VASI_ONLY = (
    Option(
        "sites",
        (),
        "A site, its handprints and what is left of depigmentation in percent: face=1@75.",
        "SITE=HANDPRINTS@PCT",
        positional=True,
    ),
    Option(
        "baseline",
        ("--baseline",),
        "The same sites before treatment, in one text: 'face=1@90 trunk=3@100'.",
        "SITES",
    ),
    Option("steps", ("--steps",), "The steps of depigmentation and what they look like."),
)


EVIDENCE_ONLY = (
    Option("endpoint", ("--endpoint",), "Only this endpoint, such as F-VASI75.", "NAME"),
    Option("week", ("--week",), "Only this week, such as 24.", "N"),
)
TRACK_ONLY = (
    Option(
        "file",
        (),
        "The visits of one patient, CSV or NDJSON, or - for standard input: date, repig or score,"
        " bsa, tubes_dispensed, tube_grams, meaningful.",
        "FILE",
        positional=True,
    ),
    _input_option("start")._replace(
        help="Date of the first application, which is day 0; the first visit if left out."
    ),
    _input_option("baseline")._replace(
        help="Score that others are compared with; that on the day of the start if left out."
    ),
    _input_option("measure")._replace(help="What the visits were measured by."),
    _input_option("tube_grams")._replace(
        help="Size of the tubes dispensed, where a visit does not tell it."
    ),
    next(option for option in BATCH_ONLY if option.name == "delimiter"),
)
PLAN_ONLY = (
    Option(
        "case",
        ("--case",),
        "With -f ics: a word that tells two patients' events apart; only its digest is written.",
        "WORD",
    ),
)


def formats_of(command: str) -> tuple[str, ...]:
    """The formats in which `command` answers."""
    if command == "batch":
        return BATCH_FORMATS
    return PLAN_FORMATS if command == "plan" else FORMATS


def options_of(command: str) -> tuple[Option, ...]:
    """The options of `command`, in the order of its help."""
    if command in OPTIONS:
        return OPTIONS[command]
    inputs = tuple(_input_option(name) for name in inputs_of(command))
    return (*inputs, *(() if "on" in inputs_of(command) else (ON,)), REGION, EXPLAIN, *OUTPUT)


# Of the commands that do not take the inputs of a patient and nothing else.
OPTIONS: dict[str, tuple[Option, ...]] = {
    "batch": (
        *BATCH_ONLY,
        ON._replace(help="Date of the visit for rows that have none; today if left out."),
        REGION,
        EXPLAIN,
        QUIET,
        EXIT_ZERO,
    ),
    "vasi": (*VASI_ONLY, ON, REGION, EXPLAIN, *OUTPUT),
    "plan": (
        *(_input_option(name) for name in inputs_of("plan")),
        *PLAN_ONLY,
        REGION,
        EXPLAIN,
        _format_option(PLAN_FORMATS),
        *OUTPUT[1:],
    ),
    "track": (*TRACK_ONLY, ON, REGION, EXPLAIN, *OUTPUT),
    "evidence": (*EVIDENCE_ONLY, ON, REGION, EXPLAIN, *OUTPUT),
    "label": (*LABEL_ONLY, ON, REGION, *OUTPUT),
    "schema": (Option("name", (), "What the schema is of.", "NAME", positional=True),),
    "help": (Option("topic", (), "The list of topics if left out.", "TOPIC", positional=True),),
}
