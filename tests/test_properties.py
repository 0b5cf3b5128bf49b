"""What must hold for every patient, not only for those in the case files."""

import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO, TextIOWrapper
from math import ceil
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ruxcalc import InputError, assess, check, dose, warn
from ruxcalc.cli.main import run
from ruxcalc.cli.options import COMMANDS, options_of
from ruxcalc.patient import INPUTS, inputs_of
from ruxcalc.results import Finding
from ruxcalc.rules.assess import AssessAnswer
from ruxcalc.rules.dose import DoseAnswer

REGIONS = ("us", "eu", "uk")
percents = st.decimals(min_value="0.01", max_value=100, places=4)
surfaces = st.decimals(min_value="0.3", max_value=5, places=3)
weeks = st.decimals(min_value=0, max_value=400, places=2)
responses = st.decimals(min_value=-1000, max_value=100, places=3)


# ---- an oracle of its own: the contract and the facts once more, in fractions ----

# The contract's order; here a second time.
ORDER = ("contraindicated", "avoid", "over-label", "outside-label", "consider-stopping",
         "re-evaluate", "ask-patient", "score-needed", "caution", "not-cleared",
         "nothing-found")  # fmt: skip
# Grams of a cap, the days over which an estimate is compared, the days over which it binds.
CAPS = {"us": ((60, 7, 7), (100, 14, 14)), "eu": ((200, 31, 28),), "uk": ((200, 31, 28),)}


def first(*verdicts: str) -> str:
    """Return the verdict that stands first in the contract's order."""
    return min(verdicts, key=ORDER.index)


def expected_dose(region: str, area: Fraction | None, squared: Fraction) -> tuple[str, list[str]]:
    """Return the verdict and the codes on area and amount, from % BSA and (g a day) squared.

    By height and weight the grams are a square root, and only their square is a fraction.
    """
    met = [squared <= Fraction(grams, days) ** 2 for grams, days, _ in CAPS[region]]
    near = [squared <= Fraction(grams, days) ** 2 for grams, _, days in CAPS[region]]
    codes = ["area-above-maximum"] if area is not None and area > 10 else []
    if not any(met):
        codes.append("quantity-near-maximum" if any(near) else "quantity-above-maximum")
    verdict = "not-cleared"
    if "quantity-near-maximum" in codes:
        verdict = "caution"
    if {"area-above-maximum", "quantity-above-maximum"} & {*codes}:
        verdict = "over-label"
    return verdict, codes


amounts = st.sampled_from(
    ["0.645161290322580645", "0.645161290322580646", "0.714285714285714285",
     "0.714285714285714286", "0.857142857142857142", "0.857142857142857143", "0.5"]
) | st.decimals(min_value="0.1", max_value=2, places=3).map(str)  # fmt: skip
areas = st.sampled_from(["10", "10.0000001", "9.9999999", "5"]) | percents.map(str)
OF_AREA_AND_AMOUNT = {"area-above-maximum", "quantity-near-maximum", "quantity-above-maximum"}


def assert_dose(answer: DoseAnswer, area: Fraction | None, squared: Fraction) -> None:
    for region, part in answer.regions.items():
        verdict, codes = expected_dose(region, area, squared)
        assert part.verdict == verdict
        assert sorted(OF_AREA_AND_AMOUNT & {f.code for f in part.findings}) == sorted(codes)
        assert part.area_within is (None if area is None else area <= 10)
        for cap, (grams, days, _) in zip(part.caps, CAPS[region], strict=True):
            assert cap.within is (squared <= Fraction(grams, days) ** 2)
        amount = any(cap.within for cap in part.caps)
        assert part.within_label is (False if not amount else part.area_within)
    assert answer.verdict == first(*(part.verdict for part in answer.regions.values()))


@given(areas, amounts)
def test_a_dose_by_fingertip_unit_agrees_with_the_oracle(bsa: str, grams: str) -> None:
    per_day = Fraction(bsa) / 2 * Fraction(grams) * 2
    assert_dose(dose(bsa=bsa, grams_per_ftu=grams), Fraction(bsa), per_day**2)


