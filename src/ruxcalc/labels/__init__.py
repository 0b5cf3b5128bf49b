"""The labels: one file for each regulator, nothing but data.

`load` reads only the file that is asked for, so that a script pays for one region.
"""

from functools import cache
from importlib import import_module

from ruxcalc.labels.model import Label, Region

REGIONS: tuple[Region, ...] = ("us", "eu", "uk")

CAUTION = "This supports, and does not replace, the prescriber's judgement."


def load(region: Region) -> Label:
    """The label of `region`."""
    label: Label = import_module(f"ruxcalc.labels.{region}").LABEL
    return label


@cache
def load_all(regions: tuple[Region, ...] = REGIONS) -> tuple[Label, ...]:
    """The labels of `regions`, in that order."""
    return tuple(load(region) for region in regions)
