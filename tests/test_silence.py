"""Silence is not safety: what is not checked, what a label does not say, and the verdict.

Expectations come from the facts of the labels and from the contract, never from the output.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc import assess, check, dose, plan, track, warn
from ruxcalc.labels import REGIONS, load, load_all
from ruxcalc.patient import INPUTS, Patient, inputs_of
from ruxcalc.results import VERDICTS, Finding, Frozen, Verdict, worst_verdict
from ruxcalc.rules.warn import warn as warn_rule

# What each label speaks of, from the facts: "For the patient who has it", without the rows that
# are silent (US: none on the face, the kidneys, the liver, another topical, earlier phototherapy
# or a live vaccine) and without those of the UK that were not read.
US_SPEAKS = {
    "under-minimum-age", "older-age", "vitiligo-type", "hypersensitivity", "pregnancy",
    "planning-pregnancy", "breast-feeding", "strong-cyp3a4-inhibitor", "moderate-cyp3a4-inhibitor",
    "cyp3a4-inducer", "therapeutic-biologic", "jak-inhibitor", "potent-immunosuppressant",
    "serious-infection", "chronic-infection", "past-serious-infection", "infection-risk",
    "endemic-area", "active-tuberculosis", "latent-tuberculosis", "tuberculosis-exposure",
    "hepatitis-b", "hepatitis-c", "herpes-zoster", "malignancy", "non-melanoma-skin-cancer",
    "phototherapy-together", "smoking", "cardiovascular-risk", "myocardial-infarction-or-stroke",
    "thrombosis-risk", "cytopenia", "diabetes",
}  # fmt: skip
EU_SPEAKS = {
    "under-minimum-age", "older-age", "facial-involvement", "vitiligo-type", "hypersensitivity",
    "pregnancy", "planning-pregnancy", "breast-feeding", "end-stage-renal-disease",
    "renal-impairment", "hepatic-impairment", "strong-cyp3a4-inhibitor",
    "moderate-cyp3a4-inhibitor", "cyp3a4-inducer", "topical-on-same-skin",
    "non-melanoma-skin-cancer", "phototherapy",
}  # fmt: skip
SPEAKS = {"us": US_SPEAKS, "eu": EU_SPEAKS, "uk": EU_SPEAKS}

# All that a label speaks of, answered: nobody has it.
CLEAR: dict[str, Any] = {"all_others_no": True, "age": 34, "face": True}
# What a flag, a choice or a name answers when the patient has it.
HAS: dict[str, Any] = {
    name: name != "face"
    for name, declared in inputs_of("warn").items()
    if declared.kind == "flag" and name != "all_others_no"
}


def findings(region: str, **inputs: Any) -> tuple[Finding, ...]:
    return warn(region=region, **inputs).regions[region].findings


def codes(region: str, **inputs: Any) -> list[str]:
    return [found.code for found in findings(region, **inputs)]


# What was not asked


@pytest.mark.parametrize("region", REGIONS)
def test_not_checked_holds_only_what_that_label_speaks_of(region: str) -> None:
    part = warn(region=region).regions[region]
    assert set(part.not_checked) == SPEAKS[region]
    assert part.asked == (0, len(SPEAKS[region]))


@pytest.mark.parametrize("region", REGIONS)
def test_everything_answered_leaves_nothing_open(region: str) -> None:
    part = warn(region=region, **CLEAR).regions[region]
    assert part.not_checked == ()
    assert part.asked == (len(SPEAKS[region]), len(SPEAKS[region]))


@pytest.mark.parametrize(
    ("region", "inputs", "answered"),
    [
        ("us", {"pregnant": False}, {"pregnancy"}),
        ("us", {"pregnant": True}, {"pregnancy"}),
        ("us", {"age": 34}, {"under-minimum-age", "older-age"}),
        ("us", {"tuberculosis": "no"},
         {"active-tuberculosis", "latent-tuberculosis", "tuberculosis-exposure"}),
        ("us", {"drug": []},
         {"strong-cyp3a4-inhibitor", "moderate-cyp3a4-inhibitor", "cyp3a4-inducer"}),
        # A medicine answers the CYP3A4 lists and its own class, not the other classes; where it
        # is in no CYP3A4 list, these stay open.
        ("us", {"drug": "verapamil"},
         {"strong-cyp3a4-inhibitor", "moderate-cyp3a4-inhibitor", "cyp3a4-inducer"}),
        ("us", {"drug": "adalimumab"}, {"therapeutic-biologic"}),
        ("us", {"drug": "foozle"}, set()),
        ("eu", {"egfr": 10}, {"renal-impairment"}),
        # The US label speaks of none of these: they answer nothing there.
        ("us", {"face": True, "esrd": False, "egfr": 60, "hepatic": False, "topical": [],
                "phototherapy": False, "live_vaccine": False}, set()),
        ("eu", {"face": True}, {"facial-involvement"}),
        ("eu", {"egfr": 60}, {"renal-impairment"}),
        ("eu", {"esrd": False}, {"end-stage-renal-disease"}),
        # The EU label speaks of none of these.
        ("eu", {"infection": False, "hepatitis_b": True, "smoker": True, "biologic": False,
                "tuberculosis": "no", "phototherapy_now": True, "live_vaccine": False}, set()),
        ("uk", {"mi_or_stroke": True, "cytopenia": False, "diabetes": True}, set()),
    ],
)  # fmt: skip
def test_what_was_given_is_answered(
    region: str, inputs: Mapping[str, Any], answered: set[str]
) -> None:
    part = warn(region=region, **inputs).regions[region]
    assert SPEAKS[region] - set(part.not_checked) == answered
    assert part.asked == (len(answered), len(SPEAKS[region]))


def test_all_others_no_leaves_age_and_face_open() -> None:
    us, eu, _ = warn(all_others_no=True).regions.values()
    assert us.not_checked == ("under-minimum-age", "older-age")
    assert eu.not_checked == ("under-minimum-age", "older-age", "facial-involvement")
    assert warn(all_others_no=True).all_others_no is True
    assert warn(all_others_no=False).all_others_no is False
    assert warn(all_others_no=False).regions["us"].not_checked == warn().regions["us"].not_checked


# What a label is silent on, or nobody read, and another speaks of

# topic's input, label asked, its code, severity by the other label's action, what is quoted.
UNSPOKEN = [
    # The EU label is silent, the US label forbids.
    ("eu", {"infection": True}, "label-silent", "warning", "serious-infection",
     {"us": "avoid"}, "The US label, boxed warning, 5.1: Avoid the cream in an active serious"),
    ("eu", {"tuberculosis": "active"}, "label-silent", "warning", "active-tuberculosis",
     {"us": "avoid"}, "The US label, boxed warning, 5.1: Avoid the cream in active tuberculosis"),
    ("eu", {"mi_or_stroke": True}, "label-silent", "warning", "myocardial-infarction-or-stroke",
     {"us": "discontinue"}, "The US label, boxed warning, 5.4: Discontinue the cream"),
    ("eu", {"thrombosis_risk": True}, "label-silent", "warning", "thrombosis-risk",
     {"us": "avoid"}, "The US label, boxed warning, 5.5: Avoid the cream"),
    # The EU label is silent, the US label does less than forbid.
    ("eu", {"hepatitis_b": True}, "label-silent", "info", "hepatitis-b",
     {"us": "not-recommended"}, "The US label, 5.1: Starting the cream in active hepatitis B"),
    ("eu", {"biologic": True}, "label-silent", "info", "therapeutic-biologic",
     {"us": "not-recommended"}, "The US label, 1.3:"),
    ("eu", {"smoker": True}, "label-silent", "info", "smoking",
     {"us": "caution"}, "The US label, boxed warning, 5.3, 5.4:"),
    ("eu", {"diabetes": True}, "label-silent", "info", "diabetes",
     {"us": "states"}, "The US label, 5.7:"),
    ("eu", {"phototherapy_now": True}, "label-silent", "info", "phototherapy-together",
     {"us": "states"}, "The US label, 5.3, 14.2:"),
    # The US label is silent, the others forbid.
    ("us", {"esrd": True}, "label-silent", "warning", "end-stage-renal-disease",
     {"eu": "avoid", "uk": "avoid"},
     "The EU label, 4.2 and the UK label, 4.2 (taken from the EU text): Avoid the cream"),
    # The US label is silent, the others do less.
    ("us", {"face": False}, "label-silent", "info", "facial-involvement",
     {"eu": "outside-indication", "uk": "outside-indication"}, "The EU label, 4.1 and the UK"),
    ("us", {"egfr": 60}, "label-silent", "info", "renal-impairment",
     {"eu": "states", "uk": "states"}, "no dose adjustment in renal impairment"),
    ("us", {"hepatic": True}, "label-silent", "info", "hepatic-impairment",
     {"eu": "states", "uk": "states"}, "Hepatic impairment was not studied."),
    ("us", {"topical": "tacrolimus"}, "label-silent", "info", "topical-on-same-skin",
     {"eu": "not-recommended", "uk": "not-recommended"}, "The EU label, 4.5 and the UK label,"),
    ("us", {"phototherapy": True}, "label-silent", "info", "phototherapy",
     {"eu": "monitor", "uk": "monitor"},
     "The EU label, 4.4 and the UK label, 4.4 (taken from the EU text):"),
    # Not read in the UK: a warning whatever the others say.
    ("uk", {"infection": True}, "label-not-read", "warning", "serious-infection",
     {"us": "avoid"}, "The US label, boxed warning, 5.1:"),
    ("uk", {"diabetes": True}, "label-not-read", "warning", "diabetes",
     {"us": "states"}, "The US label, 5.7:"),
    ("uk", {"live_vaccine": True}, "label-not-read", "warning", "live-vaccine", {}, "Look it up."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("region", "inputs", "code", "severity", "topic", "others", "quoted"),
    UNSPOKEN,
    ids=[f"{case[0]} {case[4]}" for case in UNSPOKEN],
)
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with all regions"])
def test_silence_says_what_another_label_says(  # noqa: PLR0913, PLR0917 - a row of the table
    alone: bool,
    region: str,
    inputs: Mapping[str, Any],
    code: str,
    severity: str,
    topic: str,
    others: Mapping[str, str],
    quoted: str,
) -> None:
    answer = warn(region=region if alone else None, **inputs)
    [found] = [f for f in answer.regions[region].findings if f.code not in SPEAKS[region]]
    assert (found.code, found.severity) == (code, severity)
    assert found.about is not None
    assert found.about["topic"] == topic
    assert found.about["others"] == others
    assert quoted in found.message
    name = {"us": "US", "eu": "EU", "uk": "UK"}[region]
    begins = {
        "label-silent": f"The {name} label does not mention this: ",
        "label-not-read": f"We have not read what the {name} label says on this: ",
    }[code]
    assert found.message.startswith(begins)
    assert ("That does not make it safe." in found.message) is (code == "label-silent")
    part = answer.regions[region]
    assert (topic in part.silent) is (code == "label-silent")
    assert (topic in part.not_read) is (code == "label-not-read")
    assert part.contraindicated is False


@pytest.mark.parametrize("region", ["us", "eu"])
def test_where_no_label_speaks_the_silence_is_listed_and_nothing_is_quoted(region: str) -> None:
    """The US and EU labels are silent on a live vaccine, and nobody read the UK label on it."""
    part = warn(region=region, live_vaccine=True, **CLEAR).regions[region]
    assert part.silent == ("live-vaccine",)
    assert part.findings == ()
    assert part.verdict == "not-cleared"


def test_a_medicine_named_twice_is_one_silence() -> None:
    given_twice = findings("eu", drug="adalimumab,etanercept")
    [found] = [found for found in given_twice if found.code == "label-silent"]
    assert found.about is not None
    assert found.about["given"] == ("adalimumab", "etanercept")
    assert "adalimumab, etanercept" in found.message


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("name", sorted(HAS))
def test_whatever_the_patient_has_is_never_passed_over(region: str, name: str) -> None:
    """It has a finding of its own, or a silence that is said, or it stands in `silent`."""
    part = warn(region=region, **{name: HAS[name]}).regions[region]
    [topic] = INPUTS[name].topics
    row = load(region).on(topic)
    of = [f for f in part.findings if f.code == topic or (f.about or {}).get("topic") == topic]
    if row.speaks:
        [found] = of
        assert (found.code, found.severity, found.action) == (topic, row.severity, row.action)
        assert found.source.section == row.section
        assert topic not in part.silent + part.not_read
    else:
        assert topic in (part.silent if row.action == "silent" else part.not_read)
        assert all(found.code in ("label-silent", "label-not-read") for found in of)
        assert bool(of) is (topic != "live-vaccine" or region == "uk")


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("name", sorted(HAS))
def test_what_the_patient_does_not_have_raises_nothing(region: str, name: str) -> None:
    absent: dict[str, Any] = {name: not HAS[name]}
    part = warn(region=region, **absent).regions[region]
    assert part.findings == ()
    assert part.silent == ()
    assert part.verdict == "not-cleared"


# The verdict

# In the order of the contract; typed from it.
ORDER: tuple[Verdict, ...] = (
    "contraindicated", "avoid", "over-label", "outside-label", "consider-stopping", "re-evaluate",
    "ask-patient", "score-needed", "caution", "not-cleared", "nothing-found",
)  # fmt: skip

AT_WEEK_24: dict[str, Any] = {"week": 24}
AT_WEEK_52: dict[str, Any] = {"week": 52}

# One case for each verdict and region where it can occur, and the severity that decides the exit
# status: 3 for a warning and more.
ONE_EACH: list[tuple[str, Verdict, str | None, dict[str, Any]]] = [
    ("eu", "contraindicated", "critical", {"pregnant": True}),
    ("eu", "contraindicated", "critical", {"breastfeeding": True}),
    ("eu", "contraindicated", "critical", {"hypersensitivity": True}),
    ("uk", "contraindicated", "critical", {"pregnant": True}),
    ("us", "avoid", "critical", {"breastfeeding": True}),
    ("us", "avoid", "critical", {"infection": True}),
    ("us", "avoid", "critical", {"tuberculosis": "active"}),
    ("us", "avoid", "critical", {"mi_or_stroke": True}),  # discontinue
    ("us", "avoid", "critical", {"thrombosis_risk": True}),
    ("us", "avoid", "critical", {"drug": "itraconazole"}),
    ("eu", "avoid", "critical", {"esrd": True}),
    ("uk", "avoid", "critical", {"esrd": True}),
    ("eu", "over-label", "critical", {"bsa": "10.1"}),
    ("us", "over-label", "critical", {"bsa": "10.1"}),
    ("eu", "over-label", "critical", {"ftu": 8}),  # 8 g a day are 224 g in 28 days
    ("us", "over-label", "warning", {"bsa": 1, "dispensed": "2x60", "per_days": 7}),
    ("eu", "outside-label", "warning", {"age": 11}),
    ("us", "outside-label", "warning", {"age": 11}),
    ("uk", "outside-label", "warning", {"age": 11}),
    ("eu", "outside-label", "warning", {"face": False}),
    ("us", "outside-label", "warning", {"segmental": True}),
    ("eu", "consider-stopping", "warning", {"repig": "24.9", **AT_WEEK_52}),
    ("uk", "consider-stopping", "warning", {"repig": "24.9", **AT_WEEK_52}),
    ("us", "re-evaluate", "warning", {"meaningful": False, **AT_WEEK_24}),
    ("us", "ask-patient", "warning", AT_WEEK_24),
    ("us", "ask-patient", "warning", {"repig": 80, **AT_WEEK_52}),
    ("eu", "score-needed", "warning", AT_WEEK_52),
    ("uk", "score-needed", "warning", AT_WEEK_52),
    ("us", "caution", "warning", {"pregnant": True}),
    ("us", "caution", "warning", {"hypersensitivity": True}),
    ("us", "caution", "warning", {"smoker": True}),
    ("us", "caution", "warning", {"biologic": True}),
    ("us", "caution", "warning", {"esrd": True}),  # silent, where the EU label says avoid
    ("us", "caution", "warning", {"drug": "no such medicine"}),
    ("us", "caution", "warning", {"phototherapy_now": True}),
    ("eu", "caution", "warning", {"nmsc": True}),
    ("eu", "caution", "warning", {"infection": True}),  # silent, where the US label says avoid
    ("eu", "caution", "warning", {"planning_pregnancy": True}),
    ("eu", "caution", "warning", {"ftu": "6.6"}),  # 204.6 g in 31 days, 184.8 g in 28
    ("uk", "caution", "warning", {"diabetes": True}),  # not read
    ("eu", "not-cleared", None, {"age": None}),
    ("us", "not-cleared", "info", {"age": None, "diabetes": True}),  # states
    ("eu", "not-cleared", None, {"face": None}),
    ("eu", "not-cleared", "info", {"diabetes": True}),  # silent, where the US label states
    ("eu", "not-cleared", "info", {"hepatitis_b": True}),
    ("us", "not-cleared", "info", {"face": False}),
    ("eu", "not-cleared", "info", {"drug": "no such medicine"}),
    ("eu", "not-cleared", "warning", {"repig": 20}),  # a part that cannot be answered
    ("eu", "not-cleared", "warning", {"height": 180}),
    ("eu", "nothing-found", None, {}),
    ("us", "nothing-found", None, {"face": None}),  # on which this label is silent
    ("uk", "not-cleared", None, {}),  # parts of the UK label were not read
    ("eu", "nothing-found", None, {"bsa": 10, "week": 24}),
    ("us", "nothing-found", None, {"bsa": 10, "week": 23}),
    ("eu", "nothing-found", "info", {"drug": "itraconazole"}),  # states
    ("eu", "nothing-found", "info", {"egfr": 89}),
    ("eu", "nothing-found", "info", {"age": 65}),
    ("us", "nothing-found", "info", {"diabetes": True}),
]


@pytest.mark.parametrize(
    ("region", "verdict", "worst", "inputs"),
    ONE_EACH,
    ids=[f"{region} {verdict} {given_}" for region, verdict, _, given_ in ONE_EACH],
)
def test_one_case_for_each_verdict(
    region: str, verdict: Verdict, worst: str | None, inputs: Mapping[str, Any]
) -> None:
    answer = assess(region=region, **{**CLEAR, **inputs})
    assert (answer.verdict, answer.worst) == (verdict, worst)
    assert answer.regions[region].verdict == verdict
    assert answer.regions[region].contraindicated is (verdict == "contraindicated")


def test_every_verdict_has_its_case_and_no_finding_is_none() -> None:
    assert ORDER == VERDICTS == get_args(Verdict)
    assert {verdict for _, verdict, _, _ in ONE_EACH} == set(ORDER)
    assert "no-finding" not in ORDER


PREGNANT, KIDNEYS, WIDE, CHILD = {"pregnant": True}, {"esrd": True}, {"bsa": 11}, {"age": 11}
UNDER, SMOKER, NMSC = {"repig": 20, **AT_WEEK_52}, {"smoker": True}, {"nmsc": True}

# For each neighbouring pair of the order: both apply, and the first decides; then the second alone.
PAIRS: list[tuple[str, dict[str, Any], Verdict, dict[str, Any], Verdict]] = [
    ("eu", {**PREGNANT, **KIDNEYS}, "contraindicated", KIDNEYS, "avoid"),
    ("eu", {**KIDNEYS, **WIDE}, "avoid", WIDE, "over-label"),
    ("us", {"mi_or_stroke": True, **WIDE}, "avoid", WIDE, "over-label"),
    ("eu", {**WIDE, **CHILD}, "over-label", CHILD, "outside-label"),
    ("eu", {**CHILD, **UNDER}, "outside-label", UNDER, "consider-stopping"),
    ("eu,us", {**UNDER, "meaningful": False}, "consider-stopping",
     {**UNDER, "repig": 25, "meaningful": False}, "re-evaluate"),
    # One patient finds it meaningful or not, or was not asked: never two of them at once.
    ("us", {"meaningful": False, **AT_WEEK_24}, "re-evaluate", AT_WEEK_24, "ask-patient"),
    ("us,eu", AT_WEEK_52, "ask-patient", {"meaningful": True, **AT_WEEK_52}, "score-needed"),
    ("eu", {**AT_WEEK_52, **NMSC}, "score-needed", {"repig": 25, **AT_WEEK_52, **NMSC}, "caution"),
    ("us", {**AT_WEEK_24, **SMOKER}, "ask-patient",
     {"meaningful": True, **AT_WEEK_24, **SMOKER}, "caution"),
    ("eu", {**NMSC, "age": None}, "caution", {"age": None}, "not-cleared"),
    ("eu", {"age": None}, "not-cleared", {}, "nothing-found"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("region", "both", "first", "alone", "second"),
    PAIRS,
    ids=[f"{case[0]} {case[2]} before {case[4]}" for case in PAIRS],
)
def test_of_two_verdicts_the_first_in_order_decides(
    region: str, both: Mapping[str, Any], first: Verdict, alone: Mapping[str, Any], second: Verdict
) -> None:
    assert assess(region=region, **{**CLEAR, **both}).verdict == first
    assert assess(region=region, **{**CLEAR, **alone}).verdict == second


def test_every_neighbouring_pair_is_decided() -> None:
    assert set(pairwise(ORDER)) <= {(first, second) for _, _, first, _, second in PAIRS}


@given(st.lists(st.sampled_from(ORDER), min_size=1))
def test_the_worst_of_several_verdicts_comes_first_in_order(verdicts: list[Verdict]) -> None:
    assert ORDER.index(worst_verdict(verdicts)) == min(map(ORDER.index, verdicts))


def test_the_verdict_on_top_is_the_worst_of_the_regions() -> None:
    answer = assess(pregnant=True, **CLEAR)
    assert [part.verdict for part in answer.regions.values()] == [
        "caution", "contraindicated", "contraindicated",
    ]  # fmt: skip
    assert answer.verdict == "contraindicated"
    assert answer.dose is None


@pytest.mark.parametrize("region", REGIONS)
def test_dose_check_plan_and_track_alone_clear_nobody(region: str) -> None:
    visits = [{"date": "2026-01-05", "repig": 10, "bsa": 4}]
    assert dose(region=region, bsa=4).verdict == "not-cleared"
    assert check(region=region, week=10).verdict == "not-cleared"
    assert plan(region=region, start="2026-01-05", bsa=4).verdict == "not-cleared"
    assert track(visits, region=region, on="2026-02-05").verdict == "not-cleared"


# Nothing is lost because something else is missing (issue 9, 3).


def test_a_week_without_a_score_keeps_the_contraindication_and_the_dose() -> None:
    answer = assess(region="eu", bsa=8, week=52, pregnant=True)
    part = answer.regions["eu"]
    assert part.verdict == "contraindicated"
    assert {"pregnancy", "review-without-score"} <= {found.code for found in part.findings}
    assert answer.dose is not None
    assert answer.check is not None
    assert answer.check.regions["eu"].decision == "score-needed"


@pytest.mark.parametrize(
    ("inputs", "code", "lost", "kept"),
    [
        ({"bsa": 8, "repig": 20}, "check-not-answered", "check", "dose"),
        ({"bsa": 8, "week": 52, "baseline": 3}, "check-not-answered", "check", "dose"),
        ({"height": 170, "week": 52, "repig": 20}, "dose-not-answered", "dose", "check"),
        ({"bsa": 8, "ftu": 4, "week": 52, "repig": 20}, "dose-not-answered", "dose", "check"),
    ],
)
def test_a_part_that_cannot_be_answered_takes_no_other_away(
    inputs: Mapping[str, Any], code: str, lost: str, kept: str
) -> None:
    answer = assess(region="eu", pregnant=True, **inputs)
    [found] = answer.findings
    assert (found.code, found.severity) == (code, "warning")
    assert getattr(answer, lost) is None
    assert getattr(answer, kept) is not None
    assert answer.verdict == "contraindicated"
    assert answer.worst == "critical"
    assert "--" not in found.message


# The boundaries of what raises a topic, both sides


@pytest.mark.parametrize(
    ("region", "inputs", "code", "raised"),
    [
        ("eu", {"age": 11}, "under-minimum-age", True),
        ("eu", {"age": "11.9"}, "under-minimum-age", True),
        ("eu", {"age": 12}, "under-minimum-age", False),
        ("us", {"age": 12}, "under-minimum-age", False),
        ("us", {"age": 64}, "older-age", False),
        ("us", {"age": 65}, "older-age", True),
        ("eu", {"egfr": 90}, "renal-impairment", False),
        ("eu", {"egfr": "89.9"}, "renal-impairment", True),
        ("eu", {"egfr": 15}, "renal-impairment", True),
        ("eu", {"egfr": 15}, "end-stage-renal-disease-not-stated", False),
        ("eu", {"egfr": "14.9"}, "end-stage-renal-disease-not-stated", True),
        ("eu", {"egfr": "14.9"}, "renal-impairment", False),
        ("eu", {"egfr": "14.9", "esrd": False}, "renal-impairment", True),
        ("eu", {"egfr": "14.9", "esrd": False}, "end-stage-renal-disease-not-stated", False),
        ("eu", {"egfr": "14.9", "esrd": True}, "end-stage-renal-disease", True),
        ("eu", {"egfr": "14.9", "esrd": True}, "renal-impairment", False),
        ("us", {"egfr": "14.9"}, "end-stage-renal-disease-not-stated", True),
        ("us", {"egfr": 90}, "label-silent", False),
        ("us", {"egfr": "89.9"}, "label-silent", True),
    ],
)
def test_a_boundary(region: str, inputs: Mapping[str, Any], code: str, raised: bool) -> None:
    assert (code in codes(region, **inputs)) is raised


def test_a_silence_disappears_when_the_other_label_speaks_no_more() -> None:
    """Its severity and its words follow the other label, not a list in the program."""
    us = load("us")
    rows = dict(us.provisions)
    rows["serious-infection"] = us.on("serious-infection")._replace(action="caution")
    weaker = us._replace(provisions=Frozen(rows))
    rows["serious-infection"] = us.on("serious-infection")._replace(action="silent", words="")
    silent = us._replace(provisions=Frozen(rows))
    patient = Patient(infection=True)
    for other, severities in ((us, ["warning"]), (weaker, ["info"]), (silent, [])):
        part = warn_rule(patient, (other, load("eu"))).regions["eu"]
        assert [found.severity for found in part.findings] == severities
        assert part.silent == ("serious-infection",)
    assert {label.region for label in load_all()} == {"us", "eu", "uk"}


@pytest.mark.parametrize("of_uk", ["avoid", "states"])
def test_one_label_that_forbids_is_enough_for_a_warning(of_uk: Any) -> None:
    """The US label is silent on the kidneys; the EU label says avoid, the UK label either."""
    uk = load("uk")
    row = uk.on("end-stage-renal-disease")._replace(action=of_uk)
    changed = uk._replace(provisions=Frozen({**uk.provisions, row.topic: row}))
    part = warn_rule(Patient(esrd=True), (load("us"), changed)).regions["us"]
    assert [found.severity for found in part.findings] == ["warning"]
    assert part.findings[0].about is not None
    assert part.findings[0].about["others"] == {"eu": "avoid", "uk": of_uk}
