"""One value of an answer, by its path in the JSON: `use.grams_per_week`."""

from collections.abc import Iterator

from ruxcalc.errors import InputError
from ruxcalc.render.json import fields_of, render_json, scalar_text

MOST_PATHS = 60


def render_value(answer: object, path: str) -> str:
    """The value at `path` as bare text; what is not a scalar is printed as JSON.

    Raises `InputError`, with the paths that exist, if there is none there.
    """
    value, reached = answer, ""
    for name in path.split("."):
        items = items_of(value) or {}
        if name not in items:
            below = f"{reached}." if reached else ""
            leaves = list(_leaves(value))
            # Where there are too many to read, the next step of each is enough.
            steps = leaves if len(leaves) <= MOST_PATHS else list(items)
            paths = [f"{below}{step}" if step else reached for step in steps]
            raise InputError("get", "is not a path of this answer", ", ".join(paths), path)
        value = items[name]
        reached = f"{reached}.{name}" if reached else name
    if isinstance(value, str):
        return value + "\n"
    scalar = scalar_text(value)
    return render_json(value) if scalar is None else scalar + "\n"


def items_of(value: object) -> dict[str, object] | None:
    """The fields of an answer, or the items of a list by number; None for a single value."""
    fields = fields_of(value)
    if fields is not None:
        return dict(fields)
    if isinstance(value, tuple | list):
        return {str(number): item for number, item in enumerate(value)}
    return None


def _leaves(value: object) -> Iterator[str]:
    """The paths below `value` that lead to a scalar."""
    items = items_of(value)
    if not items:
        yield ""
    for name, item in (items or {}).items():
        for leaf in _leaves(item):
            yield f"{name}.{leaf}" if leaf else name
