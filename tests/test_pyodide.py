"""The tests pass under the newest Python that is declared: the one of Pyodide, in Node.js."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
DECLARED = "Programming Language :: Python :: 3."


@pytest.mark.slow
def test_the_tests_pass_under_the_newest_python_that_is_declared() -> None:
    done = subprocess.run([sys.executable, str(REPOSITORY / "tools" / "run_in_pyodide.py")],
                          capture_output=True, text=True, check=False, timeout=1200)  # fmt: skip
    if done.stderr.startswith("Pyodide cannot be had here"):
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, (done.stdout + done.stderr)[-9000:]
    print(done.stdout.partition("short test summary")[2])  # noqa: T201 - for -s
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    newest = [name for name in project["classifiers"] if name.startswith(DECLARED)][-1]
    assert done.stdout.startswith(f"Python {newest.rpartition(' ')[2]}.")
    # Nothing else says that the tests were found there, and how many of them were left out.
    ((passed, skipped),) = re.findall(r"(\d+) passed, (\d+) skipped", done.stdout)
    assert int(passed) > 6000
    assert int(skipped) < int(passed) / 10
