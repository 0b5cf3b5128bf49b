"""One patient's visits: the response against each label's reviews, and what was dispensed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import Dispensing, as_json
from ruxcalc.labels.model import Label, Review
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.patient import Patient
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
from ruxcalc.rules.findings import finding, written
from ruxcalc.rules.limits import area_above, verdict_of_dose
from ruxcalc.rules.visits import Series, UnreadRow, VisitRow, completed, notes_on, series_of

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


def track(
    rows: Sequence[VisitRow | UnreadRow], common: Patient, labels: tuple[Label, ...], day: date
) -> TrackAnswer:
    """Answer where the visits lead, by each of `labels`, seen on `day`.

    `common` holds what is the same for all visits: `start`, `baseline`, `measure` and `tube_grams`.
    Without a start the first visit is the first application; without a baseline the score on
    that day is. Label sections as in `check` and `dose`. Raises `InputError` where no visit can be
    answered, or the start is not sure.
    """
    series = series_of(rows, common, day)
    visits = [row for row in rows if isinstance(row, VisitRow)]
    rejected = [RejectedVisit(*row[:3]) for row in rows if isinstance(row, UnreadRow)]
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
    given = series.common._asdict()
    inputs = {name: as_json(value) for name, value in given.items() if value is not None}
    return TrackAnswer(
        schema="ruxcalc.track/1",
        inputs=Frozen(inputs),
        verdict=worst_verdict(part.verdict for part in regions.values()),
        worst=gravest(f.severity for part in regions.values() for f in part.findings),
        start=series.start,
        on=day,
        baseline=series.common.baseline,
        visits=tuple(visit.shown for visit in answered),
        regions=regions,
        rejected=tuple(sorted(rejected)),
        basis=basis_of(labels),
        notes=tuple(notes_on(rows, common, series)),
    )


def _none_answered(rejected: Sequence[RejectedVisit]) -> InputError:
    reasons = "; ".join(
        f"line {row.line}: {row.column + ': ' if row.column else ''}{row.reason.rstrip('.')}"
        for row in sorted(rejected)[:MOST_REASONS]
    )
    if len(rejected) > MOST_REASONS:
        reasons += f"; and {len(rejected) - MOST_REASONS} more"
    return InputError("visits", f"none of them can be answered. {reasons}")


class Answered(NamedTuple):
    """A visit with the review of each label, where it led to one."""

    visit: VisitRow
    shown: TrackVisit
    reviews: dict[str, CheckRegion]


def _answer(visit: VisitRow, series: Series, labels: tuple[Label, ...]) -> Answered:
    patient = completed(visit, series)
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


def _track_for_label(label: Label, answered: Sequence[Answered], series: Series) -> TrackRegion:
    findings: list[Finding] = []
    start = series.start
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
