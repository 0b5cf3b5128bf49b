"""Reading a list: CSV or NDJSON text into rows, so that no row is ever lost.

Every row comes out as a `Row` or as a `Reject`, with the line it began on and its
original text.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.batch.columns import (
    MOST_UNKNOWN,
    PATIENTS,
    Columns,
    Vocabulary,
    first_twice,
    read_columns,
    slips,
)
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.inputs import JsonNumber, Pairs

if TYPE_CHECKING:
    from json import JSONDecoder

DELIMITERS = ",;\t"
DEEPEST = 50  # levels of a JSON value, whether it is read or passes through
LONGEST_RECORD = 100  # lines; a quote that stays open longer was never closed

Given = tuple[tuple[str, object], ...]


class Row(NamedTuple):
    """One row: where it began, its identity and regions, and what it gives.

    `given` holds the inputs of dose, check and warn as pairs of name and value;
    `passed` the unknown columns; `text` the row as it was.
    """

    line: int
    id: object
    region: object
    given: tuple[Given, ...]
    passed: Given
    text: str


class Reject(NamedTuple):
    """A row that is not answered: where, which column, why, and the row as it was."""

    line: int
    column: str
    reason: str
    text: str


def checked_delimiter(given: str | None) -> str | None:
    """A delimiter as typed: one of those accepted, or the word for a tab."""
    if given is None:
        return None
    chosen = {"tab": "\t", "\\t": "\t"}.get(given, given)
    if len(chosen) != 1 or chosen not in DELIMITERS:
        raise InputError("delimiter", "is not a delimiter", "a comma, a semicolon or tab", given)
    return chosen


class Lines:
    """The lines of a file, counted, with those of the current record and a way back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: list[str] = []
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LONGEST_RECORD:
            raise csv.Error("a quote is not closed")
        line = self._back.pop() if self._back else next(self._lines)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self, kept: int) -> None:
        """Give back the lines of the current record but the first `kept`, to be read again."""
        again = self.taken[kept:]
        del self.taken[kept:]
        self._back += reversed(again)
        self.number -= len(again)


class Table(NamedTuple):
    """A list that is open: its rows, and what is known of it from its header.

    `columns` is None for NDJSON, where each row names its own; the unknown names
    come to be known as its rows are read.
    """

    header: str
    delimiter: str
    columns: Columns | None
    unknown: dict[str, None]
    rows: Iterator[Row | Reject]


def open_table(lines: Lines, delimiter: str | None, vocabulary: Vocabulary = PATIENTS) -> Table:
    """The list in `lines`, CSV or NDJSON as its first character says.

    Raises `UsageError` where there is nothing to read.
    """
    first = next((line for line in _records_of(lines) if line.strip()), None)
    if first is None:
        raise UsageError("there is nothing in it; a header and rows, or NDJSON, are accepted")
    lines.give_back(0)
    if _has_bad_bytes(first):
        raise UsageError("is not UTF-8 text; a list is accepted in UTF-8")
    if first.lstrip().startswith("{"):
        unknown: dict[str, None] = {}
        return Table("", ",", None, unknown, _json_rows(lines, unknown, vocabulary))
    chosen = delimiter or max(DELIMITERS, key=lambda mark: _known_columns(first, mark, vocabulary))
    reader = csv.reader(lines, delimiter=chosen, strict=True)
    try:
        header = next(reader)
    except csv.Error as error:
        raise UsageError(f"the header cannot be read: {printable(str(error))}") from None
    columns = read_columns(header, vocabulary)
    text = "".join(lines.taken).rstrip("\r\n")
    passed = {name: None for name, _ in columns.passed}
    return Table(text, chosen, columns, passed, _csv_rows(lines, reader, columns))


def _known_columns(header: str, delimiter: str, vocabulary: Vocabulary) -> tuple[int, int]:
    """How many columns are known with this delimiter, and how often it stands there."""
    try:
        cells = next(csv.reader([header], delimiter=delimiter))
    except csv.Error:
        cells = header.split(delimiter)
    return sum(vocabulary.field_of(cell) is not None for cell in cells), header.count(delimiter)


def _records_of(lines: Lines) -> Iterator[str]:
    for line in lines:
        yield line
        lines.taken.clear()


