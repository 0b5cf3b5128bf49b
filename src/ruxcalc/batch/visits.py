"""The visits of one patient, read from a CSV or NDJSON list."""

from itertools import islice
from typing import NamedTuple

from ruxcalc.batch.columns import VISITS, slips
from ruxcalc.batch.rows import Lines, Reject, Row, open_table
from ruxcalc.batch.source import lines_of, opened_list, shown_path
from ruxcalc.errors import UsageError, quoted
from ruxcalc.inputs import cell_values, json_values
from ruxcalc.patient import INPUTS
from ruxcalc.rules.track import Unread, Visit, read_visit

MOST_VISITS = 10_000  # of one patient; more is another kind of list


class Visits(NamedTuple):
    """The rows of a list of visits, read or not, and notes on its columns."""

    rows: tuple[Visit | Unread, ...]
    notes: tuple[str, ...]


def read_visits(path: str, delimiter: str | None) -> Visits:
    """The visits in the list at `path`, or on standard input for `-`.

    Raises `UsageError` where there is nothing to read or several patients are in it.
    """
    name = shown_path(path)
    with opened_list(path) as source:
        try:
            table = open_table(Lines(lines_of(source, lambda _: None)), delimiter, VISITS)
            rows = list(islice(table.rows, MOST_VISITS + 1))
        except UsageError as error:
            raise UsageError(f"{name}: {error}") from None
    if not rows:
        raise UsageError(f"{name}: there is a header and no row")
    if len(rows) > MOST_VISITS:
        raise UsageError(f"{name}: has more than {MOST_VISITS} visits; those of one are accepted")
    whose = dict.fromkeys(str(row.id) for row in rows if isinstance(row, Row) and row.id)
    if len(whose) > 1:
        several = ", ".join(quoted(one) for one in list(whose)[:3])
        raise UsageError(f"{name}: holds visits of several patients, id {several}; one is accepted")
    is_csv = table.columns is not None
    notes = tuple(
        f"{name}: column {column} is not known and was left out; {near} is"
        for column, near in slips(table.unknown, VISITS)
    )
    return Visits(tuple(_visit(row, is_csv=is_csv) for row in rows), notes)


def _visit(row: Row | Reject, *, is_csv: bool) -> Visit | Unread:
    if isinstance(row, Reject):
        return Unread(row.line, row.column, row.reason, None)
    (given,) = row.given
    return read_visit(
        row.line,
        {
            name: cell_values(INPUTS[name], value)
            if is_csv and isinstance(value, str)
            else json_values(INPUTS[name], value)
            for name, value in given
        },
    )
