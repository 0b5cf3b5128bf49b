"""Short words for what was asked: topics of a label, and each input's yes and no.

A page names a topic or an answer in a few words; the sentences stand in the labels' table.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ruxcalc.labels import load
from ruxcalc.labels.model import Label
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import plain_text, shown
from ruxcalc.patient import INPUTS
from ruxcalc.render.layout import lowered
from ruxcalc.results import JsonValue

NOT_ASKED = "Not asked: age, face, pregnancy, medicines."
ALL_OTHERS = "all_others_no"
ALL_OTHERS_ABSENT = "All other items declared absent"

# Topics whose title in `TOPICS` is longer than a list of what was not asked allows.
SHORT_TOPICS: dict[str, str] = {
    "under-minimum-age": "age",
    "older-age": "age",
    "facial-involvement": "face",
    "vitiligo-type": "segmental vitiligo",
    "hypersensitivity": "hypersensitivity",
    "planning-pregnancy": "planned pregnancy",
    "end-stage-renal-disease": "end-stage kidney disease",
    "renal-impairment": "kidney function",
    "hepatic-impairment": "liver function",
    "moderate-cyp3a4-inhibitor": "other medicines",
    "cyp3a4-inducer": "other medicines",
    "therapeutic-biologic": "biologic",
    "potent-immunosuppressant": "immunosuppressant",
    "topical-on-same-skin": "other topicals",
    "myocardial-infarction-or-stroke": "infarction or stroke",
    "thrombosis-risk": "thrombosis risk",
    "cytopenia": "low blood count",
    "infection-risk": "infection risk",
    "endemic-area": "endemic area",
    "cardiovascular-risk": "cardiovascular risk",
    "phototherapy": "phototherapy",
    "phototherapy-together": "phototherapy",
}
# What a topic is when the patient has it, where that is not the topic itself.
RAISED_TOPICS: dict[str, str] = {
    "facial-involvement": "no facial involvement",
    "under-minimum-age": "under {age} years",
    "older-age": "older age",
    "planning-pregnancy": "planning a pregnancy",
    "renal-impairment": "renal impairment",
    "hepatic-impairment": "hepatic impairment",
    "phototherapy": "earlier phototherapy",
    "phototherapy-together": "phototherapy together with the cream",
    "topical-on-same-skin": "another topical on the same skin",
    "other-products-on-the-skin": "another product on the same skin",
    "smoking": "smoking",
    "myocardial-infarction-or-stroke": "infarction or stroke",
    "thrombosis-risk": "raised risk of thrombosis",
}
# What every patient is informed of, or monitored for; `{n}` is the label's own figure.
SHORT_STATEMENTS: dict[str, str] = {
    "boxed-warning": "infection, death, cancer, heart, thrombosis",
    "skin-examination": "regular skin checks",
    "contraception": "contraception until {n} weeks after the last use",
    "infection-monitoring": "watch for infection",
    "tuberculosis-screening": "consider tuberculosis tests",
    "mortality": "weigh mortality",
    "malignancy-risk": "weigh the risk of malignancy",
    "cardiovascular-events": "symptoms of cardiovascular events",
    "thrombosis-symptoms": "symptoms of thrombosis",
    "blood-count": "blood count as indicated",
}

# Each flag's yes and no.
FLAGS: dict[str, tuple[str, str]] = {
    "meaningful": (
        "finds the repigmentation meaningful",
        "does not find the repigmentation meaningful",
    ),
    "satisfactory": ("some areas satisfactory", "no area satisfactory"),
    "face": ("face involved", "face not involved"),
    "segmental": ("segmental vitiligo", "non-segmental vitiligo"),
    "hypersensitivity": ("hypersensitive to an ingredient", "no hypersensitivity"),
    "pregnant": ("pregnant", "not pregnant"),
    "planning_pregnancy": (
        "plans a pregnancy or has no effective contraception",
        "no pregnancy planned",
    ),
    "breastfeeding": ("breast-feeding", "not breast-feeding"),
    "esrd": ("end-stage renal disease", "no end-stage renal disease"),
    "hepatic": ("hepatic impairment", "no hepatic impairment"),
    "biologic": ("takes a biologic", "no biologic"),
    "jak_inhibitor": ("takes another JAK inhibitor", "no other JAK inhibitor"),
    "immunosuppressant": ("takes a potent immunosuppressant", "no potent immunosuppressant"),
    "live_vaccine": ("live vaccine planned", "no live vaccine planned"),
    "infection": ("active serious infection", "no active serious infection"),
    "chronic_infection": ("chronic or recurrent infection", "no chronic infection"),
    "past_serious_infection": ("earlier serious infection", "no earlier serious infection"),
    "infection_risk": ("predisposed to infection", "not predisposed to infection"),
    "endemic_area": ("stay in an endemic area", "no stay in an endemic area"),
    "hepatitis_b": ("active hepatitis B", "no hepatitis B"),
    "hepatitis_c": ("active hepatitis C", "no hepatitis C"),
    "zoster": ("herpes zoster", "no herpes zoster"),
    "malignancy": ("known malignancy", "no malignancy"),
    "nmsc": ("non-melanoma skin cancer, earlier or now", "no non-melanoma skin cancer"),
    "phototherapy": ("earlier phototherapy", "no earlier phototherapy"),
    "phototherapy_now": ("phototherapy together with the cream", "no phototherapy now"),
    "smoker": ("smokes or has smoked", "never smoked"),
    "cardiovascular_risk": ("other cardiovascular risk factors", "no cardiovascular risk factors"),
    "mi_or_stroke": ("earlier infarction or stroke", "no infarction or stroke"),
    "thrombosis_risk": ("raised risk of thrombosis", "no raised risk of thrombosis"),
    "cytopenia": ("low blood cell count, earlier or now", "no low blood cell count"),
    "diabetes": ("diabetes", "no diabetes"),
    ALL_OTHERS: (ALL_OTHERS_ABSENT, "nothing else declared absent"),
}
# Each other input's words around its value.
VALUES: dict[str, str] = {
    "bsa": "{} % of the body surface",
    "handprints": "{} handprints",
    "ftu": "{} fingertip units per application",
    "grams_per_ftu": "{} g in one fingertip unit",
    "height": "{} cm",
    "weight": "{} kg",
    "body_surface": "body surface {} m2",
    "method": "{} method",
    "formula": "body surface by {}",
    "days": "supply for {} days",
    "tube_price": "{} for one tube",
    "dispensed": "dispensed {} g",
    "per_days": "dispensed for {} days",
    "tubes": "{} tubes in hand",
    "tubes_dispensed": "{} tubes dispensed",
    "tube_grams": "tubes of {} g",
    "week": "week {}",
    "start": "first application {}",
    "restart": "restart {}",
    "on": "visit {}",
    "stop": "last application {}",
    "repig": "repigmentation {} %",
    "baseline": "score before treatment {}",
    "score": "score now {}",
    "measure": "measured by {}",
    "age": "{} y",
    "egfr": "eGFR {}",
    "drug": "takes {}",
    "topical": "on the same skin: {}",
    "tuberculosis": "{} tuberculosis",
}
# Where the value itself is a no, or needs other words.
INSTEAD: dict[tuple[str, str], str] = {
    ("drug", ""): "no systemic medicines",
    ("topical", ""): "no other topicals",
    ("tuberculosis", "no"): "no tuberculosis",
    ("tuberculosis", "exposed"): "exposed to tuberculosis",
    ("measure", "treated-area"): "measured on the treated areas",
    ("measure", "f-vasi"): "measured by F-VASI",
    ("measure", "t-vasi"): "measured by T-VASI",
}
# What says how much cream, and is left out for a patient who must not have it.
AMOUNTS = ("ftu", "grams_per_ftu", "days", "tube_price", "dispensed", "per_days")


def label_of(region: str) -> Label | None:
    """Return the label of a region; None for one that is not among ours, such as a test's."""
    try:
        return load(region)
    except (ImportError, KeyError):
        return None


