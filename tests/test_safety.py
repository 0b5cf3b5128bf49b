"""The hazard log: whole, current, and held by tests that exist, run and pass.

A test that fails or is missing fails the suite anyway, however it is spread over processes; here
it is held that a control names a test that is there and that nothing skips.
"""

import ast
import runpy
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import OUTCOMES

REPOSITORY = Path(__file__).parent.parent
TESTS = REPOSITORY / "tests"
SAFETY = REPOSITORY / "docs" / "safety"
TOOL = runpy.run_path(str(REPOSITORY / "tools" / "write_safety.py"))
LOG: dict[str, Any] = TOOL["read"]()
HAZARDS = LOG["hazard"]
WORDS = ("id", "title", "goes_wrong", "cause", "effect", "remains")
CONTROLS = [
    pytest.param(control, id=f"{hazard['id']} control {number}")
    for hazard in HAZARDS
    for number, control in enumerate(hazard["control"], 1)
]


def test_hazards_are_numbered_one_after_the_other() -> None:
    assert [h["id"] for h in HAZARDS] == [f"RUX-{n:02}" for n in range(1, len(HAZARDS) + 1)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_each_hazard_is_whole_and_its_controls_make_it_no_worse(hazard: dict[str, Any]) -> None:
    assert hazard.keys() == {*WORDS, "before", "after", "control"}
    for word in WORDS:
        assert hazard[word].isascii()
        assert hazard[word].strip()
        assert "|" not in hazard[word], "it would split a cell of the page"
    assert hazard["control"]
    for control in hazard["control"]:
        assert control.keys() == {"says", "tests"}
        assert control["says"].count(". ") == 0, "a control is one sentence"
        assert control["says"].endswith(".")
    assert hazard["before"].keys() == hazard["after"].keys() == {"severity", "likelihood"}
    for scale in ("severity", "likelihood"):
        steps = TOOL["names"](LOG[scale])
        assert steps.index(hazard["after"][scale]) <= steps.index(hazard["before"][scale])
    assert hazard["after"] != hazard["before"], "what do the controls do?"
    assert TOOL["risk"](LOG, hazard["after"]) in ("low", "medium")


def test_graver_or_likelier_is_never_less_risk() -> None:
    risks = [["low", "medium", "high"].index(risk) for row in LOG["severity"]
             for risk in row["risk"]]  # fmt: skip
    across = len(LOG["likelihood"])
    rows = [risks[at : at + across] for at in range(0, len(risks), across)]
    assert len(rows) == len(LOG["severity"])
    for line in (*rows, *zip(*rows, strict=True)):
        assert list(line) == sorted(line)


@cache
def functions(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.FunctionDef)}  # fmt: skip


@cache
def cases(path: Path) -> dict[str, str]:
    return {case["name"]: "test_refusal" if case["status"] == 2 else "test_answer"
            for case in tomllib.loads(path.read_text("utf-8"))["case"]}  # fmt: skip


def node_of(named: str) -> tuple[str, bool]:
    """Return the test that a control names, as pytest calls it, and whether it exists."""
    file, colon, case = named.partition(": ")
    if colon:
        path = REPOSITORY / file
        known = cases(path) if path.is_file() else {}
        return f"tests/test_cases.py::{known.get(case)}[{path.stem}: {case}]", case in known
    file, _, function = named.partition("::")
    path = REPOSITORY / file
    return named, path.is_file() and path.parent == TESTS and function in functions(path)


NOT_RUN = ("skip", "skipif", "xfail")


@pytest.mark.parametrize("control", CONTROLS)
def test_what_holds_a_control_exists_and_is_run(
    control: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    assert control["tests"], "no test holds it"
    for named in control["tests"]:
        node, exists = node_of(named)
        assert exists, f"{named} does not exist"
        # Each process of pytest-xdist collects every test and runs some of them.
        collected = [item for item in request.session.items
                     if item.nodeid == node or item.nodeid.startswith(f"{node}[")]  # fmt: skip
        for item in collected:
            # A `skipif` whose condition does not hold here does not skip.
            marks = [mark.name for mark in item.iter_markers() if mark.name in NOT_RUN
                     and (mark.name != "skipif" or any(mark.args))]  # fmt: skip
            assert not marks, f"{named}: {marks}"
        ran = {OUTCOMES[item.nodeid] for item in collected if item.nodeid in OUTCOMES}
        assert ran <= {"passed"}, f"{named}: {ran}"


def test_the_page_is_current() -> None:
    page = (SAFETY / "README.md").read_text("utf-8")
    assert TOOL["with_log"](page) == page, "run tools/write_safety.py"


@pytest.mark.parametrize("path", sorted(SAFETY.glob("*.md")), ids=lambda path: path.name)
def test_what_a_page_points_to_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.isascii()
    for piece in text.replace("](", "` `").replace(")", "`").split("`")[1::2]:
        if piece.endswith(".md"):
            assert (SAFETY / piece).is_file() or (REPOSITORY / piece).is_file(), piece
        elif piece.startswith(("src/", "docs/", "tools/", "tests/")) and ":" not in piece:
            assert (REPOSITORY / piece).exists(), piece
