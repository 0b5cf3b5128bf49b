"""The visits of one patient: read from the rows of a list, completed by what all have in common.

Without a start the first visit is the first application; without a baseline the score on that day
is the baseline. A score is compared within its own measure only.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import read_input
from ruxcalc.numbers import plain_text
from ruxcalc.patient import INPUTS, Patient, read_patient, unusual_inputs


class VisitRow(NamedTuple):
    """A visit as it was written: its line, and the patient on that day."""

    line: int
    patient: Patient

    @property
    def day(self) -> date:
        """Return the day of the visit."""
        assert self.patient.on is not None
        return self.patient.on


class UnreadRow(NamedTuple):
    """A row that could not be read as a visit; `day` is its date, where that could be read."""

    line: int
    column: str
    reason: str
    day: date | None


def read_visit(line: int, values: Mapping[str, Sequence[object]]) -> VisitRow | UnreadRow:
    """Read a visit from the values that came for each of its fields, or say why it cannot be read.

    Its day is called `date` in a list, and `on` in the patient.
    """
    given = {"on" if name == "date" else name: came for name, came in values.items()}
    day: date | None = None
    try:
        read = read_input("date", INPUTS["on"], given.get("on", ()))
        assert isinstance(read, date)
        day = read
        return VisitRow(line, read_patient(given))
    except InputError as error:
        return UnreadRow(line, error.field, error.reason, day)


class Series(NamedTuple):
    """What holds for all visits, the lines of each day, and the measure of the baseline.

    `latest` is the day of the last row, read or not, `seen_on` that of the answer.
    """

    common: Patient
    start: date
    lines: Mapping[date, Sequence[int]]
    measure: str | None
    latest: date
    seen_on: date


def series_of(rows: Sequence[VisitRow | UnreadRow], common: Patient, day: date) -> Series:
    """Return what holds for all visits, seen on `day`.

    `common` holds what was given for all of them. Raises `InputError` where the start is not sure.
    """
    start = common.start or _first_day(rows)
    baseline = common.baseline or _first_score(rows, start)
    lines: dict[date, list[int]] = {}
    for row in rows:
        if row.day is not None:
            lines.setdefault(row.day, []).append(row.line)
    return Series(
        common._replace(start=start, baseline=baseline),
        start,
        lines,
        _measure_of_scores(rows, common),
        max(lines, default=start),
        day,
    )


def _first_day(rows: Sequence[VisitRow | UnreadRow]) -> date:
    """Return the day of the first visit.

    Raises `InputError` where there is none, or the date of a row cannot be read.
    """
    if not rows:
        raise InputError("visits", "are missing", "one visit or more")
    for row in rows:
        if isinstance(row, UnreadRow) and row.day is None:
            reason = row.reason.rstrip(".")
            raise InputError(
                "start",
                f"is missing: the date of line {row.line} cannot be read ({reason}), so that the"
                " first visit is not known",
                "{start} with the date of the first application",
            )
    return min(row.day for row in rows if row.day is not None)


def _first_score(rows: Sequence[VisitRow | UnreadRow], start: date) -> Decimal | None:
    """Return the score on the day of the start, if one row is of that day and it is above 0."""
    first = [row for row in rows if row.day == start]
    alone = first[0] if len(first) == 1 else None
    return alone.patient.score or None if isinstance(alone, VisitRow) else None


def _measure_of_scores(rows: Sequence[VisitRow | UnreadRow], common: Patient) -> str | None:
    """Return the measure of the baseline: of all visits, or of the first score compared."""
    visits = [row for row in rows if isinstance(row, VisitRow)]
    scored = [v for v in visits if v.patient.score is not None and v.patient.baseline is None]
    first = min(scored, key=lambda visit: visit.day, default=None)
    return common.measure or (first and first.patient.measure)


def completed(visit: VisitRow, series: Series) -> Patient:
    """Return the patient at a visit, with what is the same for all visits.

    Raises `InputError` where the visit contradicts them.
    """
    patient, common = visit.patient, series.common
    twins = [line for line in series.lines[visit.day] if line != visit.line]
    if twins:
        lines = " and ".join(map(str, twins))
        raise InputError(
            "on", f"is the date of line {lines} too", "one visit a day", str(visit.day)
        )
    if visit.day < series.start:
        raise InputError(
            "on", f"is before the start on {series.start}", "a visit on or after it", str(visit.day)
        )
    patient = patient._replace(
        start=series.start,
        measure=patient.measure or common.measure,
        tube_grams=patient.tube_grams or common.tube_grams,
    )
    if patient.score is not None and patient.baseline is None:
        return patient._replace(baseline=_baseline(patient, series))
    own, known = patient.baseline, common.baseline
    same_measure = patient.measure == series.measure
    if same_measure and own is not None and known is not None and own != known:
        raise InputError(
            "baseline",
            f"is not that of the other visits, {plain_text(known)}",
            "one baseline for a measure",
            plain_text(own),
        )
    return patient


def _baseline(patient: Patient, series: Series) -> Decimal:
    """Return the score that a visit's own is compared with; within one measure only."""
    if series.common.baseline is None:
        raise InputError(
            "score",
            "has no baseline to compare with",
            "a score above 0 on the day of the start, or a baseline",
            plain_text(patient.score or Decimal(0)),
        )
    if patient.measure != series.measure:
        raise InputError(
            "measure",
            f"is not that of the baseline, {series.measure or 'which is not stated'}",
            "one measure for the baseline and every score",
            patient.measure,
        )
    return series.common.baseline


def notes_on(
    rows: Sequence[VisitRow | UnreadRow], common: Patient, series: Series
) -> Iterator[str]:
    """Yield what was assumed because it was not given, what was sorted, and what is unusual."""
    if common.start is None:
        yield f"start: the first visit, {series.start}, is taken as the first application."
    score = _first_score(rows, series.start)
    if common.baseline is None and score is not None:
        yield f"baseline: the score on {series.start}, {plain_text(score)}, is taken."
    scored = any(isinstance(row, VisitRow) and row.patient.score is not None for row in rows)
    if common.baseline is not None and not scored:
        yield "baseline: no visit has a score to compare with it."
    days = [row.day for row in rows if isinstance(row, VisitRow)]
    if days != sorted(days):
        yield "The visits were not in the order of their dates and were sorted."
    for row in rows:
        if row.day is not None and row.day > series.seen_on:
            after = f"the visit on {row.day} is after {series.seen_on}"
            yield f"line {row.line}: {after}. Check the dates."
    for row in rows:
        if isinstance(row, VisitRow):
            for note in unusual_inputs(row.patient, "visit"):
                yield f"line {row.line}: {note}"
