"""The calendar of a plan, read back: the same days as the answer, and text that explains itself."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from conftest import VERIFIED_ON, ruxcalc
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from ruxcalc import plan
from ruxcalc.answers import PlanAnswer
from ruxcalc.render.ics import render_ics
from ruxcalc.render.json import render_json

ONE_DAY = timedelta(days=1)
# Every fourth-year boundary, year ends, and the century without a leap day.
EDGES = [
    date(2023, 3, 1), date(2023, 3, 2), date(2023, 3, 3), date(2023, 9, 13), date(2023, 9, 14),
    date(2023, 9, 15), date(2024, 1, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1),
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 17), date(2099, 3, 1), date(2099, 12, 31),
]  # fmt: skip
starts = st.sampled_from(EDGES) | st.dates(date(2015, 1, 1), date(2105, 1, 1))
# From in-use life (0.5 %) through broken days (7 %) to the cap (12 %, twice the cream).
areas = st.sampled_from(["0.5", "1.1", "3.3333", "7", "8", "10", "12"])


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """What may be asked of a plan, the day it is made included."""
    start = draw(starts)
    asked: dict[str, Any] = {
        "start": start,
        "on": start + timedelta(days=draw(st.integers(-400, 500))),
        "region": draw(st.sampled_from([None, "us", "eu", "uk", ("us", "uk"), ("eu", "uk")])),
    }
    if draw(st.booleans()):
        asked["bsa"] = draw(areas)
        asked["grams_per_ftu"] = draw(st.sampled_from(["0.5", "0.9", "1"]))
        asked["tubes"] = draw(st.none() | st.integers(1, 5))
    if draw(st.booleans()):
        asked["stop"] = start + timedelta(days=draw(st.integers(0, 500)))
    return {name: value for name, value in asked.items() if value is not None}


def events_in(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def kind_of(title: str) -> str:
    """The kind of a day, from the title of its event."""
    kinds = ("Week 24", "Week 52", "Refill", "Contraception", "Breast-feeding")
    [kind] = [kind for kind in kinds if kind in title]
    return kind


def days_of(answer: PlanAnswer) -> Iterator[tuple[str, str, str, str | None]]:
    """Each day of the JSON answer that is to be kept: day, kind, region, section."""
    for region, part in answer.regions.items():
        for review in part.reviews:
            if not review.after_stop:
                yield review.date, f"Week {review.week}", region, review.source.section
        for refill in part.refills:
            for day in refill.refill_dates:
                yield day, "Refill", region, refill.source.section
        for kind, wait in (
            ("Contraception", part.contraception),
            ("Breast-feeding", part.breastfeeding),
        ):
            if wait is not None and wait.date is not None:
                yield wait.date, kind, region, wait.source.section


@settings(max_examples=200)
@given(plans())
def test_the_calendar_holds_the_days_of_the_answer_and_no_other(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    events = events_in(render_ics(answer))
    for event in events:
        first, last = event["DTSTART"], event["DTEND"]
        assert type(first.dt) is type(last.dt) is date, "a whole day has no time"
        assert first.params["VALUE"] == last.params["VALUE"] == "DATE"
        assert last.dt - first.dt == ONE_DAY
    kept = {(event["DTSTART"].dt.isoformat(), kind_of(event["SUMMARY"])) for event in events}
    assert kept == {(day, kind) for day, kind, _, _ in days_of(answer)}


@settings(max_examples=200)
@given(plans())
def test_no_two_events_share_a_uid(asked: dict[str, Any]) -> None:
    times = Counter(str(event["UID"]) for event in events_in(render_ics(plan(**asked))))
    assert [uid for uid, number in times.items() if number > 1] == []


@settings(max_examples=100)
@given(plans())
def test_each_event_explains_itself(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    told: dict[tuple[str, str], str] = {}
    for event in events_in(render_ics(answer)):
        text = str(event["DESCRIPTION"])
        assert answer.start in text
        assert answer.basis.caution in text
        assert answer.basis.facts_verified in text
        # A day of two tube sizes has an event each; regions share one where they share the day.
        key = event["DTSTART"].dt.isoformat(), kind_of(event["SUMMARY"])
        told[key] = told.get(key, "") + text
    for day, kind, region, section in days_of(answer):
        text = told[day, kind]
        edition = answer.basis.editions[region]
        assert f"{edition.name}: {edition.document}, edition {edition.edition}" in text
        assert re.search(rf"^[US, EK]*\b{edition.name}\b[, EUK]*: ", text, re.MULTILINE)
        assert section is None or f"section {section}" in text


@settings(max_examples=100)
@given(plans(), st.text(min_size=1, max_size=20))
def test_lines_are_those_of_rfc_5545(asked: dict[str, Any], case: str) -> None:
    raw = render_ics(plan(**asked), case).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75


@settings(max_examples=100)
@given(plans())
def test_the_same_plan_is_the_same_file(asked: dict[str, Any]) -> None:
    assert render_ics(plan(**asked), "7") == render_ics(plan(**asked), "7")


def uids(text: str) -> dict[str, str]:
    return {str(event["SUMMARY"]): str(event["UID"]) for event in events_in(text)}


def test_a_plan_made_again_on_another_day_updates_its_events() -> None:
    asked: dict[str, Any] = {"start": "2026-01-05", "bsa": 8, "stop": "2026-12-01", "region": "eu"}
    first = uids(render_ics(plan(on="2025-12-01", **asked)))
    before_the_start = uids(render_ics(plan(on="2026-01-05", **asked)))
    later = uids(render_ics(plan(on="2026-03-01", **asked)))
    assert first == before_the_start
    assert later.items() <= first.items(), "refills move; what is kept has its own UID still"
    kept = {"Ruxolitinib cream: Week 24", "Ruxolitinib cream: Refill 1: 2 x 100 g (EU)"}
    assert kept <= later.keys()


def test_another_start_and_another_case_are_other_events() -> None:
    def ids(start: str, case: str) -> set[str]:
        return {*uids(render_ics(plan(start=start, on="2026-01-05", bsa="8"), case)).values()}

    plain = ids("2026-01-05", "")
    others = [ids("2026-01-06", ""), ids("2026-01-05", "a"), ids("2026-01-05", "b"),
              ids("2026-01-06", "a")]  # fmt: skip
    for number, one in enumerate((plain, *others)):
        for other in (plain, *others)[number + 1 :]:
            assert not one & other


@settings(max_examples=50)
@given(st.text("GHJKQXZ", min_size=5, max_size=30))
def test_the_case_is_not_in_the_file(case: str) -> None:
    asked = plan(start="2026-01-05", on="2026-01-05", bsa="8", stop="2026-12-01")
    assert case not in render_ics(asked, case).replace("\r\n ", "")


def test_no_word_of_a_case_is_in_the_file() -> None:
    text = render_ics(plan(start="2026-01-05", on="2026-01-05"), "Ward 7, bed 12").lower()
    assert "ward" not in text
    assert "bed 12" not in text


def test_with_a_day_given_nothing_depends_on_today(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_day() -> date:
        raise AssertionError("today was asked for")

    monkeypatch.setattr("ruxcalc.api.today", no_day)
    answer = plan(start="2026-01-05", on="2026-02-01", bsa="8", stop="2026-12-01")
    stamps = {event["DTSTAMP"].dt for event in events_in(render_ics(answer))}
    assert stamps == {datetime(2026, 2, 1, tzinfo=UTC)}
    assert answer.notes == ()
    with pytest.raises(AssertionError, match="today was asked for"):
        plan(start="2026-01-05")


@pytest.mark.parametrize("start", ["2024-02-29", "2023-03-02", "2025-12-31"])
def test_the_command_prints_the_calendar(start: str) -> None:
    run = ["plan", "--start", start, "--on", start, "--bsa", "7", "--stop", "2026-05-31"]
    one, again = (ruxcalc(*run, "-f", "ics") for _ in range(2))
    assert (one.status, one.err) == (0, "")
    assert one.out == again.out
    assert one.out == render_ics(plan(start=start, on=start, bsa="7", stop="2026-05-31"))
    named = ruxcalc(*run, "-f", "ics", "--case", "QZ71")
    assert "QZ71" not in named.out
    assert uids(named.out).keys() == uids(one.out).keys()
    assert not {*uids(named.out).values()} & {*uids(one.out).values()}


@settings(max_examples=200)
@given(plans())
def test_the_days_are_those_of_a_calendar(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    start = asked["start"]
    stop = asked.get("stop")
    first = max(start, asked["on"])
    assert "today" not in render_json(answer)
    for region, part in answer.regions.items():
        assert [date.fromisoformat(review.date) for review in part.reviews] == [
            start + timedelta(days=168), start + timedelta(days=364)
        ]  # fmt: skip
        assert [review.after_stop for review in part.reviews] == [
            stop is not None and stop < date.fromisoformat(review.date) for review in part.reviews
        ]
        waits = None if stop is None else (stop + timedelta(days=28)).isoformat()
        assert part.contraception_until == (None if region == "us" else waits)
        assert part.breastfeeding_from == (None if region == "uk" else waits)
        for refill in part.refills:
            tubes = refill.tube_dates
            if stop is not None and stop < first:  # nothing is opened after the last application
                assert (tubes, refill.refill_dates) == ((), ())
                continue
            assert tubes[0].opened_on == first.isoformat()
            ends = [tube.used_up_on or tube.discard_on for tube in tubes]
            assert [tube.opened_on for tube in tubes[1:]] == ends[:-1]
            opened_in_time = stop is None or tubes[-1].opened_on <= stop.isoformat()
            assert opened_in_time
            assert [tube.number for tube in tubes] == list(range(1, len(tubes) + 1))
            assert len(tubes) == refill.tubes or stop is not None
            for tube in tubes:
                opened = date.fromisoformat(tube.opened_on)
                kept = None if region == "us" else (opened + timedelta(days=181)).isoformat()
                assert tube.discard_on == kept
                assert kept is None or tube.used_up_on is None or tube.used_up_on <= kept
            assert sorted({*refill.refill_dates}) == [*refill.refill_dates]
            if refill.refill_dates:
                assert refill.refill_dates[0] == ends[-1]
            for day in refill.refill_dates[1:]:
                assert day <= (start + timedelta(days=364)).isoformat()
                assert stop is None or day <= stop.isoformat()


def test_without_a_day_today_is_taken_and_said() -> None:
    answer = plan(start="2026-01-05")
    assert (answer.on, answer.on_taken) == (VERIFIED_ON, "today")
    assert answer.notes == (f"on: {VERIFIED_ON}, today, was taken.",)
    given = plan(start="2026-01-05", on=VERIFIED_ON)
    assert (given.on_taken, given.notes) == ("given", ())
