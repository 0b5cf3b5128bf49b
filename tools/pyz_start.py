"""The beginning of `ruxcalc.pyz`: what the single file answers without Typer.

`tools/build_pyz.py` puts it into the file as `__main__.py`, together with the help of each
command as Typer writes it. What the file does not hold is refused in one line, whatever is
installed on the computer, so that it answers the same everywhere.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it may have an older one
    version = "{}.{}".format(*sys.version_info)
    sys.stderr.write("ruxcalc: Python 3.11 or newer is needed; this is " + version + ".\n")
    sys.exit(2)

# Templates are looked up by the path of this file, which must not hold `..`.
sys.path[0] = os.path.realpath(sys.path[0])

from collections.abc import Sequence  # noqa: E402 - after the check of the version
from pkgutil import get_data  # noqa: E402 - the same

from ruxcalc.cli import main as entry  # noqa: E402 - the same
from ruxcalc.errors import InputError, UsageError  # noqa: E402 - the same

HELP = ("-h", "--help")
COMPLETION = ("--show-completion", "--install-completion")
KNOWN = {"words", "region"}
ABSENT = {
    "typer": "completion is not in this single file",
    "pydantic": "JSON Schemas are not in this single file; the FHIR questionnaire is:"
    " schema questionnaire",
    "icalendar": "calendars are not in this single file; plan lists the same dates as table,"
    " json or html",
}


class Absent:
    """Refuses to load what the file does not hold, in words."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Raise `UsageError` for a library that is absent; leave the others to Python."""
        del path, target
        if name in ABSENT:
            raise UsageError(f"{ABSENT[name]}. Install ruxcalc for it.")


def answer_without_typer(arguments: Sequence[str]) -> int:
    """Answer help, schema, and a line that cannot be read; return the exit status."""
    from ruxcalc.cli.messages import write_refusal
    from ruxcalc.streams import write_answer

    try:
        write_answer(text_for(arguments))
    except InputError as error:
        write_refusal(error.for_command_line())
    except UsageError as error:
        write_refusal(str(error), error.line)
    else:
        return 0
    return entry.NOT_ANSWERED


def text_for(arguments: Sequence[str]) -> str:
    """Return the help or the questionnaire that is asked for.

    Raises `UsageError` for any other line, with what is wrong with it.
    """
    from ruxcalc.cli.help_topics import help_text
    from ruxcalc.cli.options import COMMANDS
    from ruxcalc.cli.usage import explain_usage

    if any(word.startswith(COMPLETION) for word in arguments):
        raise UsageError(f"{ABSENT['typer']}. Install ruxcalc for it.")
    if not arguments or arguments[0] in HELP:
        return help_of("ruxcalc")
    command, *words = arguments
    if command in COMMANDS and any(word in HELP for word in words):
        return help_of(command)
    if command == "help" and len(words) <= 1:
        topic = "".join(words)
        return help_of(topic) if topic in COMMANDS else help_text(topic)
    if command == "schema":
        return questionnaire_text(words)
    if "_RUXCALC_COMPLETE" in os.environ:
        raise UsageError(ABSENT["typer"])
    raise explain_usage(
        arguments, f"this line cannot be read. The options: ruxcalc {command} --help"
    )


def help_of(name: str) -> str:
    """Return the help of a command, or of the program, as Typer wrote it."""
    return (get_data("ruxcalc", f"help/{name}.txt") or b"").decode()


def questionnaire_text(words: Sequence[str]) -> str:
    """Return the FHIR questionnaire; the words name it and its regions."""
    import json

    from ruxcalc.api import read_regions
    from ruxcalc.cli.fast import read_fast
    from ruxcalc.cli.usage import explain_usage
    from ruxcalc.questionnaire import questionnaire

    read = read_fast(["label", *words])  # which reads words and regions alike
    if read is None or set(read[1]) - KNOWN:
        raise explain_usage(["schema", *words], "the options: ruxcalc schema --help")
    if read[1].get("words") != ["questionnaire"]:
        raise UsageError(f"{ABSENT['pydantic']}. Install ruxcalc for it.")
    named = [str(region) for region in read[1].get("region", ())]
    regions = read_regions(named or os.environ.get("RUXCALC_REGION") or None)
    return json.dumps(questionnaire(regions), indent=2) + "\n"


if __name__ == "__main__":
    sys.meta_path.insert(0, Absent)
    entry._run_typer = answer_without_typer  # noqa: SLF001 - the one place that loads Typer
    entry.main()
