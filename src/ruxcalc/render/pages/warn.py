"""The page of the precautions: the verdict, what was given, what was not asked, what to tell."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Row,
    Symbol,
    View,
    by_verdict,
    counted,
    editions_block,
    folded,
    grouped,
    joined,
    names,
    place,
    row,
    sections,
    with_names,
)
from ruxcalc.render.pages.given import (
    AVOIDED,
    NOT_SAFE,
    answered_topics,
    finding_block,
    finding_rows,
    given_name,
    said_by_headline,
    silent_everywhere,
)
from ruxcalc.render.pages.words import (
    ALL_OTHERS,
    ALL_OTHERS_ABSENT,
    answered_by_panel,
    asked_and_answered,
    each_once,
    label_of,
    raised_words,
    statement_words,
    topic_words,
)
from ruxcalc.results import Finding, Source, Verdict

if TYPE_CHECKING:
    from ruxcalc.rules.assess import AssessRegion
    from ruxcalc.rules.warn import WarnAnswer, WarnRegion

# What is shown first of the statements for every patient; the rest is counted.
BOXED = "boxed-warning"
BOXED_WORDS = "BOXED WARNING"
SHOWN_FIRST = ("boxed-warning", "contraception", "skin-examination")
WIDE_LIST = 40  # characters
WIDE_VERDICT = 50  # characters of what a headline names as not asked
MOST_OTHERS = 3
MOST_UNREAD = 3  # that a note names
CONTRAINDICATED = "CONTRAINDICATED"
AVOID_THE_CREAM = "Avoid the cream in "


class Entry(NamedTuple):
    """One headline of one label, before labels that say the same are joined.

    `of_one` are the words where that label alone was asked.
    """

    verdict: Verdict
    symbol: Symbol
    words: str
    of_one: str
    text: str


def lay_out(answer: "WarnAnswer", view: View) -> Layout:
    """Return the layout of the precautions."""
    count = ""
    if len(answer.regions) == 1:
        (part,) = answer.regions.values()
        count = f", {len(part.not_checked)} of {part.asked.of}"
    every_patient = (*tell_rows(answer, view, "Every patient"), *not_read_rows(answer, view))
    return Layout(
        title="Precautions",
        headlines=tuple(safety_headlines(answer)),
        blocks=(
            finding_block(answer, view),
            Block(tuple(_not_asked_rows(answer, view)), f'Not asked{count} (unknown is not "no")'),
            Block(every_patient, gap=view.full),
            editions_block(answer.basis, view),
        ),
        remarks=declared(answer),
        inputs=answered_by_panel(answer.inputs),
        working=answer.steps,
    )


def note_lines(answer: "WarnAnswer", view: View) -> list[str]:
    """Return the note of the precautions: verdict, what was asked, what was not."""
    verdict, left = verdict_and_left(answer, safety_headlines(answer, named=False), view)
    return [
        verdict,
        given_sentence(answer, view),
        joined([asked_and_answered(answer.inputs), *declared(answer)]),
        left,
        tell_sentence(answer, view),
    ]


def declared(answer: "WarnAnswer") -> tuple[str, ...]:
    """Return the declaration that everything else is absent, where it was made."""
    return (f"{ALL_OTHERS_ABSENT}.",) if answer.all_others_no else ()


# The verdict


def safety_headlines(
    answer: "WarnAnswer",
    over: "Mapping[str, WarnRegion | AssessRegion] | None" = None,
    *,
    named: bool = True,
) -> list[Headline]:
    """Return the verdict of each label, worst first; labels that say the same share a line.

    `over` are the regions of the whole answer: there is a tick only where nothing else was
    found there either. `named` is whether what was not asked stands there as the reason.
    """
    several = len(answer.regions) > 1
    entries: dict[Entry, dict[str, list[Source]]] = {}
    for region, part in answer.regions.items():
        if part.verdict == "nothing-found":
            judged = (over or answer.regions)[region]
            if judged.verdict == part.verdict:
                entries.setdefault(_nothing(part, judged), {})[region] = []
        elif part.verdict == "not-cleared":
            text = _not_cleared_text(answer, region, part, named=named)
            words = "NOT CLEARED"
            entries.setdefault(Entry(part.verdict, "ask", words, words, text), {})[region] = []
        else:
            for entry, sources in _entries(answer, region, part):
                entries.setdefault(entry, {})[region] = sources
    return by_verdict(
        Headline(
            entry.symbol,
            entry.words if several else entry.of_one,
            entry.text,
            place(answer.basis, list(places)) if several else "",
            sections(source for sources in places.values() for source in sources),
            entry.verdict,
        )
        for entry, places in entries.items()
    )


def _nothing(part: "WarnRegion", judged: "WarnRegion | AssessRegion") -> Entry:
    """Return the tick of a label that was answered whole; FOUND only where no finding stands."""
    text = f"all {part.asked.of} items answered"
    words = "NOTHING TO ACT ON" if judged.findings else "NOTHING FOUND"
    return Entry("nothing-found", "tick", words, words, text)


def _entries(
    answer: "WarnAnswer", region: str, part: "WarnRegion"
) -> list[tuple[Entry, list[Source]]]:
    """Return the headlines of one label: those of its verdict, not of what is less."""
    name = answer.basis.editions[region].name
    kinds: dict[tuple[Symbol, str, str, str], list[Finding]] = {}
    for found in part.findings:
        kind = _kind(found, part.verdict, name)
        if kind is not None and said_by_headline(answer, region, found):
            kind = (*kind[:3], SAID_WHOLE.get(found.code, kind[3]))
        if kind is not None:
            kinds.setdefault(kind, []).append(found)
    return [
        (
            Entry(
                part.verdict,
                symbol,
                words,
                of_one,
                each_once(given_name(found, region) for found in several) + ending,
            ),
            [found.source for found in several],
        )
        for (symbol, words, of_one, ending), several in kinds.items()
    ]


def _kind(found: Finding, verdict: Verdict, name: str) -> tuple[Symbol, str, str, str] | None:
    """Return symbol, words, words of one label, and ending of the headline for a finding."""
    kinds: dict[str, tuple[Symbol, str, str, str]] = {
        "contraindicated": ("cross", CONTRAINDICATED, CONTRAINDICATED, ". Do not use the cream."),
        "avoid": _avoid_kind(found),
        "discontinue": ("cross", "DISCONTINUE", "DISCONTINUE THE CREAM", ""),
        "outside-indication": ("warn", "OUTSIDE THE LABEL", f"OUTSIDE THE {name} LABEL", ""),
        "label-silent": (
            "warn", "NOT MENTIONED", f"THE {name} LABEL DOES NOT MENTION", ". You decide."
        ),
        "label-not-read": ("warn", "NOT READ", f"NOT READ IN THE {name} LABEL", ". Look it up."),
        "drug-not-checked": ("warn", "NOT CHECKED", "NOT CHECKED", ". Look it up."),
        "end-stage-renal-disease-not-stated": (
            "ask", "ASK THE PATIENT", "ASK THE PATIENT", ": is it end-stage renal disease?"
        ),
        "not-recommended": ("warn", "NOT RECOMMENDED", "NOT RECOMMENDED", ""),
    }  # fmt: skip
    of_verdict = {
        "contraindicated": ("contraindicated",),
        "avoid": AVOIDED,
        "outside-label": ("outside-indication",),
    }
    if verdict in of_verdict:
        return kinds[found.action] if found.action in of_verdict[verdict] else None
    if found.severity == "info":
        return None
    return kinds.get(found.code) or kinds.get(found.action) or ("warn", "CAUTION", "CAUTION", "")


def _avoid_kind(found: Finding) -> tuple[Symbol, str, str, str]:
    if found.message.startswith(AVOID_THE_CREAM):
        return ("cross", "AVOID THE CREAM", "AVOID THE CREAM", "")
    if (found.about or {}).get("class"):
        return ("cross", "AVOID TOGETHER", "AVOID WITH THE CREAM", "")
    return ("cross", "AVOID", "AVOID", "")


# The ending of a headline that stands without a row.
SAID_WHOLE = {"label-silent": f". {NOT_SAFE}"}
# What leaves a patient not cleared although every item was answered.
LEFT_OPEN = {
    "label-silent": "not mentioned by the label",
    "label-not-read": "not read in the label",
    "drug-not-checked": "not in our lists",
}


def _not_cleared_text(answer: "WarnAnswer", region: str, part: "WarnRegion", *, named: bool) -> str:
    if not part.not_checked:
        points = [
            f"{given_name(found, region)}: {LEFT_OPEN[found.code]}"
            for found in part.findings
            if found.code in LEFT_OPEN
        ]
        points += [
            f"{raised_words(topic)}: {LEFT_OPEN['label-silent']}"
            for topic in silent_everywhere(part)
        ]
        unread = len(_unread(part))
        if unread:
            parts, were = ("part", "was") if unread == 1 else ("parts", "were")
            name = answer.basis.editions[region].name
            points.append(f"{unread} {parts} of the {name} label {were} not read")
        return "; ".join([f"all {part.asked.of} items answered", *points])
    if not named:
        return ""
    if len(answer.regions) == 1:
        grave = list(map(topic_words, _contraindicating(region, part) or _avoided(region, part)))
        if grave:
            shown = grave[: _fitting(grave, WIDE_VERDICT)]
            left = len(grave) - len(shown)
            others = f" and {counted(left, 'other')}" if left else ""
            return f"{', '.join(shown)}{others} not asked"
        return f"{len(part.not_checked)} of {part.asked.of} items not asked"
    number = len([name for name in answer.inputs if name != ALL_OTHERS])
    if not number:
        return "nothing was asked"
    found = "nothing to act on" if part.findings else "nothing found"
    pronoun = "it" if number == 1 else "them"
    return f"{counted(number, 'question')} answered, {found} in {pronoun}"


# What was not asked


def _contraindicating(region: str, part: "WarnRegion") -> list[str]:
    found = [topic for topic in part.not_checked if _action(region, topic) == "contraindicated"]
    return sorted(found, key=lambda topic: topic == "hypersensitivity")  # the rarest last


def _avoided(region: str, part: "WarnRegion") -> list[str]:
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
        for topic in (*_contraindicating(region, part), *_avoided(region, part))
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
    for kind, graves in (("would contraindicate", _contraindicating), ("to be avoided", _avoided)):
        topics = {region: graves(region, part) for region, part in answer.regions.items()}
        words = {r: ", ".join(dict.fromkeys(map(topic_words, t))) for r, t in topics.items() if t}
        for regions, text in grouped(words):
            found.append((kind, names(answer.basis, regions) if several else "", text))
    others = _other_topics(answer)
    if others:
        found.append((counted(len(others), "other"), "", _others(others, view)))
    return found


def _not_asked_rows(answer: "WarnAnswer", view: View) -> list[Row]:
    """Return what was not asked as rows: kind, then regions and topics."""
    rows: list[Row] = []
    before = ""
    for kind, regions, words in not_asked(answer, view):
        place = f"{regions}: " if regions else ""
        rows.append(row("" if kind == before else kind, f"{place}{words}"))
        before = kind
    return rows


def _fitting(words: list[str], width: int) -> int:
    """Return how many of the first words fit in `width` characters; at least one does."""
    fitting = (n for n in range(len(words), 1, -1) if len(", ".join(words[:n])) <= width)
    return next(fitting, 1)


def _others(topics: Iterable[str], view: View) -> str:
    times = Counter(map(topic_words, topics))
    words = list(times)
    first = min(MOST_OTHERS, _fitting(words, WIDE_LIST))
    if view.full or len(words) <= first:
        return ", ".join(w if n == 1 else f"{w} ({n} items)" for w, n in times.items())
    return ", ".join(words[:first]) + (" ... --full" if view.hints else " and others")


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
        topics = _unread(part)
        if not topics:
            continue
        listed, more = ", ".join(topics), ""
        if not view.full and len(topics) > MOST_OTHERS:
            listed = f"{topics[0]} and {len(topics) - 1} more"
            more = " (--full)" if view.hints else ""
        text = f"{listed}: read them in the label{more}"
        rows.append(row("Not read", with_names(answer.basis, [region], text)))
    return rows


def _unread(part: "WarnRegion") -> list[str]:
    """Return what a label says to every patient and was not read, without what was given."""
    answered = answered_topics(part)
    return [topic_words(topic) for topic in part.not_read if topic not in answered]


# The note


def verdict_and_left(answer: "WarnAnswer", lines: list[Headline], view: View) -> tuple[str, str]:
    """Return the verdicts as a line of a note, and what was not asked or not read as another.

    What was not asked stands behind a verdict that has it as its reason.
    """
    verdicts = [headline.sentence for headline in lines]
    asked, read = not_asked_sentence(answer, view), not_read_sentence(answer, view)
    if lines[-1].verdict == "not-cleared" and asked:
        return joined([*verdicts, asked]), read
    return joined(verdicts), joined([asked, read])


def given_sentence(answer: "WarnAnswer", view: View) -> str:
    """Return what the labels say of what was given, as a line of a note."""
    return joined(
        f"{line.label + ': ' if line.label else ''}{line.cells[0]}"
        for line in finding_rows(answer, view)
    )


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
        topics = _unread(part)
        shown = topics if view.full else topics[:MOST_UNREAD]
        left = len(topics) - len(shown)
        more = f" and {left} more" if left else ""
        name = answer.basis.editions[region].name
        if topics:
            lines.append(f"Not read in the {name} label: {', '.join(shown)}{more}")
    return joined(lines)


def tell_sentence(answer: "WarnAnswer", view: View) -> str:
    """Return the statements for every patient, as a line of a full note."""
    rows = tell_rows(answer, view, "Every patient") if view.full else []
    return joined(f"{line.label or 'Also'}: {line.cells[0]}" for line in rows)
