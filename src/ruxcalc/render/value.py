"""One value of an answer, by its path in the JSON: `use.grams_per_week`."""

from collections.abc import Iterator
from datetime import date

from ruxcalc.errors import InputError
from ruxcalc.render.json import fields_of, render_json, scalar_text

MOST_PATHS = 5


def render_value(answer: object, path: str) -> str:
    """Return the value at `path` as bare text; what is not a scalar is written as JSON.

    Raises `InputError`, with the nearest paths and how to list them all, if there is none there.
    """
    value = answer
    for name in path.split("."):
        items = items_of(value) or {}
        if name not in items:
            near = " or ".join(_nearest(path, list(_paths(answer))))
            raise InputError(
                "get",
                "is not a path of this answer",
                given=path,
                fix=f"{near + '? ' if near else ''}All paths: the same command with {{json}}.",
            )
        value = items[name]
    if isinstance(value, str | date):
        return f"{value}\n"
    scalar = scalar_text(value)
    return render_json(value) if scalar is None else scalar + "\n"


def items_of(value: object) -> dict[str, object] | None:
    """Return the fields of an answer, or the items of a list by number; None for one value."""
    fields = fields_of(value)
    if fields is not None:
        return dict(fields)
    if isinstance(value, tuple | list):
        return {str(number): item for number, item in enumerate(value)}
    return None


def _paths(value: object, before: str = "") -> Iterator[str]:
    """Yield every path below `value`, of parts and of single values."""
    for name, item in (items_of(value) or {}).items():
        path = f"{before}{name}"
        yield path
        yield from _paths(item, f"{path}.")


def _nearest(path: str, paths: list[str]) -> list[str]:
    """Return the paths that `path` may have meant, at most five.

    A path of the same last name is near, such as `use.grams_per_week` for `grams_per_week`; then
    those that look like it, then those beside the part that was reached.
    """
    from difflib import get_close_matches

    last = path.rpartition(".")[2].casefold()
    same = [known for known in paths if known.rpartition(".")[2].casefold() == last]
    close = get_close_matches(path.casefold(), paths, n=MOST_PATHS, cutoff=0.6)
    reached = path
    while reached and reached not in paths:
        reached = reached.rpartition(".")[0]
    beside = [known for known in paths if known.rpartition(".")[0] == reached]
    return list(dict.fromkeys((*same, *close, *beside)))[:MOST_PATHS]
