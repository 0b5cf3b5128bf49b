"""How much cream, and whether area and amount stay within each label."""

from decimal import Decimal
from math import ceil
from typing import NamedTuple

from ruxcalc import figures
from ruxcalc.answers import (
    CapAnswer,
    CitedValue,
    DoseAnswer,
    DoseRegion,
    Finding,
    Method,
    Supply,
    Use,
    gravest_of,
    worst_first,
)
from ruxcalc.errors import InputError
from ruxcalc.labels.model import Cap, InUse, Label
from ruxcalc.numbers import exactly, settled, shown
from ruxcalc.patient import Patient, given_inputs, refuse_leftover, refuse_together, unusual_inputs
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.body_surface import FORMULAS

AREA_INPUTS = ("bsa", "handprints", "ftu")
SUPPLY_DAYS = 28
DAYS_IN_WEEK = 7
CM2_IN_M2 = 10_000
MG_IN_GRAM = 1000
WHOLE = Decimal(100)  # percent
ABSORBED = tuple(
    CitedValue(share.name, share.value, share.unit, share.source) for share in figures.ABSORBED
)
BY_FINGERTIP = Method(
    "fingertip", figures.GRAMS_PER_FTU.source, figures.GRAMS_PER_BSA_SPREAD.source
)
BY_DENSITY = Method("density", figures.DENSITY.source, figures.DENSITY_SPREAD.source)


def gives_area(patient: Patient) -> bool:
    """Whether the patient has the one input without which there is no dose."""
    return any(getattr(patient, name) is not None for name in AREA_INPUTS)


def area_percent(patient: Patient) -> Decimal:
    """The area to be treated in % of body surface, from whichever input states it.

    Raises `InputError` if none or more than one does.
    """
    refuse_together(patient, *AREA_INPUTS)
    if patient.bsa is not None:
        return patient.bsa
    if patient.handprints is not None:
        return patient.handprints * figures.BSA_PER_HANDPRINT.value
    if patient.ftu is not None:
        return patient.ftu * figures.BSA_PER_FTU.value
    raise InputError("bsa", "is missing", "one of --bsa, --handprints or --ftu")


def body_surface(patient: Patient) -> Decimal | None:
    """The body surface in m2, as given or from height and weight; None if neither is known.

    Raises `InputError` for half a pair, or for two statements of the same thing.
    """
    refuse_together(patient, "body_surface", "height")
    refuse_together(patient, "body_surface", "weight")
    refuse_together(patient, "body_surface", "formula")
    if patient.body_surface is not None:
        return patient.body_surface
    if patient.height is not None and patient.weight is not None:
        return FORMULAS[patient.formula or "mosteller"].surface(patient.height, patient.weight)
    for name, other in (("height", "weight"), ("weight", "height"), ("formula", "height")):
        if getattr(patient, name) is not None:
            raise InputError(other, f"is missing beside --{name}", "--height and --weight together")
    return None


class Estimate(NamedTuple):
    """Grams per application, with the spread that was published for the method."""

    method: Method
    grams: Decimal
    low: Decimal
    high: Decimal


def grams_per_ftu(patient: Patient) -> Decimal:
    """Grams in one fingertip unit: as given, or the usual figure."""
    given = patient.grams_per_ftu
    return figures.GRAMS_PER_FTU.value if given is None else given


def by_fingertip(patient: Patient, area: Decimal) -> Estimate:
    """Grams per application from fingertip units; needs only the area in % BSA."""
    spread = figures.GRAMS_PER_BSA_SPREAD
    return Estimate(
        BY_FINGERTIP,
        area / figures.BSA_PER_FTU.value * grams_per_ftu(patient),
        area * spread.low,
        area * spread.high,
    )


def by_density(treated_cm2: Decimal) -> Estimate:
    """Grams per application from cream density and the treated area in cm2."""
    spread = figures.DENSITY_SPREAD
    return Estimate(
        BY_DENSITY,
        treated_cm2 * figures.DENSITY.value / MG_IN_GRAM,
        treated_cm2 * spread.low / MG_IN_GRAM,
        treated_cm2 * spread.high / MG_IN_GRAM,
    )


