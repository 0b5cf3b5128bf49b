"""FHIR R4 (4.0.1): a QuestionnaireResponse in, to the questionnaire of `ruxcalc.questionnaire`.

An answer goes through the same reader as an option. Nothing is inferred from a record.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import Input, JsonNumber
from ruxcalc.labels import REGIONS
from ruxcalc.questionnaire import (
    SEVERAL,
    URL,
    Form,
    choices_of,
    form_of,
    item_type,
    questionnaire,
)

__all__ = ["Response", "questionnaire", "read_response"]

ACCEPTED_STATUS = ("completed", "amended")
LONGEST = 1_000_000  # characters of a response

# The elements of R4 that a response, an item and an answer may have, but for the value. Those
# that change the meaning of others (modifierExtension, implicitRules) are not understood here.
OF_A_RESPONSE = (
    "id", "extension", "resourceType", "meta", "language", "text", "contained", "identifier",
    "basedOn", "partOf", "questionnaire", "status", "subject", "encounter", "authored", "author",
    "source", "item",
)  # fmt: skip
OF_AN_ITEM = ("id", "extension", "linkId", "definition", "text", "answer", "item")
OF_AN_ANSWER = ("id", "extension", "item")
# The elements that may hold the value of an item of each type.
VALUES = {
    "integer": ("valueInteger",),
    "decimal": ("valueDecimal", "valueInteger"),
    "date": ("valueDate",),
    "choice": ("valueCoding",),
    "string": ("valueString",),
}

Json = dict[str, Any]


class Response(NamedTuple):
    """What a response answers: the regions of its questionnaire, and values by input.

    A value is what the Python interface takes: one value, or several names. `id` names the
    response, where it has a name.
    """

    regions: tuple[str, ...]
    inputs: Mapping[str, object]
    id: str | None = None


def read_response(text: str) -> Response:
    """Read a QuestionnaireResponse to a questionnaire of this version.

    Numbers keep their digits. Raises `InputError` for what is no such response: another
    questionnaire or version, a status that is not final, an unknown or doubled item, a value of
    the wrong type, more than one answer where one makes sense.
    """
    content = _parsed(text)
    if not isinstance(content, dict) or content.get("resourceType") != "QuestionnaireResponse":
        raise _refused("is not a FHIR QuestionnaireResponse")
    _refuse_unknown(content, OF_A_RESPONSE, "a response")
    status = content.get("status")
    if status not in ACCEPTED_STATUS:
        raise _refused("is not a final status", f"status {' or '.join(ACCEPTED_STATUS)}", status)
    regions = _regions_of(content.get("questionnaire"))
    form = form_of(regions)
    inputs: dict[str, object] = {}
    seen: set[str] = set()
    for item in _items(content):
        name = _link_id(item, form)
        if name in seen:
            raise _refused_item(name, "is there twice", "one item of this linkId")
        seen.add(name)
        if "answer" not in item:
            continue
        if name not in form.inputs:
            raise _refused("is an item that takes no answer", value=name)
        values = _values(name, form.inputs[name], item["answer"])
        if values:
            inputs[name] = values if form.inputs[name].kind in SEVERAL else values[0]
    identity = content.get("id")
    if identity is not None and not isinstance(identity, str):
        raise _refused("has an id that is not text")
    return Response(regions, inputs, identity)


def _refused(problem: str, accepted: str = "", value: object = None) -> InputError:
    return InputError("fhir", problem, accepted, _simple(value))


def _refused_item(name: str, problem: str, accepted: str, value: object = None) -> InputError:
    return InputError(name, problem, accepted, _simple(value), option=f"item {name}")


def _simple(value: object) -> object:
    """Return a value that a message may repeat; a structure is not repeated."""
    return value if isinstance(value, str | bool | JsonNumber) else None


def _parsed(text: str) -> object:
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST:
        raise _refused(f"has more than {LONGEST} characters")
    try:
        return json.loads(
            text, parse_float=JsonNumber, parse_int=JsonNumber, object_pairs_hook=_object,
            parse_constant=_no_number,
        )  # fmt: skip
    except RecursionError:
        raise _refused("is nested too deep") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _refused(f"is not JSON: {error.msg}, {where}") from None


def _object(pairs: list[tuple[str, object]]) -> Json:
    read: Json = {}
    for name, value in pairs:
        if name in read:
            raise _refused("is a key twice in one object", value=name)
        read[name] = value
    return read


def _no_number(word: str) -> object:
    raise _refused("is no number", value=word)


def _refuse_unknown(element: Mapping[str, object], known: tuple[str, ...], what: str) -> None:
    """Raise `InputError` for an element that is not read: what it says would be lost.

    The same name after a line holds extensions of a simple element.
    """
    for name in element:
        if name.removeprefix("_") not in known:
            raise _refused(f"is not an element of {what} that is read here", value=name)


def _regions_of(canonical: object) -> tuple[str, ...]:
    """Return the regions of the questionnaire that is answered, if it is ours and current."""
    example = f"{URL}:{':'.join(REGIONS)}|{form_of(REGIONS).version}"
    if not isinstance(canonical, str):
        raise _refused("names no questionnaire", example)
    url, _, version = canonical.partition("|")
    regions = tuple(url.removeprefix(f"{URL}:").split(":"))
    in_order = tuple(region for region in REGIONS if region in regions)
    if url != ":".join((URL, *in_order)) or not in_order:
        raise _refused("is not a questionnaire of this program", example, canonical)
    expected = form_of(regions).version
    if version != expected:
        problem = "is another version of the questionnaire" if version else "names no version"
        raise _refused(problem, f"version {expected}", canonical)
    return regions


def _items(parent: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield every item, whatever group or answer it stands in, the outer before the inner.

    Each linkId may be there once, so that the reader stops before items nest too deep.
    """
    items = parent.get("item", [])
    if not isinstance(items, list):
        raise _refused("has an item that is not in a list")
    for item in items:
        if not isinstance(item, dict):
            raise _refused("has an item that is not an object")
        yield item
        yield from _items(item)
        answers = item.get("answer")
        for answer in answers if isinstance(answers, list) else ():
            if isinstance(answer, dict):
                yield from _items(answer)


