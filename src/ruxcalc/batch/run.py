"""The `batch` command: reads a list, writes its answers in order, counts what became of it."""

import csv
import io
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from ruxcalc.answers import SEVERITIES
from ruxcalc.batch.answering import (
    Answered,
    Wanted,
    answer_rows,
    share_remembered,
)
from ruxcalc.batch.columns import slips
from ruxcalc.batch.files import opened_list, same_file, shown_path, whole_file
from ruxcalc.batch.progress import Progress, progress_bar
from ruxcalc.batch.rows import DELIMITERS, Lines, Reject, Row, Table, open_table
from ruxcalc.clock import today
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.labels import REGIONS
from ruxcalc.labels.model import Region
from ruxcalc.render.flat import defused, flat_columns
from ruxcalc.streams import abandon

CHUNK = 100  # rows that a process answers in one go
WAITING = 4  # chunks in work for each process, so that memory does not grow with the list
FEW = 2000  # rows up to which one process is quicker than several
OFTEN = 0.5  # share of parts remembered from which on one process is quicker
MOST_JOBS = 64


class BatchOptions(NamedTuple):
    """What `batch` was asked for; `regions` are for rows that name none."""

    path: str
    regions: tuple[Region, ...]
    form: str
    output: str | None
    rejects: str | None
    delimiter: str | None
    jobs: int | None
    explain: bool
    quiet: bool


class Total:
    """What became of the rows so far."""

    def __init__(self) -> None:
        self.rows = self.rejected = self.notes = 0
        self.severities = [0] * len(SEVERITIES)

    def add(self, some: Answered) -> None:
        """Count what became of some more rows."""
        self.rows += some.rows
        self.rejected += len(some.rejects)
        self.notes += some.notes
        self.severities = [a + b for a, b in zip(self.severities, some.severities, strict=True)]

    @property
    def act(self) -> bool:
        """Whether there is a finding of severity warning or critical."""
        return any(
            count
            for severity, count in zip(SEVERITIES, self.severities, strict=True)
            if severity != "info"
        )

    def __str__(self) -> str:
        found = ", ".join(
            f"{count} {severity}"
            for severity, count in zip(SEVERITIES, self.severities, strict=True)
        )
        return (
            f"{self.rows} rows: {self.rows - self.rejected} answered, {self.rejected} rejected."
            f" Findings: {found}. Notes: {self.notes}."
        )


def run_batch(options: BatchOptions, say: Callable[[str], None]) -> Total:
    """Answer the list and return what became of it; `say` takes messages.

    Raises `InputError` or `UsageError` where nothing can be read or an answer cannot
    be written. A closed pipe ends the work quietly.
    """
    _refuse_one_file_twice(options)
    name = shown_path(options.path)
    total = Total()
    with (
        opened_list(options.path) as source,
        whole_file(options.output) as output,
        whole_file(options.rejects) as rejects,
        progress_bar(source, to_file=output is not None) as progress,
    ):
        table, first = _opened(name, source, progress, options.delimiter)
        for column, near in slips(table.unknown):
            say(f"Note: {name}: column {column} is not known and passes through; {near} is")
        wanted = _wanted(options, table)
        answers = _answer_sink(options, output)
        refusals = _refusal_sink(name, table, rejects, say)
        try:
            if wanted.form == "csv":
                columns = flat_columns(table.unknown, wanted.columns)
                answers(_csv_line([defused(column) for column in columns], wanted.delimiter))
            for some in _answered(first, table.rows, wanted, options.jobs):
                total.add(some)
                answers(some.text)
                for reject in some.rejects:
                    refusals(reject)
                progress.count(total.rows, total.rejected)
        except BrokenPipeError:
            abandon(sys.stdout)
    return total


def _refuse_one_file_twice(options: BatchOptions) -> None:
    for one, other in (
        (options.output, options.path),
        (options.rejects, options.path),
        (options.output, options.rejects),
    ):
        if same_file(one, other):
            raise UsageError("is named twice; different files are accepted", one)


def _opened(
    name: str, source: BinaryIO, progress: Progress, delimiter: str | None
) -> tuple[Table, list[Row | Reject]]:
    """The list and its first rows; `UsageError` where there are none."""
    try:
        table = open_table(Lines(_lines_of(source, progress)), delimiter)
        first = list(islice(table.rows, FEW))
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from None
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
    if not first:
        raise UsageError(f"{name}: there is a header and no row")
    return table, first


