"""The labels' precautions for one patient."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from ruxcalc import figures
from ruxcalc.labels import load_all
from ruxcalc.labels.model import Action, Label, Provision
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import plain_text
from ruxcalc.patient import Patient, given_inputs, inputs_of, unusual_inputs
from ruxcalc.results import (
    Basis,
    Finding,
    Frozen,
    JsonValue,
    Severity,
    Source,
    Step,
    Verdict,
    gravest,
    worst_first,
    worst_verdict,
)
from ruxcalc.rules.basis import basis_of, source_of
from ruxcalc.rules.findings import finding, provision_finding

if TYPE_CHECKING:
    from ruxcalc.rules.drugs import Lookup, Match

# An action of another label that makes the silence of this one a warning.
FORBIDDING: tuple[Action, ...] = ("contraindicated", "avoid", "discontinue")
BOXED = "boxed-warning"
SUNSCREENS_AND_EMOLLIENTS = (
    "sunscreen", "sunblock", "sun cream", "sun lotion", "emollient", "moisturiser", "moisturizer",
    "moisturising", "moisturizing", "petrolatum", "vaseline", "body lotion", "body cream",
)  # fmt: skip

# What `all others no` leaves open: an age has no plain no, and a face that is not involved is
# itself a finding.
WITHOUT_A_NO = ("age", "face")

REMEMBERED = 1024  # combinations of what patients raise; a list repeats few of them

About = Mapping[str, JsonValue] | None
Raised = tuple[str, About]  # a topic, and what was given where that is more than a yes


class Statement(NamedTuple):
    """What a label says to every patient; the boxed warning has a class of its own."""

    code: str
    class_: Literal["boxed", "label"]
    severity: Severity
    message: str
    action: str
    about: None
    source: Source


class Asked(NamedTuple):
    """How many of the topics on which a label says something were answered."""

    answered: int
    of: int


class WarnRegion(NamedTuple):
    """What one label says about this patient.

    `findings` come from what was given, `general` applies to every patient. `not_checked`
    are the topics on which the label says something and that were not asked; `silent` was
    given and the label says nothing; `not_read` was given, or applies to every patient, and
    that part of the label was not read.
    """

    verdict: Verdict
    contraindicated: bool
    findings: tuple[Finding, ...]
    general: tuple[Statement, ...]
    not_checked: tuple[str, ...]
    asked: Asked
    silent: tuple[str, ...]
    not_read: tuple[str, ...]


class WarnAnswer(NamedTuple):
    """The labels' precautions for this patient, by region.

    `all_others_no` repeats that everything not given was declared absent.
    """

    schema: Literal["ruxcalc.warn/1"]
    inputs: Frozen[str, JsonValue]
    verdict: Verdict
    worst: Severity | None
    all_others_no: bool
    regions: Frozen[str, WarnRegion]
    basis: Basis
    notes: tuple[str, ...]
    steps: tuple[Step, ...] | None = None


class Medicines(NamedTuple):
    """What the lists say of the medicines that were given."""

    raised: tuple[Raised, ...]
    topicals: tuple[Raised, ...]
    unlisted: tuple[str, ...]
    topical: tuple[str, ...]
    own_cream: tuple[str, ...]


def warn(patient: Patient, labels: tuple[Label, ...]) -> WarnAnswer:
    """Return the precautions of each of `labels` for this patient.

    What was not given is not checked. Where a label is silent or unread on what was given,
    the finding says what another label says. Sections stand in `labels/provisions.csv`.
    """
    regions = precautions(situation_of(patient, labels))
    return WarnAnswer(
        schema="ruxcalc.warn/1",
        inputs=Frozen(given_inputs(patient, "warn")),
        verdict=worst_verdict(part.verdict for part in regions.values()),
        worst=gravest(f.severity for part in regions.values() for f in part.findings),
        all_others_no=bool(patient.all_others_no),
        regions=regions,
        basis=basis_of(labels),
        notes=unusual_inputs(patient, "warn"),
    )


class Situation(NamedTuple):
    """All that the precautions of some labels depend on.

    `raised` are the topics that the patient's own answers raise, `by_numbers` those that age and
    eGFR raise by each label, `unasked` those that were not asked; `low_egfr` is an eGFR that may
    mean end-stage disease.
    """

    labels: tuple[Label, ...]
    raised: tuple[str, ...]
    by_numbers: tuple[tuple[str, ...], ...]
    unasked: frozenset[str]
    medicines: Medicines
    low_egfr: Decimal | None


def situation_of(patient: Patient, labels: tuple[Label, ...]) -> Situation:
    """Return what the precautions of `labels` depend on."""
    given = [place for place in PLACES if patient[place[1]] is not None]
    return Situation(
        labels,
        tuple([topic for _, at, declared in given for topic in declared.raises(patient[at])]),
        tuple([tuple(_raised_by_numbers(label, patient)) for label in labels]),
        _unasked(tuple([name for name, _, _ in given]), patient.all_others_no),
        _medicines(patient.drug or (), patient.topical or ()),
        patient.egfr if _may_be_end_stage(patient) else None,
    )


# Patients of a list differ in more than their situation: those who share it share the answer.
@lru_cache(REMEMBERED)
def precautions(situation: Situation) -> Frozen[str, WarnRegion]:
    """Return the precautions of each label in a situation, by region."""
    each = zip(situation.labels, situation.by_numbers, strict=True)
    return Frozen(
        {
            label.region: _precautions_for_label(label, by_numbers, situation)
            for label, by_numbers in each
        }
    )


def _precautions_for_label(
    label: Label, by_numbers: tuple[str, ...], situation: Situation
) -> WarnRegion:
    medicines = situation.medicines
    known = {other.region: other for other in (*load_all(), *situation.labels)}
    raised: list[Raised] = [
        *((topic, None) for topic in (*situation.raised, *by_numbers)),
        *medicines.raised,
        *medicines.topicals,
    ]
    spoken = [(label.on(topic), about) for topic, about in raised if label.on(topic).speaks]
    topics = dict.fromkeys(topic for topic, _ in raised)
    unspoken = {topic: label.on(topic) for topic in topics if not label.on(topic).speaks}
    findings = [
        *(_named_finding(label, row, about) for row, about in spoken),
        *_kidney_question(label, situation.low_egfr, known),
        *_unspoken_findings(label, [r for r in raised if r[0] in unspoken], known),
        *_medicine_findings(label, medicines),
    ]
    statements = _statements_of(label)
    of = statements.asked
    unasked = {*situation.unasked, *_still_open(medicines, situation.low_egfr)}
    not_checked = tuple(topic for topic in of if topic in unasked and topic not in topics)
    return WarnRegion(
        verdict=verdict_of_precautions(
            findings, left_open=bool(not_checked or unspoken or statements.not_read)
        ),
        contraindicated=any(row.action == "contraindicated" for row, _ in spoken),
        findings=worst_first(findings),
        general=statements.general,
        not_checked=not_checked,
        asked=Asked(len(of) - len(not_checked), len(of)),
        silent=tuple(t for t, row in unspoken.items() if row.action == "silent"),
        not_read=(
            *(t for t, row in unspoken.items() if row.action == "not-read"),
            *statements.not_read,
        ),
    )


class Statements(NamedTuple):
    """What a label says whoever the patient is.

    `asked` are the topics on which it says something, of those that are asked; `general` is
    for every patient, as `not_read` would be.
    """

    asked: tuple[str, ...]
    general: tuple[Statement, ...]
    not_read: tuple[str, ...]


@lru_cache
def _statements_of(label: Label) -> Statements:
    for_all = [row for row in label.provisions.values() if row.for_all]
    return Statements(
        tuple(topic for topic in ASKED_TOPICS if label.on(topic).speaks),
        _general(label, [row for row in for_all if row.speaks]),
        tuple(row.topic for row in for_all if row.action == "not-read"),
    )


def verdict_of_precautions(findings: Iterable[Finding], *, left_open: bool) -> Verdict:
    """Return the verdict that the contract names first among those that apply.

    `left_open` says that something the label speaks of was not asked, that the label is silent
    or unread on what was given, or that parts of it which concern every patient were not read.
    A medicine in no list leaves it open too.
    """
    findings = tuple(findings)
    actions = {found.action for found in findings}
    if "contraindicated" in actions:
        return "contraindicated"
    if actions & {"avoid", "discontinue"}:
        return "avoid"
    if "outside-indication" in actions:
        return "outside-label"
    if any(found.severity != "info" for found in findings):
        return "caution"
    unlisted = any(found.code == "drug-not-checked" for found in findings)
    return "not-cleared" if left_open or unlisted else "nothing-found"


# The topics that the inputs ask about, in the order of their declaration.
ASKED_TOPICS = tuple(
    dict.fromkeys(topic for declared in inputs_of("warn").values() for topic in declared.topics)
)


PLACES = tuple(
    (name, Patient._fields.index(name), declared) for name, declared in inputs_of("warn").items()
)


@lru_cache(REMEMBERED)
def _unasked(given: tuple[str, ...], all_others_no: bool | None) -> frozenset[str]:
    """Return the topics of inputs that were neither `given` nor declared absent with all others."""
    return frozenset(
        topic
        for name, _, declared in PLACES
        if name not in given and not (all_others_no and name not in WITHOUT_A_NO)
        for topic in declared.topics
    )


def _still_open(medicines: Medicines, low_egfr: Decimal | None) -> Iterable[str]:
    """Yield the topics that an answer leaves open: a medicine in no list, a very low eGFR."""
    if medicines.unlisted:
        yield from inputs_of("warn")["drug"].topics
    if low_egfr is not None:
        yield "end-stage-renal-disease"


def _raised_by_numbers(label: Label, patient: Patient) -> Iterable[str]:
    """Yield the topics that age and eGFR raise by this label."""
    if patient.age is not None:
        if patient.age < label.minimum_age.value:
            yield "under-minimum-age"
        older = label.on("older-age").number
        if older is not None and patient.age >= older:
            yield "older-age"
    egfr = patient.egfr
    impaired = egfr is not None and egfr < figures.EGFR_NO_IMPAIRMENT.value
    # What a label says of lesser impairment is withheld while it may be end-stage disease.
    if impaired and not patient.esrd and not _may_be_end_stage(patient):
        yield "renal-impairment"


@lru_cache(REMEMBERED)
def _medicines(drugs: tuple[str, ...], topicals: tuple[str, ...]) -> Medicines:
    if not drugs and not topicals:
        return Medicines((), (), (), (), ())
    from ruxcalc.rules.drugs import look_up  # slow to load

    lookups: list[tuple[str, Lookup]] = [(name, look_up(name)) for name in drugs]
    applied = [name for name in topicals if look_up(name).own_cream]
    return Medicines(
        raised=tuple((m.topic, _about(m)) for _, lookup in lookups for m in lookup.matches),
        topicals=tuple(_topicals(topicals)),
        unlisted=tuple(part for _, lookup in lookups for part in lookup.unlisted),
        topical=tuple(part for _, lookup in lookups for part in lookup.topical),
        own_cream=tuple(
            dict.fromkeys((*(name for name, lookup in lookups if lookup.own_cream), *applied))
        ),
    )


def _about(match: "Match") -> Mapping[str, JsonValue]:
    return Frozen(
        {
            "given": match.given,
            "name": match.name,
            "class": match.drug_class,
            "note": match.note or None,
        }
    )


def _topicals(names: tuple[str, ...]) -> Iterable[Raised]:
    from ruxcalc.rules.drugs import look_up

    for name in names:
        if look_up(name).own_cream:
            continue
        other = any(word in name.casefold() for word in SUNSCREENS_AND_EMOLLIENTS)
        topic = "other-products-on-the-skin" if other else "topical-on-same-skin"
        yield topic, Frozen({"given": name})


def _named_finding(label: Label, row: Provision, about: About) -> Finding:
    """Return what a label says on a topic, with what was given before it."""
    found = provision_finding(label, row, about)
    message = found.message
    if row.topic == "topical-on-same-skin":
        # Which topical treats vitiligo is not for this program to guess.
        other = label.on("other-products-on-the-skin")
        message += f" If it is for something else: {other.message}" if other.speaks else ""
    named = _named(about)
    return found._replace(message=f"{named}: {message}" if named else message)


def _named(about: About) -> str:
    """Write what was given, such as `Vfend (voriconazole, strong CYP3A4 inhibitor)`."""
    if about is None:
        return ""
    listed = str(about.get("name", about["given"]))
    same = listed.casefold() == str(about["given"]).casefold()
    known = [*([] if same else [listed]), *([str(about["class"])] if "class" in about else [])]
    return f"{about['given']} ({', '.join(known)})" if known else str(about["given"])


def _general(label: Label, rows: list[Provision]) -> tuple[Statement, ...]:
    found = worst_first(provision_finding(label, row) for row in rows)
    boxed = sorted(found, key=lambda statement: statement.code != BOXED)
    return tuple(
        Statement(
            f.code, "boxed" if f.code == BOXED else "label", f.severity, f.message, f.action, None,
            f.source,
        )
        for f in boxed
    )  # fmt: skip


def others_on(label: Label, topic: str, known: Mapping[str, Label]) -> dict[str, Provision]:
    """Return what the other labels say on a topic, by region, without those that say nothing."""
    rows = {region: other.on(topic) for region, other in known.items() if region != label.region}
    return {region: row for region, row in rows.items() if row.speaks}


def others_text(others: Mapping[str, Provision], known: Mapping[str, Label]) -> str:
    """Write what other labels say, each wording once with its labels and sections."""
    by_words: dict[str, list[str]] = {}
    for region, row in others.items():
        section = f", {row.section}" if row.section else ""
        section += " (taken from the EU text)" if row.taken_over else ""
        by_words.setdefault(row.message, []).append(f"{known[region].name} label{section}")
    return " ".join(
        f"The {' and the '.join(places)}: {words}" for words, places in by_words.items()
    )


def _source_of_silence(label: Label, row: Provision) -> Source:
    """Return the source of a row without words: its section, or why there is none."""
    source = source_of(label, row)
    if source.section is not None or row.action == "not-read":
        return source
    return source._replace(verified=f"{source.verified}; no section mentions it")


def _unspoken_findings(
    label: Label, raised: list[Raised], known: Mapping[str, Label]
) -> list[Finding]:
    """Say what another label says where this one is silent or unread on what was given."""
    by_topic: dict[str, list[JsonValue]] = {}
    for topic, about in raised:
        by_topic.setdefault(topic, []).extend([about["given"]] if about else [])
    found = []
    for topic, named in by_topic.items():
        row, others = label.on(topic), others_on(label, topic, known)
        if row.action == "silent" and not others:
            continue
        forbidding = any(other.action in FORBIDDING for other in others.values())
        severity: Severity = "warning" if forbidding or row.action == "not-read" else "info"
        title = TOPICS[topic] + (f" ({', '.join(map(str, named))})" if named else "")
        found.append(
            finding(
                "label-silent" if row.action == "silent" else "label-not-read",
                _source_of_silence(label, row),
                severity=severity,
                about={
                    "topic": topic,
                    "given": tuple(named),
                    "others": Frozen({region: other.action for region, other in others.items()}),
                },
                label=label.name,
                topic=title[:1].lower() + title[1:] if title[1:2].islower() else title,
                others=others_text(others, known),
            )
        )
    return found


def _may_be_end_stage(patient: Patient) -> bool:
    limit = figures.EGFR_OF_KIDNEY_FAILURE.value
    return patient.esrd is None and patient.egfr is not None and patient.egfr < limit


def _kidney_question(
    label: Label, low_egfr: Decimal | None, known: Mapping[str, Label]
) -> list[Finding]:
    """Ask whether a very low eGFR is end-stage disease; None where there is nothing to ask."""
    if low_egfr is None:
        return []
    row = label.on("end-stage-renal-disease")
    others = others_text(others_on(label, row.topic, known), known)
    return [
        finding(
            "end-stage-renal-disease-not-stated",
            source_of(label, row),
            about={"given": low_egfr},
            egfr=plain_text(low_egfr),
            limit=figures.EGFR_OF_KIDNEY_FAILURE.value,
            label=label.name,
            words=row.message if row.speaks else f"this label does not mention it. {others}",
        )
    ]


def _medicine_findings(label: Label, medicines: Medicines) -> list[Finding]:
    """Return what is to be said of medicines in no list, and of names that are no such medicine."""
    if not (medicines.unlisted or medicines.topical or medicines.own_cream):
        return []
    from ruxcalc.labels.medicines import READ_ON, SOURCE
    from ruxcalc.rules.drugs import nearest

    source = Source(SOURCE, None, None, READ_ON, None, "examples only, never a complete list")
    found = []
    if medicines.unlisted:
        # A name in no list may be a strong inhibitor: a warning where the label says avoid.
        avoid = label.on("strong-cyp3a4-inhibitor").severity == "critical"
        one = len(medicines.unlisted) == 1
        found_otherwise = {about["given"] for _, about in medicines.raised if about}
        near = {n: nearest(n) for n in medicines.unlisted if n not in found_otherwise}
        close = "; ".join(f"{name}: {', '.join(listed)}" for name, listed in near.items() if listed)
        found.append(
            finding(
                "drug-not-checked",
                source,
                severity="warning" if avoid else "info",
                about={"given": medicines.unlisted},
                names=", ".join(medicines.unlisted),
                verb="is" if one else "are",
                pronoun="it" if one else "them",
                near=f" If a listed medicine was meant: {close}." if close else "",
            )
        )
    for code, names in (
        ("topical-not-systemic", medicines.topical),
        ("own-cream-named", medicines.own_cream),
    ):
        if names:
            found.append(finding(code, source, about={"given": names}, names=", ".join(names)))
    return found
