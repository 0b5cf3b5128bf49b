"""The patient, declared once.

Every input of ruxcalc is one field of `Patient`, with its type, unit, bounds, help
and clinical definition. Options, Python arguments, batch columns and JSON Schema
derive from here, so a new input is one new field.

For every input, not given (`None`), yes and no are three different things.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal as D
from functools import cache
from typing import Annotated, Any, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import (
    Group,
    Input,
    JsonValue,
    Repigmentation,
    as_json,
    read_input,
    unusual,
)


class Patient(NamedTuple):
    """One patient at one visit, as far as it was told."""

    # How much
    bsa: Annotated[
        D | None,
        Input(
            "number", "dose", "Body surface area to be treated, in percent.",
            metavar="PCT", example="8, 8.5 or 8%", unit="%", low=D(0), high=D(100), above=True,
            includes="the depigmented skin that the cream is applied to, face and body together",
            excludes="patches that stay untreated; the body surface in m2",
            usual=(D(1), D(100)), note="If a fraction was meant: 0.08 of the body is 8 %.",
        ),
    ] = None
    handprints: Annotated[
        D | None,
        Input(
            "number", "dose", "The same area in the patient's own handprints.",
            metavar="N", example="8", unit="handprints", low=D(0), high=D(100), above=True,
            includes="the palm of one hand with its five fingers, of the patient",
            excludes="the palm alone, which is about half of it; the hand of the examiner",
            source="EMA summary of product characteristics, section 4.2",
            usual=(D("0.5"), D(100)), note="If a fraction was meant: 8 handprints are 8 % BSA.",
        ),
    ] = None
    ftu: Annotated[
        D | None,
        Input(
            "number", "dose", "Fingertip units of cream used per application.",
            metavar="N", example="4", unit="fingertip units", low=D(0), high=D(50), above=True,
            includes="the cream from the last crease to the tip of an adult's index finger",
            excludes="the fingertip as a unit of area in scoring the face",
            source="Long and Finlay, Clin Exp Dermatol 1991;16:444",
            usual=(D("0.25"), D(25)), note="A fingertip unit covers two handprints.",
        ),
    ] = None
    grams_per_ftu: Annotated[
        D | None,
        Input(
            "number", "dose", "Grams of cream in one fingertip unit, instead of the usual figure.",
            metavar="G", example="0.43", unit="g", low=D("0.1"), high=D(2),
            includes="what one fingertip unit from the tube in use weighs",
            usual=(D("0.4"), D("0.6")), note="The published figures: ruxcalc label --facts.",
        ),
    ] = None
    height: Annotated[
        D | None,
        Input(
            "number", "dose", "Height in centimetres, for the body surface.",
            metavar="CM", example="170", unit="cm", low=D(50), high=D(280),
            usual=(D(100), D(230)), note="Check that it is in centimetres.",
            hint="the height is in centimetres, 180 rather than 1.8",
        ),
    ] = None
    weight: Annotated[
        D | None,
        Input(
            "number", "dose", "Weight in kilograms, for the body surface.",
            metavar="KG", example="70", unit="kg", low=D(5), high=D(650),
            usual=(D(25), D(250)), note="Check that it is in kilograms.",
            hint="the weight is in kilograms",
        ),
    ] = None
    body_surface: Annotated[
        D | None,
        Input(
            "number", "dose", "Body surface in m2, instead of height and weight.",
            metavar="M2", example="1.8", unit="m2", low=D("0.3"), high=D(5),
            includes="the surface of the whole body",
            excludes="the affected area; the percentage of body surface",
            usual=(D(1), D(3)), note="Check that it is in square metres.",
            hint="the body surface is in square metres",
        ),
    ] = None
    method: Annotated[
        str | None,
        Input(
            "choice", "dose",
            "Estimate by fingertip unit or by cream density; density if a body surface is known.",
            metavar="METHOD", choices=("fingertip", "density"),
        ),
    ] = None
    formula: Annotated[
        str | None,
        Input(
            "choice", "dose", "Body surface formula; mosteller unless another is named.",
            metavar="NAME", choices=("mosteller", "dubois", "haycock"),
        ),
    ] = None
    days: Annotated[
        D | None,
        Input(
            "number", "dose", "Supply period in days; 28 unless another is given.",
            metavar="N", example="28", unit="days", low=D(1), high=D(1000), whole=True,
        ),
    ] = None
    tube_price: Annotated[
        D | None,
        Input(
            "number", "dose", "Price of one tube, to add the cost of the supply.",
            metavar="PRICE", example="120.50", low=D(0), high=D(1000000),
            includes="the price of one tube, in any currency, applied to each tube size shown",
        ),
    ] = None

    # Go on or stop
    week: Annotated[
        D | None,
        Input(
            "number", "check", "Completed weeks of treatment, instead of --start.",
            metavar="N", example="52", unit="weeks", low=D(0), high=D(5200),
            includes="whole weeks since the first application, which is day 0",
            excludes="the week that is running: day 363 is still week 51",
            usual=(D(0), D(260)), note="Check that it is in weeks, not days.",
        ),
    ] = None
    start: Annotated[
        date | None,
        Input(
            "date", "dates", "Date of the first application, which is day 0.", metavar="DATE",
            includes="the day of the first application, which is day 0",
        ),
    ] = None
    on: Annotated[
        date | None,
        Input(
            "date", "dates",
            "Date of the visit, by which the age of the facts is judged too; today if left out.",
            metavar="DATE",
        ),
    ] = None
    repig: Annotated[
        tuple[Repigmentation, ...] | None,
        Input(
            "repigmentation", "check",
            "Repigmentation in percent, or by site as face=76; negative is worsening.",
            metavar="[SITE=]PCT", example="20", unit="%", low=D(-1000), high=D(100),
            includes="improvement from the start of treatment, of the treated areas",
            excludes="the residual depigmentation of VASI, which runs the other way",
            note="If a fraction was meant: 0.2 of the treated areas is 20 %.",
        ),
    ] = None
    baseline: Annotated[
        D | None,
        Input(
            "number", "check", "Score before treatment; with --score, instead of --repig.",
            metavar="SCORE", example="2.4", low=D(0), high=D(100), above=True,
            includes="the same score, over the same sites, as --score",
            hint="repigmentation from a baseline of 0 has no meaning",
        ),
    ] = None
    score: Annotated[
        D | None,
        Input(
            "number", "check", "Score now; with --baseline.",
            metavar="SCORE", example="1.8", low=D(0), high=D(100),
        ),
    ] = None
    measure: Annotated[
        str | None,
        Input(
            "choice", "check", "What the repigmentation was measured by.",
            metavar="NAME", choices=("f-vasi", "t-vasi", "treated-area"),
            includes="f-vasi: the face; t-vasi: the whole body; treated-area: the treated skin",
        ),
    ] = None
    meaningful: Annotated[
        bool | None,
        Input(
            "flag", "check", "The patient finds the repigmentation meaningful.",
            includes="the patient's own judgement",
            excludes="the judgement of the prescriber; any percentage", negation="not",
        ),
    ] = None

    # What to look out for
    age: Annotated[
        D | None,
        Input(
            "number", "warn", "Age in years.",
            metavar="YEARS", example="34", unit="years", low=D(0), high=D(130),
            topics=("age-under-12", "age-65-and-over"),
        ),
    ] = None
    face: Annotated[
        bool | None,
        Input(
            "flag", "warn", "The vitiligo involves the face.",
            topics=("facial-involvement",), triggers=False,
        ),
    ] = None
    pregnant: Annotated[
        bool | None, Input("flag", "warn", "Is pregnant.", topics=("pregnancy",))
    ] = None
    planning_pregnancy: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Can become pregnant and plans to, or uses no contraception.",
            includes="a wish to conceive during treatment or within weeks after it",
            topics=("contraception",),
        ),
    ] = None
    breastfeeding: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Breast-feeds, or is about to.",
            topics=("breast-feeding",),
        ),
    ] = None
    esrd: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Has end-stage renal disease.",
            includes="kidney failure treated by dialysis, or at that stage",
            excludes="lesser renal impairment",
            topics=("end-stage-renal-disease",),
        ),
    ] = None
    egfr: Annotated[
        D | None,
        Input(
            "number", "warn", "Estimated glomerular filtration rate, in mL/min/1.73 m2.",
            metavar="N", example="60", unit="mL/min/1.73 m2", low=D(0), high=D(300),
            topics=("renal-impairment",),
        ),
    ] = None
    hepatic: Annotated[
        bool | None,
        Input("flag", "warn", "Has hepatic impairment.", topics=("hepatic-impairment",)),
    ] = None
    drug: Annotated[
        tuple[str, ...] | None,
        Input(
            "names", "warn", "A systemic medicine taken now, by its generic name.",
            metavar="NAME", example="itraconazole",
            includes="medicines that are swallowed, injected or infused; combinations with a slash",
            excludes="medicines applied to the skin, which are --topical",
            topics=(
                "strong-cyp3a4-inhibitor", "moderate-or-weak-cyp3a4-inhibitor", "cyp3a4-inducer",
            ),
        ),
    ] = None
    topical: Annotated[
        tuple[str, ...] | None,
        Input(
            "names", "warn", "Another medicine applied to the same skin.",
            metavar="NAME", example="tacrolimus",
            includes="medicines applied to the skin that gets the cream",
            excludes="systemic medicines, which are --drug",
            topics=("topical-on-same-skin",),
        ),
    ] = None
    biologic: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Takes a therapeutic biologic.",
            includes="any biological medicine given as treatment",
            excludes="vaccines",
            topics=("therapeutic-biologic",),
        ),
    ] = None
    jak_inhibitor: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Takes another JAK inhibitor.",
            includes="oral or topical JAK inhibitors other than this cream",
            topics=("jak-inhibitor",),
        ),
    ] = None
    immunosuppressant: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Takes a potent immunosuppressant.",
            includes="systemic medicines such as azathioprine or ciclosporin",
            excludes="a topical steroid",
            topics=("potent-immunosuppressant",),
        ),
    ] = None
    infection: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Has an active serious infection, a localised one included.",
            includes="an active infection that is serious, wherever it is",
            excludes="a chronic or recurrent infection that is not active now; tuberculosis,"
            " hepatitis B or C and zoster, which have their own options",
            topics=("serious-infection",),
        ),
    ] = None
    tuberculosis: Annotated[
        bool | None,
        Input("flag", "warn", "Has tuberculosis, latent or active.", topics=("tuberculosis",)),
    ] = None
    hepatitis_b: Annotated[
        bool | None, Input("flag", "warn", "Has active hepatitis B.", topics=("hepatitis-b",))
    ] = None
    hepatitis_c: Annotated[
        bool | None, Input("flag", "warn", "Has active hepatitis C.", topics=("hepatitis-c",))
    ] = None
    zoster: Annotated[
        bool | None, Input("flag", "warn", "Has herpes zoster.", topics=("herpes-zoster",))
    ] = None
    malignancy: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Has a known malignancy.",
            excludes="a successfully treated non-melanoma skin cancer, which is --nmsc",
            topics=("malignancy",),
        ),
    ] = None
    nmsc: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Has or had a non-melanoma skin cancer.",
            topics=("non-melanoma-skin-cancer",),
        ),
    ] = None
    phototherapy: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Has or had phototherapy.",
            includes="phototherapy in the past, and together with the cream",
            topics=("phototherapy", "phototherapy-together"),
        ),
    ] = None
    smoker: Annotated[
        bool | None,
        Input("flag", "warn", "Smokes or has smoked.", topics=("smoking",)),
    ] = None
    mi_or_stroke: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Has had a myocardial infarction or stroke.",
            includes="in the past or during treatment",
            topics=("myocardial-infarction-or-stroke",),
        ),
    ] = None
    thrombosis_risk: Annotated[
        bool | None,
        Input("flag", "warn", "Has a raised risk of thrombosis.", topics=("thrombosis-risk",)),
    ] = None
    cytopenia: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Has or had a low blood cell count.",
            includes="thrombocytes, red cells, neutrophils, lymphocytes or leucocytes",
            topics=("cytopenia",),
        ),
    ] = None
    diabetes: Annotated[
        bool | None,
        Input("flag", "warn", "Has diabetes that is treated.", topics=("diabetes",)),
    ] = None
    live_vaccine: Annotated[
        bool | None,
        Input("flag", "warn", "Is to have a live vaccine.", topics=("live-vaccine",)),
    ] = None
    hypersensitivity: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Is hypersensitive to ruxolitinib or to an ingredient of the cream.",
            topics=("hypersensitivity",),
        ),
    ] = None

    # A visit in a list of visits
    tubes_dispensed: Annotated[
        D | None,
        Input(
            "number", "visit", "Tubes dispensed at a visit.",
            metavar="N", example="2", unit="tubes", low=D(0), high=D(100), whole=True,
            includes="whole tubes handed out on that day, whatever was used of them",
        ),
    ] = None

    # Dates to keep
    stop: Annotated[
        date | None,
        Input(
            "date", "plan", "Date of the last application, for what must be waited for after it.",
            metavar="DATE",
        ),
    ] = None
    tubes: Annotated[
        D | None,
        Input(
            "number", "plan", "Unopened tubes in hand on that day; those of the supply period if"
            " left out.",
            metavar="N", example="2", unit="tubes", low=D(1), high=D(100), whole=True,
            includes="whole tubes, the first of which is opened on that day",
        ),
    ] = None
    tube_grams: Annotated[
        D | None,
        Input(
            "number", "plan", "Size of the tubes; each size that a label knows if left out.",
            metavar="G", example="100", unit="g", low=D(1), high=D(1000),
        ),
    ] = None


# Each declaration stands in the annotation of its field.
INPUTS: dict[str, Input] = {
    name: annotation.__metadata__[0] for name, annotation in Patient.__annotations__.items()
}

GROUPS: dict[str, tuple[Group, ...]] = {
    "dose": ("dose",),
    "check": ("check", "dates"),
    "warn": ("warn",),
    "assess": ("dose", "check", "dates", "warn"),
    "plan": ("dose", "dates", "plan"),
}
# What is told of one of several visits; the start of treatment is told of all of them.
OF_A_VISIT = ("bsa", "on", "repig", "baseline", "score", "measure", "meaningful", "tubes_dispensed",
              "tube_grams")


@cache
def inputs_of(command: str) -> dict[str, Input]:
    """The inputs that `command` takes, or that a `visit` has, in the order of their declaration."""
    if command == "visit":
        return {name: INPUTS[name] for name in OF_A_VISIT}
    groups = GROUPS[command]
    return {name: declared for name, declared in INPUTS.items() if declared.group in groups}


def read_patient(given: Mapping[str, Sequence[object]]) -> Patient:
    """The patient from `given`: for each input the values that came, in order.

    Raises `InputError` for the first input, in the order of declaration, that is not accepted.
    """
    # Each value was read by the declaration of its own field, so its type is the field's.
    read: dict[str, Any] = {
        name: read_input(name, declared, given[name])
        for name, declared in INPUTS.items()
        if name in given
    }
    return Patient(**read)


def given_inputs(patient: Patient, command: str) -> dict[str, JsonValue]:
    """What was given of the inputs of `command`, as an answer's `inputs` repeat it."""
    return {
        name: as_json(patient[place])
        for name, place in _places(command)
        if patient[place] is not None
    }


