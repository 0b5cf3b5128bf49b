"""How much cream, in words: the parts of sentences that the page of a dose is made of."""

from decimal import Decimal
from typing import TYPE_CHECKING

from ruxcalc import figures
from ruxcalc.labels import REGIONS
from ruxcalc.labels.model import period_text
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.layout import grouped, with_names
from ruxcalc.render.pages.words import option_text
from ruxcalc.rules.dispensed import some_tubes

if TYPE_CHECKING:
    from ruxcalc.rules.dose import CapAnswer, DoseAnswer, DoseRegion, Supply

DAYS_SHOWN_AS_DAYS = 60
DAYS_IN_MONTH = Decimal("30.4")  # for days that are shown rounded
TIMES = {Decimal(1): "once", Decimal(2): "twice"}


def estimate_sentence(answer: "DoseAnswer") -> str:
    """Return what the estimate rests on, as a sentence of a note."""
    size = fitting_body(answer)
    fits = f"fits a body of about {size}; " if size else ""
    least, most = answer.use.single_application_range_grams
    return (
        f"Estimate: {fits}single patients used {plain_text(least)} to {plain_text(most)} g an"
        " application."
    )


def prescription(answer: "DoseAnswer") -> str:
    """Return the dose as a prescription: cream, amount, tubes."""
    tubes = "; ".join(
        with_names(answer.basis, regions, text)
        for regions, text in grouped({r: tubes_or(part) for r, part in answer.regions.items()})
    )
    on = "" if answer.bsa_percent is None else f" on {area_text(answer)} % BSA"
    week = f"about {shown(answer.use.grams_per_week)} g a week"
    supply = f"; for {answer.supply_days} days {tubes}" if tubes else ""
    return f"Ruxolitinib 1.5 % cream: {use_sentence(answer)}{on}, {week}{supply}."


def units_text(units: Decimal, grams: Decimal) -> str:
    """Write an application as `4 fingertip units (2 g)`."""
    number = _rounded(units)
    return f"{number} fingertip unit{'' if number == '1' else 's'} ({_rounded(grams)} g)"


def _rounded(amount: Decimal, *limits: Decimal) -> str:
    return shown(amount, 2 if amount < 1 else 1, *limits)


def times_text(times: Decimal) -> str:
    """Write applications a day as `twice a day`."""
    return f"{TIMES.get(times, f'{plain_text(times)} times')} a day"


def use_sentence(answer: "DoseAnswer") -> str:
    """Write the use as `4 fingertip units (2 g) twice a day`."""
    use = answer.use
    each = units_text(use.fingertip_units_per_application, use.grams_per_application)
    return f"{each} {times_text(use.applications_per_day)}"


def dose_sentence(answer: "DoseAnswer") -> str:
    """Write the dose as one says it aloud, with the area where it is known."""
    on = "" if answer.bsa_percent is None else f" on {area_text(answer)} % of the body"
    return f"{use_sentence(answer)}{on}: {shown(answer.use.grams_per_week)} g a week"


def area_text(answer: "DoseAnswer") -> str:
    """Write the area in % BSA, never rounded onto or across a limit."""
    assert answer.bsa_percent is not None
    limits = [part.max_bsa_percent for part in answer.regions.values()]
    return _rounded(answer.bsa_percent, *limits)


def grams_text(cap: "CapAnswer") -> str:
    """Write the estimate over the period of a cap, never rounded onto or across the limit."""
    return shown(cap.estimated_grams, 1, cap.max_grams)


def cap_text(cap: "CapAnswer") -> str:
    """Write the estimate against a cap: `28 of 60 g a week`."""
    return f"{grams_text(cap)} of {cap.max_grams} g {period_text(cap.period)}"


def cap_with_days(cap: "CapAnswer") -> str:
    """Write the estimate against a cap, with the days of its period where they vary."""
    if "week" in cap.period:
        return cap_text(cap)
    return f"{grams_text(cap)} of {cap.max_grams} g in a {cap.period} of {cap.period_days} days"


def mark(cap: "CapAnswer", supply: "Supply") -> str:
    """Return what stands behind an estimate that is near the cap or over it."""
    if cap.within:
        return ""
    return ": NEAR" if supply.within_cap else ": OVER"


def days_text(days: Decimal) -> str:
    """Write estimated days rounded: `about 25 days`, `about 4 months`."""
    if days < 1:
        return "less than a day"
    if days < DAYS_SHOWN_AS_DAYS:
        number = int(days)
        return f"about {number} day{'' if number == 1 else 's'}"
    months = shown(days / DAYS_IN_MONTH, 0)
    return f"about {months} months"


def supply_text(supply: "Supply") -> str:
    """Write the tubes of one size: `2 tubes of 100 g`, with what they cost."""
    return some_tubes(supply.tubes, supply.tube_grams, supply.cost)


def tubes_or(part: "DoseRegion") -> str:
    """Write the tubes of one label joined by *or*: `2 tubes of 60 g or 2 tubes of 100 g`."""
    return " or ".join(supply_text(supply) for supply in part.supply if supply.within_cap)


def fitting_body(answer: "DoseAnswer") -> str:
    """Return the body surface that the estimate fits: `1.6 m2`; empty where that is no question."""
    fits = figures.FITS_BODY_SURFACE
    return f"{fits.value} {fits.unit}" if answer.method.note else ""


def command_line(answer: "DoseAnswer") -> str:
    """Write the command that shows this dose, such as `ruxcalc dose --bsa 8 -r eu`."""
    options = " ".join(option_text(name, value) for name, value in answer.inputs.items())
    place = "" if tuple(answer.regions) == REGIONS else f" -r {','.join(answer.regions)}"
    return f"ruxcalc dose {options}{place}"
