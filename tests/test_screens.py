"""The first screen: what a person sees in 80 columns, as it was agreed before it was built.

The words come from the agreed mock-ups and rules, not from the output. A screen is compared
without its columns: only words, their order and the count of lines are held.
"""

import re
from typing import Any

import pytest

from ruxcalc import api
from ruxcalc.render.html import render_html
from ruxcalc.render.markdown import render_markdown
from ruxcalc.render.note import render_note
from ruxcalc.render.table import Drawing, render_table

DAY = "2026-11-24"
PATIENT: dict[str, Any] = {"bsa": 8, "week": 52, "repig": 20, "age": 34}


def answered(command: str, region: str | list[str] | None = None, **inputs: Any) -> Any:
    return getattr(api, command)(region=region, on=DAY, **inputs)


def screen(answer: Any, *, full: bool = False, width: int = 80) -> list[str]:
    return render_table(answer, full=full, color="never", width=width).splitlines()


def words(lines: list[str] | str) -> str:
    text = "\n".join(lines) if isinstance(lines, list) else lines
    return " ".join(text.split())


# The mock-ups: what stands on the screen, in this order.
MOCK_UPS = [
    (
        answered("dose", "eu", bsa=8),
        (
            "4 fingertip units (2 g) twice a day on 8 % of the body: 28 g a week",
            "✓ Area and amount are within the EU label 4.2",
            "For 28 days 2 tubes of 100 g; one lasts about 25 days",
            "Area 8 of 10 % of the body surface",
            "Amount 124 of 200 g in a month of 31 days",
            "Others used 19 to 36 g a week",
            "ask how long a tube lasts",
            "Once opened discard after 6 months",
            "6.3",
            "Not asked: age, face, pregnancy, medicines. Before prescribing: ruxcalc assess",
            "2024-04-02",
            "verified 2026-11-24.",
            "--explain",
            "Supports, and does not replace, the prescriber's judgement.",
        ),
    ),
    (
        answered("dose", bsa=8),
        (
            "4 fingertip units (2 g) twice a day on 8 % of the body: 28 g a week",
            "✓ Area (8 of 10 %) and amount are within the labels: US, EU, UK 2.2, 4.2",
            "Amount and limit For 28 days A tube lasts",
            "US 28 of 60 g a week 2 tubes of 60 g about 15 days",
            "56 of 100 g in 2 weeks or 2 tubes of 100 g about 25 days",
            "EU, UK 124 of 200 g a month 2 tubes of 100 g about 25 days",
            "Not asked: age, face, pregnancy, medicines. Before prescribing: ruxcalc assess",
            "One label only: -r eu, or once and for all: export RUXCALC_REGION=eu",
            "US 2026-06-30, EU 2024-04-02, UK 2023-11-13, verified 2026-11-24. --explain",
        ),
    ),
    (
        answered("dose", "eu", bsa=12),
        (
            "✗ OVER THE EU LABEL: 12 % is more than 10 % of the body. Treat less. 4.2",
            "Largest area within the label",
            "10 %: 5 fingertip units (2.5 g) twice a day, 35 g a week",
            "2 tubes of 100 g",
            "At 12 % (not a prescription) 42 g a week; 186 of 200 g a month",
        ),
    ),
    (
        answered("check", week=52, repig=20),
        (
            "! CONSIDER STOPPING EU, UK 20 % at week 52 is under 25 % 4.2",
            "? ASK THE PATIENT US is it meaningful to them? No % applies. 2.2",
            "US:",
            "no rule at week 52",
            "not advice to continue",
            "Next US: add --meaningful or --not-meaningful",
            "EU, UK: how was it measured? The rule is about the treated areas",
            "(--measure treated-area)",
        ),
    ),
    (
        answered("check", "eu", week=52),
        (
            "? SCORE NEEDED",
            "the review of week 52 is due 4.2",
            "under 25 % of the treated areas",
            "consider stopping",
            "Otherwise continue",
            "repigmented satisfactorily. Tapering is not needed.",
            "--repig 20, or two scores: --baseline 2.4 --score 1.8",
        ),
    ),
    (
        answered("warn", "eu", pregnant=True, drug=["itraconazole"]),
        (
            "✗ CONTRAINDICATED: pregnancy. Do not use the cream. 4.3, 4.6",
            "itraconazole i strong CYP3A4 inhibitor. The label rates the risk of an",
            "interaction with the cream as low.",
            'unknown is not "no"',
            "would contraindicate breast-feeding, hypersensitivity",
            "to be avoided end-stage kidney disease",
            "others age, face",
            "--full",
            "Every patient contraception until 4 weeks after",
            "regular skin checks",
            "2 more: --full",
        ),
    ),
    (
        answered("warn", "eu", infection=True),
        (
            "! THE EU LABEL DOES NOT MENTION: serious infection. You decide.",
            "The US label",
            "5.1:",
            "Avoid the cream",
        ),
    ),
    (
        answered("assess", **PATIENT),
        (
            "! CONSIDER STOPPING EU, UK 20 % at week 52 is under 25 % 4.2",
            "? ASK THE PATIENT US is it meaningful to them? No % applies. 2.2",
            "? NOT CLEARED all 1 question answered, nothing found in it",
            "Dose ✓ 4 fingertip units (2 g) twice a day: 28 g a week; 8 of 10 %",
            "28 days US 2 tubes of 60 g or 2 tubes of 100 g; EU, UK 2 tubes of 100 g",
            "Ask would contraindicate (EU, UK): pregnancy, breast-feeding, hypersensitivity",
            "to be avoided (US): breast-feeding, strong CYP3A4 inhibitor, serious infection,",
            "infarction or stroke, thrombosis",
            "to be avoided (EU, UK): end-stage kidney disease",
            "others",
            "--full",
            "Tell US: BOXED WARNING",
            "EU, UK: contraception until 4 weeks after",
            "Not read UK:",
        ),
    ),
    (
        answered("assess", "eu", bsa=8, age=34, face=True, week=52, pregnant=True),
        (
            "✗ CONTRAINDICATED: pregnancy. Do not use the cream. 4.3, 4.6",
            "Dose - withheld; ruxcalc dose --bsa 8 -r eu shows the estimate",
            "Response ? score needed: the review of week 52 is due",
            "would contraindicate: breast-feeding, hypersensitivity",
            "Tell contraception until 4 weeks after",
            "2 more",
        ),
    ),
]


