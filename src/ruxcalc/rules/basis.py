"""What every answer rests on: label editions, the day of verification, the caution."""

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from ruxcalc.labels import CAUTION
from ruxcalc.labels.model import VERIFIED_AS, Label, Verified
from ruxcalc.results import Basis, Edition, Frozen, Source

if TYPE_CHECKING:

    class Cited(Protocol):
        """A limit or statement of a label, with the section where it stands."""

        @property
        def section(self) -> str:
            """Return the section, empty where none is known."""

        @property
        def verified(self) -> Verified:
            """Return how it was verified."""


@lru_cache
def basis_of(labels: tuple[Label, ...]) -> Basis:
    """Return the editions used; the facts are as old as the label verified longest ago."""
    return Basis(
        editions=Frozen({label.region: edition_of(label) for label in labels}),
        facts_verified=min(label.verified_on for label in labels),
        caution=CAUTION,
    )


def edition_of(label: Label) -> Edition:
    """Return the edition of one label."""
    return Edition(
        name=label.name,
        document=label.document,
        number=label.number,
        edition=label.edition,
        edition_name=label.edition_name,
        text_read=label.text_read,
        link=label.link,
    )


def source_of(label: Label, part: "Cited") -> Source:
    """Return the place in a label where a limit or statement stands."""
    return cite(label, part.section, part.verified)


@lru_cache
def cite(label: Label, section: str, verified: Verified) -> Source:
    """Return a place in a label by section; an empty section is none."""
    return Source(
        document=label.document,
        section=section or None,
        edition=label.edition,
        text_read=label.text_read,
        link=label.link,
        verified=VERIFIED_AS[verified],
    )