def _link_id(item: Mapping[str, object], form: Form) -> str:
    _refuse_unknown(item, OF_AN_ITEM, "an item")
    name = item.get("linkId")
    if not isinstance(name, str):
        raise _refused("has an item without a linkId")
    if name not in form.link_ids:
        raise _refused("is not an item of this questionnaire", value=name)
    return name


def _values(name: str, declared: Input, answers: object) -> tuple[object, ...]:
    """Return the values of an item, none where it says that it was not asked."""
    if not isinstance(answers, list):
        raise _refused_item(name, "has an answer that is not in a list", "a list")
    if len(answers) > 1 and declared.kind not in SEVERAL:
        raise _refused_item(name, "is answered more than once", "one answer")
    values = (_value(name, declared, answer) for answer in answers)
    return tuple(value for value in values if value is not None)


def _value(name: str, declared: Input, answer: object) -> object:
    kind = item_type(declared)
    accepted = " or ".join(VALUES[kind])
    if not isinstance(answer, dict):
        raise _refused_item(name, "has an answer that is not an object", accepted)
    held = [key for key in answer if key.startswith("value")]
    _refuse_unknown(answer, (*OF_AN_ANSWER, *held), "an answer")
    if len(held) != 1:
        raise _refused_item(name, "has an answer without one value", accepted)
    if held[0] not in VALUES[kind]:
        raise _refused_item(name, "is not the type of its value", accepted, held[0])
    value = answer[held[0]]
    if kind == "choice":
        return _chosen(name, declared, value)
    if not isinstance(value, JsonNumber if kind in ("integer", "decimal") else str):
        raise _refused_item(name, f"is not a {held[0]}", accepted, value)
    if held[0] == "valueInteger" and isinstance(value, JsonNumber) and not _is_whole(value.text):
        raise _refused_item(name, "is not a valueInteger", "a whole number", value)
    return value


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _chosen(name: str, declared: Input, coding: object) -> object:
    """Return what a coding stands for; a system that is left out is that of the choice."""
    if not isinstance(coding, dict):
        raise _refused_item(name, "is not a valueCoding", "an object with a code", coding)
    code, system = coding.get("code"), coding.get("system")
    for choice in choices_of(declared):
        if code == choice.code and system in (None, choice.system):
            return choice.value
    accepted = ", ".join(choice.code for choice in choices_of(declared))
    problem = "is not a code of this item" if system is None else "is not a code of its system here"
    raise _refused_item(name, problem, accepted, code)
