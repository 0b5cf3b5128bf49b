"""How a list writes numbers and dates, where its owner says that it is not our way."""

import re
from typing import NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import Input

DECIMAL_SIGNS = (".", ",")
DATE_FORMS = ("iso", "dmy")
WITH_NUMBERS = ("number", "repigmentation", "handprints", "dispensed")
HAS_POINT = "has a decimal point"
DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
DAY_FIRST = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})")
YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class Notation(NamedTuple):
    """What the owner of a list said of it; nothing is guessed.

    With a decimal comma, `8,5` is a number and `8.5` is refused. With the day first,
    `31.12.2026` and `31/12/2026` are dates, and `2026-12-31` still is.
    """

    decimal_comma: bool = False
    day_first: bool = False

    def to_plain(self, name: str, declared: Input, value: object) -> object:
        """Return a value of the list in the notation of the command line.

        Raises `InputError` for a decimal point in a list with decimal commas.
        """
        if not isinstance(value, str):
            return value
        if self.decimal_comma and declared.kind in WITH_NUMBERS:
            if "." in value:
                fix = "This list has decimal commas: write 8,5."
                raise InputError(name, HAS_POINT, declared.accepted, value, fix=fix)
            return DECIMAL_COMMA.sub(".", value)
        if self.day_first and declared.kind == "date":
            date = DAY_FIRST.fullmatch(value)
            return value if date is None else f"{date[4]}-{date[3]:0>2}-{date[1]:0>2}"
        return value

    def as_typed(self, declared: Input, error: InputError) -> InputError:
        """Return the error with the value as the list writes it."""
        typed = error.given
        if not isinstance(typed, str) or error.problem == HAS_POINT:
            return error
        if self.decimal_comma and declared.kind in WITH_NUMBERS:
            typed = typed.replace(".", ",")
        elif self.day_first and declared.kind == "date":
            typed = YEAR_FIRST.sub(r"\3.\2.\1", typed)
        return InputError(error.field, error.problem, error.accepted, typed, fix=error.fix)


def read_notation(decimal: str | None, dates: str | None) -> Notation:
    """Read what was typed for the decimal sign and for the form of dates."""
    if decimal not in (None, *DECIMAL_SIGNS):
        raise InputError("decimal", "is not a decimal sign", "a comma or a point", decimal)
    form = None if dates is None else dates.lower()
    if form not in (None, *DATE_FORMS):
        accepted = "dmy for 31.12.2026 or 31/12/2026, iso for 2026-12-31"
        raise InputError("dates", "is not a form of dates", accepted, dates)
    return Notation(decimal == ",", form == "dmy")
