"""What an input is, and how a value from outside is read: one grammar for every door."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.numbers import plain_text, read_number

Kind = Literal["number", "choice", "flag", "date", "names", "repigmentation"]
Group = Literal["dose", "check", "dates", "warn", "visit", "plan"]
JsonValue = Decimal | int | str | bool | None | list["JsonValue"] | dict[str, "JsonValue"]

LONGEST_NAME = 80
MOST_VALUES = 100
YES = ("true", "yes")
NO = ("false", "no")
NONE = "none"  # as the only name: none is taken


class JsonNumber:
    """A number of a JSON text as it was typed, so that it is read exactly; it is no text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNumber) and other.text == self.text

    def __hash__(self) -> int:
        return hash((JsonNumber, self.text))


class Pairs(tuple[tuple[str, object], ...]):
    """The names and values of a JSON object, in their order."""

    __slots__ = ()


class Repigmentation(NamedTuple):
    """Repigmentation in percent, of one named site or, without a name, of all that is treated."""

    site: str | None
    percent: Decimal


class Input(NamedTuple):
    """The declaration of one input.

    `low` and `high` bound a number, `above` excludes `low` itself. Outside the
    pair `usual` a number is possible, and answered with `note`. `includes` and
    `excludes` are the clinical definition, `source` is where it stands. `topics`
    are the label topics on which the input speaks, `triggers` the answer of a
    flag that makes them apply, `negation` the word that its opposite begins with.
    """

    kind: Kind
    group: Group
    help: str
    metavar: str = ""
    example: str = ""
    unit: str = ""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    above: bool = False
    whole: bool = False
    choices: tuple[str, ...] = ()
    includes: str = ""
    excludes: str = ""
    source: str = ""
    usual: tuple[Decimal, Decimal] | None = None
    note: str = ""
    hint: str = ""
    topics: tuple[str, ...] = ()
    triggers: bool = True
    negation: str = "no"

    @property
    def percent(self) -> bool:
        """Whether a percent sign may follow the number."""
        return self.unit.startswith("%")

    @property
    def repeatable(self) -> bool:
        """Whether the input may be given more than once."""
        return self.kind in ("names", "repigmentation")

    @property
    def negatable(self) -> bool:
        """Whether there is a `--no-...` form."""
        return self.kind in ("flag", "names")

    @property
    def accepted(self) -> str:
        """What the input accepts, in words."""
        if self.kind == "choice":
            return ", ".join(self.choices)
        if self.kind == "flag":
            return "true, yes, false or no"
        if self.kind == "date":
            return "a date as YYYY-MM-DD, such as 2026-01-05"
        if self.kind == "names":
            return f"a name of 1 to {LONGEST_NAME} printable characters"
        what = "a whole number" if self.whole else "a number"
        low = "above" if self.above else "from"
        unit = f" {self.unit}" if self.unit else ""
        bounds = f"{what} {low} {self.low} up to {self.high}{unit}, such as {self.example}"
        if self.kind == "repigmentation":
            return f"{bounds}, or the same by site, such as face=76"
        return bounds


def read_input(name: str, declared: Input, values: Sequence[object]) -> object:
    """The value that was given for the input `name`; `values` holds each time it was given.

    Raises `InputError`, which names the input, what came and what is accepted.
    """
    if declared.kind == "names":
        return _read_names(name, declared, values)
    if declared.kind == "repigmentation":
        return _read_repigmentation(name, declared, values)
    if not values:
        raise InputError(name, "is empty", declared.accepted)
    if len(values) > 1:
        opposite = f", or with {opposite_of(name, declared)}" if declared.negatable else ""
        raise InputError(name, f"is given more than once{opposite}", "one of it")
    (value,) = values
    if declared.kind == "number":
        return _read_number(name, declared, value)
    if declared.kind == "date":
        return _read_date(name, declared, value)
    if declared.kind == "flag":
        return _read_flag(name, declared, value)
    return _read_choice(name, declared, value)


def opposite_of(name: str, declared: Input) -> str:
    """The option that says no to a flag or a list of names."""
    return f"--{declared.negation}-{name.replace('_', '-')}"


def _read_number(name: str, declared: Input, value: object) -> Decimal:
    text = value.text if isinstance(value, JsonNumber) else value
    try:
        number = read_number(text, signed=declared.low < 0, percent=declared.percent)
    except ValueError as error:
        raise InputError(name, str(error), declared.accepted, value) from None
    problem = ""
    if number < declared.low or (declared.above and number == declared.low):
        problem = "is too small"
    elif number > declared.high:
        problem = "is too large"
    elif declared.whole and number != int(number):
        problem = "is not whole"
    if problem:
        hint = f"; {declared.hint}" if declared.hint else ""
        raise InputError(name, problem + hint, declared.accepted, value)
    return number


def _read_choice(name: str, declared: Input, value: object) -> str:
    text = value.lower() if isinstance(value, str) else value
    if text not in declared.choices:
        raise InputError(name, "is not a choice", declared.accepted, value)
    return str(text)


