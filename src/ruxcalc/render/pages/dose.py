"""The page of a dose: how much per application, then whether area and amount are within."""

import re
from collections.abc import Iterable
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.labels import REGIONS
from ruxcalc.numbers import exactly, plain_text, settled, shown
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    View,
    edition_rows,
    foot_lines,
    grouped,
    grouped_findings,
    joined,
    names,
    one_label_hint,
    place,
    row,
    sections,
    step_lines,
    without_name,
)
from ruxcalc.render.pages.words import answered_by_panel, label_of, option_text
from ruxcalc.results import VERDICTS, Finding, Source, Verdict
from ruxcalc.rules.basis import source_of
from ruxcalc.rules.dispensed import tubes_text

if TYPE_CHECKING:
    from ruxcalc.rules.dose import CapAnswer, DoseAnswer, DoseRegion, Supply

NOT_ASKED = "Not asked: age, face, pregnancy, medicines."
DAYS_SHOWN_AS_DAYS = 60
DAYS_IN_MONTH = Decimal("30.4")  # for days that are shown rounded
FEW_GRAMS = 10  # under it, a range keeps one decimal
BODY = re.compile(r"body surface of about ([\d.]+ m2)")
TIMES = {Decimal(1): "once", Decimal(2): "twice"}
JUDGED = (
    "area-above-maximum", "quantity-above-maximum", "dispensed-above-cap", "quantity-near-maximum",
)  # fmt: skip


class Judged(NamedTuple):
    """One judgement of area or amount: its verdict, and what a headline says of it."""

    verdict: Verdict
    text: str


def lay_out(answer: "DoseAnswer", view: View) -> Layout:
    """Return the layout of a dose."""
    judged = judgements(answer)
    first = [] if over_area(answer) else [Headline("none", "", f"{dose_sentence(answer)}")]
    worst = [headline for _, headline in judged]
    within = within_headline(answer)
    headlines = [*worst, *first] if worst else first
    steps, sources = step_lines(answer.steps)
    return Layout(
        title="Dose",
        headlines=(*headlines, *([within] if within else [])),
        blocks=tuple(block for block in _blocks(answer, view) if block.rows),
        remarks=_remarks(answer, view),
        foot=foot_lines(answer.basis, view, explained=answer.steps is not None),
        inputs=answered_by_panel(answer.inputs),
        steps=steps,
        sources=sources,
        notes=answer.notes,
    )


def note_lines(answer: "DoseAnswer", view: View) -> list[str]:
    """Return the note of a dose: the prescription, or that it is over the label."""
    within = within_headline(answer, "")
    lines = [
        joined(headline.sentence for _, headline in judgements(answer)),
        joined(row_sentences(largest_area_rows(answer)))
        if over_area(answer)
        else prescription(answer),
        joined([*([within.sentence] if within else []), estimate_sentence(answer)]),
        joined(row_sentences(dispensed_rows(answer))),
    ]
    if view.full:
        rows = [*_others_used(answer, view), *_once_opened(answer), *more_rows(answer)]
        lines += row_sentences(rows)
    return [*(line for line in lines if line), NOT_ASKED]


def estimate_sentence(answer: "DoseAnswer") -> str:
    """Return what the estimate rests on, as a sentence of a note."""
    size = _fitting_body(answer)
    fits = f"fits a body of about {size}; " if size else ""
    least, most = answer.use.single_application_range_grams
    return (
        f"Estimate: {fits}single patients used {plain_text(least)} to {plain_text(most)} g an"
        " application."
    )


def prescription(answer: "DoseAnswer") -> str:
    """Return the dose as a prescription: cream, amount, tubes."""
    tubes = "; ".join(
        (f"{names(answer.basis, regions)}: " if len(answer.regions) > 1 else "") + text
        for regions, text in grouped({r: tubes_or(part) for r, part in answer.regions.items()})
    )
    on = "" if answer.bsa_percent is None else f" on {area_text(answer)} % BSA"
    week = f"about {shown(answer.use.grams_per_week)} g a week"
    supply = f"; for {answer.supply_days} days {tubes}" if tubes else ""
    return f"Ruxolitinib 1.5 % cream: {use_sentence(answer)}{on}, {week}{supply}."


def row_sentences(rows: Iterable[Row]) -> list[str]:
    """Write rows as sentences of a note."""
    return [
        f"{line.label.strip()}: {'; '.join(line.cells)}" if line.label else "; ".join(line.cells)
        for line in rows
    ]


