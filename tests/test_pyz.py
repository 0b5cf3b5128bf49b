"""`ruxcalc.pyz`: the same answers from one file, with nothing but Python's standard library."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conftest import CLEAN, COMMAND, VERIFIED_ON, Ran

from ruxcalc.cli.options import COMMANDS

BUILD = Path(__file__).parent.parent / "tools" / "build_pyz.py"
PATIENT = ["assess", "-r", "us,eu", "--bsa", "8.5", "--week", "52", "--repig", "face=20", "--repig",
           "trunk=30", "--age", "34", "--pregnant", "--drug", "itraconazole 100 mg"]  # fmt: skip
LIST = "id,bsa,week,repig\n1,8,52,20\n2,12,,\n3,8;5,,\n"
SAME = [
    *([*PATIENT, "-f", form] for form in ("json", "note", "markdown", "html", "table")),
    [*PATIENT, "--full"], [*PATIENT, "-q"], [*PATIENT, "--get", "verdict"],
    [*PATIENT, "--explain", "--json"], [*PATIENT, "--color", "always"],
    ["dose", "--bsa", "8"], ["dose", "--bsa", "8", "-f", "html"], ["dose", "--ftu", "4"],
    ["check", "--week", "52", "--repig", "20"], ["warn", "-r", "eu", "--pregnant"],
    ["vasi", "face=1@75", "trunk=3@100"], ["plan", "--start", "2026-01-05", "--on", VERIFIED_ON],
    ["handout", "-r", "eu", "--bsa", "8", "-f", "html"],
    ["handout", "-r", "us", "--bsa", "8", "-f", "markdown"], ["handout", "-r", "uk", "--bsa", "8"],
    ["evidence"], ["evidence", "-f", "html"], ["label", "eu", "storage"], ["label", "--diff"],
    ["batch", "-", "-f", "csv"], ["batch", "-", "-f", "ndjson"], ["batch", "-", "-f", "table"],
    ["batch", "-", "--full"], ["help", "numbers"], ["help"], ["help", "dose"], ["--version"],
    ["--version", "--json"], ["--help"], ["schema", "questionnaire", "-r", "eu"],
    *([command, "--help"] for command in COMMANDS),
    # Lines that cannot be read or answered.
    ["doze", "--bsa", "8"], ["dose", "8"], ["dose", "--bsa"], ["dose", "--bsa", "8,5"], ["dose"],
    ["--bsa", "8"], ["dose", "--bsa", "8", "--json", "x"], ["help", "nothing"], ["ask"],
    ["handout", "-r", "eu", "--bsa", "20"],
    ["batch", "missing.csv"], ["assess", "--fhir", "missing.json"],
]  # fmt: skip


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pyz") / "ruxcalc.pyz"
    subprocess.run([sys.executable, str(BUILD), "-o", str(target)], check=True, capture_output=True)
    return target


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder to be in, which must be empty afterwards."""
    yield tmp_path
    assert not list(tmp_path.iterdir())


