"""The formats of an answer: which module writes each, and which commands have it.

A new format is one module and one row here.
"""

from importlib import import_module
from typing import Literal, NamedTuple

Color = Literal["auto", "always", "never"]
COLORS: tuple[Color, ...] = ("auto", "always", "never")

PATIENT = ("dose", "check", "warn", "assess", "ask")
REFERENCE = ("vasi", "plan", "track", "evidence", "label")


class View(NamedTuple):
    """How an answer is to be shown.

    Attributes:
        full: show everything, where a format folds what is less urgent.
        color: whether colour is used; `auto` leaves it to the terminal.
        case: a word that tells the calendars of two patients apart.

    """

    full: bool = False
    color: Color = "auto"
    case: str = ""


class Format(NamedTuple):
    """One format: the function that writes it, the parts of a `View` it takes, its commands."""

    module: str
    function: str
    takes: tuple[str, ...]
    commands: tuple[str, ...]


FORMATS: dict[str, Format] = {
    "table": Format(
        "ruxcalc.render.table",
        "render_table",
        ("full", "color"),
        (*PATIENT, *REFERENCE, "handout", "batch"),
    ),
    "json": Format("ruxcalc.render.json", "render_json", (), (*PATIENT, *REFERENCE, "handout")),
    "note": Format("ruxcalc.render.note", "render_note", ("full",), (*PATIENT, *REFERENCE)),
    "markdown": Format(
        "ruxcalc.render.markdown",
        "render_markdown",
        ("full",),
        (*PATIENT, *REFERENCE, "handout"),
    ),
    "html": Format(
        "ruxcalc.render.html", "render_html", ("full",), (*PATIENT, *REFERENCE, "handout")
    ),
    "ics": Format("ruxcalc.render.ics", "render_ics", ("case",), ("plan",)),
    # These two are written row by row by `ruxcalc.batch`.
    "ndjson": Format("", "", (), ("batch",)),
    "csv": Format("", "", (), ("batch",)),
}


# An answer that is laid out in a way of its own.
OWN: dict[tuple[str, str], tuple[str, str]] = {
    ("handout", "table"): ("ruxcalc.render.handout", "render_handout_table"),
    ("handout", "markdown"): ("ruxcalc.render.handout", "render_handout_markdown"),
    ("handout", "html"): ("ruxcalc.render.handout", "render_handout_html"),
}


def formats_of(command: str) -> tuple[str, ...]:
    """Return the formats of a command; the first is the default."""
    names = tuple(name for name, row in FORMATS.items() if command in row.commands)
    return ("ndjson", *(name for name in names if name != "ndjson")) if "ndjson" in names else names


def render(command: str, answer: object, name: str, view: View) -> str:
    """Return the answer of a command in a format. Each format loads only its own module."""
    row = FORMATS[name]
    module, function = OWN.get((command, name), (row.module, row.function))
    parts = {} if (command, name) in OWN else {part: getattr(view, part) for part in row.takes}
    text: str = getattr(import_module(module), function)(answer, **parts)
    return text