def units_text(units: Decimal, grams: Decimal) -> str:
    """Write an application as `4 fingertip units (2 g)`."""
    number = _rounded(units)
    return f"{number} fingertip unit{'' if number == '1' else 's'} ({_rounded(grams)} g)"


def _rounded(amount: Decimal) -> str:
    return shown(amount, 2 if amount < 1 else 1)


def times_text(times: Decimal) -> str:
    """Write applications a day as `twice a day`."""
    return f"{TIMES.get(times, f'{plain_text(times)} times')} a day"


def use_sentence(answer: "DoseAnswer") -> str:
    """Write the use as `4 fingertip units (2 g) twice a day`."""
    use = answer.use
    each = units_text(use.fingertip_units_per_application, use.grams_per_application)
    return f"{each} {times_text(use.applications_per_day)}"


def dose_sentence(answer: "DoseAnswer") -> str:
    """Write the dose as one says it aloud, with the area where it is known."""
    on = "" if answer.bsa_percent is None else f" on {area_text(answer)} % of the body"
    return f"{use_sentence(answer)}{on}: {shown(answer.use.grams_per_week)} g a week"


def area_text(answer: "DoseAnswer") -> str:
    """Write the area in % BSA, never rounded onto or across a limit."""
    assert answer.bsa_percent is not None
    limits = [part.max_bsa_percent for part in answer.regions.values()]
    return shown(answer.bsa_percent, 1, *limits)


def over_area(answer: "DoseAnswer") -> bool:
    """Return whether the area is above the limit of every label asked."""
    return all(part.area_within is False for part in answer.regions.values())


def period_text(period: str) -> str:
    """Write a period as it follows an amount: `a week`, `in 2 weeks`."""
    return f"a {period}" if period.isalpha() else f"in {period}"


def _grams(cap: "CapAnswer") -> str:
    return shown(cap.estimated_grams, 1, cap.max_grams)


def cap_text(cap: "CapAnswer") -> str:
    """Write the estimate against a cap: `28 of 60 g a week`."""
    return f"{_grams(cap)} of {cap.max_grams} g {period_text(cap.period)}"


def _cap_with_days(cap: "CapAnswer") -> str:
    if "week" in cap.period:
        return cap_text(cap)
    return f"{_grams(cap)} of {cap.max_grams} g in a {cap.period} of {cap.period_days} days"


def _mark(part: "DoseRegion", cap: "CapAnswer") -> str:
    if cap.within:
        return ""
    near = any(found.code == "quantity-near-maximum" for found in part.findings)
    return ": NEAR" if near else ": OVER"


def days_text(days: Decimal) -> str:
    """Write estimated days rounded: `about 25 days`, `about 4 months`."""
    if days < 1:
        return "less than a day"
    if days < DAYS_SHOWN_AS_DAYS:
        number = int(days)
        return f"about {number} day{'' if number == 1 else 's'}"
    months = shown(days / DAYS_IN_MONTH, 0)
    return f"about {months} months"


def some_tubes(supply: "Supply") -> str:
    """Write the tubes of a supply: `2 tubes of 100 g`."""
    cost = "" if supply.cost is None else f" (cost {plain_text(supply.cost)})"
    plural = "" if supply.tubes == 1 else "s"
    return f"{supply.tubes} tube{plural} of {plain_text(supply.tube_grams)} g{cost}"


def usable(part: "DoseRegion") -> "list[Supply]":
    """Return the tube sizes whose own cap is kept; none where the amount is over the label."""
    if any(found.code == "quantity-above-maximum" for found in part.findings):
        return []
    pairs = list(zip(part.caps, part.supply, strict=True))
    kept = [supply for cap, supply in pairs if cap.within]
    return kept or [supply for _, supply in pairs]


def tubes_or(part: "DoseRegion") -> str:
    """Write the tubes of one label joined by *or*: `2 tubes of 60 g or 2 tubes of 100 g`."""
    return " or ".join(map(some_tubes, usable(part)))


