"""The Python interface: keyword arguments in, typed answers out.

Every interface calls these functions. An argument is text, an `int`, a `Decimal`, or a
`float` (read by its shortest decimal form); a list of names for `drug` and `topical`, where
an empty one means that none is taken; a mapping of sites for `repig` and `handprints`. `None`
means not given. `region` is one code, several of them, or codes joined by commas; all, if left
out. `on` is the day on which the age of the facts is judged; today, if left out.
`explain=True` adds the steps of the working. What is not accepted raises `InputError`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ruxcalc.clock import today
from ruxcalc.errors import InputError
from ruxcalc.inputs import Input, as_values, listed, read_input
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.patient import INPUTS, Patient, inputs_of, read_patient
from ruxcalc.rules.freshness import with_age

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from typing import Unpack

    from ruxcalc.api_types import (
        AssessInputs,
        CheckInputs,
        DateValue,
        DoseInputs,
        HandoutInputs,
        Measure,
        Number,
        PlanInputs,
        Regions,
        WarnInputs,
    )
    from ruxcalc.labels.model import Label
    from ruxcalc.rules.assess import AssessAnswer
    from ruxcalc.rules.check import CheckAnswer
    from ruxcalc.rules.dose import DoseAnswer
    from ruxcalc.rules.evidence import EvidenceAnswer
    from ruxcalc.rules.handout import HandoutAnswer
    from ruxcalc.rules.label import LabelAnswer
    from ruxcalc.rules.plan import PlanAnswer
    from ruxcalc.rules.track import TrackAnswer
    from ruxcalc.rules.vasi import VasiAnswer, VasiStepsAnswer
    from ruxcalc.rules.visits import UnreadRow, VisitRow
    from ruxcalc.rules.warn import WarnAnswer


def dose(
    *, region: Regions = None, explain: bool = False, **inputs: Unpack[DoseInputs]
) -> DoseAnswer:
    """Estimate grams and tubes, and compare area and amount with each label.

    Give one of `bsa` (% of body surface, above 0 up to 100), `handprints` or `ftu` (fingertip
    units per application). Label sections 2.2 (US), 4.2 (EU, UK).
    """
    from ruxcalc.rules.dose import dose as rule

    patient, labels, day = _read("dose", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.working import dose_steps, with_steps

        answer = with_steps(answer, dose_steps(patient, labels, answer))
    return with_age(answer, labels, day)


def check(
    *, region: Regions = None, explain: bool = False, **inputs: Unpack[CheckInputs]
) -> CheckAnswer:
    """Decide whether to continue, re-evaluate or consider stopping, by each label.

    Give `week` (completed weeks) or `start` and `on`, and the response: `repig` (%, -1000 to
    100), or `baseline` and `score`, or `meaningful`. Label sections 2.2 (US), 4.2 (EU, UK).
    """
    from ruxcalc.rules.check import check as rule

    patient, labels, day = _read("check", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.working import check_steps, with_steps

        answer = with_steps(answer, check_steps(patient, labels, answer))
    return with_age(answer, labels, day)


def warn(
    *, region: Regions = None, explain: bool = False, **inputs: Unpack[WarnInputs]
) -> WarnAnswer:
    """Return the labels' precautions for this patient.

    What is not given is not checked, which is not the same as no. The section of each
    precaution stands in the answer.
    """
    from ruxcalc.rules.warn import warn as rule

    patient, labels, day = _read("warn", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.working import warn_steps, with_steps

        answer = with_steps(answer, warn_steps(labels, answer))
    return with_age(answer, labels, day)


def assess(
    *, region: Regions = None, explain: bool = False, **inputs: Unpack[AssessInputs]
) -> AssessAnswer:
    """Answer dose, response and precautions together, for whatever was given."""
    from ruxcalc.rules.assess import assess as rule

    patient, labels, day = _read("assess", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.working import assess_with_steps

        answer = assess_with_steps(patient, labels, answer)
    return with_age(answer, labels, day)


def plan(
    *, region: Regions = None, explain: bool = False, **inputs: Unpack[PlanInputs]
) -> PlanAnswer:
    """Return review dates, refills, and what must be waited for after the last application.

    Give `start`, the date of the first application. Label sections 2.2 (US), 4.2 and 4.6 (EU).
    """
    from ruxcalc.rules.plan import plan as rule

    on_taken = "today" if inputs.get("on") is None else "given"
    patient, labels, day = _read("plan", region, inputs)
    answer = rule(patient, labels, on_taken="today" if on_taken == "today" else "given")
    if explain:
        from ruxcalc.rules.working import plan_steps, with_steps

        answer = with_steps(answer, plan_steps(labels, answer))
    return with_age(answer, labels, day)


def handout(*, region: Regions = None, **inputs: Unpack[HandoutInputs]) -> HandoutAnswer:
    """Lay out one page for the patient by the label of one region.

    Raises `InputError` for several regions, and for a patient for whom the label contraindicates
    the cream or whose area or amount is over the label.
    """
    from ruxcalc.rules.handout import handout as rule

    patient, labels, day = _read("handout", region, inputs)
    return with_age(rule(patient, labels), labels, day)


def label(  # noqa: PLR0913 - each is an option of the command
    *,
    region: Regions = None,
    topics: str | Iterable[str] | None = None,
    diff: bool = False,
    facts: bool = False,
    check: bool = False,
    on: DateValue = None,
) -> LabelAnswer:
    """Return the rules encoded, by region, on `topics` or on every one.

    `diff` shows where the labels differ, `facts` the figures behind the estimates, and `check`
    what was verified when and is due again.
    """
    from ruxcalc.rules.label import show_differences, show_due, show_figures, show_labels

    labels, day = load_all(read_regions(region)), read_day(on)
    chosen = [name for name, asked in (("diff", diff), ("facts", facts), ("check", check)) if asked]
    if len(chosen) > 1:
        raise InputError(chosen[1], f"is given together with {{{chosen[0]}}}", "one of them")
    if diff and len(labels) == 1:
        raise InputError("diff", "compares one region", "two or three regions")
    if topics and (facts or check):
        raise InputError("topics", f"are given together with {{{chosen[0]}}}", "one of them")
    if check:
        answer = show_due(labels, day)
    elif facts:
        answer = show_figures(labels)
    else:
        answer = show_differences(labels, topics) if diff else show_labels(labels, topics)
    return with_age(answer, labels, day)


def vasi(  # noqa: PLR0913 - each is an option of the command
    sites: str | Iterable[str] = (),
    *,
    baseline: str | Iterable[str] | None = None,
    steps: bool = False,
    region: Regions = None,
    on: DateValue = None,
    explain: bool = False,
) -> VasiAnswer | VasiStepsAnswer:
    """Compute VASI and % BSA from sites such as `face=1@75`, and repigmentation since a baseline.

    `steps=True` answers with the steps of residual depigmentation instead.
    """
    from ruxcalc.rules.vasi import depigmentation_steps, read_sites
    from ruxcalc.rules.vasi import vasi as rule

    labels, day = load_all(read_regions(region)), read_day(on)
    if steps:
        if sites or baseline is not None:
            raise InputError("steps", "is given together with sites", "one of them")
        return with_age(depigmentation_steps(labels), labels, day)
    visit = read_sites("sites", _typed_sites("sites", sites))
    before = None
    if baseline is not None:
        before = read_sites("baseline", _typed_sites("baseline", baseline))
    answer = rule(visit, before, labels)
    if explain:
        from ruxcalc.rules.working import vasi_steps, with_steps

        answer = with_steps(answer, vasi_steps(visit, before, answer))
    return with_age(answer, labels, day)


def evidence(
    *,
    endpoint: str | None = None,
    week: Number | None = None,
    region: Regions = None,
    on: DateValue = None,
    explain: bool = False,
) -> EvidenceAnswer:
    """Return what the trials found, of one `endpoint` or `week` if named; never a prognosis."""
    from ruxcalc.rules.evidence import evidence as rule

    labels, day = load_all(read_regions(region)), read_day(on)
    reached = None if week is None else read_input("week", INPUTS["week"], (week,))
    assert reached is None or isinstance(reached, Decimal)
    answer = rule(endpoint, reached, labels)
    if explain:
        from ruxcalc.rules.working import evidence_steps, with_steps

        answer = with_steps(answer, evidence_steps(answer))
    return with_age(answer, labels, day)


def track(  # noqa: PLR0913 - each is an option of the command
    visits: Iterable[Mapping[str, object]],
    *,
    start: DateValue = None,
    baseline: Number | None = None,
    measure: Measure | None = None,
    tube_grams: Number | None = None,
    region: Regions = None,
    on: DateValue = None,
    explain: bool = False,
) -> TrackAnswer:
    """Compare the visits of one patient with each label's reviews, and what was dispensed.

    A visit is a mapping of `date`, and `repig` or `score`, and what else is known. Those that
    cannot be answered are in the answer's `rejected`, by their number in `line`.
    """
    from ruxcalc.rules.visits import read_visit

    rows = [
        read_visit(
            number,
            {
                name: as_values(_declared_of_visit(name), value)
                for name, value in visit.items()
                if value is not None
            },
        )
        for number, visit in enumerate(_visits(visits), 1)
    ]
    common = {"start": start, "baseline": baseline, "measure": measure, "tube_grams": tube_grams}
    return track_rows(rows, common, region=region, on=on, explain=explain)


def _visits(visits: object) -> list[Mapping[str, object]]:
    """Return the visits as mappings by the name of a value."""
    from collections.abc import Iterable, Mapping

    accepted = "mappings of date, and repig or score"
    try:
        several = listed("visits", visits) if isinstance(visits, Iterable) else None
    except TypeError:
        several = None
    if several is None:
        raise InputError("visits", "are no list of visits", accepted, visits)
    for visit in several:
        if not isinstance(visit, Mapping):
            raise InputError("visits", "is no visit", accepted, visit)
    return several


def _declared_of_visit(name: object) -> Input:
    """Return the declaration of a value of a visit; its `date` is what is `on` elsewhere."""
    known = inputs_of("visit")
    if not isinstance(name, str):
        raise InputError("visits", "is no name of a value", ", ".join(("date", *known)), name)
    field = "on" if name == "date" else name
    if field not in known or name == "on":
        raise InputError(name, "is not an input of a visit", ", ".join(("date", *known)))
    return known[field]


def track_rows(
    rows: Sequence[VisitRow | UnreadRow],
    common: Mapping[str, object],
    *,
    region: Regions = None,
    on: DateValue = None,
    explain: bool = False,
) -> TrackAnswer:
    """Answer for visits that were read, with `common`, which is the same for all of them."""
    from ruxcalc.rules.track import track as rule

    values = {
        name: as_values(INPUTS[name], value) for name, value in common.items() if value is not None
    }
    labels, day = load_all(read_regions(region)), read_day(on)
    answer = rule(rows, read_patient(values), labels, day)
    if explain:
        from ruxcalc.rules.working import track_steps, with_steps

        answer = with_steps(answer, track_steps(answer))
    return with_age(answer, labels, day)


def _typed_sites(field: str, sites: str | Iterable[str]) -> list[str]:
    from ruxcalc.rules.vasi import ACCEPTED

    try:
        several = [sites] if isinstance(sites, str) else listed(field, sites)
    except TypeError:
        raise InputError(field, "is not a site", ACCEPTED, sites) from None
    for text in several:
        if not isinstance(text, str):
            raise InputError(field, "is not a site", ACCEPTED, text)
    return [site for text in several for site in text.split()]


def read_regions(region: Regions) -> tuple[str, ...]:
    """Return the regions named, in any case, each a code or several joined by commas.

    All regions for None. Raises `InputError` for a word that is no region.
    """
    if region is None:
        return REGIONS
    try:
        values = [region] if isinstance(region, str) else listed("region", region)
    except TypeError:
        raise InputError("region", "is not a region", ", ".join(REGIONS), region) from None
    for value in values:
        if not isinstance(value, str):
            raise InputError("region", "is not a region", ", ".join(REGIONS), value)
    names = [name.strip() for value in values for name in value.lower().split(",")]
    for name in names:
        if name not in REGIONS:
            raise InputError("region", "is not a region", ", ".join(REGIONS), name)
    if not names:
        raise InputError("region", "is empty", ", ".join(REGIONS))
    return tuple(code for code in REGIONS if code in names)


def _read(
    command: str, region: Regions, inputs: Mapping[str, object]
) -> tuple[Patient, tuple[Label, ...], date]:
    """Return of whom, by which labels, and on which day the facts are looked at."""
    known = inputs_of(command)
    for name in inputs:
        if name not in known and name != "on":
            raise InputError(name, f"is not an input of {command}", ", ".join((*known, "on")))
    values = {
        name: as_values(INPUTS[name], value) for name, value in inputs.items() if value is not None
    }
    day = read_day(inputs.get("on"))
    if "on" not in known:
        values.pop("on", None)
    elif "start" in values or "restart" in values:
        values["on"] = (day,)
    return read_patient(values), load_all(read_regions(region)), day


def read_day(on: object) -> date:
    """Return the day that was given, else today: the one place where the clock is asked."""
    from datetime import date

    if on is None:
        return today()
    day = read_input("on", INPUTS["on"], as_values(INPUTS["on"], on))
    assert isinstance(day, date)
    return day
