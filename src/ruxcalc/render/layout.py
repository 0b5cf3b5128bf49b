"""The layout of an answer: what a person reads, in order, without saying how it is drawn.

`pages/<command>.py` turns an answer into one `Layout`; `table`, `markdown` and `html` each draw
every layout, so that a page is written once. `pages.lay_out` adds what stands on every page: the
foot, the notes, the steps of the working. The note is written by `note.py` from the same pieces. A
layout is plain text in records:

- `headlines`: the verdict. The first one is line 1 of every format. `words` stand in capitals;
  `regions` is empty where one region was asked for, and the headline then reads `WORDS: text`.
  A headline without words is a plain sentence, such as the dose.
- `blocks`: rows without a frame. A row has a label, text in one or more columns, and the section
  at the right. `heads` names the columns where there are several. A row that continues the one
  before has an empty label. A bar is a share of a limit in percent, and never says more than
  the text of its row.
- `steps`: the working, one line a step, each with the number of its source; `sources` in order.
- `remarks`: plain lines below, such as what was not asked. `foot`: editions and caution.

A page is asked for by a `View`: `full` unfolds everything, `hints` says that options may be
named, which is so on the terminal only. Use `folded` for what a short view leaves out: it
states the count, and on the terminal the option. Symbols are keys; a renderer draws them.
Colour follows from the symbol and never says anything alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeVar

from ruxcalc.editions import EDITIONS
from ruxcalc.render.chart import Chart
from ruxcalc.results import VERDICTS, Basis, Finding, Severity, Source, Step, Verdict

# cross: contraindicated, avoid, over. warn: act or decide. ask: ask or measure. tick: checked,
# and within or absent. info: to know. none: nothing is said by a symbol.
Symbol = Literal["cross", "warn", "ask", "tick", "info", "minus", "none"]
SYMBOLS: dict[Symbol, str] = {
    "cross": "\u2717", "warn": "!", "ask": "?", "tick": "\u2713", "info": "i", "minus": "-",
    "none": "",
}  # fmt: skip
ASCII_SYMBOLS: dict[Symbol, str] = {**SYMBOLS, "cross": "x", "tick": "+"}

Key = TypeVar("Key")

if TYPE_CHECKING:

    class Judged(Protocol):
        """What one label says, with its findings."""

        @property
        def findings(self) -> tuple[Finding, ...]:
            """Return the findings."""


# How the source of a statement says that it was taken from another label.
TAKEN = "not read for this regulator, taken"
STAR = "* Not read for this regulator: taken from the EU text."


class View(NamedTuple):
    """How an answer is to be shown: unfolded or not, with options named or not."""

    full: bool = False
    hints: bool = False


class Headline(NamedTuple):
    """One line of the verdict: symbol, words in capitals, regions, text, section.

    Headlines stand in the order of their verdicts, which are not shown.
    """

    symbol: Symbol
    words: str
    text: str = ""
    regions: str = ""
    section: str = ""
    verdict: Verdict = "not-cleared"

    @property
    def sentence(self) -> str:
        """Return the headline in one line of text, without symbol and section."""
        place = f" ({self.regions})" if self.words and self.regions else ""
        parts = [part for part in (self.words + place, self.text) if part]
        return ": ".join(parts)


class Row(NamedTuple):
    """One row of a block: a label, text by column, a bar in percent, the section."""

    label: str
    cells: tuple[str, ...]
    symbol: Symbol = "none"
    section: str = ""
    bar: Decimal | None = None


class Block(NamedTuple):
    """Rows that belong together, with an optional title and names of columns.

    `gap` is whether a terminal leaves a line free before it, `stacked` that labels are long, so
    that text follows its label in every width.
    """

    rows: tuple[Row, ...]
    title: str = ""
    heads: tuple[str, ...] = ()
    gap: bool = True
    stacked: bool = False


class StepLine(NamedTuple):
    """One step of the working, with the number of its source; `formula` is in words.

    The number is 0 where no document stands behind the step, such as for what was typed.
    """

    name: str
    formula: str
    working: str
    source: int


class Layout(NamedTuple):
    """What is read from top to bottom. `inputs` repeats what was answered, by group.

    `working` is that of the answer, None where it was not asked for; `steps` and `sources` are made
    of it. `charts` are drawn on a page only; the rows hold their figures.
    """

    title: str
    headlines: tuple[Headline, ...]
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    working: tuple[Step, ...] | None = ()
    charts: tuple[Chart, ...] = ()
    foot: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[StepLine, ...] = ()
    sources: tuple[str, ...] = ()


def row(label: str, *cells: str, symbol: Symbol = "none", section: str = "") -> Row:
    """Return a row without a bar."""
    return Row(label, cells, symbol, section)


def names(basis: Basis, regions: Iterable[str]) -> str:
    """Write the names of regions, such as `EU, UK`."""
    return ", ".join(basis.editions[region].name for region in regions)


def place(basis: Basis, regions: Sequence[str]) -> str:
    """Write regions beside a text: `all` for several that are all of those asked."""
    everywhere = 1 < len(regions) == len(basis.editions)
    return "all" if everywhere else names(basis, regions)


def with_names(basis: Basis, regions: Iterable[str], text: str, mark: str = ": ") -> str:
    """Write a text behind the names of its labels, which are left out where one was asked."""
    return f"{names(basis, regions)}{mark}{text}" if len(basis.editions) > 1 else text


def placed(basis: Basis, regions: Sequence[str], text: str) -> str:
    """Write a text behind the names of its labels, which are left out where it is of all."""
    of_all = len(regions) == len(basis.editions)
    return text if of_all else f"{names(basis, regions)}: {text}"


def grouped(values: Mapping[str, Key]) -> list[tuple[tuple[str, ...], Key]]:
    """Return each value once, with the regions that share it, in the order of the regions."""
    regions_by_value: dict[Key, list[str]] = {}
    for region, value in values.items():
        regions_by_value.setdefault(value, []).append(region)
    return [(tuple(regions), value) for value, regions in regions_by_value.items()]


def rows_by_label(
    basis: Basis, label: str, texts: Mapping[str, str], sources: Mapping[str, Source] | None = None
) -> list[Row]:
    """Return each text once as a row, behind the names of its labels, with their sections."""
    return [
        row(
            "" if number else label,
            with_names(basis, regions, text),
            section=sections(sources[region] for region in regions) if sources else "",
        )
        for number, (regions, text) in enumerate(grouped(texts))
    ]


def texts_by_label(basis: Basis, texts: Mapping[str, str]) -> str:
    """Write each text once on one line, behind the names of its labels."""
    return "; ".join(with_names(basis, regions, text, " ") for regions, text in grouped(texts))


def by_verdict(headlines: Iterable[Headline]) -> list[Headline]:
    """Return headlines worst first; those of one verdict stay in their order."""
    return sorted(headlines, key=lambda line: VERDICTS.index(line.verdict))


def without_name(message: str, name: str) -> str:
    """Return a message that stands under the name of a label, without that name."""
    for before, after in ((f"The {name} label", "The label"), (f"the {name} label", "the label")):
        message = message.replace(before, after)
    return message


class SameFinding(NamedTuple):
    """What one or several labels say alike: their regions, code, severity, words and sections."""

    regions: tuple[str, ...]
    code: str
    severity: Severity
    message: str
    section: str


def grouped_findings(
    basis: Basis,
    regions: "Mapping[str, Judged]",
    keep: Callable[[Finding], bool] | None = None,
) -> list[SameFinding]:
    """Return the findings of some regions, each once for its labels; all, or those to `keep`.

    The message names no label where several are shown: it stands beside their names.
    """
    several = len(basis.editions) > 1
    together: dict[tuple[str, Severity, str], dict[str, list[Source]]] = {}
    for region, part in regions.items():
        name = basis.editions[region].name
        for one in filter(keep, part.findings):
            message = without_name(one.message, name) if several else one.message
            sources = together.setdefault((one.code, one.severity, message), {})
            sources.setdefault(region, []).append(one.source)
    return [
        SameFinding(
            tuple(places), *said, sections(source for each in places.values() for source in each)
        )
        for said, places in together.items()
    ]


def sections(sources: Iterable[Source]) -> str:
    """Write the sections of several sources, each once: `2.2, 4.2`; `box` is the boxed warning.

    A star marks what was not read for this regulator. Where another of the labels that say the
    same there was read, the star stands at the name of the one that was not: `4.4, UK*`.
    """
    starred: dict[str, bool] = {}
    unread: dict[str, list[str]] = {}
    for source in sources:
        taken = source.verified.startswith(TAKEN)
        for part in (source.section or "").split(", "):
            if part:
                short = "box" if part == "boxed warning" else part
                starred[short] = starred.get(short, True) and taken
                if taken:
                    unread.setdefault(short, []).append(_name_of(source))
    parts = [f"{part}*" if star else part for part, star in starred.items()]
    shared = [name for part, found in unread.items() if not starred[part] for name in found]
    return ", ".join([*parts, *(f"{name}*" for name in dict.fromkeys(shared))])


def _name_of(source: Source) -> str:
    """Return the name of the label that a source belongs to; its document where none is ours."""
    return next(
        (label["name"] for label in EDITIONS.values() if label["document"] == source.document),
        source.document,
    )


def with_mark(layout: Layout) -> Layout:
    """Return the layout with a remark that explains the star, where a section has one."""
    places = [line.section for line in layout.headlines]
    places += [line.section for block in layout.blocks for line in block.rows]
    if not any("*" in place for place in places):
        return layout
    return layout._replace(remarks=(*layout.remarks, STAR))


def shortened(text: str, view: View, count: int = 1) -> str:
    """Return the first sentences of a text, with a mark where others are left out."""
    short = text if view.full else sentences(text, count)
    if short == text:
        return text
    return f"{short} ... --full" if view.hints else f"{short} ..."


def folded(count: int, view: View, what: str = "") -> str:
    """Write what a short view leaves out: its count, and on the terminal how to unfold it."""
    text = f"{count} more{f' {what}' if what else ''}"
    return f"{text}: --full" if view.hints else text


def editions_text(basis: Basis, *, text_read: bool) -> str:
    """Write the editions: `EU 2024-04-02`, with the edition whose text was read where asked."""
    return ", ".join(
        f"{edition.name} {edition.edition}"
        + (
            f" (text read {edition.text_read})"
            if text_read and edition.text_read != edition.edition
            else ""
        )
        for edition in basis.editions.values()
    )


def foot_lines(basis: Basis, view: View, *, explained: bool) -> tuple[str, ...]:
    """Return the two lines at the foot: editions and verification, then the caution.

    `explained` is whether the working is shown already, or there is none.
    """
    one = len(basis.editions) == 1
    editions = editions_text(basis, text_read=one or view.full or not view.hints)
    line = f"{editions}, verified {basis.facts_verified}."
    if view.hints and not explained:
        line += " Working: --explain" if one else " --explain"
    return (line, basis.caution)


def one_label_hint(basis: Basis, view: View) -> tuple[str, ...]:
    """Return the hint for the terminal that asks for one label; empty where one was asked."""
    if len(basis.editions) == 1 or not view.hints:
        return ()
    region = "eu" if "eu" in basis.editions else next(iter(basis.editions))
    return (f"One label only: -r {region}, or once and for all: export RUXCALC_REGION={region}",)


def edition_rows(basis: Basis) -> list[Row]:
    """Return one row an edition: document, number, dates, link."""
    return [
        row(
            f"{edition.name} label",
            f"{edition.document}, {edition.number},"
            f" {f'{edition.edition_name} of ' if edition.edition_name else 'edition of '}"
            f"{edition.edition}, text read: {edition.text_read}. {edition.link}",
        )
        for edition in basis.editions.values()
    ]


def editions_block(basis: Basis, view: View) -> Block:
    """Return the editions, which only the full view shows."""
    return Block(tuple(edition_rows(basis)) if view.full else (), "Labels")


def step_lines(steps: Sequence[Step] | None) -> tuple[tuple[StepLine, ...], tuple[str, ...]]:
    """Return the steps with numbered sources, and the sources in the order of their numbers.

    A source that is no document, such as `calendar` or `as given`, begins with a small letter
    and gets no number.
    """
    sources: list[str] = []
    lines = []
    for step in steps or ():
        number = 0
        if not step.source[:1].islower():
            if step.source not in sources:
                sources.append(step.source)
            number = sources.index(step.source) + 1
        shown = step.result if step.numbers == step.result else f"{step.numbers} = {step.result}"
        lines.append(StepLine(step.name, step.formula, shown, number))
    return tuple(lines), tuple(sources)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: `1 visit`, `2 visits`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def row_sentences(rows: Iterable[Row]) -> list[str]:
    """Write rows as sentences of a note."""
    return [
        f"{line.label.strip()}: {'; '.join(line.cells)}" if line.label else "; ".join(line.cells)
        for line in rows
    ]


def sentence(text: str) -> str:
    """Return a text with one full stop at its end."""
    return text if text.endswith((".", "?", "--full")) else f"{text}."


def joined(parts: Iterable[str]) -> str:
    """Join texts as sentences on one line; those that are empty are left out."""
    return " ".join(sentence(part) for part in parts if part)


def sentences(text: str, count: int = 1) -> str:
    """Return the first sentences of a text, whole."""
    parts = text.split(". ")
    return text if len(parts) <= count else f"{'. '.join(parts[:count])}."


def lowered(title: str) -> str:
    """Return a title as it stands inside a sentence; `JAK` and `CYP3A4` keep their capitals."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
