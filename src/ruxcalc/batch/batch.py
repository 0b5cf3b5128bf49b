"""The `batch` command: read a list, answer each row, write the answers, count them.

`ruxcalc.batch.rows` answers each row, in the form that was asked for.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from typing import NamedTuple

from ruxcalc.batch.columns import PATIENTS, slips
from ruxcalc.batch.files import STDOUT, Sink, opened_output, refuse_same, refuse_to_overwrite, whole
from ruxcalc.batch.lines import Source, opened_list
from ruxcalc.batch.notation import read_notation
from ruxcalc.batch.progress import Progress, shown_progress
from ruxcalc.batch.reader import Reject, Row, Table, open_table
from ruxcalc.batch.rows import Answered, FlatRows, FullRows, RankedRows, Regions, Rows
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.render.flat import CsvForm, NdjsonForm
from ruxcalc.render.formats import Color, formats_of
from ruxcalc.results import SEVERITIES
from ruxcalc.streams import abandon

REJECT_COLUMNS = ("line", "column", "reason", "row")
ANSWERED_AT, WRITTEN_AT = 100, 1000  # rows

Say = Callable[[str], None]


class BatchOptions(NamedTuple):
    """What `batch` was asked for; `regions` and `day` are for rows that name none.

    Attributes:
        path: the list; `-` is standard input.
        form: `ndjson`, `csv` or `table`.
        output, rejects: paths, None for standard output and for messages.
        delimiter: of CSV, None where the header shows it.
        decimal, dates: the decimal sign and the order of dates, see `ruxcalc.batch.notation`.
        all_others_no: every safety input that a row does not give is read as no.
        full, explain: write the whole answer of `assess`, with its working.
        color: of the table; `auto` is colour on a terminal only.
        quiet: write nothing to standard output.

    """

    path: str
    regions: Regions
    day: date
    form: str = "ndjson"
    output: str | None = None
    rejects: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    dates: str | None = None
    all_others_no: bool = False
    full: bool = False
    explain: bool = False
    color: Color = "auto"
    quiet: bool = False


class Total:
    """What became of the rows so far."""

    def __init__(self) -> None:
        self.rows = self.rejected = self.notes = 0
        self.severities = dict.fromkeys(SEVERITIES, 0)
        self.cut_short = False

    def count(self, severities: Sequence[int], notes: int) -> None:
        """Count what was found in a row that was answered."""
        self.notes += notes
        for severity, found in zip(SEVERITIES, severities, strict=True):
            self.severities[severity] += found

    @property
    def act(self) -> bool:
        """Return whether there is a finding of severity warning or critical."""
        return any(count for severity, count in self.severities.items() if severity != "info")

    def __str__(self) -> str:
        warnings = self.severities["warning"]
        found = (
            f"{self.severities['critical']} critical,"
            f" {warnings} {'warning' if warnings == 1 else 'warnings'},"
            f" {self.severities['info']} info"
        )
        return (
            f"{self.rows} {'row' if self.rows == 1 else 'rows'}:"
            f" {self.rows - self.rejected} answered, {self.rejected} rejected."
            f" Findings: {found}. Notes: {self.notes}."
        )


def run_batch(options: BatchOptions, say: Say) -> Total:
    """Answer a list and return what became of it; `say` takes messages.

    Raises `InputError` or `UsageError` where nothing can be read or an answer cannot be
    written. A closed pipe ends the work quietly, with a total that is `cut_short`.
    """
    _refuse(options)
    total = Total()
    try:
        with opened_list(options.path) as source:
            _answer_list(options, source, total, say)
    except BrokenPipeError:
        abandon(sys.stdout)
        total.cut_short = True
    return total


def _refuse(options: BatchOptions) -> None:
    """Raise an error for options that do not go together."""
    if options.form not in formats_of("batch"):
        accepted = ", ".join(formats_of("batch"))
        raise InputError("format", "is not a format of lists", accepted, options.form)
    if options.full and options.form != "ndjson":
        raise InputError("full", "is the whole answer, which is no row", "it with ndjson")
    if options.explain and not options.full:
        raise InputError("explain", "does not fit a flat row", "{explain} with {full}")
    read_notation(options.decimal, options.dates)
    if options.rejects == STDOUT:
        raise UsageError("the rejects need a file; standard output is for the answers")
    if options.rejects is not None and not (options.quiet and options.output is None):
        refuse_same(_output_of(options), options.rejects)


def _output_of(options: BatchOptions) -> str:
    return STDOUT if options.output is None else options.output


def _answer_list(options: BatchOptions, source: Source, total: Total, say: Say) -> None:
    for path in (_output_of(options), options.rejects):
        if path is not None:
            refuse_to_overwrite(source.descriptor, path)
    with ExitStack() as stack:
        output = rejects = None
        if options.output is not None or not options.quiet:
            output = stack.enter_context(opened_output(_output_of(options)))
        if options.rejects is not None:
            rejects = whole(stack.enter_context(opened_output(options.rejects)), options.rejects)
        to_stdout = _output_of(options) == STDOUT
        progress = stack.enter_context(shown_progress(source.descriptor, to_stdout=to_stdout))
        answers = _Answers(output, total, progress)
        table = open_table(source, options.delimiter, PATIENTS, answers.on_read)
        refusals = _Refusals(source.name, table, rejects, progress.clearing(say))
        answers.begin(_rows_of(options, table), refusals)
        for row in table.rows:
            answers.take(row)
        answers.finish()
        if not total.rows:
            raise UsageError(f"{source.name}: there is a header and no row")
    for column, near in slips(table.unknown, PATIENTS):
        say(f"Note: {source.name}: column {column} is not known and passes through; {near} is")


class _Answers:
    """Answers rows, some at a time, and writes the answers in the order of the rows."""

    _rows: Rows
    _refusals: "_Refusals"

    def __init__(self, output: Sink | None, total: Total, progress: Progress) -> None:
        self._output = output
        self._total = total
        self._progress = progress
        self._read: list[Row | Reject] = []
        self._texts: list[str] = []

    def begin(self, rows: Rows, refusals: "_Refusals") -> None:
        """Take what answers a row, and what writes those that are refused."""
        self._rows, self._refusals = rows, refusals

    def take(self, row: Row | Reject) -> None:
        """Take a row."""
        self._read.append(row)
        if len(self._read) >= ANSWERED_AT:
            self._answer()

    def _answer(self) -> None:
        self._rows.prepare([row for row in self._read if isinstance(row, Row)])
        for row in self._read:
            if not self._total.rows:
                self._texts.append(self._rows.header)
            answered = _answered(self._rows, row)
            self._total.rows += 1
            if isinstance(answered, Reject):
                self._total.rejected += 1
                self._refusals.add(answered)
            else:
                self._total.count(answered.severities, answered.notes)
                self._texts.append(answered.text)
        self._read.clear()
        if len(self._texts) >= WRITTEN_AT:
            self._write()

    def _write(self) -> None:
        if self._output is not None:
            self._output("".join(self._texts).encode("utf-8", "backslashreplace"))
        self._texts.clear()
        self._progress.show(self._total.rows, self._total.rejected)

    def on_read(self, size: int) -> None:
        """Count what was read of the list, and write before more is: that may take its time."""
        self._progress.read(size)
        if not size and self._read:
            self._answer()
        if not size:
            self._write()

    def finish(self) -> None:
        """Answer and write what is left."""
        self._answer()
        if self._total.rows:
            self._texts.append(self._rows.last())
        self._write()


# ---- Rows ----


def _rows_of(options: BatchOptions, table: Table) -> Rows:
    if options.full:
        return FullRows(options, table)
    return RankedRows(options, table) if options.form == "table" else FlatRows(options, table)


def _answered(rows: Rows, row: Row | Reject) -> Answered | Reject:
    if isinstance(row, Reject):
        return row
    try:
        return rows.answer(row)
    except InputError as met:
        error = rows.refusal(row, met)
        return Reject(row.line, error.field, error.reason, row.text)


# ---- Rejects ----


class _Refusals:
    """Writes rejected rows to a file, each as it was with its line, its column and the reason."""

    def __init__(self, name: str, table: Table, output: Sink | None, say: Say) -> None:
        self._name = name
        self._output = output
        self._say = say
        is_csv = table.columns is not None
        self._form = CsvForm(",") if is_csv else NdjsonForm()
        if output is not None and is_csv:
            output(self._form.row([self._form.section((), REJECT_COLUMNS)]).encode())

    def add(self, reject: Reject) -> None:
        """Write a rejected row, or a message where there is no file for it."""
        if self._output is None:
            column = f"{reject.column}: " if reject.column else ""
            self._say(printable(f"{self._name}:{reject.line}: {column}{reject.reason}"))
            return
        text = reject.text.rstrip("\r\n")
        cells = (reject.line, reject.column, printable(reject.reason), text)
        line = self._form.row([self._form.section(REJECT_COLUMNS, cells)])
        # Bytes of the list that were not UTF-8 are the same here.
        self._output(line.encode("utf-8", "surrogateescape"))
