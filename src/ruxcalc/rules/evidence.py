"""What the trials found, by endpoint, week and arm; a relative risk is computed from its rates."""

from decimal import Decimal

from ruxcalc import trials
from ruxcalc.answers import EvidenceAnswer, JsonValue, Step, TrialComparison, TrialRate
from ruxcalc.errors import InputError
from ruxcalc.labels.model import Label
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.rules.basis import basis_of


def evidence(
    endpoint: str | None, week: Decimal | None, labels: tuple[Label, ...]
) -> EvidenceAnswer:
    """The results of the pivotal trials, of one `endpoint` or `week` if named.

    Raises `InputError` where no result is of that endpoint or week.
    """
    results = [rate for rate in trials.RATES if endpoint is None or _same(rate.endpoint, endpoint)]
    if not results:
        raise InputError("endpoint", "has no result", ", ".join(trials.ENDPOINTS), endpoint)
    weeks = sorted({rate.week for rate in results if rate.week is not None})
    if week is not None:
        results = [rate for rate in results if rate.week == week]
    if not results:
        assert week is not None
        listed = ", ".join(map(str, weeks)) or "none: its time counts from a restart"
        raise InputError("week", "has no result", listed, plain_text(week))
    inputs: dict[str, JsonValue] = {"endpoint": endpoint, "week": week}
    with exactly():
        comparisons = tuple(_comparisons(results))
    return EvidenceAnswer(
        schema="ruxcalc.evidence/1",
        inputs={name: value for name, value in inputs.items() if value is not None},
        worst=None,
        statement=trials.STATEMENT,
        enrolled=trials.ENROLLED,
        analysed=trials.ANALYSED,
        endpoints={
            name: meaning
            for name, meaning in trials.ENDPOINTS.items()
            if any(rate.endpoint == name for rate in results)
        },
        results=tuple(results),
        comparisons=comparisons,
        unknown=trials.UNKNOWN,
        basis=basis_of(labels),
        notes=(),
    )


def _same(endpoint: str, asked: str) -> bool:
    return endpoint.casefold() == asked.casefold()


def _comparisons(results: list[TrialRate]) -> list[TrialComparison]:
    """The ratio of the two arms, wherever a trial has both at the same week."""
    return [
        TrialComparison(
            cream.trial,
            cream.endpoint,
            cream.week,
            cream.percent,
            vehicle.percent,
            settled(cream.percent / vehicle.percent),
            cream.source,
        )
        for cream in results
        for vehicle in results
        if (cream.arm, vehicle.arm) == (trials.CREAM, trials.VEHICLE)
        and cream[:3] == vehicle[:3]  # trial, endpoint and week
    ]


def evidence_steps(answer: EvidenceAnswer) -> tuple[Step, ...]:
    """The working of each relative risk."""
    return tuple(
        Step(
            f"relative risk of {pair.endpoint}, {pair.trial}, week {pair.week}",
            "rate on ruxolitinib / rate on vehicle",
            f"{pair.ruxolitinib_percent} / {pair.vehicle_percent}",
            plain_text(pair.relative_risk),
            pair.source,
        )
        for pair in answer.comparisons
    )
