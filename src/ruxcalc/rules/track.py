"""One patient's visits: the response against each label's reviews, and what was dispensed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import Dispensing, as_json, read_input
from ruxcalc.labels.model import Label, Review
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.patient import INPUTS, Patient, read_patient, unusual_inputs
from ruxcalc.results import (
    Basis,
    Decision,
    Finding,
    Frozen,
    Grams,
    JsonValue,
    Percent,
    Severity,
    Step,
    Verdict,
    Weeks,
    gravest,
    worst_first,
    worst_verdict,
)
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.check import (
    DAYS_IN_WEEK,
    CheckRegion,
    Response,
    ReviewRule,
    completed_weeks,
    decide,
    due_review,
    next_review,
    response_of,
    review_for_label,
    rule_of,
)
from ruxcalc.rules.days import day_after
from ruxcalc.rules.dispensed import DispensedAnswer, Lot, dispensed_findings, judge_lots
from ruxcalc.rules.dose import area_above, verdict_of_dose
from ruxcalc.rules.findings import finding, written

MOST_REASONS = 5  # of a list in which no visit can be answered


class VisitDecision(NamedTuple):
    """The decision at one visit, by one label."""

    decision: Decision
    reason: str


class TrackVisit(NamedTuple):
    """One visit: when, how far the treatment has got, and what was decided.

    `line` is its place in the list. `repigmentation_percent` is null where none was given or
    it was given by site. A label that needs what was not given has no decision.
    """

    line: int
    date: date
    week: Weeks
    repigmentation_percent: Percent | None
    sites: Frozen[str, Percent] | None
    score: Decimal | None
    baseline: Decimal | None
    measure: str | None
    meaningful: bool | None
    bsa_percent: Percent | None
    tubes_dispensed: int | None
    tube_grams: Grams | None
    regions: Frozen[str, VisitDecision | None]


class NextReview(NamedTuple):
    """The label's next review; `overdue` says that the day of the answer is past it."""

    week: int
    date: date
    overdue: bool


class TrackRegion(NamedTuple):
    """Where the treatment stands by one label: last decision, what was dispensed, what is next.

    `decision` and `decided_on` are null as long as no visit led to one. `review_unanswered` says
    that the week of a review is past, and no visit since then says how the vitiligo responded.
    """

    verdict: Verdict
    decision: Decision | None
    decided_on: date | None
    rule: ReviewRule | None
    review_unanswered: bool
    dispensed: DispensedAnswer | None
    next_review: NextReview | None
    findings: tuple[Finding, ...]


class RejectedVisit(NamedTuple):
    """A row that was not answered: its line, the column at fault, or none, and why."""

    line: int
    column: str
    reason: str


class TrackAnswer(NamedTuple):
    """The visits of one patient, in the order of their dates, and where they lead.

    `start` is the day of the first application and `on` the day of the answer; `baseline` is the
    score that the others are compared with, where the visits do not bring their own.
    """

    schema: Literal["ruxcalc.track/1"]
    inputs: Frozen[str, JsonValue]
    verdict: Verdict
    worst: Severity | None
    start: date
    on: date
    baseline: Decimal | None
    visits: tuple[TrackVisit, ...]
    regions: Frozen[str, TrackRegion]
    rejected: tuple[RejectedVisit, ...]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


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


