"""The help topics: `ruxcalc help exit-status` and the like."""

from difflib import get_close_matches

from ruxcalc.errors import UsageError
from ruxcalc.labels.topics import TOPICS
from ruxcalc.patient import INPUTS

EXIT_STATUS = """\
Exit status

  0    answered, nothing to act on
  3    answered, at least one finding of severity warning or critical
  2    not answered: wrong usage or bad input, or the answer could not be written
  4    a list was finished, but rows of it were rejected
  130  interrupted
  1    never an answer: the program itself failed; report it

--exit-zero turns 3 into 0. Statements for every patient, such as the US boxed
warning, do not count as findings about this patient.
"""

NUMBERS = """\
Numbers

  Plain digits with a decimal point: 8, 8.5. A percentage may end in %: 8%.
  Numbers are read exactly, compared unrounded, and rounded only for display.
  Refused, with a message: a comma (7,5), an exponent (1e3), nan, inf, spaces,
  underscores, digits other than 0 to 9, a sign where none makes sense, more than
  40 characters. Impossible is an error; possible but unusual is answered, with a
  note on standard error.
"""

ENVIRONMENT = """\
Environment

  RUXCALC_REGION  the regions answered for, separated by commas, such as eu,uk
  RUXCALC_FORMAT  the format, such as json
  NO_COLOR        if set, no colour
  COLUMNS         the width of tables

Nothing is sent anywhere, and nothing about a patient is kept.
"""


def _inputs() -> str:
    lines = ["Inputs, with their definitions\n"]
    for name, declared in INPUTS.items():
        lines.append(f"\n--{name.replace('_', '-')}: {declared.help}\n")
        if declared.kind != "flag":
            lines.append(f"  accepted: {declared.accepted}\n")
        lines += [
            f"  {heading}: {getattr(declared, heading)}\n"
            for heading in ("includes", "excludes", "source")
            if getattr(declared, heading)
        ]
    return "".join(lines)


def _topics() -> str:
    lines = [f"  {code}: {title}\n" for code, title in TOPICS.items()]
    return "Topics on which each label is read\n\n" + "".join(lines)


HELP_TOPICS = ("exit-status", "numbers", "environment", "inputs", "topics")


def help_text(topic: str) -> str:
    """The text of a help topic; the list of topics for an empty one."""
    texts = {
        "exit-status": lambda: EXIT_STATUS,
        "numbers": lambda: NUMBERS,
        "environment": lambda: ENVIRONMENT,
        "inputs": _inputs,
        "topics": _topics,
    }
    if topic in texts:
        return texts[topic]()
    listed = "".join(f"  ruxcalc help {name}\n" for name in HELP_TOPICS)
    if not topic:
        return f"More help:\n\n{listed}\nOf a command: ruxcalc dose --help\n"
    near = get_close_matches(topic, HELP_TOPICS, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise UsageError(f"no such help topic.{hint} Accepted: {', '.join(HELP_TOPICS)}.", topic)
