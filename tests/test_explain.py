"""The working is true: each step's numbers, computed again here, give its result."""

import re
from datetime import date, timedelta
from decimal import Decimal, localcontext
from math import ceil, floor
from typing import Any

import pytest

from ruxcalc import assess, evidence, plan, track, vasi
from ruxcalc.results import Step
from ruxcalc.rules.vasi import VasiAnswer

TOLERANCE = Decimal("1e-9")  # relative: a step shows its numbers cut to 12 decimals


def computed(numbers: str) -> object:
    """Compute an expression with x for times and ^ for a power."""
    expression = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)", r"Decimal('\1')", numbers)
    expression = expression.replace(" x ", " * ").replace("^", "**")
    names = {"Decimal": Decimal, "ceil": ceil, "floor": floor, "max": max, "sqrt": Decimal.sqrt}
    with localcontext() as context:
        context.prec = 60
        return eval(expression, {"__builtins__": {}}, names)  # noqa: S307 - our own sums


PATIENTS = {
    "fingertip": {"bsa": "8", "week": "52", "repig": "20"},
    "handprints": {"handprints": "7.3", "week": "24", "meaningful": False},
    "ftu": {"ftu": "3.3", "grams_per_ftu": "0.43", "week": "3"},
    "m2": {"bsa": "10", "body_surface": "2.2", "start": "2024-02-29", "on": "2025-02-27",
           "repig": "25"},
    "mosteller": {"bsa": "6", "height": "170", "weight": "70", "days": "90", "week": "60",
                  "baseline": "3", "score": "2"},
    "dubois": {"bsa": "6", "height": "180", "weight": "80", "formula": "dubois", "week": "52",
               "repig": {"face": 76, "body": 23}},
    "haycock": {"bsa": "6", "height": "150", "weight": "45", "formula": "haycock"},
}  # fmt: skip


@pytest.mark.parametrize("inputs", PATIENTS.values(), ids=PATIENTS)
def test_each_step_can_be_computed_again(inputs: dict[str, object]) -> None:
    answer = assess(**inputs, explain=True)  # type: ignore[arg-type]  # any input
    steps: list[Step] = [
        *(answer.dose.steps or () if answer.dose else ()),
        *(answer.check.steps or () if answer.check else ()),
    ]
    again = 0
    for step in steps:
        assert step.source
        if re.fullmatch(r"[\d.]+", step.result):
            result = computed(step.numbers)
            assert isinstance(result, Decimal | int)
            allowed = TOLERANCE * max(Decimal(1), abs(Decimal(result)))
            assert abs(result - Decimal(step.result)) <= allowed, step
            again += 1
        elif step.result in ("yes", "no") and re.search("[<>]", step.numbers):
            assert computed(step.numbers) is (step.result == "yes"), step
            again += 1
    assert again >= 5


def test_each_step_of_a_score_can_be_computed_again() -> None:
    answer = vasi("face=1@25 trunk=2.5@50", baseline="face=1.5@75 trunk=2@90", explain=True)
    assert isinstance(answer, VasiAnswer)
    assert answer.steps
    for step in answer.steps:
        assert abs(Decimal(str(computed(step.numbers))) - Decimal(step.result)) <= TOLERANCE * 100


PLANS = {
    "use": {"bsa": "8", "stop": "2026-12-01"},
    "thirds": {"bsa": "6", "tubes": "3", "tube_grams": "100"},
    "sevenths": {"bsa": "7", "tubes": "7", "tube_grams": "60", "region": "us"},
    "cap": {"bsa": "10", "body_surface": "3", "tubes": "1"},
    "in-use life": {"bsa": "0.5", "tubes": "2"},
}


@pytest.mark.parametrize("inputs", PLANS.values(), ids=PLANS)
def test_each_day_of_a_plan_can_be_counted_again(inputs: dict[str, Any]) -> None:
    answer = plan(start="2026-01-05", on="2026-02-01", explain=True, **inputs)
    assert answer.steps
    for step in answer.steps:
        begin, _, days = step.numbers.partition(" + ")
        count = computed(days)
        assert isinstance(count, Decimal)
        whole = ceil(count) if "rounded up" in step.formula else floor(count)
        assert date.fromisoformat(begin) + timedelta(days=whole) == date.fromisoformat(step.result)
    refills = [day.isoformat() for part in answer.regions.values() for refill in part.refills
               for day in refill.refill_dates]  # fmt: skip
    shown = {step.result for step in answer.steps if "refill" in step.name}
    assert shown == set(refills)


def test_each_week_of_visits_can_be_counted_again() -> None:
    visits = [{"date": "2025-01-06", "score": "4"}, {"date": "2026-01-05", "score": "3"}]
    answer = track(visits, explain=True)
    assert answer.steps
    results = {step.name: (computed(step.numbers), step.result) for step in answer.steps}
    for again, result in results.values():
        assert Decimal(str(again)) == Decimal(result)
    assert results["line 2: completed weeks on 2026-01-05"][1] == "52"
    assert results["line 2: repigmentation, %"][1] == "25"


def test_each_ratio_of_the_trials_can_be_computed_again() -> None:
    answer = evidence(explain=True)
    assert answer.steps
    for step in answer.steps:
        again = computed(step.numbers)
        assert isinstance(again, Decimal)
        assert abs(again - Decimal(step.result)) <= TOLERANCE
    ratios = [one for one in answer.comparisons if one.relative_risk is not None]
    assert len(answer.steps) == len(ratios) > 3


def test_a_step_names_its_source() -> None:
    answer = assess(bsa=8, drug="ritonavir", week=52, repig=20, region="us", explain=True)
    assert answer.dose is not None
    sources = {step.name: step.source for step in answer.dose.steps or ()}
    assert "1991;16:444" in sources["cream per application, g"]
    assert "2.2 (2026-06-30)" in sources["US: area within"]
    (step,) = answer.warn.steps or ()
    assert step.numbers == "drug = ritonavir"
    assert step.result == "avoid -> critical"
