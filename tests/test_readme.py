"""The README and the docs: what they show is what is printed, what they name is there."""

import re
import runpy
import shutil
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from test_house import MAY_IMPORT

from ruxcalc.answers import Decision
from ruxcalc.cli.options import COMMANDS, HELP, MORE_COMMANDS, TOP_OPTIONS, formats_of, options_of
from ruxcalc.cli.topics import ENVIRONMENT, HELP_TOPICS
from ruxcalc.rules.warn import SEVERITY

REPOSITORY = Path(__file__).parent.parent
TOOL = runpy.run_path(str(REPOSITORY / "tools" / "write_docs.py"))
BLOCK, MARKED = TOOL["BLOCK"], TOOL["MARKED"]
PAGES: dict[str, str] = {
    str(path.relative_to(REPOSITORY)): path.read_text("utf-8") for path in TOOL["PAGES"]
}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
each_page = pytest.mark.parametrize("page", PAGES)
# The pages about the program; others are about the tools of its maintainers.
each_page_of_ruxcalc = pytest.mark.parametrize(
    "page", ["README.md", "docs/clinician.md", "docs/scripts.md", "docs/maintainer.md"]
)


def prose_of(page: str) -> str:
    """The text of a page without boxes and without what stands between backticks."""
    return re.sub(r"`[^`\n]*`", "", FENCED.sub("", PAGES[page]))


def named_in(page: str) -> list[str]:
    """What stands between backticks in the text of a page."""
    return re.findall(r"`([^`\n]+)`", FENCED.sub("", PAGES[page]))


