"""JSON Schema 2020-12 of every answer and of a patient, written by Pydantic.

The models are made from the declarations that the rules use: the fields of the answers
and the inputs of the patient. Nothing is declared a second time.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import GenericAlias, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, WithJsonSchema, create_model

from ruxcalc.batch.columns import ALIASES
from ruxcalc.inputs import LONGEST_NAME, MOST_VALUES, NO, YES, Input
from ruxcalc.labels import REGIONS
from ruxcalc.numbers import LONGEST
from ruxcalc.patient import GROUPS, inputs_of
from ruxcalc.render.flat import FIELDS
from ruxcalc.results import Frozen, JsonValue
from ruxcalc.rules.assess import AssessAnswer
from ruxcalc.rules.check import CheckAnswer
from ruxcalc.rules.dose import DoseAnswer
from ruxcalc.rules.evidence import EvidenceAnswer
from ruxcalc.rules.handout import HandoutAnswer
from ruxcalc.rules.label import LabelAnswer
from ruxcalc.rules.plan import PlanAnswer
from ruxcalc.rules.track import TrackAnswer
from ruxcalc.rules.vasi import VasiAnswer, VasiStepsAnswer
from ruxcalc.rules.warn import WarnAnswer
from ruxcalc.sites import SITES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]

OF_A_ROW: dict[str, Json] = {
    "id": {"description": "Names the row; it is repeated in the answer."},
    "region": {
        "description": f"{', '.join(REGIONS)}, or several with commas; it replaces --region.",
        "type": ["string", "array"],
    },
}


ANSWERS: dict[str, type] = {
    "dose": DoseAnswer,
    "check": CheckAnswer,
    "warn": WarnAnswer,
    "assess": AssessAnswer,
    "plan": PlanAnswer,
    "track": TrackAnswer,
    "evidence": EvidenceAnswer,
    "label": LabelAnswer,
    "vasi": VasiAnswer,
    "vasi-steps": VasiStepsAnswer,
    "handout": HandoutAnswer,
}
SCHEMAS = (*ANSWERS, "batch", "input")


def schema_of(name: str) -> Json:
    """Return the JSON Schema called `name`, one of `SCHEMAS`."""
    if name == "input":
        patient = _patient_schema("assess")
        patient["properties"] |= {name: dict(about) for name, about in OF_A_ROW.items()}
        patient["properties"] |= {
            plural: patient["properties"][name] for plural, name in ALIASES.items()
        }
        return {"$schema": DIALECT, "title": "ruxcalc patient", **patient}
    if name == "batch":
        return _flat_row_schema()
    schema = _model(ANSWERS[name]).model_json_schema(mode="serialization")
    for command in GROUPS:
        _place_inputs(schema, command)
    schema["title"] = f"ruxcalc {name}"
    return {"$schema": DIALECT, **schema}


KINDS: dict[str, Json] = {
    "text": {"type": ["string", "null"]},
    "number": {"type": ["number", "null"]},
    "whole": {"type": "integer"},
    "yes-no": {"type": ["boolean", "null"]},
    "codes": {"type": "array", "items": {"type": "string"}},
    "sentences": {"type": "array", "items": {"type": "string"}},
    "any": {},
}


def _flat_row_schema() -> Json:
    """Return the schema of the flat row of a list; the columns that pass through are free."""
    properties: Json = {}
    for field in FIELDS:
        before = [f"{region}_" for region in REGIONS] if field.by_region else [""]
        for prefix in before:
            properties[prefix + field.name] = {"description": field.meaning, **KINDS[field.kind]}
    return {
        "$schema": DIALECT,
        "title": "ruxcalc batch",
        "description": "One flat row for each patient, in NDJSON. Fields of a region are there"
        " where the row was answered for that region.",
        "type": "object",
        "properties": properties,
        "required": [field.name for field in FIELDS if not field.by_region],
    }


def _model(declared: type) -> type[BaseModel]:
    """Return a Pydantic model with the fields and the docstring of a frozen type."""
    hints = get_type_hints(declared, include_extras=True)
    # Every field is in every answer, also where it is null. Pydantic's models have a `schema`
    # of their own, so that ours goes by another name inside.
    fields: Any = {
        f"{name}_": (_annotation(hint), Field(alias=name.removesuffix("_")))
        for name, hint in hints.items()
    }
    return create_model(declared.__name__, __doc__=declared.__doc__, **fields)


def _annotation(hint: Any) -> Any:  # noqa: ANN401, PLR0911 - a line for each kind of annotation
    """Return an annotation of the answers in the words of Pydantic."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Decimal:
        return Annotated[Decimal, WithJsonSchema({"type": "number"})]
    if hint is date:
        return Annotated[date, WithJsonSchema({"type": "string", "format": "date"})]
    if origin is Annotated:
        return Annotated[Decimal, WithJsonSchema({"type": "number", "unit": arguments[1]})]
    if hint == JsonValue:
        return Any
    if origin in (Union, UnionType):
        return Union[tuple(_annotation(argument) for argument in arguments)]  # noqa: UP007 - made
    if origin is tuple and arguments[1:] == (...,):
        return GenericAlias(list, (_annotation(arguments[0]),))
    if origin is tuple:
        return GenericAlias(tuple, tuple(_annotation(argument) for argument in arguments))
    if origin in (Frozen, Mapping):
        value = arguments[1]
        plain = Decimal in get_args(value) and str in get_args(value)  # any value of JSON
        return GenericAlias(dict, (str, Any if plain else _annotation(value)))
    if origin is Literal:
        return hint
    return _model(hint) if hasattr(hint, "_fields") else hint


