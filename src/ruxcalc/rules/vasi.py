"""VASI and affected area from sites, and repigmentation between two visits.

VASI is the sum over sites of handprints times residual depigmentation. The face alone
is F-VASI, all sites together are T-VASI.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ruxcalc.answers import DepigmentationStep, Step, VasiAnswer, VasiSite, VasiStepsAnswer
from ruxcalc.errors import InputError
from ruxcalc.figures import BSA_PER_HANDPRINT, DEPIGMENTATION_STEPS, FACE_SCORED
from ruxcalc.inputs import JsonValue, site_name
from ruxcalc.labels.model import Label
from ruxcalc.numbers import exactly, plain_text, read_number, settled
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import repigmentation

FACE = "face"
WHOLE = Decimal(100)  # percent
ACCEPTED = "SITE=HANDPRINTS@DEPIGMENTATION, such as face=1@75"
STEPS = ", ".join(str(step) for step in sorted(DEPIGMENTATION_STEPS))


class Site(NamedTuple):
    """One site at one visit: its handprints and its residual depigmentation in percent."""

    handprints: Decimal
    depigmentation: Decimal

    @property
    def vasi(self) -> Decimal:
        """Handprints times the share of them that is depigmented."""
        return self.handprints * self.depigmentation / WHOLE

    @property
    def bsa_percent(self) -> Decimal:
        """% of body surface affected; nothing is where no depigmentation is left."""
        return self.handprints * BSA_PER_HANDPRINT.value if self.depigmentation else Decimal(0)


Visit = dict[str, Site]


def read_visit(field: str, typed: Sequence[str]) -> Visit:
    """The sites of one visit, each as `face=1@75`.

    Raises `InputError` for a site that stands twice, a number out of bounds, a
    depigmentation between the steps, or more handprints than a face or a body has.
    """
    visit: Visit = {}
    for text in typed:
        name, site = _read_site(field, text)
        if name in visit:
            raise InputError(field, f"names {name} twice", "each site once", text)
        visit[name] = site
    if not visit:
        raise InputError(field, "is missing", ACCEPTED)
    whole = sum((site.handprints for site in visit.values()), Decimal(0))
    if whole * BSA_PER_HANDPRINT.value > WHOLE:
        raise InputError(
            field,
            f"has {plain_text(whole)} handprints, more than a body has",
            f"up to {plain_text(WHOLE / BSA_PER_HANDPRINT.value)}, at {BSA_PER_HANDPRINT.value} %"
            f" BSA each ({BSA_PER_HANDPRINT.source})",
        )
    return visit


def _read_site(field: str, text: str) -> tuple[str, Site]:
    left, equals, right = text.partition("=")
    handprints, at, depigmentation = right.partition("@")
    name = site_name(left)
    if not (equals and at) or name is None:
        raise InputError(field, "is not a site with its score", ACCEPTED, text)
    try:
        area = read_number(handprints)
        left_over = read_number(depigmentation, percent=True)
    except ValueError as error:
        raise InputError(field, f"has a number that {error}", ACCEPTED, text) from None
    if not area:
        raise InputError(field, "has no area", "handprints above 0", text)
    if left_over not in DEPIGMENTATION_STEPS:
        raise InputError(
            field,
            f"has a depigmentation of {plain_text(left_over)} %, which is no step",
            f"{STEPS}; ruxcalc vasi --steps says what they mean",
            text,
        )
    if name == FACE and area * BSA_PER_HANDPRINT.value > FACE_SCORED.value:
        raise InputError(
            field,
            "has more handprints than the face that is scored",
            f"up to about {FACE_SCORED.value} ({FACE_SCORED.source})",
            text,
        )
    return name, Site(area, left_over)


def vasi(
    visit: Visit, baseline: Visit | None, labels: tuple[Label, ...], *, explain: bool = False
) -> VasiAnswer:
    """VASI of a visit, and the improvement since `baseline`, of the same sites.

    Raises `InputError` where the two visits do not name the same sites, or where there was
    nothing to improve.
    """
    if baseline is not None and baseline.keys() != visit.keys():
        other = ", ".join(sorted(baseline.keys() ^ visit.keys()))
        raise InputError(
            "baseline",
            f"does not name the sites of the visit; not in both: {other}",
            "the same sites",
        )
    with exactly():
        return _vasi(visit, baseline, labels, explain=explain)


def _vasi(
    visit: Visit, baseline: Visit | None, labels: tuple[Label, ...], *, explain: bool
) -> VasiAnswer:
    now = _total(visit)
    before = None if baseline is None else _total(baseline)
    if before == 0:
        raise InputError("baseline", "has a VASI of 0: nothing can improve", "a VASI above 0")
    face = visit[FACE].vasi if FACE in visit else None
    face_before = baseline[FACE].vasi if baseline is not None and FACE in baseline else None
    sites = {name: _site_answer(name, visit, baseline) for name in visit}
    return VasiAnswer(
        schema="ruxcalc.vasi/1",
        inputs=_inputs(visit, baseline),
        worst=None,
        vasi=settled(now),
        t_vasi=settled(now),
        f_vasi=None if face is None else settled(face),
        bsa_percent=settled(sum((site.bsa_percent for site in visit.values()), Decimal(0))),
        improvement_percent=_improvement(before, now),
        f_vasi_improvement_percent=_improvement(face_before, face),
        sites=sites,
        check_lines=(
            *_check_line("t-vasi", before, now),
            *_check_line("f-vasi", face_before, face),
        ),
        basis=basis_of(labels),
        notes=tuple(
            f"{name}: there was no depigmentation at the baseline, so no improvement is given."
            for name, site in sites.items()
            if site.baseline_vasi == 0
        ),
        steps=_steps(visit, baseline) if explain else None,
    )


def _total(visit: Visit) -> Decimal:
    return sum((site.vasi for site in visit.values()), Decimal(0))


def _improvement(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    """Improvement in percent of the baseline; None where there is none to compare with."""
    return settled(repigmentation(before, now)) if before and now is not None else None


def _site_answer(name: str, visit: Visit, baseline: Visit | None) -> VasiSite:
    site = visit[name]
    before = None if baseline is None else baseline[name].vasi
    return VasiSite(
        handprints=site.handprints,
        depigmentation_percent=site.depigmentation,
        meaning=DEPIGMENTATION_STEPS[int(site.depigmentation)],
        vasi=settled(site.vasi),
        bsa_percent=settled(site.bsa_percent),
        baseline_vasi=None if before is None else settled(before),
        improvement_percent=_improvement(before, site.vasi),
    )


def _check_line(measure: str, before: Decimal | None, now: Decimal | None) -> tuple[str, ...]:
    """What to type to have the response reviewed: the scores themselves, so nothing is rounded."""
    if not before or now is None:
        return ()
    scores = f"--baseline {plain_text(settled(before))} --score {plain_text(settled(now))}"
    return (f"ruxcalc check --week WEEK {scores} --measure {measure}",)


def _inputs(visit: Visit, baseline: Visit | None) -> dict[str, JsonValue]:
    given: dict[str, JsonValue] = {"sites": _typed(visit)}
    return given if baseline is None else {**given, "baseline": _typed(baseline)}


def _typed(visit: Visit) -> dict[str, JsonValue]:
    return {
        name: f"{plain_text(site.handprints)}@{plain_text(site.depigmentation)}"
        for name, site in visit.items()
    }


def _steps(visit: Visit, baseline: Visit | None) -> tuple[Step, ...]:
    steps = []
    visits = [("now", visit)] if baseline is None else [("before", baseline), ("now", visit)]
    for when, sites in visits:
        steps += [
            Step(
                f"VASI of {name}, {when}",
                "handprints x depigmentation / 100",
                f"{plain_text(site.handprints)} x {plain_text(site.depigmentation)} / 100",
                plain_text(settled(site.vasi)),
                "definition of VASI",
            )
            for name, site in sites.items()
        ]
        parts = " + ".join(plain_text(settled(site.vasi)) for site in sites.values())
        total = plain_text(settled(_total(sites)))
        steps.append(Step(f"VASI, {when}", "sum over sites", parts, total, "definition of VASI"))
    if baseline is not None:
        before, now = plain_text(settled(_total(baseline))), plain_text(settled(_total(visit)))
        result = _improvement(_total(baseline), _total(visit))
        steps.append(
            Step(
                "improvement, %",
                "100 x (baseline - now) / baseline",
                f"100 x ({before} - {now}) / {before}",
                "" if result is None else plain_text(result),
                "the same score and sites both times",
            )
        )
    return tuple(steps)


def vasi_steps(labels: tuple[Label, ...]) -> VasiStepsAnswer:
    """The steps of residual depigmentation, from none left to no pigment."""
    return VasiStepsAnswer(
        "ruxcalc.vasi-steps/1",
        tuple(DepigmentationStep(p, DEPIGMENTATION_STEPS[p]) for p in sorted(DEPIGMENTATION_STEPS)),
        basis_of(labels),
    )
