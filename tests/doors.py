"""What must hold at each door whatever comes in: shared by the tests and by tools/fuzz.py.

A command runs in this process, on streams of its own, in a world where nothing can be written.
"""

import csv
import gc
import io
import json
import os
import pickle
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from itertools import islice, pairwise
from types import FrameType
from typing import Any, NamedTuple, Self
from unittest.mock import patch

import ruxcalc
from ruxcalc import InputError
from ruxcalc.batch import run as batch_run
from ruxcalc.cli.main import run
from ruxcalc.render.json import render_json

SECONDS = 10  # of processor time for one input; more is taken for a hang
FILE_OPTIONS = ("-o", "--o", "--rej")
TOTAL = re.compile(
    r"(\d+) rows: (\d+) answered, (\d+) rejected\."
    r" Findings: (\d+) critical, (\d+) warning, (\d+) info\. Notes: (\d+)\."
)
REJECTED = re.compile(r"standard input:(\d+): .")


class Hang(BaseException):
    """One input took longer than it may; no handler of the program takes this for an error."""


class Ran(NamedTuple):
    """What one command left behind; `touched` is what it tried to change outside its streams."""

    status: int
    out: bytes
    err: str
    touched: list[str]


class _Watch:
    """Refuses, while it is armed, whatever would leave a trace outside the streams."""

    REFUSED = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink",
               "os.truncate", "os.chmod", "os.fork", "os.system", "os.exec", "os.posix_spawn",
               "subprocess.Popen", "socket.connect", "socket.bind")  # fmt: skip
    WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def __init__(self) -> None:
        self.touched: list[str] | None = None
        self.installed = False

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.touched is None:
            return
        if event == "open":
            path, _, flags = arguments
            if flags & self.WRITES:
                if path != os.devnull:
                    self.touched.append(f"{path}")
                raise PermissionError(1, "Refused")
            # A device may have no end.
            if isinstance(path, str) and os.path.realpath(path).startswith(("/dev", "/proc")):
                raise PermissionError(1, "Refused")
        elif event in self.REFUSED:
            self.touched.append(event)
            raise PermissionError(1, "Refused")

    @contextmanager
    def armed(self) -> Iterator[list[str]]:
        if not self.installed:
            sys.addaudithook(self.hook)  # it stays, and does nothing while it is not armed
            self.installed = True
        touched: list[str] = []
        self.touched = touched
        # An import may come at any time, and is not to be taken for a file of the command.
        with patch.object(sys, "dont_write_bytecode", new=True):
            try:
                yield touched
            finally:
                self.touched = None


WATCH = _Watch()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `Hang` where more processor time is used; another busy process costs nothing."""

    def over(_: int, frame: FrameType | None) -> None:
        where = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "?"
        raise Hang(f"more than {seconds} s, in {where}")

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    # What hypothesis does at a collection may fail on a full stack, with a message of its own.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class _Pool:
    """Stands in for processes: no process is started, but all goes through a pickle as theirs."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, call: Callable[..., object], *given: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_result(_pickled(call(*_pickled(given))))
        return future

    def shutdown(self, **_: object) -> None:
        pass


def _pickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own, just written


def run_here(arguments: Sequence[str], data: bytes = b"") -> Ran:
    """Run one command line on `data` as standard input. Nothing that it raises is caught."""
    with tempfile.TemporaryFile() as file:
        out = io.TextIOWrapper(file, "utf-8", newline="")
        err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace", newline="")
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data))),
            patch.object(batch_run, "ProcessPoolExecutor", _Pool),
            WATCH.armed() as touched,
            within(SECONDS),
        ):
            status = run(arguments)
        out.flush()
        err.seek(0)
        file.seek(0)
        written = file.read()
        out.detach()
    return Ran(status, written, err.read(), touched)


def _plain(text: str) -> bool:
    return text.replace("\n", "").isprintable()


def _strict_json(text: str | bytes, numbers: Callable[[str], object] = str) -> Any:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(dict(pairs)) == len(pairs), "a name stands twice in one object"
        return dict(pairs)

    def constant(name: str) -> object:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, object_pairs_hook=unique, parse_constant=constant,
                      parse_float=numbers, parse_int=numbers)  # fmt: skip


