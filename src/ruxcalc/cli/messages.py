"""What the command says on standard error: notes and refusals, wrapped on a terminal."""

import os
import sys

from ruxcalc.streams import write_message

NARROWEST = 20
LONGEST_LINE = 300  # characters of a line to try


def write_refusal(sentence: str, line: str = "") -> None:
    """Write why there is no answer, and below it the command line to try, if there is one.

    In a pipe it is one line for the sentence, so that a program can read it; on a terminal it is
    wrapped at words.
    """
    text = f"ruxcalc: {sentence}"
    if is_terminal():
        text = _for_terminal(text)
    can_be_typed = line.isprintable() and 0 < len(line) <= LONGEST_LINE
    write_message(f"{text}\n  {line}" if can_be_typed else text)


def write_note(note: str) -> None:
    """Write a note beside an answer."""
    text = f"Note: {note}"
    write_message(_wrapped(text, "      ") if is_terminal() else text)


def is_terminal() -> bool:
    """Return whether standard error is a terminal."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # it is closed
        return False


def _for_terminal(text: str) -> str:
    """Return a refusal wrapped at words, with the name of the program in bold red."""
    text = _wrapped(text, "  ")
    if os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb":
        return text
    name, _, rest = text.partition(":")
    return f"\033[1;31m{name}:\033[0m{rest}"


def _wrapped(text: str, indent: str) -> str:
    from shutil import get_terminal_size
    from textwrap import wrap

    width = max(get_terminal_size().columns, NARROWEST)
    lines = wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)
