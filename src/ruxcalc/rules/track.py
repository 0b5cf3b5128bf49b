"""One patient's visits: the response against each label's review, and what was dispensed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ruxcalc.answers import (
    CheckRegion,
    Finding,
    JsonValue,
    NextReview,
    RejectedVisit,
    Step,
    TrackAnswer,
    TrackRegion,
    TrackVisit,
    VisitDecision,
    gravest_of,
    worst_first,
)
from ruxcalc.errors import InputError
from ruxcalc.inputs import as_json, read_input
from ruxcalc.labels.model import Label
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.patient import INPUTS, Patient, read_patient, unusual_inputs
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.check import (
    DAYS_IN_WEEK,
    check,
    completed_weeks,
    reached_week,
    readings,
    rule_of,
)
from ruxcalc.rules.days import day_after
from ruxcalc.rules.dispensed import dispensing_findings, handed_out, windows_of
from ruxcalc.rules.dose import area_above

MOST_REASONS = 5  # of a list in which no visit can be answered


class Visit(NamedTuple):
    """A visit as it was told: the line it stands on, and the patient on that day."""

    line: int
    told: Patient

    @property
    def day(self) -> date:
        """The day of the visit."""
        assert self.told.on is not None
        return self.told.on


class Unread(NamedTuple):
    """A row that could not be read as a visit; `day` is its date, where that could be read."""

    line: int
    column: str
    reason: str
    day: date | None


def read_visit(line: int, told: Mapping[str, Sequence[object]]) -> Visit | Unread:
    """A visit from the values that came for each of its fields, or why it cannot be read.

    Its day goes by `date` here, and by `on` in the patient.
    """
    given = {"on" if name == "date" else name: values for name, values in told.items()}
    day: date | None = None
    try:
        read = read_input("date", INPUTS["on"], given.get("on", ()))
        assert isinstance(read, date)
        day = read
        return Visit(line, read_patient(given))
    except InputError as error:
        return Unread(line, error.field, str(error).removeprefix(f"{error.field}: "), day)


def track(
    rows: Sequence[Visit | Unread], common: Patient, labels: tuple[Label, ...], day: date
) -> TrackAnswer:
    """Where the visits lead, by each of `labels`, seen on `day`.

    `common` tells what holds for all visits: `start`, `baseline`, `measure` and `tube_grams`.
    Without a start the first visit is the first application; without a baseline the score on
    that day is. Label sections as in `check` and `dose`. Raises `InputError` where no visit can be
    answered, or the start is not sure.
    """
    visits = [row for row in rows if isinstance(row, Visit)]
    rejected = [RejectedVisit(*row[:3]) for row in rows if isinstance(row, Unread)]
    start = common.start or _first_day(rows)
    notes = [*_taken(rows, common, start), *_later(rows, day)]
    baseline = common.baseline or _first_score(rows, start)
    common = common._replace(start=start, baseline=baseline)
    latest = max((row.day for row in rows if row.day is not None), default=start)
    course = Course(common, _lines_by_day(rows), _measure_of_scores(visits, common), latest, day)
    answered: list[Answered] = []
    with exactly():
        for visit in sorted(visits, key=lambda visit: visit.day):
            try:
                answered.append(_answer(visit, course, labels))
            except InputError as error:
                reason = str(error).removeprefix(f"{error.field}: ")
                column = "date" if error.field == "on" else error.field
                rejected.append(RejectedVisit(visit.line, column, reason))
        if not answered:
            raise _none_answered(rejected)
        regions: dict[str, TrackRegion] = {
            label.region: _against(label, answered, course) for label in labels
        }
    inputs: dict[str, JsonValue] = {
        name: as_json(value) for name, value in common._asdict().items() if value is not None
    }
    return TrackAnswer(
        schema="ruxcalc.track/1",
        inputs=inputs,
        worst=gravest_of(regions.values()),
        start=start.isoformat(),
        on=day.isoformat(),
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


def _taken(rows: Sequence[Visit | Unread], common: Patient, start: date) -> Iterator[str]:
    """What was taken because it was not told, and that the order was changed."""
    if common.start is None:
        yield f"start: the first visit, {start}, is taken as the first application."
    score = _first_score(rows, start)
    if common.baseline is None and score is not None:
        yield f"baseline: the score on {start}, {plain_text(score)}, is taken."
    scored = any(isinstance(row, Visit) and row.told.score is not None for row in rows)
    if common.baseline is not None and not scored:
        yield "baseline: no visit has a score to compare with it."
    days = [row.day for row in rows if isinstance(row, Visit)]
    if days != sorted(days):
        yield "The visits were not in the order of their dates and were sorted."


def _later(rows: Sequence[Visit | Unread], day: date) -> Iterator[str]:
    later = [row for row in rows if row.day is not None and row.day > day]
    for row in later:
        yield f"line {row.line}: the visit on {row.day} is after {day}. Check the dates."


def _first_score(rows: Sequence[Visit | Unread], start: date) -> Decimal | None:
    """The score on the day of the start, if one row alone is of that day and its score above 0."""
    first = [row for row in rows if row.day == start]
    alone = first[0] if len(first) == 1 else None
    return alone.told.score or None if isinstance(alone, Visit) else None


def _lines_by_day(rows: Sequence[Visit | Unread]) -> dict[date, list[int]]:
    lines: dict[date, list[int]] = {}
    for row in rows:
        if row.day is not None:
            lines.setdefault(row.day, []).append(row.line)
    return lines


def _measure_of_scores(visits: Sequence[Visit], common: Patient) -> str | None:
    """The measure of the baseline: that of all visits, or of the first score compared with it."""
    scored = [v for v in visits if v.told.score is not None and v.told.baseline is None]
    first = min(scored, key=lambda visit: visit.day, default=None)
    return common.measure or (first and first.told.measure)


class Course(NamedTuple):
    """What holds for all visits, the lines of each day, and the measure of the baseline.

    `latest` is the day of the last row, read or not, `seen_on` that of the answer.
    """

    common: Patient
    lines: Mapping[date, Sequence[int]]
    measure: str | None
    latest: date
    seen_on: date


def _first_day(rows: Sequence[Visit | Unread]) -> date:
    """The day of the first visit; `InputError` where there is none, or a row hides its day."""
    if not rows:
        raise InputError("visits", "are missing", "one visit or more")
    for row in rows:
        if isinstance(row, Unread) and row.day is None:
            raise InputError(
                "start",
                f"is missing: line {row.line} hides the date of a visit ({row.reason.rstrip('.')}),"
                " so that the first one is not sure",
                "--start with the date of the first application",
            )
    return min(row.day for row in rows if row.day is not None)


class Answered(NamedTuple):
    """A visit with the review of each label, where it led to one."""

    visit: Visit
    shown: TrackVisit
    reviews: dict[str, CheckRegion]


def _answer(visit: Visit, course: Course, labels: tuple[Label, ...]) -> Answered:
    told = _completed(visit, course)
    week = reached_week(told)
    measured = readings(told)
    reviews: dict[str, CheckRegion] = {}
    for label in labels:
        review = label.review
        judged = review.threshold_percent is None and told.meaningful is not None
        if week < review.week or measured or judged:
            reviews[label.region] = check(told, (label,)).regions[label.region]
    single = measured[0].percent if measured and measured[0].site is None else None
    shown = TrackVisit(
        line=visit.line,
        date=visit.day.isoformat(),
        week=week,
        repigmentation_percent=None if single is None else settled(single),
        sites={str(reading.site): settled(reading.percent) for reading in measured}
        if measured and single is None
        else None,
        score=told.score,
        baseline=told.baseline,
        measure=told.measure,
        meaningful=told.meaningful,
        bsa_percent=told.bsa,
        tubes_dispensed=None if told.tubes_dispensed is None else int(told.tubes_dispensed),
        tube_grams=told.tube_grams,
        regions={label.region: _decision(reviews.get(label.region)) for label in labels},
    )
    return Answered(Visit(visit.line, told), shown, reviews)


def _decision(review: CheckRegion | None) -> VisitDecision | None:
    return None if review is None else VisitDecision(review.decision, review.reason)


def _completed(visit: Visit, course: Course) -> Patient:
    """The patient at a visit, with what holds for all visits; `InputError` where it cannot be."""
    told, common = visit.told, course.common
    assert common.start is not None
    twins = [line for line in course.lines[visit.day] if line != visit.line]
    if twins:
        lines = " and ".join(map(str, twins))
        raise InputError(
            "on", f"is the date of line {lines} too", "one visit a day", str(visit.day)
        )
    if visit.day < common.start:
        raise InputError(
            "on", f"is before the start on {common.start}", "a visit on or after it", str(visit.day)
        )
    told = told._replace(
        start=common.start,
        measure=told.measure or common.measure,
        tube_grams=told.tube_grams or common.tube_grams,
    )
    if told.score is not None and told.baseline is None:
        return told._replace(baseline=_baseline(told, course))
    own, known = told.baseline, common.baseline
    same_measure = told.measure == course.measure
    if same_measure and own is not None and known is not None and own != known:
        raise InputError(
            "baseline",
            f"is not that of the other visits, {plain_text(known)}",
            "one baseline for a measure",
            plain_text(own),
        )
    return told


def _baseline(told: Patient, course: Course) -> Decimal:
    """The score that a visit's own is compared with; within one measure only."""
    if course.common.baseline is None:
        raise InputError(
            "score",
            "has no baseline to compare with",
            "a score above 0 on the day of the start, a column baseline, or --baseline",
            plain_text(told.score or Decimal(0)),
        )
    if told.measure != course.measure:
        raise InputError(
            "measure",
            f"is not that of the baseline, {course.measure or 'which is not stated'}",
            "one measure for the baseline and every score",
            told.measure,
        )
    return course.common.baseline


