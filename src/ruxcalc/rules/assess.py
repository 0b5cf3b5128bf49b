"""The three answers together, for whatever was given."""

from typing import Final

from ruxcalc.answers import AssessAnswer, gravest
from ruxcalc.labels.model import Label
from ruxcalc.patient import Patient, given_inputs
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import check_if_asked
from ruxcalc.rules.dose import dose_if_asked
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
