"""What an input is, and how a value from outside is read: one grammar for every interface."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Literal, NamedTuple, TypeVar

from ruxcalc.errors import InputError
from ruxcalc.numbers import plain_text, read_number
from ruxcalc.results import Frozen, JsonValue

Kind = Literal[
    "number", "choice", "flag", "date", "names", "repigmentation", "handprints", "dispensed"
]
Group = Literal["dose", "dispensed", "check", "dates", "warn", "visit", "plan"]
Panel = Literal[
    "Area and amount",
    "Response",
    "Patient",
    "Pregnancy",
    "Kidney and liver",
    "Medicines",
    "Infections",
    "Cancer, heart and clots",
    "Visits and dates",
]

LONGEST_NAME = 80
MOST_LISTED = 1000  # regions, topics, sites, or the visits of one patient
MOST_VALUES = 100
YES = ("true", "yes")
NO = ("false", "no")
NONE = "none"  # as the only name: none is taken
# Several values of one of these kinds may be given, apart or joined by commas.
REPEATABLE = ("names", "repigmentation", "handprints", "dispensed")
BY_SITE = ("repigmentation", "handprints")
_ACCEPTED: dict[str, str] = {
    "flag": "true, yes, false or no",
    "date": "a date as YYYY-MM-DD, such as 2026-01-05",
    "names": f"a name of 1 to {LONGEST_NAME} printable characters",
    "dispensed": "tubes x grams in each tube, such as 3x100",
}


class JsonNumber:
    """A number of a JSON text as it was typed, so that it is read exactly; it is no text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    @property
    def described(self) -> str:
        """Return the number as a message shows it."""
        return self.text[:LONGEST_NAME]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNumber) and other.text == self.text

    def __hash__(self) -> int:
        return hash((JsonNumber, self.text))


class Pairs(tuple[tuple[str, object], ...]):
    """The names and values of a JSON object, in their order."""

    __slots__ = ()

    @property
    def described(self) -> str:
        """Return the object as a message names it."""
        return "an object"


class BySite(NamedTuple):
    """A site and its value, out of a mapping, before either is read."""

    site: object
    value: object


class Repigmentation(NamedTuple):
    """Repigmentation in percent, of one site or, without a site, of all that is treated."""

    site: str | None
    percent: Decimal


class SiteArea(NamedTuple):
    """An area in the patient's handprints, of one site or, without a site, of the whole body."""

    site: str | None
    handprints: Decimal


class Dispensing(NamedTuple):
    """Tubes of one size that were dispensed: how many, and the grams in each."""

    tubes: int
    grams: Decimal


class Input(NamedTuple):
    """The declaration of one input.

    Attributes:
        kind: how a value is read.
        group: the commands that take it, see `ruxcalc.patient.GROUPS`.
        panel: the heading under which help and `ask` show it.
        help: one line for help, without the name of an option.
        question: the question that `ask` and the FHIR questionnaire put.
        metavar, example, unit: how a value is written, and in which unit.
        low, high, above, whole: the bounds of a number; `above` excludes `low` itself.
        choices: the words of a choice.
        includes, excludes, source: the clinical definition, and where it stands.
        usual, note: outside `usual` a number is possible, and answered with `note`.
        hint: what an impossible number makes one think of.
        topics: the topics of a label that are answered when the input is given.
        triggers: the answer of a flag that raises its topics.
        by_choice: the topics that each word of a choice raises.
        negation: the word with which the opposite of a flag or list of names begins; a flag
            without one has no opposite.

    """

    kind: Kind
    group: Group
    panel: Panel
    help: str
    question: str
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
    by_choice: tuple[tuple[str, tuple[str, ...]], ...] = ()
    negation: str = "no"

    @property
    def percent(self) -> bool:
        """Return whether a percent sign may follow the number."""
        return self.unit.startswith("%")

    @property
    def repeatable(self) -> bool:
        """Return whether the input may be given more than once."""
        return self.kind in REPEATABLE

    @property
    def negatable(self) -> bool:
        """Return whether it has an opposite, such as `--no-pregnant`."""
        return self.kind in ("flag", "names") and self.negation != ""

    def raises(self, value: object) -> tuple[str, ...]:
        """Return the topics that `value`, as it was read, raises by itself.

        A number raises what a label makes of it, and a medicine what its class is: none of
        these is known here, so that a number or a list of names raises nothing.
        """
        if self.kind == "flag":
            return self.topics if value is self.triggers else ()
        if self.kind == "choice":
            return next((topics for word, topics in self.by_choice if word == value), ())
        return ()

    @property
    def accepted(self) -> str:
        """Return what the input accepts, in words."""
        if self.kind == "choice":
            return f"{', '.join(self.choices[:-1])} or {self.choices[-1]}"
        if self.kind in _ACCEPTED:
            return _ACCEPTED[self.kind]
        what = "a whole number" if self.whole else "a number"
        low = "above" if self.above else "from"
        unit = f" {self.unit}" if self.unit else ""
        bounds = f"{what} {low} {self.low} up to {self.high}{unit}, such as {self.example}"
        if self.kind in BY_SITE:
            by_site = "face=76" if self.kind == "repigmentation" else "face=1,trunk=3"
            return f"{bounds}, or the same by site, such as {by_site}"
        return bounds


