"""The page of the precautions: the verdict, what was given, what was not asked, what to tell."""

from typing import TYPE_CHECKING, NamedTuple

from ruxcalc.render.layout import (
    Block,
    Headline,
    Layout,
    Symbol,
    View,
    by_verdict,
    counted,
    editions_block,
    joined,
    place,
    sections,
)
from ruxcalc.render.pages import unasked
from ruxcalc.render.pages.given import (
    AVOIDED,
    NOT_SAFE,
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
    raised_words,
    topic_words,
)
from ruxcalc.results import Finding, Source, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ruxcalc.rules.assess import AssessRegion
    from ruxcalc.rules.warn import WarnAnswer, WarnRegion

WIDE_VERDICT = 50  # characters of what a headline names as not asked
AVOID_THE_CREAM = "Avoid the cream in "


class Entry(NamedTuple):
    """One headline of one label, before labels that say the same are joined."""

    verdict: Verdict
    symbol: Symbol
    words: str
    text: str


def lay_out(answer: "WarnAnswer", view: View) -> Layout:
    """Return the layout of the precautions."""
    count = ""
    if len(answer.regions) == 1:
        (part,) = answer.regions.values()
        count = f", {len(part.not_checked)} of {part.asked.of}"
    every_patient = (
        *unasked.tell_rows(answer, view, "Every patient"),
        *unasked.not_read_rows(answer, view),
    )
    return Layout(
        title="Precautions",
        headlines=tuple(safety_headlines(answer)),
        blocks=(
            finding_block(answer, view),
            Block(
                tuple(unasked.not_asked_rows(answer, view)),
                f'Not asked{count} (unknown is not "no")',
            ),
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
        unasked.tell_sentence(answer, view),
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
            entry = Entry(part.verdict, "ask", "NOT CLEARED", text)
            entries.setdefault(entry, {})[region] = []
        else:
            for entry, sources in _entries(answer, region, part):
                entries.setdefault(entry, {})[region] = sources
    return by_verdict(
        Headline(
            entry.symbol,
            entry.words,
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
    return Entry("nothing-found", "tick", words, text)


def _entries(
    answer: "WarnAnswer", region: str, part: "WarnRegion"
) -> list[tuple[Entry, list[Source]]]:
    """Return the headlines of one label: those of its verdict, not of what is less."""
    one = len(answer.regions) == 1
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
                of_one or words if one else words,
                each_once(given_name(found, region) for found in several) + ending,
            ),
            [found.source for found in several],
        )
        for (symbol, words, of_one, ending), several in kinds.items()
    ]


def _kind(found: Finding, verdict: Verdict, name: str) -> tuple[Symbol, str, str, str] | None:
    """Return symbol, words, words where one label was asked, and ending of a headline."""
    kinds: dict[str, tuple[Symbol, str, str, str]] = {
        "contraindicated": ("cross", "CONTRAINDICATED", "", ". Do not use the cream."),
        "avoid": _avoid_kind(found),
        "discontinue": ("cross", "DISCONTINUE", "DISCONTINUE THE CREAM", ""),
        "outside-indication": ("warn", "OUTSIDE THE LABEL", f"OUTSIDE THE {name} LABEL", ""),
        "label-silent": (
            "warn", "NOT MENTIONED", f"THE {name} LABEL DOES NOT MENTION", ". You decide."
        ),
        "label-not-read": ("warn", "NOT READ", f"NOT READ IN THE {name} LABEL", ". Look it up."),
        "drug-not-checked": ("warn", "NOT CHECKED", "", ". Look it up."),
        "end-stage-renal-disease-not-stated": (
            "ask", "ASK THE PATIENT", "", ": is it end-stage renal disease?"
        ),
        "not-recommended": ("warn", "NOT RECOMMENDED", "", ""),
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
    return kinds.get(found.code) or kinds.get(found.action) or ("warn", "CAUTION", "", "")


def _avoid_kind(found: Finding) -> tuple[Symbol, str, str, str]:
    if found.message.startswith(AVOID_THE_CREAM):
        return ("cross", "AVOID THE CREAM", "", "")
    if (found.about or {}).get("class"):
        return ("cross", "AVOID TOGETHER", "AVOID WITH THE CREAM", "")
    return ("cross", "AVOID", "", "")


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
        left = len(unasked.unread(part))
        if left:
            parts, were = ("part", "was") if left == 1 else ("parts", "were")
            name = answer.basis.editions[region].name
            points.append(f"{left} {parts} of the {name} label {were} not read")
        return "; ".join([f"all {part.asked.of} items answered", *points])
    if not named:
        return ""
    if len(answer.regions) == 1:
        topics = unasked.contraindicating(region, part) or unasked.avoided(region, part)
        grave = list(map(topic_words, topics))
        if grave:
            shown = grave[: unasked.fitting(grave, WIDE_VERDICT)]
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


# The note


def verdict_and_left(answer: "WarnAnswer", lines: list[Headline], view: View) -> tuple[str, str]:
    """Return the verdicts as a line of a note, and what was not asked or not read as another.

    What was not asked stands behind a verdict that has it as its reason.
    """
    verdicts = [headline.sentence for headline in lines]
    asked, read = unasked.not_asked_sentence(answer, view), unasked.not_read_sentence(answer, view)
    if lines[-1].verdict == "not-cleared" and asked:
        return joined([*verdicts, asked]), read
    return joined(verdicts), joined([asked, read])


def given_sentence(answer: "WarnAnswer", view: View) -> str:
    """Return what the labels say of what was given, as a line of a note."""
    return joined(
        f"{line.label + ': ' if line.label else ''}{line.cells[0]}"
        for line in finding_rows(answer, view)
    )
