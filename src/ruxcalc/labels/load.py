"""Read the table of provisions into labels."""

import os
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ruxcalc.labels.model import SEVERITY_OF, Action, Label, Provision, Verified
from ruxcalc.results import Frozen, Severity

if TYPE_CHECKING:
    from importlib.abc import FileLoader

TABLE = "provisions.csv"


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the tables beside this module, by column."""
    # The loader of this module reads from a folder and from a zip alike, with no further import.
    folder, separator, _ = __file__.rpartition(os.sep)
    data = cast("FileLoader", globals()["__loader__"]).get_data(folder + separator + name)
    import csv  # not every command reads a table

    columns, *rows = csv.reader(data.decode("utf-8").splitlines())
    for row in rows:
        yield dict(zip(columns, row, strict=True))


@cache
def _rows_by_region() -> Mapping[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_table(TABLE):
        rows.setdefault(row["region"], []).append(row)
    return rows


@cache
def provisions_of(region: str) -> Mapping[str, Provision]:
    """Return the provisions of one region by topic, in the order of the table."""
    return Frozen({row["topic"]: read_provision(row) for row in _rows_by_region()[region]})


class Provisions(Mapping[str, Provision]):
    """The provisions of one region by topic; read when one is first asked for, as few need any."""

    __slots__ = ("region",)

    def __init__(self, region: str) -> None:
        self.region = region

    def __getitem__(self, topic: str) -> Provision:
        return provisions_of(self.region)[topic]

    def __iter__(self) -> Iterator[str]:
        return iter(provisions_of(self.region))

    def __len__(self) -> int:
        return len(provisions_of(self.region))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Provisions) and other.region == self.region

    def __hash__(self) -> int:
        return hash(self.region)


def read_provision(row: Mapping[str, str]) -> Provision:
    """Read one row of the table. A test validates every row, so nothing is checked here."""
    action = cast("Action", row["action"])
    return Provision(
        topic=row["topic"],
        action=action,
        section=row["section"],
        verified=cast("Verified", row["verified"]),
        verified_on=date.fromisoformat(row["verified_on"]) if row["verified_on"] else None,
        for_all=row["for_all"] == "yes",
        severity=cast("Severity", row["severity"]) if row["severity"] else SEVERITY_OF[action],
        number=Decimal(row["number"]) if row["number"] else None,
        words=row["words"],
    )


@cache
def load(region: str) -> Label:
    """Return the label of `region`: the limits of its module with its rows of the table."""
    label: Label = import_module(f"ruxcalc.labels.{region}").LABEL
    return label._replace(provisions=Provisions(region))
