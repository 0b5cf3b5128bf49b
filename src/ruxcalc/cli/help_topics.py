"""The help topics: `ruxcalc help exit-status` and the like."""

from ruxcalc.errors import UsageError, option_of
from ruxcalc.patient import INPUTS

EXIT_STATUS = """\
Exit status

  0    answered, nothing to act on in what was given
  3    answered, at least one finding of severity warning or critical
  2    not answered: wrong usage or bad input, or the answer could not be written
  4    a list was finished, but rows of it were rejected
  130  interrupted
  1    never an answer: the program itself failed; report it

--exit-zero turns 3 into 0. Statements for every patient, such as the US boxed
warning, do not count as findings about this patient. 0 clears nobody.
"""

NUMBERS = """\
Numbers

  Plain digits with a decimal point: 8, 8.5. A percentage may end in %: 8%.
  Numbers are read exactly, compared unrounded, and rounded only for display.
  Refused, with a message: a comma (7,5), an exponent (1e3), nan, inf, spaces,
  units, underscores, digits other than 0 to 9, a sign where none makes sense,
  more than 40 characters. Impossible is an error; possible but unusual is
  answered, with a note on standard error.

  Dates are YYYY-MM-DD. Sites of the body are those of ruxcalc help sites.
"""

ENVIRONMENT = """\
Environment

  RUXCALC_REGION  the regions answered for, separated by commas, such as eu,uk
  RUXCALC_FORMAT  the format, such as json
  RUXCALC_DEBUG   1 shows where the program itself failed
  NO_COLOR        if set, no colour
  COLUMNS         the width of tables

Nothing is sent anywhere, and nothing about a patient is kept.
"""


def _inputs() -> str:
    """Return every input with its definition, by the panels of help."""
    lines = ["Inputs, with their definitions\n"]
    panel = ""
    for name, declared in sorted(INPUTS.items(), key=lambda item: _PANELS.index(item[1].panel)):
        if declared.panel != panel:
            panel = declared.panel
            lines.append(f"\n{panel}\n")
        lines.append(f"\n  {option_of(name)}: {declared.help}\n")
        if declared.kind != "flag":
            lines.append(f"    accepted: {declared.accepted}\n")
        lines += [
            f"    {heading}: {getattr(declared, heading)}\n"
            for heading in ("includes", "excludes", "source")
            if getattr(declared, heading)
        ]
    return "".join(lines)


_PANELS = tuple(dict.fromkeys(declared.panel for declared in INPUTS.values()))


def _topics() -> str:
    from ruxcalc.labels.topics import TOPICS

    lines = [f"  {code}: {title}\n" for code, title in TOPICS.items()]
    return "Topics on which each label is read\n\n" + "".join(lines)


def _sites() -> str:
    from ruxcalc.sites import ONE_OF, WHOLE_SITES

    lines = [f"  {code}: {title}\n" for code, title in WHOLE_SITES.items()]
    sides = f"\nOne side of a paired site: left-{ONE_OF['hands']}, right-{ONE_OF['feet']}.\n"
    return "Sites of the body\n\n" + "".join(lines) + sides


_TEXTS = {
    "exit-status": lambda: EXIT_STATUS,
    "numbers": lambda: NUMBERS,
    "environment": lambda: ENVIRONMENT,
    "inputs": _inputs,
    "topics": _topics,
    "sites": _sites,
}
HELP_TOPICS = tuple(_TEXTS)


def help_text(topic: str) -> str:
    """Return the text of a help topic; the list of topics for an empty one.

    Raises `UsageError` for any other word.
    """
    if topic in _TEXTS:
        return _TEXTS[topic]()
    listed = "".join(f"  ruxcalc help {name}\n" for name in HELP_TOPICS)
    if not topic:
        return f"More help:\n\n{listed}\nOf a command: ruxcalc help dose\n"
    from ruxcalc.cli.options import COMMANDS
    from ruxcalc.mistakes import nearest

    near = nearest(topic, (*HELP_TOPICS, *COMMANDS))
    raise UsageError(
        f"is not a help topic. {f'{near} ' if near else ''}Topics: {', '.join(HELP_TOPICS)};"
        " and every command.",
        topic,
    )
