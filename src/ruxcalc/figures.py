"""The cited figures and statements behind the estimates. Each stands here once, with its source.

Label limits are not here: they are in `ruxcalc.labels`.
"""

from decimal import Decimal
from typing import NamedTuple

LONG_FINLAY = "Long and Finlay, Clin Exp Dermatol 1991;16:444"
AAD_RULE = "American Academy of Dermatology rule"
SWISS_LABEL = "Swiss label, pharmacokinetics, registration 69443"
MAXIMUM_USE = "Am J Clin Dermatol 2022;23:355, table 3 (eczema maximum-use trial)"
SMPC_HANDPRINT = "EMA summary of product characteristics, section 4.2"
RHODES = "Rhodes 2013, PMID 23448271"
KANG = "Kang 2024, via the review literature"
GONG = "Gong 2021, PMID 33982267 (phase 3 eczema)"
PERSAUD = "Persaud 2020, minipigs (abstract read)"
ROTHSTEIN = "Rothstein 2017"
NEJM = "NEJM 2022;387:1445"
US_LABEL = "US label of 2026-06-30"
LABELS = "the labels"
PROGRAM = "this program's own choice"

# No label says how long a month is. Both are the strictest reading.
DAYS_IN_LONGEST_MONTH = 31
DAYS_IN_SHORTEST_SIX_MONTHS = 181

FIVE_GROUPS = "averages of five subgroups, n 7 to 28"
SUBGROUPS = "averages of subgroups"
SUBJECTS = "lowest and highest of the subjects"
BY_SEX = "women and men"


class Figure(NamedTuple):
    """A measured or conventional value: what it is, how much, in which unit, from where.

    `low` and `high` are the published spread, and `spread_of` says of what; they equal `value`
    where there is none. `only_spread` marks a figure of which nothing but the spread was
    published. `sd` is the standard deviation and `subjects` the number of people, where known.
    """

    name: str
    value: Decimal
    unit: str
    source: str
    low: Decimal
    high: Decimal
    only_spread: bool = False
    sd: Decimal | None = None
    subjects: int | None = None
    spread_of: str = ""

    @property
    def spread(self) -> tuple[Decimal, Decimal]:
        """Return the lowest and the highest published value, in `unit`."""
        return self.low, self.high

    @property
    def words(self) -> str:
        """Return value, unit and whatever is known of the spread, as one text for a person."""
        spread = f"{self.low} to {self.high}"
        known = (
            "" if self.sd is None else f"SD {self.sd}",
            "" if self.subjects is None else f"n = {self.subjects}",
            f"{spread} ({self.spread_of})" if self.spread_of and not self.only_spread else "",
        )
        amount = f"{spread if self.only_spread else self.value} {self.unit}"
        return ", ".join((amount, *filter(None, known)))


class CitedStatement(NamedTuple):
    """A cited fact that is text rather than a number, in our own words."""

    name: str
    words: str
    source: str


def _figure(name: str, value: str, unit: str, source: str) -> Figure:
    number = Decimal(value)
    return Figure(name, number, unit, source, number, number)


def _spread(figure: Figure, low: str, high: str, of: str) -> Figure:
    return figure._replace(low=Decimal(low), high=Decimal(high), spread_of=of)


# How much cream
GRAMS_PER_FTU = _figure("cream in one fingertip unit", "0.5", "g", f"{LONG_FINLAY}; {AAD_RULE}")
BSA_PER_FTU = _figure("area that one fingertip unit covers, by convention", "2", "% BSA", AAD_RULE)
BSA_PER_HANDPRINT = _figure(
    "one handprint, the palm with its five fingers", "1", "% BSA", SMPC_HANDPRINT
)
# The value is what the fingertip unit gives; only the spread was measured on patients.
GRAMS_PER_BSA_SPREAD = _spread(
    _figure("cream per 1 % BSA and application, measured", "0.266", "g", MAXIMUM_USE),
    "0.169",
    "0.317",
    FIVE_GROUPS,
)
DENSITY = _figure("cream density measured in vitiligo", "1.58", "mg/cm2", SWISS_LABEL)
DENSITY_SPREAD = _spread(
    _figure("cream density, maximum-use trial and its groups", "1.53", "mg/cm2", MAXIMUM_USE),
    "0.97",
    "1.86",
    FIVE_GROUPS,
)
FITS_BODY_SURFACE = _figure(
    "body surface that the fingertip estimate fits, about",
    "1.6",
    "m2",
    "own calculation: 0.25 g per 1 % BSA at 1.58 mg/cm2",
)

