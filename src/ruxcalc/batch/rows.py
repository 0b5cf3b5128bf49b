"""The rows of a list: each is read into what was typed, and answered from remembered parts.

Dose, response and precautions depend each on inputs of their own: what a part says is remembered
by exactly these, as they were typed, and a row is put together from its parts.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ruxcalc.api import read_regions
from ruxcalc.batch.notation import PLAIN, read_notation
from ruxcalc.batch.ranking import Ranking
from ruxcalc.batch.reader import JsonArray, Key, Row, Table
from ruxcalc.errors import InputError
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
from ruxcalc.render.json import json_line
from ruxcalc.results import SEVERITIES, Finding
from ruxcalc.rules.assess import AssessAnswer, assess, check_part, dose_part
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import JudgedCheck, judge_check
from ruxcalc.rules.freshness import overdue, regions_with_age, with_age
from ruxcalc.rules.limits import JudgedDose, judge_dose
from ruxcalc.rules.warn import Situation, precautions, situation_of
from ruxcalc.rules.working import assess_with_steps

if TYPE_CHECKING:
    from ruxcalc.batch.batch import BatchOptions

# Remembered of each kind; more would let memory grow with the list.
CELLS, PARTS, RESULTS = 4096, 4096, 1024
DOSE, CHECK, WARN = range(3)

Regions = tuple[str, ...]


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

    def prepare(self, rows: Sequence[Row]) -> None:
        """Work out ahead what the answers to some rows have need of."""

    def answer(self, row: Row) -> Answered:
        """Return the answer to a row. Raises `InputError` where a value cannot be read."""

    def last(self) -> str:
        """Return what stands behind the last row."""

    def refusal(self, row: Row, error: InputError) -> InputError:
        """Return why a row is not answered, where `error` is what was met first."""


class Reader:
    """Reads what a row says: its regions, and its values as they were typed."""

    def __init__(self, options: "BatchOptions", table: Table) -> None:
        self.options = options
        self.table = table
        self.notation = read_notation(options.decimal, options.dates)
        self._is_plain = self.notation == PLAIN
        columns = table.columns
        self._may_have_days = columns is None or "on" in columns.groups[CHECK].names
        # Each cell is read once: by its field and its text, a JSON value by its type too.
        self._read = lru_cache(CELLS, typed=columns is None)(self._read_cell)
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


def _part(judged: JudgedDose | JudgedCheck | None, reasons: Sequence[Finding], text: str) -> Part:
    """Return what is remembered of a dose or review, or of the reasons that there is none."""
    if judged is None:
        return Part(result_of_none(reasons), text, ())
    _, by_label, notes = judged
    return Part(result_of(by_label), text, notes)


class FlatRows:
    """One flat row for each patient, put together from remembered parts."""

    def __init__(self, options: "BatchOptions", table: Table) -> None:
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

    def prepare(self, rows: Sequence[Row]) -> None:
        """Work out one part of all rows after the other; each is remembered.

        It takes a tenth less time than row by row: the processor has the code of a part loaded.
        """
        for answer_part in (self._dose_of, self._check_of, self._warn_of):
            for row in rows:
                # `answer` meets the error again, in the order of the columns.
                with suppress(InputError):
                    answer_part(row, self._reader.regions(row))

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
        return (
            self._dose_of(row, regions),
            self._check_of(row, regions),
            self._warn_of(row, regions),
        )

    def _dose_of(self, row: Row, regions: Regions) -> Part:
        return self._dose(row.keys[DOSE], regions)

    def _check_of(self, row: Row, regions: Regions) -> Part:
        return self._check(row.keys[CHECK], regions)

    def _warn_of(self, row: Row, regions: Regions) -> Part:
        old = self._old(self._reader.day(row), regions)
        return self._warn(row.keys[WARN], regions, old)

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
        return _part(judged, reasons, text)

    def _answer_check(self, key: Key, regions: Regions) -> Part:
        patient, labels = self._reader.patient(key, CHECK), load_all(regions)
        judged, reasons = check_part(patient, labels, judge_check)
        text = self._section("check", check_values(judged, self._of(regions)), regions)
        return _part(judged, reasons, text)

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

    def __init__(self, options: "BatchOptions", table: Table) -> None:
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

    def prepare(self, rows: Sequence[Row]) -> None:
        """Do nothing: whole answers have no parts that are remembered."""

    def __init__(self, options: "BatchOptions", table: Table) -> None:
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
