"""What every answer stands on: label editions, the day of verification, the caution."""

from functools import lru_cache

from ruxcalc.answers import Basis, Edition, Source
from ruxcalc.labels import CAUTION
from ruxcalc.labels.model import VERIFIED_AS, Label, Verified


@lru_cache
def basis_of(labels: tuple[Label, ...]) -> Basis:
    """The editions used; the facts are as old as the label that was verified longest ago."""
    return Basis(
        editions={label.region: edition_of(label) for label in labels},
        facts_verified=min(label.verified_on for label in labels),
        caution=CAUTION,
    )


def edition_of(label: Label) -> Edition:
    """The edition of one label."""
    return Edition(
        name=label.name,
        document=label.document,
        number=label.number,
        edition=label.edition,
        edition_name=label.edition_name,
        text_read=label.text_read,
        link=label.link,
    )


@lru_cache
def source_of(label: Label, section: str, verified: Verified) -> Source:
    """The place in a label where a statement stands."""
    return Source(
        document=label.document,
        section=section or None,
        edition=label.edition,
        text_read=label.text_read,
        link=label.link,
        verified=VERIFIED_AS[verified],
    )
