"""The trials and the cited figures: each row entered a second time by hand, and what is compared.

The second entry stands in `double_entry/trials.csv` and `double_entry/figures.csv`. It was typed
from the facts on measurement, never from the program.
"""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc import InputError, evidence, figures, trials
from ruxcalc.rules.evidence import side_by_side
from ruxcalc.trials import TrialEffect, TrialFact, TrialRate

FOLDER = Path(__file__).parent / "double_entry"
Row = dict[str, str]
Fields = tuple[str, ...]


def entered(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


# ---- trials ----

TRIALS = entered("trials.csv")
# Everything of a row but its source, of which the table holds a piece.
COMPARED = ("trial", "endpoint", "week", "arm", "value", "low", "high", "unit", "approximate",
            "patients", "all_arms", "median_weeks", "population", "site", "kind")  # fmt: skip


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def of_rate(rate: TrialRate) -> Row:
    return {
        "trial": rate.trial, "endpoint": rate.endpoint, "week": as_text(rate.week),
        "arm": rate.arm, "value": str(rate.percent), "low": "", "high": "", "unit": "%",
        "approximate": "about" if rate.approximate else "", "patients": as_text(rate.patients),
        "all_arms": as_text(rate.patients_of_all_arms),
        "median_weeks": as_text(rate.median_weeks), "population": as_text(rate.population),
        "site": as_text(rate.site), "kind": rate.kind, "source": rate.source,
    }  # fmt: skip


def of_effect(effect: TrialEffect) -> Row:
    return dict.fromkeys(COMPARED, "") | {
        "trial": effect.trial, "endpoint": effect.endpoint, "week": str(effect.week),
        "value": str(effect.value), "low": str(effect.low), "high": str(effect.high),
        "unit": effect.interval, "kind": effect.kind, "source": effect.source,
    }  # fmt: skip


def of_fact(fact: TrialFact) -> Row:
    return dict.fromkeys(COMPARED, "") | {
        "trial": fact.trial, "endpoint": fact.name, "value": as_text(fact.value),
        "unit": fact.unit, "kind": fact.kind, "source": fact.source,
    }  # fmt: skip


def coded(table: str) -> list[Row]:
    answer = evidence()
    return {
        "rate": lambda: [of_rate(rate) for rate in answer.results],
        "difference": lambda: [of_effect(e) for e in trials.EFFECTS if e.measure == "difference"],
        "odds ratio": lambda: [of_effect(e) for e in trials.EFFECTS if e.measure == "odds ratio"],
        "population": lambda: [of_fact(fact) for fact in answer.population],
        "safety": lambda: [of_fact(fact) for fact in answer.safety],
    }[table]()


def compared(row: Row) -> Fields:
    return tuple(row[name] for name in COMPARED)


@pytest.mark.parametrize("table", ["rate", "difference", "odds ratio", "population", "safety"])
def test_each_row_of_the_trials_stands_on_both_sides(table: str) -> None:
    by_hand = Counter(compared(row) for row in TRIALS if row["table"] == table)
    assert Counter(map(compared, coded(table))) == by_hand
    assert by_hand


def test_no_row_of_the_trials_is_left_out() -> None:
    assert {row["table"] for row in TRIALS} == {
        "rate", "difference", "odds ratio", "population", "safety"}  # fmt: skip


@pytest.mark.parametrize("row", TRIALS, ids=lambda r: " ".join(filter(None, [*r.values()][:7])))
def test_the_source_of_a_row_of_the_trials(row: Row) -> None:
    sources = [one["source"] for one in coded(row["table"]) if compared(one) == compared(row)]
    assert sources
    for source in sources:
        assert row["source"] in source


def test_each_endpoint_has_a_meaning_and_a_result() -> None:
    assert {rate.endpoint for rate in trials.RATES} == trials.ENDPOINTS.keys()


# ---- what is compared ----


def test_a_vehicle_arm_after_week_24_of_the_pivotal_trials_says_that_it_uses_the_cream() -> None:
    for rate in trials.RATES:
        if rate.trial in (trials.V1, trials.V2) and rate.arm != trials.CREAM:
            assert rate.week is not None
            assert rate.arm == ("vehicle" if rate.week <= 24 else "vehicle, cream from week 24")


def test_a_relative_risk_is_formed_only_of_all_who_were_randomised_while_on_vehicle() -> None:
    pairs = evidence().comparisons
    formed = {(pair.trial, pair.endpoint, pair.week, pair.kind)
              for pair in pairs if pair.relative_risk is not None}  # fmt: skip
    assert formed == {
        ("TRuE-V1", "F-VASI75", 12, "company slide"),
        ("TRuE-V2", "F-VASI75", 12, "company slide"),
        ("TRuE-V1", "F-VASI75", 24, "journal"),
        ("TRuE-V2", "F-VASI75", 24, "journal"),
        ("TRuE-V1", "F-VASI75", 24, "label text"),
        ("TRuE-V2", "F-VASI75", 24, "label text"),
        ("TRuE-V1", "F-VASI90", 24, "label text"),
        ("TRuE-V2", "F-VASI90", 24, "label text"),
    }
    for pair in pairs:
        assert (pair.relative_risk is None) is bool(pair.no_relative_risk)


def test_side_by_side_loses_no_rate_and_pairs_one_document_only() -> None:
    groups = side_by_side(trials.RATES)
    assert sorted(map(str, (rate for group in groups for rate in group))) == sorted(
        map(str, trials.RATES)
    )
    for group in groups:
        assert len({(rate.trial, rate.week, rate.source) for rate in group}) == 1
        assert len({rate.arm for rate in group}) == len(group) <= 2


def test_each_published_effect_is_shown_once() -> None:
    shown = [effect for pair in evidence().comparisons
             for effect in (pair.difference, pair.odds_ratio) if effect]  # fmt: skip
    assert sorted(map(str, shown)) == sorted(map(str, trials.EFFECTS))


def test_the_working_of_the_relative_risks() -> None:
    answer = evidence(explain=True)
    assert answer.steps is not None
    assert len(answer.steps) == 8
    assert len({step.name for step in answer.steps}) == 8
    numbers = {step.name: (step.numbers, step.result, step.source) for step in answer.steps}
    paper = numbers["relative risk of F-VASI75, TRuE-V1, week 24 (journal)"]
    assert paper == ("29.8 / 7.4", "4.027027027027", "NEJM 2022;387:1445")
    assert numbers["relative risk of F-VASI75, TRuE-V1, week 24 (label text)"][0] == "29.9 / 7.5"
    for shown, result, _ in numbers.values():
        above, below = map(Decimal, shown.split(" / "))
        assert abs(above / below - Decimal(result)) < Decimal("1e-11")


def test_what_is_known_now_is_not_called_unknown() -> None:
    assert len(trials.UNKNOWN) == 2
    for text in trials.UNKNOWN:
        assert not re.search(r"week 12|week 40|respond later", text)


# ---- what is asked ----


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("FVASI75", "F-VASI75"),
        ("f vasi 90 regained", "F-VASI90 regained"),
        ("F-VASI75 regaind", "F-VASI75 regained"),
        ("relaps", "relapse"),
        ("T-VASI50 site", "T-VASI50 by site"),
    ],
)
def test_a_near_miss_is_asked_about(typed: str, asked: str) -> None:
    with pytest.raises(InputError, match=f"Did you mean {asked}"):
        evidence(endpoint=typed)


