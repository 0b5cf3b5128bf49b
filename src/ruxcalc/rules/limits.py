"""The estimated amount and the area against the limits of each label: what is decided.

`ruxcalc.rules.dose` describes it as an answer; lists use it as it is. Label sections: area and
caps 2.2 (US), 4.2 (EU, UK); in-use life 6.3 (EU, UK).
"""

from collections.abc import Iterable
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.labels.model import Cap, Label
from ruxcalc.numbers import exactly, shown
from ruxcalc.patient import Patient, unusual_inputs
from ruxcalc.results import Verdict, worst_first
from ruxcalc.rules.basis import source_of
from ruxcalc.rules.dispensed import DispensedAnswer, dispensed_findings, judge, period_of
from ruxcalc.rules.estimate import (
    Estimate,
    applications_per_day,
    area_percent,
    body_surface,
    estimate,
    grams_per_ftu,
)
from ruxcalc.rules.findings import Draft, Later, draft

if TYPE_CHECKING:
    from ruxcalc.results import Coded

SUPPLY_DAYS = 28
DAYS_IN_WEEK = 7


class Amount(NamedTuple):
    """The estimated use, unrounded, before it is compared with any label.

    `area` is in % BSA, `surface` the body surface in m2, `units` are fingertip units per
    application; `low_per_day` and `high_per_day` are averages of groups.
    """

    area: Decimal | None
    surface: Decimal | None
    per_application: Estimate
    units: Decimal
    times: Decimal
    per_day: Decimal
    per_week: Decimal
    low_per_day: Decimal
    high_per_day: Decimal
    days: int


class JudgedSize(NamedTuple):
    """The use against the cap of one tube size, and the tubes of it for the supply period.

    `within` is over the cap's own period, `within_dispensing` over the shortest reading of it.
    """

    cap: Cap
    within: bool
    within_dispensing: bool
    tubes: int
    outlives_opening: bool


class JudgedRegion(NamedTuple):
    """Area and amount against one label: what is decided, before it is put into words."""

    verdict: Verdict
    within_label: bool | None
    area_within: bool | None
    sizes: tuple[JudgedSize, ...]
    dispensed: DispensedAnswer | None
    findings: tuple[Draft, ...]


# The amount, what is decided by each label, and notes.
JudgedDose = tuple[Amount, dict[str, JudgedRegion], tuple[str, ...]]


def judge_dose(patient: Patient, labels: tuple[Label, ...]) -> JudgedDose:
    """Estimate the amount and compare it with each label, without putting it into words.

    Raises `InputError` as `dose` does.
    """
    with exactly():
        amount = amount_of(patient, labels)
        if patient.per_days is not None and patient.dispensed is None:
            raise InputError("dispensed", "is missing beside {per_days}", "tubes, such as 3x100")
        return (
            amount,
            {label.region: _judge_for_label(label, amount, patient) for label in labels},
            (*unusual_inputs(patient, "dose"), *_outside_range(amount)),
        )


def amount_of(patient: Patient, labels: tuple[Label, ...]) -> Amount:
    """Estimate the amount. Raises `InputError` for inputs that contradict each other."""
    area = area_percent(patient)
    surface = body_surface(patient)
    per_application = estimate(patient, area, surface)
    times = applications_per_day(labels)
    per_day = per_application.grams * times
    return Amount(
        area,
        surface,
        per_application,
        per_application.grams / grams_per_ftu(patient),
        times,
        per_day,
        per_day * DAYS_IN_WEEK,
        per_application.low * times,
        per_application.high * times,
        SUPPLY_DAYS if patient.days is None else int(patient.days),
    )


def _outside_range(amount: Amount) -> tuple[str, ...]:
    if amount.low_per_day <= amount.per_day <= amount.high_per_day:
        return ()
    return ("grams_per_ftu: the estimate lies outside the averages of groups that were published.",)


def _judge_for_label(label: Label, amount: Amount, patient: Patient) -> JudgedRegion:
    area_within = None if amount.area is None else amount.area <= label.max_area.value
    sizes = tuple([judge_size(label, cap, amount) for cap in label.caps])
    amount_within = not sizes or any(size.within for size in sizes)
    dispensed = None
    if patient.dispensed is not None:
        days = period_of(label, patient.dispensed) if patient.per_days is None else patient.per_days
        dispensed = judge(label, patient.dispensed, int(days))
    findings = [
        *([area_above(label, amount.area)] if amount.area is not None and not area_within else []),
        *_amount_findings(label, sizes, amount),
        *_outliving_tubes(label, sizes, amount),
        *dispensed_findings(label, dispensed),
    ]
    return JudgedRegion(
        verdict_of_dose(findings),
        area_within if amount_within else False,
        area_within,
        sizes,
        dispensed,
        worst_first(findings),
    )


