"""The page for the patient holds what the facts say of its region, on one sheet, in plain words."""

import html
import re
import shutil
import subprocess
import warnings
from datetime import date
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import ruxcalc

from ruxcalc.errors import InputError
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.patient import read_patient
from ruxcalc.render.handout import (
    render_handout_html,
    render_handout_markdown,
    render_handout_table,
)
from ruxcalc.rules.handout import PARTS, SOURCE_NOTES, HandoutAnswer, Line, Part, handout, sheet

FROM_EU = "taken from the EU text, not read for this region"


def page(*regions: str, **inputs: Any) -> HandoutAnswer:
    given = {name: (value,) for name, value in inputs.items()}
    return handout(read_patient(given), load_all(regions))


def words_of(answer: HandoutAnswer, *parts: str) -> str:
    said = [part for part in answer.parts if not parts or part.name in parts]
    return " ".join(line.words for part in said for line in part.lines)


class Fact(NamedTuple):
    """A row of the facts for one region: where it stands, and words that it must or must not use.

    A fact without `words` is one on which that region's label says nothing.
    """

    name: str
    region: str
    part: str
    words: tuple[str, ...]


def facts(name: str, part: str, us: tuple[str, ...], eu: tuple[str, ...],
          uk: tuple[str, ...] | None = None) -> list[Fact]:  # fmt: skip
    return [Fact(name, "us", part, us), Fact(name, "eu", part, eu),
            Fact(name, "uk", part, eu if uk is None else uk)]  # fmt: skip


# Each row of the facts for the patient page, with a word or figure that it cannot be said without.
FACTS = [
    *facts("what for", "for", ("vitiligo", "not segmental", "12"), ("vitiligo", "face", "12")),
    *facts("where not", "where-not", ("only on the skin", "eyes", "mouth", "vagina"),
           ("lips", "eyes", "mouth", "vagina", "wipe", "rinse with water")),
    *facts("where, and how little", "where", ("drawing",), ("doctor", "smallest area")),
    *facts("how often", "when", ("thin layer", "twice a day"),
           ("thin layer", "twice a day", "8 hours")),
    *facts("how much at most", "how-much",
           ("10 %", "one 60 g tube a week", "one 100 g tube in 2 weeks"),
           ("10 %", "10 times the palm", "five fingers", "two 100 g tubes a month")),
    *facts("hands", "hands", ("Wash your hands", "unless", "Anyone who puts it on"),
           ("Wash your hands", "unless", "Anyone who puts it on")),
    *facts("washing the treated skin", "washing", (), ("2 hours",)),
    *facts("sunscreen", "sunscreen", ("broad-spectrum sunscreen", "clothes", "sun lamps"),
           ("2 hours", "sunscreen", "body cream", "Other medicines")),
    *facts("missed", "missed", (), ("as soon as you remember", "Skip", "8 hours")),
    *facts("how long", "how-long", ("24 weeks", "Tell us"),
           ("6 months", "12 months", "happy", "stop", "lose its colour")),
    *facts("pregnancy", "pregnancy", ("pregnant", "plan", "1-855-463-3463"),
           ("Do not use it while you are pregnant", "birth control", "4 weeks")),
    *facts("breast-feeding", "breast-feeding", ("Do not breast-feed", "4 weeks"),
           ("Do not use it while you breast-feed", "4 weeks"),
           # The 4 weeks were not read for the UK.
           ("Do not use it while you breast-feed", "Ask us")),
    *facts("allergy", "allergy", (),
           ("allergic", "propylene glycol", "cetyl", "stearyl", "two parabens",
            "butylhydroxytoluene")),
    *facts("call", "call",
           ("fever", "sweats", "cough", "breathing", "sore skin", "infection", "emergency",
            "heart attack", "stroke", "one leg", "chest", "back", "clot", "bleed", "bruise",
            "tired"),
           ("doctor or pharmacist", "any side effect")),
    *facts("tell before starting", "before",
           ("infection", "keeps coming back", "TB", "hepatitis B or C", "shingles", "HIV",
            "weak immune system", "diabetes", "lung disease", "fungal", "smoke", "heart attack",
            "stroke", "clot", "cancer", "blood counts", "blood fats", "medicines"),
           ("allergy", "pregnant", "breast-feed", "medicines")),
    *facts("skin checks", "skin-checks", ("check your skin",), ("check your skin",)),
    *facts("common side effects", "side-effects",
           ("acne", "itching", "redness", "cold", "headache", "urinary infection", "fever"),
           ("1 in 10", "acne")),
    *facts("storage", "storage", ("20 to 25 °C", "68 to 77 °F", "children"),
           ("30 °C", "6 months", "expiry date", "children", "pharmacist", "Opened on: ____",
            "Throw away 6 months later: ____")),
    *facts("driving", "driving", (), ("unlikely", "drive")),
    *facts("crystals", "crystals", (), ("crystals", "stop using that tube", "return it"), ()),
    *facts("boxed warning", "warning",
           ("serious infections", "cancers", "heart attacks", "strokes", "blood clots", "died",
            "lung infections", "used this cream", "smoke"), ()),
    *facts("next review", "next-review", ("24 weeks", "____"), ("52 weeks", "____")),
]  # fmt: skip


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.name}-{fact.region}")
def test_a_page_says_what_the_facts_say_and_nothing_where_they_are_silent(fact: Fact) -> None:
    said = words_of(page(fact.region), fact.part)
    assert all(words in said for words in fact.words)
    assert bool(said) is bool(fact.words)


