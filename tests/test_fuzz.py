"""Input that nobody would type on purpose: arguments, lists, visits and Python values.

For whatever goes in, `ruxcalc.cli.main.run` raises nothing, ends with 0, 2, 3 or 4, and prints
what its status says; the Python functions raise `InputError` only. The examples are the same in
each run. `python -m pytest tests/test_fuzz.py -n 0 --hypothesis-profile search` looks for new
ones; what it finds becomes an `@example` here.
"""

import csv
import gc
import io
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import FrameType
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ruxcalc
from ruxcalc import InputError
from ruxcalc.cli.main import run

SECONDS = 10  # of processor time for one input; more is taken for a hang
LONG_MESSAGE = 10_000
TOTAL = re.compile(r"(\d+) rows?: (\d+) answered, (\d+) rejected\b")
REJECTED = re.compile(r"standard input:(\d+): .")
VISIT_REJECTED = re.compile(r"(?:standard input:|line )(\d+): .")

# ---- one command line, in this process, where nothing can be written ----


class Hang(BaseException):
    """One input took longer than it may; the program does not handle it as an error."""


class Ran(NamedTuple):
    """What one command line left behind; `touched` is what it tried to change elsewhere."""

    status: int
    out: bytes
    err: str
    touched: list[str]


class Guard:
    """An audit hook that refuses, while it is armed, every change outside the streams."""

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
            if isinstance(flags, int) and flags & self.WRITES:
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
        # Read first, where possible: an import writes its bytecode.
        with patch.object(sys, "dont_write_bytecode", new=True):
            self.touched = touched
            try:
                yield touched
            finally:
                self.touched = None


GUARD = Guard()


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


def run_here(arguments: Sequence[str], data: bytes = b"") -> Ran:
    """Run one command line on `data` as standard input. Nothing that it raises is caught."""
    with (tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer,
          tempfile.TemporaryFile() as messages):  # fmt: skip
        source.write(data)
        source.seek(0)
        stdin = io.TextIOWrapper(source, "utf-8")
        out = io.TextIOWrapper(answer, "utf-8", newline="")
        err = io.TextIOWrapper(messages, "utf-8", errors="backslashreplace", newline="")
        # A fault of the program is shown where it happened.
        debug = patch.dict(os.environ, RUXCALC_DEBUG="1")
        with (redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", stdin), debug,
              GUARD.armed() as touched, within(SECONDS)):  # fmt: skip
            status = run(list(arguments))
        written = []
        for stream in (out, err):
            stream.flush()
            stream.buffer.seek(0)
            written.append(stream.buffer.read())
        return Ran(status, written[0], written[1].decode(), touched)


# ---- what must hold ----


def plain(text: str) -> bool:
    """Return whether nothing unprintable is in it but the end of a line."""
    return text.replace("\n", "").isprintable()


