"""What is typed by mistake is answered with what to type, and never with an answer.

The table is "Typing mistakes" of SCREENS.md and what stands beside it: a command line, and the
words that must stand in the message, in which the last is the line to try.
"""
# ruff: noqa: RUF001 - the dashes and digits are those that people paste

import os
import pty
import select
import shlex
import time
from typing import NamedTuple

import pytest
from conftest import CLEAN, COMMAND, ruxcalc

from ruxcalc.cli.fast import read_fast
from ruxcalc.cli.options import COMMANDS, command_words, options_of, spellings_of
from ruxcalc.cli.usage import MISNAMED
from ruxcalc.patient import INPUTS, inputs_of
from ruxcalc.sites import SITES, WHOLE_SITES

LINES: dict[str, tuple[str, ...]] = {
    # Numbers
    "dose 8": ("--bsa 8?", "ruxcalc dose --bsa 8"),
    "dose --bsa 8 %": ("8 or 8%", "without a space", "ruxcalc dose --bsa 8"),
    "dose --bsa '8 %'": ("8 or 8%", "without a space", "ruxcalc dose --bsa 8"),
    "dose --bsa 8,5": ("--bsa: '8,5' has a comma. Write 8.5.", "ruxcalc dose --bsa 8.5"),
    "dose --bsa 7,5 -r eu": ("has a comma. Write 7.5.", "ruxcalc dose --bsa 7.5 --region eu"),
    "dose --bsa '>10'": ("give one number", "such as 10"),
    "dose --bsa '<10'": ("give one number",),
    "dose --bsa 8-10": ("is a range", "one number"),
    "dose --bsa +8": ("plus sign", "Write 8.", "ruxcalc dose --bsa 8"),
    "dose --bsa .5": ("Write 0.5.", "ruxcalc dose --bsa 0.5"),
    "dose --bsa 8.": ("Write 8.", "ruxcalc dose --bsa 8"),
    "dose --bsa ８": ("other than 0 to 9", "Write 8.", "ruxcalc dose --bsa 8"),
    "dose --bsa ' 8'": ("spaces around it", "Write 8."),
    "dose --bsa 1,000": ("has a comma", "1.000, or 1000"),
    "check --week 52w --repig 20": ("has a unit, w", "52.", "ruxcalc check --week 52 --repig 20"),
    "check --week '52 weeks' --repig 20": ("has a unit, weeks", "alone: 52."),
    "dose --bsa 8 --height 180cm --weight 80": ("has a unit, cm", "--height 180"),
    "dose --bsa 8 --height 180 cm --weight 80": ("without its unit: 180", "--height 180 --weight"),
    "check --week 52% --repig 20": ("percent sign", "Write 52."),
    "check --week 52 --repig=−5": ("long dash", "Write -5.", "--repig=-5"),
    "dose --bsa 120": ("too large", "up to 100 %"),
    # Dates
    "check --start 5.1.2026 --repig 20": ("2026-01-05, or 2026-05-01?",),
    "check --start 2026-1-5 --repig 20": ("2026-01-05?", "ruxcalc check --start 2026-01-05"),
    "check --start 2026-11-31 --repig 20": ("November has 30 days",),
    "check --start 2026-02-29 --repig 20": ("February 2026 has 28 days",),
    "check --start 2026-13-01 --repig 20": ("no month 13",),
    "check --start 31.12.2025 --repig 20": ("2025-12-31?", "--start 2025-12-31"),
    "check --start 05/01/26 --repig 20": ("which part is the year?",),
    "check --start yesterday": ("is not a date", "YYYY-MM-DD"),
    # Options
    "dose bsa=8": ("two hyphens", "ruxcalc dose --bsa=8"),
    "dose bsa 8": ("two hyphens", "ruxcalc dose --bsa 8"),
    "dose –bsa 8": ("has a long dash", "--bsa", "ruxcalc dose --bsa 8"),
    "dose —bsa=8": ("has a long dash", "ruxcalc dose --bsa=8"),
    "warn --no–drug": ("has a long dash", "ruxcalc warn --no-drug"),
    "dose −r eu --bsa 8": ("has a long dash", "ruxcalc dose -r eu --bsa 8"),
    "dose -bsa 8": ("--bsa?", "ruxcalc dose --bsa 8"),
    "--bsa 8": ("a command is missing", "ruxcalc dose --bsa 8"),
    "--week 52 --repig 20": ("a command is missing", "ruxcalc check --week 52 --repig 20"),
    "--bsa 8 --age 34": ("a command is missing", "ruxcalc assess --bsa 8 --age 34"),
    "-r eu dose --bsa 8": ("the command goes first", "ruxcalc dose -r eu --bsa 8"),
    "bsa=8": ("is not a command", "ruxcalc dose --bsa 8"),
    "doze --bsa 8": ("dose?", "ruxcalc dose --bsa 8"),
    "8": ("is not a command", "Commands: dose"),
    "warn --pregnant yes": ("takes no value", "--no-pregnant says no", "ruxcalc warn --pregnant"),
    "warn --pregnant no --age 34": ("takes no value", "ruxcalc warn --no-pregnant --age 34"),
    "warn --pregnant=no": ("takes no value", "ruxcalc warn --no-pregnant"),
    "warn --no-pregnant=yes": ("takes no value", "ruxcalc warn --no-pregnant"),
    "warn --pregnant=maybe": ("takes no value",),
    "dose --bsa 8 --json yes": ("--json takes no value", "ruxcalc dose --bsa 8 --json"),
    "dose --bsa": ("--bsa needs a value, such as 8",),
    "warn --topical --pregnant": ("--topical needs a value", "--pregnant"),
    "warn --drug --no-topical": ("--drug needs a value",),
    "warn --drug -q": ("--drug needs a value",),
    "warn --drug --xyz": ("--drug needs a value",),
    "dose --bsa --region eu": ("--bsa needs a value", "--region"),
    "dose --region --bsa 8": ("--region needs a value: us, eu or uk",),
    "dose --bsa 8 -f": ("-f needs a value: table",),
    "warn --lactating": ("--breastfeeding?", "ruxcalc warn --breastfeeding"),
    "warn --no-lactating": ("--no-breastfeeding?", "ruxcalc warn --no-breastfeeding"),
    "warn --medication itraconazole": ("--drug?", "ruxcalc warn --drug itraconazole"),
    "warn --medicine=itraconazole": ("--drug?", "ruxcalc warn --drug=itraconazole"),
    "warn --drugs itraconazole": ("--drug?", "ruxcalc warn --drug itraconazole"),
    "check --response 20 --week 52": ("--repig?", "ruxcalc check --repig 20 --week 52"),
    "check --month 12": ("--week?", "completed weeks", "12 months are 52"),
    "check --months 12": ("--week?", "completed weeks"),
    "warn --smoking": ("--smoker?", "ruxcalc warn --smoker"),
    "dose --bas 8": ("'--bas'", "--bsa?", "ruxcalc dose --bsa 8"),
    "dose --hand 8": ("--handprints?", "ruxcalc dose --handprints 8"),
    "dose --foo 8": ("'--foo' is not an option of dose", "ruxcalc dose --help"),
    "dose --bsa 8 --pregnant": ("of warn, assess", "ruxcalc assess --bsa 8 --pregnant"),
    "dose --bsa 8 --lactating": ("of warn, assess", "ruxcalc assess --bsa 8 --breastfeeding"),
    "batch cohort.csv --jobs 4": ("is gone", "ruxcalc batch cohort.csv"),
    "warn --drug itraconazole 200 mg": ("Quote a name", "--drug 'itraconazole 200 mg'"),
    # Regions, formats, paths, topics
    "dose --bsa 8 -r usa": ("us?", "ruxcalc dose --bsa 8 --region us"),
    "dose --bsa 8 -r gb": ("uk?", "ruxcalc dose --bsa 8 --region uk"),
    "dose --bsa 8 -r france": ("is not a region", "us, eu, uk"),
    "dose --bsa 8 usa": ("-r us?", "ruxcalc dose --bsa 8 -r us"),
    "dose --bsa 8 eu": ("-r eu?", "ruxcalc dose --bsa 8 -r eu"),
    "label usa": ("us?",),
    "label eu storag": ("storage?", "ruxcalc help topics"),
    "dose --bsa 8 -f note -o x": ("use >", "ruxcalc dose --bsa 8 -f note > x"),
    "dose --bsa 8 --output=x.html -f html": ("use >", "ruxcalc dose --bsa 8 -f html > x.html"),
    "dose --bsa 8 -f svg": ("is not a format", "table, json"),
    "dose --bsa 8 -f csv": ("is not a format of dose", "table, json"),
    "dose --bsa 8 -f jsn": ("json?",),
    "dose --bsa 8 note": ("-f note?", "ruxcalc dose --bsa 8 -f note"),
    "dose --bsa 8 --get foo": ("is not a path", "All paths"),
    "dose --bsa 8 --get use.gram_per_week": ("use.grams_per_week",),
    "dose --bsa 8 --color sometimes": ("auto, always or never",),
    "help exit": ("exit-status?",),
    "help dos": ("dose?",),
    "schema dos": ("dose?",),
    # Sites, names, choices
    "check --week 52 --repig fcae=76": ("'fcae' is not a site", "face?", "--repig face=76"),
    "check --week 52 --repig nose=76": ("'nose' is not a site", "face, scalp"),
    "dose --handprints fcae=1,trunk=3": ("'fcae' is not a site", "--handprints face=1,trunk=3"),
    "dose --bsa 8 --dispensed 3x100g": ("Write 3x100.", "--dispensed 3x100"),
    "dose --bsa 8 --dispensed 3": ("size of the tubes", "3x100"),
    "check --week 52 --repig 20 --measure vasi": ("t-vasi?", "f-vasi, t-vasi or treated-area"),
    "warn --tuberculosis laten": ("latent?", "ruxcalc warn --tuberculosis latent"),
    "warn --tuberculosis yes": ("active, latent, exposed or no",),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_mistake_is_answered_with_what_to_type(line: str) -> None:
    ran = ruxcalc(*shlex.split(line))
    assert (ran.status, ran.out) == (2, ""), ran.err
    assert ran.err.startswith("ruxcalc: ")
    missing = [words for words in LINES[line] if words.casefold() not in ran.err.casefold()]
    assert not missing, ran.err
    assert len(ran.err.splitlines()) <= 2
    assert len(ran.err) < 500
    if LINES[line][-1].startswith("ruxcalc ") and "help" not in LINES[line][-1]:
        hold_line_to_try(ran.err.splitlines()[1].strip())


def hold_line_to_try(line: str) -> None:
    """Return the line can be read; what a shell would write to is left out."""
    words = shlex.split(line.partition(" > ")[0])
    assert words[0] == "ruxcalc"
    read = read_fast(words[1:])
    assert read is not None, line
    assert command_words(*read)[0] == words[1]


def test_every_other_name_leads_to_an_option() -> None:
    known = {spelling for command in COMMANDS for spelling in spellings_of(options_of(command))}
    assert {f"--{name}" for name in MISNAMED.values()} <= known
    assert not set(MISNAMED) & {name.replace("_", "-") for name in INPUTS}


@pytest.mark.parametrize("name", [name for name, declared in inputs_of("assess").items()
                                  if declared.metavar])  # fmt: skip
def test_every_option_that_needs_a_value_says_so(name: str) -> None:
    option = f"--{name.replace('_', '-')}"
    for words in (["assess", option], ["assess", option, "--json"], ["assess", option, "-r"]):
        ran = ruxcalc(*words)
        assert (ran.status, ran.out) == (2, "")
        assert f"{option} needs a value" in ran.err, words


def test_a_value_may_begin_with_a_hyphen_where_it_is_joined_or_a_number() -> None:
    for words in (["--repig=-5"], ["--repig", "-5"]):
        ran = ruxcalc("check", "--week", "20", *words, "--get", "repigmentation_percent")
        assert ran.out == "-5\n"


@pytest.mark.parametrize("site", sorted({*SITES, "hand", "left hand", "Right-Feet", "FACE"}))
def test_a_site_of_the_list_is_read(site: str) -> None:
    ran = ruxcalc("check", "--week", "20", "--repig", f"{site}=30", "-q")
    assert (ran.status, ran.err) == (0, ""), ran.err


@pytest.mark.parametrize("site", WHOLE_SITES)
def test_a_site_with_two_letters_swapped_is_never_answered(site: str) -> None:
    slip = f"{site[0]}{site[2]}{site[1]}{site[3:]}"
    ran = ruxcalc("check", "--week", "52", "--repig", f"{slip}=76")
    assert slip == site or (ran.status, ran.out) == (2, ""), slip
    assert slip == site or "is not a site" in ran.err


class Shown(NamedTuple):
    """What a terminal shows of one command."""

    status: int
    text: str


def on_a_terminal(*words: str, columns: int, env: dict[str, str] | None = None) -> Shown:
    """Run the installed command on a terminal of its own."""
    pid, descriptor = pty.fork()
    if pid == 0:  # the child
        whole = {**CLEAN, "TERM": "xterm", "COLUMNS": str(columns), **(env or {})}
        os.execve(COMMAND, [str(COMMAND), *words], whole)  # noqa: S606 - our own command
    text = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if select.select([descriptor], [], [], 0.2)[0]:
            try:
                some = os.read(descriptor, 65536)
            except OSError:
                break
            if not some:
                break
            text += some
    os.close(descriptor)
    return Shown(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text.decode())


@pytest.mark.parametrize("columns", [40, 80])
def test_on_a_terminal_a_message_is_wrapped_at_words(columns: int) -> None:
    words = ("check", "--week", "52", "--repig", "nose=76")
    plain = ruxcalc(*words).err
    shown = on_a_terminal(*words, columns=columns, env={"NO_COLOR": "1"})
    assert shown.status == 2
    lines = shown.text.splitlines()
    assert len(lines) > 2
    assert all(len(line) <= columns for line in lines)
    assert " ".join(" ".join(lines).split()) == " ".join(plain.split())


def test_only_a_terminal_gets_colour_and_not_where_it_is_unwanted() -> None:
    words = ("dose", "--bsa", "8,5")
    red = "\x1b[1;31mruxcalc:\x1b[0m"
    assert on_a_terminal(*words, columns=80).text.startswith(red)
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b" not in on_a_terminal(*words, columns=80, env=env).text
    assert "\x1b" not in ruxcalc(*words).err


def test_a_hostile_word_is_shown_without_what_a_terminal_obeys() -> None:
    for words in (["dose", "--\x1b[31m", "8"], ["\x1b[31m"], ["dose", "\x1b]0;x\x07"],
                  ["dose", "--bsa", "\x1b[31m8"], ["dose", "–\x1b[31m"], ["help", "\x1b"],
                  ["label", "\x1b"], ["warn", "--drug", "a", "\x1b[2J"]):  # fmt: skip
        ran = ruxcalc(*words)
        assert (ran.status, ran.out) == (2, ""), words
        assert ran.err.replace("\n", "").isprintable(), words
