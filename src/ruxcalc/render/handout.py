"""The page for the patient as HTML, Markdown and plain text.

The three hold the same sentences, each with its section; the drawings are in the HTML only.
"""

import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.render.markdown import escaped
from ruxcalc.render.terminal import USUAL, shows, terminal_width
from ruxcalc.rules.handout import BLANK, HandoutAnswer, Line, Part

if TYPE_CHECKING:
    from markupsafe import Markup

GUIDE = "Medication Guide"
HEAD_PARTS = ("for",)
WARNING_PARTS = ("warning",)
DRAWN_PARTS = ("how-much", "where")
LIST_PARTS = ("before", "call")
FOOT = (
    f"Your clinician checked this page on {BLANK} and gave it to you.",
    "“We” and “us” are your clinic.",
)
NARROWEST = 20
ASCII = str.maketrans({"¼": " 1/4", "½": " 1/2", "¾": " 3/4", "°": " ", "“": '"', "”": '"'})
# A number stays on the line of its unit, and what has hyphens in one piece.
WHOLE = re.compile(r"(\d (?:%|g|°C|hours|weeks|months)(?!\w)|\d-\d{3}-\d{3}-\d{4}|breast-\w+)")


class Sentence(NamedTuple):
    """A line of the page with its small print, as the template reads it."""

    words: str
    small_print: str

    @property
    def to_fill_in(self) -> bool:
        """Say whether the line ends with a blank, and so needs a line of its own."""
        return self.words.endswith(BLANK)


class Section(NamedTuple):
    """A heading of the page with its sentences, as the template reads it."""

    name: str
    title: str
    lines: tuple[Sentence, ...]


def render_handout_html(answer: HandoutAnswer) -> str:
    """Render the page as HTML that needs no other file, prints on one sheet and fits a phone."""
    sections = [_section(part) for part in answer.parts]
    from ruxcalc.render.html import page_template

    page: str = page_template("handout.html.j2").render(
        title=answer.title,
        region=answer.region,
        before=[part for part in sections if part.name in HEAD_PARTS],
        warnings=[part for part in sections if part.name in WARNING_PARTS],
        parts=[part for part in sections if part.name not in HEAD_PARTS + WARNING_PARTS],
        drawn=DRAWN_PARTS,
        lists=LIST_PARTS,
        foot=FOOT,
        sources=_sources(answer),
        blanks=_with_blanks,
    )
    return page + "\n"


def render_handout_markdown(answer: HandoutAnswer) -> str:
    """Render the page as Markdown: a heading for each part, a list item for each sentence."""
    blocks = [f"# {escaped(answer.title)}"]
    for part in answer.parts:
        blocks.append(f"## {escaped(part.title)}")
        blocks.append("\n".join(_item(_sentence(line)) for line in part.lines))
    blocks += [escaped(words) for words in (" ".join(FOOT), *_sources(answer))]
    return "\n\n".join(blocks) + "\n"


def render_handout_table(answer: HandoutAnswer, width: int | None = None) -> str:
    """Render the page as plain text, wrapped at words to `width` columns (20 to 80).

    The width is that of the terminal if left out; where that has no code for a character, the
    text is ASCII.
    """
    columns = min(max(width or terminal_width(), NARROWEST), USUAL)
    ascii_only = not shows("".join(map(chr, ASCII)))
    lines: list[str] = []
    for indent, text in _paragraphs(answer):
        shown = " ".join(text.translate(ASCII).split()) if ascii_only else text
        lines += textwrap.wrap(
            shown,
            columns,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(lines) + "\n"


def _paragraphs(answer: HandoutAnswer) -> Iterator[tuple[str, str]]:
    """Yield each paragraph of the plain text with its indent; an empty one is a blank line."""
    yield "", answer.title
    for part in answer.parts:
        yield from (("", ""), ("", part.title))
        for line in part.lines:
            words, small_print = _sentence(line)
            yield "  ", f"{words} ({small_print})"
    for words in (" ".join(FOOT), *_sources(answer)):
        yield from (("", ""), ("", words))


def _section(part: Part) -> Section:
    return Section(part.name, part.title, tuple(_sentence(line) for line in part.lines))


def _sentence(line: Line) -> Sentence:
    """Shorten the source to what small print has space for; the foot says what is meant."""
    section = (line.section or "").replace(GUIDE, "MG")
    if line.from_eu:
        section = f"EU {section}"
    return Sentence(line.words, section or "clinic")


def _sources(answer: HandoutAnswer) -> tuple[str, ...]:
    """Say what the small print means, and which edition and day the page stands on."""
    (edition,) = answer.basis.editions.values()
    shown = {_sentence(line).small_print for part in answer.parts for line in part.lines}
    keys = [f"numbers are sections of the {edition.name} label"]
    if any("MG" in text for text in shown):
        keys.append(f"MG is its {GUIDE}")
    if any("leaflet" in text for text in shown):
        keys.append("leaflet is the package leaflet")
    if any(text.startswith("EU ") for text in shown):
        keys.append(f"EU marks what was taken from the EU text and not read for the {edition.name}")
    keys.append("clinic marks what no label says")
    text = (
        f"Small print: {'; '.join(keys)}. {edition.document}, edition {edition.edition}; facts"
        f" verified {answer.basis.facts_verified}. For the clinic: review this page before you"
        f" use it. {answer.basis.caution}"
    )
    return (text,)


def _item(sentence: Sentence) -> str:
    return f"- {escaped(sentence.words)} *({escaped(sentence.small_print)})*"


def _with_blanks(words: str) -> "Markup":
    """Escape a sentence, draw its blanks as lines, and keep together what WHOLE finds."""
    from markupsafe import Markup

    blank = Markup('<span class="blank" role="img" aria-label="blank to fill in">&nbsp;</span>')
    whole = Markup('<span class="whole">{}</span>')
    return blank.join(
        Markup("").join(
            whole.format(piece) if WHOLE.fullmatch(piece) else piece for piece in WHOLE.split(text)
        )
        for text in words.split(BLANK)
    )
