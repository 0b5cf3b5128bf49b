"""The answers: frozen types whose fields are the contract's JSON.

Numbers are exact decimals. A result that has no end is rounded to 12 decimals, after
every comparison has been made on the uncut value.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, Union

if TYPE_CHECKING:
    from ruxcalc.rules.evidence import EvidenceAnswer

Severity = Literal["info", "warning", "critical"]
Decision = Literal["continue", "ask-patient", "re-evaluate", "consider-stopping"]
JsonValue = Decimal | int | str | bool | None | list["JsonValue"] | dict[str, "JsonValue"]

Grams = Annotated[Decimal, "g"]
Percent = Annotated[Decimal, "%"]
Days = Annotated[Decimal, "days"]
Weeks = Annotated[Decimal, "completed weeks"]
Milligrams = Annotated[Decimal, "mg"]


class Source(NamedTuple):
    """Where a statement comes from, and how that was verified; dates are ISO dates."""

    document: str
    section: str | None
    edition: str | None
    text_read: str | None
    link: str | None
    verified: str


class Finding(NamedTuple):
    """What an answer is about: a stable word, how grave, what and why and what to do."""

    code: str
    severity: Severity
    message: str
    action: str
    source: Source


class Edition(NamedTuple):
    """The label edition that an answer stands on; dates are ISO dates."""

    name: str
    document: str
    number: str
    edition: str
    edition_name: str
    text_read: str
    link: str


class Basis(NamedTuple):
    """What every answer carries: editions, last verification, and the caution."""

    editions: dict[str, Edition]
    facts_verified: str
    caution: str


class Step(NamedTuple):
    """One step of the working: the formula, the numbers put in, the result, the source."""

    name: str
    formula: str
    numbers: str
    result: str
    source: str


class CitedValue(NamedTuple):
    """A figure beside the document it comes from."""

    name: str
    value: Decimal
    unit: str
    source: str


class Method(NamedTuple):
    """How the amount was estimated, and where the published spread of it comes from."""

    name: Literal["fingertip", "density"]
    source: str
    spread_source: str


class Use(NamedTuple):
    """The amount of cream, by the method named, twice daily as every label asks."""

    grams_per_application: Grams
    fingertip_units_per_application: Decimal
    grams_per_day: Grams
    grams_per_week: Grams
    grams_per_week_range: tuple[Grams, Grams]
    grams_per_month: Grams
    grams_per_supply: Grams
    treated_cm2: Decimal | None
    ruxolitinib_mg_per_day: Milligrams
    absorbed_mg_per_day_range: tuple[Milligrams, Milligrams]
    absorbed_sources: tuple[CitedValue, ...]


class CapAnswer(NamedTuple):
    """The use against one cap of a label, in the label's own unit and period."""

    tube_grams: Grams
    max_grams: Grams
    period: str
    period_days: int
    estimated_grams: Grams
    percent_of_cap: Percent
    within: bool
    source: Source


class Supply(NamedTuple):
    """The tubes of one size for the supply period: what the use needs, whole.

    `discard_after_days` is null where the label is silent.
    """

    tube_grams: Grams
    tubes: int
    lasts_days: Days
    discard_after_days: int | None
    cost: Decimal | None


class DoseRegion(NamedTuple):
    """Area and amount against one label."""

    within_label: bool
    max_bsa_percent: Percent
    area_within: bool
    area_source: Source
    caps: tuple[CapAnswer, ...]
    supply: tuple[Supply, ...]
    findings: tuple[Finding, ...]


class DoseAnswer(NamedTuple):
    """How much cream, and whether area and amount stay within each label.

    `worst` is the gravest severity among the findings.
    """

    schema: Literal["ruxcalc.dose/1"]
    inputs: dict[str, JsonValue]
    worst: Severity | None
    bsa_percent: Percent
    body_surface_m2: Decimal | None
    supply_days: int
    method: Method
    use: Use
    regions: dict[str, DoseRegion]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class ReviewRule(NamedTuple):
    """The rule that a label's review applies."""

    week: Weeks
    threshold_percent: Percent | None
    comparison: Literal["less-than", "patient-judgement"]
    source: Source


