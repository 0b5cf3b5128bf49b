"""The columns of a list: which are inputs, which identify the row, which pass through."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from ruxcalc.errors import UsageError, quoted
from ruxcalc.patient import GROUPS, INPUTS

# A list may call several medicines by the plural.
ALIASES = {"drugs": "drug", "topicals": "topical", "handprint": "handprints"}
IDENTITY = ("id", "region")
KNOWN = (*IDENTITY, *INPUTS, *ALIASES)
# From here on, an unknown column is taken for a slip and pointed out.
LIKENESS = 0.66
LENGTHS_APART = 2
MOST_UNKNOWN = 1000  # unknown columns that are looked at; each is compared with all that are known
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
    name = first_twice(named)
    if name is not None:
        raise UsageError(f"the column {quoted(name)} stands twice in the header; once is accepted")
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


def first_twice(names: Sequence[str]) -> str | None:
    """The first of `names` that stands there again, or None; in one pass, for there may be many."""
    if len(set(names)) == len(names):
        return None
    counts = Counter(names)
    return next(name for name in names if counts[name] > 1)


PARTS: tuple[tuple[str, ...], ...] = tuple(
    tuple(name for name, declared in INPUTS.items() if declared.group == group)
    for group in GROUPS["assess"]
)


def slips(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Each unknown column that looks like a known one, quoted, and that one."""
    unknown = islice((column for column in columns if field_of(column) is None), MOST_UNKNOWN)
    near = {column: _meant(column) for column in unknown}
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
