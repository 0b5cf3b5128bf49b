"""The page of a dose: how much per application, then whether area and amount are within."""

from decimal import Decimal
from typing import TYPE_CHECKING

from ruxcalc.labels.model import period_text
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    View,
    by_verdict,
    editions_block,
    grouped,
    grouped_findings,
    joined,
    names,
    one_label_hint,
    place,
    row,
    row_sentences,
    rows_by_label,
    sections,
    texts_by_label,
    with_names,
    without_name,
)
from ruxcalc.render.pages.amounts import (
    area_text,
    cap_text,
    cap_with_days,
    days_text,
    dose_sentence,
    estimate_sentence,
    fitting_body,
    grams_text,
    mark,
    prescription,
    supply_text,
    times_text,
    units_text,
)
from ruxcalc.render.pages.words import NOT_ASKED, answered_by_panel, label_of
from ruxcalc.rules.basis import source_of
from ruxcalc.rules.dispensed import some_tubes, tubes_text
from ruxcalc.rules.findings import NEAR_MAXIMUM

if TYPE_CHECKING:
    from ruxcalc.rules.dose import DoseAnswer, DoseRegion

FEW_GRAMS = 10  # under it, a range keeps one decimal
JUDGED = (
    "area-above-maximum", "quantity-above-maximum", "dispensed-above-cap", "quantity-near-maximum",
)  # fmt: skip


def lay_out(answer: "DoseAnswer", view: View) -> Layout:
    """Return the layout of a dose."""
    headlines = judgements(answer)
    if answer.largest_area is None:
        headlines.append(Headline("none", "", dose_sentence(answer)))
    within = within_headline(answer)
    return Layout(
        title="Dose",
        headlines=(*headlines, *([within] if within else [])),
        blocks=(*_blocks(answer, view), editions_block(answer.basis, view)),
        remarks=(
            f"{NOT_ASKED} Before prescribing: ruxcalc assess" if view.hints else NOT_ASKED,
            *one_label_hint(answer.basis, view),
        ),
        inputs=answered_by_panel(answer.inputs),
        working=answer.steps,
    )


def note_lines(answer: "DoseAnswer", view: View) -> list[str]:
    """Return the note of a dose: the prescription, or that it is over the label."""
    within = within_headline(answer, "")
    over = answer.largest_area is not None
    lines = [
        joined(headline.sentence for headline in judgements(answer)),
        joined(row_sentences(largest_area_rows(answer))) if over else prescription(answer),
        joined([*([within.sentence] if within else []), estimate_sentence(answer)]),
        joined(row_sentences(dispensed_rows(answer))),
    ]
    if view.full:
        rows = [*_others_used(answer, view), *_once_opened(answer), *more_rows(answer)]
        lines += row_sentences(rows)
    return [*lines, NOT_ASKED]


def judgements(answer: "DoseAnswer") -> list[Headline]:
    """Return each judgement that asks for something as a headline, worst first."""
    one = len(answer.regions) == 1
    lines = []
    for code in JUDGED:
        sources = {
            region: found.source
            for region, part in answer.regions.items()
            for found in part.findings
            if found.code == code
        }
        near = code == "quantity-near-maximum"
        texts = {region: _judged_text(answer, answer.regions[region], code) for region in sources}
        for regions, text in grouped(texts):
            label = f"THE {names(answer.basis, regions)} LABEL" if one else "THE LABEL"
            headline = Headline(
                "warn" if near else "cross",
                "NEAR THE LIMIT" if near else f"OVER {label}",
                text,
                "" if one else place(answer.basis, regions),
                sections(sources[region] for region in regions),
                "caution" if near else "over-label",
            )
            lines.append(headline)
    return by_verdict(lines)