def _answer_sink(options: BatchOptions, output: BinaryIO | None) -> Callable[[str], None]:
    """Takes the answers: to the file, to standard output, or nowhere."""
    if options.quiet and output is None:
        return lambda _: None
    if output is None and sys.stdout is None:
        raise UsageError("the answer could not be written: standard output is closed")
    # Standard output may be unbuffered; a buffer of our own is written whole or fails.
    file = output or open(sys.stdout.fileno(), "wb", closefd=False)  # noqa: SIM115

    def write(text: str) -> None:
        try:
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UsageError(f"the answer could not be written: {error.strerror}") from None

    return write


def _refusal_sink(
    name: str, table: Table, rejects: BinaryIO | None, say: Callable[[str], None]
) -> Callable[[Reject], None]:
    """Takes the rejects: to the file, or as messages."""
    if rejects is None:
        return lambda reject: say(_reject_message(name, reject))
    rejects.write(_encoded(_rejects_header(table)))

    def write(reject: Reject) -> None:
        rejects.write(_encoded(_reject_line(table, reject)))

    return write


def _wanted(options: BatchOptions, table: Table) -> Wanted:
    by_row = table.columns is None or table.columns.region is not None
    return Wanted(
        regions=options.regions,
        columns=REGIONS if by_row else options.regions,
        form=options.form,
        delimiter=table.delimiter,
        explain=options.explain,
        csv=table.columns is not None,
        today=today().isoformat(),
    )


def _lines_of(source: BinaryIO, progress: Progress) -> Iterator[str]:
    text = io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")
    for line in text:
        progress.read(len(line))
        yield line


def _answered(
    first: list[Row | Reject],
    others: Iterator[Row | Reject],
    wanted: Wanted,
    jobs: int | None,
) -> Iterator[Answered]:
    """The answers, in the order of the rows, by as many processes as help."""
    rows: Iterator[Row | Reject] = chain(first, others)
    if jobs is None:
        # One process remembers what it has answered; several help where rows seldom repeat.
        yield from map(partial(answer_rows, wanted=wanted), _chunks(iter(first)))
        rows = others
        jobs = 1 if len(first) < FEW or share_remembered() > OFTEN else _processors()
    if jobs == 1:
        yield from map(partial(answer_rows, wanted=wanted), _chunks(rows))
        return
    waiting: deque[Future[Answered]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_begin_process) as pool:
        with _interrupts_held():
            pool.submit(answer_rows, [], wanted).result()
        try:
            for chunk in _chunks(rows):
                waiting.append(pool.submit(answer_rows, chunk, wanted))
                if len(waiting) >= jobs * WAITING:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _chunks(rows: Iterator[Row | Reject]) -> Iterator[list[Row | Reject]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _processors() -> int:
    """The processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back while processes start: one that came just then would be lost."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_process() -> None:
    """Prepare a process of the pool: an interrupt is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _csv_line(cells: list[str], delimiter: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _reject_message(name: str, reject: Reject) -> str:
    column = f"{reject.column}: " if reject.column else ""
    return printable(f"{name}:{reject.line}: {column}{reject.reason}")


def _rejects_header(table: Table) -> str:
    if table.columns is None:
        return ""
    return table.delimiter.join(("line", "column", "reason", table.header)) + "\n"


def _reject_line(table: Table, reject: Reject) -> str:
    """The row as it was, behind the line it began on, the column and the reason."""
    text = reject.text.rstrip("\r\n")
    if table.columns is None:
        about = {"line": reject.line, "column": reject.column, "reason": reject.reason}
        return json.dumps({**about, "row": text}) + "\n"
    about_row = [str(reject.line), reject.column, printable(reject.reason)]
    return _csv_line(about_row, table.delimiter).rstrip("\n") + f"{table.delimiter}{text}\n"


def _encoded(text: str) -> bytes:
    """Bytes that were not UTF-8 in the list are the same bytes here."""
    return text.encode("utf-8", "surrogateescape")


def checked_delimiter(given: str | None) -> str | None:
    """A delimiter as typed: one of those accepted, or the word for a tab."""
    if given is None:
        return None
    chosen = {"tab": "\t", "\\t": "\t"}.get(given, given)
    if len(chosen) != 1 or chosen not in DELIMITERS:
        raise InputError("delimiter", "is not a delimiter", "a comma, a semicolon or tab", given)
    return chosen


def checked_jobs(given: str | None) -> int | None:
    """A number of processes as typed."""
    if given is None:
        return None
    if given.isascii() and given.isdigit() and 1 <= int(given[:4]) <= MOST_JOBS:
        return int(given)
    raise InputError("jobs", "is not a number of processes", f"1 to {MOST_JOBS}", given)
