"""How old the facts are: a verification older than a year is due again, and an answer says so.

It changes no number and no decision. The day comes from the caller.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from ruxcalc.labels.model import Label
from ruxcalc.results import Finding, Frozen, gravest, worst_first
from ruxcalc.rules.basis import cite
from ruxcalc.rules.findings import finding

DAYS_UNTIL_DUE = 365

SomeAnswer = TypeVar("SomeAnswer", bound=tuple[Any, ...])


def due_on(verified_on: date) -> date:
    """Return the last day on which a verification is not older than a year."""
    return verified_on + timedelta(days=DAYS_UNTIL_DUE)


def overdue(labels: tuple[Label, ...], day: date) -> tuple[Label, ...]:
    """Return the labels whose verification is older than a year on `day`."""
    return tuple(label for label in labels if day > due_on(label.verified_on))


def with_age(answer: SomeAnswer, labels: tuple[Label, ...], day: date) -> SomeAnswer:
    """Add an info finding for each region whose verification is older than a year.

    An answer without findings about a patient gets a note instead; `assess` has the finding
    among its precautions.
    """
    old = overdue(labels, day)
    if not old:
        return answer
    record: Any = answer
    if not hasattr(record, "regions"):
        said = tuple(_old_facts(label).message for label in old)
        changed: SomeAnswer = record._replace(notes=(*record.notes, *said))
        return changed
    regions = regions_with_age(record.regions, old)
    changed = record._replace(regions=regions, worst=gravest((record.worst, "info")))
    if hasattr(record, "warn"):
        precautions = with_age(record.warn, labels, day)
        changed = changed._replace(warn=precautions)  # type: ignore[attr-defined]  # an assess answer
    return changed


def regions_with_age(
    regions: Mapping[str, SomeAnswer], old: tuple[Label, ...]
) -> Frozen[str, SomeAnswer]:
    """Add the finding to the regions of the labels that are `old`."""
    changed: dict[str, Any] = dict(regions)
    for label in old:
        part = changed[label.region]
        findings = worst_first((*part.findings, _old_facts(label)))
        changed[label.region] = part._replace(findings=findings)
    return Frozen(changed)


def _old_facts(label: Label) -> Finding:
    source = cite(label, "", "label-text")
    return finding("label-verification-old", source, label=label.name, day=label.verified_on)
