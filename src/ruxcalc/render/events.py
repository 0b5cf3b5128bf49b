"""What is to be done on which day of a plan, by each label: worded once, for table and calendar.

Labels share an event where they ask the same on the same day.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from ruxcalc.numbers import plain_text, shown
from ruxcalc.results import Source
from ruxcalc.rules.dispensed import some_tubes

if TYPE_CHECKING:
    from ruxcalc.rules.plan import AfterStop, PlanAnswer, PlanRegion, Refill, ReviewDate

Kind = Literal["refill", "discard", "review", "contraception", "breast-feeding"]
# What an event counts from, by its kind.
COUNTED_FROM: dict[Kind, str] = {
    "refill": "Counted from the tubes in hand on {supplied}.",
    "discard": "Counted from the tubes in hand on {supplied}.",
    "review": "Counted from the first application on {start} as day 0.",
    "contraception": "Counted from the last application on {stop}.",
    "breast-feeding": "Counted from the last application on {stop}.",
}
NO_PRESCRIPTION = " (not a prescription)"  # of tubes for a use that is over the label


class Said(NamedTuple):
    """What one label says of an event, and where."""

    region: str
    message: str
    source: Source


class Event(NamedTuple):
    """One day on which something is to be done, by the labels that ask the same.

    `code` stays the same when the plan is made again. `title` says what to do, `words` the same
    in a table, and `said` what each label says, and where. `refill` is the one that `number`
    counts, of whose dates a table shows the first.
    """

    day: date
    kind: Kind
    code: str
    title: str
    words: str
    said: tuple[Said, ...]
    refill: "Refill | None" = None
    number: int = 0

    @property
    def regions(self) -> tuple[str, ...]:
        """Return the regions whose labels ask for it."""
        return tuple(said.region for said in self.said)


def events_of(answer: "PlanAnswer") -> list[Event]:
    """Return every day on which something is to be done, in order; labels share what is the same.

    Labels share the refills of a tube size only where they share all of their dates.
    """
    shared: dict[tuple[object, ...], Event] = {}
    for region, part in answer.regions.items():
        for event in _events_of_region(region, part):
            dates = event.refill and (event.refill.tubes, event.refill.refill_dates)
            key = (event.day, event.code, event.words, dates)
            known = shared.get(key)
            if known is not None:
                shared[key] = known._replace(said=(*known.said, *event.said))
            else:
                shared[key] = event
    return sorted(shared.values(), key=lambda event: (event.day, event.code, event.regions))


def _events_of_region(region: str, part: "PlanRegion") -> Iterator[Event]:
    for review in part.reviews:
        if review.rule is not None and not review.after_stop:
            yield _review_event(region, review)
    for refill in part.refills:
        yield from _refill_events(region, refill, over=part.verdict == "over-label")
    if part.contraception is not None:
        words = ("Contraception until today", "Contraception until this day")
        yield from _wait_event(region, part.contraception, "contraception", *words)
    if part.breastfeeding is not None:
        words = ("Breast-feeding may start today", "Breast-feeding may start")
        yield from _wait_event(region, part.breastfeeding, "breast-feeding", *words)


def _wait_event(
    region: str, wait: "AfterStop", kind: Kind, title: str, words: str
) -> Iterator[Event]:
    """Yield the day on which a wait after the last application ends, where the label has one."""
    if wait.date is not None:
        yield Event(
            day=wait.date,
            kind=kind,
            code=kind,
            title=f"{title}, {wait.weeks} weeks after ruxolitinib cream",
            words=words,
            said=(Said(region, wait.message, wait.source),),
        )


def _review_event(region: str, review: "ReviewDate") -> Event:
    assert review.rule is not None
    percent, outcome = review.rule.threshold_percent, review.rule.outcome
    asked = "consider stopping" if outcome == "consider-stopping" else outcome
    if percent is None:
        rule, short = "the patient's judgement", f"if not meaningful, {asked}"
    else:
        rule, short = f"{plain_text(percent)} % rule", f"under {plain_text(percent)} %, {asked}"
    return Event(
        day=review.date,
        kind="review",
        code=f"review-{review.week}",
        title=f"Review of ruxolitinib cream (week {review.week}): {rule}",
        words=f"Review (week {review.week}): {short}",
        said=(Said(region, review.message, review.source),),
    )


def _refill_events(region: str, refill: "Refill", *, over: bool) -> Iterator[Event]:
    note = NO_PRESCRIPTION if over else ""
    size = plain_text(refill.tube_grams)
    said = (Said(region, _refill_message(refill), refill.source),)
    for number, day in enumerate(refill.refill_dates, 1):
        yield Event(
            day=day,
            kind="refill",
            code=f"refill-{size}-{number}",
            title=f"Get the next tubes of ruxolitinib cream ({refill.tubes} x {size} g){note}",
            words=f"Get {tubes_of(refill)}{note}",
            said=said,
            refill=refill,
            number=number,
        )
    for tube in refill.tube_dates:
        if refill.limited_by == "in-use-life" and tube.discard_on is not None:
            yield Event(
                day=tube.discard_on,
                kind="discard",
                code=f"discard-{size}-{tube.number}",
                title=f"Discard what is left of tube {tube.number} of ruxolitinib cream",
                words=f"Discard what is left of tube {tube.number} ({size} g)",
                said=said,
            )


def _refill_message(refill: "Refill") -> str:
    """Return how long a tube lasts, and what ends it."""
    lasts = f"a tube lasts {shown(refill.tube_lasts_days)} days"
    return {
        "use": f"At the estimated use {lasts}.",
        "cap": f"The estimated use is above the limit of the label. At the limit {lasts}.",
        "in-use-life": f"By its life after opening {lasts}. Discard what is left.",
    }[refill.limited_by]


def tubes_of(refill: "Refill") -> str:
    """Write the tubes of a refill: `2 tubes of 100 g`."""
    return some_tubes(refill.tubes, refill.tube_grams, refill.cost)
