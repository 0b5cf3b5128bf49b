"""The working behind an answer, step by step, so that a reader can check it by hand.

Each step repeats the formula with the numbers put in; a test computes it again.
"""

from decimal import Decimal

from ruxcalc import figures
from ruxcalc.answers import AssessAnswer, CheckAnswer, DoseAnswer, Finding, Source, Step, WarnAnswer
from ruxcalc.labels.model import Label
from ruxcalc.numbers import exactly, plain_text, settled
from ruxcalc.patient import INPUTS, Patient
from ruxcalc.rules.body_surface import FORMULAS
from ruxcalc.rules.check import DAYS_IN_WEEK as DAYS
from ruxcalc.rules.check import readings
from ruxcalc.rules.dose import applications_per_day, grams_per_ftu

# The question is raised by the eGFR, which is declared under another topic.
RAISED_UNDER = {"end-stage-renal-disease-not-stated": "renal-impairment"}


def _text(number: Decimal | int) -> str:
    return plain_text(settled(Decimal(number)))


def _cited(label: Label, section: str | None) -> str:
    where = f", section {section}" if section else ""
    return f"{label.document}{where} ({label.edition})"


def _cite(source: Source) -> str:
    where = f", section {source.section}" if source.section else ""
    edition = f" ({source.edition})" if source.edition else ""
    return f"{source.document}{where}{edition}"


def dose_steps(patient: Patient, labels: tuple[Label, ...], answer: DoseAnswer) -> tuple[Step, ...]:
    """The working of a dose: area, estimate, use, exposure, then each label's limits."""
    with exactly():
        return (
            *_area_steps(patient, answer),
            *_estimate_steps(patient, answer),
            *_use_steps(labels, answer),
            *(step for label in labels for step in _limit_steps(label, answer)),
        )


def _area_steps(patient: Patient, answer: DoseAnswer) -> list[Step]:
    area = _text(answer.bsa_percent)
    steps = []
    if patient.handprints is not None:
        one = figures.BSA_PER_HANDPRINT
        steps.append(
            Step(
                "area, % BSA",
                "handprints x % BSA per handprint",
                f"{_text(patient.handprints)} x {one.value}",
                area,
                one.source,
            )
        )
    elif patient.ftu is not None:
        one = figures.BSA_PER_FTU
        steps.append(
            Step(
                "area, % BSA",
                "fingertip units x % BSA per fingertip unit",
                f"{_text(patient.ftu)} x {one.value}",
                area,
                one.source,
            )
        )
    else:
        steps.append(Step("area, % BSA", "as given", area, area, "input --bsa"))
    if answer.body_surface_m2 is not None:
        surface = _text(answer.body_surface_m2)
        if patient.body_surface is not None:
            steps.append(
                Step("body surface, m2", "as given", surface, surface, "input --body-surface")
            )
        elif patient.height is not None and patient.weight is not None:
            formula = FORMULAS[patient.formula or "mosteller"]
            numbers = formula.expression.replace("H", _text(patient.height))
            steps.append(
                Step(
                    "body surface, m2",
                    formula.expression,
                    numbers.replace("W", _text(patient.weight)),
                    surface,
                    formula.source,
                )
            )
    if answer.use.treated_cm2 is not None and answer.body_surface_m2 is not None:
        steps.append(
            Step(
                "treated skin, cm2",
                "% BSA / 100 x m2 x 10000",
                f"{area} / 100 x {_text(answer.body_surface_m2)} x 10000",
                _text(answer.use.treated_cm2),
                "geometry",
            )
        )
    return steps


