"""Every help begins with examples that run, and the manual page says what the help says."""

import re
import runpy
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ruxcalc

from ruxcalc.cli.options import COMMANDS, HELP, MORE_COMMANDS, TOP_OPTIONS, options_of
from ruxcalc.cli.plain import read_plainly
from ruxcalc.cli.topics import HELP_TOPICS
from ruxcalc.cli.typer_door import EXAMPLES

EVERY = (*COMMANDS, *MORE_COMMANDS)
PAGE = Path(__file__).parent.parent / "docs" / "man" / "ruxcalc.1"


def begins_with_examples(text: str) -> list[str]:
    """The examples of a help text, which stand before its lists, after at most a paragraph."""
    head, _, after = text.partition("\n  Examples:\n")
    assert after, text
    assert not re.search(r"^(Options|Arguments|Commands):", head, re.MULTILINE)
    assert len(head.splitlines()) <= 5
    return [line.strip().removeprefix("ruxcalc ") for line in after.split("\n\n")[0].splitlines()]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_first_help_begins_with_examples(arguments: tuple[str, ...]) -> None:
    ran = ruxcalc(*arguments)
    assert (ran.status, ran.err) == (0, "")
    examples = begins_with_examples(ran.out)
    assert len(examples) >= 3
    assert all(read_plainly(shlex.split(example)) for example in examples)


@pytest.mark.parametrize("command", EVERY)
def test_the_help_of_each_command_begins_with_its_examples(command: str) -> None:
    ran = ruxcalc(command, "--help")
    assert (ran.status, ran.err) == (0, "")
    examples = begins_with_examples(ran.out)
    assert examples == list(EXAMPLES[command])
    assert all(example.split()[0] == command for example in examples)


RUN = [example for command in EVERY for example in EXAMPLES[command]]


@pytest.mark.parametrize("example", RUN)
def test_each_example_is_accepted(example: str) -> None:
    command, *rest = shlex.split(re.split(" [<>]", example)[0])
    if command in MORE_COMMANDS:
        assert ruxcalc(command, *rest).status == 0
        return
    read = read_plainly([command, *rest])
    assert read is not None
    reads_a_file = any(option.metavar == "FILE" for option in options_of(command))
    if not reads_a_file:
        assert ruxcalc(command, *rest, "-q").status in (0, 3)


@pytest.mark.parametrize("topic", HELP_TOPICS)
def test_each_help_topic_has_a_text(topic: str) -> None:
    ran = ruxcalc("help", topic)
    assert (ran.status, ran.err) == (0, "")
    assert len(ran.out.splitlines()) > 3
    assert topic in ruxcalc("help").out


def test_the_manual_page_is_current() -> None:
    tool = runpy.run_path(str(PAGE.parents[2] / "tools" / "write_man.py"))
    assert PAGE.read_text("utf-8") == tool["page"](), "run python tools/write_man.py"
    assert PAGE.read_text("utf-8").isascii()


FORMATTERS = {
    "groff": ("groff", "-man", "-ww", "-Tascii", "-P-c", "-rHY=0", "-rLL=100n"),
    "mandoc": ("mandoc", "-T", "ascii", "-W", "warning", "-O", "width=100"),
}


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_the_manual_page_holds_every_command_and_option(formatter: str) -> None:
    if shutil.which(formatter) is None:
        pytest.skip(f"{formatter} is not installed on this machine")
    done = subprocess.run([*FORMATTERS[formatter], str(PAGE)], capture_output=True,
                          encoding="utf-8", check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    shown = re.sub(r".\x08", "", done.stdout)  # bold is struck twice
    words = " ".join(shown.split())
    for command in EVERY:
        assert re.search(rf"^ *{command}$", shown, re.MULTILINE), command
        part = re.split(rf"^ *{command}$", shown, maxsplit=1, flags=re.MULTILINE)[1]
        part = re.split(r"^ {2,3}[a-z]+$|^[A-Z]", part, maxsplit=1, flags=re.MULTILINE)[0]
        for option in options_of(command):
            for spelling in (*option.on, *option.off):
                assert re.search(rf"(?<!\S){spelling}(?![\w-])", part), (command, spelling)
            assert option.help.split(". ")[0].rstrip(".") in words, (command, option.name)
        for example in EXAMPLES[command]:
            assert f"ruxcalc {example}" in shown
    for option in (*TOP_OPTIONS, HELP):
        assert all(spelling in words for spelling in option.on)
    for heading in ("EXIT STATUS", "ENVIRONMENT", "NUMBERS"):
        assert f"\n{heading}\n" in shown
