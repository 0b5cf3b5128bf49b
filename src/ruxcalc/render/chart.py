"""A chart of percentages by week, drawn as inline SVG for a page; a terminal draws bars instead.

The drawing needs nothing else: no script, no font, no file. Every series has a mark of its own, so
that nothing is said by colour, and the description holds every figure in words.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from ruxcalc.numbers import shown

Point = tuple[Decimal, Decimal]  # completed week, percent

WIDTH, HEIGHT = Decimal(640), Decimal(300)
LEFT, RIGHT, TOP, BOTTOM = Decimal(46), Decimal(14), Decimal(14), Decimal(44)
LEGEND_LINE = Decimal(20)
MARK = Decimal(4)  # half the size of a mark
WHOLE = Decimal(100)
MOST_LINES = 9  # across or upward
PERCENT_STEPS = (Decimal(25), Decimal(50), Decimal(100), Decimal(250))
WEEK_STEPS = (Decimal(4), Decimal(12), Decimal(24), Decimal(52), Decimal(104), Decimal(520))
DASHES = ("", "6 3", "2 3", "8 3 2 3")


class Series(NamedTuple):
    """One line of a chart: its name, and percent by week in order."""

    name: str
    points: tuple[Point, ...]


class Line(NamedTuple):
    """A week or a percentage that the series are read against, and what it is."""

    at: Decimal
    name: str


class Chart(NamedTuple):
    """What a chart shows: `weeks` are drawn upward, such as reviews, `levels` across."""

    title: str
    series: tuple[Series, ...]
    weeks: tuple[Line, ...] = ()
    levels: tuple[Line, ...] = ()

    @property
    def description(self) -> str:
        """Return every figure in words."""
        lines = [
            f"{one.name}: "
            + ", ".join(f"week {_text(week)} {_text(percent)} %" for week, percent in one.points)
            for one in self.series
        ]
        lines += [f"At week {_text(week.at)}: {week.name}" for week in self.weeks]
        lines += [f"At {_text(level.at)} %: {level.name}" for level in self.levels]
        return ". ".join(lines) + "."


class Frame(NamedTuple):
    """The part of the drawing that holds the lines, and its scales."""

    low: Decimal
    last: Decimal

    def x(self, week: Decimal) -> Decimal:
        """Return how far to the right a week stands."""
        return LEFT + week / self.last * (WIDTH - LEFT - RIGHT)

    def y(self, percent: Decimal) -> Decimal:
        """Return how far down a percentage stands."""
        return TOP + (WHOLE - percent) / (WHOLE - self.low) * (HEIGHT - TOP - BOTTOM)


def svg(chart: Chart, number: int = 1) -> str:
    """Return the drawing; `number` makes its names unique on a page. It holds no script."""
    points = [point for one in chart.series for point in one.points]
    lowest = min([percent for _, percent in points] + [Decimal(0)])
    percent_step = _step(PERCENT_STEPS, WHOLE - lowest)
    last = max([week for week, _ in points] + [*(week.at for week in chart.weeks), Decimal(1)])
    frame = Frame(_down_to(lowest, percent_step), last)
    height = HEIGHT + LEGEND_LINE * len(chart.series)
    body = "".join(
        (
            *_scale_lines(frame, percent_step, _step(WEEK_STEPS, last)),
            *_named_lines(frame, chart),
            *_series_lines(frame, chart.series),
            *_legend(chart.series),
        )
    )
    title, description = f"chart-{number}-title", f"chart-{number}-description"
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {height}" aria-labelledby="{title}'
        f' {description}" xmlns="http://www.w3.org/2000/svg" font-size="12" fill="currentColor">'
        f'<title id="{title}">{escape(chart.title)}</title>'
        f'<desc id="{description}">{escape(chart.description)}</desc>{body}</svg>'
    )


def escape(text: str) -> str:
    """Return text as it stands in markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(number: Decimal) -> str:
    return shown(number)


def _at(number: Decimal) -> str:
    """Write a place in the drawing to a tenth."""
    return format(number.quantize(Decimal("0.1")), "f")


def _step(steps: tuple[Decimal, ...], span: Decimal) -> Decimal:
    """Return the smallest step with which a span takes few lines."""
    return next((step for step in steps if span / step < MOST_LINES), steps[-1])


def _down_to(lowest: Decimal, step: Decimal) -> Decimal:
    """Return the step at or below the lowest value."""
    return lowest // step * step - (step if lowest % step else 0)


def _scale_lines(frame: Frame, percent_step: Decimal, week_step: Decimal) -> Iterator[str]:
    percent = frame.low
    while percent <= WHOLE:
        yield _line((LEFT, frame.y(percent)), (WIDTH - RIGHT, frame.y(percent)), "0.25")
        yield _words(f"{percent} %", LEFT - 6, frame.y(percent) + MARK, "end")
        percent += percent_step
    week = Decimal(0)
    while week <= frame.last:
        yield _words(str(week), frame.x(week), HEIGHT - BOTTOM + 18, "middle")
        week += week_step
    yield _words("Week", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "middle")


def _named_lines(frame: Frame, chart: Chart) -> Iterator[str]:
    for week in chart.weeks:
        x = frame.x(week.at)
        yield _line((x, TOP), (x, HEIGHT - BOTTOM), "0.7", "2 4")
        anchor = "end" if x > WIDTH / 2 else "start"
        beside = -MARK if anchor == "end" else MARK
        yield _words(week.name, x + beside, TOP + 10, anchor)
    for level in chart.levels:
        y = frame.y(level.at)
        yield _line((LEFT, y), (WIDTH - RIGHT, y), "0.9", "8 4")
        yield _words(level.name, LEFT + MARK, y - MARK, "start")


def _series_lines(frame: Frame, series: Iterable[Series]) -> Iterator[str]:
    for number, one in enumerate(series):
        places = [(frame.x(week), frame.y(percent)) for week, percent in one.points]
        drawn = " ".join(f"{_at(x)},{_at(y)}" for x, y in places)
        dash = DASHES[number % len(DASHES)]
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        yield (
            f'<polyline points="{drawn}" fill="none" stroke="currentColor" stroke-width="2"'
            f"{dashed}/>"
        )
        yield from (_mark(number, x, y) for x, y in places)


def _legend(series: Iterable[Series]) -> Iterator[str]:
    for number, one in enumerate(series):
        y = HEIGHT + LEGEND_LINE * number + LEGEND_LINE / 2
        yield _mark(number, LEFT, y - MARK)
        yield _words(one.name, LEFT + 12, y, "start")


def _mark(number: int, x: Decimal, y: Decimal) -> str:
    """Draw the mark of a series: a disc, a square, a ring or a hollow square."""
    style = "" if number % len(DASHES) <= 1 else ' fill="none" stroke="currentColor"'
    if number % 2 == 0:
        return f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{MARK}"{style}/>'
    return (
        f'<rect x="{_at(x - MARK)}" y="{_at(y - MARK)}" width="{2 * MARK}" height="{2 * MARK}"'
        f"{style}/>"
    )


def _line(start: Point, end: Point, opacity: str, dash: str = "") -> str:
    (x1, y1), (x2, y2) = start, end
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{_at(x1)}" y1="{_at(y1)}" x2="{_at(x2)}" y2="{_at(y2)}" stroke="currentColor"'
        f' stroke-opacity="{opacity}"{dashed}/>'
    )


def _words(text: str, x: Decimal, y: Decimal, anchor: str) -> str:
    return f'<text x="{_at(x)}" y="{_at(y)}" text-anchor="{anchor}">{escape(text)}</text>'
