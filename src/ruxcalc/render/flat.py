"""One flat row for each patient: the fields of a list, for CSV and NDJSON alike.

`FIELDS` is the one statement of their names, order, kinds and meanings; the code below says
where each value comes from. The columns that passed through stand behind `id`.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii as encode_text
from typing import Literal, NamedTuple

from ruxcalc.numbers import plain_text, settled
from ruxcalc.render.json import json_line, scalar_text
from ruxcalc.results import Basis, Finding, Severity, Verdict, gravest, worst_first, worst_verdict
from ruxcalc.rules.assess import verdict_of_parts
from ruxcalc.rules.check import JudgedCheck, JudgedReview
from ruxcalc.rules.limits import JudgedDose, JudgedRegion
from ruxcalc.rules.warn import WarnRegion

Section = Literal["row", "result", "dose", "check", "warn", "basis"]
# Codes and sentences are lists in NDJSON. In a CSV cell, codes are joined by `;`.
FieldKind = Literal["text", "number", "whole", "yes-no", "codes", "sentences", "any"]


class Field(NamedTuple):
    """One field of the flat row: where it stands, its name, what it holds and what it means.

    A field `by_region` is there for each region, as `us_verdict`, `eu_verdict`, `uk_verdict`.
    """

    section: Section
    name: str
    by_region: bool
    kind: FieldKind
    meaning: str


FIELDS: tuple[Field, ...] = (
    Field("row", "line", False, "whole", "Line of the list on which the row begins."),
    Field("row", "id", False, "any", "Name of the row, as the list has it."),
    Field("result", "verdict", False, "text", "Worst verdict of the regions."),
    Field("result", "worst", False, "text", "Gravest severity of a finding; empty without one."),
    Field("result", "not_answered", False, "sentences", "What could not be answered, and why."),
    Field(
        "result", "all_others_no", False, "yes-no",
        "All other items were declared absent.",
    ),
    Field("result", "verdict", True, "text", "Verdict by this label."),
    Field("result", "contraindicated", True, "yes-no", "This label contraindicates the cream."),
    Field("result", "findings", True, "codes", "Findings by this label, worst first."),
    Field("dose", "bsa_percent", False, "number", "Treated area, % of body surface."),
    Field("dose", "grams_per_application", False, "number", "Estimated cream, g per application."),
    Field(
        "dose", "fingertip_units_per_application", False, "number",
        "The same in fingertip units.",
    ),
    Field("dose", "grams_per_week", False, "number", "Estimated cream, g per week."),
    Field(
        "dose", "within_label", True, "yes-no",
        "Area and amount are within this label; empty where the area is not known.",
    ),
    Field(
        "dose", "tubes", True, "text",
        "Tubes for the supply period, of the sizes whose cap the use stays within.",
    ),
    Field("check", "week", False, "number", "Completed weeks of treatment."),
    Field("check", "repigmentation_percent", False, "number", "Repigmentation, %; not by site."),
    Field("check", "decision", True, "text", "What this label's review asks for."),
    Field("warn", "not_checked", True, "codes", "Topics of this label that were not asked."),
    Field("warn", "silent", True, "codes", "Topics that were given, unmentioned by this label."),
    Field("warn", "not_read", True, "codes", "Topics on which this label was not read."),
    Field("basis", "notes", False, "sentences", "Notes on unusual values."),
    Field("basis", "editions", False, "text", "Label editions used, by region."),
    Field("basis", "facts_verified", False, "text", "Day on which the facts were last verified."),
    Field("basis", "caution", False, "text", "What the answer is not."),
)  # fmt: skip

IDENTITY = tuple(field.name for field in FIELDS if field.section == "row")


@lru_cache
def names_of(section: Section, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the fields of one section, those of each region together."""
    fields = [field for field in FIELDS if field.section == section]
    return (
        *(field.name for field in fields if not field.by_region),
        *(f"{region}_{field.name}" for region in regions for field in fields if field.by_region),
    )


SECTIONS: tuple[Section, ...] = ("result", "dose", "check", "warn", "basis")


