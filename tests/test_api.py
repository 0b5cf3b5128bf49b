"""The Python functions: plain arguments in, typed answers out, one exception, no state."""

import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from typing import Any

import pytest
from conftest import VERIFIED_ON
from hypothesis import given
from hypothesis import strategies as st

import ruxcalc
from ruxcalc import (
    InputError,
    assess,
    check,
    dose,
    evidence,
    handout,
    label,
    plan,
    track,
    vasi,
    warn,
)
from ruxcalc.labels import REGIONS
from ruxcalc.patient import INPUTS, inputs_of
from ruxcalc.results import Frozen

VISITS = [
    {"date": "2026-01-05", "score": 4, "bsa": 8, "tubes_dispensed": 2},
    {"date": "2026-07-06", "score": 3, "bsa": 8, "tubes_dispensed": 1, "meaningful": "no"},
]

# Every function, each part of its answer asked for.
ANSWERS: dict[str, Callable[[], Any]] = {
    "dose": lambda: dose(bsa=8, height=170, weight=70, dispensed="3x100,1x60", explain=True),
    "check": lambda: check(week=52, repig={"face": 76, "body": 23}, explain=True),
    "warn": lambda: warn(pregnant=True, drug="Paxlovid", topical=["tacrolimus"], explain=True),
    "assess": lambda: assess(bsa=8, week=52, age=34, infection=True, explain=True),
    "assess in part": lambda: assess(bsa=8, repig=20),
    "plan": lambda: plan(start="2026-01-05", bsa=8, stop="2026-12-01", explain=True),
    "track": lambda: track([*VISITS, {"date": "soon"}], start="2026-01-05", explain=True),
    "handout": lambda: handout(region="eu", bsa=8, start="2026-01-05"),
    "label": lambda: label(topics=["storage", "review"]),
    "label differences": lambda: label(diff=True),
    "label facts": lambda: label(facts=True),
    "label due": lambda: label(check=True),
    "vasi": lambda: vasi("face=1@75 trunk=3@100", baseline="face=1@100 trunk=3@100", explain=True),
    "vasi steps": lambda: vasi(steps=True),
    "evidence": lambda: evidence(explain=True),
    "facts that are old": lambda: assess(bsa=8, on="2030-01-01"),
}
each_answer = pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)


