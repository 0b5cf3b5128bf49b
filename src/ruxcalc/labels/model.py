"""What a label file may hold.

A label is data: each value stands beside the section it comes from and how it
was verified. `Quantity`, `Cap` and `Review` are the values that the rules
compute with; a `Provision` is a statement on one topic, in our own words, and
silence is a statement too.
"""

from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from ruxcalc.answers import Decision

# No label says how long a month is. Both are the strictest reading.
DAYS_IN_LONGEST_MONTH = 31
DAYS_IN_SHORTEST_SIX_MONTHS = 181

Region = Literal["us", "eu", "uk"]

Verified = Literal[
    "label-text", "leaflet", "label-text-and-leaflet", "eu-text", "eu-text-and-review", "not-read"
]
TEXT: Verified = "label-text"
LEAFLET: Verified = "leaflet"
TEXT_AND_LEAFLET: Verified = "label-text-and-leaflet"
EU_TEXT: Verified = "eu-text"
EU_TEXT_AND_REVIEW: Verified = "eu-text-and-review"
NOT_READ: Verified = "not-read"

VERIFIED_AS: dict[Verified, str] = {
    "label-text": "label text read",
    "leaflet": "patient leaflet of this label read",
    "label-text-and-leaflet": "label text and patient leaflet read",
    "eu-text": "not read for this regulator, taken from the EU text",
    "eu-text-and-review": "not read for this regulator, taken from the EU text and a review",
    "not-read": "not read for this regulator",
}

# What the label asks for, one word for each row. The last three ask for nothing:
# `states` is a fact of use, `silent` was looked for and is not there, and
# `not-read` was not looked for.
Action = Literal[
    "contraindicated",
    "avoid",
    "not-recommended",
    "caution",
    "monitor",
    "inform",
    "states",
    "silent",
    "not-read",
]

Comparison = Literal["less-than", "patient-judgement"]


class Quantity(NamedTuple):
    """One figure of a label with its unit."""

    value: Decimal
    unit: str
    section: str
    verified: Verified


class Cap(NamedTuple):
    """A label's limit on the amount: `tubes` tubes of `tube_grams` g in `period`.

    `period_days` is the length by which a use is compared with it.
    """

    tubes: int
    tube_grams: Decimal
    period: str
    period_days: int
    section: str
    verified: Verified

    @property
    def max_grams(self) -> Decimal:
        """Grams in the period, which is all the label's whole tubes together."""
        return self.tubes * self.tube_grams


class InUse(NamedTuple):
    """How long an opened tube may be used; `days` is the length by which it is compared."""

    months: int
    days: int
    section: str
    verified: Verified


class Review(NamedTuple):
    """A label's review: from completed week `week` on, `comparison` may lead to `outcome`.

    `threshold_percent` is None where the label asks for the patient's own judgement.
    `words` say what the review asks; `{week}` and `{percent}` stand for the figures.
    """

    week: Decimal
    threshold_percent: Decimal | None
    comparison: Comparison
    outcome: Decision
    section: str
    verified: Verified
    words: str

    @property
    def message(self) -> str:
        """The words with the figures in their places."""
        return self.words.format(week=self.week, percent=self.threshold_percent)


class Provision(NamedTuple):
    """What a label says on one topic, in our own words; `{n}` stands for `number`.

    `for_all` marks what applies to every patient, whatever was asked.
    """

    topic: str
    action: Action
    section: str
    verified: Verified
    words: str = ""
    number: Decimal | None = None
    for_all: bool = False

    @property
    def message(self) -> str:
        """The words with the figure in its place."""
        return self.words if self.number is None else self.words.format(n=self.number)


class Label(NamedTuple):
    """One regulator's label in one edition.

    `edition` is the newest edition known, `text_read` the date of the text that
    was read for it, and `verified_on` the day on which the facts were last checked.
    All three are ISO dates.
    """

    region: Region
    name: str
    regulator: str
    document: str
    number: str
    edition: str
    edition_name: str
    text_read: str
    approved: str
    link: str
    verified_on: str
    minimum_age: Quantity
    max_area: Quantity
    applications_per_day: Quantity
    caps: tuple[Cap, ...]
    in_use: InUse | None
    review: Review
    provisions: tuple[Provision, ...]

    def __hash__(self) -> int:
        """Each label is loaded once, so that it is known by its identity."""
        return id(self)

    def on(self, topic: str) -> Provision:
        """The label's provision on `topic`; a `KeyError` means the label file lacks the row."""
        return _by_topic(self)[topic]


@cache
def _by_topic(label: Label) -> dict[str, Provision]:
    return {provision.topic: provision for provision in label.provisions}