def hold_command(ran: Ran) -> None:
    """What holds for every command."""
    assert ran.status in (0, 2, 3, 4), f"status {ran.status}"
    assert "Traceback" not in ran.err
    assert _plain(ran.err), f"a control character in {ran.err!r}"
    assert ran.err == "" or ran.err.endswith("\n"), "a message without an end"
    if ran.status == 2:
        assert ran.out == b"", "an answer beside a refusal"
        assert ran.err.startswith("ruxcalc: "), "no reason for a refusal"
        assert len(ran.err) < 10_000, "a message longer than anyone reads"


def hold_arguments(arguments: Sequence[str], data: bytes = b"id,bsa\na,8\nb,x\n") -> Ran:
    """Run an argument list and assert what holds for all of them."""
    ran = run_here(arguments, data)
    hold_command(ran)
    named = any(argument.startswith(FILE_OPTIONS) for argument in arguments)
    assert named or not ran.touched, f"touches {ran.touched}"
    lists = {"batch", "track"}.intersection(arguments)
    assert ran.status != 4 or lists, "rejects without a list"
    if ran.out.startswith(b"{") and "--get" not in str(arguments):
        for line in ran.out.splitlines() if "batch" in arguments else [ran.out]:
            _strict_json(line)
    return ran


VISITS_REJECTED = re.compile(r"line (\d+): .")


def hold_visits(data: bytes, options: Sequence[str] = ()) -> Ran:
    """Give a list of visits to `track`; what was answered and what was rejected are its rows."""
    ran = hold_arguments(["track", "-", "-f", "json", *options], data)
    if ran.out:
        answer = json.loads(ran.out)
        found = map(VISITS_REJECTED.match, ran.err.splitlines())
        said = [int(match[1]) for match in found if match]
        rejected = [row["line"] for row in answer["rejected"]]
        answered = [visit["line"] for visit in answer["visits"]]
        assert (ran.status == 4) is bool(rejected)
        assert said == rejected, "a reject that is not said"
        assert answered, "an answer without a visit"
        assert not set(answered) & set(rejected), "answered and rejected"
        days = [visit["date"] for visit in answer["visits"]]
        assert days == sorted(set(days)), "visits out of order, or two on a day"
    return ran


# ---- lists ----


