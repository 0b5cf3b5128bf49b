"""The clock, asked in this one place and only by the doors."""

from datetime import date


def today() -> date:
    """The day it is here."""
    return date.today()  # noqa: DTZ011 - the day on the calendar of this place
