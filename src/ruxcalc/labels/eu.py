"""The EU label: EMA summary of product characteristics. Its statements: `provisions.csv`."""

from datetime import date
from decimal import Decimal

from ruxcalc.figures import DAYS_IN_LONGEST_MONTH, DAYS_IN_SHORTEST_SIX_MONTHS
from ruxcalc.labels.model import Cap, InUse, Label, Quantity, Review, edition_of

LABEL = Label(
    region="eu",
    **edition_of("eu"),
    minimum_age=Quantity(Decimal(12), "years", "4.1, 4.2", "label-text"),
    max_area=Quantity(Decimal(10), "% BSA", "4.2", "label-text"),
    applications_per_day=Quantity(Decimal(2), "a day", "4.2", "label-text"),
    # The label does not say how long a month is: a use is compared over the longest, tubes
    # that were dispensed are counted over four weeks.
    caps=(Cap(2, Decimal(100), "month", DAYS_IN_LONGEST_MONTH, 28, "4.2", "label-text"),),
    in_use=InUse(6, DAYS_IN_SHORTEST_SIX_MONTHS, "6.3", "leaflet", date(2026, 11, 22)),
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
