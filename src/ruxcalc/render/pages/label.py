"""The page of the labels: what each says on a topic, where two differ, the figures, what is due.

A few topics are answered in a line each; a whole label is one line a topic, in groups. What a
label does not mention, and what was not read in it, is named at the end of each group.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.labels.topics import TOPICS
from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    Symbol,
    View,
    counted,
    edition_rows,
    grouped,
    lowered,
    names,
    one_label_hint,
    placed,
    row,
    sections,
    with_names,
)
from ruxcalc.results import Source

if TYPE_CHECKING:
    from ruxcalc.labels.model import Action
    from ruxcalc.rules.label import LabelAnswer, LabelRow

FEW = 6  # topics that are answered in a line each, above everything else
# Each group of topics, by its first one; the order is that of `TOPICS`.
GROUPS = {
    "indication": "Use",
    "time-to-response": "Review",
    "boxed-warning": "For every patient",
    "hypersensitivity": "For the patient who has it",
}
SYMBOL_OF: "dict[Action, Symbol]" = {
    "contraindicated": "cross",
    "avoid": "cross",
    "discontinue": "cross",
    "outside-indication": "warn",
    "not-recommended": "warn",
    "caution": "warn",
    "monitor": "warn",
    "inform": "info",
    "states": "none",
    "silent": "minus",
    "not-read": "ask",
}
UNSAID: "dict[Action, str]" = {
    "silent": "The label does not mention this. That does not make it safe.",
    "not-read": "We have not read this part of the label. Look it up.",
}
SHORT_UNSAID: "dict[Action, str]" = {"silent": "not mentioned", "not-read": "not read"}


class Said(NamedTuple):
    """What one label says on a topic, and where."""

    action: "Action"
    message: str
    source: Source


def lay_out(answer: "LabelAnswer", view: View) -> Layout:
    """Return the layout of whichever part was asked for."""
    if answer.due is not None:
        return _due_layout(answer)
    if answer.figures is not None:
        return _figures_layout(answer)
    if answer.differences is not None:
        return _differences_layout(answer, view)
    return _labels_layout(answer, view)


def note_lines(answer: "LabelAnswer", view: View) -> list[str]:
    """Return every line of the layout as a sentence."""
    layout = lay_out(answer, view)
    return [
        *(headline.sentence for headline in layout.headlines),
        *(
            f"{line.label}: {'; '.join(line.cells)}"
            + (f" ({line.section})" if line.section else "")
            for block in layout.blocks
            for line in block.rows
        ),
        *layout.remarks,
    ]


def _said(answer: "LabelAnswer") -> dict[str, dict[str, Said]]:
    """Return what was asked for by topic and region."""
    topics: dict[str, dict[str, Said]] = {}
    for region, sheet in (answer.labels or {}).items():
        for line in sheet.rows:
            topics.setdefault(line.topic, {})[region] = said_in(line)
    return topics


def said_in(line: "LabelRow") -> Said:
    """Return what a label says on one topic."""
    source = Source("", line.section, None, None, None, line.verified)
    return Said(line.action, line.message or UNSAID[line.action], source)


def _labels_layout(answer: "LabelAnswer", view: View) -> Layout:
    topics = _said(answer)
    few = len(topics) <= FEW
    headlines = tuple(_topic_lines(answer, topics) if few else _edition_lines(answer))
    read = (*_verified_rows(answer), *edition_rows(answer.basis)) if view.full else ()
    return Layout(
        title="Label",
        headlines=headlines,
        blocks=(
            *([] if few else _group_blocks(answer, topics, view)),
            Block(read, "Sources"),
        ),
        remarks=() if few else one_label_hint(answer.basis, view),
    )


def _topic_lines(
    answer: "LabelAnswer", topics: Mapping[str, Mapping[str, Said]]
) -> Iterator[Headline]:
    """Yield a line a topic and statement: the topic, the labels, what they say, the section."""
    several = len(answer.basis.editions) > 1
    for topic, by_region in topics.items():
        for regions, action, message, section in _shared(by_region):
            place = names(answer.basis, regions) if several else ""
            yield Headline(SYMBOL_OF[action], TOPICS[topic], message, place, section)


def _shared(
    by_region: Mapping[str, Said],
) -> "list[tuple[tuple[str, ...], Action, str, str]]":
    """Return each statement once: the labels that share it, action, words, sections."""
    together = grouped({region: (said.action, said.message) for region, said in by_region.items()})
    return [
        (regions, action, message, sections(by_region[region].source for region in regions))
        for regions, (action, message) in together
    ]


def _edition_lines(answer: "LabelAnswer") -> Iterator[Headline]:
    for sheet in (answer.labels or {}).values():
        edition = sheet.edition
        named = f"{edition.edition_name} of " if edition.edition_name else ""
        text = f"{edition.document}, {named}{edition.edition}"
        yield Headline("none", f"{edition.name} label", text)


def _group_blocks(
    answer: "LabelAnswer", topics: Mapping[str, Mapping[str, Said]], view: View
) -> Iterator[Block]:
    """Yield the topics in their groups, a line each."""
    rows: dict[str, list[Row]] = {title: [] for title in GROUPS.values()}
    unsaid: dict[str, dict[Action, dict[str, list[str]]]] = {}
    title = ""
    for topic in TOPICS:
        title = GROUPS.get(topic, title)
        first = True
        for regions, action, message, section in _shared(topics.get(topic, {})):
            if action in UNSAID and not view.full:
                by_region = unsaid.setdefault(title, {}).setdefault(action, {})
                for region in regions:
                    by_region.setdefault(region, []).append(lowered(TOPICS[topic]))
                continue
            label = TOPICS[topic] if first else ""
            first = False
            text = placed(answer.basis, regions, message)
            rows[title].append(row(label, text, symbol=SYMBOL_OF[action], section=section))
    for name, lines in rows.items():
        yield Block((*lines, *_unsaid_rows(answer, unsaid.get(name, {}))), name, stacked=True)


def _unsaid_rows(
    answer: "LabelAnswer", unsaid: "Mapping[Action, Mapping[str, list[str]]]"
) -> Iterator[Row]:
    """Yield the topics that a label does not mention, and those that were not read in it."""
    for action, words in SHORT_UNSAID.items():
        listed = {region: ", ".join(topics) for region, topics in unsaid.get(action, {}).items()}
        for regions, text in grouped(listed):
            said = with_names(answer.basis, regions, text)
            yield row(words.capitalize(), said, symbol=SYMBOL_OF[action])


def _verified_rows(answer: "LabelAnswer") -> list[Row]:
    """Return how the statements were verified, where that is not by the label's own text."""
    rows = []
    for region, sheet in (answer.labels or {}).items():
        ways: dict[str, list[str]] = {}
        for line in sheet.rows:
            if line.message:
                ways.setdefault(line.verified, []).append(lowered(line.title))
        name = names(answer.basis, [region])
        rows += [row(f"{name}: {way}", ", ".join(topics)) for way, topics in ways.items()]
    return rows