def topic_words(topic: str) -> str:
    """Return a topic as a list of what was not asked names it."""
    return SHORT_TOPICS.get(topic) or lowered(TOPICS.get(topic, topic.replace("-", " ")))


def raised_words(topic: str, label: Label | None = None) -> str:
    """Return a topic as something that the patient has: `no facial involvement`."""
    words = RAISED_TOPICS.get(topic)
    if words is None:
        return lowered(TOPICS.get(topic, topic.replace("-", " ")))
    return words.format(age="" if label is None else plain_text(label.minimum_age.value))


def statement_words(topic: str, label: Label | None) -> str:
    """Return what a label says to every patient, in a few words."""
    words = SHORT_STATEMENTS.get(topic) or lowered(TOPICS.get(topic, topic))
    number = None if label is None else label.on(topic).number
    return words.format(n="some" if number is None else plain_text(number))


def input_words(name: str, value: JsonValue) -> str:
    """Return one input and its answer in words: `34 y`, `not pregnant`, `week 52`."""
    if isinstance(value, bool):
        return FLAGS[name][0 if value else 1]
    if isinstance(value, Mapping):
        by_site = ", ".join(
            f"{site.replace('-', ' ')} {value_text(part)}" for site, part in value.items()
        )
        if name != "handprints":
            return VALUES[name].format(by_site)
        total = sum((part for part in value.values() if isinstance(part, Decimal)), Decimal(0))
        return f"{VALUES[name].format(plain_text(total))} ({by_site})"
    text = value_text(value)
    return INSTEAD.get((name, text)) or VALUES[name].format(text)


