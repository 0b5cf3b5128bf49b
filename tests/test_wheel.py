"""What is packed is the package, all of it and nothing else; and it is what is tested."""

import json
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import CLEAN

import ruxcalc

REPOSITORY = Path(__file__).parent.parent
SOURCES = REPOSITORY / "src"
# Beside the code itself; a kind of file that is new to the package is decided on here.
KINDS = {".css", ".csv", ".j2", ".py", ".svg", ".typed"}


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


def build(tree: Path, to: Path, *targets: str) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(to),
                    *(word for target in targets for word in ("-t", target))],
                   cwd=tree, check=True, capture_output=True)  # fmt: skip


class Built(NamedTuple):
    """What a release consists of."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    to = tmp_path_factory.mktemp("dist")
    build(REPOSITORY, to, "sdist", "wheel")
    (wheel,), (sdist,) = to.glob("*.whl"), to.glob("*.tar.gz")
    return Built(wheel, sdist)


def test_the_wheel_holds_the_package_and_nothing_else(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = wheel.namelist()
        about = f"ruxcalc-{ruxcalc.__version__}.dist-info/"
        licence = wheel.read(f"{about}licenses/LICENSE")
    assert len(names) == len(set(names))
    packed = {name for name in names if not name.startswith(about)}
    assert packed == files(SOURCES)
    assert {Path(name).suffix for name in packed} <= KINDS
    assert {name.removeprefix(about) for name in set(names) - packed} == {
        "METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}  # fmt: skip
    assert licence == (REPOSITORY / "LICENSE").read_bytes()


def test_the_sources_build_the_same_wheel(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.sdist) as sdist:
        sdist.extractall(tmp_path, filter="data")
    tree = tmp_path / built.sdist.name.removesuffix(".tar.gz")
    # The tests, the tools and what they read are packed; caches and environments are not.
    for folder in (".github", "src", "tests", "tools", "docs", "examples", "requirements"):
        assert files(tree / folder) == files(REPOSITORY / folder), folder
    assert {path.name for path in tree.iterdir()} == {
        ".ci", ".github", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md",
        "LICENSE", "PKG-INFO", "README.md", "SECURITY.md", "benchmarks", "cosmic-ray.toml", "docs",
        "examples", "pyproject.toml", "requirements", "src", "tests", "tools",
    }  # fmt: skip
    build(tree, tmp_path / "again", "wheel")
    assert (tmp_path / "again" / built.wheel.name).read_bytes() == built.wheel.read_bytes()


def test_the_wheel_answers_where_it_alone_is_installed(built: Built, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
                    "--target", str(alone), str(built.wheel)], check=True)  # fmt: skip
    env = {**CLEAN, "PYTHONPATH": str(alone)}
    where = [sys.executable, "-c", "import ruxcalc; print(ruxcalc.__file__)"]
    command = [str(alone / "bin" / "ruxcalc"), "dose", "--bsa", "8", "--get", "use.grams_per_week"]
    said = [subprocess.check_output(line, cwd=tmp_path, env=env, encoding="utf-8").strip()
            for line in (where, command)]  # fmt: skip
    assert said == [str(alone / "ruxcalc" / "__init__.py"), "28"]


def test_what_is_tested_is_what_was_installed() -> None:
    package = Path(str(ruxcalc.__file__)).parent
    origin = json.loads(distribution("ruxcalc").read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        assert package.parent == SOURCES
    else:
        # Not the sources that lie beside the tests; and not an installation older than they.
        assert package.parent.samefile(sysconfig.get_path("purelib"))
        assert files(package) == files(SOURCES / "ruxcalc")
        for name in files(package):
            there, here = package / name, SOURCES / "ruxcalc" / name
            assert there.read_bytes() == here.read_bytes(), f"{name}: install again"
