"""The plan and its calendar: days counted on the calendar, events that say what to do.

Following the recommended supply on the refill days is never called over by `track`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from conftest import VERIFIED_ON, ruxcalc
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from ruxcalc import dose, plan, track
from ruxcalc.labels import REGIONS, load
from ruxcalc.render.events import events_of
from ruxcalc.render.ics import render_ics
from ruxcalc.render.json import render_json
from ruxcalc.rules.plan import PlanAnswer

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
    """Return what may be asked of a plan, the day it is made included."""
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


KINDS = (
    "Review of", "Get the next tubes", "Discard what is left", "Contraception until today",
    "Breast-feeding may start",
)  # fmt: skip


def kind_of(title: str) -> str:
    """Return the kind of a day, from the title of its event, which begins with what to do."""
    [kind] = [kind for kind in KINDS if title.startswith(kind)]
    week = re.search(r"[(]week [0-9]+[)]", title)
    return f"{kind} {week[0]}" if week else kind


def days_of(answer: PlanAnswer) -> Iterator[tuple[date, str, str, str | None]]:
    """Return each day of the JSON answer that asks for something: day, kind, region, section."""
    for region, part in answer.regions.items():
        for review in part.reviews:
            if review.asks_action and not review.after_stop:
                kind = f"Review of (week {review.week})"
                yield review.date, kind, region, review.source.section
        for refill in part.refills:
            for day in refill.refill_dates:
                yield day, "Get the next tubes", region, refill.source.section
            for tube in refill.tube_dates:
                if refill.limited_by == "in-use-life" and tube.discard_on is not None:
                    section = refill.source.section
                    yield tube.discard_on, "Discard what is left", region, section
        for kind, wait in (
            ("Contraception until today", part.contraception),
            ("Breast-feeding may start", part.breastfeeding),
        ):
            if wait is not None and wait.date is not None:
                yield wait.date, kind, region, wait.source.section


@given(plans())
def test_the_calendar_holds_the_days_that_ask_and_no_other(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    events = events_in(render_ics(answer))
    for event in events:
        first, last = event["DTSTART"], event["DTEND"]
        assert type(first.dt) is type(last.dt) is date, "a whole day has no time"
        assert first.params["VALUE"] == last.params["VALUE"] == "DATE"
        assert last.dt - first.dt == ONE_DAY
    kept = {(event["DTSTART"].dt, kind_of(event["SUMMARY"])) for event in events}
    assert kept == {(day, kind) for day, kind, _, _ in days_of(answer)}


@given(plans())
def test_each_event_has_an_alarm_a_week_before_and_names_its_labels(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    for event in events_in(render_ics(answer)):
        [alarm] = event.walk("VALARM")
        assert alarm["TRIGGER"].dt == timedelta(days=-7)
        assert str(event["SUMMARY"]) in str(alarm["DESCRIPTION"])
        named = str(event["SUMMARY"]).rsplit("), " if ")" in event["SUMMARY"] else "cream, ")[-1]
        assert re.search(r"\b(US|EU|UK)$", named)


@given(plans())
def test_no_event_names_an_option(asked: dict[str, Any]) -> None:
    assert "--" not in render_ics(plan(**asked)).replace("\r\n ", "")


@given(plans())
def test_no_two_events_share_a_uid(asked: dict[str, Any]) -> None:
    times = Counter(str(event["UID"]) for event in events_in(render_ics(plan(**asked))))
    assert [uid for uid, number in times.items() if number > 1] == []


@given(plans())
def test_each_event_explains_itself(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    said: dict[tuple[date, str], str] = {}
    for event in events_in(render_ics(answer)):
        text = str(event["DESCRIPTION"])
        assert str(answer.start) in text
        assert answer.basis.caution in text
        assert str(answer.basis.facts_verified) in text
        # A day of two tube sizes has an event each; regions share one where they share the day.
        key = event["DTSTART"].dt, kind_of(event["SUMMARY"])
        said[key] = said.get(key, "") + text
    for day, kind, region, section in days_of(answer):
        text = said[day, kind]
        edition = answer.basis.editions[region]
        assert f"{edition.document}, edition {edition.edition}" in text
        assert re.search(rf"^{edition.name}: ", text, re.MULTILINE)
        assert section is None or f"section {section}" in text


@given(plans(), st.text(min_size=1, max_size=20))
def test_lines_are_those_of_rfc_5545(asked: dict[str, Any], case: str) -> None:
    raw = render_ics(plan(**asked), case).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75


@given(plans())
def test_the_same_plan_is_the_same_file(asked: dict[str, Any]) -> None:
    assert render_ics(plan(**asked), "7") == render_ics(plan(**asked), "7")


def uids(text: str) -> dict[str, str]:
    """Return the title of each event by its UID."""
    return {str(event["UID"]): str(event["SUMMARY"]) for event in events_in(text)}


def test_a_plan_made_again_on_another_day_updates_its_events() -> None:
    asked: dict[str, Any] = {"start": "2026-01-05", "bsa": 8, "stop": "2026-12-01", "region": "eu"}
    first = uids(render_ics(plan(on="2025-12-01", **asked)))
    before_the_start = uids(render_ics(plan(on="2026-01-05", **asked)))
    later = uids(render_ics(plan(on="2026-03-01", **asked)))
    assert first == before_the_start
    assert later.items() <= first.items(), "refills move; what is kept has its own UID still"
    kept = {
        "Review of ruxolitinib cream (week 52): 25 % rule, EU",
        "Get the next tubes of ruxolitinib cream (2 x 100 g), EU",
    }
    stays = uids(render_ics(plan(on="2026-03-01", **{**asked, "stop": "2027-02-01"})))
    assert kept <= {*stays.values()}


def test_tubes_for_a_use_over_the_label_are_no_prescription() -> None:
    def titles(bsa: str) -> set[str]:
        asked = plan(start="2026-01-05", on="2026-01-05", bsa=bsa, region="eu")
        return {title for title in uids(render_ics(asked)).values() if title.startswith("Get")}

    assert titles("10") == {"Get the next tubes of ruxolitinib cream (2 x 100 g), EU"}
    assert titles("10.1") == {
        "Get the next tubes of ruxolitinib cream (2 x 100 g) (not a prescription), EU"
    }


def test_another_start_and_another_case_are_other_events() -> None:
    def ids(start: str, case: str) -> set[str]:
        return {*uids(render_ics(plan(start=start, on="2026-01-05", bsa="8"), case))}

    plain = ids("2026-01-05", "")
    others = [ids("2026-01-06", ""), ids("2026-01-05", "a"), ids("2026-01-05", "b"),
              ids("2026-01-06", "a")]  # fmt: skip
    for number, one in enumerate((plain, *others)):
        for other in (plain, *others)[number + 1 :]:
            assert not one & other


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
    assert "today" not in render_json(answer)
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
    assert sorted(uids(named.out).values()) == sorted(uids(one.out).values())
    assert not uids(named.out).keys() & uids(one.out).keys()


@given(plans())
def test_the_days_are_those_of_a_calendar(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    start = asked["start"]
    stop = asked.get("stop")
    first = max(start, asked["on"])
    for region, part in answer.regions.items():
        assert [review.date for review in part.reviews] == [
            start + timedelta(days=168), start + timedelta(days=364)
        ]  # fmt: skip
        assert [review.after_stop for review in part.reviews] == [
            stop is not None and stop < review.date for review in part.reviews
        ]
        waits = None if stop is None else stop + timedelta(days=28)
        assert part.contraception_until == (None if region == "us" else waits)
        assert part.breastfeeding_from == (None if region == "uk" else waits)
        for refill in part.refills:
            tubes = refill.tube_dates
            if stop is not None and stop < first:  # nothing is opened after the last application
                assert (tubes, refill.refill_dates) == ((), ())
                continue
            assert tubes[0].opened_on == first
            ends = [tube.used_up_on or tube.discard_on for tube in tubes]
            assert [tube.opened_on for tube in tubes[1:]] == ends[:-1]
            opened_in_time = stop is None or tubes[-1].opened_on <= stop
            assert opened_in_time
            assert [tube.number for tube in tubes] == list(range(1, len(tubes) + 1))
            assert len(tubes) == refill.tubes or stop is not None
            for tube in tubes:
                kept = None if region == "us" else tube.opened_on + timedelta(days=181)
                assert tube.discard_on == kept
                assert kept is None or tube.used_up_on is None or tube.used_up_on <= kept
            assert sorted({*refill.refill_dates}) == [*refill.refill_dates]
            if refill.refill_dates:
                assert refill.refill_dates[0] == ends[-1]
            for day in refill.refill_dates[1:]:
                assert day <= start + timedelta(days=364)
                assert stop is None or day <= stop


def test_without_a_day_today_is_taken_and_said() -> None:
    answer = plan(start="2026-01-05")
    assert (answer.on.isoformat(), answer.on_taken) == (VERIFIED_ON, "today")
    assert answer.notes == (f"Visit date: today ({VERIFIED_ON}).",)
    given_day = plan(start="2026-01-05", on=VERIFIED_ON)
    assert (given_day.on_taken, given_day.notes) == ("given", ())


@given(plans())
def test_an_event_is_worded_once_for_table_and_calendar(asked: dict[str, Any]) -> None:
    answer = plan(**asked)
    titles = {str(event["SUMMARY"]) for event in events_in(render_ics(answer))}
    assert len(titles) <= len(events_of(answer))
    for event in events_of(answer):
        assert any(title.startswith(event.title) for title in titles)


# ---- following the plan is never over ----

# Up to the caps: EU and UK 200 g in 28 days, US 60 g in 7 days or 100 g in 14 days, and above.
uses = st.decimals("0.05", "12", places=4)


@st.composite
def supplies(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a region, a use in grams a day, a tube size of its label, and tubes in hand."""
    region = draw(st.sampled_from(REGIONS))
    sizes = sorted({cap.tube_grams for cap in load(region).caps})
    return {
        "region": region,
        "grams": draw(uses),
        "tube_grams": draw(st.sampled_from(sizes)),
        "tubes": draw(st.none() | st.integers(1, 6)),
    }


