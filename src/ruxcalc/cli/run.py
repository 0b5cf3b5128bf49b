"""From what was typed to an answer on standard output and an exit status.

Both readers of a command line end here. `run_command` is the one place where an answer becomes
an exit status, and where a refusal becomes a message.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ruxcalc.cli.options import Raw, command_line, command_words, option_named, options_of
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.inputs import only_value
from ruxcalc.patient import INPUTS
from ruxcalc.render.formats import COLORS, FORMATS, View, formats_of, render
from ruxcalc.streams import write_answer, write_message

if TYPE_CHECKING:
    from ruxcalc.render.formats import Color
    from ruxcalc.rules.track import RejectedVisit

ANSWERED, NOT_ANSWERED, ACT, REJECTED = 0, 2, 3, 4
ACTED_ON = ("warning", "critical")
QUESTIONNAIRE = "questionnaire"
# What stands on a command line without a name of its own.
_ARGUMENTS = {
    "sites": "SITE",
    "visits": "FILE",
    "file": "FILE",
    "topics": "TOPIC",
    "topic": "TOPIC",
    "name": "NAME",
}


def run_command(command: str, raw: Raw) -> int:
    """Answer one command and return its exit status; a refusal is written and is status 2."""
    try:
        _refuse_forgotten_values(command, raw)
        return _run(command, raw)
    except InputError as error:
        _write_input_error(error, command, raw)
    except UsageError as error:
        from ruxcalc.cli.messages import write_refusal

        write_refusal(str(error), error.line)
    return NOT_ANSWERED


def _run(command: str, raw: Raw) -> int:
    if command == "batch":
        return _answer_list(raw)
    if command in ("schema", "help"):
        write_answer(_text(command, raw))
        return ANSWERED
    name, path, view = _output(command, raw)
    quiet, exit_zero = _switch(raw, "quiet"), _switch(raw, "exit_zero")
    if command == "ask":
        return _ask(raw)
    answer = _answer(command, raw)
    # A path that does not exist is an error also where nothing is printed.
    text = ""
    if path is not None:
        from ruxcalc.render.value import render_value

        text = render_value(answer, path)
    elif not quiet:
        text = render(command, answer, name, view)
    if not quiet:
        write_answer(text)
    # Behind the answer, whose first line is the verdict.
    if answer.notes:
        from ruxcalc.cli.messages import write_note

        for note in answer.notes:
            write_note(note)
    if getattr(answer, "rejected", ()):
        return _name_rejected(answer.rejected)
    act = getattr(answer, "worst", None) in ACTED_ON
    return ACT if act and not exit_zero else ANSWERED


def _name_rejected(rows: "Iterable[RejectedVisit]") -> int:
    for row in rows:
        column = f"{row.column}: " if row.column else ""
        write_message(printable(f"line {row.line}: {column}{row.reason}"))
    return REJECTED


def _answer(command: str, raw: Raw) -> Any:  # noqa: ANN401 - each command has an answer of its own
    """Return the answer of the Python interface to what was typed."""
    from ruxcalc import api

    explain = _switch(raw, "explain")
    if command == "label":
        return _label(raw)
    if command == "vasi":
        return api.vasi(
            tuple(str(site) for site in raw.get("sites", ())),
            baseline=_one(raw, "baseline"),
            steps=_switch(raw, "steps"),
            region=_regions(raw),
            on=_one(raw, "on"),
            explain=explain,
        )
    if command == "evidence":
        return api.evidence(
            endpoint=_one(raw, "endpoint"),
            week=_one(raw, "week"),
            region=_regions(raw),
            on=_one(raw, "on"),
            explain=explain,
        )
    if command == "track":
        return _track(raw)
    if command == "assess" and "fhir" in raw:
        return _assess_form(raw)
    question: Callable[..., object] = getattr(api, command)
    steps = {} if command == "handout" else {"explain": explain}
    return question(region=_regions(raw), **steps, **_inputs(raw))


def _inputs(raw: Raw) -> dict[str, object]:
    """Return the inputs of the patient as arguments of the Python interface.

    Raises `InputError` where one was given more often than it may be.
    """
    return {
        name: raw[name] if declared.repeatable else _once(name, raw[name])
        for name, declared in INPUTS.items()
        if name in raw
    }


def _once(name: str, values: Sequence[object]) -> object:
    if name == "all_others_no":  # a switch says the same however often it is given
        return True
    return only_value(name, INPUTS[name], values)


def _label(raw: Raw) -> object:
    from ruxcalc import api
    from ruxcalc.labels import REGIONS

    diff, facts = _switch(raw, "diff"), _switch(raw, "facts")
    words = [str(word) for word in raw.get("words", ())]
    regions = [word for word in words if _is_regions(word, REGIONS)]
    topics = [word for word in words if word not in regions]
    _check_topics(topics)
    named = {**raw, "region": [*raw.get("region", ()), *regions]} if regions else raw
    return api.label(
        region=_regions(named, or_all=diff or facts),
        topics=topics,
        diff=diff,
        facts=facts,
        check=_switch(raw, "check"),
        on=_one(raw, "on"),
    )


def _is_regions(word: str, known: tuple[str, ...]) -> bool:
    return all(part in known for part in word.lower().split(","))


def _check_topics(words: list[str]) -> None:
    """Raise `InputError` for a word that is neither a region nor a topic."""
    from ruxcalc.labels.topics import TOPICS

    for word in words:
        if word not in TOPICS:
            from ruxcalc.labels import REGIONS
            from ruxcalc.mistakes import nearest, region_meant

            meant = region_meant(word)
            near = f"{meant}?" if meant else nearest(word, (*TOPICS, *REGIONS))
            fix = f"{near} " if near else ""
            raise InputError(
                "topics",
                "is neither a region nor a topic",
                given=word,
                fix=f"{fix}The topics: ruxcalc help topics",
            )


def _track(raw: Raw) -> object:
    from ruxcalc.api import track_rows
    from ruxcalc.batch.reader import checked_delimiter
    from ruxcalc.batch.visits import read_visits

    visits = read_visits(_file(raw), checked_delimiter(_one(raw, "delimiter")))
    common = {name: _one(raw, name) for name in ("start", "baseline", "measure", "tube_grams")}
    answer = track_rows(
        visits.rows,
        common,
        region=_regions(raw),
        on=_one(raw, "on"),
        explain=_switch(raw, "explain"),
    )
    return answer._replace(notes=(*visits.notes, *answer.notes))


def _assess_form(raw: Raw) -> object:
    """Return the answer of assess to a FHIR QuestionnaireResponse.

    Its questionnaire says for which regions it asks, unless they are named.
    """
    from ruxcalc.api import assess
    from ruxcalc.fhir import read_response

    others = [name for name in INPUTS if name in raw and name != "on"]
    if others:
        raise InputError("fhir", f"is given together with {{{others[0]}}}", "one of them, not both")
    response = read_response(_form_text(str(_one(raw, "fhir"))))
    inputs: Any = {**response.inputs, **_inputs(raw)}
    return assess(
        region=_regions(raw) if raw.get("region") else response.regions,
        explain=_switch(raw, "explain"),
        **inputs,
    )


def _form_text(path: str) -> str:
    """Return a form as text, no more of it than shows that it is too long."""
    import sys
    from pathlib import Path

    from ruxcalc.fhir import LONGEST

    if path == "-" and sys.stdin is None:
        raise UsageError("standard input is closed")
    try:
        # A byte order mark is not counted.
        if path == "-":
            return sys.stdin.read(LONGEST + 2)
        with Path(path).open(encoding="utf-8") as file:
            return file.read(LONGEST + 2)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", path) from None
    except UnicodeDecodeError:
        raise UsageError("is not UTF-8 text", path) from None


def _ask(raw: Raw) -> int:
    """Put the questions, then answer assess, and show the command line that repeats it."""
    from ruxcalc.cli.ask import ask_patient

    typed = ask_patient(_regions(raw))
    whole = {**typed, **raw}
    status = run_command("assess", whole)
    write_message(f"Again: {command_line(command_words('assess', whole))}")
    return status


def _answer_list(raw: Raw) -> int:
    from ruxcalc.api import read_day
    from ruxcalc.batch.batch import BatchOptions, run_batch
    from ruxcalc.batch.reader import checked_delimiter
    from ruxcalc.labels import REGIONS

    form = _format("batch", raw, [])
    total = run_batch(
        BatchOptions(
            path=_file(raw),
            regions=_regions(raw) or REGIONS,
            form=form,
            output=_one(raw, "output"),
            rejects=_one(raw, "rejects"),
            delimiter=checked_delimiter(_one(raw, "delimiter")),
            decimal=_word(raw, "decimal"),
            dates=_word(raw, "dates"),
            all_others_no=_switch(raw, "all_others_no"),
            explain=_switch(raw, "explain"),
            full=_switch(raw, "full"),
            color=_color(raw),
            quiet=_switch(raw, "quiet"),
            day=read_day(_one(raw, "on")),
        ),
        write_message,
    )
    if not total.cut_short:
        write_message(str(total))
    if total.rejected:
        return REJECTED
    return ACT if total.act and not _switch(raw, "exit_zero") else ANSWERED


def _word(raw: Raw, name: str) -> str | None:
    """Return one of the few words that an option of `batch` takes, or None."""
    word = _one(raw, name)
    words = option_named("batch", name).words
    if word is not None and word not in words:
        raise InputError(name, "is not known", f"{', '.join(words[:-1])} or {words[-1]}", word)
    return word


def _text(command: str, raw: Raw) -> str:
    """Return a text that is no answer: a help topic, a schema or the questionnaire."""
    if command == "help":
        from ruxcalc.cli.help_topics import help_text

        return help_text(_one(raw, "topic") or "")
    import json

    word = _one(raw, "name")
    if word == QUESTIONNAIRE:
        from ruxcalc.fhir import questionnaire
        from ruxcalc.labels import REGIONS

        return json.dumps(questionnaire(_regions(raw) or REGIONS), indent=2) + "\n"
    # Pydantic is slow to load, and its models are made only here.
    from ruxcalc.schema import SCHEMAS, schema_of

    if word is None or word not in SCHEMAS:
        from ruxcalc.mistakes import nearest

        known = (*SCHEMAS, QUESTIONNAIRE)
        problem = "is missing" if word is None else "has no schema"
        near = nearest(word or "", known)
        fix = f"{near} Accepted: {', '.join(known)}." if near else ""
        raise InputError("name", problem, ", ".join(known), word, fix=fix)
    return json.dumps(schema_of(word), indent=2) + "\n"


def _one(raw: Raw, name: str) -> str | None:
    """Return the value of an option that may be given once."""
    values = [str(value) for value in raw.get(name, ())]
    if len(values) > 1:
        raise InputError(name, "is given more than once", "one of it")
    return values[0] if values else None


def _file(raw: Raw) -> str:
    """Return the one list that a command reads."""
    if len(raw.get("file", ())) > 1:
        raise InputError("file", "is given more than once", "one list")
    path = _one(raw, "file")
    if path is None:
        raise InputError("file", "is missing", "a CSV or NDJSON file, or -")
    return path


def _regions(raw: Raw, *, or_all: bool = False) -> tuple[str, ...] | None:
    """Return the regions that were named, else those of the environment, else None for all."""
    from ruxcalc.api import read_regions

    named = [str(region) for region in raw.get("region", ())]
    preset = os.environ.get("RUXCALC_REGION")
    if not named and (or_all or not preset):
        return None
    try:
        return read_regions(named or preset)
    except InputError as error:
        from ruxcalc.mistakes import region_meant

        meant = region_meant(str(error.given or ""))
        raise InputError(
            error.field,
            error.problem,
            error.accepted,
            error.given,
            fix=f"{meant}?" if meant else error.fix,
            write=meant if named else "",
            option=None if named else "RUXCALC_REGION",
        ) from None


def _output(command: str, raw: Raw) -> tuple[str, str | None, View]:
    """Return the format, the value that `--get` names, and what the renderer takes."""
    paths = [str(value) for value in raw.get("get", ())]
    if len(paths) > 1:
        raise InputError("get", "is given more than once", "one path")
    name = _format(command, raw, paths)
    if name in ("note", "ics") and _switch(raw, "explain"):
        what = "a note" if name == "note" else "a calendar"
        raise InputError("explain", f"does not fit {what}", "{explain} with another format")
    case = _one(raw, "case")
    if case is not None and name != "ics":
        raise InputError("case", "is for the events of a calendar", "{case} with -f ics")
    view = View(full=_switch(raw, "full"), color=_color(raw), case=case or "")
    return name, paths[0] if paths else None, view


def _format(command: str, raw: Raw, paths: list[str]) -> str:
    """Return the format that was named, else that of the environment, else the default."""
    names = [str(value) for value in raw.get("format", ())]
    names += ["json"] if _switch(raw, "json") else []
    if len(names) > 1:
        raise InputError("format", "is given more than once", "one format")
    if paths and names and names != ["json"]:
        raise InputError("get", "is a value of the JSON answer", "{get} alone, or with -f json")
    accepted = formats_of(command)
    preset = (os.environ.get("RUXCALC_FORMAT") or "").lower()
    if not names and (not preset or (preset in FORMATS and preset not in accepted)):
        return accepted[0]
    chosen = names[0].lower() if names else preset
    if chosen not in accepted:
        from ruxcalc.mistakes import nearest

        near = nearest(chosen, accepted)
        every = f"{', '.join(accepted[:-1])} or {accepted[-1]}"
        raise InputError(
            "format",
            f"is not a format of {command}" if chosen in FORMATS else "is not a format",
            every,
            names[0] if names else preset,
            fix=f"{near} Accepted: {every}." if near else "",
            option=None if names else "RUXCALC_FORMAT",
        )
    return chosen


def _color(raw: Raw) -> "Color":
    word = _one(raw, "color")
    for color in COLORS:
        if (word or "auto").lower() == color:
            return color
    raise InputError("color", "is not known", f"{', '.join(COLORS[:-1])} or {COLORS[-1]}", word)


def _switch(raw: Raw, name: str) -> bool:
    """Return whether a switch was given; it says the same however often it is."""
    return bool(raw.get(name))


def _refuse_forgotten_values(command: str, raw: Raw) -> None:
    """Raise `UsageError` where an option stands where the value of another belongs.

    `--topical --pregnant` is a forgotten name, never a topical called --pregnant.
    """
    for option in options_of(command):
        if not option.metavar or option.positional:
            continue
        for value in raw.get(option.name, ()):
            if isinstance(value, str) and value[:1] == "-" and _is_option(command, value):
                from ruxcalc.cli.usage import needs_value

                raise needs_value(option, value)


def _is_option(command: str, value: str) -> bool:
    return value.startswith("--") or any(value in option.on for option in options_of(command))


def _write_input_error(error: InputError, command: str, raw: Mapping[str, Any]) -> None:
    from ruxcalc.cli.messages import write_refusal

    if error.field in _ARGUMENTS and (error.field not in INPUTS):
        error.option = _ARGUMENTS[error.field]
    line = ""
    if error.write and isinstance(error.given, str):
        from ruxcalc.cli.usage import retyped

        line = retyped(command, raw, error.field, error.given, error.write)
    write_refusal(printable(error.for_command_line()), line)
