"""How a command line is read, and how the process ends: both readers, status, environment."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout, suppress
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import typer
from conftest import CLEAN, COMMAND, Ran, ruxcalc, started
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ruxcalc import __version__
from ruxcalc.cli import app as typer_app
from ruxcalc.cli import run as command_runner
from ruxcalc.cli.app import app
from ruxcalc.cli.fast import read_fast
from ruxcalc.cli.main import run
from ruxcalc.cli.options import (
    COMMANDS,
    Raw,
    command_line,
    command_words,
    options_of,
    spellings_of,
)
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.patient import INPUTS
from ruxcalc.render.formats import FORMATS, formats_of

ANSWERING = [command for command in COMMANDS if command not in ("schema", "help")]
VALUES = st.sampled_from(
    ["8", "8.5%", "0", "-5", "7,5", "nan", "", " ", "us", "eu,uk", "json", "table", "face=76",
     "face=1,trunk=3", "2026-01-05", "itraconazole", "[red]", "\x1b[31m", "density", "3x100",
     "active", "--bsa", "--", "-", "-r", "-q"]
) | st.text(max_size=8)  # fmt: skip


@st.composite
def argument_lists(draw: st.DrawFn) -> list[str]:
    """Return a command with options of its own, each with a value that may or may not fit."""
    command = draw(st.sampled_from(ANSWERING))
    known = spellings_of(options_of(command))
    arguments = [command]
    for spelling in draw(st.lists(st.sampled_from(sorted(known)), max_size=7)):
        option, on = known[spelling]
        if option.metavar and on:
            value = draw(VALUES)
            joined = spelling.startswith("--") and draw(st.booleans())
            arguments += [f"{spelling}={value}"] if joined else [spelling, value]
        else:
            arguments.append(spelling)
    return arguments + draw(st.lists(VALUES, max_size=2))


TREE: Any = typer.main.get_command(app)  # made once: it takes longer than to read a line


def read_by_typer(arguments: Sequence[str]) -> tuple[str, Raw] | None:
    """Return what Typer hands on, or None where it refuses the line."""
    read: list[tuple[str, Raw]] = []

    def remember(command: str, raw: Raw) -> int:
        read.append((command, raw))
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer_app, "run_command", remember)
        with suppress(typer.TyperException), redirect_stdout(StringIO()):
            TREE.main(args=list(arguments), prog_name="ruxcalc", standalone_mode=False)
    return read[0] if read else None


@given(argument_lists())
@example(["dose", "--bsa", "8", "--json", "--json"])
@example(["dose", "--bsa", "8", "--bsa", "9"])
@example(["warn", "--no-drug", "--no-drug"])
@example(["warn", "--drug", "ritonavir", "--no-drug", "--pregnant", "--no-pregnant"])
@example(["warn", "--topical", "--pregnant"])
@example(["warn", "--all-others-no", "--all-others-no"])
@example(["label", "us", "--diff", "eu", "storage"])
@example(["vasi", "face=1@75", "-q", "trunk=3@100"])
@example(["check", "--repig", "face=76", "--repig=-5", "-r", "eu", "--region=us"])
def test_both_readers_hand_on_the_same(arguments: list[str]) -> None:
    fast = read_fast(arguments)
    if fast is None:
        return
    typed = read_by_typer(arguments)
    assert typed is not None
    assert fast[0] == typed[0]
    assert said(fast[1]) == said(typed[1])


def said(raw: Raw) -> dict[str, list[str]]:
    """Return what was typed, in any order; a switch says the same however often it is given."""
    flags = {name for name, declared in INPUTS.items() if not declared.metavar}
    flags -= {"all_others_no"}
    return {
        name: sorted(
            str(value)
            for place, value in enumerate(values)
            if name in flags or isinstance(value, str) or value not in values[:place]
        )
        for name, values in raw.items()
    }


@pytest.mark.parametrize(
    "line",
    ["dose --bsa 8 --json", "dose --bsa 8 --bsa 9", "dose --bsa x --days y", "dose", "warn -q",
     "warn --drug x --no-drug", "warn --topical --pregnant", "check --week=52 --repig=-5 -r eu",
     "label us --diff eu", "dose --bsa 8 --get nothing", "assess --all-others-no -r eu --json"],
)  # fmt: skip
def test_both_readers_end_alike(line: str) -> None:
    fast = ruxcalc(*line.split())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ruxcalc.cli.fast.read_fast", lambda _: None)
        assert ruxcalc(*line.split()) == fast


@given(argument_lists())
def test_a_command_line_that_is_written_again_says_the_same(arguments: list[str]) -> None:
    read = read_fast(arguments)
    if read is None or any(str(value).startswith("--") for v in read[1].values() for value in v):
        return
    again = read_fast(command_words(*read))
    assert again is not None
    assert {name: list(values) for name, values in again[1].items()} == {
        name: list(values) for name, values in read[1].items()
    }
    assert command_line(command_words(*read)).startswith(f"ruxcalc {read[0]}")


# ---- Typer, as its users call it ----


def test_the_app_runs_in_typers_own_runner() -> None:
    done = CliRunner().invoke(app, ["dose", "--bsa", "8", "-f", "json"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["schema"] == "ruxcalc.dose/1"
    done = CliRunner().invoke(app, ["warn", "-r", "eu", "--pregnant", "-q"])
    assert (done.exit_code, done.output) == (3, "")
    done = CliRunner().invoke(app, ["dose", "--bsa", "7,5"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Write 7.5." in done.stderr


def test_a_command_is_a_function_named_like_it() -> None:
    names = {info.callback.__name__ for info in app.registered_commands if info.callback}
    assert names == {*COMMANDS} - {"help"} | {"help_"}


# ---- version ----

VERSION = ruxcalc("--version")


def test_the_version_is_on_line_1_and_the_editions_follow() -> None:
    lines = VERSION.out.splitlines()
    assert (VERSION.status, VERSION.err) == (0, "")
    assert lines[0] == f"ruxcalc {__version__}"
    assert len(lines) == len(REGIONS) + 2
    for label, line in zip(load_all(), lines[1:], strict=False):
        assert line.startswith(f"{label.name} {label.edition}  ")
        assert label.number in line
    assert lines[-1].startswith("Facts last verified 2026-11-24.")


def test_the_version_as_an_object() -> None:
    answer = json.loads(ruxcalc("--version", "--json").out)
    assert answer["version"] == __version__
    assert answer["facts_verified"] == "2026-11-24"
    assert {region: edition["edition"] for region, edition in answer["editions"].items()} == {
        "us": "2026-06-30", "eu": "2024-04-02", "uk": "2023-11-13"
    }  # fmt: skip


def test_typer_tells_the_same_version() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ruxcalc.cli.main._is_version", lambda _: False)
        assert ruxcalc("--version") == VERSION
        assert ruxcalc("--version", "--json").out == ruxcalc("--json", "--version").out


# ---- what is loaded ----

HEAVY = ("typer", "rich", "pydantic", "jinja2", "dataclasses", "inspect", "difflib", "shlex",
         "textwrap", "shutil", "importlib.metadata")  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["dose", "--bsa", "8", "-q"], ["dose", "--bsa", "8", "-f", "json"],
     ["check", "--week", "52", "--repig", "20", "-q"], ["warn", "--pregnant", "-q"],
     ["assess", "--bsa", "8", "--get", "verdict"]],
    ids=" ".join,
)  # fmt: skip
def test_a_script_does_not_wait_for_what_it_does_not_need(arguments: list[str]) -> None:
    script = (
        "import sys; from ruxcalc.cli.main import run; run(sys.argv[1:]);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True,
                          encoding="utf-8", check=True, env=CLEAN)  # fmt: skip
    assert done.stderr.splitlines()[-1] == "[]"


# ---- how the process ends ----


def in_process(arguments: Sequence[str], error: BaseException, env: Mapping[str, str]) -> Ran:
    def fail(*_: object) -> int:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command_runner, "run_command", fail)
        return ruxcalc(*arguments, env=env)


def test_an_error_of_the_program_is_status_1_in_one_line() -> None:
    ran = in_process(["dose", "--bsa", "8"], KeyError("x"), {})
    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert "internal error, KeyError" in ran.err
    assert "not an answer" in ran.err
    assert "RUXCALC_DEBUG=1" in ran.err


def test_with_debug_the_traceback_is_shown() -> None:
    ran = in_process(["dose", "--bsa", "8"], KeyError("x"), {"RUXCALC_DEBUG": "1"})
    assert ran.status == 1
    assert "Traceback" in ran.err


def test_an_interrupt_is_130() -> None:
    ran = in_process(["dose", "--bsa", "8"], KeyboardInterrupt(), {})
    assert (ran.status, ran.out, ran.err) == (130, "", "ruxcalc: interrupted\n")


def test_out_of_memory_is_named_as_such() -> None:
    ran = in_process(["dose", "--bsa", "8"], MemoryError(), {})
    assert (ran.status, ran.out, ran.err) == (2, "", "ruxcalc: out of memory\n")


@pytest.mark.parametrize("arguments", ["assess --help", "help inputs", "dose --bsa 8", "--version",
                                       "schema assess"])  # fmt: skip
def test_a_pipe_that_closes_ends_quietly(arguments: str) -> None:
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {COMMAND} {arguments} | true"],
                          capture_output=True, encoding="utf-8", check=False,
                          env=CLEAN)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", ["assess --help", "help inputs", "dose --bsa 8", "--version"])
def test_an_answer_that_cannot_be_written_is_status_2(arguments: str) -> None:
    done = subprocess.run(["bash", "-c", f"{COMMAND} {arguments} > /dev/full"],
                          capture_output=True, encoding="utf-8", check=False,
                          env=CLEAN)  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == (
        "ruxcalc: the answer could not be written: No space left on device\n"
    )


def test_the_installed_command_ends_with_the_status_of_the_answer() -> None:
    expected = {"dose --bsa 8 -q": 0, "warn -r eu --pregnant -q": 3, "dose": 2, "--version": 0,
                "dose --bas 8": 2, "warn -r eu --pregnant -q --exit-zero": 0}  # fmt: skip
    assert {line: started(line.split(), {}, b"").status for line in expected} == expected


# ---- output options ----


@pytest.mark.parametrize("command", ["dose", "plan", "vasi"])
def test_the_environment_names_the_format(command: str) -> None:
    words = {"dose": ["--bsa", "8"], "plan": ["--start", "2026-01-05"],
             "vasi": ["face=1@75"]}[command]  # fmt: skip
    assert ruxcalc(command, *words, env={"RUXCALC_FORMAT": "JSON"}).out.startswith("{")
    # A format of other commands is left to them; a word that is no format is an error.
    for name in FORMATS:
        ran = ruxcalc(command, *words, "-q", env={"RUXCALC_FORMAT": name})
        assert ran.status in (0, 3), (name, ran.err)
    ran = ruxcalc(command, *words, env={"RUXCALC_FORMAT": "xml"})
    assert ran.status == 2
    assert ran.err.startswith("ruxcalc: RUXCALC_FORMAT: 'xml' is not a format. Accepted: table")


def test_the_environment_names_the_regions() -> None:
    def regions(*arguments: str, env: str) -> list[str]:
        ran = ruxcalc("dose", "--bsa", "8", "--json", *arguments, env={"RUXCALC_REGION": env})
        return list(json.loads(ran.out)["regions"])

    assert regions(env="eu,uk") == ["eu", "uk"]
    assert regions("-r", "us", env="eu,uk") == ["us"]
    assert regions(env="") == list(REGIONS)
    ran = ruxcalc("dose", "--bsa", "8", env={"RUXCALC_REGION": "usa"})
    assert (ran.status, ran.err) == (2, "ruxcalc: RUXCALC_REGION: 'usa' is not a region. us?\n")


def test_one_value_is_printed_bare() -> None:
    assert ruxcalc("dose", "--bsa", "8", "--get", "use.grams_per_week").out == "28\n"
    assert ruxcalc("dose", "--bsa", "8", "--get", "use", "-q").out == ""
    for words in (["--get", "use.x"], ["--get", "x", "-q"]):
        assert ruxcalc("dose", "--bsa", "8", *words).status == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_each_format_is_offered_by_help_and_the_table_of_formats_alike(command: str) -> None:
    option = next((option for option in options_of(command) if option.name == "format"), None)
    assert (option.words if option else ()) == formats_of(command)


def test_formats_of_the_contract() -> None:
    every = ("table", "json", "note", "markdown", "html")
    assert formats_of("dose") == formats_of("assess") == every
    assert formats_of("plan") == (*every, "ics")
    assert formats_of("batch") == ("ndjson", "table", "csv")
    assert formats_of("handout") == ("table", "json", "markdown", "html")


def test_label_takes_regions_and_topics_in_any_order() -> None:
    def label_answer(*words: str) -> dict[str, Any]:
        ran = ruxcalc("label", *words, "--json")
        assert ran.status in (0, 3), ran.err
        answer: dict[str, Any] = json.loads(ran.out)
        return answer

    assert list(label_answer("eu", "storage")["labels"]) == ["eu"]
    assert label_answer("storage", "eu") == label_answer("eu", "storage")
    assert list(label_answer("eu,uk", "storage")["labels"]) == ["eu", "uk"]
    assert list(label_answer("storage")["labels"]) == list(REGIONS)
    assert label_answer("-r", "eu", "storage") == label_answer("eu", "storage")


def test_all_others_no_is_read_once_and_again_in_every_command_that_has_it() -> None:
    for command in ("warn", "assess"):
        for words in (["--all-others-no"], ["--all-others-no"] * 2):
            ran = ruxcalc(command, "-r", "eu", *words, "--get", "inputs.all_others_no")
            assert ran.out == "true\n", ran.err


def test_the_same_two_errors_are_named_in_the_same_order() -> None:
    for words in (["--bsa", "x", "--days", "y"], ["--days", "y", "--bsa", "x"]):
        assert ruxcalc("dose", *words).err.startswith("ruxcalc: --bsa: 'x'")
    for words in (["--bsa", "1", "--days", "1"], ["--days", "1", "--bsa", "1"]):
        assert ruxcalc("dose", *words, *words).err.startswith("ruxcalc: --bsa: is given more")


def test_numbers_stay_as_they_were_typed() -> None:
    answer = json.loads(ruxcalc("dose", "--bsa", "8.10%", "--json").out, parse_float=Decimal)
    assert answer["inputs"] == {"bsa": Decimal("8.1")}


def test_the_environment_is_left_alone() -> None:
    before = dict(os.environ)
    run(["assess", "--bsa", "8", "-q"])
    assert dict(os.environ) == before


def test_every_input_is_an_option_of_a_command_or_of_a_list() -> None:
    of_lists = {"tubes_dispensed"}
    known = {option.name for command in COMMANDS for option in options_of(command)}
    assert set(INPUTS) - known == of_lists
