"""One flat row for each patient: the fields of a list, for CSV and NDJSON alike.

`FIELDS` is the one statement of their names, order, kinds and meanings; the code below says
where each value comes from. The columns that passed through stand behind `id`.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from ruxcalc.render.json import json_line, scalar_text
from ruxcalc.results import (
    Basis,
    Finding,
    Frozen,
    Severity,
    Verdict,
    gravest,
    worst_first,
    worst_verdict,
)
from ruxcalc.rules.assess import verdict_of_parts
from ruxcalc.rules.check import CheckAnswer, CheckRegion
from ruxcalc.rules.dose import DoseAnswer, DoseRegion
from ruxcalc.rules.warn import WarnAnswer, WarnRegion

Section = Literal["row", "result", "dose", "check", "warn", "basis"]
# A list of codes is a list in NDJSON, and joined by `;` in a CSV cell; sentences are joined by a
# space.
FieldKind = Literal["text", "number", "whole", "yes-no", "codes", "sentences", "any"]


class Field(NamedTuple):
    """One field of the flat row: where it stands, its name, what it holds and what it means.

    A field `by_region` is there for each region, as `us_verdict`, `eu_verdict`, `uk_verdict`.
    """

    section: Section
    name: str
    by_region: bool
    kind: FieldKind
    meaning: str


FIELDS: tuple[Field, ...] = (
    Field("row", "line", False, "whole", "Line of the list on which the row begins."),
    Field("row", "id", False, "any", "Name of the row, as the list has it."),
    Field("result", "verdict", False, "text", "Worst verdict of the regions."),
    Field("result", "worst", False, "text", "Gravest severity of a finding; empty without one."),
    Field("result", "not_answered", False, "sentences", "What could not be answered, and why."),
    Field("result", "verdict", True, "text", "Verdict by this label."),
    Field("result", "contraindicated", True, "yes-no", "This label contraindicates the cream."),
    Field("result", "findings", True, "codes", "Findings by this label, worst first."),
    Field("dose", "bsa_percent", False, "number", "Treated area, % of body surface."),
    Field("dose", "grams_per_application", False, "number", "Estimated cream, g per application."),
    Field(
        "dose", "fingertip_units_per_application", False, "number",
        "The same in fingertip units.",
    ),
    Field("dose", "grams_per_week", False, "number", "Estimated cream, g per week."),
    Field(
        "dose", "within_label", True, "yes-no",
        "Area and amount are within this label; empty where the area is not known.",
    ),
    Field("dose", "tubes", True, "text", "Tubes for the supply period, by size."),
    Field("check", "week", False, "number", "Completed weeks of treatment."),
    Field("check", "repigmentation_percent", False, "number", "Repigmentation, %; not by site."),
    Field("check", "decision", True, "text", "What this label's review asks for."),
    Field("warn", "not_checked", True, "codes", "Topics of this label that were not asked."),
    Field("warn", "silent", True, "codes", "Topics that were given, unmentioned by this label."),
    Field("warn", "not_read", True, "codes", "Topics on which this label was not read."),
    Field("basis", "notes", False, "sentences", "Notes on unusual values."),
    Field("basis", "editions", False, "text", "Label editions used, by region."),
    Field("basis", "facts_verified", False, "text", "Day on which the facts were last verified."),
    Field("basis", "caution", False, "text", "What the answer is not."),
)  # fmt: skip

IDENTITY = tuple(field.name for field in FIELDS if field.section == "row")


def names_of(section: Section, regions: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the fields of one section, those of each region together."""
    fields = [field for field in FIELDS if field.section == section]
    return (
        *(field.name for field in fields if not field.by_region),
        *(
            f"{region}_{field.name}"
            for region in regions
            for field in fields
            if field.by_region
        ),
    )


SECTIONS: tuple[Section, ...] = ("result", "dose", "check", "warn", "basis")


def own_names(regions: Sequence[str]) -> tuple[str, ...]:
    """Return the names of all fields but those that pass through."""
    return (*IDENTITY, *(name for part in SECTIONS for name in names_of(part, regions)))


def passed_names(passed: Sequence[str], own: Iterable[str]) -> tuple[str, ...]:
    """Return names under which columns pass through; no two fields of a row share one.

    A column that is called like one of ours, or like another column once that has been renamed,
    has `input_` before its name.
    """
    taken = {*own, *passed}
    ours = set(own)
    names = []
    for name in passed:
        new = name
        while new in ours or (new != name and new in taken):
            new = f"input_{new}"
        taken.add(new)
        names.append(new)
    return tuple(names)


class RegionResult(NamedTuple):
    """What a part says of one region, as far as the whole depends on it."""

    verdict: Verdict
    contraindicated: bool
    findings: tuple[tuple[str, Severity], ...]


class Result(NamedTuple):
    """What a part contributes to the whole: by region, and why it is not answered if it is not."""

    regions: "Frozen[str, RegionResult]"
    not_answered: tuple[tuple[str, Severity], ...]