class SiteAnswer(NamedTuple):
    """One site's repigmentation and the decision that it alone would lead to."""

    repigmentation_percent: Percent
    decision: Decision


class CheckRegion(NamedTuple):
    """Go on or stop, by one label."""

    decision: Decision
    reason: str
    next_review_week: int | None
    rule: ReviewRule
    sites: dict[str, SiteAnswer] | None
    findings: tuple[Finding, ...]


class CheckAnswer(NamedTuple):
    """Continue, re-evaluate or consider stopping, at this week with this repigmentation."""

    schema: Literal["ruxcalc.check/1"]
    inputs: dict[str, JsonValue]
    worst: Severity | None
    week: Weeks
    repigmentation_percent: Percent | None
    measure: str | None
    regions: dict[str, CheckRegion]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class WarnRegion(NamedTuple):
    """What one label says about this patient.

    `findings` were triggered by the patient, `general` applies to every patient,
    `not_checked` was not asked, and `silent` was given and the label says nothing.
    `not_read` was given, or applies to every patient under another label, but that
    part of this label has not been read.
    """

    contraindicated: bool
    findings: tuple[Finding, ...]
    general: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    silent: tuple[str, ...]
    not_read: tuple[str, ...]


class WarnAnswer(NamedTuple):
    """The labels' precautions for this patient, by region."""

    schema: Literal["ruxcalc.warn/1"]
    inputs: dict[str, JsonValue]
    worst: Severity | None
    regions: dict[str, WarnRegion]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class AssessAnswer(NamedTuple):
    """The three answers together, for whatever was given; `worst` is the gravest finding."""

    schema: Literal["ruxcalc.assess/1"]
    inputs: dict[str, JsonValue]
    worst: Severity | None
    dose: DoseAnswer | None
    check: CheckAnswer | None
    warn: WarnAnswer
    basis: Basis
    notes: tuple[str, ...]


class LabelRow(NamedTuple):
    """One statement of a label."""

    topic: str
    title: str
    action: str
    message: str
    section: str | None
    verified: str


class LabelSheet(NamedTuple):
    """One label in full: its edition and each of its statements."""

    edition: Edition
    regulator: str
    approved: str
    verified_on: str
    rows: tuple[LabelRow, ...]


class Difference(NamedTuple):
    """A topic on which two labels do not say the same."""

    topic: str
    title: str
    statements: dict[str, LabelRow]


class FigureRow(NamedTuple):
    """A cited figure; `low` and `high` are its spread, `value` is null where only that is known."""

    name: str
    value: Decimal | None
    low: Decimal
    high: Decimal
    unit: str
    source: str


class VasiSite(NamedTuple):
    """One site: its area, what is left of depigmentation, and how that compares with before.

    `improvement_percent` is null without a baseline, or where the baseline had no depigmentation.
    """

    handprints: Decimal
    depigmentation_percent: Percent
    meaning: str
    vasi: Decimal
    bsa_percent: Percent
    baseline_vasi: Decimal | None
    improvement_percent: Percent | None


class VasiAnswer(NamedTuple):
    """VASI and affected area, per site and in all; F-VASI is null without the face.

    The improvements, or repigmentation, are null without a baseline; negative is worsening.
    `check_lines` are what to type, with the week, to have the response reviewed.
    """

    schema: Literal["ruxcalc.vasi/1"]
    inputs: dict[str, JsonValue]
    worst: Severity | None
    vasi: Decimal
    t_vasi: Decimal
    f_vasi: Decimal | None
    bsa_percent: Percent
    improvement_percent: Percent | None
    f_vasi_improvement_percent: Percent | None
    sites: dict[str, VasiSite]
    check_lines: tuple[str, ...]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class DepigmentationStep(NamedTuple):
    """A step of residual depigmentation and what it looks like."""

    percent: int
    meaning: str


