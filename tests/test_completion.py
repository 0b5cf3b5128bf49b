"""What the shells offer at the tab key: as the scripts ask for it, and in the shells themselves."""

import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import typer
from conftest import CLEAN, COMMAND, Ran, ruxcalc

from ruxcalc.api import read_regions
from ruxcalc.cli.completion import complete, offer
from ruxcalc.cli.options import (
    BATCH_FORMATS,
    COMMANDS,
    FORMATS,
    MORE_COMMANDS,
    TOP_OPTIONS,
    Option,
    options_of,
)
from ruxcalc.cli.topics import HELP_TOPICS
from ruxcalc.cli.typer_door import _app
from ruxcalc.labels import REGIONS
from ruxcalc.labels.drugs import CLASSES, SPELLINGS
from ruxcalc.patient import INPUTS
from ruxcalc.rules.drugs import look_up
from ruxcalc.schema import SCHEMAS

SHELLS = ("bash", "zsh", "fish")
EVERY = (*COMMANDS, *MORE_COMMANDS)
BROKEN_BY_BASH = re.compile(r"([=:@])")  # these are words of their own to it


def environment(shell: str, line: str, action: str = "get-args") -> dict[str, str]:
    """What the script of the shell sets when the cursor is at the end of `line`."""
    if shell == "bash":
        words = [part for word in re.split(r"(?<!\\) ", line)
                 for part in BROKEN_BY_BASH.split(word) if part or not word]  # fmt: skip
        return {"_RUXCALC_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(words),
                "COMP_CWORD": str(len(words) - 1)}  # fmt: skip
    return {"_RUXCALC_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": action}  # fmt: skip


def values(shell: str, printed: str) -> list[str]:
    """The words that the shell is given, as it understands what was printed."""
    if shell == "bash":
        return [shlex.split(line)[0] for line in printed.splitlines()]
    if shell == "fish":
        return [line.split("\t")[0] for line in printed.splitlines()]
    found = re.search(r"offered=\((.*)\); _describe", printed)
    offered = shlex.split(found[1]) if found else []
    return [re.split(r"(?<!\\):", word)[0] for word in offered]


def at(shell: str, line: str, action: str = "get-args") -> Ran:
    return ruxcalc(env=environment(shell, line, action))


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ruxcalc ", EVERY),
        ("ruxcalc do", ["dose"]),
        ("ruxcalc --v", ["--version"]),
        ("ruxcalc dose -r ", REGIONS),
        ("ruxcalc dose --region u", ["us", "uk"]),
        ("ruxcalc dose --bsa 8 -r eu -r u", ["us", "uk"]),
        ("ruxcalc label ", REGIONS),
        ("ruxcalc label us e", ["eu"]),
        ("ruxcalc check -f ", FORMATS),
        ("ruxcalc batch -f ", BATCH_FORMATS),
        ("ruxcalc dose --method ", ["fingertip", "density"]),
        ("ruxcalc assess --formula M", ["mosteller"]),
        ("ruxcalc check --measure t", ["t-vasi", "treated-area"]),
        ("ruxcalc warn --drug itra", ["itraconazole"]),
        ("ruxcalc warn --drug CYCLO", ["cyclosporin", "cyclosporin A", "cyclosporine",
                                       "cyclosporine A"]),
        ("ruxcalc warn --drug grapefruit\\ ", ["grapefruit juice"]),
        ("ruxcalc warn --drug st", ["St John's wort"]),
        ("ruxcalc warn --topical ", []),
        ("ruxcalc dose --bsa ", []),
        ("ruxcalc dose --bsa --reg", []),  # it is the value of --bsa
        ("ruxcalc dose --bsa 8 --reg", ["--region"]),
        ("ruxcalc dose --no", []),
        ("ruxcalc warn --no-dr", ["--no-drug"]),
        ("ruxcalc check --repig face=76 --not", ["--not-meaningful"]),
        ("ruxcalc schema ", SCHEMAS),
        ("ruxcalc help e", ["exit-status", "environment"]),
        ("ruxcalc no-such-command ", []),
    ],
)  # fmt: skip
def test_what_is_offered(shell: str, line: str, expected: list[str]) -> None:
    ran = at(shell, line)
    assert (ran.status, ran.err) == (0, "")
    assert values(shell, ran.out) == list(expected)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("line", ["ruxcalc batch ", "ruxcalc batch coh", "ruxcalc batch x -o ",
                                  "ruxcalc batch x --rejects="])  # fmt: skip