def value_text(value: JsonValue) -> str:
    """Write one answer as it was given; the items of a list with commas."""
    if isinstance(value, Decimal):
        return plain_text(value)
    if isinstance(value, tuple | list):
        return ", ".join(value_text(item) for item in value)
    return str(value)


def answered_by_panel(
    inputs: Mapping[str, JsonValue], *, amounts: bool = True
) -> tuple[tuple[str, str], ...]:
    """Return every input that was answered, in words, under the heading of its group."""
    panels: dict[str, list[str]] = {}
    for name, value in inputs.items():
        if amounts or name not in AMOUNTS:
            panels.setdefault(INPUTS[name].panel, []).append(input_words(name, value))
    return tuple((panel, ", ".join(words)) for panel, words in panels.items())


def asked_and_answered(inputs: Mapping[str, JsonValue]) -> str:
    """Return what was asked and answered, but for area and amount, as a sentence of a note."""
    dated = "start" in inputs or "restart" in inputs
    words = [
        input_words(name, value)
        for name, value in inputs.items()
        if INPUTS[name].panel != "Area and amount"
        and name != ALL_OTHERS
        and (dated or name != "on")  # a record has its own date
    ]
    return f"Asked: {', '.join(words)}." if words else ""


def by_site_text(percents: Mapping[str, Decimal], *limits: Decimal) -> str:
    """Write percentages by site, never rounded onto or across a limit: `face 20 %, neck 15 %`."""
    return ", ".join(
        f"{site.replace('-', ' ')} {shown(percent, 1, *limits)} %"
        for site, percent in percents.items()
    )


def each_once(words: Iterable[str]) -> str:
    """Join words with commas, each once, in their order."""
    return ", ".join(dict.fromkeys(words))


def option_text(name: str, value: JsonValue) -> str:
    """Write an input as the option that gives it: `--bsa 8`, `--no-pregnant`."""
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return f"--{option}" if value else f"--{INPUTS[name].negation}-{option}"
    if isinstance(value, Mapping):
        text = ",".join(f"{site}={value_text(part)}" for site, part in value.items())
    else:
        text = value_text(value).replace(", ", ",")
    return f"--{option} {text}"
