"""The exceptions for what the user typed, and how a message shows what was typed.

A message names an input in braces, `{bsa}`, so that each interface shows the name by which its
user knows the input: `bsa` in Python and in lists, `--bsa` on the command line.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what is loaded before signals are handled is little
if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_ECHO = 60
LONGEST_MESSAGE = 600
HUGE = 10_000  # bits


class InputError(ValueError):
    """Input that ruxcalc does not accept.

    Every interface raises it: the command line turns it into exit status 2, Python
    callers catch it.

    Attributes:
        field: the name of the input, such as `bsa` or `repig`.
        problem: what is wrong, in words that follow the value.
        accepted: what is accepted instead.
        given: what came, or `None` where nothing did.
        fix: a sentence that says what to write; it stands instead of `accepted`.
        write: the value to write instead of `given`, where only one can be meant.

    `problem`, `accepted` and `fix` may name other inputs as `{bsa}`. Text that was typed must
    not stand in them: it belongs into `given`.

    """

    def __init__(  # noqa: PLR0913 - the parts of a message
        self,
        field: str,
        problem: str,
        accepted: str = "",
        given: object = None,
        *,
        fix: str = "",
        write: str = "",
        option: str | None = None,
    ) -> None:
        self.field = field
        self.problem = problem
        self.accepted = accepted
        self.given = given
        self.fix = fix or (f"Write {write}." if write else "")
        self.write = write
        self.option = option or option_of(field)
        super().__init__(field, problem, accepted, given)

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """Return the whole message, with the name of the input."""
        return f"{self.field}: {self.reason}"

    @property
    def reason(self) -> str:
        """Return the message without the name of the input, as a list of rejected rows shows it."""
        return named(self._sentence(), str)

    def for_command_line(self) -> str:
        """Return the message with the option in place of each input, such as `--tube-price`."""
        return f"{self.option}: {named(self._sentence(), option_of)}"

    def _sentence(self) -> str:
        came = "" if self.given is None else f"{_literal(quoted(self.given))} "
        end = "" if self.problem.endswith(("?", ".")) else "."
        accepted = f"Accepted: {self.accepted}." if self.accepted else ""
        return f"{came}{self.problem}{end} {self.fix or accepted}".rstrip()


def option_of(field: str) -> str:
    """Return the option of an input: `--tube-price` of `tube_price`, `--no-drug` of `no_drug`."""
    return "--" + field.replace("_", "-")


def named(text: str, name: Callable[[str], str]) -> str:
    """Return `text` with each `{input}` in it replaced by what `name` makes of the input."""
    before, *rest = text.split("{")
    parts = [before]
    for part in rest:
        field, brace, after = part.partition("}")
        if brace and field and field.replace("_", "").isalpha() and field.isascii():
            parts.append(f"{name(field)}{after}")
        else:
            parts.append("{" + part)
    return "".join(parts).replace(_BRACE, "{")


# Stands for a brace that was typed, so that it never names an input.
_BRACE = "\ue000"


def _literal(text: str) -> str:
    return text.replace("{", _BRACE)


def printable(text: str) -> str:
    """Return `text` with whatever a terminal might obey escaped, and cut where it is very long."""
    safe = "".join(
        character if character.isprintable() or character == "\n" else repr(character)[1:-1]
        for character in text[:LONGEST_MESSAGE]
    )
    return safe if len(text) <= LONGEST_MESSAGE else f"{safe}... ({len(text)} characters)"


def quoted(value: object) -> str:
    """Return `value` as it was typed, in quotes where it is text, and safe to print.

    Control characters are escaped and long values cut. A value that is no text and no number
    is described, never shown in Python's notation.
    """
    if isinstance(value, str):
        cut = "".join(
            character if character.isprintable() else repr(character)[1:-1]
            for character in value[:LONGEST_ECHO]
        )
        length = len(value)
        return f"'{cut}'" if length <= LONGEST_ECHO else f"'{cut}'... ({length} characters)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) or type(value).__name__ == "Decimal":
        if isinstance(value, int) and value.bit_length() > HUGE:
            return "a huge whole number"  # Python itself refuses to write one out
        text = str(value)
        return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}..."
    return _described(value)


def _described(value: object) -> str:
    described = getattr(value, "described", None)  # a number or an object of a JSON text
    if isinstance(described, str):
        return described
    if isinstance(value, bytes | bytearray):
        return "a byte string"
    if isinstance(value, list | tuple | set | frozenset):
        return "a list" if value else "an empty list"
    return "an object" if isinstance(value, dict) else f"a value of type {type(value).__name__}"


class UsageError(ValueError):
    """A command line that cannot be read at all, such as an unknown option.

    Attributes:
        problem: what is wrong, and what to type.
        given: the word that is at fault, where there is one.
        line: a command line to try, where one can be built.

    """

    def __init__(self, problem: str, given: str | None = None, *, line: str = "") -> None:
        self.problem = problem
        self.given = given
        self.line = line
        super().__init__(problem)

    def __str__(self) -> str:
        return self.problem if self.given is None else f"{quoted(self.given)}: {self.problem}"
