"""How a list writes numbers and dates, where its owner says that it is not our way."""

import re
from typing import Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import Input

DateOrder = Literal["ymd", "dmy", "mdy"]
DECIMAL_SIGNS = (".", ",")
# Where day, month and year stand in 31.12.2026 or 12/31/2026.
GROUPS: dict[str, tuple[int, int, int]] = {"dmy": (1, 3, 4), "mdy": (3, 1, 4)}
DATE_ORDERS = ("ymd", *GROUPS)
WITH_NUMBERS = ("number", "repigmentation", "handprints", "dispensed")
HAS_POINT = "has a decimal point"
DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
YEAR_LAST = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})")


class Notation(NamedTuple):
    """What the owner of a list said of it; nothing is guessed.

    With a decimal comma, `8,5` is a number and `8.5` is refused. With the day first,
    `31.12.2026` and `31/12/2026` are dates; `2026-12-31` always is.
    """

    decimal_comma: bool = False
    date_order: DateOrder = "ymd"

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
        groups = GROUPS.get(self.date_order)
        if declared.kind == "date" and groups is not None:
            date = YEAR_LAST.fullmatch(value)
            day, month, year = groups
            return value if date is None else f"{date[year]}-{date[month]:0>2}-{date[day]:0>2}"
        return value

    def as_typed(self, declared: Input, error: InputError, typed: object) -> InputError:
        """Return an error of a value in plain notation as one of the value that was typed."""
        plain = error.given
        if not isinstance(plain, str) or error.problem == HAS_POINT:
            return error
        if self.decimal_comma and declared.kind in WITH_NUMBERS:
            typed = plain.replace(".", ",")
        elif declared.kind != "date" or self.date_order == "ymd":
            return error
        return InputError(error.field, error.problem, error.accepted, typed, fix=error.fix)


PLAIN = Notation()


def read_notation(decimal: str | None, dates: str | None) -> Notation:
    """Read what was typed for the decimal sign and for the order of dates."""
    if decimal not in (None, *DECIMAL_SIGNS):
        raise InputError("decimal", "is not a decimal sign", "a comma or a point", decimal)
    order = "ymd" if dates is None else dates.lower()
    for known in ("ymd", "dmy", "mdy"):
        if order == known:
            return Notation(decimal == ",", known)
    accepted = "ymd for 2026-12-31, dmy for 31.12.2026, mdy for 12/31/2026"
    raise InputError("dates", "is not an order of dates", accepted, dates)
