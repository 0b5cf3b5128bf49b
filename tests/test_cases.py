"""The case files: what a pharmacist expects, held against the real command."""

import json
import shlex
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import VERIFIED_ON, ruxcalc

CASES = Path(__file__).parent / "cases"
FINDING = {"code", "severity", "message", "action", "about", "source"}
# The day of a case that gives none: a year after it, each answer says that the facts are old.


def _cases(*, refused: bool) -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["case"]
        if (case["status"] == 2) is refused
    ]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a name stands twice in one object: {names}"
    return dict(pairs)


def look_up(answer: Any, path: str) -> Any:
    """Return the value at a path of a case: fields, list indices, and the short forms of lists.

    Of a list, `codes`, `topics` and `names` (of medicines) are all of them in order, `count` is
    its length, a code or topic picks one finding or row (also by the topic that it is about), and
    `trial=TRuE-V1;arm=vehicle` the one entry with these values.
    """
    value = answer
    for step in path.split("."):
        if isinstance(value, list):
            value = _in_list(value, step)
        else:
            assert isinstance(value, dict), f"{path}: nothing below {value!r}"
            assert step in value, f"{path}: no {step} among {list(value)}"
            value = value[step]
    return value


def _in_list(items: list[Any], step: str) -> Any:
    ways: dict[str, Callable[[], Any]] = {
        "codes": lambda: sorted(item["code"] for item in items),
        "topics": lambda: sorted(item["topic"] for item in items),
        "names": lambda: sorted(item["about"]["name"] for item in items if "name" in _about(item)),
        "lines": lambda: [" | ".join(item.values()) for item in items],
        "count": lambda: len(items),
    }
    if step in ways:
        return ways[step]()
    if step.isdigit():
        assert int(step) < len(items), f"{step}: there are {len(items)}"
        return items[int(step)]
    if "=" in step:
        terms = [pair.split("=", 1) for pair in step.split(";")]
        found = [item for item in items if all(_word(item[name]) == word for name, word in terms)]
        assert len(found) == 1, f"{step}: found {len(found)} times"
        return found[0]
    named = [item for item in items if step in (item.get("code"), item.get("topic"))]
    named = named or [item for item in items if step == _about(item).get("topic")]
    assert len(named) == 1, f"{step}: found {len(named)} times"
    return named[0]


def _about(item: dict[str, Any]) -> dict[str, Any]:
    return item.get("about") or {}


def _word(value: Any) -> str:
    """Write a value as a path of a case does: true, null, 24, TRuE-V1."""
    return value if isinstance(value, str) else json.dumps(value, default=str).strip('"')


def holds(answer: Any, path: str, expected: Any) -> None:
    """Assert one expectation of a case."""
    way, _, test = path.rpartition(".")
    if test in ("contains", "lacks"):
        found = look_up(answer, way)
        for part in expected if isinstance(expected, list) else [expected]:
            assert (part in found) is (test == "contains"), f"{path} {part!r} in {found!r}"
        return
    value = look_up(answer, path)
    if isinstance(expected, dict) and "near" in expected:
        assert abs(value - expected["near"]) <= expected["within"], f"{path} is {value}"
    elif isinstance(expected, dict) and expected.get("null") is True:
        assert value is None, f"{path} is {value!r}"
    else:
        assert type(value) is type(expected) or isinstance(value, int | Decimal), path
        assert value == expected, f"{path} is {value!r}"


def findings_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every finding and every statement for all patients, wherever it stands."""
    if isinstance(value, dict):
        if value.keys() >= FINDING:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from findings_in(item)


def sound(finding: dict[str, Any]) -> None:
    """Assert what the contract says of every finding."""
    assert finding["severity"] in ("info", "warning", "critical")
    assert finding["message"].strip() == finding["message"] != ""
    assert "--" not in finding["message"], "a message names no option"
    assert "{" not in finding["message"], "a value was not put in"
    source = finding["source"]
    assert source["document"]
    assert source["section"] or source["verified"], "without a section it says why"


@pytest.mark.parametrize("case", _cases(refused=False))
def test_answer(case: dict[str, Any]) -> None:
    arguments = shlex.split(case["run"])
    on = () if "--on" in arguments else ("--on", VERIFIED_ON)
    ran = ruxcalc(*arguments, *on, "-f", "json", stdin=case.get("stdin"))
    assert ran.status == case["status"], ran.err
    answer = json.loads(ran.out, parse_float=Decimal, object_pairs_hook=_unique)
    expected = case["expect"]
    assert expected, "a case without an expectation cannot fail"
    for path, value in expected.items():
        holds(answer, path, value)
    for finding in findings_in(answer):
        sound(finding)
    if "worst" in answer and ran.status in (0, 3) and "--exit-zero" not in arguments:
        assert (ran.status == 3) is (answer["worst"] in ("warning", "critical"))
    for text in case.get("stderr", []):
        assert text in ran.err
    assert ran.status != 4 or "stderr" in case, "a rejected row is named on standard error"


@pytest.mark.parametrize("case", _cases(refused=True))
def test_refusal(case: dict[str, Any]) -> None:
    ran = ruxcalc(*shlex.split(case["run"]), stdin=case.get("stdin"))
    assert (ran.status, ran.out) == (2, "")
    if "stdin" not in case:  # a list names each of its rows
        message, *to_try = ran.err.splitlines()
        assert message.startswith("ruxcalc: "), ran.err
        assert len(to_try) <= 1, ran.err
        assert all(line.startswith("  ruxcalc ") for line in to_try), "a line that can be copied"
    assert case["stderr"], "a refusal says why"
    for text in case["stderr"]:
        assert text in ran.err


def test_case_names_are_unique() -> None:
    ids = [case.id for refused in (True, False) for case in _cases(refused=refused)]
    assert len(ids) == len(set(ids))
