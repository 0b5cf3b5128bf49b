"""The rules themselves, for review: each label's statements, and where two labels differ."""

from collections.abc import Iterator

from ruxcalc.answers import Difference, FigureRow, FormulaRow, LabelAnswer, LabelRow, LabelSheet
from ruxcalc.figures import FIGURES
from ruxcalc.labels.model import VERIFIED_AS, Action, Cap, Label, Quantity, Verified
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import plain_text
from ruxcalc.rules.basis import basis_of, edition_of
from ruxcalc.rules.body_surface import FORMULAS


def show_labels(labels: tuple[Label, ...]) -> LabelAnswer:
    """Every statement of each of `labels`, with section and verification."""
    sheets: dict[str, LabelSheet] = {label.region: sheet_of(label) for label in labels}
    return LabelAnswer("ruxcalc.label/1", sheets, None, None, None, basis_of(labels))


def show_differences(labels: tuple[Label, ...]) -> LabelAnswer:
    """The topics on which `labels` do not all say the same."""
    sheets: dict[str, dict[str, LabelRow]] = {
        label.region: {row.topic: row for row in rows_of(label)} for label in labels
    }
    differences = []
    for topic, title in TOPICS.items():
        said = {region: rows[topic] for region, rows in sheets.items() if topic in rows}
        if len({(row.action, row.message) for row in said.values()}) > 1:
            differences.append(Difference(topic, title, said))
    return LabelAnswer("ruxcalc.label/1", None, tuple(differences), None, None, basis_of(labels))


def show_figures(labels: tuple[Label, ...]) -> LabelAnswer:
    """The cited figures behind the estimates."""
    rows = tuple(
        FigureRow(
            figure.name,
            None if figure.only_spread else figure.value,
            figure.low,
            figure.high,
            figure.unit,
            figure.source,
        )
        for figure in FIGURES
    )
    formulas = tuple(
        FormulaRow(formula.name, formula.expression, formula.source)
        for formula in FORMULAS.values()
    )
    return LabelAnswer("ruxcalc.label/1", None, None, rows, formulas, basis_of(labels))


def sheet_of(label: Label) -> LabelSheet:
    """One label in full."""
    rows = {row.topic: row for row in rows_of(label)}
    return LabelSheet(
        edition=edition_of(label),
        regulator=label.regulator,
        approved=label.approved,
        verified_on=label.verified_on,
        rows=tuple(rows[topic] for topic in TOPICS),
    )


def rows_of(label: Label) -> Iterator[LabelRow]:
    """Each statement of a label: the values that the rules use, then the provisions."""
    yield _quantity_row("minimum-age", "Patients of {n} {unit} and older.", label.minimum_age)
    yield _quantity_row("maximum-area", "Up to {n} {unit} at a time.", label.max_area)
    yield _quantity_row(
        "frequency", "A thin layer, {n} applications {unit}.", label.applications_per_day
    )
    yield _row(
        "quantity-cap",
        "states",
        "At most "
        + ", or ".join(
            f"{cap.tubes} {'tube' if cap.tubes == 1 else 'tubes'} of {cap.tube_grams} g per"
            f" {cap.period}, {_length(cap)}"
            for cap in label.caps
        )
        + ".",
        label.caps[0].section,
        label.caps[0].verified,
    )
    if label.in_use is None:
        yield _row("in-use-life", "silent", "", "", "label-text")
    else:
        kept = label.in_use
        yield _row(
            "in-use-life",
            "states",
            f"{kept.months} months after opening (compared over {kept.days} days).",
            kept.section,
            kept.verified,
        )
    review = label.review
    yield _row(
        f"review-at-{review.week}-weeks", "states", review.message, review.section, review.verified
    )
    for provision in label.provisions:
        yield _row(
            provision.topic,
            provision.action,
            provision.message,
            provision.section,
            provision.verified,
        )


def _length(cap: Cap) -> str:
    """The length by which a use is held against a cap; no label defines a month."""
    if cap.period == "month":
        return f"which this label does not define (compared over {cap.period_days} days)"
    return f"compared over {cap.period_days} days"


def _quantity_row(topic: str, words: str, quantity: Quantity) -> LabelRow:
    message = words.format(n=plain_text(quantity.value), unit=quantity.unit)
    return _row(topic, "states", message, quantity.section, quantity.verified)


def _row(topic: str, action: Action, message: str, section: str, verified: Verified) -> LabelRow:
    return LabelRow(topic, TOPICS[topic], action, message, section or None, VERIFIED_AS[verified])
