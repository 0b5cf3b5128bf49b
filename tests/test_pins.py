"""The pins are complete, fit the bounds and name no host; each dependency has its reason."""

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
# Each file of pins, and the extras whose dependencies it must hold.
FILES = {"runtime": (), "dev": ("dev",)}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def direct(*extras: str) -> Iterator[Requirement]:
    """Yield what the project requires by name, the extras that an extra names included."""
    optional = PROJECT["optional-dependencies"]
    for line in (*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])):
        requirement = Requirement(line)
        if requirement.name == PROJECT["name"]:
            yield from direct(*requirement.extras)
        else:
            yield requirement


def pins(name: str) -> dict[str, tuple[Requirement, int]]:
    """Return each pin of a file, with how many files of that release it accepts."""
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text("ascii")
    joined = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "")
    found = [Requirement(line.split("--hash")[0]) for line in joined.splitlines()]
    hashes = [len(HASH.findall(line)) for line in joined.splitlines()]
    assert sum(hashes) == text.count("--hash="), "a hash that is none"
    return {pin.name: (pin, count) for pin, count in zip(found, hashes, strict=True)}


@pytest.mark.parametrize("name", FILES)
def test_every_direct_dependency_is_pinned_within_its_bound(name: str) -> None:
    pinned = pins(name)
    for required in direct(*FILES[name]):
        pin, _ = pinned[canonicalize_name(required.name)]
        (exact,) = pin.specifier
        assert required.specifier.contains(exact.version), f"{pin} is not {required}"
        assert pin.marker == required.marker, f"{pin} is not for every platform and Python"


@pytest.mark.parametrize("name", FILES)
def test_every_pin_is_one_version_with_its_hashes(name: str) -> None:
    for pin, count in pins(name).values():
        assert [exact.operator for exact in pin.specifier] == ["=="], pin
        assert not pin.url, pin
        assert count > 0, f"{pin} has no hash"


def test_what_is_tested_is_what_is_installed() -> None:
    dev = pins("dev")
    for name, pinned in pins("runtime").items():
        assert pinned == dev[name]


@pytest.mark.parametrize("name", FILES)
def test_the_pins_name_no_host_and_no_folder(name: str) -> None:
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text("ascii")
    pinned = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)
    assert set(re.findall(r"(?:^|\s)(-[-\w]+)", pinned)) == {"--hash"}
    assert "/" not in pinned
    # Comments name the command that wrote the file, and the files it was written from and to.
    assert {word for word in text.split() if "/" in word} <= {
        "requirements/dev.txt", "requirements/runtime.txt"
    }  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_command_that_wrote_a_file_is_documented(name: str) -> None:
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text("ascii")
    command = text.splitlines()[1].removeprefix("#    ")
    page = (REPOSITORY / "docs" / "supply-chain.md").read_text("ascii")
    assert command in page.replace(" \\\n   ", "")


def test_every_runtime_dependency_has_its_reason() -> None:
    page = (REPOSITORY / "docs" / "supply-chain.md").read_text("ascii")
    table = page.split("<!-- runtime -->\n")[1].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    assert {cells[0]: bool(cells[1]) for cells in cells} == {
        f"`{Requirement(line).name}`": True for line in PROJECT["dependencies"]
    }


def test_the_bounds_of_the_builder_are_one() -> None:
    tested = {required.name: required for required in direct("test")}
    for line in TOML["build-system"]["requires"]:
        assert tested[Requirement(line).name] == Requirement(line)


def test_every_bound_is_from_below_and_only_from_below() -> None:
    for required in direct("dev"):
        assert [bound.operator for bound in required.specifier] == [">="], required
