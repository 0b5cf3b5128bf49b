"""The JSON format: every field of an answer, with numbers as exact numbers.

The standard encoder cannot write a `Decimal` exactly as a number, so this one does.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ruxcalc.inputs import JsonNumber, Pairs
from ruxcalc.numbers import plain_text


def render_json(answer: object) -> str:
    """Return the answer as indented JSON, in ASCII."""
    return _encode(answer, "\n") + "\n"


def encode_text(text: str) -> str:
    """Return `text` as JSON writes it, in ASCII."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'  # as nearly all of it is: the standard encoder is slow to load
    from json.encoder import encode_basestring_ascii

    return encode_basestring_ascii(text)


def json_line(value: object) -> str:
    """Return an answer, or a value of a list, as JSON on one line, in ASCII."""
    return _encode(value, "")


def fields_of(value: object) -> Mapping[str, object] | None:
    """Return the fields of an answer or mapping by name; None for anything else.

    A field whose name is a word of Python, such as `class_`, is written without the line.
    """
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Pairs):
        return dict(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        names = (name.removesuffix("_") for name in value._fields)
        return dict(zip(names, value, strict=True))
    return None


def scalar_text(value: object) -> str | None:
    """Return a number, yes or no, or nothing as JSON writes it; None for anything else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return plain_text(value)
    return value.text if isinstance(value, JsonNumber) else None


def _encode(value: object, newline: str) -> str:
    if isinstance(value, str):
        return encode_text(value)
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    scalar = scalar_text(value)
    if scalar is not None:
        return scalar
    inner = newline and newline + "  "
    fields = fields_of(value)
    if fields is not None:
        pairs = [f"{encode_text(name)}: {_encode(item, inner)}" for name, item in fields.items()]
        return _wrapped("{", pairs, "}", newline, inner)
    if isinstance(value, tuple | list):
        items = [_encode(item, inner) for item in value]
        return _wrapped("[", items, "]", newline, inner)
    raise TypeError(type(value))


def _wrapped(start: str, items: list[str], end: str, newline: str, inner: str) -> str:
    return start + inner + f",{inner}".join(items) + newline + end if items else start + end