def judgements(answer: "DoseAnswer") -> list[tuple[Verdict, Headline]]:
    """Return each judgement that asks for something as a headline, worst first."""
    by_code: dict[str, dict[str, Judged]] = {}
    places: dict[str, dict[str, Source]] = {}
    for region, part in answer.regions.items():
        for found in part.findings:
            if found.code in JUDGED:
                by_code.setdefault(found.code, {})[region] = _judged(answer, part, found)
                places.setdefault(found.code, {})[region] = found.source
    one = len(answer.regions) == 1
    lines: list[tuple[Verdict, Headline]] = []
    for code in JUDGED:
        for regions, judged in grouped(by_code.get(code, {})):
            near = judged.verdict == "caution"
            named = f"THE {names(answer.basis, regions)} LABEL" if one else "THE LABEL"
            headline = Headline(
                "warn" if near else "cross",
                "NEAR THE LIMIT" if near else f"OVER {named}",
                judged.text,
                "" if one else place(answer.basis, regions),
                sections(places[code][region] for region in regions),
            )
            lines.append((judged.verdict, headline))
    return sorted(lines, key=lambda line: VERDICTS.index(line[0]))


def _judged(answer: "DoseAnswer", part: "DoseRegion", found: Finding) -> Judged:
    if found.code == "area-above-maximum":
        limit = plain_text(part.max_bsa_percent)
        text = f"{area_text(answer)} % is more than {limit} % of the body. Treat less."
        return Judged("over-label", text)
    if found.code == "dispensed-above-cap" and part.dispensed is not None:
        at_cap = shown(part.dispensed.days_at_cap or Decimal(0), 0)
        text = (
            f"{tubes_text(part.dispensed.tubes)} for {part.dispensed.days} days; at the limit"
            f" they last {at_cap} days. Dispensed is not used: ask how much is really used."
        )
        return Judged("over-label", text)
    if found.code == "quantity-near-maximum":
        # Behind the name of the label: the estimate in the longest and in the shortest month.
        return Judged("caution", found.message.partition(": ")[2])
    over = "; ".join(
        f"{_grams(cap)} g {period_text(cap.period)} is more than {cap.max_grams} g"
        for cap in part.caps
    )
    return Judged("over-label", f"{over}. Treat a smaller area or use less cream.")


def _is_judged(part: "DoseRegion") -> bool:
    return any(found.code in JUDGED for found in part.findings)


def within_headline(answer: "DoseAnswer", are: str = "are ") -> Headline | None:
    """Return the tick for the labels whose limits area and amount keep; None without one."""
    parts = {region: part for region, part in answer.regions.items() if not _is_judged(part)}
    if not parts:
        return None
    one = len(answer.regions) == 1
    named = f"the {names(answer.basis, parts)} label"
    where = named if len(parts) == 1 else f"the labels: {names(answer.basis, parts)}"
    sources = [source for part in parts.values() for source in _sources(part)]
    if any(part.area_within is None for part in parts.values()):
        text = f"The amount is within {where}. No area was given, so none is compared"
    elif one:
        text = f"Area and amount {are}within {where}"
    else:
        limits = {plain_text(part.max_bsa_percent) for part in parts.values()}
        of = f" ({area_text(answer)} of {limits.pop()} %)" if len(limits) == 1 else ""
        text = f"Area{of} and amount {are}within {where}"
    return Headline("tick", "", text, section=sections(sources))


def _sources(part: "DoseRegion") -> list[Source]:
    return [part.area_source, *(cap.source for cap in part.caps)]


def _blocks(answer: "DoseAnswer", view: View) -> list[Block]:
    if over_area(answer):
        rows = (*largest_area_rows(answer), *_fits(answer, view), *dispensed_rows(answer))
        main = [Block(rows)]
    elif len(answer.regions) == 1:
        main = [Block(tuple(_rows_of_one(answer, view)))]
    else:
        heads = ("Amount and limit", f"For {answer.supply_days} days", "A tube lasts")
        main = [
            Block(tuple(_rows_of_several(answer)), heads=heads),
            Block((*_others_used(answer, view), *_once_opened(answer), *dispensed_rows(answer))),
        ]
    if view.full:
        main.append(Block(tuple(more_rows(answer)), "More"))
        main.append(Block(tuple(edition_rows(answer.basis)), "Labels"))
    return main


def _rows_of_one(answer: "DoseAnswer", view: View) -> list[Row]:
    (part,) = answer.regions.values()
    rows = []
    for number, supply in enumerate(usable(part)):
        text = f"{some_tubes(supply)}; one lasts {days_text(supply.lasts_days)}"
        label = "" if number else f"For {answer.supply_days} days"
        rows.append(row(label, f"or {text}" if number else text))
    if answer.bsa_percent is not None:
        limit = part.max_bsa_percent
        text = f"{area_text(answer)} of {plain_text(limit)} % of the body surface"
        rows.append(Row("Area", (text,), bar=answer.bsa_percent * 100 / limit))
    rows += [
        Row(
            "" if number else "Amount",
            (_cap_with_days(cap) + _mark(part, cap),),
            bar=cap.percent_of_cap,
        )
        for number, cap in enumerate(part.caps)
    ]
    return [*rows, *_others_used(answer, view), *_once_opened(answer), *dispensed_rows(answer)]


