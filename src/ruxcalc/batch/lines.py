"""Read the bytes of a list into lines, in blocks.

A line that is too long is dropped as it comes, so that memory grows neither with the list nor with
a line.
"""

import csv
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ruxcalc.batch.files import refused
from ruxcalc.errors import UsageError, printable
from ruxcalc.streams import cause_of, descriptor_of, read_some, shortage

BLOCK = 1 << 16  # bytes read in one go
MEGABYTE = 10**6
LONGEST_LINE = 16 * MEGABYTE  # bytes; a longer one is rejected
KEPT = 1000  # bytes of such a line that its reject repeats
LONGEST_RECORD = 100  # lines; a quote that stays open longer was never closed
BOM = b"\xef\xbb\xbf"


class Source(NamedTuple):
    """An open list: its name for messages, its descriptor if it has one, and how it is read."""

    name: str
    descriptor: int | None
    read: Callable[[int], bytes]


# ---- Bytes ----


@contextmanager
def opened_list(path: str) -> Iterator[Source]:
    """Open the list at `path`, or standard input for `-`.

    Raises `UsageError` where it cannot be read.
    """
    name = shown_path(path)
    if path == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        descriptor = descriptor_of(sys.stdin)
        if descriptor is None:  # a stream of Python's own, such as a test's
            yield Source(name, None, sys.stdin.buffer.read)
        else:
            yield Source(name, descriptor, lambda size: read_some(descriptor, size))
        return
    try:
        opened = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise _unreadable(error, path) from None
    try:
        yield Source(name, opened, lambda size: read_some(opened, size))
    finally:
        os.close(opened)


def shown_path(path: str) -> str:
    """Return a path for a message."""
    return "standard input" if path == "-" else printable(path).replace("\n", "\\n")


def _unreadable(error: OSError, path: str) -> UsageError:
    short = shortage(error)
    if short is not None:
        return UsageError(short)
    return refused(path, f"cannot be read: {cause_of(error)}")


def blocks_of(source: Source, on_read: Callable[[int], None]) -> Iterator[bytes]:
    """Yield the bytes as they come, without a byte order mark.

    `on_read` is called with 0 before each reading, which may wait, and with the bytes read
    after it.
    """
    first = b""
    while len(first) < len(BOM) and (block := _block(source, on_read)):
        first += block
    if first:
        yield first.removeprefix(BOM)
    while block := _block(source, on_read):
        yield block


def _block(source: Source, on_read: Callable[[int], None]) -> bytes:
    on_read(0)
    try:
        block = source.read(BLOCK)
    except OSError as error:
        problem = shortage(error) or f"the list cannot be read on: {cause_of(error)}"
        raise UsageError(problem) from None
    on_read(len(block))
    return block


# ---- Lines ----


class LongLine(str):
    """The beginning of a line that is longer than a line may be."""

    __slots__ = ()


def lines_of(blocks: Iterator[bytes], newline: str) -> Iterator[str]:
    r"""Yield the lines with their ends; bytes that are not UTF-8 stay what they are.

    A line ends with `\n` if that is `newline`; else with `\n`, `\r` or both, as in CSV.
    """
    parts: list[bytes] = []  # of a line whose end has not come yet
    size = 0
    for block in blocks:
        end = block.rfind(b"\n") + 1
        if not newline:
            # A carriage return at the very end may be the first half of a line end.
            end = max(end, block.rfind(b"\r", 0, len(block) - 1) + 1)
        if not end:
            size += len(block)
            if size <= LONGEST_LINE:
                parts.append(block)
            elif parts:
                parts = [b"".join(parts)[:KEPT]]
            continue
        whole = block[:end]
        if parts:
            first = _first_end(block, newline)
            if size + first > LONGEST_LINE:
                yield LongLine(_text(b"".join(parts)[:KEPT]))
                whole = block[first:end]
            else:
                parts.append(whole)
                whole = b"".join(parts)
        parts, size = [block[end:]], len(block) - end
        yield from io.StringIO(_text(whole), newline)
    if size > LONGEST_LINE:
        yield LongLine(_text(b"".join(parts)[:KEPT]))
    elif size:
        yield from io.StringIO(_text(b"".join(parts)), newline)


def _first_end(block: bytes, newline: str) -> int:
    ends = (block.find(b"\n"), -1 if newline else block.find(b"\r"))
    return min(end for end in ends if end >= 0) + 1


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def has_bad_bytes(text: str) -> bool:
    """Return whether a line holds bytes that are not UTF-8."""
    return not text.isascii() and any("\udc80" <= character <= "\udcff" for character in text)


class Records:
    """The lines of a list, counted, with those of the current record and a way back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._back: list[str] = []
        self.taken: list[str] = []
        self.number = 0  # of the line before the current record

    def __iter__(self) -> Iterator[str]:
        back, lines, taken = self._back, self._lines, self.taken
        while (line := back.pop() if back else next(lines, None)) is not None:
            taken.append(line)
            if type(line) is LongLine:
                raise csv.Error(f"a line is longer than {LONGEST_LINE // MEGABYTE} MB")
            if len(taken) > 1 and (
                len(taken) > LONGEST_RECORD or sum(map(len, taken)) > LONGEST_LINE
            ):
                raise csv.Error("a quote is not closed")
            yield line

    def finish(self) -> None:
        """Leave the current record behind."""
        self.number += len(self.taken)
        self.taken.clear()

    def give_back(self, kept: int) -> None:
        """Give back the lines of the current record but the first `kept`, to be read again."""
        self._back += reversed(self.taken[kept:])
        del self.taken[kept:]
