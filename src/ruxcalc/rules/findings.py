"""Every finding of the program: code, severity, what it asks, and its sentence.

What a label says on a topic is a finding too; its words stand in `labels/provisions.csv`
and its code is the topic. Sentences hold no option name: they go into the record.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ruxcalc.labels.model import Label, Provision
from ruxcalc.results import Finding, Frozen, JsonValue, Severity, Source
from ruxcalc.rules.basis import source_of


class Kind(NamedTuple):
    """What all findings of one code share; `{...}` in `words` stand for values."""

    severity: Severity
    action: str
    words: str


# What is close to a limit, as a headline says it behind the names of the labels.
NEAR_MAXIMUM = (
    "{grams} g in a month of {days} days, {fewer_grams} g in {fewer_days} days, against {limit} g a"
    " month. The label does not say how long a month is. Ask how much is really used."
)

FINDINGS: dict[str, Kind] = {
    # How much
    "area-above-maximum": Kind(
        "critical",
        "reduce-area",
        "{area} % of the body surface is more than the {limit} % that the {label} label allows."
        " Treat a smaller area.",
    ),
    "quantity-above-maximum": Kind(
        "critical",
        "reduce-quantity",
        "The estimated use is more than the {label} label allows: {over}. Treat a smaller area or"
        " use less cream.",
    ),
    "quantity-near-maximum": Kind(
        "warning",
        "ask-use",
        f"The estimated use is close to the limit of the {{label}} label: {NEAR_MAXIMUM}",
    ),
    "tube-size-over-cap": Kind(
        "info",
        "use-other-tube-size",
        "{grams} g in {days} days is more than the {limit} g {per} that the {label} label"
        " allows with {size} g tubes. Use the other tube size.",
    ),
    "tube-outlives-opening": Kind(
        "info",
        "discard-after-opening",
        "A {size} g tube lasts about {days} days at this use, longer than the {months} months"
        " after opening. Discard what is left then.",
    ),
    "estimate-range-reaches-cap": Kind(
        "info",
        "ask-use",
        "The estimate is within the limit for {size} g tubes. The averages of groups in a trial"
        " reach {grams} g, more than {limit} g {per}. Ask how much is really used.",
    ),
    "dispensed-above-cap": Kind(
        "warning",
        "ask-use",
        "{tubes} for {days} days is more than the {label} label allows ({limit}): they should last"
        " at least {least} days. Dispensed is not used: ask how much is really used.",
    ),
    "tube-size-not-in-label": Kind(
        "info",
        "check-size",
        "The {label} label has tubes of {sizes}, not of {size} g. {counted}",
    ),
    "tube-size-not-stated": Kind(
        "info",
        "state-size",
        "The size of the tubes that were dispensed on {dates} is not stated, and the {label} label"
        " has several. They are not counted.",
    ),
    "dose-not-answered": Kind("warning", "correct-input", "The dose is not answered: {problem}"),
    # Continue or stop
    "repigmentation-below-threshold": Kind(
        "warning",
        "consider-stopping",
        "Repigmentation of {percent} at week {week} is under {limit} %. {asks}.",
    ),
    "review-without-score": Kind(
        "warning",
        "score",
        "The review of week {review} is due, and no repigmentation is known. If it is under"
        " {limit} % of the treated areas, {asks}.",
    ),
    "not-meaningful-by-week-{review}": Kind(
        "warning",
        "re-evaluate",
        "The patient does not find the repigmentation at week {week} meaningful. {asks}.",
    ),
    "patient-judgement-not-stated": Kind(
        "warning",
        "ask-patient",
        "Ask the patient whether the repigmentation is meaningful. If it is not, {asks}. No"
        " percentage applies.",
    ),
    "no-{review}-week-rule": Kind(
        "info",
        "none",
        "The {label} label has no rule at week {review} and applies no percentage. Silence is not"
        " advice to continue.",
    ),
    "satisfactory-areas-can-stop": Kind("info", "none", "{statements}"),
    "worsening": Kind(
        "info",
        "none",
        "Repigmentation is negative ({percent}): the vitiligo has worsened since the start.",
    ),
    "measure-not-stated": Kind(
        "info",
        "state-measure",
        "How the repigmentation was measured is not stated. The {label} label means the treated"
        " areas and names no score.",
    ),
    "measure-not-treated-area": Kind(
        "info",
        "compare-treated-areas",
        "Measured by {measure}. The {label} label means the treated areas and names no score; the"
        " two can differ.",
    ),
    "sites-disagree": Kind(
        "info",
        "decide-by-site",
        "The sites lead to different decisions ({sites}). The most cautious one is shown; decide"
        " by site.",
    ),
    "check-not-answered": Kind(
        "warning", "correct-input", "The response is not answered: {problem}"
    ),
    # Precautions
    "label-silent": Kind(
        "info",
        "read-other-label",
        "The {label} label does not mention this: {topic}. That does not make it safe. {others}",
    ),
    "label-not-read": Kind(
        "warning",
        "read-label",
        "We have not read what the {label} label says on this: {topic}. Look it up. {others}",
    ),
    "drug-not-checked": Kind(
        "info",
        "look-up",
        "{names} {verb} not in our CYP3A4 lists: not checked. Look {pronoun} up.{near}",
    ),
    "topical-not-systemic": Kind(
        "info",
        "look-up",
        "{names}: applied locally, so not checked as a systemic medicine. If it is used on the"
        " treated skin, it is another topical.",
    ),
    "own-cream-named": Kind(
        "info", "none", "{names}: this is the cream itself, not another medicine."
    ),
    "end-stage-renal-disease-not-stated": Kind(
        "warning",
        "ask",
        "eGFR {egfr} is under {limit}: ask whether this is end-stage renal disease. The {label}"
        " label gives no eGFR figure. If it is: {words}",
    ),
    "label-verification-old": Kind(
        "info",
        "read-label",
        "The facts of the {label} label were last verified on {day}, more than a year ago. Read"
        " the label again before you rely on them.",
    ),
    # Visits
    "earlier-review-outcome": Kind(
        "warning",
        "weigh-both",
        "At the visit of {day}, week {week}, the review led to: {decision}. The last visit says"
        " otherwise. Weigh both.",
    ),
    "measures-mixed": Kind(
        "warning",
        "compare-one-measure",
        "The visits were measured in several ways: {measures}. Face, body and treated areas can"
        " disagree. Compare within one measure.",
    ),
    "review-not-answered": Kind(
        "warning",
        "score",
        "Week {review} is past, and no visit since then says how the vitiligo responded. The"
        " review of the {label} label is due.",
    ),
}


class Later:
    """Words or a number of a sentence, put into text by `write` when the sentence is written."""

    def __init__(self, write: Callable[..., str], *values: object) -> None:
        self._write = write
        self._values = values

    def __str__(self) -> str:
        return self._write(*self._values)


class Draft(NamedTuple):
    """A finding whose sentence is not written yet: a list has use for code and severity only."""

    code: str
    severity: Severity
    action: str
    about: Mapping[str, JsonValue] | None
    source: Source
    words: str
    values: Mapping[str, object]


def draft(
    code: str,
    source: Source,
    *,
    severity: Severity | None = None,
    action: str | None = None,
    about: Mapping[str, JsonValue] | None = None,
    **values: object,
) -> Draft:
    """Return the finding `code`, with the `values` that belong into its sentence.

    `severity` and `action` replace those of the table where a rule says so.
    """
    kind = FINDINGS[code]
    return Draft(
        code.format(**values) if "{" in code else code,
        severity or kind.severity,
        action or kind.action,
        None if about is None else Frozen(about),
        source,
        kind.words,
        values,
    )


def written(of: Draft) -> Finding:
    """Return a finding with its sentence."""
    return Finding(
        of.code,
        of.severity,
        of.words.format(**of.values).strip(),
        of.action,
        of.about,
        of.source,
    )


def finding(
    code: str,
    source: Source,
    *,
    severity: Severity | None = None,
    action: str | None = None,
    about: Mapping[str, JsonValue] | None = None,
    **values: object,
) -> Finding:
    """Return the finding `code` with its sentence; the arguments are those of `draft`."""
    return written(draft(code, source, severity=severity, action=action, about=about, **values))


def provision_finding(
    label: Label, provision: Provision, about: Mapping[str, JsonValue] | None = None
) -> Finding:
    """Return what a label says on one topic as a finding; its code is the topic."""
    return Finding(
        code=provision.topic,
        severity=provision.severity,
        message=provision.message,
        action=provision.action,
        about=None if about is None else Frozen(about),
        source=source_of(label, provision),
    )