def read_input(name: str, declared: Input, values: Sequence[object]) -> object:
    """Return the value of the input `name`; `values` holds each time it was given.

    Raises `InputError`, which names the input, what came and what is accepted.
    """
    if declared.kind == "names":
        return _read_names(name, declared, values)
    if declared.kind in REPEATABLE:
        return _read_several(name, declared, values)
    value = only_value(name, declared, values)
    if declared.kind == "number":
        return _read_number(name, declared, value)
    if declared.kind == "date":
        return _read_date(name, declared, value)
    if declared.kind == "flag":
        return _read_flag(name, declared, value)
    return _read_choice(name, declared, value)


def only_value(name: str, declared: Input, values: Sequence[object]) -> object:
    """Return the one value of an input that may be given once.

    Raises `InputError` where none or several were given.
    """
    if not values:
        raise InputError(name, "is empty", declared.accepted)
    if len(values) > 1:
        opposite = f", or with {{{opposite_of(name, declared)}}}" if declared.negatable else ""
        raise InputError(name, f"is given more than once{opposite}", "one of it")
    return values[0]


def opposite_of(name: str, declared: Input) -> str:
    """Return the name that says no to a flag or a list of names: `no_pregnant`."""
    return f"{declared.negation}_{name}"


def refusal(name: str, declared: Input, value: object, wrong: tuple[str, str, str]) -> InputError:
    """Return the error for a value, with what is wrong and what to write as `mistakes` explains."""
    problem, fix, write = wrong
    return InputError(name, problem, declared.accepted, value, fix=fix, write=write)


def _read_number(name: str, declared: Input, value: object) -> Decimal:
    text = value.text if isinstance(value, JsonNumber) else value
    try:
        number = read_number(text, signed=declared.low < 0, percent=declared.percent)
    except ValueError as error:
        from ruxcalc.mistakes import explain_number

        wrong = explain_number(text, str(error), declared)
        raise refusal(name, declared, value, wrong) from None
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
    text = value.lower() if isinstance(value, str) else None
    if text is None or text not in declared.choices:
        from ruxcalc.mistakes import nearest

        near = nearest(text or "", declared.choices)
        fix = f"{near} Accepted: {declared.accepted}." if near else ""
        write = near.removesuffix("?")
        raise InputError(name, "is not a choice", declared.accepted, value, fix=fix, write=write)
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
    if isinstance(value, str) and value.isascii():
        year, *month_and_day = value.split("-")
        if [len(year), *map(len, month_and_day)] == [4, 2, 2] and value.replace("-", "").isdigit():
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
    from ruxcalc.mistakes import explain_date

    raise refusal(name, declared, value, explain_date(value))


