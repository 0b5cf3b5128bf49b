"""What the trials of the cream in vitiligo found, each row beside the source that was read.

The rows are rates of groups of patients, never a prognosis for one. Nothing is computed here.
"""

from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc.figures import NEJM, US_LABEL
from ruxcalc.results import Percent

Arm = Literal["ruxolitinib", "vehicle", "vehicle, cream from week 24"]
# What kind of document a row was read in; `not recorded` where nobody noted the document.
Kind = Literal[
    "label text", "journal", "company slide", "congress report", "press report", "not recorded"
]
Measure = Literal["difference", "odds ratio"]

V1, V2, BOTH = "TRuE-V1", "TRuE-V2", "TRuE-V1 and TRuE-V2"
EXTENSION = "long-term extension"
PHASE_2 = "phase 2 trial"
CREAM: Arm = "ruxolitinib"
VEHICLE: Arm = "vehicle"
VEHICLE_THEN_CREAM: Arm = "vehicle, cream from week 24"
LAST_WEEK_ON_VEHICLE = 24  # from then on every patient of TRuE-V used the cream

# Patients of the two pivotal trials together; NEJM.
ENROLLED, ANALYSED = 674, 661

TABLE_6 = f"{US_LABEL}, section 14.2, table 6"
SECTION_14_2 = f"{US_LABEL}, section 14.2"
LUMIRIX_SLIDE = "company slide (Lumirix, Hong Kong)"
SLIDE = "company slide"
AAD_PRESS = "press report of the AAD meeting 2022"
HARRIS = "Harris, AAD 2023, extension NCT04530344"
UNNAMED = "document not recorded"


class TrialRate(NamedTuple):
    """The share of a group in a trial that reached an endpoint.

    `week` counts from the first application; it is null where the time counts from a restart,
    of which `median_weeks` is the median. `patients` is the size of this arm, and
    `patients_of_all_arms` that of all arms together, where it is known. `population` names the
    group where it is a part of those randomised, and `site` the part of the body. `kind` says
    what kind of document `source` is.
    """

    trial: str
    endpoint: str
    week: int | None
    arm: Arm
    percent: Percent
    approximate: bool
    patients: int | None
    patients_of_all_arms: int | None
    median_weeks: int | None
    population: str | None
    site: str | None
    note: str | None
    source: str
    kind: Kind


class TrialEffect(NamedTuple):
    """A published comparison of two arms: a difference in percentage points, or an odds ratio.

    `low` and `high` bound the interval that `interval` names. `compares` is the source of the
    rates beside which it is shown, `source` the document in which the effect itself was read.
    """

    measure: Measure
    trial: str
    endpoint: str
    week: int
    value: Decimal
    low: Decimal
    high: Decimal
    interval: str
    compares: str
    source: str
    kind: Kind


class TrialFact(NamedTuple):
    """A fact on the patients of a trial or on their safety; `value` is null where words say it."""

    name: str
    trial: str
    value: Decimal | None
    unit: str
    source: str
    kind: Kind


class StudyArms(NamedTuple):
    """Two arms of a trial, or one, as one document reports them."""

    trial: str
    source: str
    kind: Kind
    on_cream: int | None = None
    on_vehicle: int | None = None
    population: str | None = None
    note: str | None = None


SWAPPED = (
    "The legend of the slide swaps the colours of the arms against its own text; the text is used."
)
FEW_PATIENTS = "17 to 20 patients a site."
RESPONDERS = "at F-VASI90 by week 52, then randomised"
UNDER_90 = "under F-VASI90 at week 52, then on the cream"

V1_LABEL = StudyArms(V1, TABLE_6, "label text", 221, 109)
V2_LABEL = StudyArms(V2, TABLE_6, "label text", 229, 115)
V1_PAPER = StudyArms(V1, NEJM, "journal", 221, 109)
V2_PAPER = StudyArms(V2, NEJM, "journal", 222, 109)
V1_SLIDE = StudyArms(V1, LUMIRIX_SLIDE, "company slide", 221, 109)
V2_SLIDE = StudyArms(V2, LUMIRIX_SLIDE, "company slide", 222, 109)
V1_THROUGHOUT = StudyArms(V1, UNNAMED, "not recorded", population="on the cream throughout")
POOLED = StudyArms(BOTH, AAD_PRESS, "press report")
EXTENDED = StudyArms(EXTENSION, HARRIS, "congress report", population=RESPONDERS)
RESTARTED = StudyArms(EXTENSION, HARRIS, "congress report", population="restarted after a relapse")
KEPT_ON = StudyArms(EXTENSION, SLIDE, "company slide", 222, 118, UNDER_90, SWAPPED)
BY_SITE = StudyArms(PHASE_2, SLIDE, "company slide", note=FEW_PATIENTS)

