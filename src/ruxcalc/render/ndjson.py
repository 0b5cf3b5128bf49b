"""Compact JSON on one line, for lists: the same fields and numbers as the JSON format.

The parts of an answer that come again and again (a finding, a source, the editions)
are written once and remembered.
"""

from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii as encode_text

from ruxcalc.answers import Basis, CitedValue, Finding, Method, ReviewRule, Source, WarnRegion
from ruxcalc.inputs import JsonNumber, Pairs
from ruxcalc.numbers import plain_text

# Parts that the rules make once and share, and parts that they make anew with equal values.
SHARED = (Basis, CitedValue, Method, ReviewRule, Source, WarnRegion)
EQUAL = (Finding,)
REMEMBERED = 1024


def render_line(answer: object) -> str:
    """The answer as JSON on one line, without the end of the line."""
    return _writer(type(answer))(answer)


def render_parts(answer: tuple[object, ...], known: Mapping[str, str]) -> str:
    """The answer as JSON on one line, with the text of some of its fields already known."""
    fields = zip(answer._fields, answer, strict=True)  # type: ignore[attr-defined]  # a frozen type
    texts = (
        f'"{name}":{known[name] if name in known else render_line(value)}' for name, value in fields
    )
    return f"{{{','.join(texts)}}}"


WRITERS: dict[type, Callable[..., str]] = {
    str: encode_text,
    bool: lambda value: "true" if value else "false",
    int: str,
    Decimal: plain_text,
    type(None): lambda _: "null",
    JsonNumber: repr,
}


def _writer(kind: type) -> Callable[..., str]:
    """The function that writes values of one type."""
    known = WRITERS.get(kind)
    if known is None:
        known = WRITERS[kind] = _new_writer(kind)
    return known


def _new_writer(kind: type) -> Callable[..., str]:
    fields: tuple[str, ...] | None = getattr(kind, "_fields", None)
    if fields is not None:
        write = _fields_writer(fields)
        if kind in EQUAL:
            return _remembering(write)
        return _once(write) if kind in SHARED else write
    if kind is Pairs:
        return lambda value: _write_mapping(dict(value))
    if issubclass(kind, Mapping):
        return _write_mapping
    if issubclass(kind, tuple | list):
        return lambda value: f"[{','.join(map(render_line, value))}]"
    raise TypeError(kind)


def _remembering(write: Callable[[Hashable], str]) -> Callable[..., str]:
    return lru_cache(REMEMBERED)(write)


def _once(write: Callable[[object], str]) -> Callable[..., str]:
    """Write each object once, known by its identity, which is kept as long as its text."""
    written: dict[int, tuple[object, str]] = {}

    def text_of(value: object) -> str:
        known = written.get(id(value))
        if known is None:
            if len(written) >= REMEMBERED:
                written.clear()
            known = written[id(value)] = (value, write(value))
        return known[1]

    return text_of


def _fields_writer(fields: tuple[str, ...]) -> Callable[..., str]:
    form = "{" + ",".join(f'"{name}":%s' for name in fields) + "}"
    writer = WRITERS.get
    return lambda value: form % tuple([writer(type(item), render_line)(item) for item in value])


def _write_mapping(value: Mapping[str, object]) -> str:
    pairs = (f"{encode_text(name)}:{render_line(item)}" for name, item in value.items())
    return "{" + ",".join(pairs) + "}"
