"""README and docs: what they show is what is printed, what they name is there, and no link is dead.

Outputs are compared with what `tools/write_docs.py` would write, in real processes; everything
else is looked up in the program.
"""

import re
import runpy
import shlex
import shutil
import tomllib
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from conftest import ruxcalc
from test_architecture import MODULES, ROOT, part_of, parts_used_by

from ruxcalc.cli import main, run
from ruxcalc.cli.help_topics import ENVIRONMENT, EXIT_STATUS, HELP_TOPICS
from ruxcalc.cli.options import COMMANDS, options_of, spellings_of
from ruxcalc.labels import REGIONS
from ruxcalc.labels.model import Action, Verified
from ruxcalc.labels.topics import TOPICS
from ruxcalc.patient import INPUTS
from ruxcalc.render.flat import FIELDS
from ruxcalc.results import VERDICTS

REPOSITORY = Path(__file__).parent.parent
TOOL = runpy.run_path(str(REPOSITORY / "tools" / "write_docs.py"))
BLOCK, MARKED = TOOL["BLOCK"], TOOL["MARKED"]
PAGES: dict[str, str] = {
    str(path.relative_to(REPOSITORY)): path.read_text("utf-8") for path in TOOL["PAGES"]
}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
each_page = pytest.mark.parametrize("page", PAGES)


def prose_of(page: str) -> str:
    """Return the text of a page without its boxes."""
    return FENCED.sub("", PAGES[page])


def named_in(page: str) -> list[str]:
    """Return what stands between backticks in the text of a page."""
    return re.findall(r"`([^`\n]+)`", prose_of(page))


