"""A label of another shape: other weeks, other figures, several reviews, or none of them.

The labels here exist in no country. Every command answers for them, or refuses with words: what
a rule takes for granted of the labels of today would end in a traceback.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ruxcalc
from ruxcalc import InputError, labels
from ruxcalc.inputs import Dispensing
from ruxcalc.labels import REGIONS, Label
from ruxcalc.labels.model import Cap, InUse, Provision, Review
from ruxcalc.results import Frozen

Shape = Callable[[Label], Label]

VISITS = [
    {"date": "2026-01-05", "score": 4, "bsa": 8, "tubes_dispensed": 2},
    {"date": "2026-07-06", "score": 3, "bsa": 8, "tubes_dispensed": 1, "meaningful": "no"},
    {"date": "2027-01-04", "score": "3.5", "bsa": 8},
    {"date": "2027-06-07", "score": 5, "bsa": 11, "meaningful": "yes"},
]
START: dict[str, Any] = {"start": "2026-01-05", "on": "2026-08-03"}
# Each command, on a usual patient, at the edges, and with little.
QUESTIONS: dict[str, Callable[[str], Any]] = {
    "dose": lambda r: ruxcalc.dose(region=r, bsa=8, explain=True),
    "dose with a price for a year": lambda r: ruxcalc.dose(
        region=r, bsa="0.5", days=365, tube_price=100, height=170, weight=70, explain=True
    ),
    "dose over the label": lambda r: ruxcalc.dose(region=r, bsa=40, explain=True),
    "dose of fingertip units": lambda r: ruxcalc.dose(region=r, ftu=6, explain=True),
    "dose that was dispensed": lambda r: ruxcalc.dose(
        region=r, bsa=8, dispensed="3x100,1x60,2x30", explain=True
    ),
    "check early": lambda r: ruxcalc.check(region=r, week=0, explain=True),
    "check at week 36": lambda r: ruxcalc.check(region=r, week=36, repig=20, explain=True),
    "check not meaningful": lambda r: ruxcalc.check(
        region=r, week=60, repig=20, meaningful=False, explain=True
    ),
    "check by site": lambda r: ruxcalc.check(
        region=r, week=60, repig={"face": 80, "hands": 5}, explain=True
    ),
    "check without a score": lambda r: ruxcalc.check(region=r, week=60, explain=True),
    "check worse": lambda r: ruxcalc.check(region=r, week=60, repig=-20, explain=True),
    "warn": lambda r: ruxcalc.warn(region=r, explain=True),
    "warn a child": lambda r: ruxcalc.warn(region=r, age=5, face=False, explain=True),
    "warn an old patient": lambda r: ruxcalc.warn(
        region=r, age=80, egfr=10, drug="itraconazole,tofacitinib", topical="tacrolimus,sunscreen",
        infection=True, live_vaccine=True, explain=True,
    ),
    "assess": lambda r: ruxcalc.assess(
        region=r, bsa=8, week=52, repig=20, age=34, pregnant=True, explain=True
    ),
    "assess everything absent": lambda r: ruxcalc.assess(
        region=r, bsa=8, week=36, all_others_no=True, age=34, face=True, explain=True
    ),
    "plan": lambda r: ruxcalc.plan(region=r, explain=True, **START),
    "plan with refills": lambda r: ruxcalc.plan(region=r, bsa=8, explain=True, **START),
    "plan with tubes": lambda r: ruxcalc.plan(
        region=r, bsa=3, tubes=2, tube_grams=100, tube_price=9, explain=True, **START
    ),
    "plan with a stop": lambda r: ruxcalc.plan(
        region=r, bsa=20, stop="2026-12-01", explain=True, **START
    ),
    "track": lambda r: ruxcalc.track(VISITS, region=r, explain=True),
    "track by size": lambda r: ruxcalc.track(VISITS, region=r, tube_grams=60, explain=True),
    "track later": lambda r: ruxcalc.track(VISITS[:1], region=r, on="2028-01-01", explain=True),
    "vasi": lambda r: ruxcalc.vasi("face=1@75 trunk=3@100", region=r, explain=True),
    "label": lambda r: ruxcalc.label(region=r),
    "label of one topic": lambda r: ruxcalc.label(region=r, topics=["in-use-life", "review"]),
    "label differences": lambda r: ruxcalc.label(region=r, diff=True),
    "label facts": lambda r: ruxcalc.label(region=r, facts=True),
    "label check": lambda r: ruxcalc.label(region=r, check=True),
    "evidence": lambda r: ruxcalc.evidence(region=r, explain=True),
    "handout": lambda r: ruxcalc.handout(region=r),
    "handout with an amount": lambda r: ruxcalc.handout(region=r, bsa=8, **START),
    "handout over the label": lambda r: ruxcalc.handout(region=r, bsa=40),
}


@contextmanager
def labels_of(shapes: Mapping[str, Shape]) -> Iterator[dict[str, Label]]:
    """Return the labels with `shapes` put in, by region, for every interface."""
    known = {region: labels.load(region) for region in REGIONS}
    shaped = {region: shapes.get(region, _same)(label) for region, label in known.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labels, "load", shaped.__getitem__)
        labels.load_all.cache_clear()
        try:
            yield shaped
        finally:
            patch.undo()
            labels.load_all.cache_clear()


def _same(label: Label) -> Label:
    return label


def answered(question: Callable[[str], Any], region: str) -> Any:
    """Return the answer, or None where it was refused with words."""
    try:
        return question(region)
    except InputError as error:
        text = str(error)
        assert text.endswith((".", "?"))
        assert not set("{}") & set(text)
        assert ": " in text
        return None


def messages(answer: Any) -> str:
    """Everything that an answer says, for a person to read."""
    return str(answer)


def with_row(label: Label, topic: str, **changed: Any) -> Label:
    row: Provision = label.on(topic)._replace(**changed)
    return label._replace(provisions=Frozen({**label.provisions, topic: row}))


def review(
    week: int, threshold: str | None, outcome: Any = None, words: str | None = None
) -> Review:
    judged = threshold is None
    return Review(
        week,
        None if threshold is None else Decimal(threshold),
        "patient-judgement" if judged else "less-than",
        outcome or ("re-evaluate" if judged else "consider-stopping"),
        "9.9",
        "label-text",
        words or ("Ask by week {week}." if judged else "Under {percent} % by week {week}."),
    )


def once_a_day(label: Label) -> Label:
    once = label.applications_per_day._replace(value=Decimal(1))
    return label._replace(applications_per_day=once)


def from_age_2(label: Label) -> Label:
    two = Decimal(2)
    label = label._replace(minimum_age=label.minimum_age._replace(value=two))
    return with_row(label, "under-minimum-age", number=two)


def of_another_area(label: Label) -> Label:
    twenty = Decimal("20.5")
    label = label._replace(max_area=label.max_area._replace(value=twenty))
    return with_row(label, "handprint", number=twenty)


def without_numbers(label: Label) -> Label:
    rows = {
        topic: row._replace(number=None, words=row.message)
        for topic, row in label.provisions.items()
    }
    return label._replace(provisions=Frozen(rows))


def silent_throughout(label: Label) -> Label:
    rows = {
        topic: row._replace(action="silent", section="", severity="info", number=None, words="")
        for topic, row in label.provisions.items()
    }
    return label._replace(provisions=Frozen(rows))


def not_read_throughout(label: Label) -> Label:
    rows = {
        topic: row._replace(action="not-read", verified="not-read", verified_on=None, section="",
                            severity="warning", number=None, words="")
        for topic, row in label.provisions.items()
    }  # fmt: skip
    return label._replace(provisions=Frozen(rows))


def cap(tubes: int, grams: str, period: str, days: int, dispensing: int | None = None) -> Cap:
    return Cap(tubes, Decimal(grams), period, days, dispensing or days, "9.9", "label-text")


SHAPES: dict[str, Shape] = {
    "a review at week 36": lambda label: label._replace(reviews=(review(36, "50"),)),
    "the patient's judgement at week 52": lambda label: label._replace(
        reviews=(review(52, None),)
    ),
    "a judgement that leads to stopping": lambda label: label._replace(
        reviews=(review(36, None, "consider-stopping"),)
    ),
    "a percentage that leads to a re-evaluation": lambda label: label._replace(
        reviews=(review(36, "33.3", "re-evaluate"),)
    ),
    "two reviews": lambda label: label._replace(reviews=(review(24, None), review(52, "25"))),
    "two reviews out of order": lambda label: label._replace(
        reviews=(review(52, "25"), review(24, "10"))
    ),
    "two reviews in one week": lambda label: label._replace(
        reviews=(review(36, None), review(36, "25"))
    ),
    "no review": lambda label: label._replace(reviews=()),
    "a review on day 0": lambda label: label._replace(reviews=(review(0, "1"),)),
    "one application a day": once_a_day,
    "minimum age 2": from_age_2,
    "another area": of_another_area,
    "no cap": lambda label: label._replace(caps=()),
    "a cap of another period": lambda label: label._replace(caps=(cap(3, "30", "10 days", 10),)),
    "three caps": lambda label: label._replace(
        caps=(cap(1, "30", "week", 7), cap(1, "60", "2 weeks", 14), cap(2, "100", "month", 31, 28))
    ),
    "no in-use life": lambda label: label._replace(in_use=None),
    "an in-use life of a month": lambda label: label._replace(
        in_use=InUse(1, 28, "9.9", "label-text", date(2026, 11, 24))
    ),
    "no number in a row": without_numbers,
    "silent throughout": silent_throughout,
    "not read throughout": not_read_throughout,
    "no limit at all": lambda label: silent_throughout(
        label._replace(reviews=(), caps=(), in_use=None)
    ),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_command_answers_or_refuses_with_words(shape: Shape) -> None:
    """In one region beside the others, in that region alone, and in every region."""
    for shapes in ({"us": shape}, {"eu": shape}, dict.fromkeys(REGIONS, shape)):
        with labels_of(shapes):
            for question in QUESTIONS.values():
                for region in (*shapes, "us,eu,uk"):
                    said = messages(answered(question, region))
                    assert "{" not in said.replace("={", "").replace(": {", "").replace("({", "")
                    assert "None %" not in said


reviews = st.lists(
    st.builds(
        review,
        st.integers(0, 200),
        st.none() | st.integers(1, 100).map(str),
        st.sampled_from(["re-evaluate", "consider-stopping"]),
    ),
    max_size=3,
).map(tuple)
caps = st.lists(
    st.builds(cap, st.integers(1, 4), st.sampled_from(["5", "60", "100", "37.5"]),
              st.sampled_from(["week", "month", "10 days"]), st.integers(1, 60),
              st.none() | st.integers(1, 60)),
    max_size=3,
    unique_by=lambda one: one.tube_grams,
).map(tuple)  # fmt: skip
in_uses = st.none() | st.builds(
    InUse, st.integers(1, 12), st.integers(1, 400), st.just("9.9"), st.just("label-text"),
    st.just(date(2026, 11, 24)),
)  # fmt: skip


@given(
    reviews, caps, in_uses, st.integers(0, 18), st.sampled_from(["0.5", "1", "2", "3"]),
    st.sampled_from(sorted(QUESTIONS)), st.sampled_from([*REGIONS, "us,eu,uk"]),
)  # fmt: skip
def test_any_shape_is_answered_or_refused_with_words(  # noqa: PLR0913, PLR0917 - parts of a label
    of_reviews: tuple[Review, ...],
    of_caps: tuple[Cap, ...],
    in_use: InUse | None,
    age: int,
    times: str,
    question: str,
    region: str,
) -> None:
    def shape(label: Label) -> Label:
        return label._replace(
            reviews=of_reviews,
            caps=of_caps,
            in_use=in_use,
            minimum_age=label.minimum_age._replace(value=Decimal(age)),
            applications_per_day=label.applications_per_day._replace(value=Decimal(times)),
        )

    with labels_of({"eu": shape}):
        answered(QUESTIONS[question], region)


def test_the_labels_come_back_after_a_shape() -> None:
    before = ruxcalc.label()
    with labels_of({"eu": from_age_2}):
        assert ruxcalc.label() != before
    assert ruxcalc.label() == before


# What some shapes must answer


def of_eu(shape: Shape, **inputs: Any) -> Any:
    with labels_of({"eu": shape}):
        return ruxcalc.check(region="eu", **inputs).regions["eu"]


@pytest.mark.parametrize(
    ("week", "repig", "decision", "next_week"),
    [
        (35, 0, "continue", 36),
        (36, "49.9", "consider-stopping", None),
        (36, 50, "continue", None),
        (52, "49.9", "consider-stopping", None),
        (36, None, "score-needed", None),
    ],
)
def test_a_review_at_week_36(
    week: int, repig: str | None, decision: str, next_week: int | None
) -> None:
    part = of_eu(SHAPES["a review at week 36"], week=week, repig=repig)
    assert (part.decision, part.next_review_week) == (decision, next_week)
    text = messages(part)
    assert week == 52 or "52" not in text
    assert "25 %" not in text
    if decision == "score-needed":
        assert "The review of week 36 is due" in text
        assert "under 50 %" in text


@pytest.mark.parametrize(
    ("week", "meaningful", "decision", "code"),
    [
        (51, False, "continue", None),
        (52, False, "re-evaluate", "not-meaningful-by-week-52"),
        (52, None, "ask-patient", "patient-judgement-not-stated"),
        (52, True, "continue", None),
    ],
)
def test_the_judgement_of_the_patient_at_week_52(
    week: int, meaningful: bool | None, decision: str, code: str | None
) -> None:
    shape = SHAPES["the patient's judgement at week 52"]
    part = of_eu(shape, week=week, repig=10, meaningful=meaningful)
    assert part.decision == decision
    assert [f.code for f in part.findings if f.severity != "info"] == ([code] if code else [])


@pytest.mark.parametrize(
    ("name", "inputs", "verdict", "says", "says_not"),
    [
        ("a judgement that leads to stopping", {"meaningful": False}, "consider-stopping",
         "Consider stopping", "not an instruction to stop"),
        ("a judgement that leads to stopping", {}, "ask-patient", "consider stopping",
         "re-evaluate"),
        ("a percentage that leads to a re-evaluation", {"repig": 20}, "re-evaluate",
         "Re-evaluate the treatment", "Consider stopping"),
        ("a percentage that leads to a re-evaluation", {}, "score-needed",
         "re-evaluate the treatment", "consider stopping"),
    ],
)  # fmt: skip
def test_a_finding_asks_for_what_the_review_leads_to(
    name: str, inputs: Mapping[str, Any], verdict: str, says: str, says_not: str
) -> None:
    part = of_eu(SHAPES[name], week=36, **inputs)
    [found] = [found for found in part.findings if found.severity == "warning"]
    assert part.verdict == verdict
    assert says in found.message
    assert says_not not in found.message
    if inputs:
        assert found.action == verdict


def test_a_re_evaluation_is_said_to_be_no_stop() -> None:
    part = ruxcalc.check(region="us", week=24, meaningful=False).regions["us"]
    [found] = part.findings
    assert found.message.endswith(
        "Re-evaluate the treatment; this is not an instruction to stop."
    )


@pytest.mark.parametrize(
    ("week", "repig", "meaningful", "decision", "rule_week"),
    [
        (23, 0, False, "continue", 24),
        (24, 0, False, "re-evaluate", 24),
        (24, 0, None, "ask-patient", 24),
        (52, 20, False, "consider-stopping", 52),
        (52, 20, True, "consider-stopping", 52),
        (52, 30, False, "re-evaluate", 24),
        (52, 30, True, "continue", 52),
        (52, None, None, "ask-patient", 24),
        (52, None, True, "score-needed", 52),
    ],
)
def test_two_reviews_the_more_cautious_decides(
    week: int, repig: int | None, meaningful: bool | None, decision: str, rule_week: int
) -> None:
    part = of_eu(SHAPES["two reviews"], week=week, repig=repig, meaningful=meaningful)
    assert (part.decision, part.rule.week) == (decision, rule_week)


def test_no_review_says_so_and_stops_nobody() -> None:
    part = of_eu(SHAPES["no review"], week=60, repig=0)
    assert (part.decision, part.rule, part.next_review_week) == ("continue", None, None)
    assert part.reason == "Week 60: this label has no review."
    with labels_of(dict.fromkeys(REGIONS, SHAPES["no review"])):
        planned = ruxcalc.plan(bsa=8, **START)
        assert all(not part.reviews for part in planned.regions.values())
        assert all(len(refill.refill_dates) == 1 for part in planned.regions.values()
                   for refill in part.refills)  # fmt: skip
        row = ruxcalc.label(region="eu", topics=["review"]).labels
        assert row is not None
        assert row["eu"].rows[0].action == "silent"


def test_labels_that_differ_in_applications_are_answered_one_at_a_time() -> None:
    with labels_of({"us": once_a_day}):
        assert ruxcalc.dose(bsa=8, region="us").use.grams_per_day == 2
        assert ruxcalc.dose(bsa=8, region="eu").use.grams_per_day == 4
        with pytest.raises(InputError, match="differ in applications a day: US 1, EU 2, UK 2"):
            ruxcalc.dose(bsa=8)
        together = ruxcalc.assess(bsa=8, pregnant=True)
        assert together.dose is None
        assert [found.code for found in together.findings] == ["dose-not-answered"]
        assert together.verdict == "contraindicated"


@pytest.mark.parametrize(("age", "raised"), [("1.9", True), (2, False), (11, False)])
def test_a_minimum_age_of_2(age: str, raised: bool) -> None:
    with labels_of({"us": from_age_2}):
        us = ruxcalc.warn(age=age, region="us").regions["us"]
        assert ("under-minimum-age" in [found.code for found in us.findings]) is raised
        assert "12 years" not in messages(us.findings)
        eu = ruxcalc.warn(age=age, region="eu").regions["eu"]
        assert "under-minimum-age" in [found.code for found in eu.findings]


def test_without_a_cap_only_the_area_limits() -> None:
    with labels_of({"us": SHAPES["no cap"]}):
        inputs: dict[str, Any] = {"bsa": 10, "grams_per_ftu": 2, "dispensed": "9x100"}
        us = ruxcalc.dose(region="us", **inputs).regions["us"]
        assert (us.within_label, us.caps, us.supply, us.dispensed) == (True, (), (), None)
        assert us.findings == ()
        over = ruxcalc.dose(region="us", bsa=11).regions["us"]
        assert [found.code for found in over.findings] == ["area-above-maximum"]
        shown = ruxcalc.label(region="us", topics=["quantity-cap"]).labels
        assert shown is not None
        assert shown["us"].rows[0].action == "silent"
        # The size of a tube is no question for a label that limits none.
        planned = ruxcalc.plan(bsa=8, tube_grams=100, **START).regions["us"]
        assert (planned.refills, planned.findings) == ((), ())
        tracked = ruxcalc.track(VISITS[:2], region="us", tube_grams=60).regions["us"]
        assert tracked.dispensed is None
        with pytest.raises(InputError) as refused:
            ruxcalc.handout(region="us", bsa=40)
        assert str(refused.value).endswith("Accepted: at most 10 % of the body.")


def test_without_an_in_use_life_no_tube_is_discarded() -> None:
    with labels_of({"eu": SHAPES["no in-use life"]}):
        [supply] = ruxcalc.dose(region="eu", bsa="0.5", days=365).regions["eu"].supply
        assert (supply.tubes, supply.discard_after_days) == (1, None)
    [supply] = ruxcalc.dose(region="eu", bsa="0.5", days=365).regions["eu"].supply
    assert (supply.tubes, supply.discard_after_days) == (3, 181)


def test_the_section_of_every_review_is_cited() -> None:
    first, second = review(24, None)._replace(section="2.2"), review(52, "25")
    with labels_of({"us": lambda label: label._replace(reviews=(first, second))}):
        shown = ruxcalc.label(region="us", topics=["review"]).labels
        assert shown is not None
        assert shown["us"].rows[0].section == "2.2, 9.9"
        assert shown["us"].rows[0].message == "Ask by week 24. Under 25 % by week 52."


def test_the_largest_area_is_that_of_the_strictest_label_asked() -> None:
    with labels_of({"us": of_another_area}):
        both = ruxcalc.dose(bsa=21, region="us,eu").largest_area
        assert both is not None
        assert both.bsa_percent == 10
        assert both.grams_per_week == 35  # 10 % / 2 x 0.5 g x 2 x 7
        assert both.tubes["eu"] == (Dispensing(2, Decimal(100)),)  # 140 g in 28 days
        alone = ruxcalc.dose(bsa=21, region="us").largest_area
        assert alone is not None
        assert alone.bsa_percent == Decimal("20.5")
        assert ruxcalc.dose(bsa=15, region="us,eu").largest_area is None
