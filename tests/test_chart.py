"""Charts: bars on the terminal that never reach what they are under, SVG on a page."""

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from conftest import ruxcalc
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc import evidence, track
from ruxcalc.render.chart import Chart, Line, Series, svg
from ruxcalc.render.html import render_html
from ruxcalc.render.layout import View
from ruxcalc.render.pages import lay_out
from ruxcalc.render.table import Drawing

SVG = "{http://www.w3.org/2000/svg}"
percents = st.decimals(-1000, 100, places=6)
weeks = st.integers(0, 600).map(Decimal)
points = st.lists(st.tuples(weeks, percents), min_size=1, max_size=8)
VISITS = "date,repig\n2026-01-05,0\n2026-06-22,15\n2027-01-04,24.9\n"


def bars_of(text: str) -> list[str]:
    return re.findall("[\u2588\u2591#.]{8,}", text)


@given(percents, st.integers(8, 20), st.integers(1, 20))
def test_a_bar_never_reaches_the_cell_of_what_it_is_under(
    percent: Decimal, width: int, cell: int
) -> None:
    bar = Drawing(80, ascii_only=True)._bar(percent, width).plain  # noqa: SLF001 - the drawing itself
    assert len(bar) == width
    edge = Decimal(100) * min(cell, width) / width
    assert (bar.count("#") >= min(cell, width)) is (percent * width >= edge * width)


@pytest.mark.parametrize(("percent", "cells"), [("24.999999999999", 4), ("25", 5), ("-3", 0)])
def test_just_under_the_threshold_is_drawn_under_it(percent: str, cells: int) -> None:
    answer = track([{"date": "2026-01-05", "repig": percent}], region="eu", on="2026-01-05")
    [bar] = bars_of(Drawing(100).text(lay_out(answer, View())))
    assert (len(bar), bar.count("\u2588")) == (20, cells)


@given(points, points)
def test_the_drawing_is_markup_that_a_screen_reader_can_read(
    one: list[tuple[Decimal, Decimal]], other: list[tuple[Decimal, Decimal]]
) -> None:
    chart = Chart(
        "A <title> & more",
        (Series("face & neck", tuple(sorted(one))), Series("body", tuple(sorted(other)))),
        weeks=(Line(Decimal(52), "review"),),
        levels=(Line(Decimal(25), "25 % rule"),),
    )
    root = ET.fromstring(svg(chart, 3))  # noqa: S314 - our own markup
    assert root.attrib["role"] == "img"
    named = [root.find(f"{SVG}title"), root.find(f"{SVG}desc")]
    ids = [part.attrib["id"] for part in named if part is not None]
    assert root.attrib["aria-labelledby"].split() == ids
    assert [part.text for part in named if part is not None] == [chart.title, chart.description]
    assert len(root.findall(f"{SVG}polyline")) == 2
    marks = len(root.findall(f"{SVG}circle")) + len(root.findall(f"{SVG}rect"))
    assert marks == len(one) + len(other) + 2  # and the two of the legend
    assert not root.findall(f".//{SVG}script")
    width, height = (Decimal(n) for n in root.attrib["viewBox"].split()[2:])
    for part in root.iter():
        for name, size in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            if name in part.attrib:
                assert -5 <= Decimal(part.attrib[name]) <= size


@given(points)
def test_a_higher_value_is_never_drawn_lower(one: list[tuple[Decimal, Decimal]]) -> None:
    chart = Chart("t", (Series("s", tuple(one)),), levels=(Line(Decimal(25), "25 % rule"),))
    root = ET.fromstring(svg(chart))  # noqa: S314 - our own markup
    line = root.find(f"{SVG}polyline")
    assert line is not None
    places = [Decimal(pair.split(",")[1]) for pair in line.attrib["points"].split()]
    by_value = [y for _, y in sorted(zip((p for _, p in one), places, strict=True))]
    assert by_value == sorted(by_value, reverse=True)


def test_every_figure_of_a_chart_is_in_its_description() -> None:
    text = render_html(evidence())
    [description] = re.findall(r"<desc[^>]*>(.*?)</desc>", text)
    for figure in ("12.8", "29.8", "45.5", "52.6", "3.5", "7.4", "16.9", "26.8", "48", "29.6"):
        assert f" {figure} %" in description


def test_the_label_and_the_paper_are_not_drawn_on_one_line() -> None:
    [description] = re.findall(r"<desc[^>]*>(.*?)</desc>", render_html(evidence()))
    assert "29.9" not in description


def test_a_page_has_no_chart_where_there_is_no_course() -> None:
    assert "<figure" not in render_html(evidence(week=24))
    assert "<figure" not in render_html(track([{"date": "2026-01-05"}], region="eu"))


def test_each_site_has_a_line_of_its_own() -> None:
    visits = [{"date": "2026-01-05", "repig": {"face": 10, "trunk": 5}}]
    text = render_html(track(visits, region="eu"))
    assert "Face: week 0 10 %" in text
    assert "Trunk: week 0 5 %" in text


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_bars_are_on_the_terminal_and_nothing_is_wider(columns: str) -> None:
    ran = ruxcalc("track", "-", "-r", "eu", stdin=VISITS, env={"COLUMNS": columns})
    assert len(bars_of(ran.out)) == 3
    assert max(map(len, ran.out.splitlines())) <= int(columns)
    assert "\x1b" not in ran.out


def test_a_terminal_that_knows_only_ascii_gets_bars_of_it() -> None:
    plain = ruxcalc("track", "-", "-r", "eu", stdin=VISITS, env={"PYTHONIOENCODING": "ascii"})
    usual = ruxcalc("track", "-", "-r", "eu", stdin=VISITS)
    assert plain.out.isascii()
    in_ascii = [bar.replace("\u2588", "#").replace("\u2591", ".") for bar in bars_of(usual.out)]
    assert bars_of(plain.out) == in_ascii
