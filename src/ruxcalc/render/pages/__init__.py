"""The page of each answer."""

from typing import assert_never

from ruxcalc.answers import (
    Answer,
    AssessAnswer,
    CheckAnswer,
    DoseAnswer,
    LabelAnswer,
    PlanAnswer,
    TrackAnswer,
    VasiAnswer,
    VasiStepsAnswer,
    WarnAnswer,
)
from ruxcalc.render.page import Page
from ruxcalc.render.pages.assess import assess_page
from ruxcalc.render.pages.check import check_page
from ruxcalc.render.pages.dose import dose_page
from ruxcalc.render.pages.evidence import evidence_page
from ruxcalc.render.pages.label import label_page
from ruxcalc.render.pages.plan import plan_page
from ruxcalc.render.pages.track import track_page
from ruxcalc.render.pages.vasi import vasi_page, vasi_steps_page
from ruxcalc.render.pages.warn import warn_page
from ruxcalc.rules.evidence import EvidenceAnswer


def lay_out(answer: Answer) -> Page:  # noqa: C901, PLR0911 - a line for each answer
    """The page of any answer."""
    match answer:
        case DoseAnswer():
            return dose_page(answer)
        case CheckAnswer():
            return check_page(answer)
        case WarnAnswer():
            return warn_page(answer)
        case AssessAnswer():
            return assess_page(answer)
        case LabelAnswer():
            return label_page(answer)
        case EvidenceAnswer():
            return evidence_page(answer)
        case PlanAnswer():
            return plan_page(answer)
        case TrackAnswer():
            return track_page(answer)
        case VasiAnswer():
            return vasi_page(answer)
        case VasiStepsAnswer():
            return vasi_steps_page(answer)
        case _:
            assert_never(answer)
