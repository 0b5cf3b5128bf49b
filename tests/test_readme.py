"""What the README shows is what the command prints."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

from conftest import CLEAN, COMMAND

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text("utf-8")


def block(marker: str) -> str:
    found = re.search(rf"^<!-- {marker} -->\n```\w+\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found, marker
    return found[1]


def test_every_shown_command_prints_what_is_shown() -> None:
    tool = runpy.run_path(str(REPOSITORY / "tools" / "write_readme.py"))
    assert len(tool["SHOWN"].findall(README)) >= 4
    assert tool["with_output"](README) == README


def test_the_script_prints_what_is_said() -> None:
    done = subprocess.run(
        ["bash", "-c", block("script")], capture_output=True, encoding="utf-8", check=True,
        env={**CLEAN, "PATH": f"{COMMAND.parent}:{CLEAN['PATH']}"},
    )  # fmt: skip
    assert done.stdout == "see the findings\n"
    assert "prints `see the findings`" in README


def test_the_python_example_runs() -> None:
    done = subprocess.run([sys.executable, "-c", block("python")], capture_output=True,
                          encoding="utf-8", check=True)  # fmt: skip
    first, second = done.stdout.splitlines()
    assert first == "28 True"
    assert second.startswith("repig: '2O' is not a plain number")


def test_the_exit_statuses_are_those_of_the_help() -> None:
    for status in ("0", "3", "2", "130", "1"):
        assert f"\n| {status} | " in README
