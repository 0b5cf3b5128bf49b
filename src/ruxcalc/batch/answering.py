"""One row in, one answer out; what is pure is remembered.

An answer is put together from its three parts. Each part depends only on its own
inputs, so that patients who share them share the part and its text.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from ruxcalc.answers import (
    SEVERITIES,
    AssessAnswer,
    CheckAnswer,
    DoseAnswer,
    Severity,
    WarnAnswer,
    gravest,
)
from ruxcalc.api import read_regions
from ruxcalc.batch.rows import Given, Reject, Row
from ruxcalc.errors import InputError
from ruxcalc.inputs import cell_values, json_values
from ruxcalc.labels import load_all
from ruxcalc.labels.model import Region
from ruxcalc.patient import INPUTS, Patient, given_inputs, read_patient
from ruxcalc.render.flat import csv_line, defused, flat_check, flat_dose, flat_last, flat_warn
from ruxcalc.render.ndjson import render_line, render_parts
from ruxcalc.rules.assess import SCHEMA as ASSESS
from ruxcalc.rules.assess import assess
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import check_if_asked
from ruxcalc.rules.dose import dose_if_asked
from ruxcalc.rules.explain import check_steps, dose_steps, warn_steps
from ruxcalc.rules.freshness import due_on, overdue, with_age
from ruxcalc.rules.warn import warn

# Parts of each kind; more would let memory grow with the list. A review is the shortest.
REMEMBERED = 1024
REVIEWS_REMEMBERED = 3072


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
    parts = {
        "dose": _dose(dose_given, regions, wanted),
        "check": _check(check_given, regions, wanted),
        "warn": _warn(warn_given, regions, _facts_are_old(check_given, regions, wanted), wanted),
    }
    found = tuple(map(sum, zip(*(part.found for part in parts.values()), strict=True)))
    notes = tuple(note for part in parts.values() for note in part.notes)
    worst = gravest(part.worst for part in parts.values())
    basis = basis_of(load_all(regions))
    texts = {name: part.text for name, part in parts.items()}
    if wanted.form == "csv":
        last = csv_line(flat_last(notes, basis), wanted.delimiter)
        begin = csv_line(_first_cells(row, worst, wanted), wanted.delimiter)
        return wanted.delimiter.join((begin, *texts.values(), last)) + "\n", found, len(notes)
    inputs = ",".join(part.inputs for part in parts.values() if part.inputs)
    fields = {
        "schema": render_line(ASSESS),
        "inputs": f"{{{inputs}}}",
        "worst": render_line(worst),
        "basis": render_line(basis),
        "notes": render_line(notes),
        **texts,
    }
    # Put together as `assess` does it; a test holds the two to the same answer.
    members = ",".join(f'"{name}":{fields[name]}' for name in AssessAnswer._fields)
    own, passed = render_line(row.id), render_line(dict(row.passed))
    place = f'{{"line":{row.line},"id":{own},"columns":{passed}}}'
    return f'{{"row":{place},{members}}}\n', found, len(notes)


def _first_cells(row: Row, worst: Severity | None, wanted: Wanted) -> list[str]:
    # The columns of a JSON row are its own, so that they share one cell.
    passed = [value for _, value in row.passed] if wanted.csv else [_columns_cell(row)]
    own = [row.line, row.id, *passed, worst]
    return [defused("" if cell is None else _as_cell(cell)) for cell in own]


def _columns_cell(row: Row) -> str:
    return render_line(dict(row.passed)) if row.passed else ""


def _as_cell(value: object) -> str:
    return value if isinstance(value, str) else render_line(value)


Answer = DoseAnswer | CheckAnswer | WarnAnswer | None


class Part(NamedTuple):
    """What is remembered of a part of an answer, in the form that is wanted.

    `inputs` are the members of the JSON object that repeats the inputs, `found` its
    findings by severity.
    """

    inputs: str
    text: str
    worst: Severity | None
    notes: tuple[str, ...]
    found: tuple[int, ...]


def _part(answer: Answer, cells: Callable[[], list[str]], wanted: Wanted) -> Part:
    """The part that an answer is remembered as; `cells` are those of its flat row."""
    if answer is None:
        text = "null" if wanted.form == "ndjson" else csv_line(cells(), wanted.delimiter)
        return Part("", text, None, (), (0,) * len(SEVERITIES))
    inputs = render_line(answer.inputs)[1:-1]
    if wanted.form == "ndjson":
        text = render_parts(answer, {"inputs": f"{{{inputs}}}"})
    else:
        text = csv_line(cells(), wanted.delimiter)
    parts = answer.regions.values()
    severities = [finding.severity for part in parts for finding in part.findings]
    found = tuple(severities.count(severity) for severity in SEVERITIES)
    return Part(inputs, text, answer.worst, answer.notes, found)


@lru_cache(REMEMBERED)
def _dose(given: Given, regions: tuple[Region, ...], wanted: Wanted) -> Part:
    patient, labels = _patient(given, wanted), load_all(regions)
    answer = dose_if_asked(patient, labels)
    if answer is not None and wanted.explain:
        answer = answer._replace(steps=dose_steps(patient, labels, answer))
    return _part(answer, lambda: flat_dose(answer, wanted.columns), wanted)


@lru_cache(REVIEWS_REMEMBERED)
def _check(given: Given, regions: tuple[Region, ...], wanted: Wanted) -> Part:
    patient, labels = _patient(given, wanted), load_all(regions)
    answer = check_if_asked(patient, labels)
    if answer is None:
        part = _part(answer, lambda: flat_check(answer, wanted.columns), wanted)
        return part._replace(inputs=render_line(given_inputs(patient, "check"))[1:-1])
    if wanted.explain:
        answer = answer._replace(steps=check_steps(patient, labels, answer))
    return _part(answer, lambda: flat_check(answer, wanted.columns), wanted)


@lru_cache(REMEMBERED)
def _warn(given: Given, regions: tuple[Region, ...], old: date | None, wanted: Wanted) -> Part:
    labels = load_all(regions)
    answer = warn(_patient(given, wanted), labels)
    if wanted.explain:
        answer = answer._replace(steps=warn_steps(labels, answer))
    if old is not None:
        answer = with_age(answer, labels, old)
    return _part(answer, lambda: flat_warn(answer, wanted.columns), wanted)


def _facts_are_old(given: Given, regions: tuple[Region, ...], wanted: Wanted) -> date | None:
    """A day on which the same labels are overdue as on that of the row; None where none is.

    The day of the row is a date: its review was read before.
    """
    day = date.fromisoformat(str(dict(given).get("on", wanted.today)))
    old = overdue(load_all(regions), day)
    return max(due_on(label.verified_on) for label in old) + timedelta(days=1) if old else None


def share_remembered() -> float:
    """The share of the parts asked for so far that were remembered."""
    counts = [part.cache_info() for part in (_dose, _check, _warn)]
    asked = sum(count.hits + count.misses for count in counts)
    return sum(count.hits for count in counts) / asked if asked else 0.0


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
