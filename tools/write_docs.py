"""Write what README and docs show: real outputs, tables made from the program, and the picture.

    python tools/write_docs.py          rewrites README.md, docs/*.md and docs/screen.svg in place

In a `console` block each line after `$ ` is run, and what it prints is written below it. An
`sh` or `python` block is run whole, and the `text` block right after it is what it prints. A
block below a comment of `MARKED` is left alone. All run in a scratch folder that holds
`examples/`, as on the day on which the facts were verified, so that no page changes with the
calendar. Below a comment `<!-- table: NAME -->` stands the table of that name in `TABLES`.
`tests/test_readme.py` compares the pages with what this would write.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from ruxcalc.labels import REGIONS, load_all
from ruxcalc.render.flat import FIELDS
from ruxcalc.render.formats import FORMATS, formats_of
from ruxcalc.rules.findings import FINDINGS

REPOSITORY = Path(__file__).parent.parent
PAGES = (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md")))
# Not run: the commands of the first steps, which CI runs, and what is only the pattern of a line.
MARKED = re.compile(r"<!-- (install|test|pattern) -->")
BLOCK = re.compile(
    r"^(?P<marker><!-- [^\n]* -->\n)?(?P<fence>```(?P<kind>console|sh|python)\n)(?P<body>.*?)^```\n"
    r"(?P<between>\n```text\n)?(?(between)(?P<output>.*?)^```\n)",
    re.MULTILINE | re.DOTALL,
)
# The command in the scratch folder: the installed one, on the day that is shown.
ON_THAT_DAY = """\
#!{python}
from datetime import date
import ruxcalc.clock
ruxcalc.clock.today = lambda: date.fromisoformat("{day}")
from ruxcalc.cli.main import main
main()
"""
# The terminal that is shown, whatever the one is like in which this runs.
OF_A_TERMINAL = {"NO_COLOR", "FORCE_COLOR", "COLORTERM", "LC_ALL"}
TERMINAL = {"TERM": "xterm-256color", "COLUMNS": "80", "LANG": "C.UTF-8"}


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
        stand_in.write_text(ON_THAT_DAY.format(python=sys.executable, day=day), "utf-8")
        stand_in.chmod(0o755)
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("RUXCALC_") and name not in OF_A_TERMINAL
        }
        path = f"{tools}{os.pathsep}{beside}{os.pathsep}{clean['PATH']}"
        self._environment = {**clean, **TERMINAL, "PATH": path}

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


# ---- Tables that are made from the program ----

MADE = re.compile(r"^(<!-- table: ([\w-]+) -->\n)(?:\|.*\n)*", re.MULTILINE)


def markdown_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown."""
    lines = [tuple(head), *map(tuple, rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("| --- ", "|---")


def flat_fields() -> str:
    """Return the fields of a flat row, in their order."""
    return markdown_table(
        ("field", "kind", "meaning"),
        (
            (f"`{'REGION_' if field.by_region else ''}{field.name}`", field.kind, field.meaning)
            for field in FIELDS
        ),
    )


def finding_codes() -> str:
    """Return the codes of the findings, each with its severity and what it asks."""
    return markdown_table(
        ("code", "severity", "action"),
        (
            (f"`{re.sub('{.*?}', 'WEEK', code)}`", kind.severity, f"`{kind.action}`")
            for code, kind in FINDINGS.items()
        ),
    )


def formats() -> str:
    """Return the formats of each command, the default first; commands with the same in a row."""
    by_formats: dict[tuple[str, ...], list[str]] = {}
    for command in dict.fromkeys(name for row in FORMATS.values() for name in row.commands):
        by_formats.setdefault(formats_of(command), []).append(command)
    return markdown_table(
        ("commands", "formats"),
        ((listed(commands), listed(names)) for names, commands in by_formats.items()),
    )


def listed(words: Iterable[str]) -> str:
    """Return some words in backticks, with commas."""
    return ", ".join(f"`{word}`" for word in words)


TABLES: dict[str, Callable[[], str]] = {
    "fields": flat_fields,
    "findings": finding_codes,
    "formats": formats,
}


def with_tables(text: str) -> str:
    """Return `text` with each table that is made from the program in its place."""
    return MADE.sub(lambda made: made[1] + TABLES[made[2]](), text)


def with_output(text: str) -> str:
    """Return `text` with each table, and the output of each command and script, in its place."""
    with tempfile.TemporaryDirectory() as folder:
        return BLOCK.sub(Shell(Path(folder)).written, with_tables(text))


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
