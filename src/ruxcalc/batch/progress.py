"""A line of progress on standard error, where somebody looks and the answers go elsewhere."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from ruxcalc.streams import write_message

OFTEN = 0.2  # seconds between two lines
WIDEST = 79


class Progress:
    """What is known of a list while it is answered; shown at most a few times a second."""

    def __init__(self, size: int | None, *, shown: bool) -> None:
        self._size = size
        self._shown = shown
        self._begun = self._last = monotonic()
        self._read = 0
        self._on_screen = False

    def read(self, size: int) -> None:
        """Count some more bytes of the list as read."""
        self._read += size

    def show(self, rows: int, rejected: int) -> None:
        """Show how many rows have been answered or rejected."""
        now = monotonic()
        if not self._shown or now - self._last < OFTEN:
            return
        self._last = now
        self._on_screen = True
        share = f"{100 * self._read // self._size} %, " if self._size else ""
        rate = rows / (now - self._begun)
        self._write(f"{share}{rows} rows, {rate:.0f} rows/s, {rejected} rejected")

    def clear(self) -> None:
        """Take the line away, so that what follows begins on an empty one."""
        if self._on_screen:
            self._on_screen = False
            self._write("")

    def clearing(self, say: Callable[[str], None]) -> Callable[[str], None]:
        """Return what writes a message by `say` where the line of progress was."""

        def say_clearly(text: str) -> None:
            self.clear()
            say(text)

        return say_clearly

    @staticmethod
    def _write(text: str) -> None:
        write_message(f"\r{text:<{WIDEST}.{WIDEST}}\r", end="")


@contextmanager
def shown_progress(descriptor: int | None, *, to_stdout: bool) -> Iterator[Progress]:
    """Show progress if standard error is a terminal and the answers do not go to one."""
    watched = sys.stderr is not None and sys.stderr.isatty()
    to_terminal = to_stdout and sys.stdout is not None and sys.stdout.isatty()
    progress = Progress(_size_of(descriptor), shown=watched and not to_terminal)
    try:
        yield progress
    finally:
        progress.clear()


def _size_of(descriptor: int | None) -> int | None:
    """Return the bytes of a regular file; None for a pipe, whose end is not known."""
    if descriptor is None:
        return None
    status = os.fstat(descriptor)
    return status.st_size if stat.S_ISREG(status.st_mode) else None