def _read_names(name: str, declared: Input, values: Sequence[object]) -> tuple[str, ...]:
    if len(values) == 1 and isinstance(values[0], str) and values[0].strip().casefold() == NONE:
        return ()
    none = [value is False for value in values]
    if all(none):  # also where an empty list was given
        return ()
    if any(none):
        opposite = f"is given together with {{{opposite_of(name, declared)}}}"
        raise InputError(name, opposite, "one of them, not both")
    _refuse_many(name, declared, values)
    names: list[str] = []
    for value in _joined(values):
        text = " ".join(value.split()) if isinstance(value, str) and value.isprintable() else ""
        if not text or len(text) > LONGEST_NAME:
            raise InputError(name, "is not a name", declared.accepted, value)
        if text.casefold() in (known.casefold() for known in names):
            raise InputError(name, "is given more than once", declared.accepted, value)
        names.append(text)
    if any(text.casefold() == NONE for text in names):
        problem = "stands beside other names"
        raise InputError(name, problem, f"{NONE}, or what is taken", NONE)
    _refuse_many(name, declared, names)
    return tuple(names)


def _refuse_many(name: str, declared: Input, values: Sequence[object]) -> None:
    if len(values) > MOST_VALUES:
        raise InputError(name, f"is given more than {MOST_VALUES} times", declared.accepted)


def _joined(values: Sequence[object]) -> list[object]:
    """Return each value that stands alone or was joined to others by a comma.

    A comma between two digits belongs to a number.
    """
    parts: list[object] = []
    for value in values:
        if not isinstance(value, str) or "," not in value:
            parts.append(value)
            continue
        pieces = value.split(",")
        text = pieces[0]
        for piece in pieces[1:]:
            if text[-1:].isdigit() and piece[:1].isdigit() and not _begins_item(piece):
                text += f",{piece}"
            else:
                parts.append(text.strip())
                text = piece
        parts.append(text.strip())
    return parts


def _begins_item(piece: str) -> bool:
    """Return whether a piece such as `2x60` is an item, though it begins with a digit."""
    digits, mark, after = piece.partition("x")
    return bool(mark and after) and digits.strip().isdigit()


def _read_several(
    name: str, declared: Input, values: Sequence[object]
) -> tuple[Repigmentation | SiteArea | Dispensing, ...]:
    """Read a value that stands alone, by site, or as tubes of several sizes."""
    if not values:
        raise InputError(name, "is empty", declared.accepted)
    _refuse_many(name, declared, values)
    parts = _joined(values)
    _refuse_many(name, declared, parts)
    if declared.kind == "dispensed":
        return tuple(_read_dispensing(name, declared, part) for part in parts)
    make = Repigmentation if declared.kind == "repigmentation" else SiteArea
    read: list[Repigmentation | SiteArea] = []
    for part in parts:
        site, number = _site_and_number(name, declared, part)
        if any(site == reading.site for reading in read):
            where = f"is given more than once{f' for {site}' if site else ''}"
            raise InputError(name, where, declared.accepted, number)
        read.append(make(site, _read_number(name, declared, number)))
    if len(read) > 1 and any(reading.site is None for reading in read):
        raise InputError(name, "is given both with and without a site", declared.accepted)
    if declared.kind == "handprints":
        whole = sum((reading[1] for reading in read), Decimal(0))
        if whole > declared.high:
            problem = f"adds up to {plain_text(whole)}, more than a body has"
            raise InputError(name, problem, declared.accepted)
    return tuple(read)


def _site_and_number(name: str, declared: Input, value: object) -> tuple[str | None, object]:
    if isinstance(value, BySite):
        site, number = value
    elif isinstance(value, str) and "=" in value:
        site, _, number = value.partition("=")
    else:
        return None, value
    from ruxcalc.sites import read_site

    if not isinstance(site, str):
        raise InputError(name, "does not name a site", declared.accepted, site)
    try:
        return read_site(site), number
    except ValueError as error:
        problem, _, fix = str(error).partition(". ")
        write = fix.removesuffix("?") if fix.endswith("?") else ""
        raise InputError(name, problem, declared.accepted, site, fix=fix, write=write) from None


MOST_TUBES = 100
MOST_GRAMS = 1000