def _rows_of_several(answer: "DoseAnswer") -> list[Row]:
    def cells(part: "DoseRegion") -> tuple[tuple[str, ...], ...]:
        fitting = usable(part)
        otherwise = "use the other size" if fitting else "more than the label"
        lines = []
        for cap, supply in zip(part.caps, part.supply, strict=True):
            fits = supply in fitting
            joined = "or " if fits and supply is not fitting[0] else ""
            lines.append(
                (
                    cap_text(cap) + _mark(part, cap),
                    f"{joined}{some_tubes(supply)}" if fits else otherwise,
                    days_text(supply.lasts_days),
                )
            )
        return tuple(lines) or (("no limit", "", ""),)

    return [
        Row("" if number else names(answer.basis, regions), line)
        for regions, lines in grouped({r: cells(part) for r, part in answer.regions.items()})
        for number, line in enumerate(lines)
    ]


def _others_used(answer: "DoseAnswer", view: View) -> list[Row]:
    low, high = answer.use.grams_per_week_range
    places = 1 if low < FEW_GRAMS else 0
    reaches = any(
        found.code == "estimate-range-reaches-cap"
        for part in answer.regions.values()
        for found in part.findings
    )
    which = "group averages, up to over the limit" if reaches else "group averages"
    least, most = answer.use.single_application_range_grams
    return [
        row(
            "Others used",
            f"{shown(low, places)} to {shown(high, places)} g a week ({which}), single patients"
            f" {plain_text(least)} to {plain_text(most)} g an application: ask how long a tube"
            " lasts",
        ),
        *_fits(answer, view),
    ]


def _fits(answer: "DoseAnswer", view: View) -> list[Row]:
    """Return whom the estimate fits, where no body surface was given."""
    size = _fitting_body(answer)
    hint = ": add --height and --weight" if view.hints else ""
    return [row("Fits", f"a body of about {size}{hint}")] if size else []


def _fitting_body(answer: "DoseAnswer") -> str:
    """Return the body surface that the estimate fits, as the method notes it: `1.6 m2`."""
    found = BODY.search(answer.method.note)
    return found[1] if found else ""


def _once_opened(answer: "DoseAnswer") -> list[Row]:
    texts: dict[str, tuple[str, Source]] = {}
    for region, part in answer.regions.items():
        label = label_of(region)
        if label is None or label.in_use is None:
            continue
        outlives = [
            supply
            for supply in part.supply
            if supply.discard_after_days is not None
            and supply.lasts_days > supply.discard_after_days
        ]
        text = f"discard after {label.in_use.months} months"
        if outlives:
            text += f"; a tube would last {days_text(outlives[0].lasts_days)} at this use"
        texts[region] = (text, source_of(label, label.in_use))
    several = len(answer.regions) > 1
    return [
        row(
            "Once opened",
            (f"{names(answer.basis, regions)}: " if several else "") + text,
            section=sections(texts[region][1] for region in regions),
        )
        for regions, text in grouped({region: text for region, (text, _) in texts.items()})
    ]


def dispensed_rows(answer: "DoseAnswer") -> list[Row]:
    """Return what was dispensed against each label, one row for labels that say the same."""
    texts = {}
    for region, part in answer.regions.items():
        if part.dispensed is None:
            continue
        unknown = [f.message for f in part.findings if f.code == "tube-size-not-in-label"]
        verdict = {True: "within the limit", False: "OVER the limit", None: "not counted"}[
            part.dispensed.within
        ]
        text = f"{tubes_text(part.dispensed.tubes)} for {part.dispensed.days} days: {verdict}"
        several = len(answer.regions) > 1
        name = answer.basis.editions[region].name
        also = [without_name(message, name) if several else message for message in unknown]
        texts[region] = (" ".join([f"{text}.", *also]), sections([part.dispensed.source]))
    several = len(answer.regions) > 1
    return [
        row(
            "" if number else "Dispensed",
            (f"{names(answer.basis, regions)}: " if several else "") + text,
            section=section,
        )
        for number, (regions, (text, section)) in enumerate(grouped(texts))
    ]


