"""JSON Schema 2020-12 of every answer and of a patient, written by Pydantic.

The models are made from the declarations that the rules use: the fields of the answers
and the inputs of the patient. Nothing is declared a second time.
"""

from decimal import Decimal
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, JsonValue, WithJsonSchema, create_model

from ruxcalc.answers import (
    AssessAnswer,
    CheckAnswer,
    DoseAnswer,
    LabelAnswer,
    PlanAnswer,
    TrackAnswer,
    VasiAnswer,
    VasiStepsAnswer,
    WarnAnswer,
)
from ruxcalc.batch.columns import ALIASES
from ruxcalc.inputs import LONGEST_NAME, MOST_VALUES, NO, YES, Input
from ruxcalc.numbers import LONGEST
from ruxcalc.patient import GROUPS, inputs_of
from ruxcalc.rules.evidence import EvidenceAnswer

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]

OF_A_ROW: dict[str, Json] = {
    "id": {"description": "Names the row; it is repeated in the answer."},
    "region": {
        "description": "us, eu or uk, or several with commas; goes before --region.",
        "type": ["string", "array"],
    },
}


class BatchRow(NamedTuple):
    """What a row of a list keeps of its own: its line, its id, its unknown columns."""

    line: int
    id: JsonValue
    columns: dict[str, JsonValue]


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
}
SCHEMAS = (*ANSWERS, "batch", "input")


def schema_of(name: str) -> Json:
    """The JSON Schema called `name`, one of `SCHEMAS`."""
    if name == "input":
        patient = _patient_schema("assess")
        patient["properties"] |= {name: dict(about) for name, about in OF_A_ROW.items()}
        patient["properties"] |= {
            plural: patient["properties"][name] for plural, name in ALIASES.items()
        }
        return {"$schema": DIALECT, "title": "ruxcalc patient", **patient}
    model = _model(ANSWERS["assess" if name == "batch" else name])
    if name == "batch":
        model = create_model(
            "BatchAnswer", __base__=model, row_=(_model(BatchRow), Field(alias="row"))
        )
        model.__doc__ = "The answer of assess for one row of a list, with the row it belongs to."
    schema = model.model_json_schema(mode="serialization")
    for command in GROUPS:
        _place_inputs(schema, command)
    schema["title"] = f"ruxcalc {name}"
    return {"$schema": DIALECT, **schema}


def _model(declared: type) -> type[BaseModel]:
    """A Pydantic model with the fields and the docstring of a frozen type."""
    hints = get_type_hints(declared, include_extras=True)
    # Every field is in every answer, also where it is null. Pydantic's models have a `schema`
    # of their own, so that ours goes by another name inside.
    fields: Any = {
        f"{name}_": (_annotation(hint), Field(alias=name)) for name, hint in hints.items()
    }
    return create_model(declared.__name__, __doc__=declared.__doc__, **fields)


def _annotation(hint: Any) -> Any:  # noqa: ANN401, PLR0911 - a line for each kind of annotation
    """An annotation of the answers, in the words of Pydantic."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Decimal:
        return Annotated[Decimal, WithJsonSchema({"type": "number"})]
    if origin is Annotated:
        return Annotated[Decimal, WithJsonSchema({"type": "number", "unit": arguments[1]})]
    if origin in (Union, UnionType):
        return Union[tuple(_annotation(argument) for argument in arguments)]  # noqa: UP007 - made
    if origin is tuple and arguments[1:] == (...,):
        return GenericAlias(list, (_annotation(arguments[0]),))
    if origin is tuple:
        return GenericAlias(tuple, tuple(_annotation(argument) for argument in arguments))
    if origin is dict:
        is_inputs = NoneType in get_args(arguments[1])
        return GenericAlias(dict, (str, Any if is_inputs else _annotation(arguments[1])))
    if origin is Literal or hint is JsonValue:
        return hint
    return _model(hint) if hasattr(hint, "_fields") else hint


def _place_inputs(schema: Json, command: str) -> None:
    """Say what the `inputs` of one command's answer may hold."""
    definitions = [schema, *schema.get("$defs", {}).values()]
    name = f"{command.capitalize()}Answer"
    for definition in definitions:
        own = definition.get("title") in (name, f"Batch{name[6:]}" if command == "assess" else name)
        if own and "inputs" in definition.get("properties", {}):
            definition["properties"]["inputs"] = {
                "title": "Inputs",
                "description": "What was given, as it was read.",
                **_patient_schema(command),
            }


def _patient_schema(command: str) -> Json:
    """The inputs of a command, none of them required."""
    return {
        "type": "object",
        "properties": {name: _input_schema(d) for name, d in inputs_of(command).items()},
    }


def _input_schema(declared: Input) -> Json:
    """One input: its type, its bounds and unit, and its definition."""
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
    else:
        number = _number_schema(declared)
        sites = {"type": "object", "additionalProperties": number}
        shape = {"anyOf": [*number["anyOf"], sites]}
    return {**{word: text for word, text in about.items() if text}, **shape}


def _number_schema(declared: Input) -> Json:
    """A number within its bounds, or text in the number grammar."""
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
