"""The FHIR questionnaire, and the responses to it: derived, strict, and the same answers."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import node_tools
import pytest
from conftest import ruxcalc
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc import InputError, assess
from ruxcalc.fhir import questionnaire, read_response
from ruxcalc.inputs import Input, JsonNumber
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.patient import INPUTS
from ruxcalc.questionnaire import choices_of, form_of, item_type
from ruxcalc.render.json import render_json
from ruxcalc.rules.questions import asked_inputs

Json = dict[str, Any]
YES_OR_NO = "http://terminology.hl7.org/CodeSystem/v2-0532"
# For each FHIR type of an item, an element that it may not have and one that it may.
WRONG = {
    "choice": ["valueBoolean", "valueString", "valueInteger"],
    "decimal": ["valueString", "valueQuantity", "valueBoolean"],
    "integer": ["valueDecimal", "valueString", "valueQuantity"],
    "date": ["valueDateTime", "valueString", "valueTime"],
    "string": ["valueCoding", "valueBoolean", "valueUri"],
}
A_VALUE: Json = {
    "valueBoolean": True, "valueString": "8", "valueInteger": 8, "valueDecimal": 8,
    "valueQuantity": {"value": 8}, "valueDateTime": "2026-01-05T10:00:00Z", "valueTime": "10:00:00",
    "valueCoding": {"code": "Y"}, "valueUri": "urn:x", "valueDate": "2026-01-05",
}  # fmt: skip


def items_of(form: Json) -> Iterator[Json]:
    for item in form["item"]:
        yield item
        yield from items_of(item) if "item" in item else ()


def questions(*regions: str) -> dict[str, Json]:
    form = questionnaire(regions or REGIONS)
    return {item["linkId"]: item for item in items_of(form)
            if item["type"] not in ("group", "display")}  # fmt: skip


def response(*items: Json, regions: tuple[str, ...] = REGIONS, **changed: Any) -> Json:
    form = questionnaire(regions)
    whole = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": "completed",
        "item": [{"linkId": "group-1", "item": list(items)}],
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def item(name: str, *answers: Any) -> Json:
    return {"linkId": name, "answer": list(answers)}


def answered(name: str, value: Any) -> Json:
    """Return the item with the value as the type of the input asks for it."""
    kind = item_type(INPUTS[name])
    values = value if isinstance(value, list) else [value]
    if kind == "choice":
        options = choices_of(INPUTS[name])
        values = [{"system": option.system, "code": option.code}
                  for each in values for option in options if option.value == each]  # fmt: skip
    key = {"choice": "valueCoding", "decimal": "valueDecimal", "integer": "valueInteger",
           "date": "valueDate", "string": "valueString"}[kind]  # fmt: skip
    return item(name, *({key: each} for each in values))


def text_of(content: Any) -> str:
    """Return JSON in which a number stands as it was typed."""
    numbers: list[str] = []

    def plain(value: object) -> str:
        assert isinstance(value, JsonNumber | Decimal)
        numbers.append(str(value))
        return f"<number {len(numbers) - 1}>"

    text = json.dumps(content, default=plain)
    for place, number in enumerate(numbers):
        text = text.replace(f'"<number {place}>"', number)
    return text


# ---- The questionnaire ----


def test_there_is_one_question_an_input_and_only_what_the_labels_speak_of() -> None:
    asked = {name for name, _ in asked_inputs(load_all(REGIONS))}
    assert len(asked) > 50
    assert set(questions()) == asked
    # The EU label says nothing of hepatitis or smoking, and no judgement of the patient counts.
    assert not {"hepatitis_b", "hepatitis_c", "smoker", "meaningful"} & set(questions("eu"))
    assert {"hepatitis_b", "smoker", "meaningful"} <= set(questions("us"))
    assert {"pregnant", "breastfeeding", "esrd", "hypersensitivity"} <= set(questions("eu"))


def test_a_question_has_the_type_unit_bounds_and_choices_of_its_input() -> None:
    bsa = questions()["bsa"]
    assert bsa["type"] == "decimal"
    extensions = {each["url"].rpartition("/")[2]: each for each in bsa["extension"]}
    assert extensions["minValue"]["valueDecimal"] == 0
    assert extensions["maxValue"]["valueDecimal"] == 100
    assert extensions["questionnaire-unit"]["valueCoding"]["code"] == "%"
    assert questions()["days"]["type"] == "integer"
    assert questions()["start"]["type"] == "date"
    assert questions()["drug"]["type"] == "string"
    assert questions()["drug"]["repeats"] is True
    codes = [each["valueCoding"]["code"] for each in questions()["tuberculosis"]["answerOption"]]
    assert codes == ["active", "latent", "exposed", "no"]


@pytest.mark.parametrize("name", [n for n in questions() if INPUTS[n].kind == "flag"])
def test_no_question_is_a_box_that_comes_back_as_no_when_nobody_touched_it(name: str) -> None:
    asked = questions()[name]
    assert asked["type"] == "choice"
    codes = [each["valueCoding"]["code"] for each in asked["answerOption"]]
    assert codes == ["Y", "N", "NASK"]
    assert not any("initialSelected" in option for option in asked["answerOption"])
    assert "initial" not in asked


def test_every_question_is_a_sentence_and_the_declaration_is_last() -> None:
    assert all(asked["text"].endswith("?") for asked in questions().values())
    assert list(questions())[-1] == "all_others_no"


def test_the_form_names_its_editions_its_verification_and_when_it_is_due() -> None:
    form = questionnaire()
    shown = form["item"][0]
    assert shown["type"] == "display"
    for said in (
        "2026-06-30", "2024-04-02", "2023-11-13", "verified 2026-11-24", "due again 2027-11-24",
        "does not replace, the prescriber's judgement",
    ):  # fmt: skip
        assert said in shown["text"]
        assert said in form["description"]
    assert form["effectivePeriod"] == {"start": "2026-11-24", "end": "2027-11-24"}
    assert "2024-04-02" not in questionnaire(("us",))["description"]


def test_another_question_makes_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = questionnaire(("eu",))["version"]
    assert questionnaire(("us",))["version"] != before

    def changed(labels: Any) -> Iterator[tuple[str, Input]]:
        for name, declared in asked_inputs(labels):
            yield name, declared._replace(question="Other?") if name == "bsa" else declared

    monkeypatch.setattr("ruxcalc.questionnaire.asked_inputs", changed)
    form_of.cache_clear()
    try:
        assert questionnaire(("eu",))["version"] != before
    finally:
        form_of.cache_clear()


def test_whoever_changes_a_form_changes_no_other() -> None:
    before = json.dumps(questionnaire())
    for changed in items_of(questionnaire()):
        changed["type"] = "percentage"
    assert json.dumps(questionnaire()) == before


def test_the_command_prints_it() -> None:
    ran = ruxcalc("schema", "questionnaire", "-r", "eu")
    assert ran.status == 0
    assert json.loads(ran.out) == json.loads(json.dumps(questionnaire(("eu",))))


# ---- Responses ----


def test_numbers_keep_their_digits() -> None:
    read = read_response(text_of(response(answered("bsa", Decimal("8.10")))))
    assert repr(read.inputs["bsa"]) == "8.10"
    assert read.regions == REGIONS


def test_a_whole_number_may_stand_where_a_decimal_is_asked() -> None:
    read = read_response(text_of(response(item("bsa", {"valueInteger": 8}))))
    assert repr(read.inputs["bsa"]) == "8"


def test_not_asked_and_left_out_are_the_same_and_no_is_another_thing() -> None:
    unasked = item("pregnant", {"valueCoding": {"code": "NASK"}})
    assert read_response(text_of(response(unasked))).inputs == {}
    assert read_response(text_of(response(item("pregnant")))).inputs == {}
    assert read_response(text_of(response({"linkId": "pregnant"}))).inputs == {}
    no = item("pregnant", {"valueCoding": {"system": YES_OR_NO, "code": "N"}})
    assert read_response(text_of(response(no))).inputs == {"pregnant": False}


def test_the_form_asks_for_its_regions_and_names_its_response() -> None:
    read = read_response(text_of(response(answered("bsa", 8), regions=("eu",), id="r-17")))
    assert read.regions == ("eu",)
    assert read.id == "r-17"


def test_a_byte_order_mark_and_an_amended_response_are_fine() -> None:
    text = text_of(response(answered("bsa", 8), status="amended"))
    assert repr(read_response(f"\ufeff{text}").inputs["bsa"]) == "8"


def test_items_may_stand_in_groups_of_groups_or_in_none() -> None:
    deep = {"linkId": "group-1", "item": [{"linkId": "group-2", "item": [answered("bsa", 8)]}]}
    for items in ([deep], [answered("bsa", 8)]):
        assert repr(read_response(text_of(response(item=items))).inputs["bsa"]) == "8"


def test_none_as_the_only_medicine_means_that_none_is_taken() -> None:
    read = read_response(text_of(response(answered("drug", "none"))))
    inputs: Any = read.inputs
    assert render_json(assess(**inputs)) == render_json(assess(drug=[]))


def value_for(name: str, declared: Input) -> st.SearchStrategy[Any]:
    if declared.kind in ("flag", "choice"):
        values = [option.value for option in choices_of(declared) if option.value is not None]
        return st.sampled_from(values)
    if declared.kind in ("number", "repigmentation", "handprints"):
        low = declared.low + (Decimal("0.01") if declared.above else 0)
        if declared.whole:
            return st.integers(int(low), int(declared.high)).map(Decimal)
        return st.decimals(low, declared.high, places=2)
    if declared.kind == "dispensed":
        return st.just(["2x100"])
    return st.just({"topical": ["tacrolimus"]}.get(name, ["itraconazole", "aspirin"]))


# What may be answered together: one area, one time, one response.
TOGETHER = [name for name, declared in INPUTS.items() if name in questions() and name not in (
    "handprints", "ftu", "grams_per_ftu", "baseline", "score", "start", "restart", "height",
    "weight", "body_surface", "method", "formula", "on", "per_days")]  # fmt: skip


@given(st.fixed_dictionaries({}, optional={n: value_for(n, INPUTS[n]) for n in TOGETHER}))
def test_a_response_is_answered_as_the_same_call(given_: Json) -> None:
    """Whatever is filled in, the answer is byte for byte that of the Python interface."""
    items = [answered(name, value) for name, value in given_.items()]
    read = read_response(text_of(response(*items)))
    inputs: Any = read.inputs
    try:
        expected = render_json(assess(region=REGIONS, **given_))
    except InputError as error:
        with pytest.raises(InputError) as refused:
            assess(region=read.regions, **inputs)
        assert refused.value.sentence == error.sentence
    else:
        assert render_json(assess(region=read.regions, **inputs)) == expected


def test_the_command_answers_a_response_as_the_same_command_line(tmp_path: Path) -> None:
    items = [answered("bsa", 8), answered("week", 52), answered("repig", 20),
             answered("age", 34), answered("pregnant", value=False),
             answered("drug", ["itraconazole", "aspirin"])]  # fmt: skip
    path = tmp_path / "response.json"
    path.write_text(text_of(response(*items, regions=("eu",))))
    line = ("-r", "eu", "--bsa", "8", "--week", "52", "--repig", "20", "--age", "34",
            "--no-pregnant", "--drug", "itraconazole", "--drug", "aspirin")  # fmt: skip
    for form in ("json", "note", "html"):
        read = ruxcalc("assess", "--fhir", str(path), "-f", form)
        assert read == ruxcalc("assess", *line, "-f", form)
        assert read.status == 3
    assert ruxcalc("assess", "--fhir", "-", "--json", stdin=path.read_text()) == ruxcalc(
        "assess", *line, "--json"
    )


# ---- What is refused ----


def broken_answers() -> Iterator[tuple[str, Json]]:
    """Yield for every input what is wrong with an answer to it."""
    for name, asked in questions().items():
        kind = asked["type"]
        several = asked.get("repeats", False)
        good = {"choice": "valueCoding", "decimal": "valueDecimal", "integer": "valueInteger",
                "date": "valueDate", "string": "valueString"}[kind]  # fmt: skip
        one = {good: A_VALUE[good]}
        if asked["type"] == "choice":
            one = {good: asked["answerOption"][0]["valueCoding"]}
        yield f"{name}-doubled", response(item(name, one), item(name, one))
        if not several:
            yield f"{name}-two-answers", response(item(name, one, one))
        for wrong in WRONG[kind]:
            yield f"{name}-{wrong}", response(item(name, {wrong: A_VALUE[wrong]}))
        if kind == "integer":
            yield f"{name}-fraction", response(item(name, {good: 8.5}))
        yield f"{name}-object", response(item(name, {good: {}}))
        yield f"{name}-list", response(item(name, {good: [one[good]]}))
        yield f"{name}-null", response(item(name, {good: None}))


def broken_responses() -> Iterator[tuple[str, Any]]:
    good = answered("bsa", 8)
    form = questionnaire()
    url, version = form["url"], form["version"]
    statuses: list[Any] = [..., None, "", "in-progress", "entered-in-error", "stopped", "draft",
                           True, ["completed"], {}, 3]  # fmt: skip
    for status in statuses:
        yield f"status-{status}", response(good, status=status)
    for canonical in (
        ..., None, "", url, f"{url}|", f"{url}|0.0.1", f"{url}|{version} ", f"{url}|{version}|x",
        f"http://example.org/q|{version}", f"urn:ruxcalc:questionnaire|{version}",
        f"urn:ruxcalc:questionnaire:|{version}", f"urn:ruxcalc:questionnaire:fr|{version}",
        f"urn:ruxcalc:questionnaire:uk:us:eu|{version}", f"urn:ruxcalc:questionnaire:us|{version}",
        f"urn:ruxcalc:questionnaire:us:us:eu:uk|{version}", f"{url}:|{version}",
        f"URN:ruxcalc:questionnaire:us:eu:uk|{version}", 8, [url], {"url": url}, "x" * 100_000,
    ):  # fmt: skip
        yield f"canonical-{str(canonical)[:60]}", response(good, questionnaire=canonical)
    kinds: list[Any] = [..., None, "Questionnaire", "Patient", "Bundle", 8, []]
    for kind in kinds:
        yield f"resource-{kind}", response(good, resourceType=kind)
    identities: list[Any] = [8, [], {}]
    for identity in identities:
        yield f"id-{identity}", response(good, id=identity)
    others: list[Any] = [None, 8, "x", [], {}, True, [response(good)]]
    for whole in others:
        yield f"whole-{json.dumps(whole)[:20]}", whole


def broken_items() -> Iterator[tuple[str, Any]]:
    good = answered("bsa", 8)
    for name in ("lbs", "BSA", "bsa ", "", "tubes", "stop", "on-help", "bsa-help-help", "\x00",
                 "\u202e", "x" * 100_000, "{bsa}", "__class__"):  # fmt: skip
        yield f"link-{name[:20]!r}", response(item(name, {"valueDecimal": 8}))
    named: list[Any] = [None, 8, True, [], {}]
    unnamed: list[Json] = [{}, *({"linkId": name} for name in named)]
    for link in unnamed:
        yield f"link-{link}", response({**link, "answer": [{"valueDecimal": 8}]})
    yield "unknown-without-an-answer", response({"linkId": "lbs"})
    for name in ("group-1", "bsa-help", "about"):
        yield f"answered-{name}", response(item(name, {"valueString": "x"}))
    answers: list[Any] = [
        None, 8, "8", True, {}, {"valueDecimal": 8}, [8], ["8"], [None], [[]], [{}],
        [{"valueDecimal": 8, "valueInteger": 8}], [{"valu": 8}], [{"_valueDecimal": {}}],
        [{"valueDecimal": 8, "note": "x"}], [{"valueDecimal": 8, "modifierExtension": []}],
    ]  # fmt: skip
    for answer in answers:
        yield f"answer-{json.dumps(answer)}", response({"linkId": "bsa", "answer": answer})
    several: list[Any] = [None, 8, "x", {}, True, [None], [8], ["bsa"], [[]], [{}]]
    for items in several:
        yield f"items-{json.dumps(items)}", response(item=items)
    for name in ("items", "answers", "modifierExtension", "implicitRules", "Item", "x" * 10_000):
        yield f"element-{name[:20]}", {**response(good), name: []}
        yield f"item-element-{name[:20]}", response({**good, name: []})
    hidden = item("bsa", {"valueDecimal": 8, "item": [item("lbs", {"valueDecimal": 8})]})
    yield "unknown-under-an-answer", response(hidden)
    again = item("bsa", {"valueDecimal": 8, "item": [answered("bsa", 8)]})
    yield "doubled-under-an-answer", response(again)
    yield "not-asked-by-this-label", response(answered("hepatitis_b", value=True), regions=("eu",))
    for groups in (["group-1"] * 300, [f"group-{n}" for n in range(300)]):
        deep: Json = answered("bsa", 8)
        for group in groups:
            deep = {"linkId": group, "item": [deep]}
        yield f"deep-{groups[1]}", response(deep)
    codes: list[Any] = ["y", "yes", "YES", "true", "unknown", "", None, 8, True, {}, []]
    for code in codes:
        yield f"code-{code}", response(item("pregnant", {"valueCoding": {"code": code}}))
    other = {"valueCoding": {"system": "http://example.org", "code": "Y"}}
    yield "code-of-another-system", response(item("pregnant", other))
    yield "no-code", response(item("pregnant", {"valueCoding": {"display": "Yes"}}))


def broken_texts() -> Iterator[tuple[str, str]]:
    good = text_of(response(answered("bsa", 8)))
    yield "empty", ""
    yield "blank", " \n"
    yield "half", good[: len(good) // 2]
    yield "twice", good + good
    yield "comment", "// x\n" + good
    yield "single-quotes", good.replace('"', "'")
    yield "trailing-comma", good[:-1] + ",}"
    yield "xml", "<QuestionnaireResponse/>"
    yield "python", str(response(answered("bsa", 8)))
    yield "csv", "id,bsa\n1,8\n"
    yield "nul", good.replace("bsa", "b\0sa")
    yield "huge", json.dumps(response(answered("bsa", 8), text="x" * 1_000_001))
    yield "deep-lists", "[" * 100_000
    yield "deep-closed", "[" * 5_000 + "]" * 5_000
    yield "deep-objects", '{"item":' * 100_000
    yield "many-keys", "{" + ",".join(f'"k{n}":1' for n in range(80_000)) + "}"
    for key in ("status", "questionnaire", "resourceType", "item"):
        yield f"key-twice-{key}", good[:-1] + f', "{key}": "completed"}}'
    twice = '"valueDecimal": 8, "valueDecimal": 80'
    yield "key-twice-inside", good.replace('"valueDecimal": 8', twice)
    for word in ("NaN", "Infinity", "-Infinity"):
        yield word, good.replace('"valueDecimal": 8', f'"valueDecimal": {word}')
    for number in ("08", "+8", "8.", ".8", "0x8", "8,5", "1_0", "\u0668"):
        yield f"number-{number}", good.replace('"valueDecimal": 8', f'"valueDecimal": {number}')


# Read by FHIR and refused by the grammar of the inputs, as anywhere else.
REFUSED_BY_THE_GRAMMAR = [
    ("bsa", "1e1"), ("bsa", "8e0"), ("bsa", "-8"), ("bsa", "0"), ("bsa", "100.01"),
    ("bsa", "1" * 50), ("bsa", "1e999999999"), ("bsa", "-0"), ("days", "0"),
    ("days", "1001"), ("age", "131"), ("repig", "100.5"), ("repig", "-1001"), ("weight", "1e2"),
]  # fmt: skip
STRINGS = [
    ("start", "2026-1-5"), ("start", "2026-02-30"), ("start", "2026-01"), ("start", "today"),
    ("start", "05.01.2026"), ("dispensed", "3"), ("dispensed", "3x"), ("drug", ""),
    ("drug", " "), ("drug", "x" * 81), ("drug", "a\nb"), ("topical", "\x1b[2J"),
]  # fmt: skip


def one_message(error: InputError) -> None:
    for message in (error.sentence, error.for_command_line()):
        assert "\n" not in message
        assert len(message) < 700
        assert message.isprintable()


def test_there_are_at_least_a_hundred_broken_responses() -> None:
    assert len([*BROKEN, *broken_texts()]) > 100


BROKEN = [*broken_answers(), *broken_responses(), *broken_items()]


@pytest.mark.parametrize("content", [pytest.param(each, id=name) for name, each in BROKEN])
def test_a_broken_response_is_refused(content: Any) -> None:
    with pytest.raises(InputError) as refused:
        read_response(text_of(content))
    one_message(refused.value)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in broken_texts()])
def test_a_text_that_is_no_response_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_response(text)
    one_message(refused.value)


@pytest.mark.parametrize(("name", "number"), REFUSED_BY_THE_GRAMMAR)
def test_the_number_grammar_is_that_of_every_interface(name: str, number: str) -> None:
    items = item(name, {f"value{item_type(INPUTS[name]).title()}": JsonNumber(number)})
    inputs: Any = read_response(text_of(response(items))).inputs
    with pytest.raises(InputError) as refused:
        assess(**inputs)
    one_message(refused.value)
    assert refused.value.field == name


@pytest.mark.parametrize(("name", "text"), STRINGS)
def test_text_is_read_as_everywhere(name: str, text: str) -> None:
    key = "valueDate" if name == "start" else "valueString"
    inputs: Any = read_response(text_of(response(item(name, {key: text})))).inputs
    with pytest.raises(InputError) as refused:
        assess(**inputs)
    one_message(refused.value)


def test_the_command_ends_with_2_and_one_line_for_every_broken_response(tmp_path: Path) -> None:
    path = tmp_path / "response.json"
    grammar = [(f"{name}-{number}", text_of(response(item(
        name, {f"value{item_type(INPUTS[name]).title()}": JsonNumber(number)}))))
        for name, number in REFUSED_BY_THE_GRAMMAR]  # fmt: skip
    texts = [(name, text_of(content)) for name, content in BROKEN]
    for name, text in (*texts, *broken_texts(), *grammar):
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        ran = ruxcalc("assess", "--fhir", str(path), "--json")
        assert (ran.status, ran.out) == (2, ""), name
        # The name of the program, what is wrong, and at most the line to try.
        first, *more = ran.err.splitlines()
        assert first.startswith("ruxcalc: "), name
        assert all(line.startswith("  ") for line in more), name
        assert len(more) < 2, name


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "response.json"
    assert ruxcalc("assess", "--fhir", str(path)).status == 2
    path.write_bytes(b"\xff\xfe\x00{")
    ran = ruxcalc("assess", "--fhir", str(path))
    assert ran.status == 2
    assert "UTF-8" in ran.err


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["item", "linkId", "answer", "valueDecimal", "valueCoding",
                                       "code", "status", "questionnaire", "resourceType"])
                      | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(anything)
def test_any_json_is_answered_or_refused(content: Any) -> None:
    for whole in (content, response(item=content), response(content),
                  response(item("bsa", content)), response({"linkId": "bsa", "answer": content}),
                  response(item("bsa", {"valueDecimal": content})),
                  response(item("pregnant", {"valueCoding": content}))):  # fmt: skip
        try:
            inputs: Any = read_response(json.dumps(whole)).inputs
            assess(region="eu", **inputs)
        except InputError as error:
            one_message(error)


@given(st.data())
def test_a_damaged_text_is_answered_or_refused(data: st.DataObject) -> None:
    text = text_of(response(answered("bsa", 8), answered("pregnant", value=True),
                            answered("drug", ["itraconazole"])))  # fmt: skip
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    put = data.draw(st.text(max_size=6) | st.sampled_from(['"', "}", "]", ",", ":", "0", "\\u"]))
    try:
        inputs: Any = read_response(text[:start] + put + text[end:]).inputs
        assess(region="eu", **inputs)
    except InputError as error:
        one_message(error)


# ---- Other people's validators ----


@pytest.mark.slow
def test_two_independent_validators_find_nothing(tmp_path: Path) -> None:
    """`fhir` looks at the first level of items only, so it gets every item on that level too."""
    resources: dict[str, Json] = {}
    for regions in (REGIONS, ("us",), ("eu",), ("uk",)):
        form = questionnaire(regions)
        name = "-".join(regions)
        flat = [{k: v for k, v in each.items() if k != "item"} for each in items_of(form)]
        # A group without items is none; it was looked at in the whole form.
        flat = [each for each in flat if each["type"] != "group"]
        resources |= {name: form, f"{name}-flat": {**form, "item": flat}}
    resources["response"] = response(
        answered("bsa", 8), answered("pregnant", value=True), answered("start", "2026-01-05"),
        answered("drug", ["itraconazole", "aspirin"]), answered("tuberculosis", "latent"),
    )  # fmt: skip
    wrong = questionnaire(("eu",))
    wrong["item"][1]["item"][0]["type"] = "percentage"
    wrong["item"].append({"linkId": "x", "type": "percentage"})
    resources["wrong"] = wrong  # so that a validator that looks at nothing is found out
    paths = []
    for name, resource in resources.items():
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_text(json.dumps(resource))
    found = node_tools.node("validate.cjs", *paths, needs=node_tools.packages())
    for name, errors in zip(resources, found, strict=True):
        if name == "wrong":
            assert errors["fhir"]
            # Medplum's own rules hold no list of codes: see its definitions.
        else:
            assert errors == {"fhir": [], "medplum": []}, name


# ---- A list of responses ----


def test_a_list_of_responses_is_answered_row_by_row(tmp_path: Path) -> None:
    """A response of a list is asked for its own regions, and named by its id."""
    good = [answered("bsa", Decimal("8.10")), answered("drug", ["itraconazole", "aspirin"])]
    rows = [
        response(*good, id="a"),
        response(answered("pregnant", value=True), id="b", regions=("eu",)),
        response(answered("bsa", 8), id="c", status="in-progress"),
        response(answered("bsa", JsonNumber("1e1")), id="d"),
        {"id": "e", "region": "uk", "bsa": 8},
    ]
    path = tmp_path / "responses.ndjson"
    path.write_text("".join(f"{text_of(row)}\n" for row in rows))
    ran = ruxcalc("batch", str(path), "--full")
    assert ran.status == 4
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["row"]["id"] for line in lines] == ["a", "b", "e"]
    assert [list(line["regions"]) for line in lines] == [["us", "eu", "uk"], ["eu"], ["uk"]]
    assert lines[0]["inputs"] == {"bsa": 8.1, "drug": ["itraconazole", "aspirin"]}
    assert ":3: 'in-progress' is not a final status" in ran.err
    assert ":4: bsa: 1e1" in ran.err
