"""The page of a review: what each label asks at this week, then what belongs to it."""

from typing import TYPE_CHECKING

from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    Symbol,
    View,
    by_verdict,
    editions_block,
    grouped,
    grouped_findings,
    joined,
    names,
    one_label_hint,
    row,
    rows_by_label,
    sections,
    shortened,
    with_names,
)
from ruxcalc.render.pages.words import (
    NOT_ASKED,
    answered_by_panel,
    asked_and_answered,
    by_site_text,
    label_of,
)
from ruxcalc.results import Decision
from ruxcalc.rules.check import ASKS, NO_STOP

if TYPE_CHECKING:
    from ruxcalc.rules.check import CheckAnswer, CheckRegion

DECISIONS: dict[Decision, tuple[Symbol, str]] = {
    "consider-stopping": ("warn", "CONSIDER STOPPING"),
    "re-evaluate": ("warn", "RE-EVALUATE"),
    "ask-patient": ("ask", "ASK THE PATIENT"),
    "score-needed": ("ask", "SCORE NEEDED"),
    "continue": ("tick", "CONTINUE"),
}
# The decision itself is the headline; these findings say no more.
IN_HEADLINE = (
    "repigmentation-below-threshold", "review-without-score", "patient-judgement-not-stated",
)  # fmt: skip
SENTENCES = 2  # of a message, in the short view
SATISFACTORY = ("satisfactory-areas", "tapering")
LABELS: dict[str, str] = {
    "satisfactory-areas-can-stop": "Satisfactory",
    "worsening": "Worsening",
    "measure-not-stated": "Measure",
    "measure-not-treated-area": "Measure",
    "sites-disagree": "By site",
}


def lay_out(answer: "CheckAnswer", view: View) -> Layout:
    """Return the layout of a review."""
    rows = [*_rows(answer, view), *_next_rows(answer, view)]
    return Layout(
        title="Review",
        headlines=tuple(decisions(answer)),
        blocks=(Block(tuple(rows)), editions_block(answer.basis, view)),
        remarks=(
            f"{NOT_ASKED} Safety: ruxcalc assess" if view.hints else NOT_ASKED,
            *one_label_hint(answer.basis, view),
        ),
        inputs=answered_by_panel(answer.inputs),
        working=answer.steps,
    )


def note_lines(answer: "CheckAnswer", view: View) -> list[str]:
    """Return the note of a review: the decisions, what was asked, and what belongs to them."""
    return [
        joined(headline.sentence for headline in decisions(answer)),
        joined(f"{line.label}: {' '.join(line.cells)}" for line in _rows(answer, view)),
        asked_and_answered(answer.inputs),
        NOT_ASKED,
    ]


def _rows(answer: "CheckAnswer", view: View) -> list[Row]:
    return [*turning_rows(answer), *_otherwise_rows(answer), *finding_rows(answer, view)]


def decisions(answer: "CheckAnswer") -> list[Headline]:
    """Return each decision as a headline, worst first; labels that say the same share one."""
    texts = {
        region: (part.decision, _reason_text(answer, part))
        for region, part in answer.regions.items()
    }
    lines = []
    for regions, (decision, text) in grouped(texts):
        parts = [answer.regions[region] for region in regions]
        symbol, words = DECISIONS[decision]
        before = all(part.rule is None or answer.week < part.rule.week for part in parts)
        headline = Headline(
            "info" if decision == "continue" and before else symbol,
            words,
            text,
            names(answer.basis, regions) if len(answer.regions) > 1 else "",
            sections(part.rule.source for part in parts if part.rule is not None),
            parts[0].verdict,
        )
        lines.append(headline)
    return by_verdict(lines)