# How much ruxolitinib
STRENGTH = _figure("ruxolitinib in 1 g of cream (1.5 %)", "15", "mg/g", LABELS)
ABSORBED_IN_MAXIMUM_USE = _figure(
    "share absorbed, eczema maximum-use trial", "2.54", "%", MAXIMUM_USE
)
ABSORBED_IN_PHASE_3 = _figure("share absorbed, phase 3 eczema", "6.22", "%", GONG)._replace(
    sd=Decimal("7.66")
)
ABSORBED_BY_REVIEW = _figure("share absorbed, review literature", "9.7", "%", KANG)
ABSORBED_IN_VITILIGO = _figure(
    "share absorbed in vitiligo, highly variable", "12.5", "%", SWISS_LABEL
)
ABSORBED = (
    ABSORBED_IN_MAXIMUM_USE,
    ABSORBED_IN_PHASE_3,
    ABSORBED_BY_REVIEW,
    ABSORBED_IN_VITILIGO,
)

# Readings of words that the labels leave open, and thresholds of the program
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
EGFR_NO_IMPAIRMENT = _figure(
    "eGFR from which the kidneys count as unimpaired; no label gives a number",
    "90",
    "mL/min/1.73 m2",
    "KDIGO, GFR category G2 is under 90",
)
SATISFACTORY_PERCENT = _figure(
    "repigmentation from which an area counts as satisfactory; no label gives a number",
    "75",
    "%",
    f"{PROGRAM}, the 75 % endpoint of the trials",
)

# Scoring
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
CM2_PER_FTU = _spread(
    _figure("area that one fingertip unit covered, measured", "286", "cm2", LONG_FINLAY),
    "257",
    "312",
    BY_SEX,
)
GRAMS_PER_FTU_MEN = _figure("fingertip unit of men, over 312 cm2", "0.49", "g", LONG_FINLAY)
GRAMS_PER_FTU_WOMEN = _figure("fingertip unit of women, over 257 cm2", "0.43", "g", LONG_FINLAY)
DENSITY_FTU_MEN = _figure("cream density of a fingertip unit, men", "1.57", "mg/cm2", LONG_FINLAY)
DENSITY_FTU_WOMEN = _figure(
    "cream density of a fingertip unit, women", "1.67", "mg/cm2", LONG_FINLAY
)
HANDPRINT_MEASURED = _figure("handprint as measured in adults", "0.87", "% BSA", RHODES)
PALM_MEASURED = _figure("palm without the fingers", "0.5", "% BSA", RHODES)
GRAMS_IN_VITILIGO = _spread(
    _figure(
        "cream per application in vitiligo, lowest to highest of 429 subjects",
        "0.18",
        "g",
        SWISS_LABEL,
    ),
    "0.18",
    "8.4",
    SUBJECTS,
)._replace(only_spread=True, subjects=429)
BSA_IN_VITILIGO = _spread(
    _figure("area treated in those subjects, mean and range", "7.31", "% BSA", SWISS_LABEL),
    "3.2",
    "10.0",
    SUBJECTS,
)._replace(sd=Decimal("2.02"), subjects=429)
MG_IN_MAXIMUM_USE = _figure(
    "ruxolitinib per application, eczema maximum-use trial", "152", "mg", MAXIMUM_USE
)._replace(sd=Decimal(89))
SD_OF_USE = _figure(
    "standard deviation of that amount between patients", "59", "% of the mean", MAXIMUM_USE
)
HALF_LIFE_ORAL = _figure("half-life of oral ruxolitinib, about", "3", "h", SWISS_LABEL)
HALF_LIFE_CREAM = _spread(
    _figure(
        "apparent half-life after the cream, eczema on at least 25 % BSA, about",
        "116",
        "h",
        "US label, section 12.3; Swiss label",
    ),
    "18",
    "266",
    SUBGROUPS,
)._replace(sd=Decimal(251), subjects=9)
PROTEIN_BINDING = _figure("protein binding, mainly to albumin", "97", "%", LABELS)
EPIDERMIS_OVER_ORAL = _figure(
    "concentration in the epidermis after the cream, against oral", "1989", "times", PERSAUD
)
DERMIS_OVER_ORAL = _figure(
    "concentration in the dermis after the cream, against oral", "507", "times", PERSAUD
)
ORAL_AUC_OVER_CREAM = _figure(
    "plasma AUC after oral use, against the cream", "31", "times", PERSAUD
)
ORAL_CMAX_OVER_CREAM = _figure(
    "plasma Cmax after oral use, against the cream", "38", "times", PERSAUD
)

