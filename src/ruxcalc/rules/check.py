"""Continue or stop: each label's reviews of the response."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from ruxcalc import figures
from ruxcalc.errors import InputError
from ruxcalc.inputs import Repigmentation
from ruxcalc.labels.model import Comparison, Label, Outcome, Review
from ruxcalc.numbers import NOTHING, exactly, plain_text, settled, shown
from ruxcalc.patient import INPUTS, Patient, given_inputs, refuse_together, unusual_inputs
from ruxcalc.results import (
    Basis,
    Decision,
    Finding,
    Frozen,
    JsonValue,
    Percent,
    Severity,
    Source,
    Step,
    Verdict,
    Weeks,
    gravest,
    worst_first,
    worst_verdict,
)
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.findings import Draft, Later, draft, written

DAYS_IN_WEEK = 7
# The most cautious decision first.
CAUTIOUS: tuple[Decision, ...] = (
    "consider-stopping", "re-evaluate", "ask-patient", "score-needed", "continue",
)  # fmt: skip
# What a review that leads to an outcome asks for, as a part of a sentence.
ASKS: dict[Outcome, str] = {
    "re-evaluate": "re-evaluate the treatment",
    "consider-stopping": "consider stopping",
}
NO_STOP = "; this is not an instruction to stop"


class ReviewRule(NamedTuple):
    """The rule that a label's review applies; `outcome` is what it may lead to."""

    week: int
    threshold_percent: Percent | None
    comparison: Comparison
    outcome: Decision
    source: Source


class SiteAnswer(NamedTuple):
    """One site's repigmentation and the decision that it alone leads to."""

    repigmentation_percent: Percent
    decision: Decision


class CheckRegion(NamedTuple):
    """Go on or stop, by one label.

    `rule` is that of the latest review that is due, or else of the next one; it is null for a
    label without a review.
    """

    verdict: Verdict
    decision: Decision
    reason: str
    next_review_week: int | None
    rule: ReviewRule | None
    sites: Frozen[str, SiteAnswer] | None
    findings: tuple[Finding, ...]


class CheckAnswer(NamedTuple):
    """Continue, re-evaluate or consider stopping, at this week with this repigmentation."""

    schema: Literal["ruxcalc.check/1"]
    inputs: Frozen[str, JsonValue]
    verdict: Verdict
    worst: Severity | None
    week: Weeks
    repigmentation_percent: Percent | None
    measure: str | None
    regions: Frozen[str, CheckRegion]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class Response(NamedTuple):
    """The response at one visit: completed week, repigmentation, how it was judged.

    `lowest` is the lowest repigmentation of `measured` in percent, None without one.
    """

    week: Decimal
    measured: tuple[Repigmentation, ...]
    lowest: Decimal | None
    measure: str | None
    meaningful: bool | None
    satisfactory: bool | None

    @property
    def overall(self) -> Decimal | None:
        """Return the repigmentation of all that is treated; None without one, or by site."""
        whole = self.measured and self.measured[0].site is None
        return settled(self.measured[0].percent) if whole else None


class JudgedReview(NamedTuple):
    """What one label's reviews come to, before it is put into words.

    `due` is the review that decides, `coming` the next one.
    """

    verdict: Verdict
    decision: Decision
    due: Review | None
    coming: Review | None
    sites: dict[str, SiteAnswer]
    findings: tuple[Draft, ...]


# The response, what is decided by each label, and notes.
JudgedCheck = tuple[Response, dict[str, JudgedReview], tuple[str, ...]]


def gives_week(patient: Patient) -> bool:
    """Return whether the patient has an input without which there is no review."""
    return patient.week is not None or patient.start is not None or patient.restart is not None


