"""The medicines by class: medicines.csv, read once when it is first asked for.

The lists are examples, never complete: a medicine in no list has not been checked, which is not
the same as no interaction.
"""

from datetime import date
from functools import cache
from typing import NamedTuple

from ruxcalc.labels.load import read_table

# The list of CYP3A4 inhibitors and inducers, and the day on which its copy was last compared.
SOURCE = "published list (UpToDate table 76992, copy)"
READ_ON = date(2026, 11, 24)

# Two classes that raise no topic of the labels: this cream itself, and what is applied locally.
THIS_CREAM = "this cream"
APPLIED_LOCALLY = "applied locally"

TABLE = "medicines.csv"
JOINED_BY = "; "


class Medicine(NamedTuple):
    """One row of the table: a medicine in one class, or a class by its name.

    `atc` holds WHO ATC codes of 7 characters, in the row of a class also groups of 3 to 5.
    `stems` are endings of generic names (INN) that put a name into the class.
    """

    name: str
    drug_class: str
    topic: str
    atc: tuple[str, ...]
    brands: tuple[str, ...]
    spellings: tuple[str, ...]
    stems: tuple[str, ...]
    source: str
    note: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return every way to write this medicine but its codes: name, spellings, brands."""
        return (self.name, *self.spellings, *self.brands)

    @property
    def applied_locally(self) -> bool:
        """Return whether this row is no systemic medicine: this cream, or another topical."""
        return not self.topic


@cache
def medicines() -> tuple[Medicine, ...]:
    """Return the rows of medicines.csv in their order; a medicine in two classes has two."""
    return tuple(_medicine(row) for row in read_table(TABLE))


@cache
def names() -> dict[str, tuple[Medicine, ...]]:
    """Return each name, spelling and brand as it is written, with the rows it stands for."""
    table: dict[str, tuple[Medicine, ...]] = {}
    for medicine in medicines():
        for name in medicine.names:
            table[name] = (*table.get(name, ()), medicine)
    return table


def _medicine(row: dict[str, str]) -> Medicine:
    spellings = _values(row["spellings"])
    return Medicine(
        name=row["name"],
        drug_class=row["class"],
        topic=row["topic"],
        atc=_values(row["atc"]),
        brands=_values(row["brands"]),
        spellings=tuple(word for word in spellings if not word.startswith("-")),
        stems=tuple(word.removeprefix("-") for word in spellings if word.startswith("-")),
        source=row["source"],
        note=row["note"],
    )


def _values(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(JOINED_BY)) if cell else ()