def _differences_layout(answer: "LabelAnswer", view: View) -> Layout:
    differences = answer.differences or ()
    everyone = tuple(answer.basis.editions)
    blocks: dict[tuple[str, ...], list[Row]] = {everyone: []}
    unread: dict[str, list[str]] = {}
    for difference in differences:
        said = {region: said_in(line) for region, line in difference.statements.items()}
        speaking = tuple(region for region, one in said.items() if one.action not in UNSAID)
        read = [one[:2] for one in said.values() if one.action != "not-read"]
        if len(set(read)) <= 1 and not view.full:
            for region in (region for region, one in said.items() if one.action == "not-read"):
                unread.setdefault(region, []).append(lowered(difference.title))
            continue
        shown = said if view.full else {region: said[region] for region in speaking}
        worst = min((one.action for one in said.values()), key=list(SYMBOL_OF).index)
        group = everyone if view.full else speaking
        text, section = _each_statement(answer, shown), ""
        if group != everyone and len(statements := _shared(shown)) == 1:
            [(_, _, text, section)] = statements
        blocks.setdefault(group, []).append(
            Row(difference.title, (text,), SYMBOL_OF[worst], section)
        )
    text = f"{counted(len(differences), 'topic')} on which the labels differ"
    titles = {
        regions: "" if regions == everyone else f"Only in the label: {names(answer.basis, regions)}"
        for regions in blocks
    }
    parts = [(rows, titles[regions]) for regions, rows in blocks.items()]
    missing = [row(names(answer.basis, [r]), ", ".join(topics)) for r, topics in unread.items()]
    return Layout(
        title="Where the labels differ",
        headlines=(Headline("none", "", f"{text}: {names(answer.basis, everyone)}"),),
        blocks=tuple(
            Block(tuple(rows), title, stacked=True)
            for rows, title in (*parts, (missing, "Differ only because one was not read"))
        ),
    )


def _each_statement(answer: "LabelAnswer", said: Mapping[str, Said]) -> str:
    """Write what each label says, with its section: `US, 8.1: ... EU, UK, 4.3: ...`."""
    return " ".join(
        f"{names(answer.basis, regions)}"
        + (f", {section}" if section else "")
        + f": {SHORT_UNSAID.get(action, message).rstrip('.')}."
        for regions, action, message, section in _shared(said)
    )


def _figures_layout(answer: "LabelAnswer") -> Layout:
    sources: list[str] = []

    def number_of(source: str) -> str:
        if source not in sources:
            sources.append(source)
        return f"[{sources.index(source) + 1}]"

    figures = [
        row(figure.name, figure.words, section=number_of(figure.source))
        for figure in answer.figures or ()
    ]
    statements = [
        row(said.name, said.words, section=number_of(said.source))
        for said in answer.statements or ()
    ]
    formulas = [
        row(formula.name, formula.expression, section=number_of(formula.source))
        for formula in answer.formulas or ()
    ]
    listed = [row(f"[{number}]", source) for number, source in enumerate(sources, 1)]
    body = "Body surface, m2, from height H in cm and weight W in kg"
    return Layout(
        title="Figures",
        headlines=(Headline("none", "", "Figures behind the estimates, each with its source"),),
        blocks=tuple(
            Block(tuple(rows), title, stacked=rows is not formulas)
            for rows, title in (
                (figures, ""),
                (statements, "Also read"),
                (formulas, body),
                (listed, "Sources"),
            )
        ),
    )


def _due_layout(answer: "LabelAnswer") -> Layout:
    rows = answer.due or ()
    late = [line.name for line in rows if line.due]
    first = (
        Headline("warn", "READ AGAIN", "; ".join(late))
        if late
        else Headline("tick", "", f"Nothing is due before {min(line.holds_until for line in rows)}")
    )
    return Layout(
        title="What was verified when",
        headlines=(first,),
        blocks=(
            Block(
                tuple(
                    row(
                        line.name,
                        f"verified {line.verified_on}, holds until {line.holds_until}",
                        symbol="warn" if line.due else "tick",
                    )
                    for line in rows
                )
            ),
        ),
    )
