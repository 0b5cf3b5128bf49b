"""Never folded, never reassuring: what any patient's page must say, and what it must not.

Generated patients, regions and widths. What is expected is read from the answer and from the
label's table, never from a page; how a topic is named is written here by hand.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ruxcalc import api
from ruxcalc.labels import load
from ruxcalc.patient import INPUTS, inputs_of
from ruxcalc.render.html import render_html
from ruxcalc.render.layout import View
from ruxcalc.render.markdown import render_markdown
from ruxcalc.render.note import render_note
from ruxcalc.render.pages import lay_out
from ruxcalc.render.table import Drawing, render_table

# How a reader recognises each topic; one of the alternatives must stand there.
NAMES = {
    "facial-involvement": "fac(e|ial)", "vitiligo-type": "segmental",
    "under-minimum-age": "under 12 years", "older-age": "older age",
    "hypersensitivity": "hypersensitiv", "pregnancy": "pregnan",
    "planning-pregnancy": "planning a pregnancy", "breast-feeding": "breast-feed",
    "end-stage-renal-disease": "end-stage", "renal-impairment": "renal impairment",
    "hepatic-impairment": "hepatic impairment",
    "strong-cyp3a4-inhibitor": "itraconazole|Vfend|strong CYP3A4 inhibitor",
    "moderate-cyp3a4-inhibitor": "diltiazem", "cyp3a4-inducer": "rifampicin",
    "therapeutic-biologic": "biologic|adalimumab", "jak-inhibitor": "JAK inhibitor|tofacitinib",
    "potent-immunosuppressant": "immunosuppressant|azathioprine",
    "topical-on-same-skin": "tacrolimus", "other-products-on-the-skin": "sunscreen",
    "serious-infection": "serious infection", "active-tuberculosis": "active tuberculosis",
    "latent-tuberculosis": "latent tuberculosis", "tuberculosis-exposure": "tuberculosis",
    "chronic-infection": "chronic", "past-serious-infection": "earlier serious infection",
    "infection-risk": "predispos", "endemic-area": "endemic area",
    "hepatitis-b": "hepatitis B", "hepatitis-c": "hepatitis C", "herpes-zoster": "zoster",
    "malignancy": "malignancy", "non-melanoma-skin-cancer": "non-melanoma", "smoking": "smoking",
    "cardiovascular-risk": "cardiovascular", "myocardial-infarction-or-stroke": "infarction",
    "thrombosis-risk": "thrombosis", "cytopenia": "cytopenia", "diabetes": "diabetes",
    "phototherapy": "phototherapy", "phototherapy-together": "phototherapy",
    "live-vaccine": "live vaccine",
}  # fmt: skip
VERDICT_WORDS = {
    "contraindicated": "CONTRAINDICATED",
    "avoid": "AVOID|DISCONTINUE",
    "over-label": "OVER THE",
    "outside-label": "OUTSIDE THE",
    "consider-stopping": "CONSIDER STOPPING",
    "re-evaluate": "RE-EVALUATE",
    "ask-patient": "ASK THE PATIENT",
    "score-needed": "SCORE NEEDED",
    "caution": "CAUTION|NOT MENTIONED|DOES NOT MENTION|NOT READ|NOT CHECKED|NOT RECOMMENDED"
    "|NEAR THE LIMIT|ASK THE PATIENT",
    "not-cleared": "NOT CLEARED",
    "nothing-found": "NOTHING FOUND|NOTHING TO ACT ON",
}
GRAVE = ("contraindicated", "avoid", "discontinue")
AMOUNT = re.compile(r"\bg a (week|day|month)\b|\btubes? of\b|fingertip unit|\bg in \d|\dx\d+ g")
ANSI = re.compile(r"\x1b\[[0-9;]*m")

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "age": st.integers(1, 90),
    "egfr": st.integers(1, 120),
    "drug": st.lists(
        st.sampled_from(("itraconazole", "Vfend", "diltiazem", "rifampicin", "tofacitinib",
                         "adalimumab", "azathioprine", "unheardofin")),
        max_size=3, unique=True,
    ),
    "topical": st.lists(st.sampled_from(("tacrolimus", "sunscreen")), max_size=2, unique=True),
    "tuberculosis": st.sampled_from(INPUTS["tuberculosis"].choices),
}  # fmt: skip
SAFETY = {
    name: VALUES.get(name, st.booleans()) for name in inputs_of("warn") if name != "all_others_no"
}
PATIENTS = st.fixed_dictionaries(
    {},
    optional={
        **SAFETY,
        "bsa": st.sampled_from(("0.5", "8", "10", "10.1", "12")),
        "week": st.sampled_from((3, 24, 52, 104)),
        "repig": st.sampled_from(("-5", "24.9", "25", "80")),
        "dispensed": st.just("3x100"),
        "body_surface": st.sampled_from(("1.6", "2.1", "2.4")),
        "all_others_no": st.booleans(),
    },
)
REGIONS = st.sets(st.sampled_from(("us", "eu", "uk")), min_size=1).map(sorted)


def assessed(patient: dict[str, Any], regions: list[str]) -> Any:
    """Answer for a generated patient; half a pair of dose or review is left out."""
    if "bsa" not in patient:
        patient = {k: v for k, v in patient.items() if k not in ("dispensed", "body_surface")}
    if "week" not in patient:
        patient = {k: v for k, v in patient.items() if k != "repig"}
    return api.assess(region=regions, on="2026-11-24", **patient)


def flat(text: str) -> str:
    """Return a page as one line of words."""
    bare = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


FORMATS: dict[str, Callable[[Any, bool], str]] = {
    "table": lambda answer, full: render_table(answer, full=full, color="never", width=250),
    "note": render_note,
    "markdown": lambda answer, full: render_markdown(answer, full).replace("\\", ""),
    "html": render_html,
}


def first_line(form: str, text: str) -> str:
    """Return what stands first on a page."""
    if form == "html":
        found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
        assert found
        return flat(found.group(1))
    return text.splitlines()[0]


@pytest.mark.parametrize("form", FORMATS)
@given(PATIENTS, REGIONS, st.booleans())
def test_what_is_grave_silent_or_unread_is_named(
    form: str, patient: dict[str, Any], regions: list[str], full: bool
) -> None:
    answer = assessed(patient, regions)
    for shown in (answer, answer.warn):
        text = FORMATS[form](shown, full)
        words = flat(text)
        verdict = VERDICT_WORDS[shown.verdict]
        assert re.search(verdict, first_line(form, text)), (verdict, first_line(form, text))
        for region, part in answer.warn.regions.items():
            # What was answered is repeated as such; only what is said of it counts here.
            said = re.sub(r"Asked: .*?(?=Not asked|Label)|Answered .*?Precautions", "", words)
            for found in part.findings:
                topic = (found.about or {}).get("topic", found.code)
                if found.action in GRAVE or found.code in ("label-silent", "label-not-read"):
                    assert re.search(NAMES[str(topic)], said, re.IGNORECASE), topic
            for topic in part.silent:
                assert re.search(NAMES[topic], said, re.IGNORECASE), topic
            grave = [t for t in part.not_checked if load(region).on(t).action in GRAVE]
            for topic in grave:
                assert re.search(NAMES[topic], open_part(form, words), re.IGNORECASE), topic


# Findings of dose and review that a headline or a row says in other words.
REWORDED = {
    "area-above-maximum": ("is more than 10 % of the body", "Treat less"),
    "quantity-above-maximum": ("is more than", "Treat a smaller area or use less cream"),
    "quantity-near-maximum": ("in a month of 31 days, ", " in 28 days, against 200 g a month",
                              "does not say how long a month is", "Ask how much is really used"),
    "dispensed-above-cap": ("OVER THE .*LABEL", "Dispensed is not used: ask how much is really"),
    "repigmentation-below-threshold": (
        r"CONSIDER STOPPING|consider stopping", r"at week \d+ is under 25 %"),
    "review-without-score": (r"review of week \d+ is due",
                             "under 25 % of the treated areas repigmented: consider stopping"),
    "not-meaningful-by-week-24": ("RE-EVALUATE|re-evaluate", "not meaningful to the patient",
                                  "this is not an instruction to stop"),
    "patient-judgement-not-stated": ("is it meaningful to them", "No % applies",
                                     "If not.*re-evaluate the treatment"),
}  # fmt: skip
# Their amounts are withheld where the patient must not have the cream.
OF_THE_DOSE = ("area-above-maximum", "quantity-above-maximum", "quantity-near-maximum",
               "dispensed-above-cap", "tube-size-not-in-label")  # fmt: skip
SILENT = {"label-silent": "not mention", "label-not-read": "not read"}


def sentences_of(found: Any, region: str) -> list[str]:
    """Return the sentences of a message, without what stands at the left of its row."""
    message = found.message
    if found.code in load(region).provisions:
        # The name of what was given stands before it.
        message = message[message.index(load(region).on(found.code).message) :]
    parts = re.split(r"(?<=[a-z0-9%)A-Z]\.) (?=[A-Z])", message)
    if found.code in SILENT or parts[0].endswith(" is a contraindication."):
        parts = parts[1:]  # said by the headline
    return [re.sub(r"^The [A-Z]+ label[^:]*: ", "", part) for part in parts]


def neutral(text: str) -> str:
    """Return a text without the names of labels, which stand beside it or in it."""
    return re.sub(r"\b(US|EU|UK) label", "label", unescape(text)).casefold()


def spoken(form: str, answer: Any) -> str:
    """Return a page as one line, without the sections that stand at the right of its lines."""
    place = r"(box|leaflet( \d)?|\d+(\.\d+)?|US|EU|UK)\*?"
    lines = FORMATS[form](answer, False).splitlines()
    bare = (re.sub(rf" {{2,}}{place}(, {place})*$", "", line) for line in lines)
    return neutral(flat("\n".join(bare)))


@pytest.mark.parametrize("form", FORMATS)
@given(PATIENTS, REGIONS)
def test_what_is_to_be_acted_on_is_said_whole(
    form: str, patient: dict[str, Any], regions: list[str]
) -> None:
    answer = assessed(patient, regions)
    withheld = any(
        part.contraindicated or "discontinue" in {found.action for found in part.findings}
        for part in answer.regions.values()
    )
    for shown in (answer, answer.warn):
        text = spoken(form, shown)
        for region, part in shown.regions.items():
            for found in part.findings:
                if found.severity == "info" and found.code not in SILENT:
                    continue
                if found.code in OF_THE_DOSE and withheld:
                    continue
                for said in REWORDED.get(found.code, ()):
                    assert re.search(said, text, re.IGNORECASE), (said, text)
                if found.code in REWORDED:
                    continue
                assert SILENT.get(found.code, "") in text
                for sentence in sentences_of(found, region):
                    assert neutral(sentence) in text, (sentence, text)


@pytest.mark.parametrize("form", FORMATS)
@given(PATIENTS, REGIONS)
def test_what_is_shortened_says_so(
    form: str, patient: dict[str, Any], regions: list[str]
) -> None:
    answer = assessed(patient, regions).warn
    text = spoken(form, answer)
    for region, part in answer.regions.items():
        for found in part.findings:
            first, *rest = [neutral(sentence) for sentence in sentences_of(found, region)]
            if first in text and not all(sentence in text for sentence in rest):
                assert re.search(re.escape(first) + r" \.\.\.", text)


def open_part(form: str, words: str) -> str:
    """Return the part of a page that names what was not asked."""
    starts = ("Not asked: ",) if form == "note" else ("would contraindicate", "to be avoided")
    return words[min(words.index(start) for start in starts if start in words) :]


@pytest.mark.parametrize("form", FORMATS)
@given(PATIENTS, REGIONS, st.booleans(), st.sampled_from(("bsa", "ftu")))
def test_a_contraindicated_patient_is_shown_no_amount(
    form: str, patient: dict[str, Any], regions: list[str], full: bool, area: str
) -> None:
    given_area = {"ftu": "4", "body_surface": None} if area == "ftu" else {"bsa": "8"}
    patient = {name: value for name, value in patient.items() if name != "bsa"}
    answer = assessed({"bsa": None, **patient, **given_area, "pregnant": True}, [*regions, "eu"])
    assert answer.dose is not None
    assert answer.regions["eu"].contraindicated
    assert not AMOUNT.search(flat(FORMATS[form](answer, full)))
    stopped = {**patient, "pregnant": False, "mi_or_stroke": True}
    answer = assessed({"bsa": None, **stopped, **given_area}, [*regions, "us"])
    assert not AMOUNT.search(flat(FORMATS[form](answer, full)))


@given(PATIENTS, REGIONS)
def test_no_tick_on_safety_while_something_was_not_asked(
    patient: dict[str, Any], regions: list[str]
) -> None:
    answer = assessed(patient, regions)
    text = render_table(answer, color="never", width=250)
    all_open = all(part.not_checked for part in answer.warn.regions.values())
    for line in text.splitlines():
        if "\u2713" in line:
            of_safety = "NOTHING" in line
            assert of_safety or re.search(r"Dose|amount|CONTINUE|continue:", line)
            assert not (of_safety and all_open)
    assert not (all_open and "NOTHING" in text)
    quiet = [part for part in answer.regions.values() if part.verdict == "nothing-found"]
    assert ("NOTHING" in text) == bool(quiet)
    assert ("NOTHING FOUND" in text) == any(not part.findings for part in quiet)


@given(PATIENTS, REGIONS, st.integers(40, 250), st.tuples(*[st.booleans()] * 4))
def test_any_width_holds_every_word(
    patient: dict[str, Any], regions: list[str], width: int, how: tuple[bool, bool, bool, bool]
) -> None:
    full, colored, ascii_only, explain = how
    patient = {**patient, "explain": explain}
    answer = assessed(patient, regions)
    layout = lay_out(answer, View(full=full, hints=True))
    text = Drawing(width, colored=colored, ascii_only=ascii_only).text(layout)
    plain = ANSI.sub("", text)
    assert colored or plain == text
    assert not ascii_only or plain.isascii()
    assert max(map(cell_len, plain.splitlines())) <= width
    cells = [cell for block in layout.blocks for row in block.rows for cell in row.cells]
    heads = [f"{line.words} {line.regions} {line.text}" for line in layout.headlines]
    for part in (*cells, *heads, *layout.remarks, *layout.foot):
        for word in part.split():
            if len(word) <= 12:  # a longer one may be folded
                assert word in plain, word


@given(PATIENTS, REGIONS)
def test_records_name_no_option(patient: dict[str, Any], regions: list[str]) -> None:
    answer = assessed(patient, regions)
    for form in ("note", "markdown", "html"):
        for shown in (answer, answer.warn, answer.dose, answer.check):
            if shown is not None:
                assert not re.search(r"(?<![\w<!-])--[a-z]", flat(FORMATS[form](shown, True)))


@pytest.mark.parametrize("form", FORMATS)
@given(PATIENTS, REGIONS)
def test_the_declaration_is_repeated_word_for_word(
    form: str, patient: dict[str, Any], regions: list[str]
) -> None:
    answer = assessed({**patient, "all_others_no": True}, regions)
    for shown in (answer, answer.warn):
        assert "All other items declared absent" in flat(FORMATS[form](shown, False))
