"""What table, note and Markdown say: the answer first, and nothing that matters left out."""

import re
import shutil
import subprocess
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ruxcalc

from ruxcalc.patient import INPUTS
from ruxcalc.render.pages.words import input_words
from ruxcalc.results import JsonValue

PLAN = "plan --start 2026-01-05 --on 2026-01-05 --bsa 8"


def table(*arguments: str) -> str:
    """Return the table on a wide terminal."""
    return ruxcalc(*arguments, env={"COLUMNS": "120"}).out


def words(text: str) -> str:
    """Return the text without line breaks and escapes."""
    return " ".join(text.replace("\\", "").split())


@pytest.mark.parametrize("name", INPUTS)
def test_every_input_has_words(name: str) -> None:
    values: dict[str, tuple[JsonValue, ...]] = {
        "number": (Decimal("8.5"),),
        "flag": (True, False),
    }
    for value in values.get(INPUTS[name].kind, ("face", ("a", "b"), {"face": Decimal(2)})):
        said = input_words(name, value)
        assert said
        assert "{" not in said


def test_a_boundary_is_not_rounded_away_in_any_form() -> None:
    over = ("dose", "--bsa", "10.0000001")
    under = ("check", "--week", "52", "--repig", "24.999999999999999999", "-r", "eu")
    site = ("check", "--week", "52", "--repig", "face=24.9999999999999999", "--repig", "trunk=80")
    for form in ("table", "note", "markdown", "html"):
        assert "10.0000001 % is more than 10 %" in words(ruxcalc(*over, "-f", form).out)
        assert "24.999999999999999999 %" in words(ruxcalc(*under, "-f", form).out)
        assert "24.9999999999999999 %" in words(ruxcalc(*site, "-f", form).out)
    assert ruxcalc(*under, "--get", "repigmentation_percent").out == "24.999999999999999999\n"


def test_the_estimate_names_its_sources() -> None:
    text = words(table("dose", "--bsa", "8", "--explain"))
    for source in ("Long and Finlay", "2022;23:355", "Kang 2024", "Swiss label"):
        assert source in text


@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_what_is_for_every_patient_is_on_every_page(form: str) -> None:
    for command in ("warn", "assess"):
        text = words(ruxcalc(command, "-f", form).out)
        assert "BOXED WARNING" in text
        assert "contraception until 4 weeks after" in text


def test_silence_is_said_in_the_answer_with_what_another_label_says() -> None:
    text = words(ruxcalc("warn", "--esrd", "-r", "us").out)
    assert text.startswith("! THE US LABEL DOES NOT MENTION: end-stage renal disease.")
    assert "The EU label, 4.2: Avoid the cream in end-stage" in text
    unread = words(ruxcalc("warn", "--infection", "-r", "uk").out)
    assert unread.startswith("! NOT READ IN THE UK LABEL: serious infection. Look it up.")
    assert "5.1: Avoid the cream" in unread


@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_assess_says_what_was_not_answered(form: str) -> None:
    text = words(re.sub(r"<[^>]+>", " ", ruxcalc("assess", "--age", "34", "-f", form).out))
    assert re.search(r"Dose\W+not calculated", text)
    assert re.search(r"Response\W+not checked", text)
    whole = ruxcalc("assess", "--bsa", "8", "--week", "3", "-f", form).out
    assert "not calculated" not in whole
    assert "not checked" not in whole


def test_headlines_are_worst_first_across_parts_and_regions() -> None:
    arguments = ("--bsa", "12", "--week", "52", "--repig", "20", "--age", "9", "--no-face")
    text = table("assess", *arguments)
    order = ["OVER THE LABEL", "OUTSIDE THE LABEL", "CONSIDER STOPPING", "ASK THE PATIENT"]
    places = [text.index(words_of) for words_of in order]
    assert places == sorted(places)


def test_a_source_that_was_not_read_is_marked_as_such() -> None:
    text = table("warn", "-r", "uk", "--hepatic")
    assert "4.2*" in text
    assert "* Not read for this regulator: taken from the EU text." in text
    assert "*" not in table("warn", "-r", "eu", "--hepatic")


@pytest.mark.parametrize("command", ["dose --bsa 8", "check --week 3", "warn", "assess"])
@pytest.mark.parametrize("form", ["table", "note", "markdown", "html"])
def test_every_answer_carries_editions_verification_and_caution(command: str, form: str) -> None:
    text = words(ruxcalc(*command.split(), "-f", form).out).replace("&#39;", "'")
    for said in ("2026-06-30", "2024-04-02", "2023-11-13", "2026-11-24"):
        assert said in text
    # The record says which edition's text was read where that is an older one.
    assert ("2023-10-19" in text) == (form in ("markdown", "html"))
    assert "Supports, and does not replace, the prescriber's judgement." in text


def test_consider_stopping_is_never_shortened() -> None:
    for form in ("table", "note", "markdown"):
        text = words(ruxcalc("check", "--week", "52", "--repig", "20", "-f", form).out).lower()
        assert text.count("stop") == text.count("consider stopping")


