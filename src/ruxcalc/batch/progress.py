"""A progress bar on standard error, where somebody looks and the answers go elsewhere."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol


class Progress(Protocol):
    """What is told about a list while it is answered."""

    def read(self, characters: int) -> None:
        """Some more of the list was read."""

    def count(self, rows: int, rejected: int) -> None:
        """So many rows have been answered or rejected."""


class _Silent:
    def read(self, characters: int) -> None:
        pass

    def count(self, rows: int, rejected: int) -> None:
        pass


@contextmanager
def progress_bar(source: BinaryIO, *, to_file: bool) -> Iterator[Progress]:
    """A bar if standard error is a terminal and the answers do not go to one; else nothing."""
    watched = sys.stderr is not None and sys.stderr.isatty()
    to_terminal = sys.stdout is not None and sys.stdout.isatty() and not to_file
    if not watched or to_terminal:
        yield _Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    bar = RichProgress(
        TextColumn("{task.fields[rows]} rows, {task.fields[rate]:.0f} rows/s,"
                   " {task.fields[rejected]} rejected"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
        transient=True,
    )  # fmt: skip
    task = bar.add_task("", total=_size_of(source), rows=0, rate=0.0, rejected=0)

    class Shown:
        def read(self, characters: int) -> None:
            bar.advance(task, characters)

        def count(self, rows: int, rejected: int) -> None:
            seconds = bar.tasks[0].elapsed or 0.0
            rate = rows / seconds if seconds else 0.0
            bar.update(task, rows=rows, rate=rate, rejected=rejected)

    with bar:
        yield Shown()


def _size_of(source: BinaryIO) -> int | None:
    """The bytes of a regular file; None for a pipe, whose end is not known."""
    status = os.fstat(source.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None
