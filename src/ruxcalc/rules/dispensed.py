"""Tubes that were dispensed, against each label's cap; dispensed is not used.

A tube counts for the days that the label's cap gives it: in the US 7 days for 60 g and 14
days for 100 g, in the EU and UK 14 days for 100 g, counting two tubes over 28 days. Label
sections: 2.2 (US), 4.2 (EU, UK).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate, combinations
from math import ceil
from typing import NamedTuple

from ruxcalc.inputs import Dispensing
from ruxcalc.labels.model import Cap, Label
from ruxcalc.numbers import plain_text, settled
from ruxcalc.results import Frozen, Grams, Source
from ruxcalc.rules.basis import source_of
from ruxcalc.rules.findings import Draft, draft


class DispensedAnswer(NamedTuple):
    """Tubes dispensed for a number of days, against one label's cap.

    `days_at_cap` are the days that these tubes last at the most the label allows; the tubes
    are `within` where that is not more than `days`. It is null where no size is counted.
    """

    tubes: tuple[Dispensing, ...]
    grams: Grams
    days: int
    days_at_cap: Decimal | None
    within: bool | None
    first_day: date | None
    last_day: date | None
    source: Source


class Lot(NamedTuple):
    """Tubes dispensed on one day."""

    day: date
    tubes: Dispensing


def cap_for(label: Label, grams: Decimal) -> Cap | None:
    """Return the cap that counts tubes of this size: its own, or the label's only one."""
    if len(label.caps) == 1:
        return label.caps[0]
    return next((cap for cap in label.caps if cap.tube_grams == grams), None)


def days_at_cap(label: Label, tubes: Iterable[Dispensing]) -> Decimal:
    """Return the days that `tubes` last at the most the label allows."""
    total = Decimal(0)
    for some in tubes:
        cap = cap_for(label, some.grams)
        if cap is not None:
            total += some.tubes * some.grams * cap.dispensing_days / cap.max_grams
    return total


def judge(
    label: Label,
    tubes: tuple[Dispensing, ...],
    days: int,
    between: tuple[date, date] | None = None,
) -> DispensedAnswer | None:
    """Compare `tubes` for `days` days with the label; None for a label without a cap."""
    if not label.caps:
        return None
    counted = any(cap_for(label, some.grams) for some in tubes)
    at_cap = days_at_cap(label, tubes)
    return DispensedAnswer(
        tubes=tubes,
        grams=sum((some.tubes * some.grams for some in tubes), Decimal(0)),
        days=days,
        days_at_cap=settled(at_cap) if counted else None,
        within=at_cap <= days if counted else None,
        first_day=between and between[0],
        last_day=between and between[1],
        source=source_of(label, label.caps[0]),
    )


def period_of(label: Label, tubes: Iterable[Dispensing]) -> int:
    """Return the days of the label's own period for these tubes, the longest if they mix."""
    caps = [cap_for(label, some.grams) for some in tubes]
    known = [cap.dispensing_days for cap in caps if cap is not None]
    return max(known or [cap.dispensing_days for cap in label.caps], default=0)


def judge_lots(label: Label, lots: Sequence[Lot]) -> DispensedAnswer | None:
    """Compare the lots of one patient with the label, each over the days until the next one.

    `lots` are in the order of their days, one a day. The lots before the last one are compared
    over the days from the first to the last. A run of lots among them is compared too where it
    spans the label's longest period, so that a long pause does not hide an excess; the run
    furthest over the label is answered, or else the whole. None where there are fewer than two
    lots: how long the tubes are to last is not known yet.
    """
    lots = [lot for lot in lots if cap_for(label, lot.tubes.grams) is not None]
    if len(lots) <= 1:
        return None
    period = max(cap.dispensing_days for cap in label.caps)
    at_cap = [Decimal(0), *accumulate(days_at_cap(label, [lot.tubes]) for lot in lots)]
    whole = (0, len(lots) - 1)

    def excess(run: tuple[int, int]) -> Decimal:
        first, last = run
        return (at_cap[last] - at_cap[first]) / (lots[last].day - lots[first].day).days

    runs = [
        run
        for run in combinations(range(len(lots)), 2)
        if (lots[run[1]].day - lots[run[0]].day).days >= period
    ]
    first, last = max([whole, *(run for run in runs if excess(run) > 1)], key=excess)
    days = (lots[last].day - lots[first].day).days
    before = merged(lot.tubes for lot in lots[first:last])
    return judge(label, before, days, (lots[first].day, lots[last].day))


def merged(several: Iterable[Dispensing]) -> tuple[Dispensing, ...]:
    """Add up tubes of the same size."""
    tubes: dict[Decimal, int] = {}
    for some in several:
        tubes[some.grams] = tubes.get(some.grams, 0) + some.tubes
    return tuple(Dispensing(count, grams) for grams, count in tubes.items())


def some_tubes(count: int, grams: Decimal, cost: Decimal | None = None) -> str:
    """Write tubes of one size as `2 tubes of 60 g`, with what they cost."""
    price = "" if cost is None else f" (cost {plain_text(cost)})"
    return f"{count} tube{'' if count == 1 else 's'} of {plain_text(grams)} g{price}"


def tubes_text(tubes: Iterable[Dispensing]) -> str:
    """Write tubes as `2 tubes of 60 g and 1 tube of 100 g`."""
    return " and ".join(some_tubes(some.tubes, some.grams) for some in tubes)


def cap_text(label: Label) -> str:
    """Write the caps of a label as `1 tube of 60 g a week or 1 tube of 100 g in 2 weeks`."""
    return " or ".join(f"{some_tubes(cap.tubes, cap.tube_grams)} {cap.per}" for cap in label.caps)


def dispensed_findings(label: Label, answer: DispensedAnswer | None) -> list[Draft]:
    """Return what there is to say of dispensed tubes: over the cap, or sizes that it lacks."""
    if answer is None:
        return []
    found = []
    if answer.within is False:
        over = answer.days_at_cap or Decimal(0)
        found.append(
            draft(
                "dispensed-above-cap",
                answer.source,
                about=Frozen({"grams": answer.grams, "days": answer.days}),
                tubes=tubes_text(answer.tubes),
                days=answer.days,
                label=label.name,
                limit=cap_text(label),
                least=ceil(over),
            )
        )
    sizes = {some.grams for some in answer.tubes} - {cap.tube_grams for cap in label.caps}
    return found + [size_not_in_label(label, size) for size in sorted(sizes)]


def size_not_in_label(label: Label, grams: Decimal) -> Draft:
    """Return the finding that a label has no tube of this size, in grams.

    It is a warning where the size is not counted: nobody has compared it then.
    """
    counted = cap_for(label, grams) is not None
    return draft(
        "tube-size-not-in-label",
        source_of(label, label.on("tube-sizes")),
        severity="info" if counted else "warning",
        counted="It is counted by its grams." if counted else "That size is not counted.",
        label=label.name,
        sizes=" or ".join(f"{cap.tube_grams} g" for cap in label.caps),
        size=plain_text(grams),
    )
