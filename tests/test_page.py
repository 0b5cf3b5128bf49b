"""`ruxcalc.html` in a headless Chromium: the same answers, nothing sent, usable by everybody."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import node_tools
import pytest
from conftest import ruxcalc

from ruxcalc import InputError, api, assess
from ruxcalc.cli.ask import FIRST
from ruxcalc.labels import REGIONS
from ruxcalc.patient import INPUTS
from ruxcalc.render.json import render_json
from ruxcalc.render.note import render_note

pytestmark = pytest.mark.slow
TOOLS = Path(__file__).parent.parent / "tools"

ALL = list(REGIONS)
PATIENTS: list[tuple[list[str], dict[str, Any]]] = [
    (ALL, {}),
    (ALL, {"bsa": "8"}),
    (["eu"], {"bsa": "8.10", "age": "34"}),
    (["us"], {"bsa": "12", "drug": "itraconazole, aspirin"}),
    (["uk"], {"bsa": "3", "pregnant": True}),
    (ALL, {"week": "52", "repig": "20", "measure": "treated-area"}),
    (ALL, {"week": "24", "meaningful": False}),
    (["us", "eu"], {"week": "24", "meaningful": True, "satisfactory": True}),
    (["eu"], {"handprints": "0.5", "height": "170", "weight": "70"}),
    (["eu"], {"bsa": "5", "body_surface": "1.8", "method": "density", "days": "56"}),
    (["us"], {"ftu": "4", "grams_per_ftu": "0.43", "tube_price": "120.50"}),
    (ALL, {"tuberculosis": "latent", "hepatitis_b": True, "smoker": False}),
    (ALL, {"tuberculosis": "no", "infection": True}),
    (["eu", "uk"], {"egfr": "14.9"}),
    (["eu", "uk"], {"egfr": "14.9", "esrd": False, "hepatic": True}),
    (ALL, {"baseline": "2.4", "score": "1.8", "week": "53"}),
    (["eu"], {"start": "2026-01-05", "on": "2026-11-24", "repig": "-20.25", "week": ""}),
    (["us"], {"bsa": "5", "age": "11", "all_others_no": True}),
    (["uk"], {"bsa": "10", "dispensed": "3x100, 1x60", "per_days": "28", "drug": "none"}),
    (["eu"], {"bsa": "8", "age": "34", "face": True, "segmental": False, "pregnant": False,
              "breastfeeding": False, "hypersensitivity": False, "esrd": False,
              "drug": "none", "topical": "tacrolimus"}),
]  # fmt: skip


def call(inputs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if value != ""}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    needs = node_tools.chromium()
    folder = tmp_path_factory.mktemp("page")
    target = folder / "ruxcalc.html"
    built = subprocess.run([sys.executable, str(TOOLS / "build_page.py"), "-o", str(target)],
                           capture_output=True, check=False)  # fmt: skip
    if b"CalledProcessError" in built.stderr or b"npm is needed" in built.stderr:
        pytest.skip("Pyodide cannot be installed here")
    assert built.returncode == 0, built.stderr.decode()
    patients = [{"regions": regions, "inputs": inputs} for regions, inputs in PATIENTS]
    (folder / "patients.json").write_text(json.dumps(patients))
    seen: dict[str, Any] = node_tools.node(
        "page.cjs", target, folder / "patients.json", needs=needs
    )
    megabytes = target.stat().st_size / 1e6
    print(f"ruxcalc.html: {megabytes:.1f} MB, ready after {seen['milliseconds'] / 1000:.1f} s")  # noqa: T201 - for -s
    return seen


def test_twenty_patients_are_answered_byte_for_byte_as_by_the_command(page: dict[str, Any]) -> None:
    assert len(PATIENTS) == 20
    for (regions, inputs), seen in zip(PATIENTS, page["answers"], strict=True):
        called = call(inputs)
        assert seen["json"] == render_json(assess(region=regions, **called)), inputs
        line = [f"--{name.replace('_', '-')}={value}" for name, value in called.items()
                if not isinstance(value, bool)]  # fmt: skip
        line += [f"--{'' if value else INPUTS[name].negation + '-'}{name.replace('_', '-')}"
                 for name, value in called.items() if isinstance(value, bool)]  # fmt: skip
        assert seen["json"] == ruxcalc("assess", "-r", ",".join(regions), *line, "--json").out


def test_nothing_is_requested_sent_or_stored(page: dict[str, Any]) -> None:
    assert len(page["requests"]) == 1
    assert page["requests"][0].startswith("file:")
    assert page["stored"] == [0, 0, "", 0, 0]
    assert page["errors"] == []


def test_the_policy_lets_nothing_out_and_no_other_script_in(page: dict[str, Any]) -> None:
    assert page["blocked"] == {"refused": ["connect-src", "img-src", "script-src-elem"],
                               "injected": False}  # fmt: skip


def test_version_editions_due_date_and_intended_use_are_in_sight(page: dict[str, Any]) -> None:
    for said in (
        "ruxcalc 0.1.0", "2026-06-30", "2024-04-02", "2023-11-13", "Facts verified 2026-11-24",
        "due again 2027-11-24", "For clinicians", "does not replace",
    ):  # fmt: skip
        assert said in page["text"], said
    assert not page["overdue"]


def test_a_page_that_was_kept_for_years_says_that_its_facts_are_due(page: dict[str, Any]) -> None:
    assert "were due for verification on 2027-11-24" in page["years"]["overdue"]
    codes = [found["code"] for found in
             json.loads(page["years"]["json"])["regions"]["eu"]["findings"]]  # fmt: skip
    assert "label-verification-old" in codes


def test_the_form_stands_in_the_groups_of_ask(page: dict[str, Any]) -> None:
    panels = list(dict.fromkeys(declared.panel for declared in INPUTS.values()))
    assert page["headings"][0] == FIRST
    assert page["headings"][-1] == "All others"
    assert set(page["headings"][1:-1]) == set(panels)


def test_the_answer_is_shown_as_a_page_and_its_note_copied(page: dict[str, Any]) -> None:
    regions, inputs = PATIENTS[-1]
    answer = assess(region=regions, **call(inputs))
    assert page["note"] == page["copied"] == render_note(answer)
    assert "2024-04-02" in page["shown"]
    assert "does not replace" in page["shown"]


def test_the_handout_of_one_region_is_printed_and_of_several_refused(page: dict[str, Any]) -> None:
    assert "Your ruxolitinib 1.5 % cream" in page["handout"]
    assert page["noHandout"].startswith("No handout.")


def test_an_answer_goes_when_the_form_is_changed(page: dict[str, Any]) -> None:
    assert page["stale"] is False


def test_a_refusal_is_the_program_s_and_stands_at_its_field(page: dict[str, Any]) -> None:
    try:
        api.assess(bsa="8,5")
    except InputError as error:
        reason = error.reason
    assert page["refused"] == {"status": f"Not answered. {reason}", "line": reason,
                               "focused": "bsa", "invalid": "true"}  # fmt: skip


def test_a_label_is_needed(page: dict[str, Any]) -> None:
    assert page["noLabel"] == "Not answered. Choose a label."


def test_it_can_be_used_by_the_keyboard_alone(page: dict[str, Any]) -> None:
    assert page["byKeys"] == render_json(assess(bsa="8", pregnant=True))


def test_axe_finds_nothing_serious(page: dict[str, Any]) -> None:
    looked_at = ["light-desk", "light-phone", "dark-desk", "dark-phone", "shown", "paper"]
    assert page["axe"] == {name: [] for name in looked_at}


def test_it_fits_a_phone(page: dict[str, Any]) -> None:
    assert page["width"]["phone"] <= 360
