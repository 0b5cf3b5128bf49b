"""The working behind every answer, step by step, so that a reader can check it by hand.

Each step repeats the formula with the numbers put in; a test computes it again.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

from ruxcalc import figures
from ruxcalc.labels.model import Label
from ruxcalc.numbers import cut_off, exactly, plain_text, settled
from ruxcalc.patient import INPUTS, Patient
from ruxcalc.results import Finding, Source, Step
from ruxcalc.rules.assess import AssessAnswer
from ruxcalc.rules.body_surface import FORMULAS
from ruxcalc.rules.check import DAYS_IN_WEEK, CheckAnswer, readings
from ruxcalc.rules.dose import DoseAnswer
from ruxcalc.rules.estimate import grams_per_ftu
from ruxcalc.rules.evidence import EvidenceAnswer
from ruxcalc.rules.plan import PlanAnswer, Refill
from ruxcalc.rules.track import TrackAnswer
from ruxcalc.rules.vasi import SiteScores, VasiAnswer
from ruxcalc.rules.warn import WarnAnswer

DAY_ZERO = "day 0 is the first application"
SAME_SCORE = "the same score and sites both times"
# The question is raised by the eGFR, which answers another topic.
RAISED_UNDER = {"end-stage-renal-disease-not-stated": "renal-impairment"}

Answer = TypeVar(
    "Answer", DoseAnswer, CheckAnswer, WarnAnswer, PlanAnswer, TrackAnswer, EvidenceAnswer,
    VasiAnswer,
)  # fmt: skip


def _text(number: Decimal | int) -> str:
    return plain_text(settled(Decimal(number)))


def _yes(answer: bool | None) -> str:
    return {True: "yes", False: "no", None: "not known"}[answer]


def cited(source: Source) -> str:
    """Write a source as `document, section 4.2 (2024-04-02)`."""
    where = f", section {source.section}" if source.section else ""
    edition = f" ({source.edition})" if source.edition else ""
    return f"{source.document}{where}{edition}"


def _typed(name: str, value: str) -> Step:
    return Step(name, "as given", value, value, "as given")


def dose_steps(patient: Patient, labels: tuple[Label, ...], answer: DoseAnswer) -> Iterator[Step]:
    """Yield the working of a dose: area, estimate, use, exposure, then each label's limits."""
    yield from _area_steps(patient, answer)
    yield from _estimate_steps(patient, answer)
    yield from _use_steps(answer)
    for label in labels:
        yield from _limit_steps(label, answer)


def _area_steps(patient: Patient, answer: DoseAnswer) -> Iterator[Step]:
    if answer.bsa_percent is not None:
        area = _text(answer.bsa_percent)
        if patient.handprints is None:
            yield _typed("area, % BSA", area)
        else:
            one = figures.BSA_PER_HANDPRINT
            each = " + ".join(_text(part.handprints) for part in patient.handprints)
            total = f"({each})" if len(patient.handprints) > 1 else each
            formula = "handprints x % BSA per handprint"
            yield Step("area, % BSA", formula, f"{total} x {one.value}", area, one.source)
    if answer.body_surface_m2 is None:
        return
    surface = _text(answer.body_surface_m2)
    if patient.height is not None and patient.weight is not None:
        formula_used = FORMULAS[patient.formula or "mosteller"]
        numbers = formula_used.expression.replace("H", _text(patient.height))
        yield Step(
            "body surface, m2",
            formula_used.expression,
            numbers.replace("W", _text(patient.weight)),
            surface,
            formula_used.source,
        )
    else:
        yield _typed("body surface, m2", surface)
    if answer.use.treated_cm2 is not None and answer.bsa_percent is not None:
        yield Step(
            "treated skin, cm2",
            "% BSA / 100 x m2 x 10000",
            f"{_text(answer.bsa_percent)} / 100 x {surface} x 10000",
            _text(answer.use.treated_cm2),
            "geometry",
        )


