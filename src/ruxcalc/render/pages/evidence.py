"""The page of the evidence: the arms of the pivotal trials side by side, week by week.

One line an endpoint, week and document, with the rate on the cream drawn; then what other
parts of the trials found. Every row names what kind of document was read.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc import trials
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.chart import Chart, Line, Point, Series
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    View,
    folded,
    row,
)
from ruxcalc.rules.evidence import side_by_side

if TYPE_CHECKING:
    from ruxcalc.rules.evidence import EvidenceAnswer, TrialComparison
    from ruxcalc.trials import Kind, TrialFact, TrialRate

# How a row names the kind of document that was read.
DOCUMENT: "dict[Kind, str]" = {
    "label text": "label",
    "journal": "paper",
    "company slide": "slide",
    "congress report": "congress",
    "press report": "press",
    "not recorded": "no document",
}
PIVOTAL = (trials.V1, trials.V2)
FIRST_ENDPOINT, FIRST_WEEK = "F-VASI75", trials.LAST_WEEK_ON_VEHICLE
ONE_DECIMAL = Decimal("0.1")
ON_CREAM = "*"  # marks a vehicle arm that used the cream by then
MOST_OTHERS = 3  # groups of other results that the short view shows


class Shown(NamedTuple):
    """One endpoint and week from one kind of document, with both pivotal trials."""

    endpoint: str
    week: int
    kind: "Kind"
    by_trial: "dict[str, TrialComparison]"


def lay_out(answer: "EvidenceAnswer", view: View) -> Layout:
    """Return the layout of the evidence."""
    whole = view.full or bool(answer.inputs)
    pivotal, others = _pivotal(answer), list(_other_rows(answer))
    left = [] if whole else others[MOST_OTHERS:]
    remarks = []
    if left:
        more = "groups; who was studied, safety, sources"
        remarks.append(f"{'' if view.hints else 'Not shown: '}{folded(len(left), view, more)}")
    elif not view.full and view.hints:
        remarks.append("Who was studied, safety, sources: --full")
    return Layout(
        title="Evidence",
        headlines=(
            Headline("none", "", headline_text(answer)),
            Headline("info", "", answer.statement),
        ),
        blocks=(
            _pivotal_block(pivotal),
            Block(tuple(others if whole else others[:MOST_OTHERS]), stacked=True),
            *(_full_blocks(answer) if view.full else ()),
        ),
        remarks=(*_legend(pivotal, view), *remarks),
        inputs=tuple((name.capitalize(), str(value)) for name, value in answer.inputs.items()),
        working=answer.steps,
        charts=tuple(_charts(pivotal)),
    )


def _charts(pivotal: "Sequence[Shown]") -> "Iterator[Chart]":
    """Yield the time course of the first endpoint, by trial and arm; none of a single week.

    The label's rates are left out: they are of week 24 only, and count missing data differently.
    """
    series: dict[str, list[Point]] = {}
    for one in pivotal:
        if one.endpoint == FIRST_ENDPOINT and one.kind != "label text":
            for trial, pair in one.by_trial.items():
                week = Decimal(one.week)
                series.setdefault(f"{trial}, cream", []).append((week, pair.ruxolitinib_percent))
                vehicle = f"{trial}, vehicle until week {trials.LAST_WEEK_ON_VEHICLE}, then cream"
                series.setdefault(vehicle, []).append((week, pair.vehicle_percent))
    if len({week for points in series.values() for week, _ in points}) > 1:
        yield Chart(
            title=f"{FIRST_ENDPOINT}, % of patients by week",
            series=tuple(Series(name, tuple(points)) for name, points in series.items()),
            weeks=(Line(Decimal(FIRST_WEEK), "all on the cream from here"),),
        )


def note_lines(answer: "EvidenceAnswer", _: View) -> list[str]:
    """Return the note of the evidence: the first endpoint in words, and what it is."""
    return [f"{headline_text(answer)}.", answer.statement]


def headline_text(answer: "EvidenceAnswer") -> str:
    """Return the first endpoint of the trials in words, or the first result of those chosen."""
    pivotal = [pair for one in _pivotal(answer) for pair in one.by_trial.values()]
    first = [p for p in pivotal if (p.endpoint, p.week) == (FIRST_ENDPOINT, FIRST_WEEK)]
    if not pivotal:
        rate = answer.results[0]
        return f"{rate.endpoint}: {answer.endpoints[rate.endpoint]}"
    same = first or [p for p in pivotal if p[1:3] == pivotal[0][1:3]]
    cream = _span(pair.ruxolitinib_percent for pair in same)
    text = f"{same[0].endpoint} at week {same[0].week}: {cream} % on the cream"
    if any(pair.relative_risk is None for pair in same):
        return text
    return f"{text}, {_span(pair.vehicle_percent for pair in same)} % on vehicle"


def _span(percents: Iterable[Decimal]) -> str:
    """Write the lowest and the highest of several rates, in whole percent."""
    rounded = sorted({shown(percent, 0) for percent in percents}, key=Decimal)
    return " to ".join(dict.fromkeys((rounded[0], rounded[-1])))


def _pivotal(answer: "EvidenceAnswer") -> list[Shown]:
    """Return the comparisons of the pivotal trials, by endpoint, week and kind of document."""
    found: dict[tuple[str, int, Kind], dict[str, TrialComparison]] = {}
    for pair in answer.comparisons:
        if pair.trial in PIVOTAL and pair.population is None and pair.week is not None:
            found.setdefault((pair.endpoint, pair.week, pair.kind), {})[pair.trial] = pair
    kinds = list(DOCUMENT)
    ordered = sorted(found, key=lambda key: (key[0], key[1], -kinds.index(key[2])))
    return [Shown(*key, found[key]) for key in ordered]


def _pivotal_block(pivotal: Sequence[Shown]) -> Block:
    """Return a line an endpoint, week and document, the cream drawn as a bar."""
    named = [trial for trial in PIVOTAL if any(trial in one.by_trial for one in pivotal)]
    rows = []
    for one in pivotal:
        cells = tuple(
            _pair_text(one.by_trial[trial]) if trial in one.by_trial else "" for trial in named
        )
        first = next(iter(one.by_trial.values()))
        label = f"{one.endpoint} week {one.week}, {DOCUMENT[one.kind]}"
        rows.append(Row(label, cells, bar=first.ruxolitinib_percent))
    return Block(tuple(rows), heads=tuple(named))


def _pair_text(pair: "TrialComparison") -> str:
    """Write two arms side by side, with the relative risk where one is formed."""
    rates = f"{pair.ruxolitinib_percent} / {pair.vehicle_percent}"
    if pair.relative_risk is None:
        return f"{rates} {ON_CREAM}"
    return f"{rates} ({pair.relative_risk.quantize(ONE_DECIMAL, ROUND_HALF_UP)})"


def _legend(pivotal: Sequence[Shown], view: View) -> Iterator[str]:
    """Yield what the figures of the pivotal trials mean, and how many patients each arm has."""
    if not pivotal:
        return
    pairs = [pair for one in pivotal for pair in one.by_trial.values()]
    joint = any(pair.relative_risk is None for pair in pairs)
    also = f" {ON_CREAM} {trials.NO_RATIO_ON_CREAM.capitalize()}." if joint else ""
    yield f"Cream / vehicle, % of patients (relative risk).{also}"
    bar = f" Bar: {next(iter(pivotal[0].by_trial))}." if view.hints else ""
    yield f"{_patients_text(pivotal)}{bar}"


def _patients_text(pivotal: Sequence[Shown]) -> str:
    """Write the patients of each arm; the kind of document where two of one trial differ."""
    arms: dict[str, dict[str, list[str]]] = {}
    for one in pivotal:
        for trial, pair in one.by_trial.items():
            n = f"{pair.ruxolitinib_patients} / {pair.vehicle_patients}"
            kinds = arms.setdefault(trial, {}).setdefault(n, [])
            if DOCUMENT[one.kind] not in kinds:
                kinds.append(DOCUMENT[one.kind])
    texts = []
    for trial, by_n in arms.items():
        first, *others = by_n
        also = "".join(f" ({', '.join(by_n[n])}: {n})" for n in others)
        texts.append(f"{trial} {first}{also}")
    return f"Patients: {', '.join(texts)}."


def _other_rows(answer: "EvidenceAnswer") -> Iterator[Row]:
    """Yield what is not two arms of a pivotal trial: a line a group of patients."""
    groups: dict[tuple[str, str | None, Kind], list[tuple[TrialRate, ...]]] = {}
    for rates in side_by_side(answer.results):
        first = rates[0]
        if first.trial in PIVOTAL and first.population is None:
            continue
        groups.setdefault((first.trial, first.population, first.kind), []).append(rates)
    for (trial, population, kind), several in groups.items():
        label = trial if population is None else f"{trial}, {population}"
        by_week: dict[str, list[str]] = {}
        for rates in several:
            by_week.setdefault(_when(rates[0]), []).append(_rates_text(rates))
        about = "about " if all(rate.approximate for rates in several for rate in rates) else ""
        single = all(
            len(rates) == 1 and rates[0].arm == trials.CREAM and rates[0].median_weeks is None
            for rates in several
        )
        said = {when: ", ".join(texts) for when, texts in by_week.items()}
        if single:
            said = {when: text.replace(" %, ", ", ") for when, text in said.items()}
        text = "; ".join(f"{when}: {about}{text}" for when, text in said.items())
        yield row(label, text, section=DOCUMENT[kind])


def _when(rate: "TrialRate") -> str:
    return "after restart" if rate.week is None else f"week {rate.week}"


def _rates_text(rates: "Sequence[TrialRate]") -> str:
    """Write the arms of one group: `F-VASI90 61.8 % on the cream, 21.4 % on vehicle`."""
    texts = []
    for rate in rates:
        percent = f"{rate.percent} %"
        if rate.median_weeks is not None:
            percent += f" (median {rate.median_weeks} weeks)"
        if len(rates) > 1 or rate.arm != trials.CREAM:
            percent += f" {_arm_text(rate)}"
        texts.append(percent)
    name = rates[0].site or rates[0].endpoint
    return f"{name} {', '.join(texts)}"


def _arm_text(rate: "TrialRate") -> str:
    return {
        trials.CREAM: "on the cream",
        trials.VEHICLE: "on vehicle",
        trials.VEHICLE_THEN_CREAM: "vehicle first",
    }[rate.arm]


def _full_blocks(answer: "EvidenceAnswer") -> Iterator[Block]:
    """Yield what only the full view shows: effects, patients, safety, unknowns, sources."""
    effects = [
        row(
            f"{pair.trial}, {pair.endpoint}, week {pair.week}",
            f"{effect.measure} {plain_text(effect.value)} ({plain_text(effect.low)} to"
            f" {plain_text(effect.high)}, {effect.interval})",
            section=DOCUMENT[effect.kind],
        )
        for pair in answer.comparisons
        for effect in (pair.difference, pair.odds_ratio)
        if effect is not None
    ]
    meanings = [row(name, meaning) for name, meaning in answer.endpoints.items()]
    by_source: dict[str, list[str]] = {}
    for rate in answer.results:
        named = rate.source if rate.kind in rate.source else f"{rate.source} ({rate.kind})"
        names = by_source.setdefault(named, [])
        if rate.endpoint not in names:
            names.append(rate.endpoint)
    who = f"{answer.enrolled} enrolled, {answer.analysed} analysed in the two pivotal trials"
    yield Block(tuple(effects), "Effects as published")
    yield Block(tuple(meanings), "What the endpoints mean")
    yield Block((row("Patients", who), *_fact_rows(answer.population)), "Who was studied")
    yield Block(tuple(_fact_rows(answer.safety)), "Safety to week 52")
    yield Block(
        tuple(row("", text) for text in answer.remarks),
        "To know beside these results",
        stacked=True,
    )
    yield Block(tuple(row("", text) for text in answer.unknown), "Not known", stacked=True)
    yield Block(
        tuple(row(", ".join(names), source) for source, names in by_source.items()),
        "Sources",
        stacked=True,
    )


def _fact_rows(facts: "Iterable[TrialFact]") -> Iterator[Row]:
    """Yield a row a fact; the figures of several trials stand side by side."""
    by_name: dict[str, list[TrialFact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    for name, several in by_name.items():
        values = [
            f"{plain_text(fact.value)} {fact.unit}"
            + (f" ({fact.trial})" if len(several) > 1 else "")
            for fact in several
            if fact.value is not None
        ]
        named = name[:1].upper() + name[1:]
        cells = (named, ", ".join(values)) if values else ("", named)
        yield row(*cells, section=DOCUMENT[several[0].kind])
