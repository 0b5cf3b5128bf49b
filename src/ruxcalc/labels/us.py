"""The US label: FDA prescribing information, its vitiligo part only.

Later US editions also carry an eczema indication with limits of its own; none of them
belongs here. The statements stand in `provisions.csv`.
"""

from decimal import Decimal

from ruxcalc.labels.model import Cap, Label, Quantity, Review, edition_of

LABEL = Label(
    region="us",
    **edition_of("us"),
    minimum_age=Quantity(Decimal(12), "years", "1.2, 8.4", "label-text"),
    max_area=Quantity(Decimal(10), "% BSA", "2.2", "label-text"),
    applications_per_day=Quantity(Decimal(2), "a day", "2.2", "label-text"),
    # The two caps are not equivalent: each binds its own tube size.
    caps=(
        Cap(1, Decimal(60), "week", 7, 7, "2.2", "label-text"),
        Cap(1, Decimal(100), "2 weeks", 14, 14, "2.2", "label-text"),
    ),
    in_use=None,
    reviews=(
        Review(
            24,
            None,
            "patient-judgement",
            "re-evaluate",
            "2.2",
            "label-text",
            "Re-evaluate the treatment if the patient does not find the repigmentation meaningful"
            " by week {week}. No percentage is given, and this is not an instruction to stop.",
        ),
    ),
)
