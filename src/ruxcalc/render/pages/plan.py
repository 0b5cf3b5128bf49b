"""Dates to keep, laid out."""

from datetime import date
from typing import NamedTuple

from ruxcalc.answers import PlanAnswer, PlanRegion, Refill, Source, findings_of
from ruxcalc.labels.topics import REVIEW_TOPICS
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.page import (
    Grid,
    Marks,
    Page,
    edition_lines,
    findings_grids,
    merged_each,
    merged_findings,
    names,
    step_grids,
    where,
)

REFILL = "refill-"  # how the codes of refills begin
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Event(NamedTuple):
    """One day to keep: a stable code, a title, and for each region what is to be done."""

    date: str
    code: str
    title: str
    said: dict[str, tuple[str, Source]]


def events_of(answer: PlanAnswer) -> list[Event]:
    """The days of a plan in their order; regions share an event where they share the day."""
    events: dict[tuple[str, str, str], Event] = {}
    for region, part in answer.regions.items():
        for day, code, title, text, source in _entries(part):
            event = events.setdefault((day, code, title), Event(day, code, title, {}))
            event.said[region] = (text, source)
    return sorted(events.values(), key=lambda event: (event.date, event.code))


def _entries(part: PlanRegion) -> list[tuple[str, str, str, str, Source]]:
    """The entries of one region: day, code, title, text and source."""
    entries = [
        (
            review.date,
            f"review-week-{review.week}",
            f"Week {review.week}",
            review.asks,
            review.source,
        )
        for review in part.reviews
        if not review.after_stop
    ]
    for refill in part.refills:
        size = f"{refill.tube_grams} g"
        # Two sizes are two ways to supply the same use, never two supplies.
        which = f", if {size} tubes" if len(part.refills) > 1 else ""
        entries += [
            (
                day,
                f"{REFILL}{refill.tube_grams}-g-{number}",
                f"Refill {number}{which}: {refill.tubes} x {size}",
                refill_text(refill),
                refill.source,
            )
            for number, day in enumerate(refill.refill_dates, 1)
        ]
    for code, title, wait in (
        ("contraception-until", "Contraception until this day", part.contraception),
        ("breast-feeding-from", "Breast-feeding not before this day", part.breastfeeding),
    ):
        if wait is not None and wait.date is not None:
            entries.append((wait.date, code, title, wait.message, wait.source))
    return entries


def refill_text(refill: Refill) -> str:
    """How long a tube lasts and why."""
    lasts = f"a tube lasts {shown(refill.tube_lasts_days)} days"
    ends = {
        "use": f"At the estimated use {lasts}.",
        "cap": f"The use is above the cap; within the cap {lasts}.",
        "in-use-life": f"By its in-use life after opening {lasts}; discard what is left.",
    }
    return ends[refill.limited_by]


def day_text(day: str) -> str:
    """A day with its weekday."""
    return f"{day} {WEEKDAYS[date.fromisoformat(day).weekday()]}"


def plan_lines(answer: PlanAnswer) -> tuple[str, ...]:
    """The review dates first, then where the patient stands."""
    reviews = next(iter(answer.regions.values())).reviews
    weeks = ", ".join(f"week {review.week} on {day_text(review.date)}" for review in reviews)
    today = " (today)" if answer.on_taken == "today" else ""
    stands = (
        "before the first application"
        if answer.week is None
        else f"week {plain_text(answer.week)} reached"
    )
    critical = [pair for pair in findings_of(answer) if pair[1].severity == "critical"]
    lines = [
        f"First application {day_text(answer.start)}: {weeks}",
        *(
            f"{names(answer.basis, regions)}: OVER the label. {findings[0].message}"
            for regions, findings in merged_findings(critical)
        ),
        f"On {day_text(answer.on)}{today}: {stands}",
    ]
    if answer.stop is not None:
        lines.append(f"Last application {day_text(answer.stop)}")
    return tuple(lines)


