"""What the shells are offered at the tab key, as Typer's scripts ask for it.

The scripts themselves are Typer's. Here stands what is offered to them, and that a real bash
gets it.
"""

import os
import pty
import select
import shlex
import shutil
import signal
import time
from collections.abc import Iterator

import pytest
import typer
from conftest import CLEAN, COMMAND, Ran, ruxcalc

from ruxcalc.cli.app import app
from ruxcalc.cli.help_topics import HELP_TOPICS
from ruxcalc.cli.options import COMMANDS, options_of, spellings_of
from ruxcalc.labels import REGIONS
from ruxcalc.labels.medicines import names
from ruxcalc.labels.topics import TOPICS
from ruxcalc.patient import INPUTS
from ruxcalc.render.formats import formats_of
from ruxcalc.rules.drugs import look_up
from ruxcalc.schema import SCHEMAS
from ruxcalc.sites import SITES

SHELLS = ("bash", "zsh", "fish")


def at(shell: str, line: str) -> Ran:
    """Return what is printed when the cursor is at the end of `line`."""
    if shell == "bash":
        words = shlex.split(line) + [""] * line.endswith(" ")
        env = {"_RUXCALC_COMPLETE": "complete_bash", "COMP_WORDS": line,
               "COMP_CWORD": str(len(words) - 1)}  # fmt: skip
    else:
        env = {"_RUXCALC_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line,
               "_TYPER_COMPLETE_FISH_ACTION": "get-args"}  # fmt: skip
    return ruxcalc(env=env)


def offered(line: str) -> list[str]:
    """Return the words that are offered; fish gets one a line, beside its meaning."""
    ran = at("fish", line)
    assert (ran.status, ran.err) == (0, ""), ran.err
    return [text.split("\t")[0] for text in ran.out.splitlines() if text]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ruxcalc ", list(COMMANDS)),
        ("ruxcalc do", ["dose"]),
        ("ruxcalc --v", ["--version"]),
        ("ruxcalc dose -r ", list(REGIONS)),
        ("ruxcalc dose --region u", ["us", "uk"]),
        ("ruxcalc dose --region eu,", ["eu,us", "eu,uk"]),
        ("ruxcalc label ", [*REGIONS, *TOPICS]),
        ("ruxcalc label eu stor", ["storage"]),
        ("ruxcalc check -f ", list(formats_of("check"))),
        ("ruxcalc batch -f ", list(formats_of("batch"))),
        ("ruxcalc plan -f i", ["ics"]),
        ("ruxcalc dose --method ", ["fingertip", "density"]),
        ("ruxcalc warn --tuberculosis ", ["active", "latent", "exposed", "no"]),
        ("ruxcalc check --repig ", [f"{site}=" for site in SITES]),
        ("ruxcalc check --repig fa", ["face="]),
        ("ruxcalc dose --handprints face=1,scal", ["face=1,scalp="]),
        ("ruxcalc vasi scal", ["scalp="]),
        ("ruxcalc dose --color ", ["auto", "always", "never"]),
        ("ruxcalc warn --drug itra", ["itraconazole"]),
        ("ruxcalc warn --topical ", []),
        ("ruxcalc dose --bsa ", []),
        ("ruxcalc dose --bsa 8 --reg", ["--region"]),
        ("ruxcalc warn --no-dr", ["--no-drug"]),
        ("ruxcalc schema ", [*SCHEMAS, "questionnaire"]),
        ("ruxcalc help exi", ["exit-status"]),
        ("ruxcalc help ", [*HELP_TOPICS, *COMMANDS]),
        ("ruxcalc batch coh", []),
    ],
)
def test_what_is_offered(line: str, expected: list[str]) -> None:
    assert offered(line) == expected


