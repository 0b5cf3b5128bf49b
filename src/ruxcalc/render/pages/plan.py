"""The page of a plan: what is due next, then the dates in their order, one line each.

The calendar is made of the same events, so that a date is worded once.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.numbers import plain_text, settled, shown
from ruxcalc.render.events import NO_PRESCRIPTION, events_of, tubes_of
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    Symbol,
    View,
    editions_block,
    grouped,
    grouped_findings,
    lowered,
    names,
    one_label_hint,
    placed,
    row,
    sections,
    shortened,
)
from ruxcalc.render.pages.words import answered_by_panel

if TYPE_CHECKING:
    from ruxcalc.results import Source
    from ruxcalc.rules.plan import AfterStop, PlanAnswer, PlanRegion, Refill

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
JUDGED: dict[str, tuple[Symbol, str]] = {
    "area-above-maximum": ("cross", "OVER THE LABEL"),
    "quantity-above-maximum": ("cross", "OVER THE LABEL"),
    "quantity-near-maximum": ("warn", "NEAR THE LIMIT"),
}
SAFETY = "Safety is not part of a plan: age, pregnancy, medicines and the rest were not asked."


def day_text(day: date) -> str:
    """Write a day with its weekday: `2026-02-24 Tue`."""
    return f"{day} {WEEKDAYS[day.weekday()]}"


def lay_out(answer: "PlanAnswer", view: View) -> Layout:
    """Return the layout of a plan."""
    return Layout(
        title="Plan",
        headlines=(*_judged(answer), Headline("none", "", next_text(answer))),
        blocks=(
            Block(tuple(_date_rows(answer, view))),
            Block((*_undated_rows(answer, view), *_finding_rows(answer, view))),
            Block(tuple(_tube_rows(answer) if view.full else ()), "Tubes in hand"),
            editions_block(answer.basis, view),
        ),
        remarks=tuple(_remarks(answer, view)),
        inputs=answered_by_panel(answer.inputs),
        working=answer.steps,
    )


def note_lines(answer: "PlanAnswer", view: View) -> list[str]:
    """Return the note of a plan: what the treatment is over, then each date."""
    lines = [headline.sentence for headline in _judged(answer)]
    lines += _sentences(_date_rows(answer, view))
    lines += _sentences(_undated_rows(answer, view)) if view.full else []
    lines += _sentences(_finding_rows(answer, view))
    return [*lines, SAFETY]


def _sentences(rows: Iterable[Row]) -> list[str]:
    return [f"{line.label}: {', '.join(filter(None, line.cells)).rstrip('.')}." for line in rows]


def _judged(answer: "PlanAnswer") -> list[Headline]:
    """Return what the area or the amount is over, before any date."""
    return [
        Headline(
            *JUDGED[same.code],
            same.message.replace("Treat a smaller area.", "Treat less."),
            names(answer.basis, same.regions) if len(answer.regions) > 1 else "",
            same.section,
        )
        for same in grouped_findings(
            answer.basis, answer.regions, lambda found: found.code in JUDGED
        )
    ]


def next_text(answer: "PlanAnswer") -> str:
    """Return what is due next, from the day of the plan on."""
    due = [line for line in _dates(answer, View()) if line.day >= answer.on and line.asks]
    if answer.start > answer.on:
        due.insert(0, Line(answer.start, "First application", tuple(answer.regions), "", asks=True))
    week = "" if answer.week is None else f"Week {plain_text(answer.week)} now. "
    if not due:
        return f"{week}Nothing more is due by this plan"
    first = min(line.day for line in due)
    said = " and ".join(
        placed(answer.basis, line.regions, lowered(line.words.partition(", then ")[0]))
        for line in due
        if line.day == first
    )
    return f"{week}Next, {day_text(first)}: {said}"


class Line(NamedTuple):
    """One line of the dates: what it says, of which labels, and whether it asks for something."""

    day: date
    words: str
    regions: tuple[str, ...]
    section: str
    asks: bool


def _dates(answer: "PlanAnswer", view: View) -> list[Line]:
    """Return the dates in order: applications, refills, reviews, waits.

    All tubes of a label are one line on the day of its first refill.
    """
    everyone = tuple(answer.regions)
    lines = [Line(answer.start, "First application (day 0)", everyone, "", asks=False)]
    if answer.stop is not None:
        lines.append(Line(answer.stop, "Last application", everyone, "", asks=False))
    lines += [
        Line(
            event.day,
            event.words if not view.full else f"{event.words}. {event.said[0].message}",
            event.regions,
            sections(said.source for said in event.said),
            asks=True,
        )
        for event in events_of(answer)
        if event.kind != "refill"
    ]
    refills = {
        region: (
            dated[0].refill_dates[0],
            refills_text(dated, view, NO_PRESCRIPTION if part.verdict == "over-label" else ""),
        )
        for region, part in answer.regions.items()
        if (dated := [refill for refill in part.refills if refill.refill_dates])
    }
    for regions, (day, words) in grouped(refills):
        first = [answer.regions[region].refills[0].source for region in regions]
        lines.append(Line(day, words, regions, sections(first), asks=True))
    return sorted(lines, key=lambda line: line.day)


def _date_rows(answer: "PlanAnswer", view: View) -> list[Row]:
    """Return a row for each line of the dates."""
    return [
        row(
            day_text(line.day),
            placed(answer.basis, line.regions, line.words)
            + (" (past)" if line.day < answer.on else ""),
            section=line.section,
        )
        for line in _dates(answer, view)
    ]


def refills_text(refills: "list[Refill]", view: View, mark: str = "") -> str:
    """Write the refills of one label: how many tubes, how often, the next; its sizes by *or*.

    `mark` stands behind each number of tubes.
    """
    texts: list[str] = []
    for refill in refills:
        day = f", {refill.refill_dates[0]}, " if texts else ""
        text = f"{day}{tubes_of(refill)}{mark}"
        if refill.limited_by == "cap":
            text += ", the most that the label allows"
        following = refill.refill_dates[1:]
        if following and view.full:
            text += f", then {', '.join(map(str, following))}"
        elif following:
            days = settled(refill.tubes * refill.tube_lasts_days)
            about = "" if days == days.to_integral_value() else "about "
            text += f", then {about}every {shown(days, 0)} days"
        texts.append(text)
    return f"Get {'; or'.join(texts)}"


def _undated_rows(answer: "PlanAnswer", view: View) -> list[Row]:
    """Return what has no date: weeks at which nothing is asked, and waits without a time."""
    said: dict[tuple[str, str], list[tuple[str, Source]]] = {}
    for region, part in answer.regions.items():
        for review in part.reviews:
            if review.rule is None:
                silent = "the label is silent, which is not advice to continue"
                message = silent if review.silent else shortened(review.message, view)
                key = (f"Week {review.week}", message)
                said.setdefault(key, []).append((region, review.source))
        for title, wait in _untimed(part):
            said.setdefault((title, wait.message), []).append((region, wait.source))
    return [
        row(
            label,
            placed(answer.basis, tuple(region for region, _ in where), message),
            section=sections(source for _, source in where),
        )
        for (label, message), where in said.items()
    ]


def _untimed(part: "PlanRegion") -> "Iterator[tuple[str, AfterStop]]":
    waits = {"Contraception": part.contraception, "Breast-feeding": part.breastfeeding}
    for title, wait in waits.items():
        if wait is not None and wait.date is None:
            yield title, wait


def _tube_rows(answer: "PlanAnswer") -> list[Row]:
    rows = []
    for region, part in answer.regions.items():
        for refill in part.refills:
            for tube in refill.tube_dates:
                ends = [f"open on {tube.opened_on}"]
                if tube.used_up_on is not None:
                    ends.append(f"used up on {tube.used_up_on}")
                if tube.discard_on is not None:
                    ends.append(f"discard by {tube.discard_on}")
                text = placed(answer.basis, (region,), ", ".join(ends))
                rows.append(row(f"Tube {tube.number}, {plain_text(refill.tube_grams)} g", text))
    return rows


def _finding_rows(answer: "PlanAnswer", view: View) -> list[Row]:
    """Return the findings that no headline says: all in full, else those that are no notice."""
    return [
        row("Note", placed(answer.basis, same.regions, same.message), section=same.section)
        for same in grouped_findings(
            answer.basis,
            answer.regions,
            lambda found: view.full or (found.severity != "info" and found.code not in JUDGED),
        )
    ]


def unplanned(answer: "PlanAnswer", view: View) -> Iterator[str]:
    """Yield what is not in the plan, and why; with the option that adds it on the terminal."""
    parts = answer.regions.values()
    if not any(part.refills for part in parts):
        sizes = {
            found.message
            for part in parts
            for found in part.findings
            if found.code == "tube-size-not-in-label"
        }
        add = "add --bsa." if view.hints else "no area is known."
        yield f"Refills not planned: {' '.join(sorted(sizes)) if sizes else add}"
    elif answer.stop is not None and answer.stop < answer.on:
        yield "Treatment has ended: no tube is opened and no refill is due."
    elif answer.stop is None:
        last = max(review.week for part in parts for review in part.reviews)
        yield f"Refills are planned to week {last}. Treatment may take longer."
    if answer.stop is None and view.hints:
        yield "Contraception and breast-feeding after the last application: add --stop."


def _remarks(answer: "PlanAnswer", view: View) -> Iterator[str]:
    yield from unplanned(answer, view)
    hint = "Safety is not asked here: ruxcalc assess. As a calendar: -f ics > plan.ics"
    yield hint if view.hints else SAFETY
    yield from one_label_hint(answer.basis, view)
