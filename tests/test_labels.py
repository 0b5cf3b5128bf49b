"""The table of provisions as a whole: valid row by row, complete, and vitiligo only."""

import csv
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, get_args

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

import ruxcalc
from ruxcalc.inputs import Repigmentation
from ruxcalc.labels import REGIONS, load, load_all
from ruxcalc.labels.model import SEVERITY_OF, VERIFIED_AS, Action, Label, Provision, Verified
from ruxcalc.labels.topics import TOPICS
from ruxcalc.patient import INPUTS, Patient
from ruxcalc.results import Finding, Frozen
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.check import check
from ruxcalc.rules.dose import dose
from ruxcalc.rules.label import sheet_of
from ruxcalc.rules.warn import warn

PACKAGE = Path(str(ruxcalc.__file__)).parent
FACTS_READ = date(2026, 11, 24)
COMPUTED = (
    "minimum-age", "maximum-area", "frequency", "quantity-cap", "in-use-life", "review",
)  # fmt: skip

# A place in a label: `4.2`, `12.3`, `leaflet 3`, `boxed warning`, several joined by commas.
PLACE = (
    r"(\d{1,2}(\.\d{1,2})?|leaflet( \d)?|boxed warning|package label panels"
    r"|Medication Guide, how to use|quality letter \d{4}-\d{2}-\d{2})"
)
SECTION = rf"^({PLACE}(, {PLACE})*)?$"
CODE = r"^[a-z]+([a-z0-9]*(-[a-z0-9]+)*)$"


