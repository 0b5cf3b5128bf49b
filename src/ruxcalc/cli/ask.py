"""`ruxcalc ask`: one question after another on a terminal, one key each.

The questions are the declarations of the inputs, those that would contraindicate first, and
only what the chosen labels say something about. An answer is read by the same grammar as an
option. Questions go to standard error; standard output is left to the answer.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
KEYS = "y yes   n no   Enter not asked   ? what it means   b back   a all others no   q answer now"
LINE_KEYS = "Enter not asked   ? what it means   b back   a all others no   q answer now"

Raw = dict[str, list[str | bool]]
ReadKey = Callable[[], str]
ReadLine = Callable[[], str]


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

    key: ReadKey
    line: ReadLine


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
    answers: Raw = {}
    group, place = "", 0
    say(f"{len(asked)} questions at most. What is not answered is not asked, which is not no.")
    while 0 <= place < len(asked):
        question = asked[place]
        if not _applies(question, answers):
            place += 1
            continue
        if question.group != group:
            group = question.group
            say(f"\n{group}")
        reply = _reply(question, f"{place + 1}/{len(asked)}", keyboard, say)
        if reply == "q":
            break
        if reply == "b":
            place = _previous(asked, place, answers)
            continue
        if reply == "a":
            answers[ALL_OTHERS] = [True]
        elif isinstance(reply, list):
            answers[question.name] = reply
        else:
            answers.pop(question.name, None)
        place += 1
    return answers


def _previous(asked: Sequence[Question], place: int, answers: Mapping[str, object]) -> int:
    """Return the place of the question before, of those that apply; the first stays first."""
    before = (at for at in range(place - 1, -1, -1) if _applies(asked[at], answers))
    return next(before, place)


def _applies(question: Question, answers: Mapping[str, object]) -> bool:
    """Return whether a question still applies: not after `all others no`, nor without a week."""
    if question.declared.panel == "Response" and question.name != "week":
        return "week" in answers
    if question.name == "weight":
        return "height" in answers
    if question.name == "height":
        return "bsa" in answers
    absent = question.declared.group == "warn" and question.name not in WITHOUT_A_NO
    return ALL_OTHERS not in answers or not absent


def _reply(question: Question, number: str, keyboard: Keyboard, say: Say) -> list[str | bool] | str:
    """Ask one question until it is answered: a value, or one of the keys b, a, q, or nothing."""
    declared = question.declared
    is_flag = declared.kind == "flag"
    while True:
        say(f"{number}  {declared.question}{_expected(declared)}  ", end="")
        typed = keyboard.key() if is_flag else keyboard.line().strip()
        if is_flag:
            say({"y": "yes", "n": "no"}.get(typed, ""))
        if typed == "?":
            say(_definition(declared))
            say(KEYS if is_flag else LINE_KEYS)
        elif typed in ("", "b", "a", "q"):
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
    return [name.strip() for name in typed.split(",") if name.strip()]


def _expected(declared: Input) -> str:
    if declared.kind == "flag":
        return "  [y/n]"
    if declared.kind == "choice":
        return f"  [{'/'.join(declared.choices)}]"
    if declared.kind == "names":
        return "  [names, or n for none]"
    return f"  [{declared.unit or declared.metavar}]"


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


def _say(text: str, end: str = "\n") -> None:
    sys.stderr.write(text + end)
    sys.stderr.flush()


@contextmanager
def _keyboard() -> Iterator[Keyboard]:
    """Yield a keyboard whose terminal is as before afterwards, also after an interrupt."""

    def line() -> str:
        typed = sys.stdin.readline()
        if not typed:
            raise KeyboardInterrupt
        return typed

    try:
        import termios
        import tty
    except ImportError:  # a system without terminals of this kind: every answer is a line
        yield Keyboard(lambda: line().strip().lower()[:1], line)
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def key() -> str:
        tty.setcbreak(descriptor)
        try:
            typed = sys.stdin.read(1)
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        if not typed or typed == "\x04":  # the end of the input
            raise KeyboardInterrupt
        return typed.strip().lower()

    def restore() -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    try:
        with UndoneBySignals(restore):
            yield Keyboard(key, line)
    finally:
        restore()
