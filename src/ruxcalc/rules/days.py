"""Days counted on the calendar."""

from datetime import date, timedelta

from ruxcalc.errors import InputError


def day_after(day: date, days: int, field: str, given: str) -> date:
    """Return the date `days` after `day`.

    Raises `InputError` for `field`, whose value was `given`, where the calendar has no such day.
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise InputError(
            field, "leads to a day beyond the calendar", f"what ends by {date.max}", given
        ) from None