def test_the_public_names() -> None:
    names = ["InputError", "assess", "check", "dose", "evidence", "handout", "label", "plan",
             "track", "vasi", "warn"]  # fmt: skip
    assert sorted(ruxcalc.__all__) == names
    for name in ruxcalc.__all__:
        assert getattr(ruxcalc, name).__doc__
        assert getattr(ruxcalc, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = ruxcalc.no_such_name


def test_the_answers_name_their_schema() -> None:
    for name, ask in ANSWERS.items():
        schema = getattr(ask(), "schema", None)
        if not name.startswith("label"):
            command = {"vasi steps": "vasi-steps", "facts that are old": "assess"}.get(
                name, name.split()[0]
            )
            assert schema == f"ruxcalc.{command}/1"


# Values


@pytest.mark.parametrize("bsa", ["8", "8%", 8, 8.0, Decimal(8), Decimal("8.00")])
def test_a_number_is_a_number_however_it_is_written(bsa: str | float | Decimal) -> None:
    assert dose(bsa=bsa).use.grams_per_week == 28


def test_a_float_is_read_by_its_shortest_form() -> None:
    assert dose(bsa=0.1 + 0.2).bsa_percent == Decimal("0.30000000000000004")
    assert check(week=52, repig=24.9, region="eu").regions["eu"].decision == "consider-stopping"
    assert check(week=52, repig=25.0, region="eu").regions["eu"].decision == "continue"


def test_not_given_no_and_yes_are_three_things() -> None:
    for answer, unchecked, found in ((None, True, False), (False, False, False),
                                     (True, False, True)):  # fmt: skip
        part = warn(region="eu", pregnant=answer).regions["eu"]
        assert ("pregnancy" in part.not_checked) is unchecked
        assert ("pregnancy" in [finding.code for finding in part.findings]) is found


def test_an_empty_list_of_medicines_means_none_taken() -> None:
    assert "cyp3a4-inducer" in warn(region="eu").regions["eu"].not_checked
    assert "cyp3a4-inducer" not in warn(region="eu", drug=[]).regions["eu"].not_checked
    assert warn(region="eu", drug="none") == warn(region="eu", drug=[])


@pytest.mark.parametrize(
    ("several", "same"),
    [
        ({"drug": ["itraconazole", "rifampicin"]}, {"drug": "itraconazole,rifampicin"}),
        ({"drug": ("itraconazole",)}, {"drug": "itraconazole"}),
        ({"drug": (name for name in ["itraconazole"])}, {"drug": "itraconazole"}),
        ({"region": ["EU", "us"]}, {"region": "us, eu"}),
        ({"pregnant": "yes"}, {"pregnant": True}),
        ({"pregnant": "FALSE"}, {"pregnant": False}),
    ],
)
def test_two_ways_to_say_the_same(several: dict[str, Any], same: dict[str, Any]) -> None:
    assert warn(**several) == warn(**same)


def test_dates_sites_and_regions() -> None:
    by_date = check(start="2026-01-05", on=date(2027, 1, 4), repig={"face": 76, "body": 23},
                    region=["EU", "uk"])  # fmt: skip
    assert by_date.week == 52
    assert list(by_date.regions) == ["eu", "uk"]
    sites = by_date.regions["eu"].sites
    assert sites is not None
    assert sites["face"].decision == "continue"
    assert sites["body"].decision == "consider-stopping"
    assert dose(handprints={"face": 1, "trunk": 3}).bsa_percent == 4


def test_a_start_without_a_day_takes_today_and_says_so() -> None:
    answer = check(start=date(2020, 1, 1), repig=30)
    assert answer.inputs["on"] == VERIFIED_ON  # which is today for the tests


def test_dates_are_dates() -> None:
    assert type(label().basis.facts_verified) is date
    planned = plan(start="2026-01-05", bsa=8)
    assert type(planned.start) is type(planned.regions["eu"].reviews[0].date) is date
    for finding in warn(pregnant=True).regions["eu"].findings:
        assert type(finding.source.edition) is date


# What is not accepted


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({}, "bsa"),
        ({"bsa": 0}, "bsa"),
        ({"bsa": "x"}, "bsa"),
        ({"bsa": "7,5"}, "bsa"),
        ({"bsa": True}, "bsa"),
        ({"bsa": 8, "ftu": 4}, "ftu"),
        ({"bsa": 8, "height": 170}, "weight"),
        ({"bsa": 8, "method": "guess"}, "method"),
        ({"bsa": 8, "days": 2.5}, "days"),
        ({"bsa": 8, "per_days": 28}, "dispensed"),
        ({"bsa": 8, "region": "fr"}, "region"),
        ({"bsa": 8, "region": []}, "region"),
        ({"bsa": 8, "bas": 8}, "bas"),
        ({"bsa": 8, "age": 34}, "age"),
        ({"bsa": [8, 9]}, "bsa"),
        ({"bsa": 8, "on": "today"}, "on"),
        ({"bsa": 8, "on": datetime(2026, 1, 5)}, "on"),  # noqa: DTZ001 - no date
    ],
)
def test_input_error_names_the_field(inputs: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        dose(**inputs)
    error = caught.value
    assert error.field == field
    assert str(error).startswith(f"{field}: ")
    assert isinstance(error, ValueError)
    assert "--" not in str(error)
    assert "{" not in str(error)


def test_an_input_error_survives_being_copied_between_processes() -> None:
    with pytest.raises(InputError) as caught:
        dose(bsa="7,5")
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert str(copy) == str(caught.value)
    assert copy.field == "bsa"


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: label(diff=True, facts=True), "facts"),
        (lambda: label(diff=True, region="eu"), "diff"),
        (lambda: label(topics=["storge"]), "topics"),
        (lambda: label(topics=["storage"], facts=True), "topics"),
        (lambda: vasi("face"), "sites"),
        (lambda: vasi(steps=True, baseline="face=1@75"), "steps"),
        (lambda: evidence(endpoint="F-VASI"), "endpoint"),
        (lambda: track([]), "visits"),
        (lambda: track([{"date": "2026-01-05", "week": 4}]), "week"),
        (lambda: plan(bsa=8), "start"),
        (lambda: check(repig=20), "week"),
        (lambda: handout(bsa=8), "region"),
        (lambda: handout(region="eu", pregnant=True), "pregnant"),
    ],
)
def test_what_the_other_functions_refuse(call: Callable[[], object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.field == field


class Odd:
    """A value that no input takes, and that refuses what it can."""

    def __iter__(self) -> Iterator[object]:
        raise TypeError

    def __str__(self) -> str:
        raise RuntimeError


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=20)
    | st.binary(max_size=4) | st.dates() | st.datetimes() | st.complex_numbers() | st.fractions()
    | st.sampled_from([Odd(), object, Odd, Fraction(1, 3), range(3), "\0", "8", "yes"])
    | st.builds(lambda: 10**5000),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.frozensets(st.integers())
    | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "dose": dose, "check": check, "warn": warn, "assess": assess, "plan": plan, "handout": handout,
}  # fmt: skip
# A question that is answered, to which one odd argument is added.
USUAL: dict[str, dict[str, Any]] = {
    "dose": {"bsa": 8}, "check": {"week": 52}, "warn": {}, "assess": {"bsa": 8},
    "plan": {"start": "2026-01-05"}, "handout": {"region": "eu"},
}  # fmt: skip