def _estimate_steps(patient: Patient, answer: DoseAnswer) -> Iterator[Step]:
    use, method = answer.use, answer.method
    result = _text(use.grams_per_application)
    spread = figures.GRAMS_PER_BSA_SPREAD
    unit = "g per 1 % BSA"
    if method.name == "density":
        assert use.treated_cm2 is not None
        spread, unit = figures.DENSITY_SPREAD, "mg/cm2"
        formula = "cm2 x mg/cm2 / 1000"
        numbers = f"{_text(use.treated_cm2)} x {figures.DENSITY.value} / 1000"
    elif patient.ftu is not None:
        formula = "fingertip units x g per unit"
        numbers = f"{_text(patient.ftu)} x {_text(grams_per_ftu(patient))}"
    else:
        assert answer.bsa_percent is not None
        formula = "% BSA / % BSA per fingertip unit x g per unit"
        each = _text(grams_per_ftu(patient))
        numbers = f"{_text(answer.bsa_percent)} / {figures.BSA_PER_FTU.value} x {each}"
    yield Step("cream per application, g", formula, numbers, result, method.source)
    both = f"{spread.low}, {spread.high}"
    yield Step(f"averages of groups, {unit}", "lowest and highest group", both, both, spread.source)


def _use_steps(answer: DoseAnswer) -> Iterator[Step]:
    use = answer.use
    per_day, times = _text(use.grams_per_day), _text(use.applications_per_day)
    often = "; ".join(
        f"{edition.document} ({edition.edition})" for edition in answer.basis.editions.values()
    )
    month, strength = figures.DAYS_IN_MONTH, figures.STRENGTH
    yield Step(
        "cream per day, g",
        "g per application x applications a day",
        f"{_text(use.grams_per_application)} x {times}",
        per_day,
        often,
    )
    for name, formula, days, result, source in (
        ("week", "g per day x 7", DAYS_IN_WEEK, use.grams_per_week, "calendar"),
        (
            "month", "g per day x days in the longest month", month.value, use.grams_per_month,
            month.name,
        ),
        (
            "supply", "g per day x days", answer.supply_days, use.grams_per_supply,
            "the supply period",
        ),
    ):  # fmt: skip
        yield Step(f"cream per {name}, g", formula, f"{per_day} x {days}", _text(result), source)
    applied = _text(use.ruxolitinib_mg_per_day)
    yield Step(
        "ruxolitinib applied per day, mg",
        "g per day x mg per g",
        f"{per_day} x {strength.value}",
        applied,
        strength.source,
    )
    for share in figures.ABSORBED:
        yield Step(
            "ruxolitinib absorbed per day, mg",
            f"mg applied x {share.name} / 100",
            f"{applied} x {share.value} / 100",
            plain_text(cut_off(use.ruxolitinib_mg_per_day * share.value / 100)),
            share.source,
        )


def _limit_steps(label: Label, answer: DoseAnswer) -> Iterator[Step]:
    region = answer.regions[label.region]
    if answer.bsa_percent is not None:
        yield Step(
            f"{label.name}: area within",
            "% BSA <= largest area",
            f"{_text(answer.bsa_percent)} <= {region.max_bsa_percent}",
            _yes(region.area_within),
            cited(region.area_source),
        )
    per_day = _text(answer.use.grams_per_day)
    for cap, tubes in zip(region.caps, region.supply, strict=True):
        grams, source = _text(cap.estimated_grams), cited(cap.source)
        size = f"{cap.tube_grams} g tube"
        supply = f"{_text(answer.use.grams_per_supply)} / {cap.tube_grams}"
        formula, numbers = "supply / tube, rounded up", f"ceil({supply})"
        if label.in_use is not None:
            formula = "the larger of supply / tube and days / in-use life, each rounded up"
            life = f"ceil({answer.supply_days} / {label.in_use.days})"
            numbers = f"max({numbers}, {life})"
        for name, step_formula, put_in, result in (
            (
                f"grams per {cap.period}", "g per day x days", f"{per_day} x {cap.period_days}",
                grams,
            ),
            (f"{size} within its cap", "grams <= cap", f"{grams} <= {cap.max_grams}",
             _yes(cap.within)),
            (f"tubes of {cap.tube_grams} g", formula, numbers, str(tubes.tubes)),
            (f"a {size} lasts, days", "tube / g per day", f"{cap.tube_grams} / {per_day}",
             _text(tubes.lasts_days)),
        ):  # fmt: skip
            yield Step(f"{label.name}: {name}", step_formula, put_in, result, source)
    if region.dispensed is not None and region.dispensed.days_at_cap is not None:
        yield Step(
            f"{label.name}: dispensed within the cap",
            "days at the cap <= days",
            f"{_text(region.dispensed.days_at_cap)} <= {region.dispensed.days}",
            _yes(region.dispensed.within),
            cited(region.dispensed.source),
        )


