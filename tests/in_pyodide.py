"""Plug into pytest what Pyodide lacks: a test that asks for it is skipped, and says why.

Nearly nothing is chosen by name, so that no test is left out unseen. Where a test wants no more
than the answer of our own command, the command is called in the process of the tests.
"""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NoReturn

import pytest

LEFT_OUT = {
    "test_what_holds_a_control_exists_and_is_run": "it asks for tests that Pyodide cannot run",
    "test_in_the_process_of_the_tests_it_is_the_same": "it compares with another process",
}


def pytest_itemcollected(item: pytest.Item) -> None:
    name = getattr(item, "originalname", "")
    if name in LEFT_OUT:
        item.add_marker(pytest.mark.skip(reason=LEFT_OUT[name]))


def refuse(reason: str) -> Callable[..., NoReturn]:
    """Return a function that skips the test, or the module, that calls it."""

    def skip(*_: object, **__: object) -> NoReturn:
        pytest.skip(reason, allow_module_level=True)

    return skip


run_program = subprocess.run
ANSWER = {"capture_output", "check", "timeout", "stdout", "stderr"}  # what asks for an answer


def run_command(words: Sequence[Any], **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Call our own command here; refuse to start any other program."""
    from conftest import CLEAN, COMMAND, called

    env, data = how.pop("env", CLEAN), how.pop("input", b"")
    streams = {how.get(name, subprocess.PIPE) for name in ("stdout", "stderr")}
    if str(words[0]) != str(COMMAND) or how.keys() - ANSWER or streams != {subprocess.PIPE}:
        return run_program(words)
    ran = called([str(word) for word in words[1:]], env, data)
    return subprocess.CompletedProcess(words, ran.status, ran.out.encode(), ran.err.encode())


LACKS: dict[str, list[tuple[object, str]]] = {
    "Pyodide starts no process": [(subprocess.Popen, "__init__"), (os, "fork")],
    "Pyodide has no terminal": [(os, "openpty"), (pty, "openpty"), (pty, "fork")],
    "Pyodide has no named pipe": [(os, "mkfifo")],
}
for why, places in LACKS.items():
    for owner, name in places:
        setattr(owner, name, refuse(why))
# It is built on compiled code that is not built for Pyodide.
jsonschema = sys.modules["jsonschema"] = ModuleType("jsonschema")
validator = refuse("jsonschema cannot be had in Pyodide")
INSTEAD: list[tuple[object, str, Callable[..., object]]] = [
    (jsonschema, "Draft202012Validator", validator),
    (validator, "check_schema", validator),
    (subprocess, "run", run_command),
    (signal, "setitimer", lambda *_: None),  # a test that hangs is not ended
]
for owner, name, instead in INSTEAD:
    setattr(owner, name, instead)
