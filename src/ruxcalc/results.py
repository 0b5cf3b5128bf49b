"""What every answer shares: findings, sources, editions and steps of the working.

An answer is a frozen record whose fields are the JSON of the contract. Numbers are
exact decimals; a result without an end is rounded to 12 decimals after every comparison
has been made on the unrounded value. The types of one question stand beside its rule.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, NoReturn, Protocol, TypeVar

Severity = Literal["info", "warning", "critical"]
Decision = Literal["continue", "ask-patient", "re-evaluate", "consider-stopping", "score-needed"]
Verdict = Literal[
    "contraindicated",
    "avoid",
    "over-label",
    "outside-label",
    "consider-stopping",
    "re-evaluate",
    "ask-patient",
    "score-needed",
    "caution",
    "not-cleared",
    "nothing-found",
]
JsonValue = (
    Decimal | int | str | bool | date | None | tuple["JsonValue", ...] | Mapping[str, "JsonValue"]
)

SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
RANKS: dict[Severity, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
VERDICTS: tuple[Verdict, ...] = (
    "contraindicated",
    "avoid",
    "over-label",
    "outside-label",
    "consider-stopping",
    "re-evaluate",
    "ask-patient",
    "score-needed",
    "caution",
    "not-cleared",
    "nothing-found",
)

Grams = Annotated[Decimal, "g"]
Percent = Annotated[Decimal, "%"]
Days = Annotated[Decimal, "days"]
Weeks = Annotated[Decimal, "completed weeks"]
Milligrams = Annotated[Decimal, "mg"]

Key = TypeVar("Key")
Value = TypeVar("Value")


class Frozen(dict[Key, Value]):
    """A mapping that cannot be changed, so that nobody changes an answer that others share."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("an answer cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has no hash, this has
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type, tuple[dict[Key, Value]]]:
        return type(self), (dict(self),)


class Source(NamedTuple):
    """Say where a statement comes from, and how that was verified."""

    document: str
    section: str | None
    edition: date | None
    text_read: date | None
    link: str | None
    verified: str


class Finding(NamedTuple):
    """One thing to know or to act on.

    `code` is a stable word, `message` a sentence for a person, `action` a stable word
    for what it asks; `about` holds what was given where that is more than a yes.
    """

    code: str
    severity: Severity
    message: str
    action: str
    about: Mapping[str, JsonValue] | None
    source: Source


class Edition(NamedTuple):
    """The label edition that an answer uses."""

    name: str
    document: str
    number: str
    edition: date
    edition_name: str
    text_read: date
    link: str


class Basis(NamedTuple):
    """What every answer carries: editions, last verification, and the caution."""

    editions: Mapping[str, Edition]
    facts_verified: date
    caution: str


class Step(NamedTuple):
    """One step of the working: formula, numbers put in, result, source."""

    name: str
    formula: str
    numbers: str
    result: str
    source: str


class CitedValue(NamedTuple):
    """A figure beside the document it comes from."""

    name: str
    value: Decimal
    unit: str
    source: str


if TYPE_CHECKING:

    class Graded(Protocol):
        """Anything that has a severity."""

        @property
        def severity(self) -> Severity:
            """Return the severity."""

    class Coded(Graded, Protocol):
        """Anything that has a severity and a code."""

        @property
        def code(self) -> str:
            """Return the code."""

    Found = TypeVar("Found", bound=Graded)


def worst_first(findings: "Iterable[Found]") -> "tuple[Found, ...]":
    """Sort findings by severity; those of one severity stay in their order."""
    return tuple(sorted(findings, key=_rank))


def _rank(finding: "Graded") -> int:
    return RANKS[finding.severity]


def gravest(severities: Iterable[Severity | None]) -> Severity | None:
    """Return the gravest severity, or None if there is none."""
    present = {severity for severity in severities if severity is not None}
    return min(present, key=RANKS.__getitem__, default=None)


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that comes first in the contract's order."""
    return min(verdicts, key=VERDICTS.index)