def _against(label: Label, answered: Sequence[Answered], course: Course) -> TrackRegion:
    findings: list[Finding] = []
    start = course.common.start
    assert start is not None
    decided = [answer for answer in answered if label.region in answer.reviews]
    last = decided[-1].reviews[label.region] if decided else None
    if last is not None:
        findings += last.findings
        findings += _earlier_outcome(label, decided)
    findings += _measures_mixed(label, answered)
    areas = [answer.visit.told.bsa for answer in answered if answer.visit.told.bsa is not None]
    if areas and areas[-1] > label.max_area.value:
        findings.append(area_above(label, areas[-1]))
    handed = list(handed_out(label, [answer.visit.told for answer in answered]))
    dispensed = windows_of(label, handed)
    findings += dispensing_findings(label, handed, dispensed)
    review = label.review
    reached = completed_weeks(start, course.latest) >= review.week
    unanswered = reached and not any(answer.shown.week >= review.week for answer in decided)
    if unanswered:
        findings.append(_review_unanswered(label))
    coming = day_after(start, int(review.week) * DAYS_IN_WEEK, "start", str(start))
    return TrackRegion(
        decision=None if last is None else last.decision,
        decided_on=decided[-1].shown.date if decided else None,
        rule=rule_of(label),
        review_unanswered=unanswered,
        dispensed=dispensed,
        next_review=None
        if reached
        else NextReview(int(review.week), coming.isoformat(), course.seen_on > coming),
        findings=worst_first(findings),
    )


