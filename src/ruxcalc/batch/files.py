"""Where a list is written to: a file that appears whole or not at all, or a pipe or device."""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ruxcalc.errors import UsageError, printable
from ruxcalc.signals import UndoneBySignals
from ruxcalc.streams import cause_of, descriptor_of, shortage, write_whole

Sink = Callable[[bytes], None]

STDOUT = "-"
# Names of what is open already. Opening it again would write over what stands there.
OPEN_ALREADY = re.compile(r"/dev/std(out|err)|/(?:dev|proc/self)/fd/([0-9]{1,9})")
NEW, OF_OWNER = 0o666, 0o600  # modes; the first as the mask of the process allows


@contextmanager
def opened_output(path: str) -> Iterator[Sink]:
    """Open `path` to be written; `-` is standard output.

    A file takes its place only when all is written; a pipe or device is written to as it is.
    Raises `UsageError` where it cannot be written, and `BrokenPipeError` where nobody reads on.
    """
    if path == STDOUT:
        yield _standard_output()
        return
    again = OPEN_ALREADY.fullmatch(path)
    if again is not None:
        number = {"out": 1, "err": 2}.get(again[1]) or int(again[2])
        # Python has no stream where one was closed; the null device stands there, see `main`.
        if {1: sys.stdout, 2: sys.stderr}.get(number, sys) is None:
            raise refused(path, "cannot be written: it is closed")
        with _named(path), _closed_at_last(os.dup(number)) as descriptor:
            yield _sink(descriptor, path)
        return
    if not path:
        raise refused(path, "is no name; the name of a file is accepted")
    with _named(path):
        before = _status(path)
    if before is None and path.endswith(os.sep):
        raise refused(path, "names no folder that is there; the name of a file is accepted")
    if before is not None and stat.S_ISDIR(before.st_mode):
        raise refused(path, "is a folder; the name of a file is accepted")
    if before is None or stat.S_ISREG(before.st_mode):
        with _whole_file(path, before) as sink:
            yield sink
        return
    with _named(path), _closed_at_last(os.open(path, os.O_WRONLY)) as descriptor:
        yield _sink(descriptor, path)


def _standard_output() -> Sink:
    stream = sys.stdout
    if stream is None:
        raise UsageError("the answer could not be written: standard output is closed")
    descriptor = descriptor_of(stream)

    def write(data: bytes) -> None:
        try:
            if descriptor is None:  # a stream of Python's own, such as a test's
                stream.write(data.decode())
                stream.flush()
            else:
                write_whole(descriptor, data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UsageError(f"the answer could not be written: {cause_of(error)}") from None

    return write


def _sink(descriptor: int, path: str) -> Sink:
    def write(data: bytes) -> None:
        with _named(path):
            write_whole(descriptor, data)

    return write


def whole(sink: Sink, path: str) -> Sink:
    """Return a sink that raises `UsageError` where nobody reads on: all of it must be read."""

    def write(data: bytes) -> None:
        try:
            sink(data)
        except BrokenPipeError as error:
            raise refused(path, f"cannot be written: {cause_of(error)}") from None

    return write


def refused(path: str, problem: str) -> UsageError:
    """Return the error that a file cannot be used."""
    shown = printable(path).replace("\n", "\\n")
    return UsageError(f"'{shown}': {problem}")


@contextmanager
def _named(path: str) -> Iterator[None]:
    """Name the file where the system refuses it, and a shortage where that is the cause."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        short = shortage(error)
        if short is not None:
            raise UsageError(short) from None
        raise refused(path, f"cannot be written: {cause_of(error)}") from None


@contextmanager
def _closed_at_last(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _status(path: str) -> os.stat_result | None:
    try:
        return Path(path).stat()
    except FileNotFoundError:
        return None


@contextmanager
def _whole_file(path: str, before: os.stat_result | None) -> Iterator[Sink]:
    """Write to a temporary file beside `path`, which takes its place when all is written."""
    with _named(path):
        # Through a link to what it names, which stays a link.
        target = Path(path).resolve() if Path(path).is_symlink() else Path(path)
        if before is not None and not os.access(path, os.W_OK):
            raise refused(path, "cannot be written: it is write-protected")
        temporary = target.parent / f".ruxcalc-{os.urandom(8).hex()}.tmp"
        mode = NEW if before is None else OF_OWNER
        # The name is known before the file is there, so that no signal leaves it behind.
        with UndoneBySignals(lambda: temporary.unlink(missing_ok=True)):
            try:
                with _closed_at_last(_new_file(temporary, mode, path)) as descriptor:
                    yield _sink(descriptor, path)
                    if before is not None:
                        _keep_owner(descriptor, before, path)
                        temporary.chmod(stat.S_IMODE(before.st_mode))
                temporary.replace(target)
            finally:
                with suppress(OSError):
                    temporary.unlink()


def _new_file(temporary: Path, mode: int, path: str) -> int:
    try:
        return os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except PermissionError:
        raise refused(path, "cannot be written: its folder accepts no new file") from None


def _keep_owner(descriptor: int, before: os.stat_result, path: str) -> None:
    """Give a file the owner of the one that it replaces."""
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) == (before.st_uid, before.st_gid):
        return
    try:
        os.fchown(descriptor, before.st_uid, before.st_gid)
    except PermissionError:
        problem = "belongs to somebody else and would not any more; name another file"
        raise refused(path, problem) from None


def refuse_same(output: str, rejects: str) -> None:
    """Raise `UsageError` if answers and rejects are to go to one file, however it is spelt.

    A device such as the null device or a terminal may serve twice.
    """
    one, other = _status_if_any(output), _status_if_any(rejects)
    if one is not None and other is not None:
        same = os.path.samestat(one, other) and not stat.S_ISCHR(one.st_mode)
    else:
        same = one is other and _is_one_name(output, rejects)
    if same:
        raise refused(rejects, "is named twice; different files are accepted")


def _is_one_name(output: str, rejects: str) -> bool:
    """Return whether two files that are not there yet would be one."""
    with suppress(OSError, RuntimeError):  # a folder that is gone, a loop of links
        return Path(output).resolve() == Path(rejects).resolve()
    return False


def _status_if_any(path: str) -> os.stat_result | None:
    with suppress(OSError):
        if path != STDOUT:
            return Path(path).stat()
        descriptor = descriptor_of(sys.stdout)
        return None if descriptor is None else os.fstat(descriptor)
    return None


def refuse_to_overwrite(descriptor: int | None, path: str) -> None:
    """Raise `UsageError` if `path` is the very file that is being read."""
    if descriptor is None:
        return
    status = _status_if_any(path)
    if status is None or not stat.S_ISREG(status.st_mode):
        return
    if os.path.samestat(os.fstat(descriptor), status):
        shown = "standard output" if path == STDOUT else path
        raise refused(shown, "is the list itself; another file is accepted")
