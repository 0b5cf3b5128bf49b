"""What must hold for every patient, not only for those in the case files."""

import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ruxcalc import InputError, assess, check, dose, warn
from ruxcalc.answers import DoseAnswer, findings_of
from ruxcalc.cli.main import run
from ruxcalc.cli.options import COMMANDS, options_of
from ruxcalc.patient import INPUTS, inputs_of

percents = st.decimals(min_value="0.01", max_value=100, places=4)
surfaces = st.decimals(min_value="0.3", max_value=5, places=3)
weeks = st.decimals(min_value=0, max_value=400, places=2)
responses = st.decimals(min_value=-1000, max_value=100, places=3)


def caps_met(answer: DoseAnswer) -> list[bool]:
    return [cap.within for part in answer.regions.values() for cap in part.caps]


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
    assert all(met or not met_more for met, met_more in zip(caps_met(small), caps_met(large),
                                                             strict=True))  # fmt: skip


@given(percents, surfaces, st.integers(min_value=1, max_value=1000))
def test_the_tubes_hold_the_supply_and_not_a_tube_more(
    bsa: Decimal, surface: Decimal, days: int
) -> None:
    answer = dose(bsa=bsa, body_surface=surface, days=days)
    for part in answer.regions.values():
        for tubes in part.supply:
            assert tubes.tubes * tubes.tube_grams >= answer.use.grams_per_supply
            assert (tubes.tubes - 1) * tubes.tube_grams < answer.use.grams_per_supply


@given(percents, st.none() | surfaces)
def test_over_a_label_is_never_without_a_critical_finding(
    bsa: Decimal, surface: Decimal | None
) -> None:
    for part in dose(bsa=bsa, body_surface=surface).regions.values():
        critical = any(finding.severity == "critical" for finding in part.findings)
        assert critical is not part.within_label


@pytest.mark.parametrize("region", ["eu", "uk"])
@given(weeks, weeks, responses, responses)
def test_later_or_lower_never_turns_consider_stopping_into_continue(
    region: str, week: Decimal, later: Decimal, response: Decimal, lower: Decimal
) -> None:
    week, later = sorted((week, later))
    lower, response = sorted((lower, response))
    first = check(week=week, repig=response, region=region).regions[region].decision
    second = check(week=later, repig=lower, region=region).regions[region].decision
    assert first == "continue" or second == "consider-stopping"


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


flags = [name for name, declared in inputs_of("warn").items() if declared.kind == "flag"]


@given(st.dictionaries(st.sampled_from(flags), st.booleans()))
def test_each_topic_is_found_silent_unread_unchecked_or_answered_no(told: dict[str, bool]) -> None:
    answer = warn(**told)  # type: ignore[arg-type]
    for part in answer.regions.values():
        found = {finding.code for finding in part.findings}
        for name in flags:
            declared = INPUTS[name]
            for topic in declared.topics:
                heard = topic in found or topic in part.silent or topic in part.not_read
                assert heard is (told.get(name) is declared.triggers)
                assert (topic in part.not_checked) is (name not in told)


@given(percents, weeks, responses, st.booleans())
def test_assess_is_the_three_answers(
    bsa: Decimal, week: Decimal, response: Decimal, pregnant: bool
) -> None:
    whole = assess(bsa=bsa, week=week, repig=response, pregnant=pregnant)
    assert whole.dose == dose(bsa=bsa)
    assert whole.check == check(week=week, repig=response)
    assert whole.warn == warn(pregnant=pregnant)
    severities = [finding.severity for _, finding in findings_of(whole)]
    assert severities == sorted(severities, key=["critical", "warning", "info"].index)
    assert whole.worst == (severities[0] if severities else None)
    assert whole.check is not None
    found = [part.findings for part in whole.warn.regions.values()]
    found += [part.findings for part in whole.check.regions.values()]
    for findings in found:
        listed = [finding.severity for finding in findings]
        assert listed == sorted(listed, key=["critical", "warning", "info"].index)


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
    for option in draw(st.lists(st.sampled_from(spelled), max_size=7)):
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


def outcome(arguments: list[str]) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO()))
        status = run(arguments)
    return status, out.getvalue(), err.getvalue()


@settings(max_examples=300)
@given(argument_lists())
@example(["dose", "--bsa", "8", "--json", "--json"])
@example(["warn", "--no-drug", "--no-drug"])
@example(["warn", "--drug", "ritonavir", "--no-drug"])
@example(["label", "us", "--diff", "eu"])
def test_both_readers_of_an_argument_list_agree(arguments: list[str]) -> None:
    plainly = outcome(arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ruxcalc.cli.main.read_plainly", lambda _: None)
        with_typer = outcome(arguments)
    assert plainly == with_typer


@settings(max_examples=300)
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
def test_python_answers_or_raises_the_one_error(told: dict[str, object]) -> None:
    try:
        assess(**told)  # type: ignore[arg-type]
    except InputError as error:
        assert error.field in INPUTS
        assert str(error)


def test_the_environment_is_left_alone() -> None:
    before = dict(os.environ)
    outcome(["assess", "--bsa", "8"])
    assert dict(os.environ) == before
