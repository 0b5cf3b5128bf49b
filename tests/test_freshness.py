"""The age of the facts: said when it is due, and never a change to a number or a decision."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from conftest import ruxcalc
from hypothesis import example, given
from hypothesis import strategies as st

from ruxcalc import assess, check, dose, evidence, label, plan, track, vasi, warn
from ruxcalc.render.json import render_json

VERIFIED = date(2026, 11, 24)
HOLDS_UNTIL = date(2027, 11, 24)  # 365 days later, and not a day more
CODE = "label-verification-old"
GRAVITY = [None, "info", "warning", "critical"]

areas = st.decimals("0.01", 20, places=2)
responses = st.decimals(-100, 100, places=1)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def asked_of(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a question that does not depend on the day of the visit."""
    command = draw(st.sampled_from(["dose", "check", "warn", "assess"]))
    inputs: dict[str, Any] = {}
    if command in ("dose", "assess"):
        inputs["bsa"] = draw(areas)
    if command in ("check", "assess"):
        inputs |= {"week": draw(st.integers(0, 80)), "repig": draw(responses)}
    if command in ("warn", "assess"):
        inputs["pregnant"] = draw(st.booleans())
    return command, inputs


questions = st.composite(asked_of)()
FUNCTIONS: dict[str, Callable[..., Any]] = {"dose": dose, "check": check, "warn": warn,
                                        "assess": assess}  # fmt: skip


def said(answer: Any) -> Any:
    return json.loads(render_json(answer))


def without_age(value: Any) -> Any:
    """Return an answer without the finding, the gravest severity, and the day that was given."""
    if isinstance(value, dict):
        return {name: without_age(item) for name, item in value.items()
                if name not in ("worst", "on")}  # fmt: skip
    if isinstance(value, list):
        return [without_age(item) for item in value
                if not (isinstance(item, dict) and item.get("code") == CODE)]  # fmt: skip
    return value


def ages(answer: Any) -> dict[str, int]:
    """Return how often each region says that its verification is old."""
    part = answer["warn"] if answer["schema"] == "ruxcalc.assess/1" else answer
    return {region: [finding["code"] for finding in region_part["findings"]].count(CODE)
            for region, region_part in part["regions"].items()}  # fmt: skip


@given(questions, days)
@example(("dose", {"bsa": "8"}), HOLDS_UNTIL)
@example(("assess", {"bsa": "8"}), HOLDS_UNTIL + timedelta(days=1))
@example(("check", {"week": 52, "repig": 20}), HOLDS_UNTIL + timedelta(days=1))
def test_the_same_answer_but_for_the_age_of_the_facts(
    question: tuple[str, dict[str, Any]], day: date
) -> None:
    command, inputs = question
    fresh = said(FUNCTIONS[command](**inputs, on=VERIFIED))
    answer = said(FUNCTIONS[command](**inputs, on=day))
    assert without_age(answer) == without_age(fresh)
    old = day > HOLDS_UNTIL
    assert ages(answer) == dict.fromkeys(("us", "eu", "uk"), int(old))
    assert ages(fresh) == dict.fromkeys(("us", "eu", "uk"), 0)
    least = "info" if old else None
    assert answer["worst"] == max(fresh["worst"], least, key=GRAVITY.index)


@given(days, st.none() | areas, st.integers(0, 800))
@example(HOLDS_UNTIL, None, 0)
@example(HOLDS_UNTIL + timedelta(days=1), None, 0)
def test_a_plan_is_judged_by_the_day_it_is_made(day: date, area: Any, after: int) -> None:
    answer = said(plan(start=day - timedelta(days=after), on=day, bsa=area))
    assert ages(answer) == dict.fromkeys(("us", "eu", "uk"), int(day > HOLDS_UNTIL))


@given(days)
@example(HOLDS_UNTIL)
@example(HOLDS_UNTIL + timedelta(days=1))
def test_what_judges_no_patient_has_a_note_instead(day: date) -> None:
    for function in (
        lambda on: label(region="eu", on=on),
        lambda on: evidence(region="eu", on=on),
        lambda on: vasi(["face=1@75"], region="eu", on=on),
    ):
        answer, fresh = said(function(day)), said(function(VERIFIED))
        assert len(answer["notes"]) - len(fresh["notes"]) == int(day > HOLDS_UNTIL)
        assert {**answer, "notes": (), "inputs": ()} == {**fresh, "notes": (), "inputs": ()}


VISITS = [{"date": "2025-01-06", "score": 4}, {"date": "2026-01-05", "score": 3.5, "bsa": 6}]


@given(days)
@example(HOLDS_UNTIL)
@example(HOLDS_UNTIL + timedelta(days=1))
def test_visits_are_answered_the_same_on_any_day(day: date) -> None:
    answer, fresh = said(track(VISITS, on=day)), said(track(VISITS, on=VERIFIED))
    # The day itself, and that a visit is after it, are said; nothing else turns on it.
    answer |= {"on": fresh["on"], "notes": fresh["notes"]}
    assert without_age(answer) == without_age(fresh)
    assert ages(answer) == dict.fromkeys(("us", "eu", "uk"), int(day > HOLDS_UNTIL))
    assert ages(fresh) == dict.fromkeys(("us", "eu", "uk"), 0)


@given(days)
@example(HOLDS_UNTIL)
@example(HOLDS_UNTIL + timedelta(days=1))
def test_what_is_due(day: date) -> None:
    due = label(check=True, on=day).due
    assert due
    assert {row.verified_on for row in due} == {VERIFIED}
    assert {row.holds_until for row in due} == {HOLDS_UNTIL}
    assert {row.due for row in due} == {day > HOLDS_UNTIL}


LIST = "id,bsa,on\nown,8,2027-11-24\nlist,8,\n"


@pytest.mark.parametrize(("day", "counted"), [("2027-11-24", 0), ("2027-11-25", 1)])
def test_the_day_of_a_list_is_that_of_rows_without_one(day: str, counted: int) -> None:
    ran = ruxcalc("batch", "-", "-r", "eu", "--full", "--on", day, stdin=LIST)
    assert ran.status == 0
    rows = {row["row"]["id"]: row for row in map(json.loads, ran.out.splitlines())}
    assert ages(rows["own"]) == {"eu": 0}
    assert ages(rows["list"]) == {"eu": counted}
    assert rows["list"]["worst"] == ("info" if counted else None)
    assert without_age(rows["own"]["dose"]) == without_age(rows["list"]["dose"])


def test_the_day_of_a_list_is_the_visit_of_rows_with_a_start() -> None:
    visits = "id,start,on,repig\nlist,2026-11-23,,20\nown,2026-11-23,2027-11-21,20\n"
    ran = ruxcalc("batch", "-", "-r", "eu", "--full", "--on", "2027-11-22", stdin=visits)
    assert ran.status == 3
    rows = map(json.loads, ran.out.splitlines())
    assert {row["row"]["id"]: row["check"]["week"] for row in rows} == {"list": 52, "own": 51}


def test_the_day_of_a_list_is_read_as_any_date() -> None:
    ran = ruxcalc("batch", "-", "--on", "2027-02-29", stdin=LIST)
    assert (ran.status, ran.out) == (2, "")
    assert "2027-02-29" in ran.err