def answered_or_refused(function: Callable[..., Any], *arguments: Any, **inputs: Any) -> None:
    try:
        answer = function(*arguments, **inputs)
    except InputError as error:
        assert str(error).startswith(f"{error.field}: ")
        assert len(str(error)) < 2000
    else:
        hash(answer)


@given(st.data())
def test_any_argument_is_answered_or_refused_by_input_error(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FUNCTIONS)))
    argument = data.draw(st.sampled_from([*inputs_of(name), "on", "region"]))
    value = data.draw(anything)
    answered_or_refused(FUNCTIONS[name], **{**USUAL[name], argument: value})


@given(st.text(max_size=10).filter(lambda name: name not in INPUTS), anything)
def test_any_unknown_name_is_refused_by_input_error(name: str, value: Any) -> None:
    if name not in ("region", "explain"):
        with pytest.raises(InputError):
            warn(**{name: value})


@given(anything)
def test_any_argument_of_the_other_functions(value: Any) -> None:
    answered_or_refused(label, region=value)
    answered_or_refused(label, topics=value)
    answered_or_refused(label, on=value)
    answered_or_refused(vasi, value)
    answered_or_refused(vasi, "face=1@75", baseline=value)
    answered_or_refused(evidence, endpoint=value)
    answered_or_refused(evidence, week=value)
    answered_or_refused(track, value)
    answered_or_refused(track, [value])
    answered_or_refused(track, VISITS, start=value)
    for column in ("date", "repig", "score", "tubes_dispensed", "meaningful", "no such"):
        answered_or_refused(track, [{"date": "2026-01-05", column: value}])


# Answers


def inside(value: object) -> Iterator[object]:
    """Return the value and everything in it."""
    yield value
    parts: Any = ()
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts = value
    for part in parts:
        yield from inside(part)


@each_answer
def test_an_answer_cannot_be_changed_all_the_way_down(ask: Callable[[], Any]) -> None:
    plain = (str, int, bool, Decimal, date, type(None))
    for part in inside(ask()):
        if isinstance(part, Frozen):
            with pytest.raises(TypeError, match="cannot be changed"):
                part["bsa"] = 1
            with pytest.raises(TypeError, match="cannot be changed"):
                part.update(bsa=1)
        elif isinstance(part, tuple):
            for name in getattr(part, "_fields", ()):
                with pytest.raises(AttributeError):
                    setattr(part, name, None)
        else:
            assert type(part) in plain, type(part)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.__setitem__("a", 2),
        lambda m: m.__delitem__("a"),
        lambda m: m.__ior__({"a": 2}),
        lambda m: m.clear(),
        lambda m: m.pop("a"),
        lambda m: m.popitem(),
        lambda m: m.setdefault("b", 2),
        lambda m: m.update(a=2),
    ],
)
def test_a_frozen_mapping_refuses_every_change(change: Callable[[Any], object]) -> None:
    frozen = Frozen({"a": 1})
    with pytest.raises(TypeError, match="cannot be changed"):
        change(frozen)
    assert frozen == {"a": 1}
    assert hash(frozen) == hash(Frozen({"a": 1}))
    with pytest.raises(AttributeError):
        frozen.note = 2  # type: ignore[attr-defined]  # there is no such attribute


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ruxcalc.dose(bsa=8, region=repeat("us")),
        lambda: ruxcalc.warn(drug=repeat("itraconazole")),
        lambda: ruxcalc.track(repeat({"date": "2026-01-05"})),
        lambda: ruxcalc.vasi(repeat("face=1@75")),
        lambda: ruxcalc.label(topics=repeat("pregnancy")),
    ],
)
def test_what_has_no_end_is_refused(ask: Callable[[], Any]) -> None:
    with pytest.raises(InputError, match="more than"):
        ask()


def test_a_frozen_mapping_equals_in_any_order_and_then_has_the_same_hash() -> None:
    one, other = Frozen({"a": 1, "b": 2}), Frozen({"b": 2, "a": 1})
    assert one == other
    assert hash(one) == hash(other)


@each_answer
def test_an_answer_has_a_hash_by_its_value(ask: Callable[[], Any]) -> None:
    first, second = ask(), ask()
    assert first == second
    assert hash(first) == hash(second)
    assert len({first, second}) == 1


