"""The entry point: reads an argument list, writes the answer, returns the exit status.

This is the one place where an answer or an error becomes an exit status.
"""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.answers import Answer, PlanAnswer, TrackAnswer
from ruxcalc.cli.options import BATCH_FORMATS, Given, formats_of
from ruxcalc.cli.plain import read_plainly
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.inputs import only_value
from ruxcalc.patient import INPUTS
from ruxcalc.streams import write_answer, write_message

if TYPE_CHECKING:
    from ruxcalc.labels.model import Region

ANSWERED, NOT_ANSWERED, ACT, REJECTED, INTERRUPTED = 0, 2, 3, 4, 130


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit status of one command line."""
    try:
        instruction = os.environ.get("_RUXCALC_COMPLETE")
        completed = None if instruction is None else _completed(instruction)
        if completed is not None:
            return completed
        asked = read_plainly(arguments) if instruction is None else None
        if asked is None:
            from ruxcalc.cli.typer_door import read_with_typer

            asked = read_with_typer(arguments)
        return ANSWERED if asked is None else answer_command(*asked)
    except InputError as error:
        # These stand without a name.
        error.option = {"sites": "SITE", "visits": "FILE"}.get(error.field, error.option)
        write_message(f"ruxcalc: {error.for_command_line()}")
        return NOT_ANSWERED
    except UsageError as error:
        write_message(f"ruxcalc: {error}")
        return NOT_ANSWERED
    except KeyboardInterrupt:
        write_message("ruxcalc: interrupted")
        return INTERRUPTED


def _completed(instruction: str) -> int | None:
    """The status after a shell was told how a line goes on; None where Typer must tell it."""
    from ruxcalc.cli.completion import complete

    told = complete(instruction, os.environ)
    if told is None:
        return None
    text, status = told
    write_answer(text)
    return status


class Wanted(NamedTuple):
    """How the answer is to be given."""

    format: str
    path: str | None
    quiet: bool
    exit_zero: bool
    case: str


def answer_command(command: str, given: Given) -> int:
    """Answer one command, write the answer as wanted, and return the exit status."""
    if command == "batch":
        return _answer_list(given)
    wanted = _wanted(command, given)
    answer = _answer(command, given)
    # A path that does not exist is an error also where nothing is printed.
    text = _rendered(answer, wanted) if wanted.path or not wanted.quiet else ""
    for note in answer.notes:
        write_message(f"Note: {note}")
    if not wanted.quiet:
        write_answer(text)
    if isinstance(answer, TrackAnswer) and answer.rejected:
        for row in answer.rejected:
            column = f"{row.column}: " if row.column else ""
            write_message(printable(f"line {row.line}: {column}{row.reason}"))
        return REJECTED
    act = answer.worst in ("warning", "critical")
    return ACT if act and not wanted.exit_zero else ANSWERED


def _answer_list(given: Given) -> int:
    from ruxcalc.api import read_day
    from ruxcalc.batch.rows import checked_delimiter
    from ruxcalc.batch.run import BatchOptions, checked_jobs, run_batch
    from ruxcalc.labels import REGIONS

    preset = _environment("RUXCALC_FORMAT") or ""
    form = _one(given, "format") or (preset if preset.lower() in BATCH_FORMATS else "ndjson")
    if form.lower() not in BATCH_FORMATS:
        raise InputError("format", "is not a format of lists", ", ".join(BATCH_FORMATS), form)
    if form.lower() == "csv" and _switch(given, "explain"):
        raise InputError("explain", "has no room in a flat row", "--explain with -f ndjson")
    quiet = _switch(given, "quiet")
    total = run_batch(
        BatchOptions(
            path=_file(given),
            regions=_regions(given) or REGIONS,
            form=form.lower(),
            output=_one(given, "output"),
            rejects=_one(given, "rejects"),
            delimiter=checked_delimiter(_one(given, "delimiter")),
            jobs=checked_jobs(_one(given, "jobs")),
            explain=_switch(given, "explain"),
            quiet=quiet,
            day=read_day(_one(given, "on")),
        ),
        write_message,
    )
    if not total.cut_short:
        write_message(str(total))
    if total.rejected:
        return REJECTED
    return ACT if total.act and not _switch(given, "exit_zero") else ANSWERED


def _one(given: Given, name: str) -> str | None:
    """The value of an option that may be given once."""
    values = [str(value) for value in given.get(name, ())]
    if len(values) > 1:
        raise InputError(name, "is given more than once", "one of it")
    return values[0] if values else None


def _answer(command: str, given: Given) -> Answer:
    from ruxcalc import api

    if command == "label":
        diff, facts = _switch(given, "diff"), _switch(given, "facts")
        due = _switch(given, "check")
        regions = _regions(given, or_all=diff or facts)
        return api.label(region=regions, diff=diff, facts=facts, check=due, on=_one(given, "on"))
    if command == "vasi":
        return api.vasi(
            tuple(str(site) for site in given.get("sites", ())),
            baseline=_one(given, "baseline"),
            steps=_switch(given, "steps"),
            region=_regions(given),
            on=_one(given, "on"),
            explain=_switch(given, "explain"),
        )
    if command == "evidence":
        return api.evidence(
            endpoint=_one(given, "endpoint"),
            week=_one(given, "week"),
            region=_regions(given),
            on=_one(given, "on"),
            explain=_switch(given, "explain"),
        )
    if command == "track":
        return _track(given)
    inputs = {
        name: values if INPUTS[name].repeatable else only_value(name, INPUTS[name], values)
        for name, values in given.items()
        if name not in _SWITCHES
    }
    ask: Callable[..., Answer] = getattr(api, command)
    return ask(region=_regions(given), explain=_switch(given, "explain"), **inputs)


def _track(given: Given) -> Answer:
    from ruxcalc.api import track_rows
    from ruxcalc.batch.rows import checked_delimiter
    from ruxcalc.batch.visits import read_visits

    visits = read_visits(_file(given), checked_delimiter(_one(given, "delimiter")))
    asked = {name: _one(given, name) for name in ("start", "baseline", "measure", "tube_grams")}
    answer = track_rows(
        visits.rows,
        asked,
        region=_regions(given),
        on=_one(given, "on"),
        explain=_switch(given, "explain"),
    )
    return answer._replace(notes=(*visits.notes, *answer.notes))


def _file(given: Given) -> str:
    """The one list that a command reads."""
    if len(given.get("file", ())) > 1:
        raise InputError("file", "is given more than once", "one list", option="FILE")
    path = _one(given, "file")
    if path is None:
        raise InputError("file", "is missing", "a CSV or NDJSON file, or -", option="FILE")
    return path


def _regions(given: Given, *, or_all: bool = False) -> "tuple[Region, ...] | None":
    """The regions that were named, else those of the environment, else None for all."""
    from ruxcalc.api import read_regions

    named = [str(region) for name in ("regions", "region") for region in given.get(name, ())]
    if named:
        return read_regions(named)
    preset = _environment("RUXCALC_REGION")
    if preset is None or or_all:
        return None
    try:
        return read_regions(preset)
    except InputError as error:
        raise InputError(
            error.field, error.problem, error.accepted, error.given, option="RUXCALC_REGION"
        ) from None


_SWITCHES = ("region", "format", "json", "get", "quiet", "explain", "exit_zero", "case")


def _wanted(command: str, given: Given) -> Wanted:
    formats = [str(value) for value in given.get("format", ())]
    formats += ["json"] if _switch(given, "json") else []
    if len(formats) > 1:
        raise InputError("format", "is given more than once", "one format")
    paths = [str(value) for value in given.get("get", ())]
    if len(paths) > 1:
        raise InputError("get", "is given more than once", "one path")
    if paths and formats and formats != ["json"]:
        raise InputError("get", "is a value of the JSON answer", "--get alone, or with -f json")
    chosen = formats[0] if formats else _environment("RUXCALC_FORMAT") or "table"
    accepted = formats_of(command)
    if chosen.lower() not in accepted:
        option = "--format" if formats else "RUXCALC_FORMAT"
        raise InputError("format", "is not a format", ", ".join(accepted), chosen, option=option)
    if chosen.lower() in ("note", "ics") and _switch(given, "explain"):
        where = "a note" if chosen.lower() == "note" else "a calendar"
        raise InputError("explain", f"has no room in {where}", "--explain with another format")
    case = _one(given, "case")
    if case is not None and chosen.lower() != "ics":
        raise InputError("case", "is for the events of a calendar", "--case with -f ics")
    return Wanted(
        format=chosen.lower(),
        path=paths[0] if paths else None,
        quiet=_switch(given, "quiet"),
        exit_zero=_switch(given, "exit_zero"),
        case=case or "",
    )


def _environment(name: str) -> str | None:
    """A variable of the environment; an empty one is as good as none."""
    return os.environ.get(name) or None


def _switch(given: Given, name: str) -> bool:
    """Whether a switch was given; it says the same however often it is."""
    return bool(given.get(name))


def _rendered(answer: Answer, wanted: Wanted) -> str:
    # Each format loads only its own renderer: the JSON of a script does not wait for Rich.
    if wanted.path is not None:
        from ruxcalc.render.value import render_value

        return render_value(answer, wanted.path)
    if isinstance(answer, PlanAnswer) and wanted.format == "ics":
        from ruxcalc.render.ics import render_ics

        return render_ics(answer, wanted.case)
    render: Callable[[Answer], str]
    match wanted.format:
        case "json":
            from ruxcalc.render.json import render_json as render
        case "note":
            from ruxcalc.render.note import render_note as render
        case "markdown":
            from ruxcalc.render.markdown import render_markdown as render
        case "csv":
            from ruxcalc.render.csv import render_csv as render
        case "html":
            from ruxcalc.render.html import render_html as render
        case "svg":
            from ruxcalc.render.table import render_svg as render
        case _:
            from ruxcalc.render.table import render_table as render
    return render(answer)
