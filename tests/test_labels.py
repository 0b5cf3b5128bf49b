"""The label files as a whole: complete, silent where they are silent, and vitiligo only."""

import re
from decimal import Decimal

import pytest

from ruxcalc import label, warn
from ruxcalc.labels import REGIONS, load
from ruxcalc.labels.drugs import CLASSES, SPELLINGS
from ruxcalc.labels.model import Label
from ruxcalc.labels.topics import TOPICS
from ruxcalc.patient import INPUTS
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.warn import SEVERITY

LABELS = [load(region) for region in REGIONS]


@pytest.mark.parametrize("of", LABELS, ids=REGIONS)
def test_every_topic_stands_once_in_every_label(of: Label) -> None:
    sheets = label(region=of.region).labels
    assert sheets is not None
    assert [row.topic for row in sheets[of.region].rows] == list(TOPICS)
    topics = [provision.topic for provision in of.provisions]
    assert len(topics) == len(set(topics))


@pytest.mark.parametrize("of", LABELS, ids=REGIONS)
def test_what_speaks_has_words_and_a_section_and_what_is_silent_has_none(of: Label) -> None:
    # The facts give no section for these.
    without_section = {"boxed-warning", "adverse-reactions", "hands", "review-at-24-weeks",
                       "longer-than-24-weeks"}  # fmt: skip
    for provision in of.provisions:
        if provision.action in ("silent", "not-read"):
            assert not provision.words or provision.topic == "phototherapy-together"
        else:
            assert provision.message.endswith(".")
            assert provision.section or provision.topic in without_section
        assert (provision.action == "not-read") is (provision.verified == "not-read")


@pytest.mark.parametrize("of", LABELS, ids=REGIONS)
def test_nothing_of_the_eczema_indication(of: Label) -> None:
    text = " ".join(provision.message for provision in of.provisions).lower()
    for word in ("eczema", "dermatitis", "occlusive", "20 %", "2 weeks after", "age 2"):
        assert word not in text.replace("about 4 weeks after", "")


def test_every_topic_of_the_patient_is_read_in_every_label() -> None:
    for name, declared in INPUTS.items():
        for topic in declared.topics:
            assert topic in TOPICS, name
            for of in LABELS:
                assert of.on(topic).action in {*SEVERITY, "not-read"}


def test_the_labels_ask_for_the_same_frequency() -> None:
    assert {of.applications_per_day.value for of in LABELS} == {Decimal(2)}


def test_a_message_fits_two_lines_of_a_wide_terminal() -> None:
    long = {"serious-infection", "adverse-reactions", "contraception"}
    for of in LABELS:
        for provision in of.provisions:
            assert len(provision.message) <= (280 if provision.topic in long else 200)


@pytest.mark.parametrize("of", LABELS, ids=REGIONS)
def test_dates_are_dates(of: Label) -> None:
    for day in (of.edition, of.text_read, of.verified_on):
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", day)


def test_the_facts_are_as_old_as_the_label_that_was_verified_longest_ago() -> None:
    us, eu, uk = LABELS
    older, newer = us._replace(verified_on="2026-01-31"), uk._replace(verified_on="2027-01-31")
    assert basis_of((older, eu, newer)).facts_verified == "2026-01-31"


def test_a_medicine_is_listed_once_in_a_kind_of_class() -> None:
    names = [name for drug_class, (_, listed) in CLASSES.items() if "CYP3A4" in drug_class
             for name in listed]  # fmt: skip
    assert len(names) == len(set(names))
    everything = {name for _, listed in CLASSES.values() for name in listed}
    assert set(SPELLINGS.values()) <= everything
    assert not set(SPELLINGS) & everything


@pytest.mark.parametrize(
    ("typed", "code"),
    [(name, topic) for topic, names in CLASSES.values() for name in names]
    + [(spelling, None) for spelling in SPELLINGS],
)
def test_each_listed_name_is_found_in_any_case(typed: str, code: str | None) -> None:
    for name in (typed, typed.upper(), typed.title(), f" {typed} "):
        findings = warn(drug=name, region="us").regions["us"].findings
        codes = {finding.code for finding in findings}
        assert ("drug-not-checked" in codes) is (typed == "azathioprine")
        assert code is None or code in codes
