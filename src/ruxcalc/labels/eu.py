"""The EU label: EMA summary of product characteristics (SmPC) of ruxolitinib 1.5 % cream."""

from decimal import Decimal

from ruxcalc.labels.model import (
    DAYS_IN_LONGEST_MONTH,
    DAYS_IN_SHORTEST_SIX_MONTHS,
    LEAFLET,
    TEXT,
    TEXT_AND_LEAFLET,
    Cap,
    InUse,
    Label,
    Provision,
    Quantity,
    Review,
)

LABEL = Label(
    region="eu",
    name="EU",
    regulator="EMA",
    document="EMA summary of product characteristics",
    number="EU/1/23/1726",
    edition="2024-04-02",
    edition_name="revision 2, known from the index entry",
    text_read="2023-10-19",
    approved="2023-04-19",
    link="https://www.ema.europa.eu/en/medicines/human/EPAR/opzelura",
    verified_on="2026-11-22",
    minimum_age=Quantity(Decimal(12), "years", "4.1, 4.2", TEXT),
    max_area=Quantity(Decimal(10), "% BSA", "4.2", TEXT),
    applications_per_day=Quantity(Decimal(2), "a day", "4.2", TEXT),
    caps=(Cap(2, Decimal(100), "month", DAYS_IN_LONGEST_MONTH, "4.2", TEXT),),
    in_use=InUse(6, DAYS_IN_SHORTEST_SIX_MONTHS, "6.3", LEAFLET),
    review=Review(
        Decimal(52), Decimal(25), "less-than", "consider-stopping", "4.2", TEXT,
        "Consider stopping if the treated areas have repigmented by less than {percent} % at week"
        " {week}. No score is named.",
    ),
    provisions=(
        # Who, and how the cream is used
        Provision("indication", "states", "4.1", TEXT,
                  "Non-segmental vitiligo with facial involvement."),
        Provision("facial-involvement", "not-recommended", "4.1", TEXT,
                  "The indication of this label asks for facial involvement. Without it, the use is"
                  " outside the label."),
        Provision("supervision", "states", "4.2", TEXT,
                  "Started and supervised by a physician experienced in non-segmental vitiligo."),
        Provision("smallest-area", "states", "4.2", TEXT,
                  "Treat the smallest area that is necessary."),
        Provision("handprint", "states", "4.2", TEXT,
                  "A handprint is the palm of one hand with its 5 fingers; {n} handprints are the"
                  " largest area.", Decimal(10)),
        Provision("interval", "states", "4.2", TEXT,
                  "Leave at least {n} h between two applications.", Decimal(8)),
        Provision("tube-sizes", "states", "6.5", LEAFLET,
                  "Sold in tubes of {n} g.", Decimal(100)),
        Provision("storage", "states", "6.4", LEAFLET, "Keep at {n} C or below.", Decimal(30)),
        Provision("application-sites", "states", "4.2, 4.4", TEXT,
                  "Keep the cream off the lips and out of the eyes, the mouth and the vagina."),
        Provision("washing", "states", "4.2", TEXT,
                  "Do not wash the treated skin for {n} h after an application.", Decimal(2)),
        Provision("other-products-on-the-skin", "states", "4.5", TEXT,
                  "Leave at least {n} h after the cream before a sunscreen, an emollient or another"
                  " topical goes on the same skin.", Decimal(2)),
        Provision("missed-dose", "states", "leaflet 3", LEAFLET,
                  "Apply a missed dose when it is remembered; skip it if the next one is due within"
                  " {n} h.", Decimal(8)),
        Provision("hands", "states", "", TEXT,
                  "Wash the hands after each application, unless they are being treated."),
        # Review, stopping, restarting
        Provision("longer-than-24-weeks", "states", "4.2", TEXT,
                  "Enough repigmentation may take longer than {n} weeks.", Decimal(24)),
        Provision("review-at-24-weeks", "states", "", TEXT,
                  "No action is asked at {n} weeks.", Decimal(24)),
        Provision("satisfactory-areas", "states", "4.2", TEXT,
                  "Areas that have repigmented satisfactorily can stop treatment."),
        Provision("restart", "states", "4.2", TEXT,
                  "If depigmentation returns, treatment may be restarted on the affected areas."),
        Provision("tapering", "states", "4.2", TEXT, "Tapering is not needed."),
        # Precautions
        Provision("boxed-warning", "states", "", TEXT, "This label has no boxed warning."),
        Provision("hypersensitivity", "contraindicated", "4.3", TEXT,
                  "Hypersensitivity to an ingredient of the cream: contraindicated. Do not"
                  " use the cream."),
        Provision("pregnancy", "contraindicated", "4.3, 4.6", TEXT,
                  "Contraindicated in pregnancy. Do not use the cream."),
        Provision("contraception", "caution", "4.6", LEAFLET,
                  "Patients who can become pregnant need effective contraception during treatment"
                  " and for {n} weeks after the last application.", Decimal(4), for_all=True),
        Provision("breast-feeding", "contraindicated", "4.3, 4.6", TEXT_AND_LEAFLET,
                  "Contraindicated while breast-feeding. Stop the cream about {n} weeks before"
                  " breast-feeding begins.", Decimal(4)),
        Provision("age-under-12", "not-recommended", "4.2", TEXT,
                  "Under {n} years, safety and effect are not established. Not recommended.",
                  Decimal(12)),
        Provision("age-65-and-over", "inform", "4.2", TEXT,
                  "{n} years and over: few were studied; no dose adjustment is asked for.",
                  Decimal(65)),
        Provision("end-stage-renal-disease", "avoid", "4.2", TEXT,
                  "End-stage renal disease: there are no data. Avoid the cream, as a precaution."),
        Provision("renal-impairment", "inform", "4.2", TEXT,
                  "In renal impairment short of end-stage disease, no dose adjustment is asked"
                  " for."),
        Provision("hepatic-impairment", "inform", "4.2", TEXT,
                  "Hepatic impairment was not studied; no dose adjustment is asked for."),
        Provision("strong-cyp3a4-inhibitor", "inform", "4.5", TEXT,
                  "Strong CYP3A4 inhibitors about doubled the exposure to oral ruxolitinib; this"
                  " label holds the potential for interaction with the cream to be low. Inform the"
                  " patient."),
        Provision("moderate-or-weak-cyp3a4-inhibitor", "inform", "4.5", TEXT,
                  "A moderate or weak CYP3A4 inhibitor: an interaction is possible. Inform the"
                  " patient."),
        Provision("cyp3a4-inducer", "inform", "4.5", TEXT,
                  "A CYP3A4 inducer: an interaction is possible. Inform the patient."),
        Provision("therapeutic-biologic", "silent", "", TEXT),
        Provision("jak-inhibitor", "silent", "", TEXT),
        Provision("potent-immunosuppressant", "silent", "", TEXT),
        Provision("topical-on-same-skin", "not-recommended", "4.5", TEXT,
                  "Another topical medicine for vitiligo on the same skin is not recommended. Use"
                  " one of them on that skin."),
        Provision("serious-infection", "silent", "", TEXT),
        Provision("tuberculosis", "silent", "", TEXT),
        Provision("hepatitis-b", "silent", "", TEXT),
        Provision("hepatitis-c", "silent", "", TEXT),
        Provision("herpes-zoster", "silent", "", TEXT),
        Provision("malignancy", "silent", "", TEXT),
        Provision("smoking", "silent", "", TEXT),
        Provision("non-melanoma-skin-cancer", "monitor", "4.4", TEXT,
                  "Non-melanoma skin cancer: periodic skin examination is asked for in all"
                  " patients.", for_all=True),
        Provision("phototherapy", "monitor", "4.4", TEXT,
                  "Earlier phototherapy is a risk factor for skin cancer. Examine the skin"
                  " periodically."),
        Provision("phototherapy-together", "silent", "", TEXT),
        Provision("myocardial-infarction-or-stroke", "silent", "", TEXT),
        Provision("thrombosis-risk", "silent", "", TEXT),
        Provision("cytopenia", "silent", "", TEXT),
        Provision("lipids", "silent", "", TEXT),
        Provision("diabetes", "silent", "", TEXT),
        Provision("excipients", "inform", "4.4", TEXT,
                  "Propylene glycol, cetyl and stearyl alcohol, parabens and butylhydroxytoluene"
                  " can cause local reactions. Inform the patient.", for_all=True),
        Provision("live-vaccine", "silent", "", TEXT),
        Provision("adverse-reactions", "inform", "", TEXT,
                  "Acne where the cream was applied is common ({n} %).", Decimal("5.8"),
                  for_all=True),
    ),
)
