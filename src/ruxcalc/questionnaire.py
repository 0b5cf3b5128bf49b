"""The FHIR R4 (4.0.1) Questionnaire, derived from the declarations of the inputs.

`linkId` is the name of an input. A yes or no is a choice of Yes, No and Not asked, not a boolean:
many forms show a boolean as a box to tick, and a box that nobody touched must not come back as
a no.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from ruxcalc import __version__
from ruxcalc.inputs import NONE, Input
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
YES_OR_NO = "http://terminology.hl7.org/CodeSystem/v2-0532"
# The codes of UCUM for the units of the inputs; a unit that is a word of the field has none.
UNITS = {
    "%": "%", "g": "g", "cm": "cm", "kg": "kg", "m2": "m2", "days": "d", "weeks": "wk",
    "years": "a", "mL/min/1.73 m2": "mL/min/{1.73_m2}",
}  # fmt: skip
NUMBERS = ("number", "repigmentation", "handprints")
SEVERAL = ("names", "dispensed")
ALL_OTHERS = "all_others_no"  # the last question: it is about what was not answered before

Json = dict[str, Any]


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
        "item": deepcopy(list(form.items)),  # whoever changes it changes no other
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
    items: list[Json] = [
        {"linkId": f"group-{number}", "text": panel, "type": "group", "item": questions}
        for number, (panel, questions) in enumerate(groups.items(), 1)
    ]
    items.insert(0, {"linkId": "about", "text": _about(labels), "type": "display"})
    items.append(_item(ALL_OTHERS, inputs[ALL_OTHERS]))
    verified = basis_of(labels).facts_verified
    digest = sha256(json.dumps(items).encode()).hexdigest()[:8]
    version = f"{__version__}-{verified}-{digest}"
    return Form(version, tuple(items), inputs, frozenset(_link_ids(items)))


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


def _link_ids(items: Iterable[Json]) -> Iterator[str]:
    for item in items:
        yield item["linkId"]
        yield from _link_ids(item.get("item", ()))


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
        Choice(YES_OR_NO, "NASK", "Not asked", None),
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
        yield {
            "url": f"{STRUCTURES}/questionnaire-choiceOrientation",
            "valueCode": "horizontal",
        }
    if declared.kind in SEVERAL:
        entry = f"one in each field, such as {declared.example}"
        entry += f"; or {NONE}" if declared.kind == "names" else ""
        yield {"url": f"{STRUCTURES}/entryFormat", "valueString": entry}


def _control(code: str) -> Json:
    coding = {"coding": [{"system": ITEM_CONTROL, "code": code}]}
    return {"url": f"{STRUCTURES}/questionnaire-itemControl", "valueCodeableConcept": coding}


def _definition(declared: Input) -> str:
    parts = (("Includes", declared.includes), ("Excludes", declared.excludes))
    return " ".join(f"{word}: {text}." for word, text in parts if text)
