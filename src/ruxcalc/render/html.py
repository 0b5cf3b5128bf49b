"""The HTML format: one file that needs nothing else, for a screen reader, a screen or paper."""

import re
from html import escape

from ruxcalc.answers import Answer
from ruxcalc.render.page import Drawing, Grid
from ruxcalc.render.pages import lay_out

# Sizes are relative, colours are those of the reader, and a page is A4 or Letter as printed.
STYLE = """
:root { color-scheme: light dark; }
body { font-family: sans-serif; line-height: 1.35; max-width: 62rem; margin: 1rem auto;
       padding: 0 1rem; }
h1 { font-size: 1.1rem; margin: 0; }
h2 { font-size: 1rem; margin: 1rem 0 0.3rem; }
p { margin: 0.2rem 0; }
p.first { font-size: 1.3rem; font-weight: bold; }
table { border-collapse: collapse; margin: 0.4rem 0; width: 100%; }
th, td { border: 1px solid; padding: 0.2rem 0.5rem; text-align: left; vertical-align: top;
         overflow-wrap: break-word; }
tr.critical, tr.over { font-weight: bold; }
footer { font-size: 0.8rem; margin-top: 1rem; }
figure { margin: 0.6rem 0; overflow-x: auto; }
figcaption { font-weight: bold; }
time { white-space: nowrap; }
pre { font-family: monospace; line-height: 1.15; margin: 0.2rem 0; }
@page { margin: 8mm; }
@media print { body { font-size: 7pt; line-height: 1.15; margin: 0; padding: 0;
                      max-width: none; }
               th, td { padding: 0.05em 0.4em; } h2 { margin: 0.5em 0 0.1em; font-size: 1.1em; }
               h1 { font-size: 1.1em; } p.first { font-size: 1.4em; } table { margin: 0.2em 0; }
               footer { font-size: 1em; margin-top: 0.5em; }
               tr { break-inside: avoid; } }
"""


DAY = re.compile(r"\b(\d{4}-\d\d-\d\d)( (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))?\b")


def render_html(answer: Answer) -> str:
    """The answer as a self-contained HTML page."""
    page = lay_out(answer)
    answers = "\n".join(
        f'<p class="first">{_text(line)}</p>' if number == 0 else f"<p>{_text(line)}</p>"
        for number, line in enumerate(page.answer)
    )
    drawings = "".join(map(_figure, page.drawings))
    grids = "\n".join(_section(grid, f"part-{n}") for n, grid in enumerate(page.grids))
    footer = "\n".join(f"<p>{_text(line)}</p>" for line in page.footer)
    title = f"ruxcalc: {page.title.lower()}"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_text(page.title)}</h1>\n{answers}\n{drawings}{grids}\n</main>\n"
        f"<footer>\n{footer}\n</footer>\n</body>\n</html>\n"
    )


def _figure(drawing: Drawing) -> str:
    """A chart as text; a screen reader is given its title, and its figures by the tables."""
    title, text = _text(drawing.title), escape("\n".join(drawing.lines))
    return (
        f"<figure>\n<figcaption>{title}</figcaption>\n"
        f'<pre role="img" aria-label="{title}; the tables hold its figures">{text}</pre>\n'
        "</figure>\n"
    )


def _section(grid: Grid, identity: str) -> str:
    """A table under its heading, which also names it for a screen reader."""
    heading = f'<h2 id="{identity}">{_text(grid.title)}</h2>\n' if grid.title else ""
    named = f' aria-labelledby="{identity}"' if grid.title else ' aria-label="Answer"'
    columns = "".join(f'<th scope="col">{_text(column)}</th>' for column in grid.columns)
    rows = "\n".join(_row(row) for row in grid.rows)
    return (
        f"{heading}<table{named}>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
        "</table>"
    )


def _row(cells: tuple[str, ...]) -> str:
    first, *others = cells
    kind = ' class="critical"' if first == "critical" else ""
    if any("OVER" in cell or "CONTRAINDICATED" in cell for cell in cells):
        kind = ' class="over"'
    rest = "".join(f"<td>{_text(cell)}</td>" for cell in others)
    return f'<tr{kind}><th scope="row">{_text(first)}</th>{rest}</tr>'


def _text(text: str) -> str:
    """Text as HTML, in which a date stays in one piece."""
    escaped = escape(text).replace("\n", "<br>")
    return DAY.sub(r'<time datetime="\1">\1\2</time>', escaped)
