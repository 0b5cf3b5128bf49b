"""Node, its packages and a browser for the tests of the questionnaire and the page.

They are installed into the user's cache, outside the repository, from the versions and hashes of
`tests/node/package-lock.json`. Where something cannot be had, the test is skipped and says why.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent / "node"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ruxcalc-tests"
PACKED = "lforms-40.1.3"  # as a whole it asks for hundreds of packages that its files hold
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PATIENCE = 240  # seconds


def node(script: str, *arguments: str | Path, needs: Path) -> Any:
    """Run a script of `tests/node` with the packages of `needs`; return the JSON that it prints."""
    done = subprocess.run(
        ["node", str(SCRIPTS / script), *map(str, arguments)],
        capture_output=True, check=False, timeout=PATIENCE,
        env={**os.environ, "PACKAGES": str(needs), "CHROMIUM": CHROMIUM},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return json.loads(done.stdout)


def packages() -> Path:
    """Return the folder of the packages of `tests/node/package-lock.json`."""
    lock = SCRIPTS / "package-lock.json"
    return _cached(f"node-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}", _install)


def lforms() -> Path:
    """Return the folder of LHC-Forms."""
    return _cached(PACKED, _unpack)


def chromium() -> Path:
    """Return the packages that drive a browser, where there is one to drive."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    return packages()


def _cached(name: str, make: Callable[[Path], None]) -> Path:
    place = CACHE / name
    if place.is_dir():
        return place
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"there is no {tool} here")
    CACHE.mkdir(parents=True, exist_ok=True)
    begun = Path(tempfile.mkdtemp(dir=CACHE))
    try:
        make(begun)
        begun.rename(place)
    except (subprocess.SubprocessError, OSError) as error:
        if not place.is_dir():  # another process may have been first
            pytest.skip(f"the packages cannot be installed here: {type(error).__name__}")
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return place


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SCRIPTS / name, folder)
    _npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def _unpack(folder: Path) -> None:
    name, _, version = PACKED.rpartition("-")
    _npm(folder, "pack", f"{name}@{version}")
    with tarfile.open(folder / f"{PACKED}.tgz") as archive:
        archive.extractall(folder, filter="data")


def _npm(folder: Path, *arguments: str) -> None:
    subprocess.run(["npm", *arguments], cwd=folder, check=True, capture_output=True,
                   timeout=PATIENCE)  # fmt: skip
