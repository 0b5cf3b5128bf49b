"""`ruxcalc ask` on a real terminal: a pseudo-terminal that a process of its own controls."""

import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from conftest import CLEAN, COMMAND, VERIFIED_ON, Ran, ruxcalc, started
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc import assess
from ruxcalc.cli.ask import FIRST, Keyboard, answer_questions, questions
from ruxcalc.inputs import Input
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.patient import INPUTS

PATIENCE = 20  # seconds
# The command as the leader of a session of its own, so that the terminal is its own.
AS_LEADER = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " os.execv(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """A pseudo-terminal with the command in it; standard output may go to a pipe instead."""

    def __init__(self, *arguments: str, columns: int = 80) -> None:
        self.master, self.slave = os.openpty()
        termios.tcsetwinsize(self.slave, (40, columns))
        self.before = termios.tcgetattr(self.slave)
        self.shown = ""
        self.place = 0  # up to which it was read by `until`
        self.process = subprocess.Popen(
            [sys.executable, "-c", AS_LEADER, str(COMMAND), "ask", *arguments],
            stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True,
            env={**CLEAN, "TERM": "xterm", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip

    def read(self) -> bool:
        """Read what is there within a moment; return whether there was anything."""
        if not select.select([self.master], [], [], 0.1)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # on Linux, the end
            return False
        self.shown += re.sub(r"\x1b\[[0-9;]*m", "", data.decode()).replace("\r\n", "\n")
        return bool(data)

    def until(self, text: str) -> str:
        """Wait until `text` is shown after what was waited for before; return what came."""
        end = time.monotonic() + PATIENCE
        while (found := self.shown.find(text, self.place)) < 0:
            assert time.monotonic() < end, f"no {text!r} in {self.shown[self.place :]!r}"
            if not self.read() and self.process.poll() is not None:
                assert text in self.shown[self.place :], self.shown
        came = self.shown[self.place : found + len(text)]
        self.place = found + len(text)
        return came

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def answer(self, question: str, keys: str) -> None:
        """Wait for a question and type its answer."""
        self.until(question)
        self.until("]")
        time.sleep(0.02)  # the terminal is made ready after the question is shown
        self.type(keys)

    def end(self) -> int:
        status = self.process.wait(PATIENCE)
        while self.read():
            pass
        return status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


@pytest.fixture
def eu(terminals: list[Terminal]) -> Terminal:
    terminals.append(Terminal("-r", "eu"))
    return terminals[-1]


def last_line(terminal: Terminal) -> str:
    return terminal.shown.rstrip("\n").rpartition("\n")[2]


def repeated(terminal: Terminal) -> Ran:
    """Run the command line that the last line says."""
    line = terminal.shown[terminal.shown.rindex("Again: ") + len("Again: ") :]
    words = " ".join(line.split())
    assert words.startswith("ruxcalc assess ")
    done = subprocess.run(
        ["bash", "-c", f'{words.replace("ruxcalc", str(COMMAND), 1)} --color never'],
        capture_output=True, check=False, env={**CLEAN, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


# ---- On a terminal ----


def test_keys_answer_and_it_ends_with_the_answer_and_the_line_that_repeats_it(
    eu: Terminal,
) -> None:
    eu.answer("hypersensitive", "n")
    eu.answer("pregnant?", "n")
    eu.answer("breast-feed", "\n")  # not asked
    eu.answer("end-stage", "n")
    eu.answer("percentage of the body", "8\n")
    eu.answer("How tall", "\n")
    eu.answer("weeks of treatment", "52\n")
    eu.answer("repigmented since", "20\n")
    eu.answer("measured", "treated-area\n")
    eu.answer("satisfactorily", "n")
    eu.answer("How old", "34\n")
    eu.answer("involve the face", "y")
    eu.answer("segmental", "q")
    status = eu.end()
    assert "CONSIDER STOPPING" in eu.shown
    assert last_line(eu) == (
        "Again: ruxcalc assess --bsa 8 --week 52 --repig 20 --measure treated-area"
        " --not-satisfactory --age 34 --face --no-hypersensitivity --no-pregnant --no-esrd"
        " --region eu"
    )
    again = repeated(eu)
    assert status == again.status == 3
    assert " ".join(again.out.split()) in " ".join(eu.shown.split())


def test_it_begins_with_what_would_contraindicate_and_asks_nothing_the_label_does_not_speak_of(
    eu: Terminal,
) -> None:
    shown = eu.until("hypersensitive")
    assert FIRST in shown
    assert "21 questions at most" in shown
    assert "a all others no" in shown
    eu.until("]")
    eu.type("\n\n\n\n")  # typed ahead
    assert "hepatitis" not in eu.until("Area and amount")
    assert eu.until("percentage of the body").count("/21") == 1
    eu.type("q\n")
    eu.end()
    assert "NOT CLEARED" in eu.shown


def test_a_refused_number_has_the_message_of_the_command_line_and_is_asked_again(
    eu: Terminal,
) -> None:
    for question in ("hypersensitive", "pregnant?", "breast-feed", "end-stage"):
        eu.answer(question, "\n")
    for typed in ("8,5", "1e1", "101", "nan", "-3", "8 %", "\u0668"):
        eu.answer("percentage of the body", f"{typed}\n")
        refused = ruxcalc("dose", f"--bsa={typed}").err.removeprefix("ruxcalc: --bsa: ")
        said = " ".join(refused.splitlines()[0].split())
        came = " ".join(eu.until("5/21").split())
        assert said.split(" Accepted")[0] in came.replace("{", ""), typed
        eu.place -= len("5/21")
    eu.answer("percentage of the body", "8.5\n")
    eu.answer("How tall", "q\n")
    assert eu.end() == 0
    assert "--bsa 8.5" in last_line(eu)


def test_a_question_mark_explains_and_asks_again(eu: Terminal) -> None:
    eu.answer("hypersensitive", "?")
    shown = eu.until("hypersensitive")
    assert "Includes: an allergic reaction" in " ".join(shown.split())
    assert "Excludes: stinging" in " ".join(shown.split())
    eu.until("]")
    eu.type("n")
    for question in ("pregnant?", "breast-feed", "end-stage"):
        eu.answer(question, "\n")
    eu.answer("percentage of the body", "?\n")
    assert "from" in eu.until("percentage of the body") or "above 0" in eu.shown


def test_b_goes_back_shows_what_was_answered_and_stops_at_the_first(eu: Terminal) -> None:
    eu.answer("hypersensitive", "b")
    eu.until("first question")
    eu.answer("hypersensitive", "y")
    eu.answer("pregnant?", "b")
    assert "(now: yes)" in eu.until("[y/n] (now: yes)")
    eu.type("n")
    eu.answer("pregnant?", "q")
    assert eu.end() == 0
    assert last_line(eu) == "Again: ruxcalc assess --no-hypersensitivity --region eu"


def test_a_declares_the_rest_absent_names_what_was_passed_over_and_can_be_taken_back(
    eu: Terminal,
) -> None:
    eu.answer("hypersensitive", "\n")
    eu.answer("pregnant?", "n")
    eu.answer("breast-feed", "a")
    shown = " ".join(eu.until("percentage of the body").split())
    assert "read as no. Of those passed over: hypersensitivity." in shown
    assert "end-stage" not in shown
    eu.until("]")
    eu.type("b\n")  # back before the declaration: it is taken back
    eu.until("taken back")
    eu.answer("breast-feed", "y")
    eu.answer("end-stage", "a")
    eu.answer("percentage of the body", "\n")
    eu.answer("weeks", "\n")
    eu.answer("How old", "\n")
    eu.answer("involve the face", "\n")
    assert eu.end() == 3
    assert "CONTRAINDICATED: breast-feeding" in eu.shown
    assert last_line(eu) == (
        "Again: ruxcalc assess --no-pregnant --breastfeeding --all-others-no --region eu"
    )


def test_a_key_that_is_no_answer_and_an_arrow_key_answer_nothing(eu: Terminal) -> None:
    """The last byte of an arrow key is a letter: A would declare everything absent."""
    eu.answer("hypersensitive", "x")
    for sequence in ("\x1b[A", "\x1bOA", "\x1b[1;5A", "\x1ba", "\x1b", "\xe9", "5"):
        eu.answer("hypersensitive", sequence)
    eu.answer("hypersensitive", "q")
    assert eu.end() == 0
    assert last_line(eu) == "Again: ruxcalc assess --region eu"


def test_names_are_several_or_none(terminals: list[Terminal]) -> None:
    for typed, option in (("itraconazole, aspirin", "--drug itraconazole --drug aspirin"),
                          ("n", "--no-drug")):  # fmt: skip
        terminals.append(Terminal("-r", "us"))
        terminal = terminals[-1]
        terminal.answer("breast-feed", "\n")
        terminal.answer("medicines does", f"{typed}\n")
        terminal.answer("active serious infection", "q")
        terminal.end()
        assert option in last_line(terminal)


@pytest.mark.parametrize("typed", ["\x03", "\x04"], ids=["interrupt", "end-of-input"])
@pytest.mark.parametrize("at_a_line", [False, True])
def test_an_interrupt_ends_with_130_and_leaves_the_terminal_as_it_was(
    eu: Terminal, typed: str, at_a_line: bool
) -> None:
    for question in ("hypersensitive", "pregnant?", "breast-feed", "end-stage")[: 4 * at_a_line]:
        eu.answer(question, "\n")
    eu.answer("percentage of the body" if at_a_line else "hypersensitive", typed)
    assert eu.end() == 130
    assert "interrupted" in eu.shown
    assert "Again" not in eu.shown
    assert termios.tcgetattr(eu.slave) == eu.before


def test_a_terminated_command_leaves_the_terminal_as_it_was(eu: Terminal) -> None:
    eu.until("hypersensitive")
    eu.until("]")
    time.sleep(0.2)
    assert termios.tcgetattr(eu.slave) != eu.before  # one key answers
    eu.process.send_signal(signal.SIGTERM)
    assert eu.end() == -signal.SIGTERM
    assert termios.tcgetattr(eu.slave) == eu.before


def test_a_long_question_folds_at_words(terminals: list[Terminal]) -> None:
    terminals.append(Terminal("-r", "eu", columns=40))
    narrow = terminals[-1]
    shown = narrow.until("[y/n]")
    assert max(map(len, shown.splitlines())) <= 40
    assert "hypersensitive to" in " ".join(shown.split())


def test_without_a_terminal_it_refuses_and_says_what_to_type() -> None:
    for ran in (ruxcalc("ask"), started(("ask", "-r", "eu"), {}, b"n\nn\n")):
        assert (ran.status, ran.out) == (2, "")
        assert "needs a terminal" in ran.err
        assert "ruxcalc assess" in ran.err


# ---- Any answers ----


def put(asked: Sequence[Any], keys: Sequence[str]) -> dict[str, Any]:
    """Answer questions with `keys` in turn; what is left over at the end is `q`."""
    rest = iter(keys)
    said: list[str] = []

    def typed() -> str:
        return next(rest, "q")

    def say(text: str, end: str = "\n") -> None:
        said.append(text + end)

    return answer_questions(asked, Keyboard(typed, typed), say)


@given(st.sampled_from([("us",), ("eu",), ("uk",), REGIONS]),
       st.lists(st.sampled_from(["y", "n", "", "b", "a", "?", "8", "52", "170", "x", "latent",
                                 "f-vasi", "itraconazole"]), max_size=120))  # fmt: skip
def test_whatever_is_typed_is_answered(regions: tuple[str, ...], keys: list[str]) -> None:
    """No combination of answers is refused after the last question."""
    raw = put(questions(load_all(regions)), keys)
    inputs: Any = {name: values if INPUTS[name].repeatable else values[0]
                   for name, values in raw.items()}  # fmt: skip
    assess(region=regions, on=VERIFIED_ON, **inputs)


@pytest.mark.parametrize("region", REGIONS)
def test_only_what_the_label_speaks_of_is_asked(region: str) -> None:
    (label,) = load_all((region,))
    asked = questions((label,))
    names = [question.name for question in asked]
    assert len(names) == len(set(names))
    for name, declared in INPUTS.items():
        speaks = [label.on(topic).speaks for topic in declared.topics]
        if speaks:
            assert (name in names) == any(speaks), name
    forbids = [forbids_something(label, question.declared) for question in asked]
    assert forbids == sorted(forbids, reverse=True)  # what would contraindicate stands first


def forbids_something(label: Any, declared: Input) -> bool:
    forbidding = {"contraindicated", "avoid", "discontinue"}
    return any(label.on(topic).action in forbidding for topic in declared.topics)


def test_no_is_a_no_and_enter_is_nothing() -> None:
    asked = questions(load_all(("eu",)))
    assert put(asked, ["n", "", "y"]) == {"hypersensitivity": [False], "breastfeeding": [True]}


def test_a_height_without_a_weight_and_a_response_without_a_week_are_left_out() -> None:
    asked = questions(load_all(("eu",)))
    first = ["", "", "", ""]
    assert put(asked, [*first, "8", "170", "", "q"]) == {"bsa": ["8"]}
    back = [*first, "8", "", "52", "20", "b", "b", "", "q"]
    assert put(asked, back) == {"bsa": ["8"]}
