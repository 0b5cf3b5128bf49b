"""The `batch` command: reads a list, writes its answers in order, counts what became of it."""

import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import chain, islice
from types import FrameType
from typing import BinaryIO, NamedTuple

from ruxcalc.answers import SEVERITIES
from ruxcalc.batch.answering import (
    Answered,
    Wanted,
    answer_rows,
    share_remembered,
)
from ruxcalc.batch.columns import PATIENTS, slips
from ruxcalc.batch.files import HELD, interrupts_held, refuse_to_overwrite, same_file, whole_file
from ruxcalc.batch.progress import Progress, progress_bar
from ruxcalc.batch.rows import Lines, Reject, Row, Table, open_table
from ruxcalc.batch.source import lines_of, opened_list, shown_path
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.labels import REGIONS
from ruxcalc.labels.model import Region
from ruxcalc.render.flat import csv_line, defused, flat_columns
from ruxcalc.streams import abandon

CHUNK = 100  # rows that a process answers in one go
WAITING = 4  # chunks in work for each process, so that memory does not grow with the list
FEW = 2000  # rows up to which one process is quicker than several
OFTEN = 0.5  # share of parts remembered from which on one process is quicker
MOST_JOBS = 64
REJECT_COLUMNS = ("line", "column", "reason", "row")


class BatchOptions(NamedTuple):
    """What `batch` was asked for; `regions` and `day` are for rows that name none."""

    path: str
    regions: tuple[Region, ...]
    form: str
    output: str | None
    rejects: str | None
    delimiter: str | None
    jobs: int | None
    explain: bool
    quiet: bool
    day: date


class Total:
    """What became of the rows so far."""

    def __init__(self) -> None:
        self.rows = self.rejected = self.notes = 0
        self.severities = [0] * len(SEVERITIES)
        self.cut_short = False

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
    if options.output and options.rejects and same_file(options.output, options.rejects):
        raise UsageError("is named twice; different files are accepted", options.output)
    total = Total()
    try:
        with ended_by_signals(), opened_list(options.path) as source:
            _answer_list(options, source, total, say)
    except BrokenPipeError:
        abandon(sys.stdout)
        total.cut_short = True
    except BrokenExecutor:
        raise UsageError("a process that answered rows was killed; try --jobs 1") from None
    return total


def _answer_list(
    options: BatchOptions, source: BinaryIO, total: Total, say: Callable[[str], None]
) -> None:
    name = shown_path(options.path)
    for path in (options.output, options.rejects):
        refuse_to_overwrite(source, path)
    with (
        whole_file(options.output) as output,
        whole_file(options.rejects) as rejects,
        progress_bar(source, to_file=output is not None) as progress,
    ):
        table, first = _opened(name, source, progress, options.delimiter)
        wanted = _wanted(options, table)
        answers = _answer_sink(options, output)
        refusals = _refusal_sink(name, table, rejects, say)
        if wanted.form == "csv":
            passed = ("columns",) if table.columns is None else tuple(table.unknown)
            columns = [defused(column) for column in flat_columns(passed, wanted.columns)]
            answers(csv_line(columns, wanted.delimiter) + "\n")
        for some in _answered(first, table.rows, wanted, options.jobs):
            total.add(some)
            answers(some.text)
            for reject in some.rejects:
                refusals(reject)
            progress.count(total.rows, total.rejected)
    for column, near in slips(table.unknown, PATIENTS):
        say(f"Note: {name}: column {column} is not known and passes through; {near} is")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let a request to end clean up as an interrupt does, with the status a shell expects."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _opened(
    name: str, source: BinaryIO, progress: Progress, delimiter: str | None
) -> tuple[Table, list[Row | Reject]]:
    """The list and its first rows; `UsageError` where there are none."""
    try:
        table = open_table(Lines(lines_of(source, progress.read)), delimiter)
        first = list(islice(table.rows, FEW))
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
    take = _write_whole if output is None else output.write

    def write(text: str) -> None:
        try:
            take(text.encode("utf-8", "backslashreplace"))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UsageError(f"the answer could not be written: {error.strerror}") from None

    return write


def _write_whole(data: bytes) -> None:
    """Write to standard output without a buffer, which could only fail later."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]


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
        today=options.day.isoformat(),
    )


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
        with interrupts_held():
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


def _begin_process() -> None:
    """Prepare a process of the pool: an interrupt is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)


def _reject_message(name: str, reject: Reject) -> str:
    column = f"{reject.column}: " if reject.column else ""
    return printable(f"{name}:{reject.line}: {column}{reject.reason}")


def _rejects_header(table: Table) -> str:
    return "" if table.columns is None else csv_line(REJECT_COLUMNS, ",") + "\n"


def _reject_line(table: Table, reject: Reject) -> str:
    """The row as it was, in one cell, behind the line it began on, the column and the reason."""
    cells = (str(reject.line), reject.column, printable(reject.reason), reject.text.rstrip("\r\n"))
    if table.columns is None:
        line, *others = cells
        named = dict(zip(REJECT_COLUMNS, (int(line), *others), strict=True))
        return json.dumps(named) + "\n"
    return csv_line(cells, ",") + "\n"


def _encoded(text: str) -> bytes:
    """Bytes that were not UTF-8 in the list are the same bytes here."""
    return text.encode("utf-8", "surrogateescape")


def checked_jobs(given: str | None) -> int | None:
    """A number of processes as typed."""
    if given is None:
        return None
    if given.isascii() and given.isdigit() and 1 <= int(given[:4]) <= MOST_JOBS:
        return int(given)
    raise InputError("jobs", "is not a number of processes", f"1 to {MOST_JOBS}", given)