def test_the_working_is_shown_where_it_is_asked_for() -> None:
    assert "Working" not in table("dose", "--bsa", "8")
    text = words(table("dose", "--bsa", "8", "--explain"))
    assert "8 / 2 x 0.5" in text
    ran = ruxcalc("dose", "--bsa", "8", "--explain", "-f", "note")
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        ("dose --bsa 0.08", "0.08 of the body is 8 %"),
        ("dose --handprints 0.08", "8 handprints are 8 % BSA"),
        ("dose --ftu 0.08", "two handprints"),
        ("dose --bsa 8 --height 99 --weight 70", "centimetres"),
        ("dose --bsa 8 --height 170 --weight 24", "kilograms"),
        ("dose --bsa 8 --body-surface 0.9", "square metres"),
        ("dose --bsa 8 --grams-per-ftu 0.3", "Published figures"),
        ("dose --bsa 8 --grams-per-ftu 0.75", "outside the averages of groups"),
        ("check --week 364 --repig 30", "weeks, not days"),
        ("check --start 2016-01-05 --on 2026-11-01 --repig 30", "Check the dates"),
        ("check --week 52 --repig 0.2", "0.2 of the treated areas is 20 %"),
    ],
)
def test_what_is_possible_but_unusual_is_answered_with_a_note(arguments: str, note: str) -> None:
    ran = ruxcalc(*arguments.split())
    assert ran.status in (0, 3)
    assert re.search(r"^Note: .*" + re.escape(note), ran.err, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    ["dose --bsa 1", "dose --handprints 0.5", "dose --bsa 8 --height 100 --weight 25",
     "dose --bsa 8 --body-surface 1", "dose --bsa 8 --grams-per-ftu 0.4", "check --week 260 -r us",
     "check --week 52 --repig 1"],
)  # fmt: skip
def test_what_is_usual_has_no_note(arguments: str) -> None:
    assert ruxcalc(*arguments.split()).err == ""


def test_definitions_are_where_an_input_is_explained() -> None:
    text = ruxcalc("help", "inputs").out
    assert "excludes: the palm alone" in text
    assert "excludes: a topical steroid" in text
    assert "excludes: the week that is running: day 363 is still week 51" in text


class Outline(HTMLParser):
    """The parts of a page that a screen reader goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("command", ["dose --bsa 12", "check --week 52 --repig 20", "warn",
                                     "assess --bsa 8", "label us", "label --facts",
                                     "vasi face=1@75", "warn --topical <b>&x",
                                     PLAN, "label --check"])  # fmt: skip
def test_html_needs_nothing_else_and_has_real_headings(command: str) -> None:
    page = ruxcalc(*command.split(), "-f", "html").out
    outline = Outline()
    outline.feed(page)
    tags = [tag for tag, _ in outline.tags]
    assert ("html", {"lang": "en"}) in outline.tags
    assert tags.count("title") == tags.count("h1") == tags.count("main") == 1
    assert not {"script", "link", "img", "iframe", "b"} & set(tags)
    assert "http" not in re.sub(r"https://[\w./?=&;-]+", "", page)
    assert "url(" not in page
    for tag, attributes in outline.tags:
        if tag == "table":
            assert attributes.keys() & {"aria-label", "aria-labelledby"}
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
    assert "prescriber's judgement" in outline.text
    shown = ruxcalc(*command.split(), "-f", "markdown").out
    for number in re.findall(r"\d+(?:\.\d+)? (?:g|%)|\d{4}-\d\d-\d\d", shown):
        assert number in outline.text


def test_a_coloured_row_of_html_says_so_in_words() -> None:
    said = {"cross": "✗ critical", "warn": "! warning", "ask": "? to ask", "tick": "✓ checked"}
    arguments = ("--bsa", "8", "--week", "52", "--esrd", "--face", "--topical", "tacrolimus")
    page = ruxcalc("assess", *arguments, "-f", "html").out
    part = r'<(?:tr|h1|p) class="(?:verdict )?(\w+)">(.*?)</(?:tr|h1|p)>'
    coloured = re.findall(part, page, re.DOTALL)
    assert set(said) - {"tick"} <= {symbol for symbol, _ in coloured}
    for symbol, row in coloured:
        for word in said.get(symbol, "").split():
            assert word in re.sub(r"<[^>]*>|[\[\]]", " ", row).split() or word == "to"


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed on this machine")
@pytest.mark.parametrize("command", ["dose --bsa 12 --body-surface 2.2",
                                     "assess --bsa 8 --week 52 --repig 20 --age 34",
                                     f"{PLAN} --stop 2027-01-10"])  # fmt: skip
def test_a_browser_prints_it_on_one_page(command: str, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(ruxcalc(*command.split(), "-f", "html").out, "utf-8")
    subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         "--disable-background-networking", f"--user-data-dir={tmp_path / 'profile'}",
         f"--print-to-pdf={printed}", page.as_uri()],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert len(re.findall(rb"/Type */Page\b", printed.read_bytes())) == 1
