"""What the README shows is what the command prints."""

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
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
    for status in ("0", "3", "2", "4", "130", "1"):
        assert f"\n| {status} | " in README


def test_the_list_example_writes_its_files(tmp_path: Path) -> None:
    shown = re.search(r"^\$ ruxcalc (batch .*)$", README, re.MULTILINE)
    assert shown
    examples = tmp_path / "examples"
    examples.mkdir()
    cohort = (REPOSITORY / "examples" / "cohort.csv").read_bytes()
    (examples / "cohort.csv").write_bytes(cohort)
    done = subprocess.run([COMMAND, *shown[1].split()], cwd=tmp_path, capture_output=True,
                          check=False, encoding="utf-8")  # fmt: skip
    assert (done.returncode, done.stdout) == (4, "")
    assert len((tmp_path / "answers.csv").read_text().splitlines()) == 7
    assert len((tmp_path / "rejects.csv").read_text().splitlines()) == 2
    assert done.stderr == block("batch")


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed on this machine")
def test_the_jq_example_prints_what_is_shown() -> None:
    done = subprocess.run(
        ["bash", "-c", block("jq")], capture_output=True, encoding="utf-8", check=True,
        cwd=REPOSITORY, env={**CLEAN, "PATH": f"{COMMAND.parent}:{CLEAN['PATH']}"},
    )  # fmt: skip
    assert done.stdout == block("jq-output")
