"""The cited figures behind the estimates. Each stands here once, beside its source.

Label limits are not here: they are in `ruxcalc.labels`.
"""

from decimal import Decimal
from typing import NamedTuple

from ruxcalc.labels.model import DAYS_IN_LONGEST_MONTH, DAYS_IN_SHORTEST_SIX_MONTHS

LONG_FINLAY = "Long and Finlay, Clin Exp Dermatol 1991;16:444"
AAD_RULE = "American Academy of Dermatology rule"
SWISS_LABEL = "Swiss label, pharmacokinetics, registration 69443"
MAXIMUM_USE = "Am J Clin Dermatol 2022;23:355, table 3 (eczema maximum-use trial)"
SMPC_HANDPRINT = "EMA summary of product characteristics, section 4.2"
RHODES = "Rhodes 2013, PMID 23448271"
KANG = "Kang 2024, via the review literature"


class Figure(NamedTuple):
    """A measured or conventional value: what it is, how much, in which unit, from where.

    `low` and `high` are the published spread; they equal `value` where there is none.
    `only_spread` marks a figure of which nothing but the spread was published.
    """

    name: str
    value: Decimal
    unit: str
    source: str
    low: Decimal
    high: Decimal
    only_spread: bool = False


def _figure(
    name: str, value: str, unit: str, source: str, spread: tuple[str, str] | None = None
) -> Figure:
    low, high = spread or (value, value)
    return Figure(name, Decimal(value), unit, source, Decimal(low), Decimal(high))


# How much cream
GRAMS_PER_FTU = _figure("cream in one fingertip unit", "0.5", "g", f"{LONG_FINLAY}; {AAD_RULE}")
BSA_PER_FTU = _figure(
    "area that one fingertip unit covers", "2", "% BSA", f"{LONG_FINLAY}; {AAD_RULE}"
)
BSA_PER_HANDPRINT = _figure(
    "one handprint, the palm with its five fingers", "1", "% BSA", SMPC_HANDPRINT
)
# The value is what the fingertip unit gives; only the spread was measured on patients.
GRAMS_PER_BSA_SPREAD = _figure(
    "cream per 1 % BSA and application, measured", "0.266", "g", MAXIMUM_USE, ("0.169", "0.317")
)
DENSITY = _figure("cream density measured in vitiligo", "1.58", "mg/cm2", SWISS_LABEL)
DENSITY_SPREAD = _figure(
    "cream density, maximum-use trial and its groups",
    "1.53",
    "mg/cm2",
    MAXIMUM_USE,
    ("0.97", "1.86"),
)

# How much ruxolitinib
STRENGTH = _figure("ruxolitinib in 1 g of cream (1.5 %)", "15", "mg/g", "the labels")
ABSORBED_IN_MAXIMUM_USE = _figure(
    "share absorbed, eczema maximum-use trial", "2.54", "%", MAXIMUM_USE
)
ABSORBED_BY_REVIEW = _figure("share absorbed, review literature", "9.7", "%", KANG)
ABSORBED_IN_VITILIGO = _figure(
    "share absorbed in vitiligo, highly variable", "12.5", "%", SWISS_LABEL
)
ABSORBED = (ABSORBED_IN_MAXIMUM_USE, ABSORBED_BY_REVIEW, ABSORBED_IN_VITILIGO)

# Readings of words that the labels leave open
DAYS_IN_MONTH = _figure(
    'days in the longest month, the strictest reading of "a month"',
    str(DAYS_IN_LONGEST_MONTH),
    "days",
    "calendar",
)
DAYS_IN_SIX_MONTHS = _figure(
    "days in the shortest six months, the strictest reading",
    str(DAYS_IN_SHORTEST_SIX_MONTHS),
    "days",
    "calendar",
)
EGFR_OF_KIDNEY_FAILURE = _figure(
    "eGFR under which end-stage renal disease is asked about; no label gives a number",
    "15",
    "mL/min/1.73 m2",
    "KDIGO, GFR category G5",
)

# Scoring
NEJM = "NEJM 2022;387:1445"
FACE_SCORED = _figure("largest area of the face that the trials scored, about", "3", "% BSA", NEJM)
# What each step of residual depigmentation looks like; the definitions are those of VASI.
DEPIGMENTATION_STEPS: dict[int, str] = {
    100: "no pigment",
    90: "specks of pigment",
    75: "the depigmented area exceeds the pigmented one",
    50: "both areas are equal",
    25: "the pigmented area exceeds the depigmented one",
    10: "specks of depigmentation",
    0: "no depigmentation",
}

# Shown beside the estimates, not computed with
GRAMS_PER_FTU_MEN = _figure("fingertip unit of men, over 312 cm2", "0.49", "g", LONG_FINLAY)
GRAMS_PER_FTU_WOMEN = _figure("fingertip unit of women, over 257 cm2", "0.43", "g", LONG_FINLAY)
DENSITY_FTU_MEN = _figure("cream density of a fingertip unit, men", "1.57", "mg/cm2", LONG_FINLAY)
DENSITY_FTU_WOMEN = _figure(
    "cream density of a fingertip unit, women", "1.67", "mg/cm2", LONG_FINLAY
)
HANDPRINT_MEASURED = _figure("handprint as measured in adults", "0.87", "% BSA", RHODES)
PALM_MEASURED = _figure("palm without the fingers", "0.5", "% BSA", RHODES)
GRAMS_IN_VITILIGO = _figure(
    "cream per application in vitiligo, lowest to highest of 429 subjects",
    "0.18",
    "g",
    SWISS_LABEL,
    ("0.18", "8.4"),
)._replace(only_spread=True)
BSA_IN_VITILIGO = _figure(
    "area treated in those subjects, mean and range", "7.31", "% BSA", SWISS_LABEL, ("3.2", "10.0")
)
HALF_LIFE_ORAL = _figure("half-life of oral ruxolitinib, about", "3", "h", "the labels")
HALF_LIFE_CREAM = _figure(
    "apparent half-life after the cream, about", "116", "h", "US label, section 12.3; Swiss label"
)
PROTEIN_BINDING = _figure("protein binding", "97", "%", "the labels")

FIGURES: tuple[Figure, ...] = (
    GRAMS_PER_FTU,
    BSA_PER_FTU,
    BSA_PER_HANDPRINT,
    GRAMS_PER_BSA_SPREAD,
    DENSITY,
    DENSITY_SPREAD,
    STRENGTH,
    *ABSORBED,
    DAYS_IN_MONTH,
    DAYS_IN_SIX_MONTHS,
    EGFR_OF_KIDNEY_FAILURE,
    GRAMS_PER_FTU_MEN,
    GRAMS_PER_FTU_WOMEN,
    DENSITY_FTU_MEN,
    DENSITY_FTU_WOMEN,
    HANDPRINT_MEASURED,
    PALM_MEASURED,
    GRAMS_IN_VITILIGO,
    BSA_IN_VITILIGO,
    HALF_LIFE_ORAL,
    HALF_LIFE_CREAM,
    PROTEIN_BINDING,
    FACE_SCORED,
)
