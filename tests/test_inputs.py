"""One grammar for every interface: what is read, what is refused, and what it raises."""

import enum
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from conftest import ruxcalc
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc.api import assess, dose, warn
from ruxcalc.errors import InputError
from ruxcalc.inputs import Dispensing, JsonNumber, Repigmentation, SiteArea, as_json, read_input
from ruxcalc.labels.topics import TOPICS
from ruxcalc.patient import GROUPS, INPUTS, inputs_of, read_patient
from ruxcalc.sites import ONE_OF, SITES, WHOLE_SITES, read_site


def read(name: str, *values: object) -> object:
    return read_input(name, INPUTS[name], values)


# ---- what an input raises and answers ----


@pytest.mark.parametrize(
    ("name", "value", "topics"),
    [
        ("pregnant", True, ("pregnancy",)),
        ("pregnant", False, ()),
        ("pregnant", None, ()),
        ("face", False, ("facial-involvement",)),
        ("face", True, ()),
        ("segmental", True, ("vitiligo-type",)),
        ("segmental", False, ()),
        ("tuberculosis", "active", ("active-tuberculosis",)),
        ("tuberculosis", "latent", ("latent-tuberculosis",)),
        ("tuberculosis", "exposed", ("tuberculosis-exposure",)),
        ("tuberculosis", "no", ()),
        ("phototherapy", True, ("phototherapy",)),
        ("phototherapy_now", True, ("phototherapy-together",)),
        ("planning_pregnancy", True, ("planning-pregnancy",)),
        ("infection", True, ("serious-infection",)),
        ("chronic_infection", True, ("chronic-infection",)),
        ("past_serious_infection", True, ("past-serious-infection",)),
        ("infection_risk", True, ("infection-risk",)),
        ("endemic_area", True, ("endemic-area",)),
        ("cardiovascular_risk", True, ("cardiovascular-risk",)),
        ("all_others_no", True, ()),
        ("age", Decimal(8), ()),
        ("drug", ("itraconazole",), ()),
    ],
)
def test_a_value_raises_its_topics(name: str, value: object, topics: tuple[str, ...]) -> None:
    assert INPUTS[name].raises(value) == topics


def test_every_topic_of_an_input_is_a_topic_and_each_has_one_input() -> None:
    answered = [topic for declared in INPUTS.values() for topic in declared.topics]
    assert set(answered) <= set(TOPICS)
    assert len(answered) == len(set(answered))
    assert INPUTS["tuberculosis"].topics == (
        "active-tuberculosis", "latent-tuberculosis", "tuberculosis-exposure",
    )  # fmt: skip
    for declared in inputs_of("warn").values():
        for word in declared.choices:
            assert set(declared.raises(word)) <= set(declared.topics)


def test_every_group_is_of_a_command() -> None:
    assert {group for groups in GROUPS.values() for group in groups} | {"visit"} == {
        declared.group for declared in INPUTS.values()
    }


# ---- sites, handprints, tubes ----


@pytest.mark.parametrize(
    ("text", "site"),
    [("face", "face"), ("FACE", "face"), ("hand", "hands"), ("foot", "feet"), ("leg", "legs"),
     ("arm", "arms"), ("left hand", "left-hand"), ("left-hands", "left-hand"),
     ("right_foot", "right-foot"), ("Head and Neck", "head-and-neck"),
     ("left-toes", "left-toes"), ("left-toe", "left-toes"), ("axilla", "axillae")],
)  # fmt: skip
def test_a_site_by_another_spelling(text: str, site: str) -> None:
    assert read_site(text) == site


def test_the_sites_are_those_of_the_contract() -> None:
    assert list(WHOLE_SITES) == [
        "face", "scalp", "neck", "head-and-neck", "trunk", "chest", "abdomen", "back", "axillae",
        "arms", "upper-limbs", "elbows", "forearms", "hands", "fingers", "legs", "lower-limbs",
        "thighs", "knees", "feet", "toes", "buttocks", "genitals", "body",
    ]  # fmt: skip
    assert set(ONE_OF) <= set(WHOLE_SITES)
    assert len(SITES) == len(WHOLE_SITES) + 2 * len(ONE_OF)
    for site in SITES:
        assert read_site(site) == site


