"""The HTML format: one page for the record, for a screen, a screen reader and paper.

The file needs nothing else: its style stands in it. Severity is said by word, symbol and colour.
"""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ruxcalc.render.chart import svg
from ruxcalc.render.layout import SYMBOLS, Symbol, View
from ruxcalc.render.pages import Answer, lay_out

# What a symbol says, in a word: for a screen reader, and where colours are not printed.
SEVERITY_WORDS: dict[Symbol, str] = {
    "cross": "critical",
    "warn": "warning",
    "ask": "to ask",
    "tick": "checked",
    "info": "information",
    "minus": "open",
    "none": "",
}


def render_html(answer: Answer, full: bool = False) -> str:
    """Return the answer as a self-contained page; `full` leaves nothing out."""
    layout = lay_out(answer, View(full=full))
    return page_template("page.html.j2").render(
        layout=layout, symbols=SYMBOLS, severities=SEVERITY_WORDS, svg=svg
    )


@cache
def page_template(name: str) -> Template:
    """Return a template of this package; what it is filled with is escaped."""
    environment = Environment(
        loader=PackageLoader("ruxcalc.render", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template(name)
