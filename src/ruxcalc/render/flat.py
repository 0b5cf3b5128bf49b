"""One flat row for each patient: the fields a list needs, by region.

The columns, in their order: `line` and `id`, the columns that passed through, `worst`,
those of the dose, the check and the precautions, each with its regions, then `notes`
and what every answer carries. A part that was not asked for leaves its cells empty.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ruxcalc.answers import Basis, CheckAnswer, DoseAnswer, Finding, WarnAnswer
from ruxcalc.numbers import plain_text

IDENTITY = ("line", "id")
DOSE = (
    "bsa_percent", "method", "grams_per_day", "grams_per_week", "grams_per_week_low",
    "grams_per_week_high", "grams_per_month", "grams_per_supply", "supply_days",
)  # fmt: skip
DOSE_BY_REGION = ("within_label", "area_within", "percent_of_cap", "tubes", "dose_findings")
CHECK = ("week", "repigmentation_percent", "measure")
CHECK_BY_REGION = ("decision", "next_review_week", "check_findings")
WARN_BY_REGION = ("contraindicated", "warn_findings", "silent", "not_read", "not_checked")
LAST = ("notes", "editions", "facts_verified", "caution")


def flat_columns(passed: Sequence[str], regions: Sequence[str]) -> list[str]:
    """The header of the flat rows; a passed column of the same name as ours is told apart."""
    own = _own_columns(regions)
    return [
        *IDENTITY,
        *(f"input_{name}" if name in own else name for name in passed),
        *own[len(IDENTITY) :],
    ]


def _own_columns(regions: Sequence[str]) -> list[str]:
    return [
        *IDENTITY,
        "worst",
        *DOSE,
        *_by_region(DOSE_BY_REGION, regions),
        *CHECK,
        *_by_region(CHECK_BY_REGION, regions),
        *_by_region(WARN_BY_REGION, regions),
        *LAST,
    ]


def _by_region(names: Sequence[str], regions: Sequence[str]) -> list[str]:
    return [f"{region}_{name}" for region in regions for name in names]


def flat_dose(answer: DoseAnswer | None, regions: Sequence[str]) -> list[str]:
    """The cells of the dose."""
    if answer is None:
        return [""] * (len(DOSE) + len(DOSE_BY_REGION) * len(regions))
    use = answer.use
    cells: list[object] = [
        answer.bsa_percent, answer.method.name, use.grams_per_day, use.grams_per_week,
        *use.grams_per_week_range, use.grams_per_month, use.grams_per_supply, answer.supply_days,
    ]  # fmt: skip
    for region in regions:
        part = answer.regions.get(region)
        if part is None:
            cells += [None] * len(DOSE_BY_REGION)
            continue
        cells += [
            part.within_label,
            part.area_within,
            min(cap.percent_of_cap for cap in part.caps),
            "; ".join(f"{tubes.tubes} x {tubes.tube_grams} g" for tubes in part.supply),
            _codes(part.findings),
        ]
    return [cell_text(cell) for cell in cells]


def flat_check(answer: CheckAnswer | None, regions: Sequence[str]) -> list[str]:
    """The cells of the check."""
    if answer is None:
        return [""] * (len(CHECK) + len(CHECK_BY_REGION) * len(regions))
    cells: list[object] = [answer.week, answer.repigmentation_percent, answer.measure]
    for region in regions:
        part = answer.regions.get(region)
        if part is None:
            cells += [None] * len(CHECK_BY_REGION)
        else:
            cells += [part.decision, part.next_review_week, _codes(part.findings)]
    return [cell_text(cell) for cell in cells]


def flat_warn(answer: WarnAnswer, regions: Sequence[str]) -> list[str]:
    """The cells of the precautions."""
    cells: list[object] = []
    for region in regions:
        part = answer.regions.get(region)
        if part is None:
            cells += [None] * len(WARN_BY_REGION)
        else:
            cells += [
                part.contraindicated, _codes(part.findings), ";".join(part.silent),
                ";".join(part.not_read), ";".join(part.not_checked),
            ]  # fmt: skip
    return [cell_text(cell) for cell in cells]


def flat_last(notes: Sequence[str], basis: Basis) -> list[str]:
    """The cells that every row ends with."""
    editions = "; ".join(f"{edition.name} {edition.edition}" for edition in basis.editions.values())
    return ["; ".join(notes), editions, basis.facts_verified, basis.caution]


def _codes(findings: Sequence[Finding]) -> str:
    return ";".join(finding.code for finding in findings)


def cell_text(value: object) -> str:
    """A value as a cell: nothing for null, `true` or `false`, a number in full, or text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain_text(value) if isinstance(value, Decimal) else str(value)


def csv_line(cells: Iterable[str], delimiter: str) -> str:
    """A row of CSV without its end; a cell with any line break in it is quoted."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return line.getvalue()[:-2]


RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(cell: str) -> str:
    """`cell` with an apostrophe before it where a spreadsheet would run it; a number stays one."""
    if not cell.startswith(RUN_BY_SPREADSHEETS):
        return cell
    whole, _, fraction = cell.removeprefix("-").partition(".")
    number = (whole + fraction).isascii() and whole.isdigit() and (fraction or "0").isdigit()
    return cell if number else f"'{cell}"