def table(page: str, heading: str) -> list[list[str]]:
    """Return the rows below the head of a table, found by its first cell."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGES[page], re.MULTILINE)
    assert found, heading
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in found[1].splitlines()
    ]


def lines_run(page: str) -> list[str]:
    """Return each line of a page that is typed into a shell."""
    return [
        line.removeprefix("$ ")
        for block in BLOCK.finditer(PAGES[page])
        if block["kind"] != "python" and not MARKED.match(block["marker"] or "")
        for line in block["body"].replace("\\\n", "").splitlines()
        if block["kind"] == "sh" or line.startswith("$ ")
    ]


# ---- What is shown ----


@each_page
def test_every_shown_command_prints_what_is_shown(page: str) -> None:
    assert TOOL["with_output"](PAGES[page]) == PAGES[page], "run tools/write_docs.py"


def test_the_picture_is_the_real_screen() -> None:
    assert TOOL["PICTURE"].read_text("utf-8") == TOOL["picture"](), "run tools/write_docs.py"
    assert TOOL["PICTURED"] in PAGES["README.md"]


def test_a_wrong_output_and_a_wrong_table_are_found() -> None:
    page = "```console\n$ echo 1\n2\n```\n\n<!-- table: formats -->\n| wrong |\n"
    right = TOOL["with_output"](page)
    assert right.startswith("```console\n$ echo 1\n1\n```\n")
    assert "wrong" not in right
    assert "| `batch` |" in right


@each_page
def test_each_box_is_run_or_marked_as_a_pattern(page: str) -> None:
    boxes = FENCED.findall(PAGES[page])
    blocks = list(BLOCK.finditer(PAGES[page]))
    for block in blocks:
        marked = MARKED.match(block["marker"] or "")
        assert block["kind"] == "console" or bool(marked) is not bool(block["between"]), block[0]
        assert block["output"] != "", f"prints nothing: {block[0]}"
        assert not re.search("Traceback|command not found|No such file", block[0]), block[0]
    kinds = [kind for kind, _ in boxes]
    assert {*kinds} <= {"console", "sh", "python", "js", "text"}
    assert len(blocks) == sum(kind in ("console", "sh", "python") for kind in kinds)
    drawings = 1 if page == ARCHITECTURE else 0
    assert sum(kind == "text" for kind, _ in boxes) == drawings + sum(
        bool(block["between"]) for block in blocks
    )
    assert all("\n```" not in body for _, body in boxes)


@each_page
def test_outputs_are_short(page: str) -> None:
    longest = max((len(body.splitlines()) for _, body in FENCED.findall(PAGES[page])), default=0)
    assert longest <= 36


def test_no_box_was_left_out_for_want_of_a_tool() -> None:
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed on this machine")
    bodies = [block["body"] for text in PAGES.values() for block in BLOCK.finditer(text)]
    assert all(TOOL["has_tools_for"](body) for body in bodies)


@each_page
def test_what_depends_on_the_day_names_it(page: str) -> None:
    for line in lines_run(page):
        if re.search(r"\bplan\b|--start|--check", line):
            assert " --on " in line, line


# ---- What is named ----

SPELLINGS = {"--version", "--install-completion", "--show-completion", "-h", "--help"} | {
    spelling for command in COMMANDS for spelling in spellings_of(options_of(command))
}
FOLDERS = ("src/", "tests/", "tools/", "docs/", "examples/", "benchmarks/", "requirements/", ".ci/")
# Parts of the package are named without their folders on the page about them.
PACKAGES = ("labels/", "rules/", "render/", "batch/", "cli/", "pages/")
PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b")


@each_page
def test_files_that_the_text_names_exist(page: str) -> None:
    for name in named_in(page):
        word = name.split("::")[0]
        if " " not in word and word.startswith(FOLDERS):
            assert list(REPOSITORY.glob(word.rstrip("/"))), name
        if page == ARCHITECTURE and (word.startswith(PACKAGES) or word.endswith(".py")):
            assert list(ROOT.rglob(word.rstrip("/"))) or (REPOSITORY / word).exists(), name


@each_page
def test_commands_options_and_variables_that_the_text_names_exist(page: str) -> None:
    of_ruxcalc = page in ("README.md", "docs/clinician.md", "docs/scripts.md", "docs/handout.md")
    for name in named_in(page):
        for variable in re.findall(r"RUXCALC_\w+", name):
            assert variable in ENVIRONMENT, name
        words = name.split()
        if words[0] == "ruxcalc" and words[1:]:
            assert words[1] in (*COMMANDS, *SPELLINGS), name
            if words[1:2] == ["help"] and words[2:]:
                assert words[2] in (*HELP_TOPICS, *COMMANDS), name
        if words[0] == "ruxcalc" or (of_ruxcalc and words[0].startswith("-")):
            for option in re.findall(r"(?<![\w'=-])--?[a-z][\w-]*", name):
                assert option in SPELLINGS, name


# These ask on a terminal, change the settings of a shell, or read a file of the reader's own.
NOT_RUN = re.compile(r"ruxcalc (ask|--install-completion|(batch|track) \w+\.\w+)")
LINES = sorted(
    {
        (page, line)
        for page in PAGES
        for name in named_in(page)
        for line in [name.split(" > ")[0].rstrip("\\").strip()]
        if line.startswith("ruxcalc ")
        and "..." not in line
        and not NOT_RUN.match(line)
        and not PLACEHOLDER.search(re.sub("BSA|VASI", "", line))
    }
)


@pytest.mark.parametrize(("page", "line"), LINES)
def test_each_line_that_the_text_offers_is_answered(page: str, line: str) -> None:  # noqa: ARG001 - page names it
    words = shlex.split(line.replace("\\|", "|"))[1:]
    alone = len(words) == 1 and words[0] in COMMANDS and not words[0].startswith("ev")
    ran = ruxcalc(*words, *(["--help"] if alone else []))
    assert ran.status in (0, 3), ran.err
    assert ran.out


def test_ten_questions_have_ten_lines() -> None:
    rows = table("README.md", "question")
    assert len(rows) == 10
    for question, line in rows:
        assert question.endswith("?")
        assert line.startswith("`ruxcalc "), line
        assert ("README.md", line.strip("`").split(" > ")[0]) in LINES or NOT_RUN.match(
            line.strip("`")
        )


def test_each_command_is_on_the_pages_for_clinicians_and_for_scripts() -> None:
    for command in COMMANDS:
        shown = re.compile(rf"ruxcalc {command}\b")
        assert shown.search(PAGES["docs/scripts.md"] + PAGES["docs/clinician.md"]), command
        if command not in ("batch", "schema"):
            assert shown.search(PAGES["docs/clinician.md"]), command


# ---- Links ----


def anchors(text: str) -> set[str]:
    """Return what a link may name within a page."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


