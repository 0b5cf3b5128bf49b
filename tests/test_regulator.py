"""A new regulator is one new module and its rows: no other file of the source is edited.

The package is copied, a fourth label is put into the copy the way `docs/maintainer.md` says,
and every command is asked about it there, in a Python of its own.
"""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ruxcalc
from ruxcalc.labels import REGIONS
from ruxcalc.labels.topics import TOPICS

PACKAGE = Path(str(ruxcalc.__file__)).parent

MODULE = """# The label of a regulator that does not exist.

from decimal import Decimal

from ruxcalc.labels.model import Cap, Label, Quantity, Review, edition_of

LABEL = Label(
    region="xx",
    **edition_of("xx"),
    minimum_age=Quantity(Decimal(6), "years", "1", "label-text"),
    max_area=Quantity(Decimal(5), "% BSA", "2", "label-text"),
    applications_per_day=Quantity(Decimal(2), "a day", "2", "label-text"),
    caps=(Cap(1, Decimal(30), "10 days", 10, 10, "2", "label-text"),),
    in_use=None,
    reviews=(
        Review(
            36, Decimal(50), "less-than", "consider-stopping", "3", "label-text",
            "Consider stopping if the repigmentation is less than {percent} % at week {week}.",
        ),
    ),
)
"""

# What this label says; it is silent on every other topic.
SAYS = {
    "indication": ("states", "1", "", "The indication is any vitiligo."),
    "boxed-warning": ("caution", "box", "", "A boxed warning of its own."),
    "pregnancy": ("contraindicated", "5", "", "Pregnancy is a contraindication in XX."),
    "under-minimum-age": ("outside-indication", "1", "6", "Nothing is known under {n} years."),
    "live-vaccine": ("avoid", "6", "", "Avoid a live vaccine."),
    "breast-feeding": ("avoid", "5", "7", "Wait {n} weeks after the last application."),
    "other-review-week": ("states", "3", "52", "No action is asked at {n} weeks."),
    "strong-cyp3a4-inhibitor": ("monitor", "7", "", "Monitor the patient with such a medicine."),
}
FOR_ALL = ("boxed-warning",)
COMPUTED = ("minimum-age", "maximum-area", "frequency", "quantity-cap", "in-use-life", "review")
NEW_FILE = "labels/xx.py"
EDITED = {"editions.py", "labels/provisions.csv"}
EDITION = """    "xx": {
        "name": "XX",
        "regulator": "XRA",
        "document": "XX product monograph",
        "number": "1234",
        "edition": "2026-10-01",
        "edition_name": "first",
        "text_read": "2026-10-01",
        "approved": "2026-10-01",
        "link": "https://example.org/label",
        "verified_on": "2026-11-24",
    },
}
# A new regulator"""

# Run in the copy: each answer as text, by the name of its command.
ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import ruxcalc
from ruxcalc import InputError
assert ruxcalc.__file__.startswith(sys.argv[1])
on = {"on": "2026-11-24"}
visits = [{"date": "2026-01-05", "repig": 0, "bsa": 4, "tubes_dispensed": 2},
          {"date": "2026-10-05", "repig": 20, "bsa": 6, "tubes_dispensed": 1}]
def plain(value):
    if hasattr(value, "_asdict"):
        return {name: plain(item) for name, item in value._asdict().items()}
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (bool, int)) or value is None else str(value)
def refused(ask):
    try:
        ask()
    except InputError as error:
        return str(error)
