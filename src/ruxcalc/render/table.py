"""The table format: a page drawn with Rich, as wide as the terminal allows."""

import os
import sys
from html import escape
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from ruxcalc.answers import Answer
from ruxcalc.render.page import WIDTH_OF_DRAWINGS, Grid, Page
from ruxcalc.render.pages import lay_out

NARROWEST_GRID = 70  # below it, a row is a short list instead
NARROWEST, USUAL, WIDEST = 20, 80, 120

STYLES = {"critical": "bold red", "warning": "bold magenta", "CONTRAINDICATED": "bold red"}

# Rich's own frame names fonts on the network; this one needs nothing but the file.
SVG_FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img" lang="en">
<title>ruxcalc: {answer}</title>
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
<rect width="100%" height="100%" fill="#ffffff" />
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def render_table(answer: Answer) -> str:
    """The answer as a table for the terminal on standard output, or for a pipe."""
    drawn = _Drawn()
    _draw(_console(drawn), lay_out(answer))
    return "\n".join(line.rstrip() for line in drawn.getvalue().splitlines()) + "\n"


def render_svg(answer: Answer) -> str:
    """The table as a picture of its own, as wide as the widest table, in plain colours."""
    page = lay_out(answer)
    console = Console(
        file=StringIO(), width=WIDEST, record=True, highlight=False, markup=False, emoji=False,
        color_system="truecolor", force_terminal=True,
    )  # fmt: skip
    _draw(console, page)
    return console.export_svg(
        title=f"ruxcalc: {page.title.lower()}",
        theme=DEFAULT_TERMINAL_THEME,
        code_format=SVG_FORMAT.replace("{answer}", escape(page.title.lower())),
        unique_id="ruxcalc",
    )


class _Drawn(StringIO):
    """Text in memory that can show what standard output can: Rich asks for the encoding."""

    @property
    def encoding(self) -> str:  # type: ignore[override]  # nobody sets it
        return getattr(sys.stdout, "encoding", None) or "utf-8"


def _console(drawn: _Drawn) -> Console:
    to_terminal = sys.stdout is not None and sys.stdout.isatty()
    colour = to_terminal and "NO_COLOR" not in os.environ
    return Console(
        file=drawn,
        width=_width(to_terminal),
        color_system="auto" if colour else None,
        force_terminal=to_terminal,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _width(to_terminal: bool) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit():
        width = int(columns[:4])
    else:
        try:
            width = os.get_terminal_size(sys.stdout.fileno()).columns if to_terminal else USUAL
        except (OSError, ValueError):
            width = USUAL
    return min(max(width or USUAL, NARROWEST), WIDEST)


def _draw(console: Console, page: Page) -> None:
    for number, line in enumerate(page.answer):
        console.print(Text(line, style="bold" if number == 0 else ""))
    for drawing in page.drawings:
        console.print()
        console.print(Text(drawing.title, style="bold"))
        if console.width < WIDTH_OF_DRAWINGS:
            console.print(Text(f"This chart needs {WIDTH_OF_DRAWINGS} columns; the table has it."))
        else:
            console.print(Text("\n".join(drawing.lines)))
    for number, grid in enumerate(page.grids):
        if grid.title or (number == 0 and page.drawings):
            console.print()
        if grid.title:
            console.print(Text(grid.title, style="bold"))
        if console.width < NARROWEST_GRID:
            _draw_list(console, grid)
        else:
            console.print(_table(grid))
    console.print()
    for line in page.footer:
        console.print(Text(line))


def _table(grid: Grid) -> Table:
    table = Table(box=box.ROUNDED, show_lines=True, expand=False, header_style="bold")
    for column in grid.columns:
        table.add_column(column, overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(cell, style=_style(cell), overflow="fold") for cell in row))
    return table


def _style(cell: str) -> str:
    return "bold red" if "OVER" in cell else STYLES.get(cell, "")


def _draw_list(console: Console, grid: Grid) -> None:
    for row in grid.rows:
        console.print()
        for column, cell in zip(grid.columns, row, strict=True):
            text = f"{column.replace(chr(10), ' ')}: {cell.replace(chr(10), '; ')}"
            console.print(Text(text, style=_style(cell), overflow="fold"))
