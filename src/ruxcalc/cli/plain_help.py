"""The help of a command: plain text under the panels that the options are declared with.

Typer's own panels cut the name of an option at 80 columns, where an option and its opposite
stand side by side; these fold at any width.
"""

from inspect import cleandoc
from textwrap import indent
from typing import Any

from typer.core import TyperCommand, TyperGroup

OTHER = "Options"
MARGIN = "  "


class _Panels:
    """Writes the docstring, whose indented lines stay as they are, and the options by panel."""

    help: str | None
    get_params: Any

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer calls it so
        """Write the docstring of the command."""
        for paragraph in cleandoc(self.help or "").split("\n\n"):
            formatter.write_paragraph()
            if paragraph.startswith(" "):
                formatter.write(indent(cleandoc(paragraph), MARGIN * 2) + "\n")
            else:
                with formatter.indentation():
                    formatter.write_text(paragraph)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options of each panel."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            argument = parameter.param_type_name == "argument"
            panel = "Arguments" if argument else getattr(parameter, "rich_help_panel", None)
            if record is not None:
                panels.setdefault(panel or OTHER, []).append(record)
        for panel in sorted(panels, key=lambda name: name == OTHER):
            with formatter.section(panel):
                formatter.write_dl(panels[panel])


class PlainCommand(_Panels, TyperCommand):
    """A command whose help is grouped by panel."""


class PlainGroup(_Panels, TyperGroup):
    """The program itself, whose help ends with the commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)
