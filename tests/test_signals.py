"""Signals, at any moment and more than once: the right status, and nothing half done.

What comes before `main` is Python's own: an interrupt while the interpreter starts, and finds
this package, is answered by the interpreter.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import CLEAN, COMMAND

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ENDS = {signal.SIGINT: 130, signal.SIGTERM: -signal.SIGTERM, signal.SIGHUP: -signal.SIGHUP}
LATEST = 0.3  # seconds after the start
ROWS = 3000
INTERRUPTED = "ruxcalc: interrupted\n"


def defaults() -> None:
    """Undo what whoever started the tests may have had ignored."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def start(arguments: Sequence[str], **more: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # of `more`
        [COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=CLEAN, preexec_fn=defaults, **more,  # noqa: PLW1509 - no thread was started
    )  # fmt: skip


def hold_end(number: int, process: "subprocess.Popen[str]", *, finished: set[int]) -> str:
    """Hold what a process that got this signal may do; return what it did."""
    _, err = process.communicate(timeout=60)
    status = process.returncode
    if number == signal.SIGINT and "KeyboardInterrupt" in err:
        # Nor has it while the module of that line is loaded.
        assert not re.search(r'cli/main\.py", line [0-9]+, in (?!<module>)', err), err
        return "interpreter"  # it had not come to our first line
    assert "Traceback" not in err, err
    if status in finished:
        return "finished"
    # While the interpreter starts or ends, the signal itself ends it: 130 to a shell as well.
    assert status in (ENDS[signal.Signals(number)], -number), (status, err)
    assert err in ("", INTERRUPTED), err
    return "ended"


def list_of(folder: Path) -> Path:
    source = folder / "list.csv"
    source.write_text("id,bsa\n" + "".join(f"{n},{n % 99 / 10 + 0.1:.1f}\n" for n in range(ROWS)))
    return source


def hold_folder(folder: Path) -> None:
    """Hold that each file is whole or not there, and nothing else is."""
    for path in folder.iterdir():
        assert path.name in ("list.csv", "out", "rejects"), path
        if path.name == "out":
            assert path.read_bytes().count(b"\n") == ROWS
            path.unlink()
        elif path.name == "rejects":
            path.unlink()


def hold_moments(folder: Path, count: int, seed: int) -> Counter[str]:
    source, chance = list_of(folder), random.Random(seed)  # noqa: S311 - no secret
    batch = ("batch", str(source), "-o", str(folder / "out"), "--rejects", str(folder / "rejects"))
    seen: Counter[str] = Counter()
    for _ in range(count):
        number = chance.choice(SIGNALS)
        arguments = chance.choice((batch, batch, ("batch", str(source)), ("dose", "--bsa", "8")))
        process = start(arguments)
        time.sleep(chance.uniform(0, LATEST))
        for _ in range(chance.choice((1, 3))):
            process.send_signal(number)
            time.sleep(chance.choice((0, 0.001)))
        seen[hold_end(number, process, finished={0, 3, 4})] += 1
        hold_folder(folder)
    return seen


def test_any_signal_at_any_moment(tmp_path: Path) -> None:
    seen = hold_moments(tmp_path, 24, 1)
    assert seen["ended"] > 2


@pytest.mark.slow
def test_any_signal_at_any_moment_many_times(tmp_path: Path) -> None:
    seen = hold_moments(tmp_path, 1200, 2)
    assert seen["ended"] > 200
    assert seen["interpreter"] < 100, seen


STUBBORN = [("batch", "-"), ("batch", "-", "-o", "out"), ("batch", "-", "-f", "table")]


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("arguments", STUBBORN, ids=" ".join)
@pytest.mark.parametrize("times", [1, 3])
def test_a_signal_while_the_list_makes_wait(
    tmp_path: Path, number: int, arguments: Sequence[str], times: int
) -> None:
    process = start(arguments, stdin=subprocess.PIPE, cwd=tmp_path)
    assert process.stdin is not None
    process.stdin.write("id,bsa\n" + "1,8\n" * ROWS)
    process.stdin.flush()
    if "out" in arguments:
        wait_for(lambda: any(tmp_path.iterdir()))
    else:
        wait_for(lambda: _sleeps(process.pid))
    for _ in range(times):
        process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == ENDS[signal.Signals(number)]
    assert err == (INTERRUPTED if number == signal.SIGINT else "")
    assert list(tmp_path.iterdir()) == []


def wait_for(seen: "object") -> None:
    assert callable(seen)
    deadline = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _sleeps(pid: int) -> bool:
    """Return whether a process has loaded and waits to read."""
    if not Path("/proc").exists():
        time.sleep(1)
        return True
    where = Path(f"/proc/{pid}/wchan").read_text()
    modules = Path(f"/proc/{pid}/maps").read_text()
    return "pipe" in where and "_csv" in modules


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_nobody_reads_the_answer(tmp_path: Path, number: int) -> None:
    process = start(("batch", str(list_of(tmp_path))))
    assert process.stdout is not None
    process.stdout.read(1)
    time.sleep(0.2)  # the pipe is full
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == ENDS[signal.Signals(number)]
    assert err == (INTERRUPTED if number == signal.SIGINT else "")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_a_pipe_by_name_waits_for_its_reader(tmp_path: Path, number: int) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = start(("batch", "-", "-o", str(pipe)), stdin=subprocess.DEVNULL)
    time.sleep(0.6)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == ENDS[signal.Signals(number)]
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize("number", SIGNALS)
def test_what_was_ignored_stays_ignored(tmp_path: Path, number: int) -> None:
    source = list_of(tmp_path)

    def ignore() -> None:
        defaults()
        signal.signal(number, signal.SIG_IGN)

    process = subprocess.Popen([COMMAND, "batch", source, "-o", tmp_path / "out"], env=CLEAN,
                               stderr=subprocess.PIPE,
                               preexec_fn=ignore)  # fmt: skip  # noqa: PLW1509 - no thread
    for _ in range(20):
        process.send_signal(number)
        time.sleep(0.01)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert (tmp_path / "out").read_bytes().count(b"\n") == ROWS


def test_a_kill_leaves_no_process_and_no_answer(tmp_path: Path) -> None:
    process = start(("batch", "-", "-o", str(tmp_path / "out")), stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write("id,bsa\n" + "1,8\n" * ROWS)
    process.stdin.flush()
    wait_for(lambda: any(tmp_path.iterdir()))
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    assert not children.exists() or children.read_text() == ""
    process.kill()
    process.communicate(timeout=60)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(shutil.which("timeout") is None, reason="this system has no timeout")
@pytest.mark.parametrize("number", SIGNALS)
def test_the_status_is_that_of_the_shell(number: int) -> None:
    stop = f"timeout --preserve-status -s {int(number)} 0.6"
    line = f'sleep 1.2 | {stop} "{COMMAND}" batch - -o /dev/null'
    done = subprocess.run(["bash", "-c", f"{line}; echo $?"], capture_output=True, check=False,
                          preexec_fn=defaults, text=True)  # fmt: skip
    assert done.stdout == f"{128 + number}\n"


def test_importing_the_package_changes_no_signal() -> None:
    code = (
        "import signal\n"
        "before = [signal.getsignal(n) for n in (2, 15, 1)]\n"
        "import ruxcalc, ruxcalc.api, ruxcalc.cli.main, ruxcalc.batch.batch\n"
        "assert [signal.getsignal(n) for n in (2, 15, 1)] == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
