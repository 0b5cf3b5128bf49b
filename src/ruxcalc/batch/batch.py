"""The `batch` command: read a list, answer each row, write the answers, count them.

Each row is read into the values that were typed, and answered by the rules that answer one
patient. Dose, response and precautions depend each on inputs of their own: what a part says is
remembered by exactly these, as they were typed, and a row is put together from its parts.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from ruxcalc.api import read_regions
from ruxcalc.batch.columns import PATIENTS, slips
from ruxcalc.batch.files import STDOUT, Sink, opened_output, refuse_same, refuse_to_overwrite
from ruxcalc.batch.notation import PLAIN, read_notation
from ruxcalc.batch.progress import Progress, shown_progress
from ruxcalc.batch.ranking import Ranking
from ruxcalc.batch.reader import (
    JsonArray,
    Key,
    Reject,
    Row,
    Source,
    Table,
    open_table,
    opened_list,
)
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.inputs import as_values, cell_values, read_input
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.labels.model import Label
from ruxcalc.patient import INPUTS, Patient, read_patient, unusual_inputs
from ruxcalc.render.flat import (
    IDENTITY,
    CsvForm,
    NdjsonForm,
    Result,
    Section,
    basis_values,
    check_values,
    csv_cell,
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
from ruxcalc.render.formats import Color, formats_of
from ruxcalc.render.json import json_line
from ruxcalc.results import SEVERITIES
from ruxcalc.rules.assess import AssessAnswer, assess, check_part, dose_part
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import judge_check
from ruxcalc.rules.dose import judge_dose
from ruxcalc.rules.freshness import overdue, regions_with_age, with_age
from ruxcalc.rules.warn import Situation, precautions, situation_of
from ruxcalc.rules.working import assess_with_steps
from ruxcalc.streams import abandon

REJECT_COLUMNS = ("line", "column", "reason", "row")
# Remembered of each kind; more would let memory grow with the list.
CELLS, PARTS, RESULTS = 4096, 4096, 1024
DOSE, CHECK, WARN = range(3)
WRITTEN_AT = 1000  # rows

Regions = tuple[str, ...]
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
    for path in (options.output, options.rejects):
        if path is not None:
            refuse_to_overwrite(source.descriptor, path)
    with ExitStack() as stack:
        output = rejects = None
        if options.output is not None or not options.quiet:
            output = stack.enter_context(opened_output(_output_of(options)))
        if options.rejects is not None:
            rejects = stack.enter_context(opened_output(options.rejects))
        to_stdout = _output_of(options) == STDOUT
        progress = stack.enter_context(shown_progress(source.descriptor, to_stdout=to_stdout))
        answers = _Answers(output, total, progress)
        table = open_table(source, options.delimiter, PATIENTS, answers.on_read)
        refusals = _Refusals(source.name, table, rejects, progress.clearing(say))
        rows = _rows_of(options, table)
        for row in table.rows:
            if not total.rows:
                answers.add(rows.header)
            answered = _answered(rows, row)
            total.rows += 1
            if isinstance(answered, Reject):
                total.rejected += 1
                refusals.add(answered)
            else:
                total.count(answered.severities, answered.notes)
                answers.add(answered.text)
        if not total.rows:
            raise UsageError(f"{source.name}: there is a header and no row")
        answers.add(rows.last())
        answers.write()
    for column, near in slips(table.unknown, PATIENTS):
        say(f"Note: {source.name}: column {column} is not known and passes through; {near} is")


class _Answers:
    """Writes answers in the order of the rows, some at a time."""

    def __init__(self, output: Sink | None, total: Total, progress: Progress) -> None:
        self._output = output
        self._total = total
        self._progress = progress
        self._waiting: list[str] = []

    def add(self, text: str) -> None:
        """Take an answer."""
        self._waiting.append(text)
        if len(self._waiting) >= WRITTEN_AT:
            self.write()

    def write(self) -> None:
        """Write what is waiting."""
        if self._output is not None:
            self._output("".join(self._waiting).encode("utf-8", "backslashreplace"))
        self._waiting.clear()
        self._progress.show(self._total.rows, self._total.rejected)

    def on_read(self, size: int) -> None:
        """Count what was read of the list, and write before more is: that may take its time."""
        self._progress.read(size)
        if not size:
            self.write()


# ---- Rows ----


class Answered(NamedTuple):
    """The text of the answer to a row, its findings by severity, and how many notes it has."""

    text: str
    severities: Sequence[int]
    notes: int


class Rows(Protocol):
    """One form of the answers to a list: a header, a text for each row, and an end."""

    @property
    def header(self) -> str:
        """Return what stands before the first row."""

    def answer(self, row: Row) -> Answered:
        """Return the answer to a row. Raises `InputError` where a value cannot be read."""

    def last(self) -> str:
        """Return what stands behind the last row."""

    def refusal(self, row: Row, error: InputError) -> InputError:
        """Return why a row is not answered, where `error` is what was met first."""


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


class Reader:
    """Reads what a row says: its regions, and its values as they were typed."""

    def __init__(self, options: BatchOptions, table: Table) -> None:
        self.options = options
        self.table = table
        self.notation = read_notation(options.decimal, options.dates)
        self._is_plain = self.notation == PLAIN
        columns = table.columns
        self._may_have_days = columns is None or "on" in columns.groups[CHECK].names
        # Each cell is read once: by its field, its type and its text.
        self._read = lru_cache(CELLS, typed=True)(self._read_cell)
        self._named_regions = lru_cache(CELLS, typed=True)(_named_regions)

    def regions(self, row: Row) -> Regions:
        """Return the regions that a row is answered for."""
        return self.options.regions if row.region is None else self._named_regions(row.region)

    def day(self, row: Row) -> date:
        """Return the day of the visit, by which the age of the facts is judged."""
        if not self._may_have_days:
            return self.options.day
        stated = self.table.fields(row.keys[CHECK], CHECK)
        on = next((value for name, value in stated if name == "on"), None)
        if on is None:
            return self.options.day
        day = self._read("on", on)
        assert isinstance(day, date)
        return day

    def values(self, key: Key, group: int) -> dict[str, Sequence[object]]:
        """Return what a row says for one part, as the values that each field came with."""
        values = {name: self._values(name, cell) for name, cell in self.table.fields(key, group)}
        return {**values, **{name: (value,) for name, value in self._beyond(values, group)}}

    def patient(self, key: Key, group: int) -> Patient:
        """Return the patient as far as one part depends on it."""
        read: dict[str, Any] = {
            name: self._read(name, cell) for name, cell in self.table.fields(key, group)
        }
        read.update(self._beyond(read, group))
        return Patient(**read)

    def _beyond(self, stated: Mapping[str, object], group: int) -> Sequence[tuple[str, object]]:
        """Return what the list says for each of its rows: the day, and that nothing else is."""
        if group == WARN and self.options.all_others_no and "all_others_no" not in stated:
            return (("all_others_no", True),)
        if group == CHECK and "on" not in stated and ("start" in stated or "restart" in stated):
            return (("on", self.options.day),)
        return ()

    def _values(self, name: str, cell: object) -> Sequence[object]:
        """Return the values that a cell or a JSON value stands for, in plain notation."""
        declared = INPUTS[name]
        if self.table.columns is None or not isinstance(cell, str):
            values = as_values(declared, cell)
        else:
            values = cell_values(declared, cell)
        if self._is_plain:
            return values
        return tuple([self.notation.to_plain(name, declared, value) for value in values])

    def _read_cell(self, name: str, cell: object) -> object:
        return read_input(name, INPUTS[name], self._values(name, cell))

    def ask(self, row: Row) -> AssessAnswer:
        """Return the whole answer to a row, read in one go as a single patient is."""
        labels = load_all(self.regions(row))
        day = self.day(row)
        values: dict[str, Sequence[object]] = {}
        for group, key in enumerate(row.keys):
            values |= self.values(key, group)
        patient = read_patient(values)
        answer = assess(patient, labels)
        if self.options.explain:
            answer = assess_with_steps(patient, labels, answer)
        return with_age(answer, labels, day)

    def refusal(self, row: Row, met: InputError) -> InputError:
        """Return the error that the same patient meets when asked about alone."""
        try:
            self.ask(row)
        except InputError as error:
            met = error
        for group, key in enumerate(row.keys):
            for name, typed in self.table.fields(key, group):
                if name == met.field:
                    return self.notation.as_typed(INPUTS[name], met, typed)
        return met


def _named_regions(named: object) -> Regions:
    several = named if isinstance(named, JsonArray) else (named,)
    return read_regions(
        [one.replace(";", ",") if isinstance(one, str) else one for one in several]  # type: ignore[misc]  # it refuses what is no text
    )


class Part(NamedTuple):
    """What is remembered of a part of an answer: what it comes to, its cells, its notes."""

    result: Result
    text: str
    notes: tuple[str, ...]


class Whole(NamedTuple):
    """What the parts come to together, with its cells."""

    text: str
    severities: tuple[int, ...]
    result: Result


class FlatRows:
    """One flat row for each patient, put together from remembered parts."""

    def __init__(self, options: BatchOptions, table: Table) -> None:
        self._reader = Reader(options, table)
        self._table = table
        self._is_csv = options.form == "csv"
        self._form = CsvForm(table.delimiter) if self._is_csv else NdjsonForm()
        # The table must stay even where each row names its own regions.
        by_row = table.columns is None or table.columns.region is not None
        self._columns = REGIONS if by_row else options.regions
        self._dose = lru_cache(PARTS)(self._answer_dose)
        self._check = lru_cache(PARTS)(self._answer_check)
        self._warn = lru_cache(PARTS)(self._answer_warn)
        self._whole = lru_cache(RESULTS)(self._put_together)
        self._basis = lru_cache(RESULTS)(self._write_basis)
        self._precautions = lru_cache(RESULTS)(self._write_precautions)
        self._names = lru_cache(RESULTS)(self._identity_names)
        self._old = lru_cache(RESULTS)(_overdue)
        self.refusal = self._reader.refusal

    @property
    def header(self) -> str:
        """Return the names of the columns of CSV."""
        if not self._is_csv:
            return ""
        passed = ("columns",) if self._table.columns is None else self._table.columns.passed.names
        own = own_names(self._columns)
        names = (*self._names(passed, self._columns), *own[len(IDENTITY) :])
        return self._form.row([self._form.section(names, names)])

    def last(self) -> str:
        """Return nothing: a list of flat rows ends with the last of them."""
        return ""

    def answer(self, row: Row) -> Answered:
        """Return the flat row. Raises `InputError` where a value cannot be read."""
        regions = self._reader.regions(row)
        dose, check, precautions = self.parts(row, regions)
        whole = self._whole(dose.result, check.result, precautions.result, regions)
        notes = (*dose.notes, *check.notes, *precautions.notes)
        sections = (
            self._identity(row, regions),
            whole.text,
            dose.text,
            check.text,
            precautions.text,
            self._basis(notes, regions),
        )
        return Answered(self._form.row(sections), whole.severities, len(notes))

    def parts(self, row: Row, regions: Regions) -> tuple[Part, Part, Part]:
        """Return the parts of the answer."""
        dose_key, check_key, warn_key = row.keys
        old = self._old(self._reader.day(row), regions)
        return (
            self._dose(dose_key, regions),
            self._check(check_key, regions),
            self._warn(warn_key, regions, old),
        )

    def _identity(self, row: Row, regions: Regions) -> str:
        names, values = row.names, row.passed
        if self._is_csv and self._table.columns is None:
            # The columns of a JSON row are its own, so that they share one cell.
            all_passed = dict(zip(names, values, strict=True))
            names, values = ("columns",), (json_line(all_passed) if names else None,)
        return self._form.section(
            self._names(names, self._of(regions)), (row.line, row.id, *values)
        )

    def _identity_names(self, names: tuple[str, ...], regions: Regions) -> tuple[str, ...]:
        """Return what the first fields of a row are called, with the unknown columns `names`."""
        shown = [defused(name) for name in names] if self._is_csv else names
        return (*IDENTITY, *passed_names(shown, own_names(regions)))

    def _of(self, regions: Regions) -> Regions:
        """Return the regions that a row has fields for."""
        return self._columns if self._is_csv else regions

    def _section(self, name: Section, values: Sequence[object], regions: Regions) -> str:
        return self._form.section(names_of(name, self._of(regions)), values)

    def _answer_dose(self, key: Key, regions: Regions) -> Part:
        patient, labels = self._reader.patient(key, DOSE), load_all(regions)
        judged, reasons = dose_part(patient, labels, judge_dose)
        text = self._section("dose", dose_values(judged, self._of(regions)), regions)
        if judged is None:
            return Part(result_of_none(reasons), text, ())
        _, by_label, notes = judged
        return Part(result_of(by_label), text, notes)

    def _answer_check(self, key: Key, regions: Regions) -> Part:
        patient, labels = self._reader.patient(key, CHECK), load_all(regions)
        judged, reasons = check_part(patient, labels, judge_check)
        text = self._section("check", check_values(judged, self._of(regions)), regions)
        if judged is None:
            return Part(result_of_none(reasons), text, ())
        _, by_label, notes = judged
        return Part(result_of(by_label), text, notes)

    def _answer_warn(self, key: Key, regions: Regions, old: tuple[Label, ...]) -> Part:
        patient = self._reader.patient(key, WARN)
        situation = situation_of(patient, load_all(regions))
        result, text = self._precautions(situation, bool(patient.all_others_no), old)
        return Part(result, text, unusual_inputs(patient, "warn"))

    def _write_precautions(
        self, situation: Situation, all_others_no: bool, old: tuple[Label, ...]
    ) -> tuple[Result, str]:
        parts = regions_with_age(precautions(situation), old)
        regions = tuple(parts)
        values = warn_values(parts, self._of(regions))
        return (
            result_of(parts, all_others_no=all_others_no),
            self._section("warn", values, regions),
        )

    def _put_together(
        self, dose: Result, check: Result, precautions: Result, regions: Regions
    ) -> Whole:
        whole = whole_result((dose, check), precautions)
        severities = [found.severity for found in whole.findings]
        return Whole(
            self._section("result", result_values(whole, self._of(regions)), regions),
            tuple(severities.count(severity) for severity in SEVERITIES),
            whole,
        )

    def _write_basis(self, notes: tuple[str, ...], regions: Regions) -> str:
        return self._section("basis", basis_values(notes, basis_of(load_all(regions))), regions)


def _overdue(day: date, regions: Regions) -> tuple[Label, ...]:
    return overdue(load_all(regions), day)


class RankedRows(FlatRows):
    """One line for each patient, worst first, once all are known."""

    def __init__(self, options: BatchOptions, table: Table) -> None:
        super().__init__(options, table)
        self._ranking = Ranking(self._columns, options.color)

    def answer(self, row: Row) -> Answered:
        """Keep what the table shows of a row. Raises `InputError` where it cannot be read."""
        regions = self._reader.regions(row)
        dose, check, precautions = self.parts(row, regions)
        whole = self._whole(dose.result, check.result, precautions.result, regions)
        name = f"line {row.line}" if row.id in (None, "") else csv_cell(row.id)
        self._ranking.add(row.line, name, whole.result)
        notes = sum(len(part.notes) for part in (dose, check, precautions))
        return Answered("", whole.severities, notes)

    def last(self) -> str:
        """Return the table."""
        return self._ranking.table()


class FullRows:
    """The whole answer of `assess` for each row, as JSON on one line."""

    header = ""

    def __init__(self, options: BatchOptions, table: Table) -> None:
        self._reader = Reader(options, table)
        self.refusal = self._reader.refusal

    def answer(self, row: Row) -> Answered:
        """Return the whole answer. Raises `InputError` where a value cannot be read."""
        answer = self._reader.ask(row)
        passed = dict(zip(row.names, row.passed, strict=True))
        place = json_line({"line": row.line, "id": row.id, "columns": passed})
        found = [
            *answer.findings,
            *(found for part in answer.regions.values() for found in part.findings),
        ]
        severities = [one.severity for one in found]
        return Answered(
            f'{{"row": {place},{json_line(answer)[1:]}\n',
            [severities.count(severity) for severity in SEVERITIES],
            len(answer.notes),
        )

    def last(self) -> str:
        """Return nothing: the list ends with the last answer."""
        return ""


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
