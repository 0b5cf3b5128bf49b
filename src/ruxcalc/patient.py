"""The patient, declared once.

Every input of ruxcalc is one field of `Patient`, with its type, unit, bounds, help, question
and clinical definition. Options, Python arguments, columns of a list, JSON Schema, the questions
of `ask` and the FHIR questionnaire derive from here, so that a new input is one new field.

For every input, not given (`None`), yes and no are three different things.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal as D
from functools import cache
from typing import Annotated, Any, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.inputs import (
    Dispensing,
    Group,
    Input,
    Repigmentation,
    SiteArea,
    as_json,
    read_input,
    unusual,
)
from ruxcalc.results import JsonValue


class Patient(NamedTuple):
    """One patient at one visit, as far as is known."""

    # Area and amount
    bsa: Annotated[
        D | None,
        Input(
            "number", "dose", "Area and amount",
            "Body surface area to be treated, in percent.",
            "What percentage of the body surface is to be treated?",
            metavar="PCT", example="8, 8.5 or 8%", unit="%", low=D(0), high=D(100), above=True,
            includes="the depigmented skin that the cream is applied to, face and body together",
            excludes="patches that stay untreated; the body surface in m2",
            usual=(D(1), D(100)), note="If a fraction was meant: 0.08 of the body is 8 %.",
        ),
    ] = None
    handprints: Annotated[
        tuple[SiteArea, ...] | None,
        Input(
            "handprints", "dose", "Area and amount",
            "The same area in the patient's own handprints, as a number or by site.",
            "How many of the patient's own handprints cover the area to be treated?",
            metavar="N|SITE=N", example="8", unit="handprints", low=D(0), high=D(100), above=True,
            includes="the palm of one hand with its five fingers, of the patient",
            excludes="the palm alone, which is about half of it; the hand of the examiner",
            source="EMA summary of product characteristics, section 4.2",
            usual=(D("0.5"), D(100)), note="If a fraction was meant: 8 handprints are 8 % BSA.",
        ),
    ] = None
    ftu: Annotated[
        D | None,
        Input(
            "number", "dose", "Area and amount",
            "Fingertip units of cream used per application.",
            "How many fingertip units of cream does the patient use for one application?",
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
            "number", "dose", "Area and amount",
            "Grams of cream in one fingertip unit, instead of the usual figure.",
            "How many grams does one fingertip unit of this patient weigh?",
            metavar="G", example="0.43", unit="g", low=D("0.1"), high=D(2),
            includes="what one fingertip unit from the tube in use weighs",
            usual=(D("0.4"), D("0.6")), note="Published figures are 0.43 g, 0.49 g and 0.5 g.",
        ),
    ] = None
    height: Annotated[
        D | None,
        Input(
            "number", "dose", "Area and amount",
            "Height in centimetres, for the body surface.",
            "How tall is the patient, in centimetres?",
            metavar="CM", example="170", unit="cm", low=D(50), high=D(280),
            usual=(D(100), D(230)), note="Check that it is in centimetres.",
            hint="the height is in centimetres, 180 rather than 1.8",
        ),
    ] = None
    weight: Annotated[
        D | None,
        Input(
            "number", "dose", "Area and amount",
            "Weight in kilograms, for the body surface.",
            "How much does the patient weigh, in kilograms?",
            metavar="KG", example="70", unit="kg", low=D(5), high=D(650),
            usual=(D(25), D(250)), note="Check that it is in kilograms.",
            hint="the weight is in kilograms",
        ),
    ] = None
    body_surface: Annotated[
        D | None,
        Input(
            "number", "dose", "Area and amount",
            "Body surface in m2, instead of height and weight.",
            "What is the surface of the whole body, in m2?",
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
            "choice", "dose", "Area and amount",
            "Estimate by fingertip unit or by cream density; density if a body surface is known.",
            "Should the amount be estimated by fingertip unit or by cream density?",
            metavar="METHOD", choices=("fingertip", "density"),
        ),
    ] = None
    formula: Annotated[
        str | None,
        Input(
            "choice", "dose", "Area and amount",
            "Body surface formula; mosteller if left out.",
            "Which formula should the body surface be calculated by?",
            metavar="NAME", choices=("mosteller", "dubois", "haycock"),
        ),
    ] = None
    days: Annotated[
        D | None,
        Input(
            "number", "dose", "Area and amount",
            "Supply period in days; 28 if left out.",
            "For how many days is the supply to last?",
            metavar="N", example="28", unit="days", low=D(1), high=D(1000), whole=True,
        ),
    ] = None
    tube_price: Annotated[
        D | None,
        Input(
            "number", "dose", "Area and amount",
            "Price of one tube, to add the cost of the supply.",
            "What does one tube cost?",
            metavar="PRICE", example="120.50", low=D(0), high=D(1000000),
            includes="the price of one tube, in any currency, applied to each tube size shown",
        ),
    ] = None
    dispensed: Annotated[
        tuple[Dispensing, ...] | None,
        Input(
            "dispensed", "dispensed", "Area and amount",
            "Tubes that were dispensed, as tubes x grams, to compare with the label.",
            "Which tubes were dispensed, as number x grams, such as 3x100?",
            metavar="NxG", example="3x100",
            includes="whole tubes handed out for the period, of each size",
            excludes="tubes of another period; samples that were not counted",
        ),
    ] = None
    per_days: Annotated[
        D | None,
        Input(
            "number", "dispensed", "Area and amount",
            "Days that the dispensed tubes are for; the period of the label if left out.",
            "For how many days were these tubes dispensed?",
            metavar="N", example="28", unit="days", low=D(1), high=D(1000), whole=True,
        ),
    ] = None

    # Response
    week: Annotated[
        D | None,
        Input(
            "number", "check", "Response",
            "Completed weeks of treatment, instead of the date of the start.",
            "How many weeks of treatment are completed?",
            metavar="N", example="52", unit="weeks", low=D(0), high=D(5200),
            includes="whole weeks since the first application, which is day 0",
            excludes="the week that is running: day 363 is still week 51",
            usual=(D(0), D(260)), note="Check that it is in weeks, not days.",
        ),
    ] = None
    start: Annotated[
        date | None,
        Input(
            "date", "dates", "Visits and dates",
            "Date of the first application, which is day 0.",
            "On which date was the cream first applied?",
            metavar="DATE",
            includes="the day of the first application, which is day 0",
        ),
    ] = None
    on: Annotated[
        date | None,
        Input(
            "date", "dates", "Visits and dates",
            "Date of the visit; today if left out. The age of the facts is judged by it too.",
            "What is the date of the visit?",
            metavar="DATE",
        ),
    ] = None
    restart: Annotated[
        date | None,
        Input(
            "date", "check", "Visits and dates",
            "Date on which treatment was restarted after a stop; weeks count from it.",
            "On which date was treatment restarted, if it had been stopped?",
            metavar="DATE",
            includes="the first application after a stop, on areas that lost their pigment again",
            excludes="single applications that were missed",
        ),
    ] = None
    repig: Annotated[
        tuple[Repigmentation, ...] | None,
        Input(
            "repigmentation", "check", "Response",
            "Repigmentation in percent, or by site as face=76; negative is worsening.",
            "How much of the treated areas has repigmented since the start, in percent?",
            metavar="[SITE=]PCT", example="20", unit="%", low=D(-1000), high=D(100),
            includes="improvement from the start of treatment, of the treated areas",
            excludes="the residual depigmentation of VASI, which runs the other way",
            note="If a fraction was meant: 0.2 of the treated areas is 20 %.",
        ),
    ] = None
    baseline: Annotated[
        D | None,
        Input(
            "number", "check", "Response",
            "Score before treatment, beside the score now; instead of a repigmentation.",
            "What was the score before treatment?",
            metavar="SCORE", example="2.4", low=D(0), high=D(100), above=True,
            includes="the same score, over the same sites, as the score now",
            hint="a score lies between 0 and 100, and repigmentation from 0 has no meaning",
        ),
    ] = None
    score: Annotated[
        D | None,
        Input(
            "number", "check", "Response",
            "Score now, beside the score before treatment.",
            "What is the score now?",
            metavar="SCORE", example="1.8", low=D(0), high=D(100),
        ),
    ] = None
    measure: Annotated[
        str | None,
        Input(
            "choice", "check", "Response",
            "What the repigmentation was measured by.",
            "By what was the repigmentation measured?",
            metavar="NAME", choices=("f-vasi", "t-vasi", "treated-area"),
            includes="f-vasi: the face; t-vasi: the whole body; treated-area: the treated skin",
        ),
    ] = None
    meaningful: Annotated[
        bool | None,
        Input(
            "flag", "check", "Response",
            "The patient finds the repigmentation meaningful.",
            "Does the patient find the repigmentation meaningful?",
            includes="the patient's own judgement",
            excludes="the judgement of the prescriber; any percentage", negation="not",
        ),
    ] = None
    satisfactory: Annotated[
        bool | None,
        Input(
            "flag", "check", "Response",
            "The repigmentation of at least one treated area is satisfactory.",
            "Has any treated area repigmented satisfactorily?",
            includes="an area that needs no more treatment, in the judgement of patient and"
            " prescriber",
            excludes="areas that only improved", negation="not",
        ),
    ] = None

    # Patient
    age: Annotated[
        D | None,
        Input(
            "number", "warn", "Patient", "Age in years.", "How old is the patient, in years?",
            metavar="YEARS", example="34", unit="years", low=D(0), high=D(130),
            topics=("under-minimum-age", "older-age"),
        ),
    ] = None
    face: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Patient",
            "The vitiligo involves the face.",
            "Does the vitiligo involve the face?",
            includes="depigmentation of any part of the face, treated or not",
            excludes="the scalp, the ears and the neck alone",
            topics=("facial-involvement",), triggers=False,
        ),
    ] = None
    segmental: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Patient",
            "The vitiligo is segmental.",
            "Is the vitiligo segmental?",
            includes="patches that follow one segment of one side of the body",
            excludes="non-segmental vitiligo, which is generalised, acrofacial or universal",
            topics=("vitiligo-type",),
        ),
    ] = None
    hypersensitivity: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Patient",
            "Is hypersensitive to ruxolitinib or to an ingredient of the cream.",
            "Is the patient hypersensitive to ruxolitinib or to an ingredient of the cream?",
            includes="an allergic reaction to the cream, to oral ruxolitinib or to an excipient,"
            " such as propylene glycol, cetyl alcohol, stearyl alcohol or a paraben",
            excludes="stinging or acne at the site without an allergy",
            topics=("hypersensitivity",),
        ),
    ] = None

    # Pregnancy
    pregnant: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Pregnancy", "Is pregnant.", "Is the patient pregnant?",
            includes="a pregnancy that is known or suspected",
            topics=("pregnancy",),
        ),
    ] = None
    planning_pregnancy: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Pregnancy",
            "Can become pregnant and plans to, or uses no effective contraception.",
            "Does the patient plan a pregnancy, or could become pregnant without effective"
            " contraception?",
            includes="a wish to conceive during treatment or within weeks after it",
            excludes="a patient who uses effective contraception and plans no pregnancy",
            topics=("planning-pregnancy",),
        ),
    ] = None
    breastfeeding: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Pregnancy",
            "Breast-feeds, or is about to.",
            "Does the patient breast-feed, or is she about to?",
            includes="breast-feeding now or within the weeks after the last application; expressed"
            " milk",
            topics=("breast-feeding",),
        ),
    ] = None

    # Kidney and liver
    esrd: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Kidney and liver",
            "Has end-stage renal disease.",
            "Does the patient have end-stage renal disease?",
            includes="kidney failure that is treated by dialysis, or has reached that stage",
            excludes="lesser renal impairment; a kidney transplant that works",
            topics=("end-stage-renal-disease",),
        ),
    ] = None
    egfr: Annotated[
        D | None,
        Input(
            "number", "warn", "Kidney and liver",
            "Estimated glomerular filtration rate, in mL/min/1.73 m2.",
            "What is the estimated glomerular filtration rate, in mL/min/1.73 m2?",
            metavar="N", example="60", unit="mL/min/1.73 m2", low=D(0), high=D(300),
            topics=("renal-impairment",),
        ),
    ] = None
    hepatic: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Kidney and liver",
            "Has hepatic impairment.",
            "Does the patient have hepatic impairment?",
            includes="impaired liver function of any grade",
            excludes="hepatitis B or C with normal liver function, which is asked separately",
            topics=("hepatic-impairment",),
        ),
    ] = None

    # Medicines
    drug: Annotated[
        tuple[str, ...] | None,
        Input(
            "names", "warn", "Medicines",
            "A systemic medicine taken now: generic name, brand, class or ATC code.",
            "Which systemic medicines does the patient take now?",
            metavar="NAME", example="itraconazole",
            includes="medicines that are swallowed, injected or infused; combinations with a slash",
            excludes="medicines applied to the skin, which are asked separately",
            topics=("strong-cyp3a4-inhibitor", "moderate-cyp3a4-inhibitor", "cyp3a4-inducer"),
        ),
    ] = None
    topical: Annotated[
        tuple[str, ...] | None,
        Input(
            "names", "warn", "Medicines",
            "Another medicine applied to the same skin.",
            "Which other medicines are applied to the same skin?",
            metavar="NAME", example="tacrolimus",
            includes="medicines applied to the skin that gets the cream",
            excludes="medicines swallowed, injected or infused, which are asked separately",
            topics=("topical-on-same-skin",),
        ),
    ] = None
    biologic: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Medicines",
            "Takes a therapeutic biologic.",
            "Does the patient take a therapeutic biologic?",
            includes="antibodies, fusion proteins and other biological medicines, as treatment",
            excludes="vaccines",
            topics=("therapeutic-biologic",),
        ),
    ] = None
    jak_inhibitor: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Medicines",
            "Takes another JAK inhibitor.",
            "Does the patient take another JAK inhibitor?",
            includes="oral and topical JAK inhibitors other than this cream; oral ruxolitinib",
            excludes="this cream itself",
            topics=("jak-inhibitor",),
        ),
    ] = None
    immunosuppressant: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Medicines",
            "Takes a potent immunosuppressant.",
            "Does the patient take a potent immunosuppressant?",
            includes="systemic medicines such as azathioprine or ciclosporin",
            excludes="a topical steroid",
            topics=("potent-immunosuppressant",),
        ),
    ] = None
    live_vaccine: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Medicines",
            "Is to have a live vaccine.",
            "Is a live vaccine planned?",
            includes="live attenuated vaccines, such as those against yellow fever or measles",
            excludes="inactivated, mRNA and recombinant vaccines",
            topics=("live-vaccine",),
        ),
    ] = None

    # Infections
    infection: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections",
            "Has an active serious infection, a localised one included.",
            "Does the patient have an active serious infection?",
            includes="an infection that is active and serious now, wherever it is, localised"
            " included",
            excludes="tuberculosis, hepatitis B or C and herpes zoster, and a chronic or earlier"
            " infection: each is asked separately",
            topics=("serious-infection",),
        ),
    ] = None
    chronic_infection: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections",
            "Has a chronic or recurrent infection.",
            "Does the patient have a chronic or recurrent infection?",
            includes="an infection that persists or comes back, also while it is quiet",
            excludes="tuberculosis, hepatitis B or C and herpes zoster, which are asked separately",
            topics=("chronic-infection",),
        ),
    ] = None
    past_serious_infection: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections",
            "Has had a serious or an opportunistic infection.",
            "Has the patient ever had a serious or an opportunistic infection?",
            includes="one that is over, such as a sepsis or a pneumocystis pneumonia",
            excludes="an infection that is active now",
            topics=("past-serious-infection",),
        ),
    ] = None
    infection_risk: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections",
            "Has a condition that predisposes to infection.",
            "Does the patient have a condition that predisposes to infection?",
            includes="an underlying disease or state that makes infections more likely, such as an"
            " immune deficiency",
            excludes="medicines that suppress the immune system, which are asked separately",
            topics=("infection-risk",),
        ),
    ] = None
    endemic_area: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections",
            "Has lived or travelled where tuberculosis or mycoses are endemic.",
            "Has the patient lived or travelled where tuberculosis or mycoses are endemic?",
            includes="residence or travel in an area of endemic tuberculosis or endemic mycosis",
            excludes="contact with a person who has tuberculosis, which is an exposure",
            topics=("endemic-area",),
        ),
    ] = None
    tuberculosis: Annotated[
        str | None,
        Input(
            "choice", "warn", "Infections",
            "Tuberculosis: active, latent, exposed to it, or no.",
            "Does the patient have active or latent tuberculosis, or was there an exposure?",
            metavar="STATE", choices=("active", "latent", "exposed", "no"),
            includes="active: disease now; latent: infection without disease; exposed: contact"
            " with a person who has it",
            excludes="treated tuberculosis that is over, which is a past serious infection; a stay"
            " in an endemic area",
            topics=("active-tuberculosis", "latent-tuberculosis", "tuberculosis-exposure"),
            by_choice=(
                ("active", ("active-tuberculosis",)),
                ("latent", ("latent-tuberculosis",)),
                ("exposed", ("tuberculosis-exposure",)),
            ),
        ),
    ] = None
    hepatitis_b: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections", "Has active hepatitis B.",
            "Does the patient have active hepatitis B?",
            includes="active infection, chronic included",
            excludes="an infection that is over; immunity after vaccination",
            topics=("hepatitis-b",),
        ),
    ] = None
    hepatitis_c: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections", "Has active hepatitis C.",
            "Does the patient have active hepatitis C?",
            includes="active infection, chronic included",
            excludes="an infection that is cured",
            topics=("hepatitis-c",),
        ),
    ] = None
    zoster: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Infections", "Has herpes zoster now.",
            "Does the patient have herpes zoster now?",
            includes="an episode that is not over",
            excludes="an earlier episode",
            topics=("herpes-zoster",),
        ),
    ] = None

    # Cancer, heart and clots
    malignancy: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has a known malignancy.",
            "Does the patient have a known malignancy?",
            includes="a malignancy known before treatment or found during it",
            excludes="a non-melanoma skin cancer that was treated successfully, which is asked"
            " separately",
            topics=("malignancy",),
        ),
    ] = None
    nmsc: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has or had a non-melanoma skin cancer.",
            "Does the patient have, or has the patient had, a non-melanoma skin cancer?",
            includes="basal cell and squamous cell carcinoma of the skin, also treated ones",
            excludes="melanoma, which is a malignancy",
            topics=("non-melanoma-skin-cancer",),
        ),
    ] = None
    phototherapy: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has had phototherapy before.",
            "Has the patient had phototherapy before?",
            includes="earlier UVB or PUVA",
            excludes="phototherapy together with the cream, which is asked separately",
            topics=("phototherapy",),
        ),
    ] = None
    phototherapy_now: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has or plans phototherapy together with the cream.",
            "Does the patient have phototherapy together with the cream, or is it planned?",
            includes="UVB or PUVA during treatment with the cream",
            excludes="phototherapy that ended before the cream",
            topics=("phototherapy-together",),
        ),
    ] = None
    smoker: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Smokes or has smoked.",
            "Does the patient smoke, or has the patient smoked?",
            includes="current and past smokers",
            topics=("smoking",),
        ),
    ] = None
    cardiovascular_risk: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has other cardiovascular risk factors.",
            "Does the patient have other cardiovascular risk factors?",
            includes="hypertension, raised lipids, diabetes, obesity or a family history of early"
            " cardiovascular disease",
            excludes="smoking, and an infarction or stroke: each is asked separately",
            topics=("cardiovascular-risk",),
        ),
    ] = None
    mi_or_stroke: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has had a myocardial infarction or a stroke.",
            "Has the patient had a myocardial infarction or a stroke?",
            includes="at any time, before or during treatment",
            topics=("myocardial-infarction-or-stroke",),
        ),
    ] = None
    thrombosis_risk: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has a raised risk of thrombosis.",
            "Does the patient have a raised risk of thrombosis?",
            includes="venous or arterial thrombosis; an earlier deep vein thrombosis or pulmonary"
            " embolism",
            topics=("thrombosis-risk",),
        ),
    ] = None
    cytopenia: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has or had a low blood cell count.",
            "Does the patient have, or has the patient had, a low blood cell count?",
            includes="thrombocytopenia, anaemia, neutropenia, lymphopenia or leucopenia",
            topics=("cytopenia",),
        ),
    ] = None
    diabetes: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Cancer, heart and clots",
            "Has diabetes.",
            "Does the patient have diabetes?",
            includes="diabetes mellitus of any type, however it is treated",
            topics=("diabetes",),
        ),
    ] = None
    all_others_no: Annotated[
        bool | None,
        Input(
            "flag", "warn", "Patient",
            "The patient has nothing of what was not given here.",
            "Is everything absent that was not answered?",
            includes="every item of safety that was not given; the answer repeats it",
            excludes="the age and the involvement of the face, which stay not asked", negation="",
        ),
    ] = None

    # A visit in a list of visits
    tubes_dispensed: Annotated[
        D | None,
        Input(
            "number", "visit", "Visits and dates",
            "Tubes dispensed at a visit.",
            "How many tubes were dispensed at this visit?",
            metavar="N", example="2", unit="tubes", low=D(0), high=D(100), whole=True,
            includes="whole tubes handed out on that day, whatever was used of them",
        ),
    ] = None

    # Dates to keep
    stop: Annotated[
        date | None,
        Input(
            "date", "plan", "Visits and dates",
            "Date of the last application, for what must be waited for after it.",
            "On which date is the cream applied for the last time?",
            metavar="DATE",
        ),
    ] = None
    tubes: Annotated[
        D | None,
        Input(
            "number", "plan", "Visits and dates",
            "Unopened tubes in hand on that day; those of the supply period if left out.",
            "How many unopened tubes does the patient have on that day?",
            metavar="N", example="2", unit="tubes", low=D(1), high=D(100), whole=True,
            includes="whole tubes, the first of which is opened on that day",
        ),
    ] = None
    tube_grams: Annotated[
        D | None,
        Input(
            "number", "plan", "Visits and dates",
            "Size of the tubes; each size that a label knows if left out.",
            "How many grams does one tube hold?",
            metavar="G", example="100", unit="g", low=D(1), high=D(1000),
        ),
    ] = None


# Each declaration stands in the annotation of its field.
INPUTS: dict[str, Input] = {
    name: annotation.__metadata__[0] for name, annotation in Patient.__annotations__.items()
}

GROUPS: dict[str, tuple[Group, ...]] = {
    "dose": ("dose", "dispensed"),
    "check": ("check", "dates"),
    "warn": ("warn",),
    "assess": ("dose", "dispensed", "check", "dates", "warn"),
    "plan": ("dose", "dates", "plan"),
    "handout": ("dose", "dates", "warn"),
}
# What is known of one of several visits; the start of treatment is the same for all of them.
OF_A_VISIT = ("bsa", "on", "repig", "baseline", "score", "measure", "meaningful", "tubes_dispensed",
              "tube_grams")


@cache
def inputs_of(command: str) -> dict[str, Input]:
    """Return the inputs of `command`, or of a `visit`, in the order of their declaration."""
    if command == "visit":
        return {name: INPUTS[name] for name in OF_A_VISIT}
    groups = GROUPS[command]
    return {name: declared for name, declared in INPUTS.items() if declared.group in groups}


def read_patient(given: Mapping[str, Sequence[object]]) -> Patient:
    """Return the patient from `given`: for each input the values that came, in order.

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
    """Return what was given of the inputs of `command`, as an answer's `inputs` repeat it."""
    return {
        name: as_json(patient[place])
        for name, place in _places(command)
        if patient[place] is not None
    }


