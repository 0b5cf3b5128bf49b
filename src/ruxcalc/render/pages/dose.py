"""How much cream, laid out."""

from ruxcalc.answers import CapAnswer, DoseAnswer, DoseRegion, Supply
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.page import (
    Grid,
    Marks,
    Page,
    edition_lines,
    findings_grids,
    merged,
    merged_each,
    names,
    step_grids,
    where,
)


def dose_headline(answer: DoseAnswer) -> str:
    """How much cream, in one line."""
    use = answer.use
    return (
        f"{shown(use.grams_per_week)} g a week ({shown(use.grams_per_day)} g a day) for"
        f" {plain_text(answer.bsa_percent)} % of the body surface"
    )


def dose_details(answer: DoseAnswer) -> tuple[str, ...]:
    """How sure that is, what it means in ruxolitinib, and where a label is silent."""
    use = answer.use
    low, high = use.grams_per_week_range
    least, most = use.absorbed_mg_per_day_range
    shares = "; ".join(
        f"{share.value} {share.unit} {share.source}" for share in use.absorbed_sources
    )
    silent = [
        region
        for region, part in answer.regions.items()
        if any(tubes.discard_after_days is None for tubes in part.supply)
    ]
    method = answer.method
    estimate = (
        f"By {method.name} ({method.source}); spread {shown(low)} to {shown(high)} g a week"
        f" ({method.spread_source})."
    )
    exposure = (
        f"Ruxolitinib {shown(use.ruxolitinib_mg_per_day)} mg a day on the skin, of which about"
        f" {shown(least)} to {shown(most)} mg absorbed ({shares})."
    )
    if not silent:
        return estimate, exposure
    who = names(answer.basis, silent)
    return estimate, exposure, f"{who}: the label says nothing on how long an opened tube keeps."


def within_text(region: DoseRegion) -> str:
    """Within the label or not, and in what it is over."""
    if region.within_label:
        return "within the label"
    area = [] if region.area_within else ["area"]
    amount = [] if any(cap.within for cap in region.caps) else ["amount"]
    return f"OVER the label in {' and '.join(area + amount)}"


def area_text(answer: DoseAnswer, region: DoseRegion) -> str:
    """The area against the label's limit."""
    limit = region.max_bsa_percent
    return f"area {shown(answer.bsa_percent, 1, limit)} of {limit} %"


def cap_text(cap: CapAnswer) -> str:
    """The use against one cap, in the label's unit and period."""
    grams = shown(cap.estimated_grams, 1, cap.max_grams)
    return f"{grams} of {cap.max_grams} g per {cap.period}"


def tubes_text(tubes: Supply) -> str:
    """The tubes of one size for the supply period."""
    cost = "" if tubes.cost is None else f", cost {plain_text(tubes.cost)}"
    return f"{tubes.tubes} x {tubes.tube_grams} g{cost}"


def dose_page(answer: DoseAnswer) -> Page:
    """The amount first, then each label and tube size."""
    marks = Marks()
    basis = answer.basis
    verdicts = merged(
        basis,
        {
            region: (f"{within_text(part)} ({area_text(answer, part)})",)
            for region, part in answer.regions.items()
        },
    )
    rows = merged_each(
        basis,
        {
            region: [
                (
                    cap_text(cap),
                    "yes" if cap.within else "OVER",
                    tubes_text(tubes),
                    f"{shown(tubes.lasts_days)} days",
                    where(cap.source, marks),
                )
                for cap, tubes in zip(part.caps, part.supply, strict=True)
            ]
            for region, part in answer.regions.items()
        },
    )
    columns = (
        "Region",
        "Amount against the cap",
        "Within",
        f"Tubes,\n{answer.supply_days} days",
        "Tube\nlasts",
        "Section",
    )
    return Page(
        "Dose",
        (dose_headline(answer), *(f"{who}: {verdict}" for who, verdict in verdicts)),
        (
            Grid("", columns, rows),
            *findings_grids(answer, basis, marks),
            *step_grids(answer.steps),
        ),
        (*dose_details(answer), *marks.lines(), *edition_lines(basis)),
    )
