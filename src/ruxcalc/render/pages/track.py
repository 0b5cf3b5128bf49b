"""One patient's visits, laid out."""

from decimal import Decimal

from ruxcalc.answers import Dispensed, TrackAnswer, TrackRegion, TrackVisit
from ruxcalc.labels.topics import REVIEW_TOPICS
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.chart import Point, response_chart
from ruxcalc.render.page import (
    Drawing,
    Grid,
    Marks,
    Page,
    edition_lines,
    findings_grids,
    merged,
    merged_each,
    step_grids,
    where,
)
from ruxcalc.render.pages.check import decision_text

OVERALL = "repigmentation"


def thresholds_of(answer: TrackAnswer) -> list[Decimal]:
    """The percentages that the labels of this answer apply."""
    rules = (part.rule for part in answer.regions.values())
    return sorted({r.threshold_percent for r in rules if r.threshold_percent is not None})


def response_text(answer: TrackAnswer, visit: TrackVisit) -> str:
    """The repigmentation at a visit, as one figure or by site."""
    limits = thresholds_of(answer)
    measured = f" ({visit.measure})" if visit.measure else ""
    if visit.repigmentation_percent is not None:
        return f"{shown(visit.repigmentation_percent, 1, *limits)} %{measured}"
    if visit.sites is None:
        return "not told"
    by_site = ", ".join(f"{site} {shown(p, 1, *limits)} %" for site, p in visit.sites.items())
    return f"{by_site}{measured}"


def track_lines(answer: TrackAnswer) -> tuple[str, ...]:
    """Where the treatment stands: the last visit, then each label's decision."""
    last = answer.visits[-1]
    rejected = f"; {len(answer.rejected)} rows were rejected" if answer.rejected else ""
    by_region = merged(
        answer.basis, {region: (standing(part),) for region, part in answer.regions.items()}
    )
    visits = "1 visit" if len(answer.visits) == 1 else f"{len(answer.visits)} visits"
    since = f"{visits} since {answer.start}"
    return (
        f"{since}, the last on {last.date} in week {plain_text(last.week)}{rejected}",
        *(f"{who}: {text}" for who, text in by_region),
    )


def standing(part: TrackRegion) -> str:
    """The last decision of a label, and what comes next."""
    said = "no decision: nothing was told of the response"
    if part.decision is not None:
        said = f"{decision_text(part.decision)} (visit of {part.decided_on})"
    coming = part.next_review
    if part.review_unanswered:
        then = f"REVIEW of week {plain_text(part.rule.week)} NOT ANSWERED"
    elif coming is None:
        then = "no review to come"
    else:
        due = "REVIEW DUE SINCE" if coming.overdue else "review at"
        then = f"{due} week {coming.week}, {coming.date}"
    return f"{said}; {then}"


def within_text(window: Dispensed, part: TrackRegion) -> str:
    """Whether a window is within its cap; where sizes mix, a cap by itself is not the answer."""
    if not window.within:
        return "OVER"
    codes = {finding.code for finding in part.findings}
    return "by itself" if codes & {"tube-sizes-mixed", "dispensed-above-either-cap"} else "yes"


def track_page(answer: TrackAnswer) -> Page:
    """Where the treatment stands, the response drawn, each visit, and what was dispensed."""
    marks = Marks()
    grids = [_visits(answer)]
    dispensed = {
        region: [
            (
                f"{plain_text(window.dispensed_grams)} of {window.max_grams} g per {window.period}",
                f"{window.first_day} to {window.last_day}",
                within_text(window, part),
                where(window.source, marks),
            )
            for window in part.dispensed
        ]
        for region, part in answer.regions.items()
    }
    if any(dispensed.values()):
        columns = ("Region", "Most dispensed against the cap", "From, to", "Within", "Section")
        grids.append(Grid("Dispensed", columns, merged_each(answer.basis, dispensed)))
    rejected = tuple((str(row.line), row.column or "-", row.reason) for row in answer.rejected)
    if rejected:
        grids.append(Grid("Rejected rows", ("Line", "Column", "Reason"), rejected))
    return Page(
        "Track",
        track_lines(answer),
        (*grids, *findings_grids(answer, answer.basis, marks), *step_grids(answer.steps)),
        (*marks.lines(), *edition_lines(answer.basis)),
        _drawings(answer),
    )


def _visits(answer: TrackAnswer) -> Grid:
    """A row for each visit; regions that decide the same throughout share a column."""
    decisions = {
        region: tuple(
            "-" if decided is None else decision_text(decided.decision)
            for visit in answer.visits
            for decided in [visit.regions[region]]
        )
        for region in answer.regions
    }
    columns = merged(answer.basis, decisions)
    return Grid(
        "Visits",
        ("Date", "Week", "Repigmentation", *(who for who, *_ in columns)),
        tuple(
            (
                visit.date,
                plain_text(visit.week),
                response_text(answer, visit),
                *(said[number] for _, *said in columns),
            )
            for number, visit in enumerate(answer.visits)
        ),
    )


def _drawings(answer: TrackAnswer) -> tuple[Drawing, ...]:
    """The response by week; none where no visit told of it."""
    series: dict[str, list[Point]] = {}
    for visit in answer.visits:
        if visit.repigmentation_percent is not None:
            series.setdefault(visit.measure or OVERALL, []).append(
                (visit.week, visit.repigmentation_percent)
            )
        for site, percent in (visit.sites or {}).items():
            series.setdefault(site, []).append((visit.week, percent))
    if not series:
        return ()
    weeks = [Decimal(week) for week in sorted(REVIEW_TOPICS)]
    return (response_chart(series, weeks, thresholds_of(answer)),)
