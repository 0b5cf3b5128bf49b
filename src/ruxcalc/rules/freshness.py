"""How old the facts are: a verification older than a year is due again, and said so.

It changes no number and no decision. The day comes from the door.
"""

from datetime import date, timedelta
from typing import Any, TypeVar

from ruxcalc.answers import (
    Answer,
    AssessAnswer,
    DueRow,
    Finding,
    LabelAnswer,
    Plain,
    gravest,
    gravest_of,
)
from ruxcalc.labels import drugs
from ruxcalc.labels.model import Label
from ruxcalc.rules.basis import basis_of, source_of

DAYS_UNTIL_DUE = 365
CODE = "label-verification-old"
MISSED = "Read the label again before relying on it."

SomeAnswer = TypeVar("SomeAnswer", bound=Answer)


def due_on(verified_on: str) -> date:
    """The last day on which a verification is not older than a year."""
    return date.fromisoformat(verified_on) + timedelta(days=DAYS_UNTIL_DUE)


def overdue(labels: tuple[Label, ...], day: date) -> tuple[Label, ...]:
    """The labels whose verification is older than a year on `day`."""
    return tuple(label for label in labels if day > due_on(label.verified_on))


def with_age(answer: SomeAnswer, labels: tuple[Label, ...], day: date) -> SomeAnswer:
    """`answer` with an info finding for each region whose verification is older than a year.

    An answer without findings about a patient gets a note instead; `assess` has the finding
    among its precautions, once.
    """
    old = overdue(labels, day)
    if not old:
        return answer
    replace: Any = answer._replace  # which gives the same kind of answer
    changed: SomeAnswer
    if isinstance(answer, Plain) or answer.schema == "ruxcalc.evidence/1":
        said = tuple(f"{label.name}: {_finding(label).message}" for label in old)
        changed = replace(notes=(*answer.notes, *said))
    elif isinstance(answer, AssessAnswer):
        warn = with_age(answer.warn, labels, day)
        changed = replace(warn=warn, worst=gravest((answer.worst, warn.worst)))
    else:
        regions: dict[str, Any] = dict(answer.regions)  # type: ignore[union-attr]  # not of the trials
        for label in old:
            part = regions[label.region]
            regions[label.region] = part._replace(findings=(*part.findings, _finding(label)))
        changed = replace(regions=regions, worst=gravest_of(regions.values()))
    return changed


def _finding(label: Label) -> Finding:
    return Finding(
        CODE,
        "info",
        f"The facts of this label were last verified on {label.verified_on}, more than a year ago."
        f" {MISSED}",
        "read-label",
        source_of(label, "", "label-text"),
    )


def show_due(labels: tuple[Label, ...], day: date) -> LabelAnswer:
    """What was verified when, and what is due again on `day`: each label, and the list of drugs."""
    verified = [(f"{label.name}: {label.document}", label.verified_on) for label in labels]
    rows = (*verified, (drugs.SOURCE, drugs.READ_ON))
    return LabelAnswer(
        "ruxcalc.label/1",
        None,
        None,
        None,
        None,
        basis_of(labels),
        due=tuple(DueRow(name, on, due_on(on).isoformat(), day > due_on(on)) for name, on in rows),
    )
