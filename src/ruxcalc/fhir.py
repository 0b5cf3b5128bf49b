"""FHIR R4 (4.0.1): a Questionnaire out, a QuestionnaireResponse in.

Both are derived from the declarations of the inputs: `linkId` is the name of an input. An
answer goes through the same reader as an option. Nothing is inferred from a record.

A yes or no is a choice of Yes, No and Not asked, not a boolean: many forms show a boolean as a
box to tick, and a box that nobody touched must not come back as a no.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from ruxcalc import __version__
from ruxcalc.errors import InputError
from ruxcalc.inputs import NONE, Input, JsonNumber
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.labels.model import Label
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.freshness import due_on
from ruxcalc.rules.questions import asked_inputs

URL = "urn:ruxcalc:questionnaire"
CODES = "urn:ruxcalc:answers"
STRUCTURES = "http://hl7.org/fhir/StructureDefinition"
UCUM = "http://unitsofmeasure.org"
ITEM_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
YES_OR_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
# The codes of UCUM for the units of the inputs; a unit that is a word of the field has none.
UNITS = {
    "%": "%", "g": "g", "cm": "cm", "kg": "kg", "m2": "m2", "days": "d", "weeks": "wk",
    "years": "a", "mL/min/1.73 m2": "mL/min/{1.73_m2}",
}  # fmt: skip
NUMBERS = ("number", "repigmentation", "handprints")
SEVERAL = ("names", "dispensed")
ALL_OTHERS = "all_others_no"  # the last question: it is about what was not answered before
ACCEPTED_STATUS = ("completed", "amended")
LONGEST = 1_000_000  # characters of a response

# The elements of R4 that a response, an item and an answer may have, but for the value. Those
# that change the meaning of others (modifierExtension, implicitRules) are not understood here.
OF_ANY = ("id", "extension")
OF_A_RESPONSE = (
    *OF_ANY, "resourceType", "meta", "language", "text", "contained", "identifier", "basedOn",
    "partOf", "questionnaire", "status", "subject", "encounter", "authored", "author", "source",
    "item",
)  # fmt: skip
OF_AN_ITEM = (*OF_ANY, "linkId", "definition", "text", "answer", "item")
OF_AN_ANSWER = (*OF_ANY, "item")
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

    A value is what the Python interface takes: one value, or several names.
    """

    regions: tuple[str, ...]
    inputs: Mapping[str, object]


class Choice(NamedTuple):
    """One answer that a choice offers, and the value that it gives to the input."""

    system: str
    code: str
    display: str
    value: bool | str | None


class Form(NamedTuple):
    """The questions for some regions.

    Attributes:
        version: the version of the program, the day of its facts, and a digest of the questions
            and editions, so that a form with other questions is always of another version.
        items: the items of the questionnaire.
        inputs: the inputs that it asks for.
        link_ids: the linkIds of all items, also of groups and explanations.

    """

    version: str
    items: tuple[Json, ...]
    inputs: Mapping[str, Input]
    link_ids: frozenset[str]


# ---- The questionnaire ----


def questionnaire(regions: tuple[str, ...] = REGIONS) -> Json:
    """Return the Questionnaire for `regions`: one item an input, grouped as `ask` groups them.

    It asks only what one of the labels says something about.
    """
    basis = basis_of(load_all(regions))
    form = form_of(regions)
    verified = basis.facts_verified.isoformat()
    return {
        "resourceType": "Questionnaire",
        "url": ":".join((URL, *regions)),
        "version": form.version,
        "name": "RuxolitinibCreamVitiligo",
        "title": "Ruxolitinib 1.5 % cream in non-segmental vitiligo",
        "status": "active",
        "experimental": False,
        "subjectType": ["Patient"],
        "date": verified,
        "lastReviewDate": verified,
        "effectivePeriod": {"start": verified, "end": due_on(basis.facts_verified).isoformat()},
        "description": _about(load_all(regions)),
        "item": list(form.items),
    }


@cache
def form_of(regions: tuple[str, ...]) -> Form:
    """Return the questions for `regions`, and their version."""
    labels = load_all(regions)
    inputs = dict(asked_inputs(labels))
    groups: dict[str, list[Json]] = {}
    for name, declared in inputs.items():
        if name != ALL_OTHERS:
            groups.setdefault(declared.panel, []).append(_item(name, declared))
    items: tuple[Json, ...] = (
        {"linkId": "about", "text": _about(labels), "type": "display"},
        *(
            {"linkId": f"group-{number}", "text": panel, "type": "group", "item": questions}
            for number, (panel, questions) in enumerate(groups.items(), 1)
        ),
        _item(ALL_OTHERS, inputs[ALL_OTHERS]),
    )
    verified = basis_of(labels).facts_verified
    digest = sha256(json.dumps(items).encode()).hexdigest()[:8]
    return Form(f"{__version__}-{verified}-{digest}", items, inputs, frozenset(_link_ids(items)))