def _read_flag(name: str, declared: Input, value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = value.lower() if isinstance(value, str) else ""
    if text in YES or text in NO:
        return text in YES
    raise InputError(name, "is neither yes nor no", declared.accepted, value)


def _read_date(name: str, declared: Input, value: object) -> date:
    if type(value) is date:
        return value
    digits = value.replace("-", "") if isinstance(value, str) else ""
    if isinstance(value, str) and digits.isascii() and digits.isdigit():
        year, *month_and_day = value.split("-")
        try:
            if [len(year), *map(len, month_and_day)] == [4, 2, 2]:
                return date.fromisoformat(value)
        except ValueError:
            pass
    raise InputError(name, "is not a date", declared.accepted, value)


def _read_names(name: str, declared: Input, values: Sequence[object]) -> tuple[str, ...]:
    if len(values) == 1 and isinstance(values[0], str) and values[0].strip().casefold() == NONE:
        return ()
    none = [value is False for value in values]
    if all(none):  # also where an empty list was given
        return ()
    if any(none):
        raise InputError(
            name, f"is given together with {opposite_of(name, declared)}", "one of them, not both"
        )
    if len(values) > MOST_VALUES:
        raise InputError(name, f"is given more than {MOST_VALUES} times", declared.accepted)
    names: list[str] = []
    for value in values:
        text = " ".join(value.split()) if isinstance(value, str) and value.isprintable() else ""
        if not text or len(text) > LONGEST_NAME:
            raise InputError(name, "is not a name", declared.accepted, value)
        if text.casefold() in (known.casefold() for known in names):
            raise InputError(name, "is given more than once", declared.accepted, value)
        names.append(text)
    return tuple(names)


def _read_repigmentation(
    name: str, declared: Input, values: Sequence[object]
) -> tuple[Repigmentation, ...]:
    if len(values) > MOST_VALUES:
        raise InputError(name, f"is given more than {MOST_VALUES} times", declared.accepted)
    if not values:
        raise InputError(name, "is empty", declared.accepted)
    readings: list[Repigmentation] = []
    for value in values:
        site, percent = _site_and_percent(name, declared, value)
        if any(site == reading.site for reading in readings):
            where = f"is given more than once{f' for {site}' if site else ''}"
            raise InputError(name, where, declared.accepted, value)
        readings.append(Repigmentation(site, _read_number(name, declared, percent)))
    if len(readings) > 1 and any(reading.site is None for reading in readings):
        raise InputError(name, "is given both with and without a site", declared.accepted)
    return tuple(readings)


def _site_and_percent(name: str, declared: Input, value: object) -> tuple[str | None, object]:
    if isinstance(value, tuple) and len(value) == len(("site", "percent")):
        site, percent = value
    elif isinstance(value, str) and "=" in value:
        site, _, percent = value.partition("=")
    else:
        return None, value
    text = site_name(site)
    if text is None:
        raise InputError(
            name, "does not name a site with letters, digits and hyphens", declared.accepted, value
        )
    return text, percent


def site_name(site: object) -> str | None:
    """The name of a site of the body in lower case, or None if it is no such name."""
    text = site.lower() if isinstance(site, str) else ""
    plain = text.replace("-", "")
    named = plain.isascii() and plain.isalnum() and text[0].isalpha()
    return text if named and len(text) <= LONGEST_NAME else None


def as_json(value: object) -> JsonValue:
    """A value that was read, as the answer's `inputs` repeat it."""
    if value is None or isinstance(value, bool | Decimal | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        if value and isinstance(value[0], Repigmentation):
            if value[0].site is None:
                return as_json(value[0].percent)
            return {str(reading.site): as_json(reading.percent) for reading in value}
        return [as_json(item) for item in value]
    raise TypeError(type(value))


def unusual(name: str, declared: Input, value: object) -> str | None:
    """A note where `value` is possible but unusual, or None."""
    if declared.kind == "repigmentation" and isinstance(value, tuple):
        fractions = [plain_text(r.percent) for r in value if 0 < abs(r.percent) < 1]
        if fractions:
            return f"{name}: {', '.join(fractions)} % is taken as typed. {declared.note}"
    if declared.usual is None or not isinstance(value, Decimal):
        return None
    low, high = declared.usual
    if low <= value <= high:
        return None
    return f"{name}: {plain_text(value)} {declared.unit} is taken as typed. {declared.note}"


def cell_values(declared: Input, cell: str) -> Sequence[object]:
    """A CSV cell as the list of values that the other doors give; `;` stands between several."""
    if not declared.repeatable:
        return (cell,)
    return tuple(piece for piece in cell.split(";") if piece.strip()) or (cell,)


def json_values(declared: Input, value: object) -> Sequence[object]:
    """A JSON value as the list of values that the other doors give.

    A list stands for several names or sites; anywhere else it is no value.
    """
    if isinstance(value, tuple) and not isinstance(value, Pairs) and not declared.repeatable:
        return (value,)
    return as_values(declared, value)


def as_values(declared: Input, value: object) -> Sequence[object]:
    """A Python argument or JSON value as the list of values that the other doors give.

    Only names may be an empty list, which says that there are none.
    """
    if declared.kind == "repigmentation" and isinstance(value, Mapping):
        return tuple(value.items())
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Pairs):
        several = tuple(value)
        return several or ((False,) if declared.kind == "names" else ())
    if isinstance(value, Pairs):
        return tuple(value) if declared.kind == "repigmentation" else (dict(value),)
    return (value,)
