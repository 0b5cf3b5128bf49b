"""The page of an assessment: one verdict, then dose, response, and what to ask and to tell.

A patient who must not have the cream gets no amount here: no label's contraindication is read
past, also where another label that was asked has none.
"""

from typing import TYPE_CHECKING

from ruxcalc.numbers import shown
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    Symbol,
    View,
    edition_rows,
    foot_lines,
    grouped,
    joined,
    names,
    row,
    step_lines,
)
from ruxcalc.render.pages import check as review
from ruxcalc.render.pages import dose as amount
from ruxcalc.render.pages import warn as safety
from ruxcalc.render.pages.given import finding_block
from ruxcalc.render.pages.words import answered_by_panel, asked_and_answered
from ruxcalc.results import VERDICTS, Verdict

if TYPE_CHECKING:
    from ruxcalc.results import Step
    from ruxcalc.rules.assess import AssessAnswer
    from ruxcalc.rules.check import CheckAnswer

# Findings of the review that stand here too, by their label; the others are in `check`.
SHORT_VIEW = ("Worsening", "By site", "Satisfactory")
NOT_ANSWERED = {"dose-not-answered": "dose", "check-not-answered": "response"}
FORBIDDEN: tuple[Verdict, ...] = ("contraindicated", "avoid")


def lay_out(answer: "AssessAnswer", view: View) -> Layout:
    """Return the layout of an assessment."""
    steps, sources = step_lines(_steps(answer))
    rows = [
        *_dose_rows(answer, view),
        *_response_rows(answer, view),
        *_precaution_rows(answer),
        *_ask_rows(answer, view),
        *safety.tell_rows(answer.warn, view, "Tell"),
        *safety.not_read_rows(answer.warn, view),
    ]
    blocks = [finding_block(answer.warn, view), Block(tuple(rows), gap=False)]
    if view.full:
        blocks += _full_blocks(answer)
    return Layout(
        title="Assessment",
        headlines=tuple(headline for _, headline in headlines(answer)),
        blocks=tuple(block for block in blocks if block.rows),
        remarks=safety.declared(answer.warn),
        foot=foot_lines(answer.basis, view, explained=bool(steps)),
        inputs=answered_by_panel(answer.inputs, amounts=not withheld(answer)),
        steps=steps,
        sources=sources,
        notes=answer.notes,
    )


def note_lines(answer: "AssessAnswer", view: View) -> list[str]:
    """Return the note of an assessment: verdict, prescription, what was asked, what was not."""
    verdict, left = safety.verdict_and_left(answer.warn, headlines(answer, named=False), view)
    dose_line, response = _prescribed(answer), _response_rows(answer, view)
    lines = [
        verdict,
        dose_line,
        joined(amount.row_sentences(response)) if answer.check or view.full else "",
        safety.given_sentence(answer.warn, view),
        joined(
            [
                asked_and_answered(answer.inputs),
                *safety.declared(answer.warn),
                *amount.row_sentences(_precaution_rows(answer)),
            ]
        ),
        left,
        safety.tell_sentence(answer.warn, view),
    ]
    if view.full and answer.dose is not None and not withheld(answer):
        lines += amount.row_sentences(amount.more_rows(answer.dose))
    return [line for line in lines if line]


def _prescribed(answer: "AssessAnswer") -> str:
    """Return the prescription, or why there is none; empty where no dose was asked for."""
    dose, view = answer.dose, View()
    if dose is None or withheld(answer) or amount.over_area(dose):
        rows = _dose_rows(answer, view) if dose is not None or answer.findings else []
        return joined(amount.row_sentences(rows))
    within = amount.within_headline(dose, "")
    used = "If it is used: " if _forbidden(answer) else ""
    return joined([f"{used}{amount.prescription(dose)}", within.sentence if within else ""])


def withheld(answer: "AssessAnswer") -> bool:
    """Return whether the amount is withheld: a label asked contraindicates, or discontinues."""
    return any(
        part.contraindicated or any(found.action == "discontinue" for found in part.findings)
        for part in answer.regions.values()
    )


def _forbidden(answer: "AssessAnswer") -> bool:
    return answer.verdict in FORBIDDEN


def headlines(answer: "AssessAnswer", *, named: bool = True) -> list[tuple[Verdict, Headline]]:
    """Return the verdicts of all parts, worst first; a contraindication stands alone.

    The regions of a label that contraindicates or says to avoid have no other headline: what
    else there is stands in the rows.
    """
    lines = list(safety.safety_headlines(answer.warn, answer.regions, named=named))
    if answer.findings:  # a part that could not be answered leaves the patient not cleared
        parts = " and ".join(NOT_ANSWERED[found.code] for found in answer.findings)
        headline = Headline("ask", "NOT CLEARED", f"the {parts} could not be answered")
        lines.append(("not-cleared", headline))
    if answer.dose is not None and not withheld(answer):
        lines += amount.judgements(answer.dose)
    if answer.check is not None and not withheld(answer):
        lines += [line for line in review.decisions(answer.check) if line[0] != "not-cleared"]
    return sorted(lines, key=lambda line: VERDICTS.index(line[0]))


def _days(answer: "AssessAnswer") -> str:
    return "" if answer.dose is None else f"{answer.dose.supply_days} days"


