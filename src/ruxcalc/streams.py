"""Standard output and standard error: the answer on one, everything else on the other."""

import os
import sys

from ruxcalc.errors import UsageError


def write_answer(text: str) -> None:
    """Write `text` to standard output; a closed pipe ends quietly.

    Raises `UsageError` where the answer could not be written whole.
    """
    if sys.stdout is None:
        raise UsageError("the answer could not be written: standard output is closed")
    _show_unencodable(sys.stdout)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
    except OSError as error:
        abandon(sys.stdout)
        raise UsageError(f"the answer could not be written: {error.strerror}") from None


def write_message(text: str) -> None:
    """Write one message to standard error, if there is one that takes it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        abandon(sys.stderr)


def _show_unencodable(stream: object) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def abandon(stream: object) -> None:
    """Point the stream elsewhere, so that the interpreter does not flush it again at its end."""
    fileno = getattr(stream, "fileno", None)
    if fileno is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, fileno())
        os.close(nowhere)
