"""The page of an assessment: one verdict, then dose, response, and what to ask and to tell.

A patient who must not have the cream gets no amount here: no label's contraindication is read
past, also where another label that was asked has none.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ruxcalc.numbers import shown
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    Symbol,
    View,
    by_verdict,
    editions_block,
    joined,
    row,
    row_sentences,
    rows_by_label,
    texts_by_label,
)
from ruxcalc.render.pages import amounts, unasked
from ruxcalc.render.pages import check as review
from ruxcalc.render.pages import dose as amount
from ruxcalc.render.pages import warn as safety
from ruxcalc.render.pages.given import finding_block
from ruxcalc.render.pages.words import answered_by_panel, asked_and_answered
from ruxcalc.results import Verdict
from ruxcalc.rules.assess import amount_withheld

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
    rows = [
        *_dose_rows(answer, view),
        *_response_rows(answer, view),
        *_precaution_rows(answer),
        *_ask_rows(answer, view),
        *unasked.tell_rows(answer.warn, view, "Tell"),
        *unasked.not_read_rows(answer.warn, view),
    ]
    return Layout(
        title="Assessment",
        headlines=tuple(headlines(answer)),
        blocks=(
            finding_block(answer.warn, view),
            Block(tuple(rows), gap=False),
            Block(tuple(_more_rows(answer, view)), "Dose in full"),
            editions_block(answer.basis, view),
        ),
        remarks=safety.declared(answer.warn),
        inputs=answered_by_panel(answer.inputs, amounts=not amount_withheld(answer)),
        working=_steps(answer) or None,
    )


def note_lines(answer: "AssessAnswer", view: View) -> list[str]:
    """Return the note of an assessment: verdict, prescription, what was asked, what was not."""
    verdict, left = safety.verdict_and_left(answer.warn, headlines(answer, named=False), view)
    response = _response_rows(answer, view)
    return [
        verdict,
        _prescribed(answer),
        joined(row_sentences(response)) if answer.check or view.full else "",
        safety.given_sentence(answer.warn, view),
        joined(
            [
                asked_and_answered(answer.inputs),
                *safety.declared(answer.warn),
                *row_sentences(_precaution_rows(answer)),
            ]
        ),
        left,
        unasked.tell_sentence(answer.warn, view),
        *row_sentences(_more_rows(answer, view)),
    ]


def _more_rows(answer: "AssessAnswer", view: View) -> list[Row]:
    """Return what only the full view shows of a dose that is not withheld."""
    if answer.dose is None or not view.full or amount_withheld(answer):
        return []
    return amount.more_rows(answer.dose)


def _prescribed(answer: "AssessAnswer") -> str:
    """Return the prescription, or why there is none; empty where no dose was asked for."""
    dose, view = answer.dose, View()
    if dose is None or amount_withheld(answer) or dose.largest_area is not None:
        rows = _dose_rows(answer, view) if dose is not None or answer.findings else []
        return joined(row_sentences(rows))
    within = amount.within_headline(dose, "")
    used = "If it is used: " if answer.verdict in FORBIDDEN else ""
    return joined([f"{used}{amounts.prescription(dose)}", within.sentence if within else ""])


def headlines(answer: "AssessAnswer", *, named: bool = True) -> list[Headline]:
    """Return the verdicts of all parts, worst first; a contraindication stands alone.

    The regions of a label that contraindicates or says to avoid have no other headline: what
    else there is stands in the rows.
    """
    lines = safety.safety_headlines(answer.warn, answer.regions, named=named)
    if answer.findings:  # a part that could not be answered leaves the patient not cleared
        parts = " and ".join(NOT_ANSWERED[found.code] for found in answer.findings)
        lines.append(Headline("ask", "NOT CLEARED", f"the {parts} could not be answered"))
    if not amount_withheld(answer):
        lines += amount.judgements(answer.dose) if answer.dose is not None else []
        decided = review.decisions(answer.check) if answer.check is not None else []
        lines += [line for line in decided if line.verdict != "not-cleared"]
    return by_verdict(lines)


def _dose_rows(answer: "AssessAnswer", view: View) -> list[Row]:
    """Return the dose in two lines, or why there is none."""
    dose = answer.dose
    problems = [f.message for f in answer.findings if f.code == "dose-not-answered"]
    if dose is None:
        if problems:
            return [row("Dose", problems[0], symbol="warn")]
        hint = ": add --bsa" if view.hints else ""
        return [row("Dose", f"not calculated{hint}", symbol="minus")]
    if amount_withheld(answer):
        over = "" if dose.largest_area is None else "; the area is over the label too"
        shows = f"; {amounts.command_line(dose)} shows the estimate" if view.hints else ""
        return [row("Dose", f"withheld{over}{shows}", symbol="minus")]
    if dose.largest_area is not None:
        largest, given = amount.largest_area_rows(dose)
        rows = [row("Dose", f"at most {largest.cells[0]}")]
        if view.full:
            rows.append(row("", f"{given.label}: {given.cells[0]}"))
        return rows
    kept = all(part.verdict == "not-cleared" for part in dose.regions.values())
    symbol: Symbol = "tick" if kept and amount.within_headline(dose) else "none"
    text = f"{amounts.use_sentence(dose)}: {shown(dose.use.grams_per_week)} g a week"
    if dose.bsa_percent is not None:
        limits = {part.max_bsa_percent for part in dose.regions.values()}
        text += f"; {amounts.area_text(dose)} of {' or '.join(map(str, sorted(limits)))} %"
    if answer.verdict in FORBIDDEN:
        symbol, text = "none", f"if it is used: {text}"
    tubes = {r: amounts.tubes_or(p) or "more than the label" for r, p in dose.regions.items()}
    return [
        row("Dose", text, symbol=symbol),
        row(f"  {dose.supply_days} days", texts_by_label(dose.basis, tubes)),
        *_below(amount.dispensed_rows(dose)),
    ]


def _below(rows: Iterable[Row]) -> list[Row]:
    """Return rows that belong to the one before them."""
    return [line._replace(label=f"  {line.label}") for line in rows]


def _response_rows(answer: "AssessAnswer", view: View) -> list[Row]:
    """Return the response where the headline does not say it, and what belongs to it."""
    problems = [f.message for f in answer.findings if f.code == "check-not-answered"]
    if answer.check is None:
        if problems:
            return [row("Response", problems[0], symbol="warn")]
        hint = ": add --week" if view.hints else ""
        return [row("Response", f"not checked{hint}", symbol="minus")]
    rows = [row("Response", text, symbol="info") for text in _before_review(answer.check)]
    if rows:
        return rows
    for headline in review.decisions(answer.check):
        if headline.verdict != "not-cleared" and not amount_withheld(answer):
            continue  # it is a headline
        place = f"{headline.regions}: " if headline.regions else ""
        text = f"{place}{headline.words.lower()}: {headline.text}"
        rows.append(row("" if rows else "Response", text, symbol=headline.symbol))
    found = review.finding_rows(answer.check, view._replace(hints=False))
    below = [line for line in found if line.label in SHORT_VIEW or view.full]
    return [*rows, *_below([*review.turning_rows(answer.check), *below])]


def _before_review(check: "CheckAnswer") -> list[str]:
    """Return one sentence for labels whose reviews are all still to come; empty otherwise."""
    weeks = {}
    for region, part in check.regions.items():
        if part.rule is None or part.next_review_week != part.rule.week or part.findings:
            return []
        weeks[region] = f"week {part.rule.week}"
    return [f"continue: before the review ({texts_by_label(check.basis, weeks)})"]


def _precaution_rows(answer: "AssessAnswer") -> list[Row]:
    """Return that all was answered, by each label whose tick another part takes away."""
    texts = {
        region: f"all {part.asked.of} answered,"
        f" {'nothing to act on' if part.findings else 'none found'}"
        for region, part in answer.warn.regions.items()
        if part.verdict == "nothing-found" != answer.regions[region].verdict
    }
    return rows_by_label(answer.basis, "Precautions", texts)


def _ask_rows(answer: "AssessAnswer", view: View) -> list[Row]:
    """Return what was not asked under one label, each kind at the start of its line."""
    rows: list[Row] = []
    for kind, regions, words in unasked.not_asked(answer.warn, view):
        place = f" ({regions})" if regions else ""
        rows.append(row("" if rows else "Ask", f"{kind}{place}: {words}"))
    return rows


def _steps(answer: "AssessAnswer") -> "tuple[Step, ...]":
    """Return the working of all parts; that of a dose is withheld with its amount."""
    parts = [None if amount_withheld(answer) else answer.dose, answer.check, answer.warn]
    return tuple(step for part in parts if part is not None for step in part.steps or ())
