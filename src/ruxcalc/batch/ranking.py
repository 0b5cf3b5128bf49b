"""The table of a list: one line for each patient, worst first."""

import heapq
from collections.abc import Sequence
from io import StringIO
from textwrap import wrap
from typing import NamedTuple

from ruxcalc.render.flat import Result
from ruxcalc.render.formats import Color
from ruxcalc.render.terminal import is_colored, terminal_width
from ruxcalc.results import VERDICTS, Verdict

MOST_SHOWN = 1000  # lines; more are no table for people, and memory would grow with the list
NARROWEST, WIDEST = 40, 250
WIDEST_NAME = 24
STYLES: dict[Verdict, str] = {
    "contraindicated": "bold red",
    "avoid": "bold red",
    "over-label": "bold red",
    "not-cleared": "cyan",
    "nothing-found": "green",
}
OTHERWISE = "yellow"  # to act on or to decide


class Line(NamedTuple):
    """What the table shows of a patient. The order of lines is that of these fields."""

    rank: int
    line: int
    name: str
    verdicts: tuple[str, ...]
    reason: str


class Ranking:
    """Keeps the worst patients of a list, whatever its length."""

    def __init__(self, regions: Sequence[str], color: Color) -> None:
        self._regions = regions
        self._color = color
        self._worst: list[tuple[int, int, Line]] = []  # a heap, the least bad on top
        self._count = 0

    def add(self, line: int, name: str, result: Result) -> None:
        """Add a patient."""
        by_region = {part.region: part for part in result.regions}
        verdict = result.verdict
        worst = next(part for part in result.regions if part.verdict == verdict)
        found = (*worst.findings, *result.not_answered)
        kept = Line(
            VERDICTS.index(verdict),
            line,
            name[:WIDEST],
            tuple(by_region[r].verdict if r in by_region else "" for r in self._regions),
            found[0].code.replace("-", " ") if found else "",
        )
        self._count += 1
        item = (-kept.rank, -line, kept)
        if len(self._worst) < MOST_SHOWN:
            heapq.heappush(self._worst, item)
        else:
            heapq.heappushpop(self._worst, item)

    def table(self) -> str:
        """Return the table, as wide as the terminal, with colour where that is one."""
        lines = sorted(kept for _, _, kept in self._worst)
        width = min(max(terminal_width(), NARROWEST), WIDEST)
        drawn = list(_drawn(lines, self._regions, width))
        if self._count > len(lines):
            drawn.append(
                (f"The worst {len(lines)} of {self._count} patients. All: csv or ndjson.", "")
            )
        return (
            _coloured(drawn)
            if is_colored(self._color)
            else "".join(f"{text}\n" for text, _ in drawn)
        )


def _drawn(lines: Sequence[Line], regions: Sequence[str], width: int) -> Sequence[tuple[str, str]]:
    """Return the lines of the table, each with its style."""
    head = ("patient", *(region.upper() for region in regions), "first finding")
    rows = [(line.name, *line.verdicts, line.reason) for line in lines]
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    widths[0] = min(widths[0], WIDEST_NAME)
    left = width - 2 * len(regions) - 2
    if sum(widths[:-1]) + len(head[-1]) > left:  # a list for each patient instead
        return _narrow(lines, regions, width)
    widths[-1] = left - sum(widths[:-1])
    drawn = [(_joined(head, widths), "bold")]
    for line, row in zip(lines, rows, strict=True):
        style = STYLES.get(VERDICTS[line.rank], OTHERWISE)
        folded = [wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
        for number in range(max(map(len, folded))):
            cells = [cell[number] if number < len(cell) else "" for cell in folded]
            drawn.append((_joined(cells, widths), style))
    return drawn


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{size}}" for cell, size in zip(cells, widths, strict=True)).rstrip()


def _narrow(lines: Sequence[Line], regions: Sequence[str], width: int) -> list[tuple[str, str]]:
    drawn = []
    for line in lines:
        style = STYLES.get(VERDICTS[line.rank], OTHERWISE)
        pairs = zip(regions, line.verdicts, strict=True)
        said = ", ".join(f"{region.upper()} {verdict}" for region, verdict in pairs if verdict)
        text = f"{line.name}: {said}{f' ({line.reason})' if line.reason else ''}"
        drawn += [(part, style) for part in wrap(text, width, subsequent_indent="  ")]
    return drawn


def _coloured(drawn: Sequence[tuple[str, str]]) -> str:
    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(file=out, width=WIDEST, force_terminal=True, highlight=False)
    for text, style in drawn:
        console.print(Text(text, style=style), soft_wrap=True)
    return out.getvalue()