@given(st.decimals(min_value="0.1", max_value=20, places=3).map(str), amounts)
def test_an_amount_in_fingertip_units_agrees_with_the_oracle(ftu: str, grams: str) -> None:
    per_day = Fraction(ftu) * Fraction(grams) * 2
    assert_dose(dose(ftu=ftu, grams_per_ftu=grams), None, per_day**2)


@given(areas, surfaces.map(str) | st.sampled_from(["2.0416", "2.0417", "2.26", "2.27", "2.72"]))
def test_a_dose_by_density_agrees_with_the_oracle(bsa: str, surface: str) -> None:
    cm2 = Fraction(bsa) / 100 * Fraction(surface) * 10_000
    per_day = cm2 * Fraction("1.58") / 1000 * 2
    assert_dose(dose(bsa=bsa, body_surface=surface), Fraction(bsa), per_day**2)


heights = st.decimals(min_value=50, max_value=280, places=1).map(str)
weights = st.decimals(min_value=5, max_value=650, places=1).map(str)


@given(areas, heights, weights)
@example("10", "180", "90")
def test_a_dose_by_height_and_weight_agrees_with_the_oracle(
    bsa: str, height: str, weight: str
) -> None:
    of_one_m2 = Fraction(bsa) / 100 * 10_000 * Fraction("1.58") / 1000 * 2
    squared = of_one_m2**2 * Fraction(height) * Fraction(weight) / 3600
    assert_dose(dose(bsa=bsa, height=height, weight=weight), Fraction(bsa), squared)


def expected_review(
    region: str,
    week: Fraction,
    measured: list[Fraction],
    meaningful: bool | None,
    *,
    satisfactory: bool | None,
) -> tuple[str, set[str]]:
    """Return the decision and the codes, without those on how it was measured."""
    codes = {"worsening"} if any(percent < 0 for percent in measured) else set()
    if region == "us":
        codes |= {"no-52-week-rule"} if week >= 52 else set()
        if week < 24 or meaningful:
            return "continue", codes
        if meaningful is None:
            return "ask-patient", codes | {"patient-judgement-not-stated"}
        return "re-evaluate", codes | {"not-meaningful-by-week-24"}
    enough = satisfactory or any(percent >= 75 for percent in measured)
    if enough and satisfactory is not False:
        codes.add("satisfactory-areas-can-stop")
    if week >= 52 and not measured:
        return "score-needed", codes | {"review-without-score"}
    if week >= 52 and min(measured) < 25:
        return "consider-stopping", codes | {"repigmentation-below-threshold"}
    return "continue", codes


near_weeks = st.sampled_from(["23.99", "24", "51.99", "52"]) | weeks.map(str)
near_responses = (
    st.sampled_from(["24.999999999999999999", "25", "74.999999999999999999", "75", "0", "-0.001"])
    | responses.map(str)
)  # fmt: skip
HOW_MEASURED = {"measure-not-stated", "sites-disagree"}


@given(near_weeks, st.none() | near_responses, st.none() | st.booleans(), st.none() | st.booleans())
def test_a_review_agrees_with_the_oracle(
    week: str, repig: str | None, meaningful: bool | None, satisfactory: bool | None
) -> None:
    answer = check(week=week, repig=repig, meaningful=meaningful, satisfactory=satisfactory)
    measured = [] if repig is None else [Fraction(repig)]
    for region, part in answer.regions.items():
        decision, codes = expected_review(
            region, Fraction(week), measured, meaningful, satisfactory=satisfactory
        )
        assert part.decision == decision
        assert part.verdict == ("not-cleared" if decision == "continue" else decision)
        assert {finding.code for finding in part.findings} - HOW_MEASURED == codes
    assert answer.verdict == first(*(part.verdict for part in answer.regions.values()))