def own_names(regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all fields but those that pass through."""
    return (*IDENTITY, *(name for part in SECTIONS for name in names_of(part, regions)))


def passed_names(passed: Sequence[str], own: Iterable[str]) -> tuple[str, ...]:
    """Return names under which columns pass through; no two fields of a row share one.

    A column that is called like one of ours, or like another column once that has been renamed,
    has `input_` before its name.
    """
    ours, theirs = set(own), set(passed)
    new_names: dict[str, None] = {}
    for name in passed:
        new = name
        while new in ours or new in new_names or (new != name and new in theirs):
            new = f"input_{new}"
        new_names[new] = None
    return tuple(new_names)


# ---- What the parts of an answer say, as far as a flat row holds it ----


class Noted(NamedTuple):
    """A finding by its code and severity."""

    code: str
    severity: Severity


# A list has few of them, many times.
_noted = lru_cache(Noted)


class RegionResult(NamedTuple):
    """What one label says, of a part or of the whole."""

    region: str
    verdict: Verdict
    contraindicated: bool
    findings: tuple[Noted, ...]


class Result(NamedTuple):
    """What a part of an answer, or the whole, comes to.

    `not_answered` are the findings that a part is not answered, `reasons` say why.
    """

    regions: tuple[RegionResult, ...]
    not_answered: tuple[Noted, ...] = ()
    reasons: tuple[str, ...] = ()
    all_others_no: bool = False

    @property
    def findings(self) -> tuple[Noted, ...]:
        """Return all findings, those of no region first."""
        return (*self.not_answered, *(found for part in self.regions for found in part.findings))

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict of the regions."""
        return worst_verdict(part.verdict for part in self.regions)


def result_of(
    regions: Mapping[str, JudgedRegion | JudgedReview | WarnRegion], *, all_others_no: bool = False
) -> Result:
    """Return what a part of an answer comes to, by region."""
    return Result(
        tuple(
            [
                RegionResult(
                    region,
                    part.verdict,
                    isinstance(part, WarnRegion) and part.contraindicated,
                    tuple([_noted(found.code, found.severity) for found in part.findings]),
                )
                for region, part in regions.items()
            ]
        ),
        all_others_no=all_others_no,
    )


def result_of_none(reasons: Iterable[Finding]) -> Result:
    """Return what a part comes to that was not asked for, or is not answered for these reasons."""
    found = tuple(reasons)
    return Result(
        (),
        tuple(Noted(reason.code, reason.severity) for reason in found),
        tuple(reason.message for reason in found),
    )


def whole_result(others: Sequence[Result], precautions: Result) -> Result:
    """Return what dose and response, which are `others`, and the precautions come to together."""
    not_answered = any(other.not_answered for other in others)
    regions = []
    for part in precautions.regions:
        of = [same for other in others for same in other.regions if same.region == part.region]
        regions.append(
            RegionResult(
                part.region,
                verdict_of_parts(
                    (same.verdict for same in of), part.verdict, not_answered=not_answered
                ),
                part.contraindicated,
                worst_first(found for same in (*of, part) for found in same.findings),
            )
        )
    return Result(
        tuple(regions),
        tuple(reason for part in others for reason in part.not_answered),
        tuple(reason for part in others for reason in part.reasons),
        precautions.all_others_no,
    )


class Sentences(tuple[str, ...]):
    """Some sentences; in a CSV cell they follow each other."""

    __slots__ = ()


# ---- The values of each section, in the order of `names_of` ----


def result_values(result: Result, regions: tuple[str, ...]) -> list[object]:
    """Return the values of the section `result`."""
    values: list[object] = [
        result.verdict,
        gravest(found.severity for found in result.findings),
        Sentences(result.reasons),
        result.all_others_no,
    ]
    by_region = {part.region: part for part in result.regions}
    for region in regions:
        part = by_region.get(region)
        values += (
            (None, None, None)
            if part is None
            else (part.verdict, part.contraindicated, tuple(found.code for found in part.findings))
        )
    return values


def dose_values(judged: JudgedDose | None, regions: tuple[str, ...]) -> list[object]:
    """Return the values of the section `dose`."""
    if judged is None:
        return [None] * len(names_of("dose", regions))
    amount, by_label, _ = judged
    use = (amount.per_application.grams, amount.units, amount.per_week)
    values: list[object] = [amount.area, *map(settled, use)]
    for region in regions:
        part = by_label.get(region)
        values += (None, None) if part is None else (part.within_label, _tubes(part))
    return values


def _tubes(part: JudgedRegion) -> str | None:
    """Return the tubes of the sizes whose cap the use stays within; None where there is none."""
    sizes = [size for size in part.sizes if size.within_dispensing]
    return " or ".join([f"{size.tubes} x {size.cap.tube_grams!s} g" for size in sizes]) or None


def check_values(judged: JudgedCheck | None, regions: tuple[str, ...]) -> list[object]:
    """Return the values of the section `check`."""
    if judged is None:
        return [None] * len(names_of("check", regions))
    response, by_label, _ = judged
    parts = [by_label.get(region) for region in regions]
    decisions = [None if part is None else part.decision for part in parts]
    return [response.week, response.overall, *decisions]


def warn_values(parts: Mapping[str, WarnRegion], regions: tuple[str, ...]) -> list[object]:
    """Return the values of the section `warn`."""
    values: list[object] = []
    for region in regions:
        part = parts.get(region)
        values += (
            (None, None, None) if part is None else (part.not_checked, part.silent, part.not_read)
        )
    return values


def basis_values(notes: tuple[str, ...], basis: Basis) -> list[object]:
    """Return the values of the section `basis`."""
    editions = "; ".join(f"{edition.name} {edition.edition}" for edition in basis.editions.values())
    return [Sentences(notes), editions, basis.facts_verified.isoformat(), basis.caution]


# ---- How a row is written ----


def csv_cell(value: object) -> str:
    """Return a value as a cell: nothing for null, a list joined, a number in full, or text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Sentences):
        return " ".join(value)
    if type(value) is tuple:  # of codes
        return ";".join(value)
    return scalar_text(value) or json_line(value)


class CsvForm:
    """Writes rows of CSV, a section at a time."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._lines: list[str] = []
        taking = _Taking(self._lines.append)
        # A cell with either half of this line end in it is quoted.
        self._writer = csv.writer(taking, delimiter=delimiter, lineterminator="\r\n")

    def section(self, _: Sequence[str], values: Iterable[object]) -> str:
        """Return some cells; those that a spreadsheet would run are defused."""
        self._writer.writerow([defused(csv_cell(value)) for value in values])
        return self._lines.pop()[:-2]

    def row(self, sections: Iterable[str]) -> str:
        """Return a whole row."""
        return self._delimiter.join(sections) + "\n"


class _Taking(NamedTuple):
    """What the CSV writer writes to."""

    write: Callable[[str], object]


# Most values of a flat row are of these types; any other is written as the JSON format does.
WRITERS: dict[type, Callable[..., str]] = {
    str: encode_text,
    Decimal: plain_text,
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: str,
    tuple: lru_cache(1024)(json_line),  # of codes: a list has the same ones many times
}


@lru_cache
def _members(names: tuple[str, ...]) -> str:
    """Return the members of a JSON object, with a place for the text of each value."""
    return ",".join(encode_text(name).replace("%", "%%") + ":%s" for name in names)


class NdjsonForm:
    """Writes rows of NDJSON, a section at a time."""

    def section(self, names: Sequence[str], values: Iterable[object]) -> str:
        """Return the members of one section."""
        written = [WRITERS.get(type(value), json_line)(value) for value in values]
        return _members(tuple(names)) % tuple(written)

    def row(self, sections: Iterable[str]) -> str:
        """Return a whole row."""
        return "{" + ",".join(sections) + "}\n"


# ---- What a spreadsheet would run ----

FORMULA_SIGNS = "=+-@"
# The same as full-width and small letters, which some programs read as the plain ones.
WIDE_SIGNS = "\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
BREAKS = "\t\r\n"


def defused(cell: str) -> str:
    """Return `cell` with an apostrophe before it where a spreadsheet would run it.

    A number stays one. Blanks and characters that do not print hide nothing.
    """
    first = cell[:1]
    if first.isalnum() or not first:
        return cell
    if first in BREAKS:
        return f"'{cell}"
    start = next(
        (place for place, mark in enumerate(cell) if mark.isprintable() and not mark.isspace()),
        len(cell),
    )
    sign = cell[start : start + 1]
    if not sign or sign not in FORMULA_SIGNS + WIDE_SIGNS:
        return cell
    whole, _, fraction = cell[start:].removeprefix("-").partition(".")
    number = (whole + fraction).isascii() and whole.isdigit() and (fraction or "0").isdigit()
    return cell if number else f"'{cell}"
