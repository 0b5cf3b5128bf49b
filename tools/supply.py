"""The supply chain in one command: pins, trials of the bounds, audit.

    python tools/supply.py pin              writes requirements/*.txt; a pin that fits is kept
    python tools/supply.py pin --upgrade    the same with the newest version of everything
    python tools/supply.py try lowest       tests with the lowest version that each bound allows
    python tools/supply.py try newest       tests with the newest versions
    python tools/supply.py try pinned       tests with the pinned versions
    python tools/supply.py audit            looks for known vulnerabilities of what is pinned

`try` packs the sources, builds the wheel from that archive, installs it in an environment
of its own and runs tests, linters and type checker in the unpacked archive; `--python` takes
another interpreter. Everything is in the extra `dev`. docs/supply-chain.md says when to use what.
"""

import argparse
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
PINS = ROOT / "requirements"
CHECKS = ("pytest", "ruff check .", "ruff format --check .", "mypy")
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}


def run(*command: object, cwd: Path = ROOT) -> None:
    """Say a command and run it; what it fails with ends this one too."""
    words = [str(word) for word in command]
    print("$", *words, flush=True)
    done = subprocess.run(words, cwd=cwd, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def uv(*words: object) -> None:
    """Run uv, which must not fetch interpreters, and whose settings are those given here."""
    run(sys.executable, "-m", "uv", "--no-config", "--no-python-downloads", "--quiet", *words)


def pin(*, upgrade: bool) -> None:
    """Write the exact versions and hashes for every platform and every Python from the lowest."""
    dev, test = PINS / "dev.txt", PINS / "test.txt"
    pin_extra(dev, *(["--upgrade"] if upgrade else []))
    # The pins of a file that is there are kept: what is tested is what is developed with.
    shutil.copy(dev, test)
    pin_extra(test)


def pin_extra(file: Path, *options: str) -> None:
    """Write the file of one extra, which it is named after."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    uv(
        *("pip", "compile", "--universal", "--generate-hashes"),
        *("--python-version", project["requires-python"].removeprefix(">=")),
        # An index, a mirror or a folder of the machine is nobody else's business.
        *("--no-emit-index-url", "--no-emit-find-links"),
        *("--custom-compile-command", "python tools/supply.py pin"),
        *options,
        *("--extra", file.stem, "pyproject.toml", "--output-file", file.relative_to(ROOT)),
    )


def attempt(which: str, python: str) -> None:
    """Run every check on the built package with the versions asked for."""
    with TemporaryDirectory() as name:
        work = Path(name)
        uv("build", "--out-dir", work / "dist", ROOT)
        (archive,), (wheel,) = work.glob("dist/*.tar.gz"), work.glob("dist/*.whl")
        with tarfile.open(archive) as packed:
            packed.extractall(work, filter="data")
        tree = work / archive.name.removesuffix(".tar.gz")
        uv("venv", "--seed", "--python", python, work / "env")
        install = ("pip", "install", "--python", work / "env")
        if which == "pinned":
            uv(*install, "--require-hashes", "--requirements", PINS / "dev.txt")
        else:
            # From the project and not from the wheel, of which nothing would be direct but itself.
            uv(*install, "--resolution", RESOLUTIONS[which], "--extra", "dev", "--requirements",
               ROOT / "pyproject.toml")  # fmt: skip
        uv(*install, "--no-deps", wheel)
        run(sys.executable, "-m", "uv", "pip", "list", "--python", work / "env")
        for check in CHECKS:
            run(work / "env" / "bin" / "python", "-m", *check.split(), cwd=tree)


def audit(service: str) -> None:
    """Look up every pinned version; one that cannot be looked up is a failure too."""
    asked = ["--vulnerability-service", service] if service else []
    run(sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes",
        *asked, "--requirement", PINS / "dev.txt")  # fmt: skip


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("pin").add_argument("--upgrade", action="store_true")
    trial = tasks.add_parser("try")
    trial.add_argument("which", choices=[*RESOLUTIONS, "pinned"])
    trial.add_argument("--python", default=sys.executable, help="the interpreter (default: this)")
    tasks.add_parser("audit").add_argument(
        "--service", default="", help="osv, say; usual if left out"
    )
    given = parser.parse_args()
    if given.task == "pin":
        pin(upgrade=given.upgrade)
    elif given.task == "try":
        attempt(given.which, given.python)
    else:
        audit(given.service)


if __name__ == "__main__":
    main()