def test_files_are_left_to_the_shell(shell: str, line: str) -> None:
    assert values(shell, at(shell, line).out) == []
    if shell == "zsh":
        assert at(shell, line).out.split("; ")[-1] == "_files\n"
    if shell == "fish":
        assert at(shell, line, "is-args").status == 1
        assert at(shell, line.replace("batch", "label"), "is-args").status == 0


@pytest.mark.parametrize(
    ("shell", "line", "printed"),
    [
        ("bash", "ruxcalc warn --drug=itra", "itraconazole\n"),
        ("zsh", "ruxcalc warn --drug=itra", None),
        ("fish", "ruxcalc warn --drug=itra", "--drug=itraconazole\tstrong CYP3A4 inhibitor\n"),
        ("bash", "ruxcalc warn --drug st", "St\\ John\\'s\\ wort\n"),
        ("bash", "ruxcalc warn --drug 'st", "St John'\\''s wort\n"),
        ("bash", 'ruxcalc warn --drug "st', "St John's wort\n"),
    ],
)
def test_a_word_is_written_as_it_was_begun(shell: str, line: str, printed: str | None) -> None:
    out = at(shell, line).out
    if printed is None:
        assert out.startswith("compset -P --drug=; local -a offered; ")
        assert values(shell, out) == ["itraconazole"]
    else:
        assert out == printed


def test_bash_may_be_told_not_to_break_words_at_the_equals_sign() -> None:
    env = {"_RUXCALC_COMPLETE": "complete_bash", "COMP_CWORD": "2",
           "COMP_WORDS": "ruxcalc\nwarn\n--drug=itra"}  # fmt: skip
    assert ruxcalc(env=env).out == "--drug=itraconazole\n"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("command", EVERY)
def test_every_option_that_typer_accepts_is_offered(command: str, shell: str) -> None:
    tree = typer.main.get_command(_app(lambda _: None))
    known = {spelling for parameter in getattr(tree, "commands")[command].params  # noqa: B009
             for spelling in (*parameter.opts, *parameter.secondary_opts)
             if spelling.startswith("-")}  # fmt: skip
    assert set(values(shell, at(shell, f"ruxcalc {command} -").out)) == known | {"-h", "--help"}


def test_typer_and_the_shells_know_the_same_commands() -> None:
    tree = typer.main.get_command(_app(lambda _: None))
    assert list(getattr(tree, "commands")) == list(EVERY)  # noqa: B009
    known = {spelling for parameter in tree.params for spelling in parameter.opts}
    assert {spelling for option in TOP_OPTIONS for spelling in option.on} == known


OPTIONS = [(command, option) for command in EVERY for option in options_of(command)]
VALUED = [pytest.param(command, option, id=f"{command}-{option.name}")
          for command, option in OPTIONS if option.metavar]  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("command", "option"), VALUED)
def test_every_value_that_is_declared_is_offered(command: str, option: Option, shell: str) -> None:
    spelling = option.on[0] if option.on else ""
    line = f"ruxcalc {command} {spelling} " if spelling else f"ruxcalc {command} "
    told = complete(f"complete_{shell}", environment(shell, line))
    assert told is not None
    declared = INPUTS.get(option.name)
    choices = declared.choices if declared and spelling else option.values
    if choices:
        assert values(shell, told[0]) == list(choices)
    if option.metavar == "FILE":
        assert values(shell, told[0]) == []


