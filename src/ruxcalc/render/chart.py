"""The response against time, drawn in plain ASCII so that it reads the same everywhere."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import floor
from string import ascii_uppercase

from ruxcalc.render.page import Drawing

COLUMNS = 60  # of the drawing, beside its scale
STEP, COARSE = 5, 25  # percent a row; both meet the thresholds of the labels
LOWEST_IN_DETAIL = -25
LOWEST_TOP = 25  # the scale goes beyond it
NOTHING_DRAWN = "\u2800"  # what the library leaves where no point is
Point = tuple[Decimal, Decimal]  # week and percent


def response_chart(
    series: Mapping[str, Sequence[Point]], weeks: Sequence[Decimal], levels: Sequence[Decimal]
) -> Drawing:
    """Each series of repigmentation by its week, with the review weeks and thresholds as lines.

    A point stands in the row that its value has reached, never rounded onto a threshold.
    """
    from plotille import Figure  # type: ignore[import-untyped]  # it carries no types

    points = [point for several in series.values() for point in several]
    last = max([week for week, _ in points] + list(weeks))
    per_column = -(-(int(last) + 1) // COLUMNS)
    lowest = min([percent for _, percent in points] + [Decimal(0)])
    step = STEP if lowest >= LOWEST_IN_DETAIL else COARSE
    low = floor(lowest / step) * step
    highest = max([percent for _, percent in points] + [Decimal(LOWEST_TOP)])
    high = min((floor(highest / COARSE) + 1) * COARSE, 100 + step)

    def column(week: Decimal) -> float:
        return int(week // per_column) + 0.5

    def row(percent: Decimal) -> float:
        return floor((percent - low) / step) + 0.5

    rows = -(-(high - low) // step)
    figure = Figure()
    figure.width, figure.height = COLUMNS, rows
    figure.set_x_limits(0, COLUMNS)
    figure.set_y_limits(0, rows)
    figure.with_colors = False
    figure.origin = False
    figure.x_label = figure.y_label = ""
    figure.x_ticks_fkt = lambda low, _high: str(round(low) * per_column)
    figure.y_ticks_fkt = lambda start, _end: str(low + round(start) * step)
    for level in levels:
        across = [position + 0.5 for position in range(COLUMNS)]
        figure.scatter(across, [row(level)] * COLUMNS, marker="-")
    for week in weeks:
        upward = [position + 0.5 for position in range(rows)]
        figure.scatter([column(week)] * rows, upward, marker=":")
    for (_, several), letter in zip(series.items(), _letters(series), strict=False):
        figure.scatter(
            [column(week) for week, _ in several],
            [row(percent) for _, percent in several],
            marker=letter,
        )
    drawn = figure.show().replace(NOTHING_DRAWN, " ")
    # The first line is an empty label, the scale below it needs no arrow.
    lines = [line.removesuffix("-> ()").rstrip() for line in drawn.splitlines()[1:]]
    return Drawing("Repigmentation, %, by week", (*lines, *_legend(series, weeks, levels)))


def _letters(series: Mapping[str, Sequence[Point]]) -> Sequence[str]:
    return "*" if len(series) == 1 else ascii_uppercase


def _legend(
    series: Mapping[str, Sequence[Point]], weeks: Sequence[Decimal], levels: Sequence[Decimal]
) -> list[str]:
    """What the marks mean."""
    named = [f"{letter} {name}" for name, letter in zip(series, _letters(series), strict=False)]
    reviews = " and ".join(f"week {week}" for week in weeks)
    thresholds = ", ".join(f"{level} %" for level in levels)
    return [
        ", ".join(named),
        f": {reviews}, at which labels are read for a review"
        + (f"; - {thresholds}" if levels else ""),
    ]
