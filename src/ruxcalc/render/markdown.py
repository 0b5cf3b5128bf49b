"""The Markdown format: a layout with headings, lists and tables."""

import re
from collections.abc import Iterable

from ruxcalc.render.layout import SYMBOLS, Block, Headline, Layout, Row, Symbol, View
from ruxcalc.render.pages import Answer, lay_out

SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def render_markdown(answer: Answer, full: bool = False) -> str:
    """Return the answer as Markdown; `full` leaves nothing out."""
    return "\n\n".join(_blocks(lay_out(answer, View(full=full)))) + "\n"


def _blocks(layout: Layout) -> Iterable[str]:
    first, *others = layout.headlines
    yield f"# {_headline(first)}"
    for headline in others:
        yield f"**{_headline(headline)}**"
    if layout.inputs:
        yield "\n".join(
            (
                "## Answered",
                "",
                *(f"- {escaped(panel)}: {escaped(t)}" for panel, t in layout.inputs),
            )
        )
    if layout.blocks and not layout.blocks[0].title:
        yield f"## {escaped(layout.title)}"
    for block in layout.blocks:
        yield "\n".join(_block(block))
    if layout.steps:
        yield "\n".join(_steps(layout))
    if layout.remarks or layout.notes:
        notes = (f"Note: {note}" for note in layout.notes)
        yield "\n".join(f"- {escaped(line)}" for line in (*layout.remarks, *notes))
    yield "\n".join(f"- {escaped(line)}" for line in layout.foot)


def _marked(symbol: Symbol, text: str) -> str:
    return " ".join(part for part in (SYMBOLS[symbol], text) if part)


def _headline(headline: Headline) -> str:
    section = f" ({headline.section})" if headline.section else ""
    return escaped(_marked(headline.symbol, headline.sentence + section))


def _block(block: Block) -> Iterable[str]:
    if block.title:
        yield f"## {escaped(block.title)}"
        yield ""
    if block.heads:
        yield _line(("", *block.heads))
        yield _line(("---",) * (len(block.heads) + 1))
        yield from (_line((row.label, *row.cells)) for row in block.rows)
    else:
        for number, row in enumerate(block.rows):
            # A row without a label belongs to the one before it.
            below = number and not row.label.strip() and block.rows[0].label.strip()
            yield f"{'  ' if below else ''}- {_row(row)}"


def _row(row: Row) -> str:
    text = escaped(_marked(row.symbol, "; ".join(row.cells)))
    section = f" ({escaped(row.section)})" if row.section else ""
    label = f"**{escaped(row.label.strip())}**: " if row.label.strip() else ""
    return f"{label}{text}{section}"


def _steps(layout: Layout) -> Iterable[str]:
    yield "## Working"
    yield ""
    yield _line(("Step", "Formula", "Numbers and result", "Source"))
    yield _line(("---",) * 4)
    for step in layout.steps:
        source = f"[{step.source}]" if step.source else ""
        yield _line((step.name, step.formula, step.working, source))
    yield ""
    yield from (f"{n}. {escaped(source)}" for n, source in enumerate(layout.sources, 1))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(escaped, cells))} |"


def escaped(text: str) -> str:
    """Return text as Markdown shows it unchanged."""
    return SPECIAL.sub(r"\\\1", text)
