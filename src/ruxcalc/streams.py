"""Standard output and standard error: the answer on one, everything else on the other.

What is written is written whole, or it is an error. Python's own streams drop the rest of a
text where they have no buffer (`PYTHONUNBUFFERED`) or where a pipe does not wait, so an answer
goes to the descriptor itself.
"""

from __future__ import annotations

import errno
import io
import os
import sys

from ruxcalc.errors import UsageError

TYPE_CHECKING = False  # `typing` takes as long to load as the interpreter
if TYPE_CHECKING:
    from typing import TextIO

SHORTAGES = {
    errno.ENOMEM: "out of memory",
    errno.EMFILE: "too many files are open in this process",
    errno.ENFILE: "too many files are open on this system",
    errno.EAGAIN: "out of processes or threads",
}


NOT_MAPPED = "failed to map segment"  # in the words of the system's loader


def write_answer(text: str) -> None:
    """Write `text` to standard output; a closed pipe ends quietly.

    Raises `UsageError` where the answer could not be written whole.
    """
    if sys.stdout is None:
        raise UsageError("the answer could not be written: standard output is closed")
    try:
        _write_text(sys.stdout, text)
    except BrokenPipeError:
        abandon(sys.stdout)
    except OSError as error:
        abandon(sys.stdout)
        problem = shortage(error) or f"the answer could not be written: {cause_of(error)}"
        raise UsageError(problem) from None


def write_message(text: str, end: str = "\n") -> None:
    """Write one message to standard error, if there is one that takes it."""
    if sys.stderr is None:
        return
    try:
        _write_text(sys.stderr, text + end)
    except OSError:
        abandon(sys.stderr)


def _write_text(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    # A character that the stream has no code for is shown by its number.
    data = text.encode(encoding, "backslashreplace")
    descriptor = descriptor_of(stream)
    stream.flush()
    if descriptor is not None:
        write_whole(descriptor, data)
    else:  # a stream of Python's own, such as a test's
        stream.write(data.decode(encoding))
        stream.flush()


def descriptor_of(stream: object) -> int | None:
    """Return the descriptor that a stream writes to, or None where it has none."""
    try:
        return stream.fileno()  # type: ignore[attr-defined, no-any-return]  # not every stream has one
    except (AttributeError, OSError, ValueError, io.UnsupportedOperation):
        return None


def write_whole(descriptor: int, data: bytes) -> None:
    """Write all of `data`, waiting where a pipe that does not block is full."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            _wait_for(descriptor, to_write=True)


def read_some(descriptor: int, size: int) -> bytes:
    """Read up to `size` bytes; none at the end. Waits where a pipe that does not block is empty."""
    while True:
        try:
            return os.read(descriptor, size)
        except BlockingIOError:
            _wait_for(descriptor, to_write=False)


def _wait_for(descriptor: int, *, to_write: bool) -> None:
    import select

    select.select([] if to_write else [descriptor], [descriptor] if to_write else [], [])


def cause_of(error: OSError) -> str:
    """Return what went wrong with a file, in the words of the system."""
    return error.strerror or str(error) or type(error).__name__


def shortage(error: BaseException) -> str | None:
    """Return what the system has run out of, or None where `error` says something else.

    A shortage is not the fault of the file at hand, and no message may name that.
    """
    # A library that cannot be mapped, and a call that fails without a reason, are the same.
    unmapped = isinstance(error, ImportError) and NOT_MAPPED in str(error)
    if unmapped or isinstance(error, MemoryError | SystemError):
        return SHORTAGES[errno.ENOMEM]
    return SHORTAGES.get(error.errno or 0) if isinstance(error, OSError) else None


def abandon(stream: object) -> None:
    """Point the stream elsewhere, so that the interpreter does not flush it again at its end."""
    descriptor = descriptor_of(stream)
    if descriptor is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
