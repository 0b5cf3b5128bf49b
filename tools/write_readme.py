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


def output_of(line: str) -> str:
    """What the command prints in a pipe, at the usual width."""
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
    return SHOWN.sub(
        lambda shown: f"```console\n$ ruxcalc {shown[1]}\n{output_of(shown[1])}```", text
    )


if __name__ == "__main__":
    README.write_text(with_output(README.read_text("utf-8")), "utf-8")