def test_every_part_of_the_page_has_a_fact() -> None:
    assert {fact.part for fact in FACTS} == set(PARTS)


SECTIONS = {
    "us": r"(\d+(\.\d+)?|boxed warning|Medication Guide)",
    "eu": r"(4\.\d|leaflet \d|\d|letter of 24 April 2025)",
    "uk": r"(4\.\d|leaflet \d|\d)",
}


@pytest.mark.parametrize("region", REGIONS)
def test_each_sentence_names_its_section_or_that_no_label_says_it(region: str) -> None:
    for part in page(region, bsa="8", start="2026-11-24", on="2026-11-24").parts:
        for line in part.lines:
            if line.source_note == "not from the label":
                assert line.section in (None, "Long and Finlay 1991")
                continue
            assert line.section
            assert all(re.fullmatch(SECTIONS[region], one) for one in line.section.split(", "))
            assert line.from_eu is (line.source_note == FROM_EU)


# Read for the UK: 4.1, 4.2 and sections 1 and 2 of the leaflet. The rest is from the EU leaflet.
@pytest.mark.parametrize(("part", "from_eu"), [
    ("for", False), ("when", False), ("where-not", False), ("sunscreen", False),
    ("pregnancy", False), ("hands", True), ("washing", True), ("missed", True), ("storage", True),
    ("side-effects", True), ("call", True), ("driving", True), ("skin-checks", True),
])  # fmt: skip
def test_the_uk_page_marks_what_was_read_for_the_eu_only(part: str, from_eu: bool) -> None:
    (lines,) = (known.lines for known in page("uk").parts if known.name == part)
    assert {line.from_eu for line in lines} == {from_eu}
    assert not any(line.from_eu for region in ("us", "eu") for known in page(region).parts
                   for line in known.lines)  # fmt: skip


def test_no_region_says_what_only_another_says() -> None:
    rows = {region: {row.words for row in sheet() if row.region == region} for region in REGIONS}
    for region in REGIONS:
        others = set().union(*(rows[other] for other in REGIONS if other != region))
        # A fragment without its figures stands for the sentence it is from.
        foreign = {max(re.split(r"\{[a-z-]+\}", words), key=len) for words in others - rows[region]}
        said = words_of(page(region))
        assert not [words for words in foreign if words in said
                    and not any(words in own for own in rows[region])]  # fmt: skip
    assert "Medication Guide" not in render_handout_html(page("eu"))
    assert "leaflet" not in render_handout_html(page("us"))


def test_the_sheet_is_well_formed() -> None:
    keys = [(row.region, row.part, row.order) for row in sheet()]
    assert len(keys) == len(set(keys))
    for row in sheet():
        assert row.region in (*REGIONS, "all")
        assert row.part in PARTS
        assert row.verified in SOURCE_NOTES
        assert row.words == row.words.strip()
        assert row.section or row.verified == "program"
        assert (row.region == "uk") or row.verified != "eu-text"


@pytest.mark.parametrize("region", REGIONS)
def test_nothing_is_called_safe_and_nobody_is_named(region: str) -> None:
    text = render_handout_markdown(page(region))
    assert not re.search(r"\b(safe|safely|harmless|name of|your name)\b", text, re.IGNORECASE)
    assert "Your clinician checked this page" in text
    assert "review this page before you use it" in text.replace("\n", " ")


# How much: 1 fingertip unit covers 2 % of the body surface.