answers = {
    "dose": ruxcalc.dose(bsa=6, region="xx", explain=True, **on),
    "dispensed": ruxcalc.dose(bsa=1, dispensed="2x30", region="xx", **on),
    "check": ruxcalc.check(week=36, repig="49.9", region="xx", explain=True, **on),
    "early": ruxcalc.check(week=35, repig=0, region="xx", **on),
    "warn": ruxcalc.warn(pregnant=True, live_vaccine=True, infection=True, age=5,
                         drug="itraconazole", region="xx", explain=True, **on),
    "nothing": ruxcalc.warn(region="xx", **on),
    "assess": ruxcalc.assess(bsa=4, week=52, repig=60, pregnant=True, explain=True, **on),
    "plan": ruxcalc.plan(start="2026-01-05", bsa=4, stop="2026-12-01", region="xx",
                         explain=True, **on),
    "track": ruxcalc.track(visits, region="XX", explain=True, **on),
    "label": ruxcalc.label(region="xx", **on),
    "diff": ruxcalc.label(diff=True, **on),
    "due": ruxcalc.label(check=True, region="xx", **on),
    "evidence": ruxcalc.evidence(region="xx", **on),
    "vasi": ruxcalc.vasi("face=1@75", region="xx", **on),
    "others": ruxcalc.warn(live_vaccine=True, region="eu", **on),
    "all": ruxcalc.dose(bsa=6, **on),
    "handout": refused(lambda: ruxcalc.handout(region="xx", **on)),
    "no region": refused(lambda: ruxcalc.dose(bsa=6, region="yy", **on)),
}
print(json.dumps({name: plain(answer) for name, answer in answers.items()}))
"""


# Run in the copy: status and text of each command line of a list.
RUN = """
import io, json, sys
sys.path.insert(0, sys.argv[1])
from ruxcalc.cli.main import run
out, said = sys.stdout, []
for line in json.loads(sys.argv[2]):
    sys.argv = ["ruxcalc", *line]
    sys.stdout = sys.stderr = io.TextIOWrapper(io.BytesIO(), "utf-8")
    status = run(line)
    sys.stdout.flush()
    said.append([line, status, sys.stdout.buffer.getvalue().decode()])
print(json.dumps(said), file=out)
"""
COMMANDS = [
    ("dose --bsa 6", 3, "xx"),
    ("check --week 36 --repig 49", 3, "CONSIDER STOPPING"),
    ("warn --live-vaccine", 3, "Avoid a live vaccine"),
    ("assess --bsa 4 --pregnant", 3, "CONTRAINDICATED"),
    ("plan --start 2026-01-05 --bsa 4 --on 2026-01-06", 0, "2026-09-14"),
    ("label pregnancy", 0, "Pregnancy is a contraindication in XX."),
    ("vasi face=1@75", 0, "0.75"),
    ("evidence", 0, "F-VASI75"),
    ("handout", 2, "no page has been written for the XX label"),
]


def rows_of_the_new_label() -> list[dict[str, str]]:
    rows = []
    for topic in TOPICS:
        if topic in COMPUTED:
            continue
        action, section, number, words = SAYS.get(topic, ("silent", "", "", ""))
        rows.append(
            {
                "topic": topic,
                "region": "xx",
                "action": action,
                "section": section,
                "verified": "label-text",
                "verified_on": "2026-11-24",
                "for_all": "yes" if topic in FOR_ALL else "no",
                "severity": "",
                "number": number,
                "words": words,
            }
        )
    return rows


def sums(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the source with a fourth regulator: a module, its rows, and its edition."""
    folder = tmp_path_factory.mktemp("four") / "ruxcalc"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / NEW_FILE).write_text(MODULE, "utf-8")
    editions = folder / "editions.py"
    text = editions.read_text("utf-8")
    assert text.count("}\n# A new regulator") == 1
    editions.write_text(text.replace("}\n# A new regulator", EDITION), "utf-8")
    with (folder / "labels" / "provisions.csv").open("a", encoding="utf-8", newline="") as file:
        new = rows_of_the_new_label()
        csv.DictWriter(file, list(new[0]), lineterminator="\n").writerows(new)
    return folder.parent


