"""The clock, asked in this one place and only by the interfaces."""

from datetime import date


def today() -> date:
    """Return the day it is here."""
    return date.today()  # noqa: DTZ011 - the day on the calendar of this place
