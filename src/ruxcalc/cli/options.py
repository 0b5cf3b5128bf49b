"""The options of each command, as plain records.

The options of an input come from its declaration in `ruxcalc.patient`, those that commands share
are declared here. Two readers use them: `ruxcalc.cli.fast`, which reads what scripts send, and
`ruxcalc.cli.app`, where Typer reads everything. Both hand on the same `Raw`, and a test holds the
two to the same options.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ruxcalc.errors import option_of
from ruxcalc.inputs import Input, opposite_of
from ruxcalc.labels import REGIONS
from ruxcalc.patient import INPUTS, inputs_of
from ruxcalc.render.formats import COLORS, formats_of

# What was typed: for each option the values in their order, True for a switch, False for a no.
Raw = Mapping[str, Sequence[str | bool]]

OUTPUT = "Output"


class Option(NamedTuple):
    """One option, or with `positional` one argument without a name.

    Attributes:
        name: the key under which its values are handed on.
        on: the spellings that give it.
        help: one line of help.
        metavar: what stands for its value; an option without one takes no value.
        off: the spellings that say no.
        positional: whether it is an argument without a name.
        panel: the heading under which help shows it.
        words: the values that a shell completes.

    """

    name: str
    on: tuple[str, ...]
    help: str
    metavar: str = ""
    off: tuple[str, ...] = ()
    positional: bool = False
    panel: str = OUTPUT
    words: tuple[str, ...] = ()


def input_option(name: str) -> Option:
    """Return the option of one input of the patient."""
    declared: Input = INPUTS[name]
    return Option(
        name,
        (option_of(name),),
        declared.help,
        declared.metavar,
        (option_of(opposite_of(name, declared)),) if declared.negatable else (),
        panel=declared.panel,
        words=declared.choices,
    )


def _format(command: str) -> Option:
    names = formats_of(command)
    default = "ndjson if left out." if command == "batch" else "Default: RUXCALC_FORMAT, or table."
    listed = f"{', '.join(names[:-1])} or {names[-1]}. {default}"
    return Option("format", ("-f", "--format"), listed, "FORMAT", words=names)


REGION = Option(
    "region",
    ("-r", "--region"),
    f"{', '.join(REGIONS[:-1])} or {REGIONS[-1]}; several with commas. Default: RUXCALC_REGION,"
    " or all.",
    "REGION",
    words=REGIONS,
)
JSON = Option("json", ("--json",), "Short for -f json.")
GET = Option("get", ("--get",), "Print one value of the JSON answer: use.grams_per_week.", "PATH")
QUIET = Option("quiet", ("-q", "--quiet"), "Print nothing; the exit status is the answer.")
EXIT_ZERO = Option("exit_zero", ("--exit-zero",), "Exit with 0 where a finding would give 3.")
FULL = Option("full", ("--full",), "Show everything that is folded.")
COLOR = Option(
    "color",
    ("--color",),
    "auto, always or never; auto is colour on a terminal only.",
    "WHEN",
    words=COLORS,
)
EXPLAIN = Option("explain", ("--explain",), "Add each step: formula, numbers, result, source.")
ON = Option(
    "on",
    ("--on",),
    "Day on which the age of the facts is judged; today if left out.",
    "DATE",
    panel="Visits and dates",
)
FILE = "FILE"
DELIMITER = Option(
    "delimiter", ("--delimiter",), "Comma, semicolon or tab; found from the header.", "CHAR"
)
ALL_OTHERS_NO = input_option("all_others_no")
REGIONS_AND_TOPICS = Option(
    "words",
    (),
    "us, eu or uk, then topics such as storage; everything if left out.",
    "REGION|TOPIC",
    positional=True,
)
SITES = Option(
    "sites",
    (),
    "A site, its handprints, and how much depigmentation is left: face=1@75.",
    "SITE=HANDPRINTS@PCT",
    positional=True,
)


def _of_inputs(command: str, *more: Option) -> tuple[Option, ...]:
    names = inputs_of(command)
    day = () if "on" in names else (ON,)
    return (*map(input_option, names), *more, *day, REGION)


FHIR = Option(
    "fhir", ("--fhir",), "A FHIR R4 QuestionnaireResponse instead of options, or -.", FILE
)
CASE = Option(
    "case",
    ("--case",),
    "With -f ics: a word that tells two patients apart; only its digest is written.",
    "WORD",
)
LIST = Option("file", (), "A CSV or NDJSON file, or - for standard input.", FILE, positional=True)
OF_BATCH = (
    LIST,
    Option(
        "output", ("-o", "--output"), "Write the answers to this file, whole or not at all.", FILE
    ),
    Option(
        "rejects",
        ("--rejects",),
        "Write rejected rows, whole, with their reason to this file.",
        FILE,
    ),
    DELIMITER,
    Option(
        "decimal", ("--decimal",), "The decimal mark of the list: . or ,", "CHAR", words=(".", ",")
    ),
    Option(
        "dates",
        ("--dates",),
        "The order of dates in the list: ymd, dmy or mdy.",
        "ORDER",
        words=("ymd", "dmy", "mdy"),
    ),
    ON._replace(help="Date of the visit for rows that have none; today if left out."),
    ALL_OTHERS_NO,
    REGION,
    EXPLAIN,
    FULL._replace(help="Write the whole answer of assess for each row, as NDJSON."),
    COLOR,
    QUIET,
    EXIT_ZERO,
)
OF_VASI = (
    SITES,
    Option(
        "baseline",
        ("--baseline",),
        "The same sites before treatment, in one text: 'face=1@90 trunk=3@100'.",
        "SITES",
        panel="Response",
    ),
    Option(
        "steps",
        ("--steps",),
        "Show the steps of depigmentation, and what they mean.",
        panel="Response",
    ),
    ON,
    REGION,
    EXPLAIN,
)
OF_TRACK = (
    LIST._replace(
        help="The visits of one patient, CSV or NDJSON, or -: date, repig or score, bsa,"
        " tubes_dispensed, tube_grams, meaningful."
    ),
    input_option("start")._replace(
        help="Date of the first application, which is day 0; the first visit if left out."
    ),
    input_option("baseline")._replace(
        help="Score before treatment; that on the day of the start if left out."
    ),
    input_option("measure")._replace(help="What the visits were measured by."),
    input_option("tube_grams")._replace(
        help="Size of the tubes dispensed, where a visit does not say it."
    ),
    DELIMITER,
    ON,
    REGION,
    EXPLAIN,
)
OF_EVIDENCE = (
    Option(
        "endpoint",
        ("--endpoint",),
        "Only this endpoint, such as F-VASI75.",
        "NAME",
        panel="Response",
    ),
    Option("week", ("--week",), "Only this week, such as 24.", "N", panel="Response"),
    ON,
    REGION,
    EXPLAIN,
)
OF_LABEL = (
    REGIONS_AND_TOPICS,
    Option("diff", ("--diff",), "Show only where these labels differ.", panel="Label"),
    Option("facts", ("--facts",), "Show the cited figures behind the estimates.", panel="Label"),
    Option(
        "check", ("--check",), "Show what was verified when, and what is due again.", panel="Label"
    ),
    ON,
    REGION,
)
OF_SCHEMA = (
    Option("name", (), "A command, input, batch or questionnaire.", "NAME", positional=True),
    REGION,
)
OF_HELP = (
    Option(
        "topic",
        (),
        "A topic or a command; the list of topics if left out.",
        "TOPIC",
        positional=True,
    ),
)


def _answered(command: str, *more: Option) -> tuple[Option, ...]:
    return (*more, _format(command), JSON, GET, QUIET, EXIT_ZERO, FULL, COLOR)


# The options of each command in the order of its help, put together where the command is used.
_OPTIONS: dict[str, Callable[[], tuple[Option, ...]]] = {
    "dose": lambda: _answered("dose", *_of_inputs("dose"), EXPLAIN),
    "check": lambda: _answered("check", *_of_inputs("check"), EXPLAIN),
    "warn": lambda: _answered("warn", *_of_inputs("warn"), EXPLAIN),
    "assess": lambda: _answered("assess", *_of_inputs("assess", FHIR), EXPLAIN),
    "ask": lambda: _answered("ask", REGION, EXPLAIN),
    "batch": lambda: (OF_BATCH[0], _format("batch"), *OF_BATCH[1:]),
    "vasi": lambda: _answered("vasi", *OF_VASI),
    "plan": lambda: _answered("plan", *_of_inputs("plan", CASE), EXPLAIN),
    "track": lambda: _answered("track", *OF_TRACK),
    "handout": lambda: _answered("handout", *_of_inputs("handout")),
    "evidence": lambda: _answered("evidence", *OF_EVIDENCE),
    "label": lambda: _answered("label", *OF_LABEL),
    "schema": lambda: OF_SCHEMA,
    "help": lambda: OF_HELP,
}
COMMANDS: tuple[str, ...] = tuple(_OPTIONS)


@cache
def options_of(command: str) -> tuple[Option, ...]:
    """Return the options and arguments of a command, in the order of its help."""
    return _OPTIONS[command]()


def option_named(command: str, name: str) -> Option:
    """Return the option of a command whose values are handed on under `name`."""
    return next(option for option in options_of(command) if option.name == name)


def spellings_of(options: Iterable[Option]) -> dict[str, tuple[Option, bool]]:
    """Return every spelling of `options`, and whether it gives the option or says no."""
    return {
        spelling: (option, on)
        for option in options
        for on in (True, False)
        for spelling in (option.on if on else option.off)
    }


def command_words(command: str, raw: Raw) -> list[str]:
    """Return the words of a command line that says the same as `raw`, without `ruxcalc`."""
    words = [command]
    for option in options_of(command):
        for value in raw.get(option.name, ()):
            if value is True:
                words.append(option.on[-1])
            elif value is False:
                words.append(option.off[-1])
            elif option.positional:
                words.append(value)
            else:
                joined = value.startswith("-") and value != "-"
                words += [f"{option.on[-1]}={value}"] if joined else [option.on[-1], value]
    return words


def command_line(words: Iterable[str]) -> str:
    """Return a command line that a shell reads as `words`, with `ruxcalc` before them."""
    import shlex

    return shlex.join(["ruxcalc", *words])
