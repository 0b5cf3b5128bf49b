"""The calendar of a plan (RFC 5545): whole days, each with what to do and an alarm a week before.

Only a day on which a label asks for something becomes an event. It names no patient and no
option of the command.
"""

from datetime import UTC, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar
from icalendar import Event as Entry

from ruxcalc import __version__
from ruxcalc.render.events import COUNTED_FROM, Event, events_of
from ruxcalc.render.layout import View, grouped_findings, names
from ruxcalc.render.pages.plan import SAFETY, unplanned
from ruxcalc.rules.plan import PlanAnswer

ALARM_BEFORE = timedelta(days=7)
ONE_DAY = timedelta(days=1)
NOT_LABEL_TEXT = "label text read"  # how a source is verified where nothing needs to be said


def render_ics(answer: PlanAnswer, case: str = "") -> str:
    """Return the days of a plan as a calendar.

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
    entry = Entry()
    code = f"{event.code}:{','.join(event.regions)}"
    entry.add("uid", str(uuid5(NAMESPACE_URL, f"ruxcalc:{case}:{answer.start}:{code}")))
    # The day that the plan was made for, so that the same plan is the same file.
    entry.add("dtstamp", datetime.combine(answer.on, time(), UTC))
    entry.add("dtstart", event.day)
    entry.add("dtend", event.day + ONE_DAY)
    entry.add("transp", "TRANSPARENT")
    title = f"{event.title}, {names(answer.basis, event.regions)}"
    entry.add("summary", title)
    entry.add("description", "\n".join(_description(answer, event)))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ALARM_BEFORE)
    alarm.add("description", f"In a week: {title}")
    entry.add_component(alarm)
    return entry


def _description(answer: PlanAnswer, event: Event) -> list[str]:
    """Return what the labels say, what else there is to know, and on what it stands."""
    counted = COUNTED_FROM[event.kind].format(
        start=answer.start, stop=answer.stop, supplied=max(answer.start, answer.on)
    )
    lines = [f"{counted} First application: {answer.start}."]
    for said in event.said:
        edition, source = answer.basis.editions[said.region], said.source
        section = f", section {source.section}" if source.section else ""
        verified = "" if source.verified == NOT_LABEL_TEXT else f" ({source.verified})"
        lines.append(
            f"{edition.name}: {said.message} {edition.document}, edition"
            f" {edition.edition}{section}{verified}."
        )
    choices = [region for region in event.regions if len(answer.regions[region].refills) > 1]
    if event.refill is not None and choices:
        other = "the label has another tube size too, with events of its own: one or the other."
        lines.append(f"{names(answer.basis, choices)}: {other}")
    regions = {region: answer.regions[region] for region in event.regions}
    lines += [
        f"{names(answer.basis, same.regions)}: {same.message}"
        for same in grouped_findings(answer.basis, regions)
    ]
    lines += unplanned(answer, View())
    lines.append(f"Facts verified {answer.basis.facts_verified}. {SAFETY}")
    lines.append(answer.basis.caution)
    return lines
