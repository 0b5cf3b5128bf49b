"""The one exception for what the user typed."""

LONGEST_ECHO = 60
LONGEST_MESSAGE = 600
HUGE = 10_000  # bits


class InputError(ValueError):
    """Input that ruxcalc does not accept.

    Raised by every door: the command line turns it into exit status 2, Python
    callers catch it. `field` is the input's name (`bsa`, `repig`), `problem`
    says what was wrong with it, `accepted` what is accepted instead, and
    `given` what came, or `None` when nothing did.
    """

    def __init__(
        self,
        field: str,
        problem: str,
        accepted: str = "",
        given: object = None,
        *,
        option: str | None = None,
    ) -> None:
        self.field = field
        self.problem = problem
        self.accepted = accepted
        self.given = given
        self.option = option or "--" + field.replace("_", "-")
        super().__init__(field, problem, accepted, given)

    def __str__(self) -> str:
        return self._sentence(self.field)

    def for_command_line(self) -> str:
        """The same message under the option's name, such as `--tube-price`."""
        return self._sentence(self.option)

    def _sentence(self, name: str) -> str:
        came = "" if self.given is None else f" {quoted(self.given)}"
        end = "" if self.problem.endswith("?") else "."
        accepted = f" Accepted: {self.accepted}." if self.accepted else ""
        return f"{name}:{came} {self.problem}{end}{accepted}"


def printable(text: str) -> str:
    """`text` with whatever a terminal might obey escaped, and cut where it is very long."""
    safe = "".join(
        character if character.isprintable() or character == "\n" else repr(character)[1:-1]
        for character in text[:LONGEST_MESSAGE]
    )
    return safe if len(text) <= LONGEST_MESSAGE else f"{safe}... ({len(text)} characters)"


def quoted(value: object) -> str:
    """`value` in quotes, safe to print: control characters escaped, long values cut."""
    if isinstance(value, int) and value.bit_length() > HUGE:
        return "a huge whole number"  # Python itself refuses to write one out
    try:
        text = value if isinstance(value, str) else repr(value)
    except (ValueError, RecursionError):  # such a number inside a list, or lists without end
        return f"a {type(value).__name__} that cannot be written out"
    length = len(text)
    cut = repr(text[:LONGEST_ECHO])
    return cut if length <= LONGEST_ECHO else f"{cut}... ({length} characters)"


class UsageError(ValueError):
    """A command line that cannot be read at all, such as an unknown option."""

    def __init__(self, problem: str, given: str | None = None) -> None:
        self.problem = problem
        self.given = given
        super().__init__(problem)

    def __str__(self) -> str:
        return self.problem if self.given is None else f"{quoted(self.given)}: {self.problem}"