def track(
    rows: Sequence[VisitRow | UnreadRow], common: Patient, labels: tuple[Label, ...], day: date
) -> TrackAnswer:
    """Answer where the visits lead, by each of `labels`, seen on `day`.

    `common` holds what is the same for all visits: `start`, `baseline`, `measure` and `tube_grams`.
    Without a start the first visit is the first application; without a baseline the score on
    that day is. Label sections as in `check` and `dose`. Raises `InputError` where no visit can be
    answered, or the start is not sure.
    """
    visits = [row for row in rows if isinstance(row, VisitRow)]
    rejected = [RejectedVisit(*row[:3]) for row in rows if isinstance(row, UnreadRow)]
    start = common.start or _first_day(rows)
    notes = [*_taken(rows, common, start), *_later(rows, day)]
    baseline = common.baseline or _first_score(rows, start)
    common = common._replace(start=start, baseline=baseline)
    latest = max((row.day for row in rows if row.day is not None), default=start)
    series = Series(common, _lines_by_day(rows), _measure_of_scores(visits, common), latest, day)
    answered: list[Answered] = []
    with exactly():
        for visit in sorted(visits, key=lambda visit: visit.day):
            try:
                answered.append(_answer(visit, series, labels))
            except InputError as error:
                reason = error.reason
                column = "date" if error.field == "on" else error.field
                rejected.append(RejectedVisit(visit.line, column, reason))
        if not answered:
            raise _none_answered(rejected)
        regions = Frozen(
            {label.region: _track_for_label(label, answered, series) for label in labels}
        )
    inputs = {name: as_json(value) for name, value in common._asdict().items() if value is not None}
    return TrackAnswer(
        schema="ruxcalc.track/1",
        inputs=Frozen(inputs),
        verdict=worst_verdict(part.verdict for part in regions.values()),
        worst=gravest(f.severity for part in regions.values() for f in part.findings),
        start=start,
        on=day,
        baseline=baseline,
        visits=tuple(visit.shown for visit in answered),
        regions=regions,
        rejected=tuple(sorted(rejected)),
        basis=basis_of(labels),
        notes=(*notes, *_unusual_visits(visits)),
    )


def _none_answered(rejected: Sequence[RejectedVisit]) -> InputError:
    reasons = "; ".join(
        f"line {row.line}: {row.column + ': ' if row.column else ''}{row.reason.rstrip('.')}"
        for row in sorted(rejected)[:MOST_REASONS]
    )
    if len(rejected) > MOST_REASONS:
        reasons += f"; and {len(rejected) - MOST_REASONS} more"
    return InputError("visits", f"none of them can be answered. {reasons}")


def _taken(rows: Sequence[VisitRow | UnreadRow], common: Patient, start: date) -> Iterator[str]:
    """Say what was assumed because it was not given, and that the order was changed."""
    if common.start is None:
        yield f"start: the first visit, {start}, is taken as the first application."
    score = _first_score(rows, start)
    if common.baseline is None and score is not None:
        yield f"baseline: the score on {start}, {plain_text(score)}, is taken."
    scored = any(isinstance(row, VisitRow) and row.patient.score is not None for row in rows)
    if common.baseline is not None and not scored:
        yield "baseline: no visit has a score to compare with it."
    days = [row.day for row in rows if isinstance(row, VisitRow)]
    if days != sorted(days):
        yield "The visits were not in the order of their dates and were sorted."


def _later(rows: Sequence[VisitRow | UnreadRow], day: date) -> Iterator[str]:
    later = [row for row in rows if row.day is not None and row.day > day]
    for row in later:
        yield f"line {row.line}: the visit on {row.day} is after {day}. Check the dates."


def _first_score(rows: Sequence[VisitRow | UnreadRow], start: date) -> Decimal | None:
    """Return the score on the day of the start, if one row is of that day and it is above 0."""
    first = [row for row in rows if row.day == start]
    alone = first[0] if len(first) == 1 else None
    return alone.patient.score or None if isinstance(alone, VisitRow) else None


def _lines_by_day(rows: Sequence[VisitRow | UnreadRow]) -> dict[date, list[int]]:
    lines: dict[date, list[int]] = {}
    for row in rows:
        if row.day is not None:
            lines.setdefault(row.day, []).append(row.line)
    return lines


def _measure_of_scores(visits: Sequence[VisitRow], common: Patient) -> str | None:
    """Return the measure of the baseline: of all visits, or of the first score compared."""
    scored = [v for v in visits if v.patient.score is not None and v.patient.baseline is None]
    first = min(scored, key=lambda visit: visit.day, default=None)
    return common.measure or (first and first.patient.measure)


