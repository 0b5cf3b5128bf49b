"""What was dispensed, against each cap of a label over rolling windows; dispensed is not used.

A cap binds its own tube size where a label has several, and every gram where it is the only one.
Label sections: 2.2 (US), 4.2 (EU, UK).
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from ruxcalc.answers import Dispensed, Finding
from ruxcalc.labels.model import Cap, Label
from ruxcalc.numbers import plain_text
from ruxcalc.patient import Patient
from ruxcalc.rules.basis import source_of
from ruxcalc.rules.dose import size_not_in_label


class HandedOut(NamedTuple):
    """Tubes handed out on a day; `size` is None where it was not told and cannot be known."""

    day: date
    tubes: Decimal
    size: Decimal | None


def handed_out(label: Label, visits: Sequence[Patient]) -> Iterator[HandedOut]:
    """What was handed out at `visits`, in their order; an untold size is the label's only one."""
    sizes = {cap.tube_grams for cap in label.caps}
    for told in visits:
        if told.tubes_dispensed and told.on is not None:
            only = next(iter(sizes)) if len(sizes) == 1 else None
            yield HandedOut(told.on, told.tubes_dispensed, told.tube_grams or only)


def windows_of(label: Label, handed: Sequence[HandedOut]) -> tuple[Dispensed, ...]:
    """For each cap that counts some of it, the rolling window in which most was handed out."""
    return tuple(_fullest(label, cap, handed) for cap in label.caps if _of(cap, label, handed))


def dispensing_findings(
    label: Label, handed: Sequence[HandedOut], windows: Sequence[Dispensed]
) -> list[Finding]:
    """What is to be said of it: above a cap, sizes that are untold, unknown or mixed."""
    return [
        *(_above_cap(window) for window in windows if not window.within),
        *_size_findings(label, handed),
        *_above_either_cap(label, handed),
    ]


def _of(cap: Cap, label: Label, handed: Sequence[HandedOut]) -> list[tuple[date, Decimal]]:
    """The days and grams that a cap counts: its own tube size, or all if it is the only cap."""
    alone = len(label.caps) == 1
    return [
        (some.day, some.tubes * some.size)
        for some in handed
        if some.size is not None and (alone or some.size == cap.tube_grams)
    ]


def _fullest(label: Label, cap: Cap, handed: Sequence[HandedOut]) -> Dispensed:
    """The window of the cap's period in which most was dispensed, the first of several."""
    counted = _of(cap, label, handed)
    grams, first = max(
        ((_grams_from(begin, counted, cap.period_days), begin) for begin, _ in counted),
        key=lambda window: window[0],
    )
    return Dispensed(
        tube_grams=cap.tube_grams,
        max_grams=cap.max_grams,
        period=cap.period,
        period_days=cap.period_days,
        dispensed_grams=grams,
        first_day=first.isoformat(),
        last_day=(first + timedelta(days=cap.period_days - 1)).isoformat(),
        within=grams <= cap.max_grams,
        source=source_of(label, cap.section, cap.verified),
    )


def _above_cap(window: Dispensed) -> Finding:
    return Finding(
        "dispensed-above-cap",
        "warning",
        f"{plain_text(window.dispensed_grams)} g were dispensed from {window.first_day} to"
        f" {window.last_day}, against {window.max_grams} g per {window.period}. Dispensed is not"
        " used: ask how much was.",
        "ask-use",
        window.source,
    )


def _above_either_cap(label: Label, handed: Sequence[HandedOut]) -> list[Finding]:
    """A warning where sizes mix, or are not stated, and all grams are above the loosest cap.

    A size that is not stated counts as the smallest, so that the sum is never too high.
    """
    known = {cap.tube_grams for cap in label.caps}
    sizes = {some.size for some in handed}
    if len(known) == 1 or (len(sizes) == 1 and sizes <= known):
        return []
    longest = max(label.caps, key=lambda cap: cap.period_days)
    most = max(cap.max_grams * longest.period_days / cap.period_days for cap in label.caps)
    counted = [(some.day, some.tubes * (some.size or min(known))) for some in handed]
    begin, grams = max(
        ((begin, _grams_from(begin, counted, longest.period_days)) for begin, _ in counted),
        key=lambda window: window[1],
        default=(None, Decimal(0)),
    )
    if begin is None or grams <= most:
        return []
    return [
        Finding(
            "dispensed-above-either-cap",
            "warning",
            f"At least {plain_text(grams)} g were dispensed within {longest.period_days} days from"
            f" {begin}, all sizes together; the looser cap of this label allows {plain_text(most)}"
            " g. Dispensed is not used: ask how much was.",
            "ask-use",
            source_of(label, longest.section, longest.verified),
        )
    ]


def _grams_from(begin: date, counted: Sequence[tuple[date, Decimal]], days: int) -> Decimal:
    """The grams of a window of `days` days that begins on `begin`."""
    end = begin + timedelta(days=days - 1)
    return sum((grams for day, grams in counted if begin <= day <= end), Decimal(0))


def _size_findings(label: Label, handed: Sequence[HandedOut]) -> list[Finding]:
    """Sizes that the caps of a label do not count, or that it counts apart."""
    cap = label.caps[0]
    source = source_of(label, cap.section, cap.verified)
    known = {cap.tube_grams for cap in label.caps}
    found = []
    if any(some.size is None for some in handed):
        found.append(
            Finding(
                "tube-size-not-stated",
                "info",
                "Tubes were dispensed whose size is not stated, so they are not counted. Give"
                " tube_grams.",
                "name-size",
                source,
            )
        )
    if len(known) == 1:
        return found
    others = sorted({some.size for some in handed if some.size is not None} - known)
    found += [size_not_in_label(label, size) for size in others]
    longest = timedelta(days=max(cap.period_days for cap in label.caps))
    sized = [some for some in handed if some.size in known]
    mixed = any(
        one.size != other.size and other.day - one.day < longest for one, other in pairwise(sized)
    )
    if mixed:
        found.append(
            Finding(
                "tube-sizes-mixed",
                "info",
                f"Tubes of several sizes were dispensed within {longest.days} days. This label"
                " gives a cap for one size or the other; together they may be above it.",
                "check-by-hand",
                source,
            )
        )
    return found
