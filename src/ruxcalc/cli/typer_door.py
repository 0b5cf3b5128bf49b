"""The Typer reading of an argument list: help, completion, and every error of usage."""

import inspect
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

import typer

from ruxcalc import __version__
from ruxcalc.cli.completion import ZSH_FIRST
from ruxcalc.cli.options import (
    COMMANDS,
    MORE_COMMANDS,
    OPTIONS,
    TOP_OPTIONS,
    Given,
    Option,
    options_of,
)
from ruxcalc.cli.topics import HELP_TOPICS, help_text
from ruxcalc.errors import InputError, UsageError, printable
from ruxcalc.streams import write_answer

Asked = tuple[str, Given]

# A line with \b alone keeps the paragraph after it as it is.
HEADLINE = """Prescribing calculator for ruxolitinib 1.5 % cream in non-segmental vitiligo.

\b
Examples:
  ruxcalc dose --bsa 8
  ruxcalc check --week 52 --repig 20
  ruxcalc warn --region eu --pregnant --drug itraconazole
  ruxcalc assess --bsa 8 --week 52 --repig 20 --age 34

By region (US, EU, UK), with every figure traced to its source. It supports, and does
not replace, the prescriber's judgement."""

EXAMPLES = {
    "dose": (
        "dose --bsa 8",
        "dose --handprints 8 --region us",
        "dose --bsa 10 --height 190 --weight 95 --explain",
    ),
    "check": (
        "check --week 52 --repig 20",
        "check --week 24 --not-meaningful -r us",
        "check --start 2026-01-05 --on 2027-01-04 --baseline 2.4 --score 1.8",
        "check --week 52 --repig face=76 --repig body=23",
    ),
    "warn": ("warn --region eu --pregnant --drug itraconazole", "warn --age 70 --no-esrd"),
    "assess": ("assess --bsa 8 --week 52 --repig 20 --age 34",),
    "batch": (
        "batch cohort.csv",
        "batch cohort.csv -f csv -o answers.csv --rejects rejects.csv",
        "batch - -r eu < cohort.ndjson",
    ),
    "vasi": ("vasi face=1@75 trunk=3@100", "vasi face=1@25 --baseline 'face=1@75'", "vasi --steps"),
    "plan": (
        "plan --start 2026-01-05 --bsa 8",
        "plan --start 2026-01-05 --bsa 8 --tubes 2 --tube-grams 100 -f ics > plan.ics",
        "plan --start 2026-01-05 --stop 2026-12-01 -r eu",
    ),
    "track": (
        "track visits.csv",
        "track visits.csv --start 2026-01-05 --region eu",
        "track - --measure f-vasi < visits.ndjson",
    ),
    "evidence": ("evidence", "evidence --endpoint F-VASI75 --week 24"),
    "label": ("label eu", "label --diff us eu", "label --facts"),
    "schema": ("schema dose", "schema input"),
    "help": ("help exit-status", "help inputs"),
}


def read_with_typer(arguments: Sequence[str]) -> Asked | None:
    """The command and what was given to it, or None where Typer has answered itself.

    Raises `UsageError` for what Typer does not accept.
    """
    asked: list[Asked] = []
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            status = _run(arguments, asked.append)
    except typer.TyperException as error:
        raise UsageError(printable(error.format_message())) from None
    except (OSError, UnicodeDecodeError) as error:  # nothing else opens a file here
        raise UsageError(printable(f"completion could not be installed: {error}")) from None
    text = printed.getvalue()
    if status:  # such as a shell that is not known
        raise UsageError(printable(text.strip()) or "completion was not installed")
    if text:
        write_answer(_with_first_press(text))
    return asked[0] if asked else None


def _run(arguments: Sequence[str], ask: Callable[[Asked], None]) -> object:
    """Let Typer read the arguments; the status is that of what it answered itself."""
    try:
        return _app(ask)(args=list(arguments), prog_name="ruxcalc", standalone_mode=False)
    except SystemExit as ended:  # completion ends so
        if "--install-completion" in arguments:
            _mend_zsh(Path.home() / ".zfunc" / "_ruxcalc")
        return ended.code


