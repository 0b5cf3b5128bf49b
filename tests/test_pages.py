"""What table, note and Markdown say: the answer first, and nothing that matters left out."""

import csv
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import VERIFIED_ON, ruxcalc

PLAN = "plan --start 2026-01-05 --on 2026-01-05 --bsa 8"
VISITS = Path(__file__).parent.parent / "examples" / "visits.csv"


def table(*arguments: str) -> str:
    """The table on a wide terminal, with cells in one line."""
    return ruxcalc(*arguments, env={"COLUMNS": "120"}).out


def words(text: str) -> str:
    """The text without borders and line breaks."""
    return re.sub(r"[^\w%.,;:()\[\]'/+-]+", " ", text)


def test_the_dose_is_the_first_line_and_the_verdict_the_next() -> None:
    first, second, third, *_ = table("dose", "--bsa", "12", "--body-surface", "2.2").splitlines()
    assert first == "58.4 g a week (8.3 g a day) for 12 % of the body surface"
    assert second == "US: OVER the label in area (area 12 of 10 %)"
    assert third == "EU, UK: OVER the label in area and amount (area 12 of 10 %)"


def test_each_tube_size_shows_its_own_answer() -> None:
    rows = [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in table("dose", "--bsa", "12", "--body-surface", "2.2", "-r", "us").splitlines()
        if line.startswith("│ US")
    ]
    assert rows[0] == ["US", "58.4 of 60 g per week", "yes", "4 x 60 g", "7.2 days", "2.2"]
    assert rows[1] == ["US", "116.8 of 100 g per 2 weeks", "OVER", "3 x 100 g", "12 days", "2.2"]


def test_a_boundary_is_not_rounded_away_in_any_form() -> None:
    over = ("dose", "--bsa", "10.0000001")
    under = ("check", "--week", "52", "--repig", "24.999999999999999999", "-r", "eu")
    site = ("check", "--week", "52", "--repig", "face=24.9999999999999999", "--repig", "body=80")
    for form in ("table", "note", "markdown"):
        assert "10.0000001 of 10 %" in ruxcalc(*over, "-f", form).out
        assert "24.999999999999999999 %" in words(ruxcalc(*under, "-f", form).out)
        assert "24.9999999999999999 %" in words(ruxcalc(*site, "-f", form).out)
    assert ruxcalc(*under, "--get", "repigmentation_percent").out == "24.999999999999999999\n"


def test_the_estimate_names_its_sources() -> None:
    text = words(table("dose", "--bsa", "8"))
    for source in ("Long and Finlay", "2022;23:355", "Kang 2024", "Swiss label"):
        assert source in text
    assert "US: the label says nothing on how long an opened tube keeps." in text


@pytest.mark.parametrize("form", ["table", "note", "markdown"])
def test_what_is_for_every_patient_is_in_every_form(form: str) -> None:
    text = words(ruxcalc("warn", "-f", form).out)
    assert "For every patient" in text
    assert "Boxed warning: serious infection" in text
    assert "effective contraception" in text


@pytest.mark.parametrize("form", ["table", "note", "markdown"])
def test_silence_is_said_in_the_answer_and_not_only_below(form: str) -> None:
    text = words(ruxcalc("warn", "--esrd", "-r", "us", "-f", form).out)
    assert "label silent on End-stage renal disease" in text
    assert text.index("label silent on") < text.index("For every patient")
    unread = words(ruxcalc("warn", "--infection", "-r", "uk", "-f", form).out)
    assert "label not read on Serious infection" in unread


def test_the_table_tells_silent_from_not_read_from_not_checked() -> None:
    text = table("warn", "--esrd", "--infection")
    assert "Silent: given, and the label says nothing, which is not safety" in text
    assert "Not read: this part of the label was not read here, which is not silence" in text
    assert "Not checked: not given, which is not the same as no" in text


@pytest.mark.parametrize("form", ["table", "note", "markdown"])
def test_assess_says_what_was_not_answered(form: str) -> None:
    text = ruxcalc("assess", "--age", "34", "-f", form).out
    assert "Dose and quantity not checked: no area was given" in text
    assert "Going on or stopping not checked: no week was given" in text
    whole = ruxcalc("assess", "--bsa", "8", "--week", "3", "-f", form).out
    assert "not checked: no" not in whole


def test_contraindicated_is_the_first_row() -> None:
    text = table("warn", "-r", "eu", "--pregnant")
    assert text.index("CONTRAINDICATED") < text.index("Findings")
    assert "Pregnancy" in text[: text.index("Findings")]


