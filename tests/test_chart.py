"""The chart of a response: plain ASCII, narrow, and on the right side of each line."""

import re
from decimal import Decimal

import pytest
from conftest import ruxcalc
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc.render.chart import response_chart
from ruxcalc.render.page import WIDTH_OF_DRAWINGS

REVIEWS = [Decimal(24), Decimal(52)]
LEVELS = [Decimal(25)]
percents = st.decimals(-1000, 100, places=6)
weeks = st.integers(0, 600).map(Decimal)


def scale(lines: tuple[str, ...]) -> dict[int, str]:
    """The rows of the drawing by the percentage at which they begin."""
    found = (re.fullmatch(r" *(-?\d+) \| ?(.*)", line) for line in lines)
    return {int(row[1]): row[2] for row in found if row}


@given(st.lists(st.tuples(weeks, percents), min_size=1, max_size=8))
def test_a_point_stands_in_the_row_that_it_has_reached(
    points: list[tuple[Decimal, Decimal]],
) -> None:
    drawing = response_chart({"repigmentation": points}, REVIEWS, LEVELS)
    rows = scale(drawing.lines)
    assert {level for level, row in rows.items() if row.count("-") > 40} == {25}
    step = min(abs(a - b) for a in rows for b in rows if a != b)
    assert 25 % step == 0
    drawn = {level for level, row in rows.items() if "*" in row}
    assert drawn == {
        level for level in rows if any(level <= percent < level + step for _, percent in points)
    }
    for line in drawing.lines:
        assert line.isascii()
        assert len(line) <= WIDTH_OF_DRAWINGS


@pytest.mark.parametrize(("percent", "above"), [("24.999999999999999999", False), ("25", True)])
def test_just_under_the_threshold_is_drawn_under_it(percent: str, *, above: bool) -> None:
    drawing = response_chart({"x": [(Decimal(52), Decimal(percent))]}, REVIEWS, LEVELS)
    (row,) = [level for level, text in scale(drawing.lines).items() if "*" in text]
    assert (row >= 25) is above


def test_each_site_has_its_own_letter_and_the_lines_are_named() -> None:
    face, body = [(Decimal(30), Decimal(76))], [(Decimal(30), Decimal(23))]
    lines = response_chart({"face": face, "body": body}, REVIEWS, LEVELS).lines
    assert "A face, B body" in lines
    assert ": week 24 and week 52, at which labels are read for a review; - 25 %" in lines
    assert "A" in scale(lines)[75]
    assert "B" in scale(lines)[20]


VISITS = "date,repig\n2026-01-05,0\n2026-06-22,15\n2027-01-04,24.9\n"


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_chart_is_on_the_terminal_and_nothing_is_wider(columns: str) -> None:
    ran = ruxcalc("track", "-", "-r", "eu", stdin=VISITS, env={"COLUMNS": columns})
    assert "25 | ----" in ran.out
    assert max(map(len, ran.out.splitlines())) <= int(columns)
    assert "\x1b" not in ran.out


def test_a_narrow_terminal_is_told_where_the_figures_are() -> None:
    ran = ruxcalc("track", "-", "-r", "eu", stdin=VISITS, env={"COLUMNS": "60"})
    assert "This chart needs 76 columns; the table has it." in ran.out
    assert "24.9 %" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 60


def test_a_terminal_that_knows_only_ascii_gets_the_same_chart() -> None:
    plain = ruxcalc("track", "-", "-r", "eu", stdin=VISITS, env={"PYTHONIOENCODING": "ascii"})
    usual = ruxcalc("track", "-", "-r", "eu", stdin=VISITS)
    assert plain.out.isascii()
    chart = usual.out.partition("Visits")[0]
    assert plain.out.startswith(chart)


def test_the_bars_of_the_evidence_are_as_long_as_their_rates() -> None:
    lines = ruxcalc("evidence").out.splitlines()
    bars = [re.fullmatch(r".* +~?([\d.]+) (#+)", line) for line in lines]
    found = [(Decimal(bar[1]), len(bar[2])) for bar in bars if bar]
    assert len(found) == 18
    for percent, length in found:
        assert abs(percent - 4 * length) <= 2