class VasiStepsAnswer(NamedTuple):
    """The steps that residual depigmentation takes in VASI."""

    schema: Literal["ruxcalc.vasi-steps/1"]
    depigmentation_steps: tuple[DepigmentationStep, ...]
    basis: Basis
    worst: Severity | None = None
    notes: tuple[str, ...] = ()


class ReviewDate(NamedTuple):
    """The day on which a week is reached, and what a label asks then; dates are ISO dates.

    `silent` says that the label asks nothing then because it says nothing; `after_stop` that
    the last application is earlier.
    """

    week: int
    date: str
    asks: str
    silent: bool
    after_stop: bool
    source: Source


class TubeDates(NamedTuple):
    """One tube: opened when the one before is used up or discarded.

    `used_up_on` is null where the in-use life ends first, `discard_on` where the label is silent.
    Dates are ISO dates.
    """

    number: int
    opened_on: str
    used_up_on: str | None
    discard_on: str | None


class Refill(NamedTuple):
    """How long the tubes in hand last, tube by tube, and on which days the next ones are due.

    `tubes_from` says whether the tubes were given or are those of the supply period; `limited_by`
    what ends a tube: the use, the label's cap where the use is above it, or the in-use life after
    opening. `refill_dates` run to week 52 or to the last application, each for the same number of
    tubes, at `cost` in the currency of the price.
    """

    tube_grams: Grams
    tubes: int
    tubes_from: Literal["given", "supply"]
    grams_per_day: Grams
    tube_lasts_days: Days
    limited_by: Literal["use", "cap", "in-use-life"]
    tube_dates: tuple[TubeDates, ...]
    refill_dates: tuple[str, ...]
    cost: Decimal | None
    source: Source


class AfterStop(NamedTuple):
    """What a label asks after the last application; `date` is null where it gives no time."""

    date: str | None
    weeks: int | None
    message: str
    source: Source


class PlanRegion(NamedTuple):
    """The dates by one label; `contraception` and `breastfeeding` are null without a last day.

    Contraception continues until and on `contraception.date`, breast-feeding may start on
    `breastfeeding.date`.
    """

    reviews: tuple[ReviewDate, ...]
    refills: tuple[Refill, ...]
    contraception_until: str | None
    breastfeeding_from: str | None
    contraception: AfterStop | None
    breastfeeding: AfterStop | None
    findings: tuple[Finding, ...]


class PlanAnswer(NamedTuple):
    """Review dates, refills and last-dose dates; dates are ISO dates.

    `on` is the day that was given, or today where `on_taken` says so. `week` is null before the
    first application.
    """

    schema: Literal["ruxcalc.plan/1"]
    inputs: dict[str, JsonValue]
    worst: Severity | None
    start: str
    on: str
    on_taken: Literal["given", "today"]
    week: Weeks | None
    stop: str | None
    regions: dict[str, PlanRegion]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class VisitDecision(NamedTuple):
    """The decision at one visit, by one label."""

    decision: Decision
    reason: str


class TrackVisit(NamedTuple):
    """One visit: when, how far the treatment has got, and what was decided.

    `line` is its place in the list, `date` an ISO date. `repigmentation_percent` is null where
    none was told or it was told by site. A label that needs what was not told has no decision.
    """

    line: int
    date: str
    week: Weeks
    repigmentation_percent: Percent | None
    sites: dict[str, Percent] | None
    score: Decimal | None
    baseline: Decimal | None
    measure: str | None
    meaningful: bool | None
    bsa_percent: Percent | None
    tubes_dispensed: int | None
    tube_grams: Grams | None
    regions: dict[str, VisitDecision | None]


class Dispensed(NamedTuple):
    """The rolling window in which most was dispensed, against one cap; dispensed is not used.

    `tube_grams` is the size that the cap binds. The days are ISO dates, both in the window.
    """

    tube_grams: Grams
    max_grams: Grams
    period: str
    period_days: int
    dispensed_grams: Grams
    first_day: str
    last_day: str
    within: bool
    source: Source