# What each item contributes to the verdict of the US, the EU and the UK label, off the facts:
# silence where another label forbids and parts that were not read are a caution, any other
# silence leaves it not cleared.
CONTRAINDICATED, AVOID, OUTSIDE, CAUTION = "contraindicated", "avoid", "outside-label", "caution"
SILENT, STATED = "not-cleared", "nothing-found"
ONLY_US_WEIGHS = (CAUTION, SILENT, CAUTION)
ONLY_US_FORBIDS = (AVOID, CAUTION, CAUTION)
CONTRIBUTES: dict[str, tuple[str, str, str]] = {
    "segmental": (OUTSIDE, OUTSIDE, OUTSIDE),
    "hypersensitivity": (CAUTION, CONTRAINDICATED, CONTRAINDICATED),
    "pregnant": (CAUTION, CONTRAINDICATED, CONTRAINDICATED),
    "planning_pregnancy": (CAUTION, CAUTION, CAUTION),
    "breastfeeding": (AVOID, CONTRAINDICATED, CONTRAINDICATED),
    "esrd": (CAUTION, AVOID, AVOID),
    "hepatic": (SILENT, STATED, STATED),
    "biologic": ONLY_US_WEIGHS,
    "jak_inhibitor": ONLY_US_WEIGHS,
    "immunosuppressant": ONLY_US_WEIGHS,
    "live_vaccine": (SILENT, SILENT, CAUTION),
    "infection": ONLY_US_FORBIDS,
    "chronic_infection": ONLY_US_WEIGHS,
    "past_serious_infection": ONLY_US_WEIGHS,
    "infection_risk": ONLY_US_WEIGHS,
    "endemic_area": ONLY_US_WEIGHS,
    "hepatitis_b": ONLY_US_WEIGHS,
    "hepatitis_c": ONLY_US_WEIGHS,
    "zoster": ONLY_US_WEIGHS,
    "malignancy": ONLY_US_WEIGHS,
    "nmsc": (CAUTION, CAUTION, CAUTION),
    "phototherapy": (SILENT, CAUTION, CAUTION),
    "phototherapy_now": ONLY_US_WEIGHS,
    "smoker": ONLY_US_WEIGHS,
    "cardiovascular_risk": ONLY_US_WEIGHS,
    "mi_or_stroke": ONLY_US_FORBIDS,
    "thrombosis_risk": ONLY_US_FORBIDS,
    "cytopenia": ONLY_US_WEIGHS,
    "diabetes": (STATED, SILENT, CAUTION),
}
FLAGS = [name for name, declared in inputs_of("warn").items()
         if declared.kind == "flag" and name != "all_others_no"]  # fmt: skip
patients = st.dictionaries(st.sampled_from(list(CONTRIBUTES)), st.booleans())


def expected_precautions(region: str, answered: Mapping[str, bool], *, closed: bool) -> str:
    """Return the verdict of the precautions; `closed` says that nothing was left unasked.

    The UK label is never cleared: parts of it that concern every patient were not read.
    """
    at = REGIONS.index(region)
    raised = [CONTRIBUTES[name][at] for name, yes in answered.items() if yes]
    return first(STATED if closed and region != "uk" else "not-cleared", *raised)


# With these nothing is left unasked: an age and a face have no plain no.
CLOSING: dict[str, Any] = {"age": 34, "face": True, "all_others_no": True}


def test_every_item_has_its_row() -> None:
    assert {*CONTRIBUTES, "face"} == {*FLAGS}


@given(patients, st.booleans())
def test_the_verdict_of_the_precautions_is_the_first_that_applies(
    answered: dict[str, bool], closed: bool
) -> None:
    answer = warn(**answered, **(CLOSING if closed else {}))  # type: ignore[arg-type]  # any input
    for region, part in answer.regions.items():
        assert part.verdict == expected_precautions(region, answered, closed=closed)
        assert part.contraindicated is (part.verdict == "contraindicated")
        assert bool(part.not_checked) is not closed
        assert part.asked.answered == part.asked.of - len(part.not_checked)
    assert answer.verdict == first(*(part.verdict for part in answer.regions.values()))


@given(areas, near_weeks, st.none() | near_responses, st.none() | st.booleans(), patients,
       st.booleans())  # fmt: skip
