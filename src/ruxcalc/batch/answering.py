"""One row in, one answer out; what is pure is remembered.

An answer is put together from its three parts. Each part depends only on its own
inputs, so that patients who share them share the part and its text.
"""

from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from ruxcalc.answers import (
    SEVERITIES,
    AssessAnswer,
    CheckAnswer,
    DoseAnswer,
    WarnAnswer,
)
from ruxcalc.api import read_regions
from ruxcalc.batch.rows import Given, Reject, Row
from ruxcalc.errors import InputError
from ruxcalc.inputs import cell_values, json_values
from ruxcalc.labels import load_all
from ruxcalc.labels.model import Region
from ruxcalc.patient import INPUTS, Patient, read_patient
from ruxcalc.render.flat import csv_line, defused, flat_check, flat_dose, flat_last, flat_warn
from ruxcalc.render.ndjson import render_line, render_parts
from ruxcalc.rules.assess import assess, check_if_asked, dose_if_asked, together
from ruxcalc.rules.explain import check_steps, dose_steps, warn_steps
from ruxcalc.rules.warn import warn

# Parts of each kind; more would let memory grow with the list. A review is the shortest.
REMEMBERED = 512
REVIEWS_REMEMBERED = 1024


class Wanted(NamedTuple):
    """How a list is to be answered.

    `columns` are the regions of a CSV answer, `csv` says that the list itself is CSV,
    and `today` stands in for a visit without a date.
    """

    regions: tuple[Region, ...]
    columns: tuple[Region, ...]
    form: str
    delimiter: str
    explain: bool
    csv: bool
    today: str


class Answered(NamedTuple):
    """What became of some rows: the text of the answers, the rejects, and what was found."""

    text: str
    rejects: tuple[Reject, ...]
    rows: int
    severities: tuple[int, ...]
    notes: int


def answer_rows(rows: list[Row | Reject], wanted: Wanted) -> Answered:
    """Answer `rows` in their order."""
    texts: list[str] = []
    rejects: list[Reject] = []
    severities = [0] * len(SEVERITIES)
    notes = 0
    for row in rows:
        if isinstance(row, Reject):
            rejects.append(row)
            continue
        try:
            text, found, remarks = _answer_row(row, wanted)
        except InputError:
            error = _refusal(row, wanted)
            reason = str(error).removeprefix(f"{error.field}: ")
            rejects.append(Reject(row.line, error.field, reason, row.text))
            continue
        texts.append(text)
        notes += remarks
        for number, count in enumerate(found):
            severities[number] += count
    return Answered("".join(texts), tuple(rejects), len(rows), tuple(severities), notes)


def _answer_row(row: Row, wanted: Wanted) -> tuple[str, tuple[int, ...], int]:
    regions = wanted.regions if row.region is None else _regions(row.region)
    dose_given, check_given, warn_given = row.given
    dose = _dose(dose_given, regions, wanted)
    check = _check(check_given, regions, wanted)
    look_out = _warn(warn_given, regions, wanted)
    answer = together(dose.answer, check.answer, look_out.answer, load_all(regions))
    found = tuple(map(sum, zip(dose.found, check.found, look_out.found, strict=True)))
    texts = {"dose": dose.text, "check": check.text, "warn": look_out.text}
    if wanted.form == "csv":
        text = _csv_line(row, answer, texts, wanted)
    else:
        members = ",".join(filter(None, (dose.inputs, check.inputs, look_out.inputs)))
        text = _json_line(row, answer, {"inputs": f"{{{members}}}", **texts})
    return text, found, len(answer.notes)


def _json_line(row: Row, answer: AssessAnswer, known: dict[str, str]) -> str:
    place = (
        f'"line":{row.line},"id":{render_line(row.id)},"columns":{render_line(dict(row.passed))}'
    )
    return f'{{"row":{{{place}}},{render_parts(answer, known)[1:]}\n'


def _csv_line(row: Row, answer: AssessAnswer, texts: dict[str, str], wanted: Wanted) -> str:
    # The columns of a JSON row are its own, so that they share one cell.
    passed = [value for _, value in row.passed] if wanted.csv else [_columns_cell(row)]
    own = [row.line, row.id, *passed, answer.worst]
    begin = csv_line(
        [defused("" if cell is None else _as_cell(cell)) for cell in own], wanted.delimiter
    )
    end = csv_line(flat_last(answer), wanted.delimiter)
    return wanted.delimiter.join((begin, *texts.values(), end)) + "\n"


