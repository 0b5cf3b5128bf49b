"""How much cream, and whether area and amount stay within each label."""

from collections.abc import Iterable
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

from ruxcalc import figures
from ruxcalc.errors import InputError
from ruxcalc.inputs import Dispensing
from ruxcalc.labels.model import Cap, Label
from ruxcalc.numbers import exactly, settled, shown
from ruxcalc.patient import Patient, given_inputs, unusual_inputs
from ruxcalc.results import (
    Basis,
    CitedValue,
    Days,
    Finding,
    Frozen,
    Grams,
    JsonValue,
    Milligrams,
    Percent,
    Severity,
    Source,
    Step,
    Verdict,
    gravest,
    worst_first,
    worst_verdict,
)
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.dispensed import DispensedAnswer, dispensed_findings, judge, period_of
from ruxcalc.rules.estimate import (
    WHOLE,
    Estimate,
    Method,
    applications_per_day,
    area_percent,
    body_surface,
    estimate,
    grams_per_ftu,
    treated_cm2,
)
from ruxcalc.rules.findings import Draft, Later, draft, written

if TYPE_CHECKING:
    from ruxcalc.results import Coded

SUPPLY_DAYS = 28
DAYS_IN_WEEK = 7


class Use(NamedTuple):
    """The amount of cream by the method named, at the applications a day of the labels.

    `grams_per_week_range` are averages of groups; `single_application_range_grams` is what
    single applications in vitiligo ranged over.
    """

    grams_per_application: Grams
    fingertip_units_per_application: Decimal
    applications_per_day: Decimal
    grams_per_day: Grams
    grams_per_week: Grams
    grams_per_week_range: tuple[Grams, Grams]
    single_application_range_grams: tuple[Grams, Grams]
    grams_per_month: Grams
    grams_per_supply: Grams
    treated_cm2: Decimal | None
    ruxolitinib_mg_per_day: Milligrams
    absorbed_mg_per_day_range: tuple[Milligrams, Milligrams]
    absorbed_sources: tuple[CitedValue, ...]


class CapAnswer(NamedTuple):
    """The estimated use against one cap of a label, over the cap's own period.

    `dispensing_days` are the shortest reading of the period, `dispensing_grams` the use over it.
    """

    tube_grams: Grams
    max_grams: Grams
    period: str
    period_days: int
    estimated_grams: Grams
    dispensing_days: int
    dispensing_grams: Grams
    percent_of_cap: Percent
    within: bool
    source: Source


class Supply(NamedTuple):
    """Whole tubes of one size for the supply period.

    There are at least as many as the in-use life after opening asks for. `within_cap` says
    whether the use is within the cap of this size; tubes of a size whose cap it exceeds are not
    to be dispensed. `discard_after_days` is null where the label is silent; `outlives_opening`
    says that a tube lasts longer than that.
    """

    tube_grams: Grams
    tubes: int
    within_cap: bool
    lasts_days: Days
    discard_after_days: int | None
    outlives_opening: bool
    cost: Decimal | None


class DoseRegion(NamedTuple):
    """Area and amount against one label.

    `area_within` is null where an amount was given and no area; `within_label` is null then
    too, unless the amount is over.
    """

    verdict: Verdict
    within_label: bool | None
    max_bsa_percent: Percent
    area_within: bool | None
    area_source: Source
    caps: tuple[CapAnswer, ...]
    supply: tuple[Supply, ...]
    dispensed: DispensedAnswer | None
    findings: tuple[Finding, ...]


class LargestArea(NamedTuple):
    """The dose at the largest area that every label asked allows.

    `tubes` are those of the supply period by region, of one size or another: the sizes whose cap
    the use there stays within.
    """

    bsa_percent: Percent
    grams_per_application: Grams
    fingertip_units_per_application: Decimal
    grams_per_week: Grams
    tubes: Frozen[str, tuple[Dispensing, ...]]


class DoseAnswer(NamedTuple):
    """How much cream, and whether area and amount stay within each label.

    `worst` is the gravest severity among the findings. `largest_area` is null unless the area is
    above the limit of every label asked.
    """

    schema: Literal["ruxcalc.dose/1"]
    inputs: Frozen[str, JsonValue]
    verdict: Verdict
    worst: Severity | None
    bsa_percent: Percent | None
    body_surface_m2: Decimal | None
    supply_days: int
    method: Method
    use: Use
    regions: Frozen[str, DoseRegion]
    largest_area: LargestArea | None
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


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


