"""An answer laid out for reading: the answer first, the reason next, the source last.

A page is plain text in cells. The table, Markdown and other renderers decide only
how cells are drawn; nothing is said by layout or colour alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ruxcalc.answers import (
    Answer,
    Basis,
    Finding,
    LabelRow,
    Source,
    Step,
    findings_of,
)

PLAINLY_VERIFIED = "label text read"


class Grid(NamedTuple):
    """Rows of text under column headings; a cell may have several lines."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


WIDTH_OF_DRAWINGS = 76


class Drawing(NamedTuple):
    """A chart in plain ASCII, at most `WIDTH_OF_DRAWINGS` wide; a grid holds the same figures."""

    title: str
    lines: tuple[str, ...]


class Page(NamedTuple):
    """What is read from top to bottom."""

    title: str
    answer: tuple[str, ...]
    grids: tuple[Grid, ...]
    footer: tuple[str, ...]
    drawings: tuple[Drawing, ...] = ()


class Marks:
    """Footnotes on how a source was verified, numbered as they come up."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def of(self, verified: str) -> str:
        """The mark for one kind of verification; none for label text that was read."""
        if verified == PLAINLY_VERIFIED:
            return ""
        if verified not in self.texts:
            self.texts.append(verified)
        return f" [{self.texts.index(verified) + 1}]"

    def lines(self) -> tuple[str, ...]:
        """The footnotes."""
        return tuple(f"[{number}] {text}" for number, text in enumerate(self.texts, 1))


def names(basis: Basis, regions: Iterable[str]) -> str:
    """The regions' names, such as `EU, UK`."""
    return ", ".join(basis.editions[region].name for region in regions)


def edition_lines(basis: Basis) -> tuple[str, ...]:
    """The editions an answer stands on, the day of verification, and the caution."""
    return (
        *(
            f"{edition.name}: {edition.document}, edition {edition.edition}"
            + (f" (text read: {edition.text_read})" if edition.text_read != edition.edition else "")
            for edition in basis.editions.values()
        ),
        f"Facts last verified {basis.facts_verified}. {basis.caution}",
    )


def merged(basis: Basis, rows: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """A row by region; regions with the same row share one."""
    return merged_each(basis, {region: [row] for region, row in rows.items()})


def merged_each(
    basis: Basis, rows: Mapping[str, Sequence[tuple[str, ...]]]
) -> tuple[tuple[str, ...], ...]:
    """Several rows by region, merged as long as regions share all of theirs."""
    regions_by_rows: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for region, several in rows.items():
        regions_by_rows.setdefault(tuple(several), []).append(region)
    return tuple(
        (names(basis, regions), *row)
        for several, regions in regions_by_rows.items()
        for row in several
    )


def merged_findings(
    found: Iterable[tuple[str, Finding]],
) -> list[tuple[list[str], list[Finding]]]:
    """Findings that say the same in several regions, together with those regions."""
    together: dict[tuple[str, str, str], tuple[list[str], list[Finding]]] = {}
    for region, finding in found:
        key = (finding.severity, finding.code, finding.message)
        regions, findings = together.setdefault(key, ([], []))
        regions.append(region)
        findings.append(finding)
    return list(together.values())


def findings_grids(answer: Answer, basis: Basis, marks: Marks) -> list[Grid]:
    """The findings of an answer, worst first, as a grid; none without findings."""
    return grids_of("Findings", findings_of(answer), basis, marks)


def grids_of(
    title: str, found: list[tuple[str, Finding]], basis: Basis, marks: Marks
) -> list[Grid]:
    """Findings under a title; the same one in several regions takes one row."""
    if not found:
        return []
    rows = tuple(
        (
            findings[0].severity,
            names(basis, regions),
            findings[0].message,
            "\n".join(dict.fromkeys(where(finding.source, marks) for finding in findings)),
        )
        for regions, findings in merged_findings(found)
    )
    return [Grid(title, ("Severity", "Region", "What, why, what to do", "Section"), rows)]


def where(place: Source | LabelRow, marks: Marks) -> str:
    """The section of a statement, with the mark of how it was verified."""
    return f"{place.section or '-'}{marks.of(place.verified)}"


def step_grids(steps: tuple[Step, ...] | None) -> list[Grid]:
    """The working, where it was asked for."""
    if not steps:
        return []
    return [Grid("Working", ("Step", "Formula", "Numbers", "Result", "Source"), tuple(steps))]