@pytest.mark.parametrize(("inputs", "words"), [
    ({"bsa": "8"}, "4 fingertip units each time, twice a day."),
    ({"bsa": "2"}, "1 fingertip unit each time, twice a day."),
    ({"bsa": "1"}, "½ fingertip unit each time, twice a day."),
    ({"handprints": "7"}, "3½ fingertip units each time, twice a day."),
    ({"ftu": "2.25"}, "2¼ fingertip units each time, twice a day."),
    ({"bsa": "7.3"}, "about 3¾ fingertip units each time, twice a day."),
    ({"bsa": "7.2"}, "about 3½ fingertip units each time, twice a day."),
    ({"bsa": "0.1"}, "about ¼ fingertip unit each time, twice a day."),
    ({"bsa": "10"}, "5 fingertip units each time, twice a day."),
    ({}, "____ fingertip units each time, twice a day."),
])  # fmt: skip
@pytest.mark.parametrize("region", REGIONS)
def test_the_amount_is_in_quarters_of_a_fingertip_unit(
    region: str, inputs: dict[str, str], words: str
) -> None:
    answer = page(region, **inputs)
    (how_much,) = (part for part in answer.parts if part.name == "how-much")
    assert how_much.lines[0].words == f"Your amount: {words}"
    assert (answer.amount is None) is (not inputs)


# EU: 200 g in 31 days at 0.5 g a unit, twice a day, are 6.4516 units.
@pytest.mark.parametrize(("ftu", "units"), [("6.37", "6.25"), ("6.45", "6.25"), ("6.25", "6.25")])
def test_an_amount_is_never_rounded_over_the_cap(ftu: str, units: str) -> None:
    amount = page("eu", ftu=ftu).amount
    assert amount is not None
    assert amount.fingertip_units == Decimal(units)


@pytest.mark.parametrize(("region", "inputs", "field"), [
    ("us", {"bsa": "10.01"}, "bsa"), ("eu", {"bsa": "10.01"}, "bsa"),
    ("uk", {"handprints": "11"}, "handprints"),
    # 60 g in 7 days are 8.571 units, 200 g in 28 days 7.143.
    ("us", {"ftu": "8.58"}, "ftu"), ("eu", {"ftu": "7.15"}, "ftu"),
])  # fmt: skip
def test_over_the_label_there_is_no_page(
    region: str, inputs: dict[str, str], field: str
) -> None:
    with pytest.raises(InputError, match="no page for the patient") as refused:
        page(region, **inputs)
    assert refused.value.field == field


def test_close_to_the_cap_the_clinician_is_noticed() -> None:
    assert page("us", ftu="8.5").notes == ()
    assert any("close to the limit" in note for note in page("eu", ftu="7").notes)


def test_an_input_of_the_dose_alone_is_refused() -> None:
    with pytest.raises(InputError, match="bsa"):
        page("eu", grams_per_ftu="0.4")


# Who gets no page


@pytest.mark.parametrize(("region", "name"), [
    (region, name) for region in ("eu", "uk")
    for name in ("pregnant", "breastfeeding", "hypersensitivity")
])  # fmt: skip
def test_a_contraindicated_patient_gets_no_page(region: str, name: str) -> None:
    with pytest.raises(InputError, match="contraindicates the cream") as refused:
        page(region, bsa="8", **{name: True})
    assert refused.value.field == name
    assert page(region, bsa="8", **{name: False}).amount


@pytest.mark.parametrize(("region", "inputs"), [
    ("us", {"mi_or_stroke": True}),  # discontinue, 5.4
    ("us", {"thrombosis_risk": True}),  # avoid, 5.5
    ("us", {"infection": True}),  # avoid, 5.1
    ("eu", {"esrd": True}),  # avoid, 4.2
])  # fmt: skip
def test_no_amount_where_the_label_says_avoid_or_discontinue(
    region: str, inputs: dict[str, Any]
) -> None:
    answer = page(region, bsa=8, **inputs)
    assert (answer.amount, answer.worst) == (None, "critical")
    assert "left blank" in answer.notes[0]
    assert "____" in words_of(answer, "how-much")
    absent = dict.fromkeys(inputs, False)
    assert page(region, bsa=8, **absent).amount is not None


@pytest.mark.parametrize(("region", "inputs"), [
    ("us", {"pregnant": True}), ("us", {"hypersensitivity": True}), ("us", {"esrd": True}),
    ("us", {"cytopenia": True}), ("eu", {"infection": True}), ("eu", {"egfr": 10}),
    ("eu", {"age": 9}), ("eu", {"face": False}), ("uk", {"mi_or_stroke": True}),
])  # fmt: skip
def test_what_there_is_to_act_on_is_noted_for_the_clinician(
    region: str, inputs: dict[str, Any]
) -> None:
    answer = page(region, bsa=8, **inputs)
    assert answer.worst == "warning"
    assert any("The page does not say this" in note for note in answer.notes)
    assert page(region, bsa=8).worst is None
    assert page(region, bsa=8).notes == ()