def judge_size(label: Label, cap: Cap, amount: Amount) -> JudgedSize:
    """Compare the use with one cap, and count the tubes of its size for the supply period."""
    limit, kept = cap.max_grams, label.in_use
    tubes = ceil(amount.per_day * amount.days / cap.tube_grams)
    if kept is not None:
        tubes = max(tubes, ceil(amount.days / kept.days))
    return JudgedSize(
        cap,
        amount.per_day * cap.period_days <= limit,
        amount.per_day * cap.dispensing_days <= limit,
        tubes,
        kept is not None and amount.per_day * kept.days < cap.tube_grams,
    )


OVER = ("area-above-maximum", "quantity-above-maximum", "dispensed-above-cap")


def verdict_of_dose(findings: Iterable["Coded"]) -> Verdict:
    """Return the verdict on area and amount; nothing of safety was asked there."""
    verdict: Verdict = "not-cleared"
    for found in findings:
        if found.code in OVER:
            return "over-label"
        if found.severity == "warning":
            verdict = "caution"
    return verdict


def area_above(label: Label, area: Decimal) -> Draft:
    """Return the finding that an area in % BSA is above a label's limit."""
    limit = label.max_area
    return draft(
        "area-above-maximum",
        source_of(label, limit),
        area=Later(shown, area, 1, limit.value),
        limit=limit.value,
        label=label.name,
    )


def _amount_findings(label: Label, sizes: tuple[JudgedSize, ...], amount: Amount) -> list[Draft]:
    """Compare the estimated use with the caps; one tube size within its cap is enough."""
    if any(size.within for size in sizes):
        return [found for size in sizes for found in _findings_within(label, size, amount)]
    if not sizes:
        return []
    fitting = next((size.cap for size in sizes if size.within_dispensing), None)
    if fitting is not None:
        return [
            draft(
                "quantity-near-maximum",
                source_of(label, fitting),
                label=label.name,
                grams=_over(amount, fitting, fitting.period_days),
                days=fitting.period_days,
                fewer_grams=_over(amount, fitting, fitting.dispensing_days),
                fewer_days=fitting.dispensing_days,
                limit=fitting.max_grams,
            )
        ]
    over = "; ".join(
        f"{_over(amount, cap, cap.dispensing_days)} g in {cap.dispensing_days} days,"
        f" against {cap.max_grams} g {cap.per}"
        for cap in label.caps
    )
    source = source_of(label, label.caps[0])
    return [draft("quantity-above-maximum", source, label=label.name, over=over)]


def _over(amount: Amount, cap: Cap, days: int) -> Later:
    """Return the grams used in some days, to be shown beside a cap."""
    return Later(shown, amount.per_day * days, 1, cap.max_grams)


def _findings_within(label: Label, size: JudgedSize, amount: Amount) -> list[Draft]:
    cap = size.cap
    if not size.within:
        return [
            draft(
                "tube-size-over-cap",
                source_of(label, cap),
                grams=_over(amount, cap, cap.period_days),
                days=cap.period_days,
                limit=cap.max_grams,
                per=cap.per,
                label=label.name,
                size=cap.tube_grams,
            )
        ]
    high = amount.high_per_day * cap.period_days
    if high > cap.max_grams:
        return [
            draft(
                "estimate-range-reaches-cap",
                source_of(label, cap),
                size=cap.tube_grams,
                grams=Later(shown, high, 1, cap.max_grams),
                limit=cap.max_grams,
                per=cap.per,
            )
        ]
    return []


def _outliving_tubes(label: Label, sizes: tuple[JudgedSize, ...], amount: Amount) -> list[Draft]:
    kept = label.in_use
    if kept is None:
        return []
    return [
        draft(
            "tube-outlives-opening",
            source_of(label, kept),
            size=size.cap.tube_grams,
            days=Later(shown, size.cap.tube_grams / amount.per_day, 0, Decimal(kept.days)),
            months=kept.months,
        )
        for size in sizes
        if size.outlives_opening
    ]
