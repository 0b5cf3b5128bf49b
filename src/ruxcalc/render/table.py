"""The table format: a layout drawn with Rich as lines of text, without frames.

What a person reads first stands first; a page fits 40 to 250 columns, text is folded at words
and never cut. Colour is added on a terminal, or as `--color` says, and never says anything
alone. A terminal that cannot show the symbols gets ASCII.
"""

from decimal import Decimal
from io import StringIO
from itertools import zip_longest

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ruxcalc.render.formats import Color
from ruxcalc.render.layout import (
    ASCII_SYMBOLS,
    SYMBOLS,
    Block,
    Headline,
    Layout,
    Row,
    Symbol,
    View,
)
from ruxcalc.render.pages import Answer, lay_out
from ruxcalc.render.terminal import is_colored, shows, terminal_width

NARROWEST, WIDEST = 40, 250
READABLE = 100  # wider lines are hard to read, so that a wide terminal keeps a margin
NARROW = 64  # below it a row is a label with its text below
BAR_WIDTH = 20
BAR_FROM = 76  # columns that a bar asks for
BARS, ASCII_BARS = ("\u2588", "\u2591"), ("#", ".")
WHOLE = Decimal(100)
GAP = "   "
INDENT = 2
LEAST_BAR = 8  # cells

STYLES: dict[Symbol, str] = {
    "cross": "bold red",
    "warn": "yellow",
    "ask": "cyan",
    "tick": "green",
    "info": "",
    "minus": "",
    "none": "",
}


def render_table(
    answer: Answer, *, full: bool = False, color: Color = "auto", width: int | None = None
) -> str:
    """Return the answer as lines for the terminal on standard output, or for a pipe."""
    layout = lay_out(answer, View(full=full, hints=True))
    ascii_only = not shows("".join((*SYMBOLS.values(), *BARS)))
    drawing = Drawing(width or terminal_width(), colored=is_colored(color), ascii_only=ascii_only)
    return drawing.text(layout)


