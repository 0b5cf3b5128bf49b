"""How much cream, and whether area and amount stay within each label."""

from decimal import Decimal
from math import ceil
from typing import Literal, NamedTuple

from ruxcalc import figures
from ruxcalc.errors import InputError
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
    AREA_INPUTS,
    WHOLE,
    Method,
    applications_per_day,
    area_percent,
    body_surface,
    estimate,
    grams_per_ftu,
    treated_cm2,
)
from ruxcalc.rules.findings import finding

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
    """The estimated use against one cap of a label, over the cap's own period."""

    tube_grams: Grams
    max_grams: Grams
    period: str
    period_days: int
    estimated_grams: Grams
    percent_of_cap: Percent
    within: bool
    source: Source


class Supply(NamedTuple):
    """Whole tubes of one size for the supply period.

    There are at least as many as the in-use life after opening asks for. `within_cap` says
    whether the use is within the cap of this size; tubes of a size whose cap it exceeds are not
    to be dispensed. `discard_after_days` is null where the label is silent.
    """

    tube_grams: Grams
    tubes: int
    within_cap: bool
    lasts_days: Days
    discard_after_days: int | None
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


class DoseAnswer(NamedTuple):
    """How much cream, and whether area and amount stay within each label.

    `worst` is the gravest severity among the findings.
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
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class AmountToCompare(NamedTuple):
    """What is compared with each label: % BSA, grams a day, supply days, price of a tube."""

    area: Decimal | None
    per_day: Decimal
    high_per_day: Decimal
    days: int
    tube_price: Decimal | None


def gives_area(patient: Patient) -> bool:
    """Return whether the patient has the one input without which there is no dose."""
    return any(getattr(patient, name) is not None for name in AREA_INPUTS)


def gives_dose_input(patient: Patient) -> bool:
    """Return whether any input of the dose was given."""
    return bool(given_inputs(patient, "dose"))


def dose(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer:
    """Estimate grams and tubes, and compare area and amount with each label.

    Label sections: area and caps 2.2 (US), 4.2 (EU, UK); in-use life 6.3 (EU, UK). The figures
    of the estimate are in `ruxcalc.figures`. Raises `InputError` for inputs that contradict
    each other or lack a partner.
    """
    with exactly():
        return _dose(patient, labels)


def _dose(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer:
    area = area_percent(patient)
    surface = body_surface(patient)
    per_application = estimate(patient, area, surface)
    times = applications_per_day(labels)
    per_day = per_application.grams * times
    low, high = per_application.low * times, per_application.high * times
    days = SUPPLY_DAYS if patient.days is None else int(patient.days)
    applied = per_day * figures.STRENGTH.value
    shares = [share.value for share in figures.ABSORBED]
    if patient.per_days is not None and patient.dispensed is None:
        raise InputError("dispensed", "is missing beside {per_days}", "tubes, such as 3x100")
    amount = AmountToCompare(area, per_day, high, days, patient.tube_price)
    regions = Frozen({label.region: _dose_for_label(label, amount, patient) for label in labels})
    treated = None if surface is None or area is None else treated_cm2(area, surface)
    single = figures.GRAMS_IN_VITILIGO
    return DoseAnswer(
        schema="ruxcalc.dose/1",
        inputs=Frozen(given_inputs(patient, "dose")),
        verdict=worst_verdict(part.verdict for part in regions.values()),
        worst=gravest(f.severity for part in regions.values() for f in part.findings),
        bsa_percent=area,
        body_surface_m2=None if surface is None else settled(surface),
        supply_days=days,
        method=per_application.method,
        use=Use(
            grams_per_application=settled(per_application.grams),
            fingertip_units_per_application=settled(per_application.grams / grams_per_ftu(patient)),
            applications_per_day=times,
            grams_per_day=settled(per_day),
            grams_per_week=settled(per_day * DAYS_IN_WEEK),
            grams_per_week_range=(settled(low * DAYS_IN_WEEK), settled(high * DAYS_IN_WEEK)),
            single_application_range_grams=(single.low, single.high),
            grams_per_month=settled(per_day * figures.DAYS_IN_LONGEST_MONTH),
            grams_per_supply=settled(per_day * days),
            treated_cm2=None if treated is None else settled(treated),
            ruxolitinib_mg_per_day=settled(applied),
            absorbed_mg_per_day_range=(
                settled(applied * min(shares) / WHOLE),
                settled(applied * max(shares) / WHOLE),
            ),
            absorbed_sources=tuple(
                CitedValue(share.name, share.value, share.unit, share.source)
                for share in figures.ABSORBED
            ),
        ),
        regions=regions,
        basis=basis_of(labels),
        notes=(*unusual_inputs(patient, "dose"), *_outside_range(per_day, low, high)),
    )


def _outside_range(per_day: Decimal, low: Decimal, high: Decimal) -> tuple[str, ...]:
    if low <= per_day <= high:
        return ()
    return ("grams_per_ftu: the estimate lies outside the averages of groups that were published.",)


def _dose_for_label(label: Label, amount: AmountToCompare, patient: Patient) -> DoseRegion:
    area_within = None if amount.area is None else amount.area <= label.max_area.value
    caps = tuple(_cap_answer(label, cap, amount.per_day) for cap in label.caps)
    amount_within = not caps or any(cap.within for cap in caps)
    dispensed = None
    if patient.dispensed is not None:
        days = period_of(label, patient.dispensed) if patient.per_days is None else patient.per_days
        dispensed = judge(label, patient.dispensed, int(days))
    findings = [
        *([area_above(label, amount.area)] if amount.area is not None and not area_within else []),
        *_amount_findings(label, caps, amount),
        *_outliving_tubes(label, amount),
        *dispensed_findings(label, dispensed),
    ]
    within = area_within if amount_within else False
    return DoseRegion(
        verdict=verdict_of_dose(findings),
        within_label=within,
        max_bsa_percent=label.max_area.value,
        area_within=area_within,
        area_source=source_of(label, label.max_area),
        caps=caps,
        supply=tuple(_supply(label, cap, amount) for cap in label.caps),
        dispensed=dispensed,
        findings=worst_first(findings),
    )


OVER = ("area-above-maximum", "quantity-above-maximum", "dispensed-above-cap")


def verdict_of_dose(findings: list[Finding]) -> Verdict:
    """Return the verdict on area and amount; nothing of safety was asked there."""
    if any(found.code in OVER for found in findings):
        return "over-label"
    return "caution" if gravest(f.severity for f in findings) == "warning" else "not-cleared"


def _cap_answer(label: Label, cap: Cap, per_day: Decimal) -> CapAnswer:
    grams = per_day * cap.period_days
    return CapAnswer(
        tube_grams=cap.tube_grams,
        max_grams=cap.max_grams,
        period=cap.period,
        period_days=cap.period_days,
        estimated_grams=settled(grams),
        percent_of_cap=settled(grams / cap.max_grams * WHOLE),
        within=grams <= cap.max_grams,
        source=source_of(label, cap),
    )


def _supply(label: Label, cap: Cap, amount: AmountToCompare) -> Supply:
    tubes = ceil(amount.per_day * amount.days / cap.tube_grams)
    if label.in_use is not None:
        tubes = max(tubes, ceil(Decimal(amount.days) / label.in_use.days))
    return Supply(
        tube_grams=cap.tube_grams,
        tubes=tubes,
        within_cap=amount.per_day * cap.dispensing_days <= cap.max_grams,
        lasts_days=settled(cap.tube_grams / amount.per_day),
        discard_after_days=None if label.in_use is None else label.in_use.days,
        cost=None if amount.tube_price is None else tubes * amount.tube_price,
    )


def area_above(label: Label, area: Decimal) -> Finding:
    """Return the finding that an area in % BSA is above a label's limit."""
    limit = label.max_area
    return finding(
        "area-above-maximum",
        source_of(label, limit),
        area=shown(area, 1, limit.value),
        limit=limit.value,
        label=label.name,
    )


