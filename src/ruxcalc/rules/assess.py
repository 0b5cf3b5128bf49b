"""The three answers together, for whatever was given."""

from ruxcalc.answers import AssessAnswer, worst
from ruxcalc.errors import InputError
from ruxcalc.labels.model import Label
from ruxcalc.patient import Patient, given_inputs, inputs_of
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import check, gives_week
from ruxcalc.rules.dose import dose, gives_area
from ruxcalc.rules.warn import warn


def assess(patient: Patient, labels: tuple[Label, ...]) -> AssessAnswer:
    """Dose, review and precautions; a part without its inputs is None.

    Raises `InputError` where an input was given for a part that cannot be answered.
    """
    how_much = go_on = None
    if gives_area(patient):
        how_much = dose(patient, labels)
    else:
        _refuse_leftover(patient, "dose", "bsa", "one of --bsa, --handprints or --ftu with it")
    if gives_week(patient):
        go_on = check(patient, labels)
    else:
        _refuse_leftover(patient, "check", "week", "--week or --start with it")
    look_out = warn(patient, labels)
    answer = AssessAnswer(
        schema="ruxcalc.assess/1",
        inputs=given_inputs(patient, "assess"),
        worst=None,
        dose=how_much,
        check=go_on,
        warn=look_out,
        basis=basis_of(labels),
        notes=tuple(
            note for part in (how_much, go_on, look_out) if part is not None for note in part.notes
        ),
    )
    return answer._replace(worst=worst(answer))


def _refuse_leftover(patient: Patient, command: str, needed: str, accepted: str) -> None:
    for name in inputs_of(command):
        if getattr(patient, name) is not None:
            option = "--" + name.replace("_", "-")
            raise InputError(needed, f"is missing beside {option}", accepted)
