"""The JSON Schemas: real answers validate, and a change of the contract is seen in review."""

import json
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, ruxcalc
from jsonschema import Draft202012Validator

from ruxcalc.batch.columns import ALIASES
from ruxcalc.patient import inputs_of
from ruxcalc.schema import SCHEMAS, schema_of

REPOSITORY = Path(__file__).parent.parent
VISITS = REPOSITORY / "examples" / "visits.csv"
CALLS = {
    "dose": ["--bsa 8", "--bsa 12 --height 190 --weight 120 --tube-price 10 --explain",
             "--ftu 4 --grams-per-ftu 0.43 -r us"],
    "check": ["--week 52 --repig 20", "--week 3 -r us", "--week 52 --repig face=76 --repig trunk=3",
              "--start 2026-01-05 --on 2027-01-04 --baseline 3 --score 2 --explain"],
    "warn": ["", "--drug ritonavir --topical x --no-face --age 11 --egfr 9 --explain",
             "--pregnant --no-drug --infection"],
    "assess": ["--age 34", "--bsa 8 --week 52 --repig 20 --pregnant"],
    "vasi": ["face=1@75", "face=1@25 trunk=2@50 --baseline face=1@75,trunk=2@90 --explain"],
    "vasi-steps": ["--steps"],
    "plan": ["--start 2026-01-05 --on 2026-02-01",
             "--start 2026-01-05 --on 2026-02-01 --bsa 8 --stop 2026-12-01 --explain"],
    "track": [f"{VISITS}", f"{VISITS} --explain -r eu --start 2025-11-03"],
    "evidence": ["", "--week 24 --explain"],
    "handout": ["-r eu --bsa 8", "-r us --age 34 --start 2026-01-05"],
    "label": ["--check --on 2030-01-01", "", "--diff us eu", "--facts"],
}  # fmt: skip


def errors(name: str, answer: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema_of(name)).iter_errors(answer)]


def undeclared(schema: Any, root: Any, value: Any, path: str = "") -> list[str]:
    """Return the fields of an answer that its schema does not know."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    found = []
    if isinstance(value, dict):
        options = [schema, *schema.get("anyOf", [])]
        known = [o for o in options if "properties" in o or "$ref" in o]
        for reference in known:
            option = reference
            while "$ref" in option:
                option = root["$defs"][option["$ref"].rpartition("/")[2]]
            for name, item in value.items():
                if name in option["properties"]:
                    found += undeclared(option["properties"][name], root, item, f"{path}.{name}")
                else:
                    found.append(f"{path}.{name}")
    return found


@pytest.mark.parametrize(
    ("command", "line"), [(command, line) for command, lines in CALLS.items() for line in lines]
)
def test_real_answers_validate_and_hold_no_other_field(command: str, line: str) -> None:
    # A comma stands for a blank within one argument.
    arguments = [argument.replace(",", " ") for argument in line.split()]
    answer = json.loads(ruxcalc(command.removesuffix("-steps"), *arguments, "--json").out)
    assert errors(command, answer) == []
    assert undeclared(schema_of(command), schema_of(command), answer) == []


def test_rows_of_a_list_validate() -> None:
    path = REPOSITORY / "examples" / "cohort.csv"
    done = subprocess.run([COMMAND, "batch", str(path)], capture_output=True, check=False)
    lines = done.stdout.splitlines()
    assert len(lines) == 6
    for line in lines:
        assert errors("batch", json.loads(line)) == []


@pytest.mark.parametrize(
    ("patient", "valid"),
    [({}, True), ({"bsa": 8}, True), ({"bsa": "8.5%"}, True), ({"bsa": 0}, False),
     ({"bsa": 100.1}, False), ({"bsa": "7,5"}, False), ({"bsa": "1e1"}, False),
     ({"days": 2.5}, False), ({"pregnant": True}, True), ({"pregnant": "yes"}, True),
     ({"pregnant": 1}, False), ({"method": "guess"}, False), ({"drug": ["a", "b"]}, True),
     ({"drug": 5}, False), ({"repig": -5}, True), ({"repig": {"face": 76}}, True),
     ({"repig": 101}, False), ({"height": 1.8}, False)],
)  # fmt: skip
def test_the_schema_of_a_patient_accepts_what_the_inputs_accept(
    patient: dict[str, Any], *, valid: bool
) -> None:
    assert (errors("input", patient) == []) is valid


def test_every_input_carries_its_definition() -> None:
    properties = schema_of("input")["properties"]
    assert properties.keys() == {*inputs_of("assess"), "id", "region", *ALIASES}
    for name, declared in inputs_of("assess").items():
        assert properties[name]["description"] == declared.help
        for word in ("includes", "excludes", "unit", "source"):
            assert properties[name].get(word, "") == getattr(declared, word)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_printed_and_is_kept(name: str) -> None:
    kept = (REPOSITORY / "docs" / "schemas" / f"{name}.json").read_text("utf-8")
    assert ruxcalc("schema", name).out == kept
    tool = runpy.run_path(str(REPOSITORY / "tools" / "write_schemas.py"))
    assert tool["text_of"](name) == kept


def test_an_unknown_schema_names_those_that_are() -> None:
    ran = ruxcalc("schema", "doze")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("ruxcalc: NAME: 'doze'")
    assert "dose" in ran.err
