"""What a signal does to the command: it ends at once and leaves nothing half done.

Python turns an interrupt into an exception between any two instructions: while a module is
half loaded, or inside the very clean-up that the first interrupt began. Here a signal raises
nothing. Its handler undoes what must not stay (a half-written file, a changed terminal) and
ends the process. Only the command installs it, never `import ruxcalc`.
"""

from __future__ import annotations

import os
import sys

# This is the first module that the command loads, so it loads little: the built-in half of
# `signal` (the other half turns numbers into enums, for half the time of a bare start), and
# neither `typing` nor `contextlib`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn
else:
    import _signal as signal

INTERRUPTED = 130
ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")  # as far as the system has them

_undo: list[Callable[[], object]] = []


def end_by_signals() -> None:
    """Let signals end this process; to be called before anything else is loaded.

    An interrupt ends it with status 130, the others by the signal itself. What whoever
    started the process chose to ignore, as `nohup` does, stays ignored.
    """
    for name in ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


class UndoneBySignals:
    """Calls `undo` should a signal end the process inside of the `with`.

    `undo` may be called at any moment and more than once; what it raises is ignored.
    """

    def __init__(self, undo: Callable[[], object]) -> None:
        self._action = undo

    def __enter__(self) -> None:
        _undo.append(self._action)

    def __exit__(self, *_: object) -> None:
        _undo.remove(self._action)


def _end(number: int, _: FrameType | None) -> None:
    for undo in reversed(list(_undo)):
        try:  # noqa: SIM105 - contextlib is not loaded for this
            undo()
        except Exception:  # noqa: BLE001, S110 - the process ends, whatever went wrong
            pass
    if number == signal.SIGINT:
        # A second interrupt does not wait for a standard error that nobody reads.
        signal.signal(number, _leave_interrupted)
        try:  # noqa: SIM105 - the same
            os.write(sys.stderr.fileno(), b"ruxcalc: interrupted\n")
        except (OSError, ValueError, AttributeError):  # it is closed, or no stream of the system
            pass
        os._exit(INTERRUPTED)
    # Held back meanwhile: Python complains of a signal that comes while its handler changes.
    signal.pthread_sigmask(signal.SIG_BLOCK, (number,))
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (number,))


def _leave_interrupted(_number: int, _: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def leave(status: int) -> NoReturn:
    """End the process with `status`, without the time that the interpreter takes to clear up.

    What is still in a buffer is written first; the status is 2 where that fails.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            pass
        except (OSError, ValueError):
            status = 2
    os._exit(status)
