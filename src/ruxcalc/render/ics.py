"""The iCalendar format of a plan (RFC 5545): whole days, no patient, text that explains itself."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar
from icalendar import Event as Entry

from ruxcalc import __version__
from ruxcalc.answers import PlanAnswer, findings_of
from ruxcalc.render.page import edition_lines, merged_findings, names
from ruxcalc.render.pages.plan import REFILL, Event, events_of, unanswered_lines


def render_ics(answer: PlanAnswer, case: str = "") -> str:
    """The days of a plan as a calendar.

    The same plan gives the same UIDs, so that a calendar updates its events instead of
    doubling them. `case` tells the plans of two patients apart; it goes into the UIDs as a
    digest only.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//ruxcalc//ruxcalc {__version__}//EN")
    calendar.add("version", "2.0")
    for event in events_of(answer):
        for one in _each_kept(event):
            calendar.add_component(_entry(answer, one, case))
    return bytes(calendar.to_ical()).decode("utf-8")


def _each_kept(event: Event) -> list[Event]:
    """A refill by each label: two may refill the same tube on different days at another time."""
    if not event.code.startswith(REFILL):
        return [event]
    return [
        event._replace(code=f"{event.code}:{region}", said={region: said})
        for region, said in event.said.items()
    ]


def _entry(answer: PlanAnswer, event: Event, case: str) -> Entry:
    day = date.fromisoformat(event.date)
    entry = Entry()
    entry.add("uid", str(uuid5(NAMESPACE_URL, f"ruxcalc:{case}:{answer.start}:{event.code}")))
    # The day that the plan was made for, so that the same plan is the same file.
    entry.add("dtstamp", datetime.combine(date.fromisoformat(answer.on), time(), UTC))
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    who = f" ({names(answer.basis, event.said)})" if event.code.startswith(REFILL) else ""
    entry.add("summary", f"Ruxolitinib cream: {event.title}{who}")
    entry.add("description", _description(answer, event))
    return entry


def _counted_from(answer: PlanAnswer, event: Event) -> str:
    if event.code.startswith(REFILL):
        return f"counted from the tubes in hand on {max(answer.start, answer.on)}"
    if event.code.startswith("review"):
        return f"counted from the first application on {answer.start} as day 0"
    return f"counted from the last application on {answer.stop}"


def _description(answer: PlanAnswer, event: Event) -> str:
    regions_by_text: dict[str, list[str]] = {}
    for region, (text, source) in event.said.items():
        section = f" (section {source.section}; {source.verified})" if source.section else ""
        regions_by_text.setdefault(f"{text}{section}", []).append(region)
    editions = {region: answer.basis.editions[region] for region in event.said}
    basis = answer.basis._replace(editions=editions)
    found = [
        f"{names(basis, regions)}: {findings[0].severity}: {findings[0].message}"
        for regions, findings in merged_findings(
            (region, finding) for region, finding in findings_of(answer) if region in event.said
        )
    ]
    return "\n".join(
        (
            f"{event.title}, {_counted_from(answer, event)}. First application: {answer.start}.",
            *(f"{names(basis, regions)}: {text}" for text, regions in regions_by_text.items()),
            *found,
            *unanswered_lines(answer),
            *edition_lines(basis),
        )
    )