def check_steps(patient: Patient, labels: tuple[Label, ...], answer: CheckAnswer) -> Iterator[Step]:
    """Yield the working of a review: week, repigmentation, then each label's comparison."""
    week = _text(answer.week)
    begun = patient.restart or patient.start
    if begun is not None and patient.on is not None:
        days = (patient.on - begun).days
        after = "the restart" if patient.restart else "the first application"
        yield Step(
            "completed weeks",
            f"whole weeks in the days from {after}",
            f"floor({days} / {DAYS_IN_WEEK})",
            week,
            DAY_ZERO,
        )
    else:
        yield _typed("completed weeks", week)
    if patient.baseline is not None and patient.score is not None:
        assert answer.repigmentation_percent is not None
        yield _improvement_step(
            "repigmentation, %", patient.baseline, patient.score, answer.repigmentation_percent
        )
    for reading in patient.repig or ():
        where = "" if reading.site is None else f" of {reading.site}"
        yield _typed(f"repigmentation{where}, %", _text(reading.percent))
    for label in labels:
        yield from _review_steps(label, patient, answer)


def _improvement_step(name: str, before: Decimal, now: Decimal, result: Decimal | None) -> Step:
    first, second = _text(before), _text(now)
    return Step(
        name,
        "100 x (baseline - score) / baseline",
        f"100 x ({first} - {second}) / {first}",
        "" if result is None else _text(result),
        SAME_SCORE,
    )


def _review_steps(label: Label, patient: Patient, answer: CheckAnswer) -> Iterator[Step]:
    region = answer.regions[label.region]
    rule = region.rule
    if rule is None:
        return
    source = cited(rule.source)
    reached = answer.week >= rule.week
    yield Step(
        f"{label.name}: review reached",
        "week >= week of the review",
        f"{_text(answer.week)} >= {rule.week}",
        _yes(reached),
        source,
    )
    threshold = rule.threshold_percent
    if reached and threshold is not None:
        for reading in readings(patient):
            where = f" ({reading.site})" if reading.site else ""
            yield Step(
                f"{label.name}: under the threshold{where}",
                "repigmentation < threshold",
                f"{_text(reading.percent)} < {threshold}",
                _yes(reading.percent < threshold),
                source,
            )
    elif reached:
        said = {None: "not stated", True: "meaningful", False: "not meaningful"}
        yield _typed(f"{label.name}: the patient's judgement", said[patient.meaningful])
    yield Step(
        f"{label.name}: decision", "by the rule above", rule.comparison, region.decision, source
    )


def warn_steps(labels: tuple[Label, ...], answer: WarnAnswer) -> Iterator[Step]:
    """Yield how each finding arose: what was given, the label's action, and its severity."""
    for label in labels:
        for found in answer.regions[label.region].findings:
            yield Step(
                f"{label.name}: {found.code}",
                "label action -> severity",
                _raised_by(answer, found),
                f"{found.action} -> {found.severity}",
                cited(found.source),
            )


def _raised_by(answer: WarnAnswer, found: Finding) -> str:
    """Write the inputs that raised a finding, as they were given."""
    topic = found.code if found.about is None else found.about.get("topic", found.code)
    topics = (topic, RAISED_UNDER.get(found.code))
    inputs = [
        name
        for name, declared in INPUTS.items()
        if name in answer.inputs
        and (any(t in declared.topics for t in topics) or declared.kind == "names")
    ]
    return ", ".join(f"{name} = {_as_typed(answer.inputs[name])}" for name in inputs)


def _as_typed(value: object) -> str:
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, tuple):
        return "; ".join(str(item) for item in value)
    return plain_text(value) if isinstance(value, Decimal) else str(value)


def plan_steps(labels: tuple[Label, ...], answer: PlanAnswer) -> Iterator[Step]:
    """Yield the working of a plan: each date as a day and a number of days."""
    for label in labels:
        part = answer.regions[label.region]
        for review in part.reviews:
            yield Step(
                f"{label.name}: week {review.week}",
                "first application + weeks x days in a week",
                f"{answer.start} + {review.week} x {DAYS_IN_WEEK}",
                review.date.isoformat(),
                DAY_ZERO,
            )
        for refill in part.refills:
            yield from _refill_steps(label, refill)
        for topic, wait in (
            ("contraception until", part.contraception),
            ("breast-feeding from", part.breastfeeding),
        ):
            if wait is not None and wait.weeks is not None:
                yield Step(
                    f"{label.name}: {topic}",
                    "last application + weeks x days in a week",
                    f"{answer.stop} + {wait.weeks} x {DAYS_IN_WEEK}",
                    str(wait.date),
                    wait.source.document,
                )