def _csv_rows(
    lines: Lines, reader: Iterator[list[str]], columns: Columns
) -> Iterator[Row | Reject]:
    while True:
        lines.taken.clear()
        began = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Only the line on which it began is lost to the row; the rest is read again.
            lines.give_back(1)
            yield Reject(began, "", f"cannot be read as CSV: {error}", lines.taken[0])
            continue
        text = lines.taken[0] if len(lines.taken) == 1 else "".join(lines.taken)
        if cells:
            yield _csv_row(began, cells, text, columns)


def _csv_row(line: int, cells: list[str], text: str, columns: Columns) -> Row | Reject:
    if len(cells) != columns.width:
        reason = f"has {len(cells)} cells where the header has {columns.width}"
        return Reject(line, "", reason, text)
    if not text.isascii() and _has_bad_bytes(text):
        return Reject(line, "", "has bytes that are not UTF-8", text)
    return Row(
        line,
        None if columns.id is None else cells[columns.id],
        None if columns.region is None else cells[columns.region] or None,
        tuple(
            tuple([(name, cell) for name, place in group if (cell := cells[place])])
            for group in columns.groups
        ),
        tuple([(name, cells[place]) for name, place in columns.passed]),
        text,
    )


def _has_bad_bytes(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _json_rows(
    lines: Lines, unknown: dict[str, None], vocabulary: Vocabulary
) -> Iterator[Row | Reject]:
    for text in _records_of(lines):
        line = lines.number
        if not text.strip():
            continue
        if not text.isascii() and _has_bad_bytes(text):
            yield Reject(line, "", "has bytes that are not UTF-8", text)
            continue
        try:
            value = _decoder().decode(text)
        except (ValueError, RecursionError) as error:
            yield Reject(line, "", f"cannot be read as JSON: {error}", text)
            continue
        row = _json_row(line, value, text, vocabulary)
        if isinstance(row, Row) and len(unknown) < MOST_UNKNOWN:
            unknown |= dict.fromkeys(name for name, _ in row.passed)
        yield row


def _pairs(pairs: list[tuple[str, object]]) -> Pairs:
    twice = first_twice([name for name, _ in pairs])
    if twice is not None:
        raise ValueError(f"{twice!r} stands twice in one object")
    return Pairs((name, _frozen(value)) for name, value in pairs)


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _deeper(value: object, levels: int) -> bool:
    if not isinstance(value, tuple):
        return False
    if not levels:
        return True
    inner = (pair[1] for pair in value) if isinstance(value, Pairs) else iter(value)
    return any(_deeper(item, levels - 1) for item in inner)


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is not a number")


@cache
def _decoder() -> "JSONDecoder":
    # Loaded where a list is JSON. Numbers stay as typed: the number grammar reads them.
    from json import JSONDecoder

    return JSONDecoder(
        object_pairs_hook=_pairs,
        parse_float=JsonNumber,
        parse_int=JsonNumber,
        parse_constant=_no_constant,
    )


def _json_row(line: int, value: object, text: str, vocabulary: Vocabulary) -> Row | Reject:
    if not isinstance(value, Pairs):
        return Reject(line, "", "is not a JSON object", text)
    # Before any of it is written out: each level of a value costs a level of the stack.
    if any(_deeper(item, DEEPEST) for _, item in value):
        return Reject(line, "", f"has a value of more than {DEEPEST} levels", text)
    given: dict[str, object] = {}
    passed: list[tuple[str, object]] = []
    for column, item in value:
        field = vocabulary.field_of(column)
        if field is None:
            passed.append((column, item))
        elif field in given:
            return Reject(line, column, "is given under two names", text)
        elif item is not None:
            given[field] = item
    if passed and not any(name in given for names in vocabulary.groups for name in names):
        meant = "".join(f" {column}? {near}." for column, near in slips(dict(passed), vocabulary))
        return Reject(line, "", f"has no field that is known.{meant}", text)
    return Row(
        line,
        given.get("id"),
        given.get("region"),
        tuple(
            tuple([(name, given[name]) for name in names if name in given])
            for names in vocabulary.groups
        ),
        tuple(passed),
        text,
    )
