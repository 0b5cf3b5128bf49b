"""How much cream, and whether area and amount stay within each label."""

from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc import figures
from ruxcalc.inputs import Dispensing
from ruxcalc.labels.model import Label
from ruxcalc.numbers import exactly, settled
from ruxcalc.patient import Patient, given_inputs
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
    worst_verdict,
)
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.dispensed import DispensedAnswer
from ruxcalc.rules.estimate import (
    WHOLE,
    Method,
    treated_cm2,
)
from ruxcalc.rules.findings import written
from ruxcalc.rules.limits import (
    DAYS_IN_WEEK,
    Amount,
    JudgedRegion,
    JudgedSize,
    amount_of,
    judge_dose,
    judge_size,
)


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
    largest = amount_of(patient._replace(bsa=min(limits), handprints=None), labels)
    sizes = {
        label.region: [judge_size(label, cap, largest) for cap in label.caps] for label in labels
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