def _read_dispensing(name: str, declared: Input, value: object) -> Dispensing:
    text = value.lower().replace("\N{MULTIPLICATION SIGN}", "x") if isinstance(value, str) else ""
    tubes, mark, grams = text.partition("x")
    number = tubes.strip()
    digits = bool(mark) and number.isascii() and number.isdigit() and len(number) < MOST_TUBES
    try:
        size = read_number(grams.strip()) if digits else None
    except ValueError:
        size = None
    if size is None:
        from ruxcalc.mistakes import explain_dispensed

        raise refusal(name, declared, value, explain_dispensed(text))
    if not 1 <= int(number) <= MOST_TUBES:
        raise InputError(name, f"is not 1 to {MOST_TUBES} tubes", declared.accepted, value)
    if not 0 < size <= MOST_GRAMS:
        raise InputError(name, f"is not a tube of up to {MOST_GRAMS} g", declared.accepted, value)
    return Dispensing(int(number), size)


def site_name(site: object) -> str | None:
    """Return the code of a site of the body, or None where it is not in the list."""
    from ruxcalc.sites import read_site

    try:
        return read_site(site) if isinstance(site, str) else None
    except ValueError:
        return None


def as_json(value: object) -> JsonValue:
    """Return a value that was read as the answer's `inputs` repeat it."""
    if value is None or isinstance(value, (Decimal, str, bool, int)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Dispensing):
        return f"{value.tubes}x{plain_text(value.grams)}"
    if isinstance(value, tuple):
        if value and isinstance(value[0], Repigmentation | SiteArea):
            if value[0].site is None:
                return as_json(value[0][1])
            return Frozen({str(reading[0]): as_json(reading[1]) for reading in value})
        return tuple(as_json(item) for item in value)
    raise TypeError(type(value))


def unusual(name: str, declared: Input, value: object) -> str | None:
    """Return a note where `value` is possible but unusual, or None."""
    if declared.kind == "repigmentation" and isinstance(value, tuple):
        fractions = [plain_text(r.percent) for r in value if 0 < abs(r.percent) < 1]
        if fractions:
            return f"{name}: {', '.join(fractions)} % is taken as typed. {declared.note}"
    if declared.kind == "handprints" and isinstance(value, tuple):
        value = sum((area.handprints for area in value), Decimal(0))
    if declared.usual is None or not isinstance(value, Decimal):
        return None
    low, high = declared.usual
    if low <= value <= high:
        return None
    return f"{name}: {plain_text(value)} {declared.unit} is taken as typed. {declared.note}"


def cell_values(declared: Input, cell: str) -> Sequence[object]:
    """Return a CSV cell as a list of values; `;` stands between several."""
    if not declared.repeatable:
        return (cell,)
    return tuple(piece for piece in cell.split(";") if piece.strip()) or (cell,)


def json_values(declared: Input, value: object) -> Sequence[object]:
    """Return a JSON value as a list of values, by the same rules as a Python argument."""
    return as_values(declared, value)


def as_values(declared: Input, value: object) -> Sequence[object]:
    """Return a Python argument or a JSON value as the list of values that it stands for.

    A list, or anything else that can be gone through, stands for several values where several
    may be given; anywhere else it is no value. Only an empty list of names says that there are
    none. A mapping stands for values by site.
    """
    if declared.kind in BY_SITE and isinstance(value, Mapping | Pairs):
        pairs = value.items() if isinstance(value, Mapping) else value
        return tuple(BySite(*pair) for pair in pairs)
    if isinstance(value, Pairs):
        return (dict(value),)
    is_several = isinstance(value, Iterable) and not isinstance(
        value, str | bytes | bytearray | Mapping
    )
    if not declared.repeatable or not is_several:
        return (value,)
    try:
        several = _first(value)
    except TypeError:  # it said that it can be gone through, and cannot
        return (value,)
    return several or ((False,) if declared.kind == "names" else ())


Item = TypeVar("Item")


def listed(name: str, values: Iterable[Item]) -> list[Item]:
    """Return `values` as a list. Raises `InputError` for more than 1000: some never end."""
    several = list(islice(values, MOST_LISTED + 1))
    if len(several) > MOST_LISTED:
        raise InputError(name, f"are more than {MOST_LISTED}")
    return several


def _first(values: object) -> tuple[object, ...]:
    """Return no more of `values` than shows that they are too many: some never end."""
    assert isinstance(values, Iterable)
    taken: list[object] = []
    for value in values:
        taken.append(value)
        if len(taken) > MOST_VALUES:
            break
    return tuple(taken)
