"""The page for the patient: what the sheet `labels/handout.csv` says for one region.

The sheet holds every sentence beside its section and how that was verified. A figure that the
label itself states, such as the largest area, stands there as a name in braces and is filled in
from the label, so that it has one place.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from string import Formatter
from typing import Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.labels.load import read_table
from ruxcalc.labels.model import Cap, Label, Review
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import exactly, plain_text
from ruxcalc.patient import INPUTS, Patient, given_inputs, gives_any
from ruxcalc.results import Basis, Frozen, JsonValue, Severity, gravest
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.days import day_after
from ruxcalc.rules.dose import DoseAnswer, dose
from ruxcalc.rules.estimate import AREA_INPUTS
from ruxcalc.rules.limits import DAYS_IN_WEEK
from ruxcalc.rules.warn import WarnRegion, warn

SHEET = "handout.csv"
EVERY_REGION = "all"
BLANK = "____"  # what is filled in by hand
QUARTER = Decimal("0.25")  # the smallest part of a fingertip that a person can measure
QUARTERS = ("", "¼", "½", "¾")
COUNTS = {1: "one", 2: "two", 3: "three", 4: "four"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
OVER_LABEL = ("area-above-maximum", "quantity-above-maximum")
NO_AMOUNT = ("avoid", "discontinue")  # the page then has a blank for the amount
TITLE = "Your ruxolitinib 1.5 % cream"

# The headings of the page, in its order.
PARTS: dict[str, str] = {
    "for": "What it is for",
    "warning": "Warning",
    "how-much": "How much",
    "where": "Where",
    "when": "When",
    "where-not": "Where not",
    "hands": "Your hands",
    "washing": "Washing",
    "sunscreen": "Sun and sunscreen",
    "missed": "If you forget it",
    "how-long": "How long",
    "storage": "Keeping the cream",
    "crystals": "Crystals",
    "pregnancy": "Pregnancy",
    "breast-feeding": "Breast-feeding",
    "allergy": "Allergy",
    "before": "Tell us before you start",
    "call": "When to call",
    "skin-checks": "Skin checks",
    "side-effects": "Common side effects",
    "driving": "Driving",
    "next-review": "Your next review",
}

SOURCE_NOTES: dict[str, str] = {
    "label-text": "",
    "leaflet": "",
    "label-text-and-leaflet": "",
    "eu-text": "taken from the EU text, not read for this region",
    "letter": "letter of the company to clinicians",
    "literature": "not from the label",
    "program": "not from the label",
}


class Line(NamedTuple):
    """Words for the patient; `section` is the place in the label or leaflet they come from.

    `section` is None where no label says it, and `source_note` then says where it is from. `____`
    in `words` is a blank that is filled in by hand. `from_eu` marks what was not read for the
    region and stands in the EU text.
    """

    words: str
    section: str | None
    source_note: str
    from_eu: bool = False


class Part(NamedTuple):
    """One heading of the page and what stands below it; `name` is a stable word."""

    name: str
    title: str
    lines: tuple[Line, ...]


class Amount(NamedTuple):
    """The patient's own amount for one application, in quarters of a fingertip unit.

    `rounded` says that the estimate was between two quarters.
    """

    fingertip_units: Decimal
    applications_per_day: Decimal
    rounded: bool


class HandoutAnswer(NamedTuple):
    """One page for the patient, by the label of one region.

    `amount` is None where no area was given, or where the label says to avoid or discontinue the
    cream: the page then has a blank. `next_review` is None without a start date, or where the
    label's reviews are past. `worst` is the gravest finding about this patient.
    """

    schema: Literal["ruxcalc.handout/1"]
    inputs: Frozen[str, JsonValue]
    region: str
    title: str
    parts: tuple[Part, ...]
    amount: Amount | None
    next_review: date | None
    basis: Basis
    notes: tuple[str, ...]
    worst: Severity | None


class ReviewDay(NamedTuple):
    """A review of the label, and its day where the start of treatment is known."""

    review: Review
    day: date | None


class SheetRow(NamedTuple):
    """One row of the sheet; `region` is `all` for what no label says."""

    region: str
    part: str
    order: int
    words: str
    section: str
    verified: str


def handout(patient: Patient, labels: tuple[Label, ...]) -> HandoutAnswer:
    """Lay out the page for this patient by the one label of `labels`.

    The amount is that of `dose`, to the nearest quarter of a fingertip unit, and never rounded
    over the label's cap. The next review counts from `patient.start`, as seen from `patient.on`.
    Sections: 2.2 (US), 4.2 (EU, UK) for amount and review; every sentence names its own.

    Raises `InputError` for several labels, where the label contraindicates the cream for what is
    known of the patient, and where area or amount are over the label: such a patient gets no page.
    Nor is there one where the sheet has no rows for the label.
    """
    if len(labels) != 1:
        codes = [label.region for label in labels]
        listed = f"{', '.join(codes[:-1])} or {codes[-1]}"
        raise InputError("region", "handout needs one region", listed)
    (label,) = labels
    if not any(row.region == label.region for row in sheet()):
        raise InputError("region", f"no page has been written for the {label.name} label")
    precautions = warn(patient, labels).regions[label.region]
    _refuse_contraindicated(label, precautions)
    # Anything of the dose without an area is refused there, in its words.
    estimate = dose(patient, labels) if gives_any(patient, "dose") else None
    amount = None
    if estimate is not None:
        _refuse_over_label(patient, label, estimate)
        if not any(found.action in NO_AMOUNT for found in precautions.findings):
            amount = _amount(label, estimate)
    reviews = _coming_reviews(patient, label)
    figures = _figures(label) | {"amount": _amount_text(label, amount)}
    if reviews:
        review, day = reviews[0]
        figures["next-review"] = str(review.week)
        figures["review-date"] = BLANK if day is None else day_text(day, label.region)
    return HandoutAnswer(
        schema="ruxcalc.handout/1",
        inputs=Frozen(given_inputs(patient, "handout")),
        region=label.region,
        title=TITLE,
        parts=_parts(label, figures),
        amount=amount,
        next_review=reviews[0].day if reviews else None,
        basis=basis_of(labels),
        notes=(
            *(() if estimate is None else _dose_notes(label, estimate)),
            *_past_reviews(label, reviews),
            *_not_on_the_page(label, precautions),
        ),
        worst=gravest(
            found.severity
            for part in (precautions, estimate and estimate.regions[label.region])
            if part is not None
            for found in part.findings
        ),
    )


def _refuse_contraindicated(label: Label, precautions: WarnRegion) -> None:
    for finding in precautions.findings:
        if finding.action == "contraindicated":
            field = next(name for name, known in INPUTS.items() if finding.code in known.topics)
            raise InputError(
                field,
                f"the {label.name} label contraindicates the cream"
                f" ({TOPICS[finding.code].lower()}), so no page for the patient is made",
            )


def _refuse_over_label(patient: Patient, label: Label, estimate: DoseAnswer) -> None:
    field = next(name for name in AREA_INPUTS if getattr(patient, name) is not None)
    found = estimate.regions[label.region].findings
    over = next((finding for finding in found if finding.code in OVER_LABEL), None)
    if over is not None:
        area = f"at most {plain_text(label.max_area.value)} % of the body"
        raise InputError(
            field,
            f"no page for the patient is made over the {label.name} label."
            f" {over.message.rstrip('.')}",
            ", ".join(filter(None, (area, _limit(label)))),
        )


def _amount(label: Label, estimate: DoseAnswer) -> Amount:
    exact = estimate.use.fingertip_units_per_application
    with exactly():
        units = max(_in_quarters(exact, ROUND_HALF_UP), QUARTER)
        if units > exact and not _within_a_cap(label, estimate, units / exact):
            units = max(_in_quarters(exact, ROUND_FLOOR), QUARTER)
    return Amount(units, label.applications_per_day.value, units != exact)


def _amount_text(label: Label, amount: Amount | None) -> str:
    """Write the amount: `4 fingertip units each time, twice a day`, with a blank where unknown."""
    units = BLANK if amount is None else quarters_text(amount.fingertip_units)
    about = "about " if amount is not None and amount.rounded else ""
    one = amount is not None and amount.fingertip_units <= 1
    often = times_text(label.applications_per_day.value)
    return f"{about}{units} fingertip unit{'' if one else 's'} each time, {often} a day"


def _in_quarters(units: Decimal, rounding: str) -> Decimal:
    return (units / QUARTER).quantize(Decimal(1), rounding) * QUARTER


def _within_a_cap(label: Label, estimate: DoseAnswer, factor: Decimal) -> bool:
    per_day = estimate.use.grams_per_day * factor
    return any(per_day * cap.period_days <= cap.max_grams for cap in label.caps)


def quarters_text(units: Decimal) -> str:
    """Write fingertip units in whole and quarters, such as `3½`."""
    whole, quarters = divmod(int(units / QUARTER), len(QUARTERS))
    return f"{whole or ''}{QUARTERS[quarters]}"


def times_text(count: Decimal) -> str:
    """Write how often in words: `once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(int(count), f"{plain_text(count)} times")


def _coming_reviews(patient: Patient, label: Label) -> tuple[ReviewDay, ...]:
    """Return the reviews that are not past, with their days where the start is known."""
    start = patient.restart or patient.start
    if start is None:
        return tuple(ReviewDay(review, None) for review in label.reviews)
    field = "start" if patient.restart is None else "restart"
    days = [
        ReviewDay(review, day_after(start, review.week * DAYS_IN_WEEK, field, start.isoformat()))
        for review in label.reviews
    ]
    return tuple(
        coming
        for coming in days
        if patient.on is None or coming.day is None or coming.day >= patient.on
    )


def _past_reviews(label: Label, coming: tuple[ReviewDay, ...]) -> Iterator[str]:
    if label.reviews and not coming:
        week = label.reviews[-1].week
        yield f"start: the review of week {week} is past, so the page does not name it."


def _dose_notes(label: Label, estimate: DoseAnswer) -> Iterator[str]:
    yield from estimate.notes
    for finding in estimate.regions[label.region].findings:
        if finding.severity == "warning":
            yield finding.message


def _not_on_the_page(label: Label, precautions: WarnRegion) -> tuple[str, ...]:
    """Name what there is to act on for this patient: the page is the same for everyone."""
    notes = [
        f"The page does not say this: {finding.message}"
        for finding in precautions.findings
        if finding.severity != "info"
    ]
    if any(found.action in NO_AMOUNT for found in precautions.findings):
        notes.insert(
            0,
            f"The amount is left blank: the {label.name} label says to avoid or discontinue the"
            " cream here.",
        )
    return tuple(notes)


@cache
def sheet() -> tuple[SheetRow, ...]:
    """Read the sheet, in the order of its rows."""
    return tuple(
        SheetRow(row["region"], row["part"], int(row["order"]), row["words"], row["section"],
                 row["verified"])
        for row in read_table(SHEET)
    )  # fmt: skip


def _parts(label: Label, figures: Mapping[str, str]) -> tuple[Part, ...]:
    """Fill in the sheet for one region; a line whose figure the label lacks is left out."""
    rows = sorted(
        (row for row in sheet() if row.region in (label.region, EVERY_REGION)),
        key=lambda row: row.order,
    )
    lines: dict[str, list[Line]] = {name: [] for name in PARTS}
    for row in rows:
        if all(name in figures for _, name, _, _ in Formatter().parse(row.words) if name):
            words = Formatter().vformat(row.words, (), figures)
            note, from_eu = SOURCE_NOTES[row.verified], row.verified == "eu-text"
            lines[row.part].append(Line(words, row.section or None, note, from_eu))
    return tuple(
        Part(name, title, tuple(lines[name])) for name, title in PARTS.items() if lines[name]
    )


def _figures(label: Label) -> dict[str, str]:
    """Write the figures of the label that a line may name, as a patient reads them."""
    figures = {
        topic: plain_text(row.number)
        for topic, row in label.provisions.items()
        if row.number is not None
    }
    figures |= {
        "age": plain_text(label.minimum_age.value),
        "area": plain_text(label.max_area.value),
        "often": times_text(label.applications_per_day.value),
    }
    if label.caps:
        figures["limit"] = _limit(label)
    if label.reviews:
        figures["review"] = str(label.reviews[0].week)
    if label.in_use is not None:
        figures["months"] = str(label.in_use.months)
    return figures


def _limit(label: Label) -> str:
    """Write the caps: `one 60 g tube a week or one 100 g tube in 2 weeks`."""
    return " or ".join(_cap_text(cap) for cap in label.caps)


def _cap_text(cap: Cap) -> str:
    count = COUNTS.get(cap.tubes, str(cap.tubes))
    tubes = f"{count} {plain_text(cap.tube_grams)} g tube{'' if cap.tubes == 1 else 's'}"
    return f"{tubes} {cap.per}"


def day_text(day: date, region: str) -> str:
    """Write a day with the month in words: `January 4, 2027` in the US, else `4 January 2027`."""
    month = MONTHS[day.month - 1]
    if region == "us":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} {month} {day.year}"
