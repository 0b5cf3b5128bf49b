"""What to look out for: the labels' precautions for one patient."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ruxcalc import figures
from ruxcalc.answers import (
    Finding,
    Severity,
    Source,
    WarnAnswer,
    WarnRegion,
    gravest_of,
    worst_first,
)
from ruxcalc.labels.drugs import READ_ON
from ruxcalc.labels.drugs import SOURCE as DRUG_LIST
from ruxcalc.labels.model import Action, Label, Provision
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import plain_text
from ruxcalc.patient import Patient, given_inputs, inputs_of, unusual_inputs
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.drugs import Match, look_up, nearest

WARN_INPUTS = inputs_of("warn")
NUMBERS = ("age", "egfr")
ASKED_IN_ORDER = tuple(topic for declared in WARN_INPUTS.values() for topic in declared.topics)
REMEMBERED = 1024

SEVERITY: dict[Action, Severity] = {
    "contraindicated": "critical",
    "avoid": "critical",
    "not-recommended": "warning",
    "caution": "warning",
    "monitor": "warning",
    "inform": "info",
    "states": "info",
    "silent": "info",
}


def warn(patient: Patient, labels: tuple[Label, ...]) -> WarnAnswer:
    """The precautions of each of `labels` for this patient.

    What was not given is listed as not checked; where a label says nothing on
    what was given, that is listed too. Sections stand in the label files.
    """
    # Numbers are set apart: patients who differ in them alone were told the same.
    told = _told(patient._replace(age=None, egfr=None), not_asked=_numbers_not_asked(patient))
    low_egfr = patient.egfr if _may_be_end_stage(patient) else None
    regions: dict[str, WarnRegion] = {
        label.region: _against(label, told, tuple(_raised_by_numbers(label, patient)), low_egfr)
        for label in labels
    }
    return WarnAnswer(
        schema="ruxcalc.warn/1",
        inputs=given_inputs(patient, "warn"),
        worst=gravest_of(regions.values()),
        regions=regions,
        basis=basis_of(labels),
        notes=unusual_inputs(patient, "warn"),
    )


class Told(NamedTuple):
    """What a patient raises: topics with the medicines behind them, and what was not asked."""

    raised: tuple[tuple[str, str], ...]
    unlisted: tuple[str, ...]
    not_asked: tuple[str, ...]


@lru_cache(maxsize=REMEMBERED)
def _told(patient: Patient, not_asked: tuple[str, ...]) -> Told:
    raised: dict[str, str] = {}
    unasked = list(not_asked)
    for name, declared in WARN_INPUTS.items():
        value = getattr(patient, name)
        if value is None and name not in NUMBERS:
            unasked += declared.topics
        elif declared.kind == "flag" and value is declared.triggers:
            raised |= dict.fromkeys(declared.topics, "")
    medicines: dict[str, list[str]] = {}
    lookups = [look_up(name) for name in patient.drug or ()]
    for lookup in lookups:
        for match in lookup.matches:
            medicines.setdefault(match.topic, []).append(_named(match))
    if patient.topical:
        medicines["topical-on-same-skin"] = list(patient.topical)
    raised |= {topic: f"{', '.join(names)}: " for topic, names in medicines.items()}
    return Told(
        tuple(raised.items()),
        tuple(part for lookup in lookups for part in lookup.unknown),
        tuple(topic for topic in ASKED_IN_ORDER if topic in unasked),
    )


def _numbers_not_asked(patient: Patient) -> tuple[str, ...]:
    names = [name for name in NUMBERS if getattr(patient, name) is None]
    return tuple(topic for name in names for topic in WARN_INPUTS[name].topics)


# Few patients differ in what they raise: lists of them ask for the same region again and again.
@lru_cache(maxsize=REMEMBERED)
def _against(
    label: Label, told: Told, by_numbers: tuple[str, ...], low_egfr: Decimal | None
) -> WarnRegion:
    raised = dict(told.raised) | dict.fromkeys(by_numbers, "")
    for_all = [
        provision
        for provision in label.provisions
        if provision.for_all and provision.topic not in raised
    ]
    spoken = [label.on(topic) for topic in raised]
    findings = [
        _finding(label, provision, raised[provision.topic])
        for provision in spoken
        if provision.words
    ]
    if low_egfr is not None:
        findings += _kidney_question(label, low_egfr)
    findings += _unread(label, [row for row in spoken if row.action == "not-read"])
    findings += [_not_checked(part) for part in told.unlisted]
    return WarnRegion(
        contraindicated=any(provision.action == "contraindicated" for provision in spoken),
        findings=worst_first(findings),
        general=worst_first(
            [_finding(label, provision, "") for provision in for_all if provision.words]
        ),
        not_checked=tuple(topic for topic in told.not_asked if topic not in raised),
        silent=tuple(provision.topic for provision in spoken if provision.action == "silent"),
        not_read=tuple(
            provision.topic for provision in (*spoken, *for_all) if provision.action == "not-read"
        ),
    )


def _named(match: Match) -> str:
    listed = match.listed
    same = listed.casefold() == match.typed.casefold()
    known = "" if same else f", listed as {listed}"
    where = ", example in the FDA-based list" if "CYP3A4" in match.drug_class else ""
    return f"{match.typed} ({match.drug_class}{known}{where})"


def _raised_by_numbers(label: Label, patient: Patient) -> Iterator[str]:
    if patient.age is not None:
        if patient.age < label.minimum_age.value:
            yield "age-under-12"
        elderly = label.on("age-65-and-over").number
        if elderly is not None and patient.age >= elderly:
            yield "age-65-and-over"
    # What is said of lesser impairment is withheld while it may be end-stage disease.
    withheld = label.on("renal-impairment").words and _may_be_end_stage(patient)
    if patient.egfr is not None and not patient.esrd and not withheld:
        yield "renal-impairment"


def _finding(label: Label, provision: Provision, about: str) -> Finding:
    message = provision.message
    if provision.topic == "topical-on-same-skin":
        # Which topical treats vitiligo is not for this program to guess.
        other = label.on("other-products-on-the-skin").message
        message = f"{message} If it is for something else: {other}"
    return Finding(
        provision.topic,
        SEVERITY[provision.action],
        about + message,
        provision.action,
        source_of(label, provision.section, provision.verified),
    )


def _may_be_end_stage(patient: Patient) -> bool:
    limit = figures.EGFR_OF_KIDNEY_FAILURE.value
    return patient.esrd is None and patient.egfr is not None and patient.egfr < limit


def _kidney_question(label: Label, egfr: Decimal) -> list[Finding]:
    """Ask whether a very low eGFR is end-stage disease, where the label speaks of it."""
    provision = label.on("end-stage-renal-disease")
    limit = figures.EGFR_OF_KIDNEY_FAILURE
    return [
        Finding(
            "end-stage-renal-disease-not-stated",
            "warning" if provision.words else "info",
            f"eGFR {plain_text(egfr)} is under {limit.value}: is it end-stage renal disease? This"
            " label gives no eGFR figure."
            f" If it is: {provision.message or 'this label says nothing on it.'}",
            "ask",
            source_of(label, provision.section, provision.verified),
        )
    ]


def _unread(label: Label, rows: list[Provision]) -> list[Finding]:
    """A warning where the patient has what the label was not read on: nobody has looked."""
    if not rows:
        return []
    topics = "; ".join(TOPICS[row.topic] for row in rows)
    return [
        Finding(
            "label-not-read",
            "warning",
            f"What this label says on {topics} has not been read here; that is not silence. Read"
            " it in the label.",
            "read-label",
            source_of(label, "", rows[0].verified),
        )
    ]


def _not_checked(part: str) -> Finding:
    near = nearest(part)
    suggestion = (
        f" Nearest listed names, other medicines unless mistyped: {', '.join(near)}."
        if near
        else ""
    )
    return Finding(
        "drug-not-checked",
        "warning",
        f"{part} is in no CYP3A4 list here, so it was not checked; that is not the absence of an"
        " interaction. Look it up; if it is a biologic, a JAK inhibitor or an immunosuppressant,"
        f" give that option too.{suggestion}",
        "check-by-hand",
        Source(DRUG_LIST, None, None, READ_ON, None, "examples only, never complete"),
    )
