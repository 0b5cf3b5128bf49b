"""Fuzz the doors of ruxcalc, guided by coverage, and print what was tried and what broke.

python tools/fuzz.py --seconds 60              each door for a minute
python tools/fuzz.py --inputs 100000 csv       one door, so many inputs
python tools/fuzz.py --try csv FILE            one input again, with its traceback

Needs `pip install '.[fuzz]'`. What must hold stands in tests/doors.py; a new door is one
entry of DOORS.
"""

import argparse
import base64
import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 2048  # bytes of an input; what is longer is made by repeating
REPEATED = re.compile(rb"\x10(.)(.)", re.DOTALL)
TIMES = (2, 60, 101, 490, 601, 4301)  # about the limits of readers
CELL = 131_073  # one more than a cell may have, and slow, so that it is rare
BACKSTOP = 60  # seconds after which an input that no timer of ours could stop ends its process
PATIENCE = 20  # seconds that the minimiser may spend on one failure
MINIMISED = 12  # failures of one door that are minimised; the rest are counted


# ---- from bytes to an input, and back for the corpus ----


def long(data: bytes) -> bytes:
    """`data` with some pieces repeated, so that a short input can say a long one."""

    def repeated(some: re.Match[bytes]) -> bytes:
        times = some[1][0]
        return bytes(some[2]) * (CELL if times == 255 else TIMES[times % len(TIMES)])

    return REPEATED.sub(repeated, data, count=4)


def as_arguments(data: bytes) -> list[str]:
    """An argument list, its arguments apart by NUL, decoded as the system does it."""
    return long(data).decode("utf-8", "surrogateescape").split("\0")


DELIMITERS = ((), ("--delimiter", ","), ("--delimiter", ";"), ("--delimiter", "tab"))
REGIONS = ((), ("-r", "us"), ("-r", "eu,uk"), ("-r", "uk", "-r", "us"))


def as_list(data: bytes) -> tuple[bytes, list[str]]:
    """A list and well-formed options for it; the last byte decides the options."""
    bits = data[-1] if data else 0
    options: list[str] = []
    options += ["-f", "csv"] if bits & 1 else []
    options += ["--explain"] if bits & 3 == 2 else []
    options += ["--exit-zero"] if bits & 3 == 3 else []
    options += DELIMITERS[bits >> 2 & 3]
    options += REGIONS[bits >> 4 & 3]
    options += ["--jobs", "2"] if bits >> 6 & 1 else []
    options += ["-q"] if bits >> 6 == 2 else []
    return long(data[:-1]), options


