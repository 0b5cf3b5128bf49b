"""The note format: a short plain-text paragraph to paste into a patient's record.

It names label editions and carries no date of the day: the record has its own.
"""

from typing import assert_never

from ruxcalc.answers import (
    Answer,
    AssessAnswer,
    Basis,
    CheckAnswer,
    DoseAnswer,
    LabelAnswer,
    PlanAnswer,
    TrackAnswer,
    VasiAnswer,
    VasiStepsAnswer,
    WarnAnswer,
    findings_of,
)
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.page import merged_findings, names
from ruxcalc.render.pages import lay_out
from ruxcalc.render.pages.assess import not_answered
from ruxcalc.render.pages.check import check_headline, decision_text
from ruxcalc.render.pages.dose import area_text, cap_text, tubes_text, within_text
from ruxcalc.render.pages.evidence import evidence_lines, rate_text, when_text, who_text
from ruxcalc.render.pages.plan import REFILL, events_of, plan_lines, said_by, unanswered_lines
from ruxcalc.render.pages.track import response_text as visit_text
from ruxcalc.render.pages.track import track_lines
from ruxcalc.render.pages.vasi import vasi_lines
from ruxcalc.render.pages.warn import topics_text, warn_headline
from ruxcalc.rules.evidence import EvidenceAnswer


def render_note(answer: Answer) -> str:
    """The answer as a few lines of plain text."""
    return "\n".join((*_lines(answer), _basis_line(answer.basis))) + "\n"


def _lines(answer: Answer) -> list[str]:  # noqa: PLR0911 - a line for each answer
    match answer:
        case DoseAnswer():
            return [*_dose_lines(answer), *_finding_lines(answer)]
        case CheckAnswer():
            return [*_check_lines(answer), *_finding_lines(answer)]
        case WarnAnswer():
            return [*_warn_lines(answer), *_finding_lines(answer), *_general_lines(answer)]
        case AssessAnswer():
            return [
                *(f"{line}." for line in not_answered(answer)),
                *(_dose_lines(answer.dose) if answer.dose else ()),
                *(_check_lines(answer.check) if answer.check else ()),
                *_warn_lines(answer.warn),
                *_finding_lines(answer),
                *_general_lines(answer.warn),
            ]
        case VasiAnswer():
            return [f"{line}." for line in vasi_lines(answer)]
        case PlanAnswer():
            return [
                *(f"{line.rstrip('.')}." for line in plan_lines(answer)),
                *(
                    f"{event.date} {event.title} ({names(answer.basis, event.said)})."
                    if event.code.startswith(REFILL)
                    else f"{event.date} {event.title}. {said_by(answer, event)}"
                    for event in events_of(answer)
                ),
                *unanswered_lines(answer),
                *_finding_lines(answer),
            ]
        case EvidenceAnswer():
            return [
                *(f"{line.rstrip('.')}." for line in evidence_lines(answer)),
                *(
                    f"{rate.endpoint}, {when_text(rate)}, {rate.arm}: {rate_text(rate)}"
                    f" ({who_text(rate)}; {rate.source})."
                    for rate in answer.results
                ),
                *(f"Not known: {text}" for text in answer.unknown),
            ]
        case TrackAnswer():
            visits = "; ".join(
                f"{visit.date} week {plain_text(visit.week)} {visit_text(answer, visit)}"
                for visit in answer.visits
            )
            return [
                *(f"{line}." for line in track_lines(answer)),
                f"Repigmentation: {visits}.",
                *_finding_lines(answer),
            ]
        case LabelAnswer() | VasiStepsAnswer():
            page = lay_out(answer)
            return [
                *page.answer,
                *(
                    ": ".join(cell.replace("\n", "; ") for cell in row)
                    for grid in page.grids
                    for row in grid.rows
                ),
            ]
        case _:
            assert_never(answer)


def _dose_lines(answer: DoseAnswer) -> list[str]:
    use = answer.use
    low, high = use.grams_per_week_range
    by_region = {
        region: (
            f"{within_text(part)} ({area_text(answer, part)} BSA;"
            f" {' or '.join(map(cap_text, part.caps))}); for {answer.supply_days} days"
            f" {' or '.join(map(tubes_text, part.supply))}"
        )
        for region, part in answer.regions.items()
    }
    how_much = (
        f"Ruxolitinib 1.5 % cream twice daily on {plain_text(answer.bsa_percent)} % BSA: about"
        f" {shown(use.grams_per_week)} g a week, {shown(use.grams_per_day)} g a day"
        f" ({answer.method.name} method; published spread {shown(low)} to {shown(high)} g a week)."
    )
    return [how_much, ". ".join(_by_region(answer.basis, by_region)) + "."]


def _check_lines(answer: CheckAnswer) -> list[str]:
    by_region = {
        region: f"{decision_text(part.decision)} ({part.reason.rstrip('.')})"
        for region, part in answer.regions.items()
    }
    return [f"{check_headline(answer)}. {'. '.join(_by_region(answer.basis, by_region))}."]


def _warn_lines(answer: WarnAnswer) -> list[str]:
    by_region = {region: warn_headline(part) for region, part in answer.regions.items()}
    unchecked = {
        region: topics_text(part.not_checked) or "nothing"
        for region, part in answer.regions.items()
    }
    return [
        f"Precautions: {'. '.join(_by_region(answer.basis, by_region))}.",
        f"Not checked: {'. '.join(_by_region(answer.basis, unchecked))}.",
    ]


def _by_region(basis: Basis, texts: dict[str, str]) -> list[str]:
    regions_by_text: dict[str, list[str]] = {}
    for region, text in texts.items():
        regions_by_text.setdefault(text, []).append(region)
    return [f"{names(basis, regions)}: {text}" for text, regions in regions_by_text.items()]


def _finding_lines(answer: Answer) -> list[str]:
    found = [
        f"{findings[0].severity}, {names(answer.basis, regions)}: {findings[0].message}"
        for regions, findings in merged_findings(findings_of(answer))
    ]
    return [f"Findings: {' '.join(found)}"] if found else []


def _general_lines(answer: WarnAnswer) -> list[str]:
    general = [
        (region, finding) for region, part in answer.regions.items() for finding in part.general
    ]
    said = [
        f"{names(answer.basis, regions)}: {findings[0].message}"
        for regions, findings in merged_findings(general)
    ]
    return [f"For every patient: {' '.join(said)}"] if said else []


def _basis_line(basis: Basis) -> str:
    editions = ", ".join(
        f"{edition.name} {edition.edition}"
        + (f" (text read: {edition.text_read})" if edition.text_read != edition.edition else "")
        for edition in basis.editions.values()
    )
    return f"Labels: {editions}; facts verified {basis.facts_verified}. {basis.caution}"
