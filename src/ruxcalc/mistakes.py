"""What is wrong with a value that was refused, and what to write instead.

Loaded only where a value is refused. Nothing here accepts a value: it suggests one, and the
user types it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from ruxcalc.inputs import Input
from ruxcalc.numbers import LONGEST

COMPARISONS = "<>=~\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}\N{ALMOST EQUAL TO}"
LONG_DASHES = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
GROUP = 3  # digits after a comma that may be a separator of thousands
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
LONGEST_DATE = 20

Explained = tuple[str, str]


def nearest(text: str, known: Iterable[str]) -> str:
    """Return a question that names the word of `known` nearest to `text`, or an empty text."""
    from difflib import get_close_matches

    near = get_close_matches(text[:LONGEST].lower(), list(known), n=1)
    return f"{near[0]}?" if near else ""


def explain_number(value: object, problem: str, declared: Input) -> Explained:
    """Return what is wrong with a value that is no number, and a sentence with what to write."""
    if not isinstance(value, str) or not value or len(value) > LONGEST:
        return problem, ""
    if value != value.strip() and _is_number(value.strip(), declared):
        return problem, f"Write {value.strip()}."
    text = value.strip()
    plain = _ascii(text)
    if plain != text and _is_number(plain, declared):
        what = "a long dash" if any(mark in text for mark in LONG_DASHES) else "digits of its own"
        return f"has {what}", f"Write {plain}."
    for explain in (_comma, _sign, _percent, _comparison, _range, _point, _unit):
        explained = explain(plain, declared)
        if explained:
            return explained
    return problem, ""


def _ascii(text: str) -> str:
    """Return `text` with the digits 0 to 9 and with hyphens for long dashes."""
    digits = (str(int(mark)) if mark.isdecimal() else mark for mark in text)
    return "".join("-" if mark in LONG_DASHES else mark for mark in digits)


def _is_number(text: str, declared: Input) -> bool:
    body = text.removesuffix("%") if declared.percent else text
    body = body.removeprefix("-") if declared.low < 0 else body
    whole, point, fraction = body.partition(".")
    return body.isascii() and whole.isdigit() and (not point or fraction.isdigit())


def _comma(text: str, declared: Input) -> Explained | None:
    before, comma, after = text.partition(",")
    if not comma or not _is_number(f"{before}.{after}", declared):
        return None
    digits = after.removesuffix("%")
    other = f", or {before}{after}" if len(digits) == GROUP and before.lstrip("-0") else ""
    return "has a comma", f"Write {before}.{after}{other}."


def _sign(text: str, declared: Input) -> Explained | None:
    if text.startswith("+") and _is_number(text[1:], declared):
        return "has a plus sign", f"Write {text[1:]}."
    return None


def _percent(text: str, declared: Input) -> Explained | None:
    """Explain a percent sign after a space, or where none belongs."""
    number = text.rstrip("%").rstrip()
    if not text.endswith("%") or text.count("%") > 1 or not _is_number(number, declared):
        return None
    if declared.percent:
        return "has a space", f"Write {number} or {number}%, without a space."
    return "has a percent sign where none belongs", f"Write {number}."


def _comparison(text: str, declared: Input) -> Explained | None:
    if text[0] not in COMPARISONS:
        return None
    number = text.lstrip(COMPARISONS).strip()
    such = f", such as {number}" if _is_number(number, declared) else ""
    return "is a limit, not a number", f"Give one number{such}."


def _range(text: str, declared: Input) -> Explained | None:
    low, dash, high = text.partition("-")
    if dash and _is_number(low.strip(), declared) and _is_number(high.strip(), declared):
        return "is a range", f"Give one number, such as {high.strip()}."
    return None


def _point(text: str, declared: Input) -> Explained | None:
    for fuller in (f"0{text}", f"{text}0", text.replace("-.", "-0.", 1)):
        if _is_number(fuller, declared) and (text.lstrip("-")[:1] == "." or text[-1] == "."):
            written = fuller if text[-1] != "." else text[:-1]
            return "lacks a digit before or after the decimal point", f"Write {written}."
    return None


def _unit(text: str, declared: Input) -> Explained | None:
    """Explain a number with its unit: `52w`, `170 cm`."""
    end = next((n for n, mark in enumerate(text) if mark.isalpha()), 0)
    number, unit = text[:end].strip(), text[end:]
    if not _is_number(number, declared) or (unit[:1] in "eE" and unit[1:].lstrip("+-").isdigit()):
        return None
    if not unit.replace("/", "").replace(".", "").replace(" ", "").isalnum():
        return None
    what = f"the number of {declared.unit}" if declared.unit.isalpha() else "the number"
    return f"has a unit, {unit.strip()}", f"Write {what} alone: {number}."


def explain_date(value: object) -> Explained:
    """Return what is wrong with a value that is no date, and a sentence with what to write."""
    problem = "is not a date"
    if not isinstance(value, str) or len(value) > LONGEST_DATE or not value.isascii():
        return problem, ""
    parts = value.strip().replace("/", "-").replace(".", "-").rstrip("-").split("-")
    if len(parts) != len(("year", "month", "day")) or not all(part.isdigit() for part in parts):
        return problem, ""
    first, second, third = parts
    if len(first) == len("2026"):
        months = [(first, second, third)]
    elif len(third) == len("2026"):
        months = [(third, second, first), (third, first, second)]
    else:
        return f"{problem}: which part is the year?", ""
    dates = list(dict.fromkeys(_iso(*parts) for parts in months))
    found = [day for day in dates if day]
    if found:
        return "is not written as YYYY-MM-DD", f"{', or '.join(found)}?"
    return _no_such_day(*months[0]), ""


def _iso(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _no_such_day(year: str, month: str, day: str) -> str:
    number = int(month)
    if not 1 <= number <= len(MONTHS):
        return f"is not a date: there is no month {number}"
    last = next(n for n in (31, 30, 29, 28) if _iso(year, month, str(n)) or n == 28)  # noqa: PLR2004
    of_year = f" {int(year)}" if number == MONTHS.index("February") + 1 else ""
    if int(day) < 1:
        return "is not a date: there is no day 0"
    return f"is not a date: {MONTHS[number - 1]}{of_year} has {last} days"


def explain_dispensed(text: str) -> Explained:
    """Return what is wrong with tubes that cannot be read, and a sentence with what to write."""
    body = text.replace("*", "x").replace(" ", "").removesuffix("g").removesuffix("tubes")
    tubes, mark, grams = body.partition("x")
    if not mark and body.isascii() and body.isdigit():
        return "does not say the size of the tubes", f"Write {body}x100 for tubes of 100 g."
    try:
        written = f"{int(tubes)}x{Decimal(grams)}" if mark and len(body) < LONGEST else ""
    except (ValueError, InvalidOperation):
        written = ""
    if written.isascii() and written.replace("x", "", 1).replace(".", "", 1).isdigit():
        return "is not tubes x grams in each tube", f"Write {written}."
    return "is not tubes x grams in each tube", ""