def test_the_verdict_of_the_three_together_is_the_first_that_applies(  # noqa: PLR0913, PLR0917 - inputs
    bsa: str,
    week: str,
    repig: str | None,
    meaningful: bool | None,
    answered: dict[str, bool],
    closed: bool,
) -> None:
    inputs: dict[str, Any] = {"bsa": bsa, "week": week, "repig": repig, "meaningful": meaningful}
    answer = assess(**inputs, **answered, **(CLOSING if closed else {}))  # type: ignore[arg-type]  # any input
    measured = [] if repig is None else [Fraction(repig)]
    for region, part in answer.regions.items():
        of_dose, _ = expected_dose(region, Fraction(bsa), (Fraction(bsa) / 2) ** 2)
        of_review, _ = expected_review(
            region, Fraction(week), measured, meaningful, satisfactory=None
        )
        open_parts = [v for v in (of_dose, of_review) if v not in ("not-cleared", "continue")]
        of_safety = expected_precautions(region, answered, closed=closed)
        assert part.verdict == first(*open_parts, of_safety)
        assert (of_safety == "contraindicated") is part.contraindicated
    assert answer.verdict == first(*(part.verdict for part in answer.regions.values()))


# ---- amounts and tubes ----


@given(percents, percents, st.none() | surfaces)
def test_more_area_never_needs_less_cream(
    one: Decimal, other: Decimal, surface: Decimal | None
) -> None:
    small, large = (dose(bsa=bsa, body_surface=surface) for bsa in sorted((one, other)))
    assert small.use.grams_per_week <= large.use.grams_per_week
    for region, part in small.regions.items():
        more = large.regions[region]
        assert [s.tubes for s in part.supply] <= [s.tubes for s in more.supply]
        assert part.within_label or not more.within_label
        assert ORDER.index(part.verdict) >= ORDER.index(more.verdict)
        for cap, cap_of_more in zip(part.caps, more.caps, strict=True):
            assert cap.within or not cap_of_more.within


@given(percents, surfaces, st.integers(min_value=1, max_value=1000))
def test_the_tubes_hold_the_supply_and_the_in_use_life_and_not_a_tube_more(
    bsa: Decimal, surface: Decimal, days: int
) -> None:
    answer = dose(bsa=bsa, body_surface=surface, days=days)
    for region, part in answer.regions.items():
        opened = 1 if region == "us" else ceil(Fraction(days, 181))
        for tubes in part.supply:
            of_use = ceil(Fraction(answer.use.grams_per_supply) / Fraction(tubes.tube_grams))
            assert tubes.tubes == max(of_use, opened)


@given(st.decimals(min_value="0.1", max_value=14, places=3), st.integers(1, 13))
def test_what_is_recommended_for_whole_months_is_never_called_above_the_limit(
    bsa: Decimal, months: int
) -> None:
    days = 28 * months
    answer = dose(bsa=bsa, days=days)
    for region, part in answer.regions.items():
        for tubes, (grams, _, binding) in zip(part.supply, CAPS[region], strict=True):
            if Fraction(answer.use.grams_per_day) * binding > grams:
                continue  # this size is not recommended
            handed_out = f"{tubes.tubes}x{tubes.tube_grams}"
            again = dose(bsa=bsa, dispensed=handed_out, per_days=days, region=region)
            judged = again.regions[region].dispensed
            assert judged is not None
            assert judged.within, handed_out


@given(percents, st.none() | surfaces)
def test_over_a_label_is_never_without_something_to_act_on(
    bsa: Decimal, surface: Decimal | None
) -> None:
    for part in dose(bsa=bsa, body_surface=surface).regions.values():
        severities = {finding.severity for finding in part.findings}
        assert bool({"warning", "critical"} & severities) is not part.within_label
        assert ("critical" in severities) is (part.verdict == "over-label")


# ---- reviews ----


@pytest.mark.parametrize("region", ["eu", "uk"])
@given(weeks, weeks, responses, responses)
def test_later_or_lower_never_turns_consider_stopping_into_continue(
    region: str, week: Decimal, later: Decimal, response: Decimal, lower: Decimal
) -> None:
    week, later = sorted((week, later))
    lower, response = sorted((lower, response))
    earlier = check(week=week, repig=response, region=region).regions[region].decision
    second = check(week=later, repig=lower, region=region).regions[region].decision
    assert earlier == "continue" or second == "consider-stopping"


@given(weeks, responses, responses)
def test_no_percentage_changes_a_us_decision(
    week: Decimal, response: Decimal, other: Decimal
) -> None:
    decisions = {
        check(week=week, repig=percent, region="us").regions["us"].decision
        for percent in (response, other)
    }
    assert len(decisions) == 1


@given(st.dictionaries(st.sampled_from(["face", "body", "hands", "trunk"]), responses, min_size=1),
       weeks)  # fmt: skip
