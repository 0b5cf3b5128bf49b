"""The shape of the house: who may import whom, and what start-up may not load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ruxcalc

# Beside the imported package, whose __init__ the checker reads from its stub.
ROOT = Path(str(ruxcalc.__file__)).parent
INNER = ("errors", "numbers", "inputs", "patient", "figures", "trials", "answers", "labels",
         "rules")  # fmt: skip
# For each room, the rooms it may import from; a room may always import from itself.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "errors": (),
    "numbers": (),
    "answers": (),
    "inputs": ("errors", "numbers"),
    "patient": ("errors", "inputs"),
    "labels": ("answers",),
    "figures": ("labels",),
    "trials": ("answers", "figures"),
    "rules": ("trials", "answers", "errors", "figures", "inputs", "labels", "numbers", "patient"),
    "clock": (),
    "streams": ("errors",),
    "schema": ("answers", "batch", "inputs", "numbers", "patient"),
    "batch": ("answers", "api", "errors", "inputs", "labels", "patient", "render", "rules",
              "streams"),
    "render": ("answers", "errors", "inputs", "labels", "numbers"),
    "api": ("answers", "clock", "errors", "inputs", "labels", "patient", "rules"),
    "cli": ("answers", "api", "batch", "errors", "inputs", "labels", "patient", "render", "schema",
            "streams"),
    "__main__": ("cli",),
    "__init__": ("api", "errors"),
}
THIRD_PARTY = {"render": {"rich", "icalendar", "plotille"}, "cli": {"typer"}, "batch": {"rich"},
               "schema": {"pydantic"}}  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            module = str(node.module)
            names |= {f"{module}.{alias.name}" if module == "ruxcalc" else module
                      for alias in node.names}  # fmt: skip
    return names


FILES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_inward(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        top, *rest = name.split(".")
        if top == "ruxcalc":
            there = rest[0] if rest else "__init__"
            allowed = (*MAY_IMPORT[here], here, "__version__")
            assert there in allowed, f"{here} imports {name}"
        elif top not in sys.stdlib_module_names:
            assert top in THIRD_PARTY.get(here, ()), f"{here} imports {name}"


NETWORK = {"socket", "ssl", "asyncio", "http", "urllib", "xmlrpc", "ftplib", "smtplib", "imaplib",
           "poplib", "socketserver", "webbrowser", "subprocess"}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_opens_a_network_connection(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & NETWORK


CLOCKS = {"today", "now", "utcnow", "time", "monotonic", "open", "print", "input", "random"}


@pytest.mark.parametrize("path", [path for path in FILES if room(path) in INNER],
                         ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_the_inner_rooms_have_no_clock_no_chance_and_no_output(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            assert name not in CLOCKS, f"line {node.lineno} calls {name}"


@pytest.mark.parametrize("form", [["-q"], ["-f", "json"], ["-f", "note"], ["--get", "inputs.bsa"]])
def test_script_forms_load_neither_typer_nor_rich_nor_pydantic(form: list[str]) -> None:
    script = (
        "import sys; from ruxcalc.cli.main import run; run(sys.argv[1:]);"
        "print([m for m in ('typer', 'rich', 'pydantic', 'dataclasses', 'inspect', 'difflib')"
        " if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, "dose", "--bsa", "8", *form],
                          capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    assert done.stderr == "[]\n"
