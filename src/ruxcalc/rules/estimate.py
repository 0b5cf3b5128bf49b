"""The estimate of the amount: area, body surface, and grams per application by two methods."""

from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc import figures
from ruxcalc.errors import InputError
from ruxcalc.labels.model import Label
from ruxcalc.numbers import shown
from ruxcalc.patient import Patient, refuse_together
from ruxcalc.rules.body_surface import FORMULAS

AREA_INPUTS = ("bsa", "handprints", "ftu")
CM2_IN_M2 = 10_000
MG_IN_GRAM = 1000
WHOLE = Decimal(100)  # percent


class Method(NamedTuple):
    """How the amount was estimated, where that and its published range come from.

    `note` says whom the estimate fits, where that matters.
    """

    name: Literal["fingertip", "density"]
    source: str
    spread_source: str
    note: str


class Estimate(NamedTuple):
    """Grams per application, with the range that was published for the method."""

    method: Method
    grams: Decimal
    low: Decimal
    high: Decimal


def area_percent(patient: Patient) -> Decimal | None:
    """Return the area to be treated in % of body surface; None where an amount was given.

    Raises `InputError` if no input states it, more than one does, or handprints are more than
    a body has.
    """
    refuse_together(patient, *AREA_INPUTS)
    if patient.bsa is not None:
        return patient.bsa
    if patient.handprints is not None:
        total = sum((part.handprints for part in patient.handprints), Decimal(0))
        area = total * figures.BSA_PER_HANDPRINT.value
        if area > WHOLE:
            raise InputError("handprints", f"are {shown(total)} together, more than a body has")
        return area
    if patient.ftu is not None:
        return None
    raise InputError("bsa", "is missing", "the area ({bsa} or {handprints}) or the amount ({ftu})")


def body_surface(patient: Patient) -> Decimal | None:
    """Return the body surface in m2, as given or from height and weight; None if not known.

    Raises `InputError` for half a pair, or for two statements of the same thing.
    """
    if patient.body_surface is not None:
        for name in ("height", "weight", "formula"):
            refuse_together(patient, "body_surface", name)
        return patient.body_surface
    if patient.height is not None and patient.weight is not None:
        return FORMULAS[patient.formula or "mosteller"].surface(patient.height, patient.weight)
    for name, other in (("height", "weight"), ("weight", "height"), ("formula", "height")):
        if getattr(patient, name) is not None:
            raise InputError(other, f"is missing beside {{{name}}}", "{height} and {weight}")
    return None


def grams_per_ftu(patient: Patient) -> Decimal:
    """Return the grams of one fingertip unit: as given, or the usual figure."""
    typed = patient.grams_per_ftu
    return figures.GRAMS_PER_FTU.value if typed is None else typed


def by_fingertip(patient: Patient, area: Decimal | None, surface: Decimal | None) -> Estimate:
    """Estimate grams per application by fingertip unit, from an area in % BSA or from units."""
    spread = figures.GRAMS_PER_BSA_SPREAD
    fits = figures.FITS_BODY_SURFACE
    note = (
        ""
        if surface is not None
        else f"The fingertip estimate fits a body surface of about {fits.value} m2. With height"
        " and weight the estimate is by density."
    )
    method = Method("fingertip", figures.GRAMS_PER_FTU.source, spread.source, note)
    if area is None:
        assert patient.ftu is not None
        area_of_units = patient.ftu * figures.BSA_PER_FTU.value
        grams = patient.ftu * grams_per_ftu(patient)
        return Estimate(method, grams, area_of_units * spread.low, area_of_units * spread.high)
    grams = area / figures.BSA_PER_FTU.value * grams_per_ftu(patient)
    return Estimate(method, grams, area * spread.low, area * spread.high)


BY_DENSITY = Method("density", figures.DENSITY.source, figures.DENSITY_SPREAD.source, "")


def by_density(treated: Decimal) -> Estimate:
    """Estimate grams per application by cream density, from the treated area in cm2."""
    spread = figures.DENSITY_SPREAD
    return Estimate(
        BY_DENSITY,
        treated * figures.DENSITY.value / MG_IN_GRAM,
        treated * spread.low / MG_IN_GRAM,
        treated * spread.high / MG_IN_GRAM,
    )


def treated_cm2(area: Decimal, surface: Decimal) -> Decimal:
    """Return cm2 of treated skin: `area` in % BSA of a body surface in m2."""
    return area / WHOLE * surface * CM2_IN_M2


def estimate(patient: Patient, area: Decimal | None, surface: Decimal | None) -> Estimate:
    """Estimate by the method that was asked for, else by density where a surface is known.

    Raises `InputError` where the method lacks what it needs.
    """
    method = patient.method or ("fingertip" if surface is None or area is None else "density")
    if method == "fingertip":
        return by_fingertip(patient, area, surface)
    if patient.grams_per_ftu is not None:
        raise InputError(
            "grams_per_ftu", "has no part in the density method", "the fingertip method with it"
        )
    if area is None:
        raise InputError("method", "needs an area", "{bsa} or {handprints}", method)
    if surface is None:
        raise InputError(
            "method",
            "needs a body surface",
            "{body_surface}, or {height} and {weight}",
            method,
        )
    return by_density(treated_cm2(area, surface))


def applications_per_day(labels: tuple[Label, ...]) -> Decimal:
    """Return the applications a day on which the labels agree.

    Raises `InputError` where they do not: one amount cannot answer for all of them.
    """
    counts = {label.applications_per_day.value for label in labels}
    if len(counts) > 1:
        each = ", ".join(f"{label.name} {label.applications_per_day.value}" for label in labels)
        raise InputError(
            "region", f"the labels differ in applications a day: {each}", "one region at a time"
        )
    return counts.pop()
