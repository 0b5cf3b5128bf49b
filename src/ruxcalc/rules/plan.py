"""Dates to keep: reviews, refills, and what must be waited for after the last application."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.labels import load_all
from ruxcalc.labels.model import Cap, Label, Provision, Review
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.patient import Patient, given_inputs, gives_any, refuse_together, unusual_inputs
from ruxcalc.results import (
    Basis,
    Days,
    Finding,
    Frozen,
    Grams,
    JsonValue,
    Severity,
    Source,
    Step,
    Verdict,
    Weeks,
    gravest,
    worst_first,
    worst_verdict,
)
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.check import DAYS_IN_WEEK, ReviewRule, reached_week, rule_of
from ruxcalc.rules.days import day_after
from ruxcalc.rules.dispensed import size_not_in_label
from ruxcalc.rules.dose import DoseAnswer, dose
from ruxcalc.rules.estimate import AREA_INPUTS
from ruxcalc.rules.findings import written
from ruxcalc.rules.limits import verdict_of_dose


class ReviewDate(NamedTuple):
    """The day on which a week is reached, and what a label says about it.

    `asks_action` says that the label asks for a review then, by `rule`, and `silent` that it says
    nothing; `after_stop` that the last application is earlier.
    """

    week: int
    date: date
    message: str
    asks_action: bool
    rule: ReviewRule | None
    silent: bool
    after_stop: bool
    source: Source


class TubeDates(NamedTuple):
    """One tube: opened when the one before is used up or discarded.

    `used_up_on` is null where the in-use life ends first, `discard_on` where the label is
    silent.
    """

    number: int
    opened_on: date
    used_up_on: date | None
    discard_on: date | None


class Refill(NamedTuple):
    """How long the tubes in hand last, tube by tube, and on which days the next ones are due.

    `tubes_from` says whether the tubes were given or are those of the supply period;
    `limited_by` what ends a tube: the use, the label's cap where the use is above it, or the
    in-use life after opening. `refill_dates` run to the last review week of any label or to
    the last application, each for the same number of tubes, at `cost` in the currency of the
    price.
    """

    tube_grams: Grams
    tubes: int
    tubes_from: Literal["given", "supply"]
    grams_per_day: Grams
    tube_lasts_days: Days
    limited_by: Literal["use", "cap", "in-use-life"]
    tube_dates: tuple[TubeDates, ...]
    refill_dates: tuple[date, ...]
    cost: Decimal | None
    source: Source


class AfterStop(NamedTuple):
    """What a label asks after the last application; `date` is null where it gives no time."""

    date: date | None
    weeks: int | None
    message: str
    source: Source


class PlanRegion(NamedTuple):
    """The dates by one label; `contraception` and `breastfeeding` are null without a last day.

    Contraception continues until and on `contraception.date`, breast-feeding may start on
    `breastfeeding.date`.
    """

    verdict: Verdict
    reviews: tuple[ReviewDate, ...]
    refills: tuple[Refill, ...]
    contraception_until: date | None
    breastfeeding_from: date | None
    contraception: AfterStop | None
    breastfeeding: AfterStop | None
    findings: tuple[Finding, ...]


class PlanAnswer(NamedTuple):
    """Review dates, refills and last-dose dates.

    `on` is the day that was given, or today where `on_taken` says so. `week` is null before the
    first application.
    """

    schema: Literal["ruxcalc.plan/1"]
    inputs: Frozen[str, JsonValue]
    verdict: Verdict
    worst: Severity | None
    start: date
    on: date
    on_taken: Literal["given", "today"]
    week: Weeks | None
    stop: date | None
    regions: Frozen[str, PlanRegion]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


def review_weeks(labels: tuple[Label, ...]) -> tuple[int, ...]:
    """Return every week at which one of `labels`, or any label here, has a review."""
    known = {review.week for label in (*load_all(), *labels) for review in label.reviews}
    return tuple(sorted(known))


class Dates(NamedTuple):
    """The days that a plan turns on, and the input that states the area."""

    start: date
    on: date
    stop: date | None
    area: str
    area_given: str

    @property
    def supplied(self) -> date:
        """Return the day from which the tubes in hand count."""
        return max(self.start, self.on)


def plan(
    patient: Patient, labels: tuple[Label, ...], *, on_taken: Literal["given", "today"]
) -> PlanAnswer:
    """Return the dates for this patient by each of `labels`; `patient.on` is given or today.

    The first application is day 0, so that week 52 is reached on day 364. A tube lasts as
    long as the use takes, at most the label's in-use life after opening, and never less than
    the label's cap allows. Label sections: review and caps 2.2 (US), 4.2 (EU, UK); contraception
    4.6 (EU), leaflet (UK); breast-feeding 8.2 (US), 4.6 (EU). Raises `InputError` for dates out
    of order or inputs that lack a partner.
    """
    dates = _dates(patient)
    how_much = _dose(patient, labels)
    weeks = review_weeks(labels)
    with exactly():
        regions = Frozen(
            {
                label.region: _plan_for_label(label, dates, patient, how_much, weeks)
                for label in labels
            }
        )
    taken = (f"Visit date: today ({dates.on}).",) if on_taken == "today" else ()
    return PlanAnswer(
        schema="ruxcalc.plan/1",
        inputs=Frozen(given_inputs(patient, "plan")),
        verdict=worst_verdict(part.verdict for part in regions.values()),
        worst=gravest(f.severity for part in regions.values() for f in part.findings),
        start=dates.start,
        on=dates.on,
        on_taken=on_taken,
        week=None if dates.on < dates.start else reached_week(patient._replace(restart=None)),
        stop=dates.stop,
        regions=regions,
        basis=basis_of(labels),
        notes=(*unusual_inputs(patient, "plan"), *taken),
    )


def _dates(patient: Patient) -> Dates:
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
    return Dates(patient.start, patient.on, patient.stop, area, _as_typed(patient, area))


def _as_typed(patient: Patient, area: str) -> str:
    """Write the input that states the area as it was typed: `8`, `face=1,trunk=3`."""
    value = given_inputs(patient, "dose").get(area, "")
    if isinstance(value, Mapping):
        return ",".join(f"{site}={number}" for site, number in value.items())
    return str(value)


def _dose(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer | None:
    refuse_together(patient, "tubes", "days")
    how_much = dose(patient, labels) if gives_any(patient, "dose") else None
    for name in ("tubes", "tube_grams"):
        if how_much is None and getattr(patient, name) is not None:
            raise InputError(
                "bsa",
                f"is missing beside {{{name}}}",
                "the area ({bsa} or {handprints}) or the amount ({ftu})",
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


def _plan_for_label(
    label: Label,
    dates: Dates,
    patient: Patient,
    how_much: DoseAnswer | None,
    weeks: tuple[int, ...],
) -> PlanRegion:
    findings: list[Finding] = []
    refills: list[Refill] = []
    if how_much is not None:
        part = how_much.regions[label.region]
        findings += part.findings
        for cap, supply in zip(label.caps, part.supply, strict=True):
            if patient.tube_grams in (None, cap.tube_grams):
                given = patient.tubes is not None
                tubes = supply.tubes
                if patient.tubes is not None:
                    tubes = int(patient.tubes)
                elif not supply.within_cap:  # never more than the label allows for these days
                    days = how_much.supply_days
                    tubes = min(tubes, max(1, days * cap.tubes // cap.dispensing_days))
                stock = Stock(tubes, given, how_much.use.grams_per_day, patient.tube_price)
                refills.append(_refill(label, cap, dates, stock))
        if label.caps and not refills and patient.tube_grams is not None:
            findings.append(written(size_not_in_label(label, patient.tube_grams)))
    contraception = _after_stop(label, "contraception", dates)
    breastfeeding = _after_stop(label, "breast-feeding", dates)
    return PlanRegion(
        verdict=verdict_of_dose(findings),
        reviews=tuple(_review(label, week, dates) for week in weeks),
        refills=tuple(refills),
        contraception_until=contraception and contraception.date,
        breastfeeding_from=breastfeeding and breastfeeding.date,
        contraception=contraception,
        breastfeeding=breastfeeding,
        findings=worst_first(findings),
    )


def _from_start(dates: Dates, weeks: int) -> date:
    return day_after(dates.start, weeks * DAYS_IN_WEEK, "start", str(dates.start))


def _review(label: Label, week: int, dates: Dates) -> ReviewDate:
    """Return what a label says at `week`: a review, that it asks nothing, or silence."""
    day = _from_start(dates, week)
    review: Review | None = next((r for r in label.reviews if r.week == week), None)
    row = label.on("other-review-week")
    stated = row.speaks and row.number == week
    if review is not None:
        message, source = review.message, source_of(label, review)
    elif stated:
        message, source = row.message, source_of(label, row)
    else:
        message = f"The {label.name} label has no review at week {week}. Silence is not advice to"
        message += " continue."
        source = source_of(label, row)
    return ReviewDate(
        week=week,
        date=day,
        message=message,
        asks_action=review is not None,
        rule=rule_of(label, review),
        silent=review is None and not stated,
        after_stop=dates.stop is not None and day > dates.stop,
        source=source,
    )


class TubeLife(NamedTuple):
    """How long a tube lasts, as a quotient that may have no end, and what ends it."""

    amount: Decimal
    per_day: Decimal
    limited_by: Literal["use", "cap", "in-use-life"]

    @property
    def days(self) -> Decimal:
        """Return the days that one tube lasts, for display."""
        return self.amount / self.per_day

    def whole_days(self, tubes: int) -> int:
        """Return whole days that `tubes` tubes last: rounded up where the cap binds, else down."""
        # Multiplied first: 3 tubes of 100 g at 3 g a day last 100 days, not 99.
        whole = ceil if self.limited_by == "cap" else floor
        return whole(tubes * self.amount / self.per_day)


def _tube_life(label: Label, cap: Cap, per_day: Decimal) -> TubeLife:
    if per_day * cap.dispensing_days > cap.max_grams:
        return TubeLife(Decimal(cap.dispensing_days), Decimal(cap.tubes), "cap")
    kept = label.in_use
    if kept is not None and cap.tube_grams > per_day * kept.days:
        return TubeLife(Decimal(kept.days), Decimal(1), "in-use-life")
    return TubeLife(cap.tube_grams, per_day, "use")


class Stock(NamedTuple):
    """Tubes in hand, given or of the supply period, the use in grams a day, the price of a tube."""

    tubes: int
    given: bool
    per_day: Decimal
    price: Decimal | None


def _refill(label: Label, cap: Cap, dates: Dates, stock: Stock) -> Refill:
    lasts = _tube_life(label, cap, stock.per_day)

    def day_of(count: int, more: int = 0) -> date:
        """Return the day on which `count` tubes are used up, or `more` days later."""
        days = lasts.whole_days(count) + more
        return day_after(dates.supplied, days, dates.area, dates.area_given)

    horizon = _from_start(dates, max(review_weeks((label,)), default=0))
    end = date.max if dates.stop is None else dates.stop
    kept = label.in_use
    used_up = lasts.limited_by != "in-use-life"
    first = day_of(stock.tubes)
    due = [first] if first <= end else []
    while due and (following := day_of(stock.tubes * (len(due) + 1))) <= min(horizon, end):
        due.append(following)
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
                opened_on=day_of(number),
                used_up_on=day_of(number + 1) if used_up else None,
                discard_on=None if kept is None else day_of(number, kept.days),
            )
            for number in range(stock.tubes)
            if day_of(number) <= end  # what is left after the last application is not opened
        ),
        refill_dates=tuple(due),
        cost=None if stock.price is None else stock.tubes * stock.price,
        source=source_of(label, cap if used_up or kept is None else kept),
    )


def _after_stop(label: Label, topic: str, dates: Dates) -> AfterStop | None:
    """Return what a label asks after the last application; None where no such day was given."""
    if dates.stop is None:
        return None
    row: Provision = label.on(topic)
    source = source_of(label, row)
    if row.number is None or not row.speaks:
        silence = "This label says nothing about it. That does not make it safe."
        untimed = f"{row.message} No time after the last application is stated here."
        return AfterStop(None, None, untimed if row.speaks else silence, source)
    weeks = int(row.number)
    day = day_after(dates.stop, weeks * DAYS_IN_WEEK, "stop", str(dates.stop))
    return AfterStop(day, weeks, row.message, source)
