"""What the labels say of what was given: one row a thing, whole where it is to be acted on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.figures import EGFR_OF_KIDNEY_FAILURE
from ruxcalc.labels import REGIONS
from ruxcalc.labels.topics import TOPICS
from ruxcalc.render.layout import (
    Block,
    Row,
    Symbol,
    View,
    folded,
    grouped,
    row,
    sections,
    shortened,
    with_names,
    without_name,
)
from ruxcalc.render.pages.words import label_of, raised_words, value_text
from ruxcalc.results import Basis, Finding, JsonValue, Severity, Source, gravest

if TYPE_CHECKING:
    from ruxcalc.labels.model import Label, Provision
    from ruxcalc.rules.warn import WarnAnswer, WarnRegion

SYMBOL_OF: dict[Severity, Symbol] = {"critical": "cross", "warning": "warn", "info": "info"}
AVOIDED = ("avoid", "discontinue")
UNSPOKEN = ("label-silent", "label-not-read")
MOST_INFO_ROWS = 3
LONG_TEXT = 120  # characters
NOT_SAFE = "That does not make it safe."
DO_NOT_USE = " is a contraindication. Do not use the cream."


class Line(NamedTuple):
    """What one label says of one thing that was given."""

    symbol: Symbol
    text: str
    source: Source | None


def given_name(found: Finding, region: str) -> str:
    """Return what was given, as a headline names it: `itraconazole (strong CYP3A4 inhibitor)`."""
    about = found.about or {}
    if found.code in UNSPOKEN:
        given = about.get("given", ())
        all_given = f" ({', '.join(map(str, given))})" if isinstance(given, tuple) and given else ""
        return raised_words(_topic(found), label_of(region)) + all_given
    if found.code == "end-stage-renal-disease-not-stated":
        return f"eGFR {value_text(about['given'])} is under {EGFR_OF_KIDNEY_FAILURE.value}"
    given = about.get("given")
    if isinstance(given, tuple):
        return ", ".join(map(str, given))
    if isinstance(given, str):
        classes = f" ({about['class']})" if "class" in about else ""
        return f"{given}{classes}" if classes else f"{raised_words(found.code)} ({given})"
    return raised_words(found.code, label_of(region))


def finding_block(answer: "WarnAnswer", view: View) -> Block:
    """Return what the labels say of what was given; long texts get the whole width."""
    rows = tuple(finding_rows(answer, view))
    return Block(rows, stacked=any(len(line.cells[0]) > LONG_TEXT for line in rows))


def finding_rows(answer: "WarnAnswer", view: View) -> list[Row]:
    """Return what the labels say of what was given, one thing after another, worst first.

    Whatever is critical, silent or unread always has its row, or stands in the headline.
    """
    by_thing: dict[str, dict[str, Line]] = {}
    severity: dict[str, Severity | None] = {}
    needed = _unspoken_topics(answer)
    always: set[str] = set()
    for region, part in answer.regions.items():
        for found in part.findings:
            if not view.full and said_by_headline(answer, region, found):
                continue
            thing = _thing(found, region)
            whole = found.severity != "info" or found.code in needed or found.code not in TOPICS
            if whole:
                always.add(thing)
            line = _line(answer, region, found, view._replace(full=view.full or whole))
            by_thing.setdefault(thing, {})[region] = line
            severity[thing] = gravest([severity.get(thing), found.severity])
        for topic in silent_everywhere(part):
            thing = raised_words(topic)
            always.add(thing)
            by_thing.setdefault(thing, {})[region] = Line(
                "info", f"{_silence(topic)} {NOT_SAFE}", None
            )
            severity.setdefault(thing, "info")
    ordered = sorted(by_thing, key=lambda thing: list(SYMBOL_OF).index(severity[thing] or "info"))
    rest = [thing for thing in ordered if thing not in always]
    left = [] if view.full else rest[MOST_INFO_ROWS:]
    shown = [thing for thing in ordered if thing in always]
    shown += rest[: len(rest) - len(left)]
    rows = [line for thing in shown for line in _rows_of(answer.basis, thing, by_thing[thing])]
    return [*rows, row("", folded(len(left), view))] if left else rows


def _thing(found: Finding, region: str) -> str:
    given = (found.about or {}).get("given")
    if isinstance(given, str) and found.code not in UNSPOKEN:
        return given
    if found.code in ("drug-not-checked", "topical-not-systemic", "own-cream-named"):
        return "medicines"
    if found.code == "label-verification-old":
        return "old facts"
    if found.code == "end-stage-renal-disease-not-stated":
        return "eGFR"
    return given_name(found, region)


def _unspoken_topics(answer: "WarnAnswer") -> set[str]:
    """Return the topics that were given and that a label asked is silent or unread on."""
    return {
        _topic(found)
        for part in answer.regions.values()
        for found in part.findings
        if found.code in UNSPOKEN
    }


def _topic(found: Finding) -> str:
    """Return the topic that an unspoken finding is about."""
    return str((found.about or {}).get("topic", ""))


def _silence(topic: str) -> str:
    """Write which labels do not mention a topic that none speaks of, and which were not read."""
    places: dict[str, list[str]] = {"Not mentioned in": [], "not read in": []}
    for region in REGIONS:
        label = label_of(region)
        if label is not None:
            unread = label.on(topic).action == "not-read"
            places["not read in" if unread else "Not mentioned in"].append(label.name)
    parts = [
        f"{words} the {' and '.join(found)} label{'' if len(found) == 1 else 's'}"
        for words, found in places.items()
        if found
    ]
    return f"{'; '.join(parts)}."


def silent_everywhere(part: "WarnRegion") -> list[str]:
    """Return what was given and is silent here, and in every other label too."""
    answered = answered_topics(part)
    return [topic for topic in part.silent if topic not in answered]


def answered_topics(part: "WarnRegion") -> set[JsonValue]:
    """Return the topics on which a finding says that the label is silent or unread."""
    return {found.about.get("topic") for found in part.findings if found.about}


def said_by_headline(answer: "WarnAnswer", region: str, found: Finding) -> bool:
    """Return whether the headline of this label says all that there is to say."""
    part = answer.regions[region]
    if found.action == "contraindicated":
        return found.message.endswith(DO_NOT_USE)
    if part.verdict != "caution" or found.severity == "info" or found.code not in UNSPOKEN:
        return False
    return not _others_on(answer, found) and _speaks_elsewhere(answer, region, found)


def _speaks_elsewhere(answer: "WarnAnswer", region: str, found: Finding) -> bool:
    """Return whether another label that was asked says something on an unspoken topic."""
    others = [label_of(other) for other in answer.regions if other != region]
    return any(other is not None and other.on(_topic(found)).speaks for other in others)


def _line(answer: "WarnAnswer", region: str, found: Finding, view: View) -> Line:
    symbol = SYMBOL_OF[found.severity]
    source = found.source
    if found.code in UNSPOKEN:
        return Line(symbol, _unspoken_text(answer, region, found), None)
    message = without_name(found.message, answer.basis.editions[region].name)
    label, about = label_of(region), found.about or {}
    given = about.get("given")
    if label is None or not isinstance(given, str) or found.code not in TOPICS:
        return Line(symbol, shortened(message, view), source)
    # What was given stands at the left, its class in the headline where there is one.
    named, colon, _ = message.partition(f": {label.on(found.code).message}")
    message = message[len(named) + 2 :] if colon else message
    message = shortened(message, view)
    in_headline = any(
        one.action in AVOIDED and (one.about or {}).get("given") == given
        for part in answer.regions.values()
        for one in part.findings
    )
    listed = str(about.get("name", given))
    known = [] if listed.casefold() == given.casefold() else [listed]
    if "class" in about and not in_headline:
        known.append(str(about["class"]))
    return Line(symbol, ". ".join([*([", ".join(known)] if known else []), message]), source)


def _unspoken_text(answer: "WarnAnswer", region: str, found: Finding) -> str:
    """Write that a label is silent or unread here, and what the labels that were not asked say."""
    start = "Not read. Look it up."
    if found.code == "label-silent":
        start = f"Not mentioned. {NOT_SAFE}"
    others: dict[str, list[str]] = {}
    for label, provision in _others_on(answer, found):
        place = f"{label.name} label{', ' + provision.section if provision.section else ''}"
        others.setdefault(provision.message, []).append(place)
    said = [f"The {' and the '.join(places)}: {words}" for words, places in others.items()]
    if not said and not _speaks_elsewhere(answer, region, found) and NOT_SAFE not in start:
        said = [NOT_SAFE]
    return " ".join([start, *said])


def _others_on(answer: "WarnAnswer", found: Finding) -> "list[tuple[Label, Provision]]":
    """Return the labels that were not asked and say something on an unspoken topic.

    A statement that was taken from another label is none of its own.
    """
    topic = _topic(found)
    others = [label_of(other) for other in REGIONS if other not in answer.regions]
    return [
        (label, label.on(topic))
        for label in others
        if label is not None and label.on(topic).speaks and not label.on(topic).taken_over
    ]


def _rows_of(basis: Basis, thing: str, lines: Mapping[str, Line]) -> list[Row]:
    rows: list[Row] = []
    texts = {region: (line.symbol, line.text) for region, line in lines.items()}
    for regions, (symbol, text) in grouped(texts):
        found = [lines[region].source for region in regions]
        section = sections(source for source in found if source is not None)
        label = "" if rows else thing
        rows.append(row(label, with_names(basis, regions, text), symbol=symbol, section=section))
    return rows
