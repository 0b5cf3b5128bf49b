"""The labels: one module of limits a regulator, and one table of statements for all of them."""

from functools import cache

from ruxcalc.editions import CAUTION, REGIONS
from ruxcalc.labels.load import load
from ruxcalc.labels.model import Label

__all__ = ["CAUTION", "REGIONS", "Label", "load", "load_all"]


@cache
def load_all(regions: tuple[str, ...] | None = None) -> tuple[Label, ...]:
    """Return the labels of `regions` in that order; of every region if it is left out."""
    return tuple(load(region) for region in regions or REGIONS)
