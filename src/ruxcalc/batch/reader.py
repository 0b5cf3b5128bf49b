"""Read a list: the lines of CSV or NDJSON into rows, so that no row is ever lost.

Every row comes out as a `Row` or as a `Reject`, with the line it began on and its text.
Its bytes come as lines from `ruxcalc.batch.lines`.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
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
from ruxcalc.batch.lines import (
    BLOCK,
    LONGEST_LINE,
    MEGABYTE,
    LongLine,
    Records,
    Source,
    blocks_of,
    has_bad_bytes,
    lines_of,
)
from ruxcalc.errors import InputError, UsageError, printable, quoted
from ruxcalc.inputs import JsonNumber, Pairs

if TYPE_CHECKING:
    from json import JSONDecoder

DEEPEST = 50  # levels of a JSON value, whether it is read or passes through
DELIMITERS = ",;\t"
BLANK = " \t\r\n"
NOTHING = "there is nothing in it; a header and rows, or NDJSON, are accepted"

Key = tuple[object, ...]


class Row(NamedTuple):
    """One row: where it began, its identity and regions, and what it says.

    `keys` hold what it says for dose, check and warn: the cells of a CSV row, or the pairs of
    name and value of a JSON object. Equal keys say the same. `passed` are the values of the
    unknown columns `names`; `text` is the row as it was.
    """

    line: int
    id: object
    region: object
    keys: tuple[Key, ...]
    names: tuple[str, ...]
    passed: tuple[object, ...]
    text: str


class Reject(NamedTuple):
    """A row that is not answered: where, which column, why, and the row as it was."""

    line: int
    column: str
    reason: str
    text: str


class Table(NamedTuple):
    """A list whose beginning has been read: its rows, and what is known of its columns.

    `columns` is None for NDJSON, where each row names its own; the unknown names come to be
    known as its rows are read.
    """

    delimiter: str
    columns: Columns | None
    unknown: dict[str, None]
    rows: Iterator[Row | Reject]

    def fields(self, key: Key, group: int) -> Sequence[tuple[str, object]]:
        """Return what a key says: each field that is stated, with its cell or JSON value."""
        if self.columns is None:
            return key  # type: ignore[return-value]  # of a JSON object, pairs
        names = self.columns.groups[group].names
        return [(name, cell) for name, cell in zip(names, key, strict=True) if cell]


def checked_delimiter(typed: str | None) -> str | None:
    """Return a delimiter as typed: one of those accepted, or the word for a tab."""
    if typed is None:
        return None
    chosen = {"tab": "\t", "\\t": "\t"}.get(typed, typed)
    if len(chosen) != 1 or chosen not in DELIMITERS:
        raise InputError("delimiter", "is not a delimiter", "a comma, a semicolon or tab", typed)
    return chosen


# ---- Tables ----


def open_table(
    source: Source,
    delimiter: str | None,
    vocabulary: Vocabulary = PATIENTS,
    on_read: Callable[[int], None] = lambda _: None,
) -> Table:
    """Read the beginning of a list, CSV or NDJSON as its first character says.

    Raises `UsageError`, which names the list, where there is nothing to read.
    """
    try:
        return _table(blocks_of(source, on_read), delimiter, vocabulary)
    except UsageError as error:
        raise UsageError(f"{source.name}: {error}") from None


def _table(blocks: Iterator[bytes], delimiter: str | None, vocabulary: Vocabulary) -> Table:
    begun: list[bytes] = []
    is_json = False
    for block in blocks:
        begun.append(block)
        if block.strip():
            is_json = block.lstrip().startswith(b"{")
            break
        if len(begun) * BLOCK > LONGEST_LINE:
            break
    lines = lines_of(_chained(begun, blocks), "\n" if is_json else "")
    if is_json:
        unknown: dict[str, None] = {}
        return Table(",", None, unknown, _json_rows(lines, unknown, vocabulary))
    records = Records(lines)
    try:
        first = next(line for line in _counted(records) if line.strip(BLANK))
        if has_bad_bytes(first) or "\0" in first:
            raise UsageError("is not UTF-8 text; a list is accepted in UTF-8")
        chosen = delimiter or _likely_delimiter(first, vocabulary)
        records.give_back(0)
        header = next(csv.reader(records, delimiter=chosen, strict=True))
    except StopIteration:
        raise UsageError(NOTHING) from None
    except csv.Error as error:
        raise UsageError(f"the header cannot be read: {printable(str(error))}") from None
    records.finish()
    columns = read_columns(header, vocabulary)
    return Table(
        chosen, columns, dict.fromkeys(columns.passed.names), _csv_rows(records, chosen, columns)
    )


def _chained(begun: list[bytes], blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield b"".join(begun)
    begun.clear()
    yield from blocks


def _counted(records: Records) -> Iterator[str]:
    """Yield lines that are records of their own."""
    for line in records:
        yield line
        records.finish()


def _likely_delimiter(header: str, vocabulary: Vocabulary) -> str:
    """Return the delimiter with which most columns are known, or else the one that is seen most."""

    def known(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([header], delimiter=delimiter))
        except csv.Error:
            cells = header.split(delimiter)
        columns = sum(vocabulary.field_of(cell) is not None for cell in cells)
        return columns, header.count(delimiter)

    return max(DELIMITERS, key=known)


def _csv_rows(records: Records, delimiter: str, columns: Columns) -> Iterator[Row | Reject]:
    while True:
        try:
            yield from _well_formed(records, delimiter, columns)
        except csv.Error as error:
            # Only the line on which it began is lost to the row; the rest is read again.
            records.give_back(1)
            (text,) = records.taken
            reason = (
                f"the line is longer than {LONGEST_LINE // MEGABYTE} MB; only its beginning is kept"
                if isinstance(text, LongLine)
                else f"cannot be read as CSV: {error}"
            )
            yield Reject(records.number + 1, "", reason, text)
            records.finish()
        else:
            return


def _well_formed(records: Records, delimiter: str, columns: Columns) -> Iterator[Row | Reject]:
    """Yield the rows up to one that is no CSV, where `csv.Error` is raised."""
    taken, width = records.taken, columns.width
    id_of, region_of, passed_of = columns.id, columns.region, columns.passed.of
    keys_of = [group.of for group in columns.groups]
    names = columns.passed.names
    for cells in csv.reader(records, delimiter=delimiter, strict=True):
        line = records.number + 1
        text = taken[0] if len(taken) == 1 else "".join(taken)
        if not cells:
            pass
        elif len(cells) != width:
            yield Reject(line, "", _wrong_width(len(cells), width), text)
        elif has_bad_bytes(text):
            yield Reject(line, "", "has bytes that are not UTF-8", text)
        else:
            yield Row(
                line,
                None if id_of is None else cells[id_of],
                None if region_of is None else cells[region_of] or None,
                tuple([key_of(cells) for key_of in keys_of]),
                names,
                passed_of(cells),
                text,
            )
        records.finish()


def _wrong_width(cells: int, width: int) -> str:
    return f"has {cells} {'cell' if cells == 1 else 'cells'} where the header has {width}"


# ---- JSON ----


class JsonArray(tuple[object, ...]):
    """A JSON array. It equals nothing but an array of the same."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonArray) and tuple.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((JsonArray, *self))


