"""The page of each answer: one module a command, each with the same two functions.

`lay_out(answer, view)` returns the layout that table, markdown and html draw, without what stands
on every page; `note_lines(answer, view)` returns the lines of the note, without its foot. Blocks
without rows and lines without text are left out.
"""

from importlib import import_module
from typing import Any, Protocol, cast

from ruxcalc.render.layout import Layout, View, foot_lines, step_lines, with_mark
from ruxcalc.results import Basis

# The module that lays out each kind of answer, by the name of its schema.
PAGES: dict[str, str] = {
    "ruxcalc.dose/1": "dose",
    "ruxcalc.check/1": "check",
    "ruxcalc.warn/1": "warn",
    "ruxcalc.assess/1": "assess",
    "ruxcalc.plan/1": "plan",
    "ruxcalc.track/1": "track",
    "ruxcalc.vasi/1": "vasi",
    "ruxcalc.vasi-steps/1": "vasi",
    "ruxcalc.evidence/1": "evidence",
    "ruxcalc.label/1": "label",
}


class Answer(Protocol):
    """What every answer has, as far as a renderer is concerned."""

    @property
    def schema(self) -> str:
        """Return the name of the answer's schema."""

    @property
    def basis(self) -> Basis:
        """Return what the answer rests on."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the notes on unusual values."""


class Page(Protocol):
    """A module that lays out one kind of answer."""

    def lay_out(self, answer: Any, view: View) -> Layout:  # noqa: ANN401 - its own kind
        """Return the layout of an answer."""

    def note_lines(self, answer: Any, view: View) -> list[str]:  # noqa: ANN401 - the same
        """Return the lines of the note, without its foot."""


def page_of(answer: Answer) -> Page:
    """Return the module that lays out `answer`; only that one is loaded."""
    return cast("Page", import_module(f"{__name__}.{PAGES[answer.schema]}"))


def lay_out(answer: Answer, view: View) -> Layout:
    """Return the layout of any answer: its page, and what stands on every page."""
    layout = with_mark(page_of(answer).lay_out(answer, view))
    steps, sources = step_lines(layout.working)
    return layout._replace(
        blocks=tuple(block for block in layout.blocks if block.rows),
        foot=foot_lines(answer.basis, view, explained=layout.working is not None),
        notes=answer.notes,
        steps=steps,
        sources=sources,
    )