def unusual_inputs(patient: Patient, command: str) -> tuple[str, ...]:
    """A note for each input of `command` that is possible but unusual."""
    notes = (
        unusual(name, INPUTS[name], patient[place])
        for name, place in _noted_places(command)
        if patient[place] is not None
    )
    return tuple(note for note in notes if note)


@cache
def _places(command: str) -> tuple[tuple[str, int], ...]:
    """The inputs of a command with their places in the patient."""
    return tuple((name, Patient._fields.index(name)) for name in inputs_of(command))


@cache
def _noted_places(command: str) -> tuple[tuple[str, int], ...]:
    return tuple((name, place) for name, place in _places(command) if INPUTS[name].note)


def refuse_together(patient: Patient, *names: str) -> None:
    """Raise `InputError` if more than one of `names` was given."""
    given = [name for name in names if getattr(patient, name) is not None]
    if len(given) > 1:
        option = "--" + given[0].replace("_", "-")
        raise InputError(
            given[1], f"is given together with {option}", "one of them, not both"
        )


def refuse_leftover(patient: Patient, command: str, needed: str, accepted: str) -> None:
    """Raise `InputError` for `needed` if any input of `command` was given: it is idle alone."""
    for name in inputs_of(command):
        if getattr(patient, name) is not None:
            option = "--" + name.replace("_", "-")
            raise InputError(needed, f"is missing beside {option}", accepted)
