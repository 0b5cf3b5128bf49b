"""`ruxcalc ask`: one question after another on a terminal, one key each.

The questions are the declarations of the inputs, those that would contraindicate first, and
only what the chosen labels say something about. An answer is read by the same grammar as an
option. Questions go to standard error; standard output is left to the answer.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from textwrap import fill
from typing import NamedTuple, Protocol

from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.inputs import Input, read_input
from ruxcalc.labels import load_all
from ruxcalc.labels.model import Label
from ruxcalc.rules.questions import asked_inputs, contraindicates
from ruxcalc.rules.warn import WITHOUT_A_NO
from ruxcalc.signals import UndoneBySignals

FIRST = "Would contraindicate, or is to be avoided"
# Of the amount and the response, what a visit is about; the rest has its options.
AMOUNT_AND_RESPONSE = (
    "bsa", "height", "weight", "week", "repig", "measure", "meaningful", "satisfactory",
)  # fmt: skip
ALL_OTHERS = "all_others_no"
BACK, QUIT, EXPLAIN = "b", "q", "?"
OTHERS = "a"
KEYS = "y yes   n no   Enter not asked   ? what it means   b back   a all others no   q answer now"
LINE_KEYS = KEYS.removeprefix("y yes   n no   ")
SHOWN = {"y": "yes", "n": "no", "": "not asked", BACK: "back", QUIT: "answer now"}
END_OF_INPUT = b"\x04"
ESCAPE = b"\x1b"
# After these bytes an arrow or a function key goes on; the letter at its end is no answer.
ESCAPE_GOES_ON = b"\x1b[O0123456789;"
PAUSE = 0.05  # seconds in which the rest of an arrow key arrives
WIDEST = 100  # columns

Raw = dict[str, list[str | bool]]


class Question(NamedTuple):
    """One question: the input that it asks for, and the group that it stands in."""

    name: str
    declared: Input
    group: str


class Say(Protocol):
    """Show a text to the person who answers."""

    def __call__(self, text: str, end: str = "\n") -> None:
        """Show `text`, and `end` after it."""


class Keyboard(NamedTuple):
    """How answers are typed: one key at once, or a line."""

    key: Callable[[], str]
    line: Callable[[], str]


def questions(labels: tuple[Label, ...]) -> tuple[Question, ...]:
    """Return the questions for these labels: contraindications first, then by panel."""
    first, others = [], []
    for name, declared in asked_inputs(labels):
        if name == ALL_OTHERS:
            continue
        if declared.group != "warn":
            if name in AMOUNT_AND_RESPONSE:
                others.append(Question(name, declared, declared.panel))
        elif contraindicates(declared, labels):
            first.append(Question(name, declared, FIRST))
        else:
            others.append(Question(name, declared, declared.panel))
    panels = list(dict.fromkeys(question.group for question in others))
    return (*first, *sorted(others, key=lambda question: panels.index(question.group)))


def ask_patient(regions: Sequence[str] | None) -> Raw:
    """Ask on the terminal, and return what was answered as options would hold it.

    Raises `UsageError` where there is no terminal to ask on.
    """
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "ask needs a terminal. In a script, give the inputs as options:"
            " ruxcalc assess --bsa 8 --age 34"
        )
    labels = load_all(tuple(regions) if regions else None)
    with _keyboard() as keyboard:
        return answer_questions(questions(labels), keyboard, _say)


def answer_questions(asked: Sequence[Question], keyboard: Keyboard, say: Say) -> Raw:
    """Put the questions one after another; b goes back, q and the last one end."""
    interview = _Interview(asked, say)
    answers = interview.answers
    group, place = "", 0
    say(
        f"{len(asked)} questions at most. What is not answered is not asked, which is not no.\n"
        f"{KEYS}"
    )
    while place < len(asked):
        question = asked[place]
        if not _applies(question, answers):
            place += 1
            continue
        if question.group != group:
            group = question.group
            say(f"\n{group}")
        reply = _reply(question, f"{place + 1}/{len(asked)}", answers, keyboard, say)
        if reply == QUIT:
            break
        if reply == BACK:
            place = interview.go_back(place)
        elif reply == OTHERS:
            interview.declare_others_absent(place)  # the question is put again if it still applies
        else:
            answers.pop(question.name, None)
            if isinstance(reply, list):
                answers[question.name] = reply
            place += 1
    return _complete(asked, answers)


class _Interview:
    """The answers so far, and the question at which all others were declared absent."""

    def __init__(self, asked: Sequence[Question], say: Say) -> None:
        self.answers: Raw = {}
        self._asked = asked
        self._say = say
        self._declared_at: int | None = None

    def go_back(self, place: int) -> int:
        """Return the place of the question before; going back past the declaration ends it."""
        earlier = range(place - 1, -1, -1)
        before = next((at for at in earlier if _applies(self._asked[at], self.answers)), None)
        declared_at = self._declared_at
        if declared_at is not None and (before is None or before < declared_at):
            self._say("All others no is taken back.")
            del self.answers[ALL_OTHERS]
            before, self._declared_at = declared_at, None
        if before is None:
            self._say("This is the first question.")
            return place
        return before

    def declare_others_absent(self, place: int) -> None:
        """Declare absent what is not answered, and name what had been passed over."""
        if self._declared_at is not None:
            self._say("All others no is declared already.")
            return
        self._declared_at = place
        self.answers.pop(self._asked[place].name, None)
        self.answers[ALL_OTHERS] = [True]
        passed = [
            question.name.replace("_", " ")
            for question in self._asked[:place]
            if question.name not in self.answers and _can_be_absent(question)
        ]
        also = f" Of those passed over: {', '.join(passed)}." if passed else ""
        self._say(f"All others no: what is not answered about safety is read as no.{also}")


def _complete(asked: Sequence[Question], answers: Raw) -> Raw:
    """Return the answers without those that say nothing alone, such as a height."""
    if "weight" not in answers:
        answers.pop("height", None)
    for question in asked:
        if not _follows(question, answers):
            answers.pop(question.name, None)
    return answers


def _applies(question: Question, answers: Mapping[str, object]) -> bool:
    """Return whether a question still applies: not after `all others no`, nor without a week."""
    absent = ALL_OTHERS in answers and _can_be_absent(question)
    return not absent and _follows(question, answers)


def _can_be_absent(question: Question) -> bool:
    return question.declared.group == "warn" and question.name not in WITHOUT_A_NO


def _follows(question: Question, answers: Mapping[str, object]) -> bool:
    """Return whether what a question builds on was answered."""
    if question.declared.panel == "Response" and question.name != "week":
        return "week" in answers
    needed = {"height": "bsa", "weight": "height"}.get(question.name)
    return needed is None or needed in answers


def _reply(
    question: Question, number: str, answers: Raw, keyboard: Keyboard, say: Say
) -> list[str | bool] | str:
    """Ask one question until it is answered: a value, or one of the keys b, a, q, or nothing."""
    declared = question.declared
    is_flag = declared.kind == "flag"
    now = _now(answers.get(question.name))
    while True:
        say(f"{number}  {declared.question}  {_expected(declared)}{now}", end="  ")
        typed = keyboard.key() if is_flag else keyboard.line().strip()
        if len(typed) == 1:
            typed = typed.lower()
        if is_flag:
            say(SHOWN.get(typed, ""))
        if typed == EXPLAIN:
            say(_definition(declared))
            say(KEYS if is_flag else LINE_KEYS)
        elif typed in ("", BACK, OTHERS, QUIT):
            return typed
        elif is_flag and typed in ("y", "n"):
            return [typed == "y"]
        elif is_flag:
            say(KEYS)
        else:
            values = _values(declared, typed)
            try:
                read_input(question.name, declared, values)
            except InputError as error:
                say(printable(error.reason))
            else:
                return values


def _values(declared: Input, typed: str) -> list[str | bool]:
    if declared.kind != "names":
        return [typed]
    if typed.casefold() in ("n", "no", "none"):
        return [False]
    return [name.strip() for name in typed.split(",") if name.strip()] or [typed]


def _now(values: Sequence[str | bool] | None) -> str:
    """Return what was answered before, for a question that is put again."""
    if not values:
        return ""
    words = {True: "yes", False: "no"}
    shown = ", ".join(words[value] if isinstance(value, bool) else value for value in values)
    return f" (now: {printable(shown)})"


def _expected(declared: Input) -> str:
    if declared.kind == "flag":
        return "[y/n]"
    if declared.kind == "choice":
        return f"[{'/'.join(declared.choices)}]"
    if declared.kind == "names":
        return "[names, or n for none]"
    return f"[{declared.unit or declared.metavar}]"


def _definition(declared: Input) -> str:
    lines = [
        f"  {word}: {text}"
        for word, text in (
            ("Includes", declared.includes),
            ("Excludes", declared.excludes),
            ("Accepted", "" if declared.kind == "flag" else declared.accepted),
        )
        if text
    ]
    return "\n".join(lines) or f"  {declared.help}"


# ---- The terminal ----


def _say(text: str, end: str = "\n") -> None:
    try:
        width = min(os.get_terminal_size(sys.stderr.fileno()).columns or WIDEST, WIDEST)
    except OSError:
        width = WIDEST
    lines = (fill(line, max(width - 2, 20), subsequent_indent="    ") for line in text.split("\n"))
    sys.stderr.write("\n".join(lines) + end)
    sys.stderr.flush()


@contextmanager
def _keyboard() -> Iterator[Keyboard]:
    """Yield a keyboard whose terminal is as before afterwards, also after an interrupt."""
    descriptor = sys.stdin.fileno()

    def line() -> str:
        typed = bytearray()
        while not typed.endswith((b"\n", b"\r")):
            typed += _byte(descriptor)
        return typed.decode(sys.stdin.encoding, "replace")

    try:
        import termios
        import tty
    except ImportError:  # a system without terminals of this kind: every answer is a line
        yield Keyboard(lambda: line().strip()[:1], line)
        return

    before = termios.tcgetattr(descriptor)

    def restore() -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    def key() -> str:
        tty.setcbreak(descriptor, termios.TCSADRAIN)
        try:
            return _key(descriptor)
        finally:
            restore()

    with UndoneBySignals(restore):
        try:
            yield Keyboard(key, line)
        finally:
            restore()


def _byte(descriptor: int) -> bytes:
    """Return one byte, so that what is typed ahead stays with the terminal.

    The end of the input is an interrupt: nothing is answered.
    """
    try:
        typed = os.read(descriptor, 1)
    except OSError:  # the terminal is gone
        typed = b""
    if not typed:
        raise KeyboardInterrupt
    return typed


def _key(descriptor: int) -> str:
    """Return the key that is pressed, in a terminal that hands on each key."""
    from select import select

    typed = last = _byte(descriptor)
    while typed == ESCAPE and last in ESCAPE_GOES_ON and select([descriptor], [], [], PAUSE)[0]:
        last = _byte(descriptor)
    if typed == END_OF_INPUT:
        raise KeyboardInterrupt
    return typed.decode("ascii", "replace").strip()