def _place_inputs(schema: Json, command: str) -> None:
    """Say what the `inputs` of one command's answer may hold."""
    definitions = [schema, *schema.get("$defs", {}).values()]
    name = f"{command.capitalize()}Answer"
    for definition in definitions:
        if definition.get("title") == name and "inputs" in definition.get("properties", {}):
            definition["properties"]["inputs"] = {
                "title": "Inputs",
                "description": "What was given, as it was read.",
                **_patient_schema(command),
            }


def _patient_schema(command: str) -> Json:
    """Return the inputs of a command, none of them required."""
    return {
        "type": "object",
        "properties": {name: _input_schema(d) for name, d in inputs_of(command).items()},
    }


def _input_schema(declared: Input) -> Json:
    """Return one input: its type, its bounds and unit, and its definition."""
    about = {
        "description": declared.help,
        "includes": declared.includes,
        "excludes": declared.excludes,
        "unit": declared.unit,
        "source": declared.source,
    }
    shape: Json
    if declared.kind == "flag":
        shape = {"anyOf": [{"type": "boolean"}, {"enum": [*YES, *NO]}]}
    elif declared.kind == "choice":
        shape = {"enum": list(declared.choices)}
    elif declared.kind == "date":
        shape = {"type": "string", "format": "date"}
    elif declared.kind == "names":
        name = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
        shape = {"anyOf": [name, {"type": "array", "items": name, "maxItems": MOST_VALUES}]}
    elif declared.kind == "number":
        shape = _number_schema(declared)
    elif declared.kind == "dispensed":
        tubes = {"type": "string", "pattern": r"^[0-9]+x[0-9]+(\.[0-9]+)?$"}
        shape = {"anyOf": [tubes, {"type": "array", "items": tubes, "maxItems": MOST_VALUES}]}
    else:
        number = _number_schema(declared)
        sites = {
            "type": "object",
            "propertyNames": {"enum": list(SITES)},
            "additionalProperties": number,
        }
        shape = {"anyOf": [*number["anyOf"], sites]}
    return {**{word: text for word, text in about.items() if text}, **shape}


def _number_schema(declared: Input) -> Json:
    """Return a number within its bounds, or text in the number grammar."""
    low = "exclusiveMinimum" if declared.above else "minimum"
    number = {
        "type": "integer" if declared.whole else "number",
        low: _plain(declared.low),
        "maximum": _plain(declared.high),
    }
    sign, percent = "-?" if declared.low < 0 else "", "%?" if declared.percent else ""
    text = {
        "type": "string",
        "pattern": rf"^{sign}[0-9]+(\.[0-9]+)?{percent}$",
        "maxLength": LONGEST,
    }
    return {"anyOf": [number, text]}


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)
