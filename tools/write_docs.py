"""Write the real output below every command and script that the README and the docs show.

    python tools/write_docs.py          rewrites README.md and docs/*.md in place

In a `console` block each line after `$ ` is run, and what it prints is written below it. An
`sh` or `python` block is run whole, and the `text` block right after it is what it prints. A
block below a comment of `MARKED` is left alone. All run in a scratch folder that holds
`examples/`, as on the day on which the facts were verified, so that no page changes with the
calendar. A test compares the pages with what this would write.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ruxcalc.labels import REGIONS, load_all

REPOSITORY = Path(__file__).parent.parent
PAGES = (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md")))
# Not run: the commands of the first steps, which CI runs, and what is only the pattern of a line.
MARKED = re.compile(r"<!-- (install|test|pattern) -->")
BLOCK = re.compile(
    r"^(?P<marker><!-- [^\n]* -->\n)?(?P<fence>```(?P<kind>console|sh|python)\n)(?P<body>.*?)^```\n"
    r"(?P<between>\n```text\n)?(?(between)(?P<output>.*?)^```\n)",
    re.MULTILINE | re.DOTALL,
)
# Stands before the command in the scratch folder. What `plan`, `--start` and `--check` answer is
# of a day, so that a page has to name it; elsewhere the day only decides how old the facts are.
ON_THAT_DAY = """\
#!/bin/sh
for word in "${{@:---help}}"; do
    case $word in plan|schema|help|--start|--check|--on|--on=*|--version|--help) exec {command} "$@"
    esac
done
exec {command} "$@" --on {day}
"""


class Shell:
    """Run what is shown, in one scratch folder for each page."""

    def __init__(self, folder: Path) -> None:
        beside = Path(sys.executable).parent
        tools = folder / "tools"
        self._work = folder / "work"
        tools.mkdir()
        shutil.copytree(REPOSITORY / "examples", self._work / "examples")
        day = min(label.verified_on for label in load_all(REGIONS))
        stand_in = tools / "ruxcalc"
        stand_in.write_text(ON_THAT_DAY.format(command=beside / "ruxcalc", day=day), "utf-8")
        stand_in.chmod(0o755)
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("RUXCALC_") and name not in {"NO_COLOR", "FORCE_COLOR"}
        }
        path = f"{tools}{os.pathsep}{beside}{os.pathsep}{clean['PATH']}"
        self._environment = {**clean, "PATH": path, "COLUMNS": "80"}

    def output_of(self, kind: str, text: str) -> str:
        """Return what `text` prints on a terminal of 80 columns: answer and messages."""
        done = subprocess.run(
            [sys.executable if kind == "python" else "bash", "-c", text],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            cwd=self._work,
            env=self._environment,
        )
        return done.stdout

    def written(self, block: re.Match[str]) -> str:
        """Return a block with its output in place."""
        marker, kind, body = block["marker"] or "", block["kind"], block["body"]
        if MARKED.match(marker) or not has_tools_for(body):
            return block[0]
        if kind == "console":
            lines = [line for line in body.splitlines() if line.startswith("$ ")]
            body = "".join(f"{line}\n{self.output_of('sh', line[2:])}" for line in lines)
        text = f"{marker}{block['fence']}{body}```\n"
        if block["between"]:
            text += f"{block['between']}{self.output_of(kind, body)}```\n"
        return text


def has_tools_for(body: str) -> bool:
    """Return whether this machine has the one tool that a page uses and that is not everywhere."""
    return "jq" not in body.split() or shutil.which("jq") is not None


def with_output(text: str) -> str:
    """Return `text` with the output of each command and script in its place."""
    with tempfile.TemporaryDirectory() as folder:
        return BLOCK.sub(Shell(Path(folder)).written, text)


PICTURE = REPOSITORY / "docs" / "screen.svg"
PICTURED = "ruxcalc dose --bsa 8 -r eu"


def picture() -> str:
    """Return the terminal after the pictured command as SVG, with its colours and no fonts."""
    from rich.console import Console
    from rich.text import Text

    with tempfile.TemporaryDirectory() as folder:
        shown = Shell(Path(folder)).output_of("sh", f"{PICTURED} --color always")
    console = Console(record=True, width=80, file=io.StringIO())
    console.print(Text(f"$ {PICTURED}", style="bold"))
    console.print(Text.from_ansi(shown.rstrip()))
    drawn = console.export_svg(title="ruxcalc", unique_id="screen")
    # Fonts that a browser would fetch, and a comment of the tool, are left out.
    drawn = re.sub(r"@font-face \{[^}]*\}\s*|<!--.*?-->\s*", "", drawn, flags=re.DOTALL)
    lines = drawn.replace("Fira Code", "monospace").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(with_output(page.read_text("utf-8")), "utf-8")
    PICTURE.write_text(picture(), "utf-8")
