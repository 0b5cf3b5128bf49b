"""The first screens of plan, track, evidence, label and vasi: what they must show, and where.

What is expected is written from the mock-ups and rules of the screens, and from the facts.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from conftest import ruxcalc
from hypothesis import given, settings
from hypothesis import strategies as st

from ruxcalc import api
from ruxcalc.render.html import render_html
from ruxcalc.render.layout import View
from ruxcalc.render.markdown import render_markdown
from ruxcalc.render.note import render_note
from ruxcalc.render.pages import lay_out
from ruxcalc.render.table import Drawing

FRAMES = re.compile("[\u2500-\u257f]")
DAY = date(2026, 1, 5)
FOOT = 2  # lines: editions, caution


def screen(*arguments: str, columns: int = 80, stdin: str | None = None) -> list[str]:
    """Return the lines of a screen of so many columns."""
    ran = ruxcalc(*arguments, env={"COLUMNS": str(columns)}, stdin=stdin)
    lines = ran.out.splitlines()
    assert lines, ran.err
    assert max(map(len, lines)) <= columns
    assert not FRAMES.search(ran.out)
    return lines


def visits(*rows: str) -> str:
    """Return a list of visits: date, repigmentation, meaningful, tubes, grams of a tube."""
    return "date,repig,meaningful,tubes_dispensed,tube_grams\n" + "".join(f"{r}\n" for r in rows)


# ---- plan ----

PLAN = ("plan", "--start", "2026-01-05", "--on", "2026-01-05")


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        (("--bsa", "8", "-r", "eu"), 16),
        (("--bsa", "8", "--stop", "2026-12-01", "-r", "eu"), 16),
        (("--bsa", "8"), 20),
        (("--bsa", "8", "--stop", "2026-12-01"), 24),
        (("--bsa", "12", "-r", "us"), 24),
    ],
)
def test_a_plan_is_one_screen(arguments: tuple[str, ...], most: int) -> None:
    assert len(screen(*PLAN, *arguments)) <= most


def test_a_plan_begins_with_what_is_due_next() -> None:
    # 8 % are 4 g a day: two tubes of 100 g last 50 days, until 2026-02-24.
    assert screen(*PLAN, "--bsa", "8", "-r", "eu")[0] == (
        "Week 0 now. Next, 2026-02-24 Tue: get 2 tubes of 100 g"
    )


def test_the_dates_of_a_plan_are_a_line_each_in_their_order() -> None:
    lines = screen(*PLAN, "--bsa", "8", "--stop", "2027-06-01", "-r", "eu")
    dated = [line.split()[0] for line in lines if re.match(r"  \d{4}-", line)]
    # Refill, week 52 on day 364, and 4 weeks after the last application.
    assert dated == [
        "2026-01-05", "2026-02-24", "2027-01-04", "2027-06-01", "2027-06-29", "2027-06-29",
    ]  # fmt: skip


def test_tubes_of_one_label_are_joined_by_or() -> None:
    text = ruxcalc(*PLAN, "--bsa", "8", "-r", "us", "-f", "note").out
    # 60 g at 4 g a day last 15 days, two of them 30; two of 100 g last 50.
    sizes = "2 tubes of 60 g, then every 30 days; or, 2026-02-24, 2 tubes of 100 g, then every 50"
    assert sizes in text


def test_labels_that_say_the_same_share_a_line_and_one_label_has_no_column() -> None:
    several = "\n".join(screen(*PLAN, "--bsa", "8"))
    assert "EU, UK: Get 2 tubes of 100 g" in several
    assert several.count("Review (week 52)") == 1
    assert "EU:" not in "\n".join(screen(*PLAN, "--bsa", "8", "-r", "eu"))


def test_what_is_over_stands_before_any_date() -> None:
    assert "OVER THE LABEL" in screen(*PLAN, "--bsa", "12", "-r", "eu")[0]
    # 7 g a day are 196 g in 28 days and 217 g in 31.
    near = screen(*PLAN, "--bsa", "10", "--grams-per-ftu", "0.7", "-r", "eu")
    assert "NEAR THE LIMIT" in near[0]


def test_silence_of_a_label_is_no_advice_to_continue() -> None:
    text = " ".join(" ".join(screen(*PLAN, "-r", "us")).split())
    assert "Week 52 the label is silent, which is not advice to continue" in text


# ---- track ----


def test_a_decision_stands_in_the_first_line() -> None:
    lines = screen("track", "-", "-r", "eu", "--on", "2027-01-05",
                   stdin=visits("2026-01-05,0,,,", "2027-01-04,20,,,"))  # fmt: skip
    assert lines[0].startswith("! CONSIDER STOPPING: 20 % at week 52 is under 25 %")
    assert len(lines) <= 16


def test_what_was_dispensed_over_the_cap_stands_before_the_decision() -> None:
    # Two tubes, and the next on day 27: at the cap they last 28 days.
    rows = visits("2026-01-05,0,,2,100", "2026-02-01,5,,1,100", "2027-01-04,20,,,")
    lines = screen("track", "-", "-r", "eu", "--on", "2027-01-05", stdin=rows)
    assert lines[0].startswith("\u2717 OVER THE EU LABEL: 2 tubes of 100 g for 27 days")
    assert any(line.startswith("! CONSIDER STOPPING") for line in lines)
    assert len(lines) <= 16


def test_a_review_whose_day_is_past_is_due_and_nothing_says_continue_in_the_headline() -> None:
    lines = screen("track", "-", "-r", "eu", "--on", "2027-02-01",
                   stdin=visits("2026-01-05,0,,,", "2026-06-22,10,,,"))  # fmt: skip
    assert lines[0].startswith("! REVIEW DUE SINCE 2027-01-04")
    assert not any("CONTINUE" in line for line in lines)


def test_a_review_that_no_visit_answers_is_said_first() -> None:
    lines = screen("track", "-", "-r", "eu", "--on", "2027-02-01",
                   stdin=visits("2026-01-05,60,,,", "2027-01-04,,,1,100"))  # fmt: skip
    assert lines[0].startswith("! REVIEW NOT ANSWERED: week 52 is past")
    assert not any("CONTINUE" in line for line in lines)


def test_an_earlier_outcome_is_not_covered_by_a_later_continue() -> None:
    rows = visits("2026-01-05,0,,,", "2027-01-04,20,,,", "2027-02-22,30,,,")
    lines = screen("track", "-", "-r", "eu", "--on", "2027-03-01", stdin=rows)
    assert lines[0].startswith("! WEIGH BOTH")


def test_a_visit_is_a_line_and_old_ones_are_folded_with_their_count() -> None:
    rows = [f"{DAY + timedelta(days=14 * n)},{n},,," for n in range(12)]
    arguments = ("track", "-", "-r", "eu", "--on", "2026-06-09")
    short = screen(*arguments, stdin=visits(*rows))
    assert len([line for line in short if re.match(r"  \d{4}-", line)]) == 8
    assert "4 more visits before these: --full" in short
    assert len(short) <= 24
    full = screen(*arguments, "--full", stdin=visits(*rows))
    assert len([line for line in full if re.match(r"  \d{4}-", line)]) == 12


def test_rejected_rows_are_said_with_their_reason() -> None:
    lines = screen("track", "-", "-r", "eu", "--on", "2026-06-09",
                   stdin=visits("2026-01-05,0,,,", "2026-03-05,2O,,,"))  # fmt: skip
    text = " ".join(" ".join(lines).split())
    assert "1 ROW REJECTED: line 3: repig: '2O'" in text


def test_labels_share_what_they_say_of_the_visits() -> None:
    lines = screen("track", "-", "--on", "2027-01-05",
                   stdin=visits("2026-01-05,0,,,", "2027-01-04,20,yes,,"))  # fmt: skip
    assert lines[0].startswith("! CONSIDER STOPPING  EU, UK")
    assert any(re.search("CONTINUE .* US", line) for line in lines)
    assert len(lines) <= 24


# ---- evidence ----


def test_the_evidence_is_24_lines() -> None:
    assert len(screen("evidence")) <= 24


def test_each_endpoint_and_week_is_a_line_with_both_arms_side_by_side() -> None:
    lines = screen("evidence")
    # Measurement facts, trials: F-VASI75 by week; the ratio of 29.8 and 7.4 is 4.0.
    expected = {
        "F-VASI75 week 12, slide": ("12.8 / 3.5 (3.7)", "15.4 / 9.2 (1.7)"),
        "F-VASI75 week 24, paper": ("29.8 / 7.4 (4.0)", "30.9 / 11.4 (2.7)"),
        "F-VASI75 week 24, label": ("29.9 / 7.5 (4.0)", "29.9 / 12.9 (2.3)"),
        "F-VASI75 week 40, slide": ("45.5 / 16.9 *", "47.5 / 18.3 *"),
        "F-VASI75 week 52, slide": ("52.6 / 26.8 *", "48.0 / 29.6 *"),
        "F-VASI90 week 24, label": ("15.5 / 2.2 (7.0)", "15.4 / 1.9 (8.1)"),
    }
    for label, arms in expected.items():
        [line] = [line for line in lines if label in line]
        assert all(arm in line for arm in arms)
    text = " ".join(lines)
    assert "TRuE-V1 221 / 109, TRuE-V2 222 / 109 (label: 229 / 115)" in text
    assert "never a prognosis" in text
    assert "* Both arms used the cream" in text


def test_the_time_course_is_drawn() -> None:
    bars = [line.count("\u2588") for line in screen("evidence") if "F-VASI75 week" in line]
    assert len(bars) == 5
    assert bars == sorted(bars)
    assert bars[0] < bars[-1]


def test_what_is_folded_of_the_evidence_has_a_count_and_all_is_in_the_full_view() -> None:
    assert any(re.match(r"\d+ more groups.*--full", line) for line in screen("evidence"))
    full = " ".join(" ".join(screen("evidence", "--full")).split())
    for piece in (
        "66.1 %", "hands 15 %", "odds ratio 5.3", "difference 22.5", "14.8 years", "Not known",
        "54.8 % of patients", "Harris, AAD 2023", "674 enrolled",
    ):  # fmt: skip
        assert piece in full


# ---- label ----


def test_two_topics_of_a_label_are_two_lines_and_the_foot() -> None:
    lines = screen("label", "eu", "storage", "in-use-life")
    assert len(lines) == 2 + 1 + FOOT
    assert re.fullmatch(r"Storage: .*30 C.* 6\.4", lines[0])
    assert re.fullmatch(r"Use after opening: .*6 months.* 6\.3", lines[1])


def test_text_of_another_label_is_marked_and_the_mark_explained() -> None:
    lines = screen("label", "uk", "storage")
    assert lines[0].endswith("6.4*")
    assert any(line.startswith("* Not read for this regulator") for line in lines)


def test_a_label_has_its_topics_in_groups_and_names_what_it_does_not_mention() -> None:
    lines = screen("label", "eu")
    groups = [line.strip() for line in lines if line.strip() in (
        "Use", "Review", "For every patient", "For the patient who has it")]  # fmt: skip
    assert groups == ["Use", "Review", "For every patient", "For the patient who has it"]
    text = " ".join(" ".join(lines).split())
    assert re.search("- Not mentioned: .*live vaccine", text)
    assert "\u2717 Pregnancy: " in text
    assert re.search(r"Not read: .*serious infection", " ".join(screen("label", "uk")))


def test_a_difference_says_what_each_label_says_and_what_only_one_says() -> None:
    text = " ".join(" ".join(screen("label", "--diff", "us", "eu")).split())
    assert re.search(r"Pregnancy: US, 8\.1: .* EU, 4\.3, 4\.6: Pregnancy is a contraind", text)
    assert "Only in the label: EU" in text
    assert "Only in the label: US" in text


def test_figures_have_numbered_sources() -> None:
    text = " ".join(" ".join(screen("label", "--facts")).split())
    cited = {int(n) for n in re.findall(r"\[(\d+)\]", text)}
    assert cited == set(range(1, max(cited) + 1))
    assert "Long and Finlay" in text


def test_what_is_due_again_is_the_headline() -> None:
    assert screen("label", "--check", "eu", "--on", "2027-11-25")[0].startswith("! READ AGAIN")
    assert "Nothing is due" in screen("label", "--check", "eu", "--on", "2027-11-24")[0]


# ---- vasi ----


def test_vasi_says_what_became_of_the_scores_then_what_to_type() -> None:
    lines = screen("vasi", "face=1@25", "trunk=3@75", "--baseline", "face=1@100 trunk=3@100")
    # (4 - 2.5) / 4 = 37.5 %; of the face (1 - 0.25) / 1 = 75 %.
    assert lines[0] == "All sites 37.5 % repigmented, face 75 % repigmented"
    assert lines[1] == "T-VASI 2.5, F-VASI 0.25; 4 % of the body surface affected"
    assert "  Next   ruxcalc check --week WEEK --baseline 4 --score 2.5 --measure t-vasi" in lines
    assert len(lines) <= 16


def test_worsening_is_the_headline() -> None:
    line = screen("vasi", "face=1@75", "--baseline", "face=1@50")[0]
    assert line.startswith("! WORSE: all sites 50 % worse")


# ---- all of them ----

ANSWERS: dict[str, Any] = {
    "plan": lambda: api.plan(start=DAY, on=DAY, bsa=8, stop="2026-12-01"),
    "plan over": lambda: api.plan(start=DAY, on=DAY, bsa=12),
    "plan without area": lambda: api.plan(start=DAY, on=DAY),
    "track": lambda: api.track(
        [
            {"date": DAY, "repig": 0, "bsa": 12, "tubes_dispensed": 3},
            {"date": DAY + timedelta(days=14), "repig": {"face": -7, "trunk": 3},
             "tubes_dispensed": 1},
        ],
        on=DAY + timedelta(days=400),
    ),
    "evidence": api.evidence,
    "label": api.label,
    "topics": lambda: api.label(topics=["storage"]),
    "diff": lambda: api.label(diff=True),
    "facts": lambda: api.label(facts=True),
    "check": lambda: api.label(check=True),
    "vasi": lambda: api.vasi("face=1@25 trunk=3@75", baseline="face=1@10 trunk=3@100"),
    "steps": lambda: api.vasi(steps=True),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
@settings(max_examples=12)
@given(columns=st.integers(40, 250), full=st.booleans())
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(
    name: str, columns: int, *, full: bool
) -> None:
    layout = lay_out(ANSWERS[name](), View(full=full, hints=True))
    text = Drawing(columns).text(layout)
    assert max(map(len, text.splitlines())) <= columns
    joined = re.sub(r"\s", "", text)
    for headline in layout.headlines:
        assert re.sub(r"\s", "", headline.words) in joined
    for block in layout.blocks:
        for line in block.rows:
            words = [word for cell in line.cells for word in cell.split()]
            assert all(word in joined for word in words)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("full", [False, True])
def test_what_goes_into_a_record_names_no_option(name: str, *, full: bool) -> None:
    answer = ANSWERS[name]()
    for text in (
        render_note(answer, full=full),
        render_markdown(answer, full=full),
        re.sub(r"<style>.*?</style>", "", render_html(answer, full=full), flags=re.DOTALL),
    ):
        assert not re.search(r"(?<![-\w|])--[a-z]", text)
        assert "ruxcalc " not in text.replace("ruxcalc: ", "")


@pytest.mark.parametrize("name", ANSWERS)
def test_line_1_is_the_same_in_every_format(name: str) -> None:
    answer = ANSWERS[name]()
    first = lay_out(answer, View()).headlines[0]
    plain = re.sub(r"\\(.)", r"\1", render_markdown(answer).splitlines()[0])
    assert first.sentence in plain
    line = re.sub(r"\s+", " ", Drawing(250).text(lay_out(answer, View())))[:60]
    assert (first.words or first.text)[:50] in line


@pytest.mark.parametrize("name", ["plan over", "track"])
def test_the_full_view_holds_every_finding(name: str) -> None:
    answer = ANSWERS[name]()
    text = re.sub(r"\s+", " ", Drawing(250).text(lay_out(answer, View(full=True, hints=True))))
    for part in answer.regions.values():
        for found in part.findings:
            for word in re.findall(r"[\d.]+ %|\d{4}-\d\d-\d\d", found.message):
                assert word in text


@pytest.mark.parametrize(("bsa", "shown"), [("0.08", "0.08"), ("0.996", "1"), ("8.04", "8"),
                                            ("9.99", "9.99")])  # fmt: skip
def test_a_small_area_is_not_rounded_to_another_one(bsa: str, shown: str) -> None:
    assert f"on {shown} % of the body" in ruxcalc("dose", "--bsa", bsa, "-r", "eu").out