def table(page: str, heading: str) -> list[list[str]]:
    """The rows below the head of a table, found by its first cell."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGES[page], re.MULTILINE)
    assert found, heading
    return [[cell.strip() for cell in line.strip("|").split("|")]
            for line in found[1].splitlines()]  # fmt: skip


def lines_run(page: str) -> list[str]:
    """Each line of a page that is typed into a shell."""
    return [
        line.removeprefix("$ ")
        for block in BLOCK.finditer(PAGES[page])
        if block["kind"] != "python" and not MARKED.match(block["marker"] or "")
        for line in block["body"].replace("\\\n", "").splitlines()
        if block["kind"] == "sh" or line.startswith("$ ")
    ]


@each_page
def test_every_shown_command_prints_what_is_shown(page: str) -> None:
    assert TOOL["with_output"](PAGES[page]) == PAGES[page], "run tools/write_docs.py"


def test_no_block_was_left_out() -> None:
    bodies = [block["body"] for text in PAGES.values() for block in BLOCK.finditer(text)]
    assert any("jq" in body for body in bodies)
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed on this machine")
    assert all(TOOL["has_tools_for"](body) for body in bodies)


@each_page
def test_every_script_is_run_or_marked_as_a_pattern(page: str) -> None:
    blocks = list(BLOCK.finditer(PAGES[page]))
    kinds = [kind for kind, _ in FENCED.findall(PAGES[page])]
    of_scripts = [block for block in blocks if block["between"]]
    for block in blocks:
        marked = MARKED.match(block["marker"] or "")
        assert block["kind"] == "console" or bool(marked) is not bool(block["between"]), block[0]
        assert block["output"] != "", f"prints nothing: {block[0]}"
        assert not re.search("Traceback|command not found|No such file", block[0]), block[0]
    assert len(blocks) == len([kind for kind in kinds if kind != "text"]), "a block of another kind"
    pictures = 1 if page == "docs/maintainer.md" else 0
    assert kinds.count("text") == len(of_scripts) + pictures


@each_page
def test_what_depends_on_the_day_names_it(page: str) -> None:
    for line in lines_run(page):
        if re.search(r"\bplan\b|--start|--check", line):
            assert " --on " in line, line


@each_page_of_ruxcalc
def test_a_figure_in_the_text_is_shown_by_an_output(page: str) -> None:
    text = re.sub(r"\]\([^)]*\)|1\.5 %|Python 3\.11|CYP3A4|UTF-8|\(2020-12\)|RUX-\d\d|^1?\d\. ", "",
                  prose_of(page), flags=re.MULTILINE)  # fmt: skip
    # To a clinician every figure is one of a rule: the text has none.
    boxes = [] if page == "docs/clinician.md" else FENCED.findall(PAGES[page])
    shown = "".join(body for _, body in boxes)
    for figure in re.findall(r"\d+(?:\.\d+)?", text):
        assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.]\d)", shown), figure


@each_page
def test_the_text_is_ascii(page: str) -> None:
    assert FENCED.sub("", PAGES[page]).isascii()


def anchors(text: str) -> set[str]:
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}  # fmt: skip


@each_page
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", FENCED.sub("", PAGES[page])):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        path = ((REPOSITORY / page).parent / file).resolve() if file else REPOSITORY / page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path.read_text("utf-8")), target


FOLDERS = ("src/", "tests/", "tools/", "docs/", "examples/", "benchmarks/", ".ci/")
SPELLINGS = {
    spelling
    for options in ((*TOP_OPTIONS, HELP), *map(options_of, (*COMMANDS, *MORE_COMMANDS)))
    for option in options
    for spelling in (*option.on, *option.off)
}


@each_page_of_ruxcalc
def test_what_the_text_names_exists(page: str) -> None:
    for name in named_in(page):
        if name.startswith(FOLDERS) and "CODE" not in name:
            assert list(REPOSITORY.glob(name.rstrip("/"))), name
        for variable in re.findall(r"RUXCALC_\w+", name):
            assert variable in ENVIRONMENT
        words = name.split()
        if words[0] == "ruxcalc" and words[1:]:
            assert words[1] in (*COMMANDS, *MORE_COMMANDS, *SPELLINGS), name
            assert words[1] != "help" or words[2] in HELP_TOPICS
        if words[0] in ("ruxcalc", *COMMANDS) or words[0].startswith("-"):
            for option in re.findall(r"(?<!\S)--?[a-z][\w-]*", name):
                assert option in SPELLINGS, name


@each_page_of_ruxcalc
def test_no_date_is_typed(page: str) -> None:
    assert not re.search(r"20\d\d-\d\d-\d\d", prose_of(page))


def test_each_command_is_shown_to_each_reader() -> None:
    for page in ("docs/clinician.md", "docs/scripts.md"):
        for command in COMMANDS:
            by_clinicians = page == "docs/scripts.md" or command != "batch"
            assert not by_clinicians or f"`{command}`" in PAGES[page] or any(
                f"ruxcalc {command} " in line for line in lines_run(page)
            ), (page, command)  # fmt: skip


def test_the_readme_is_short_and_ci_finds_its_commands() -> None:
    text = PAGES["README.md"]
    assert len(text.splitlines()) < 200
    assert re.findall(r"^<!-- (\w+) -->$", text, re.MULTILINE) == ["install", "test"]
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in text


def test_severities_and_decisions_are_those_of_the_program() -> None:
    rows = table("docs/clinician.md", "severity")
    said = {word.strip(): row[0] for row in rows for word in row[1].split(";")[0].split(",")}
    assert said == SEVERITY
    decisions = [row[0].replace(" ", "-") for row in table("docs/clinician.md", "decision")]
    assert decisions == list(get_args(Decision))


def test_the_formats_are_those_of_each_command() -> None:
    said = {command: tuple(re.findall(r"`(\w+)`", formats))
            for commands, formats in table("docs/scripts.md", "command")
            for command in re.findall(r"`(\w+)`", commands)}  # fmt: skip
    assert said == {command: formats_of(command) for command in COMMANDS}


HOUSE = "docs/maintainer.md"
PICTURE_WIDTH = 50  # words beside it say what is in a room


def test_the_table_of_rooms_is_the_house() -> None:
    rows = {room.strip("`"): set(re.findall(r"`(\w+)`", rooms))
            for room, _, rooms in table(HOUSE, "room")}  # fmt: skip
    assert rows == {room: set(rooms) for room, rooms in MAY_IMPORT.items()}
    there = {path.name.removesuffix(".py") for path in (REPOSITORY / "src" / "ruxcalc").iterdir()
             if path.suffix == ".py" or (path / "__init__.py").exists()}  # fmt: skip
    assert rows.keys() == there


def test_the_picture_holds_each_room_once_and_nothing_points_up() -> None:
    picture = next(body for kind, body in FENCED.findall(PAGES[HOUSE]) if kind == "text")
    drawn = [line[:PICTURE_WIDTH] for line in picture.splitlines()]
    heights: dict[str, int] = {}
    for height, line in enumerate(drawn):
        for word in re.findall(r"\w+", line):
            if word in MAY_IMPORT:
                assert word not in heights, word
                heights[word] = height
    assert heights.keys() == MAY_IMPORT.keys()
    for room, rooms in MAY_IMPORT.items():
        for other in rooms:
            assert heights[room] < heights[other], f"{room} is not drawn above {other}"


def test_the_tables_of_tools_and_tests_are_whole() -> None:
    named = set(named_in(HOUSE))
    for pattern in ("tools/write_*.py", "tests/test_*.py"):
        for path in REPOSITORY.glob(pattern):
            assert str(path.relative_to(REPOSITORY)) in named, path
    (listed,) = re.findall(r"for tool in ([\w ]+);", PAGES[HOUSE])
    tools = {f"tools/write_{tool}.py" for tool in listed.split()}
    assert tools == {name for name in named if name.startswith("tools/write_")}