def unanswered_lines(answer: PlanAnswer) -> tuple[str, ...]:
    """What is not in the plan: refills that were not asked for, and waits without a time."""
    lines = []
    refills = [refill for part in answer.regions.values() for refill in part.refills]
    if not refills:
        lines.append("Refills not planned: no area was given, or no tube of that size is sold.")
    elif answer.stop is not None and answer.stop < answer.on:
        lines.append("Treatment has ended: no tube is opened and no refill is due.")
    elif answer.stop is None:
        lines.append(f"Refills are listed to week {max(REVIEW_TOPICS)}; treatment may take longer.")
    for region, part in answer.regions.items():
        if len(part.refills) > 1:
            sizes = " or ".join(f"{refill.tube_grams} g" for refill in part.refills)
            lines.append(f"{names(answer.basis, [region])}: tubes of {sizes}, one or the other.")
    if answer.stop is None:
        lines.append("What to wait for after the last application is not planned: give --stop.")
    untimed: dict[str, list[str]] = {}
    for region, part in answer.regions.items():
        for topic, wait in (
            ("Contraception", part.contraception),
            ("Breast-feeding", part.breastfeeding),
        ):
            if wait is not None and wait.date is None:
                untimed.setdefault(f"{topic}: {wait.message}", []).append(region)
    return (
        *lines,
        *(f"{names(answer.basis, regions)}: {text}" for text, regions in untimed.items()),
    )


def said_by(answer: PlanAnswer, event: Event) -> str:
    """What each region says of an event, in one line; regions that say the same together."""
    regions_by_text: dict[str, list[str]] = {}
    for region, (text, _) in event.said.items():
        regions_by_text.setdefault(text, []).append(region)
    return " ".join(
        f"{names(answer.basis, regions)}: {text}" for text, regions in regions_by_text.items()
    )


def plan_page(answer: PlanAnswer) -> Page:
    """The reviews and waits in their order, the refills, then the tubes one by one."""
    marks = Marks()
    rows = []
    for event in events_of(answer):
        if event.code.startswith(REFILL):
            continue
        past = " (past)" if event.date < answer.on else ""
        by_text: dict[tuple[str, str], list[str]] = {}
        for region, (text, source) in event.said.items():
            by_text.setdefault((text, where(source, marks)), []).append(region)
        rows += [
            (
                f"{day_text(event.date)}{past}",
                event.title,
                names(answer.basis, regions),
                text,
                section,
            )
            for (text, section), regions in by_text.items()
        ]
    days = Grid("", ("Date", "What", "Region", "Why, what to do", "Section"), tuple(rows))
    return Page(
        "Plan",
        (*plan_lines(answer), *unanswered_lines(answer)),
        (
            days,
            *_refill_grids(answer, marks),
            *findings_grids(answer, answer.basis, marks),
            *step_grids(answer.steps),
        ),
        (*marks.lines(), *edition_lines(answer.basis)),
    )


def _refill_grids(answer: PlanAnswer, marks: Marks) -> list[Grid]:
    """A row for each tube size, then a row for each tube in hand."""
    refills = {
        region: [
            (
                f"{refill.tubes} x {refill.tube_grams} g"
                + ("" if refill.cost is None else f", cost {plain_text(refill.cost)}"),
                refill_text(refill),
                ", ".join(map(day_text, refill.refill_dates)) or "none before the last application",
                where(refill.source, marks),
            )
            for refill in part.refills
        ]
        for region, part in answer.regions.items()
    }
    tubes = {
        region: [
            (
                f"{refill.tube_grams} g, {tube.number}",
                tube.opened_on,
                tube.used_up_on or "not used up",
                tube.discard_on or "label silent",
            )
            for refill in part.refills
            for tube in refill.tube_dates
        ]
        for region, part in answer.regions.items()
    }
    if not any(refills.values()):
        return []
    by_size = ("Region", "Tubes", "Why", "Refill on", "Section")
    by_tube = ("Region", "Tube", "Open on", "Used up on", "Discard at the latest")
    return [
        Grid("Refills", by_size, merged_each(answer.basis, refills)),
        Grid("Tubes in hand", by_tube, merged_each(answer.basis, tubes)),
    ]
