"""What is wrong with a value that was refused, and what to write instead.

Loaded only where a value is refused. Nothing here accepts a value: it suggests one, and the
user types it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, Protocol

from ruxcalc.numbers import LONGEST

COMPARISONS = "<>=~\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}\N{ALMOST EQUAL TO}"
LONG_DASHES = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
GROUP = 3  # digits after a comma that may be a separator of thousands
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
LONGEST_DATE = 20

# What a region is called elsewhere.
REGIONS_MEANT = {
    "usa": "us", "america": "us", "u.s.": "us", "fda": "us",
    "gb": "uk", "britain": "uk", "england": "uk", "mhra": "uk",
    "europe": "eu", "ema": "eu", "de": "eu", "fr": "eu", "es": "eu", "it": "eu", "nl": "eu",
}  # fmt: skip


class Bounds(Protocol):
    """What a number may look like: least value, unit, and whether a percent sign may follow."""

    @property
    def low(self) -> Decimal:
        """Return the least value."""

    @property
    def unit(self) -> str:
        """Return the unit of the number."""

    @property
    def percent(self) -> bool:
        """Return whether a percent sign may follow."""


class Explained(NamedTuple):
    """What is wrong with a value, a sentence with what to write, and that value itself.

    `write` is empty where more than one value may have been meant.
    """

    problem: str
    fix: str = ""
    write: str = ""


def region_meant(text: str) -> str:
    """Return the region that is called `text` elsewhere, or an empty text."""
    return REGIONS_MEANT.get(text.strip().lower(), "")


def nearest(text: str, known: Iterable[str]) -> str:
    """Return a question that names the word of `known` nearest to `text`, or an empty text."""
    from difflib import get_close_matches

    words, begin = list(known), text[:LONGEST].lower()
    longer = [word for word in words if begin and word.startswith(begin)]
    near = longer if len(longer) == 1 else get_close_matches(begin, words, n=1)
    return f"{near[0]}?" if near else ""


def explain_number(value: object, problem: str, declared: Bounds) -> Explained:
    """Return what is wrong with a value that is no number, and what to write."""
    if not isinstance(value, str) or not value or len(value) > LONGEST:
        return Explained(problem)
    text = value.strip()
    if value != text and _is_number(text, declared):
        return Explained(problem, write=text)
    plain = _ascii(text)
    if plain != text and _is_number(plain, declared):
        has_dash = any(mark in text for mark in LONG_DASHES)
        what = "has a long dash" if has_dash else "has digits other than 0 to 9"
        return Explained(what, write=plain)
    for explain in (_comma, _sign, _percent, _comparison, _range, _point, _unit):
        explained = explain(plain, declared) if plain else None
        if explained:
            return explained
    return Explained(problem)


def _ascii(text: str) -> str:
    """Return `text` with the digits 0 to 9 and with hyphens for long dashes."""
    digits = (str(int(mark)) if mark.isdecimal() else mark for mark in text)
    return "".join("-" if mark in LONG_DASHES else mark for mark in digits)


def _is_number(text: str, declared: Bounds) -> bool:
    body = text.removesuffix("%") if declared.percent else text
    body = body.removeprefix("-") if declared.low < 0 else body
    whole, point, fraction = body.partition(".")
    return body.isascii() and whole.isdigit() and (not point or fraction.isdigit())


def _comma(text: str, declared: Bounds) -> Explained | None:
    before, comma, after = text.partition(",")
    if not comma or not _is_number(f"{before}.{after}", declared):
        return None
    if len(after.removesuffix("%")) == GROUP and before.lstrip("-0"):  # it may mean thousands
        return Explained("has a comma", f"Write {before}.{after}, or {before}{after}.")
    return Explained("has a comma", write=f"{before}.{after}")


def _sign(text: str, declared: Bounds) -> Explained | None:
    if text.startswith("+") and _is_number(text[1:], declared):
        return Explained("has a plus sign", write=text[1:])
    return None


def _percent(text: str, declared: Bounds) -> Explained | None:
    """Explain a percent sign after a space, or where none belongs."""
    number = text.rstrip("%").rstrip()
    if not text.endswith("%") or text.count("%") > 1 or not _is_number(number, declared):
        return None
    if declared.percent:
        return Explained("has a space", f"Write {number} or {number}%, without a space.", number)
    return Explained("has a percent sign where none belongs", write=number)


def _comparison(text: str, declared: Bounds) -> Explained | None:
    if text[0] not in COMPARISONS:
        return None
    number = text.lstrip(COMPARISONS).strip()
    such = f", such as {number}" if _is_number(number, declared) else ""
    return Explained("is a limit, not a number", f"Give one number{such}.")


def _range(text: str, declared: Bounds) -> Explained | None:
    low, dash, high = text.partition("-")
    if dash and _is_number(low.strip(), declared) and _is_number(high.strip(), declared):
        return Explained("is a range", f"Give one number, such as {high.strip()}.")
    return None


def _point(text: str, declared: Bounds) -> Explained | None:
    if text[-1] == ".":
        fuller = text[:-1]
    elif text.lstrip("-")[0] == ".":
        fuller = text.replace(".", "0.", 1)
    else:
        return None
    if not _is_number(fuller, declared):
        return None
    return Explained("lacks a digit before or after the decimal point", write=fuller)


def _unit(text: str, declared: Bounds) -> Explained | None:
    """Explain a number with its unit: `52w`, `170 cm`."""
    end = next((place for place, mark in enumerate(text) if mark.isalpha()), 0)
    number, unit = text[:end].strip(), text[end:]
    if not _is_number(number, declared) or (unit[:1] in "eE" and unit[1:].lstrip("+-").isdigit()):
        return None
    if unit.strip().lower() not in UNIT_WORDS:  # a letter among digits is no unit: 2O may be 20
        return None
    other = in_another_unit(number, unit.strip().lower(), declared.unit)
    if other is not None:
        return other
    return Explained(f"has a unit, {unit.strip()}", f"Write the number alone: {number}.", number)


# The units that a number may be typed with.
UNIT_WORDS = frozenset((
    "d", "day", "days", "w", "wk", "wks", "week", "weeks", "m", "mo", "month", "months", "y", "yr",
    "year", "years", "a", "cm", "kg", "g", "gr", "gram", "grams", "mg", "m2", "sqm", "percent",
    "pct", "bsa", "ftu", "ftus", "tube", "tubes", "handprint", "handprints", "ml/min",
    "ml/min/1.73m2", "ml/min/1.73 m2",
))  # fmt: skip
# What a time may be typed in, by the unit of the inputs; a month has no fixed number of days.
TIMES = {
    "days": ("d", "day", "days"),
    "weeks": ("w", "wk", "wks", "week", "weeks"),
    "months": ("m", "mo", "month", "months"),
    "years": ("y", "yr", "year", "years"),
}


def in_another_unit(number: str, unit: str, expected: str) -> Explained | None:
    """Explain a time in another unit than the input has: a number alone would be another time."""
    meant = next((name for name, words in TIMES.items() if unit in words), None)
    if meant is None or expected not in TIMES or meant == expected:
        return None
    if (meant, expected) == ("weeks", "days"):
        days = format(Decimal(number) * 7, "f")
        return Explained(f"is in {meant}", f"{number} weeks are {days} days.", days)
    return Explained(f"is in {meant}", f"Write it in {expected}.")


def explain_date(value: object) -> Explained:
    """Return what is wrong with a value that is no date, and what to write."""
    problem = "is not a date"
    if not isinstance(value, str) or len(value) > LONGEST_DATE or not value.isascii():
        return Explained(problem)
    parts = value.strip().replace("/", "-").replace(".", "-").rstrip("-").split("-")
    if len(parts) != len(("year", "month", "day")) or not all(part.isdigit() for part in parts):
        return Explained(problem)
    first, second, third = parts
    if len(first) == len("2026"):
        months = [(first, second, third)]
    elif len(third) == len("2026"):
        months = [(third, second, first), (third, first, second)]
    else:
        return Explained(f"{problem}: which part is the year?")
    dates = list(dict.fromkeys(_iso(*parts) for parts in months))
    found = [day for day in dates if day]
    if found:
        fix = f"{', or '.join(found)}?"
        only = found[0] if len(found) == 1 else ""
        return Explained("is not written as YYYY-MM-DD", fix, only)
    return Explained(_no_such_day(*months[0]))


def _iso(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _no_such_day(year: str, month: str, day: str) -> str:
    number = int(month)
    if not 1 <= number <= len(MONTHS):
        return f"is not a date: there is no month {number}"
    last = next(n for n in (31, 30, 29, 28) if _iso(year, month, str(n)) or n == 28)  # noqa: PLR2004 - days
    of_year = f" {int(year)}" if number == MONTHS.index("February") + 1 else ""
    if int(day) < 1:
        return "is not a date: there is no day 0"
    return f"is not a date: {MONTHS[number - 1]}{of_year} has {last} days"


def explain_dispensed(text: str) -> Explained:
    """Return what is wrong with tubes that cannot be read, and what to write."""
    problem = "is not tubes x grams in each tube"
    body = text.replace("*", "x").replace(" ", "").removesuffix("g").removesuffix("tubes")
    tubes, mark, grams = body.partition("x")
    if not mark and body.isascii() and body.isdigit():
        fix = f"Write {body}x100 for tubes of 100 g."
        return Explained("does not say the size of the tubes", fix)
    try:
        written = f"{int(tubes)}x{Decimal(grams)}" if mark and len(body) < LONGEST else ""
    except (ValueError, InvalidOperation):
        written = ""
    is_plain = written.isascii() and written.replace("x", "", 1).replace(".", "", 1).isdigit()
    return Explained(problem, write=written if is_plain else "")
