"""VASI and affected area from sites, and repigmentation between two visits.

VASI is the sum over sites of handprints times residual depigmentation. The face alone
is F-VASI, all sites together are T-VASI.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.figures import BSA_PER_HANDPRINT, DEPIGMENTATION_STEPS, FACE_SCORED
from ruxcalc.labels.model import Label
from ruxcalc.numbers import exactly, plain_text, read_number, settled
from ruxcalc.results import Basis, Frozen, JsonValue, Percent, Severity, Step
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import repigmentation
from ruxcalc.sites import read_site

FACE = "face"
WHOLE = Decimal(100)  # percent
ACCEPTED = "SITE=HANDPRINTS@DEPIGMENTATION, such as face=1@75"
STEPS = ", ".join(str(step) for step in sorted(DEPIGMENTATION_STEPS))


class VasiSite(NamedTuple):
    """One site: its area, what is left of depigmentation, and how that compares with before.

    `improvement_percent` is null without a baseline, or where the baseline had no
    depigmentation.
    """

    handprints: Decimal
    depigmentation_percent: Percent
    meaning: str
    vasi: Decimal
    bsa_percent: Percent
    baseline_vasi: Decimal | None
    improvement_percent: Percent | None


class VasiAnswer(NamedTuple):
    """VASI and affected area, per site and in all; F-VASI is null without the face.

    Scores of the baseline and improvements, or repigmentation, are null without a baseline;
    negative is worsening.
    `check_lines` are what to type, with the week, to have the response reviewed.
    """

    schema: Literal["ruxcalc.vasi/1"]
    inputs: Frozen[str, JsonValue]
    worst: Severity | None
    vasi: Decimal
    t_vasi: Decimal
    f_vasi: Decimal | None
    baseline_t_vasi: Decimal | None
    baseline_f_vasi: Decimal | None
    bsa_percent: Percent
    improvement_percent: Percent | None
    f_vasi_improvement_percent: Percent | None
    sites: Frozen[str, VasiSite]
    check_lines: tuple[str, ...]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class DepigmentationStep(NamedTuple):
    """A step of residual depigmentation and what it looks like."""

    percent: int
    meaning: str


class VasiStepsAnswer(NamedTuple):
    """The steps that residual depigmentation takes in VASI."""

    schema: Literal["ruxcalc.vasi-steps/1"]
    depigmentation_steps: tuple[DepigmentationStep, ...]
    basis: Basis
    worst: Severity | None = None
    notes: tuple[str, ...] = ()


class SiteScore(NamedTuple):
    """One site at one visit: its handprints and its residual depigmentation in percent."""

    handprints: Decimal
    depigmentation: Decimal

    @property
    def vasi(self) -> Decimal:
        """Return handprints times the share of them that is depigmented."""
        return self.handprints * self.depigmentation / WHOLE

    @property
    def bsa_percent(self) -> Decimal:
        """Return % of body surface affected: none where no depigmentation is left."""
        return self.handprints * BSA_PER_HANDPRINT.value if self.depigmentation else Decimal(0)


SiteScores = dict[str, SiteScore]


def read_sites(field: str, typed: Sequence[str]) -> SiteScores:
    """Read the sites of one visit, each as `face=1@75`.

    Raises `InputError` for a site that stands twice, a number out of bounds, a
    depigmentation between the steps, or more handprints than a face or a body has.
    """
    visit: SiteScores = {}
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


def _read_site(field: str, text: str) -> tuple[str, SiteScore]:
    left, equals, right = text.partition("=")
    handprints, at, depigmentation = right.partition("@")
    if not (equals and at):
        raise InputError(field, "is not a site with its score", ACCEPTED, text)
    try:
        name = read_site(left)
    except ValueError as error:
        raise InputError(field, str(error), given=text) from None
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
    return name, SiteScore(area, left_over)


def vasi(visit: SiteScores, baseline: SiteScores | None, labels: tuple[Label, ...]) -> VasiAnswer:
    """Compute VASI of a visit, and the improvement since `baseline`, of the same sites.

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
        return _vasi(visit, baseline, labels)


def _vasi(visit: SiteScores, baseline: SiteScores | None, labels: tuple[Label, ...]) -> VasiAnswer:
    now = _total(visit)
    before = None if baseline is None else _total(baseline)
    if before == 0:
        raise InputError("baseline", "has a VASI of 0: nothing can improve", "a VASI above 0")
    face = visit[FACE].vasi if FACE in visit else None
    face_before = baseline[FACE].vasi if baseline is not None and FACE in baseline else None
    sites = {name: _site_answer(name, visit, baseline) for name in visit}
    return VasiAnswer(
        schema="ruxcalc.vasi/1",
        inputs=Frozen(_inputs(visit, baseline)),
        worst=None,
        vasi=settled(now),
        t_vasi=settled(now),
        f_vasi=None if face is None else settled(face),
        baseline_t_vasi=None if before is None else settled(before),
        baseline_f_vasi=None if face_before is None else settled(face_before),
        bsa_percent=settled(sum((site.bsa_percent for site in visit.values()), Decimal(0))),
        improvement_percent=_improvement(before, now),
        f_vasi_improvement_percent=_improvement(face_before, face),
        sites=Frozen(sites),
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
    )


def _total(visit: SiteScores) -> Decimal:
    return sum((site.vasi for site in visit.values()), Decimal(0))


def _improvement(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    """Return the improvement in percent of the baseline; None without a baseline."""
    return settled(repigmentation(before, now)) if before and now is not None else None


def _site_answer(name: str, visit: SiteScores, baseline: SiteScores | None) -> VasiSite:
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
    """Write what to type to have the response reviewed, with scores that are not rounded."""
    if not before or now is None:
        return ()
    scores = f"--baseline {plain_text(settled(before))} --score {plain_text(settled(now))}"
    return (f"ruxcalc check --week WEEK {scores} --measure {measure}",)


def _inputs(visit: SiteScores, baseline: SiteScores | None) -> dict[str, JsonValue]:
    given: dict[str, JsonValue] = {"sites": _typed(visit)}
    return given if baseline is None else {**given, "baseline": _typed(baseline)}


def _typed(visit: SiteScores) -> dict[str, JsonValue]:
    return Frozen(
        {
            name: f"{plain_text(site.handprints)}@{plain_text(site.depigmentation)}"
            for name, site in visit.items()
        }
    )


def depigmentation_steps(labels: tuple[Label, ...]) -> VasiStepsAnswer:
    """Return the steps of residual depigmentation, from none left to no pigment."""
    return VasiStepsAnswer(
        "ruxcalc.vasi-steps/1",
        tuple(DepigmentationStep(p, DEPIGMENTATION_STEPS[p]) for p in sorted(DEPIGMENTATION_STEPS)),
        basis_of(labels),
    )
