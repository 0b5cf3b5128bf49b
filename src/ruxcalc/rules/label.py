"""The rules themselves, for review: each label's statements, and where two labels differ."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from ruxcalc.errors import InputError
from ruxcalc.figures import FIGURES, STATEMENTS
from ruxcalc.inputs import listed
from ruxcalc.labels import medicines
from ruxcalc.labels.model import VERIFIED_AS, Action, Label, Quantity
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import plain_text
from ruxcalc.results import Basis, Edition, Frozen, Severity
from ruxcalc.rules.basis import basis_of, edition_of
from ruxcalc.rules.body_surface import FORMULAS
from ruxcalc.rules.dispensed import cap_text
from ruxcalc.rules.freshness import due_on

if TYPE_CHECKING:
    from ruxcalc.rules.basis import Cited


class LabelRow(NamedTuple):
    """One statement of a label; `verified_on` is null where nobody read it."""

    topic: str
    title: str
    action: Action
    message: str
    section: str | None
    verified: str
    verified_on: date | None
    for_all: bool


class LabelSheet(NamedTuple):
    """One label: its edition, and its statements."""

    edition: Edition
    regulator: str
    approved: str
    verified_on: date
    rows: tuple[LabelRow, ...]


class Difference(NamedTuple):
    """A topic on which two labels do not say the same."""

    topic: str
    title: str
    statements: Frozen[str, LabelRow]


class FigureRow(NamedTuple):
    """A cited figure; `low` and `high` are its range, and `spread_of` says of what.

    `value` is null where only the range is known; `sd` is the standard deviation and `subjects`
    the number of people, where known. `words` holds all of it, for a person.
    """

    name: str
    value: Decimal | None
    low: Decimal
    high: Decimal
    unit: str
    sd: Decimal | None
    subjects: int | None
    spread_of: str
    words: str
    source: str


class StatementRow(NamedTuple):
    """A cited statement that is no figure."""

    name: str
    words: str
    source: str


class FormulaRow(NamedTuple):
    """A cited formula of body surface, from height H in cm and weight W in kg."""

    name: str
    expression: str
    source: str


class DueRow(NamedTuple):
    """When something was last verified, until when that holds, and whether it is due again."""

    name: str
    verified_on: date
    holds_until: date
    due: bool


class LabelAnswer(NamedTuple):
    """The rules themselves. Each part is null where it was not asked for."""

    schema: Literal["ruxcalc.label/1"]
    labels: Frozen[str, LabelSheet] | None
    differences: tuple[Difference, ...] | None
    figures: tuple[FigureRow, ...] | None
    statements: tuple[StatementRow, ...] | None
    formulas: tuple[FormulaRow, ...] | None
    due: tuple[DueRow, ...] | None
    basis: Basis
    worst: Severity | None = None
    notes: tuple[str, ...] = ()


Topics = str | Iterable[str] | None
HOW_TO_LIST = "ruxcalc help topics"
EMPTY = LabelAnswer(
    "ruxcalc.label/1", None, None, None, None, None, None, Basis(Frozen(), date.min, "")
)


def read_topics(names: Topics) -> tuple[str, ...]:
    """Return the topics named, one or several; all for none.

    Raises `InputError`, with the nearest for a slip.
    """
    try:
        several = [names] if isinstance(names, str) else listed("topics", names or ())
    except TypeError:
        raise InputError("topics", "are not names of topics", HOW_TO_LIST, names) from None
    for name in several:
        if not isinstance(name, str):
            raise InputError("topics", "is not a topic of a label", HOW_TO_LIST, name)
        if name.casefold() not in TOPICS:
            from difflib import get_close_matches

            near = get_close_matches(name.casefold(), TOPICS, n=1, cutoff=0.5)
            meant = f"{near[0]}? All topics: {HOW_TO_LIST}" if near else HOW_TO_LIST
            raise InputError("topics", "is not a topic of a label", meant, name)
    return tuple(dict.fromkeys(name.casefold() for name in several)) or tuple(TOPICS)


def show_labels(labels: tuple[Label, ...], topics: Topics = ()) -> LabelAnswer:
    """Return the statements of each label on `topics`, or every one, with how each was verified."""
    chosen = read_topics(topics)
    sheets = Frozen({label.region: sheet_of(label, chosen) for label in labels})
    return EMPTY._replace(labels=sheets, basis=basis_of(labels))


def show_differences(labels: tuple[Label, ...], topics: Topics = ()) -> LabelAnswer:
    """Return the topics on which `labels` do not all say the same."""
    sheets = {label.region: {row.topic: row for row in rows_of(label)} for label in labels}
    differences = []
    for topic in read_topics(topics):
        said = {region: rows[topic] for region, rows in sheets.items()}
        if len({(row.action, row.message) for row in said.values()}) > 1:
            differences.append(Difference(topic, TOPICS[topic], Frozen(said)))
    return EMPTY._replace(differences=tuple(differences), basis=basis_of(labels))


def show_figures(labels: tuple[Label, ...]) -> LabelAnswer:
    """Return the cited figures behind the estimates, and what else was read of the medicine."""
    return EMPTY._replace(
        figures=tuple(
            FigureRow(
                figure.name,
                None if figure.only_spread else figure.value,
                figure.low,
                figure.high,
                figure.unit,
                figure.sd,
                figure.subjects,
                figure.spread_of,
                figure.words,
                figure.source,
            )
            for figure in FIGURES
        ),
        statements=tuple(StatementRow(*statement) for statement in STATEMENTS),
        formulas=tuple(
            FormulaRow(formula.name, formula.expression, formula.source)
            for formula in FORMULAS.values()
        ),
        basis=basis_of(labels),
    )


def show_due(labels: tuple[Label, ...], day: date) -> LabelAnswer:
    """Return what was verified when, and what is due again on `day`: labels and medicines."""
    verified = [(f"{label.name}: {label.document}", label.verified_on) for label in labels]
    rows = (*verified, (medicines.SOURCE, medicines.READ_ON))
    return EMPTY._replace(
        due=tuple(DueRow(name, on, due_on(on), day > due_on(on)) for name, on in rows),
        basis=basis_of(labels),
    )


def sheet_of(label: Label, topics: Sequence[str] = tuple(TOPICS)) -> LabelSheet:
    """Return one label with its statements on `topics`."""
    rows = {row.topic: row for row in rows_of(label)}
    return LabelSheet(
        edition=edition_of(label),
        regulator=label.regulator,
        approved=label.approved,
        verified_on=label.verified_on,
        rows=tuple(rows[topic] for topic in topics),
    )


def rows_of(label: Label) -> Iterator[LabelRow]:
    """Yield each statement of a label: the limits that the rules use, then the provisions."""
    yield _quantity_row(label, "minimum-age", "Patients of {n} {unit} and older.")
    yield _quantity_row(label, "maximum-area", "Up to {n} {unit} at a time.")
    yield _quantity_row(label, "frequency", "A thin layer, {n} applications {unit}.")
    if label.caps:
        lengths = " or ".join(f"{cap.period_days} days" for cap in label.caps)
        undefined = any(cap.period == "month" for cap in label.caps)
        defined = " The label does not say how long a month is." if undefined else ""
        text = f"At most {cap_text(label)}.{defined} Compared over {lengths}."
        yield _limit_row(label, "quantity-cap", text, label.caps[0])
    else:
        yield _silent_row(label, "quantity-cap")
    if label.in_use is None:
        yield _silent_row(label, "in-use-life")
    else:
        kept = label.in_use
        text = f"{kept.months} months after opening (compared over {kept.days} days)."
        of_limit = _limit_row(label, "in-use-life", text, kept)
        yield of_limit._replace(verified_on=kept.verified_on)
    if label.reviews:
        text = " ".join(review.message for review in label.reviews)
        places = dict.fromkeys(review.section for review in label.reviews)
        of_limit = _limit_row(label, "review", text, label.reviews[0])
        yield of_limit._replace(section=", ".join(places))
    else:
        yield _silent_row(label, "review")
    for row in label.provisions.values():
        yield LabelRow(
            row.topic,
            TOPICS[row.topic],
            row.action,
            row.message if row.speaks else "",
            row.section or None,
            VERIFIED_AS[row.verified],
            row.verified_on,
            row.for_all,
        )


def _quantity_row(label: Label, topic: str, words: str) -> LabelRow:
    quantity: Quantity = {
        "minimum-age": label.minimum_age,
        "maximum-area": label.max_area,
        "frequency": label.applications_per_day,
    }[topic]
    text = words.format(n=plain_text(quantity.value), unit=quantity.unit)
    return _limit_row(label, topic, text, quantity)


def _limit_row(label: Label, topic: str, text: str, limit: "Cited") -> LabelRow:
    return LabelRow(
        topic,
        TOPICS[topic],
        "states",
        text,
        limit.section or None,
        VERIFIED_AS[limit.verified],
        label.verified_on,
        False,
    )


def _silent_row(label: Label, topic: str) -> LabelRow:
    return LabelRow(
        topic, TOPICS[topic], "silent", "", None, VERIFIED_AS["label-text"], label.verified_on,
        False,
    )  # fmt: skip
