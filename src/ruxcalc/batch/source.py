"""Where a list is read from: a file or standard input, as lines of text."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from ruxcalc.errors import UsageError, quoted


@contextmanager
def opened_list(path: str) -> Iterator[BinaryIO]:
    """The list at `path`, or standard input for `-`.

    Raises `UsageError` where it cannot be read.
    """
    if path == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        yield sys.stdin.buffer
        return
    try:
        descriptor = os.open(path, os.O_RDONLY)
        file = os.fdopen(descriptor, "rb")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", path) from None
    with file:
        yield file


def lines_of(source: BinaryIO, read: Callable[[int], None]) -> Iterator[str]:
    """The lines of a list as text, with their ends; `read` is told the length of each.

    Bytes that are not UTF-8 stay what they are. Raises `UsageError` where reading fails.
    """
    text = io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        for line in text:
            read(len(line))
            yield line
    except OSError as error:
        raise UsageError(f"the list cannot be read on: {error.strerror}") from None
    finally:
        with suppress(ValueError):  # it may be closed before the last line was asked for
            text.detach()  # whoever opened the list closes it


def shown_path(path: str) -> str:
    """A path for a message."""
    return "standard input" if path == "-" else quoted(path)[1:-1]
