"""The Markdown format: the page with headings and tables."""

import re

from ruxcalc.answers import Answer
from ruxcalc.render.page import Grid
from ruxcalc.render.pages import lay_out

SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def render_markdown(answer: Answer) -> str:
    """The answer as Markdown."""
    page = lay_out(answer)
    blocks = [f"# {_plain(page.title)}"]
    blocks += [
        f"**{_plain(line)}**" if number == 0 else _plain(line)
        for number, line in enumerate(page.answer)
    ]
    for drawing in page.drawings:
        blocks += [f"## {_plain(drawing.title)}", "\n".join(("```text", *drawing.lines, "```"))]
    for grid in page.grids:
        if grid.title:
            blocks.append(f"## {_plain(grid.title)}")
        blocks.append(_table(grid))
    blocks.append("\n".join(f"- {_plain(line)}" for line in page.footer))
    return "\n\n".join(blocks) + "\n"


def _table(grid: Grid) -> str:
    heading, *rows = (tuple(_plain(cell) for cell in row) for row in (grid.columns, *grid.rows))
    rule = ("---",) * len(grid.columns)
    return "\n".join(_line(cells) for cells in (heading, rule, *rows))


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text).replace("\n", "<br>")