def test_a_medicine_is_offered_in_any_case_with_its_class() -> None:
    shown = at("fish", "ruxcalc warn --drug ITRA").out
    assert shown == "ITRAconazole\tstrong CYP3A4 inhibitor\n"
    every = offered("ruxcalc warn --drug ")
    assert set(every) == set(names())
    for name in every:
        found = look_up(name)
        assert found.matches or found.own_cream or found.topical, name


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("line", ["ruxcalc dose --reg", "ruxcalc dose -r ", "ruxcalc x ",
                                  "ruxcalc warn --drug 'St J", "ruxcalc", "ruxcalc '"])  # fmt: skip
def test_each_shell_is_answered_without_an_error(shell: str, line: str) -> None:
    if line.count("'") % 2 and shell == "bash":
        pytest.skip("bash itself splits the line")
    ran = at(shell, line)
    assert (ran.status, ran.err) == (0, "")


TREE = typer.main.get_command(app)


@pytest.mark.parametrize("command", COMMANDS)
def test_typer_and_the_fast_reader_know_the_same_options(command: str) -> None:
    parameters = getattr(TREE, "commands")[command].params  # noqa: B009 - typed as none - a group has it
    known = {spelling for parameter in parameters
             for spelling in (*parameter.opts, *parameter.secondary_opts)
             if spelling.startswith("-")}  # fmt: skip
    assert known == set(spellings_of(options_of(command)))
    arguments = [p.name for p in parameters if p.param_type_name == "argument"]
    assert arguments == [option.name for option in options_of(command) if option.positional]
    order = [p.name for p in parameters if not p.name.startswith("no_")]
    assert order == [option.name for option in options_of(command)]


def test_typer_and_the_fast_reader_know_the_same_commands() -> None:
    assert list(getattr(TREE, "commands")) == list(COMMANDS)  # noqa: B009 - typed as none


def test_every_choice_is_offered() -> None:
    for name, declared in INPUTS.items():
        if declared.choices:
            assert offered(f"ruxcalc assess --{name.replace('_', '-')} ") == list(declared.choices)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_a_shell_is_typers(shell: str) -> None:
    if shell == "bash" and shutil.which("bash") is None:  # Typer asks for its version
        pytest.skip("bash is not installed on this machine")
    ran = ruxcalc(env={"_RUXCALC_COMPLETE": f"source_{shell}"})
    assert (ran.status, ran.err) == (0, "")
    assert "_RUXCALC_COMPLETE" in ran.out


PROMPT = "READY> "


@pytest.fixture
def bash() -> Iterator[int]:
    """Return a bash on a terminal that has read our script."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("bash is not installed on this machine")
    pid, descriptor = pty.fork()
    if pid == 0:  # the child: the shell
        env = {"TERM": "dumb", "LANG": "C.UTF-8", "PS1": PROMPT,
               "PATH": f"{COMMAND.parent}:{CLEAN['PATH']}"}  # fmt: skip
        os.execve(shell, [shell, "--norc", "-i"], env)  # noqa: S606 - the shell that is tested
    try:
        read_until(descriptor, PROMPT)
        os.write(descriptor, b'eval "$(_RUXCALC_COMPLETE=source_bash ruxcalc)"; echo LOADED\r')
        read_until(descriptor, f"\nLOADED\n{PROMPT}")
        yield descriptor
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(descriptor)


def read_until(descriptor: int, text: str) -> str:
    """Return what the terminal shows until `text` appears."""
    shown = b""
    deadline = time.monotonic() + 60
    while text.encode() not in shown.replace(b"\r\n", b"\n"):
        assert time.monotonic() < deadline, shown.decode(errors="replace")
        if select.select([descriptor], [], [], 0.2)[0]:
            shown += os.read(descriptor, 65536)
    return shown.decode(errors="replace")


def test_in_bash_itself(bash: int) -> None:
    os.write(bash, b"ruxcalc dose --reg\teu\x01echo \x05 END\r")
    shown = read_until(bash, "END\n")
    assert "ruxcalc dose --region eu END" in " ".join(shown.split())
