"""Write the manual page from the declarations of the command line.

    python tools/write_man.py           writes docs/man/ruxcalc.1

A test compares the file with what this would write.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ruxcalc.cli.options import (
    COMMANDS,
    HELP,
    MORE_COMMANDS,
    TOP_OPTIONS,
    Option,
    options_of,
)
from ruxcalc.cli.topics import ENVIRONMENT, EXIT_STATUS, HELP_TOPICS, NUMBERS
from ruxcalc.cli.typer_door import EXAMPLES, HEADLINE
from ruxcalc.labels import load_all

PAGE = Path(__file__).parent.parent / "docs" / "man" / "ruxcalc.1"
HEAD = """\
.\\" Written by tools/write_man.py from the declarations of the command line.
.TH RUXCALC 1 "{date}" "ruxcalc" "User commands"
.SH NAME
ruxcalc \\- {what}
.SH SYNOPSIS
.B ruxcalc
.I COMMAND
.RI [ OPTION ]...
.br
.B ruxcalc
.I COMMAND
.B \\-\\-help
"""


def page() -> str:
    """The whole page."""
    what, _, about = HEADLINE.partition("\n")
    commands = COMMANDS | MORE_COMMANDS
    # What most commands take is told once, and so is what a later command shares with others.
    met = Counter(option for command in commands for option in options_of(command))
    common = [option for option, times in met.items() if times > len(COMMANDS) / 2]
    told: dict[Option, str] = dict.fromkeys(common, "below")
    described = [
        head_of(what),
        ".SH DESCRIPTION\n",
        paragraphs(about.split("Examples:")[1].partition("\n\n")[2]),
        ".SH COMMANDS\n",
        *(of_command(command, about, told) for command, about in commands.items()),
        ".SH OPTIONS OF MOST COMMANDS\n",
        *map(of_option, common),
        ".SH OPTIONS WITHOUT A COMMAND\n",
        *map(of_option, (*TOP_OPTIONS, HELP)),
        *(as_is(text) for text in (EXIT_STATUS, ENVIRONMENT, NUMBERS)),
        ".SH SEE ALSO\n",
        verbatim(f"ruxcalc help {topic}" for topic in HELP_TOPICS),
    ]
    # A heading begins its own paragraph.
    return re.sub(r"^(\.S[HS] .*\n)\.PP\n", r"\1", "".join(described), flags=re.MULTILINE)


def head_of(what: str) -> str:
    """The title, the name and the synopsis; the date is that of the facts."""
    date = max(str(label.verified_on) for label in load_all())
    return HEAD.format(date=date, what=filled(what.rstrip(".")))


def of_command(command: str, about: str, told: dict[Option, str]) -> str:
    """One command: its question, its examples, and the options that it is the first to take."""
    options = options_of(command)
    own = [option for option in options if option not in told]
    shared: dict[str, list[str]] = {}
    for option in options:
        if option in told:
            shared.setdefault(told[option], []).append(" ".join((*option.on, *option.off)))
    told |= dict.fromkeys(own, f"for {command}")
    also = "".join(
        f".PP\nAlso, as told {where}:\n{filled(', '.join(spelt))}\n"
        for where, spelt in shared.items()
    )
    examples = verbatim(f"ruxcalc {example}" for example in EXAMPLES[command])
    return f".SS {command}\n{paragraphs(about)}{examples}{''.join(map(of_option, own))}{also}"


def of_option(option: Option) -> str:
    """One option with its spellings, the help of the command line, and its values."""
    bold = [f"\\fB{roff(spelling)}\\fR" for spelling in (*option.on, *option.off)]
    if option.metavar:
        metavar = f"\\fI{roff(option.metavar)}\\fR"
        bold = [f"{spelling} {metavar}" for spelling in bold[: len(option.on)]] + bold[
            len(option.on) :
        ] or [metavar]
    choices = ", ".join(option.values)
    named = all(re.search(rf"\b{re.escape(value)}\b", option.help) for value in option.values)
    listed = "" if named else f" One of {choices}."
    return f".TP\n{', '.join(bold)}\n{filled(option.help + listed)}\n"


def as_is(text: str) -> str:
    """A help topic as a section, line by line."""
    heading, _, rest = text.partition("\n")
    return f".SH {heading.upper()}\n{verbatim(rest.strip(chr(10)).splitlines())}"


def verbatim(lines: Iterable[str]) -> str:
    """Lines that stay as they are."""
    return "".join((".PP\n.nf\n", *(f"{roff(line)}\n" for line in lines), ".fi\n"))


def paragraphs(text: str) -> str:
    """Running text, one paragraph after another."""
    blocks = [" ".join(block.split()) for block in text.split("\n\n")]
    return "".join(f".PP\n{filled(block)}\n" for block in blocks if block)


def filled(text: str) -> str:
    """Running text in short lines."""
    return "\n".join(map(roff, textwrap.wrap(text, 72, break_on_hyphens=False)))


def roff(text: str) -> str:
    """Text in which nothing is a request, an escape or a typographic hyphen."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    safe = safe.replace("^", "\\(ha").replace("~", "\\(ti")
    return f"\\&{safe}" if safe.startswith(".") else safe


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
