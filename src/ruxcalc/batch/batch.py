"""The `batch` command: read a list, answer each row, write the answers, count them.

Each row is read into the values that were typed, and answered by the rules that answer one
patient. Dose, response and precautions depend each on inputs of their own: what a part says is
remembered by exactly these, as they were typed, and a row is put together from its parts.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from ruxcalc.api import read_regions
from ruxcalc.batch.columns import PATIENTS, slips
from ruxcalc.batch.files import STDOUT, Sink, opened_output, refuse_same, refuse_to_overwrite
from ruxcalc.batch.notation import Notation
from ruxcalc.batch.progress import Progress, shown_progress
from ruxcalc.batch.reader import Key, Reject, Row, Source, Table, open_table, opened_list
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.inputs import cell_values, json_values, read_input
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.labels.model import Label, Region
from ruxcalc.patient import INPUTS, Patient
from ruxcalc.render.flat import (
    CsvForm,
    NdjsonForm,
    Result,
    basis_values,
    check_values,
    defused,
    dose_values,
    names_of,
    own_names,
    passed_names,
    result_of,
    result_of_none,
    result_values,
    warn_values,
    whole_result,
)
from ruxcalc.render.json import json_line
from ruxcalc.results import SEVERITIES, VERDICTS, Severity, Verdict
from ruxcalc.rules.assess import assess, check_if_asked, dose_if_asked, part_or_reason
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.freshness import due_on, overdue, with_age
from ruxcalc.rules.warn import warn
from ruxcalc.streams import abandon, write_answer

FORMS = ("ndjson", "csv", "table")
REJECT_COLUMNS = ("line", "column", "reason", "row")
# Remembered of each kind; more would let memory grow with the list.
CELLS, PARTS, RESULTS = 4096, 4096, 1024
DOSE, CHECK, WARN = range(3)
WRITTEN_AT = 1000  # rows

Regions = tuple[Region, ...]
Say = Callable[[str], None]
Form = Literal["ndjson", "csv", "table"]


class BatchOptions(NamedTuple):
    """What `batch` was asked for; `regions` and `day` are for rows that name none.

    `output` and `rejects` are paths, None for standard output and for messages; `full` asks for
    the whole answer of `assess`, which may `explain` itself.
    """

    path: str
    regions: Regions
    day: date
    form: Form = "ndjson"
    full: bool = False
    explain: bool = False
    all_others_no: bool = False
    output: str | None = None
    rejects: str | None = None
    delimiter: str | None = None
    notation: Notation = Notation()
    quiet: bool = False


class Total:
    """What became of the rows so far."""

    def __init__(self) -> None:
        self.rows = self.rejected = self.notes = 0
        self.severities = dict.fromkeys(SEVERITIES, 0)
        self.cut_short = False

    def count(self, severities: Sequence[int], notes: int) -> None:
        """Count a row that was answered."""
        self.rows += 1
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
    if options.form not in FORMS:
        raise InputError("format", "is not a format of lists", ", ".join(FORMS), options.form)
    if options.full and options.form != "ndjson":
        raise InputError("full", "is the whole answer, which is no row", "it with ndjson")
    if options.explain and not options.full:
        raise InputError("explain", "has no room in a flat row", "{explain} with {full}")
    if options.rejects == STDOUT:
        raise UsageError("the rejects need a file; standard output is for the answers")
    if options.rejects is not None and not (options.quiet and options.output is None):
        refuse_same(options.output or STDOUT, options.rejects)


def _answer_list(options: BatchOptions, source: Source, total: Total, say: Say) -> None:
    for path in (options.output, options.rejects):
        if path is not None:
            refuse_to_overwrite(source.descriptor, path)
    with ExitStack() as stack:
        answers: Sink = lambda _: None  # noqa: E731 - what takes no name
        if options.output is not None or not options.quiet:
            answers = stack.enter_context(opened_output(options.output or STDOUT))
        rejects = None
        if options.rejects is not None:
            rejects = stack.enter_context(opened_output(options.rejects))
        to_stdout = options.output in (None, STDOUT)
        progress = stack.enter_context(shown_progress(source.descriptor, to_stdout=to_stdout))
        work = _Work(total, answers, progress)
        table = open_table(source, options.delimiter, PATIENTS, work.on_read)
        work.refuse = _refusal_sink(source.name, table, rejects, work.clearing(say))
        make = _TABLES[options.form] if not options.full else FullRows
        work.answer_rows(table, make(options, table))
    for column, near in slips(table.unknown, PATIENTS):
        say(f"Note: {source.name}: column {column} is not known and passes through; {near} is")
