"""The columns of a list: which are inputs, which identify the row, which pass through."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ruxcalc.errors import UsageError, quoted
from ruxcalc.patient import inputs_of

# A list may call several medicines by the plural.
ALIASES = {"drugs": "drug", "topicals": "topical", "handprint": "handprints"}
IDENTITY = ("id", "region")
INPUTS = inputs_of("assess")
KNOWN = (*IDENTITY, *INPUTS, *ALIASES)
# From here on, an unknown column is taken for a slip and pointed out.
LIKENESS = 0.66
LENGTHS_APART = 2
SURE = 5  # letters of a known name with which an unknown one begins

Place = tuple[str, int]


class Columns(NamedTuple):
    """Where the cells of a row belong, by index.

    `groups` are the inputs of dose, check and warn, each with its places; `passed`
    the unknown columns, under their own names.
    """

    width: int
    id: int | None
    region: int | None
    groups: tuple[tuple[Place, ...], ...]
    passed: tuple[Place, ...]


def field_of(column: str) -> str | None:
    """The input or identity that a column holds, however it is written, or None."""
    name = column.strip().casefold().replace("-", "_").replace(" ", "_")
    name = ALIASES.get(name, name)
    return name if name in INPUTS or name in IDENTITY else None


def read_columns(header: Sequence[str]) -> Columns:
    """The columns of a CSV header.

    Raises `UsageError` where a column stands twice or none is known.
    """
    fields = [field_of(column) for column in header]
    named = [
        field or column or f"column {number}"
        for number, (field, column) in enumerate(zip(fields, header, strict=True), 1)
    ]
    for name in named:
        if named.count(name) > 1:
            raise UsageError(
                f"the column {quoted(name)} stands twice in the header; once is accepted"
            )
    places = {name: number for number, name in enumerate(named)}
    if not any(name in INPUTS for name in named):
        meant = "".join(f" {column}? {near}." for column, near in slips(header))
        raise UsageError(f"no column of the header is known.{meant} Accepted: {', '.join(INPUTS)}")
    return Columns(
        width=len(header),
        id=places.get("id"),
        region=places.get("region"),
        groups=tuple(
            tuple((name, places[name]) for name in names if name in places) for names in PARTS
        ),
        passed=tuple(
            (name, number)
            for number, (name, field) in enumerate(zip(named, fields, strict=True))
            if field is None
        ),
    )


PARTS: tuple[tuple[str, ...], ...] = tuple(
    tuple(inputs_of(command)) for command in ("dose", "check", "warn")
)


def slips(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Each unknown column that looks like a known one, quoted, and that one."""
    near = {column: _meant(column) for column in columns if field_of(column) is None}
    return [(quoted(column), known) for column, known in near.items() if known]


def _meant(column: str) -> str:
    """The known column that an unknown one is likely to be, or nothing."""
    from difflib import get_close_matches

    name = column.strip().casefold()
    words = re.findall(r"[a-z]+", name)
    for known in INPUTS:
        if known in words or (len(known) >= SURE and name.startswith(known)):
            return known
    close = get_close_matches(name, KNOWN, n=1, cutoff=LIKENESS)
    alike = close and abs(len(close[0]) - len(name)) <= LENGTHS_APART
    return close[0] if alike else ""