RANDOMISED_AGAIN = 116  # both arms of the extension together


def _on_cream(arms: StudyArms, endpoint: str, week: int | None, percent: str) -> TrialRate:
    return TrialRate(
        trial=arms.trial,
        endpoint=endpoint,
        week=week,
        arm=CREAM,
        percent=Decimal(percent),
        approximate=False,
        patients=arms.on_cream,
        patients_of_all_arms=None,
        median_weeks=None,
        population=arms.population,
        site=None,
        note=arms.note,
        source=arms.source,
        kind=arms.kind,
    )


def _pair(
    arms: StudyArms, endpoint: str, week: int, cream: str, vehicle: str
) -> tuple[TrialRate, TrialRate]:
    rate = _on_cream(arms, endpoint, week, cream)
    other = rate._replace(
        arm=VEHICLE if week <= LAST_WEEK_ON_VEHICLE else VEHICLE_THEN_CREAM,
        percent=Decimal(vehicle),
        patients=arms.on_vehicle,
    )
    return rate, other


def _about(endpoint: str, week: int, percent: str) -> TrialRate:
    return _on_cream(POOLED, endpoint, week, percent)._replace(approximate=True)


def _year_on(endpoint: str, arm: Arm, percent: str) -> TrialRate:
    rate = _on_cream(EXTENDED, endpoint, 104, percent)
    return rate._replace(arm=arm, patients_of_all_arms=RANDOMISED_AGAIN)


def _regained(endpoint: str, percent: str, median_weeks: int) -> TrialRate:
    return _on_cream(RESTARTED, endpoint, None, percent)._replace(median_weeks=median_weeks)


def _at(site: str, percent: str) -> TrialRate:
    return _on_cream(BY_SITE, "T-VASI50 by site", 52, percent)._replace(site=site)


RATES: tuple[TrialRate, ...] = (
    *_pair(V1_SLIDE, "F-VASI75", 12, "12.8", "3.5"),
    *_pair(V2_SLIDE, "F-VASI75", 12, "15.4", "9.2"),
    *_pair(V1_PAPER, "F-VASI75", 24, "29.8", "7.4"),
    *_pair(V2_PAPER, "F-VASI75", 24, "30.9", "11.4"),
    *_pair(V1_LABEL, "F-VASI75", 24, "29.9", "7.5"),
    *_pair(V2_LABEL, "F-VASI75", 24, "29.9", "12.9"),
    *_pair(V1_LABEL, "F-VASI90", 24, "15.5", "2.2"),
    *_pair(V2_LABEL, "F-VASI90", 24, "15.4", "1.9"),
    *_pair(V1_SLIDE, "F-VASI75", 40, "45.5", "16.9"),
    *_pair(V2_SLIDE, "F-VASI75", 40, "47.5", "18.3"),
    *_pair(V1_SLIDE, "F-VASI75", 52, "52.6", "26.8"),
    *_pair(V2_SLIDE, "F-VASI75", 52, "48.0", "29.6"),
    _about("F-VASI50", 24, "51"),
    _about("F-VASI75", 24, "30"),
    _about("F-VASI90", 24, "15"),
    _about("F-VASI50", 52, "75"),
    _about("F-VASI75", 52, "50"),
    _about("F-VASI90", 52, "30"),
    _on_cream(V1_THROUGHOUT, "F-VASI90", 52, "32.9"),
    _on_cream(V1_THROUGHOUT, "T-VASI50", 52, "53.2"),
    _year_on("F-VASI90", CREAM, "61.8"),
    _year_on("F-VASI90", VEHICLE, "21.4"),
    _year_on("relapse", VEHICLE, "28.6"),
    _regained("F-VASI75 regained", "75", 12),
    _regained("F-VASI90 regained", "68.8", 15),
    *_pair(KEPT_ON, "F-VASI75", 52, "30.8", "16.1"),
    *_pair(KEPT_ON, "F-VASI75", 104, "66.1", "47.3"),
    _at("head and neck", "60"),
    _at("upper limbs", "52.9"),
    _at("lower limbs", "52.6"),
    _at("trunk", "29.4"),
    _at("feet", "29.4"),
    _at("hands", "15"),
)


