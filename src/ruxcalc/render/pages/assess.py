"""The three answers, laid out together."""

from ruxcalc.answers import AssessAnswer, CheckAnswer, DoseAnswer, WarnAnswer
from ruxcalc.render.page import Marks, Page, edition_lines, findings_grids
from ruxcalc.render.pages.check import check_page
from ruxcalc.render.pages.dose import dose_page
from ruxcalc.render.pages.warn import general_grids, warn_page


def assess_page(answer: AssessAnswer) -> Page:
    """The three parts, with the findings of all of them together."""
    parts = [
        _page_without_findings(part)
        for part in (answer.dose, answer.check, answer.warn)
        if part is not None
    ]
    marks = Marks()
    found = findings_grids(answer, answer.basis, marks)
    worst = "No finding" if answer.worst is None else f"Worst finding: {answer.worst}"
    return Page(
        "Assess",
        (worst, *not_answered(answer), *(line for page in parts for line in page.answer)),
        (
            *(page.grids[0]._replace(title=page.title) for page in parts),
            *found,
            *general_grids(answer.warn, marks),
            *(grid for page in parts for grid in page.grids[1:]),
        ),
        (*marks.lines(), *edition_lines(answer.basis)),
    )


def not_answered(answer: AssessAnswer) -> list[str]:
    """The parts that were not asked for, which is not the same as nothing to say."""
    lines = []
    if answer.dose is None:
        lines.append("Dose and quantity not checked: no area was given")
    if answer.check is None:
        lines.append("Going on or stopping not checked: no week was given")
    return lines


def _page_without_findings(answer: DoseAnswer | CheckAnswer | WarnAnswer) -> Page:
    """The page of one part; its findings stand once, in those of the whole."""
    page = _page_of(answer)
    kept = tuple(grid for grid in page.grids if grid.title not in ("Findings", "For every patient"))
    return page._replace(grids=kept)


def _page_of(answer: DoseAnswer | CheckAnswer | WarnAnswer) -> Page:
    if isinstance(answer, DoseAnswer):
        return dose_page(answer)
    return check_page(answer) if isinstance(answer, CheckAnswer) else warn_page(answer)