@pytest.fixture(scope="module")
def answers(copied: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", ASK, str(copied)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_no_more_than_two_existing_files_are_edited(copied: Path) -> None:
    before, after = sums(PACKAGE), sums(copied / "ruxcalc")
    assert after.keys() - before.keys() == {NEW_FILE}
    assert {name for name in before if before[name] != after[name]} == EDITED


def codes(part: dict[str, Any]) -> dict[str, str]:
    return {found["code"]: found["severity"] for found in part["findings"]}


def test_dose(answers: dict[str, Any]) -> None:
    """6 % is over 5 %; 3 g a day in 10 days is 30 g, the whole cap."""
    part = answers["dose"]["regions"]["xx"]
    assert codes(part)["area-above-maximum"] == "critical"
    assert "5 % that the XX label allows" in part["findings"][0]["message"]
    [cap] = part["caps"]
    assert (cap["estimated_grams"], cap["max_grams"], cap["within"]) == ("30", "30", True)
    assert part["supply"][0]["discard_after_days"] is None
    assert "dispensed-above-cap" in codes(answers["dispensed"]["regions"]["xx"])
    assert list(answers["all"]["regions"]) == [*REGIONS, "xx"]


def test_check(answers: dict[str, Any]) -> None:
    part = answers["check"]["regions"]["xx"]
    assert (part["decision"], part["rule"]["week"]) == ("consider-stopping", 36)
    assert "under 50 %" in part["findings"][0]["message"]
    assert answers["early"]["regions"]["xx"]["next_review_week"] == 36


def test_warn(answers: dict[str, Any]) -> None:
    part = answers["warn"]["regions"]["xx"]
    assert part["verdict"] == "contraindicated"
    assert codes(part) == {
        "pregnancy": "critical",
        "live-vaccine": "critical",
        "under-minimum-age": "warning",
        "strong-cyp3a4-inhibitor": "warning",
        "label-silent": "warning",  # serious infection, which the US label says to avoid
    }
    [boxed] = part["general"]
    assert (boxed["code"], boxed["class_"]) == ("boxed-warning", "boxed")
    asked = {"pregnancy", "under-minimum-age", "live-vaccine", "breast-feeding",
             "strong-cyp3a4-inhibitor"}  # fmt: skip
    assert set(answers["nothing"]["regions"]["xx"]["not_checked"]) == asked
    assert answers["nothing"]["regions"]["xx"]["asked"] == {"answered": 0, "of": len(asked)}


def test_the_other_labels_hear_of_it(answers: dict[str, Any]) -> None:
    """No other label speaks of a live vaccine; now one does, and says avoid."""
    [found] = answers["others"]["regions"]["eu"]["findings"]
    assert (found["code"], found["severity"]) == ("label-silent", "warning")
    assert found["about"]["others"] == {"xx": "avoid"}
    assert "The XX label, 6: Avoid a live vaccine." in found["message"]


def test_assess_plan_and_track(answers: dict[str, Any]) -> None:
    assert answers["assess"]["regions"]["xx"]["verdict"] == "contraindicated"
    assert list(answers["assess"]["basis"]["editions"]) == [*REGIONS, "xx"]
    part = answers["plan"]["regions"]["xx"]
    # Week 36 is day 252 after 2026-01-05; 7 weeks after 2026-12-01 is 2027-01-19.
    asked = {r["week"]: r["date"] for r in part["reviews"] if r["asks_action"]}
    assert asked == {36: "2026-09-14"}
    assert part["breastfeeding_from"] == "2027-01-19"
    assert part["contraception"]["date"] is None
    tracked = answers["track"]["regions"]["xx"]
    assert tracked["decision"] == "consider-stopping"
    assert codes(tracked)["area-above-maximum"] == "critical"


def test_label_evidence_vasi_and_what_is_refused(answers: dict[str, Any]) -> None:
    sheet = answers["label"]["labels"]["xx"]
    assert [row["topic"] for row in sheet["rows"] if row["topic"] not in COMPUTED] == [
        topic for topic in TOPICS if topic not in COMPUTED
    ]
    said = {row["topic"]: row["message"] for row in sheet["rows"]}
    assert said["maximum-area"] == "Up to 5 % BSA at a time."
    assert said["quantity-cap"].startswith("At most 1 tube of 30 g in 10 days.")
    differing = {d["topic"]: d["statements"] for d in answers["diff"]["differences"]}
    assert "xx" in differing["pregnancy"]
    assert answers["due"]["due"][0]["name"] == "XX: XX product monograph"
    for name in ("evidence", "vasi"):
        assert list(answers[name]["basis"]["editions"]) == ["xx"]
    # The page for the patient has sentences of its own, which a person has to write.
    assert answers["handout"] == "region: no page has been written for the XX label."
    assert answers["no region"] == "region: 'yy' is not a region. Accepted: us, eu, uk, xx."


def test_the_command_line_knows_the_new_region(copied: Path) -> None:
    lines, expected = [], []
    for arguments, status, says in COMMANDS:
        name, *options = arguments.split()
        forms = ["table", "markdown", "html"]
        forms += [] if name == "handout" else ["json", "note"]
        for form in forms:
            region = ["xx"] if name == "label" else ["--region", "xx"]
            lines.append([name, *region, *options, "--format", form, "--color", "never"])
            expected.append((status, "" if form == "json" else says.lower()))
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", RUN, str(copied), json.dumps(lines)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    for (line, status, said), (due, says) in zip(json.loads(done.stdout), expected, strict=True):
        assert status == due, (line, said)
        assert "internal error" not in said
        assert says in said.lower(), line
        assert "xx" in said.lower()