def ran(words: Sequence[str], folder: Path) -> Ran:
    done = subprocess.run(
        words, input=LIST.encode(), capture_output=True, check=False, timeout=60, cwd=folder,
        env={**CLEAN, "LC_ALL": "C.UTF-8", "COLUMNS": "80"},
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def alone(pyz: Path, *arguments: str, folder: Path, python: str = sys.executable) -> Ran:
    """Run the file without the environment, the user's folder and any installed library."""
    return ran([python, "-I", "-S", str(pyz), *arguments], folder)


# One of each kind in every run: json, table, html, a list, help, and a line that is refused.
IN_EVERY_RUN = (
    ["evidence", "-f", "html"], ["label", "eu", "storage"], ["batch", "-", "-f", "csv"],
    ["help", "dose"], ["--version"], ["dose", "--bsa", "8,5"],
)  # fmt: skip


@pytest.mark.parametrize("line", [
    pytest.param(line, marks=() if line in IN_EVERY_RUN else pytest.mark.slow) for line in SAME
], ids=" ".join)  # fmt: skip
def test_it_answers_byte_for_byte_as_the_installed_command(
    line: list[str], pyz: Path, empty: Path
) -> None:
    assert alone(pyz, *line, folder=empty) == ran([str(COMMAND), *line], empty)


@pytest.mark.parametrize(("line", "said"), [
    (["schema", "dose"], "JSON Schemas are not in this single file"),
    (["schema"], "JSON Schemas are not in this single file"),
    (["plan", "--start", "2026-01-05", "-f", "ics"], "calendars are not in this single file"),
    (["--show-completion"], "completion is not in this single file"),
    (["schema", "questionnaire", "--full"], "'--full' is not an option of schema"),
    (["nonsense", "--help"], "'nonsense' is not a command"),
], ids=str)  # fmt: skip
def test_what_is_missing_is_said_in_one_line(
    line: list[str], said: str, pyz: Path, empty: Path
) -> None:
    refused = alone(pyz, *line, folder=empty)
    assert (refused.status, refused.out) == (2, "")
    assert said in refused.err
    assert len(refused.err.splitlines()) == 1


def test_what_is_installed_changes_nothing(pyz: Path, empty: Path) -> None:
    """Without -I and -S, a library of the computer that the file does not hold stays unused."""
    refused = ran([sys.executable, str(pyz), "schema", "dose"], empty)
    assert refused.status == 2
    assert "not in this single file" in refused.err
    read = ran([sys.executable, str(pyz), "dose", "--bsa", "8", "--json"], empty)
    assert json.loads(read.out)["use"]["grams_per_week"] == 28


def test_it_is_found_by_any_path(pyz: Path, empty: Path) -> None:
    relative = os.path.relpath(pyz, empty)
    assert alone(Path(relative), "dose", "--bsa", "8", "-f", "html", folder=empty).status == 0


def python_of(version: str, folder: Path) -> str:
    """Return a Python of this version: in the path, or of pyenv."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for python in (shutil.which(f"python{version}"), *map(str, kept)):
        if python is not None and ran([python, "--version"], folder).status == 0:
            return python
    pytest.skip(f"there is no Python {version} here")


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_another_python_gives_the_same_answer(version: str, pyz: Path, empty: Path) -> None:
    python = python_of(version, empty)
    for line in (PATIENT, [*PATIENT, "--json"], [*PATIENT, "-f", "html"]):
        assert alone(pyz, *line, folder=empty, python=python) == alone(pyz, *line, folder=empty)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_an_older_python_is_refused_in_words(version: str, pyz: Path, empty: Path) -> None:
    python = python_of(version, empty)
    refused = alone(pyz, "dose", "--bsa", "8", folder=empty, python=python)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == f"ruxcalc: Python 3.11 or newer is needed; this is {version}.\n"


def test_it_holds_its_data_and_licences_and_no_compiled_file(pyz: Path) -> None:
    with zipfile.ZipFile(pyz) as archive:
        names = archive.namelist()
    assert {
        "ruxcalc/labels/provisions.csv", "ruxcalc/labels/medicines.csv",
        "ruxcalc/render/templates/page.html.j2", "licences/ruxcalc.txt", "licences/jinja2.txt",
        "licences/markupsafe.txt", "licences/rich.txt",
    } <= set(names)  # fmt: skip
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc"))]
    assert {name.split("/")[0] for name in names} == {
        "__main__.py", "jinja2", "licences", "markupsafe", "rich", "ruxcalc",
    }  # fmt: skip


@pytest.mark.slow
def test_the_same_files_give_the_same_bytes(pyz: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    subprocess.run([sys.executable, str(BUILD), "-o", str(again)], check=True, capture_output=True,
                   env={**os.environ, "TZ": "Asia/Tokyo"}, umask=0o077)  # fmt: skip
    assert again.read_bytes() == pyz.read_bytes()
