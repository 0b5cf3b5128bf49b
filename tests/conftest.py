"""How the tests run the command.

`ruxcalc` calls it in the process of the tests, with streams, arguments and an environment of its
own: the same answer many times as fast. `started` starts the installed command in a process of
its own, for what only a process has: signals, pipes, terminals, exit status. With
`pytest --real`, `ruxcalc` starts the command too; `.ci/run` runs the case files so.
"""

import io
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

FEW, MANY = 12, 300  # examples of a property
SLOW = "slow"  # the marker, and the profile that comes with it

# The first example of a fresh tree pays for tables that hypothesis builds once.
# No test depends on chance: the examples are the same in each run.
settings.register_profile("ruxcalc", deadline=None, derandomize=True, max_examples=FEW,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
# `-m slow` runs every property again, with more examples.
settings.register_profile(SLOW, settings.get_profile("ruxcalc"), max_examples=MANY)
# `--hypothesis-profile search` looks for new ones; what it finds becomes an @example.
settings.register_profile("search", settings.get_profile("ruxcalc"), derandomize=False,
                          max_examples=5000, print_blob=True)  # fmt: skip
settings.load_profile("ruxcalc")

COMMAND = Path(sys.executable).parent / "ruxcalc"
# What a shell may have set must not decide a test.
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("RUXCALC_") and name not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
}


# The day on which the facts were verified: a test must not turn red because a year has passed.
VERIFIED_ON = "2026-11-24"


class Ran(NamedTuple):
    """What one run of the command left behind."""

    status: int
    out: str
    err: str


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--real", action="store_true",
                     help="start the installed command for every case")  # fmt: skip


class How:
    """How `ruxcalc` runs the command; set once, from the command line of pytest."""

    real = False


def pytest_configure(config: pytest.Config) -> None:
    How.real = config.getoption("--real")
    if config.getoption("-m") == SLOW:
        settings.load_profile(SLOW)


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    if item.config.getoption("-m") == SLOW and is_hypothesis_test(getattr(item, "obj", None)):
        item.add_marker(SLOW)


def ruxcalc(
    *arguments: str, env: Mapping[str, str] | None = None, stdin: str | None = None
) -> Ran:
    """Run the command with pipes on all sides; `stdin` is fed to it byte for byte."""
    run = started if How.real else called
    return run(arguments, env or {}, (stdin or "").encode())


def started(arguments: Sequence[str], env: Mapping[str, str], stdin: bytes) -> Ran:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [str(COMMAND), *arguments],
        input=stdin,
        capture_output=True,
        env={**CLEAN, **env},
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def called(arguments: Sequence[str], env: Mapping[str, str], stdin: bytes) -> Ran:
    """Run the command in this process, with streams, arguments and environment of its own."""
    from ruxcalc.cli.main import run
    from ruxcalc.clock import today

    environment = {**CLEAN, **env}
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    # Files, not memory: a list is written to the descriptor of its stream.
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as messages:
        out = io.TextIOWrapper(answer, encoding, newline="\n")
        err = io.TextIOWrapper(messages, encoding, "backslashreplace", newline="\n")
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(os, "environ", environment)
            patch.setattr("ruxcalc.api.today", today)
            patch.setattr(sys, "argv", [str(COMMAND), *arguments])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
            try:
                status = run(arguments)
            except Exception:  # noqa: BLE001 - the interpreter would end with 1 on any
                traceback.print_exc()
                status = 1
        written = []
        for stream, file in ((out, answer), (err, messages)):
            stream.flush()
            file.seek(0)
            written.append(file.read().decode())
    return Ran(status, *written)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - CLEAN.keys():
        monkeypatch.delenv(name)
    monkeypatch.setattr("ruxcalc.api.today", lambda: date.fromisoformat(VERIFIED_ON))




# What became of each test of this session, and what was left out: for the hazard log, which
# names the tests that hold its controls and therefore comes last.
OUTCOMES: dict[str, str] = {}
DESELECTED: list[pytest.Item] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == "test_safety.py")


def pytest_deselected(items: list[pytest.Item]) -> None:
    DESELECTED.extend(items)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if OUTCOMES.get(report.nodeid, "passed") == "passed":  # set-up, call and tear-down
        OUTCOMES[report.nodeid] = report.outcome
