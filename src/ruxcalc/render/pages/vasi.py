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
    editions_block,
    lowered,
    row,
)
from ruxcalc.sites import SITES

if TYPE_CHECKING:
    from ruxcalc.rules.vasi import VasiAnswer, VasiStepsAnswer

NAMED = "Name the measure with the figure: face, whole body and treated areas can disagree."


def lay_out(answer: "VasiAnswer | VasiStepsAnswer", view: View) -> Layout:
    """Return the layout of scores, or of the steps of depigmentation."""
    if answer.schema == "ruxcalc.vasi-steps/1":
        return _steps_layout(answer, view)
    change = change_headline(answer)
    scores = Headline("none", "", scores_text(answer))
    return Layout(
        title="VASI",
        headlines=(change, scores) if change else (scores,),
        blocks=(
            _site_block(answer, view),
            Block(_next(answer, view)),
            editions_block(answer.basis, view),
        ),
        remarks=(NAMED,) if change else (),
        inputs=tuple(_inputs(answer)),
        working=answer.steps,
    )


def note_lines(answer: "VasiAnswer | VasiStepsAnswer", _: View) -> list[str]:
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


def _site_block(answer: "VasiAnswer", view: View) -> Block:
    """Return a row a site; what it was at the baseline and how it changed, where that is known."""
    compared = "baseline" in answer.inputs
    rows = []
    for name, site in answer.sites.items():
        depigmented = f"{plain_text(site.depigmentation_percent)} %"
        if view.full:
            depigmented += f": {site.meaning}"
        cells = [plain_text(site.handprints), depigmented, plain_text(site.vasi)]
        if compared:
            before, change = site.baseline_vasi, site.improvement_percent
            cells.append("-" if before is None else plain_text(before))
            cells.append("no baseline" if change is None else change_text(change))
        rows.append(Row(site_name(name), tuple(cells)))
    heads = ("Handprints", "Depigmented", "VASI", *(("Before", "Since then") if compared else ()))
    return Block(tuple(rows), heads=heads)


def _next(answer: "VasiAnswer", view: View) -> tuple[Row, ...]:
    """Return how to have the response reviewed: what to type, or the two scores."""
    label, lines = "Next", answer.check_lines
    if not view.hints:
        label = "For the review"
        lines = tuple(
            f"{name} {plain_text(before)} before, {plain_text(now)} now"
            for name, before, now in (
                ("T-VASI", answer.baseline_t_vasi, answer.t_vasi),
                ("F-VASI", answer.baseline_f_vasi, answer.f_vasi),
            )
            if before and now is not None
        )
    return tuple(row("" if number else label, line) for number, line in enumerate(lines))


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
    )
