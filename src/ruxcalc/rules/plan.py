"""Dates to keep: reviews, refills, and what must be waited for after the last application."""

from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Literal, NamedTuple

from ruxcalc.answers import (
    AfterStop,
    DoseAnswer,
    Finding,
    PlanAnswer,
    PlanRegion,
    Refill,
    ReviewDate,
    Step,
    TubeDates,
    gravest_of,
    worst_first,
)
from ruxcalc.errors import InputError
from ruxcalc.labels.model import Cap, Label, Provision
from ruxcalc.labels.topics import REVIEW_TOPICS
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.patient import Patient, given_inputs, refuse_together, unusual_inputs
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.check import DAYS_IN_WEEK, reached_week
from ruxcalc.rules.days import day_after
from ruxcalc.rules.dose import AREA_INPUTS, dose_if_asked, size_not_in_label

LAST_WEEK = max(REVIEW_TOPICS)


class Course(NamedTuple):
    """The days that a plan turns on, and the input that states the area."""

    start: date
    on: date
    stop: date | None
    area: str
    area_given: str

    @property
    def supplied(self) -> date:
        """The day from which the tubes in hand count."""
        return max(self.start, self.on)


def plan(
    patient: Patient, labels: tuple[Label, ...], *, on_taken: Literal["given", "today"]
) -> PlanAnswer:
    """The dates for this patient by each of `labels`; `patient.on` is given or today.

    The first application is day 0, so that week 52 is reached on day 364. A tube lasts as
    long as the use takes, at most the label's in-use life after opening, and never less than
    the label's cap allows. Label sections: review and caps 2.2 (US), 4.2 (EU, UK); contraception
    4.6 (EU), leaflet (UK); breast-feeding 8.2 (US), 4.6 (EU). Raises `InputError` for dates out
    of order or inputs that lack a partner.
    """
    course = _course(patient)
    how_much = _dose(patient, labels)
    with exactly():
        regions: dict[str, PlanRegion] = {
            label.region: _against(label, course, patient, how_much) for label in labels
        }
    return PlanAnswer(
        schema="ruxcalc.plan/1",
        inputs=given_inputs(patient, "plan"),
        worst=gravest_of(regions.values()),
        start=course.start.isoformat(),
        on=course.on.isoformat(),
        on_taken=on_taken,
        week=None if course.on < course.start else reached_week(patient),
        stop=None if course.stop is None else course.stop.isoformat(),
        regions=regions,
        basis=basis_of(labels),
        notes=(
            *unusual_inputs(patient, "plan"),
            *(() if on_taken == "given" else (f"on: {course.on}, today, was taken.",)),
        ),
    )


def _course(patient: Patient) -> Course:
    if patient.start is None:
        raise InputError("start", "is missing", "the date of the first application")
    assert patient.on is not None
    if patient.stop is not None and patient.stop < patient.start:
        raise InputError(
            "stop",
            f"is before the first application on {patient.start}",
            "a last application on or after the first",
            patient.stop.isoformat(),
        )
    area = next((name for name in AREA_INPUTS if getattr(patient, name) is not None), "")
    given = str(getattr(patient, area, ""))
    return Course(patient.start, patient.on, patient.stop, area, given)