def lines_of(data: bytes) -> list[str]:
    """The lines of a list, with their ends: a text file, and not Python, says what a line is."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def csv_records(lines: list[str], delimiter: str) -> dict[int, list[str] | None]:
    """Each record of a CSV list by the line it begins on; None for one that is no CSV.

    A reader of its own for each record, so that nothing can be carried from one to the next.
    """
    records: dict[int, list[str] | None] = {}
    place = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    while place < len(lines):
        began = place + 1
        some = lines[place : place + 100]
        reader = csv.reader(iter(some), delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error:
            records[began] = None
            place += 1
            continue
        place += reader.line_num
        if cells:
            records[began] = cells
    return records


def _is_json(lines: list[str]) -> bool:
    return next((line for line in lines if line.strip()), "").lstrip().startswith("{")


def _expected(data: bytes, delimiter: str | None) -> list[dict[int, Any]]:
    """What the rows of a list may be, by line: one reading for each delimiter it may have."""
    lines = lines_of(data)
    if _is_json(lines):
        return [{n: line for n, line in enumerate(lines, 1) if line.strip()}]
    readings = [csv_records(lines, mark) for mark in delimiter or ",;\t"]
    return [dict(islice(reading.items(), 1, None)) for reading in readings]


def _option(options: Sequence[str], name: str) -> str | None:
    return options[options.index(name) + 1] if name in options else None


def hold_list(data: bytes, options: Sequence[str] = ()) -> Ran:
    """Answer a list from standard input and assert what holds for every list.

    `options` are well formed, so that whatever is refused is refused for the list.
    """
    ran = run_here(["batch", "-", *options], data)
    hold_command(ran)
    assert not ran.touched, f"touches {ran.touched}"
    if ran.status == 2:
        assert ran.err.count("\n") == 1, "a refusal is one message"
        assert ran.err.startswith("ruxcalc: standard input: "), "a refusal names the list"
        return ran
    *said, last = ran.err.split("\n")[:-1]
    counted = TOTAL.fullmatch(last)
    assert counted, f"no total in {last!r}"
    rows, answered, rejected, critical, warning, _, _ = map(int, counted.groups())
    assert rows == answered + rejected
    rejects = [int(found[1]) for line in said if (found := REJECTED.match(line))]
    assert len(rejects) == rejected, "not each reject is one message"
    assert all(line.startswith("Note: ") for line in said if not REJECTED.match(line))
    act = 3 if critical + warning and "--exit-zero" not in options else 0
    assert ran.status == (4 if rejected else act)
    if "-q" in options:
        assert ran.out == b""
    mark = {"tab": "\t"}.get(str(given := _option(options, "--delimiter")), given)
    hold = _hold_csv if _option(options, "-f") == "csv" else _hold_ndjson
    readings = _expected(data, mark)
    lines = None if "-q" in options else hold(ran, counted, _is_json(lines_of(data)), readings)
    assert lines is None or len(lines) == answered
    for numbers in (rejects, lines or []):
        assert all(a < b for a, b in pairwise(numbers)), "not in the order read"
    if lines is None:
        assert any(len(reading) == rows for reading in readings), "rows are lost or made"
    else:
        assert sorted(lines + rejects) in [list(reading) for reading in readings], "not the rows"
    return ran


def _hold_ndjson(
    ran: Ran, counted: re.Match[str], is_json: bool, readings: list[dict[int, Any]]
) -> list[int]:
    assert ran.out.isascii()
    answers = [_strict_json(line) for line in ran.out.splitlines()]
    parts = [answer[name] for answer in answers for name in ("dose", "check", "warn")]
    found = [finding["severity"] for part in parts if part for region in part["regions"].values()
             for finding in region["findings"]]  # fmt: skip
    severities = [found.count(severity) for severity in ("critical", "warning", "info")]
    assert severities == [int(counted[number]) for number in (4, 5, 6)]
    assert sum(len(answer["notes"]) for answer in answers) == int(counted[7])
    for answer in answers:
        row = answer["row"]
        texts = [reading.get(int(row["line"])) for reading in readings]
        passed = row["columns"].items()
        if is_json:
            came = _strict_json(texts[0] or "")
            assert passed <= _hashable(came), "a field that passes through is changed"
            assert row["id"] in [None, *came.values()]
        else:
            came = [cells for cells in texts if cells is not None]
            assert any(all(cell in cells for _, cell in passed) for cells in came)
            assert row["id"] is None or any(row["id"] in cells for cells in came)
    return [int(answer["row"]["line"]) for answer in answers]


class _hashable:  # noqa: N801 - a view of the items of a mapping, whose values may be lists
    def __init__(self, mapping: Mapping[str, object]) -> None:
        self.mapping = mapping

    def __ge__(self, items: Any) -> bool:
        return all(name in self.mapping and self.mapping[name] == item for name, item in items)


def _hold_csv(
    ran: Ran, _: re.Match[str], is_json: bool, readings: list[dict[int, Any]]
) -> list[int]:
    text = ran.out.decode()
    tables = []
    for mark in "," if is_json else ",;\t":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        limit = csv.field_size_limit(len(text))  # JSON rows may pass longer values through
        try:
            tables.append(list(reader))
        except csv.Error:
            continue
        finally:
            csv.field_size_limit(limit)
    even = [table for table in tables if len(table[0]) > 1 and len({*map(len, table)}) == 1]
    assert even, "an uneven table"
    table = max(even, key=lambda table: len(table[0]))
    header, *rows = table
    assert header[:2] == ["line", "id"]
    assert len(set(header)) == len(header), "a column stands twice"
    assert readings
    for cell in (cell for row in table for cell in row):
        number = re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell)
        assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), repr(cell)
    return [int(row[0]) for row in rows]


# ---- Python ----

FUNCTIONS = ("dose", "check", "warn", "assess", "label", "vasi", "plan")


def hold_call(name: str, given: Mapping[str, Any]) -> None:
    """Call one of the Python functions: an answer that is JSON, or the one error."""
    with WATCH.armed() as touched, within(SECONDS):
        try:
            answer = getattr(ruxcalc, name)(**given)
        except InputError as error:
            assert error.field
            for text in (str(error), error.for_command_line()):
                assert _plain(text), f"a control character in {text!r}"
                assert len(text) < 10_000, "a message longer than anyone reads"
            return
        _strict_json(render_json(answer))
    assert not touched, f"touches {touched}"