class JsonObject(Pairs):
    """A JSON object. It equals nothing but an object of the same."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonObject) and tuple.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((JsonObject, *self))


def _json_rows(
    lines: Iterator[str], unknown: dict[str, None], vocabulary: Vocabulary
) -> Iterator[Row | Reject]:
    for line, text in enumerate(lines, 1):
        if not text.strip(BLANK):
            continue
        row = _read_json_row(line, text, vocabulary)
        if isinstance(row, Row) and len(unknown) < MOST_UNKNOWN:
            unknown |= dict.fromkeys(row.names)
        yield row


def _read_json_row(line: int, text: str, vocabulary: Vocabulary) -> Row | Reject:
    if isinstance(text, LongLine):
        reason = f"is longer than {LONGEST_LINE // MEGABYTE} MB; only its beginning is kept"
        return Reject(line, "", f"the line {reason}", text)
    if has_bad_bytes(text):
        return Reject(line, "", "has bytes that are not UTF-8", text)
    try:
        value = _decoder().decode(text)
    except RecursionError:
        return Reject(line, "", f"has a value of more than {DEEPEST} levels", text)
    except ValueError as error:
        return Reject(line, "", f"cannot be read as JSON: {_json_problem(error)}", text)
    if isinstance(value, Pairs) and any(name == "resourceType" for name, _ in value):
        return _response_row(line, text, vocabulary)
    return _json_row(line, value, text, vocabulary)


def _response_row(line: int, text: str, vocabulary: Vocabulary) -> Row | Reject:
    """Read a FHIR QuestionnaireResponse, named by its id and asked for its own regions."""
    from ruxcalc.fhir import read_response

    try:
        response = read_response(text)
    except InputError as error:
        return Reject(line, "", error.reason, text)
    row = {"id": response.id, "region": ",".join(response.regions), **response.inputs}
    pairs = ((n, JsonArray(v) if isinstance(v, tuple) else v) for n, v in row.items())
    return _json_row(line, JsonObject(pairs), text, vocabulary)


def _json_problem(error: ValueError) -> str:
    """Return what is wrong in the words of the decoder, with the place in the line."""
    place = getattr(error, "pos", None)
    message = getattr(error, "msg", "")
    return str(error) if place is None else f"{message} at character {place + 1}"


def _object(pairs: list[tuple[str, object]]) -> JsonObject:
    twice = first_twice([name for name, _ in pairs])
    if twice is not None:
        raise ValueError(f"{quoted(twice)} stands twice in one object")
    return JsonObject((name, _frozen(value)) for name, value in pairs)


def _frozen(value: object) -> object:
    return JsonArray(map(_frozen, value)) if isinstance(value, list) else value


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
        object_pairs_hook=_object,
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
    stated: dict[str, object] = {}
    passed: dict[str, object] = {}
    for column, item in value:
        field = vocabulary.field_of(column)
        if field is None:
            passed[column] = item
        elif field in stated:
            return Reject(line, column, "is given under two names", text)
        elif item is not None:
            stated[field] = item
    if passed and not any(name in stated for names in vocabulary.groups for name in names):
        meant = "".join(f" {column}? {near}." for column, near in slips(passed, vocabulary))
        return Reject(line, "", f"has no field that is known.{meant}", text)
    return Row(
        line,
        stated.get("id"),
        stated.get("region"),
        tuple(
            tuple((name, stated[name]) for name in names if name in stated)
            for names in vocabulary.groups
        ),
        tuple(passed),
        tuple(passed.values()),
        text,
    )
