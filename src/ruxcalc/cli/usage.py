"""What is wrong with a command line that cannot be read, and the line to try instead.

Loaded only where Typer has refused the line, or an option lacks its value. Nothing here answers:
it suggests a line, and the user types it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from ruxcalc.cli.options import (
    COMMANDS,
    Option,
    command_line,
    command_words,
    options_of,
    spellings_of,
)
from ruxcalc.errors import UsageError, option_of, printable, quoted
from ruxcalc.inputs import NO, YES
from ruxcalc.labels import REGIONS
from ruxcalc.mistakes import LONG_DASHES, in_another_unit, nearest, region_meant
from ruxcalc.patient import INPUTS, inputs_of

# What else an option is looked for by.
MISNAMED: dict[str, str] = {
    "allergy": "hypersensitivity",
    "anaemia": "cytopenia",
    "anemia": "cytopenia",
    "area": "bsa",
    "begin": "start",
    "breast-feeding": "breastfeeding",
    "cancer": "malignancy",
    "cost": "tube-price",
    "country": "region",
    "date": "on",
    "dialysis": "esrd",
    "drugs": "drug",
    "fingertip-units": "ftu",
    "fingertips": "ftu",
    "gfr": "egfr",
    "handprint": "handprints",
    "heart-attack": "mi-or-stroke",
    "hiv": "infection-risk",
    "immunosuppressants": "immunosuppressant",
    "infarction": "mi-or-stroke",
    "kidney": "egfr",
    "lactating": "breastfeeding",
    "lactation": "breastfeeding",
    "liver": "hepatic",
    "medication": "drug",
    "medications": "drug",
    "medicine": "drug",
    "medicines": "drug",
    "meds": "drug",
    "nursing": "breastfeeding",
    "palms": "handprints",
    "percent": "bsa",
    "pregnancy": "pregnant",
    "price": "tube-price",
    "puva": "phototherapy",
    "renal": "egfr",
    "repigmentation": "repig",
    "response": "repig",
    "shingles": "zoster",
    "smokes": "smoker",
    "smoking": "smoker",
    "stroke": "mi-or-stroke",
    "tb": "tuberculosis",
    "thrombosis": "thrombosis-risk",
    "topicals": "topical",
    "uvb": "phototherapy",
    "vaccination": "live-vaccine",
    "vaccine": "live-vaccine",
    "visit": "on",
    "weeks": "week",
}
MONTHS = ("month", "months")
# Options of an earlier edition.
GONE = {"jobs": "--jobs is gone: one process answers a list"}
OUTPUT_FILES = ("o", "out", "output", "outfile")
SAYS_YES = (*YES, "y", "1")
SAYS_NO = (*NO, "n", "0")
# The commands in which an option is looked for first, where the line names none.
FIRST = ("dose", "check", "warn", "assess")
EVERY_COMMAND = f"Commands: {', '.join(COMMANDS)}."


class Word(NamedTuple):
    """One word of a command line that cannot be read, with what stands around it.

    Attributes:
        command: the command of the line.
        arguments: the whole line, the command first.
        place: where the word stands in it.
        before: the option before it that has all it needs, or None.

    """

    command: str
    arguments: Sequence[str]
    place: int
    before: Option | None

    @property
    def text(self) -> str:
        """Return the word itself."""
        return self.arguments[self.place]

    @property
    def previous(self) -> str:
        """Return the word before it."""
        return self.arguments[self.place - 1]

    @property
    def options(self) -> Mapping[str, Option]:
        """Return the options of the command by name."""
        return {option.name: option for option in options_of(self.command)}

    def line(self, *words: str, drop: int = 1, back: int = 0) -> str:
        """Return the line with `words` instead of `drop` words from `back` before this one."""
        at = self.place - back
        return command_line([*self.arguments[:at], *words, *self.arguments[at + drop :]])


def needs_value(option: Option, found: str) -> UsageError:
    """Return the refusal of an option that is followed by an option instead of its value."""
    return UsageError(
        f"{option.on[-1]} needs a value{_such_as(option)}; {quoted(found)} is an option."
    )


def retyped(
    command: str, raw: Mapping[str, Sequence[Any]], field: str, given: str, write: str
) -> str:
    """Return the command line with `write` in place of `given`, or an empty text.

    It is empty where `given` does not stand there exactly once.
    """
    values = list(raw.get(field, ()))
    places = [n for n, value in enumerate(values) if isinstance(value, str) and given in value]
    if not given or len(places) != 1 or values[places[0]].count(given) != 1:
        return ""
    values[places[0]] = values[places[0]].replace(given, write)
    return command_line(command_words(command, {**raw, field: values}))


def explain_usage(arguments: Sequence[str], message: str) -> UsageError:
    """Return what is wrong with `arguments`, which Typer refused with `message`."""
    dashed = _long_dash(arguments)
    if dashed is not None:
        return dashed
    if not arguments or arguments[0] not in COMMANDS:
        return _no_command(arguments) or UsageError(printable(message))
    return next(_slips(arguments), None) or UsageError(printable(message))


def _long_dash(arguments: Sequence[str]) -> UsageError | None:
    """Explain an option with a long dash, as word processors and web pages write it."""
    for place, word in enumerate(arguments):
        spelling, equals, value = word.partition("=")
        name = "".join("-" if mark in LONG_DASHES else mark for mark in spelling).lstrip("-")
        is_option = spelling[:1] in ("-", *LONG_DASHES) and name[:1].isalpha()
        if is_option and any(mark in LONG_DASHES for mark in spelling):
            fixed = f"{'-' if len(name) == 1 else '--'}{name}"
            line = [*arguments[:place], f"{fixed}{equals}{value}", *arguments[place + 1 :]]
            return UsageError(
                f"{quoted(word)} has a long dash. Type hyphens: {printable(fixed)}.",
                line=command_line(line),
            )
    return None


def _no_command(arguments: Sequence[str]) -> UsageError | None:
    """Explain a line whose first word is no command."""
    first = arguments[0] if arguments else ""
    if first.startswith("-"):
        return _options_first(arguments)
    name, equals, value = first.partition("=")
    if equals and name in INPUTS:
        line = command_line([_command_of(name), option_of(name), value, *arguments[1:]])
        return UsageError(f"{quoted(first)} is not a command.", line=line)
    near = nearest(first, COMMANDS)
    line = command_line([near.removesuffix("?"), *arguments[1:]]) if near else ""
    return UsageError(f"{quoted(first)} is not a command. {near or EVERY_COMMAND}", line=line)


def _options_first(arguments: Sequence[str]) -> UsageError | None:
    """Explain a line that begins with an option: the command is missing, or stands later."""
    later = next((word for word in arguments if word in COMMANDS), None)
    if later is not None:
        rest = list(arguments)
        rest.remove(later)
        return UsageError("the command goes first.", line=command_line([later, *rest]))
    used = [word.partition("=")[0] for word in arguments if word.startswith("-")]
    fits = [
        command
        for command in (*FIRST, *COMMANDS)
        if all(word in spellings_of(options_of(command)) for word in used)
    ]
    if fits:
        line = command_line([fits[0], *arguments])
        return UsageError(f"a command is missing before {used[0]}.", line=line)
    return UsageError(
        f"a command is missing, and {quoted(used[0])} is an option of none. {EVERY_COMMAND}"
    )


def _command_of(name: str) -> str:
    """Return the command that takes the input `name`."""
    return next((command for command in FIRST if name in inputs_of(command)), "assess")


def _slips(arguments: Sequence[str]) -> Iterator[UsageError]:
    """Yield what is wrong with the words after a command, in their order."""
    command = arguments[0]
    known = spellings_of(options_of(command))
    positional = any(option.positional for option in options_of(command))
    before: Option | None = None
    place = 1
    while place < len(arguments):
        word = Word(command, arguments, place, before)
        spelling, equals, value = word.text.partition("=")
        if spelling in known:
            option, on = known[spelling]
            takes = bool(option.metavar) and on
            if equals and not takes:
                yield _no_value(word, value, option, on=on)
            following = arguments[place + 1] if place + 1 < len(arguments) else None
            if takes and not equals and following is None:
                yield UsageError(f"{spelling} needs a value{_such_as(option)}.")
            if takes and not equals and following in known:
                yield needs_value(option, following)
            before = option
            place += 1 if equals or not takes else 2
            continue
        if spelling[:2] in known and len(spelling) > len("-r"):  # such as -reu
            before = None
        elif spelling.startswith("-") and spelling not in ("-", "--") and not is_number(spelling):
            yield _unknown_option(word)
        elif not positional:
            yield _extra_word(word)
        place += 1


def is_number(word: str) -> bool:
    """Return whether a word is written with digits, a sign, a mark and a percent sign only."""
    return word.lstrip("-").rstrip("%").replace(".", "", 1).replace(",", "", 1).isdigit()


def _such_as(option: Option) -> str:
    if option.words:
        return f": {', '.join(option.words[:-1])} or {option.words[-1]}"
    declared = INPUTS.get(option.name)
    if declared is not None and declared.example:
        return f", such as {declared.example}"
    return {"DATE": ", such as 2026-01-05", "FILE": ", the name of a file"}.get(option.metavar, "")


def _no_value(word: Word, value: str, option: Option, *, on: bool) -> UsageError:
    """Explain a value after an option that takes none: `--pregnant yes`, `--pregnant=no`."""
    spelling = (option.on if on else option.off)[-1]
    joined = word.text.startswith("-")
    around = {"drop": 1, "back": 0} if joined else {"drop": 2, "back": 1}
    if not option.off:
        return UsageError(f"{spelling} takes no value.", line=word.line(spelling, **around))
    problem = f"{spelling} takes no value, and {quoted(value)} is one; {option.off[-1]} says no."
    said = value.lower()
    if said in SAYS_YES:
        return UsageError(problem, line=word.line(spelling, **around))
    if said in SAYS_NO:
        opposite = (option.off if on else option.on)[-1]
        return UsageError(problem, line=word.line(opposite, **around))
    return UsageError(problem)


# ---- an option that the command does not have ----


def _unknown_option(word: Word) -> UsageError:
    spelling, equals, value = word.text.partition("=")
    name = spelling.lstrip("-").lower().replace("_", "-")
    shown = quoted(spelling)
    if name in GONE:
        return UsageError(f"{GONE[name]}.", line=word.line(drop=1 if equals else 2))
    if name in OUTPUT_FILES and word.command != "batch":
        return _output_file(word)
    known = spellings_of(options_of(word.command))
    same = f"--{name}" if f"--{name}" in known else _misnamed(name)
    if name in MONTHS:
        return UsageError(f"{shown} is not an option. --week? It counts completed weeks:"
                          " 6 months are 26, 12 months are 52.")  # fmt: skip
    if same in known:
        meant = same
    elif others := [other for other in COMMANDS if {spelling, same} & {*_spelt(other)}]:
        return _option_of_others(word, others)
    else:
        meant = _near(name, known)
    problem = f"{shown} is not an option of {word.command}."
    if not meant:
        return UsageError(f"{problem} ruxcalc {word.command} --help lists them.")
    return UsageError(f"{problem} {meant}?", line=word.line(f"{meant}{equals}{value}"))


def _spelt(command: str) -> Iterable[str]:
    return spellings_of(options_of(command))


def _misnamed(name: str) -> str:
    """Return the option that is called `name` elsewhere, or an empty text."""
    negation, _, rest = name.partition("-")
    if negation in ("no", "not") and rest in MISNAMED:
        return f"--no-{MISNAMED[rest]}"
    return f"--{MISNAMED[name]}" if name in MISNAMED else ""


def _near(name: str, known: Iterable[str]) -> str:
    """Return the option of `known` that is spelt like `name`, or an empty text."""
    names = {word.lstrip("-"): word for word in known if word.startswith("--")}
    longer = [word for word in names if len(name) > 1 and word.startswith(name)]
    if len(longer) == 1:
        return names[longer[0]]
    return names.get(nearest(name, names).removesuffix("?"), "")


def _option_of_others(word: Word, others: Sequence[str]) -> UsageError:
    """Explain an option that other commands have; assess takes those of dose, check and warn."""
    other = "assess" if "assess" in others else others[0]
    used = [text.partition("=")[0] for text in word.arguments[1:] if text.startswith("--")]
    known = {*_spelt(other)}
    misnamed = _misnamed(word.text.partition("=")[0].lstrip("-").lower())
    rest = [misnamed if text == word.text and misnamed else text for text in word.arguments[1:]]
    fits = all(spelling in known or spelling == word.text for spelling in used)
    names = ", ".join(others)
    return UsageError(
        f"{quoted(word.text)} is not an option of {word.command}, but of {names}.",
        line=command_line([other, *rest]) if fits and word.command in FIRST else "",
    )


def _output_file(word: Word) -> UsageError:
    """Explain a file to write to, which only `batch` takes."""
    spelling, equals, value = word.text.partition("=")
    path = value if equals else next(iter(word.arguments[word.place + 1 :]), "FILE")
    line = word.line(drop=1 if equals else 2)
    shown = command_line([path]).removeprefix("ruxcalc ")
    return UsageError(
        f"{quoted(spelling)} is an option of batch. To write a file, use >.",
        line=f"{line} > {shown}",
    )


# ---- a word that belongs to no option ----


def _extra_word(word: Word) -> UsageError:
    for explain in (_without_hyphens, _yes_or_no, _after_number, _name_in_parts, _other_word):
        explained = explain(word)
        if explained is not None:
            return explained
    return UsageError(
        f"{quoted(word.text)} stands alone; {word.command} takes options only."
        f" ruxcalc {word.command} --help lists them."
    )


def _without_hyphens(word: Word) -> UsageError | None:
    """Explain `bsa=8` and `bsa 8`."""
    name, equals, value = word.text.partition("=")
    plain = name.lower().replace("_", "-")
    spelling = _misnamed(plain) or f"--{plain}"
    found = spellings_of(options_of(word.command)).get(spelling)
    if found is None or not plain:
        return None
    if bool(found[0].metavar) and not equals and word.place + 1 == len(word.arguments):
        return None
    return UsageError(
        f"{quoted(word.text)} stands alone. An option begins with two hyphens.",
        line=word.line(f"{spelling}{equals}{value}"),
    )


def _yes_or_no(word: Word) -> UsageError | None:
    """Explain `--pregnant yes`."""
    if word.before is None or word.before.metavar or word.text.lower() not in SAYS_YES + SAYS_NO:
        return None
    return _no_value(word, word.text, word.before, on=word.previous in word.before.on)


def _after_number(word: Word) -> UsageError | None:
    """Explain `--bsa 8 %` and `--height 180 cm`."""
    declared = None if word.before is None else INPUTS.get(word.before.name)
    if declared is None or not word.before or not is_number(word.previous):
        return None
    number = word.previous.rstrip("%")
    if word.text == "%":
        how = f"{number} or {number}%, without a space" if declared.percent else number
        return UsageError(f"'%' stands alone. Write {how}.", line=word.line())
    is_other = (
        region_meant(word.text) or word.text.lower() in REGIONS + word.options["format"].words
    )
    if not word.text.isalpha() or is_other:
        return None
    other = in_another_unit(number, word.text.lower(), declared.unit)
    if other is not None:
        line = word.line() if not other.write else ""
        return UsageError(f"{quoted(word.text)} stands alone. {other.fix}", line=line)
    return UsageError(
        f"{quoted(word.text)} stands alone. Write the number without its unit: {number}.",
        line=word.line(),
    )


def _name_in_parts(word: Word) -> UsageError | None:
    """Explain `--drug itraconazole 200 mg`."""
    declared = None if word.before is None else INPUTS.get(word.before.name)
    if declared is None or declared.kind != "names":
        return None
    rest = list(takewhile(lambda text: not text.startswith("-"), word.arguments[word.place :]))
    whole = " ".join((word.previous, *rest))
    return UsageError(
        f"{quoted(word.text)} stands alone. Quote a name that has a space.",
        line=word.line(whole, drop=len(rest) + 1, back=1),
    )


def _other_word(word: Word) -> UsageError | None:
    """Explain a region, a format or a number without its option."""
    text = word.text.lower()
    region = text if text in REGIONS else region_meant(text)
    if region:
        return _as_option(word, "-r", region)
    if text in word.options["format"].words:
        return _as_option(word, "-f", text)
    first = next((option for option in options_of(word.command) if option.metavar), None)
    given = {argument.partition("=")[0] for argument in word.arguments}
    if first is None or not is_number(text) or first.on[-1] in given:
        return None
    return _as_option(word, first.on[-1], text)


def _as_option(word: Word, spelling: str, value: str) -> UsageError:
    return UsageError(
        f"{quoted(word.text)} stands alone. {spelling} {value}?", line=word.line(spelling, value)
    )
