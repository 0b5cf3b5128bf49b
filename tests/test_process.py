"""The real command in a real process: status, pipes, full disks, terminals."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CLEAN, COMMAND, called, ruxcalc, started

from ruxcalc.render.formats import formats_of

FORMATS = formats_of("dose")
DOSE = ("dose", "--bsa", "8")
STOP = ("check", "--week", "52", "--repig", "20")
BUSY = ("assess", "--bsa", "12", "--week", "52", "--repig", "20", "--pregnant", "--drug",
        "itraconazole", "--drug", "azithromycin", "--esrd", "--infection")  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (DOSE, 0),
        (STOP, 3),
        ((*STOP, "--exit-zero"), 0),
        (("dose", "--bsa", "10"), 0),
        (("dose", "--bsa", "10.0000001"), 3),
        (("warn", "-r", "us"), 0),
        (("warn", "-r", "us", "--drug", "unheard-of"), 3),
        (("dose",), 2),
        (("no-such-command",), 2),
        (("dose", "--no-such-option"), 2),
        (("help", "exit-status"), 0),
        (("help", "no-such-topic"), 2),
        (("--version",), 0),
        ((), 0),
        (("dose", "--help"), 0),
    ],
)
def test_exit_status(arguments: tuple[str, ...], status: int) -> None:
    ran = ruxcalc(*arguments)
    assert ran.status == status
    assert bool(ran.out) is (status != 2)


@pytest.mark.parametrize(("arguments", "status"), [(DOSE, 0), (STOP, 3), (("dose",), 2)])
def test_quiet_leaves_the_status_to_answer(arguments: tuple[str, ...], status: int) -> None:
    ran = ruxcalc(*arguments, "-q")
    assert (ran.status, ran.out) == (status, "")


def test_one_value() -> None:
    assert ruxcalc(*DOSE, "--get", "use.grams_per_week").out == "28\n"
    assert ruxcalc(*DOSE, "--get", "regions.us.within_label").out == "true\n"
    assert ruxcalc(*DOSE, "--get", "use.treated_cm2").out == "null\n"
    assert ruxcalc(*STOP, "--get", "regions.eu.decision").out == "consider-stopping\n"


def test_a_path_that_does_not_exist_names_those_that_do() -> None:
    ran = ruxcalc(*DOSE, "--get", "use.grams")
    assert (ran.status, ran.out) == (2, "")
    assert "use.grams_per_week" in ran.err


def test_a_note_on_standard_error_leaves_the_answer_alone() -> None:
    ran = ruxcalc("dose", "--bsa", "0.08", "--get", "bsa_percent")
    assert (ran.status, ran.out) == (0, "0.08\n")
    assert "Note: bsa: 0.08 %" in ran.err


@pytest.mark.parametrize("name", ["RUXCALC_REGION", "RUXCALC_FORMAT"])
def test_a_bad_environment_is_named(name: str) -> None:
    ran = ruxcalc(*DOSE, env={name: "mars"})
    assert (ran.status, ran.out) == (2, "")
    assert name in ran.err
    assert "'mars'" in ran.err


def test_the_environment_sets_region_and_format() -> None:
    ran = ruxcalc(*DOSE, env={"RUXCALC_REGION": "UK,eu", "RUXCALC_FORMAT": "json"})
    assert '"eu"' in ran.out
    assert '"uk"' in ran.out
    assert '"us"' not in ran.out


def test_an_option_goes_before_the_environment() -> None:
    ran = ruxcalc(*DOSE, "-r", "us", "-f", "note", env={"RUXCALC_REGION": "eu",
                                                         "RUXCALC_FORMAT": "json"})  # fmt: skip
    assert ran.out.startswith("Ruxolitinib 1.5 % cream")
    assert "EU" not in ran.out


def test_what_is_the_same_everywhere_is_asked_of_every_region() -> None:
    preset = {"RUXCALC_REGION": "eu"}
    for option in ("--diff", "--facts"):
        line = ("label", option, "-f", "json")
        assert ruxcalc(*line, env=preset) == ruxcalc(*line)
    assert '"us"' not in ruxcalc("label", "-f", "json", env=preset).out


def test_a_shell_that_asks_for_completion_gets_it() -> None:
    asked = {"_RUXCALC_COMPLETE": "source_bash"}
    assert "COMPREPLY" in ruxcalc(*DOSE, env=asked).out


@pytest.mark.parametrize("arguments", [BUSY, (*STOP, "-f", "json"), ("dose",), ("--help",),
                                       ("warn", "--drug", "x\x1b"), (*DOSE, "--get", "worst")])
@pytest.mark.parametrize("env", [{}, {"RUXCALC_REGION": "eu", "COLUMNS": "60"},
                                 {"RUXCALC_FORMAT": "mars"}, {"PYTHONIOENCODING": "ascii"}])
def test_in_the_process_of_the_tests_it_is_the_same(
    arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    assert called(arguments, env, b"") == started(arguments, env, b"")


def shell(line: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, encoding="utf-8", check=False, timeout=60,
        env={**CLEAN, "R": str(COMMAND), **(env or {})},
    )  # fmt: skip


def test_a_closed_pipe_ends_quietly() -> None:
    done = shell('"$R" label -f json --on 2026-11-22 | head -n 1; echo "${PIPESTATUS[0]}"')
    assert done.stdout.splitlines() == ["{", "0"]
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_not_an_answer(form: str) -> None:
    done = shell(f'"$R" dose --bsa 8 -f {form} > /dev/full')
    assert done.returncode == 2
    assert "could not be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_standard_output_is_not_an_answer() -> None:
    done = shell('"$R" dose --bsa 8 >&-')
    assert done.returncode == 2
    assert "standard output is closed" in done.stderr
    assert shell('"$R" dose --bsa 8 -q >&-').returncode == 0
    for words in ("--help", "", "-h", "assess --help", "help inputs", "--version"):
        done = shell(f'"$R" {words} >&-')
        assert (done.returncode, "standard output is closed" in done.stderr) == (2, True), words


@pytest.mark.parametrize("form", ["table", "note"])
def test_line_1_is_the_verdict_and_a_note_stands_behind_the_answer(form: str) -> None:
    seen = shell(f'"$R" dose --bsa 12 --grams-per-ftu 2 -r eu -f {form} 2>&1').stdout.splitlines()
    assert "OVER THE EU LABEL" in seen[0]
    assert seen[-1].startswith("Note: ")


def test_a_form_from_a_closed_standard_input() -> None:
    done = shell('"$R" assess --fhir - <&-')
    assert (done.returncode, done.stderr) == (2, "ruxcalc: standard input is closed\n")


def test_a_form_without_an_end() -> None:
    done = shell('timeout 20 "$R" assess --fhir /dev/zero')
    assert (done.returncode, done.stdout) == (2, "")
    assert "more than 1000000 characters" in done.stderr


def test_out_of_memory_is_named_while_libraries_load() -> None:
    ended = {shell(f'ulimit -v {limit}; "$R" schema dose > /dev/null').stderr
             for limit in range(29000, 40000, 2000)}  # fmt: skip
    assert "ruxcalc: out of memory\n" in ended
    assert not any("internal error, ImportError" in message for message in ended)


def test_a_closed_standard_error_keeps_the_status() -> None:
    assert shell('"$R" dose --bsa x 2>&-').returncode == 2
    assert shell('"$R" dose --bsa 0.08 -q 2>&-').returncode == 0


def test_an_interrupt_is_130_without_a_traceback() -> None:
    script = (
        "import os, signal, ruxcalc.cli.main as m, ruxcalc.cli.run as r\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "r.write_answer = lambda text: os.kill(os.getpid(), signal.SIGINT)\n"
        "raise SystemExit(m.run(['dose', '--bsa', '8']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"ruxcalc: interrupted\n")


def in_terminal(*arguments: str, columns: int = 80, **env: str) -> str:
    """Return what the command writes to a terminal of that width."""
    pid, terminal = pty.fork()
    if pid == 0:  # the child: the command itself
        os.execve(COMMAND, [str(COMMAND), *arguments],  # noqa: S606 - the command that is tested
                  {**CLEAN, "TERM": "xterm-256color", "COLUMNS": str(columns), **env})  # fmt: skip
    written = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            some = os.read(terminal, 65536)
        except OSError:  # the terminal closes with the command
            break
        if not some:
            break
        written += some
    else:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    return written.decode()


ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_a_terminal_gets_colour_and_a_pipe_does_not() -> None:
    assert ESCAPE.search(in_terminal(*BUSY))
    assert not ESCAPE.search(ruxcalc(*BUSY).out)
    assert not ESCAPE.search(ruxcalc(*BUSY, env={"FORCE_COLOR": "1"}).out)


def test_no_color_means_none() -> None:
    assert "\x1b" not in in_terminal(*BUSY, NO_COLOR="1")
    assert "\x1b" not in in_terminal(*BUSY, TERM="dumb")


def test_colour_says_nothing_that_words_do_not() -> None:
    coloured = ESCAPE.sub("", in_terminal(*BUSY))
    assert coloured == in_terminal(*BUSY, NO_COLOR="1")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("arguments", [DOSE, STOP, BUSY, ("label",),
                                       ("warn", "--drug", "naïvemab")])  # fmt: skip
def test_a_terminal_that_knows_only_ascii(arguments: tuple[str, ...], form: str) -> None:
    ran = ruxcalc(*arguments, "-f", form, env={"PYTHONIOENCODING": "ascii"})
    assert ran.status in (0, 3)
    assert ran.out.isascii()
    assert not re.search(r"\w\?\w", re.sub(r"https://\S+", "", ran.out)), "a replaced letter"


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 250])
@pytest.mark.parametrize("arguments", [BUSY, (*BUSY, "--full"), (*BUSY, "--explain"),
                                       ("label", "--diff"),
                                       ("warn", "--drug", "x" * 80)])  # fmt: skip
def test_a_table_fits_any_width_and_cuts_nothing(arguments: tuple[str, ...], columns: int) -> None:
    out = ruxcalc(*arguments, env={"COLUMNS": str(columns)}).out
    assert max(map(len, out.splitlines())) <= columns
    assert "…" not in out


def test_user_text_is_neither_markup_nor_command() -> None:
    for name in ("[red]x[bold]", "[/x]", "[link=x]"):
        assert name in ruxcalc("warn", "--topical", name, "-r", "eu").out
    ran = ruxcalc("warn", "--drug", "x\x1b[2J\u202e")
    assert ran.status == 2
    assert "\x1b" not in ran.err
    assert "\u202e" not in ran.err


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    subprocess.run([COMMAND, *BUSY], cwd=tmp_path, capture_output=True, check=False,
                   env={**CLEAN, "HOME": str(tmp_path)})  # fmt: skip
    assert list(tmp_path.iterdir()) == []
