"""Go on or stop, laid out."""

from decimal import Decimal

from ruxcalc.answers import CheckAnswer
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.page import (
    Grid,
    Marks,
    Page,
    edition_lines,
    findings_grids,
    merged,
    names,
    step_grids,
    where,
)


def decision_text(decision: str) -> str:
    """A decision in plain words; "consider stopping" is never shortened."""
    return decision.replace("-", " ").replace("re evaluate", "re-evaluate")


def check_headline(answer: CheckAnswer) -> str:
    """The week and the response, in one line."""
    measure = "measure not stated" if answer.measure is None else f"by {answer.measure}"
    return f"Week {plain_text(answer.week)}, {response_text(answer)} ({measure})"


def response_text(answer: CheckAnswer) -> str:
    """The repigmentation, as one figure or by site."""
    if answer.repigmentation_percent is not None:
        limits = _thresholds(answer)
        return f"repigmentation {shown(answer.repigmentation_percent, 1, *limits)} %"
    sites = next(iter(answer.regions.values())).sites
    if sites is None:
        return "repigmentation not given"
    listed = ", ".join(
        f"{site} {shown(part.repigmentation_percent, 1, *_thresholds(answer))} %"
        for site, part in sites.items()
    )
    return f"repigmentation {listed}"


def _thresholds(answer: CheckAnswer) -> list[Decimal]:
    rules = (part.rule for part in answer.regions.values())
    return [rule.threshold_percent for rule in rules if rule.threshold_percent is not None]


def check_page(answer: CheckAnswer) -> Page:
    """The decision first, then the reason, by region and by site."""
    marks = Marks()
    rows = {
        region: (
            decision_text(part.decision),
            part.reason,
            "none set" if part.next_review_week is None else f"week {part.next_review_week}",
            where(part.rule.source, marks),
        )
        for region, part in answer.regions.items()
    }
    grids = [
        Grid(
            "",
            ("Region", "Decision", "Reason", "Next review", "Section"),
            merged(answer.basis, rows),
        )
    ]
    by_site = {
        (region, site): (
            site,
            f"{shown(part.repigmentation_percent, 1, *_thresholds(answer))} %",
            decision_text(part.decision),
        )
        for region, region_part in answer.regions.items()
        for site, part in (region_part.sites or {}).items()
    }
    if by_site:
        grids.append(
            Grid(
                "By site",
                ("Region", "Site", "Repigmentation", "Decision alone"),
                tuple((names(answer.basis, [key[0]]), *row) for key, row in by_site.items()),
            )
        )
    return Page(
        "Check",
        (check_headline(answer),),
        (*grids, *findings_grids(answer, answer.basis, marks), *step_grids(answer.steps)),
        (*marks.lines(), *edition_lines(answer.basis)),
    )
