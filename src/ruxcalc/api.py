"""The Python door: plain arguments in, typed answers out.

An argument is text, an `int`, a `Decimal`, or a `float` (read by its shortest
decimal form); a list of names for `drug` and `topical`, where an empty one means
that none is taken; a mapping of sites for `repig`. `None` means not given.
`region` is `"us"`, `"eu"`, `"uk"` or several of them; all, if left out.
`on` is the day on which the age of the facts is judged; today, if left out.
`explain=True` adds the steps of the working. What is not accepted raises
`InputError`; the inputs of each answer are declared in `ruxcalc.patient`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from ruxcalc.answers import (
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
from ruxcalc.clock import today
from ruxcalc.errors import InputError
from ruxcalc.inputs import Input, as_values, read_input
from ruxcalc.labels import REGIONS, load_all
from ruxcalc.labels.model import Label, Region
from ruxcalc.patient import INPUTS, Patient, inputs_of, read_patient
from ruxcalc.rules.freshness import with_age

if TYPE_CHECKING:
    from ruxcalc.rules.evidence import EvidenceAnswer
    from ruxcalc.rules.track import Unread, Visit

Plain = str | int | float | Decimal | bool | date | None
Value = Plain | Iterable[str] | Mapping[str, Plain]
Regions = str | Iterable[str] | None


def dose(*, region: Regions = None, explain: bool = False, **inputs: Value) -> DoseAnswer:
    """How much cream, in grams and tubes, and whether area and amount stay within each label."""
    from ruxcalc.rules.dose import dose as rule

    patient, labels, day = _read("dose", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.explain import dose_steps

        answer = answer._replace(steps=dose_steps(patient, labels, answer))
    return with_age(answer, labels, day)


def check(*, region: Regions = None, explain: bool = False, **inputs: Value) -> CheckAnswer:
    """Continue, re-evaluate or consider stopping, at this week with this repigmentation."""
    from ruxcalc.rules.check import check as rule

    patient, labels, day = _read("check", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.explain import check_steps

        answer = answer._replace(steps=check_steps(patient, labels, answer))
    return with_age(answer, labels, day)


def warn(*, region: Regions = None, explain: bool = False, **inputs: Value) -> WarnAnswer:
    """The labels' precautions for this patient, by region."""
    from ruxcalc.rules.warn import warn as rule

    patient, labels, day = _read("warn", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.explain import warn_steps

        answer = answer._replace(steps=warn_steps(labels, answer))
    return with_age(answer, labels, day)


def assess(*, region: Regions = None, explain: bool = False, **inputs: Value) -> AssessAnswer:
    """Dose, review and precautions together, for whatever was given."""
    from ruxcalc.rules.assess import assess as rule

    patient, labels, day = _read("assess", region, inputs)
    answer = rule(patient, labels)
    if explain:
        from ruxcalc.rules.explain import explained

        answer = explained(patient, labels, answer)
    return with_age(answer, labels, day)


def plan(*, region: Regions = None, explain: bool = False, **inputs: Value) -> PlanAnswer:
    """Review dates, refills, and what must be waited for after the last application."""
    from ruxcalc.rules.plan import plan as rule

    on_taken: Literal["given", "today"] = "today" if inputs.get("on") is None else "given"
    patient, labels, day = _read("plan", region, inputs)
    answer = rule(patient, labels, on_taken=on_taken)
    if explain:
        from ruxcalc.rules.plan import plan_steps

        answer = answer._replace(steps=plan_steps(labels, answer))
    return with_age(answer, labels, day)


def label(
    *,
    region: Regions = None,
    diff: bool = False,
    facts: bool = False,
    check: bool = False,
    on: Plain = None,
) -> LabelAnswer:
    """The rules encoded, by region.

    `diff` shows where the labels differ, `facts` the figures, and `check` what was verified
    when and is due again.
    """
    from ruxcalc.rules.freshness import show_due
    from ruxcalc.rules.label import show_differences, show_figures, show_labels

    labels, day = load_all(read_regions(region)), read_day(on)
    asked = [
        name for name, wanted in (("diff", diff), ("facts", facts), ("check", check)) if wanted
    ]
    if len(asked) > 1:
        raise InputError(asked[1], f"is given together with --{asked[0]}", "one of them, not both")
    if diff and len(labels) == 1:
        raise InputError("diff", "compares one region", "two or three regions")
    if check:
        answer = show_due(labels, day)
    elif facts:
        answer = show_figures(labels)
    else:
        answer = show_differences(labels) if diff else show_labels(labels)
    return with_age(answer, labels, day)


def vasi(  # noqa: PLR0913 - each is an option of the command
    sites: str | Iterable[str] = (),
    *,
    baseline: str | Iterable[str] | None = None,
    steps: bool = False,
    region: Regions = None,
    on: Plain = None,
    explain: bool = False,
) -> VasiAnswer | VasiStepsAnswer:
    """VASI and % BSA from sites such as `face=1@75`, and repigmentation since a baseline.

    `steps=True` answers with the steps of residual depigmentation instead.
    """
    from ruxcalc.rules.vasi import read_visit, vasi_steps
    from ruxcalc.rules.vasi import vasi as rule

    labels, day = load_all(read_regions(region)), read_day(on)
    if steps:
        if sites or baseline is not None:
            raise InputError("steps", "is given together with sites", "one of them, not both")
        return with_age(vasi_steps(labels), labels, day)
    visit = read_visit("sites", _typed_sites("sites", sites))
    before = (
        None if baseline is None else read_visit("baseline", _typed_sites("baseline", baseline))
    )
    return with_age(rule(visit, before, labels, explain=explain), labels, day)


def evidence(
    *,
    endpoint: str | None = None,
    week: Plain = None,
    region: Regions = None,
    on: Plain = None,
    explain: bool = False,
) -> "EvidenceAnswer":
    """What the pivotal trials and their extension found: context, never a prognosis."""
    from ruxcalc.rules.evidence import evidence as rule
    from ruxcalc.rules.evidence import evidence_steps

    labels, day = load_all(read_regions(region)), read_day(on)
    reached = None if week is None else read_input("week", INPUTS["week"], (week,))
    assert reached is None or isinstance(reached, Decimal)
    answer = rule(endpoint, reached, labels)
    if explain:
        answer = answer._replace(steps=evidence_steps(answer))
    return with_age(answer, labels, day)


def track(  # noqa: PLR0913 - each is an option of the command
    visits: Iterable[Mapping[str, Value]],
    *,
    start: Plain = None,
    baseline: Plain = None,
    measure: str | None = None,
    tube_grams: Plain = None,
    region: Regions = None,
    on: Plain = None,
    explain: bool = False,
) -> TrackAnswer:
    """The visits of one patient against each label's review, and what was dispensed.

    A visit is a mapping of `date`, and `repig` or `score`, and what else is known. Those that
    cannot be answered are in the answer's `rejected`, by their number in `line`.
    """
    from ruxcalc.rules.track import read_visit

    rows = [
        read_visit(
            number,
            {
                name: as_values(_declared_of_visit(name), value)
                for name, value in visit.items()
                if value is not None
            },
        )
        for number, visit in enumerate(visits, 1)
    ]
    asked = {"start": start, "baseline": baseline, "measure": measure, "tube_grams": tube_grams}
    return track_rows(rows, asked, region=region, on=on, explain=explain)


def _declared_of_visit(name: str) -> Input:
    """The declaration of a value of a visit; its `date` is what is `on` elsewhere."""
    known = inputs_of("visit")
    field = "on" if name == "date" else name
    if field not in known or name == "on":
        raise InputError(name, "is not told of a visit", ", ".join(("date", *known)))
    return known[field]


def track_rows(
    rows: "Sequence[Visit | Unread]",
    asked: Mapping[str, Value],
    *,
    region: Regions = None,
    on: Plain = None,
    explain: bool = False,
) -> TrackAnswer:
    """The answer to visits that were read, with what holds for all of them."""
    from ruxcalc.rules.track import track as rule
    from ruxcalc.rules.track import track_steps

    given = {
        name: as_values(INPUTS[name], value) for name, value in asked.items() if value is not None
    }
    labels, day = load_all(read_regions(region)), read_day(on)
    answer = rule(rows, read_patient(given), labels, day)
    if explain:
        answer = answer._replace(steps=track_steps(answer))
    return with_age(answer, labels, day)


def _typed_sites(field: str, sites: str | Iterable[str]) -> list[str]:
    from ruxcalc.rules.vasi import ACCEPTED

    several = list(sites) if isinstance(sites, Iterable) and not isinstance(sites, str) else [sites]
    for text in several:
        if not isinstance(text, str):
            raise InputError(field, "is not a site", ACCEPTED, text)
    return [site for text in several for site in text.split()]


def read_regions(given: Regions) -> tuple[Region, ...]:
    """The regions named, in any case, each a name or several joined by commas; all for None."""
    if given is None:
        return REGIONS
    values = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    for value in values:
        if not isinstance(value, str):
            raise InputError("region", "is not a region", ", ".join(REGIONS), value)
    names = [name.strip() for value in values for name in value.lower().split(",")]
    for name in names:
        if name not in REGIONS:
            raise InputError("region", "is not a region", ", ".join(REGIONS), name)
    if not names:
        raise InputError("region", "is empty", ", ".join(REGIONS))
    return tuple(region for region in REGIONS if region in names)


class _Asked(NamedTuple):
    """What was asked: of whom, by which labels, and on which day the facts are looked at."""

    patient: Patient
    labels: tuple[Label, ...]
    day: date


def _read(command: str, region: Regions, inputs: Mapping[str, Value]) -> _Asked:
    known = inputs_of(command)
    for name in inputs:
        if name not in known and name != "on":
            raise InputError(name, f"is not an input of {command}", ", ".join((*known, "on")))
    given = {
        name: as_values(INPUTS[name], value) for name, value in inputs.items() if value is not None
    }
    day = read_day(inputs.get("on"))
    if "on" not in known:
        given.pop("on", None)
    elif "start" in given:
        given["on"] = (day,)
    return _Asked(read_patient(given), load_all(read_regions(region)), day)


def read_day(given: Value) -> date:
    """The day that was given, else today: the one place where the clock is asked."""
    if given is None:
        return today()
    day = read_input("on", INPUTS["on"], as_values(INPUTS["on"], given))
    assert isinstance(day, date)
    return day
