"""Build `ruxcalc.pyz`: the program in one file, for a computer with nothing but Python 3.11.

python tools/build_pyz.py -o ruxcalc.pyz

It holds this package, what its pages and tables are written with (Jinja2, MarkupSafe, Rich: pure
Python, as they are installed here), their licences, and the help of each command as Typer writes
it. The same files give the same bytes. JSON Schemas, calendars and completion are not in it.
"""

import argparse
import io
import os
import shutil
import tempfile
import time
import zipapp
from contextlib import redirect_stdout
from importlib.metadata import distribution
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parent.parent
BUNDLED = ("jinja2", "markupsafe", "rich")
INTERPRETER = "/usr/bin/env python3"
MOMENT = 1_577_880_000  # of every file, 2020-01-01 12:00 UTC: the day is the same everywhere
COLUMNS = "80"


def build(target: Path) -> Path:
    """Write the single file to `target` and return it."""
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder)
        stage(staged)
        for path in sorted(staged.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (MOMENT, MOMENT))
        with patch.dict(os.environ, TZ="UTC"):  # an archive holds local times
            if hasattr(time, "tzset"):
                time.tzset()
            zipapp.create_archive(staged, target, INTERPRETER, compressed=True)
    return target


def stage(folder: Path) -> None:
    """Put into `folder` what the file is to hold."""
    shutil.copytree(
        ROOT / "src" / "ruxcalc",
        folder / "ruxcalc",
        ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "app.py", "complete.py"),
    )
    shutil.copy(ROOT / "tools" / "pyz_start.py", folder / "__main__.py")
    licences = folder / "licences"
    licences.mkdir()
    shutil.copy(ROOT / "LICENSE", licences / "ruxcalc.txt")
    for name in BUNDLED:
        bundle(name, folder, licences)
    write_help(folder / "ruxcalc" / "help")


def bundle(name: str, folder: Path, licences: Path) -> None:
    """Copy the Python files of an installed library, and its licence."""
    for file in distribution(name).files or ():
        source = Path(str(file.locate()))
        if file.suffix == ".py" and ".." not in file.parts:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / file)
        elif "LICEN" in file.name.upper():
            shutil.copy(source, licences / f"{name}.txt")


def write_help(folder: Path) -> None:
    """Write the help of the program and of each command into `folder`."""
    from ruxcalc.cli.main import run
    from ruxcalc.cli.options import COMMANDS

    folder.mkdir()
    for name in ("ruxcalc", *COMMANDS):
        shown = io.StringIO()
        with redirect_stdout(shown), patch.dict(os.environ, COLUMNS=COLUMNS, NO_COLOR="1"):
            status = run([*([name] if name in COMMANDS else []), "--help"])
        assert status == 0, name
        (folder / f"{name}.txt").write_text(shown.getvalue(), "utf-8")


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("ruxcalc.pyz"))
    target = build(parser.parse_args().output)
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
