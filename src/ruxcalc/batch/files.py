"""Files that appear whole or not at all."""

import io
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ruxcalc.errors import UsageError

HELD = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold interrupts back while something is made that must be known before it is cleaned up."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def whole_file(path: str | None) -> Iterator[BinaryIO | None]:
    """A file at `path` that takes its place only when all is written; None for no path.

    Raises `UsageError` where it cannot be written.
    """
    if path is None:
        yield None
        return
    # Through a link to what it names, which stays a link.
    target = Path(path).resolve()
    if target.is_dir():
        raise UsageError("is a folder; the name of a file is accepted", path)
    if target.exists() and not target.is_file():
        # A device or a pipe is written to; it must never be replaced by a file.
        with _opened_to_write(path) as device:
            yield device
        return
    import tempfile  # heavy, and not every list is written to a file

    name = ""
    try:
        with interrupts_held():
            descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        _take_place(name, target)
    except BrokenPipeError:  # of another file: nobody reads on, and this one is dropped
        raise
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", path) from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


@contextmanager
def _opened_to_write(path: str) -> Iterator[BinaryIO]:
    try:
        with Path(path).open("wb") as file:
            yield file
    except BrokenPipeError:
        return
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", path) from None


def _take_place(name: str, target: Path) -> None:
    # A temporary file is for its owner alone; the finished one is as readable as the one it
    # replaces, or as any new file.
    mask = os.umask(0)
    os.umask(mask)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~mask
    Path(name).chmod(mode)
    Path(name).replace(target)


def same_file(one: str, other: str) -> bool:
    """Whether two paths name one file, however they are spelt; a device may serve twice."""
    first, second = Path(one).resolve(), Path(other).resolve()
    return first == second and (first.is_file() or not first.exists())


def refuse_to_overwrite(source: BinaryIO, path: str | None) -> None:
    """Raise `UsageError` if `path` is the very file that is being read."""
    if path is None or not Path(path).is_file():
        return
    with suppress(OSError, io.UnsupportedOperation):
        if os.path.samestat(os.fstat(source.fileno()), Path(path).stat()):
            raise UsageError("is the list itself; another file is accepted", path)