class Series(NamedTuple):
    """What holds for all visits, the lines of each day, and the measure of the baseline.

    `latest` is the day of the last row, read or not, `seen_on` that of the answer.
    """

    common: Patient
    lines: Mapping[date, Sequence[int]]
    measure: str | None
    latest: date
    seen_on: date


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


class Answered(NamedTuple):
    """A visit with the review of each label, where it led to one."""

    visit: VisitRow
    shown: TrackVisit
    reviews: dict[str, CheckRegion]


def _answer(visit: VisitRow, series: Series, labels: tuple[Label, ...]) -> Answered:
    patient = _completed(visit, series)
    response = response_of(patient)
    reviews = {
        label.region: review_for_label(label, response)
        for label in labels
        if _has_answer(label, response)
    }
    by_site = {
        reading.site: settled(reading.percent)
        for reading in response.measured
        if reading.site is not None
    }
    shown = TrackVisit(
        line=visit.line,
        date=visit.day,
        week=response.week,
        repigmentation_percent=response.overall,
        sites=Frozen(by_site) if by_site else None,
        score=patient.score,
        baseline=patient.baseline,
        measure=patient.measure,
        meaningful=patient.meaningful,
        bsa_percent=patient.bsa,
        tubes_dispensed=None if patient.tubes_dispensed is None else int(patient.tubes_dispensed),
        tube_grams=patient.tube_grams,
        regions=Frozen({label.region: _decision(reviews.get(label.region)) for label in labels}),
    )
    return Answered(VisitRow(visit.line, patient), shown, reviews)


def _has_answer(label: Label, response: Response) -> bool:
    """Return whether a visit says what the label's review asks; before a review, it does."""
    decision = decide(due_review(label, response), response.lowest, response.meaningful)
    return decision not in ("score-needed", "ask-patient") or (
        decision == "ask-patient" and bool(response.measured)
    )


def _decision(review: CheckRegion | None) -> VisitDecision | None:
    return None if review is None else VisitDecision(review.decision, review.reason)