def gives_any(patient: Patient, command: str) -> bool:
    """Return whether any input of `command` was given."""
    return any(patient[place] is not None for _, place in _places(command))


def unusual_inputs(patient: Patient, command: str) -> tuple[str, ...]:
    """Return a note for each input of `command` that is possible but unusual."""
    notes = [
        unusual(name, INPUTS[name], patient[place])
        for name, place in _noted_places(command)
        if patient[place] is not None
    ]
    return tuple([note for note in notes if note])


@cache
def _places(command: str) -> tuple[tuple[str, int], ...]:
    """Return the inputs of a command with their places in the patient."""
    return tuple((name, Patient._fields.index(name)) for name in inputs_of(command))


@cache
def _noted_places(command: str) -> tuple[tuple[str, int], ...]:
    return tuple((name, place) for name, place in _places(command) if INPUTS[name].note)


def refuse_together(patient: Patient, *names: str) -> None:
    """Raise `InputError` if more than one of `names` was given."""
    given = [name for name in names if getattr(patient, name) is not None]
    if len(given) > 1:
        one, other = given[:2]
        raise InputError(other, f"is given together with {{{one}}}", "one of them, not both")


def refuse_leftover(patient: Patient, command: str, needed: str, accepted: str) -> None:
    """Raise `InputError` for `needed` if any input of `command` was given: it is idle alone."""
    for name in inputs_of(command):
        if getattr(patient, name) is not None:
            raise InputError(needed, f"is missing beside {{{name}}}", accepted)
