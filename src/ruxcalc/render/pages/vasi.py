"""VASI, laid out."""

from decimal import Decimal

from ruxcalc.answers import VasiAnswer, VasiSite, VasiStepsAnswer
from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.page import Grid, Page, edition_lines, step_grids


def signed(percent: Decimal | None) -> str:
    """A change with its sign: plus is improvement, minus is worsening."""
    if percent is None:
        return "-"
    text = shown(percent, 1, Decimal(0))
    return f"{text} %, worsening" if percent < 0 else f"+{text} %" if percent else "0 %"


def vasi_lines(answer: VasiAnswer) -> tuple[str, ...]:
    """The scores, then what became of them since the baseline."""
    face = "" if answer.f_vasi is None else f", F-VASI {plain_text(answer.f_vasi)}"
    scores = (
        f"T-VASI {plain_text(answer.t_vasi)}{face}; {plain_text(answer.bsa_percent)} % of the body"
        " surface affected"
    )
    if answer.improvement_percent is None:
        return (scores,)
    change = f"Repigmentation: whole body {signed(answer.improvement_percent)}"
    if answer.f_vasi_improvement_percent is not None:
        change += f"; face {signed(answer.f_vasi_improvement_percent)}"
    return scores, change


def vasi_page(answer: VasiAnswer) -> Page:
    """The scores first, then each site, then the line to type for a review."""
    compared = "baseline" in answer.inputs
    columns = ["Site", "Handprints", "Depigmented", "VASI", "% BSA"]
    rows = [
        [
            name,
            plain_text(site.handprints),
            f"{plain_text(site.depigmentation_percent)} %: {site.meaning}",
            plain_text(site.vasi),
            plain_text(site.bsa_percent),
            *(_compared(site) if compared else ()),
        ]
        for name, site in answer.sites.items()
    ]
    if compared:
        columns += ["Before", "Change"]
    return Page(
        "VASI",
        vasi_lines(answer),
        (Grid("", tuple(columns), tuple(map(tuple, rows))), *step_grids(answer.steps)),
        (
            *(f"To have it reviewed: {line}" for line in answer.check_lines),
            *edition_lines(answer.basis),
        ),
    )


def _compared(site: VasiSite) -> tuple[str, str]:
    before = "-" if site.baseline_vasi is None else plain_text(site.baseline_vasi)
    return before, signed(site.improvement_percent)


def vasi_steps_page(answer: VasiStepsAnswer) -> Page:
    """The steps and what they look like."""
    rows = tuple((f"{step.percent} %", step.meaning) for step in answer.depigmentation_steps)
    return Page(
        "VASI steps",
        ("Residual depigmentation takes these steps",),
        (Grid("", ("Depigmentation", "What is seen"), rows),),
        edition_lines(answer.basis),
    )