def test_findings_are_worst_first_across_parts_and_regions() -> None:
    text = table("assess", "--bsa", "12", "--week", "52", "--repig", "20", "--age", "70")
    findings = text.partition("For every")[0]
    severities = re.findall(r"^│ (critical|warning|info) ", findings, re.MULTILINE)
    assert severities == sorted(severities, key=["critical", "warning", "info"].index)
    assert severities[0] == "critical"
    assert severities[-1] == "info"


def test_a_source_that_was_not_read_is_marked_as_such() -> None:
    text = table("warn", "-r", "uk", "--hepatic")
    assert "4.2 [1]" in text
    assert "\n[1] not read for this regulator, taken from the EU text\n" in text


@pytest.mark.parametrize("command", ["dose --bsa 8", "check --week 3", "warn", "assess", "label"])
@pytest.mark.parametrize("form", ["table", "note", "markdown"])
def test_every_answer_carries_editions_verification_and_caution(command: str, form: str) -> None:
    text = words(ruxcalc(*command.split(), "-f", form).out)
    for said in ("2026-06-30", "2024-04-02", "2023-10-19", "2023-11-13", "2026-11-22"):
        assert said in text
    assert "This supports, and does not replace, the prescriber's judgement." in text


def test_the_note_of_a_dose_has_at_most_four_lines_and_no_date_of_the_day() -> None:
    on = ("--on", VERIFIED_ON)
    note = ruxcalc("dose", "--bsa", "12", "--body-surface", "2.2", "-f", "note", *on).out
    assert len(note.splitlines()) <= 4
    assert "quantity" not in note or "cap" in note
    plain = ruxcalc("dose", "--bsa", "8", "-f", "note", *on).out
    assert len(plain.splitlines()) == 3


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
        ("dose --bsa 8 --grams-per-ftu 0.3", "published figures"),
        ("dose --ftu 4 --body-surface 2", "--method fingertip"),
        ("dose --bsa 8 --grams-per-ftu 0.75", "outside the published spread"),
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


def test_csv_has_each_value_of_the_json_under_its_path() -> None:
    rows = dict(csv.reader(io.StringIO(ruxcalc("dose", "--bsa", "8", "-f", "csv").out)))
    assert rows["use.grams_per_week"] == "28"
    assert rows["regions.us.caps.1.within"] == "true"
    for path, value in list(rows.items())[1::17]:
        got = ruxcalc("dose", "--bsa", "8", "--get", path).out.removesuffix("\n")
        assert got in (value, "null", "[]")
    drug = ruxcalc("warn", "--drug", "=1+1", "-r", "us", "-f", "csv").out
    assert "\ninputs.drug.0,'=1+1\n" in drug


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
                                     "vasi face=1@75", "warn --topical <b>&x", "evidence",
                                     PLAN,
                                     f"track {VISITS}", "label --check"])  # fmt: skip
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
    page = ruxcalc("assess", "--bsa", "12", "--pregnant", "--age", "70", "-f", "html").out
    coloured = re.findall(r'<tr class="(\w+)">(.*?)</tr>', page, re.DOTALL)
    assert len(coloured) >= 4
    for severity, row in coloured:
        assert severity in re.sub(r"<[^>]*>", " ", row).split()


def test_svg_is_a_picture_with_a_title_that_needs_nothing_else() -> None:
    picture = ruxcalc("dose", "--bsa", "8", "-f", "svg").out
    root = ET.fromstring(picture)  # noqa: S314 - our own
    assert root.tag.endswith("}svg")
    assert root[0].text == "ruxcalc: dose"
    assert "url(http" not in picture
    assert "@font-face" not in picture
    text = "".join(root.itertext()).replace("\xa0", " ")
    assert "28 g a week (4 g a day) for 8 % of the body surface" in text


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed on this machine")
@pytest.mark.parametrize("command", ["dose --bsa 12 --body-surface 2.2",
                                     "assess --bsa 8 --week 52 --repig 20 --age 34",
                                     f"{PLAN} --stop 2027-01-10",
                                     f"track {VISITS}"])  # fmt: skip
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


@pytest.mark.parametrize("form", ["table", "note", "markdown"])
def test_a_plan_over_the_label_says_so_before_its_dates(form: str) -> None:
    over = ["--start", "2026-01-05", "--on", "2026-01-05", "--bsa", "12", "-r", "eu"]
    text = words(ruxcalc("plan", *over, "-f", form).out)
    assert text.index("EU: OVER the label. 12 % of the body surface") < text.index("Week 24")
    assert "OVER" not in ruxcalc("plan", *PLAN.split()[1:], "-f", form).out
