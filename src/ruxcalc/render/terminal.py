"""What the terminal on standard output is like: its width, its colours, its characters."""

import os
import sys

from ruxcalc.render.formats import Color

USUAL = 80  # columns, of a pipe too


def is_colored(color: Color) -> bool:
    """Return whether to use colour: as `color` says, or where a terminal has it."""
    if color != "auto":
        return color == "always"
    return _is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def shows(characters: str) -> bool:
    """Return whether standard output has a code for all `characters`."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        characters.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def terminal_width() -> int:
    """Return the columns that `COLUMNS` states, or that the terminal has."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns[:4]):
        return int(columns[:4])
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns if _is_terminal() else USUAL
    except (OSError, ValueError):
        return USUAL


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
