"""Name every topic on which a label is read: its code, and a short title for a clinician.

The order is the order of `provisions.csv`. Topics marked *computed* have no row there: the
figures of the label itself (age, area, frequency, cap, in-use life, reviews) answer them.
A code holds no week and no age, so that a label with other figures has the same topics.
"""

TOPICS: dict[str, str] = {
    # Use
    "indication": "Indication",
    "facial-involvement": "Facial involvement",
    "vitiligo-type": "Type of vitiligo",
    "supervision": "Who starts and supervises",
    "minimum-age": "Lowest age",  # computed
    "maximum-area": "Largest area",  # computed
    "smallest-area": "Smallest area",
    "handprint": "Handprint",
    "frequency": "Frequency",  # computed
    "interval": "Time between applications",
    "quantity-cap": "Largest quantity",  # computed
    "tube-sizes": "Tubes sold",
    "in-use-life": "Use after opening",  # computed
    "storage": "Storage",
    "application-sites": "Where not to apply",
    "washing": "Washing the treated skin",
    "other-products-on-the-skin": "Other products on the same skin",
    "missed-dose": "Missed application",
    "hands": "Washing the hands",
    "crystals": "Crystals in the cream",
    # Review
    "time-to-response": "Time to response",
    "review": "Review of the response",  # computed
    "other-review-week": "Week at which another label reviews",
    "satisfactory-areas": "Satisfactory repigmentation",
    "restart": "Depigmentation returns",
    "tapering": "Tapering",
    "length-of-treatment": "Length of treatment",
    # For every patient
    "boxed-warning": "Boxed warning",
    "infection-monitoring": "Signs of infection",
    "tuberculosis-screening": "Tuberculosis screening",
    "mortality": "Mortality",
    "malignancy-risk": "Risk of malignancy",
    "skin-examination": "Skin examination",
    "cardiovascular-events": "Cardiovascular events",
    "thrombosis-symptoms": "Symptoms of thrombosis",
    "blood-count": "Blood count",
    "lipids": "Lipids",
    "adverse-reactions": "Adverse reactions",
    "contraception": "Contraception",
    "excipients": "Excipients",
    # For the patient who has it
    "hypersensitivity": "Hypersensitivity to an ingredient",
    "pregnancy": "Pregnancy",
    "planning-pregnancy": "Planning a pregnancy",
    "breast-feeding": "Breast-feeding",
    "under-minimum-age": "Under the lowest age",
    "older-age": "Older age",
    "end-stage-renal-disease": "End-stage renal disease",
    "renal-impairment": "Other renal impairment",
    "hepatic-impairment": "Hepatic impairment",
    "strong-cyp3a4-inhibitor": "Strong CYP3A4 inhibitor",
    "moderate-cyp3a4-inhibitor": "Moderate CYP3A4 inhibitor",
    "cyp3a4-inducer": "CYP3A4 inducer",
    "therapeutic-biologic": "Therapeutic biologic",
    "jak-inhibitor": "Another JAK inhibitor",
    "potent-immunosuppressant": "Potent immunosuppressant",
    "topical-on-same-skin": "Another topical for vitiligo on the same skin",
    "serious-infection": "Serious infection",
    "active-tuberculosis": "Active tuberculosis",
    "latent-tuberculosis": "Latent tuberculosis",
    "tuberculosis-exposure": "Exposure to tuberculosis",
    "chronic-infection": "Chronic or recurrent infection",
    "past-serious-infection": "Earlier serious infection",
    "infection-risk": "Predisposition to infection",
    "endemic-area": "Stay in an endemic area",
    "hepatitis-b": "Active hepatitis B",
    "hepatitis-c": "Active hepatitis C",
    "herpes-zoster": "Herpes zoster",
    "malignancy": "Malignancy",
    "non-melanoma-skin-cancer": "Non-melanoma skin cancer",
    "smoking": "Current or past smoking",
    "cardiovascular-risk": "Other cardiovascular risk factors",
    "myocardial-infarction-or-stroke": "Myocardial infarction or stroke",
    "thrombosis-risk": "Raised risk of thrombosis",
    "cytopenia": "History of cytopenia",
    "diabetes": "Diabetes",
    "phototherapy": "Earlier phototherapy",
    "phototherapy-together": "Phototherapy together with the cream",
    "live-vaccine": "Live vaccine",
}
