"""Each fact of the labels, entered a second time by hand, against the program, word for word.

The tables stand in `double_entry/`. The medicines are compared in `test_medicines.py`, the
trials and figures in `test_evidence.py`.
"""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ruxcalc import label, vasi
from ruxcalc.figures import DEPIGMENTATION_STEPS
from ruxcalc.labels import REGIONS, load
from ruxcalc.labels.model import VERIFIED_AS, Label
from ruxcalc.labels.topics import TOPICS
from ruxcalc.rules.label import LabelSheet
from ruxcalc.rules.vasi import VasiStepsAnswer

FOLDER = Path(__file__).parent / "double_entry"
Row = dict[str, str]


def entered(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SHEETS: Mapping[str, LabelSheet] = label(on="2026-11-24").labels or {}
CODED = {(region, row.topic): row for region, sheet in SHEETS.items() for row in sheet.rows}
ENTERED = {(row["region"], row["topic"]): row for row in entered("labels.csv")}
VERIFIED = {row["code"]: row["words"] for row in entered("verified.csv")}
COMPUTED = {row["topic"] for row in entered("topics.csv") if row["computed"] == "yes"}


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def test_each_fact_stands_on_both_sides_once_and_in_the_same_order() -> None:
    assert list(CODED) == list(ENTERED)
    assert len(entered("labels.csv")) == len(ENTERED) == 3 * len(TOPICS)


@pytest.mark.parametrize("row", ENTERED.values(), ids=lambda r: f"{r['region']} {r['topic']}")
def test_label_fact(row: Row) -> None:
    """The whole sentence, and what stands beside it."""
    coded = CODED[row["region"], row["topic"]]
    assert coded.message == row["sentence"]
    assert coded.action == row["action"]
    assert as_text(coded.section) == row["section"]
    assert coded.verified == VERIFIED[row["verified"]]
    assert as_text(coded.verified_on) == row["verified_on"]
    assert coded.for_all is (row["for_all"] == "yes")


@pytest.mark.parametrize(
    "row",
    [row for row in ENTERED.values() if row["topic"] not in COMPUTED],
    ids=lambda r: f"{r['region']} {r['topic']}",
)
def test_what_the_rules_read_of_a_fact(row: Row) -> None:
    coded = load(row["region"]).on(row["topic"])
    assert coded.topic == row["topic"]
    assert coded.severity == row["severity"]
    assert as_text(coded.number) == row["number"]
    assert coded.speaks is (row["action"] not in ("silent", "not-read"))


def test_what_a_label_computes_has_no_row_of_its_own() -> None:
    for region in REGIONS:
        assert not COMPUTED & set(load(region).provisions)
        assert COMPUTED | set(load(region).provisions) == set(TOPICS)


def test_each_cap_in_its_place() -> None:
    coded = [(region, *cap) for region in REGIONS for cap in load(region).caps]
    assert coded == [
        (
            row["region"],
            int(row["tubes"]),
            Decimal(row["tube_grams"]),
            row["period"],
            int(row["period_days"]),
            int(row["dispensing_days"]),
            row["section"],
            row["verified"],
        )
        for row in entered("caps.csv")
    ]


def test_each_review() -> None:
    coded = [
        (region, *review[:-1], review.message)
        for region in REGIONS
        for review in load(region).reviews
    ]
    assert coded == [
        (
            row["region"],
            int(row["week"]),
            Decimal(row["threshold_percent"]) if row["threshold_percent"] else None,
            row["comparison"],
            row["outcome"],
            row["section"],
            row["verified"],
            ENTERED[row["region"], "review"]["sentence"],
        )
        for row in entered("reviews.csv")
    ]


def test_how_a_fact_was_verified_is_said_as_entered() -> None:
    assert VERIFIED_AS == VERIFIED


def test_each_topic_and_its_title_in_order() -> None:
    assert list(TOPICS.items()) == [(row["topic"], row["title"]) for row in entered("topics.csv")]


@pytest.mark.parametrize(
    "row", entered("labels_meta.csv"), ids=lambda r: f"{r['region']} {r['field']}"
)
def test_label_edition(row: Row) -> None:
    assert str(getattr(load(row["region"]), row["field"])) == row["value"]


def test_each_edition_is_entered_whole() -> None:
    fields = {(row["region"], row["field"]) for row in entered("labels_meta.csv")}
    plain = {name for name, kind in Label.__annotations__.items() if kind in (str, date)}
    assert fields == {(region, field) for region in REGIONS for field in plain - {"region"}}
    for region in REGIONS:
        assert load(region).region == region


def test_each_step_of_depigmentation() -> None:
    steps = {int(row["percent"]): row["meaning"] for row in entered("steps.csv")}
    assert steps == DEPIGMENTATION_STEPS
    shown = vasi(steps=True)
    assert isinstance(shown, VasiStepsAnswer)
    assert {step.percent: step.meaning for step in shown.depigmentation_steps} == steps
