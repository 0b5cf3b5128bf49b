"""FHIR R4 (4.0.1): a Questionnaire out, a QuestionnaireResponse in.

Both are derived from the declarations of the inputs: `linkId` is the name of an input. An
answer goes through the same reader as an option. Nothing is inferred from a record.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from ruxcalc import __version__
from ruxcalc.errors import InputError, quoted
from ruxcalc.inputs import Input, JsonNumber
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.labels.model import Label
from ruxcalc.patient import INPUTS, inputs_of
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.questions import asked_inputs

URL = "urn:ruxcalc:questionnaire"
CODES = "urn:ruxcalc:answers"
STRUCTURES = "http://hl7.org/fhir/StructureDefinition"
UCUM = "http://unitsofmeasure.org"
ITEM_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
# The codes of UCUM for the units of the inputs; a unit that is a word of the field has none.
UNITS = {
    "%": "%", "g": "g", "cm": "cm", "kg": "kg", "m2": "m2", "days": "d", "weeks": "wk",
    "years": "a", "mL/min/1.73 m2": "mL/min/{1.73_m2}",
}  # fmt: skip
NUMBERS = ("number", "repigmentation", "handprints")
SEVERAL = ("names", "dispensed")
ACCEPTED_STATUS = ("completed", "amended")
DEEPEST = 20  # levels of items
LONGEST = 1_000_000  # characters of a response

Json = dict[str, Any]


class Response(NamedTuple):
    """What a response answers: the regions of its questionnaire, and values by input.

    A value is what the Python interface takes: one value, or several names.
    """

    regions: tuple[str, ...]
    inputs: Mapping[str, object]


def version_of(labels: tuple[Label, ...]) -> str:
    """Return the version of a questionnaire: that of the program, and the day of its facts."""
    return f"{__version__}-{basis_of(labels).facts_verified}"


def questionnaire(regions: tuple[str, ...] = REGIONS) -> Json:
    """Return the Questionnaire for `regions`: one item an input, grouped as `ask` groups them.

    It asks only what one of the labels says something about.
    """
    labels = load_all(regions)
    basis = basis_of(labels)
    editions = "; ".join(
        f"{edition.name}: {edition.document}, edition {edition.edition}"
        for edition in basis.editions.values()
    )
    groups: dict[str, list[Json]] = {}
    for name, declared in asked_inputs(labels):
        groups.setdefault(declared.panel, []).append(_item(name, declared))
    return {
        "resourceType": "Questionnaire",
        "url": ":".join((URL, *regions)),
        "version": version_of(labels),
        "name": "RuxolitinibCreamVitiligo",
        "title": "Ruxolitinib 1.5 % cream in non-segmental vitiligo",
        "status": "active",
        "experimental": False,
        "subjectType": ["Patient"],
        "date": basis.facts_verified.isoformat(),
        "description": f"Inputs of ruxcalc {__version__}. {editions}. Facts verified"
        f" {basis.facts_verified}. {basis.caution} A question that is left out is not asked,"
        " which is not the same as no.",
        "item": [
            {
                "linkId": f"group-{number}",
                "text": panel,
                "type": "group",
                "item": items,
            }
            for number, (panel, items) in enumerate(groups.items(), 1)
        ],
    }


def _item(name: str, declared: Input) -> Json:
    kind = item_type(declared)
    item: Json = {"linkId": name, "text": declared.question, "type": kind}
    extensions: list[Json] = []
    if declared.kind in NUMBERS:
        value = "valueInteger" if kind == "integer" else "valueDecimal"
        for bound, number in (("minValue", declared.low), ("maxValue", declared.high)):
            extensions.append({"url": f"{STRUCTURES}/{bound}", value: _plain(number)})
        if declared.unit:
            code = UNITS.get(declared.unit)
            coded = {"system": UCUM, "code": code} if code else {}
            unit = {**coded, "display": declared.unit}
            extensions.append({"url": f"{STRUCTURES}/questionnaire-unit", "valueCoding": unit})
    if extensions:
        item["extension"] = extensions
    if declared.kind in SEVERAL:
        item["repeats"] = True
    if declared.kind == "choice":
        item["answerOption"] = [
            {"valueCoding": {"system": CODES, "code": choice, "display": choice}}
            for choice in declared.choices
        ]
    definition = _definition(declared)
    if definition:
        item["item"] = [
            {
                "linkId": f"{name}-help",
                "text": definition,
                "type": "display",
                "extension": [
                    {
                        "url": f"{STRUCTURES}/questionnaire-itemControl",
                        "valueCodeableConcept": {
                            "coding": [{"system": ITEM_CONTROL, "code": "help"}]
                        },
                    }
                ],
            }
        ]
    return item


def item_type(declared: Input) -> str:
    """Return the FHIR type of the item that asks for an input."""
    if declared.kind in NUMBERS:
        return "integer" if declared.whole else "decimal"
    return {"flag": "boolean", "date": "date", "choice": "choice"}.get(declared.kind, "string")


def _definition(declared: Input) -> str:
    parts = (("Includes", declared.includes), ("Excludes", declared.excludes))
    return " ".join(f"{word}: {text}." for word, text in parts if text)


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)


# The FHIR elements that may hold the value of an item of each type.
VALUES = {
    "boolean": ("valueBoolean",),
    "integer": ("valueInteger",),
    "decimal": ("valueDecimal", "valueInteger"),
    "date": ("valueDate",),
    "choice": ("valueCoding",),
    "string": ("valueString",),
}


def read_response(text: str) -> Response:
    """Read a QuestionnaireResponse to a questionnaire of this version.

    Numbers keep their digits. Raises `InputError` for what is no such response: another
    questionnaire or version, a status that is not final, an unknown or doubled item, a value of
    the wrong type, more than one answer where one makes sense.
    """
    content = _parsed(text)
    if not isinstance(content, dict) or content.get("resourceType") != "QuestionnaireResponse":
        raise _refused("is not a FHIR QuestionnaireResponse")
    status = content.get("status")
    if status not in ACCEPTED_STATUS:
        raise _refused("has a status that is not final", " or ".join(ACCEPTED_STATUS), status)
    regions = _regions_of(content.get("questionnaire"))
    inputs: dict[str, object] = {}
    seen: set[str] = set()
    for item in _items(content, 0):
        name, answers = _answers(item)
        if name in seen:
            raise InputError(name, "is answered twice", "one item of this linkId")
        seen.add(name)
        if answers:
            inputs[name] = answers if INPUTS[name].kind in SEVERAL else answers[0]
    return Response(regions, inputs)


def _refused(problem: str, accepted: str = "", value: object = None) -> InputError:
    return InputError("fhir", problem, accepted, _simple(value), option="--fhir")


def _simple(value: object) -> object:
    """Return a value that a message may repeat; a structure is not repeated."""
    return value if isinstance(value, str | bool | JsonNumber) else None


def _parsed(text: str) -> object:
    if len(text) > LONGEST:
        raise _refused(f"has {len(text)} characters, more than {LONGEST}")

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise _refused(f"has the key {quoted(name)} twice in one object")
        return dict(pairs)

    try:
        return json.loads(
            text, parse_float=JsonNumber, parse_int=JsonNumber, object_pairs_hook=once,
            parse_constant=_no_constant,
        )  # fmt: skip
    except RecursionError:
        raise _refused("is nested too deep") from None
    except json.JSONDecodeError as error:
        raise _refused(f"is not JSON: {error.msg}, line {error.lineno}") from None


def _no_constant(word: str) -> object:
    raise _refused(f"holds {word}, which is no number")


def _regions_of(canonical: object) -> tuple[str, ...]:
    if not isinstance(canonical, str):
        raise _refused("names no questionnaire", f"{URL}:us|{version_of(load_all())}")
    url, _, version = canonical.partition("|")
    regions = tuple(url.removeprefix(URL).split(":")[1:])
    if not url.startswith(f"{URL}:") or not set(regions) <= set(REGIONS):
        raise _refused("answers another questionnaire", f"{URL} with regions", canonical)
    expected = version_of(load_all(regions))
    if version != expected:
        raise _refused(
            "answers another version of the questionnaire", f"version {expected}", canonical
        )
    return regions


def _items(parent: Mapping[str, object], depth: int) -> Iterator[Mapping[str, object]]:
    """Yield every item that is answered, whatever group it stands in."""
    if depth > DEEPEST:
        raise _refused(f"has items nested more than {DEEPEST} levels deep")
    items = parent.get("item", [])
    if not isinstance(items, list):
        raise _refused("has an item that is not a list")
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("linkId"), str):
            raise _refused("has an item without a linkId")
        if "answer" in item:
            yield item
        elif item["linkId"] not in INPUTS and not _is_group(item["linkId"]):
            raise _refused("has an item that this questionnaire does not have", "", item["linkId"])
        yield from _items(item, depth + 1)


def _is_group(name: str) -> bool:
    return name.startswith("group-") or name.removesuffix("-help") in INPUTS


def _answers(item: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    name = str(item["linkId"])
    if name not in inputs_of("assess"):
        raise _refused("has an item that this questionnaire does not have", "", name)
    declared = INPUTS[name]
    answers = item["answer"]
    if not isinstance(answers, list):
        raise InputError(name, "has an answer that is not a list")
    values = tuple(_value(name, declared, answer) for answer in answers)
    if len(values) > 1 and declared.kind not in SEVERAL:
        raise InputError(name, "is answered more than once", "one answer")
    return name, values


def _value(name: str, declared: Input, answer: object) -> object:
    kind = item_type(declared)
    accepted = " or ".join(VALUES[kind])
    if not isinstance(answer, dict):
        raise InputError(name, "has an answer that is not an object", accepted)
    held = [key for key in answer if key.startswith("value")]
    if len(held) != 1 or held[0] not in VALUES[kind]:
        raise InputError(name, f"has the value type {', '.join(held) or 'none'}", accepted)
    value = answer[held[0]]
    if kind == "choice":
        value = value.get("code") if isinstance(value, dict) else None
    expected = {"boolean": bool, "integer": JsonNumber, "decimal": JsonNumber}.get(kind, str)
    if not isinstance(value, expected):
        raise InputError(name, f"has a {held[0]} of the wrong type", accepted, _simple(value))
    return value