def _estimate_steps(patient: Patient, answer: DoseAnswer) -> list[Step]:
    use = answer.use
    result = _text(use.grams_per_application)
    if answer.method.name == "fingertip":
        spread = figures.GRAMS_PER_BSA_SPREAD
        return [
            Step(
                "cream per application, g",
                "% BSA / % BSA per fingertip unit x g per unit",
                f"{_text(answer.bsa_percent)} / {figures.BSA_PER_FTU.value}"
                f" x {_text(grams_per_ftu(patient))}",
                result,
                answer.method.source,
            ),
            Step(
                "published spread, g per 1 % BSA",
                "lowest and highest group",
                f"{spread.low}, {spread.high}",
                f"{spread.low}, {spread.high}",
                spread.source,
            ),
        ]
    assert use.treated_cm2 is not None
    spread = figures.DENSITY_SPREAD
    return [
        Step(
            "cream per application, g",
            "cm2 x mg/cm2 / 1000",
            f"{_text(use.treated_cm2)} x {figures.DENSITY.value} / 1000",
            result,
            answer.method.source,
        ),
        Step(
            "published spread, mg/cm2",
            "lowest and highest group",
            f"{spread.low}, {spread.high}",
            f"{spread.low}, {spread.high}",
            spread.source,
        ),
    ]


def _use_steps(labels: tuple[Label, ...], answer: DoseAnswer) -> list[Step]:
    use = answer.use
    per_day = _text(use.grams_per_day)
    often = "; ".join(_cited(label, label.applications_per_day.section) for label in labels)
    month, strength = figures.DAYS_IN_MONTH, figures.STRENGTH
    steps = [
        Step(
            "cream per day, g",
            "g per application x applications a day",
            f"{_text(use.grams_per_application)} x {applications_per_day(labels)}",
            per_day,
            often,
        ),
        Step(
            "cream per week, g",
            "g per day x 7",
            f"{per_day} x {DAYS}",
            _text(use.grams_per_week),
            "calendar",
        ),
        Step(
            "cream per month, g",
            "g per day x days in the longest month",
            f"{per_day} x {month.value}",
            _text(use.grams_per_month),
            month.name,
        ),
        Step(
            "cream for the supply, g",
            "g per day x days",
            f"{per_day} x {answer.supply_days}",
            _text(use.grams_per_supply),
            "input --days",
        ),
        Step(
            "ruxolitinib applied per day, mg",
            "g per day x mg per g",
            f"{per_day} x {strength.value}",
            _text(use.ruxolitinib_mg_per_day),
            strength.source,
        ),
    ]
    steps += [
        Step(
            "ruxolitinib absorbed per day, mg",
            f"mg applied x {share.name} / 100",
            f"{_text(use.ruxolitinib_mg_per_day)} x {share.value} / 100",
            _text(use.ruxolitinib_mg_per_day * share.value / 100),
            share.source,
        )
        for share in figures.ABSORBED
    ]
    return steps


def _limit_steps(label: Label, answer: DoseAnswer) -> list[Step]:
    region = answer.regions[label.region]
    limit = label.max_area
    steps = [
        Step(
            f"{label.name}: area within",
            "% BSA <= largest area",
            f"{_text(answer.bsa_percent)} <= {limit.value}",
            _yes(region.area_within),
            _cited(label, limit.section),
        )
    ]
    for cap, asked, tubes in zip(region.caps, label.caps, region.supply, strict=True):
        grams = _text(cap.estimated_grams)
        steps += [
            Step(
                f"{label.name}: grams per {cap.period}",
                "g per day x days",
                f"{_text(answer.use.grams_per_day)} x {cap.period_days}",
                grams,
                _cited(label, asked.section),
            ),
            Step(
                f"{label.name}: {cap.tube_grams} g tube within its cap",
                "grams <= cap",
                f"{grams} <= {cap.max_grams}",
                _yes(cap.within),
                _cited(label, asked.section),
            ),
            Step(
                f"{label.name}: tubes of {cap.tube_grams} g",
                "supply / tube, rounded up",
                f"ceil({_text(answer.use.grams_per_supply)} / {cap.tube_grams})",
                str(tubes.tubes),
                _cited(label, asked.section),
            ),
            Step(
                f"{label.name}: a {cap.tube_grams} g tube lasts, days",
                "tube / g per day",
                f"{cap.tube_grams} / {_text(answer.use.grams_per_day)}",
                _text(tubes.lasts_days),
                _cited(label, asked.section),
            ),
        ]
    return steps


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def check_steps(
    patient: Patient, labels: tuple[Label, ...], answer: CheckAnswer
) -> tuple[Step, ...]:
    """The working of a review: the week, the repigmentation, then each label's comparison."""
    with exactly():
        return _check_steps(patient, labels, answer)