@pytest.mark.parametrize("text", ["fcae", "", "nose", "x" * 1000, "left-face", "left", "\x00"])
def test_no_other_name_is_a_site(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a site\. "):
        read_site(text)


def test_values_by_site_are_the_same_in_every_spelling() -> None:
    expected = (Repigmentation("face", Decimal(76)), Repigmentation("trunk", Decimal(-5)))
    assert read("repig", "face=76", "trunk=-5") == expected
    assert read("repig", "face=76,trunk=-5") == expected
    assert read("repig", "Face=76%, trunk=-5") == expected
    areas = (SiteArea("face", Decimal(1)), SiteArea("hands", Decimal("2.5")))
    assert read("handprints", "face=1,hand=2.5") == areas
    assert as_json(areas) == {"face": Decimal(1), "hands": Decimal("2.5")}
    assert as_json(read("handprints", "8")) == Decimal(8)


@pytest.mark.parametrize("given_", [{"face": 1, "trunk": "3"}, "face=1,trunk=3",
                                    ["face=1", "trunk=3"]])  # fmt: skip
def test_handprints_by_site_add_up_in_python(given_: Any) -> None:
    assert dose(handprints=given_, region="eu").bsa_percent == 4


@pytest.mark.parametrize(
    ("text", "tubes"),
    [("3x100", ((3, 100),)), ("3X100", ((3, 100),)), ("3 x 100", ((3, 100),)),
     ("3\N{MULTIPLICATION SIGN}100", ((3, 100),)), ("1x60,2x100", ((1, 60), (2, 100))),
     ("1x60, 2x100", ((1, 60), (2, 100))), ("100x1000", ((100, 1000),)),
     ("1x0.5", ((1, Decimal("0.5")),))],
)  # fmt: skip
def test_tubes_that_are_read(text: str, tubes: tuple[tuple[int, Decimal], ...]) -> None:
    assert read("dispensed", text) == tuple(Dispensing(n, Decimal(grams)) for n, grams in tubes)
    # What an answer repeats can be given again.
    again = as_json(read("dispensed", text))
    assert isinstance(again, tuple)
    assert read("dispensed", *again) == read("dispensed", text)


@pytest.mark.parametrize("text", ["", "x", "3x", "x100", "3", "0x100", "101x100", "3x0", "3x1001",
                                  "-3x100", "3x-100", "3.5x100", "3x100x2", "3,100", "٣x100",
                                  "9" * 200 + "x100"])  # fmt: skip
def test_tubes_that_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        read("dispensed", text)


@pytest.mark.parametrize(
    ("given_", "names"),
    [(["itraconazole, ritonavir"], ("itraconazole", "ritonavir")),
     (["itraconazole", "ritonavir"], ("itraconazole", "ritonavir")),
     (["St John's wort"], ("St John's wort",)),
     (["1,25-dihydroxyvitamin D"], ("1,25-dihydroxyvitamin D",)),
     (["none"], ()), ([False], ())],
)  # fmt: skip
def test_names_are_joined_by_commas(given_: list[object], names: tuple[str, ...]) -> None:
    assert read("drug", *given_) == names


@pytest.mark.parametrize("typed", [["none", "itraconazole"], ["x, None"], ["none, none"]])
def test_none_stands_alone(typed: list[object]) -> None:
    with pytest.raises(InputError, match=r"stands beside other names|more than once"):
        read("drug", *typed)


# ---- dates ----


@pytest.mark.parametrize("text", ["2026-01-05", "0001-01-01", "9999-12-31", "2028-02-29"])
def test_a_date_that_is_read(text: str) -> None:
    assert read("start", text) == date.fromisoformat(text)


@pytest.mark.parametrize("value", ["20260105", "2026-1-5", "2026-02-30", "2026-01-05T00:00", "",
                                   "\uff12\uff10\uff12\uff16-01-05", " 2026-01-05", "2026-W01-1",
                                   20260105, 0.5, datetime(2026, 1, 5, tzinfo=UTC),
                                   None.__class__])  # fmt: skip
def test_a_date_that_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        read("start", value)


# ---- the same in every interface ----


class Half(float):
    """A float of another type, which says of itself what it is not."""

    def __repr__(self) -> str:
        return "8"

    __str__ = __repr__


class Eight(enum.IntEnum):
    """A whole number of another type."""

    EIGHT = 8


class Unready:
    """What says that it can be gone through, and cannot."""

    def __iter__(self) -> Iterator[object]:
        raise TypeError


NO_NUMBER = [b"8", bytearray(b"8"), [8], (8,), ["8"], {8}, {"a": 8}, True, None.__class__,
             float("nan"), float("inf"), Decimal("nan"), Decimal("sNaN"), 8j, object(), Unready(),
             date.today, memoryview(b"8"), iter([8]), range(8, 9), 10**5000, "8" * 100,
             "8 "]  # fmt: skip


@pytest.mark.parametrize("value", NO_NUMBER, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", ["bsa", "week", "age", "egfr"])
def test_what_is_no_number_is_refused_with_the_one_error(name: str, value: Any) -> None:
    with pytest.raises(InputError) as refused:
        assess(**{name: value})
    assert refused.value.field == name
    assert "object at" not in str(refused.value)
    assert "<" not in str(refused.value)


@pytest.mark.parametrize("value", [8, "8", "8%", "8.0", 8.0, Decimal(8), Decimal("8.00"),
                                   Eight.EIGHT, JsonNumber("8.0")])  # fmt: skip
def test_a_number_is_read_by_its_value(value: Any) -> None:
    assert read("bsa", value) == 8


def test_a_float_of_another_type_is_read_by_its_value_not_by_what_it_says() -> None:
    assert dose(bsa=Half(0.5), region="eu").bsa_percent == Decimal("0.5")


@pytest.mark.parametrize("name", list(inputs_of("assess")))
@pytest.mark.parametrize("value", [b"yes", [b"x"], [[8]], {"face": [8]}, {8: 8}, object(), 8j,
                                   Unready(), [Unready()], {"face": {"face": 8}}, [None]],
                         ids="abcdefghijk")  # fmt: skip
def test_no_input_raises_any_other_error(name: str, value: Any) -> None:
    with pytest.raises(InputError):
        assess(**{name: value})


def test_names_without_an_end_are_refused() -> None:
    for name in ("drug", "repig", "handprints", "dispensed"):
        with pytest.raises(InputError, match="more than 100 times"):
            assess(**{name: map(str, count())})  # type: ignore[arg-type]  # any input


def test_a_list_of_one_number_is_refused_in_python_and_in_a_list_alike() -> None:
    with pytest.raises(InputError) as in_python:
        assess(bsa=[8])  # type: ignore[arg-type]  # any input
    ran = ruxcalc("batch", "-", stdin='{"bsa": [8]}\n')
    assert ran.status == 4
    assert in_python.value.reason in ran.err


@pytest.mark.parametrize("typed", [True, 1, 1.0, Decimal(1), "1", JsonNumber("1"), "yes", "true"])
def test_nothing_is_remembered_by_what_only_compares_equal(typed: Any) -> None:
    # Each is read after each, so that a memory of the one before would show.
    def outcome(name: str, value: Any) -> str:
        try:
            return repr(read(name, value))
        except InputError as error:
            return error.problem

    for other in (True, 1, 1.0, Decimal(1), "1", JsonNumber("1"), "yes", "true"):
        alone = {name: outcome(name, typed) for name in ("pregnant", "bsa", "drug", "measure")}
        for name, before in alone.items():
            outcome(name, other)
            assert outcome(name, typed) == before


@given(st.dictionaries(st.sampled_from(["bsa", "age", "pregnant", "tuberculosis", "repig",
                                        "handprints", "drug", "start", "dispensed"]),
                       st.one_of(st.text(max_size=12), st.booleans(), st.integers(), st.floats(),
                                 st.sampled_from(["8", "face=76", "3x100", "active", "no",
                                                  "2026-01-05", "8,5", "5.1.2026"]))))  # fmt: skip
def test_python_answers_or_raises_the_one_error(given_: dict[str, Any]) -> None:
    try:
        answer = assess(**given_)
    except InputError as error:
        assert error.field in INPUTS
        assert str(error).startswith(f"{error.field}: ")
    else:
        assert set(answer.inputs) - {"on"} == set(given_)


# ---- the message ----


@pytest.mark.parametrize(
    ("error", "in_python", "on_the_command_line"),
    [
        (
            InputError("weight", "is missing beside {height}", "{height} and {weight}"),
            "weight: is missing beside height. Accepted: height and weight.",
            "--weight: is missing beside --height. Accepted: --height and --weight.",
        ),
        (
            InputError("drug", "is given together with {no_drug}", "one of them, not both"),
            "drug: is given together with no_drug. Accepted: one of them, not both.",
            "--drug: is given together with --no-drug. Accepted: one of them, not both.",
        ),
        (
            InputError("bsa", "has a comma", "a number", "8,5", write="8.5"),
            "bsa: '8,5' has a comma. Write 8.5.",
            "--bsa: '8,5' has a comma. Write 8.5.",
        ),
        (
            InputError("bsa", "is not a number", "a number", "{week}"),
            "bsa: '{week}' is not a number. Accepted: a number.",
            "--bsa: '{week}' is not a number. Accepted: a number.",
        ),
        (
            InputError("start", "is not written as YYYY-MM-DD", given="x", fix="2026-01-05?"),
            "start: 'x' is not written as YYYY-MM-DD. 2026-01-05?",
            "--start: 'x' is not written as YYYY-MM-DD. 2026-01-05?",
        ),
    ],
)
def test_a_message_names_inputs_as_its_reader_knows_them(
    error: InputError, in_python: str, on_the_command_line: str
) -> None:
    assert str(error) == error.sentence == in_python
    assert error.for_command_line() == on_the_command_line
    assert error.reason == in_python.partition(": ")[2]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(True, "true"), (8, "8"), (Decimal("8.50"), "8.50"), (8.5, "8.5"), ("it's", "'it's'"),
     ("C:\\x", "'C:\\x'"), ("\x1b[31m", "'\\x1b[31m'"), (b"8", "a byte string"), ([8], "a list"),
     ((), "an empty list"), ({"a": 8}, "an object"), (JsonNumber("8e400"), "8e400"),
     (10**5000, "a huge whole number")],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_was_typed_is_shown_and_not_pythons_notation(value: object, shown: str) -> None:
    assert str(InputError("bsa", "is wrong", given=value)) == f"bsa: {shown} is wrong."


def test_a_row_shows_what_was_typed() -> None:
    rows = [{"bsa": True}, {"bsa": [8]}, {"bsa": {"a": 1}}, {"bsa": "8,5"}, {"week": "52w"}]
    ran = ruxcalc("batch", "-", stdin="".join(json.dumps(row) + "\n" for row in rows))
    assert ran.status == 4
    for words in ("bsa: true is", "bsa: a list is", "bsa: an object is", "Write 8.5.",
                  "week: '52w' has a unit, w"):  # fmt: skip
        assert words in ran.err
    assert "Pairs" not in ran.err


def test_a_patient_is_read_in_the_order_of_the_declaration() -> None:
    with pytest.raises(InputError) as refused:
        read_patient({"week": ("x",), "bsa": ("y",)})
    assert refused.value.field == "bsa"


def test_all_others_no_answers_the_safety_questions() -> None:
    answer = warn(all_others_no=True, age=34, face=True, region="eu")
    assert answer.all_others_no is True
    assert answer.regions["eu"].not_checked == ()