def _dose_rows(answer: "AssessAnswer", view: View) -> list[Row]:
    """Return the dose in two lines, or why there is none."""
    dose = answer.dose
    problems = [f.message for f in answer.findings if f.code == "dose-not-answered"]
    if dose is None:
        if problems:
            return [row("Dose", problems[0], symbol="warn")]
        hint = ": add --bsa" if view.hints else ""
        return [row("Dose", f"not calculated{hint}", symbol="minus")]
    if withheld(answer):
        over = "; the area is over the label too" if amount.over_area(dose) else ""
        shows = f"; {amount.command_line(dose)} shows the estimate" if view.hints else ""
        return [row("Dose", f"withheld{over}{shows}", symbol="minus")]
    if amount.over_area(dose):
        largest, given = amount.largest_area_rows(dose)
        rows = [row("Dose", f"at most {largest.cells[0]}")]
        if view.full:
            rows.append(row("", f"{given.label}: {given.cells[0]}"))
        return rows
    within = amount.within_headline(dose)
    symbol: Symbol = "tick" if within and len(_kept(answer)) == len(dose.regions) else "none"
    text = f"{amount.use_sentence(dose)}: {shown(dose.use.grams_per_week)} g a week"
    if dose.bsa_percent is not None:
        limits = {part.max_bsa_percent for part in dose.regions.values()}
        text += f"; {amount.area_text(dose)} of {' or '.join(map(str, sorted(limits)))} %"
    if _forbidden(answer):
        symbol, text = "none", f"if it is used: {text}"
    several = len(dose.regions) > 1
    tubes = "; ".join(
        (f"{names(dose.basis, regions)} " if several else "") + (text_of or "more than the label")
        for regions, text_of in grouped({r: amount.tubes_or(p) for r, p in dose.regions.items()})
    )
    dispensed = [line._replace(label=f"  {line.label}") for line in amount.dispensed_rows(dose)]
    return [row("Dose", text, symbol=symbol), row(f"  {_days(answer)}", tubes), *dispensed]


def _kept(answer: "AssessAnswer") -> list[str]:
    assert answer.dose is not None
    return [r for r, part in answer.dose.regions.items() if part.verdict == "not-cleared"]


def _response_rows(answer: "AssessAnswer", view: View) -> list[Row]:
    """Return the response where the headline does not say it, and what belongs to it."""
    problems = [f.message for f in answer.findings if f.code == "check-not-answered"]
    if answer.check is None:
        if problems:
            return [row("Response", problems[0], symbol="warn")]
        hint = ": add --week" if view.hints else ""
        return [row("Response", f"not checked{hint}", symbol="minus")]
    several = len(answer.regions) > 1
    rows = [row("Response", text, symbol="info") for text in _before_review(answer.check)]
    if rows:
        return rows
    for verdict, headline in review.decisions(answer.check):
        if verdict != "not-cleared" and not withheld(answer):
            continue  # it is a headline
        place = f"{headline.regions}: " if several else ""
        text = f"{place}{headline.words.lower()}: {headline.text}"
        rows.append(row("" if rows else "Response", text, symbol=headline.symbol))
    found = review.finding_rows(answer.check, view._replace(hints=False))
    below = [line for line in found if line.label in SHORT_VIEW or view.full]
    return rows + [
        line._replace(label=f"  {line.label}")
        for line in (*review.turning_rows(answer.check), *below)
    ]


def _before_review(check: "CheckAnswer") -> list[str]:
    """Return one sentence for labels whose reviews are all still to come; empty otherwise."""
    weeks = {}
    for region, part in check.regions.items():
        if part.rule is None or part.next_review_week != part.rule.week or part.findings:
            return []
        weeks[region] = part.rule.week
    several = len(weeks) > 1
    each = "; ".join(
        (f"{names(check.basis, regions)} " if several else "") + f"week {week}"
        for regions, week in grouped(weeks)
    )
    return [f"continue: before the review ({each})"]


def _precaution_rows(answer: "AssessAnswer") -> list[Row]:
    """Return that all was answered, by each label whose tick another part takes away."""
    texts = {
        region: f"all {part.asked.of} answered,"
        f" {'nothing to act on' if part.findings else 'none found'}"
        for region, part in answer.warn.regions.items()
        if part.verdict == "nothing-found" != answer.regions[region].verdict
    }
    several = len(answer.regions) > 1
    return [
        row(
            "" if number else "Precautions",
            (f"{names(answer.basis, regions)}: " if several else "") + text,
        )
        for number, (regions, text) in enumerate(grouped(texts))
    ]


def _ask_rows(answer: "AssessAnswer", view: View) -> list[Row]:
    """Return what was not asked under one label, each kind at the start of its line."""
    rows: list[Row] = []
    for kind, regions, words in safety.not_asked(answer.warn, view):
        place = f" ({regions})" if regions else ""
        rows.append(row("" if rows else "Ask", f"{kind}{place}: {words}"))
    return rows


def _steps(answer: "AssessAnswer") -> "tuple[Step, ...]":
    """Return the working of all parts; that of a dose is withheld with its amount."""
    parts = [None if withheld(answer) else answer.dose, answer.check, answer.warn]
    return tuple(step for part in parts if part is not None for step in part.steps or ())


def _full_blocks(answer: "AssessAnswer") -> list[Block]:
    more = []
    if answer.dose is not None and not withheld(answer):
        more.append(Block(tuple(amount.more_rows(answer.dose)), "Dose in full"))
    more.append(Block(tuple(edition_rows(answer.basis)), "Labels"))
    return more
