"""The iCalendar format of a plan (RFC 5545): whole days, no patient, text that explains itself."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar
from icalendar import Event as Entry

from ruxcalc import __version__
from ruxcalc.answers import PlanAnswer
from ruxcalc.render.page import edition_lines, names
from ruxcalc.render.pages.plan import REFILL, Event, events_of


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
        calendar.add_component(_entry(answer, event, case))
    return bytes(calendar.to_ical()).decode("utf-8")


def _entry(answer: PlanAnswer, event: Event, case: str) -> Entry:
    day = date.fromisoformat(event.date)
    entry = Entry()
    # Two labels may refill the same tube on different days; a review is one day for all.
    who = ",".join(event.said) if event.code.startswith(REFILL) else ""
    entry.add("uid", str(uuid5(NAMESPACE_URL, f"ruxcalc:{case}:{answer.start}:{event.code}:{who}")))
    # The day that the plan was made for, so that the same plan is the same file.
    entry.add("dtstamp", datetime.combine(date.fromisoformat(answer.on), time(), UTC))
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    entry.add("summary", f"Ruxolitinib cream: {event.title}")
    entry.add("description", _description(answer, event))
    return entry


def _description(answer: PlanAnswer, event: Event) -> str:
    regions_by_text: dict[str, list[str]] = {}
    for region, (text, source) in event.said.items():
        section = f" (section {source.section}; {source.verified})" if source.section else ""
        regions_by_text.setdefault(f"{text}{section}", []).append(region)
    editions = {region: answer.basis.editions[region] for region in event.said}
    basis = answer.basis._replace(editions=editions)
    return "\n".join(
        (
            f"{event.title}, counted from the first application on {answer.start} as day 0.",
            *(f"{names(basis, regions)}: {text}" for text, regions in regions_by_text.items()),
            *edition_lines(basis),
        )
    )