class NextReview(NamedTuple):
    """The label's review that no visit has reached; `date` is an ISO date.

    `overdue` says that the day of the answer is past it all the same.
    """

    week: int
    date: str
    overdue: bool


class TrackRegion(NamedTuple):
    """Where the treatment stands by one label: the last decision, what was dispensed, what is next.

    `decision` and `decided_on` are null as long as no visit led to one. `review_unanswered` says
    that the week of the label's review is past, and no visit since then told of the response.
    """

    decision: Decision | None
    decided_on: str | None
    rule: ReviewRule
    review_unanswered: bool
    dispensed: tuple[Dispensed, ...]
    next_review: NextReview | None
    findings: tuple[Finding, ...]


class RejectedVisit(NamedTuple):
    """A row that was not answered: its line, the column at fault, or none, and why."""

    line: int
    column: str
    reason: str


class TrackAnswer(NamedTuple):
    """The visits of one patient, in the order of their dates, and where they lead.

    `start` is the day of the first application and `on` the day of the answer, ISO dates;
    `baseline` is the score that the others are compared with, where the visits do not bring
    their own.
    """

    schema: Literal["ruxcalc.track/1"]
    inputs: dict[str, JsonValue]
    worst: Severity | None
    start: str
    on: str
    baseline: Decimal | None
    visits: tuple[TrackVisit, ...]
    regions: dict[str, TrackRegion]
    rejected: tuple[RejectedVisit, ...]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class FormulaRow(NamedTuple):
    """A cited formula of body surface, from height H in cm and weight W in kg."""

    name: str
    expression: str
    source: str


class DueRow(NamedTuple):
    """When something was last verified, until when that holds, and whether it is due again.

    Dates are ISO dates.
    """

    name: str
    verified_on: str
    holds_until: str
    due: bool


class LabelAnswer(NamedTuple):
    """The rules themselves. Each part is null where it was not asked for."""

    schema: Literal["ruxcalc.label/1"]
    labels: dict[str, LabelSheet] | None
    differences: tuple[Difference, ...] | None
    figures: tuple[FigureRow, ...] | None
    formulas: tuple[FormulaRow, ...] | None
    basis: Basis
    worst: Severity | None = None
    notes: tuple[str, ...] = ()
    due: tuple[DueRow, ...] | None = None


# Answers that hold no finding about a patient; so does that of the trials, beside its rule.
Plain = LabelAnswer | VasiAnswer | VasiStepsAnswer
Answer = Union[
    DoseAnswer, CheckAnswer, WarnAnswer, AssessAnswer, PlanAnswer, TrackAnswer, Plain,
    "EvidenceAnswer",
]  # fmt: skip
RegionPart = DoseRegion | CheckRegion | WarnRegion | PlanRegion | TrackRegion

SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")


def worst_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings by severity, otherwise in their order."""
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))


def findings_of(answer: Answer) -> list[tuple[str, Finding]]:
    """Each finding with its region, worst first; what is for every patient is not among them."""
    return sorted(_found_in(answer), key=lambda pair: SEVERITIES.index(pair[1].severity))


def _found_in(answer: Answer) -> list[tuple[str, Finding]]:
    if isinstance(answer, Plain) or answer.schema == "ruxcalc.evidence/1":
        return []
    if isinstance(answer, AssessAnswer):
        parts = [part for part in (answer.dose, answer.check, answer.warn) if part is not None]
        return [pair for part in parts for pair in _found_in(part)]
    return [
        (region, finding) for region, part in answer.regions.items() for finding in part.findings
    ]


def gravest(severities: Iterable[Severity | None]) -> Severity | None:
    """The gravest of `severities`, or None if there is none."""
    present = set(severities)
    return next((severity for severity in SEVERITIES if severity in present), None)


def gravest_of(regions: Iterable[RegionPart]) -> Severity | None:
    """The gravest severity among the findings of `regions`, or None without findings."""
    return gravest(finding.severity for region in regions for finding in region.findings)