def largest_area_rows(answer: "DoseAnswer") -> list[Row]:
    """Return the largest area within, with its dose, and what the given area would take."""
    assert answer.bsa_percent is not None
    largest = min(part.max_bsa_percent for part in answer.regions.values())
    use = answer.use
    with exactly():
        share = largest / answer.bsa_percent
        units = units_text(
            settled(use.fingertip_units_per_application * share),
            settled(use.grams_per_application * share),
        )
        week = shown(settled(use.grams_per_week * share))
        tubes = {region: _tubes_at(answer, part, share) for region, part in answer.regions.items()}
    several = len(answer.regions) > 1
    each = "; ".join(
        (f"{names(answer.basis, regions)} " if several else "") + text
        for regions, text in grouped(tubes)
    )
    caps = "; ".join(
        (f"{names(answer.basis, regions)} " if several else "") + text
        for regions, text in grouped(
            {region: ", ".join(map(cap_text, part.caps)) for region, part in answer.regions.items()}
        )
    )
    area = area_text(answer)
    return [
        row(
            "Largest area within the label" + ("s" if several else ""),
            f"{plain_text(largest)} %: {units} {times_text(use.applications_per_day)}, {week} g a"
            f" week; for {answer.supply_days} days {each}",
        ),
        row(
            f"At {area} % (not a prescription)",
            f"{shown(use.grams_per_week)} g a week; {caps}",
        ),
    ]


def _tubes_at(answer: "DoseAnswer", part: "DoseRegion", share: Decimal) -> str:
    """Write the tubes at a share of the area, or that the amount is over there too."""
    fitting = [
        (cap, supply)
        for cap, supply in zip(part.caps, part.supply, strict=True)
        if cap.estimated_grams * share <= cap.max_grams
    ]
    if part.caps and not fitting:
        return "the estimate is over the amount there too"
    days = answer.supply_days
    texts = []
    for _, supply in fitting:
        tubes = ceil(answer.use.grams_per_supply * share / supply.tube_grams)
        if supply.discard_after_days is not None:
            tubes = max(tubes, ceil(Decimal(days) / supply.discard_after_days))
        texts.append(some_tubes(supply._replace(tubes=tubes, cost=None)))
    return " or ".join(texts) or "no limit of the amount"


def more_rows(answer: "DoseAnswer") -> list[Row]:
    """Return what only the full view shows: findings, exposure, and where figures come from."""
    use = answer.use
    low, high = use.single_application_range_grams
    least, most = use.absorbed_mg_per_day_range
    shares = "; ".join(
        f"{plain_text(share.value)} {share.unit} ({share.source})" for share in use.absorbed_sources
    )
    rows = [
        row(
            names(answer.basis, regions),
            message,
            section=sections(one.source for one in found),
        )
        for regions, found, message in grouped_findings(
            ((region, found) for region, part in answer.regions.items() for found in part.findings),
            answer.basis,
        )
    ]
    return [
        *rows,
        row("Estimate by", f"{answer.method.name} ({answer.method.source})"),
        row("Range of groups", answer.method.spread_source),
        row("One application", f"{low} to {high} g in single patients with vitiligo"),
        row("A day", f"{shown(use.grams_per_day)} g"),
        row("A month", f"{shown(use.grams_per_month)} g in 31 days"),
        row(f"{answer.supply_days} days", f"{shown(use.grams_per_supply)} g"),
        *(
            [row("Treated skin", f"{shown(use.treated_cm2)} cm2")]
            if use.treated_cm2 is not None
            else []
        ),
        row("Ruxolitinib", f"{shown(use.ruxolitinib_mg_per_day)} mg applied a day"),
        row("Absorbed", f"about {shown(least)} to {shown(most)} mg a day. Shares: {shares}"),
        *([row("Fits", answer.method.note)] if answer.method.note else []),
    ]


def _remarks(answer: "DoseAnswer", view: View) -> tuple[str, ...]:
    if not view.hints:
        return (NOT_ASKED,)
    lines = [f"{NOT_ASKED} Before prescribing: ruxcalc assess"]
    return (*lines, *one_label_hint(answer.basis))


def command_line(answer: "DoseAnswer") -> str:
    """Write the command that shows this dose, such as `ruxcalc dose --bsa 8 -r eu`."""
    options = " ".join(option_text(name, value) for name, value in answer.inputs.items())
    place = "" if tuple(answer.regions) == REGIONS else f" -r {','.join(answer.regions)}"
    return f"ruxcalc dose {options}{place}"
