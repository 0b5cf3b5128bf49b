"""The list of explained survivors of mutation testing still speaks of the code as it stands."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LISTED: list[dict[str, str]] = tomllib.loads(
    (ROOT / "tests" / "mutation" / "explained.toml").read_text("utf-8")
)["explained"]


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: f"{entry['file']}: {entry['line']}")
def test_each_explained_survivor_is_of_a_line_that_stands(entry: dict[str, str]) -> None:
    assert entry.keys() in ({"file", "line", "reason"}, {"file", "line", "becomes", "reason"})
    lines = [line.strip() for line in (ROOT / entry["file"]).read_text("utf-8").splitlines()]
    assert entry["line"] in lines
    assert entry.get("becomes") not in lines
    assert len(entry["reason"]) > 20


def test_no_survivor_is_explained_twice() -> None:
    keys = [(entry["file"], entry["line"], entry.get("becomes", "")) for entry in LISTED]
    assert len(keys) == len(set(keys))