def test_by_site_the_most_cautious_site_decides(sites: dict[str, Decimal], week: Decimal) -> None:
    by_site = check(week=week, repig=sites).regions["eu"]
    lowest = check(week=week, repig=min(sites.values())).regions["eu"]
    assert by_site.decision == lowest.decision
    assert by_site.sites is not None
    for site, percent in sites.items():
        alone = check(week=week, repig=percent).regions["eu"].decision
        assert by_site.sites[site].decision == alone


scores = st.decimals(min_value="0.01", max_value=100, places=2)


@given(scores.filter(lambda score: score >= 10), scores)
def test_two_scores_are_compared_exactly(baseline: Decimal, score: Decimal) -> None:
    decision = check(week=52, baseline=baseline, score=score, region="eu").regions["eu"].decision
    # In whole hundredths, so that nothing is rounded: less than a quarter of the baseline is gone.
    under = 4 * (int(baseline * 100) - int(score * 100)) < int(baseline * 100)
    assert decision == ("consider-stopping" if under else "continue")


# ---- precautions ----


def named_in(findings: tuple[Finding, ...]) -> set[str]:
    """Return the topics that findings are about: by their code, or as silent or unread."""
    topics = {finding.code for finding in findings}
    return topics | {str(f.about["topic"]) for f in findings if f.about and "topic" in f.about}


@given(st.dictionaries(st.sampled_from(FLAGS), st.booleans()))
def test_each_topic_is_found_silent_unread_not_asked_or_answered_no(
    answered: dict[str, bool],
) -> None:
    answer = warn(**answered)  # type: ignore[arg-type]  # any input
    everywhere = set[str]()
    for region, part in answer.regions.items():
        found = named_in(part.findings)
        for name in FLAGS:
            for topic in INPUTS[name].topics:
                said = topic in found or topic in part.silent or topic in part.not_read
                assert said is (answered.get(name) is INPUTS[name].triggers), region
                if name in answered:
                    assert topic not in part.not_checked
                elif topic in part.not_checked:
                    everywhere.add(topic)
    # Each topic is asked by the label of at least one region, but for what no label speaks of.
    unasked = {topic for name in FLAGS if name not in answered for topic in INPUTS[name].topics}
    assert unasked - everywhere <= {"live-vaccine"}


# ---- the answers among each other ----


def findings_of(answer: AssessAnswer) -> list[Finding]:
    of_regions = [found for part in answer.regions.values() for found in part.findings]
    return [*of_regions, *answer.findings]


@given(percents, weeks, responses, st.booleans())
def test_assess_is_the_three_answers(
    bsa: Decimal, week: Decimal, response: Decimal, pregnant: bool
) -> None:
    whole = assess(bsa=bsa, week=week, repig=response, pregnant=pregnant)
    assert whole.dose == dose(bsa=bsa)
    assert whole.check == check(week=week, repig=response)
    assert whole.warn == warn(pregnant=pregnant)
    for region, part in whole.regions.items():
        listed = [finding.severity for finding in part.findings]
        assert listed == sorted(listed, key=["critical", "warning", "info"].index)
        assert whole.dose is not None
        assert whole.check is not None
        parts = (whole.dose.regions[region], whole.check.regions[region],
                 whole.warn.regions[region])  # fmt: skip
        assert sorted(listed) == sorted(f.severity for one in parts for f in one.findings)
    severities = {finding.severity for finding in findings_of(whole)}
    worst = next((s for s in ("critical", "warning", "info") if s in severities), None)
    assert whole.worst == worst


wholes = st.fixed_dictionaries(
    {},
    optional={
        "bsa": percents,
        "body_surface": surfaces,
        "week": weeks,
        "repig": responses,
        "age": st.integers(0, 100),
        "drug": st.sampled_from(["itraconazole", "Paxlovid", "metformin", "tofacitinib"]),
        "tuberculosis": st.sampled_from(["active", "latent", "exposed", "no"]),
        **dict.fromkeys(("pregnant", "infection", "esrd", "smoker", "face"), st.booleans()),
    },
)