def completed_weeks(start: date, on: date) -> Decimal:
    """Return whole weeks from the first application, which is day 0: day 364 is week 52."""
    return Decimal((on - start).days // DAYS_IN_WEEK)


def repigmentation(baseline: Decimal, score: Decimal) -> Decimal:
    """Return the improvement of a score in percent of its baseline; negative is worsening."""
    return 100 * (baseline - score) / baseline


def reached_week(patient: Patient) -> Decimal:
    """Return completed weeks of treatment, as given or between two dates.

    After a restart the weeks count from it. Raises `InputError` if neither a week nor a start
    is given, or both, or the dates are out of order.
    """
    if patient.week is not None:
        refuse_together(patient, "week", "start")
        refuse_together(patient, "week", "restart")
        return patient.week
    if not gives_week(patient):
        if patient.on is not None:
            raise InputError("start", "is missing beside {on}", "the date of the first application")
        raise InputError("week", "is missing", "{week}, or {start} with a date")
    begun, name = patient.start, "start"
    if patient.restart is not None:
        if patient.start is not None and patient.restart < patient.start:
            raise InputError(
                "restart",
                f"is before the first application on {patient.start}",
                "a restart after it",
                patient.restart.isoformat(),
            )
        begun, name = patient.restart, "restart"
    assert begun is not None
    if patient.on is None:
        raise InputError("on", f"is missing beside {{{name}}}", "the date of the visit")
    if patient.on < begun:
        raise InputError(
            name,
            f"is after the visit on {patient.on}",
            "a date on or before the visit",
            begun.isoformat(),
        )
    weeks = completed_weeks(begun, patient.on)
    if weeks > INPUTS["week"].high:
        raise InputError(
            name, f"is {weeks} weeks before the visit", "a later date", begun.isoformat()
        )
    return weeks


def readings(patient: Patient) -> tuple[Repigmentation, ...]:
    """Return the repigmentation as given, or from two scores; empty if it was not given.

    Raises `InputError` for half a pair of scores, or for both ways at once.
    """
    if patient.repig is not None:
        refuse_together(patient, "repig", "baseline")
        refuse_together(patient, "repig", "score")
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
            raise InputError(other, f"is missing beside {{{name}}}", "both scores")
    return ()


def response_of(patient: Patient) -> Response:
    """Return the response that a patient's inputs state. Raises `InputError` as `check` does."""
    week, measured = reached_week(patient), readings(patient)
    return Response(
        week,
        measured,
        min([reading.percent for reading in measured], default=None),
        patient.measure,
        patient.meaningful,
        patient.satisfactory,
    )


def decide(review: Review | None, percent: Decimal | None, meaningful: bool | None) -> Decision:
    """Return the decision of a review that is due; continue where none is."""
    if review is None:
        return "continue"
    if review.threshold_percent is None:
        if meaningful is None:
            return "ask-patient"
        return "continue" if meaningful else review.outcome
    if percent is None:
        return "score-needed"
    return review.outcome if percent < review.threshold_percent else "continue"


def due_review(label: Label, response: Response) -> Review | None:
    """Return the review of `label` that decides at this week, or None before the first.

    Where several are due, the one with the most cautious decision, and of those the latest.
    """

    def caution(review: Review) -> tuple[int, int]:
        decision = decide(review, response.lowest, response.meaningful)
        return CAUTIOUS.index(decision), -review.week

    due = [review for review in label.reviews if response.week >= review.week]
    return min(due, key=caution) if len(due) > 1 else next(iter(due), None)


def next_review(label: Label, week: Decimal) -> Review | None:
    """Return the label's next review after `week`, or None."""
    coming = [review for review in label.reviews if week < review.week]
    return min(coming, key=lambda review: review.week, default=None)


def check(patient: Patient, labels: tuple[Label, ...]) -> CheckAnswer:
    """Decide between continue, re-evaluate and consider stopping, by each of `labels`.

    Label sections: 2.2 (US), 4.2 (EU, UK). Raises `InputError` for inputs that contradict
    each other or lack a partner.
    """
    response, judged, notes = judge_check(patient, labels)
    with exactly():
        regions = Frozen(
            {
                label.region: _review_for_label(label, response, judged[label.region])
                for label in labels
            }
        )
        return CheckAnswer(
            schema="ruxcalc.check/1",
            inputs=Frozen(given_inputs(patient, "check")),
            verdict=worst_verdict(part.verdict for part in regions.values()),
            worst=gravest(f.severity for part in regions.values() for f in part.findings),
            week=response.week,
            repigmentation_percent=response.overall,
            measure=patient.measure,
            regions=regions,
            basis=basis_of(labels),
            notes=notes,
        )


def judge_check(patient: Patient, labels: tuple[Label, ...]) -> JudgedCheck:
    """Decide by each label, without putting it into words. Raises `InputError` as `check` does."""
    with exactly():
        response = response_of(patient)
        return (
            response,
            {label.region: _judge_review(label, response) for label in labels},
            (*unusual_inputs(patient, "check"), *_unusual_dates(patient, response.week)),
        )


def _unusual_dates(patient: Patient, week: Decimal) -> tuple[str, ...]:
    usual = INPUTS["week"].usual
    if patient.week is None and usual is not None and week > usual[1]:
        return (f"start: the visit is {week} weeks after the first application. Check the dates.",)
    return ()


def review_for_label(label: Label, response: Response) -> CheckRegion:
    """Return what one label asks at this week with this response."""
    return _review_for_label(label, response, _judge_review(label, response))


def _judge_review(label: Label, response: Response) -> JudgedReview:
    due = due_review(label, response)
    decision = decide(due, response.lowest, response.meaningful)
    sites = {
        reading.site: SiteAnswer(
            settled(reading.percent), decide(due, reading.percent, response.meaningful)
        )
        for reading in response.measured
        if reading.site is not None
    }
    findings = [
        *_decision_findings(label, due, decision, response),
        *_silent_week(label, response),
        *_satisfactory(label, response),
        *_worsening(label, response),
        *_measure_findings(label, due, response),
        *_sites_disagree(label, due, sites),
    ]
    return JudgedReview(
        "not-cleared" if decision == "continue" else decision,
        decision,
        due,
        next_review(label, response.week),
        sites,
        worst_first(findings),
    )


def _review_for_label(label: Label, response: Response, judged: JudgedReview) -> CheckRegion:
    coming = judged.coming
    return CheckRegion(
        verdict=judged.verdict,
        decision=judged.decision,
        reason=_reason(judged.due, coming, judged.decision, response),
        next_review_week=None if coming is None else coming.week,
        rule=rule_of(label, judged.due or coming),
        sites=Frozen(judged.sites) if judged.sites else None,
        findings=tuple(map(written, judged.findings)),
    )


@lru_cache
def rule_of(label: Label, review: Review | None) -> ReviewRule | None:
    """Return the rule that a review applies, as answers carry it."""
    if review is None:
        return None
    source = source_of(label, review)
    return ReviewRule(
        review.week, review.threshold_percent, review.comparison, review.outcome, source
    )


def _readings_text(readings: Iterable[Repigmentation], limit: Decimal) -> str:
    """Write repigmentation, by site where it is known so, beside a limit."""
    return ", ".join(
        f"{'' if site is None else f'{site} '}{shown(percent, 1, limit)} %"
        for site, percent in readings
    )


def _reason(
    due: Review | None, coming: Review | None, decision: Decision, response: Response
) -> str:
    at = f"Week {plain_text(response.week)}"
    if due is None:
        if coming is None:
            return f"{at}: this label has no review."
        asked = "the patient's judgement" if coming.threshold_percent is None else "repigmentation"
        return f"{at}: before week {coming.week}, when this label reviews {asked}."
    if due.threshold_percent is None:
        judged = {
            "continue": "the patient finds the repigmentation meaningful",
            "ask-patient": "ask whether the patient finds the repigmentation meaningful",
        }.get(decision, "the patient does not find the repigmentation meaningful")
        return f"{at}: {judged}. No percentage applies."
    if not response.measured:
        return f"{at}: the review of week {due.week} is due, and no repigmentation is known."
    threshold = due.threshold_percent
    lowest = min(response.measured, key=lambda reading: reading.percent)
    side = "not under" if decision == "continue" else "under"
    return f"{at}: repigmentation {_readings_text([lowest], threshold)}, {side} {threshold} %."


def _decision_findings(
    label: Label, due: Review | None, decision: Decision, response: Response
) -> list[Draft]:
    if due is None or decision == "continue":
        return []
    source = source_of(label, due)
    week = plain_text(response.week)
    threshold = due.threshold_percent
    asks, outcome = ASKS[due.outcome], due.outcome
    if decision == "ask-patient":
        return [draft("patient-judgement-not-stated", source, asks=asks)]
    if decision == "score-needed":
        return [draft("review-without-score", source, review=due.week, limit=threshold, asks=asks)]
    asks = asks[:1].upper() + asks[1:]
    if threshold is None:
        if outcome == "re-evaluate":
            asks += NO_STOP
        return [
            draft(
                "not-meaningful-by-week-{review}",
                source,
                action=outcome,
                review=due.week,
                week=week,
                asks=asks,
            )
        ]
    under = [reading for reading in response.measured if reading.percent < threshold]
    return [
        draft(
            "repigmentation-below-threshold",
            source,
            action=outcome,
            percent=Later(_readings_text, under, threshold),
            week=week,
            limit=threshold,
            asks=asks,
        )
    ]


def _silent_week(label: Label, response: Response) -> list[Draft]:
    """Say from the week of another label's review on that this label has no rule then."""
    row = label.on("other-review-week")
    if row.action != "silent" or row.number is None or response.week < row.number:
        return []
    return [
        draft("no-{review}-week-rule", source_of(label, row), label=label.name, review=row.number)
    ]


def _satisfactory(label: Label, response: Response) -> list[Draft]:
    """Say that satisfactory areas can stop, at any week, where the label says so (4.2)."""
    row = label.on("satisfactory-areas")
    if not row.speaks or response.satisfactory is False:
        return []
    enough = [r for r in response.measured if r.percent >= figures.SATISFACTORY_PERCENT.value]
    if not (enough or response.satisfactory):
        return []
    sites = [reading.site for reading in enough if reading.site is not None]
    return [
        draft(
            "satisfactory-areas-can-stop",
            source_of(label, row),
            about={"sites": tuple(sites)} if sites else None,
            statements=_on_stopping(label),
        )
    ]


@lru_cache
def _on_stopping(label: Label) -> str:
    """Return all that a label says on stopping in satisfactory areas, and on starting again."""
    rows = [label.on(topic) for topic in ("satisfactory-areas", "tapering", "restart")]
    return " ".join(row.message for row in rows if row.speaks)


def _worsening(label: Label, response: Response) -> list[Draft]:
    worse = [reading for reading in response.measured if reading.percent < 0]
    if not worse:
        return []
    review = next_review(label, Decimal(-1))
    source = source_of(label, review or label.max_area)
    return [draft("worsening", source, percent=Later(_readings_text, worse, NOTHING))]


def _measure_findings(label: Label, due: Review | None, response: Response) -> list[Draft]:
    if due is None or due.threshold_percent is None or not response.measured:
        return []
    source = source_of(label, due)
    if response.measure is None:
        return [draft("measure-not-stated", source, label=label.name)]
    if response.measure != "treated-area":
        measure = response.measure.upper()
        return [draft("measure-not-treated-area", source, label=label.name, measure=measure)]
    return []


def _sites_disagree(label: Label, due: Review | None, sites: dict[str, SiteAnswer]) -> list[Draft]:
    if due is None or len({site.decision for site in sites.values()}) <= 1:
        return []
    listed = ", ".join(
        f"{site}: {answer.decision.replace('-', ' ')}" for site, answer in sites.items()
    )
    return [draft("sites-disagree", source_of(label, due), sites=listed)]