def _difference(arms: StudyArms, value: str, low: str, high: str) -> TrialEffect:
    return TrialEffect(
        measure="difference",
        trial=arms.trial,
        endpoint="F-VASI75",
        week=24,
        value=Decimal(value),
        low=Decimal(low),
        high=Decimal(high),
        interval="95 % confidence interval",
        compares=arms.source,
        source=arms.source,
        kind=arms.kind,
    )


def _odds_ratio(arms: StudyArms, value: str, low: str, high: str) -> TrialEffect:
    """Return an odds ratio of the slide, whose rates at week 24 are those of the paper."""
    return _difference(arms, value, low, high)._replace(
        measure="odds ratio", interval="interval as published", compares=NEJM
    )


EFFECTS: tuple[TrialEffect, ...] = (
    _difference(V1_LABEL, "22.5", "14.2", "30.8"),
    _difference(V2_LABEL, "16.9", "7.8", "26.0"),
    _odds_ratio(V1_SLIDE, "5.3", "2.3", "11.9"),
    _odds_ratio(V2_SLIDE, "3.5", "1.7", "6.8"),
)


def _of_patients(name: str, value: str | None, unit: str) -> TrialFact:
    number = None if value is None else Decimal(value)
    return TrialFact(name, BOTH, number, unit, SECTION_14_2, "label text")


POPULATION: tuple[TrialFact, ...] = (
    _of_patients("12 to 17 years old", "11", "% of patients"),
    _of_patients("65 years and older", "7", "% of patients"),
    _of_patients("affected area", "7.4", "% BSA"),
    _of_patients("affected area of the face", "1", "% BSA"),
    _of_patients("time since the diagnosis", "14.8", "years"),
    _of_patients("phototherapy was not permitted", None, ""),
)


def _to_week_52(name: str, v1: str, v2: str) -> tuple[TrialFact, TrialFact]:
    first = TrialFact(name, V1, Decimal(v1), "% of patients", SLIDE, "company slide")
    return first, first._replace(trial=V2, value=Decimal(v2))


# Until week 52.
SAFETY: tuple[TrialFact, ...] = (
    *_to_week_52("any adverse event", "54.8", "62.3"),
    *_to_week_52("adverse event related to the treatment", "18.6", "15.4"),
    *_to_week_52("serious adverse event", "3.2", "1.8"),
    *_to_week_52("serious adverse event related to the treatment", "0", "0"),
    *_to_week_52("stopped for an adverse event", "0.5", "0.9"),
)

ENDPOINTS: dict[str, str] = {
    "F-VASI50": "at least 50 % improvement of the face",
    "F-VASI75": "at least 75 % improvement of the face",
    "F-VASI90": "at least 90 % improvement of the face",
    "T-VASI50": "at least 50 % improvement of the whole body",
    "T-VASI50 by site": "at least 50 % improvement of one part of the body",
    "relapse": "loss of F-VASI75 by those who were at F-VASI90",
    "F-VASI75 regained": "F-VASI75 again after restarting the cream",
    "F-VASI90 regained": "F-VASI90 again after restarting the cream",
}
UNKNOWN: tuple[str, ...] = (
    "How much cream the patients of the trials really used: no figure was found in print.",
    "What the trials found on noticeability (VNS) and quality of life (DLQI): not readable here.",
)
STATEMENT = "Results of groups in trials: context, never a prognosis for one patient."

# What a reader has to know beside some of the rows.
LABEL_AND_PAPER = (
    "The label and the paper handle missing data in different ways, so their rates differ."
)
ALL_ON_CREAM = (
    "From week 24 on the vehicle arm used the cream too: its later rates are not those of vehicle."
)
CHOSEN_BY_RESPONSE = (
    "The extension followed groups that were chosen by their response at week 52, so no relative"
    " risk of efficacy is formed from them."
)
NOT_THE_PAPER = (
    "Rows from a company slide, a congress report or a press report are named as such: they were"
    " not read in a journal or a label."
)
DOCUMENT_NOT_RECORDED = "For rows marked so, the document that was read was not recorded."
# Why two arms side by side have no relative risk.
NO_RATIO_ON_CREAM = "both arms used the cream"
NO_RATIO_BY_RESPONSE = "the group was chosen by its response"