@given(supplies(), starts.filter(lambda day: day.year < 2100))
def test_following_the_refills_is_never_called_over(asked: dict[str, Any], start: date) -> None:
    # 2 applications a day: an application of half the grams, in units of a gram each.
    how_much: dict[str, Any] = {"ftu": asked["grams"] / 2, "grams_per_ftu": 1}
    planned = plan(
        start=start, on=start, tube_grams=asked["tube_grams"], region=asked["region"],
        **how_much, **({"tubes": asked["tubes"]} if asked["tubes"] else {}),
    )  # fmt: skip
    [refill] = planned.regions[asked["region"]].refills
    days = (start, *refill.refill_dates)
    visits = [
        {"date": day, "tubes_dispensed": refill.tubes, "tube_grams": refill.tube_grams}
        for day in days
    ]
    answer = track(visits, start=start, region=asked["region"], on=days[-1])
    part = answer.regions[asked["region"]]
    assert part.dispensed is None or part.dispensed.within is True
    assert part.verdict != "over-label"
    assert "dispensed-above-cap" not in {found.code for found in part.findings}


@given(supplies(), st.integers(28, 120))
def test_the_supply_of_a_dose_lasts_for_its_days(asked: dict[str, Any], days: int) -> None:
    """Tubes for a number of days, handed out every so many days, are over only where the use is."""
    answer = dose(ftu=asked["grams"] / 2, grams_per_ftu=1, days=days, region=asked["region"])
    part = answer.regions[asked["region"]]
    label = load(asked["region"])
    for cap, supply in zip(label.caps, part.supply, strict=True):
        assert supply.tubes * supply.tube_grams >= asked["grams"] * days
        within = asked["grams"] * cap.dispensing_days <= cap.max_grams
        least = -(-supply.tubes * cap.dispensing_days // cap.tubes)  # days at the cap, rounded up
        if within and label.in_use is None:  # at most one tube is more than the days need
            assert least <= days + cap.dispensing_days // cap.tubes


@pytest.mark.parametrize(("between", "within"), [(27, False), (28, True), (29, True)])
def test_two_tubes_in_28_days_are_the_cap_of_the_eu(between: int, *, within: bool) -> None:
    first = date(2026, 1, 5)
    visits = [
        {"date": first, "tubes_dispensed": 2},
        {"date": first + timedelta(days=between), "tubes_dispensed": 2},
    ]
    answer = track(visits, region="eu", on=first + timedelta(days=between))
    part = answer.regions["eu"]
    assert part.dispensed is not None
    assert part.dispensed.within is within
