"""The visits of one patient, read from a CSV or NDJSON list."""

from itertools import islice
from typing import NamedTuple

from ruxcalc.batch.columns import VISITS, slips
from ruxcalc.batch.lines import opened_list
from ruxcalc.batch.reader import Reject, Row, Table, open_table
from ruxcalc.errors import UsageError, quoted
from ruxcalc.inputs import MOST_LISTED, as_values, cell_values
from ruxcalc.patient import INPUTS
from ruxcalc.rules.visits import UnreadRow, VisitRow, read_visit


class Visits(NamedTuple):
    """The rows of a list of visits, read or not, and notes on its columns."""

    rows: tuple[VisitRow | UnreadRow, ...]
    notes: tuple[str, ...]


def read_visits(path: str, delimiter: str | None) -> Visits:
    """Read the visits in the list at `path`, or on standard input for `-`.

    Raises `UsageError` where there is nothing to read or several patients are in it.
    """
    with opened_list(path) as source:
        name = source.name
        table = open_table(source, delimiter, VISITS)
        rows = list(islice(table.rows, MOST_LISTED + 1))
    if not rows:
        raise UsageError(f"{name}: there is a header and no row")
    if len(rows) > MOST_LISTED:
        raise UsageError(f"{name}: has more than {MOST_LISTED} visits; those of one are accepted")
    whose = dict.fromkeys(str(row.id) for row in rows if isinstance(row, Row) and row.id)
    if len(whose) > 1:
        several = ", ".join(quoted(one) for one in list(whose)[:3])
        raise UsageError(f"{name}: holds visits of several patients, id {several}; one is accepted")
    notes = tuple(
        f"{name}: column {column} is not known and was left out; {near} is"
        for column, near in slips(table.unknown, VISITS)
    )
    return Visits(tuple(_visit(row, table) for row in rows), notes)


def _visit(row: Row | Reject, table: Table) -> VisitRow | UnreadRow:
    if isinstance(row, Reject):
        return UnreadRow(row.line, row.column, row.reason, None)
    is_csv = table.columns is not None
    return read_visit(
        row.line,
        {
            name: cell_values(INPUTS[name], str(value))
            if is_csv
            else as_values(INPUTS[name], value)
            for name, value in table.fields(row.keys[0], 0)
        },
    )
