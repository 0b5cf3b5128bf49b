"""The UK label: MHRA summary of product characteristics and leaflet. Statements: `provisions.csv`.

Sections 4.1 and 4.2 and the leaflet, sections 1 and 2, were read; nothing else was.
"""

from datetime import date
from decimal import Decimal

from ruxcalc.figures import DAYS_IN_LONGEST_MONTH, DAYS_IN_SHORTEST_SIX_MONTHS
from ruxcalc.labels.model import Cap, InUse, Label, Quantity, Review

LABEL = Label(
    region="uk",
    name="UK",
    regulator="MHRA",
    document="MHRA summary of product characteristics and leaflet",
    number="emc product 14903",
    edition=date(2023, 11, 13),
    edition_name="",
    text_read=date(2023, 11, 13),
    approved="2023",
    link="https://www.medicines.org.uk/emc/product/14903/smpc",
    verified_on=date(2026, 11, 24),
    minimum_age=Quantity(Decimal(12), "years", "4.1", "label-text"),
    max_area=Quantity(Decimal(10), "% BSA", "4.2", "label-text"),
    applications_per_day=Quantity(Decimal(2), "a day", "4.2", "label-text"),
    caps=(Cap(2, Decimal(100), "month", DAYS_IN_LONGEST_MONTH, 28, "4.2", "label-text"),),
    in_use=InUse(6, DAYS_IN_SHORTEST_SIX_MONTHS, "6.3", "eu-text", date(2026, 11, 22)),
    reviews=(
        Review(
            52,
            Decimal(25),
            "less-than",
            "consider-stopping",
            "4.2",
            "label-text",
            "Consider stopping if the repigmentation of the treated areas is less than {percent} %"
            " at week {week}. The label names no score.",
        ),
    ),
)
