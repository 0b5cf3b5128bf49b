"""The three answers together, for whatever was given."""

from typing import Final

from ruxcalc.answers import AssessAnswer, CheckAnswer, DoseAnswer, gravest
from ruxcalc.errors import InputError
from ruxcalc.labels.model import Label
from ruxcalc.patient import Patient, given_inputs, inputs_of
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import check, gives_week
from ruxcalc.rules.dose import dose, gives_area
from ruxcalc.rules.warn import warn

SCHEMA: Final = "ruxcalc.assess/1"


def assess(patient: Patient, labels: tuple[Label, ...]) -> AssessAnswer:
    """Dose, review and precautions; a part without its inputs is None.

    Raises `InputError` where an input was given for a part that cannot be answered.
    """
    how_much = dose_if_asked(patient, labels)
    go_on = check_if_asked(patient, labels)
    look_out = warn(patient, labels)
    parts = [part for part in (how_much, go_on, look_out) if part is not None]
    return AssessAnswer(
        schema=SCHEMA,
        inputs=given_inputs(patient, "assess"),
        worst=gravest(part.worst for part in parts),
        dose=how_much,
        check=go_on,
        warn=look_out,
        basis=basis_of(labels),
        notes=tuple(note for part in parts for note in part.notes),
    )


def dose_if_asked(patient: Patient, labels: tuple[Label, ...]) -> DoseAnswer | None:
    """The dose, or None where nothing was given for it; `InputError` where the area lacks."""
    if gives_area(patient):
        return dose(patient, labels)
    _refuse_leftover(patient, "dose", "bsa", "one of --bsa, --handprints or --ftu with it")
    return None


def check_if_asked(patient: Patient, labels: tuple[Label, ...]) -> CheckAnswer | None:
    """The review, or None where nothing was given for it; `InputError` where the week lacks.

    The day alone asks for no review: the age of the facts is judged by it too.
    """
    if gives_week(patient):
        return check(patient, labels)
    patient = patient._replace(on=None)
    _refuse_leftover(patient, "check", "week", "--week or --start with it")
    return None


def _refuse_leftover(patient: Patient, command: str, needed: str, accepted: str) -> None:
    for name in inputs_of(command):
        if getattr(patient, name) is not None:
            option = "--" + name.replace("_", "-")
            raise InputError(needed, f"is missing beside {option}", accepted)