class Row(BaseModel):
    """One row of `provisions.csv`, as a pharmacist may write it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    topic: Annotated[str, Field(pattern=CODE)]
    region: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    action: Action
    section: Annotated[str, Field(pattern=SECTION)]
    verified: Verified
    verified_on: Annotated[str, Field(pattern=r"^(20\d\d-\d\d-\d\d)?$")]
    for_all: Literal["yes", "no"]
    severity: Literal["", "info", "warning", "critical"]
    number: Annotated[str, Field(pattern=r"^(\d+(\.\d+)?)?$")]
    words: str

    @model_validator(mode="after")
    def _what_speaks_has_words(self) -> "Row":
        unspoken = self.action in ("silent", "not-read")
        if unspoken:
            assert not self.words, "a label that says nothing has no words"
        else:
            assert re.match(r"[A-Z]", self.words), "a sentence begins with a capital"
            assert re.search(r"[A-Za-z0-9%)]\.$", self.words), "a sentence ends with a full stop"
            assert self.section or self.topic == "boxed-warning", "the place is missing"
        assert (self.action == "not-read") is (self.verified == "not-read")
        return self

    @model_validator(mode="after")
    def _words_are_plain(self) -> "Row":
        for mark in ("--", "  ", "`", "|", "\n"):
            assert mark not in self.words, f"{mark!r} stands in the words"
        assert self.words == self.words.strip()
        assert re.search(r"\bthe the\b|\ba a\b", self.words) is None
        return self

    @model_validator(mode="after")
    def _the_number_stands_once(self) -> "Row":
        """The figure that a rule reads stands in its column, and `{n}` for it in the words."""
        braces = set(re.findall(r"\{.*?\}|[{}]", self.words))
        assert braces <= {"{n}"}
        if self.words:
            assert bool(self.number) is ("{n}" in self.words)
        if self.number:
            # What stands in brackets counts something else: 65 patients of 65 years and over.
            outside = re.sub(r"\(.*?\)", "", self.words)
            figures = re.findall(r"(?<![\d.])\d+(?:\.\d+)?", outside)
            assert self.number not in figures, "the number is written out as well"
        return self

    @model_validator(mode="after")
    def _the_day_is_that_of_the_reading(self) -> "Row":
        if self.verified == "not-read":
            assert not self.verified_on
        else:
            assert date.fromisoformat(self.verified_on) <= FACTS_READ
        if self.verified.startswith("eu-text"):
            assert self.region != "eu"
            assert date.fromisoformat(self.verified_on) < FACTS_READ
        return self

    @model_validator(mode="after")
    def _a_severity_of_its_own_differs(self) -> "Row":
        assert self.severity != SEVERITY_OF[self.action], "that is its severity anyway"
        return self


def rows() -> list[dict[str, str]]:
    with (PACKAGE / "labels" / "provisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = rows()
EVERY = [(label, row) for label in load_all() for row in label.provisions.values()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['region']} {row['topic']}")
def test_each_row_is_valid(row: dict[str, str]) -> None:
    assert Row.model_validate(row).topic in TOPICS


def test_the_columns_of_the_table() -> None:
    assert list(ROWS[0]) == [
        "topic", "region", "action", "section", "verified", "verified_on", "for_all", "severity",
        "number", "words",
    ]  # fmt: skip


GOOD = {
    "topic": "interval", "region": "eu", "action": "states", "section": "4.2",
    "verified": "label-text", "verified_on": "2026-11-24", "for_all": "no", "severity": "",
    "number": "8", "words": "Leave at least {n} hours between two applications.",
}  # fmt: skip


@pytest.mark.parametrize(
    "slip",
    [
        {"action": "forbidden"},
        {"action": "silent"},  # with words
        {"action": "not-read", "words": ""},  # verified as label text
        {"section": ""},
        {"section": "4,2"},
        {"section": "leaflet page 3"},
        {"verified": "believed"},
        {"verified": "eu-text", "verified_on": "2026-11-22"},  # of the EU itself
        {"verified_on": ""},
        {"verified_on": "2026-11-25"},  # after the facts were read
        {"verified_on": "2026-02-30"},
        {"for_all": "true"},
        {"severity": "info"},  # what it is anyway
        {"number": "eight"},
        {"number": ""},  # {n} stands for nothing
        {"words": "Leave at least 8 hours between two applications."},
        {"words": "Leave at least {n} hours, 8 or more."},
        {"words": "Leave at least {hours} hours."},
        {"words": "Leave at least {n} hours"},
        {"words": "leave at least {n} hours."},
        {"words": "Leave at least {n} hours, see --interval."},
        {"words": ""},
        {"topic": "Interval"},
        {"region": "EU"},
    ],
    ids=str,
)
def test_a_slip_in_a_row_is_found(slip: dict[str, str]) -> None:
    assert Row.model_validate(GOOD)
    with pytest.raises(ValidationError):
        Row.model_validate(GOOD | slip)


def test_every_topic_of_every_region_stands_once_in_order() -> None:
    expected = [
        (topic, region) for topic in TOPICS if topic not in COMPUTED for region in REGIONS
    ]
    assert [(row["topic"], row["region"]) for row in ROWS] == expected
    for label in load_all():
        assert list(label.provisions) == [topic for topic in TOPICS if topic not in COMPUTED]


def test_topics_and_titles_carry_no_figures() -> None:
    for topic, title in TOPICS.items():
        assert re.fullmatch(CODE, topic)
        assert not re.search(r"\d", f"{topic} {title}".lower().replace("cyp3a4", "")), topic
        assert re.match(r"[A-Z]", title), title
    assert len(set(TOPICS.values())) == len(TOPICS)


def test_every_word_of_the_model_is_explained() -> None:
    assert set(SEVERITY_OF) == set(get_args(Action))
    assert set(VERIFIED_AS) == set(get_args(Verified))


def test_the_us_label_has_eleven_statements_for_every_patient_boxed_first() -> None:
    general = warn(Patient(), (load("us"),)).regions["us"].general
    assert [statement.code for statement in general] == [
        "boxed-warning",
        # The warnings in the order of the label, then what it states.
        "infection-monitoring",
        "tuberculosis-screening",
        "mortality",
        "malignancy-risk",
        "skin-examination",
        "cardiovascular-events",
        "thrombosis-symptoms",
        "blood-count",
        "lipids",
        "adverse-reactions",
    ]
    assert [statement.class_ for statement in general] == ["boxed"] + ["label"] * 10
    assert Counter(s.severity for s in general) == {"warning": 9, "info": 2}


def test_the_boxed_warning_stands_first_whatever_it_weighs() -> None:
    us = load("us")
    lighter = us.on("boxed-warning")._replace(severity="info")
    graver = us.on("lipids")._replace(severity="critical")
    changed = with_rows(us, lighter, graver)
    general = warn(Patient(), (changed,)).regions["us"].general
    assert [s.code for s in general[:2]] == ["boxed-warning", "lipids"]


@pytest.mark.parametrize(
    ("region", "codes"),
    [
        ("eu", ["skin-examination", "contraception", "adverse-reactions", "excipients"]),
        ("uk", ["skin-examination", "contraception", "excipients"]),
    ],
)
def test_what_the_other_labels_say_to_every_patient(region: str, codes: list[str]) -> None:
    part = warn(Patient(), (load(region),)).regions[region]
    assert [statement.code for statement in part.general] == codes
    assert {statement.class_ for statement in part.general} == {"label"}


def test_what_nobody_read_in_the_uk_is_listed_and_never_called_silent() -> None:
    part = warn(Patient(), (load("uk"),)).regions["uk"]
    assert part.silent == ()
    assert set(part.not_read) == {
        "boxed-warning", "infection-monitoring", "tuberculosis-screening", "mortality",
        "malignancy-risk", "cardiovascular-events", "thrombosis-symptoms", "blood-count", "lipids",
        "adverse-reactions",
    }  # fmt: skip
    assert {row.action for row in load("uk").provisions.values()} & {"silent"} == set()


def test_what_is_taken_from_the_eu_text_says_what_the_eu_row_says() -> None:
    eu, uk = load("eu"), load("uk")
    taken = [row for row in uk.provisions.values() if row.verified.startswith("eu-text")]
    assert taken
    for row in taken:
        of = eu.on(row.topic)
        assert (row.action, row.section, row.message) == (of.action, of.section, of.message)
        assert of.verified_on is not None
        assert row.verified_on is not None
        assert row.verified_on <= of.verified_on


@pytest.mark.parametrize("label", load_all(), ids=REGIONS)
def test_a_figure_of_a_row_agrees_with_the_limit_that_it_repeats(label: Label) -> None:
    assert label.on("under-minimum-age").number == label.minimum_age.value
    if label.on("handprint").speaks:
        assert label.on("handprint").number == label.max_area.value
    if label.on("tube-sizes").number:
        assert {cap.tube_grams for cap in label.caps} == {label.on("tube-sizes").number}
    # The week of another label's review is not one of this label's own.
    own = {Decimal(review.week) for review in label.reviews}
    others = {Decimal(r.week) for other in load_all() for r in other.reviews} - own
    assert label.on("other-review-week").number in others


def test_the_wait_after_the_last_application_is_one_figure_in_a_label() -> None:
    for label in load_all():
        waits = {
            label.on(topic).number
            for topic in ("contraception", "planning-pregnancy", "breast-feeding")
        }
        assert waits - {None} == {Decimal(4)}


@pytest.mark.parametrize("label", load_all(), ids=REGIONS)
def test_nothing_of_the_eczema_indication(label: Label) -> None:
    text = " ".join(row.message for row in label.provisions.values()).lower()
    for word in ("eczema", "atopic", "dermatitis", "occlusive", "20 %", "age 2"):
        assert word not in text


def test_nothing_of_the_facts_table_of_errors_came_back() -> None:
    """The corrections of 2026-11-24, by their numbers in the facts."""
    us, eu, uk = load_all()
    text = {
        label.region: {topic: row.message.lower() for topic, row in label.provisions.items()}
        for label in load_all()
    }
    assert us.on("skin-examination").for_all  # 1
    assert us.on("phototherapy").action == "silent"  # 2
    assert us.on("active-tuberculosis").action == "avoid"  # 3
    assert us.on("latent-tuberculosis").action == us.on("endemic-area").action == "caution"
    assert "with the cream" in text["us"]["boxed-warning"]  # 5
    assert us.on("myocardial-infarction-or-stroke").action == "discontinue"  # 6
    assert us.on("myocardial-infarction-or-stroke").severity == "critical"
    for label in load_all():  # 7
        for row in label.provisions.values():
            # The one section that asks for it is US 5.4.
            informs = label is us and row.topic == "cardiovascular-events"
            assert (row.action == "inform") is informs
            assert "inform the patient" not in row.message.lower()
    for topic in ("therapeutic-biologic", "jak-inhibitor", "potent-immunosuppressant",
                  "live-vaccine", "boxed-warning"):  # fmt: skip  # 8
        assert uk.on(topic).action == "not-read"
    assert "52" not in text["eu"]["satisfactory-areas"] + text["uk"]["satisfactory-areas"]  # 9
    assert "treated" not in text["us"]["diabetes"]  # 10
    assert "history" in text["us"]["cytopenia"]  # 11
    assert us.on("cytopenia").action == "caution"
    assert us.on("smoking").section == "boxed warning, 5.3, 5.4"  # 12
    for label in (eu, uk):  # 13
        assert label.on("time-to-response").section == "4.2"
        assert label.on("other-review-week").section == "4.2"
    assert eu.on("adverse-reactions").section == "4.8"
    assert "package label panels" in us.on("tube-sizes").section  # 14
    assert "not established" in text["us"]["under-minimum-age"]  # 15
    assert "this program advises" in text["us"]["under-minimum-age"]


def test_every_topic_of_the_patient_is_answered_by_every_label() -> None:
    for name, declared in INPUTS.items():
        for topic in (*declared.topics, *(t for _, ts in declared.by_choice for t in ts)):
            assert topic in TOPICS, name
            for label in load_all():
                assert label.on(topic).topic == topic


def test_a_topic_that_no_row_has_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        load("us").on("no-such-topic")


@pytest.mark.parametrize("label", load_all(), ids=REGIONS)
def test_days_are_days_in_their_order(label: Label) -> None:
    assert label.text_read <= label.edition <= label.verified_on == FACTS_READ
    for row in label.provisions.values():
        assert row.verified_on is None or label.text_read <= row.verified_on <= label.verified_on


def test_the_facts_are_as_old_as_the_label_that_was_verified_longest_ago() -> None:
    us, eu, uk = load_all()
    older = us._replace(verified_on=date(2026, 1, 31))
    newer = uk._replace(verified_on=date(2027, 1, 31))
    assert basis_of((older, eu, newer)).facts_verified == date(2026, 1, 31)


def with_rows(label: Label, *changed: Provision) -> Label:
    rows = {**label.provisions, **{row.topic: row for row in changed}}
    return label._replace(provisions=Frozen(rows))


# No region borrows another's words (issue 9, 11).


def edited_throughout(label: Label) -> Label:
    """Return the same label with every sentence, action and limit changed."""
    return label._replace(
        provisions=Frozen(
            {
                topic: row._replace(words=f"Edited: {row.words}", action="states", number=None)
                for topic, row in label.provisions.items()
            }
        ),
        minimum_age=label.minimum_age._replace(value=Decimal(3)),
        max_area=label.max_area._replace(value=Decimal(4)),
        caps=tuple(cap._replace(tubes=9, section="edited") for cap in label.caps),
        in_use=None,
        reviews=tuple(r._replace(week=r.week + 1, words="Edited.") for r in label.reviews),
    )


EVERYTHING = Patient(
    bsa=Decimal(11), week=Decimal(52), repig=(Repigmentation(None, Decimal(20)),), meaningful=False,
    age=Decimal(70), face=False, segmental=True, pregnant=True, breastfeeding=True, esrd=True,
    infection=True, tuberculosis="latent", nmsc=True, phototherapy_now=True, smoker=True,
    drug=("itraconazole", "adalimumab"), topical=("tacrolimus",), hypersensitivity=True,
)  # fmt: skip


@pytest.mark.parametrize("edited", REGIONS)
def test_an_edit_of_one_region_leaves_the_others_as_they_are(edited: str) -> None:
    labels = tuple(
        edited_throughout(label) if label.region == edited else label for label in load_all()
    )
    for rule in (dose, check):
        parts, now_parts = (rule(EVERYTHING, of).regions for of in (load_all(), labels))
        for region in REGIONS:
            assert (now_parts[region] == parts[region]) is (region != edited)
    was, now = (warn(EVERYTHING, of).regions for of in (load_all(), labels))
    for label, changed in zip(load_all(), labels, strict=True):
        region = label.region
        unchanged = region != edited
        assert (sheet_of(changed) == sheet_of(label)) is unchanged
        assert (now[region].general == was[region].general) is unchanged
        # A silence quotes the other labels; what a label says itself must stay.
        own = [[f for f in part[region].findings if f.code in TOPICS] for part in (was, now)]
        assert (own[0] == own[1]) is unchanged
        if unchanged:
            assert now[region].not_read == was[region].not_read
            assert now[region].silent == was[region].silent
            assert now[region].verdict == was[region].verdict


def test_a_silence_quotes_the_words_of_the_label_that_speaks() -> None:
    us = edited_throughout(load("us"))
    labels = (us, load("eu"))
    [found] = silences(warn(Patient(infection=True), labels).regions["eu"].findings)
    assert us.on("serious-infection").message in found.message
    assert found.message.startswith("The EU label does not mention this")


def silences(findings: tuple[Finding, ...]) -> list[Finding]:
    return [found for found in findings if found.code == "label-silent"]


# How a day is written for a patient is no wording of a label.
A_DATE = """    if region == "us":
        return f"{month} {day.day}, {day.year}"
"""


def test_no_region_is_named_in_code_that_puts_words_together() -> None:
    modules = [path for folder in ("labels", "rules") for path in (PACKAGE / folder).glob("*.py")]
    for path in sorted(modules):
        if path.stem in REGIONS or path.name == "__init__.py":
            continue
        text = path.read_text("utf-8").replace(A_DATE, "")
        assert not re.search(r"[\"'](us|eu|uk)[\"']", text), path.name
    for region in REGIONS:
        module = (PACKAGE / "labels" / f"{region}.py").read_text("utf-8")
        for other in set(REGIONS) - {region}:
            assert f"labels.{other}" not in module


def test_the_tables_load_from_a_zip(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "src" / "ruxcalc",
                    ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))  # fmt: skip
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "src")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import ruxcalc;"
        " assert ruxcalc.__file__.startswith(sys.argv[1]), ruxcalc.__file__;"
        " sheets = ruxcalc.label(on='2026-11-24').labels;"
        " print(sum(len(sheet.rows) for sheet in sheets.values()));"
        " print(ruxcalc.warn(drug='itraconazole', region='us').regions['us'].verdict)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, packed], capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr) == ([str(3 * len(TOPICS)), "avoid"], "")
