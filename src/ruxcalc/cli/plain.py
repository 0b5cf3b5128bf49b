"""A plain reading of an argument list, for scripts that call in loops.

Typer stays the authority on what is accepted, but it takes several times as long to
load as an answer takes to compute. This reader knows a command followed by options
spelt in full; anything else (help, completion, an error of usage) it leaves to Typer
by answering None. A property test holds the two to the same answers.
"""

from collections.abc import Sequence

from ruxcalc.cli.options import COMMANDS, Given, Option, options_of


def read_plainly(arguments: Sequence[str]) -> tuple[str, Given] | None:
    """The command and what was given to it, or None where Typer must read it."""
    if not arguments or arguments[0] not in COMMANDS:
        return None
    command, rest = arguments[0], iter(arguments[1:])
    options = options_of(command)
    by_spelling: dict[str, tuple[Option, bool]] = {}
    for option in options:
        by_spelling |= dict.fromkeys(option.on, (option, True))
        by_spelling |= dict.fromkeys(option.off, (option, False))
    positional = next((option for option in options if option.positional), None)
    given: dict[str, list[str | bool]] = {}
    for argument in rest:
        if positional is not None and (argument == "-" or argument[:1] not in ("-", "")):
            given.setdefault(positional.name, []).append(argument)
            continue
        spelling, equals, value = argument.partition("=")
        if spelling not in by_spelling or (equals and not spelling.startswith("--")):
            return None
        option, on = by_spelling[spelling]
        if not (option.metavar and on):
            if equals:
                return None
            given.setdefault(option.name, []).append(on)
            continue
        if not equals:
            following = next(rest, None)
            if following is None:
                return None
            value = following
        given.setdefault(option.name, []).append(value)
    return command, given
