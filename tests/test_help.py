"""Help begins with examples that run, is grouped by panel, and fits every width."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ruxcalc

from ruxcalc.cli.fast import read_fast
from ruxcalc.cli.help_topics import HELP_TOPICS
from ruxcalc.cli.options import COMMANDS, OUTPUT, options_of
from ruxcalc.patient import INPUTS, inputs_of

PANELS = tuple(dict.fromkeys(declared.panel for declared in INPUTS.values()))


def examples_of(text: str) -> list[str]:
    """Return the examples of a help text, which stand before its options, after one sentence."""
    head, _, after = text.partition("\n  For example:\n\n")
    assert after, text
    assert "\n--" not in head
    assert len(head.splitlines()) <= 3
    lines = after.split("\n\n")[0].splitlines()
    assert all(line.startswith("    ruxcalc ") for line in lines)
    return [line.strip().removeprefix("ruxcalc ") for line in lines]


HELP = {command: ruxcalc(command, "--help") for command in COMMANDS}
EXAMPLES = [example for ran in HELP.values() for example in examples_of(ran.out)]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_first_help_begins_with_examples(arguments: tuple[str, ...]) -> None:
    ran = ruxcalc(*arguments)
    assert (ran.status, ran.err) == (0, "")
    examples = examples_of(ran.out)
    assert len(examples) >= 3
    assert all(read_fast(shlex.split(example)) for example in examples)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_begins_with_its_examples(command: str) -> None:
    ran = HELP[command]
    assert (ran.status, ran.err) == (0, "")
    assert all(example.split()[0] == command for example in examples_of(ran.out))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_is_its_help(command: str) -> None:
    assert ruxcalc("help", command) == HELP[command]


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_accepted(example: str) -> None:
    command, *rest = shlex.split(re.split(" [<>]", example)[0])
    if command in ("schema", "help"):
        assert ruxcalc(command, *rest).status == 0
        return
    assert read_fast([command, *rest]) is not None
    reads_a_file = {"batch", "track"} & {command} or "--fhir" in rest
    if not reads_a_file and command != "ask":
        assert ruxcalc(command, *rest, "-q").status in (0, 3), example


@pytest.mark.parametrize("command", ["dose", "check", "warn", "assess", "plan", "handout"])
def test_inputs_stand_under_the_panel_of_their_declaration(command: str) -> None:
    panel, shown = "", {}
    for line in HELP[command].out.splitlines():
        if line.endswith(":") and not line.startswith(" "):
            panel = line.removesuffix(":")
        found = re.match(r"  (?:-\w, )?--([\w-]+)", line)
        if found:
            shown[found[1].replace("-", "_")] = panel
    for name, declared in inputs_of(command).items():
        assert shown.pop(name) == declared.panel
    assert set(shown.values()) <= {OUTPUT, "Options", *PANELS}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_option_and_what_it_does(command: str) -> None:
    words = " ".join(HELP[command].out.split())
    for option in options_of(command):
        for spelling in (*option.on, *option.off):
            assert re.search(rf"(?<!\S){spelling}(?![\w-])", words), spelling
        assert option.help in words, option.name
        assert option.metavar in words


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 250])
@pytest.mark.parametrize("command", ["assess", "batch", "label"])
def test_help_fits_and_cuts_nothing(command: str, columns: int) -> None:
    shown = ruxcalc(command, "--help", env={"COLUMNS": str(columns)}).out
    assert "..." not in shown.partition("\n")[2]
    for line in shown.splitlines():
        # The name of an option, and an example that is to be copied, are never broken.
        whole = line.strip().startswith(("--", "-", "ruxcalc", "Usage"))
        assert whole or len(line) <= max(columns, 50), line


def test_every_command_is_named_whole_in_the_first_help() -> None:
    shown = ruxcalc("--help").out
    commands = shown.partition("\nCommands:\n")[2]
    assert [line.split()[0] for line in commands.splitlines()] == list(COMMANDS)
    assert "..." not in commands


@pytest.mark.parametrize("topic", HELP_TOPICS)
def test_each_help_topic_has_a_text(topic: str) -> None:
    ran = ruxcalc("help", topic)
    assert (ran.status, ran.err) == (0, "")
    assert len(ran.out.splitlines()) > 3
    assert topic in ruxcalc("help").out


def test_help_on_inputs_defines_each_of_them() -> None:
    words = " ".join(ruxcalc("help", "inputs").out.split())
    for name, declared in INPUTS.items():
        assert f"--{name.replace('_', '-')}: {declared.help}" in words
        for text in (declared.includes, declared.excludes):
            assert text in words


def test_every_input_has_a_question_and_a_plain_definition() -> None:
    for name, declared in INPUTS.items():
        assert declared.question[:1].isupper(), name
        assert declared.question.endswith("?"), name
        assert declared.help.endswith("."), name
        for text in (declared.help, declared.question, declared.includes, declared.excludes,
                     declared.note, declared.hint):  # fmt: skip
            assert "--" not in text, name
            assert text.isascii(), name


def test_typer_writes_the_documents_of_the_app() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "typer"), "ruxcalc.cli.app", "utils", "docs",
         "--name", "ruxcalc"],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    for command in COMMANDS:
        assert f"## `ruxcalc {command}`" in done.stdout
    assert "    ruxcalc dose --bsa 8\n" in done.stdout
