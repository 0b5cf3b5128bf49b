"""The questionnaire in another program's form: shown, filled by hand, exported, answered.

The form is NLM's LHC-Forms in a headless Chromium. What it exports is answered exactly as the
same call and the same command line.
"""

import json
from pathlib import Path
from typing import Any

import node_tools
import pytest
from conftest import ruxcalc

from ruxcalc import assess
from ruxcalc.fhir import questionnaire, read_response
from ruxcalc.inputs import Input
from ruxcalc.patient import INPUTS
from ruxcalc.render.json import render_json

pytestmark = pytest.mark.slow

# Patients as they are filled in: the region, the answers, and the same on the command line.
PATIENTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "a-first-prescription": (
        "eu",
        {"bsa": "8.5", "age": "34", "face": True, "segmental": False, "pregnant": False,
         "breastfeeding": False, "hypersensitivity": False, "esrd": False, "drug": ["none"]},
        ["--bsa", "8.5", "--age", "34", "--face", "--no-segmental", "--no-pregnant",
         "--no-breastfeeding", "--no-hypersensitivity", "--no-esrd", "--no-drug"],
    ),
    "contraindicated": (
        "uk", {"bsa": "3", "pregnant": True}, ["--bsa", "3", "--pregnant"],
    ),
    "several-medicines": (
        "us",
        {"bsa": "12", "drug": ["itraconazole", "aspirin"],
         "tuberculosis": "latent", "hepatitis_b": False, "smoker": True},
        ["--bsa", "12", "--drug", "itraconazole", "--drug", "aspirin",
         "--tuberculosis", "latent", "--no-hepatitis-b", "--smoker"],
    ),
    "a-review": (
        "us,eu,uk",
        {"week": "52", "repig": "-20.25", "measure": "treated-area", "meaningful": False,
         "satisfactory": True},
        ["--week", "52", "--repig=-20.25", "--measure", "treated-area", "--not-meaningful",
         "--satisfactory"],
    ),
    "by-dates": (
        "eu",
        {"handprints": "8", "days": "56", "start": "2026-01-05", "on": "2026-11-24",
         "baseline": "2.4", "score": "1.8", "dispensed": ["3x100", "1x60"], "egfr": "14.9",
         "topical": ["tacrolimus"]},
        ["--handprints", "8", "--days", "56", "--start", "2026-01-05", "--on", "2026-11-24",
         "--baseline", "2.4", "--score", "1.8", "--dispensed", "3x100", "--dispensed", "1x60",
         "--egfr", "14.9", "--topical", "tacrolimus"],
    ),
    "all-others-no": (
        "us", {"bsa": "5", "age": "12", "all_others_no": True},
        ["--bsa", "5", "--age", "12", "--all-others-no"],
    ),
    "nothing": ("eu", {}, []),
}  # fmt: skip


def by_hand(name: str, value: Any) -> list[Any]:
    """Return an answer as the script types it: the question, how, and what."""
    declared: Input = INPUTS[name]
    how = {"flag": "radio", "choice": "choice", "date": "date", "names": "names",
           "dispensed": "names"}.get(declared.kind, "number")  # fmt: skip
    words = {True: "Yes", False: "No"}
    return [name, how, words[value] if isinstance(value, bool) else value]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    needs = node_tools.chromium()
    folder = tmp_path_factory.mktemp("lforms")
    forms = [
        [questionnaire(tuple(regions.split(","))), [by_hand(*pair) for pair in answers.items()]]
        for regions, answers, _ in PATIENTS.values()
    ]
    # Every yes or no of a form that nobody asked, and one that was asked and taken back.
    forms.append([questionnaire(("eu",)), [["pregnant", "radio", "Yes"],
                                           ["pregnant", "radio", "Not asked"]]])  # fmt: skip
    (folder / "forms.json").write_text(json.dumps(forms))
    seen = node_tools.node("lforms.cjs", node_tools.lforms(), folder / "form.html",
                           folder / "forms.json", needs=needs)  # fmt: skip
    assert not [url for url in seen["requests"] if not url.startswith("file:")]
    found: dict[str, Any] = dict(zip((*PATIENTS, "taken-back"), seen["exported"], strict=True))
    return found


def without_words(response: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "shown"}


@pytest.mark.parametrize("name", PATIENTS)
def test_what_is_filled_in_is_answered_as_the_same_call(
    name: str, exported: dict[str, Any], tmp_path: Path
) -> None:
    regions, answers, line = PATIENTS[name]
    text = json.dumps(without_words(exported[name]))
    read = read_response(text)
    assert read.regions == tuple(regions.split(","))
    inputs: Any = read.inputs
    calls: Any = answers
    assert render_json(assess(region=read.regions, **inputs)) == render_json(
        assess(region=regions, **calls)
    )
    path = tmp_path / "response.json"
    path.write_text(text)
    for form in ("json", "note", "table"):
        by_form = ruxcalc("assess", "--fhir", str(path), "-f", form)
        assert by_form == ruxcalc("assess", "-r", regions, *line, "-f", form)
        assert by_form.status in (0, 3)


def test_a_question_that_was_taken_back_is_not_asked(exported: dict[str, Any]) -> None:
    assert read_response(json.dumps(without_words(exported["taken-back"]))).inputs == {}


def test_the_editions_and_the_questions_are_in_sight(exported: dict[str, Any]) -> None:
    shown = exported["nothing"]["shown"]
    for words in (
        "2024-04-02", "due again 2027-11-24", "does not replace", "Is the patient pregnant?",
        "Not asked", "Area and amount",
    ):  # fmt: skip
        assert words in shown
