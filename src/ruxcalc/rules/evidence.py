"""What the trials found, by endpoint, week and arm, with the arms of a trial side by side."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc import trials
from ruxcalc.errors import InputError
from ruxcalc.labels.model import Label
from ruxcalc.numbers import exactly, settled
from ruxcalc.results import Basis, Frozen, JsonValue, Percent, Severity, Step
from ruxcalc.rules.basis import basis_of
from ruxcalc.trials import Arm, Kind, TrialEffect, TrialFact, TrialRate

LONGEST_ENDPOINT = 80  # characters that are compared with the names of the endpoints
LIKENESS = 0.6


class TrialComparison(NamedTuple):
    """Two arms of a trial at the same week, from the same document.

    `vehicle_arm` says what that arm used by then. `relative_risk` is computed from the two rates;
    it is null where it would mislead, and `no_relative_risk` says why. `difference` and
    `odds_ratio` are published ones, each with its interval and its source.
    """

    trial: str
    endpoint: str
    week: int | None
    population: str | None
    ruxolitinib_percent: Percent
    ruxolitinib_patients: int | None
    vehicle_arm: Arm
    vehicle_percent: Percent
    vehicle_patients: int | None
    relative_risk: Decimal | None
    no_relative_risk: str | None
    difference: TrialEffect | None
    odds_ratio: TrialEffect | None
    source: str
    kind: Kind


class EvidenceAnswer(NamedTuple):
    """What the pivotal trials and their extension found: context, never a prognosis.

    `endpoints` say what each endpoint means; `remarks` what to know beside these results,
    `population` who was studied, `safety` what was reported until week 52, and `unknown` what
    was not found out.
    """

    schema: Literal["ruxcalc.evidence/1"]
    inputs: Frozen[str, JsonValue]
    worst: Severity | None
    statement: str
    enrolled: int
    analysed: int
    endpoints: Frozen[str, str]
    results: tuple[TrialRate, ...]
    comparisons: tuple[TrialComparison, ...]
    remarks: tuple[str, ...]
    population: tuple[TrialFact, ...]
    safety: tuple[TrialFact, ...]
    unknown: tuple[str, ...]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


def evidence(
    endpoint: str | None, week: Decimal | None, labels: tuple[Label, ...]
) -> EvidenceAnswer:
    """Return the results of the trials, of one `endpoint` or one `week` where it is named.

    `endpoint` is one of `trials.ENDPOINTS` in any case, `week` a number of completed weeks since
    the first application. Raises `InputError` where no result is of that endpoint or week. The
    efficacy of the label is in section 14.2 (US).
    """
    results = trials.RATES if endpoint is None else _of_endpoint(endpoint)
    if week is not None:
        results = _of_week(results, week)
    inputs: dict[str, JsonValue] = {"endpoint": endpoint, "week": week}
    with exactly():
        comparisons = tuple(
            _comparison(*rates) for rates in side_by_side(results) if _are_two_arms(rates)
        )
    return EvidenceAnswer(
        schema="ruxcalc.evidence/1",
        inputs=Frozen({name: value for name, value in inputs.items() if value is not None}),
        worst=None,
        statement=trials.STATEMENT,
        enrolled=trials.ENROLLED,
        analysed=trials.ANALYSED,
        endpoints=Frozen(
            {
                name: meaning
                for name, meaning in trials.ENDPOINTS.items()
                if any(rate.endpoint == name for rate in results)
            }
        ),
        results=results,
        comparisons=comparisons,
        remarks=tuple(_remarks(results)),
        population=trials.POPULATION,
        safety=trials.SAFETY,
        unknown=trials.UNKNOWN,
        basis=basis_of(labels),
        notes=(),
    )


def side_by_side(results: Iterable[TrialRate]) -> tuple[tuple[TrialRate, ...], ...]:
    """Group rates so that the arms of one trial, at one week and from one document, are together.

    The groups and the rates in them keep their order: ruxolitinib first.
    """
    groups: dict[tuple[object, ...], list[TrialRate]] = {}
    for rate in results:
        key = (rate.trial, rate.endpoint, rate.week, rate.population, rate.site, rate.source)
        groups.setdefault(key, []).append(rate)
    return tuple(map(tuple, groups.values()))


def _of_endpoint(endpoint: str) -> tuple[TrialRate, ...]:
    known = ", ".join(trials.ENDPOINTS)
    if not isinstance(endpoint, str):  # Python callers may pass anything
        raise InputError("endpoint", "is not the name of an endpoint", known, endpoint)
    asked = endpoint.strip().casefold()
    results = tuple(rate for rate in trials.RATES if rate.endpoint.casefold() == asked)
    if not results:
        near = _nearest_endpoints(endpoint)
        question = f". Did you mean {' or '.join(near)}?" if near else ""
        raise InputError("endpoint", f"has no result{question}", known, endpoint)
    return results


def _of_week(results: tuple[TrialRate, ...], week: Decimal) -> tuple[TrialRate, ...]:
    reached = tuple(rate for rate in results if rate.week == week)
    if not reached:
        weeks = sorted({rate.week for rate in results if rate.week is not None})
        listed = ", ".join(map(str, weeks)) or "none: its time counts from a restart"
        raise InputError("week", "has no result", listed, format(week, "f"))
    return reached


def _nearest_endpoints(endpoint: str) -> list[str]:
    """Return the endpoints that a slip may have meant; another number is no slip."""
    from difflib import get_close_matches

    by_key = {_key(name): name for name in trials.ENDPOINTS}
    asked = _key(endpoint[:LONGEST_ENDPOINT])
    if asked in by_key:
        return [by_key[asked]]
    number = _digits(asked)
    close = get_close_matches(asked, by_key, n=3, cutoff=LIKENESS)
    return [by_key[key] for key in close if not number or _digits(key) == number]


def _key(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _digits(name: str) -> str:
    return "".join(character for character in name if character.isdigit())


def _are_two_arms(rates: tuple[TrialRate, ...]) -> bool:
    return len(rates) > 1 and rates[0].arm == trials.CREAM


def _comparison(cream: TrialRate, vehicle: TrialRate) -> TrialComparison:
    """Set two arms side by side; the relative risk only of all who were randomised to vehicle."""
    reason = _why_no_ratio(cream, vehicle)
    effects = {
        effect.measure: effect
        for effect in trials.EFFECTS
        if (effect.trial, effect.endpoint, effect.week, effect.compares)
        == (cream.trial, cream.endpoint, cream.week, cream.source)
    }
    return TrialComparison(
        trial=cream.trial,
        endpoint=cream.endpoint,
        week=cream.week,
        population=cream.population,
        ruxolitinib_percent=cream.percent,
        ruxolitinib_patients=cream.patients,
        vehicle_arm=vehicle.arm,
        vehicle_percent=vehicle.percent,
        vehicle_patients=vehicle.patients,
        relative_risk=None if reason else settled(cream.percent / vehicle.percent),
        no_relative_risk=reason,
        difference=effects.get("difference"),
        odds_ratio=effects.get("odds ratio"),
        source=cream.source,
        kind=cream.kind,
    )


def _why_no_ratio(cream: TrialRate, vehicle: TrialRate) -> str | None:
    if vehicle.arm != trials.VEHICLE:
        return trials.NO_RATIO_ON_CREAM
    if cream.population is not None or vehicle.population is not None:
        return trials.NO_RATIO_BY_RESPONSE
    return None


def _remarks(results: tuple[TrialRate, ...]) -> Iterable[str]:
    kinds = {rate.kind for rate in results}
    if {"label text", "journal"} <= kinds:
        yield trials.LABEL_AND_PAPER
    if any(rate.arm == trials.VEHICLE_THEN_CREAM for rate in results):
        yield trials.ALL_ON_CREAM
    if any(rate.trial == trials.EXTENSION for rate in results):
        yield trials.CHOSEN_BY_RESPONSE
    if kinds & {"company slide", "congress report", "press report"}:
        yield trials.NOT_THE_PAPER
    if "not recorded" in kinds:
        yield trials.DOCUMENT_NOT_RECORDED
    yield from dict.fromkeys(rate.note for rate in results if rate.note)
