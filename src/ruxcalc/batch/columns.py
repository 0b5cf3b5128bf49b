"""The columns of a list: which are inputs, which identify the row, which pass through."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from ruxcalc.errors import UsageError, quoted
from ruxcalc.patient import inputs_of

# A list may call several medicines by the plural.
ALIASES = {"drugs": "drug", "topicals": "topical", "handprint": "handprints"}
# From here on, an unknown column is taken for a slip and pointed out.
LIKENESS = 0.66
LENGTHS_APART = 2
MOST_UNKNOWN = 1000  # unknown columns that are looked at; each is compared with all that are known
SURE = 5  # letters of a known name with which an unknown one begins


class Vocabulary(NamedTuple):
    """The columns that a kind of list knows: its inputs in groups, what names a row, other names.

    `required` is the input without which a list of the kind says nothing; any input, if empty.
    """

    groups: tuple[tuple[str, ...], ...]
    identity: tuple[str, ...]
    aliases: Mapping[str, str]
    known: frozenset[str]
    required: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return every input of the list, under the names that are accepted."""
        shown = {field: name for name, field in self.aliases.items() if name not in ALIASES}
        return tuple(shown.get(name, name) for group in self.groups for name in group)

    def field_of(self, column: str) -> str | None:
        """Return the input or identity that a column holds, however it is written, or None."""
        name = column.strip().casefold().replace("-", "_").replace(" ", "_")
        name = self.aliases.get(name, name)
        return name if name in self.known else None


def _vocabulary(
    groups: tuple[tuple[str, ...], ...],
    identity: tuple[str, ...],
    aliases: Mapping[str, str],
    required: str = "",
) -> Vocabulary:
    known = frozenset((*identity, *(name for group in groups for name in group)))
    return Vocabulary(groups, identity, aliases, known, required)


# A list of patients: the inputs of dose, check and warn, each in a group of its own.
PATIENTS = _vocabulary(
    tuple(tuple(inputs_of(command)) for command in ("dose", "check", "warn")),
    ("id", "region"),
    ALIASES,
)
# The visits of one patient; the date of a visit is what `on` is elsewhere.
VISITS = _vocabulary((tuple(inputs_of("visit")),), ("id",), {"date": "on"}, required="date")


class Cells(NamedTuple):
    """Some columns of a CSV list: their names, and what takes their cells out of a row."""

    names: tuple[str, ...]
    of: Callable[[Sequence[str]], tuple[str, ...]]


class Columns(NamedTuple):
    """Where the cells of a CSV row belong.

    `groups` are the inputs of dose, check and warn, or of a visit; `passed` the unknown
    columns, under their own names.
    """

    width: int
    id: int | None
    region: int | None
    groups: tuple[Cells, ...]
    passed: Cells


def read_columns(header: Sequence[str], vocabulary: Vocabulary) -> Columns:
    """Find the columns of a CSV header.

    Raises `UsageError` where a column stands twice, none is known, or the required one is missing.
    """
    fields = [vocabulary.field_of(column) for column in header]
    named = [
        field or column or f"column {number}"
        for number, (field, column) in enumerate(zip(fields, header, strict=True), 1)
    ]
    name = first_twice(named)
    if name is not None:
        raise UsageError(f"the column {quoted(name)} stands twice in the header; once is accepted")
    places = {name: number for number, name in enumerate(named)}
    inputs = vocabulary.known.difference(vocabulary.identity)
    problem = ""
    if not inputs.intersection(named):
        problem = "no column of the header is known"
    elif vocabulary.required and vocabulary.aliases[vocabulary.required] not in named:
        problem = f"the header has no column {vocabulary.required}"
    if problem:
        meant = "".join(f" {column}? {near}." for column, near in slips(header, vocabulary))
        raise UsageError(f"{problem}.{meant} Accepted: {', '.join(vocabulary.inputs)}")
    return Columns(
        width=len(header),
        id=places.get("id"),
        region=places.get("region"),
        groups=tuple(
            _cells([(name, places[name]) for name in names if name in places])
            for names in vocabulary.groups
        ),
        passed=_cells(
            [
                (name, number)
                for number, (name, field) in enumerate(zip(named, fields, strict=True))
                if field is None
            ]
        ),
    )


def _cells(places: Sequence[tuple[str, int]]) -> Cells:
    names = tuple(name for name, _ in places)
    numbers = [number for _, number in places]
    if len(numbers) > 1:
        return Cells(names, itemgetter(*numbers))
    return Cells(names, lambda row: tuple([row[number] for number in numbers]))


def first_twice(names: Sequence[str]) -> str | None:
    """Return the first of `names` that stands there again, or None."""
    if len(set(names)) == len(names):
        return None
    counts = Counter(names)  # in one pass, for there may be many
    return next(name for name in names if counts[name] > 1)


def slips(columns: Iterable[str], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return each unknown column that looks like a known one, quoted, and that one."""
    unknown = (column for column in columns if vocabulary.field_of(column) is None)
    near = {column: _meant(column, vocabulary) for column in islice(unknown, MOST_UNKNOWN)}
    return [(quoted(column), known) for column, known in near.items() if known]


def _meant(column: str, vocabulary: Vocabulary) -> str:
    """Return the known column that an unknown one is likely to be, or nothing."""
    from difflib import get_close_matches

    name = column.strip().casefold()
    words = re.findall(r"[a-z]+", name)
    for known in vocabulary.inputs:
        if known in words or (len(known) >= SURE and name.startswith(known)):
            return known
    everything = (*vocabulary.identity, *vocabulary.inputs, *vocabulary.aliases)
    close = get_close_matches(name, everything, n=1, cutoff=LIKENESS)
    alike = close and abs(len(close[0]) - len(name)) <= LENGTHS_APART
    return close[0] if alike else ""