def test_every_listed_medicine_is_offered_and_known() -> None:
    offered = {item.value for item in offer(["warn", "--drug"], "").items}
    assert offered == {name for _, names in CLASSES.values() for name in names} | set(SPELLINGS)
    assert all(look_up(name).matches for name in offered)
    assert {item.value for item in offer(["label"], "").items} == set(read_regions(None))
    assert {item.value for item in offer(["help"], "").items} == set(HELP_TOPICS)


@pytest.mark.parametrize(
    "env",
    [
        {"_RUXCALC_COMPLETE": "complete_bash"},
        {"_RUXCALC_COMPLETE": "complete_bash", "COMP_WORDS": "", "COMP_CWORD": "x"},
        {"_RUXCALC_COMPLETE": "complete_bash", "COMP_WORDS": "ruxcalc\n'\n\"", "COMP_CWORD": "9"},
        {"_RUXCALC_COMPLETE": "complete_zsh"},
        {"_RUXCALC_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "ruxcalc warn '\\"},
        {"_RUXCALC_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": "ruxcalc 'warn $(x"},
    ],
)
def test_a_line_that_no_shell_would_send_prints_no_error(env: dict[str, str]) -> None:
    ran = ruxcalc(env=env)
    assert (ran.status, ran.err) == (0, "")


def test_a_key_press_loads_neither_typer_nor_rich_nor_pydantic() -> None:
    script = (
        "import sys; from ruxcalc.cli.main import run; run([]);"
        "print([m for m in ('typer', 'rich', 'pydantic', 'dataclasses', 'inspect', 'difflib')"
        " if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8",
                          check=True,
                          env={**CLEAN, **environment("zsh", "ruxcalc warn --dr")})  # fmt: skip
    assert "--drug" in done.stdout
    assert done.stderr == "[]\n"


def needed(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed on this machine")
    return found


# Reports each file that is opened for writing, made, moved or removed.
AUDITED = """
import os, sys
def seen(event, arguments):
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    if event in ("os.mkdir", "os.rename", "os.remove") or (
        event == "open" and isinstance(arguments[2], int) and arguments[2] & writes
    ):
        print("wrote", os.path.abspath(arguments[0]), file=sys.stderr)
sys.addaudithook(seen)
from ruxcalc.cli.main import run
sys.exit(run(["--install-completion"]))
"""
PROMPT = "READY> "
SETTINGS = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}


def installed(shell: str, home: Path) -> Ran:
    """What installing from within the shell printed."""
    script = shlex.join([sys.executable, "-c", AUDITED])
    done = subprocess.run(
        [needed(shell), "-c", f"{script}; true"], cwd=home.parent, capture_output=True,
        encoding="utf-8", check=False, timeout=60,
        env={**CLEAN, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module", params=SHELLS)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose shell has a plain prompt and our completion, beside a list."""
    shell: str = request.param
    needed(shell)
    folder = tmp_path_factory.mktemp("homes") / shell
    settings = folder / SETTINGS[shell]
    settings.parent.mkdir(parents=True)
    prompt = f"function fish_prompt; printf '{PROMPT}'; end\n"
    settings.write_text(prompt if shell == "fish" else f"PS1='{PROMPT}'\n")
    (folder / "cohort.csv").write_text("bsa\n8\n")
    ran = installed(shell, folder)
    assert f"{shell} completion installed" in ran.out
    return folder


@pytest.mark.parametrize("shell", SHELLS)
def test_installing_writes_within_home_only(shell: str, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    ran = installed(shell, folder)
    assert f"{shell} completion installed in {folder}/" in ran.out
    wrote = [line.removeprefix("wrote ") for line in ran.err.splitlines()]
    assert len(wrote) >= 2
    assert all(path.startswith((str(folder), os.devnull)) for path in wrote), ran.err


def test_installing_twice_changes_nothing(home: Path) -> None:
    def scripts() -> dict[Path, str]:
        return {path: path.read_text().rstrip() for path in home.rglob("*ruxcalc*")
                if path.is_file()}  # fmt: skip

    before = scripts()
    installed(home.name, home)
    assert before
    assert scripts() == before


def test_a_home_that_cannot_be_written_is_no_traceback(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    script = f"{shlex.quote(str(COMMAND))} --install-completion; true"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, encoding="utf-8", check=True,
        env={**CLEAN, "HOME": str(blocked)},
    )  # fmt: skip
    assert done.stdout == ""
    assert done.stderr.startswith("ruxcalc: completion could not be installed: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_shell_that_is_not_known_is_an_error() -> None:
    code = (
        "import sys, ruxcalc.cli.main as m, shellingham as s\n"
        "s.detect_shell = lambda: ('ksh', '')\n"
        "sys.exit(m.run(['--install-completion']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8",
                          check=False, env=CLEAN)  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ruxcalc: Shell ksh is not supported.\n"


class Terminal(NamedTuple):
    """A shell that waits for a line."""

    shell: str
    descriptor: int

    def passed_on(self, line: str) -> list[str]:
        """The arguments that the shell passes on, after `line` and the tab key."""
        os.write(self.descriptor, f"{line}\t".encode())
        # From the start of the line: what ruxcalc would get is printed instead.
        os.write(self.descriptor, b"\x01printf '<%s>' \x05 END\r")
        printed = read_until(self.descriptor, "<END>")
        if PROMPT not in printed[printed.rindex("<END>") :]:
            read_until(self.descriptor, PROMPT)
        return re.findall(r"<([^<>]*)>", printed[printed.rindex("<ruxcalc>") :])[1:-1]


@pytest.fixture(scope="module")
def terminal(home: Path) -> Iterator[Terminal]:
    shell = needed(home.name)
    pid, descriptor = pty.fork()
    if pid == 0:  # the child: the shell
        os.chdir(home)
        os.execve(shell, [shell, "-i"],  # noqa: S606 - the shell that is tested
                  {"HOME": str(home), "TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "200",
                   "PATH": f"{COMMAND.parent}:{CLEAN['PATH']}"})  # fmt: skip
    try:
        read_until(descriptor, PROMPT)
        yield Terminal(home.name, descriptor)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(descriptor)


def read_until(descriptor: int, text: str) -> str:
    """What the terminal shows until `text` appears."""
    shown = b""
    deadline = time.monotonic() + 30
    while text.encode() not in shown:
        assert time.monotonic() < deadline, shown.decode(errors="replace")
        if select.select([descriptor], [], [], 0.2)[0]:
            shown += os.read(descriptor, 65536)
    return shown.decode(errors="replace")


@pytest.mark.parametrize(
    ("line", "passed"),
    [
        ("ruxcalc wa", ["warn"]),
        ("ruxcalc warn --preg", ["warn", "--pregnant"]),
        ("ruxcalc dose --region e", ["dose", "--region", "eu"]),
        ("ruxcalc label e", ["label", "eu"]),
        ("ruxcalc dose -f mark", ["dose", "-f", "markdown"]),
        ("ruxcalc warn --drug itra", ["warn", "--drug", "itraconazole"]),
        ("ruxcalc warn --drug grapefruit\\ ", ["warn", "--drug", "grapefruit juice"]),
        ("ruxcalc warn --drug st", ["warn", "--drug", "St John's wort"]),
        ("ruxcalc warn --drug=st", ["warn", "--drug=St John's wort"]),
        ("ruxcalc warn --drug 'St J", ["warn", "--drug", "St John's wort"]),
        ('ruxcalc warn --drug "St J', ["warn", "--drug", "St John's wort"]),
        ("ruxcalc batch coh", ["batch", "cohort.csv"]),
        ("ruxcalc batch -o coh", ["batch", "-o", "cohort.csv"]),
        ("ruxcalc schema vasi-", ["schema", "vasi-steps"]),
        ("ruxcalc help exit", ["help", "exit-status"]),
    ],
)
def test_in_the_shell_itself(terminal: Terminal, line: str, passed: list[str]) -> None:
    assert terminal.passed_on(line) == passed