LINKED = {
    str(path.relative_to(REPOSITORY)): path.read_text("utf-8")
    for path in (
        *TOOL["PAGES"],
        *(REPOSITORY / "docs" / "safety").glob("*.md"),
        *(REPOSITORY / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    )
}


@pytest.mark.parametrize("page", LINKED)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", LINKED[page])):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        path = ((REPOSITORY / page).parent / file).resolve() if file else REPOSITORY / page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path.read_text("utf-8")), target


# ---- Figures and words ----

FREE = re.compile(
    r"^Measured on .*(?:\n.+)*"
    r"|https?://\S+|\]\([^)]*\)|`[^`\n]*`|Python 3\.\d+|R4|CYP3A4|JAK\d|UTF-8|A4|16 MB"
    r"|\(2020-12\)|RUX-\d\d|^ *\d+\. |20\d\d-\d\d-\d\d|ends with 123|40 to 250 columns",
    re.MULTILINE,
)


@cache
def figures_of_the_program() -> frozenset[str]:
    """Return every figure of the labels, the evidence and the estimates, as it is printed."""
    lines = ("label --full", "label --facts --full", "evidence --full", "dose --bsa 8 --explain",
             "help numbers", "help exit-status")  # fmt: skip
    return figures(" ".join(ruxcalc(*line.split()).out for line in lines))


def figures(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?!\.?\d)", text))


# The left column of this table says what is not so.
LITERATURE = re.compile(r"^\| [^|]* \|", re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "docs/clinician.md", "docs/scripts.md"])
def test_a_figure_in_the_text_is_one_of_the_program(page: str) -> None:
    text = LITERATURE.sub("", FREE.sub("", prose_of(page)))
    shown = figures(" ".join(body for _, body in FENCED.findall(PAGES[page])))
    assert figures(text) - shown - figures_of_the_program() == set()


@pytest.mark.parametrize("page", ["README.md", "docs/clinician.md", "docs/scripts.md",
                                  "docs/maintainer.md"])  # fmt: skip
def test_no_date_is_typed(page: str) -> None:
    text = re.sub(r"`[^`\n]*`|[Mm]easured on 20\d\d-\d\d-\d\d", "", prose_of(page))
    assert not re.search(r"20\d\d-\d\d-\d\d", text)


@each_page
def test_the_text_is_ascii(page: str) -> None:
    assert prose_of(page).isascii()


# ---- What is said of the program ----


def test_the_readme_fits_and_ci_finds_its_commands() -> None:
    text = PAGES["README.md"]
    assert len(text.splitlines()) <= 130
    assert re.findall(r"^<!-- (\w+) -->$", text, re.MULTILINE) == ["install", "test"]
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in text


def test_exit_statuses_are_those_of_the_program() -> None:
    statuses = {run.ANSWERED, run.ACT, run.NOT_ANSWERED, run.REJECTED, main.INTERRUPTED,
                main.FAILED}  # fmt: skip
    assert {int(word) for word in re.findall(r"^  (\d+) ", EXIT_STATUS, re.MULTILINE)} == statuses
    assert EXIT_STATUS in PAGES["docs/scripts.md"]
    said = re.search(r"The exit status says what to do:\s+(.*?)\.\n", PAGES["README.md"], re.DOTALL)
    assert said
    assert {int(word) for word in re.findall(r"\b\d+\b", said[1])} < statuses