@pytest.mark.parametrize("regions", [("us", "eu"), REGIONS])
def test_a_page_needs_one_region(regions: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="one region"):
        page(*regions)


# The next review: day 0 is the first application.


@pytest.mark.parametrize(("region", "on", "review", "words"), [
    ("us", "2026-01-05", date(2026, 6, 22), "after 24 weeks: June 22, 2026"),
    ("us", "2026-06-22", date(2026, 6, 22), "after 24 weeks: June 22, 2026"),
    ("us", "2026-06-23", None, ""),
    ("eu", "2026-06-23", date(2027, 1, 4), "after 52 weeks: 4 January 2027"),
    ("uk", "2027-01-04", date(2027, 1, 4), "after 52 weeks: 4 January 2027"),
    ("uk", "2027-01-05", None, ""),
])  # fmt: skip
def test_the_next_review_has_its_date(
    region: str, on: str, review: date | None, words: str
) -> None:
    answer = page(region, start="2026-01-05", on=on)
    assert answer.next_review == review
    said = words_of(answer, "next-review")
    assert words in said
    assert ("Your review after" in said) is bool(words)
    assert "Your next visit: ____" in said
    assert bool(answer.notes) is (review is None)


def test_a_start_at_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="beyond the calendar"):
        page("eu", start="9999-12-01")


def test_a_restart_counts_anew() -> None:
    answer = page("eu", start="2025-01-01", restart="2026-01-05", on="2026-11-24")
    assert answer.next_review == date(2027, 1, 4)


def test_a_label_of_another_shape_has_a_page_without_what_it_lacks() -> None:
    (label,) = load_all(("eu",))
    once = label.applications_per_day._replace(value=Decimal(1))
    bare = label._replace(applications_per_day=once, in_use=None, reviews=(), caps=())
    answer = handout(read_patient({"bsa": ("8",)}), (bare,))
    said = words_of(answer)
    assert "once a day" in said
    assert "Throw away" not in said
    assert "Never use more than" not in said
    assert answer.next_review is None


# Plain words


def sentences(region: str) -> list[str]:
    said = " ".join(
        line.words if line.words[-1] in ".?" else f"{line.words}."
        for part in page(region, bsa="8", start="2026-11-24", on="2026-11-24").parts
        for line in part.lines
    )
    return re.split(r"(?<=[.?]) ", said.replace("____", "today"))


@pytest.mark.parametrize("region", REGIONS)
def test_the_sentences_can_be_read_at_the_age_of_twelve(region: str) -> None:
    # Python 3.12 and newer warn of its source, where that was not compiled at its installation.
    with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
        readability = import_module("readability")
    measures = readability.getmeasures("\n".join(sentences(region)), lang="en")
    assert measures["readability grades"]["Kincaid"] <= 7
    assert max(len(sentence.split()) for sentence in sentences(region)) <= 35


# The page as HTML


