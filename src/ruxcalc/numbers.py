"""The number grammar, one for every interface, and how numbers are shown.

A number is plain ASCII: digits, at most one decimal point with digits on both
sides, a minus sign or a percent sign where the input allows one. It is read
exactly, compared unrounded, and rounded only for display.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

LONGEST = 40  # characters; beyond it a typed number is a slip, not a measurement
# Products of two typed numbers and figures stay exact at this precision: they have at most about
# 90 digits. A result without an end fills it.
EXACT = Context(prec=100)
MOST_EXACT_DIGITS = 90
CUT = Decimal("1e-12")  # the last decimal kept of a result that has no end, such as 1/3
ROUND = Decimal("1e-3")  # no limit of a label is finer
BESIDE_ROUND = Context(prec=12)  # digits kept of the distance from a number as round as that
NOTHING = Decimal(0)


def exactly() -> AbstractContextManager[Context]:
    """Return a decimal context in which the rules compute without rounding typed numbers."""
    return localcontext(EXACT)


def read_number(value: object, *, signed: bool = False, percent: bool = False) -> Decimal:
    """Return the exact number that `value` states.

    `value` is text, an `int`, a finite `Decimal`, or a `float`, which is read
    by its shortest decimal form. Raises `ValueError` with a sentence that says
    what is wrong, in words that follow the value.
    """
    if isinstance(value, str):
        return _read_text(value, signed=signed, percent=percent)
    if isinstance(value, bool):
        raise ValueError("is a yes or no, not a number")
    if isinstance(value, float):
        value = Decimal(float.__repr__(value))
    if isinstance(value, Decimal):
        return _read_text(_plain(value), signed=signed)
    if isinstance(value, int):
        # A huge int has no cheap text: look at its size before its digits.
        if value.bit_length() > LONGEST * 4:
            raise ValueError(f"has more than {LONGEST} characters")
        return _read_text(str(value), signed=signed)
    raise ValueError("is not a number")


def _plain(number: Decimal) -> str:
    if not number.is_finite():
        raise ValueError("is not a number")
    if abs(number.adjusted()) > LONGEST:
        raise ValueError(f"has more than {LONGEST} characters")
    return format(number, "f")


def _read_text(text: str, *, signed: bool, percent: bool = False) -> Decimal:
    if not text:
        raise ValueError("is empty")
    if len(text) > LONGEST:
        raise ValueError(f"has {len(text)} characters, more than {LONGEST}")
    if text != text.strip():
        raise ValueError("has spaces around it")
    if not text.isascii():
        raise ValueError("has characters other than the digits 0 to 9")
    body = text.removesuffix("%") if percent else text
    if body.startswith("-") and not signed:
        raise ValueError("has a sign")
    body = body.removeprefix("-")
    whole, point, fraction = body.partition(".")
    if not whole.isdigit() or (point and not fraction.isdigit()):
        raise ValueError(_what_is_wrong(text, body))
    return Decimal(text.removesuffix("%"))


def _what_is_wrong(text: str, body: str) -> str:
    with_point = body.replace(",", ".")
    if "," in body and with_point.replace(".", "", 1).isdigit():
        return f"has a comma: {text.replace(',', '.')}?"
    if body.startswith(("+", "-")):
        return "has a sign"
    if body.endswith("%"):
        return "has a percent sign where none belongs"
    if body.replace(".", "", 1).isdigit():
        return "lacks a digit before or after the decimal point"
    return "is not a plain number"


def plain_text(number: Decimal) -> str:
    """Write `number` in full, without an exponent or zeros that say nothing: `28`, `8.5`."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def settled(number: Decimal) -> Decimal:
    """Return a computed result as answers carry it.

    It is exact, or cut to 12 decimals if it has no end. Where that would put it onto a number
    that could be a limit, it keeps as many decimals as show on which side it lies.
    """
    text = str(number)
    if len(text) > MOST_EXACT_DIGITS and _digits_of(text) > MOST_EXACT_DIGITS:
        number = cut_off(number)
        text = str(number)
    # Zeros at the end say nothing and are left off.
    return Decimal(plain_text(number)) if text[-1] == "0" or "E" in text else number


def _digits_of(text: str) -> int:
    """Count the digits of a number as Python writes it, without zeros before the first."""
    return len(text.partition("E")[0].replace(".", "", 1).lstrip("-0"))


def cut_off(number: Decimal) -> Decimal:
    """Return `number` rounded to 12 decimals, and never onto a limit that it does not meet."""
    cut = number.quantize(CUT, None, EXACT)
    if EXACT.remainder(cut, ROUND):
        return cut
    distance = BESIDE_ROUND.subtract(number, cut)
    # Beyond the digits of an exact result it is the rounding of the computation itself.
    if not distance or distance.adjusted() < number.adjusted() - MOST_EXACT_DIGITS:
        return cut
    return EXACT.add(cut, distance)


def shown(number: Decimal, places: int = 1, *limits: Decimal) -> str:
    """Write `number` rounded half up to `places` decimals, for a person to read.

    It is never rounded onto or across one of `limits`: 10.0000001 beside a
    limit of 10 stays 10.0000001. Nor is anything rounded away to 0.
    """
    rounded = number.quantize(_step(places), ROUND_HALF_UP, EXACT)
    for limit in (*limits, NOTHING):
        if number.compare(limit) != rounded.compare(limit):
            return plain_text(number)
    return plain_text(rounded)


@lru_cache
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)