def _dose(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer | None:
    refuse_together(patient, "tubes", "days")
    how_much = dose_if_asked(patient, labels)
    for name in ("tubes", "tube_grams"):
        if how_much is None and getattr(patient, name) is not None:
            option = "--" + name.replace("_", "-")
            raise InputError(
                "bsa", f"is missing beside {option}", "one of --bsa, --handprints or --ftu with it"
            )
    sizes = sorted({cap.tube_grams for label in labels for cap in label.caps})
    if patient.tube_grams is not None and patient.tube_grams not in sizes:
        raise InputError(
            "tube_grams",
            "is no tube size of these labels",
            " or ".join(f"{size} g" for size in sizes),
            plain_text(patient.tube_grams),
        )
    return how_much


def _against(
    label: Label, course: Course, patient: Patient, how_much: DoseAnswer | None
) -> PlanRegion:
    findings: list[Finding] = []
    refills: list[Refill] = []
    if how_much is not None:
        part = how_much.regions[label.region]
        findings += part.findings
        for cap, supply in zip(label.caps, part.supply, strict=True):
            if patient.tube_grams in (None, cap.tube_grams):
                given = patient.tubes is not None
                tubes = int(patient.tubes) if patient.tubes is not None else supply.tubes
                stock = Stock(tubes, given, how_much.use.grams_per_day, patient.tube_price)
                refills.append(_refill(label, cap, course, stock))
        if not refills:
            findings.append(size_not_in_label(label, patient.tube_grams))
    contraception = _waiting(label, "contraception", course)
    breastfeeding = _waiting(label, "breast-feeding", course)
    return PlanRegion(
        reviews=tuple(_review(label, week, course) for week in REVIEW_TOPICS),
        refills=tuple(refills),
        contraception_until=contraception and contraception.date,
        breastfeeding_from=breastfeeding and breastfeeding.date,
        contraception=contraception,
        breastfeeding=breastfeeding,
        findings=worst_first(findings),
    )


def _from_start(course: Course, weeks: int) -> date:
    return day_after(course.start, weeks * DAYS_IN_WEEK, "start", str(course.start))


def _review(label: Label, week: int, course: Course) -> ReviewDate:
    """What a label asks at `week`: its review, a statement that nothing is asked, or silence."""
    day = _from_start(course, week)
    review = label.review
    row: Provision | None = None
    if week == review.week:
        asks, source = review.message, source_of(label, review.section, review.verified)
    else:
        row = label.on(REVIEW_TOPICS[week])
        silence = f"This label says nothing on a review at week {week}; that is no advice to go on."
        asks, source = row.message or silence, source_of(label, row.section, row.verified)
    return ReviewDate(
        week=week,
        date=day.isoformat(),
        asks=asks,
        silent=row is not None and row.action == "silent",
        after_stop=course.stop is not None and day > course.stop,
        source=source,
    )


class Lasting(NamedTuple):
    """How long a tube lasts, as a quotient that may have no end, and what ends it."""

    amount: Decimal
    per_day: Decimal
    limited_by: Literal["use", "cap", "in-use-life"]

    @property
    def days(self) -> Decimal:
        """Days that one tube lasts, for display."""
        return self.amount / self.per_day

    def whole_days(self, tubes: int) -> int:
        """Whole days that `tubes` tubes last: rounded up where the cap binds, else down."""
        # Multiplied first: 3 tubes of 100 g at 3 g a day last 100 days, not 99.
        whole = ceil if self.limited_by == "cap" else floor
        return whole(tubes * self.amount / self.per_day)


def _lasting(label: Label, cap: Cap, per_day: Decimal) -> Lasting:
    if per_day * cap.period_days > cap.max_grams:
        return Lasting(Decimal(cap.period_days), Decimal(cap.tubes), "cap")
    kept = label.in_use
    if kept is not None and cap.tube_grams > per_day * kept.days:
        return Lasting(Decimal(kept.days), Decimal(1), "in-use-life")
    return Lasting(cap.tube_grams, per_day, "use")


class Stock(NamedTuple):
    """Tubes in hand, given or of the supply period, the use in grams a day, the price of a tube."""

    tubes: int
    given: bool
    per_day: Decimal
    price: Decimal | None


def _refill(label: Label, cap: Cap, course: Course, stock: Stock) -> Refill:
    lasts = _lasting(label, cap, stock.per_day)

    def day_of(count: int, more: int = 0) -> date:
        """The day on which `count` tubes are used up, or `more` days later."""
        days = lasts.whole_days(count) + more
        return day_after(course.supplied, days, course.area, course.area_given)

    horizon = _from_start(course, LAST_WEEK)
    end = date.max if course.stop is None else course.stop
    kept = label.in_use
    used_up = lasts.limited_by != "in-use-life"
    first = day_of(stock.tubes)
    due = [first] if first <= end else []
    while due and (following := day_of(stock.tubes * (len(due) + 1))) <= min(horizon, end):
        due.append(following)
    limit = cap if used_up or kept is None else kept
    return Refill(
        tube_grams=cap.tube_grams,
        tubes=stock.tubes,
        tubes_from="given" if stock.given else "supply",
        grams_per_day=stock.per_day,
        tube_lasts_days=settled(lasts.days),
        limited_by=lasts.limited_by,
        tube_dates=tuple(
            TubeDates(
                number=number + 1,
                opened_on=day_of(number).isoformat(),
                used_up_on=day_of(number + 1).isoformat() if used_up else None,
                discard_on=None if kept is None else day_of(number, kept.days).isoformat(),
            )
            for number in range(stock.tubes)
            if day_of(number) <= end  # what is left after the last application is not opened
        ),
        refill_dates=tuple(day.isoformat() for day in due),
        cost=None if stock.price is None else stock.tubes * stock.price,
        source=source_of(label, limit.section, limit.verified),
    )


def _waiting(label: Label, topic: str, course: Course) -> AfterStop | None:
    """What a label asks after the last application; None where no such day was given."""
    if course.stop is None:
        return None
    row = label.on(topic)
    source = source_of(label, row.section, row.verified)
    if row.number is None:
        silence = "This label says nothing on it; that is no statement of safety."
        untimed = f"{row.message} No time after the last application is given here."
        return AfterStop(None, None, untimed if row.message else silence, source)
    weeks = int(row.number)
    day = day_after(course.stop, weeks * DAYS_IN_WEEK, "stop", str(course.stop))
    return AfterStop(day.isoformat(), weeks, row.message, source)


def plan_steps(labels: tuple[Label, ...], answer: PlanAnswer) -> tuple[Step, ...]:
    """The working of a plan: each date as a day and a number of days."""
    steps = []
    for label in labels:
        part = answer.regions[label.region]
        steps += [
            Step(
                f"{label.name}: week {review.week}",
                "first application + weeks x days in a week",
                f"{answer.start} + {review.week} x {DAYS_IN_WEEK}",
                review.date,
                "day 0 is the first application",
            )
            for review in part.reviews
        ]
        for refill in part.refills:
            steps += _refill_steps(label, refill)
        for topic, wait in (
            ("contraception until", part.contraception),
            ("breast-feeding from", part.breastfeeding),
        ):
            if wait is not None and wait.weeks is not None:
                steps.append(
                    Step(
                        f"{label.name}: {topic}",
                        "last application + weeks x days in a week",
                        f"{answer.stop} + {wait.weeks} x {DAYS_IN_WEEK}",
                        str(wait.date),
                        wait.source.document,
                    )
                )
    return tuple(steps)


def _refill_steps(label: Label, refill: Refill) -> list[Step]:
    if not refill.refill_dates:
        return []
    begin = refill.tube_dates[0].opened_on
    (cap,) = (cap for cap in label.caps if cap.tube_grams == refill.tube_grams)
    kept = label.in_use.days if label.in_use else ""
    formula, each = {
        "use": (
            "tubes x g of a tube / g per day, rounded down",
            f"{cap.tube_grams} / {plain_text(refill.grams_per_day)}",
        ),
        "cap": (
            "tubes x days of the cap / tubes of the cap, rounded up",
            f"{cap.period_days} / {cap.tubes}",
        ),
        "in-use-life": ("tubes x days of in-use life", f"{kept}"),
    }[refill.limited_by]
    return [
        Step(
            f"{label.name}: refill {number} of {refill.tube_grams} g tubes",
            f"first tube opened + {formula}",
            f"{begin} + {refill.tubes * number} x {each}",
            day,
            refill.source.document,
        )
        for number, day in enumerate(refill.refill_dates, 1)
    ]
