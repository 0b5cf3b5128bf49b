"""The UK label: MHRA summary of product characteristics (SmPC) and patient leaflet.

The UK document says many things as the EU one does. Such a row is marked `same`:
it borrows the EU wording, with the section and the kind of verification of the UK
row. When the EU edition changes, each of these rows is to be read again for the UK.
Figures that the rules compute with are written out here.
"""

from decimal import Decimal

from ruxcalc.labels import eu
from ruxcalc.labels.model import (
    DAYS_IN_LONGEST_MONTH,
    DAYS_IN_SHORTEST_SIX_MONTHS,
    EU_TEXT,
    EU_TEXT_AND_REVIEW,
    LEAFLET,
    NOT_READ,
    TEXT,
    Cap,
    InUse,
    Label,
    Provision,
    Quantity,
    Review,
    Verified,
)


def same(topic: str, section: str, verified: Verified) -> Provision:
    """The EU row on `topic`, as the UK document says it or as taken over unread."""
    return eu.LABEL.on(topic)._replace(section=section, verified=verified)


LABEL = Label(
    region="uk",
    name="UK",
    regulator="MHRA",
    document="MHRA summary of product characteristics and leaflet",
    number="emc product 14903",
    edition="2023-11-13",
    edition_name="",
    text_read="2023-11-13",
    approved="2023",
    link="https://www.medicines.org.uk/emc/product/14903/smpc",
    verified_on="2026-11-22",
    minimum_age=Quantity(Decimal(12), "years", "4.1", TEXT),
    max_area=Quantity(Decimal(10), "% BSA", "4.2", TEXT),
    applications_per_day=Quantity(Decimal(2), "a day", "4.2", TEXT),
    caps=(Cap(2, Decimal(100), "month", DAYS_IN_LONGEST_MONTH, "4.2", TEXT),),
    in_use=InUse(6, DAYS_IN_SHORTEST_SIX_MONTHS, "6.3", EU_TEXT),
    review=Review(
        Decimal(52), Decimal(25), "less-than", "consider-stopping", "4.2", TEXT,
        eu.LABEL.review.words,
    ),
    provisions=(
        # Who, and how the cream is used
        same("indication", "4.1", TEXT),
        same("facial-involvement", "4.1", TEXT),
        same("supervision", "4.2", TEXT),
        same("smallest-area", "4.2", TEXT),
        same("handprint", "4.2", TEXT),
        same("interval", "4.2", TEXT),
        same("tube-sizes", "6.5", EU_TEXT),
        same("storage", "6.4", EU_TEXT),
        same("application-sites", "leaflet", LEAFLET),
        same("washing", "4.2", EU_TEXT),
        same("other-products-on-the-skin", "leaflet", LEAFLET),
        same("missed-dose", "leaflet 3", EU_TEXT),
        same("hands", "", EU_TEXT),
        # Review, stopping, restarting
        same("longer-than-24-weeks", "", TEXT),
        same("review-at-24-weeks", "", TEXT),
        same("satisfactory-areas", "4.2", TEXT),
        same("restart", "4.2", TEXT),
        same("tapering", "4.2", TEXT),
        # Precautions
        same("boxed-warning", "", TEXT),
        same("hypersensitivity", "leaflet", LEAFLET),
        same("pregnancy", "leaflet", LEAFLET),
        same("contraception", "leaflet", LEAFLET),
        same("breast-feeding", "leaflet", LEAFLET)._replace(
            words="Contraindicated while breast-feeding.", number=None,
        ),
        same("age-under-12", "leaflet", LEAFLET)._replace(
            words="Under {n} years, the leaflet says not to give the cream. Not recommended.",
        ),
        same("age-65-and-over", "4.2", EU_TEXT),
        same("end-stage-renal-disease", "4.2", EU_TEXT_AND_REVIEW),
        same("renal-impairment", "4.2", EU_TEXT),
        same("hepatic-impairment", "4.2", EU_TEXT),
        same("strong-cyp3a4-inhibitor", "4.5", EU_TEXT),
        same("moderate-or-weak-cyp3a4-inhibitor", "4.5", EU_TEXT),
        same("cyp3a4-inducer", "4.5", EU_TEXT),
        Provision("therapeutic-biologic", "silent", "", TEXT),
        Provision("jak-inhibitor", "silent", "", TEXT),
        Provision("potent-immunosuppressant", "silent", "", TEXT),
        same("topical-on-same-skin", "leaflet", LEAFLET),
        Provision("serious-infection", "not-read", "", NOT_READ),
        Provision("tuberculosis", "not-read", "", NOT_READ),
        Provision("hepatitis-b", "not-read", "", NOT_READ),
        Provision("hepatitis-c", "not-read", "", NOT_READ),
        Provision("herpes-zoster", "not-read", "", NOT_READ),
        Provision("malignancy", "not-read", "", NOT_READ),
        Provision("smoking", "not-read", "", NOT_READ),
        same("non-melanoma-skin-cancer", "4.4", EU_TEXT),
        same("phototherapy", "4.4", EU_TEXT),
        Provision("phototherapy-together", "silent", "", EU_TEXT),
        Provision("myocardial-infarction-or-stroke", "not-read", "", NOT_READ),
        Provision("thrombosis-risk", "not-read", "", NOT_READ),
        Provision("cytopenia", "not-read", "", NOT_READ),
        Provision("lipids", "not-read", "", NOT_READ, for_all=True),
        Provision("diabetes", "not-read", "", NOT_READ),
        same("excipients", "4.4", EU_TEXT),
        Provision("live-vaccine", "silent", "", TEXT),
        Provision("adverse-reactions", "not-read", "", NOT_READ, for_all=True),
    ),
)
