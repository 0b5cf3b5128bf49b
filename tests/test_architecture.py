"""The shape of the package: who imports whom, what start-up loads, and how the text is written."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import ruxcalc

ROOT = Path(str(ruxcalc.__file__)).parent
REPOSITORY = Path(__file__).parent.parent
MODULES = sorted(ROOT.rglob("*.py"))
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))

# What a part may not import, beyond the rule that nothing imports in a circle.
INTERFACES = {"api", "batch", "cli", "fhir", "render", "schema", "__init__", "__main__"}
MAY_NOT_IMPORT = {
    "errors": INTERFACES | {"rules", "labels", "patient", "inputs", "numbers"},
    "numbers": INTERFACES | {"rules", "labels", "patient"},
    "inputs": INTERFACES | {"rules", "labels"},
    "patient": INTERFACES | {"rules"},
    "labels": INTERFACES | {"rules", "patient"},
    "figures": INTERFACES | {"rules", "patient"},
    "trials": INTERFACES | {"rules", "patient"},
    "results": INTERFACES | {"rules", "patient"},
    "rules": INTERFACES,
    "render": {"api", "batch", "cli", "fhir", "__main__"},
    "api": {"batch", "cli", "render", "__main__"},
    "batch": {"cli", "__main__"},
    "schema": {"cli", "__main__"},
    "fhir": {"cli", "__main__"},
    "questionnaire": {"cli", "__main__"},
}
PURE = ("errors", "numbers", "inputs", "patient", "figures", "trials", "results", "labels", "rules")
# The parts that may use a library, and which.
LIBRARIES = {"render": {"rich", "icalendar", "jinja2", "markupsafe"},
             "cli": {"typer", "rich"}, "batch": {"rich"}, "schema": {"pydantic"},
             "fhir": {"pydantic"}}  # fmt: skip
NETWORK = {"socket", "ssl", "asyncio", "http", "urllib", "xmlrpc", "ftplib", "smtplib", "imaplib",
           "poplib", "socketserver", "webbrowser", "subprocess"}  # fmt: skip
IMPURE = {"today", "now", "utcnow", "time", "monotonic", "print", "input", "random"}


def part_of(path: Path) -> str:
    """Return the module or package of the first level that a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports_of(path: Path) -> set[str]:
    """Return every name that a file imports, wherever the import stands."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            module = str(node.module)
            names |= {f"{module}.{alias.name}" if module == "ruxcalc" else module
                      for alias in node.names}  # fmt: skip
    return names


def parts_used_by(path: Path) -> set[str]:
    """Return the parts of the package that a file imports, but for its own."""
    inner = [name.split(".") for name in imports_of(path) if name.split(".")[0] == "ruxcalc"]
    used = {parts[1] if len(parts) > 1 else "__init__" for parts in inner}
    return used - {part_of(path), "__version__"}


def test_nothing_imports_in_a_circle() -> None:
    uses: dict[str, set[str]] = {}
    for path in MODULES:
        uses.setdefault(part_of(path), set()).update(parts_used_by(path))
    try:
        tuple(TopologicalSorter(uses).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@each_module
def test_imports_point_downward(path: Path) -> None:
    above = parts_used_by(path) & MAY_NOT_IMPORT.get(part_of(path), set())
    assert not above, f"{part_of(path)} imports {', '.join(sorted(above))}"


@each_module
def test_a_library_is_imported_only_where_it_is_used(path: Path) -> None:
    libraries = {name.split(".")[0] for name in imports_of(path)} - {"ruxcalc"}
    assert libraries - sys.stdlib_module_names <= LIBRARIES.get(part_of(path), set())


@each_module
def test_no_module_opens_a_network_connection(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports_of(path)} & NETWORK


@pytest.mark.parametrize("path", [path for path in MODULES if part_of(path) in PURE],
                         ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_rules_and_labels_have_no_clock_no_chance_and_no_output(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            assert name not in IMPURE, f"line {node.lineno} calls {name}"


@pytest.mark.parametrize("form", [["-q"], ["-f", "json"], ["-f", "note"], ["--get", "inputs.bsa"]])
def test_script_forms_load_neither_typer_nor_rich_nor_pydantic(form: list[str]) -> None:
    script = (
        "import sys; from ruxcalc.cli.main import run; run(sys.argv[1:]);"
        "print([m for m in ('typer', 'rich', 'pydantic', 'jinja2', 'dataclasses', 'inspect',"
        " 'difflib') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, "dose", "--bsa", "8", *form],
                          capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    assert done.stderr == "[]\n"


# ---- the text ----

LONGEST = 620  # lines of a module; from 400 on it is worth a look whether it is two
LONGER = {
    "patient.py",  # every input is declared in one place
    "cli/app.py",  # one decorated function a command, with its options
}


@each_module
def test_no_module_is_long(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST or name in LONGER, f"{lines} lines"


FOLDERS = (".ci", ".github", "benchmarks", "docs", "examples", "requirements", "src", "tests",
           "tools")  # fmt: skip
KINDS = {".cff", ".css", ".csv", ".j2", ".md", ".py", ".toml", ".txt", ".yml"}
FILES = [
    path
    for place in (REPOSITORY, *(REPOSITORY / folder for folder in FOLDERS))
    for path in sorted(place.glob("*") if place == REPOSITORY else place.rglob("*"))
    if path.is_file() and (path.suffix in KINDS or path.name in {"LICENSE", "run"})
]


def test_every_module_says_what_it_is_for() -> None:
    scripts = [path for path in FILES if path.suffix == ".py"]
    assert [str(path) for path in scripts if not ast.get_docstring(tree_of(path))] == []


# Written with a hyphen or an underscore, so that this file does not hold what it looks for.
NOT_IN_ANY_FILE = {
    "a host of a package registry": "py-pi\\.org|python-hosted|npm-js\\.|crates\\.-io",
    "a path of one machine": r"(?<![\w.~$}])/-(?:root|home|work|opt)/\w",
    "work that is left": r"\bTO-DO\b|\bFIX-ME\b|\bXX-X\b",
}
METAPHOR = re.compile(r"(?<![a-z])(ho_use|ro_om|do_or)s?(?![a-z])".replace("_", ""))
LITERAL = "ro_om temperature".replace("_", "")
NOT_A_NAME = {"told", "wanted", "lasting"}
NOT_A_CLASS = NOT_A_NAME | {"given", "need", "course"}


def lines_that_match(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    """Return each line of the repository in which the pattern is found, with its place."""
    return [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()}"
        for path in FILES
        if not suffixes or path.suffix in suffixes
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line.lower().replace(LITERAL, "") if pattern is METAPHOR else line)
    ]


@pytest.mark.parametrize("what", NOT_IN_ANY_FILE)
def test_no_file_holds(what: str) -> None:
    assert lines_that_match(re.compile(NOT_IN_ANY_FILE[what].replace("-", ""))) == []


def test_the_text_has_no_metaphor() -> None:
    assert lines_that_match(METAPHOR, ".py", ".md", ".toml") == []


@each_module
def test_names_are_terms_of_the_field_or_of_python(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        name = getattr(node, "name", None) or getattr(node, "arg", None) or getattr(node, "id", "")
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", str(name))}
        forbidden = NOT_A_CLASS if isinstance(node, ast.ClassDef) else NOT_A_NAME
        assert not words & forbidden, name