def _earlier_outcome(label: Label, decided: Sequence[Answered]) -> list[Finding]:
    """A warning where a review led to its outcome once, and the last visit says otherwise."""
    review = label.review
    led = [a for a in decided if a.reviews[label.region].decision == review.outcome]
    if not led or led[-1] is decided[-1]:
        return []
    visit, outcome = led[-1].shown, review.outcome.replace("consider-s", "consider s")
    return [
        Finding(
            "earlier-review-outcome",
            "warning",
            f"At the visit of {visit.date}, week {plain_text(visit.week)}, this label's review led"
            f" to {outcome}; the last visit says otherwise. Weigh both.",
            review.outcome,
            source_of(label, review.section, review.verified),
        )
    ]


def _measures_mixed(label: Label, answered: Sequence[Answered]) -> list[Finding]:
    """A warning where visits that tell of the response were measured in several ways."""
    measures = dict.fromkeys(
        visit.measure or "not stated"
        for visit in (answer.shown for answer in answered)
        if visit.repigmentation_percent is not None or visit.sites
    )
    if len(measures) <= 1:
        return []
    review = label.review
    return [
        Finding(
            "measures-mixed",
            "warning",
            f"The visits were measured in several ways: {', '.join(measures)}. Face, body and"
            " treated areas can disagree. Compare within one measure.",
            "compare-one-measure",
            source_of(label, review.section, review.verified),
        )
    ]


def _review_unanswered(label: Label) -> Finding:
    """A warning where the label needs a figure, info where it asks the patient."""
    review = label.review
    return Finding(
        "review-not-answered",
        "info" if review.threshold_percent is None else "warning",
        f"Week {review.week} is past, and no visit since then tells of the response, so that this"
        " label's review is not answered. Tell repig or score, or whether it is meaningful.",
        "tell-response",
        source_of(label, review.section, review.verified),
    )


def track_steps(answer: TrackAnswer) -> tuple[Step, ...]:
    """The working of the visits: the week, and the repigmentation where it comes from scores."""
    steps = []
    for visit in answer.visits:
        days = (date.fromisoformat(visit.date) - date.fromisoformat(answer.start)).days
        steps.append(
            Step(
                f"line {visit.line}: completed weeks on {visit.date}",
                "whole weeks in the days from the first application",
                f"floor({days} / {DAYS_IN_WEEK})",
                plain_text(visit.week),
                "day 0 is the first application",
            )
        )
        percent = visit.repigmentation_percent
        if visit.score is not None and visit.baseline is not None and percent is not None:
            now, before = plain_text(visit.score), plain_text(visit.baseline)
            steps.append(
                Step(
                    f"line {visit.line}: repigmentation, %",
                    "100 x (baseline - score) / baseline",
                    f"100 x ({before} - {now}) / {before}",
                    plain_text(percent),
                    "the same score and sites both times",
                )
            )
    return tuple(steps)


def _unusual_visits(visits: Sequence[Visit]) -> tuple[str, ...]:
    """A note for each value of a visit that is possible but unusual."""
    return tuple(
        f"line {visit.line}: {note}"
        for visit in visits
        for note in unusual_inputs(visit.told, "visit")
    )