def _mend_zsh(installed: Path) -> None:
    """Let the script that was installed for zsh answer from the first key press on."""
    if installed.is_file():
        installed.write_text(_with_first_press(installed.read_text("utf-8")), "utf-8")


def _with_first_press(script: str) -> str:
    if not script.startswith("#compdef") or ZSH_FIRST in script:
        return script
    return f"{script.rstrip()}\n{ZSH_FIRST}\n"


def _app(ask: Callable[[Asked], None]) -> typer.Typer:
    app = typer.Typer(
        name="ruxcalc",
        help=HEADLINE,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_top)
    for command in COMMANDS:
        app.command(command, help=_help_of(command))(_callback(command, ask))
    app.command("schema", help=_help_of("schema"))(_schema_command)
    app.command("help", help=_help_of("help"))(_help_command)
    return app


def _help_of(command: str) -> str:
    lines = "\n".join(f"  ruxcalc {example}" for example in EXAMPLES[command])
    return f"{(COMMANDS | MORE_COMMANDS)[command]}\n\n\b\nExamples:\n{lines}"


def _top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=TOP_OPTIONS[0].help)] = False,
) -> None:
    if version:
        typer.echo(f"ruxcalc {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _help_command(
    topic: Annotated[
        str,
        typer.Argument(
            help=f"{', '.join(HELP_TOPICS)}. {OPTIONS['help'][0].help}",
            metavar=OPTIONS["help"][0].metavar,
            show_default=False,
        ),
    ] = "",
) -> None:
    typer.echo(help_text(topic), nl=False)


def _schema_command(
    name: Annotated[
        str,
        typer.Argument(help=OPTIONS["schema"][0].help, metavar=OPTIONS["schema"][0].metavar),
    ],
) -> None:
    # Pydantic is loaded by Typer anyway; its models are made only here.
    from ruxcalc.schema import SCHEMAS, schema_of

    if name not in SCHEMAS:
        raise InputError("name", "has no schema", ", ".join(SCHEMAS), name, option="NAME")
    typer.echo(json.dumps(schema_of(name), indent=2))


def _callback(command: str, ask: Callable[[Asked], None]) -> Callable[..., None]:
    """A function with the signature that Typer reads the options of `command` from."""
    options = options_of(command)

    def call(**values: list[str | bool] | bool | None) -> None:
        given: dict[str, list[str | bool]] = {}
        for option in options:
            came = values.get(option.name)
            listed: list[str | bool] = [True] if came is True else list(came or [])
            if values.get(f"no_{option.name}"):
                listed.append(False)
            if listed:
                given[option.name] = listed
        ask((command, given))

    parameters = [parameter for option in options for parameter in _parameters(option)]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # Typer reads it
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call


def _parameters(option: Option) -> list[inspect.Parameter]:
    """The option as Typer declares it.

    An option that says something is a list, so that one given twice is seen, not
    overwritten; a mere switch says the same however often it is given.
    """
    if option.positional:
        return [
            _parameter(
                option.name,
                list[str],
                typer.Argument(
                    help=option.help,
                    metavar=option.metavar,
                    show_default=False,
                ),
            )
        ]
    if not option.metavar and not option.off:
        return [_parameter(option.name, bool, _option(option, *option.on))]
    if not option.metavar:
        spellings = "/".join((*option.on, *option.off))
        return [_parameter(option.name, list[bool], _option(option, spellings))]
    taken = [_parameter(option.name, list[str], _option(option, *option.on))]
    if option.off:
        none = option._replace(help=f"None is taken: the opposite of {option.on[-1]}.", metavar="")
        taken.append(_parameter(f"no_{option.name}", bool, _option(none, *option.off)))
    return taken


def _option(option: Option, *spellings: str) -> Any:  # noqa: ANN401 - what Typer calls it is its own
    return typer.Option(
        *spellings, help=option.help, metavar=option.metavar or None, show_default=False
    )


def _parameter(
    name: str,
    kind: type,
    information: Any,  # noqa: ANN401 - an Option or an Argument of Typer
) -> inspect.Parameter:
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=False if kind is bool else None,
        annotation=Annotated[kind if kind is bool else kind | None, information],
    )
