"""The page for the patient: what the sheet `labels/handout.csv` says for one region.

The sheet holds every sentence beside its section and how that was verified. A figure that the
label itself states, such as the largest area, stands there as a name in braces and is filled in
from the label, so that it has one place.
"""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal, NamedTuple

from ruxcalc.answers import Basis, DoseAnswer, JsonValue, WarnRegion
from ruxcalc.errors import InputError
from ruxcalc.inputs import as_json
from ruxcalc.labels.model import EU_TEXT, Cap, Label, Region
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import exactly, plain_text
from ruxcalc.patient import INPUTS, Patient
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.dose import AREA_INPUTS, dose_if_asked
from ruxcalc.rules.warn import warn

SHEET = Path(__file__).parent.parent / "labels" / "handout.csv"
EVERY_REGION = "all"
BLANK = "____"  # what is filled in by hand
DAYS_IN_WEEK = 7
QUARTER = Decimal("0.25")  # the smallest part of a fingertip that a person can measure
QUARTERS = ("", "¼", "½", "¾")
COUNTS = {1: "one", 2: "two", 3: "three", 4: "four"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
ADVISED_AGAINST = ("avoid", "discontinue", "outside-indication", "not-recommended")
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
    in `words` is a blank that is filled in by hand. `from_eu` marks what was not read for the region
    and stands in the EU text.
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

    `amount` is None where no area was given: the page then has a blank. `next_review` is None
    without a start date, or where the label's reviews are past.
    """

    schema: Literal["ruxcalc.handout/1"]
    inputs: dict[str, JsonValue]
    region: Region
    title: str
    parts: tuple[Part, ...]
    amount: Amount | None
    next_review: date | None
    basis: Basis
    notes: tuple[str, ...]
    worst: None = None


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
    """
    if len(labels) != 1:
        raise InputError("region", "handout needs one region", "us, eu or uk")
    (label,) = labels
    precautions = warn(patient, labels).regions[label.region]
    _refuse_contraindicated(label, precautions)
    dose = dose_if_asked(patient, labels)
    amount = None
    if dose is not None:
        _refuse_over_label(patient, label, dose)
        amount = _amount(label, dose)
    review, review_notes = _next_review(patient, label)
    figures = _figures(label) | {"amount": _amount_text(label, amount)}
    if patient.start is None:
        figures["review-date"] = BLANK
    elif review is not None:
        figures["review-date"] = day_text(review, label.region)
    return HandoutAnswer(
        schema="ruxcalc.handout/1",
        inputs=_inputs(patient),
        region=label.region,
        title=TITLE,
        parts=_parts(label, figures),
        amount=amount,
        next_review=review,
        basis=basis_of(labels),
        notes=(
            *(() if dose is None else dose.notes),
            *review_notes,
            *_not_on_the_page(label, precautions),
        ),
    )


def _inputs(patient: Patient) -> dict[str, JsonValue]:
    return {
        name: as_json(value)
        for name, value in zip(patient._fields, patient, strict=True)
        if value is not None
    }


def _refuse_contraindicated(label: Label, precautions: WarnRegion) -> None:
    for finding in precautions.findings:
        if finding.action == "contraindicated":
            field = next(name for name, known in INPUTS.items() if finding.code in known.topics)
            raise InputError(
                field,
                f"the {label.name} label contraindicates the cream"
                f" ({TOPICS[finding.code].lower()}), so no page for the patient is made",
            )


def _refuse_over_label(patient: Patient, label: Label, dose: DoseAnswer) -> None:
    field = next(name for name in AREA_INPUTS if getattr(patient, name) is not None)
    part = dose.regions[label.region]
    over = next((finding for finding in part.findings if finding.severity == "critical"), None)
    if over is not None:
        raise InputError(
            field,
            f"no page for the patient is made over the {label.name} label."
            f" {over.message.rstrip('.')}",
            f"at most {plain_text(label.max_area.value)} % of the body and {_limit(label)}",
        )


def _amount(label: Label, dose: DoseAnswer) -> Amount:
    exact = dose.use.fingertip_units_per_application
    with exactly():
        units = max(_in_quarters(exact, ROUND_HALF_UP), QUARTER)
        if units > exact and not _within_a_cap(label, dose, units / exact):
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


def _within_a_cap(label: Label, dose: DoseAnswer, factor: Decimal) -> bool:
    per_day = dose.use.grams_per_day * factor
    return any(per_day * cap.period_days <= cap.max_grams for cap in label.caps)


def quarters_text(units: Decimal) -> str:
    """Write fingertip units in whole and quarters, such as `3½`."""
    whole, quarters = divmod(int(units / QUARTER), len(QUARTERS))
    return f"{whole or ''}{QUARTERS[quarters]}"


def times_text(count: Decimal) -> str:
    """Write how often in words: `once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(int(count), f"{plain_text(count)} times")


def _next_review(patient: Patient, label: Label) -> tuple[date | None, tuple[str, ...]]:
    if patient.start is None:
        return None, ()
    try:
        day = patient.start + timedelta(days=int(label.review.week) * DAYS_IN_WEEK)
    except OverflowError:
        raise InputError(
            "start", "leads to a day beyond the calendar", f"what ends by {date.max}",
            patient.start.isoformat(),
        ) from None  # fmt: skip
    if patient.on is None or day >= patient.on:
        return day, ()
    note = f"start: the review of week {label.review.week} was due on {day}."
    return None, (f"{note} The page has a line for the next visit.",)


def _not_on_the_page(label: Label, precautions: WarnRegion) -> tuple[str, ...]:
    """Name what the label advises against for this patient: the page is the same for everyone."""
    return tuple(
        f"The page does not say this, but the {label.name} label does: {finding.message}"
        for finding in precautions.findings
        if finding.action in ADVISED_AGAINST
    )


@cache
def sheet() -> tuple[SheetRow, ...]:
    """Read the sheet, in the order of its rows."""
    with_header = csv.DictReader(SHEET.read_text(encoding="utf-8").splitlines())
    return tuple(
        SheetRow(row["region"], row["part"], int(row["order"]), row["words"], row["section"],
                 row["verified"])
        for row in with_header
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
            note, from_eu = SOURCE_NOTES[row.verified], row.verified == EU_TEXT
            lines[row.part].append(Line(words, row.section or None, note, from_eu))
    return tuple(
        Part(name, title, tuple(lines[name])) for name, title in PARTS.items() if lines[name]
    )


def _figures(label: Label) -> dict[str, str]:
    """Write the figures of the label that a line may name, as a patient reads them."""
    figures = {row.topic: plain_text(row.number) for row in label.provisions if row.number}
    figures |= {
        "age": plain_text(label.minimum_age.value),
        "area": plain_text(label.max_area.value),
        "often": times_text(label.applications_per_day.value),
        "limit": _limit(label),
        "review": plain_text(label.review.week),
    }
    if label.in_use is not None:
        figures["months"] = str(label.in_use.months)
    return figures


def _limit(label: Label) -> str:
    """Write the caps: `one 60 g tube a week or one 100 g tube in 2 weeks`."""
    return " or ".join(_cap_text(cap) for cap in label.caps)


def _cap_text(cap: Cap) -> str:
    count = COUNTS.get(cap.tubes, str(cap.tubes))
    tubes = f"{count} {plain_text(cap.tube_grams)} g tube{'' if cap.tubes == 1 else 's'}"
    return f"{tubes} {'in' if cap.period[0].isdigit() else 'a'} {cap.period}"


def day_text(day: date, region: Region) -> str:
    """Write a day with the month in words: `January 4, 2027` in the US, else `4 January 2027`."""
    month = MONTHS[day.month - 1]
    if region == "us":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} {month} {day.year}"