class Outline(HTMLParser):
    """The headings, and the drawings with their names for a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.drawings: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "svg":
            self.drawings.append(known)
        if tag == "html":
            self.language = known["lang"]
        self.ids += [str(known["id"])] if "id" in known else []
        self.links += [str(known[name]) for name in ("href", "src") if name in known]


@pytest.mark.parametrize("region", REGIONS)
def test_the_page_can_be_heard_and_needs_no_other_file(region: str) -> None:
    outline = Outline()
    outline.feed(render_handout_html(page(region, bsa="8")))
    assert outline.language == "en"
    assert outline.headings == [1, *[2] * (len(page(region).parts) - 1)]
    assert not outline.links
    assert len(outline.ids) == len(set(outline.ids))
    assert len(outline.drawings) == 2
    for drawing in outline.drawings:
        assert drawing["role"] == "img"
        title, description = str(drawing["aria-labelledby"]).split()
        assert {title, description} <= set(outline.ids)


def test_print_is_no_smaller_than_12_points_but_for_the_sources() -> None:
    text = render_handout_html(page("us"))
    style = text.split("@media print {")[1].split("</style>")[0]
    sizes = re.findall(r"^ +([\w ,.]+) \{ font-size: ([\d.]+)pt", style, re.MULTILINE)
    assert dict(sizes) == {"body": "12", "h1": "16", "h2": "12", "small, .sources": "7"}
    assert style.count("font-size") == len(sizes)
    widths = re.findall(r"svg\.(\w+) \{ width: (\d+)pt", style)
    for drawing, points in widths:
        box = re.search(rf'class="{drawing}"[^>]*viewBox="\S+ \S+ (\d+) .*?font-size="(\d+)"',
                        text, re.DOTALL)  # fmt: skip
        assert box
        assert int(box[2]) * int(points) / int(box[1]) >= 12
    assert {drawing for drawing, _ in widths} == {"fingertip", "body"}


@pytest.mark.parametrize("region", REGIONS)
def test_the_formats_hold_the_same_sentences(region: str) -> None:
    answer = page(region, bsa="8")
    tags = re.compile(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", re.DOTALL)
    blanks = re.sub(r'<span class="blank".*?</span>', "____", render_handout_html(answer))
    shown = {
        "html": html.unescape(tags.sub("", blanks)),
        "markdown": re.sub(r"\\(.)", r"\1", render_handout_markdown(answer)),
        "table": render_handout_table(answer),
    }
    for text in shown.values():
        flat = re.sub(r"\s+", " ", text)
        assert not [line.words for part in answer.parts for line in part.lines
                    if line.words not in flat]  # fmt: skip


def test_whatever_stands_in_a_sentence_is_escaped() -> None:
    evil = Part("when", "<b>", (Line('<script>"&\'____`*_|', "<i>", ""),))
    answer = page("us")._replace(parts=(evil,))
    text = render_handout_html(answer)
    assert "<script>" not in text
    assert "<b>" not in text
    assert "<i>" not in text
    assert "&lt;script&gt;" in text
    assert r"\<script\>" in render_handout_markdown(answer)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_plain_text_fits_the_terminal(width: int) -> None:
    ascii_only = {"COLUMNS": str(width), "PYTHONIOENCODING": "ascii"}
    text = ruxcalc("handout", "-r", "eu", "--bsa", "7.3", env=ascii_only).out
    assert text.isascii()
    assert "\\" not in text
    assert "3 3/4 fingertip" in re.sub(r"\s+", " ", text)
    assert max(map(len, text.splitlines())) <= width


# The page on paper and on a phone

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
USUAL_FONTS = ("Arial", "Helvetica", "Liberation Sans", "Arimo", "Nimbus Sans")


@cache
def browser_is_missing() -> str:
    """Why the page cannot be looked at here, or nothing."""
    if CHROMIUM is None:
        return "Chromium is not installed"
    fonts = shutil.which("fc-match")
    if fonts is None:
        return "fontconfig is not installed"
    font = subprocess.run([fonts, "-f", "%{family}", "Arial"], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    return "" if font.startswith(USUAL_FONTS) else f"no font as wide as Arial, only {font}"


def browse(folder: Path, text: str, *options: str) -> str:
    if browser_is_missing():
        pytest.skip(browser_is_missing())
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    return subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", f"--user-data-dir={folder / 'profile'}", *options, file.as_uri()],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("inputs", [{}, {"bsa": "7.3", "start": "2026-09-01", "on": "2026-11-24"}],
                         ids=["blank", "filled"])  # fmt: skip
@pytest.mark.parametrize("region", REGIONS)
def test_the_page_prints_on_one_sheet(
    region: str, inputs: dict[str, str], paper: str, tmp_path: Path
) -> None:
    text = render_handout_html(page(region, **inputs))
    assert text.count("@page {") == 1
    printed = tmp_path / "page.pdf"
    browse(tmp_path, text.replace("@page {", f"@page {{ size: {paper};"), "--no-pdf-header-footer",
           f"--print-to-pdf={printed}")  # fmt: skip
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1


@pytest.mark.slow
@pytest.mark.parametrize("region", REGIONS)
def test_the_page_fits_a_phone_in_one_column(region: str, tmp_path: Path) -> None:
    text = html.escape(render_handout_html(page(region, bsa="7.3")))
    frame = (
        f'<iframe style="width:360px;height:640px;border:0" srcdoc="{text}"></iframe>'
        "<script>onload = () => { const page = document.querySelector('iframe').contentDocument;"
        "document.title = page.documentElement.scrollWidth + ' ' +"
        "getComputedStyle(page.querySelector('.parts')).columnCount; }</script>"
    )
    seen = browse(tmp_path, frame, "--dump-dom")
    found = re.search(r"<title>(\d+) (\w+)</title>", seen)
    assert found
    assert int(found[1]) <= 360
    assert found[2] == "auto"