def _reason_text(answer: "CheckAnswer", part: "CheckRegion") -> str:
    """Write why: `20 % at week 52 is under 25 %`."""
    week, rule = plain_text(answer.week), part.rule
    if rule is None:
        return f"this label has no review (week {week})"
    if answer.week < rule.week:
        return f"week {week} is before the review of week {rule.week}"
    if rule.threshold_percent is None:
        return {
            "continue": f"the patient finds it meaningful at week {week}. No % applies.",
            "ask-patient": "is it meaningful to them? No % applies.",
        }.get(part.decision, f"not meaningful to the patient at week {week}.{_no_stop(part)}")
    if part.decision == "score-needed":
        return f"the review of week {rule.week} is due"
    limit = rule.threshold_percent
    under = part.decision != "continue"
    side = "under" if under else "not under"
    if part.sites is None:
        assert answer.repigmentation_percent is not None
        measured = f"{shown(answer.repigmentation_percent, 1, limit)} %"
    else:
        sites = {
            site: one.repigmentation_percent
            for site, one in part.sites.items()
            if not under or one.repigmentation_percent < limit
        }
        measured = by_site_text(sites, limit)
    return f"{measured} at week {week} is {side} {plain_text(limit)} %"


def _no_stop(part: "CheckRegion") -> str:
    """Return that no percentage applies, and that nothing is said of stopping where it is not."""
    evaluated = part.rule is not None and part.rule.outcome == "re-evaluate"
    return f" No % applies{NO_STOP if evaluated else ''}."


def _otherwise_rows(answer: "CheckAnswer") -> list[Row]:
    """Return what else belongs to a review that is due without a score."""
    texts = {}
    for region, part in answer.regions.items():
        rule, label = part.rule, label_of(region)
        if part.decision != "score-needed" or rule is None or rule.threshold_percent is None:
            continue
        also = [] if label is None else [label.on(topic) for topic in SATISFACTORY]
        texts[region] = " ".join(["continue.", *(said.message for said in also if said.speaks)])
    return rows_by_label(answer.basis, "Otherwise", texts)


def turning_rows(answer: "CheckAnswer") -> list[Row]:
    """Return what a review that a label asks for may lead to, where that is still open."""
    texts = {}
    for region, part in answer.regions.items():
        rule = part.rule
        if rule is None:
            continue
        asks = ASKS["re-evaluate" if rule.outcome == "re-evaluate" else "consider-stopping"]
        if part.decision == "ask-patient":
            texts[region] = ("If not", asks)
        elif part.decision == "score-needed" and rule.threshold_percent is not None:
            limit = plain_text(rule.threshold_percent)
            texts[region] = ("If", f"under {limit} % of the treated areas repigmented: {asks}")
    return [
        row(label, with_names(answer.basis, regions, text))
        for regions, (label, text) in grouped(texts)
    ]


def finding_rows(answer: "CheckAnswer", view: View) -> list[Row]:
    """Return the findings that the headline does not say, each once for the labels it is of."""
    rows = []
    for same in grouped_findings(
        answer.basis,
        answer.regions,
        lambda found: view.full or not _said_elsewhere(found.code, view),
    ):
        label = LABELS.get(same.code, "Silent" if same.code.startswith("no-") else "Note")
        text = same.message
        if same.severity == "info":
            text = shortened(text, view, SENTENCES)
        section = same.section if view.full else ""
        rows.append(row(label, with_names(answer.basis, same.regions, text), section=section))
    return rows


def _said_elsewhere(code: str, view: View) -> bool:
    if code == "measure-not-stated":
        return view.hints  # there the next step says it
    return code in IN_HEADLINE or code.startswith("not-meaningful")


def _next_rows(answer: "CheckAnswer", view: View) -> list[Row]:
    """Return what to give next, for the terminal."""
    if not view.hints:
        return []
    hints: dict[str, str] = {}
    for region, part in answer.regions.items():
        if part.decision == "ask-patient":
            hints[region] = "add --meaningful or --not-meaningful"
        elif part.decision == "score-needed":
            hints[region] = "give it: --repig 20, or two scores: --baseline 2.4 --score 1.8"
        elif any(found.code == "measure-not-stated" for found in part.findings):
            hints[region] = (
                "how was it measured? The rule is about the treated areas (--measure treated-area)"
            )
    return rows_by_label(answer.basis, "Next", hints)
