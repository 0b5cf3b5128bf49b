"""One patient's visits: the response against each label's review, and what was dispensed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from ruxcalc.answers import (
    CheckRegion,
    Dispensed,
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
from ruxcalc.labels.model import Cap, Label
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.patient import INPUTS, Patient, read_patient, unusual_inputs
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.check import DAYS_IN_WEEK, check, reached_week, readings, rule_of
from ruxcalc.rules.days import day_after
from ruxcalc.rules.dose import area_above, size_not_in_label

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
    rows: Sequence[Visit | Unread], common: Patient, labels: tuple[Label, ...]
) -> TrackAnswer:
    """Where the visits lead, by each of `labels`.

    `common` tells what holds for all visits: `start`, `baseline`, `measure` and `tube_grams`.
    Without a start the first visit is the first application; without a baseline the score on
    that day is. Label sections as in `check` and `dose`. Raises `InputError` where no visit can be
    answered, or the start is not sure.
    """
    visits = [row for row in rows if isinstance(row, Visit)]
    rejected = [RejectedVisit(*row[:3]) for row in rows if isinstance(row, Unread)]
    start = common.start or _first_day(rows)
    notes = list(_taken(visits, common, start))
    baseline = common.baseline or _first_score(visits, start)
    common = common._replace(start=start, baseline=baseline)
    answered: list[Answered] = []
    with exactly():
        for visit in sorted(visits, key=lambda visit: visit.day):
            try:
                answered.append(_answer(visit, visits, common, labels))
            except InputError as error:
                reason = str(error).removeprefix(f"{error.field}: ")
                column = "date" if error.field == "on" else error.field
                rejected.append(RejectedVisit(visit.line, column, reason))
        if not answered:
            raise _none_answered(rejected)
        regions: dict[str, TrackRegion] = {
            label.region: _against(label, answered, start) for label in labels
        }
    inputs: dict[str, JsonValue] = {
        name: as_json(value) for name, value in common._asdict().items() if value is not None
    }
    return TrackAnswer(
        schema="ruxcalc.track/1",
        inputs=inputs,
        worst=gravest_of(regions.values()),
        start=start.isoformat(),
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


def _taken(visits: Sequence[Visit], common: Patient, start: date) -> Iterator[str]:
    """What was taken because it was not told, and that the order was changed."""
    if common.start is None:
        yield f"start: the first visit, {start}, is taken as the first application."
    score = _first_score(visits, start)
    if common.baseline is None and score is not None:
        yield f"baseline: the score on {start}, {plain_text(score)}, is taken."
    days = [visit.day for visit in visits]
    if days != sorted(days):
        yield "The visits were not in the order of their dates and were sorted."


def _first_score(visits: Sequence[Visit], start: date) -> Decimal | None:
    """The score on the day of the start, if one visit is on that day and a score above 0."""
    first = [visit.told.score for visit in visits if visit.day == start]
    return first[0] or None if len(first) == 1 else None


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


def _answer(
    visit: Visit, visits: Sequence[Visit], common: Patient, labels: tuple[Label, ...]
) -> Answered:
    told = _completed(visit, visits, common)
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


def _completed(visit: Visit, visits: Sequence[Visit], common: Patient) -> Patient:
    """The patient at a visit, with what holds for all visits; `InputError` where it cannot be."""
    told = visit.told
    assert common.start is not None
    twins = [other.line for other in visits if other.day == visit.day and other is not visit]
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
        if common.baseline is None and any(
            other.day == common.start and other.told.score == 0 for other in visits
        ):
            raise InputError(
                "score", "has a baseline of 0, from which nothing can improve", "one above 0"
            )
        if common.baseline is None:
            raise InputError(
                "score",
                "has no baseline to compare with",
                "a score on the day of the start, a column baseline, or --baseline",
                plain_text(told.score),
            )
        _refuse_other_measure(told, visits, common)
        told = told._replace(baseline=common.baseline)
    return told


def _refuse_other_measure(told: Patient, visits: Sequence[Visit], common: Patient) -> None:
    """Scores are compared within one measure only: that of the baseline."""
    first = min(visits, key=lambda visit: visit.day).told
    of_baseline = common.measure or first.measure
    if told.measure != of_baseline:
        raise InputError(
            "measure",
            f"is not that of the baseline, {of_baseline or 'which is not stated'}",
            "one measure for the baseline and every score",
            told.measure,
        )


def _against(label: Label, answered: Sequence[Answered], start: date) -> TrackRegion:
    findings: list[Finding] = []
    decided = [answer for answer in answered if label.region in answer.reviews]
    last = decided[-1].reviews[label.region] if decided else None
    if last is not None:
        findings += last.findings
    areas = [answer.visit.told.bsa for answer in answered if answer.visit.told.bsa is not None]
    if areas and areas[-1] > label.max_area.value:
        findings.append(area_above(label, areas[-1]))
    handed = list(_handed_out(label, answered))
    dispensed = tuple(_fullest(label, cap, handed) for cap in label.caps if _of(cap, label, handed))
    findings += [_above_cap(window) for window in dispensed if not window.within]
    findings += _size_findings(label, handed)
    review = label.review
    reached = answered[-1].shown.week >= review.week
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
        next_review=None if reached else NextReview(int(review.week), coming.isoformat()),
        findings=worst_first(findings),
    )


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


class HandedOut(NamedTuple):
    """Tubes handed out on a day; `size` is None where it was not told and cannot be known."""

    day: date
    tubes: Decimal
    size: Decimal | None


def _handed_out(label: Label, answered: Sequence[Answered]) -> Iterator[HandedOut]:
    sizes = {cap.tube_grams for cap in label.caps}
    for answer in answered:
        told = answer.visit.told
        if told.tubes_dispensed:
            only = next(iter(sizes)) if len(sizes) == 1 else None
            yield HandedOut(answer.visit.day, told.tubes_dispensed, told.tube_grams or only)


def _of(cap: Cap, label: Label, handed: Sequence[HandedOut]) -> list[tuple[date, Decimal]]:
    """The days and grams that a cap counts: its own tube size, or all if it is the only cap."""
    alone = len(label.caps) == 1
    return [
        (some.day, some.tubes * some.size)
        for some in handed
        if some.size is not None and (alone or some.size == cap.tube_grams)
    ]


def _fullest(label: Label, cap: Cap, handed: Sequence[HandedOut]) -> Dispensed:
    """The window of the cap's period in which most was dispensed, the first of several."""
    counted = _of(cap, label, handed)
    length = timedelta(days=cap.period_days)
    grams, first = max(
        (
            (sum((g for day, g in counted if begin <= day < begin + length), Decimal(0)), begin)
            for begin, _ in counted
        ),
        key=lambda window: window[0],
    )
    return Dispensed(
        tube_grams=cap.tube_grams,
        max_grams=cap.max_grams,
        period=cap.period,
        period_days=cap.period_days,
        dispensed_grams=grams,
        first_day=first.isoformat(),
        last_day=(first + length - timedelta(days=1)).isoformat(),
        within=grams <= cap.max_grams,
        source=source_of(label, cap.section, cap.verified),
    )


