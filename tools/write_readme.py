"""Write the real output below every command that the README shows.

    python tools/write_readme.py        rewrites README.md in place

A test compares the README with what this would write.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
RUXCALC = str(Path(sys.executable).parent / "ruxcalc")
SHOWN = re.compile(r"^```console\n\$ ruxcalc ([^\n]*)\n.*?^```$", re.MULTILINE | re.DOTALL)

BATCH_SAYS = re.compile(r"(^<!-- batch -->\n```text\n).*?(^```$)", re.MULTILINE | re.DOTALL)


def output_of(line: str) -> str:
    """What the command prints in a pipe, at the usual width."""
    if line.startswith("batch "):  # its answers go to files
        return ""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RUXCALC_")}
    done = subprocess.run(
        [RUXCALC, *shlex.split(line)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**clean, "COLUMNS": "80"},
    )
    return done.stdout


def with_output(text: str) -> str:
    """`text` with the output of each shown command in its place."""
    text = SHOWN.sub(
        lambda shown: f"```console\n$ ruxcalc {shown[1]}\n{output_of(shown[1])}```", text
    )
    return BATCH_SAYS.sub(lambda said: f"{said[1]}{last_words()}{said[2]}", text)


def last_words() -> str:
    """The last line that `batch` says of the example."""
    done = subprocess.run(
        [RUXCALC, "batch", "examples/cohort.csv", "-q"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=README.parent,
    )
    return done.stderr.splitlines()[-1] + "\n"


if __name__ == "__main__":
    README.write_text(with_output(README.read_text("utf-8")), "utf-8")
