"""The page of one patient's visits: what is to be done, then the visits, a line each.

A visit's repigmentation is drawn as a bar that never reaches a threshold it is under.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.chart import Chart, Line, Series
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    View,
    by_verdict,
    counted,
    editions_block,
    folded,
    grouped,
    grouped_findings,
    names,
    one_label_hint,
    placed,
    row,
    sections,
    sentences,
    without_name,
)
from ruxcalc.render.pages.check import DECISIONS
from ruxcalc.render.pages.words import answered_by_panel, by_site_text
from ruxcalc.results import Verdict
from ruxcalc.rules.dispensed import tubes_text

if TYPE_CHECKING:
    from ruxcalc.rules.check import ReviewRule
    from ruxcalc.rules.dispensed import DispensedAnswer
    from ruxcalc.rules.track import RejectedVisit, TrackAnswer, TrackRegion, TrackVisit

MOST_VISITS = 8  # the last ones, in the short view
MOST_REJECTED = 3
OVERALL = "Repigmentation"
MEASURES = {"f-vasi": "F-VASI", "t-vasi": "T-VASI", "treated-area": "treated areas"}
# The headlines say these.
IN_HEADLINE = (
    "dispensed-above-cap",
    "area-above-maximum",
    "repigmentation-below-threshold",
    "review-without-score",
    "patient-judgement-not-stated",
    "review-not-answered",
    "earlier-review-outcome",
)
SAFETY = "Safety was not asked here."


def lay_out(answer: "TrackAnswer", view: View) -> Layout:
    """Return the layout of the visits of one patient."""
    rejected = answer.rejected if view.full or len(answer.rejected) > MOST_REJECTED else ()
    return Layout(
        title="Visits",
        headlines=tuple(judgements(answer)),
        blocks=(
            _visits_block(answer, view),
            Block(tuple(_standing_rows(answer, view))),
            Block(tuple(row(f"Line {one.line}", _why(one)) for one in rejected), "Rejected rows"),
            editions_block(answer.basis, view),
        ),
        remarks=tuple(_remarks(answer, view)),
        inputs=answered_by_panel(answer.inputs),
        working=answer.steps,
        charts=tuple(_charts(answer)),
    )


def note_lines(answer: "TrackAnswer", view: View) -> list[str]:
    """Return the note of the visits: what is to be done, the last visit, what comes next."""
    last = answer.visits[-1]
    response = response_text(answer, last)
    said = f", repigmentation {response}" if response else ""
    visits = counted(len(answer.visits), "visit")
    stands = f"the last on {last.date}, week {plain_text(last.week)}{said}"
    return [
        *(f"{headline.sentence.rstrip('.')}." for headline in judgements(answer)),
        f"{visits} since {answer.start}; {stands}.",
        *(f"{line.label}: {' '.join(line.cells)}" for line in _standing_rows(answer, view)),
        SAFETY,
    ]


def _why(one: "RejectedVisit") -> str:
    return f"{one.column}: {one.reason}" if one.column else one.reason


def judgements(answer: "TrackAnswer") -> list[Headline]:
    """Return what is to be done as headlines, worst first; labels that say the same share one."""
    by_headline: dict[Headline, list[str]] = {}
    for region, part in answer.regions.items():
        for headline in _of_region(answer, region, part):
            by_headline.setdefault(headline, []).append(region)
    several = len(answer.regions) > 1
    lines = [
        headline._replace(
            regions=names(answer.basis, regions) if several else "",
            section=_sections_of(answer, regions),
        )
        for headline, regions in by_headline.items()
    ]
    return [*by_verdict(lines), *_rejected_line(answer)]


def _sections_of(answer: "TrackAnswer", regions: list[str]) -> str:
    rules = [answer.regions[region].rule for region in regions]
    return sections(rule.source for rule in rules if rule is not None)


def _of_region(answer: "TrackAnswer", region: str, part: "TrackRegion") -> Iterator[Headline]:
    """Yield what one label asks for: over the limit, the decision, a review that is due."""
    codes = {found.code: found.message for found in part.findings}
    name, several = answer.basis.editions[region].name, len(answer.regions) > 1
    over = "OVER THE LABEL" if several else f"OVER THE {name} LABEL"
    if part.dispensed is not None and part.dispensed.within is False:
        yield Headline("cross", over, _over_text(part.dispensed), verdict="over-label")
    if "area-above-maximum" in codes:
        message = codes["area-above-maximum"]
        text = without_name(message, name) if several else message
        yield Headline("cross", over, text, verdict="over-label")
    if "earlier-review-outcome" in codes:
        text = codes["earlier-review-outcome"]
        yield Headline("warn", "WEIGH BOTH", text, verdict="caution")
    coming, rule = part.next_review, part.rule
    overdue = coming is not None and coming.overdue
    if part.review_unanswered and rule is not None:
        lacks = "says what the patient finds" if rule.threshold_percent is None else "has a score"
        since = f"week {rule.week} is past, and no visit since then {lacks}"
        yield Headline("warn", "REVIEW NOT ANSWERED", since, verdict=_due_verdict(rule))
    elif part.decision is None or part.decided_on is None:
        text = "the response is not known"
        yield Headline("ask", "NO DECISION", text, verdict="score-needed")
    elif not overdue:
        symbol, words = DECISIONS[part.decision]
        verdict: Verdict = "not-cleared" if part.decision == "continue" else part.decision
        last = next(visit for visit in answer.visits if visit.date == part.decided_on)
        if part.decision == "continue" and (rule is None or last.week < rule.week):
            symbol = "info"
        yield Headline(symbol, words, _reason(answer, part, last), verdict=verdict)
    if coming is not None and coming.overdue and rule is not None:
        text = f"week {coming.week}; the last visit was on {answer.visits[-1].date}"
        due = f"REVIEW DUE SINCE {coming.date}"
        yield Headline("warn", due, text, verdict=_due_verdict(rule))


def _reason(answer: "TrackAnswer", part: "TrackRegion", visit: "TrackVisit") -> str:
    """Write why a visit led to its decision: `20 % at week 52 is under 25 % (2026-01-05)`."""
    week, rule, day = plain_text(visit.week), part.rule, part.decided_on
    if rule is None:
        return f"this label has no review (week {week}, {day})"
    if visit.week < rule.week:
        return f"week {week} is before the review of week {rule.week} ({day})"
    if rule.threshold_percent is None:
        said = {
            "continue": "meaningful to the patient.",
            "ask-patient": "is it meaningful to them?",
        }.get(part.decision or "", "not meaningful to the patient.")
        return f"week {week} ({day}), {said} No % applies."
    side = "not under" if part.decision == "continue" else "under"
    limit = plain_text(rule.threshold_percent)
    return f"{response_text(answer, visit)} at week {week} is {side} {limit} % ({day})"


def _due_verdict(rule: "ReviewRule") -> Verdict:
    return "ask-patient" if rule.threshold_percent is None else "score-needed"


def _over_text(lot: "DispensedAnswer") -> str:
    at_cap = shown(lot.days_at_cap or Decimal(0), 1, Decimal(lot.days))
    return (
        f"{tubes_text(lot.tubes)} for {counted(lot.days, 'day')} ({lot.first_day} to"
        f" {lot.last_day}); at the limit they last {at_cap} days. Ask how much is used."
    )


def _rejected_line(answer: "TrackAnswer") -> Iterator[Headline]:
    count = len(answer.rejected)
    if count > MOST_REJECTED:
        text = "lines " + ", ".join(str(one.line) for one in answer.rejected)
    else:
        text = "; ".join(f"line {one.line}: {_why(one).rstrip('.')}" for one in answer.rejected)
    if count:
        yield Headline("warn", f"{counted(count, 'row').upper()} REJECTED", text)


def _visits_block(answer: "TrackAnswer", view: View) -> Block:
    """Return a row a visit. The bar takes the place of the area, which only the full view shows."""
    visits = answer.visits if view.full else answer.visits[-MOST_VISITS:]
    heads = ["Week", _measure_head(answer)]
    columns = [
        [plain_text(visit.week) for visit in visits],
        [response_text(answer, visit) or "-" for visit in visits],
    ]
    if view.full and any(visit.bsa_percent is not None for visit in visits):
        heads.append("Area")
        columns.append([_area_text(visit) for visit in visits])
    if any(visit.tubes_dispensed for visit in visits):
        heads.append("Tubes")
        columns.append([_tubes(visit) for visit in visits])
    decided = grouped(
        {
            region: tuple(_decision_text(visit, region) for visit in visits)
            for region in answer.regions
        }
    )
    for regions, decisions in decided:
        heads.append("Decision" if len(decided) == 1 else names(answer.basis, regions))
        columns.append([*decisions])
    rows = [
        Row(str(visit.date), tuple(cells), bar=_lowest(visit))
        for visit, *cells in zip(visits, *columns, strict=True)
    ]
    return Block(tuple(rows), heads=tuple(heads))


def _measure_head(answer: "TrackAnswer") -> str:
    """Return the measure, where all visits have the same one, else repigmentation."""
    only = {visit.measure for visit in answer.visits if _lowest(visit) is not None}
    measure = only.pop() if len(only) == 1 else None
    name = "repigmented" if measure is None else MEASURES[measure]
    return name[:1].upper() + name[1:]


def _area_text(visit: "TrackVisit") -> str:
    return "-" if visit.bsa_percent is None else f"{plain_text(visit.bsa_percent)} %"


def _tubes(visit: "TrackVisit") -> str:
    if not visit.tubes_dispensed:
        return "-"
    size = "" if visit.tube_grams is None else f"x{plain_text(visit.tube_grams)} g"
    return f"{visit.tubes_dispensed}{size}"


def _decision_text(visit: "TrackVisit", region: str) -> str:
    decided = visit.regions[region]
    return "-" if decided is None else decided.decision.replace("-", " ")


def _lowest(visit: "TrackVisit") -> Decimal | None:
    """Return the lowest repigmentation at a visit, at least 0; None where none is known."""
    known = list((visit.sites or {}).values())
    if visit.repigmentation_percent is not None:
        known.append(visit.repigmentation_percent)
    return max(min(known), Decimal(0)) if known else None


def response_text(answer: "TrackAnswer", visit: "TrackVisit") -> str:
    """Write the repigmentation at a visit, as one figure or by site; empty without one."""
    limits = thresholds_of(answer)
    mixed = len({one.measure for one in answer.visits if _lowest(one) is not None}) > 1
    measured = f" ({MEASURES[visit.measure]})" if mixed and visit.measure else ""
    if visit.repigmentation_percent is not None:
        return f"{shown(visit.repigmentation_percent, 1, *limits)} %{measured}"
    by_site = by_site_text(visit.sites or {}, *limits)
    return by_site and by_site + measured


def thresholds_of(answer: "TrackAnswer") -> tuple[Decimal, ...]:
    """Return the percentages that the reviews of these labels compare with."""
    rules = [part.rule for part in answer.regions.values()]
    known = {rule.threshold_percent for rule in rules if rule is not None}
    return tuple(sorted(level for level in known if level is not None))


def _standing_rows(answer: "TrackAnswer", view: View) -> list[Row]:
    """Return the next reviews, what was dispensed within the limit, and the other findings."""
    coming = {
        region: (
            "no review to come"
            if part.next_review is None
            else f"review of week {part.next_review.week} on {part.next_review.date}"
        )
        for region, part in answer.regions.items()
        if (view.full and part.next_review is None)
        or (part.next_review is not None and not part.next_review.overdue)
    }
    rows = [
        row(label, placed(answer.basis, regions, text))
        for label, texts in (("Next", coming), ("Dispensed", _dispensed(answer)))
        for regions, text in grouped(texts)
    ]
    for same in grouped_findings(
        answer.basis, answer.regions, lambda found: view.full or not _in_headline(found.code)
    ):
        silent = same.code.startswith("no-")
        # What there is to act on is never shortened.
        whole = view.full or silent or same.severity != "info"
        text = same.message if whole else sentences(same.message)
        section = same.section if view.full else ""
        label = "Silent" if silent else "Note"
        rows.append(row(label, placed(answer.basis, same.regions, text), section=section))
    return rows


def _in_headline(code: str) -> bool:
    return code in IN_HEADLINE or code.startswith("not-meaningful")


def _dispensed(answer: "TrackAnswer") -> dict[str, str]:
    """Return by label what was dispensed within the limit, or that it cannot be compared yet."""
    texts: dict[str, str] = {}
    if not any(visit.tubes_dispensed for visit in answer.visits):
        return texts
    for region, part in answer.regions.items():
        lot = part.dispensed
        if lot is None or lot.within is None:
            texts[region] = "not compared: how long the tubes lasted is not known yet"
        elif lot.within:
            texts[region] = (
                f"{tubes_text(lot.tubes)} for {counted(lot.days, 'day')}, within the limit"
            )
    return texts


def _charts(answer: "TrackAnswer") -> Iterator[Chart]:
    """Yield the response by week; none where no visit says how the vitiligo responded."""
    series: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for visit in answer.visits:
        if visit.repigmentation_percent is not None:
            name = OVERALL if visit.measure is None else f"{OVERALL}, {MEASURES[visit.measure]}"
            point = (visit.week, visit.repigmentation_percent)
            series.setdefault(name, []).append(point)
        for site, percent in (visit.sites or {}).items():
            name = site.replace("-", " ").capitalize()
            series.setdefault(name, []).append((visit.week, percent))
    if series:
        rules = [part.rule for part in answer.regions.values()]
        weeks = sorted({rule.week for rule in rules if rule is not None})
        yield Chart(
            title="Repigmentation in percent by week",
            series=tuple(Series(name, tuple(points)) for name, points in series.items()),
            weeks=tuple(Line(Decimal(week), f"review, week {week}") for week in weeks),
            levels=tuple(
                Line(level, f"{plain_text(level)} % rule") for level in thresholds_of(answer)
            ),
        )


def _remarks(answer: "TrackAnswer", view: View) -> Iterator[str]:
    left = len(answer.visits) - MOST_VISITS
    if left > 0 and not view.full:
        yield folded(left, view, "visits before these")
    yield f"{SAFETY} Before prescribing: ruxcalc assess" if view.hints else SAFETY
    yield from one_label_hint(answer.basis, view)
