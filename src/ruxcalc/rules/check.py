"""Go on or stop: each label's review of the response."""

from datetime import date
from decimal import Decimal
from functools import cache

from ruxcalc.answers import (
    CheckAnswer,
    CheckRegion,
    Decision,
    Finding,
    ReviewRule,
    SiteAnswer,
    gravest_of,
    worst_first,
)
from ruxcalc.errors import InputError
from ruxcalc.inputs import Repigmentation
from ruxcalc.labels.model import Label, Review
from ruxcalc.numbers import exactly, plain_text, settled, shown
from ruxcalc.patient import (
    INPUTS,
    Patient,
    given_inputs,
    refuse_leftover,
    refuse_together,
    unusual_inputs,
)
from ruxcalc.rules.basis import basis_of, source_of

DAYS_IN_WEEK = 7


def gives_week(patient: Patient) -> bool:
    """Whether the patient has an input without which there is no review."""
    return patient.week is not None or patient.start is not None


def completed_weeks(start: date, on: date) -> Decimal:
    """Whole weeks from the first application, which is day 0: day 364 is week 52."""
    return Decimal((on - start).days // DAYS_IN_WEEK)


def repigmentation(baseline: Decimal, score: Decimal) -> Decimal:
    """Improvement of a score in percent of its baseline; negative is worsening."""
    return 100 * (baseline - score) / baseline


def reached_week(patient: Patient) -> Decimal:
    """Completed weeks of treatment, as given or between two dates.

    Raises `InputError` if neither or both are given, or the visit is before the start.
    """
    refuse_together(patient, "week", "start")
    if patient.week is not None:
        return patient.week
    if patient.start is None:
        if patient.on is not None:
            raise InputError("start", "is missing beside --on", "the date of the first application")
        raise InputError("week", "is missing", "--week, or --start with a date")
    if patient.on is None:
        raise InputError("on", "is missing beside --start", "the date of the visit")
    if patient.on < patient.start:
        raise InputError(
            "start",
            f"is after the visit on {patient.on}",
            "a first application on or before the visit",
            patient.start.isoformat(),
        )
    weeks = completed_weeks(patient.start, patient.on)
    if weeks > INPUTS["week"].high:
        raise InputError(
            "start", f"is {weeks} weeks before the visit", "a later date", patient.start.isoformat()
        )
    return weeks


def readings(patient: Patient) -> tuple[Repigmentation, ...]:
    """Repigmentation as given, or from two scores; empty if it was not given.

    Raises `InputError` for half a pair of scores, or for both ways at once.
    """
    refuse_together(patient, "repig", "baseline")
    refuse_together(patient, "repig", "score")
    if patient.repig is not None:
        return patient.repig
    if patient.baseline is not None and patient.score is not None:
        percent = repigmentation(patient.baseline, patient.score)
        if percent < INPUTS["repig"].low:
            raise InputError(
                "score",
                f"means a repigmentation under {INPUTS['repig'].low} %",
                "two values of the same score",
                plain_text(patient.score),
            )
        return (Repigmentation(None, percent),)
    for name, other in (("baseline", "score"), ("score", "baseline")):
        if getattr(patient, name) is not None:
            raise InputError(other, f"is missing beside --{name}", "both scores")
    return ()


def decide(
    review: Review, week: Decimal, percent: Decimal | None, meaningful: bool | None
) -> Decision:
    """The decision of one review rule; it needs `percent` only where it has a threshold."""
    if week < review.week:
        return "continue"
    if review.threshold_percent is None:
        if meaningful is None:
            return "ask-patient"
        return "continue" if meaningful else review.outcome
    assert percent is not None
    return review.outcome if percent < review.threshold_percent else "continue"


def check(patient: Patient, labels: tuple[Label, ...]) -> CheckAnswer:
    """Continue, re-evaluate or consider stopping, by each of `labels`.

    Label sections: 2.2 (US), 4.2 (EU, UK). Raises `InputError` for inputs that
    contradict each other, lack a partner, or are needed for a rule and missing.
    """
    with exactly():
        return _check(patient, labels)


def check_if_asked(patient: Patient, labels: tuple[Label, ...]) -> CheckAnswer | None:
    """The review, or None where nothing was given for it; `InputError` where the week lacks.

    The day alone asks for no review: the age of the facts is judged by it too.
    """
    if gives_week(patient):
        return check(patient, labels)
    patient = patient._replace(on=None)
    refuse_leftover(patient, "check", "week", "--week or --start with it")
    return None


def _check(patient: Patient, labels: tuple[Label, ...]) -> CheckAnswer:
    week = reached_week(patient)
    measured = readings(patient)
    single = measured[0].percent if measured and measured[0].site is None else None
    regions: dict[str, CheckRegion] = {
        label.region: _against(label, patient, week, measured) for label in labels
    }
    return CheckAnswer(
        schema="ruxcalc.check/1",
        inputs=given_inputs(patient, "check"),
        worst=gravest_of(regions.values()),
        week=week,
        repigmentation_percent=None if single is None else settled(single),
        measure=patient.measure,
        regions=regions,
        basis=basis_of(labels),
        notes=(*unusual_inputs(patient, "check"), *_unusual_dates(patient, week)),
    )


def _unusual_dates(patient: Patient, week: Decimal) -> tuple[str, ...]:
    usual = INPUTS["week"].usual
    if patient.week is None and usual is not None and week > usual[1]:
        return (f"start: the visit is {week} weeks after the first application. Check the dates.",)
    return ()


def _against(
    label: Label, patient: Patient, week: Decimal, measured: tuple[Repigmentation, ...]
) -> CheckRegion:
    review = label.review
    if review.threshold_percent is not None and week >= review.week and not measured:
        raise InputError(
            "repig",
            f"is missing; from week {review.week} on, the {label.name} label asks for it",
            "--repig, or --baseline and --score; or --region for a label that does not ask",
        )
    percents = [reading.percent for reading in measured]
    lowest = min(percents, default=None)
    decision = decide(review, week, lowest, patient.meaningful)
    sites = {
        reading.site: SiteAnswer(
            settled(reading.percent), decide(review, week, reading.percent, patient.meaningful)
        )
        for reading in measured
        if reading.site is not None
    }
    due = week >= review.week
    findings = _outcome_findings(label, week, decision, measured)
    if due and review.threshold_percent is not None:
        findings += _measure_findings(label, patient.measure)
    if len({site.decision for site in sites.values()}) > 1:
        findings.append(_sites_disagree(label, sites))
    return CheckRegion(
        decision=decision,
        reason=_reason(label, week, decision, measured),
        next_review_week=None if due else int(review.week),
        rule=rule_of(label),
        sites=sites or None,
        findings=worst_first(findings),
    )


@cache
def rule_of(label: Label) -> ReviewRule:
    """The rule that a label's review applies, as answers carry it."""
    review = label.review
    source = source_of(label, review.section, review.verified)
    return ReviewRule(review.week, review.threshold_percent, review.comparison, source)


def _reading_text(reading: Repigmentation, threshold: Decimal | None) -> str:
    limits = () if threshold is None else (threshold,)
    where = "" if reading.site is None else f"{reading.site} "
    worse = " (worsening)" if reading.percent < 0 else ""
    return f"{where}{shown(reading.percent, 1, *limits)} %{worse}"


def _reason(
    label: Label, week: Decimal, decision: Decision, measured: tuple[Repigmentation, ...]
) -> str:
    review = label.review
    at = f"Week {plain_text(week)}"
    if week < review.week:
        asked = "the patient's judgement" if review.threshold_percent is None else "repigmentation"
        return f"{at}: before week {review.week}, when this label reviews {asked}."
    if review.threshold_percent is None:
        judged = {
            "continue": "the patient finds the repigmentation meaningful",
            "re-evaluate": "the patient does not find the repigmentation meaningful",
            "ask-patient": "whether the patient finds the repigmentation meaningful is asked here",
        }[decision]
        return f"{at}: {judged}. No percentage is applied."
    threshold = review.threshold_percent
    lowest = min(measured, key=lambda reading: reading.percent)
    side = "under" if decision == review.outcome else "not under"
    return f"{at}: repigmentation {_reading_text(lowest, threshold)}, {side} {threshold} %."


def _outcome_findings(
    label: Label, week: Decimal, decision: Decision, measured: tuple[Repigmentation, ...]
) -> list[Finding]:
    review = label.review
    source = source_of(label, review.section, review.verified)
    at = f"week {plain_text(week)}"
    threshold = review.threshold_percent
    found: list[Finding] = []
    if threshold is None:
        found = _judgement_findings(label, week, decision)
        silence = label.on("review-at-52-weeks")
        found.append(
            Finding(
                "no-52-week-rule",
                "info",
                "This label has no rule at 52 weeks and applies no percentage of repigmentation;"
                " its silence is no advice to go on.",
                "none",
                source_of(label, silence.section, silence.verified),
            )
        )
    elif decision == review.outcome:
        under = [reading for reading in measured if reading.percent < threshold]
        found = [
            Finding(
                "repigmentation-below-threshold",
                "warning",
                f"Repigmentation of {', '.join(_reading_text(r, threshold) for r in under)} at {at}"
                f" is under {threshold} %. Consider stopping.",
                "consider-stopping",
                source,
            )
        ]
    if (
        threshold is not None
        and week >= review.week
        and any(reading.percent >= threshold for reading in measured)
    ):
        found.append(_satisfactory(label))
    return found


def _satisfactory(label: Label) -> Finding:
    rows = [label.on(topic) for topic in ("satisfactory-areas", "tapering", "restart")]
    return Finding(
        "satisfactory-areas-can-stop",
        "info",
        " ".join(row.message for row in rows),
        "none",
        source_of(label, rows[0].section, rows[0].verified),
    )


def _judgement_findings(label: Label, week: Decimal, decision: Decision) -> list[Finding]:
    review = label.review
    source = source_of(label, review.section, review.verified)
    if decision == "re-evaluate":
        return [
            Finding(
                "not-meaningful-by-week-24",
                "warning",
                f"The patient does not find the repigmentation at week {plain_text(week)}"
                " meaningful. Re-evaluate the treatment; this is not an instruction to stop.",
                "re-evaluate",
                source,
            )
        ]
    if decision == "ask-patient":
        return [
            Finding(
                "patient-judgement-not-stated",
                "info",
                "Whether the patient finds the repigmentation meaningful is not stated. Ask, and"
                " give --meaningful or --not-meaningful.",
                "ask-patient",
                source,
            )
        ]
    return []


def _measure_findings(label: Label, measure: str | None) -> list[Finding]:
    source = source_of(label, label.review.section, label.review.verified)
    if measure is None:
        return [
            Finding(
                "measure-not-stated",
                "info",
                "The measure of repigmentation is not stated. This label means the treated areas"
                " and names no score; give --measure.",
                "name-measure",
                source,
            )
        ]
    if measure != "treated-area":
        return [
            Finding(
                "measure-not-treated-area",
                "info",
                f"Measured by {measure.upper()}. This label means the treated areas and names no"
                " score, so the two can differ.",
                "compare-treated-areas",
                source,
            )
        ]
    return []


def _sites_disagree(label: Label, sites: dict[str, SiteAnswer]) -> Finding:
    listed = ", ".join(f"{site}: {answer.decision}" for site, answer in sites.items())
    return Finding(
        "sites-disagree",
        "info",
        f"The sites lead to different decisions ({listed}); the most cautious one is shown."
        " Decide by site.",
        "decide-by-site",
        source_of(label, label.review.section, label.review.verified),
    )
