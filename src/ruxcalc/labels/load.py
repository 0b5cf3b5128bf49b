"""Read the table of provisions into labels."""

import csv
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
    yield from csv.DictReader(data.decode("utf-8").splitlines())


@cache
def provisions_by_region() -> Mapping[str, Mapping[str, Provision]]:
    """Return every provision, by region and topic, in the order of the table."""
    tables: dict[str, dict[str, Provision]] = {}
    for row in read_table(TABLE):
        tables.setdefault(row["region"], {})[row["topic"]] = read_provision(row)
    return {region: Frozen(rows) for region, rows in tables.items()}


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
    return label._replace(provisions=provisions_by_region()[region])