def dose(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer:
    """Estimate grams and tubes, and compare area and amount with each label.

    Label sections: area and caps 2.2 (US), 4.2 (EU, UK); in-use life 6.3 (EU, UK). The figures
    of the estimate are in `ruxcalc.figures`. Raises `InputError` for inputs that contradict
    each other or lack a partner.
    """
    amount, judged, notes = judge_dose(patient, labels)
    with exactly():
        regions = Frozen(
            {
                label.region: _dose_for_label(label, amount, judged[label.region], patient)
                for label in labels
            }
        )
        return DoseAnswer(
            schema="ruxcalc.dose/1",
            inputs=Frozen(given_inputs(patient, "dose")),
            verdict=worst_verdict(part.verdict for part in regions.values()),
            worst=gravest(f.severity for part in regions.values() for f in part.findings),
            bsa_percent=amount.area,
            body_surface_m2=_settled_or_none(amount.surface),
            supply_days=amount.days,
            method=amount.per_application.method,
            use=_use(amount),
            regions=regions,
            largest_area=_at_largest_area(labels, amount, patient),
            basis=basis_of(labels),
            notes=notes,
        )


def judge_dose(patient: Patient, labels: tuple[Label, ...]) -> JudgedDose:
    """Estimate the amount and compare it with each label, without putting it into words.

    Raises `InputError` as `dose` does.
    """
    with exactly():
        amount = _amount(patient, labels)
        if patient.per_days is not None and patient.dispensed is None:
            raise InputError("dispensed", "is missing beside {per_days}", "tubes, such as 3x100")
        return (
            amount,
            {label.region: _judge_for_label(label, amount, patient) for label in labels},
            (*unusual_inputs(patient, "dose"), *_outside_range(amount)),
        )


def _amount(patient: Patient, labels: tuple[Label, ...]) -> Amount:
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


# ---- What is decided by one label ----


def _judge_for_label(label: Label, amount: Amount, patient: Patient) -> JudgedRegion:
    area_within = None if amount.area is None else amount.area <= label.max_area.value
    sizes = tuple([_judge_size(label, cap, amount) for cap in label.caps])
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


def _judge_size(label: Label, cap: Cap, amount: Amount) -> JudgedSize:
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


# ---- The answer ----


def _settled_or_none(number: Decimal | None) -> Decimal | None:
    return None if number is None else settled(number)


def _use(amount: Amount) -> Use:
    per_day = amount.per_day
    area, surface = amount.area, amount.surface
    treated = None if surface is None or area is None else treated_cm2(area, surface)
    single = figures.GRAMS_IN_VITILIGO
    applied = per_day * figures.STRENGTH.value
    shares = [share.value for share in figures.ABSORBED]
    return Use(
        grams_per_application=settled(amount.per_application.grams),
        fingertip_units_per_application=settled(amount.units),
        applications_per_day=amount.times,
        grams_per_day=settled(per_day),
        grams_per_week=settled(amount.per_week),
        grams_per_week_range=(
            settled(amount.low_per_day * DAYS_IN_WEEK),
            settled(amount.high_per_day * DAYS_IN_WEEK),
        ),
        single_application_range_grams=(single.low, single.high),
        grams_per_month=settled(per_day * figures.DAYS_IN_LONGEST_MONTH),
        grams_per_supply=settled(per_day * amount.days),
        treated_cm2=_settled_or_none(treated),
        ruxolitinib_mg_per_day=settled(applied),
        absorbed_mg_per_day_range=(
            settled(applied * min(shares) / WHOLE),
            settled(applied * max(shares) / WHOLE),
        ),
        absorbed_sources=tuple(
            CitedValue(share.name, share.value, share.unit, share.source)
            for share in figures.ABSORBED
        ),
    )


def _at_largest_area(
    labels: tuple[Label, ...], amount: Amount, patient: Patient
) -> LargestArea | None:
    limits = [label.max_area.value for label in labels]
    if amount.area is None or amount.area <= max(limits):
        return None
    largest = _amount(patient._replace(bsa=min(limits), handprints=None), labels)
    sizes = {
        label.region: [_judge_size(label, cap, largest) for cap in label.caps] for label in labels
    }
    return LargestArea(
        bsa_percent=min(limits),
        grams_per_application=settled(largest.per_application.grams),
        fingertip_units_per_application=settled(largest.units),
        grams_per_week=settled(largest.per_week),
        tubes=Frozen(
            {
                region: tuple(
                    Dispensing(size.tubes, size.cap.tube_grams) for size in several if size.within
                )
                for region, several in sizes.items()
            }
        ),
    )


def _dose_for_label(
    label: Label, amount: Amount, judged: JudgedRegion, patient: Patient
) -> DoseRegion:
    return DoseRegion(
        verdict=judged.verdict,
        within_label=judged.within_label,
        max_bsa_percent=label.max_area.value,
        area_within=judged.area_within,
        area_source=source_of(label, label.max_area),
        caps=tuple(_cap_answer(label, size, amount) for size in judged.sizes),
        supply=tuple(_supply(label, size, amount, patient.tube_price) for size in judged.sizes),
        dispensed=judged.dispensed,
        findings=tuple(map(written, judged.findings)),
    )


def _cap_answer(label: Label, size: JudgedSize, amount: Amount) -> CapAnswer:
    cap = size.cap
    grams = amount.per_day * cap.period_days
    return CapAnswer(
        tube_grams=cap.tube_grams,
        max_grams=cap.max_grams,
        period=cap.period,
        period_days=cap.period_days,
        estimated_grams=settled(grams),
        dispensing_days=cap.dispensing_days,
        dispensing_grams=settled(amount.per_day * cap.dispensing_days),
        percent_of_cap=settled(grams / cap.max_grams * WHOLE),
        within=size.within,
        source=source_of(label, cap),
    )


def _supply(label: Label, size: JudgedSize, amount: Amount, tube_price: Decimal | None) -> Supply:
    return Supply(
        tube_grams=size.cap.tube_grams,
        tubes=size.tubes,
        within_cap=size.within_dispensing,
        lasts_days=settled(size.cap.tube_grams / amount.per_day),
        discard_after_days=None if label.in_use is None else label.in_use.days,
        outlives_opening=size.outlives_opening,
        cost=None if tube_price is None else size.tubes * tube_price,
    )