@given(wholes, st.permutations(REGIONS), st.integers(1, 3))
def test_no_region_depends_on_the_others_that_were_asked(
    answered: dict[str, Any], order: list[str], count: int
) -> None:
    every = assess(**answered)
    some = assess(**answered, region=order[:count])
    for region in order[:count]:
        assert some.regions[region] == every.regions[region]
        assert some.warn.regions[region] == every.warn.regions[region]
    assert list(some.regions) == [region for region in REGIONS if region in order[:count]]
    assert some.verdict == first(*(part.verdict for part in some.regions.values()))


@given(wholes)
def test_the_working_changes_nothing_else(answered: dict[str, Any]) -> None:
    plain, explained = assess(**answered), assess(**answered, explain=True)
    without = explained._replace(
        dose=explained.dose and explained.dose._replace(steps=None),
        check=explained.check and explained.check._replace(steps=None),
        warn=explained.warn._replace(steps=None),
    )
    assert without == plain
    assert explained.warn.steps is not None


# Argument lists: each option with a value that may or may not fit, and things that are no option.
values = (
    st.sampled_from(["8", "8.5%", "10.0000001", "0", "-5", "7,5", "nan", "", " ", "us", "eu,uk",
                     "json", "note", "markdown", "table", "csv", "html", "use.grams_per_week",
                     "face=76", "body=2",
                     "2026-01-05", "2026-13-01", "itraconazole", "azithromycin", "[red]",
                     "\x1b[31m", "\udcff", "density", "f-vasi", "170", "1.8", "52", "24", "--bsa",
                     "-r"])
    | st.text(max_size=8)
)  # fmt: skip


@st.composite
def argument_lists(draw: st.DrawFn) -> list[str]:
    command = draw(st.sampled_from(list(COMMANDS)))
    arguments = [command]
    spelled = [option for option in options_of(command) if not option.positional]
    for option in draw(st.lists(st.sampled_from(spelled), max_size=7)) if spelled else ():
        spelling = draw(st.sampled_from((*option.on, *option.off)))
        if option.metavar and spelling in option.on:
            value = draw(values)
            joined = draw(st.booleans()) and spelling.startswith("--")
            arguments += [f"{spelling}={value}"] if joined else [spelling, value]
        else:
            arguments.append(spelling)
    arguments += draw(st.lists(st.sampled_from(["us", "eu", "x", "--", "-", "--bas", "-x", "-qr",
                                                "--pregnant=yes", "-f=json", "-fjson"]),
                               max_size=1))  # fmt: skip
    return arguments


FOLDER = tempfile.TemporaryDirectory()


def outcome(arguments: list[str]) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO()))
        patch.chdir(FOLDER.name)  # some options name a file to be written
        status = run(arguments)
    return status, out.getvalue(), err.getvalue()


@given(argument_lists())
@example(["dose", "--bsa", "8", "--json", "--json"])
@example(["warn", "--no-drug", "--no-drug"])
@example(["warn", "--drug", "ritonavir", "--no-drug"])
@example(["label", "us", "--diff", "eu"])
def test_both_readers_of_an_argument_list_agree(arguments: list[str]) -> None:
    plainly = outcome(arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ruxcalc.cli.fast.read_fast", lambda _: None)
        with_typer = outcome(arguments)
    assert plainly == with_typer


@given(argument_lists() | st.lists(st.text(max_size=10), max_size=6))
def test_no_argument_list_ends_in_a_traceback_or_in_status_1(arguments: list[str]) -> None:
    status, out, err = outcome(arguments)
    assert status in (0, 2, 3)
    assert "Traceback" not in err
    assert (status == 2) is (out == "" and err.startswith("ruxcalc: ")) or "-q" in str(arguments)
    if status == 2:
        assert out == ""
        assert not any(ord(character) < 32 and character != "\n" for character in err)


@given(st.dictionaries(st.sampled_from(list(INPUTS)), values | st.booleans() | st.floats()))
def test_python_answers_or_raises_the_one_error(answered: dict[str, object]) -> None:
    try:
        assess(**answered)  # type: ignore[arg-type]  # any input
    except InputError as error:
        assert error.field in INPUTS
        assert str(error)


def test_the_environment_is_left_alone() -> None:
    before = dict(os.environ)
    outcome(["assess", "--bsa", "8"])
    assert dict(os.environ) == before
