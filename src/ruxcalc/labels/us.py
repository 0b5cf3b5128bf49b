"""The US label: FDA prescribing information of ruxolitinib 1.5 % cream, vitiligo only.

Later US editions also carry an eczema indication with limits of its own; none of
them belongs here.
"""

from decimal import Decimal

from ruxcalc.labels.model import TEXT, Cap, Label, Provision, Quantity, Review

LABEL = Label(
    region="us",
    name="US",
    regulator="FDA",
    document="FDA prescribing information",
    number="NDA 215309, SPL set 24da5509-6631-4795-9d42-273faecd08e7",
    edition="2026-06-30",
    edition_name="S-009, SPL version 14",
    text_read="2026-06-30",
    approved="2022-07-18",
    link="https://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid=24da5509-6631-4795-9d42-273faecd08e7",
    verified_on="2026-11-22",
    minimum_age=Quantity(Decimal(12), "years", "1.2, 8.4", TEXT),
    max_area=Quantity(Decimal(10), "% BSA", "2.2", TEXT),
    applications_per_day=Quantity(Decimal(2), "a day", "2.2", TEXT),
    # The two caps are not equivalent: each binds its own tube size.
    caps=(
        Cap(1, Decimal(60), "week", 7, "2.2", TEXT),
        Cap(1, Decimal(100), "2 weeks", 14, "2.2", TEXT),
    ),
    in_use=None,
    review=Review(
        Decimal(24), None, "patient-judgement", "re-evaluate", "2.2", TEXT,
        "Re-evaluate if the patient does not find the repigmentation meaningful by week {week}. No"
        " percentage is given, and this is not an instruction to stop.",
    ),
    provisions=(
        # Who, and how the cream is used
        Provision("indication", "states", "1.2", TEXT, "Non-segmental vitiligo."),
        Provision("facial-involvement", "silent", "1.2", TEXT),
        Provision("supervision", "silent", "", TEXT),
        Provision("handprint", "silent", "", TEXT),
        Provision("smallest-area", "silent", "", TEXT),
        Provision("interval", "silent", "", TEXT),
        Provision("tube-sizes", "states", "3, 16", TEXT,
                  "Sold in tubes of 60 g and 100 g; tubes of 3 g and 5 g are samples."),
        Provision("storage", "states", "16", TEXT,
                  "Keep at 20 to 25 C; excursions from 15 to 30 C are allowed."),
        Provision("application-sites", "states", "2.2", TEXT,
                  "Keep the cream out of the eyes, the mouth and the vagina."),
        Provision("washing", "silent", "", TEXT),
        Provision("other-products-on-the-skin", "silent", "", TEXT),
        Provision("missed-dose", "silent", "", TEXT),
        Provision("hands", "states", "", TEXT,
                  "Wash the hands after each application, unless they are being treated."),
        # Review, stopping, restarting
        Provision("longer-than-24-weeks", "states", "2.2", TEXT,
                  "Enough repigmentation may take longer than {n} weeks.", Decimal(24)),
        Provision("review-at-52-weeks", "silent", "", TEXT),
        Provision("satisfactory-areas", "silent", "", TEXT),
        Provision("restart", "silent", "", TEXT),
        Provision("tapering", "silent", "", TEXT),
        # Precautions
        Provision("boxed-warning", "inform", "boxed warning", TEXT,
                  "Boxed warning: serious infection, death, cancer, major cardiovascular events and"
                  " thrombosis were seen with oral JAK inhibitors. Tell every patient.",
                  for_all=True),
        Provision("hypersensitivity", "inform", "4", TEXT,
                  "This label lists no contraindication, and so none for hypersensitivity. That is"
                  " no statement of safety: judge a known reaction to an ingredient clinically."),
        Provision("pregnancy", "inform", "8.1", TEXT,
                  "Pregnancy is not contraindicated by this label; the human data are insufficient"
                  " to judge the risk. Inform the patient; the registry is at 1-855-463-3463."),
        Provision("contraception", "silent", "", TEXT),
        Provision("breast-feeding", "avoid", "8.2", TEXT,
                  "Breast-feeding is to be avoided during treatment and for about {n} weeks after"
                  " the last dose.", Decimal(4)),
        Provision("age-under-12", "not-recommended", "8.4", TEXT,
                  "Under {n} years, safety and effect are not established. Not recommended.",
                  Decimal(12)),
        Provision("age-65-and-over", "inform", "8.5", TEXT,
                  "{n} years and over: too few were studied to tell whether they respond"
                  " differently.", Decimal(65)),
        Provision("end-stage-renal-disease", "silent", "", TEXT),
        Provision("renal-impairment", "silent", "", TEXT),
        Provision("hepatic-impairment", "silent", "", TEXT),
        Provision("strong-cyp3a4-inhibitor", "avoid", "7", TEXT,
                  "A strong CYP3A4 inhibitor may raise the exposure to ruxolitinib. Avoid the two"
                  " together."),
        Provision("moderate-or-weak-cyp3a4-inhibitor", "inform", "7, 12.3", TEXT,
                  "A moderate or weak CYP3A4 inhibitor may raise the exposure to ruxolitinib."
                  " Inform the patient."),
        Provision("cyp3a4-inducer", "inform", "7, 12.3", TEXT,
                  "A CYP3A4 inducer may lower the exposure to ruxolitinib. Inform the patient."),
        Provision("therapeutic-biologic", "not-recommended", "1.3", TEXT,
                  "Use together with a therapeutic biologic is not recommended."),
        Provision("jak-inhibitor", "not-recommended", "1.3", TEXT,
                  "Use together with another JAK inhibitor is not recommended."),
        Provision("potent-immunosuppressant", "not-recommended", "1.3", TEXT,
                  "Use together with a potent immunosuppressant, such as azathioprine or"
                  " ciclosporin, is not recommended."),
        Provision("topical-on-same-skin", "silent", "", TEXT),
        Provision("serious-infection", "avoid", "5.1", TEXT,
                  "An active serious infection, a localised one included: avoid the cream, or"
                  " interrupt it until the infection is controlled. Weigh it where infection is"
                  " chronic, recurrent or opportunistic, or after a stay where tuberculosis or"
                  " mycoses are endemic."),
        Provision("tuberculosis", "caution", "5.1", TEXT,
                  "Tuberculosis, latent or active: consider an evaluation before the start, and"
                  " monitor during treatment."),
        Provision("hepatitis-b", "not-recommended", "5.1", TEXT,
                  "Starting the cream in active hepatitis B is not recommended."),
        Provision("hepatitis-c", "not-recommended", "5.1", TEXT,
                  "Starting the cream in active hepatitis C is not recommended."),
        Provision("herpes-zoster", "caution", "5.1", TEXT,
                  "Herpes zoster: consider interrupting the cream."),
        Provision("malignancy", "caution", "5.3", TEXT,
                  "Known malignancy, other than a successfully treated non-melanoma skin cancer:"
                  " weigh benefit and risk."),
        Provision("smoking", "caution", "5.3", TEXT,
                  "Current or past smoking: weigh benefit and risk, malignancy above all."),
        Provision("non-melanoma-skin-cancer", "monitor", "5.3", TEXT,
                  "Non-melanoma skin cancer, or a risk factor for it: examine the skin"
                  " periodically, during and after treatment; limit sun and UV."),
        Provision("phototherapy", "monitor", "5.3", TEXT,
                  "Earlier phototherapy is a risk factor for non-melanoma skin cancer. Examine the"
                  " skin periodically, during and after treatment; limit sun and UV."),
        Provision("phototherapy-together", "silent", "14.2", TEXT,
                  "On phototherapy together with the cream this label is silent; the pivotal trials"
                  " did not permit it."),
        Provision("myocardial-infarction-or-stroke", "avoid", "5.4", TEXT,
                  "Discontinue the cream after a myocardial infarction or stroke during treatment;"
                  " after an earlier one, weigh benefit and risk."),
        Provision("thrombosis-risk", "avoid", "5.5", TEXT,
                  "Raised risk of thrombosis: avoid the cream; discontinue it on symptoms of"
                  " thrombosis."),
        Provision("cytopenia", "monitor", "5.6", TEXT,
                  "Low counts of platelets, red cells, neutrophils, lymphocytes or leucocytes:"
                  " check the blood count as clinically indicated; discontinue on a clinically"
                  " significant fall."),
        Provision("lipids", "inform", "5.7", TEXT,
                  "Raised lipids were seen with oral JAK inhibitors. Inform the patient.",
                  for_all=True),
        Provision("diabetes", "inform", "5.7", TEXT,
                  "Hypoglycaemia was seen with oral JAK inhibitors in treated diabetes. Inform the"
                  " patient."),
        Provision("excipients", "silent", "", TEXT),
        Provision("live-vaccine", "silent", "", TEXT),
        Provision("adverse-reactions", "inform", "6.1", TEXT,
                  "Seen in 1 % or more of {n}: acne (6 %), itch (5 %) and redness (2 %) where the"
                  " cream was applied, nasopharyngitis (4 %), headache (4 %), urinary infection"
                  " (2 %), fever (1 %).", Decimal(449), for_all=True),
    ),
)
