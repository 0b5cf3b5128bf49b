"""Write the typed signatures of the Python functions from the declaration of the patient.

    python tools/write_stub.py          writes src/ruxcalc/__init__.pyi

A test compares the file with what this would write.
"""

from pathlib import Path

import ruxcalc
from ruxcalc.inputs import Input
from ruxcalc.patient import GROUPS, INPUTS, inputs_of

STUB = Path(__file__).parent.parent / "src" / "ruxcalc" / "__init__.pyi"
ANSWERS = {
    "dose": "DoseAnswer",
    "check": "CheckAnswer",
    "warn": "WarnAnswer",
    "assess": "AssessAnswer",
    "plan": "PlanAnswer",
}
HEAD = """\
# Written by tools/write_stub.py from the declaration in ruxcalc.patient.
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

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
from ruxcalc.errors import InputError as InputError
from ruxcalc.rules.evidence import EvidenceAnswer

__all__ = [
NAMES]
__version__: str

Number = str | int | float | Decimal
Regions = str | Sequence[str] | None

"""
LABEL = """\
def label(
    *,
    region: Regions = None,
    diff: bool = False,
    facts: bool = False,
    check: bool = False,
    on: date | str | None = None,
) -> LabelAnswer: ...
def vasi(
    sites: str | Sequence[str] = ...,
    *,
    baseline: str | Sequence[str] | None = None,
    steps: bool = False,
    region: Regions = None,
    on: date | str | None = None,
    explain: bool = False,
) -> VasiAnswer | VasiStepsAnswer: ...
def evidence(
    *,
    endpoint: str | None = None,
    week: Number | None = None,
    region: Regions = None,
    on: date | str | None = None,
    explain: bool = False,
) -> EvidenceAnswer: ...
def track(
    visits: Sequence[Mapping[str, object]],
    *,
    start: date | str | None = None,
    baseline: Number | None = None,
    measure: Literal["f-vasi", "t-vasi", "treated-area"] | None = None,
    tube_grams: Number | None = None,
    region: Regions = None,
    on: date | str | None = None,
    explain: bool = False,
) -> TrackAnswer: ...
"""


def type_of(declared: Input) -> str:
    """The annotation of the Python argument for one input."""
    plain = {
        "number": "Number",
        "choice": "Literal[" + ", ".join(f'"{choice}"' for choice in declared.choices) + "]",
        "flag": "bool",
        "date": "date | str",
        "names": "str | Sequence[str]",
        "repigmentation": "Number | Mapping[str, Number]",
    }
    return f"{plain[declared.kind]} | None = None"


def stub() -> str:
    """The whole stub file."""
    functions = []
    for command in GROUPS:
        arguments = "".join(
            f"    {name}: {type_of(declared)},\n"
            for name, declared in ({**inputs_of(command), "on": INPUTS["on"]}).items()
        )
        functions.append(
            f"def {command}(\n    *,\n    region: Regions = None,\n    explain: bool = False,\n"
            f"{arguments}) -> {ANSWERS[command]}: ...\n"
        )
    names = "".join(f'    "{name}",\n' for name in ruxcalc.__all__)
    return HEAD.replace("NAMES", names) + "".join(functions) + LABEL


if __name__ == "__main__":
    STUB.write_text(stub(), "utf-8")
