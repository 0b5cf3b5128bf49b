"""The page of VASI: the scores, what became of them, then each site and what to type next."""

from decimal import Decimal
from typing import TYPE_CHECKING

from ruxcalc.numbers import plain_text, shown
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    View,
    edition_rows,
    foot_lines,
    lowered,
    row,
    step_lines,
)
from ruxcalc.sites import SITES

if TYPE_CHECKING:
    from ruxcalc.rules.vasi import VasiAnswer, VasiSite, VasiStepsAnswer

NAMED = "Name the measure with the figure: face, whole body and treated areas can disagree."


def lay_out(answer: "VasiAnswer | VasiStepsAnswer", view: View) -> Layout:
    """Return the layout of scores, or of the steps of depigmentation."""
    if answer.schema == "ruxcalc.vasi-steps/1":
        return _steps_layout(answer, view)
    steps, sources = step_lines(answer.steps)
    change = change_headline(answer)
    scores = Headline("none", "", scores_text(answer))
    blocks = [
        Block(tuple(_site_rows(answer, view)), heads=_heads(answer)),
        Block(tuple(_next(answer, view))),
    ]
    if view.full:
        blocks.append(Block(tuple(edition_rows(answer.basis)), "Labels"))
    return Layout(
        title="VASI",
        headlines=(change, scores) if change else (scores,),
        blocks=tuple(block for block in blocks if block.rows),
        remarks=(NAMED,) if change else (),
        foot=foot_lines(answer.basis, view, explained=answer.steps is not None),
        inputs=tuple(_inputs(answer)),
        steps=steps,
        sources=sources,
        notes=answer.notes,
    )


def note_lines(answer: "VasiAnswer | VasiStepsAnswer", view: View) -> list[str]:  # noqa: ARG001
    """Return the note of scores: the change, the scores, and each site in a line."""
    if answer.schema == "ruxcalc.vasi-steps/1":
        return [f"{step.percent} %: {step.meaning}." for step in answer.depigmentation_steps]
    change = change_headline(answer)
    sites = []
    for name, site in answer.sites.items():
        since = site.improvement_percent
        sites.append(
            f"{site_name(name)}: handprints {plain_text(site.handprints)}, depigmented"
            f" {plain_text(site.depigmentation_percent)} %, VASI {plain_text(site.vasi)}"
            + ("" if since is None else f" ({change_text(since)})")
        )
    return [
        *([f"{change.sentence}."] if change else []),
        f"{scores_text(answer)}.",
        f"{'; '.join(sites)}.",
        *([NAMED] if change else []),
        *answer.notes,
    ]


def site_name(site: str) -> str:
    """Return a site as a heading names it."""
    return SITES.get(site, site.replace("-", " ").capitalize())


def scores_text(answer: "VasiAnswer") -> str:
    """Write the scores: `T-VASI 3.75, F-VASI 0.75; 4 % of the body surface affected`."""
    face = "" if answer.f_vasi is None else f", F-VASI {plain_text(answer.f_vasi)}"
    return (
        f"T-VASI {plain_text(answer.t_vasi)}{face}; {plain_text(answer.bsa_percent)} % of the body"
        " surface affected"
    )


def change_text(percent: Decimal) -> str:
    """Write a change since the baseline: repigmented, worse, or unchanged."""
    if not percent:
        return "unchanged"
    text = shown(abs(percent), 1, Decimal(0))
    return f"{text} % worse" if percent < 0 else f"{text} % repigmented"


def change_headline(answer: "VasiAnswer") -> Headline | None:
    """Return what became of the scores since the baseline; None without one."""
    whole, face = answer.improvement_percent, answer.f_vasi_improvement_percent
    if whole is None:
        return None
    text = f"all sites {change_text(whole)}"
    if face is not None and len(answer.sites) > 1:
        text += f", face {change_text(face)}"
    worse = whole < 0 or (face is not None and face < 0)
    if worse:
        return Headline("warn", "WORSE", text)
    return Headline("none", "", f"{text[:1].upper()}{text[1:]}")


def _heads(answer: "VasiAnswer") -> tuple[str, ...]:
    heads = ("Handprints", "Depigmented", "VASI")
    return (*heads, "Before", "Since then") if "baseline" in answer.inputs else heads


def _site_rows(answer: "VasiAnswer", view: View) -> list[Row]:
    compared = "baseline" in answer.inputs
    return [
        Row(site_name(name), (*_cells(site, view), *(_compared(site) if compared else ())))
        for name, site in answer.sites.items()
    ]


def _cells(site: "VasiSite", view: View) -> tuple[str, str, str]:
    depigmented = f"{plain_text(site.depigmentation_percent)} %"
    return (
        plain_text(site.handprints),
        f"{depigmented}: {site.meaning}" if view.full else depigmented,
        plain_text(site.vasi),
    )


def _compared(site: "VasiSite") -> tuple[str, str]:
    before = "-" if site.baseline_vasi is None else plain_text(site.baseline_vasi)
    change = site.improvement_percent
    return before, "no baseline" if change is None else change_text(change)


def _next(answer: "VasiAnswer", view: View) -> list[Row]:
    """Return how to have the response reviewed: what to type, or the two scores."""
    if view.hints:
        return [
            row("" if number else "Next", line) for number, line in enumerate(answer.check_lines)
        ]
    scores = [
        (name, before, now)
        for name, before, now in (
            ("T-VASI", _before(answer, None), answer.t_vasi),
            ("F-VASI", _before(answer, "face"), answer.f_vasi),
        )
        if before and now is not None
    ]
    return [
        row(
            "" if number else "For the review",
            f"{name} {plain_text(before)} before, {plain_text(now)} now",
        )
        for number, (name, before, now) in enumerate(scores)
    ]


def _before(answer: "VasiAnswer", only: str | None) -> Decimal | None:
    """Return the score of the baseline, of one site or of all; None without one."""
    found = [
        site.baseline_vasi
        for name, site in answer.sites.items()
        if only in (None, name) and site.baseline_vasi is not None
    ]
    return sum(found, Decimal(0)) if found else None


def _inputs(answer: "VasiAnswer") -> list[tuple[str, str]]:
    def words(visit: object) -> str:
        assert isinstance(visit, dict)
        return ", ".join(
            f"{lowered(site_name(name))} {text.replace('@', ' handprints at ')} %"
            for name, text in visit.items()
        )

    lines = [("Sites", words(answer.inputs["sites"]))]
    if "baseline" in answer.inputs:
        lines.append(("Sites at the baseline", words(answer.inputs["baseline"])))
    return lines


def _steps_layout(answer: "VasiStepsAnswer", view: View) -> Layout:
    rows = tuple(row(f"{step.percent} %", step.meaning) for step in answer.depigmentation_steps)
    hint = ("A site is typed as SITE=HANDPRINTS@DEPIGMENTATION: ruxcalc vasi face=1@75",)
    return Layout(
        title="Steps of residual depigmentation",
        headlines=(Headline("none", "", "Residual depigmentation takes these steps"),),
        blocks=(Block(rows),),
        remarks=hint if view.hints else (),
        foot=foot_lines(answer.basis, view),
        notes=answer.notes,
    )
