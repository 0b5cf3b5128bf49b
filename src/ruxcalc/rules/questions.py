"""Which inputs a set of labels asks about: for `ask`, the FHIR questionnaire and the page."""

from collections.abc import Iterator

from ruxcalc.inputs import Input
from ruxcalc.labels.model import Label
from ruxcalc.patient import inputs_of
from ruxcalc.rules.warn import FORBIDDING


def asked_inputs(labels: tuple[Label, ...]) -> Iterator[tuple[str, Input]]:
    """Yield the inputs of `assess` on which one of `labels` says something, as declared."""
    judged = any(
        review.comparison == "patient-judgement" for label in labels for review in label.reviews
    )
    for name, declared in inputs_of("assess").items():
        spoken = any(label.on(topic).speaks for label in labels for topic in declared.topics)
        if (spoken or not declared.topics) and (judged or name != "meaningful"):
            yield name, declared


def contraindicates(declared: Input, labels: tuple[Label, ...]) -> bool:
    """Return whether one of `labels` contraindicates the cream, or says to avoid it, on it."""
    rows = (label.on(topic) for label in labels for topic in declared.topics)
    return any(row.action in FORBIDDING for row in rows)