FIGURES: tuple[Figure, ...] = (
    GRAMS_PER_FTU,
    BSA_PER_FTU,
    CM2_PER_FTU,
    BSA_PER_HANDPRINT,
    GRAMS_PER_BSA_SPREAD,
    DENSITY,
    DENSITY_SPREAD,
    FITS_BODY_SURFACE,
    STRENGTH,
    *ABSORBED,
    DAYS_IN_MONTH,
    DAYS_IN_SIX_MONTHS,
    EGFR_OF_KIDNEY_FAILURE,
    EGFR_NO_IMPAIRMENT,
    SATISFACTORY_PERCENT,
    GRAMS_PER_FTU_MEN,
    GRAMS_PER_FTU_WOMEN,
    DENSITY_FTU_MEN,
    DENSITY_FTU_WOMEN,
    HANDPRINT_MEASURED,
    PALM_MEASURED,
    GRAMS_IN_VITILIGO,
    BSA_IN_VITILIGO,
    MG_IN_MAXIMUM_USE,
    SD_OF_USE,
    HALF_LIFE_ORAL,
    HALF_LIFE_CREAM,
    PROTEIN_BINDING,
    EPIDERMIS_OVER_ORAL,
    DERMIS_OVER_ORAL,
    ORAL_AUC_OVER_CREAM,
    ORAL_CMAX_OVER_CREAM,
    FACE_SCORED,
)

STATEMENTS: tuple[CitedStatement, ...] = (
    CitedStatement(
        "mechanism",
        "Ruxolitinib inhibits the kinases JAK1 and JAK2, and so the signals that pass through STAT"
        " proteins. What that contributes to the effect is not known.",
        f"{US_LABEL}, section 12.1",
    ),
    CitedStatement(
        "metabolism",
        "CYP3A4 metabolises ruxolitinib, and CYP2C9 to a lesser extent.",
        f"{US_LABEL}, section 12.3",
    ),
    CitedStatement(
        "excretion",
        "74 % leaves the body in urine and 22 % in faeces.",
        f"{US_LABEL}, section 12.3",
    ),
    CitedStatement(
        "QT interval",
        "Prolongation of the QT interval is not expected.",
        f"{US_LABEL}, section 12.2",
    ),
    CitedStatement(
        "genotoxicity",
        "Ruxolitinib was not mutagenic in the Ames test. It was not clastogenic in human"
        " lymphocytes in vitro, nor in the micronucleus test on rat bone marrow.",
        f"{US_LABEL}, section 13.1",
    ),
    CitedStatement(
        "carcinogenicity",
        "No study found tumours due to ruxolitinib: 2 years by mouth in rats, at 3.5 times the"
        " clinical exposure of the largest use; 2 years on the skin of mice, 100 microlitres of"
        " the 1.5 % cream a day, at 2.8 times that exposure; 6 months in transgenic mice.",
        f"{US_LABEL}, section 13.1",
    ),
    CitedStatement(
        "fertility",
        "The fertility of rats was unaffected; from 30 mg/kg a day, 3.5 times the clinical exposure"
        " of the largest use, more embryos were lost after implantation.",
        f"{US_LABEL}, section 13.1",
    ),
    CitedStatement(
        "other diseases",
        "Psoriasis and lichen planus, which the literature names, are outside every label here.",
        "US, EU and UK labels, indications",
    ),
    CitedStatement(
        "face and body can disagree",
        "The 4 patients with disease of the face improved by 76 % on average, all who were enrolled"
        " by 23 %: two groups, not one patient. Name the measure and show both.",
        ROTHSTEIN,
    ),
)
