"""The three answers together, for whatever was given."""

from collections.abc import Callable, Iterable
from typing import Final, Literal, NamedTuple, TypeVar

from ruxcalc.errors import InputError
from ruxcalc.labels.model import Label
from ruxcalc.patient import Patient, given_inputs, gives_any
from ruxcalc.results import (
    Basis,
    Finding,
    Frozen,
    JsonValue,
    Severity,
    Source,
    Verdict,
    gravest,
    worst_first,
    worst_verdict,
)
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import CheckAnswer, JudgedCheck, check, gives_week
from ruxcalc.rules.dose import DoseAnswer, dose
from ruxcalc.rules.findings import finding
from ruxcalc.rules.limits import JudgedDose
from ruxcalc.rules.warn import WarnAnswer, warn

SCHEMA: Final = "ruxcalc.assess/1"
PROGRAM = Source("ruxcalc", None, None, None, None, "the program's own statement")

Part = TypeVar("Part", DoseAnswer, CheckAnswer, JudgedDose, JudgedCheck)
Rule = Callable[[Patient, tuple[Label, ...]], Part]


# One part of the answer, and the findings that say why it is missing.
Answered = tuple[Part | None, tuple[Finding, ...]]


class AssessRegion(NamedTuple):
    """One label's verdict over dose, response and precautions; `findings` are all of theirs."""

    verdict: Verdict
    contraindicated: bool
    findings: tuple[Finding, ...]


class AssessAnswer(NamedTuple):
    """The three answers together, for whatever was given.

    `dose` and `check` are null where nothing was given for them, or where it cannot be
    answered: `findings` then says why.
    """

    schema: Literal["ruxcalc.assess/1"]
    inputs: Frozen[str, JsonValue]
    verdict: Verdict
    worst: Severity | None
    regions: Frozen[str, AssessRegion]
    dose: DoseAnswer | None
    check: CheckAnswer | None
    warn: WarnAnswer
    findings: tuple[Finding, ...]
    basis: Basis
    notes: tuple[str, ...]


def assess(patient: Patient, labels: tuple[Label, ...]) -> AssessAnswer:
    """Answer dose, response and precautions; what one part lacks takes no other part away."""
    how_much, no_dose = dose_part(patient, labels, dose)
    response, no_check = check_part(patient, labels, check)
    precautions = warn(patient, labels)
    parts = [part for part in (how_much, response, precautions) if part]
    not_answered = (*no_dose, *no_check)
    regions = Frozen(
        {
            label.region: _region(label.region, parts, not_answered=bool(not_answered))
            for label in labels
        }
    )
    return AssessAnswer(
        schema=SCHEMA,
        inputs=Frozen(given_inputs(patient, "assess")),
        verdict=worst_verdict(part.verdict for part in regions.values()),
        worst=gravest(
            (*(part.worst for part in parts), *(found.severity for found in not_answered))
        ),
        regions=regions,
        dose=how_much,
        check=response,
        warn=precautions,
        findings=not_answered,
        basis=basis_of(labels),
        notes=tuple(note for part in parts for note in part.notes),
    )


def _region(
    region: str,
    parts: list[DoseAnswer | CheckAnswer | WarnAnswer],
    *,
    not_answered: bool,
) -> AssessRegion:
    of = [part.regions[region] for part in parts]
    precautions = parts[-1]
    assert isinstance(precautions, WarnAnswer)
    return AssessRegion(
        verdict=verdict_of_parts(
            (part.verdict for part in of[:-1]),
            precautions.regions[region].verdict,
            not_answered=not_answered,
        ),
        contraindicated=precautions.regions[region].contraindicated,
        findings=worst_first(found for part in of for found in part.findings),
    )


def amount_withheld(answer: AssessAnswer) -> bool:
    """Return whether no amount may be shown: a label asked contraindicates, or discontinues."""
    return any(
        part.contraindicated or any(found.action == "discontinue" for found in part.findings)
        for part in answer.regions.values()
    )


def verdict_of_parts(
    others: Iterable[Verdict], precautions: Verdict, *, not_answered: bool
) -> Verdict:
    """Return the verdict over dose and response, which are `others`, and the precautions.

    Dose and response leave safety open; what of it is open, the precautions know. A part that
    could not be answered leaves the patient not cleared.
    """
    closed = [verdict for verdict in others if verdict != "not-cleared"]
    left_open: tuple[Verdict, ...] = ("not-cleared",) if not_answered else ()
    return worst_verdict([*closed, precautions, *left_open])


def dose_part(
    patient: Patient,
    labels: tuple[Label, ...],
    answer: Rule[Part],
) -> Answered[Part]:
    """Return the dose by the rule `answer`, or the finding that says why it cannot be answered.

    The part is None where nothing was given for a dose.
    """
    if not gives_any(patient, "dose"):
        return None, ()
    return _answered_part(answer, "dose-not-answered", patient, labels)


def check_part(
    patient: Patient,
    labels: tuple[Label, ...],
    answer: Rule[Part],
) -> Answered[Part]:
    """Return the review by the rule `answer`, or the finding that says why it is not answered.

    The part is None where nothing was given for a review. The day alone asks for none: the age
    of the facts is judged by it too.
    """
    if not gives_week(patient):
        patient = patient._replace(on=None)
        if not gives_any(patient, "check"):
            return None, ()
    return _answered_part(answer, "check-not-answered", patient, labels)


def _answered_part(
    answer: Rule[Part], code: str, patient: Patient, labels: tuple[Label, ...]
) -> Answered[Part]:
    try:
        return answer(patient, labels), ()
    except InputError as error:
        return None, (finding(code, PROGRAM, problem=str(error)),)
