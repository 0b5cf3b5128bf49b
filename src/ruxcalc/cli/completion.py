"""What a shell offers when the tab key is pressed, from the tables that the readers use.

Typer writes the script that each shell loads. The script hands the line so far to
`ruxcalc` in the environment and takes what is printed. Answered here rather than by
Typer, a key press does not wait for Typer to load, and a name with a space or an
apostrophe reaches the shell as one word.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ruxcalc.cli.options import COMMANDS, HELP, MORE_COMMANDS, TOP_OPTIONS, Option, options_of
from ruxcalc.patient import INPUTS

FILE = "FILE"
SWITCH = Option("", (), "")
# Capital letters are neither asked for nor a hindrance: st finds St John's wort.
ANY_CASE = "-M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'"
# The script that Typer writes for zsh is a function that zsh loads at the first key press.
# It only defines the one that completes, so that this first press would be lost.
ZSH_FIRST = '[ "$funcstack[1]" = "_ruxcalc" ] && _ruxcalc_completion "$@"'


class Item(NamedTuple):
    """One word that is offered, with what it means."""

    value: str
    help: str = ""


class Offer(NamedTuple):
    """What is offered for the word at the cursor.

    `before` is the part of the word that the items do not repeat, such as `--drug=`;
    `hint` says what a value that nobody can list is to be; `files` asks for file names.
    """

    items: tuple[Item, ...] = ()
    before: str = ""
    hint: str = ""
    files: bool = False


class Line(NamedTuple):
    """The words before the cursor, the one at the cursor, both without quotes.

    `quote` is the quotation mark that is still open; `split` tells that the shell sees
    what stands behind `=` as a word of its own.
    """

    words: Sequence[str]
    current: str
    quote: str = ""
    split: bool = False


def complete(instruction: str, environment: Mapping[str, str]) -> tuple[str, int] | None:
    """What to print to the shell and the exit status; None for a shell that is not known."""
    arguments = environment.get("_TYPER_COMPLETE_ARGS", "")
    match instruction:
        case "complete_bash":
            line = _bash_line(environment)
            return _for_bash(offer(line.words, line.current), line), 0
        case "complete_zsh":
            return _for_zsh(offer(*_read(arguments))), 0
        case "complete_fish":
            offered = offer(*_read(arguments))
            if environment.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
                return "", int(offered.files)  # 1 leaves the word to fish, which has the files
            return _for_fish(offered), 0
        case _:
            return None


def offer(words: Sequence[str], current: str) -> Offer:
    """What is offered for the word `current` after `words`, the first of which is a command."""
    known = COMMANDS | MORE_COMMANDS
    if not words:
        if current.startswith("-"):
            return Offer(_spellings(TOP_OPTIONS, current))
        return Offer(_matching((Item(name, about) for name, about in known.items()), current))
    command, *given = words
    return _offer_to(command, given, current) if command in known else Offer()


def _offer_to(command: str, given: Sequence[str], current: str) -> Offer:
    """What is offered for the word `current` of `command`, after the words `given`."""
    options = options_of(command)
    taking = {spelling: option for option in options if option.metavar for spelling in option.on}
    waiting = SWITCH
    for word in given:  # an option takes the word after it, whatever that looks like
        waiting = taking.get(word, SWITCH) if waiting is SWITCH else SWITCH
    if waiting is not SWITCH:
        return _values(command, waiting, current)
    spelling, equals, value = current.partition("=")
    if equals and spelling in taking:
        return _values(command, taking[spelling], value)._replace(before=f"{spelling}=")
    if not current.startswith("-"):
        positional = next((option for option in options if option.positional), SWITCH)
        offered = _values(command, positional, current)
        if offered.items or offered.files:
            return offered
    return Offer(_spellings(options, current))


def _values(command: str, option: Option, current: str) -> Offer:
    """The values of an option or of what stands without a name."""
    return Offer(
        _matching(_listed(command, option), current),
        hint=f"{option.metavar}: {option.help}",
        files=option.metavar == FILE,
    )


def _listed(command: str, option: Option) -> Iterator[Item]:
    """The values that can be listed; what is dear to load is loaded only here."""
    if command == "schema":
        from ruxcalc.schema import SCHEMAS

        yield from map(Item, SCHEMAS)
    elif command == "help":
        from ruxcalc.cli.topics import HELP_TOPICS

        yield from map(Item, HELP_TOPICS)
    elif option.name in INPUTS and INPUTS[option.name].kind == "names":
        yield from _medicines(INPUTS[option.name].topics)
    else:
        yield from map(Item, option.values)


def _medicines(topics: Sequence[str]) -> Iterator[Item]:
    """The listed medicines, if any of them speaks on one of `topics`, with their classes."""
    from ruxcalc.labels.drugs import CLASSES, SPELLINGS

    if not any(topic in topics for topic, _ in CLASSES.values()):
        return
    classes: dict[str, str] = {}
    for drug_class, (_, names) in CLASSES.items():
        for name in names:
            classes[name] = f"{classes[name]}, {drug_class}" if name in classes else drug_class
    for name in sorted((*classes, *SPELLINGS), key=str.casefold):
        listed = SPELLINGS.get(name, name)
        other = f"{listed}: " if listed != name else ""
        yield Item(name, other + classes[listed])


def _spellings(options: Sequence[Option], current: str) -> tuple[Item, ...]:
    """The names of the options; short ones only once a hyphen is typed."""
    items = (
        Item(spelling, option.help if spelling in option.on else f"No to {option.on[-1]}.")
        for option in (*options, HELP)
        for spelling in (*option.on, *option.off)
    )
    return _matching(items, current or "--")


def _matching(items: Iterable[Item], current: str) -> tuple[Item, ...]:
    begin = current.casefold()
    return tuple(item for item in items if item.value.casefold().startswith(begin))


def _read(text: str) -> tuple[list[str], str]:
    """The words of a line up to the cursor without the first, and the one at the cursor."""
    words = list(_words(f"{text}\0"))  # the mark keeps a word that is still empty
    return words[1:-1], words[-1].removesuffix("\0")


def _words(text: str) -> Iterator[str]:
    """The words of a line as a shell reads them; the last quotation may still be open."""
    reader = shlex.shlex(text, posix=True, punctuation_chars=False)
    reader.whitespace_split, reader.commenters = True, ""
    try:
        yield from reader
    except ValueError:
        yield reader.token


def _bash_line(environment: Mapping[str, str]) -> Line:
    """The line as bash gives it: one word a line, with `=` as a word of its own."""
    at = environment.get("COMP_CWORD", "")
    typed = environment.get("COMP_WORDS", "").split("\n")[: int(at) + 1 if at.isdecimal() else None]
    words: list[str] = []
    split = False
    for word in typed:
        before = words[-1] if words else ""
        split = before.startswith("--") and (word == "=" or before.endswith("="))
        if split:
            words[-1] += word
        else:
            words.append(word)
    last = typed[-1] if len(typed) > 1 else ""
    quote = last[:1] if last[:1] in ("'", '"') else ""
    plain = ["".join(_words(f"{word}\0")).removesuffix("\0") for word in words[1:]]
    return Line(plain[:-1], plain[-1] if plain else "", quote, split)


def _for_bash(offered: Offer, line: Line) -> str:
    """One word a line, quoted as the word that is being typed; none leaves it to the files."""
    before = "" if line.split else offered.before
    return "".join(f"{before}{_quoted(item.value, line.quote)}\n" for item in offered.items)


def _quoted(value: str, quote: str) -> str:
    if quote == "'":
        return value.replace("'", r"'\''")
    special = r'[\\"$`]' if quote else r"[^\w@%+=:,./-]"
    return re.sub(special, r"\\\g<0>", value)


def _for_zsh(offered: Offer) -> str:
    """Statements that zsh runs; it quotes what it inserts itself."""
    if offered.files:
        what = "_files"
    elif offered.items:
        # A colon ends the word, and the description follows.
        described = (
            (re.sub(r"[\\:]", r"\\\g<0>", item.value), item.help) for item in offered.items
        )
        words = " ".join(
            shlex.quote(f"{word}:{about}" if about else word) for word, about in described
        )
        what = f"local -a offered; offered=({words}); _describe -V '' offered {ANY_CASE}"
    else:
        what = f"_message -r {shlex.quote(offered.hint)}" if offered.hint else ":"
    prefix = f"compset -P {shlex.quote(offered.before)}; " if offered.before else ""
    return f"{prefix}{what}\n"


def _for_fish(offered: Offer) -> str:
    """One word a line with its description; fish quotes what it inserts itself."""
    described = (f"{item.value}\t{item.help}".rstrip("\t") for item in offered.items)
    return "".join(f"{offered.before}{line}\n" for line in described)
