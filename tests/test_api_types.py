"""What a type checker knows of the Python functions: names, kinds of values and words.

The types of `ruxcalc.api_types` are held to the declarations of `ruxcalc.patient`, and mypy is
run on calls that are right and calls that are not.
"""

import inspect
import os
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

import ruxcalc
from ruxcalc import api, api_types
from ruxcalc.inputs import Input
from ruxcalc.patient import GROUPS, INPUTS, inputs_of

SOURCE = Path(str(ruxcalc.__file__)).parent.parent

TYPED: dict[str, Any] = {
    "dose": api_types.DoseInputs,
    "check": api_types.CheckInputs,
    "warn": api_types.WarnInputs,
    "assess": api_types.AssessInputs,
    "plan": api_types.PlanInputs,
    "handout": api_types.HandoutInputs,
}
# How a value of each kind of input is written in Python.
BY_KIND: dict[str, Any] = {
    "number": api_types.Number | None,
    "flag": api_types.Flag | None,
    "date": api_types.DateValue,
    "names": api_types.Names | None,
    "dispensed": api_types.Names | None,
    "repigmentation": api_types.BySite | None,
    "handprints": api_types.BySite | None,
}


def hints(command: str) -> dict[str, Any]:
    return get_type_hints(TYPED[command])


@pytest.mark.parametrize("command", TYPED)
def test_the_typed_names_are_those_of_the_declaration(command: str) -> None:
    assert set(hints(command)) == {*inputs_of(command), "on"}
    assert not TYPED[command].__required_keys__


def test_every_command_with_inputs_is_typed() -> None:
    assert set(GROUPS) - {"track"} == set(TYPED)


@pytest.mark.parametrize("name", INPUTS)
def test_the_type_of_each_input_is_that_of_its_kind(name: str) -> None:
    declared: Input = INPUTS[name]
    found = [hints(command)[name] for command in TYPED if name in hints(command)]
    if not found:
        assert declared.group == "visit"
    for hint in found:
        if declared.kind == "choice":
            [literal] = [part for part in get_args(hint) if get_origin(part) is Literal]
            assert get_args(literal) == declared.choices
            assert set(get_args(hint)) == {literal, type(None)}
        else:
            assert hint == BY_KIND[declared.kind]


@pytest.mark.parametrize("command", TYPED)
def test_the_functions_take_the_types(command: str) -> None:
    function = getattr(api, command)
    signature = inspect.signature(function)
    *named, inputs = signature.parameters.values()
    assert [p.name for p in named] in (["region", "explain"], ["region"])
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in named)
    assert inputs.kind is inspect.Parameter.VAR_KEYWORD
    assert inputs.annotation == f"Unpack[{TYPED[command].__name__}]"


def test_the_words_of_a_measure_are_the_same_for_track() -> None:
    assert get_args(api_types.Measure) == INPUTS["measure"].choices
    assert inspect.signature(api.track).parameters["measure"].annotation == "Measure | None"


# Each line, and the kind of error that mypy finds in it; none for a line that is right.
LINES: list[tuple[str, str]] = [
    ("dose(bsa=8)", ""),
    ("dose(bsa='8%', method='density', height=170, weight=Decimal(70), region=['us', 'eu'])", ""),
    ("dose(handprints={'face': 1}, dispensed=['3x100'], per_days=28, explain=True)", ""),
    ("check(week=52, repig={'face': '76'}, measure='f-vasi', meaningful='yes')", ""),
    ("check(start=date(2026, 1, 5), on='2026-07-01', repig=20.5)", ""),
    ("warn(pregnant=True, drug='itraconazole', tuberculosis='latent', age=None)", ""),
    ("warn(drug=('itraconazole',), topical=iter(['tacrolimus']), all_others_no=True)", ""),
    ("assess(bsa=8, week=52, repig=20, smoker=False)", ""),
    ("plan(start='2026-01-05', stop=None, tubes=2)", ""),
    ("track([{'date': '2026-01-05', 'repig': 20}], measure='t-vasi')", ""),
    ("handout(region='eu', bsa=8)", ""),
    ("label(region='us', topics=['storage'])", ""),
    ("reveal_type(dose(bsa=8).use.grams_per_week)", "Decimal"),
    ("reveal_type(check(week=1).regions['eu'].decision)", "consider-stopping"),
    ("reveal_type(warn().regions['eu'].findings[0].message)", "str"),
    ("dose(bas=8)", "call-arg"),
    ("dose(bsa=8, age=34)", "call-arg"),
    ("dose(8)", "call-arg"),
    ("dose(bsa=8, method='guess')", "arg-type"),
    ("dose(bsa=8, formula='Mosteller')", "arg-type"),
    ("dose(bsa=[8])", "arg-type"),
    ("dose(bsa=8, region=1)", "arg-type"),
    ("dose(bsa=8).grams", "attr-defined"),
    ("dose(bsa=8).verdict == 'fine'", "comparison-overlap"),
    ("check(week=52, measure='vasi')", "arg-type"),
    ("check(wek=52)", "call-arg"),
    ("warn(tuberculosis='yes')", "arg-type"),
    ("warn(pregnant='maybe')", "arg-type"),
    ("warn(pregnant=1)", "arg-type"),
    ("warn(drug=5)", "arg-type"),
    ("warn(bsa=8)", "call-arg"),
    ("assess(smoker=[])", "arg-type"),
    ("plan(start=20260105)", "arg-type"),
    ("track([1])", "list-item"),
    ("handout(region='eu', week=52)", "call-arg"),
    ("no_such_name(bsa=8)", "name-defined"),
]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """Return what mypy says of each of `LINES`, run once over all of them."""
    pytest.importorskip("mypy")
    folder = tmp_path_factory.mktemp("typed")
    names = ", ".join(sorted(set(ruxcalc.__all__) - {"InputError", "vasi", "evidence"}))
    head = f"from datetime import date\nfrom decimal import Decimal\nfrom ruxcalc import {names}\n"
    (folder / "calls.py").write_text(head + "\n".join(line for line, _ in LINES) + "\n", "utf-8")
    # Mypy finds an installed package by itself, and the source of this tree by its path.
    path = {} if SOURCE.name == "site-packages" else {"MYPYPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context",
         "--follow-imports=silent", "--cache-dir", str(folder / "cache"), "calls.py"],
        cwd=folder, env={**os.environ, **path}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    said: dict[int, list[str]] = {}
    for line in done.stdout.splitlines():
        _, number, text = line.split(":", 2)
        said.setdefault(int(number) - head.count("\n") - 1, []).append(text.strip())
    return said


@pytest.mark.parametrize("number", range(len(LINES)), ids=[line for line, _ in LINES])
def test_mypy_finds_a_misspelt_name_and_a_wrong_word(
    checked: dict[int, list[str]], number: int
) -> None:
    line, expected = LINES[number]
    said = [text for text in checked.get(number, []) if "defined in" not in text]
    if not expected:
        assert said == [], line
    elif line.startswith("reveal_type"):
        assert any("Revealed type" in text and expected in text for text in said)
    else:
        assert any(text.startswith("error:") and f"[{expected}]" in text for text in said), said


def test_the_package_says_that_it_is_typed() -> None:
    assert (SOURCE / "ruxcalc" / "py.typed").is_file()
    assert not list((SOURCE / "ruxcalc").rglob("*.pyi"))
    assert typing.TYPE_CHECKING is ruxcalc.TYPE_CHECKING is False
