"""The CSV format of one answer: each value of the JSON on a row, under its path.

A list of patients has one flat row a patient instead: see `ruxcalc batch -f csv`.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from ruxcalc.render.flat import cell_text, defused
from ruxcalc.render.value import items_of


def render_csv(answer: object) -> str:
    """The answer as rows of `path` and `value`; the paths are those of `--get`."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("path", "value"))
    writer.writerows((path, defused(cell_text(value))) for path, value in _leaves(answer, ""))
    return text.getvalue()


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    items = items_of(value)
    if items is None:
        yield path, value
    for name, item in (items or {}).items():
        yield from _leaves(item, f"{path}.{name}" if path else name)
