"""A small reader of argument lists, for scripts that call `ruxcalc` in loops.

Typer reads everything and takes several times as long to load as an answer takes to compute.
This reader knows a command followed by options spelt in full. Anything else (help, completion,
an error of usage) it leaves to Typer by answering None. Both use the same options, and a
property test holds them to the same answers.
"""

from collections.abc import Sequence

from ruxcalc.cli.options import COMMANDS, Raw, options_of, spellings_of

# Typer answers these itself.
_TEXT_COMMANDS = ("schema", "help")


def read_fast(arguments: Sequence[str]) -> tuple[str, Raw] | None:
    """Return the command and what was typed for it, or None where Typer must read it."""
    if not arguments or arguments[0] not in COMMANDS or arguments[0] in _TEXT_COMMANDS:
        return None
    command, rest = arguments[0], iter(arguments[1:])
    known = spellings_of(options_of(command))
    positional = next((option for option in options_of(command) if option.positional), None)
    raw: dict[str, list[str | bool]] = {}
    for argument in rest:
        if positional is not None and (argument == "-" or argument[:1] not in ("-", "")):
            raw.setdefault(positional.name, []).append(argument)
            continue
        spelling, equals, value = argument.partition("=")
        if spelling not in known or (equals and not spelling.startswith("--")):
            return None
        option, on = known[spelling]
        if not (option.metavar and on):
            if equals:
                return None
            raw.setdefault(option.name, []).append(on)
            continue
        if not equals:
            following = next(rest, None)
            if following is None:
                return None
            value = following
        raw.setdefault(option.name, []).append(value)
    return command, raw
