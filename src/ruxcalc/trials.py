"""What the pivotal trials and their extension found, each rate beside its source.

Rates of groups of patients, never a prognosis for one. Nothing is computed here.
"""

from decimal import Decimal
from typing import Literal

from ruxcalc.answers import TrialRate
from ruxcalc.figures import NEJM

EXTENSION = "long-term extension, NCT04530344"
V1, V2, BOTH, LATER = "TRuE-V1", "TRuE-V2", "TRuE-V1 and TRuE-V2", "long-term extension"
EITHER = "TRuE-V1 or TRuE-V2"  # the source read does not say which
Arm = Literal["ruxolitinib", "vehicle"]
CREAM: Arm = "ruxolitinib"
VEHICLE: Arm = "vehicle"

# Patients of the two pivotal trials together.
ENROLLED, ANALYSED = 674, 661
FOLLOWED = 116  # at F-VASI90 by week 52, who went on into the extension in either arm


def _rate(trial: str, endpoint: str, week: int | None, arm: Arm, percent: str) -> TrialRate:
    source = EXTENSION if trial == LATER else NEJM
    return TrialRate(trial, endpoint, week, arm, Decimal(percent), False, None, None, None, source)


def _about(endpoint: str, week: int, percent: str) -> TrialRate:
    return _rate(BOTH, endpoint, week, CREAM, percent)._replace(approximate=True)


def _throughout(endpoint: str, percent: str) -> TrialRate:
    rate = _rate(EITHER, endpoint, 52, CREAM, percent)
    return rate._replace(population="on the cream throughout")


def _year_on(endpoint: str, arm: Arm, percent: str) -> TrialRate:
    rate = _rate(LATER, endpoint, 104, arm, percent)
    return rate._replace(patients=FOLLOWED, population="at F-VASI90 by week 52")


def _regained(endpoint: str, percent: str, median_weeks: int) -> TrialRate:
    rate = _rate(LATER, endpoint, None, CREAM, percent)
    return rate._replace(median_weeks=median_weeks, population="restarted after a relapse")


RATES: tuple[TrialRate, ...] = (
    _rate(V1, "F-VASI75", 24, CREAM, "29.8"),
    _rate(V1, "F-VASI75", 24, VEHICLE, "7.4"),
    _rate(V2, "F-VASI75", 24, CREAM, "30.9"),
    _rate(V2, "F-VASI75", 24, VEHICLE, "11.4"),
    _about("F-VASI50", 24, "51"),
    _about("F-VASI75", 24, "30"),
    _about("F-VASI90", 24, "15"),
    _about("F-VASI50", 52, "75"),
    _about("F-VASI75", 52, "50"),
    _about("F-VASI90", 52, "30"),
    _throughout("F-VASI75", "52.6"),
    _throughout("F-VASI90", "32.9"),
    _throughout("T-VASI50", "53.2"),
    _year_on("F-VASI90", CREAM, "61.8"),
    _year_on("F-VASI90", VEHICLE, "21.4"),
    _year_on("relapse", VEHICLE, "28.6"),
    _regained("F-VASI75 regained", "75", 12),
    _regained("F-VASI90 regained", "68.8", 15),
)

ENDPOINTS: dict[str, str] = {
    "F-VASI50": "at least 50 % improvement of the face",
    "F-VASI75": "at least 75 % improvement of the face",
    "F-VASI90": "at least 90 % improvement of the face",
    "T-VASI50": "at least 50 % improvement of the whole body",
    "relapse": "loss of F-VASI75 by those who were at F-VASI90",
    "F-VASI75 regained": "F-VASI75 again after restarting the cream",
    "F-VASI90 regained": "F-VASI90 again after restarting the cream",
}
UNKNOWN: tuple[str, ...] = (
    "What the response is by week 12 or by week 40.",
    "How many patients with a poor response at week 24 or week 52 respond later.",
    "How much cream the patients of the trials really used: no figure was found in print.",
)
STATEMENT = "Results of groups in trials: context, never a prognosis for one patient."
