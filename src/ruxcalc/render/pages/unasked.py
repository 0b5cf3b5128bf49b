"""What was not asked, what was not read, and what a label says to every patient."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ruxcalc.render.layout import (
    Row,
    View,
    counted,
    folded,
    grouped,
    joined,
    names,
    place,
    row,
    sections,
    with_names,
)
from ruxcalc.render.pages.given import AVOIDED, answered_topics
from ruxcalc.render.pages.words import label_of, statement_words, topic_words

if TYPE_CHECKING:
    from ruxcalc.results import Source
    from ruxcalc.rules.warn import WarnAnswer, WarnRegion

# What is shown first of the statements for every patient; the rest is counted.
BOXED = "boxed-warning"
BOXED_WORDS = "BOXED WARNING"
SHOWN_FIRST = ("boxed-warning", "contraception", "skin-examination")
WIDE_LIST = 40  # characters
MOST_OTHERS = 3
MOST_UNREAD = 3  # that a note names


def contraindicating(region: str, part: "WarnRegion") -> list[str]:
    """Return the topics that were not asked and would contraindicate the cream."""
    found = [topic for topic in part.not_checked if _action(region, topic) == "contraindicated"]
    return sorted(found, key=lambda topic: topic == "hypersensitivity")  # the rarest last


def avoided(region: str, part: "WarnRegion") -> list[str]:
    """Return the topics that were not asked and that the label says to avoid."""
    return [topic for topic in part.not_checked if _action(region, topic) in AVOIDED]


def _action(region: str, topic: str) -> str:
    label = label_of(region)
    # What an unknown label says is not known, so that it is named rather than counted.
    return "avoid" if label is None else label.on(topic).action


def _other_topics(answer: "WarnAnswer") -> list[str]:
    """Return what else was not asked: the topics that are neither, in any label asked."""
    parts = answer.regions.items()
    grave = {
        topic
        for region, part in parts
        for topic in (*contraindicating(region, part), *avoided(region, part))
    }
    unasked = dict.fromkeys(topic for _, part in parts for topic in part.not_checked)
    return [topic for topic in unasked if topic not in grave]


def not_asked(answer: "WarnAnswer", view: View) -> list[tuple[str, str, str]]:
    """Return what was not asked: kind, names of regions, topics.

    What is grave is named, the rest counted, unless in full. The names of regions are empty
    where one was asked, and for the rest.
    """
    several = len(answer.regions) > 1
    found = []
    for kind, graves in (("would contraindicate", contraindicating), ("to be avoided", avoided)):
        topics = {region: graves(region, part) for region, part in answer.regions.items()}
        words = {r: ", ".join(dict.fromkeys(map(topic_words, t))) for r, t in topics.items() if t}
        for regions, text in grouped(words):
            found.append((kind, names(answer.basis, regions) if several else "", text))
    others = _other_topics(answer)
    if others:
        found.append((counted(len(others), "other"), "", _others(others, view)))
    return found


def not_asked_rows(answer: "WarnAnswer", view: View) -> list[Row]:
    """Return what was not asked as rows: kind, then regions and topics."""
    rows: list[Row] = []
    before = ""
    for kind, regions, words in not_asked(answer, view):
        place = f"{regions}: " if regions else ""
        rows.append(row("" if kind == before else kind, f"{place}{words}"))
        before = kind
    return rows


def fitting(words: list[str], width: int) -> int:
    """Return how many of the first words fit in `width` characters; at least one does."""
    lengths = (n for n in range(len(words), 1, -1) if len(", ".join(words[:n])) <= width)
    return next(lengths, 1)


def _others(topics: Iterable[str], view: View) -> str:
    times = Counter(map(topic_words, topics))
    words = list(times)
    first = min(MOST_OTHERS, fitting(words, WIDE_LIST))
    if view.full or len(words) <= first:
        return ", ".join(w if n == 1 else f"{w} ({n} items)" for w, n in times.items())
    return ", ".join(words[:first]) + (" ... --full" if view.hints else " and others")


def not_asked_sentence(answer: "WarnAnswer", view: View) -> str:
    """Return what was not asked, as a line of a note: what is grave by name."""
    parts = []
    for kind, regions, words in not_asked(answer, view):
        if "other" in kind:
            parts.append(f"{kind}: {words}" if view.full else kind)
        else:
            place = f", {regions}" if regions else ""
            parts.append(f"{words} ({kind}{place})")
    return f"Not asked: {'; '.join(parts)}." if parts else ""


def not_read_sentence(answer: "WarnAnswer", view: View) -> str:
    """Return what was not read in which label, as a line of a note: the first by name."""
    lines = []
    for region, part in answer.regions.items():
        topics = unread(part)
        shown = topics if view.full else topics[:MOST_UNREAD]
        left = len(topics) - len(shown)
        more = f" and {left} more" if left else ""
        name = answer.basis.editions[region].name
        if topics:
            lines.append(f"Not read in the {name} label: {', '.join(shown)}{more}")
    return joined(lines)


# The statements for every patient


def tell_rows(answer: "WarnAnswer", view: View, label: str) -> list[Row]:
    """Return what the labels say to every patient: the gravest in words, the rest counted."""
    several = len(answer.regions) > 1
    if view.full:
        return _tell_in_full(answer, label)
    places: dict[str, list[str]] = {}
    left: set[str] = set()
    for region, part in answer.regions.items():
        by_topic = {said.code: said for said in part.general}
        for topic in SHOWN_FIRST:
            if topic in by_topic:
                words = statement_words(topic, label_of(region))
                if topic == BOXED:
                    words = BOXED_WORDS if several else f"{BOXED_WORDS} ({words})"
                places.setdefault(words, []).append(region)
        left |= by_topic.keys() - set(SHOWN_FIRST)
    order = sorted(
        places.items(), key=lambda item: [BOXED_WORDS not in item[0], "contracept" not in item[0]]
    )
    shown = [
        (f"{place(answer.basis, regions)}: " if several else "") + words for words, regions in order
    ]
    more = [folded(len(left), view)] if left else []
    return [row(label, "; ".join([*shown, *more]))] if shown or more else []


def _tell_in_full(answer: "WarnAnswer", label: str) -> list[Row]:
    places: dict[tuple[str, str], list[tuple[str, Source]]] = {}
    for region, part in answer.regions.items():
        for said in part.general:
            places.setdefault((said.code, said.message), []).append((region, said.source))
    rows: list[Row] = []
    for (code, message), found in places.items():
        boxed = f"{BOXED_WORDS}. " if code == BOXED else ""
        text = with_names(answer.basis, [region for region, _ in found], boxed + message)
        section = sections(source for _, source in found)
        rows.append(row("" if rows else label, text, section=section))
    return rows


def not_read_rows(answer: "WarnAnswer", view: View) -> list[Row]:
    """Return which statements for every patient were not read in which label."""
    rows = []
    for region, part in answer.regions.items():
        topics = unread(part)
        if not topics:
            continue
        listed, more = ", ".join(topics), ""
        if not view.full and len(topics) > MOST_OTHERS:
            listed = f"{topics[0]} and {len(topics) - 1} more"
            more = " (--full)" if view.hints else ""
        text = f"{listed}: read them in the label{more}"
        rows.append(row("Not read", with_names(answer.basis, [region], text)))
    return rows


def unread(part: "WarnRegion") -> list[str]:
    """Return what a label says to every patient and was not read, without what was given."""
    answered = answered_topics(part)
    return [topic_words(topic) for topic in part.not_read if topic not in answered]


def tell_sentence(answer: "WarnAnswer", view: View) -> str:
    """Return the statements for every patient, as a line of a full note."""
    rows = tell_rows(answer, view, "Every patient") if view.full else []
    return joined(f"{line.label or 'Also'}: {line.cells[0]}" for line in rows)
