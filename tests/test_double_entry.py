"""Each fact, entered a second time by hand, against the code: both ways, field by field."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from ruxcalc import evidence, label
from ruxcalc.figures import DEPIGMENTATION_STEPS, FIGURES
from ruxcalc.labels import REGIONS, load
from ruxcalc.labels.drugs import CLASSES, SPELLINGS
from ruxcalc.labels.model import VERIFIED_AS, Label
from ruxcalc.labels.topics import TOPICS

FOLDER = Path(__file__).parent / "double_entry"
Row = dict[str, str]


def entered(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SHEETS = label().labels or {}
CODED = {(region, row.topic): row for region, sheet in SHEETS.items() for row in sheet.rows}
ENTERED = {(row["region"], row["topic"]): row for row in entered("labels.csv")}
VERIFIED = {row["code"]: row["words"] for row in entered("verified.csv")}
# Names in which a digit is no figure.
NAMES = re.compile(r"CYP3A4|SPL|S-009")


def figures_in(message: str) -> set[Decimal]:
    return {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", NAMES.sub("", message))}


def says(message: str, phrase: str) -> bool:
    """Whether the phrase stands in the message, from the beginning of a word on."""
    return re.search(rf"(?<!\w){re.escape(phrase)}", message.lower()) is not None


def test_each_fact_stands_on_both_sides() -> None:
    assert CODED.keys() == ENTERED.keys()
    assert len(entered("labels.csv")) == len(ENTERED)


@pytest.mark.parametrize("row", ENTERED.values(), ids=lambda r: f"{r['region']} {r['topic']}")
def test_label_fact(row: Row) -> None:
    coded = CODED[row["region"], row["topic"]]
    assert coded.action == row["action"]
    assert (coded.section or "") == row["section"]
    assert coded.verified == VERIFIED[row["verified"]]
    assert figures_in(coded.message) == {Decimal(number) for number in row["figures"].split()}
    assert bool(coded.message) is bool(row["says"])
    assert coded.message.endswith("." if row["says"] else "")
    for phrase in filter(None, row["says"].split("|")):
        assert says(coded.message, phrase), phrase


@pytest.mark.parametrize("region", REGIONS)
def test_what_holds_for_every_patient(region: str) -> None:
    of = load(region)  # type: ignore[arg-type]
    entered_so = {topic for (of_region, topic), row in ENTERED.items()
                  if of_region == region and row["every_patient"] == "yes"}  # fmt: skip
    assert {provision.topic for provision in of.provisions if provision.for_all} == entered_so


def test_each_cap_in_its_place() -> None:
    coded = [(region, *cap) for region in REGIONS for cap in load(region).caps]
    assert coded == [
        (row["region"], int(row["tubes"]), Decimal(row["tube_grams"]), row["period"],
         int(row["period_days"]), row["section"], row["verified"])
        for row in entered("caps.csv")
    ]  # fmt: skip


def test_each_review_rule() -> None:
    coded = [(region, *load(region).review[:-1]) for region in REGIONS]
    assert coded == [
        (row["region"], Decimal(row["week"]),
         Decimal(row["threshold_percent"]) if row["threshold_percent"] else None,
         row["comparison"], row["outcome"], row["section"], row["verified"])
        for row in entered("reviews.csv")
    ]  # fmt: skip


def test_no_message_keeps_the_place_of_a_figure() -> None:
    for coded in CODED.values():
        assert not set("{}") & set(coded.message), coded


def test_how_a_fact_was_verified_is_said_as_entered() -> None:
    assert VERIFIED_AS == VERIFIED


def test_each_topic_and_its_title() -> None:
    assert {row["topic"]: row["title"] for row in entered("topics.csv")} == TOPICS
    assert list(TOPICS) == [row["topic"] for row in entered("topics.csv")]


@pytest.mark.parametrize("row", entered("labels_meta.csv"),
                         ids=lambda r: f"{r['region']} {r['field']}")  # fmt: skip
def test_label_edition(row: Row) -> None:
    assert getattr(load(row["region"]), row["field"]) == row["value"]  # type: ignore[arg-type]


def test_each_edition_is_entered_whole() -> None:
    fields = {(row["region"], row["field"]) for row in entered("labels_meta.csv")}
    texts = [field for field, kind in Label.__annotations__.items() if kind is str]
    assert fields == {(region, field) for region in REGIONS for field in texts}
    for region in REGIONS:
        assert load(region).region == region


FIGURES_BY_NAME = {figure.name: figure for figure in FIGURES}


def test_each_figure_stands_on_both_sides() -> None:
    assert FIGURES_BY_NAME.keys() == {row["name"] for row in entered("figures.csv")}
    assert len(FIGURES) == len(FIGURES_BY_NAME)


@pytest.mark.parametrize("row", entered("figures.csv"), ids=lambda r: r["name"])
def test_figure(row: Row) -> None:
    figure = FIGURES_BY_NAME[row["name"]]
    assert figure.only_spread is (row["value"] == "")
    assert figure.value == Decimal(row["value"] or row["low"])
    assert figure.low == Decimal(row["low"] or row["value"])
    assert figure.high == Decimal(row["high"] or row["value"])
    assert figure.unit == row["unit"]
    assert figure.source == row["cited"]


def test_each_step_of_depigmentation() -> None:
    steps = {int(row["percent"]): row["meaning"] for row in entered("steps.csv")}
    assert steps == DEPIGMENTATION_STEPS


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
    assert (coded.population or "") == row["population"]
    assert row["source"] in coded.source


def test_each_medicine_stands_on_both_sides() -> None:
    coded = [(name, drug_class, topic) for drug_class, (topic, names) in CLASSES.items()
             for name in names]  # fmt: skip
    table = [(row["name"], row["class"], row["topic"]) for row in entered("drugs.csv")]
    assert sorted(coded) == sorted(table)


def test_each_spelling_stands_on_both_sides() -> None:
    assert {row["typed"]: row["name"] for row in entered("spellings.csv")} == SPELLINGS