def estimate(patient: Patient, area: Decimal, surface: Decimal | None) -> Estimate:
    """The estimate by the method asked for, else by density where a surface is known."""
    method = patient.method or ("fingertip" if surface is None else "density")
    if method == "fingertip":
        return by_fingertip(patient, area)
    if patient.grams_per_ftu is not None:
        raise InputError(
            "grams_per_ftu", "has no part in the density method", "--method fingertip with it"
        )
    if surface is None:
        raise InputError(
            "method",
            "needs a body surface",
            "--body-surface, or --height and --weight",
            patient.method,
        )
    return by_density(treated_cm2(area, surface))


def treated_cm2(area: Decimal, surface: Decimal) -> Decimal:
    """cm2 of treated skin: `area` in % BSA of a body surface in m2."""
    return area / WHOLE * surface * CM2_IN_M2


def applications_per_day(labels: tuple[Label, ...]) -> Decimal:
    """Applications a day; one figure serves because every label asks for the same."""
    (per_day,) = {label.applications_per_day.value for label in labels}
    return per_day


def dose(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer:
    """How much cream for this patient, against each of `labels`.

    Label sections: area and caps 2.2 (US), 4.2 (EU, UK); the figures of the
    estimate are in `ruxcalc.figures`. Raises `InputError` for inputs that
    contradict each other or lack a partner.
    """
    with exactly():
        return _dose(patient, labels)


def dose_if_asked(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer | None:
    """The dose, or None where nothing was given for it; `InputError` where the area lacks."""
    if gives_area(patient):
        return dose(patient, labels)
    refuse_leftover(patient, "dose", "bsa", "one of --bsa, --handprints or --ftu with it")
    return None


def _dose(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer:
    area = area_percent(patient)
    surface = body_surface(patient)
    per_application = estimate(patient, area, surface)
    per_day_count = applications_per_day(labels)
    per_day = per_application.grams * per_day_count
    low, high = per_application.low * per_day_count, per_application.high * per_day_count
    days = SUPPLY_DAYS if patient.days is None else int(patient.days)
    applied = per_day * figures.STRENGTH.value
    shares = [share.value for share in figures.ABSORBED]
    need = Need(area, per_day, high, days, patient.tube_price)
    regions: dict[str, DoseRegion] = {label.region: _against(label, need) for label in labels}
    return DoseAnswer(
        schema="ruxcalc.dose/1",
        inputs=given_inputs(patient, "dose"),
        worst=gravest_of(regions.values()),
        bsa_percent=area,
        body_surface_m2=None if surface is None else settled(surface),
        supply_days=days,
        method=per_application.method,
        use=Use(
            grams_per_application=settled(per_application.grams),
            fingertip_units_per_application=settled(per_application.grams / grams_per_ftu(patient)),
            grams_per_day=settled(per_day),
            grams_per_week=settled(per_day * DAYS_IN_WEEK),
            grams_per_week_range=(settled(low * DAYS_IN_WEEK), settled(high * DAYS_IN_WEEK)),
            grams_per_month=settled(per_day * figures.DAYS_IN_MONTH.value),
            grams_per_supply=settled(per_day * days),
            treated_cm2=None if surface is None else settled(treated_cm2(area, surface)),
            ruxolitinib_mg_per_day=settled(applied),
            absorbed_mg_per_day_range=(
                settled(applied * min(shares) / WHOLE),
                settled(applied * max(shares) / WHOLE),
            ),
            absorbed_sources=ABSORBED,
        ),
        regions=regions,
        basis=basis_of(labels),
        notes=(
            *unusual_inputs(patient, "dose"),
            *_units_not_followed(patient, per_application.method),
            *_outside_spread(per_day, low, high),
        ),
    )


def _units_not_followed(patient: Patient, method: Method) -> tuple[str, ...]:
    if patient.ftu is None or method is BY_FINGERTIP:
        return ()
    return ("ftu: taken as an area; the amount is by density, or by --method fingertip.",)


def _outside_spread(per_day: Decimal, low: Decimal, high: Decimal) -> tuple[str, ...]:
    if low <= per_day <= high:
        return ()
    return ("The estimate lies outside the published spread; see grams_per_ftu.",)


class Need(NamedTuple):
    """What is held against each label: % BSA, grams a day, supply days, price of a tube."""

    area: Decimal
    per_day: Decimal
    high_per_day: Decimal
    days: int
    tube_price: Decimal | None


def _against(label: Label, need: Need) -> DoseRegion:
    area_within = need.area <= label.max_area.value
    caps = tuple(_cap_answer(label, cap, need.per_day) for cap in label.caps)
    supply = tuple(_supply(label, cap, need) for cap in label.caps)
    amount_within = any(cap.within for cap in caps)
    findings = [] if area_within else [area_above(label, need.area)]
    if amount_within:
        for cap in label.caps:
            findings += _findings_within(label, cap, need)
    else:
        findings.append(_quantity_above(label, caps, supply, need.days))
    kept = label.in_use
    if kept is not None:
        findings += [
            _outlives(label, kept, tubes)
            for tubes in supply
            if need.per_day * kept.days < tubes.tube_grams
        ]
    return DoseRegion(
        within_label=area_within and amount_within,
        max_bsa_percent=label.max_area.value,
        area_within=area_within,
        area_source=source_of(label, label.max_area.section, label.max_area.verified),
        caps=caps,
        supply=supply,
        findings=worst_first(findings),
    )


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
        source=source_of(label, cap.section, cap.verified),
    )


def _supply(label: Label, cap: Cap, need: Need) -> Supply:
    tubes = ceil(need.per_day * need.days / cap.tube_grams)
    return Supply(
        tube_grams=cap.tube_grams,
        tubes=tubes,
        lasts_days=settled(cap.tube_grams / need.per_day),
        discard_after_days=None if label.in_use is None else label.in_use.days,
        cost=None if need.tube_price is None else tubes * need.tube_price,
    )


def area_above(label: Label, area: Decimal) -> Finding:
    """The finding that an area in % BSA is above a label's limit."""
    limit = label.max_area
    return Finding(
        "area-above-maximum",
        "critical",
        f"{shown(area, 1, limit.value)} % of the body surface is above this label's limit of"
        f" {limit.value} %. Treat a smaller area.",
        "reduce-area",
        source_of(label, limit.section, limit.verified),
    )


def size_not_in_label(label: Label, grams: Decimal | None) -> Finding:
    """The finding that a label knows no tube of this size, in grams."""
    sizes = " or ".join(f"{cap.tube_grams} g" for cap in label.caps)
    row = label.on("tube-sizes")
    return Finding(
        "tube-size-not-in-label",
        "info",
        f"This label knows tubes of {sizes}, none of {grams} g, which is not counted here.",
        "none",
        source_of(label, row.section, row.verified),
    )


def _quantity_above(
    label: Label, caps: tuple[CapAnswer, ...], supply: tuple[Supply, ...], days: int
) -> Finding:
    over = "; ".join(
        f"{shown(cap.estimated_grams, 1, cap.max_grams)} g in {cap.period_days} days, against"
        f" {cap.max_grams} g per {cap.period}"
        for cap in caps
    )
    needed = " or ".join(f"{tubes.tubes} x {tubes.tube_grams} g" for tubes in supply)
    cap = label.caps[0]
    return Finding(
        "quantity-above-maximum",
        "critical",
        f"The use is above this label's cap: {over}. So are the tubes for {days} days, {needed}."
        " Treat a smaller area or use less.",
        "reduce-quantity",
        source_of(label, cap.section, cap.verified),
    )


def _findings_within(label: Label, cap: Cap, need: Need) -> list[Finding]:
    grams, high = need.per_day * cap.period_days, need.high_per_day * cap.period_days
    source = source_of(label, cap.section, cap.verified)
    if grams > cap.max_grams:
        return [
            Finding(
                "tube-size-over-cap",
                "info",
                f"{shown(grams, 1, cap.max_grams)} g in {cap.period_days} days is above the cap for"
                f" the {cap.tube_grams} g tube, {cap.max_grams} g per {cap.period}, and so are its"
                f" tubes for {need.days} days. Use the other tube size, whose cap fits.",
                "use-other-tube-size",
                source,
            )
        ]
    if high > cap.max_grams:
        return [
            Finding(
                "estimate-range-reaches-cap",
                "info",
                f"The estimate is within the cap for the {cap.tube_grams} g tube, but the published"
                f" spread reaches {shown(high, 1, cap.max_grams)} g, above {cap.max_grams} g per"
                f" {cap.period}. Follow the real use.",
                "follow-use",
                source,
            )
        ]
    return []


def _outlives(label: Label, kept: InUse, tubes: Supply) -> Finding:
    return Finding(
        "tube-outlives-opening",
        "info",
        f"A {tubes.tube_grams} g tube lasts {shown(tubes.lasts_days)} days at this use, longer than"
        f" the {kept.months} months after opening. Discard what is left then.",
        "discard-after-opening",
        source_of(label, kept.section, kept.verified),
    )
