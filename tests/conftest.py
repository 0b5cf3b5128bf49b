"""How the tests run the real command, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

# The first example of a fresh tree pays for tables that hypothesis builds once.
settings.register_profile("ruxcalc", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ruxcalc")

COMMAND = Path(sys.executable).parent / "ruxcalc"
# What a shell may have set must not decide a test.
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("RUXCALC_") and name not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
}


class Ran(NamedTuple):
    """What one run of the command left behind."""

    status: int
    out: str
    err: str


def ruxcalc(
    *arguments: str, env: Mapping[str, str] | None = None, stdin: str | None = None
) -> Ran:
    """Run the installed command with pipes on all sides; `stdin` is fed to it byte for byte."""
    done = subprocess.run(
        [str(COMMAND), *arguments],
        input=(stdin or "").encode(),
        capture_output=True,
        env={**CLEAN, **(env or {})},
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - CLEAN.keys():
        monkeypatch.delenv(name)




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