def _amount_findings(
    label: Label, caps: tuple[CapAnswer, ...], amount: AmountToCompare
) -> list[Finding]:
    """Compare the estimated use with the caps; one tube size within its cap is enough."""
    if any(cap.within for cap in caps):
        return [
            found
            for cap, answer in zip(label.caps, caps, strict=True)
            for found in _findings_within(cap, answer, amount, label)
        ]
    if not caps:
        return []
    fitting = [cap for cap in label.caps if amount.per_day * cap.dispensing_days <= cap.max_grams]
    if fitting:
        cap = fitting[0]
        return [
            finding(
                "quantity-near-maximum",
                source_of(label, cap),
                label=label.name,
                grams=shown(amount.per_day * cap.period_days, 1, cap.max_grams),
                days=cap.period_days,
                fewer_grams=shown(amount.per_day * cap.dispensing_days, 1, cap.max_grams),
                fewer_days=cap.dispensing_days,
                limit=cap.max_grams,
            )
        ]
    over = "; ".join(
        f"{shown(amount.per_day * cap.dispensing_days, 1, cap.max_grams)} g"
        f" in {cap.dispensing_days} days, against {cap.max_grams} g {cap.per}"
        for cap in label.caps
    )
    return [
        finding(
            "quantity-above-maximum",
            source_of(label, label.caps[0]),
            label=label.name,
            over=over,
        )
    ]


def _findings_within(
    cap: Cap, answer: CapAnswer, amount: AmountToCompare, label: Label
) -> list[Finding]:
    high = amount.high_per_day * cap.period_days
    if not answer.within:
        return [
            finding(
                "tube-size-over-cap",
                answer.source,
                grams=shown(amount.per_day * cap.period_days, 1, cap.max_grams),
                days=cap.period_days,
                limit=cap.max_grams,
                per=cap.per,
                label=label.name,
                size=cap.tube_grams,
            )
        ]
    if high > cap.max_grams:
        return [
            finding(
                "estimate-range-reaches-cap",
                answer.source,
                size=cap.tube_grams,
                grams=shown(high, 1, cap.max_grams),
                limit=cap.max_grams,
                per=cap.per,
            )
        ]
    return []


def _outliving_tubes(label: Label, amount: AmountToCompare) -> list[Finding]:
    kept = label.in_use
    if kept is None:
        return []
    return [
        finding(
            "tube-outlives-opening",
            source_of(label, kept),
            size=cap.tube_grams,
            days=shown(cap.tube_grams / amount.per_day, 0, Decimal(kept.days)),
            months=kept.months,
        )
        for cap in label.caps
        if amount.per_day * kept.days < cap.tube_grams
    ]