class Picker:
    """Takes choices from bytes; where they run out, always the first."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def number(self, below: int) -> int:
        """A number from 0 up to, and without, `below`."""
        size = 1 if below <= 256 else 2
        some = self.data[self.place : self.place + size]
        self.place += size
        return int.from_bytes(some, "big") % below

    def text(self) -> str:
        """A short text, with lone surrogates where the bytes are no UTF-8."""
        size = self.number(24)
        some = self.data[self.place : self.place + size]
        self.place += size
        return some.decode("utf-8", "surrogateescape" if size % 2 else "replace")


def as_call(data: bytes) -> tuple[str, dict[str, Any]]:
    """One of the Python functions and its arguments."""
    from doors import FUNCTIONS

    from ruxcalc.patient import GROUPS, INPUTS, inputs_of

    pick = Picker(data)
    name = FUNCTIONS[pick.number(len(FUNCTIONS))]
    regions = (None, "us", "EU,uk", ["us", "uk"], (), "", "xx", {"eu"}, ["us,eu", "UK"], "\0")
    given: dict[str, Any] = {"region": regions[pick.number(len(regions))]}
    if name == "label":
        return name, given | {"diff": bool(pick.number(2)), "facts": bool(pick.number(2))}
    given["explain"] = bool(pick.number(2))
    if name == "vasi":
        given["steps"] = pick.number(8) == 1
        given["sites"] = [_word(pick) for _ in range(pick.number(4))] or _word(pick)
        given["baseline"] = (None, _word(pick), [_word(pick)])[pick.number(3)]
        return name, given
    own = list(inputs_of(name) if name in GROUPS else INPUTS)
    for _ in range(pick.number(9)):
        given[own[pick.number(len(own))]] = _value(pick, 3)
    return name, given


def _word(pick: Picker) -> str:
    kept = words()
    return pick.text() if pick.number(4) == 3 else kept[pick.number(len(kept))]


NUMBERS = (Decimal("8.5"), Decimal(0), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"),
           Decimal("1E+999999"), Decimal("-0"), Decimal("1E-50"), 8.0, 1e300, -0.0,
           float("nan"), float("inf"), 5e-324, 0.1, 0, 1, 52, 100, -5, 10**39, 10**40,
           10**5000, -(10**5000), True, False, None, 3 + 1j)  # fmt: skip


OTHERS = (date(2026, 1, 5), date.min, date.max, b"8", bytearray(b"8"), object, ...)


def _value(pick: Picker, levels: int) -> Any:  # noqa: ANN401 - any value of Python's own types
    kind = pick.number(11 if levels else 7)
    if kind < 3:
        return _word(pick)
    if kind < 5:
        return NUMBERS[pick.number(len(NUMBERS))]
    if kind == 5:
        return Decimal(pick.number(65536)).scaleb(-pick.number(5))
    if kind == 6:
        return OTHERS[pick.number(len(OTHERS))]
    several = [_value(pick, levels - 1) for _ in range(pick.number(4))]
    several *= 60 if pick.number(9) == 8 else 1
    ways: tuple[Callable[[list[Any]], Any], ...] = (list, tuple, _mapping, iter)
    return ways[kind - 7](several)


def _mapping(values: list[Any]) -> dict[str, Any]:
    return dict(zip(words(), values, strict=False))


# ---- the corpus ----


def case_lines() -> Iterator[list[str]]:
    """The argument list of each case file."""
    for path in sorted((ROOT / "tests" / "cases").glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            if "run" in case:
                yield shlex.split(case["run"])


_words: list[str] = []


def words() -> list[str]:
    """The values that the cases give, and the names of all inputs."""
    if not _words:
        from ruxcalc.patient import INPUTS

        found = {word for line in case_lines() for word in line[1:] if not word.startswith("-")}
        found |= {word.partition("=")[2] for line in case_lines() for word in line if "=" in word}
        _words.extend(sorted(found | {*INPUTS, "none", "yes", "no", "true"}))
    return _words


def _patients() -> Iterator[dict[str, str]]:
    """What each case gives, as a row of a list; without what is no input."""
    from ruxcalc.patient import INPUTS

    for line in case_lines():
        row: dict[str, str] = {}
        for word, following in zip(line, [*line[1:], ""], strict=True):
            option, equals, value = word.partition("=")
            name = option.removeprefix("--").removeprefix("no-").replace("-", "_")
            if option.startswith("--") and name in INPUTS:
                if INPUTS[name].kind == "flag":
                    row[name] = "no" if "no-" in option else "yes"
                else:
                    row[name] = value if equals else following
        if row:
            yield row


def argument_seeds() -> list[bytes]:
    """Each case, in several formats."""
    forms: tuple[list[str], ...] = (
        [],
        ["-f", "json"],
        ["-f", "note"],
        ["--explain"],
        ["-f", "csv"],
        ["-f", "html"],
    )
    lines = [[*line, *forms[n % len(forms)]] for n, line in enumerate(case_lines())]
    lines += [["batch", "-", "-f", "csv"], ["help", "inputs"], ["schema", "input"], ["--help"],
              ["batch", "-", "-o", "answers"], ["--version"], ["label", "--diff", "us", "eu"],
              ["vasi", "face=1@25", "--baseline", "face=1@75"]]  # fmt: skip
    return ["\0".join(line).encode("utf-8", "surrogateescape") for line in lines]


def csv_seeds() -> list[bytes]:
    """The examples, each case as a list of one, and lists with what goes wrong in files."""
    lists = [path.read_bytes() for path in sorted((ROOT / "examples").glob("*.csv"))]
    lists += [
        f"id,{','.join(patient)}\nx,{','.join(patient.values())}\n".encode()
        for patient in _patients()
    ]
    lists += [b"\xef\xbb\xbfid;bsa\r\na;8\r\n", b'id,ward,bsa\n"a\nb",x,8\n"c,x,8\nd,x,9\n',
              b"id\tbsa\n1\t8\n\n2\t\xff\n", b"BSA ,Repig-,x,x\n8,1,,\n", b"bsa\r8\r9"]  # fmt: skip
    return [text + bytes([number % 256]) for number, text in enumerate(lists)]


def ndjson_seeds() -> list[bytes]:
    """Each case as a list of one, and what goes wrong in JSON."""
    lists = [json.dumps({"id": "a", **patient}).encode() + b"\n" for patient in _patients()]
    lists += [b'{"bsa":8,"bsa":9}\n{"bsa":8.50,"x":[1e5,{"y":null}]}\n', b'{"bsa":NaN}\n[]\n1\n',
              b'{"drug":["a","b"],"repig":{"face":76}}\n{"id":"\\ud800","bsa":8}\n{\n',
              b'{"bsa":8,"x":' + b"[" * 60 + b"]" * 60 + b"}\n", b'{"region":["us","eu"],"ftu":4}'
              ]  # fmt: skip
    return [text + bytes([number % 256]) for number, text in enumerate(lists)]


def visit_seeds() -> list[bytes]:
    """The visits of the cases and examples."""
    lists = [(ROOT / "examples" / "visits.csv").read_bytes()]
    for path in sorted((ROOT / "tests" / "cases").glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            lists += [case["stdin"].encode()] if "stdin" in case else []
    return [text + bytes([number % 256]) for number, text in enumerate(lists)]


def call_seeds() -> list[bytes]:
    """Choices by a fixed chance; the values themselves come from the cases."""
    chance = random.Random(1)
    return [chance.randbytes(chance.randrange(4, 60)) for _ in range(500)]


def argument_tokens() -> list[bytes]:
    """The commands, the options and some values."""
    from ruxcalc.cli.options import COMMANDS, options_of

    found = {*COMMANDS, "help", "schema", "--help", "-", "--", "--version", "--install-completion"}
    for command in COMMANDS:
        for option in options_of(command):
            found |= {f"\0{spelling}" for spelling in (*option.on, *option.off)}
    return [text.encode() for text in sorted(found)]


def list_tokens() -> list[bytes]:
    """The names of columns, some values, and what upsets readers of lists."""
    from ruxcalc.batch.columns import PATIENTS, VISITS

    marks = [b'"', b'""', b"\r\n", b"\n", b"\r", b"\0", b"\xef\xbb\xbf", b"\xff", b"\xed\xa0\x80",
             b"\\ud800", b"\x1b[31m", b",", b";", b"\t", b'":', b"{", b"}", b"[", b"null", b"true",
             b"NaN", b"-0", b"1e999", b"=1+1", b"\xe2\x80\xa8", b"\xc2\x85"]  # fmt: skip
    return [
        *(name.encode() for name in sorted(PATIENTS.known | VISITS.known | {"date"})),
        *(word.encode() for word in words()[:200]),
        *marks,
    ]


# ---- the doors ----


class Door(NamedTuple):
    """One door: how bytes are tried there, what the corpus begins with, what is spliced in."""

    attempt: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    tokens: Callable[[], list[bytes]]


def _try_arguments(data: bytes) -> None:
    from doors import hold_arguments

    hold_arguments(as_arguments(data))


def _try_visits(data: bytes) -> None:
    from doors import hold_visits

    bits = data[-1] if data else 0
    options = [*DELIMITERS[bits >> 2 & 3], *REGIONS[bits >> 4 & 3]]
    options += ["--start", "2025-01-06"] if bits & 1 else []
    options += ["--baseline", "4"] if bits & 2 else []
    hold_visits(long(data[:-1]), options)


def _try_list(data: bytes) -> None:
    from doors import hold_list

    hold_list(*as_list(data))


def _try_call(data: bytes) -> None:
    from doors import hold_call

    hold_call(*as_call(data))


DOORS = {
    "args": Door(_try_arguments, argument_seeds, argument_tokens),
    "csv": Door(_try_list, csv_seeds, list_tokens),
    "ndjson": Door(_try_list, ndjson_seeds, list_tokens),
    "track": Door(_try_visits, visit_seeds, list_tokens),
    "python": Door(_try_call, call_seeds, list),
}


# ---- one door, in a process of its own ----


def failure_of(door: Door, data: bytes) -> tuple[str, str] | None:
    """What breaks on `data`, in one line that is the same for the same fault, and the traceback."""
    try:
        door.attempt(data)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        if isinstance(error, SystemExit) and error.code == 128 + signal.SIGTERM:
            raise  # the campaign itself is to end; whatever else comes out is a finding
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "ruxcalc" in Path(frame.filename).parts] or frames
        if isinstance(error, AssertionError):
            ours = frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        if isinstance(error, RecursionError):
            place = "the stack"
        return f"{type(error).__name__} in {place}", traceback.format_exc(limit=-4)
    return None


def minimised(door: Door, data: bytes, fault: str) -> bytes:
    """The shortest input found that breaks in the same way: pieces are left out, ever smaller."""
    deadline = time.monotonic() + PATIENCE
    size = max(1, len(data) // 2)
    while size and time.monotonic() < deadline:
        place, cut = 0, False
        while place < len(data) and time.monotonic() < deadline:
            shorter = data[:place] + data[place + size :]
            failed = failure_of(door, shorter)
            if failed and failed[0] == fault:
                data, cut = shorter, True
            else:
                place += size
        if not cut or size > 1:
            size = size // 2
    return data


def mutate(data: bytes, longest: int, seed: int, tokens: list[bytes]) -> bytes:
    """Splice in a token, repeat a byte, or move a line; what a mutator of bytes rarely does."""
    chance = random.Random(seed)
    place, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    way = chance.randrange(6)
    if way <= 1 and tokens:
        piece = chance.choice(tokens)
        data = data[:place] + piece + data[end if way and end - place < 40 else place :]
    elif way == 2:
        data = data[:place] + b"\x10" + chance.randbytes(1) + data[place:]
    elif way == 3:
        lines = data.split(b"\n")
        chance.shuffle(lines)
        data = b"\n".join(lines)
    elif way == 4:
        lines = data.split(b"\n")
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
        data = b"\n".join(lines)
    else:
        return b""
    return data[:longest]


def run_door(name: str, found: Path, arguments: list[str]) -> None:
    """Fuzz one door until the engine ends; each new fault is a line of the file `found`."""
    import atheris

    door = DOORS[name]
    with atheris.instrument_imports(include=["ruxcalc"]):
        import doors  # noqa: F401 - with all that it imports

        import ruxcalc.cli.typer_door  # noqa: F401
        from ruxcalc.render import csv, html, json, markdown, note, table, value  # noqa: F401
        from ruxcalc.rules import explain, label, vasi  # noqa: F401
    tokens = door.tokens()
    seen: set[str] = set()

    def one(data: bytes) -> None:
        failed = failure_of(door, data)
        if failed is None or failed[0] in seen:
            return
        fault, trace = failed
        seen.add(fault)
        small = minimised(door, data, fault) if len(seen) <= MINIMISED else data
        kept = {"fault": fault, "data": base64.b64encode(small).decode(), "trace": trace}
        with found.open("a") as file:
            file.write(json_line(kept))

    def mutator(data: bytes, longest: int, seed: int) -> bytes:
        mine = mutate(data, longest, seed, tokens) if seed % 2 else b""
        return mine or bytes(atheris.Mutate(data, longest))

    def json_line(kept: dict[str, str]) -> str:
        import json as plain

        return plain.dumps(kept) + "\n"

    atheris.Setup([sys.argv[0], *arguments], one, custom_mutator=mutator)
    atheris.Fuzz()


def campaign(name: str, seconds: int, inputs: int, work: Path) -> tuple[int, list[dict[str, str]]]:
    """Fuzz one door; how many inputs were tried, and the faults."""
    corpus, found, ends = work / f"{name}-corpus", work / f"{name}.jsonl", work / f"{name}-"
    corpus.mkdir()
    for number, seed in enumerate(DOORS[name].seeds()):
        (corpus / str(number)).write_bytes(seed)
    empty = work / "empty"
    empty.mkdir(exist_ok=True)
    tried, deadline = 0, time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 1 and (not inputs or tried < inputs):
        done = subprocess.run(
            [sys.executable, __file__, "--door", name, str(found), str(corpus),
             f"-max_total_time={int(left)}", f"-runs={inputs - tried if inputs else -1}",
             f"-timeout={BACKSTOP}", f"-report_slow_units={BACKSTOP}",
             f"-artifact_prefix={ends}", f"-max_len={LONGEST}",
             "-print_final_stats=1", "-rss_limit_mb=4096"],
            cwd=empty, stdin=subprocess.DEVNULL, capture_output=True, check=False,
            env={k: v for k, v in os.environ.items() if not k.startswith("RUXCALC_")},
        )  # fmt: skip
        log = done.stderr.decode("utf-8", "replace")
        (work / f"{name}.log").write_text(log)
        units = re.findall(r"number_of_executed_units: (\d+)", log) or re.findall(
            r"^#(\d+)", log, re.MULTILINE
        )
        tried += int(units[-1]) if units else 0
        if done.returncode == 0:
            break
        if not units:
            raise SystemExit(f"the door {name} could not be opened:\n{log[-3000:]}")
    faults = [json.loads(line) for line in found.read_text().splitlines()] if found.exists() else []
    for path in sorted(work.glob(f"{name}-*-*")):  # a process that ended: a hang or a crash of C
        data = base64.b64encode(path.read_bytes()).decode()
        faults.append({"fault": f"process ended: {path.name}", "data": data, "trace": ""})
    faults += [{"fault": f"file written: {path.name}", "data": "", "trace": ""}
               for path in empty.iterdir()]  # fmt: skip
    return tried, faults


def main() -> int:
    """Fuzz the doors that are named, or all, and print what came of it."""
    sys.path.insert(0, str(ROOT / "tests"))
    if sys.argv[1:2] == ["--door"]:
        run_door(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
        return 0
    if sys.argv[1:2] == ["--try"]:
        failed = failure_of(DOORS[sys.argv[2]], Path(sys.argv[3]).read_bytes())
        print("holds" if failed is None else failed[1])
        return 0 if failed is None else 1
    parser = argparse.ArgumentParser(description="Fuzz the doors of ruxcalc.")
    parser.add_argument("doors", nargs="*", metavar="DOOR", help=f"{', '.join(DOORS)}; all if none")
    parser.add_argument("--seconds", type=int, help="for each door; 60 if --inputs is not given")
    parser.add_argument("--inputs", type=int, default=0, help="for each door")
    parser.add_argument("--keep", type=Path, help="folder for corpus and logs; a new one if none")
    asked = parser.parse_args()
    if unknown := [name for name in asked.doors if name not in DOORS]:
        parser.error(f"no such door: {', '.join(unknown)}")
    work = asked.keep or Path(tempfile.mkdtemp(prefix="ruxcalc-fuzz-"))
    work.mkdir(parents=True, exist_ok=True)
    seconds = asked.seconds or (10**6 if asked.inputs else 60)
    broken = 0
    for name in asked.doors or DOORS:
        tried, faults = campaign(name, seconds, asked.inputs, work.resolve())
        print(f"{name}: {tried} inputs, {len(faults)} faults", flush=True)
        for fault in faults:
            broken += 1
            path = work / f"{name}-fault-{broken}"
            path.write_bytes(base64.b64decode(fault["data"]))
            shown = path.read_bytes()
            print(f"  {fault['fault']}\n    {shown[:300]!r} ({len(shown)} bytes, {path})")
            print("    " + fault["trace"].replace("\n", "\n    "))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