def _completed(visit: VisitRow, series: Series) -> Patient:
    """Return the patient at a visit, with what is the same for all visits.

    Raises `InputError` where the visit contradicts them.
    """
    patient, common = visit.patient, series.common
    assert common.start is not None
    twins = [line for line in series.lines[visit.day] if line != visit.line]
    if twins:
        lines = " and ".join(map(str, twins))
        raise InputError(
            "on", f"is the date of line {lines} too", "one visit a day", str(visit.day)
        )
    if visit.day < common.start:
        raise InputError(
            "on", f"is before the start on {common.start}", "a visit on or after it", str(visit.day)
        )
    patient = patient._replace(
        start=common.start,
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
            "a score above 0 on the day of the start, a column baseline, or --baseline",
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


def _track_for_label(label: Label, answered: Sequence[Answered], series: Series) -> TrackRegion:
    findings: list[Finding] = []
    start = series.common.start
    assert start is not None
    decided = [answer for answer in answered if label.region in answer.reviews]
    last = decided[-1].reviews[label.region] if decided else None
    if last is not None:
        findings += last.findings
        findings += _earlier_outcome(label, decided)
    findings += _measures_mixed(label, answered)
    areas = [answer.visit.patient.bsa for answer in answered]
    known = [area for area in areas if area is not None]
    if known and known[-1] > label.max_area.value:
        findings.append(written(area_above(label, known[-1])))
    lots, unstated = _lots(label, answered)
    dispensed = judge_lots(label, lots)
    findings += map(written, dispensed_findings(label, dispensed))
    if unstated and label.caps:
        days = ", ".join(map(str, unstated))
        source = source_of(label, label.caps[0])
        findings.append(finding("tube-size-not-stated", source, dates=days, label=label.name))
    latest = completed_weeks(start, series.latest)
    reached = [review for review in label.reviews if latest >= review.week]
    last_reached = max(reached, key=lambda review: review.week, default=None)
    unanswered = last_reached is not None and not any(
        answer.shown.week >= last_reached.week for answer in decided
    )
    if unanswered and last_reached is not None:
        source = source_of(label, last_reached)
        findings.append(
            finding("review-not-answered", source, review=last_reached.week, label=label.name)
        )
    coming = next_review(label, latest)
    following = None if coming is None else _next_review(coming.week, start, series.seen_on)
    due = last_reached if unanswered else None
    if coming is not None and following is not None and following.overdue:
        due = coming
    return TrackRegion(
        verdict=worst_verdict(
            [
                verdict_of_dose(findings),
                *([] if last is None else [last.verdict]),
                *([] if due is None else [_verdict_of_due(due)]),
            ]
        ),
        decision=None if last is None else last.decision,
        decided_on=decided[-1].shown.date if decided else None,
        rule=rule_of(label, last_reached or coming),
        review_unanswered=unanswered,
        dispensed=dispensed,
        next_review=following,
        findings=worst_first(findings),
    )


def _verdict_of_due(review: Review) -> Verdict:
    """Return the verdict on a review that is due and not answered: what it lacks."""
    return "ask-patient" if review.threshold_percent is None else "score-needed"


def _next_review(week: int, start: date, seen_on: date) -> NextReview:
    day = day_after(start, week * DAYS_IN_WEEK, "start", str(start))
    return NextReview(week, day, seen_on > day)


def _lots(label: Label, answered: Sequence[Answered]) -> tuple[list[Lot], list[date]]:
    """Return what was dispensed, and the days on which tubes of an unknown size were.

    A size that is not stated is that of the label's only tube.
    """
    sizes = {cap.tube_grams for cap in label.caps}
    only = next(iter(sizes)) if len(sizes) == 1 else None
    lots, unstated = [], []
    for answer in answered:
        patient, day = answer.visit.patient, answer.shown.date
        if not patient.tubes_dispensed:
            continue
        grams = patient.tube_grams or only
        if grams is None:
            unstated.append(day)
        else:
            lots.append(Lot(day, Dispensing(int(patient.tubes_dispensed), grams)))
    return lots, unstated


def _earlier_outcome(label: Label, decided: Sequence[Answered]) -> list[Finding]:
    """Warn where a review led to its outcome once, and the last visit says otherwise."""
    outcomes = {review.outcome for review in label.reviews}
    led = [a for a in decided if a.reviews[label.region].decision in outcomes]
    if not led or led[-1] is decided[-1]:
        return []
    visit, decision = led[-1].shown, led[-1].reviews[label.region].decision
    rule = next(review for review in label.reviews if review.outcome == decision)
    return [
        finding(
            "earlier-review-outcome",
            source_of(label, rule),
            action=decision,
            day=visit.date,
            week=plain_text(visit.week),
            decision=decision.replace("consider-stopping", "consider stopping"),
        )
    ]


def _measures_mixed(label: Label, answered: Sequence[Answered]) -> list[Finding]:
    """Warn where visits with a response were measured in several ways."""
    measures = dict.fromkeys(
        visit.measure or "not stated"
        for visit in (answer.shown for answer in answered)
        if visit.repigmentation_percent is not None or visit.sites
    )
    if len(measures) <= 1 or not label.reviews:
        return []
    source = source_of(label, label.reviews[0])
    return [finding("measures-mixed", source, measures=", ".join(measures))]


def _unusual_visits(visits: Sequence[VisitRow]) -> tuple[str, ...]:
    """Return a note for each value of a visit that is possible but unusual."""
    return tuple(
        f"line {visit.line}: {note}"
        for visit in visits
        for note in unusual_inputs(visit.patient, "visit")
    )