class Drawing:
    """One drawing of a layout: width in columns (held to 40 to 250), colour, ASCII."""

    def __init__(self, width: int, *, colored: bool = False, ascii_only: bool = False) -> None:
        self.width = min(max(width, NARROWEST), WIDEST, READABLE)
        self.symbols = ASCII_SYMBOLS if ascii_only else SYMBOLS
        self.bars = ASCII_BARS if ascii_only else BARS
        self.narrow = self.width < NARROW
        self.file = StringIO()
        self.console = Console(
            file=self.file,
            width=self.width,
            color_system="standard" if colored else None,
            force_terminal=colored,
            no_color=not colored,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )

    def text(self, layout: Layout) -> str:
        """Return the whole layout as text."""
        self._headlines(layout.headlines)
        for number, block in enumerate(layout.blocks):
            if block.gap or not number:
                self._blank()
            self._block(block)
        self._steps(layout)
        self._blank()
        for line in layout.remarks:
            self._line(line)
        for line in layout.foot:
            self._line(line, "dim")
        return "\n".join(line.rstrip() for line in self.file.getvalue().splitlines()) + "\n"

    def _blank(self) -> None:
        self.console.print()

    def _line(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style=style, overflow="fold"))

    def _symbol(self, symbol: Symbol) -> Text:
        return Text(self.symbols[symbol], style=STYLES[symbol])

    def _headlines(self, headlines: tuple[Headline, ...]) -> None:
        aligned = [line for line in headlines if line.words and line.regions]
        columns = 0 if self.narrow else max((len(line.words) for line in aligned), default=0)
        places = 0 if self.narrow else max((len(line.regions) for line in aligned), default=0)
        for line in headlines:
            marked = bool(self.symbols[line.symbol])
            words = Text(overflow="fold")
            indent = ""
            if columns and line.words and line.regions:
                words.append(line.words.ljust(columns + 2), STYLES[line.symbol])
                words.append(line.regions.ljust(places + 2))
                words.append(line.text)
                indent = " " * (columns + places + 4)
            elif line.words:
                words.append(line.words, STYLES[line.symbol])
                place = f" ({line.regions})" if line.regions else ""
                words.append(f"{place}: {line.text}" if line.text else place)
            else:
                words.append(line.text, "bold" if line.symbol == "none" else "")
            self._marked(line.symbol if marked else "none", words, line.section, indent)

    def _marked(
        self,
        symbol: Symbol,
        words: Text,
        section: str,
        indent: str = "",
        *,
        hanging: bool = False,
    ) -> None:
        """Print a symbol, text with a hanging indent, and the section at the right."""
        start = 2 if hanging or self.symbols[symbol] else 0
        if indent:
            # The columns before the text stay beside its first line only.
            head, tail = words[: len(indent)], words[len(indent) :]
            cells: list[Text] = [head, tail]
        else:
            cells = [words]
        grid = Table.grid(expand=True, padding=0)
        if start:
            grid.add_column(width=start, no_wrap=True)
        for _ in cells[:-1]:
            grid.add_column(width=len(indent), no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        line: list[Text] = [*([self._symbol(symbol)] if start else []), *cells]
        if section and not self.narrow:
            grid.add_column(width=min(len(section), self.width // 4) + 2, justify="right")
            line.append(Text(section, style="dim", overflow="fold"))
        elif section:
            line[-1] = Text.assemble(line[-1], (f" ({section})", "dim"))
        grid.add_row(*line)
        self.console.print(grid)

    def _label_width(self, block: Block) -> int:
        return min(max(len(line.label) for line in block.rows), self.width * 2 // 5)

    def _block(self, block: Block) -> None:
        if block.title:
            self._line(f"  {block.title}", "bold")
        if self.narrow or block.stacked:
            for line in block.rows:
                self._stacked(line, block.heads, hanging=not self.narrow)
        elif block.heads:
            self._columns(block)
        else:
            marked = any(self.symbols[line.symbol] for line in block.rows)
            for line in block.rows:
                self._row(line, self._label_width(block), marked=marked)

    def _columns(self, block: Block) -> None:
        """Print rows of several columns under their names, then a bar or the section."""
        heads = ("", *block.heads)
        texts = [(line.label, *line.cells) for line in block.rows]
        wide = [max(map(len, column)) for column in zip_longest(heads, *texts, fillvalue="")]
        left = self.width - INDENT - sum(wide) - len(GAP) * len(wide)
        bars = left >= LEAST_BAR and any(line.bar is not None for line in block.rows)
        beside = bars or any(line.section for line in block.rows)
        grid = Table.grid(padding=(0, len(GAP), 0, 0))
        for _ in range(len(wide) + beside):
            grid.add_column(overflow="fold")
        grid.add_row(*(Text(head, style="dim") for head in heads))
        for line, cells in zip(block.rows, texts, strict=True):
            right = Text(line.section, style="dim")
            if bars and line.bar is not None:
                right = self._bar(line.bar, min(BAR_WIDTH, left), style="")
            empty = [Text("")] * (len(wide) - len(cells))
            row = [*(Text(cell) for cell in cells), *empty, *([right] if beside else [])]
            grid.add_row(*row)
        self.console.print(Padding(grid, (0, 0, 0, INDENT)))

    def _row(self, line: Row, label_width: int, *, marked: bool) -> None:
        """Print one row: label, symbol, text, and a bar or the section at the right."""
        grid = Table.grid(expand=True, padding=0)
        grid.add_column(width=2)
        grid.add_column(width=label_width)
        grid.add_column(width=3)
        if marked:
            grid.add_column(width=2, no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        label = Text(line.label, overflow="fold")
        symbol = [self._symbol(line.symbol)] if marked else []
        cells = [label, Text(""), *symbol, Text("; ".join(line.cells), overflow="fold")]
        if self.width >= BAR_FROM and line.bar is not None:
            grid.add_column(width=BAR_WIDTH + 1, justify="right")
            cells.append(self._bar(line.bar))
        elif line.section:
            grid.add_column(width=min(len(line.section), self.width // 4) + 2, justify="right")
            cells.append(Text(line.section, style="dim", overflow="fold"))
        grid.add_row("", *cells)
        self.console.print(grid)

    def _bar(self, percent: Decimal, width: int = BAR_WIDTH, style: str | None = None) -> Text:
        """Draw a share; a part of a cell is not drawn, so that no bar reaches what it is under."""
        if style is None:
            style = "red" if percent > WHOLE else "green"
        filled = max(0, min(width, int(percent * width / WHOLE)))
        full, empty = self.bars
        return Text(full * filled + empty * (width - filled), style)

    def _stacked(self, line: Row, heads: tuple[str, ...], *, hanging: bool) -> None:
        """Print a row as its label and the text behind it: narrow terminal, or long labels."""
        names = heads or ("",) * len(line.cells)
        cells = [
            f"{name}: {cell}" if name else cell
            for name, cell in zip(names, line.cells, strict=False)
        ]
        text = "; ".join(cell for cell in cells if cell)
        words = Text(text, overflow="fold")
        if line.label.strip():
            words = Text.assemble((line.label.strip(), "bold"), f": {text}", overflow="fold")
        self._marked(line.symbol, words, line.section, hanging=hanging)

    def _steps(self, layout: Layout) -> None:
        if not layout.steps:
            return
        self._blank()
        rows: list[Row] = []
        for step in layout.steps:
            text = step.working + (f" [{step.source}]" if step.source else "")
            if rows and rows[-1].label == step.name:
                rows[-1] = Row(step.name, (f"{rows[-1].cells[0]}, {text}",))
            else:
                rows.append(Row(step.name, (text,)))
        self._line("  Working", "bold")
        widest = self._label_width(Block(tuple(rows))) - 1
        for line in rows:
            if self.narrow:
                self._stacked(line, (), hanging=False)
            else:
                self._row(line, widest, marked=False)
        wide = len(str(len(layout.sources))) + 2
        for number, source in enumerate(layout.sources, 1):
            grid = Table.grid(expand=True, padding=0)
            grid.add_column(width=2)
            grid.add_column(width=wide + 1)
            grid.add_column(ratio=1, overflow="fold")
            grid.add_row("", Text(f"[{number}]", style="dim"), Text(source, style="dim"))
            self.console.print(grid)