def _about(labels: tuple[Label, ...]) -> str:
    basis = basis_of(labels)
    editions = "; ".join(
        f"{edition.name}: {edition.document}, edition {edition.edition}"
        for edition in basis.editions.values()
    )
    return (
        f"Questions of ruxcalc {__version__}. {editions}. Facts verified {basis.facts_verified},"
        f" due again {due_on(basis.facts_verified)}. {basis.caution} What is left out is not"
        " asked, which is not the same as no."
    )


def _link_ids(items: tuple[Json, ...]) -> Iterator[str]:
    for item in items:
        yield item["linkId"]
        yield from _link_ids(tuple(item.get("item", ())))


def _item(name: str, declared: Input) -> Json:
    kind = item_type(declared)
    item: Json = {"linkId": name, "text": declared.question, "type": kind}
    extensions = [*_bounds(declared, kind), *_presentation(declared)]
    if extensions:
        item["extension"] = extensions
    if declared.kind in SEVERAL:
        item["repeats"] = True
    if kind == "choice":
        item["answerOption"] = [
            {"valueCoding": {"system": each.system, "code": each.code, "display": each.display}}
            for each in choices_of(declared)
        ]
    definition = _definition(declared)
    if definition:
        help_text: Json = {"linkId": f"{name}-help", "text": definition, "type": "display"}
        item["item"] = [{**help_text, "extension": [_control("help")]}]
    return item


def item_type(declared: Input) -> str:
    """Return the FHIR type of the item that asks for an input."""
    if declared.kind in NUMBERS:
        return "integer" if declared.whole else "decimal"
    return {"flag": "choice", "date": "date", "choice": "choice"}.get(declared.kind, "string")


def choices_of(declared: Input) -> tuple[Choice, ...]:
    """Return the answers that the item of a choice, or of a yes or no, offers."""
    if declared.kind == "choice":
        return tuple(Choice(CODES, word, word, word) for word in declared.choices)
    return (
        Choice(YES_OR_NO, "Y", "Yes", value=True),
        Choice(YES_OR_NO, "N", "No", value=False),
        Choice(ABSENT, "not-asked", "Not asked", None),
    )


def _bounds(declared: Input, kind: str) -> Iterator[Json]:
    if declared.kind not in NUMBERS:
        return
    value = "valueInteger" if kind == "integer" else "valueDecimal"
    for bound, number in (("minValue", declared.low), ("maxValue", declared.high)):
        yield {"url": f"{STRUCTURES}/{bound}", value: _plain(number)}
    if declared.unit:
        code = UNITS.get(declared.unit)
        coded = {"system": UCUM, "code": code} if code else {}
        unit = {**coded, "display": declared.unit}
        yield {"url": f"{STRUCTURES}/questionnaire-unit", "valueCoding": unit}


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)


def _presentation(declared: Input) -> Iterator[Json]:
    if declared.kind == "flag":
        yield _control("radio-button")
        direction = {"valueCode": "horizontal"}
        yield {"url": f"{STRUCTURES}/questionnaire-choiceOrientation", **direction}
    if declared.kind in SEVERAL:
        none = f"; or {NONE}" if declared.kind == "names" else ""
        entry = f"one in each field, such as {declared.example}{none}"
        yield {"url": f"{STRUCTURES}/entryFormat", "valueString": entry}


def _control(code: str) -> Json:
    coding = {"coding": [{"system": ITEM_CONTROL, "code": code}]}
    return {"url": f"{STRUCTURES}/questionnaire-itemControl", "valueCodeableConcept": coding}


def _definition(declared: Input) -> str:
    parts = (("Includes", declared.includes), ("Excludes", declared.excludes))
    return " ".join(f"{word}: {text}." for word, text in parts if text)


# ---- The response ----


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
        if "answer" in item:
            declared = _answered_input(name, form)
            values = _values(name, declared, item["answer"])
            if values:
                inputs[name] = values if declared.kind in SEVERAL else values[0]
    return Response(regions, inputs)


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
        raise _refused(f"has {len(text)} characters, more than {LONGEST}")
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


def _answered_input(name: str, form: Form) -> Input:
    if name not in form.inputs:
        raise _refused("is an item that takes no answer", value=name)
    return form.inputs[name]


def _values(name: str, declared: Input, answers: object) -> tuple[object, ...]:
    """Return the values of an item, none where it says that it was not asked."""
    if not isinstance(answers, list):
        raise _refused_item(name, "has an answer that is not in a list", "a list of answers")
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
        problem = "has an answer with several values" if held else "has an answer without a value"
        raise _refused_item(name, problem, accepted)
    if held[0] not in VALUES[kind]:
        raise _refused_item(name, "is not the type of its value", accepted, held[0])
    value = answer[held[0]]
    if kind == "choice":
        return _chosen(name, declared, value)
    if not isinstance(value, JsonNumber if kind in ("integer", "decimal") else str):
        raise _refused_item(name, f"is not a {held[0]}", accepted, value)
    return value


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