def test_the_environment_is_what_the_source_reads() -> None:
    source = "".join(path.read_text("utf-8") for path in MODULES)
    assert set(re.findall(r"\bRUXCALC_[A-Z]+\b", source)) == set(
        re.findall(r"\bRUXCALC_[A-Z]+\b", ENVIRONMENT)
    )
    assert ENVIRONMENT in PAGES["docs/scripts.md"]


def test_verdicts_stand_in_their_order() -> None:
    assert [row[0] for row in table("docs/scripts.md", "verdict")] == [f"`{v}`" for v in VERDICTS]


def test_the_tables_of_the_program_are_on_the_page_for_scripts() -> None:
    assert re.findall(r"<!-- table: (\w+) -->", PAGES["docs/scripts.md"]) == [
        "formats", "findings", "fields",
    ]  # fmt: skip
    rows = [row[0].strip("`").replace("REGION_", "") for row in table("docs/scripts.md", "field")]
    assert rows == [field.name for field in FIELDS]


ARCHITECTURE = "docs/maintainer.md"
DRAWN_WIDTH = 50  # beside it stand words


def test_the_parts_are_all_in_the_table_and_in_the_picture() -> None:
    parts = {part_of(path) for path in MODULES}
    rows = [row[0].strip("`") for row in table(ARCHITECTURE, "part")]
    assert sorted(rows) == sorted(parts)
    drawn = re.findall(r"\w+", "\n".join(line[:DRAWN_WIDTH] for line in drawing()))
    assert sorted(drawn) == sorted(parts)


def drawing() -> list[str]:
    """Return the lines of the picture of the architecture."""
    boxes: list[tuple[str, str]] = FENCED.findall(PAGES[ARCHITECTURE])
    return next(body for kind, body in boxes if kind == "text").splitlines()


def test_each_part_is_drawn_above_what_it_imports() -> None:
    heights = {
        word: height
        for height, line in enumerate(drawing())
        for word in re.findall(r"\w+", line[:DRAWN_WIDTH])
    }
    for path in MODULES:
        for used in parts_used_by(path):
            assert heights[part_of(path)] < heights[used], f"{part_of(path)} imports {used}"


def test_the_tables_of_tools_and_tests_are_whole() -> None:
    named = set(named_in(ARCHITECTURE))
    for pattern in ("tools/*.py", "tests/test_*.py"):
        for path in REPOSITORY.glob(pattern):
            assert str(path.relative_to(REPOSITORY)) in named or path.name == "pyz_start.py", path
    (listed,) = re.findall(r"for tool in ([\w ]+);", PAGES[ARCHITECTURE])
    tools = {f"tools/write_{tool}.py" for tool in listed.split()}
    assert tools == {name for name in named if name.startswith("tools/write_")}


def test_the_columns_of_the_tables_of_labels_are_explained() -> None:
    page = PAGES[ARCHITECTURE]
    for name in ("provisions.csv", "medicines.csv"):
        header = (ROOT / "labels" / name).read_text("utf-8").splitlines()[0].split(",")
        section = page[page.index(f"`src/ruxcalc/labels/{name}`, one row"):]  # fmt: skip
        rows = section[: section.index("\n\n", section.index("|---"))]
        explained = re.findall(r"^\| (`[^|]*`) \|", rows, re.MULTILINE)
        assert re.findall(r"\w+", " ".join(explained)) == header
    for word in (*get_args(Action), *get_args(Verified), *REGIONS):
        assert f"`{word}`" in page, word


def test_inputs_and_topics_named_as_columns_exist() -> None:
    known = {*INPUTS, *TOPICS, *REGIONS, "id", "drugs", "topicals", "handprint", "region"}
    head = (REPOSITORY / "examples" / "cohort.csv").read_text("utf-8").splitlines()[0].split(",")
    assert set(head) - known == {"clinic"}  # one that passes through
