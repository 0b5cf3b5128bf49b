"""The Python functions: plain arguments in, typed answers out, one exception."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import VERIFIED_ON

import ruxcalc
from ruxcalc import InputError, assess, check, dose, label, warn

REPOSITORY = Path(__file__).parent.parent


def test_the_public_names() -> None:
    names = ["InputError", "assess", "check", "dose", "evidence", "label", "plan", "track", "vasi",
             "warn"]  # fmt: skip
    assert sorted(ruxcalc.__all__) == names
    for name in ruxcalc.__all__:
        assert getattr(ruxcalc, name).__doc__
    with pytest.raises(AttributeError):
        _ = ruxcalc.no_such_name  # type: ignore[attr-defined]


@pytest.mark.parametrize("bsa", ["8", "8%", 8, 8.0, Decimal(8), Decimal("8.00")])
def test_a_number_is_a_number_however_it_is_written(bsa: str | float | Decimal) -> None:
    assert dose(bsa=bsa).use.grams_per_week == 28


def test_a_float_is_read_by_its_shortest_form() -> None:
    assert dose(bsa=0.1 + 0.2).bsa_percent == Decimal("0.30000000000000004")
    assert check(week=52, repig=24.9, region="eu").regions["eu"].decision == "consider-stopping"


def test_not_given_no_and_yes_are_three_things() -> None:
    for answer, unchecked, found in ((None, True, False), (False, False, False),
                                     (True, False, True)):  # fmt: skip
        part = warn(region="eu", pregnant=answer).regions["eu"]
        assert ("pregnancy" in part.not_checked) is unchecked
        assert ("pregnancy" in [finding.code for finding in part.findings]) is found


def test_an_empty_list_of_medicines_means_none_taken() -> None:
    assert "cyp3a4-inducer" in warn(region="eu").regions["eu"].not_checked
    assert "cyp3a4-inducer" not in warn(region="eu", drug=[]).regions["eu"].not_checked


def test_dates_sites_and_regions() -> None:
    by_date = check(start="2026-01-05", on=date(2027, 1, 4), repig={"face": 76, "body": 23},
                    region=["EU", "uk"])  # fmt: skip
    assert by_date.week == 52
    assert list(by_date.regions) == ["eu", "uk"]
    sites = by_date.regions["eu"].sites
    assert sites is not None
    assert sites["face"].decision == "continue"


def test_a_start_without_a_day_takes_today_and_says_so() -> None:
    answer = check(start=date(2020, 1, 1), repig=30)
    assert answer.inputs["on"] == VERIFIED_ON  # which is today for the tests


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "bsa"),
        ({"bsa": 0}, "bsa"),
        ({"bsa": "x"}, "bsa"),
        ({"bsa": 8, "ftu": 4}, "ftu"),
        ({"bsa": 8, "height": 170}, "weight"),
        ({"bsa": 8, "method": "guess"}, "method"),
        ({"bsa": 8, "days": 2.5}, "days"),
        ({"bsa": 8, "region": "fr"}, "region"),
        ({"bsa": 8, "bas": 8}, "bas"),
        ({"bsa": [8, 9]}, "bsa"),
    ],
)
def test_input_error_names_the_field(told: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        dose(**told)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}:")
    assert isinstance(caught.value, ValueError)


def test_explain_adds_the_steps_and_changes_nothing_else() -> None:
    told = {"bsa": 8, "week": 52, "repig": 20, "drug": "ritonavir"}
    plain, explained = assess(**told), assess(**told, explain=True)  # type: ignore[arg-type]
    assert explained.dose is not None
    assert explained.dose.steps
    assert explained.dose._replace(steps=None) == plain.dose
    assert explained.warn.steps
    assert explained.check is not None
    assert explained.check._replace(steps=None) == plain.check


def test_answers_are_frozen() -> None:
    with pytest.raises(AttributeError):
        dose(bsa=8).supply_days = 3  # type: ignore[misc]


def test_label_shows_differences_and_figures() -> None:
    differences = label(diff=True, region=["us", "eu"]).differences
    assert differences
    assert "pregnancy" in [difference.topic for difference in differences]
    assert label(facts=True).figures


def test_the_typed_signatures_are_those_of_the_declaration() -> None:
    script = REPOSITORY / "tools" / "write_stub.py"
    stub = subprocess.run(
        [sys.executable, "-c", f"import runpy; print(runpy.run_path({str(script)!r})['stub']())"],
        capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    written = Path(str(ruxcalc.__file__)).with_suffix(".pyi").read_text("utf-8")
    assert written.strip() == stub.strip()
