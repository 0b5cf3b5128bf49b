"""What a label holds.

The regulator's own limits stand in one short module a region; its statements stand in
`provisions.csv`, one row a topic, in our own words, each with its section and how it was
verified. A label that says nothing on a topic has a row that says so.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from ruxcalc.editions import EDITIONS
from ruxcalc.results import Frozen, Severity

Verified = Literal[
    "label-text",
    "leaflet",
    "label-text-and-leaflet",
    "letter",
    "eu-text",
    "eu-text-and-review",
    "not-read",
]
VERIFIED_AS: dict[Verified, str] = {
    "label-text": "label text read",
    "leaflet": "patient leaflet of this label read",
    "label-text-and-leaflet": "label text and patient leaflet read",
    "letter": "letter of the regulator or manufacturer read",
    "eu-text": "not read for this regulator, taken from the EU text",
    "eu-text-and-review": "not read for this regulator, taken from the EU text and a review",
    "not-read": "not read for this regulator",
}

# What the label asks, one word a row. `states` asks for nothing, `silent` was looked for
# and is not there, `not-read` was not looked for.
Action = Literal[
    "contraindicated",
    "avoid",
    "discontinue",
    "outside-indication",
    "not-recommended",
    "caution",
    "monitor",
    "inform",
    "states",
    "silent",
    "not-read",
]
SEVERITY_OF: dict[Action, Severity] = {
    "contraindicated": "critical",
    "avoid": "critical",
    "discontinue": "critical",
    "outside-indication": "warning",
    "not-recommended": "warning",
    "caution": "warning",
    "monitor": "warning",
    "inform": "info",
    "states": "info",
    "silent": "info",
    "not-read": "warning",
}
UNSPOKEN: tuple[Action, ...] = ("silent", "not-read")

Comparison = Literal["less-than", "patient-judgement"]
Outcome = Literal["re-evaluate", "consider-stopping"]  # what a review may lead to


class Quantity(NamedTuple):
    """One figure of a label with its unit."""

    value: Decimal
    unit: str
    section: str
    verified: Verified


def period_text(period: str) -> str:
    """Write a period as it follows an amount: `a week`, `in 2 weeks`."""
    return f"a {period}" if period.isalpha() else f"in {period}"


class Cap(NamedTuple):
    """A label's limit: `tubes` tubes of `tube_grams` g in `period`.

    `period_days` is the length over which an estimated use is compared with it,
    `dispensing_days` the length that dispensed tubes are counted over.
    """

    tubes: int
    tube_grams: Decimal
    period: str
    period_days: int
    dispensing_days: int
    section: str
    verified: Verified

    @property
    def max_grams(self) -> Decimal:
        """Return the grams of all tubes of the period."""
        return self.tubes * self.tube_grams

    @property
    def per(self) -> str:
        """Return the period as it follows an amount: `a week`, `in 2 weeks`."""
        return period_text(self.period)


class InUse(NamedTuple):
    """How long an opened tube may be used; `days` is the length it is compared over.

    `verified_on` is the day on which this was last read, which may be before the label's.
    """

    months: int
    days: int
    section: str
    verified: Verified
    verified_on: date


class Review(NamedTuple):
    """A label's review: from completed week `week` on, `comparison` may lead to `outcome`.

    `threshold_percent` is None where the label asks for the patient's own judgement.
    In `words`, `{week}` and `{percent}` stand for the figures.
    """

    week: int
    threshold_percent: Decimal | None
    comparison: Comparison
    outcome: Outcome
    section: str
    verified: Verified
    words: str

    @property
    def message(self) -> str:
        """Return the words with the figures put in."""
        return self.words.format(week=self.week, percent=self.threshold_percent)


class Provision(NamedTuple):
    """What a label says on one topic; `{n}` in `words` stands for `number`.

    `for_all` marks what applies to every patient.
    """

    topic: str
    action: Action
    section: str
    verified: Verified
    verified_on: date | None
    for_all: bool
    severity: Severity
    number: Decimal | None
    words: str

    @property
    def message(self) -> str:
        """Return the words with the figure put in."""
        return self.words if self.number is None else self.words.format(n=self.number)

    @property
    def taken_over(self) -> bool:
        """Return whether the statement was taken from the EU text, unread for this regulator."""
        return self.verified in ("eu-text", "eu-text-and-review")

    @property
    def speaks(self) -> bool:
        """Return whether the label says something on the topic, as far as it was read."""
        return self.action not in UNSPOKEN


class Label(NamedTuple):
    """One regulator's label in one edition: its limits, and its statements by topic.

    `edition` is the newest edition known, `text_read` the edition whose text was read,
    `verified_on` the day on which the facts were last checked.
    """

    region: str
    name: str
    regulator: str
    document: str
    number: str
    edition: date
    edition_name: str
    text_read: date
    approved: str
    link: str
    verified_on: date
    minimum_age: Quantity
    max_area: Quantity
    applications_per_day: Quantity
    caps: tuple[Cap, ...]
    in_use: InUse | None
    reviews: tuple[Review, ...]
    provisions: Mapping[str, Provision] = Frozen()

    def __hash__(self) -> int:
        """Return a hash of the label's number: equal labels have equal ones, and it is quick."""
        return hash(self.number)

    def on(self, topic: str) -> Provision:
        """Return the provision on `topic`; a `KeyError` means that the table lacks the row."""
        return self.provisions[topic]


# The fields of an edition that are days.
DAYS = ("edition", "text_read", "verified_on")


def edition_of(region: str) -> dict[str, Any]:
    """Return the fields of a label that `ruxcalc.editions` states, its days as dates."""
    return {
        name: date.fromisoformat(text) if name in DAYS else text
        for name, text in EDITIONS[region].items()
    }
