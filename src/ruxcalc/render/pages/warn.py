"""What to look out for, laid out."""

from collections.abc import Iterable

from ruxcalc.answers import SEVERITIES, WarnAnswer, WarnRegion
from ruxcalc.labels.topics import TOPICS
from ruxcalc.render.page import (
    Grid,
    Marks,
    Page,
    edition_lines,
    findings_grids,
    grids_of,
    merged,
    step_grids,
)


def warn_headline(part: WarnRegion, separator: str = "; ") -> str:
    """What one label says of this patient, in a few words; silence is said, not left out."""
    counts = [
        (severity, sum(finding.severity == severity for finding in part.findings))
        for severity in ("critical", "warning", "info")
    ]
    found = ", ".join(f"{count} {severity}" for severity, count in counts if count)
    said = ["CONTRAINDICATED" if part.contraindicated else found or "no finding"]
    if part.silent:
        said.append(f"label silent on {topics_text(part.silent)}")
    if part.not_read:
        said.append(f"label not read on {topics_text(part.not_read)}")
    return separator.join(said)


def topics_text(topics: Iterable[str]) -> str:
    """The names of topics."""
    return ", ".join(TOPICS[topic] for topic in topics)


def warn_page(answer: WarnAnswer) -> Page:
    """The answer by region, then findings, what is for all, and what was not said."""
    marks = Marks()
    basis = answer.basis
    rows = {
        region: (warn_headline(part, "\n"), _found_topics(part))
        for region, part in answer.regions.items()
    }
    return Page(
        "Warn",
        (),
        (
            Grid("", ("Region", "Answer", "Found"), merged(basis, rows)),
            *findings_grids(answer, basis, marks),
            *general_grids(answer, marks),
            *_topic_grids(answer),
            *step_grids(answer.steps),
        ),
        (*marks.lines(), *edition_lines(basis)),
    )


def general_grids(answer: WarnAnswer, marks: Marks) -> list[Grid]:
    """What applies to every patient, worst first."""
    general = [
        (region, finding) for region, part in answer.regions.items() for finding in part.general
    ]
    general.sort(key=lambda pair: SEVERITIES.index(pair[1].severity))
    return grids_of("For every patient", general, answer.basis, marks)


def _found_topics(part: WarnRegion) -> str:
    titles = (TOPICS.get(f.code, f.code.replace("-", " ").capitalize()) for f in part.findings)
    return "\n".join(dict.fromkeys(titles)) or "-"


def _topic_grids(answer: WarnAnswer) -> list[Grid]:
    kinds = (
        (
            "Not checked: not given, which is not the same as no",
            {region: part.not_checked for region, part in answer.regions.items()},
        ),
        (
            "Silent: given, and the label says nothing, which is not safety",
            {region: part.silent for region, part in answer.regions.items()},
        ),
        (
            "Not read: this part of the label was not read here, which is not silence",
            {region: part.not_read for region, part in answer.regions.items()},
        ),
    )
    return [
        Grid(
            title,
            ("Region", "Topics"),
            merged(
                answer.basis,
                {region: (topics_text(topics),) for region, topics in by_region.items() if topics},
            ),
        )
        for title, by_region in kinds
        if any(by_region.values())
    ]
