"""Names of medicines: the table against its second entry, and what is found for what is typed.

A pharmacist adds a line to a table below: what is typed, and what must be found for it.
Expectations come from the facts ("Names of medicines", "CYP3A4 examples") and the WHO ATC index.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruxcalc.labels.medicines import SOURCE, Medicine, medicines, names
from ruxcalc.labels.topics import TOPICS
from ruxcalc.rules.drugs import look_up, nearest

ENTERED = Path(__file__).parent / "double_entry" / "medicines.csv"

TOPIC_OF = {
    "strong CYP3A4 inhibitor": "strong-cyp3a4-inhibitor",
    "moderate CYP3A4 inhibitor": "moderate-cyp3a4-inhibitor",
    "strong CYP3A4 inducer": "cyp3a4-inducer",
    "moderate CYP3A4 inducer": "cyp3a4-inducer",
    "CYP3A4 inducer": "cyp3a4-inducer",
    "therapeutic biologic": "therapeutic-biologic",
    "JAK inhibitor": "jak-inhibitor",
    "potent immunosuppressant": "potent-immunosuppressant",
    "this cream": "",
    "applied locally": "",
}
STRONG = "strong CYP3A4 inhibitor"
MODERATE = "moderate CYP3A4 inhibitor"
STRONG_INDUCER = "strong CYP3A4 inducer"
MODERATE_INDUCER = "moderate CYP3A4 inducer"
BIOLOGIC = "therapeutic biologic"
JAK = "JAK inhibitor"
IMMUNOSUPPRESSANT = "potent immunosuppressant"

CLASS_ROWS = [row for row in medicines() if row.source == "class by its name"]
GROUPS_APPLIED = [row for row in medicines() if row.name.startswith("medicine for the ")]
SINGLE = [row for row in medicines() if row not in (*CLASS_ROWS, *GROUPS_APPLIED)]
SYSTEMIC = [row for row in SINGLE if row.topic]


def found(typed: str) -> list[tuple[str, str]]:
    return [(match.name, match.drug_class) for match in look_up(typed).matches]


# ---- the table and its second entry ----


def entered() -> dict[tuple[str, str], dict[str, str]]:
    with ENTERED.open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["class"]): row for row in csv.DictReader(file)}


def test_both_tables_hold_the_same_medicines_in_the_same_classes() -> None:
    assert {(row.name, row.drug_class) for row in SINGLE} == set(entered())
    assert len(SINGLE) == len(entered())


@pytest.mark.parametrize("row", SINGLE, ids=lambda row: f"{row.name}, {row.drug_class}")
def test_a_medicine_is_as_it_was_entered_a_second_time(row: Medicine) -> None:
    second = entered()[row.name, row.drug_class]
    assert sorted(row.atc) == second["atc"].split()
    assert sorted(row.brands) == second["brands"].split()
    assert sorted(row.spellings) == [name for name in second["spellings"].split("|") if name]


@pytest.mark.parametrize("row", medicines(), ids=lambda row: f"{row.name}, {row.drug_class}")
def test_a_row_has_its_topic_its_source_and_codes_of_the_right_form(row: Medicine) -> None:
    assert row.topic == TOPIC_OF[row.drug_class]
    assert row.source
    assert ("CYP3A4" in row.drug_class) == (row.source == SOURCE or "CYP3A4" in row.name)
    one = r"[A-Z]\d\d[A-Z]{2}\d\d" if row in SINGLE else r"[A-Z]\d\d([A-Z]{1,2})?"
    assert all(re.fullmatch(one, code) for code in row.atc), row.atc


def test_every_topic_is_one_of_the_labels() -> None:
    for row in medicines():
        if row.topic and row.topic != "moderate-cyp3a4-inhibitor":  # renamed with the labels
            assert row.topic in TOPICS, row


def test_a_medicine_has_a_code_unless_its_note_says_why_not() -> None:
    assert {row.name for row in SINGLE if not row.atc} == {
        "grapefruit juice", "schisandra", "fosaprepitant", "fosnetupitant", "isavuconazonium",
    }  # fmt: skip
    assert all("no ATC code" in row.note for row in SINGLE if not row.atc)


def test_a_medicine_stands_once_in_the_published_list() -> None:
    listed = [row.name for row in SINGLE if row.source == SOURCE]
    assert len(listed) == len(set(listed))
    assert not any("FDA" in row.source for row in medicines())


def test_a_brand_or_spelling_is_no_name_of_another_medicine() -> None:
    single = {row.name for row in SINGLE}
    for row in SINGLE:
        assert not single & {*row.brands, *row.spellings}, row.name
    # A brand of several medicines is a combination, and is meant to be.
    assert {name for name, rows in names().items() if len({row.name for row in rows}) > 1} == {
        "Evotaz", "Kaletra", "Paxlovid", "Prezcobix", "Rezolsta", "Symtuza",
    }  # fmt: skip


def test_the_notes_say_what_the_label_does_not_name() -> None:
    noted = {row.name: row.note for row in SINGLE if row.drug_class == IMMUNOSUPPRESSANT}
    assert noted["azathioprine"] == noted["ciclosporin"] == "named by the label"
    for name in ("methotrexate", "mycophenolate", "tacrolimus", "sirolimus", "everolimus",
                 "cyclophosphamide", "leflunomide"):  # fmt: skip
        assert noted[name].startswith("of this class, not named by the label"), name


# ---- every listed name, brand, spelling and code ----


@pytest.mark.parametrize("row", SYSTEMIC, ids=lambda row: f"{row.name}, {row.drug_class}")
def test_each_name_and_code_of_a_row_is_found_in_any_case(row: Medicine) -> None:
    for name in (*row.names, *row.atc):
        for typed in (name, name.upper(), name.lower(), f"  {name} "):
            assert (row.name, row.drug_class) in found(typed), typed


# ---- what is typed, and the classes that are found ----


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("itraconazole", [("itraconazole", STRONG)]),
        ("Itraconazole 100 MG Oral Capsule", [("itraconazole", STRONG)]),
        ("itraconazole 200 mg", [("itraconazole", STRONG)]),
        ("itraconazole, 200 mg, capsules", [("itraconazole", STRONG)]),
        ("verapamil SR 240 mg", [("verapamil", MODERATE)]),
        ("verapamil SR", [("verapamil", MODERATE)]),
        ("VERAPAMIL HYDROCHLORIDE 240MG MODIFIED-RELEASE TABLETS", [("verapamil", MODERATE)]),
        ("verapamil hydrochloride 240 MG Extended Release Oral Tablet [Calan]",
         [("verapamil", MODERATE)]),
        ("voriconazole (Vfend)", [("voriconazole", STRONG)]),
        ("Vfend (voriconazole)", [("voriconazole", STRONG)]),
        ("voriconazole 40 mg/mL oral suspension", [("voriconazole", STRONG)]),
        ("(ritonavir)", [("ritonavir", STRONG)]),
        ("diltiazem hydrochloride", [("diltiazem", MODERATE)]),
        ("diltiazem HCl", [("diltiazem", MODERATE)]),
        ("imatinib mesylate", [("imatinib", MODERATE)]),
        ("imatinib mesilate", [("imatinib", MODERATE)]),
        ("indinavir sulphate", [("indinavir", STRONG)]),
        ("phenytoin sodium", [("phenytoin", STRONG_INDUCER)]),
        ("eslicarbazepine acetate", [("eslicarbazepine", MODERATE_INDUCER)]),
        ("dexamethasone", [("dexamethasone", MODERATE_INDUCER)]),
        ("dexamethasone sodium phosphate injection", [("dexamethasone", MODERATE_INDUCER)]),
        ("erythromycin ethylsuccinate", [("erythromycin", MODERATE)]),
        ("grapefruit-juice", [("grapefruit juice", MODERATE)]),
        ("St John\u2019s wort", [("St John's wort", MODERATE_INDUCER)]),
        ("St. Johns wort", [("St John's wort", MODERATE_INDUCER)]),
        ("rifampin 600 mg daily", [("rifampicin", STRONG_INDUCER)]),
        ("itraconazole Teva 100 mg", [("itraconazole", STRONG)]),
        # One medicine in two classes.
        ("ciclosporin", [("ciclosporin", MODERATE), ("ciclosporin", IMMUNOSUPPRESSANT)]),
        ("Cyclosporine A 25 mg", [("ciclosporin", MODERATE), ("ciclosporin", IMMUNOSUPPRESSANT)]),
        ("fedratinib", [("fedratinib", MODERATE), ("fedratinib", JAK)]),
        # Combinations, by name and by brand.
        ("lopinavir/ritonavir", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("lopinavir-ritonavir", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("lopinavir 200 mg / ritonavir 50 mg", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("lopinavir and ritonavir", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("lopinavir with ritonavir", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("lopinavir + ritonavir", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("lopinavir & ritonavir", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("Kaletra (lopinavir/ritonavir)", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("Paxlovid", [("ritonavir", STRONG), ("nirmatrelvir", STRONG)]),
        ("Symtuza", [("cobicistat", STRONG), ("darunavir", STRONG)]),
        ("Stribild", [("cobicistat", STRONG)]),
        ("ombitasvir/paritaprevir/ritonavir", [("ombitasvir-paritaprevir-ritonavir", STRONG)]),
        ("itraconazole and ketoconazole cream", [("itraconazole", STRONG)]),
        # JAK inhibitors, biologics and immunosuppressants.
        ("tofacitinib", [("tofacitinib", JAK)]),
        ("tofacitinib citrate 5 mg", [("tofacitinib", JAK)]),
        ("povorcitinib", [("povorcitinib", JAK)]),
        ("deuruxolitinib", [("deuruxolitinib", JAK)]),
        ("momelotinib", [("momelotinib", JAK)]),
        ("ruxolitinib", [("ruxolitinib", JAK)]),
        ("Jakafi 10 mg tablets", [("ruxolitinib", JAK)]),
        ("ruxolitinib 15 mg tablet", [("ruxolitinib", JAK)]),
        ("adalimumab-atto", [("adalimumab", BIOLOGIC)]),
        ("infliximab-dyyb 100 mg vial", [("infliximab", BIOLOGIC)]),
        ("trastuzumab deruxtecan", [("trastuzumab", BIOLOGIC)]),
        ("certolizumab pegol", [("certolizumab pegol", BIOLOGIC)]),
        ("nivolumab", [("nivolumab", BIOLOGIC)]),
        ("Opdivo (nivolumab)", [("nivolumab", BIOLOGIC)]),
        ("adalimumab methotrexate",
         [("adalimumab", BIOLOGIC), ("methotrexate", IMMUNOSUPPRESSANT)]),
        ("nivolumab-relatlimab", [("nivolumab", BIOLOGIC), ("relatlimab", BIOLOGIC)]),
        ("rilonacept", [("rilonacept", BIOLOGIC)]),
        ("anakinra", [("anakinra", BIOLOGIC)]),
        ("azathioprine", [("azathioprine", IMMUNOSUPPRESSANT)]),
        ("mycophenolate mofetil 500 mg", [("mycophenolate", IMMUNOSUPPRESSANT)]),
        ("CellCept", [("mycophenolate", IMMUNOSUPPRESSANT)]),
        ("tacrolimus 1 mg capsules", [("tacrolimus", IMMUNOSUPPRESSANT)]),
        # ATC codes: of a medicine, of a combination, of a group.
        ("J02AC02", [("itraconazole", STRONG)]),
        ("j02ac02", [("itraconazole", STRONG)]),
        ("J02A C02", [("itraconazole", STRONG)]),
        ("ATC J02AC02", [("itraconazole", STRONG)]),
        ("J02AC02 itraconazole", [("itraconazole", STRONG)]),
        ("J02AB02", [("ketoconazole", STRONG)]),
        ("J05AR10", [("lopinavir", STRONG), ("ritonavir", STRONG)]),
        ("J05AE30", [("ritonavir", STRONG), ("nirmatrelvir", STRONG)]),
        ("J05AR09", [("cobicistat", STRONG)]),
        ("J05AP53", [("ombitasvir-paritaprevir-ritonavir", STRONG)]),
        ("L04AD01", [("ciclosporin", MODERATE), ("ciclosporin", IMMUNOSUPPRESSANT)]),
        ("L01EJ01", [("ruxolitinib", JAK)]),
        ("L04AF99", [("JAK inhibitor", JAK)]),
        ("L01FX04", [("biologic", BIOLOGIC)]),
        ("L04AC", [("biologic", BIOLOGIC)]),
        ("L04AD03", [("immunosuppressant", IMMUNOSUPPRESSANT)]),
        # A class by its name.
        ("strong CYP3A4 inhibitor", [("strong CYP3A4 inhibitor", STRONG)]),
        ("Strong CYP3A inhibitors", [("strong CYP3A4 inhibitor", STRONG)]),
        ("moderate CYP3A4 inhibitor", [("moderate CYP3A4 inhibitor", MODERATE)]),
        ("strong CYP3A4 inducer", [("strong CYP3A4 inducer", STRONG_INDUCER)]),
        ("CYP3A4 inducer", [("CYP3A4 inducer", "CYP3A4 inducer")]),
        ("biologic", [("biologic", BIOLOGIC)]),
        ("TNF inhibitor", [("biologic", BIOLOGIC)]),
        ("JAK inhibitor", [("JAK inhibitor", JAK)]),
        ("immunosuppressant", [("immunosuppressant", IMMUNOSUPPRESSANT)]),
    ],
)  # fmt: skip
def test_what_is_found(typed: str, expected: list[tuple[str, str]]) -> None:
    assert found(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "azithromycin",  # not clarithromycin
        "xylometazoline",  # a longer word
        "abiraterone",
        "oxcarbazepine",  # not carbamazepine
        "methylphenobarbital",
        "armodafinil",  # not modafinil
        "esomeprazole",
        "omeprazole",
        "nystatin",
        "ritonavirx",
        "verapamill",
        "co-trimoxazole 960 mg",
        "calcium carbonate",
        "tablets",
        "weak CYP3A4 inhibitor",
        "weak CYP3A4 inducer",
        "CYP3A4 inhibitor",
        "no ritonavir",
        "non-biologic",
        "Aricept",  # donepezil, no -cept of the INN
        "intercept",
        "mab",
        "citinib",
        "J02AC99",
        "S01EC01",  # acetazolamide: by mouth, among the eye preparations
        "D10BA01",  # isotretinoin by mouth
        "and",
    ],
)
def test_what_is_in_no_list(typed: str) -> None:
    answer = look_up(typed)
    assert answer.matches == ()
    assert answer.unlisted == (typed,)
    assert answer.topical == ()
    assert not answer.own_cream


@pytest.mark.parametrize(
    "typed",
    [
        "ketoconazole cream",
        "ketoconazole 2 %",
        "ketoconazole 2%, cream",
        "ketoconazole 20 mg/g cream",
        "ketoconazole shampoo",
        "Nizoral shampoo",
        "tacrolimus ointment",
        "tacrolimus 0.1 %",
        "tacrolimus 0,03%",
        "topical tacrolimus",
        "Protopic",
        "Protopic (tacrolimus)",
        "Restasis (cyclosporine)",
        "pimecrolimus",
        "erythromycin gel",
        "erythromycin (topical)",
        "ciclosporin eye drops",
        "cyclosporine ophthalmic emulsion 0.05%",
        "dexamethasone nasal spray",
        "nystatin cream",
        "delgocitinib",
        "tofacitinib ointment",
        "D01AC08",
        "D11AH01",
        "S01BA01",
        "S01XA18",
        "G01AF11",
    ],
)
def test_what_is_applied_locally_is_no_systemic_medicine(typed: str) -> None:
    answer = look_up(typed)
    assert answer.matches == ()
    assert answer.unlisted == ()
    assert len(answer.topical) == 1
    assert not answer.own_cream


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ketoconazole tablets, cream", "ketoconazole"),  # both: the systemic one counts
        ("ciclosporin soft gel capsules", "ciclosporin"),
        ("itraconazole 50 % of the dose", "itraconazole"),  # 50 % is no strength of a cream
        ("fluconazole 0.2 % infusion", "fluconazole"),
    ],
)
def test_a_systemic_form_outweighs_a_local_one(typed: str, name: str) -> None:
    answer = look_up(typed)
    assert name in {match.name for match in answer.matches}
    assert answer.topical == ()


@pytest.mark.parametrize(
    "typed",
    ["Opzelura", "opzelura 1.5 % cream", "Lumirix", "ruxolitinib cream", "Ruxolitinib 1.5% cream",
     "ruxolitinib 1.5 %", "ruxolitinib 15 mg/g", "ruxolitinib phosphate cream",
     "topical ruxolitinib", "Opzelura (ruxolitinib)", "ruxolitinib (Opzelura)",
     "ruxolitinib D11AH09", "D11AH09"],
)  # fmt: skip
def test_this_cream_is_no_other_jak_inhibitor(typed: str) -> None:
    answer = look_up(typed)
    assert answer.own_cream
    assert (answer.unlisted, answer.topical) == ((), ())
    assert not answer.matches


@pytest.mark.parametrize(
    ("typed", "unlisted"),
    [
        ("itraconazole", ()),
        ("fedratinib", ()),
        ("ciclosporin", ()),
        ("tofacitinib", ("tofacitinib",)),
        ("Humira", ("Humira",)),
        ("Humira (adalimumab)", ("Humira (adalimumab)",)),
        ("adalimumab-atto 40 mg", ("adalimumab-atto 40 mg",)),
        ("adalimumab-xyzzy", ("adalimumab", "xyzzy")),  # 5 letters: no suffix of a biosimilar
        ("adalimumab-xyz", ("adalimumab", "xyz")),
        ("azathioprine 50 mg", ("azathioprine 50 mg",)),
        ("L01EJ01", ("L01EJ01",)),
        ("xyzzy-ritonavir", ("xyzzy",)),
        ("ombitasvir-paritaprevir-ritonavir + xyzzy", ("xyzzy",)),
        ("prednisone (with ketoconazole)", ("prednisone",)),
        ("emtricitabine/tenofovir", ("emtricitabine", "tenofovir")),
        ("Symbicort (budesonide/formoterol)", ("Symbicort (budesonide/formoterol)",)),
        ("warfarin, warfarin", ("warfarin",)),
        ("Opzelura/tofacitinib", ("tofacitinib",)),
    ],
)
def test_what_has_not_been_checked_for_cyp3a4(typed: str, unlisted: tuple[str, ...]) -> None:
    assert look_up(typed).unlisted == unlisted


def test_a_match_holds_what_was_typed_the_name_and_the_class() -> None:
    (match,) = look_up("Itraconazole 100 MG Oral Capsule").matches
    assert match.given == "Itraconazole 100 MG Oral Capsule"
    assert match.name == "itraconazole"
    assert match.drug_class == STRONG
    assert match.topic == "strong-cyp3a4-inhibitor"
    assert match.note == ""
    assert [match.given for match in look_up("lopinavir-ritonavir").matches] == [
        "lopinavir", "ritonavir",
    ]  # fmt: skip
    assert [match.given for match in look_up("J05AR10").matches] == ["J05AR10", "J05AR10"]


# ---- a slip is suggested ----


@pytest.mark.parametrize(
    ("typed", "first"),
    [("verapamill", "verapamil"), ("Sporonox", "Sporanox"), ("vorconazole 200 mg", "voriconazole"),
     ("cyclosporn", "ciclosporin"), ("Opzelurra", "Opzelura"), ("no ritonavir", "ritonavir")],
)  # fmt: skip
def test_a_slip_is_suggested_never_assumed(typed: str, first: str) -> None:
    assert not look_up(typed).matches
    assert nearest(typed)[0] == first


def test_at_most_three_names_are_suggested_and_none_where_too_little_is_shared() -> None:
    assert len(nearest("inavir")) == 3  # five of the list end like this
    assert nearest("ritonaxxx") == ()  # 6 letters of 9
    assert nearest("x" * 61) == ()
    assert "ritonavir" not in nearest("ritonavir")


# ---- properties ----

SALT_WORDS = ["hydrochloride", "mesylate", "mesilate", "sulfate", "sulphate", "sodium"]
DECORATIONS = st.sampled_from(
    ["200 mg", "100MG", "oral", "capsules", "tablet", "SR", "extended-release", "(oral)", "500 mg",
     "twice daily", "film-coated", "5 mg/5 mL", "[oral tablet]", *SALT_WORDS]
)  # fmt: skip
CASES = st.sampled_from([str, str.upper, str.lower, str.title, str.swapcase])


@given(
    row=st.sampled_from(SYSTEMIC),
    data=st.data(),
    case=CASES,
    after=st.lists(DECORATIONS, max_size=4),
)
def test_salt_strength_form_and_case_never_change_the_classes(
    row: Medicine, data: st.DataObject, case: Callable[[str], str], after: list[str]
) -> None:
    name = data.draw(st.sampled_from([*row.names, *row.atc]))
    typed = case(" ".join([name, *after]))
    assert found(typed) == found(name)
    assert look_up(typed).topical == ()


LISTED_WORDS = {
    word for name in names() for word in re.split(r"[\s-]+", name.casefold().replace("'", ""))
}


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=20))
def test_a_word_in_no_list_never_matches(word: str) -> None:
    if word in LISTED_WORDS or word.endswith(("citinib", "mab", "cept")):
        return
    assert look_up(word).matches == ()


@given(st.sampled_from(sorted(name for name in names() if name.isalpha())),
       st.text("bcdfghklmnpqrvwxyz", min_size=3, max_size=4), st.booleans())  # fmt: skip
def test_a_listed_name_inside_a_longer_word_never_matches(
    name: str, added: str, before: bool
) -> None:
    word = added + name if before else name + added
    stems = ("citinib", "mab", "cept")
    if not word.casefold().endswith(stems):
        assert look_up(word).matches == ()


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    answer = look_up(text)
    if text.split():
        assert answer.matches or answer.unlisted or answer.topical or answer.own_cream
    assert len(nearest(text)) <= 3
