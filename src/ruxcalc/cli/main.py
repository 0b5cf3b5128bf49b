"""The entry point: reads an argument list and returns an exit status, whatever happens."""

from __future__ import annotations

from ruxcalc.signals import end_by_signals, leave

TYPE_CHECKING = False  # what is loaded before signals are handled is little
if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_ANSWERED, FAILED, INTERRUPTED = 2, 1, 130
# What Typer itself writes, and does not say where it cannot.
WRITES = frozenset(("-h", "--help", "--show-completion", "--install-completion"))
# Objects made before Python looks for those that refer to each other: an answer is written
# before there are as many, and the look takes a tenth of its time.
COLLECT_AFTER = 50_000


def main() -> None:
    """Run the command line and exit with its status."""
    end_by_signals()  # before anything else is loaded
    _fill_closed_streams()
    import gc
    import sys

    gc.set_threshold(COLLECT_AFTER)
    leave(run(sys.argv[1:]))


def _fill_closed_streams() -> None:
    """Open the null device where a standard stream is closed: no file of ours takes its number."""
    import os

    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def run(arguments: Sequence[str]) -> int:
    """Return the exit status of one command line.

    It is 1 only where the program itself fails, which is not an answer.
    """
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return _end("interrupted", INTERRUPTED)
    except Exception as error:
        from ruxcalc.errors import UsageError
        from ruxcalc.streams import shortage

        if isinstance(error, UsageError):
            return _refuse(str(error), error.line)

        short = shortage(error)
        if short is not None:
            return _end(short, NOT_ANSWERED)
        import os

        if os.environ.get("RUXCALC_DEBUG") == "1":
            raise
        return _end(
            f"internal error, {type(error).__name__}: this is not an answer."
            " RUXCALC_DEBUG=1 shows where it happened; please report it.",
            FAILED,
        )


def _run(arguments: Sequence[str]) -> int:
    import os

    if "_RUXCALC_COMPLETE" not in os.environ:
        if _is_version(arguments):
            from ruxcalc.cli.version import version_text
            from ruxcalc.streams import write_answer

            write_answer(version_text(as_json="--json" in arguments))
            return 0
        from ruxcalc.cli.fast import read_fast

        read = read_fast(arguments)
        if read is not None:
            from ruxcalc.cli.run import run_command

            return run_command(*read)
    return _run_typer(arguments)


def _is_version(arguments: Sequence[str]) -> bool:
    """Return whether nothing but the version is asked for."""
    return "--version" in arguments and set(arguments) <= {"--version", "--json"}


def _run_typer(arguments: Sequence[str]) -> int:
    """Let Typer read the arguments: help, completion, and whatever it refuses."""
    import sys

    import typer

    from ruxcalc.cli.app import app

    try:
        answered = app(args=list(arguments), prog_name="ruxcalc", standalone_mode=False)
        status = answered if isinstance(answered, int) else 0
    except typer.TyperException as error:
        from ruxcalc.cli.usage import explain_usage

        refused = explain_usage(arguments, error.format_message())
        return _refuse(str(refused), refused.line)
    except OSError as error:  # help or a completion script that could not be written
        return _refuse(f"the answer could not be written: {error.strerror}")
    except SystemExit as ended:  # completion ends so, and help into a pipe that closed
        if isinstance(ended.__context__, BrokenPipeError):
            return 0
        status = NOT_ANSWERED if ended.code else 0
    if sys.stdout is None and not status and (not arguments or WRITES.intersection(arguments)):
        return _refuse("the answer could not be written: standard output is closed")
    return status


def _refuse(sentence: str, line: str = "") -> int:
    from ruxcalc.cli.messages import write_refusal

    write_refusal(sentence, line)
    return NOT_ANSWERED


def _end(message: str, status: int) -> int:
    from ruxcalc.streams import write_message

    write_message(f"ruxcalc: {message}")
    return status
