"""Each fact, entered a second time by hand, against the code: both ways, field by field."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from ruxcalc import evidence, label
from ruxcalc.figures import FIGURES
from ruxcalc.labels import REGIONS, load
from ruxcalc.labels.drugs import CLASSES
from ruxcalc.labels.model import VERIFIED_AS

FOLDER = Path(__file__).parent / "double_entry"
Row = dict[str, str]


def entered(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SHEETS = label().labels or {}
CODED = {(region, row.topic): row for region, sheet in SHEETS.items() for row in sheet.rows}
ENTERED = {(row["region"], row["topic"]): row for row in entered("labels.csv")}
# Names in which a digit is no figure.
NAMES = re.compile(r"CYP3A4|SPL|S-009")


def figures_in(message: str) -> set[Decimal]:
    return {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", NAMES.sub("", message))}


def test_each_fact_stands_on_both_sides() -> None:
    assert CODED.keys() == ENTERED.keys()
    assert len(entered("labels.csv")) == len(ENTERED)


@pytest.mark.parametrize("row", ENTERED.values(), ids=lambda r: f"{r['region']} {r['topic']}")
def test_label_fact(row: Row) -> None:
    coded = CODED[row["region"], row["topic"]]
    assert coded.action == row["action"]
    assert (coded.section or "") == row["section"]
    assert coded.verified == VERIFIED_AS[row["verified"]]  # type: ignore[index]
    assert figures_in(coded.message) == {Decimal(number) for number in row["figures"].split()}
    for said in filter(None, row["says"].split("|")):
        assert said in coded.message.lower()


@pytest.mark.parametrize("row", entered("labels_meta.csv"),
                         ids=lambda r: f"{r['region']} {r['field']}")  # fmt: skip
def test_label_edition(row: Row) -> None:
    of = load(row["region"])  # type: ignore[arg-type]
    field = row["field"].removesuffix("_contains")
    if field == row["field"]:
        assert getattr(of, field) == row["value"]
    else:
        assert row["value"] in getattr(of, field)


def test_each_edition_is_entered_whole() -> None:
    fields = {(row["region"], row["field"]) for row in entered("labels_meta.csv")}
    wanted = ("document_contains", "number_contains", "edition", "text_read", "approved", "link",
              "verified_on")  # fmt: skip
    assert fields == {(region, field) for region in REGIONS for field in wanted}


OWN_READINGS = ("days in the", "eGFR under")  # of words that labels leave open; see test_cases
FIGURES_BY_NAME = {figure.name: figure for figure in FIGURES}


def test_each_figure_stands_on_both_sides() -> None:
    names = {name for name in FIGURES_BY_NAME if not name.startswith(OWN_READINGS)}
    assert names == {row["name"] for row in entered("figures.csv")}


@pytest.mark.parametrize("row", entered("figures.csv"), ids=lambda r: r["name"])
def test_figure(row: Row) -> None:
    figure = FIGURES_BY_NAME[row["name"]]
    assert figure.only_spread is (row["value"] == "")
    if row["value"]:
        assert figure.value == Decimal(row["value"])
    assert figure.low == Decimal(row["low"] or row["value"])
    assert figure.high == Decimal(row["high"] or row["value"])
    assert figure.unit == row["unit"]
    assert row["source_contains"] in figure.source


def test_each_medicine_stands_on_both_sides() -> None:
    coded = {(name, drug_class) for drug_class, (_, names) in CLASSES.items() for name in names}
    assert coded == {(row["name"], row["class"]) for row in entered("drugs.csv")}


# Two rates for one trial, endpoint, week and arm stand in print: about 50 % and 52.6 %.
TRIALS = {(*(row[name] for name in ("trial", "endpoint", "week", "arm", "percent")),): row
          for row in entered("trials.csv")}  # fmt: skip


def as_text(value: Decimal | int | None) -> str:
    return "" if value is None else str(value)


def test_each_trial_result_stands_on_both_sides() -> None:
    coded = [
        (row.trial, row.endpoint, as_text(row.week), row.arm, as_text(row.percent))
        for row in evidence().results
    ]
    assert sorted(coded) == sorted(TRIALS)
    assert len(entered("trials.csv")) == len(TRIALS)


@pytest.mark.parametrize("row", TRIALS.values(),
                         ids=lambda r: " ".join(filter(None, [*r.values()][:5])))  # fmt: skip
def test_trial_result(row: Row) -> None:
    [coded] = [
        found
        for found in evidence().results
        if (found.trial, found.endpoint, as_text(found.week), found.arm, as_text(found.percent))
        == (row["trial"], row["endpoint"], row["week"], row["arm"], row["percent"])
    ]
    assert coded.approximate is (row["approximate"] == "yes")
    assert as_text(coded.patients) == row["patients"]
    assert as_text(coded.median_weeks) == row["median_weeks"]
    assert row["source"] in coded.source