@each_answer
def test_an_answer_survives_being_pickled(ask: Callable[[], Any]) -> None:
    answer = ask()
    copy = pickle.loads(pickle.dumps(answer))  # noqa: S301 - our own
    assert copy == answer
    assert type(copy) is type(answer)
    assert hash(copy) == hash(answer)
    assert [type(part) for part in inside(copy)] == [type(part) for part in inside(answer)]


@each_answer
def test_an_answer_holds_no_float(ask: Callable[[], Any]) -> None:
    assert not any(isinstance(part, float) for part in inside(ask()))


@each_answer
def test_a_message_holds_no_option_name(ask: Callable[[], Any]) -> None:
    for part in inside(ask()):
        message = getattr(part, "message", "")
        assert "--" not in message
        assert "{" not in message


def test_changing_what_was_given_changes_no_answer() -> None:
    drugs, sites = ["itraconazole"], {"face": Decimal(76)}
    answers = warn(drug=drugs), check(week=52, repig=sites)
    before = [str(answer) for answer in answers]
    drugs.append("rifampicin")
    sites["body"] = Decimal(1)
    assert [str(answer) for answer in answers] == before


# State


@each_answer
def test_the_same_question_twice_is_the_same_answer_whatever_was_asked_between(
    ask: Callable[[], Any],
) -> None:
    before = ask()
    for other in ANSWERS.values():
        other()
        with pytest.raises(InputError):
            dose(bsa=8, region="fr")
        with pytest.raises(InputError):
            assess(age="old")
    assert ask() == before


@given(st.permutations(sorted(ANSWERS)))
def test_the_order_of_questions_changes_no_answer(order: list[str]) -> None:
    assert [str(ANSWERS[name]()) for name in order] == [ALL_ANSWERS[name] for name in order]


def setup_module() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ruxcalc.api.today", lambda: date.fromisoformat(VERIFIED_ON))
        ALL_ANSWERS.update({name: str(ask()) for name, ask in ANSWERS.items()})


ALL_ANSWERS: dict[str, str] = {}


def test_explain_adds_the_steps_and_changes_nothing_else() -> None:
    inputs: dict[str, Any] = {"bsa": 8, "week": 52, "repig": 20, "drug": "ritonavir"}
    plain, explained = assess(**inputs), assess(**inputs, explain=True)
    for part, of in ((explained.dose, plain.dose), (explained.check, plain.check),
                     (explained.warn, plain.warn)):  # fmt: skip
        assert part is not None
        assert part.steps
        assert part._replace(steps=None) == of
    assert explained._replace(dose=plain.dose, check=plain.check, warn=plain.warn) == plain


def test_one_region_alone_says_what_it_says_beside_the_others() -> None:
    inputs: dict[str, Any] = {"bsa": 8, "week": 52, "repig": 20, "infection": True, "esrd": True}
    together = assess(**inputs)
    for region in REGIONS:
        alone = assess(region=region, **inputs)
        assert list(alone.regions) == [region]
        assert alone.regions[region] == together.regions[region]
        assert alone.warn.regions[region] == together.warn.regions[region]


def test_assess_says_what_the_three_say() -> None:
    inputs: dict[str, Any] = {"bsa": 8}
    review: dict[str, Any] = {"week": 52, "repig": 20}
    safety: dict[str, Any] = {"pregnant": True, "drug": "itraconazole"}
    whole = assess(**inputs, **review, **safety)
    for part, alone in ((whole.dose, dose(**inputs)), (whole.check, check(**review)),
                        (whole.warn, warn(**safety))):  # fmt: skip
        assert part == alone


def test_label_shows_differences_and_figures() -> None:
    differences = label(diff=True, region=["us", "eu"]).differences
    assert differences
    assert "pregnancy" in [difference.topic for difference in differences]
    assert "indication" in [difference.topic for difference in differences]
    # The EU and UK rows on the face say the same.
    eu_uk = label(diff=True, region="eu,uk").differences or ()
    assert "facial-involvement" not in [difference.topic for difference in eu_uk]
    facts = label(facts=True)
    assert facts.figures
    assert facts.statements


def test_the_inputs_are_repeated_as_they_were_read() -> None:
    answer = assess(bsa="8.50%", drug="Vfend, aspirin", week=52, pregnant="no", repig={"face": 1})
    assert json.loads(json.dumps(answer.inputs, default=str)) == {
        "bsa": "8.50", "week": "52", "repig": {"face": "1"}, "pregnant": False,
        "drug": ["Vfend", "aspirin"],
    }  # fmt: skip