@pytest.mark.parametrize("typed", ["F-VASI100", "F-VASI25", "x", "", "-", "DLQI", "F-VASI" * 99])
def test_nothing_is_suggested_for_what_is_no_slip(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        evidence(endpoint=typed)
    assert "F-VASI75" in refused.value.accepted
    if any(character.isdigit() for character in typed) or len(typed) < 5:
        assert "?" not in refused.value.problem


@pytest.mark.parametrize("value", [5, 7.5, True, b"F-VASI75", ["F-VASI75"], {}, ("F-VASI75",)])
def test_an_endpoint_that_is_no_text_is_refused_with_words(value: object) -> None:
    with pytest.raises(InputError, match="endpoint"):
        evidence(endpoint=value)  # type: ignore[arg-type]  # any input


WEEKS = st.none() | st.text() | st.decimals() | st.integers() | st.sampled_from([12, 24, 52])


@given(endpoint=st.none() | st.text() | st.sampled_from(sorted(trials.ENDPOINTS)), week=WEEKS)
def test_any_input_is_answered_or_refused_with_words(endpoint: str | None, week: object) -> None:
    try:
        answer = evidence(endpoint=endpoint, week=week, explain=True)  # type: ignore[arg-type]  # any input
    except InputError as refused:
        assert str(refused)
        return
    assert answer.results
    assert answer.statement == trials.STATEMENT


# ---- figures ----

FIGURES = {figure.name: figure for figure in figures.FIGURES}


def test_each_figure_stands_on_both_sides() -> None:
    assert FIGURES.keys() == {row["name"] for row in entered("figures.csv")}
    assert len(FIGURES) == len(figures.FIGURES) == len(entered("figures.csv"))


@pytest.mark.parametrize("row", entered("figures.csv"), ids=lambda r: r["name"])
def test_figure(row: Row) -> None:
    figure = FIGURES[row["name"]]
    assert figure.only_spread is (row["value"] == "")
    assert figure.value == Decimal(row["value"] or row["low"])
    assert figure.spread == (
        Decimal(row["low"] or row["value"]), Decimal(row["high"] or row["value"]))  # fmt: skip
    assert figure.unit == row["unit"]
    assert figure.sd == (Decimal(row["sd"]) if row["sd"] else None)
    assert figure.subjects == (int(row["subjects"]) if row["subjects"] else None)
    assert figure.spread_of == row["spread_of"]
    assert figure.source == row["cited"]


def test_every_figure_of_the_module_is_listed() -> None:
    named = {value.name for value in vars(figures).values() if isinstance(value, figures.Figure)}
    assert named == FIGURES.keys()


def test_the_half_life_of_the_cream_never_stands_alone() -> None:
    words = figures.HALF_LIFE_CREAM.words
    assert words == "116 h, SD 251, n = 9, 18 to 266 (averages of subgroups)"


def test_a_spread_without_a_value_is_shown_as_a_spread() -> None:
    assert figures.GRAMS_IN_VITILIGO.words == "0.18 to 8.4 g, n = 429"
    assert figures.GRAMS_PER_FTU.words == "0.5 g"
    assert figures.GRAMS_PER_BSA_SPREAD.words == (
        "0.266 g, 0.169 to 0.317 (averages of five subgroups, n 7 to 28)"
    )


def test_the_fingertip_estimate_fits_the_body_surface_that_is_named() -> None:
    grams_per_percent = figures.GRAMS_PER_FTU.value / figures.BSA_PER_FTU.value
    cm2_per_percent = grams_per_percent * 1000 / figures.DENSITY.value
    surface = cm2_per_percent * 100 / 10_000  # m2
    assert round(surface, 1) == figures.FITS_BODY_SURFACE.value


def test_the_spread_between_patients_is_that_of_its_mean() -> None:
    use = figures.MG_IN_MAXIMUM_USE
    assert use.sd is not None
    assert round(use.sd / use.value * 100) == figures.SD_OF_USE.value


def test_what_is_absorbed_is_four_figures_from_four_sources() -> None:
    assert [str(share.value) for share in figures.ABSORBED] == ["2.54", "6.22", "9.7", "12.5"]
    assert len({share.source for share in figures.ABSORBED}) == 4


def test_the_thresholds_of_the_program() -> None:
    assert figures.SATISFACTORY_PERCENT.value == 75
    assert "program's own" in figures.SATISFACTORY_PERCENT.source
    assert figures.EGFR_OF_KIDNEY_FAILURE.value == 15
    assert figures.EGFR_NO_IMPAIRMENT.value == 90
    assert (figures.DAYS_IN_LONGEST_MONTH, figures.DAYS_IN_SHORTEST_SIX_MONTHS) == (31, 181)


# ---- statements ----

# Name, section or source, the figures in the words, phrases: from the facts on the labels.
STATEMENTS = [
    ("mechanism", "12.1", "", "jak1|jak2|stat|not known"),
    ("metabolism", "12.3", "", "cyp3a4|cyp2c9|lesser"),
    ("excretion", "12.3", "22 74", "urine|faeces"),
    ("QT interval", "12.2", "", "not expected"),
    ("genotoxicity", "13.1", "",
     "not mutagenic|ames|not clastogenic|human lymphocytes|micronucleus|rat bone marrow"),
    ("carcinogenicity", "13.1", "1.5 2 2.8 3.5 6 100",
     "tumours|2 years by mouth in rats, at 3.5 times|skin of mice|at 2.8 times|6 months in transg"),
    ("fertility", "13.1", "3.5 30", "rats was unaffected|from 30 mg/kg a day|implantation"),
    ("other diseases", "labels", "", "psoriasis|lichen planus|outside every label"),
    ("face and body can disagree", "Rothstein 2017", "4 23 76",
     "4 patients with disease of the face improved by 76|enrolled by 23|two groups"),
]  # fmt: skip
CODES = re.compile(r"JAK\d|CYP\d\w\d+")


def test_each_statement_stands_on_both_sides() -> None:
    assert [row.name for row in figures.STATEMENTS] == [name for name, *_ in STATEMENTS]


@pytest.mark.parametrize(("name", "source", "numbers", "phrases"), STATEMENTS)
def test_statement(name: str, source: str, numbers: str, phrases: str) -> None:
    (row,) = (row for row in figures.STATEMENTS if row.name == name)
    assert source in row.source
    found = {Decimal(n) for n in re.findall(r"\d+(?:\.\d+)?", CODES.sub("", row.words))}
    assert found == {Decimal(n) for n in numbers.split()}
    assert row.words.endswith(".")
    for phrase in phrases.split("|"):
        assert phrase in row.words.lower(), phrase