def _above_cap(window: Dispensed) -> Finding:
    return Finding(
        "dispensed-above-cap",
        "warning",
        f"{plain_text(window.dispensed_grams)} g were dispensed from {window.first_day} to"
        f" {window.last_day}, against {window.max_grams} g per {window.period}. Dispensed is not"
        " used: ask how much was.",
        "ask-use",
        window.source,
    )


def _size_findings(label: Label, handed: Sequence[HandedOut]) -> list[Finding]:
    """Sizes that the caps of a label do not count, or that it counts apart."""
    cap = label.caps[0]
    source = source_of(label, cap.section, cap.verified)
    known = {cap.tube_grams for cap in label.caps}
    found = []
    if any(some.size is None for some in handed):
        found.append(
            Finding(
                "tube-size-not-stated",
                "info",
                "Tubes were dispensed whose size is not stated, so they are not counted. Give"
                " tube_grams.",
                "name-size",
                source,
            )
        )
    if len(known) == 1:
        return found
    others = sorted({some.size for some in handed if some.size is not None} - known)
    found += [size_not_in_label(label, size) for size in others]
    longest = timedelta(days=max(cap.period_days for cap in label.caps))
    mixed = any(
        one.size in known and other.size in known and one.size != other.size
        and abs(one.day - other.day) < longest
        for one in handed
        for other in handed
    )  # fmt: skip
    if mixed:
        found.append(
            Finding(
                "tube-sizes-mixed",
                "info",
                f"Tubes of several sizes were dispensed within {longest.days} days. This label"
                " gives a cap for one size or the other; together they may be above it.",
                "check-by-hand",
                source,
            )
        )
    return found


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
        if visit.score is not None and visit.baseline is not None:
            now, before = plain_text(visit.score), plain_text(visit.baseline)
            steps.append(
                Step(
                    f"line {visit.line}: repigmentation, %",
                    "100 x (baseline - score) / baseline",
                    f"100 x ({before} - {now}) / {before}",
                    ""
                    if visit.repigmentation_percent is None
                    else plain_text(visit.repigmentation_percent),
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