def strict_json(text: str | bytes) -> Any:
    """Read JSON without a name twice in one object and without NaN."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(dict(pairs)) == len(pairs), "a name stands twice in one object"
        return dict(pairs)

    def constant(name: str) -> object:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, object_pairs_hook=unique, parse_constant=constant,
                      parse_float=str, parse_int=str)  # fmt: skip


def check_command(ran: Ran, arguments: Sequence[str]) -> None:
    assert ran.status in (0, 2, 3, 4), f"status {ran.status}"
    assert "Traceback" not in ran.err
    assert plain(ran.err), f"a control character in {ran.err!r}"
    assert ran.err == "" or ran.err.endswith("\n"), "a message without an end"
    if ran.status == 2:
        assert ran.out == b"", "an answer beside a refusal"
        assert ran.err.startswith("ruxcalc: "), "no reason for a refusal"
        assert len(ran.err) < LONG_MESSAGE, "a message longer than anyone reads"
    named = any(argument.startswith(("-o", "--o", "--rej")) for argument in arguments)
    assert named or not ran.touched, f"touches {ran.touched}"
    assert ran.status != 4 or {"batch", "track"}.intersection(arguments), "rejects without a list"


def check_arguments(arguments: Sequence[str], data: bytes = b"id,bsa\na,8\nb,x\n") -> Ran:
    ran = run_here(arguments, data)
    check_command(ran, arguments)
    if ran.out.startswith(b"{") and "--get" not in str(arguments):
        by_line = "batch" in arguments and "schema" not in arguments
        for line in ran.out.splitlines() if by_line else [ran.out]:
            strict_json(line)
    return ran


def check_visits(data: bytes, options: Sequence[str] = ()) -> Ran:
    """Answer a list of visits; those answered and those rejected are different rows."""
    ran = check_arguments(["track", "-", "-f", "json", *options], data)
    if ran.out:
        answer = strict_json(ran.out)
        found = map(VISIT_REJECTED.match, ran.err.splitlines())
        stated = [int(match[1]) for match in found if match]
        rejected = [int(row["line"]) for row in answer["rejected"]]
        answered = [int(visit["line"]) for visit in answer["visits"]]
        assert (ran.status == 4) is bool(rejected)
        assert stated == rejected, "a reject without its message"
        assert answered, "an answer without a visit"
        assert not set(answered) & set(rejected), "answered and rejected"
        days = [visit["date"] for visit in answer["visits"]]
        assert days == sorted(set(days)), "visits out of order, or two on a day"
    return ran


def text_of(data: bytes) -> str:
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def is_json(data: bytes) -> bool:
    return text_of(data).lstrip().startswith("{")


def lines_of(data: bytes) -> list[str]:
    """Split a list into lines with their ends: JSON at LF alone, else as a text file does it."""
    ends = r"[^\n]*\n|[^\n]+" if is_json(data) else r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+"
    return re.findall(ends, text_of(data))


def csv_records(lines: list[str], delimiter: str) -> dict[int, list[str] | None]:
    """Read each record of a CSV list by the line it begins on; None for one that is not CSV.

    A reader of its own for each record, so that nothing is carried from one to the next.
    """
    records: dict[int, list[str] | None] = {}
    place = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    while place < len(lines):
        began = place + 1
        reader = csv.reader(iter(lines[place : place + 100]), delimiter=delimiter, strict=True)
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


def rows_of(data: bytes, delimiter: str | None) -> list[list[int]]:
    """List the lines on which the rows may begin: one reading for each possible delimiter."""
    lines = lines_of(data)
    if is_json(data):
        return [[n for n, line in enumerate(lines, 1) if line.strip(" \t\r\n")]]
    return [list(csv_records(lines, mark))[1:] for mark in delimiter or ",;\t"]


def check_list(data: bytes, options: Sequence[str] = ()) -> Ran:
    """Answer a list from standard input; `options` are valid, so a refusal is of the list."""
    ran = run_here(["batch", "-", *options], data)
    check_command(ran, ["batch"])
    check_rows(ran, data, options)
    return ran


def check_rows(ran: Ran, data: bytes, options: Sequence[str]) -> None:
    """No row is lost, doubled or out of order, and each reject has one message."""
    if ran.status == 2:
        assert ran.err.count("\n") == 1, "a refusal is one message"
        assert ran.err.startswith("ruxcalc: standard input: "), "a refusal names the list"
        return
    *messages, last = ran.err.split("\n")[:-1]
    counted = TOTAL.search(last)
    assert counted, f"no total in {last!r}"
    rows, answered, rejected = map(int, counted.groups())
    assert rows == answered + rejected
    assert (ran.status == 4) is bool(rejected)
    rejects = [int(found[1]) for line in messages if (found := REJECTED.match(line))]
    assert len(rejects) == rejected, "not each reject is one message"
    assert all(line.startswith("Note: ") for line in messages if not REJECTED.match(line))
    delimiter = options[options.index("--delimiter") + 1] if "--delimiter" in options else None
    readings = rows_of(data, {"tab": "\t", None: None}.get(delimiter, delimiter))
    if "-q" in options:
        assert ran.out == b""
        assert any(len(reading) == rows for reading in readings), "rows are lost or made"
        return
    of_csv = "csv" in options
    lines = csv_lines(ran.out, is_json(data)) if of_csv else ndjson_lines(ran.out)
    assert len(lines) == answered
    for numbers in (rejects, lines):
        assert all(a < b for a, b in pairwise(numbers)), "not in the order read"
    assert sorted(lines + rejects) in readings, "not the rows"


def ndjson_lines(out: bytes) -> list[int]:
    assert out.isascii()
    answers = [strict_json(line) for line in out.splitlines()]
    return [int((answer if "line" in answer else answer["row"])["line"]) for answer in answers]


def csv_lines(out: bytes, from_json: bool) -> list[int]:
    text = out.decode()
    tables = []
    for mark in "," if from_json else ",;\t":
        limit = csv.field_size_limit(len(text) + 1)  # JSON rows may pass longer values through
        try:
            tables.append(list(csv.reader(io.StringIO(text, newline=""), delimiter=mark,
                                          strict=True)))  # fmt: skip
        except csv.Error:
            continue
        finally:
            csv.field_size_limit(limit)
    even = [table for table in tables if len(table[0]) > 1 and len({*map(len, table)}) == 1]
    assert even, "an uneven table"
    header, *rows = table = max(even, key=lambda table: len(table[0]))
    assert len(set(header)) == len(header), "a column stands twice"
    for cell in (cell for row in table for cell in row):
        number = re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell)
        assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), repr(cell)
    return [int(row[header.index("line")]) for row in rows]


def check_call(name: str, inputs: Mapping[str, Any]) -> None:
    """Call a Python function: an answer of plain values, or the one error."""
    with GUARD.armed() as touched, within(SECONDS):
        try:
            answer = getattr(ruxcalc, name)(**inputs)
        except InputError as error:
            assert plain(str(error)), f"a control character in {error}"
            assert 0 < len(str(error)) < LONG_MESSAGE, "a message longer than anyone reads"
            return
    assert not touched, f"touches {touched}"
    check_value(answer)


def check_value(value: object) -> None:
    """An answer holds only what JSON can say, exact numbers and days; nothing can be changed."""
    if isinstance(value, tuple):
        for inner in value:
            check_value(inner)
    elif isinstance(value, Mapping):
        assert all(isinstance(name, str) for name in value)
        for inner in value.values():
            check_value(inner)
    else:
        kinds = (str, int, Decimal, date)
        assert value is None or isinstance(value, kinds), f"{type(value)} in an answer"
        assert not isinstance(value, Decimal) or value.is_finite()


# ---- what goes in ----

# The inputs of the contract. Written out, so that a renamed one is noticed.
INPUTS = [
    "bsa", "handprints", "ftu", "grams_per_ftu", "height", "weight", "body_surface",
    "method", "formula", "days", "tube_price", "week", "start", "on", "repig", "baseline",
    "score", "measure", "meaningful", "age", "face", "pregnant", "planning_pregnancy",
    "breastfeeding", "esrd", "egfr", "hepatic", "drug", "topical", "biologic",
    "jak_inhibitor", "immunosuppressant", "infection", "hepatitis_b", "hepatitis_c",
    "zoster", "malignancy", "nmsc", "phototherapy", "smoker", "mi_or_stroke",
    "thrombosis_risk", "cytopenia", "diabetes", "live_vaccine", "hypersensitivity",
    "restart", "satisfactory", "dispensed", "per_days", "segmental", "chronic_infection",
    "past_serious_infection", "infection_risk", "endemic_area", "tuberculosis",
    "phototherapy_now", "cardiovascular_risk",
]  # fmt: skip
known = st.sampled_from([*INPUTS, "id", "region"])
names = (
    known
    | known.map(str.upper)
    | known.map(lambda name: f" {name.replace('_', '-')} ")
    | known.map(lambda name: name[:-1])
    | st.sampled_from(["ward", "", "line", "worst", "=x", "\x1b[31m", "\u2028", "x" * 700, "\0"])
)
# Lengths about the limits of the readers; an int of more than 4300 digits is refused by Python.
long = st.tuples(st.sampled_from(["x", "9", " ", "é"]), st.sampled_from([61, 601, 4301, 131_073]))
texts = (
    st.sampled_from(["8", "12", "52", "20", "-5", "7,5", "1e3", "NaN", "", " ", "yes", "no", "none",
                     "eu", "us;uk", "face=76;body=2", "itraconazole", "2026-01-05", "f-vasi", "=1",
                     "3x100", "active", "face=1;trunk=3", "\x00", "\x1b]0;x\x07", "\ud800", "\x85",
                     "\u202e", "'", '"', '"a', 'a"b', "\uff1d1", "\0=1", "  =1"])
    | st.text(max_size=6)
    | long.map(lambda pair: pair[0] * pair[1])
)  # fmt: skip
ends = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n \n", "\x0b", "\u2028"])
TROUBLE = [b"\xff", b"\x00", b'"', b'""', b"\r", b"\n", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"{",
           b"\xc3", b",", b";", b"\t", b"\\", b'"\n' * 101]  # fmt: skip
OPTIONS = (
    st.sampled_from([[], [], ["-f", "csv"], ["--exit-zero"], ["-q"], ["--full"]]),
    st.sampled_from([[], [], ["--delimiter", ";"], ["--delimiter", "tab"], ["--delimiter", ","]]),
    st.sampled_from([[], ["-r", "eu"], ["-r", "us,uk"]]),
)
options = st.tuples(*OPTIONS).map(lambda several: [word for some in several for word in some])


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def mangled(draw: st.DrawFn, lists: st.SearchStrategy[bytes]) -> bytes:
    data = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"])) + draw(lists)
    for trouble in draw(st.lists(st.sampled_from(TROUBLE), max_size=3)):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + trouble + data[place + draw(st.integers(0, 2)) :]
    return data


@st.composite
def csv_lists(draw: st.DrawFn) -> bytes:
    header = draw(st.lists(names, min_size=1, max_size=5))
    mark, other = draw(st.sampled_from([",", ";", "\t"])), draw(st.sampled_from([",", ";"]))
    rows = [header, *draw(st.lists(st.lists(texts, min_size=1, max_size=6), max_size=6))]
    width = len(header)
    lines = []
    for row in rows:
        # Most rows are as wide as the header; all are quoted as a file of its kind would be.
        even = (row * width)[:width] if draw(st.integers(0, 4)) else row
        quoted = draw(st.booleans())
        cells = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if quoted else cell for cell in even]
        lines.append((mark if draw(st.integers(0, 9)) else other).join(cells))
    end = draw(ends)
    return raw(end.join(lines) + draw(st.sampled_from(["", end])))


numbers = st.sampled_from(["8", "8.50", "-0", "1E400", "1e-999", "0" * 50, "9" * 4301, "NaN",
                           "-Infinity", "+1", "01", ".5"])  # fmt: skip


@st.composite
def nested(draw: st.DrawFn) -> str:
    # About what passes through, and about what no stack takes.
    levels = draw(st.sampled_from([1, 2, 49, 50, 51, 200, 320, 400, 480, 990, 5000]))
    begin, end = draw(st.sampled_from([("[", "]"), ('{"a":', "}"), ('[{"":[', "]}]")]))
    return begin * levels + draw(st.sampled_from(["1", '"x"'])) + end * levels


json_texts = texts.map(json.dumps)
scalars = numbers | json_texts | st.sampled_from(["null", "true", "false", "[]", "{}"])
lists_of = st.lists(scalars, max_size=3).map(lambda several: f"[{','.join(several)}]")
objects_of = st.dictionaries(json_texts, scalars, max_size=3).map(
    lambda pairs: "{" + ",".join(f"{name}:{value}" for name, value in pairs.items()) + "}"
)
json_values = scalars | lists_of | objects_of | nested()


@st.composite
def ndjson_lists(draw: st.DrawFn) -> bytes:
    rows = draw(st.lists(st.lists(st.tuples(names.map(json.dumps), json_values), max_size=5),
                         min_size=1, max_size=5))  # fmt: skip
    lines = ["{" + ",".join(f"{name}:{value}" for name, value in row) + "}" for row in rows]
    lines += draw(st.lists(st.sampled_from(["[]", "1", "null", "{", '{"bsa":8}}', "\ufeff{}", " "]),
                           max_size=2))  # fmt: skip
    return raw(draw(ends).join(lines))


VISIT_CELLS = {
    "date": st.dates().map(str) | st.sampled_from(["2026-01-05", "2026-06-22", "9999-12-31", "x"]),
    "repig": st.sampled_from(["0", "24.9", "25", "-1001", "face=30;body=-4", "7,5"]),
    "score": st.sampled_from(["4", "3", "0", "1e3"]),
    "meaningful": st.sampled_from(["yes", "no", "?"]),
    "tubes_dispensed": st.sampled_from(["0", "1", "2", "1.5"]),
    "tube_grams": st.sampled_from(["60", "100", "5"]),
}


@st.composite
def visit_lists(draw: st.DrawFn) -> bytes:
    columns = ["date", *draw(st.lists(st.sampled_from(list(VISIT_CELLS)[1:]), unique=True,
                                      min_size=1))]  # fmt: skip
    rows = [[draw(VISIT_CELLS[name] | st.just("")) for name in columns]
            for _ in range(draw(st.integers(1, 7)))]  # fmt: skip
    if draw(st.booleans()):
        lines = [json.dumps(dict(zip(columns, row, strict=True))) for row in rows]
    else:
        lines = [",".join(columns), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    return raw("\n".join(lines))


words = st.sampled_from(["batch", "-", "dose", "check", "warn", "assess", "vasi", "plan", "track",
                         "handout", "evidence", "ask", "label", "help", "schema", "--version",
                         "--bsa", "8", "--get", "use", "-f", "csv", "ndjson", "json", "html",
                         "note", "markdown", "ics", "table", "--full", "--explain", "--delimiter",
                         "tab", "-q", "face=1@75", "--baseline", "face=1@100", "--", "-h",
                         "--repig=face=5", "--week", "52", "--drug", "x" * 81, "9" * 5000,
                         "\udcff", "-r", "eu", "--pregnant", "--no-pregnant", "--start",
                         "2026-01-05", "--handprints", "face=1,trunk=3", "--all-others-no",
                         "--color", "always", "--fhir", "--diff", "--dispensed", "3x100"]
                        )  # fmt: skip
arguments = st.lists(words | st.text(max_size=5), max_size=7)
values = st.recursive(
    texts | st.integers() | st.floats() | st.decimals() | st.booleans() | st.dates() | st.none()
    | st.binary(max_size=3) | st.complex_numbers() | st.integers(0, 99).map(lambda n: 10**n),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(texts, inner,
                                                                                  max_size=3),
    max_leaves=5,
)  # fmt: skip
FUNCTIONS = ("dose", "check", "warn", "assess")
some_inputs = st.dictionaries(st.sampled_from([*INPUTS, "region"]), values, max_size=4)
visit_options = st.sampled_from([[], ["--start", "2026-01-05"], ["-r", "us"]])


# ---- the properties ----


@given(mangled(visit_lists()), visit_options)
@example(b"date,repig\n9999-12-31,\n", [])
@example(b'date\trepig\n"2026-01-05",""', [])
@example(b"date,tube_grams,tubes_dispensed\n9999-12-31,,1", [])
@example(b"date,repig,tubes_dispensed\n9999-12-31,0,1", [])
def test_whatever_a_list_of_visits_holds_none_is_lost(data: bytes, options: list[str]) -> None:
    check_visits(data, options)


@given(mangled(csv_lists()), options)
@example(b'id,bsa\n"a,8\nb,8\n', [])
@example(b"bsa\r8\r\r\n9", [])
@example(b'"bsa"x\n8\n', ["--delimiter", "tab"])
def test_whatever_a_csv_list_holds_no_row_is_lost(data: bytes, options: list[str]) -> None:
    check_list(data, options)


@given(mangled(ndjson_lists()), options)
@example(b'{"bsa":8,"\\ud800":"\\udfff"}\n', ["-f", "csv"])
@example(b'{"drug":[]}\n{"drug":{}}\n', [])
@example(b'\r{"bsa":\r8}\n', [])
def test_whatever_an_ndjson_list_holds_no_row_is_lost(data: bytes, options: list[str]) -> None:
    check_list(data, options)


@given(st.binary(max_size=300) | st.text().map(raw), options)
def test_bytes_that_are_no_list(data: bytes, options: list[str]) -> None:
    check_list(data, options)


@given(arguments, mangled(csv_lists()))
@example(["schema", "batch"], b"")
@example(["table", "\x1f"], b"")
@example(["warn", "--topical", "--pregnant"], b"")
def test_arguments_and_a_list_together(words: list[str], data: bytes) -> None:
    check_arguments(words, data)


@given(st.sampled_from(FUNCTIONS), some_inputs)
@example("warn", {"drug": []})
def test_python_values_of_any_kind(name: str, inputs: dict[str, Any]) -> None:
    check_call(name, inputs)


printable = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9).filter(
    lambda text: not text.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
)


@given(st.lists(printable, min_size=1, max_size=3), st.sampled_from(["csv", "ndjson"]))
def test_what_passes_through_is_unchanged(wards: list[str], form: str) -> None:
    rows = [{"id": "a", "bsa": "8", "ward": ward} for ward in wards]
    if form == "csv":
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
        out = check_list(raw(text.getvalue()), ["-f", "csv"]).out.decode()
        answers = list(csv.reader(io.StringIO(out, newline="")))[1:]
    else:
        out = check_list(raw("\n".join(map(json.dumps, rows)))).out.decode()
        answers = list(map(json.loads, out.splitlines()))
    for ward, answer in zip(wards, answers, strict=True):
        assert ward in leaves(answer)


def leaves(value: object) -> list[object]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for one in inner for leaf in leaves(one)]
    return [value]


AT_LENGTH = settings(max_examples=2000)


@pytest.mark.slow
@AT_LENGTH
@given(mangled(visit_lists()), visit_options)
def test_visits_at_length(data: bytes, options: list[str]) -> None:
    check_visits(data, options)


@pytest.mark.slow
@AT_LENGTH
@given(mangled(csv_lists() | ndjson_lists()), options)
def test_lists_at_length(data: bytes, options: list[str]) -> None:
    check_list(data, options)


@pytest.mark.slow
@AT_LENGTH
@given(arguments, mangled(csv_lists()))
def test_arguments_at_length(words: list[str], data: bytes) -> None:
    check_arguments(words, data)


@pytest.mark.slow
@AT_LENGTH
@given(st.sampled_from(FUNCTIONS), some_inputs)
def test_python_values_at_length(name: str, inputs: dict[str, Any]) -> None:
    check_call(name, inputs)


# ---- what once cost minutes, or more stack than there is ----


@pytest.mark.parametrize("field", ["id", "region", "bsa", "drug", "repig", "pregnant", "start"])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")])
def test_no_depth_of_any_field_costs_more_than_its_row(field: str, begin: str, end: str) -> None:
    # Each depth: which one is too deep for a stack depends on where it is read.
    rows = [f'{{"week":3,"{field}":{begin * n}1{end * n}}}\n' for n in range(1, 1100, 7)]
    ran = check_list("".join([*rows, '{"bsa":8}\n']).encode())
    assert ran.status == 4
    assert ndjson_lines(ran.out)[-1] == len(rows) + 1


MANY = 40_000  # what costs a step for each pair of names takes minutes here
EACH = [f"c{number}" for number in range(MANY)]


@pytest.mark.parametrize(
    ("text", "status"),
    [("bsa" + "," * MANY + "\n8\n", 4),
     (",".join(["bsa", *EACH, EACH[-1]]) + "\n", 2),
     (",".join(EACH) + "\n", 2),
     (",".join(["bsa", *EACH]) + "\n8" + "," * MANY + "\n", 0),
     (json.dumps(dict.fromkeys([*EACH, "bsa"], 8)), 0),
     (json.dumps(dict.fromkeys(EACH, 8)), 4),
     (json.dumps(dict.fromkeys(EACH, 8))[:-1] + f', "{EACH[-1]}": 8}}', 4),
     ('bsa\n"' + "8\n" * 1000, 4), ("bsa\n" + '"8\n' * 20_000, 4)],
    ids=["empty columns", "a column twice", "none known", "many pass", "many fields", "no field",
         "a field twice", "a quote", "quotes"],
)  # fmt: skip
def test_many_names_cost_no_more_than_one_look_each(text: str, status: int) -> None:
    assert check_list(text.encode()).status == status


@pytest.mark.parametrize("wrapped", [lambda n: n, lambda n: [[n]], lambda n: {"face": [n]}])
def test_a_number_that_python_does_not_write_out(wrapped: Callable[[int], Any]) -> None:
    for name in INPUTS:
        check_call("assess", {name: wrapped(10**5000)})


def test_lists_deeper_than_python_writes_out() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    for name in INPUTS:
        check_call("assess", {name: deep})


# ---- the checks themselves: each sees what it is there to see ----

LIST = b"id,bsa\n=1,8\ny,9\nb,x\n"


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_broken_answer_to_a_list_is_seen(form: str) -> None:
    asked = ["-f", form]
    good = check_list(LIST, asked)
    *head, first, second = good.out.splitlines(keepends=True)
    messages = good.err.splitlines(keepends=True)
    lost = [b"".join([*head, first]), b"".join([*head, second])]
    swapped = b"".join([*head, second, first])
    doubled = b"".join([*head, first, first, second])
    for out in (*lost, swapped, doubled, good.out[:-9], good.out.replace(b"'=1", b"=1") + b"1,2\n"):
        with pytest.raises((AssertionError, KeyError, TypeError, ValueError)):
            check_rows(good._replace(out=out), LIST, asked)
    for err in ("".join(messages[1:]), "".join(messages[:-1]), messages[0] + good.err):
        with pytest.raises(AssertionError):
            check_rows(good._replace(err=err), LIST, asked)


@pytest.mark.parametrize(
    "broken",
    [{"status": 1}, {"status": 130}, {"err": "Traceback\n"}, {"err": "\x1b[31m\n"},
     {"err": "a\tb\n"}, {"err": "no end"}, {"status": 2}, {"status": 4}, {"touched": ["answers"]}],
    ids=str,
)  # fmt: skip
def test_a_broken_command_is_seen(broken: dict[str, Any]) -> None:
    good = Ran(0, b"28\n", "", [])
    check_command(good, ["dose"])
    with pytest.raises(AssertionError):
        check_command(good._replace(**broken), ["dose"])


@pytest.mark.parametrize("value", [0.5, [1], {1}, {1: "x"}, b"x", Decimal("NaN"), ((1.0,),)],
                         ids=str)  # fmt: skip
def test_a_value_that_is_no_answer_is_seen(value: object) -> None:
    with pytest.raises(AssertionError):
        check_value(value)


def test_a_write_is_refused_and_seen() -> None:
    ran = check_arguments(["batch", "-", "-o", "answers"])
    assert ran.status == 2
    assert ran.touched


def test_the_rows_of_a_list_are_read_independently() -> None:
    lines = ["\n", "a,b\n", '"x\n', 'y",2\n', "\n", '"z\n', "3,4"]
    assert csv_records(lines, ",") == {
        2: ["a", "b"], 3: ["x\ny", "2"], 6: None, 7: ["3", "4"],
    }  # fmt: skip
