"""The pins are whole, fit the bounds and name no host; each dependency is there for a reason."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parent.parent
TOML = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
PROJECT = TOML["project"]
FILES = ("test", "dev")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def direct(*extras: str) -> Iterator[Requirement]:
    """What the project asks for by name, the extras that an extra names included."""
    optional = PROJECT["optional-dependencies"]
    for line in (*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])):
        wanted = Requirement(line)
        if wanted.name == PROJECT["name"]:
            yield from direct(*wanted.extras)
        else:
            yield wanted


def pins(name: str) -> dict[str, tuple[Requirement, int]]:
    """Each pin of a file, with how many files of that release it takes."""
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text("ascii")
    joined = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "")
    found = [Requirement(line.split("--hash")[0]) for line in joined.splitlines()]
    hashes = [len(HASH.findall(line)) for line in joined.splitlines()]
    assert sum(hashes) == text.count("--hash="), "a hash that is none"
    return {pin.name: (pin, count) for pin, count in zip(found, hashes, strict=True)}


@pytest.mark.parametrize("name", FILES)
def test_every_direct_dependency_is_pinned_within_its_bound(name: str) -> None:
    pinned = pins(name)
    for wanted in direct(name):
        pin, _ = pinned[canonicalize_name(wanted.name)]
        (exact,) = pin.specifier
        assert wanted.specifier.contains(exact.version), f"{pin} is not {wanted}"
        assert pin.marker == wanted.marker, f"{pin} is not for every platform and Python"


@pytest.mark.parametrize("name", FILES)
def test_every_pin_is_one_version_with_its_hashes(name: str) -> None:
    for pin, count in pins(name).values():
        assert [exact.operator for exact in pin.specifier] == ["=="], pin
        assert not pin.url, pin
        assert count > 0, f"{pin} has no hash"


def test_what_is_tested_is_what_is_developed_with() -> None:
    dev = pins("dev")
    for name, pinned in pins("test").items():
        assert pinned == dev[name]


@pytest.mark.parametrize("name", FILES)
def test_the_pins_name_no_host_and_no_folder(name: str) -> None:
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text("ascii")
    # Of options, there are hashes; a slash stands in the line that says how to write the file.
    assert set(re.findall(r"(?:^|\s)(-[-\w]+)", text)) == {"--hash"}
    assert re.findall(r".*/.*", text) == ["#    python tools/supply.py pin"]


def test_every_runtime_dependency_has_its_reason() -> None:
    page = (REPOSITORY / "docs" / "supply-chain.md").read_text("ascii")
    table = page.split("<!-- runtime -->\n")[1].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    assert {cells[0]: bool(cells[1]) for cells in cells} == {
        f"`{Requirement(line).name}`": True for line in PROJECT["dependencies"]
    }


def test_the_bounds_of_the_builder_are_one() -> None:
    tested = {wanted.name: wanted for wanted in direct("test")}
    for line in TOML["build-system"]["requires"]:
        assert tested[Requirement(line).name] == Requirement(line)


def test_every_bound_is_from_below_and_only_from_below() -> None:
    for wanted in direct("dev"):
        assert [bound.operator for bound in wanted.specifier] == [">="], wanted