def _judged_text(answer: "DoseAnswer", part: "DoseRegion", code: str) -> str:
    """Write what a headline says of one finding on area or amount."""
    if code == "area-above-maximum":
        limit = plain_text(part.max_bsa_percent)
        return f"{area_text(answer)} % is more than {limit} % of the body. Treat less."
    if code == "dispensed-above-cap" and part.dispensed is not None:
        at_cap = shown(part.dispensed.days_at_cap or Decimal(0), 0)
        return (
            f"{tubes_text(part.dispensed.tubes)} for {part.dispensed.days} days; at the limit"
            f" they last {at_cap} days. Dispensed is not used: ask how much is really used."
        )
    if code == "quantity-near-maximum":
        pairs = zip(part.caps, part.supply, strict=True)
        cap = next(cap for cap, supply in pairs if supply.within_cap)
        return NEAR_MAXIMUM.format(
            grams=grams_text(cap),
            days=cap.period_days,
            fewer_grams=shown(cap.dispensing_grams, 1, cap.max_grams),
            fewer_days=cap.dispensing_days,
            limit=cap.max_grams,
        )
    over = "; ".join(
        f"{grams_text(cap)} g {period_text(cap.period)} is more than {cap.max_grams} g"
        for cap in part.caps
    )
    return f"{over}. Treat a smaller area or use less cream."


def within_headline(answer: "DoseAnswer", are: str = "are ") -> Headline | None:
    """Return the tick for the labels whose limits area and amount keep; None without one."""
    parts = {
        region: part
        for region, part in answer.regions.items()
        if not any(found.code in JUDGED for found in part.findings)
    }
    if not parts:
        return None
    one = len(answer.regions) == 1
    where = f"the {names(answer.basis, parts)} label"
    if len(parts) > 1:
        where = f"the labels: {names(answer.basis, parts)}"
    if any(part.area_within is None for part in parts.values()):
        text = f"The amount is within {where}. No area was given, so none is compared"
    elif one:
        text = f"Area and amount {are}within {where}"
    else:
        limits = {plain_text(part.max_bsa_percent) for part in parts.values()}
        of = f" ({area_text(answer)} of {limits.pop()} %)" if len(limits) == 1 else ""
        text = f"Area{of} and amount {are}within {where}"
    sources = (
        source
        for part in parts.values()
        for source in (part.area_source, *(cap.source for cap in part.caps))
    )
    return Headline("tick", "", text, section=sections(sources))


def _blocks(answer: "DoseAnswer", view: View) -> list[Block]:
    below = [*_others_used(answer, view), *_once_opened(answer), *dispensed_rows(answer)]
    if answer.largest_area is not None:
        rows = (*largest_area_rows(answer), *_fits(answer, view), *dispensed_rows(answer))
        blocks = [Block(rows)]
    elif len(answer.regions) == 1:
        blocks = [Block((*_rows_of_one(answer), *below))]
    else:
        heads = ("Amount and limit", f"For {answer.supply_days} days", "A tube lasts")
        blocks = [Block(tuple(_rows_of_several(answer)), heads=heads), Block(tuple(below))]
    if view.full:
        blocks.append(Block(tuple(more_rows(answer)), "More"))
    return blocks


def _rows_of_one(answer: "DoseAnswer") -> list[Row]:
    (part,) = answer.regions.values()
    rows: list[Row] = []
    for supply in part.supply:
        if supply.within_cap:
            text = f"{supply_text(supply)}; one lasts {days_text(supply.lasts_days)}"
            label = "" if rows else f"For {answer.supply_days} days"
            rows.append(row(label, f"or {text}" if rows else text))
    if answer.bsa_percent is not None:
        limit = part.max_bsa_percent
        text = f"{area_text(answer)} of {plain_text(limit)} % of the body surface"
        rows.append(Row("Area", (text,), bar=answer.bsa_percent * 100 / limit))
    for number, (cap, supply) in enumerate(zip(part.caps, part.supply, strict=True)):
        text = cap_with_days(cap) + mark(cap, supply)
        rows.append(Row("" if number else "Amount", (text,), bar=cap.percent_of_cap))
    return rows