@pytest.mark.parametrize(("answer", "expected"), MOCK_UPS)
def test_a_screen_says_what_its_mock_up_says_in_this_order(
    answer: Any, expected: tuple[str, ...]
) -> None:
    text, place = words(screen(answer)), 0
    for part in expected:
        assert part in text[place:], (part, text[place:])
        place = text.index(part, place) + len(part)
    assert text.startswith(expected[0])


def test_a_bar_is_as_long_as_its_share() -> None:
    lines = screen(answered("dose", "eu", bsa=8))
    assert next(line for line in lines if "Area  " in line).endswith("█" * 16 + "░" * 4)
    assert next(line for line in lines if "Amount " in line).endswith("█" * 12 + "░" * 8)


USUAL: list[tuple[str, dict[str, Any]]] = [
    ("dose", {"bsa": 8}),
    ("dose", {"bsa": 12}),
    ("dose", {"bsa": "0.5"}),
    ("dose", {"ftu": 4}),
    ("check", {"week": 12}),
    ("check", {"week": 52}),
    ("check", {"week": 52, "repig": 20}),
    ("check", {"week": 104, "repig": 80, "meaningful": True, "measure": "treated-area"}),
    ("check", {"week": 52, "repig": {"face": 76, "trunk": 23}}),
    ("warn", {}),
    ("warn", {"age": 34, "face": True, "pregnant": False}),
    ("warn", {"age": 34, "face": True, "all_others_no": True}),
    ("assess", PATIENT),
    ("assess", {"bsa": 8, "age": 34, "face": True, "pregnant": False, "drug": []}),
    ("assess", {"bsa": 12, "age": 34, "week": 12}),
    ("assess", {"bsa": 8, "age": 34, "face": True, "all_others_no": True, "week": 20}),
]


# Whole messages of what is critical or a warning take more lines, and fit a screen of 80x24 or so.
GRAVE: list[tuple[str, dict[str, Any]]] = [
    ("dose", {"bsa": 10, "body_surface": "2.1"}),
    ("warn", {"pregnant": True, "drug": ["itraconazole"]}),
    ("warn", {"infection": True}),
    ("assess", {"bsa": 8, "age": 34, "face": True, "week": 52, "pregnant": True}),
]


@pytest.mark.parametrize(("region", "lines"), [("us", 20), ("eu", 18), ("uk", 18), (None, 28)])
@pytest.mark.parametrize(("command", "inputs"), GRAVE)
def test_a_patient_with_long_warnings_takes_few_more_lines(
    command: str, inputs: dict[str, Any], region: str | None, lines: int
) -> None:
    shown = screen(answered(command, region, **inputs))
    assert len(shown) <= lines, "\n".join(shown)
    assert max(map(len, shown)) <= 80