def _check_steps(
    patient: Patient, labels: tuple[Label, ...], answer: CheckAnswer
) -> tuple[Step, ...]:
    steps = []
    week = _text(answer.week)
    if patient.start is not None and patient.on is not None:
        days = (patient.on - patient.start).days
        steps.append(
            Step(
                "completed weeks",
                "whole weeks in the days from the first application",
                f"floor({days} / {DAYS})",
                week,
                "day 0 is the first application",
            )
        )
    else:
        steps.append(Step("completed weeks", "as given", week, week, "input --week"))
    if patient.baseline is not None and patient.score is not None:
        assert answer.repigmentation_percent is not None
        baseline, score = _text(patient.baseline), _text(patient.score)
        steps.append(
            Step(
                "repigmentation, %",
                "100 x (baseline - score) / baseline",
                f"100 x ({baseline} - {score}) / {baseline}",
                _text(answer.repigmentation_percent),
                "the same score and sites both times",
            )
        )
    for reading in patient.repig or ():
        percent = _text(reading.percent)
        where = "" if reading.site is None else f" of {reading.site}"
        steps.append(
            Step(f"repigmentation{where}, %", "as given", percent, percent, "input --repig")
        )
    for label in labels:
        steps += _review_steps(label, patient, answer)
    return tuple(steps)


def _review_steps(label: Label, patient: Patient, answer: CheckAnswer) -> list[Step]:
    review, region = label.review, answer.regions[label.region]
    cited = _cited(label, review.section)
    due = answer.week >= review.week
    steps = [
        Step(
            f"{label.name}: review reached",
            "week >= week of the review",
            f"{_text(answer.week)} >= {review.week}",
            _yes(due),
            cited,
        )
    ]
    if due and review.threshold_percent is not None:
        for reading in readings(patient):
            percent = reading.percent
            steps.append(
                Step(
                    f"{label.name}: under the threshold"
                    + (f" ({reading.site})" if reading.site else ""),
                    "repigmentation < threshold",
                    f"{plain_text(percent)} < {review.threshold_percent}",
                    _yes(percent < review.threshold_percent),
                    cited,
                )
            )
    elif due:
        said = {None: "not stated", True: "meaningful", False: "not meaningful"}
        steps.append(
            Step(
                f"{label.name}: the patient's judgement",
                "as given",
                said[patient.meaningful],
                said[patient.meaningful],
                "input --meaningful",
            )
        )
    steps.append(
        Step(
            f"{label.name}: decision",
            "by the rule above",
            review.comparison,
            region.decision,
            cited,
        )
    )
    return steps


def warn_steps(labels: tuple[Label, ...], answer: WarnAnswer) -> tuple[Step, ...]:
    """How each finding came about: the label's action, and the severity it has here."""
    return tuple(
        Step(
            f"{label.name}: {finding.code}",
            "label action -> severity",
            _raised_by(answer, finding),
            f"{finding.action} -> {finding.severity}",
            _cite(finding.source),
        )
        for label in labels
        for finding in answer.regions[label.region].findings
    )


def _raised_by(answer: WarnAnswer, finding: Finding) -> str:
    """The inputs on which the finding's topic turns, as they were given."""
    topics = (finding.code, RAISED_UNDER.get(finding.code))
    inputs = [
        name
        for name, declared in INPUTS.items()
        if name in answer.inputs
        and (any(topic in declared.topics for topic in topics) or declared.kind == "names")
    ]
    return ", ".join(f"{name} = {_as_typed(answer.inputs[name])}" for name in inputs)


def _as_typed(value: object) -> str:
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return plain_text(value) if isinstance(value, Decimal) else str(value)


def explained(patient: Patient, labels: tuple[Label, ...], answer: AssessAnswer) -> AssessAnswer:
    """The answer with the working of each of its parts."""
    dose, check, warn = answer.dose, answer.check, answer.warn
    return answer._replace(
        dose=dose and dose._replace(steps=dose_steps(patient, labels, dose)),
        check=check and check._replace(steps=check_steps(patient, labels, check)),
        warn=warn._replace(steps=warn_steps(labels, warn)),
    )