def _rows_of_several(answer: "DoseAnswer") -> list[Row]:
    def cells(part: "DoseRegion") -> tuple[tuple[str, ...], ...]:
        fitting = [supply for supply in part.supply if supply.within_cap]
        otherwise = "use the other size" if fitting else "more than the label"
        lines = []
        for cap, supply in zip(part.caps, part.supply, strict=True):
            tubes = otherwise
            if supply.within_cap:
                tubes = supply_text(supply) if supply is fitting[0] else f"or {supply_text(supply)}"
            lines.append(
                (
                    cap_text(cap) + mark(cap, supply),
                    tubes,
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
    size = fitting_body(answer)
    hint = ": add --height and --weight" if view.hints else ""
    return [row("Fits", f"a body of about {size}{hint}")] if size else []


def _once_opened(answer: "DoseAnswer") -> list[Row]:
    texts, sources = {}, {}
    for region, part in answer.regions.items():
        label = label_of(region)
        if label is None or label.in_use is None:
            continue
        texts[region] = f"discard after {label.in_use.months} months"
        sources[region] = source_of(label, label.in_use)
        outlives = [supply for supply in part.supply if supply.outlives_opening]
        if outlives:
            lasts = days_text(outlives[0].lasts_days)
            texts[region] += f"; a tube would last {lasts} at this use"
    return rows_by_label(answer.basis, "Once opened", texts, sources)


def dispensed_rows(answer: "DoseAnswer") -> list[Row]:
    """Return what was dispensed against each label, one row for labels that say the same."""
    texts = {}
    for region, part in answer.regions.items():
        if part.dispensed is None:
            continue
        verdict = {True: "within the limit", False: "OVER the limit", None: "not counted"}[
            part.dispensed.within
        ]
        unknown = [f.message for f in part.findings if f.code == "tube-size-not-in-label"]
        if len(answer.regions) > 1:
            name = answer.basis.editions[region].name
            unknown = [without_name(message, name) for message in unknown]
        tubes = f"{tubes_text(part.dispensed.tubes)} for {part.dispensed.days} days"
        text = " ".join([f"{tubes}: {verdict}.", *unknown])
        texts[region] = (text, sections([part.dispensed.source]))
    return [
        row("" if number else "Dispensed", with_names(answer.basis, regions, text), section=section)
        for number, (regions, (text, section)) in enumerate(grouped(texts))
    ]


def largest_area_rows(answer: "DoseAnswer") -> list[Row]:
    """Return the largest area within, with its dose, and what the given area would take."""
    largest, use = answer.largest_area, answer.use
    assert largest is not None
    each = units_text(largest.fingertip_units_per_application, largest.grams_per_application)
    tubes, caps = {}, {}
    for region, part in answer.regions.items():
        sizes = [some_tubes(*some) for some in largest.tubes[region]]
        over = "the estimate is over the amount there too" if part.caps else ""
        tubes[region] = " or ".join(sizes) or over or "no limit of the amount"
        caps[region] = ", ".join(map(cap_text, part.caps))
    return [
        row(
            "Largest area within the label" + ("s" if len(answer.regions) > 1 else ""),
            f"{plain_text(largest.bsa_percent)} %: {each} {times_text(use.applications_per_day)},"
            f" {shown(largest.grams_per_week)} g a week; for {answer.supply_days} days"
            f" {texts_by_label(answer.basis, tubes)}",
        ),
        row(
            f"At {area_text(answer)} % (not a prescription)",
            f"{shown(use.grams_per_week)} g a week; {texts_by_label(answer.basis, caps)}",
        ),
    ]


def more_rows(answer: "DoseAnswer") -> list[Row]:
    """Return what only the full view shows: findings, exposure, and where figures come from."""
    use = answer.use
    low, high = use.single_application_range_grams
    least, most = use.absorbed_mg_per_day_range
    shares = "; ".join(
        f"{plain_text(share.value)} {share.unit} ({share.source})" for share in use.absorbed_sources
    )
    rows = [
        row(names(answer.basis, same.regions), same.message, section=same.section)
        for same in grouped_findings(answer.basis, answer.regions)
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