@pytest.mark.parametrize(("region", "lines"), [("us", 16), ("eu", 16), ("uk", 16), (None, 20)])
@pytest.mark.parametrize(("command", "inputs"), USUAL)
def test_a_usual_patient_fits_the_first_screen(
    command: str, inputs: dict[str, Any], region: str | None, lines: int
) -> None:
    shown = screen(answered(command, region, **inputs))
    assert len(shown) <= lines, "\n".join(shown)
    assert max(map(len, shown)) <= 80


def test_the_working_of_a_dose_is_one_line_a_step_in_at_most_25_lines() -> None:
    text = screen(answered("dose", "eu", bsa=8, explain=True))
    start = next(n for n, line in enumerate(text) if line.strip() == "Working")
    end = next(n for n, line in enumerate(text) if line.startswith("Not asked"))
    working = text[start + 1 : end - 1]
    assert len(working) <= 25
    assert re.search(r"cream per application.* = 2 +\[\d\]$", "\n".join(working), re.MULTILINE)


NOTES: list[tuple[str, str, dict[str, Any]]] = [
    ("dose", "eu", {"bsa": 8}),
    ("dose", "us", {"bsa": 8}),
    ("check", "eu", {"week": 52, "repig": 20}),
    ("warn", "eu", {"pregnant": True, "drug": ["itraconazole"]}),
    ("warn", "us", {"age": 34, "mi_or_stroke": True}),
    ("assess", "eu", {"bsa": 8, "age": 34, "face": True, "pregnant": False, "drug": []}),
    ("assess", "eu", {"bsa": 8, "age": 34, "face": True, "week": 52, "pregnant": True}),
    ("assess", "us", {"bsa": 8, "age": 34, "drug": [], "infection": False}),
]


@pytest.mark.parametrize(("command", "region", "inputs"), NOTES)
def test_a_note_has_four_to_six_lines_and_40_to_80_words(
    command: str, region: str, inputs: dict[str, Any]
) -> None:
    note = render_note(answered(command, region, **inputs))
    assert 4 <= len(note.splitlines()) <= 6, note
    assert 40 <= len([word for word in note.split() if re.search(r"\w", word)]) <= 80, note


def test_the_note_repeats_what_was_asked_and_answered() -> None:
    inputs = {"age": 34, "face": True, "pregnant": False, "drug": [], "egfr": 60}
    note = render_note(answered("assess", "eu", bsa=8, **inputs))
    assert "Asked: 34 y, face involved, not pregnant, eGFR 60, no systemic medicines." in note
    assert "breast-feeding, hypersensitivity (would contraindicate)" in note
    assert "end-stage kidney disease (to be avoided)" in note
    assert re.search(r"; \d+ others\.", note)
    assert "EU 2024-04-02" in note


def test_the_note_of_a_contraindicated_patient_begins_with_it() -> None:
    note = render_note(answered("assess", "eu", bsa=8, pregnant=True))
    assert note.startswith("CONTRAINDICATED: pregnancy.")
    assert "Ruxolitinib 1.5 % cream" not in note


def test_near_the_limit_stands_in_the_headline() -> None:
    first, *_ = screen(answered("dose", "eu", bsa=10, body_surface="2.1"))
    assert first.startswith("! NEAR THE LIMIT")
    assert "in a month of 31 days" in first


def test_more_tubes_than_the_label_are_never_shown_as_a_supply() -> None:
    for region in ("eu", None):
        text = words(screen(answered("dose", region, bsa=10, body_surface="2.4")))
        assert "OVER THE" in text.split(":")[0]
        assert "3 tubes of 100 g" not in text


def test_an_amount_without_an_area_is_not_said_to_be_within_in_area() -> None:
    text = words(screen(answered("dose", "eu", ftu=4)))
    assert "The amount is within the EU label" in text
    assert "Area and amount" not in text


def cleared(region: str, **inputs: Any) -> dict[str, Any]:
    return {"region": region, "age": 30, "face": True, "all_others_no": True, **inputs}


@pytest.mark.parametrize(
    "inputs",
    [{"week": 52, "repig": -20}, {"dispensed": "5x100"},
     {"bsa": 10, "height": 180, "weight": 90}],
)  # fmt: skip
def test_no_tick_on_precautions_beside_what_is_to_be_acted_on(inputs: dict[str, Any]) -> None:
    answer = answered("assess", **cleared("eu", bsa=inputs.pop("bsa", 8), **inputs))
    text = words(screen(answer))
    assert "NOTHING" not in text
    assert "Precautions all 17 answered, none found" in text
    note = render_note(answer)
    assert "NOTHING" not in note
    assert "Precautions: all 17 answered, none found" in note


