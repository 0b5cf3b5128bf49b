"""The number grammar, at every interface, and how results are cut and shown."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from conftest import ruxcalc
from hypothesis import example, given
from hypothesis import strategies as st

from ruxcalc import InputError, assess, dose
from ruxcalc.numbers import LONGEST, exactly, plain_text, read_number, settled, shown
from ruxcalc.results import Step

REFUSED = [
    "", " ", " 8", "8 ", "8 %", "nan", "NaN", "inf", "-inf", "Infinity", "1e3", "1E3", "1_0", "7,5",
    "1,000", "+8", "-8", "--8", "8%%", "%", "%8", ".5", "8.", ".", "1.2.3", "0x10", "8g", "\uff18",
    "\u0668", "8\u00a0", "\u221e", "8\n", "8\t", "8\x00", "eight", "1/3", "9" * 41, "[red]8[/red]",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refused_as_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_number(text, percent=True)


@pytest.mark.parametrize("text", [text for text in REFUSED if "\x00" not in text])
def test_refused_at_the_command_line(text: str) -> None:
    ran = ruxcalc("dose", "--bsa", text)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("ruxcalc: --bsa")
    # What is accepted, or what to write instead.
    assert any(words in ran.err for words in ("Accepted: a number above 0", "Write", "such as 8"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"),
                                   True, False, b"8", [8, 9], object(), 10**5000, 1e300, 1e-300,
                                   Decimal("1e999999"), Decimal("1e-999999")],
                         ids=lambda value: type(value).__name__)  # fmt: skip
def test_refused_from_python(value: object) -> None:
    with pytest.raises(InputError) as caught:
        dose(bsa=value)  # type: ignore[arg-type]  # any input
    assert caught.value.field == "bsa"


@pytest.mark.parametrize(
    ("value", "problem"),
    [(True, "is a yes or no, not a number"), ([8], "is not a number"),
     (float("nan"), "is not a number"), (Decimal("inf"), "is not a number"),
     (Decimal("1e41"), "has more than 40 characters"),
     (Decimal("1e-41"), "has more than 40 characters"),
     (Decimal("1e40"), "has 41 characters, more than 40"),
     (1 << 160, "has more than 40 characters")],
)  # fmt: skip
def test_what_is_wrong_with_a_value_from_python(value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        read_number(value)


def test_the_longest_numbers_that_are_read() -> None:
    for number in ("9" * 40, "-" + "9" * 39, "0." + "1" * 38):
        assert read_number(number, signed=True) == Decimal(number)
    assert read_number(10**40 - 1) == 10**40 - 1
    assert read_number(Decimal("1e39")) == 10**39
    with pytest.raises(ValueError, match=r"^has 41 characters, more than 40$"):
        read_number("9" * 41)
    with pytest.raises(ValueError, match=r"^has 41 characters, more than 40$"):
        read_number(10**40)


def test_a_sign_and_a_percent_are_accepted_where_they_are_allowed() -> None:
    assert read_number("-8", signed=True) == -8
    assert read_number("-8%", signed=True, percent=True) == -8
    for number in (-8, -8.0, Decimal(-8)):
        assert read_number(number, signed=True) == -8
        with pytest.raises(ValueError, match=r"^has a sign$"):
            read_number(number)
    for text, allowed in (("-8", {"percent": True}), ("8%", {"signed": True}), ("8%", {})):
        with pytest.raises(ValueError, match=r"^has a "):
            read_number(text, **allowed)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("--8", "has a sign"), ("1.2.3", "is not a plain number"), ("-.5", "lacks a digit"),
     ("1,000", "has a comma: 1.000"), ("1,000.5", "is not a plain number")],
)  # fmt: skip
def test_what_is_wrong_where_a_sign_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}"):
        read_number(text, signed=True)


def test_a_result_is_carried_without_zeros_that_say_nothing() -> None:
    for number, expected in (("8.50", "8.5"), ("1E+2", "100"), ("0.5", "0.5"), ("100", "100")):
        assert str(settled(Decimal(number))) == expected


def test_a_large_result_without_an_end_is_cut_too() -> None:
    with exactly():
        third = Decimal(10) ** 24 / 3
    assert plain_text(settled(third)) == "3" * 24 + "." + "3" * 12


def test_a_number_is_shown_in_full_without_zeros_that_say_nothing() -> None:
    shown_as = {"8.500": "8.5", "100": "100", "1E+2": "100", "1E-3": "0.001", "-0": "0",
                "0.00": "0", "-0.0": "0", "120": "120", "1.20E+1": "12"}  # fmt: skip
    assert {text: plain_text(Decimal(text)) for text in shown_as} == shown_as


@pytest.mark.parametrize(
    ("value", "expected"),
    [("8", "8"), ("8.5", "8.5"), ("8%", "8"), ("08", "8"), ("8.50", "8.5"), (8, "8"), (0.1, "0.1"),
     (1e-7, "0.0000001"), (Decimal("8.50"), "8.5"), (Decimal("1E+1"), "10")],
)  # fmt: skip
def test_read_exactly(value: object, expected: str) -> None:
    assert plain_text(read_number(value, percent=True)) == expected


def test_a_comma_is_answered_with_a_point() -> None:
    assert "Write 7.5." in ruxcalc("dose", "--bsa", "7,5").err


def test_a_percent_sign_belongs_to_percentages_only() -> None:
    assert ruxcalc("dose", "--bsa", "8", "--height", "180%", "--weight", "70").status == 2
    assert ruxcalc("dose", "--bsa", "8%").status == 0


def test_five_thousand_digits_are_cut_in_the_message() -> None:
    ran = ruxcalc("dose", "--bsa", "1" * 5000)
    assert ran.status == 2
    assert "5000 characters" in ran.err
    assert len(ran.err) < 400


@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=6))
def test_plain_decimals_are_read_as_typed(number: Decimal) -> None:
    assert read_number(format(number, "f")) == number


@given(st.text(max_size=LONGEST))
def test_whatever_is_accepted_is_plain_ascii(text: str) -> None:
    try:
        read_number(text, signed=True, percent=True)
    except ValueError:
        return
    assert set(text) <= set("-0123456789.%")


@given(
    st.decimals(min_value=0, max_value=200, allow_nan=False, allow_infinity=False),
    st.sampled_from([Decimal(10), Decimal(25), Decimal(100)]),
)
def test_a_shown_number_never_crosses_a_limit(number: Decimal, limit: Decimal) -> None:
    seen = Decimal(shown(number, 1, limit))
    assert (seen > limit, seen < limit) == (number > limit, number < limit)


@pytest.mark.parametrize(
    ("number", "expected"),
    [("15.45", "15.5"), ("15.44", "15.4"), ("28.0", "28"), ("-3.25", "-3.3"), ("0", "0"),
     ("0.04", "0.04"), ("-0.04", "-0.04")],
)
def test_shown_is_rounded_half_up(number: str, expected: str) -> None:
    assert shown(Decimal(number)) == expected


@pytest.mark.parametrize(
    ("number", "limit", "expected"),
    [("10.0000001", "10", "10.0000001"), ("9.9999999", "10", "9.9999999"), ("10", "10", "10"),
     ("24.96", "24.97", "24.96"), ("25.04", "25.01", "25.04"), ("24.99", "24.97", "25"),
     ("9" * 30, "10", "9" * 30)],
)  # fmt: skip
def test_a_limit_is_never_rounded_onto_or_across(number: str, limit: str, expected: str) -> None:
    assert shown(Decimal(number), 1, Decimal(limit)) == expected


def test_a_number_without_an_end_is_cut_to_twelve_decimals() -> None:
    with exactly():
        third, almost = Decimal(100) / 3, 25 - Decimal("1e-20") / 3
    assert plain_text(settled(third)) == "33.333333333333"
    # Cut there, this one would land on the threshold that it does not reach.
    assert plain_text(settled(almost)) == "24." + "9" * 20 + "666666666667"
    assert settled(Decimal("24.999999999999999999")) == Decimal("24.999999999999999999")
    assert settled(Decimal("35.00000035")) == Decimal("35.00000035")


def test_a_product_that_fills_the_digits_is_known_to_have_no_end() -> None:
    # The last digits may be zeros, which a division takes off: 98 of 100 are left.
    with exactly():
        product = Decimal(48).sqrt() * 1580 / 1000 * 2
    assert len(product.as_tuple().digits) == 98
    assert plain_text(settled(product)) == "21.893122207671"


LIMITS = [Decimal(text) for text in ("0", "10", "25", "60", "75", "100", "181", "200", "7.5")]


@given(st.sampled_from(LIMITS), st.integers(1, 60), st.integers(1, 10**6), st.booleans())
def test_a_result_without_an_end_is_never_cut_onto_a_limit_or_across(
    limit: Decimal, places: int, numerator: int, below: bool
) -> None:
    with exactly():
        distance = Decimal(numerator).scaleb(-places) / 7
        number = limit - distance if below else limit + distance
        cut = settled(number)
        assert (cut < limit, cut > limit) == (number < limit, number > limit)
        assert abs(cut - number) <= max(abs(distance) * Decimal("1e-11"), Decimal("1e-12"))


@given(st.decimals(min_value=0, max_value=100, places=38), st.decimals(min_value=0, max_value=2,
                                                                      places=38))  # fmt: skip
def test_the_product_of_the_longest_typed_numbers_is_kept_exactly(
    one: Decimal, other: Decimal
) -> None:
    with exactly():
        product = one * other * Decimal("1.58") * 2 * 31
        assert settled(product) == product


def numbers_in(value: Any) -> Iterator[str]:
    """Yield every number of an answer as JSON writes it, and those in its working."""
    if isinstance(value, Decimal):
        yield plain_text(value)
    elif isinstance(value, Step):
        yield from re.findall(r"[0-9]+\.?[0-9]*", f"{value.numbers} {value.result}")
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from numbers_in(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers_in(item)


heights = st.decimals(min_value=50, max_value=280, places=2)
weights = st.decimals(min_value=5, max_value=650, places=2)
scores = st.decimals(min_value=1, max_value=100, places=2)


@given(st.decimals(min_value="0.01", max_value=100, places=2), heights, weights,
       st.sampled_from(["mosteller", "dubois", "haycock"]), scores, scores)  # fmt: skip
@example(Decimal("0.02"), Decimal(50), Decimal(50), "mosteller", Decimal(1), Decimal(1))
@example(Decimal("7.31"), Decimal(132), Decimal("79.33"), "haycock", Decimal(3), Decimal(1))
def test_no_answer_shows_more_than_twelve_decimals_unless_they_were_typed(  # noqa: PLR0913, PLR0917 - inputs
    bsa: Decimal, height: Decimal, weight: Decimal, formula: Any, baseline: Decimal, score: Decimal
) -> None:
    answer = assess(bsa=bsa, height=height, weight=weight, formula=formula, week=60,
                    baseline=baseline, score=score, explain=True)  # fmt: skip
    assert answer.dose is not None
    assert max(len(number.partition(".")[2]) for number in numbers_in(answer)) <= 12
