"""The types of the Python interface's arguments, for editors and type checkers.

The inputs themselves are declared once, in `ruxcalc.patient`; a test holds these to them.
Nothing here is imported at run time.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, TypedDict

Number = str | int | float | Decimal
Flag = bool | Literal["yes", "no", "true", "false"]
DateValue = date | str | None
Names = str | Iterable[str]
BySite = Number | Iterable[str] | Mapping[str, Number]
Regions = str | Iterable[str] | None
Method = Literal["fingertip", "density"]
Formula = Literal["mosteller", "dubois", "haycock"]
Measure = Literal["f-vasi", "t-vasi", "treated-area"]
Tuberculosis = Literal["active", "latent", "exposed", "no"]


class _AmountInputs(TypedDict, total=False):
    """Area and amount."""

    bsa: Number | None
    handprints: BySite | None
    ftu: Number | None
    grams_per_ftu: Number | None
    height: Number | None
    weight: Number | None
    body_surface: Number | None
    method: Method | None
    formula: Formula | None
    days: Number | None
    tube_price: Number | None


class _DispensedInputs(TypedDict, total=False):
    """Tubes that were dispensed."""

    dispensed: Names | None
    per_days: Number | None


class _ResponseInputs(TypedDict, total=False):
    """The response to treatment."""

    week: Number | None
    restart: DateValue
    repig: BySite | None
    baseline: Number | None
    score: Number | None
    measure: Measure | None
    meaningful: Flag | None
    satisfactory: Flag | None


class _DateInputs(TypedDict, total=False):
    """Dates of treatment and visit."""

    start: DateValue
    on: DateValue


class _SafetyInputs(TypedDict, total=False):
    """What the labels' precautions turn on."""

    age: Number | None
    face: Flag | None
    segmental: Flag | None
    hypersensitivity: Flag | None
    pregnant: Flag | None
    planning_pregnancy: Flag | None
    breastfeeding: Flag | None
    esrd: Flag | None
    egfr: Number | None
    hepatic: Flag | None
    drug: Names | None
    topical: Names | None
    biologic: Flag | None
    jak_inhibitor: Flag | None
    immunosuppressant: Flag | None
    live_vaccine: Flag | None
    infection: Flag | None
    chronic_infection: Flag | None
    past_serious_infection: Flag | None
    infection_risk: Flag | None
    endemic_area: Flag | None
    tuberculosis: Tuberculosis | None
    hepatitis_b: Flag | None
    hepatitis_c: Flag | None
    zoster: Flag | None
    malignancy: Flag | None
    nmsc: Flag | None
    phototherapy: Flag | None
    phototherapy_now: Flag | None
    smoker: Flag | None
    cardiovascular_risk: Flag | None
    mi_or_stroke: Flag | None
    thrombosis_risk: Flag | None
    cytopenia: Flag | None
    diabetes: Flag | None
    all_others_no: Flag | None


class _SupplyInputs(TypedDict, total=False):
    """The last application, and tubes in hand."""

    stop: DateValue
    tubes: Number | None
    tube_grams: Number | None


class _OnInput(TypedDict, total=False):
    """The day on which the age of the facts is judged."""

    on: DateValue


class CheckInputs(_ResponseInputs, _DateInputs, total=False):
    """The inputs of `check`."""


class WarnInputs(_SafetyInputs, _OnInput, total=False):
    """The inputs of `warn`."""


class DoseInputs(_AmountInputs, _DispensedInputs, _OnInput, total=False):
    """The inputs of `dose`."""


class AssessInputs(
    _AmountInputs, _DispensedInputs, _ResponseInputs, _DateInputs, _SafetyInputs, total=False
):
    """The inputs of `assess`."""


class PlanInputs(_AmountInputs, _DateInputs, _SupplyInputs, total=False):
    """The inputs of `plan`."""


class HandoutInputs(_AmountInputs, _DateInputs, _SafetyInputs, total=False):
    """The inputs of `handout`."""