@pytest.mark.parametrize(
    "answer",
    [
        answered("warn", **cleared("eu", drug=["itraconazole"])),
        answered("assess", **cleared("eu", bsa=8) | {"age": 70}),
        answered("assess", **cleared("us", bsa=8, week=30, repig=-20, meaningful=True)),
    ],
)
def test_nothing_is_said_to_be_found_only_where_no_finding_stands(answer: Any) -> None:
    text = words(screen(answer))
    assert "✓ NOTHING TO ACT ON: all " in text
    assert "FOUND" not in text
    found_none = words(screen(answered("warn", **cleared("eu"))))
    assert "✓ NOTHING FOUND: all 17 items answered" in found_none


def test_an_unread_label_is_never_ticked() -> None:
    answer = answered("warn", **cleared("uk"))
    reason = "all 17 items answered; 10 parts of the UK label were not read"
    assert screen(answer)[0] == f"? NOT CLEARED: {reason}"
    note = render_note(answer)
    assert note.startswith(f"NOT CLEARED: {reason}.")
    assert "Not read in the UK label: boxed warning, signs of infection" in note
    assert "boxed warning, signs of infection" in render_note(answer, full=True)


def test_the_note_says_why_nothing_is_cleared() -> None:
    note = render_note(answered("warn", "eu"))
    assert note.startswith("NOT CLEARED. Not asked: pregnancy, breast-feeding, hypersensitivity")


def test_silence_names_the_labels_that_were_read() -> None:
    said = "Not mentioned in the US and EU labels; not read in the UK label. That does not make"
    for region in ("us", "eu"):
        assert said in words(screen(answered("warn", region, live_vaccine=True)))
    text = words(screen(answered("warn", **cleared("us", live_vaccine=True))))
    assert "NOT CLEARED: all 33 items answered; live vaccine: not mentioned by the label" in text


SHARED: list[tuple[Any, bool, str]] = [
    (answered("warn", ["eu", "uk"], phototherapy=True), False, "4.4, UK*"),
    (answered("assess", ["eu", "uk"], bsa=8, esrd=True), False, "4.2, UK*"),
    (answered("assess", bsa=15, pregnant=True), True, "4.4, UK*"),
    (answered("dose", bsa=8), False, "6.3, UK*"),
    (answered("dose", "uk", bsa=8), False, "6.3*"),
]


@pytest.mark.parametrize(("answer", "full", "mark"), SHARED)
def test_a_shared_line_says_for_whom_it_was_not_read(answer: Any, full: bool, mark: str) -> None:
    for text in (words(screen(answer, full=full)), render_markdown(answer, full)):
        plain = text.replace("\\", "")
        assert mark in plain
        assert "* Not read for this regulator: taken from the EU text." in plain


def test_a_dose_says_whom_it_fits_and_what_single_patients_used() -> None:
    text = words(screen(answered("dose", "eu", bsa=8)))
    assert "Fits a body of about 1.6 m2: add --height and --weight" in text
    assert "single patients 0.18 to 8.4 g an application" in text
    note = render_note(answered("dose", "eu", bsa=8))
    assert "fits a body of about 1.6 m2; single patients used 0.18 to 8.4 g" in note
    measured = answered("dose", "eu", bsa=8, height=170, weight=60)
    assert "Fits" not in words(screen(measured))
    assert "1.6 m2" not in render_note(measured)


def test_what_is_discontinued_has_no_amount() -> None:
    answer = answered("assess", "us", bsa=8, mi_or_stroke=True)
    assert "Dose - withheld; ruxcalc dose --bsa 8 -r us shows the estimate" in words(screen(answer))
    for text in (render_note(answer), render_markdown(answer), render_html(answer)):
        assert "withheld" in text
        assert not re.search(r"fingertip|tubes? of|g a week", text)


def test_the_refills_of_a_plan_over_the_label_are_no_prescription() -> None:
    answer = answered("plan", "eu", bsa=12, start=DAY)
    text = words(screen(answer))
    assert "OVER THE LABEL: 12 % of the body surface is more than the 10 %" in text
    assert "Treat less." in text
    assert text.count("2 tubes of 100 g") == text.count("2 tubes of 100 g (not a prescription)") > 1
    assert "2 tubes of 100 g (not a prescription)" in render_note(answer)
    assert "not a prescription" not in words(screen(answered("plan", "eu", bsa=8, start=DAY)))


def test_what_was_not_asked_is_counted_as_it_is_listed() -> None:
    text = words(screen(answered("warn", "us", all_others_no=True)))
    assert "2 others age (2 items)" in text


