"""What the trials found, laid out."""

from ruxcalc.numbers import plain_text
from ruxcalc.render.page import Drawing, Grid, Page, edition_lines, step_grids
from ruxcalc.rules.evidence import EvidenceAnswer
from ruxcalc.trials import TrialRate

PERCENT_OF_A_MARK = 4  # of a bar
SHORT = {
    "TRuE-V1": "V1",
    "TRuE-V2": "V2",
    "TRuE-V1 and TRuE-V2": "V1+V2",
}


def bars(rates: list[TrialRate]) -> Drawing:
    """The rates as bars."""
    lines = tuple(
        f"{rate.endpoint:<18}"
        f"{'restart' if rate.week is None else f'week {rate.week}':<9}"
        f"{rate.arm.partition(',')[0]:<12}"
        f"{SHORT.get(rate.trial, 'later'):<6}"
        f"{('~' if rate.approximate else '') + plain_text(rate.percent):>5} "
        f"{'#' * round(rate.percent / PERCENT_OF_A_MARK)}"
        for rate in rates
    )
    return Drawing(
        f"Patients who reached it, %; each # is {PERCENT_OF_A_MARK} %, ~ is about", lines
    )


def rate_text(rate: TrialRate) -> str:
    """A rate as it was published."""
    return f"{'about ' if rate.approximate else ''}{plain_text(rate.percent)} %"


def when_text(rate: TrialRate) -> str:
    """The week of a rate, or the time since a restart."""
    if rate.week is None:
        return f"median {rate.median_weeks} weeks after restart"
    return f"week {rate.week}"


def who_text(rate: TrialRate) -> str:
    """The trial and who of it was followed."""
    both = f"{rate.patients_of_all_arms} in both arms" if rate.patients_of_all_arms else ""
    return ", ".join(filter(None, (rate.trial, rate.site, rate.population, both)))


def evidence_lines(answer: EvidenceAnswer) -> tuple[str, ...]:
    """What this is, and who was studied."""
    return (
        answer.statement,
        f"Pivotal trials: {answer.enrolled} enrolled, {answer.analysed} analysed",
    )


def evidence_page(answer: EvidenceAnswer) -> Page:
    """The rates as bars, then the arms compared, then what the endpoints mean and is unknown."""
    ordered = sorted(answer.results, key=_order)
    rates = tuple(
        (
            rate.endpoint,
            when_text(rate),
            rate.arm,
            rate_text(rate),
            who_text(rate),
        )
        for rate in ordered
    )
    compared = tuple(
        (
            pair.endpoint,
            f"week {pair.week}",
            pair.trial,
            f"{pair.ruxolitinib_percent} / {pair.vehicle_percent}",
            pair.no_relative_risk or f"{pair.relative_risk:.1f}",
        )
        for pair in answer.comparisons
    )
    grids = [Grid("", ("Endpoint", "When", "Arm", "Reached by", "Trial"), rates)]
    if compared:
        columns = ("Endpoint", "When", "Trial", "Ruxolitinib / vehicle, %", "Relative risk")
        grids.append(Grid("Arms compared", columns, compared))
    grids.append(Grid("Endpoints", ("Endpoint", "Means"), tuple(answer.endpoints.items())))
    grids.append(Grid("Not known", ("Question",), tuple((text,) for text in answer.unknown)))
    sources = dict.fromkeys(f"{rate.source} ({rate.kind})" for rate in answer.results)
    return Page(
        "Evidence",
        evidence_lines(answer),
        (*grids, *step_grids(answer.steps)),
        (f"Sources: {'; '.join(sources)}", *edition_lines(answer.basis)),
        (bars(ordered),),
    )


def _order(rate: TrialRate) -> tuple[str, int, str, str]:
    """By endpoint, then week, then trial and arm."""
    endless = 1000  # what counts from a restart comes last
    return rate.endpoint, rate.week or endless, rate.trial, rate.arm
