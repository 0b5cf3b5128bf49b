"""The UK label: MHRA summary of product characteristics and leaflet. Statements: `provisions.csv`.

Sections 4.1 and 4.2 and the leaflet, sections 1 and 2, were read; nothing else was.
"""

from datetime import date
from decimal import Decimal

from ruxcalc.figures import DAYS_IN_LONGEST_MONTH, DAYS_IN_SHORTEST_SIX_MONTHS
from ruxcalc.labels.model import Cap, InUse, Label, Quantity, Review, edition_of

LABEL = Label(
    region="uk",
    **edition_of("uk"),
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