def _refill_steps(label: Label, refill: Refill) -> Iterator[Step]:
    if not refill.refill_dates:
        return
    begin = refill.tube_dates[0].opened_on
    (cap,) = (cap for cap in label.caps if cap.tube_grams == refill.tube_grams)
    formula, each = {
        "use": (
            "tubes x g of a tube / g per day, rounded down",
            f"{cap.tube_grams} / {_text(refill.grams_per_day)}",
        ),
        "cap": (
            "tubes x days of the cap / tubes of the cap, rounded up",
            f"{cap.dispensing_days} / {cap.tubes}",
        ),
        "in-use-life": (
            "tubes x days of in-use life", str(label.in_use.days if label.in_use else "")
        ),
    }[refill.limited_by]  # fmt: skip
    for number, day in enumerate(refill.refill_dates, 1):
        yield Step(
            f"{label.name}: refill {number} of {refill.tube_grams} g tubes",
            f"first tube opened + {formula}",
            f"{begin} + {refill.tubes * number} x {each}",
            day.isoformat(),
            refill.source.document,
        )


def track_steps(answer: TrackAnswer) -> Iterator[Step]:
    """Yield the working of the visits: the week, and the repigmentation from scores."""
    for visit in answer.visits:
        yield Step(
            f"line {visit.line}: completed weeks on {visit.date}",
            "whole weeks in the days from the first application",
            f"floor({(visit.date - answer.start).days} / {DAYS_IN_WEEK})",
            plain_text(visit.week),
            DAY_ZERO,
        )
        percent = visit.repigmentation_percent
        if visit.score is not None and visit.baseline is not None and percent is not None:
            yield _improvement_step(
                f"line {visit.line}: repigmentation, %", visit.baseline, visit.score, percent
            )


def vasi_steps(
    visit: SiteScores, baseline: SiteScores | None, answer: VasiAnswer
) -> Iterator[Step]:
    """Yield the working of VASI: each site, the sum, and the improvement."""
    visits = [("now", visit)] if baseline is None else [("before", baseline), ("now", visit)]
    totals = []
    for when, sites in visits:
        for name, site in sites.items():
            yield Step(
                f"VASI of {name}, {when}",
                "handprints x depigmentation / 100",
                f"{plain_text(site.handprints)} x {plain_text(site.depigmentation)} / 100",
                _text(site.vasi),
                "definition of VASI",
            )
        parts = " + ".join(_text(site.vasi) for site in sites.values())
        totals.append(sum((site.vasi for site in sites.values()), Decimal(0)))
        yield Step(
            f"VASI, {when}", "sum over sites", parts, _text(totals[-1]), "definition of VASI"
        )
    if baseline is not None:
        before, now = totals
        yield _improvement_step("improvement, %", before, now, answer.improvement_percent)


def evidence_steps(answer: EvidenceAnswer) -> Iterator[Step]:
    """Yield the working of each relative risk."""
    for pair in answer.comparisons:
        if pair.relative_risk is not None:
            yield Step(
                f"relative risk of {pair.endpoint}, {pair.trial}, week {pair.week} ({pair.kind})",
                "rate on ruxolitinib / rate on vehicle",
                f"{pair.ruxolitinib_percent} / {pair.vehicle_percent}",
                plain_text(pair.relative_risk),
                pair.source,
            )


def with_steps(answer: Answer, steps: Iterator[Step]) -> Answer:
    """Return the answer with its working."""
    with exactly():
        return answer._replace(steps=tuple(steps))


def assess_with_steps(
    patient: Patient, labels: tuple[Label, ...], answer: AssessAnswer
) -> AssessAnswer:
    """Return the answer with the working of each of its parts."""
    dose, check = answer.dose, answer.check
    return answer._replace(
        dose=dose and with_steps(dose, dose_steps(patient, labels, dose)),
        check=check and with_steps(check, check_steps(patient, labels, check)),
        warn=with_steps(answer.warn, warn_steps(labels, answer.warn)),
    )