def test_the_note_of_what_was_dispensed_says_what_was_not_asked() -> None:
    note = render_note(answered("dose", "eu", bsa=8, dispensed="5x100"))
    assert "Not asked: age, face, pregnancy, medicines." in note
    assert "ask how much is really used" in note


def test_markdown_keeps_what_belongs_together() -> None:
    text = render_markdown(answered("assess", bsa=8))
    assert re.search(r"- \*\*Ask\*\*: would contra.*\n  - to be avoided .*\n  - to be", text)


def test_the_source_of_a_label_without_a_revision_has_no_empty_field() -> None:
    text = words(screen(answered("warn", "uk"), full=True))
    assert "emc product 14903, edition of 2023-11-13, text read" in text


def test_what_a_review_may_lead_to_is_said() -> None:
    for command in ("check", "assess"):
        text = words(screen(answered(command, week=52)))
        assert "If not US: re-evaluate the treatment" in text
        assert "If EU, UK: under 25 % of the treated areas repigmented: consider stopping" in text
        text = words(screen(answered(command, "us", week=30, meaningful=False)))
        assert "this" in text.partition("No % applies;")[2][:6]
        assert "is not an instruction to stop" in text


def test_what_was_dispensed_has_a_line_and_over_it_the_headline() -> None:
    over = screen(answered("dose", "eu", bsa=8, dispensed="3x100"))
    assert over[0].startswith("✗ OVER THE EU LABEL: 3 tubes of 100 g for 28 days")
    assert "Dispensed 3 tubes of 100 g for 28 days: OVER the limit." in words(over)
    within = words(screen(answered("dose", "eu", bsa=8, dispensed="2x100")))
    assert "Dispensed 2 tubes of 100 g for 28 days: within the limit." in within


def test_full_unfolds_what_was_counted() -> None:
    short, full = (words(screen(answered("warn"), full=full)) for full in (False, True))
    assert "--full" in short
    assert "--full" not in full
    unread = "boxed warning, signs of infection"
    for said in ("hepatitis B", "Acne where the cream is applied", unread):
        assert said not in short
        assert said in full


def test_symbols_and_bars_have_ascii() -> None:
    from ruxcalc.render.layout import View
    from ruxcalc.render.pages import lay_out

    layout = lay_out(answered("dose", "eu", bsa=8), View(hints=True))
    text = Drawing(80, ascii_only=True).text(layout)
    assert text.isascii()
    assert "\n+ Area and amount are within" in text
    over = lay_out(answered("dose", "eu", bsa=12), View(hints=True))
    assert Drawing(80, ascii_only=True).text(over).startswith("x OVER THE EU LABEL")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answered("warn", "eu", pregnant=True), "31"),
        (answered("dose", "eu", bsa=12), "31"),
        (answered("check", "eu", week=52, repig=20), "33"),
        (answered("check", "eu", week=52), "36"),
        (answered("dose", "eu", bsa=8), "32"),
    ],
)
def test_colour_means_something(answer: Any, code: str) -> None:
    colored = render_table(answer, color="always", width=80)
    lines = colored.splitlines()
    assert re.search(rf"\x1b\[(1;)?{code}m", lines[0] + lines[1])
    assert "\x1b[2m" in lines[-1]  # dim
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_table(answer, color="never", width=80)


def test_colour_follows_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answered("warn", "eu", pregnant=True)
    monkeypatch.setattr("ruxcalc.render.terminal._is_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" in render_table(answer, width=80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in render_table(answer, width=80)
    assert "\x1b[" in render_table(answer, color="always", width=80)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in render_table(answer, width=80)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("ruxcalc.render.terminal._is_terminal", lambda: False)
    assert "\x1b[" not in render_table(answer, width=80)


def test_html_says_severity_by_word_symbol_and_colour_and_escapes() -> None:
    page = render_html(answered("assess", "eu", bsa=8, pregnant=True, topical=["<b>&x"]))
    head = re.search(r"<h1 class=\"cross\">(.*?)</h1>", page, re.DOTALL)
    assert head
    assert "✗" in head.group(1)
    assert "[critical]" in head.group(1)
    assert "<b>&x" not in page
    assert "&lt;b&gt;&amp;x" in page
    for needed in ('<html lang="en">', 'class="signature"', "Date", "Signature", "pregnant"):
        assert needed in page
    assert "http" not in page


def test_markdown_begins_with_the_verdict() -> None:
    text = render_markdown(answered("warn", "eu", pregnant=True))
    assert text.startswith("# ✗ CONTRAINDICATED: pregnancy.")