def _columns_cell(row: Row) -> str:
    return render_line(dict(row.passed)) if row.passed else ""


def _as_cell(value: object) -> str:
    return value if isinstance(value, str) else render_line(value)


A = TypeVar("A", DoseAnswer | None, CheckAnswer | None, WarnAnswer)


class Part(NamedTuple, Generic[A]):
    """A part of an answer, its texts in the form that is wanted, and its findings by severity.

    `inputs` are the members of the JSON object that repeats the inputs.
    """

    answer: A
    inputs: str
    text: str
    found: tuple[int, ...]


@lru_cache(REMEMBERED)
def _dose(given: Given, regions: tuple[Region, ...], wanted: Wanted) -> Part[DoseAnswer | None]:
    patient, labels = _patient(given, wanted), load_all(regions)
    answer = dose_if_asked(patient, labels)
    if answer is not None and wanted.explain:
        answer = answer._replace(steps=dose_steps(patient, labels, answer))
    inputs = _inputs(answer)
    text = _text(answer, inputs, wanted) or _cells(flat_dose(answer, wanted.columns), wanted)
    return Part(answer, inputs, text, _found(answer))


@lru_cache(REVIEWS_REMEMBERED)
def _check(given: Given, regions: tuple[Region, ...], wanted: Wanted) -> Part[CheckAnswer | None]:
    patient, labels = _patient(given, wanted), load_all(regions)
    answer = check_if_asked(patient, labels)
    if answer is not None and wanted.explain:
        answer = answer._replace(steps=check_steps(patient, labels, answer))
    inputs = _inputs(answer)
    text = _text(answer, inputs, wanted) or _cells(flat_check(answer, wanted.columns), wanted)
    return Part(answer, inputs, text, _found(answer))


@lru_cache(REMEMBERED)
def _warn(given: Given, regions: tuple[Region, ...], wanted: Wanted) -> Part[WarnAnswer]:
    labels = load_all(regions)
    answer = warn(_patient(given, wanted), labels)
    if wanted.explain:
        answer = answer._replace(steps=warn_steps(labels, answer))
    inputs = _inputs(answer)
    text = _text(answer, inputs, wanted) or _cells(flat_warn(answer, wanted.columns), wanted)
    return Part(answer, inputs, text, _found(answer))


def share_remembered() -> float:
    """The share of the parts asked for so far that were remembered."""
    counts = [part.cache_info() for part in (_dose, _check, _warn)]
    asked = sum(count.hits + count.misses for count in counts)
    return sum(count.hits for count in counts) / asked if asked else 0.0


def _text(answer: DoseAnswer | CheckAnswer | WarnAnswer | None, inputs: str, wanted: Wanted) -> str:
    """The part as JSON; empty where cells are wanted."""
    if wanted.form != "ndjson":
        return ""
    return "null" if answer is None else render_parts(answer, {"inputs": f"{{{inputs}}}"})


def _inputs(answer: DoseAnswer | CheckAnswer | WarnAnswer | None) -> str:
    return "" if answer is None else render_line(answer.inputs)[1:-1]


def _cells(cells: list[str], wanted: Wanted) -> str:
    return csv_line(cells, wanted.delimiter)


def _found(answer: DoseAnswer | CheckAnswer | WarnAnswer | None) -> tuple[int, ...]:
    if answer is None:
        return (0,) * len(SEVERITIES)
    parts = answer.regions.values()
    found = [finding.severity for part in parts for finding in part.findings]
    return tuple(found.count(severity) for severity in SEVERITIES)


def _patient(given: Given, wanted: Wanted) -> Patient:
    values = {
        name: cell_values(INPUTS[name], value)
        if wanted.csv and isinstance(value, str)
        else json_values(INPUTS[name], value)
        for name, value in given
    }
    if "start" in values and "on" not in values:
        values["on"] = (wanted.today,)
    return read_patient(values)


def _regions(named: object) -> tuple[Region, ...]:
    several = named if isinstance(named, tuple) else (named,)
    return read_regions([str(region).replace(";", ",") for region in several])


def _refusal(row: Row, wanted: Wanted) -> InputError:
    """The error that the same patient meets at the command line, whose reading is in one go."""
    try:
        regions = wanted.regions if row.region is None else _regions(row.region)
        everything = tuple(pair for given in row.given for pair in given)
        assess(_patient(everything, wanted), load_all(regions))
    except InputError as error:
        return error
    raise AssertionError(row)
