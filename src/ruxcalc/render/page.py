"""An answer laid out for reading: the answer first, the reason next, the source last.

A page is plain text in cells. The table, Markdown and other renderers decide only
how cells are drawn; nothing is said by layout or colour alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, assert_never

from ruxcalc.answers import (
    Answer,
    AssessAnswer,
    Basis,
    CapAnswer,
    CheckAnswer,
    DoseAnswer,
    DoseRegion,
    Finding,
    LabelAnswer,
    LabelRow,
    Source,
    Step,
    Supply,
    WarnAnswer,
    WarnRegion,
    findings_of,
)
from ruxcalc.labels.topics import TOPICS
from ruxcalc.numbers import plain_text, shown

PLAINLY_VERIFIED = "label text read"


class Grid(NamedTuple):
    """Rows of text under column headings; a cell may have several lines."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Page(NamedTuple):
    """What is read from top to bottom."""

    title: str
    answer: tuple[str, ...]
    grids: tuple[Grid, ...]
    footer: tuple[str, ...]


class Marks:
    """Footnotes on how a source was verified, numbered as they come up."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def of(self, verified: str) -> str:
        """The mark for one kind of verification; none for label text that was read."""
        if verified == PLAINLY_VERIFIED:
            return ""
        if verified not in self.texts:
            self.texts.append(verified)
        return f" [{self.texts.index(verified) + 1}]"

    def lines(self) -> tuple[str, ...]:
        """The footnotes."""
        return tuple(f"[{number}] {text}" for number, text in enumerate(self.texts, 1))


def lay_out(answer: Answer) -> Page:
    """The page of any answer."""
    match answer:
        case DoseAnswer():
            return _dose_page(answer)
        case CheckAnswer():
            return _check_page(answer)
        case WarnAnswer():
            return _warn_page(answer)
        case AssessAnswer():
            return _assess_page(answer)
        case LabelAnswer():
            return _label_page(answer)
        case _:
            assert_never(answer)


def names(basis: Basis, regions: Iterable[str]) -> str:
    """The regions' names, such as `EU, UK`."""
    return ", ".join(basis.editions[region].name for region in regions)


def edition_lines(basis: Basis) -> tuple[str, ...]:
    """The editions an answer stands on, the day of verification, and the caution."""
    return (
        *(
            f"{edition.name}: {edition.document}, edition {edition.edition}"
            + (f" (text read: {edition.text_read})" if edition.text_read != edition.edition else "")
            for edition in basis.editions.values()
        ),
        f"Facts last verified {basis.facts_verified}. {basis.caution}",
    )


# Dose


def dose_headline(answer: DoseAnswer) -> str:
    """How much cream, in one line."""
    use = answer.use
    return (
        f"{shown(use.grams_per_week)} g a week ({shown(use.grams_per_day)} g a day) for"
        f" {plain_text(answer.bsa_percent)} % of the body surface"
    )


def dose_details(answer: DoseAnswer) -> tuple[str, ...]:
    """How sure that is, what it means in ruxolitinib, and where a label is silent."""
    use = answer.use
    low, high = use.grams_per_week_range
    least, most = use.absorbed_mg_per_day_range
    shares = "; ".join(
        f"{share.value} {share.unit} {share.source}" for share in use.absorbed_sources
    )
    silent = [
        region
        for region, part in answer.regions.items()
        if any(tubes.discard_after_days is None for tubes in part.supply)
    ]
    method = answer.method
    estimate = (
        f"By {method.name} ({method.source}); spread {shown(low)} to {shown(high)} g a week"
        f" ({method.spread_source})."
    )
    exposure = (
        f"Ruxolitinib {shown(use.ruxolitinib_mg_per_day)} mg a day on the skin, of which about"
        f" {shown(least)} to {shown(most)} mg absorbed ({shares})."
    )
    if not silent:
        return estimate, exposure
    who = names(answer.basis, silent)
    return estimate, exposure, f"{who}: the label says nothing on how long an opened tube keeps."


def within_text(region: DoseRegion) -> str:
    """Within the label or not, and in what it is over."""
    if region.within_label:
        return "within the label"
    area = [] if region.area_within else ["area"]
    amount = [] if any(cap.within for cap in region.caps) else ["amount"]
    return f"OVER the label in {' and '.join(area + amount)}"


def area_text(answer: DoseAnswer, region: DoseRegion) -> str:
    """The area against the label's limit."""
    limit = region.max_bsa_percent
    return f"area {shown(answer.bsa_percent, 1, limit)} of {limit} %"


def cap_text(cap: CapAnswer) -> str:
    """The use against one cap, in the label's unit and period."""
    grams = shown(cap.estimated_grams, 1, cap.max_grams)
    return f"{grams} of {cap.max_grams} g per {cap.period}"


def tubes_text(tubes: Supply) -> str:
    """The tubes of one size for the supply period."""
    cost = "" if tubes.cost is None else f", cost {plain_text(tubes.cost)}"
    return f"{tubes.tubes} x {tubes.tube_grams} g{cost}"


def _dose_page(answer: DoseAnswer) -> Page:
    marks = Marks()
    basis = answer.basis
    verdicts = _merged(
        basis,
        {
            region: (f"{within_text(part)} ({area_text(answer, part)})",)
            for region, part in answer.regions.items()
        },
    )
    rows = _merged_each(
        basis,
        {
            region: [
                (
                    cap_text(cap),
                    "yes" if cap.within else "OVER",
                    tubes_text(tubes),
                    f"{shown(tubes.lasts_days)} days",
                    _where(cap.source, marks),
                )
                for cap, tubes in zip(part.caps, part.supply, strict=True)
            ]
            for region, part in answer.regions.items()
        },
    )
    columns = (
        "Region",
        "Amount against the cap",
        "Within",
        f"Tubes, {answer.supply_days} days",
        "Tube lasts",
        "Section",
    )
    return Page(
        "Dose",
        (dose_headline(answer), *(f"{who}: {verdict}" for who, verdict in verdicts)),
        (
            Grid("", columns, rows),
            *_findings_grids(answer, basis, marks),
            *_step_grids(answer.steps),
        ),
        (*dose_details(answer), *marks.lines(), *edition_lines(basis)),
    )


# Check


def decision_text(decision: str) -> str:
    """A decision in plain words; "consider stopping" is never shortened."""
    return decision.replace("-", " ").replace("re evaluate", "re-evaluate")


def check_headline(answer: CheckAnswer) -> str:
    """The week and the response, in one line."""
    measure = "measure not stated" if answer.measure is None else f"by {answer.measure}"
    return f"Week {plain_text(answer.week)}, {response_text(answer)} ({measure})"


def response_text(answer: CheckAnswer) -> str:
    """The repigmentation, as one figure or by site."""
    if answer.repigmentation_percent is not None:
        limits = _thresholds(answer)
        return f"repigmentation {shown(answer.repigmentation_percent, 1, *limits)} %"
    sites = next(iter(answer.regions.values())).sites
    if sites is None:
        return "repigmentation not given"
    listed = ", ".join(
        f"{site} {shown(part.repigmentation_percent, 1, *_thresholds(answer))} %"
        for site, part in sites.items()
    )
    return f"repigmentation {listed}"


def _thresholds(answer: CheckAnswer) -> list[Decimal]:
    rules = (part.rule for part in answer.regions.values())
    return [rule.threshold_percent for rule in rules if rule.threshold_percent is not None]


def _check_page(answer: CheckAnswer) -> Page:
    marks = Marks()
    rows = {
        region: (
            decision_text(part.decision),
            part.reason,
            "none set" if part.next_review_week is None else f"week {part.next_review_week}",
            _where(part.rule.source, marks),
        )
        for region, part in answer.regions.items()
    }
    grids = [
        Grid(
            "",
            ("Region", "Decision", "Reason", "Next review", "Section"),
            _merged(answer.basis, rows),
        )
    ]
    by_site = {
        (region, site): (
            site,
            f"{shown(part.repigmentation_percent, 1, *_thresholds(answer))} %",
            decision_text(part.decision),
        )
        for region, region_part in answer.regions.items()
        for site, part in (region_part.sites or {}).items()
    }
    if by_site:
        grids.append(
            Grid(
                "By site",
                ("Region", "Site", "Repigmentation", "Decision alone"),
                tuple((names(answer.basis, [key[0]]), *row) for key, row in by_site.items()),
            )
        )
    return Page(
        "Check",
        (check_headline(answer),),
        (*grids, *_findings_grids(answer, answer.basis, marks), *_step_grids(answer.steps)),
        (*marks.lines(), *edition_lines(answer.basis)),
    )


# Warn


def warn_headline(part: WarnRegion) -> str:
    """What one label says of this patient, in a few words; silence is said, not left out."""
    counts = [
        (severity, sum(finding.severity == severity for finding in part.findings))
        for severity in ("critical", "warning", "info")
    ]
    found = ", ".join(f"{count} {severity}" for severity, count in counts if count)
    said = "CONTRAINDICATED" if part.contraindicated else found or "no finding"
    silent = f"; label silent on {topics_text(part.silent)}" if part.silent else ""
    unread = f"; label not read on {topics_text(part.not_read)}" if part.not_read else ""
    return f"{said}{silent}{unread}"


def topics_text(topics: Iterable[str]) -> str:
    """The names of topics."""
    return "; ".join(TOPICS[topic] for topic in topics)


def _warn_page(answer: WarnAnswer) -> Page:
    marks = Marks()
    basis = answer.basis
    rows = {
        region: (warn_headline(part).replace("; ", "\n"), _found_topics(part))
        for region, part in answer.regions.items()
    }
    general = [
        (region, finding) for region, part in answer.regions.items() for finding in part.general
    ]
    return Page(
        "Warn",
        (),
        (
            Grid("", ("Region", "Answer", "Found"), _merged(basis, rows)),
            *_findings_grids(answer, basis, marks),
            *_grids_of("For every patient", general, basis, marks),
            *_topic_grids(answer),
            *_step_grids(answer.steps),
        ),
        (*marks.lines(), *edition_lines(basis)),
    )


def _found_topics(part: WarnRegion) -> str:
    titles = (TOPICS.get(f.code, f.code.replace("-", " ").capitalize()) for f in part.findings)
    return "\n".join(dict.fromkeys(titles)) or "-"


def _topic_grids(answer: WarnAnswer) -> list[Grid]:
    kinds = (
        (
            "Silent: given, and the label says nothing, which is not safety",
            {region: part.silent for region, part in answer.regions.items()},
        ),
        (
            "Not read: given, but this part of the label was not read",
            {region: part.not_read for region, part in answer.regions.items()},
        ),
        (
            "Not checked: not given, which is not the same as no",
            {region: part.not_checked for region, part in answer.regions.items()},
        ),
    )
    return [
        Grid(
            title,
            ("Region", "Topics"),
            _merged(
                answer.basis,
                {region: (topics_text(topics),) for region, topics in by_region.items() if topics},
            ),
        )
        for title, by_region in kinds
        if any(by_region.values())
    ]


# Assess


def _assess_page(answer: AssessAnswer) -> Page:
    parts = [
        _page_without_findings(part)
        for part in (answer.dose, answer.check, answer.warn)
        if part is not None
    ]
    marks = Marks()
    found = _findings_grids(answer, answer.basis, marks)
    general = [
        (region, finding)
        for region, part in answer.warn.regions.items()
        for finding in part.general
    ]
    worst = "No finding" if answer.worst is None else f"Worst finding: {answer.worst}"
    return Page(
        "Assess",
        (worst, *not_answered(answer), *(line for page in parts for line in page.answer)),
        (
            *(page.grids[0]._replace(title=page.title) for page in parts),
            *found,
            *_grids_of("For every patient", general, answer.basis, marks),
            *(grid for page in parts for grid in page.grids[1:]),
        ),
        (*marks.lines(), *edition_lines(answer.basis)),
    )


def not_answered(answer: AssessAnswer) -> list[str]:
    """The parts that were not asked for, which is not the same as nothing to say."""
    lines = []
    if answer.dose is None:
        lines.append("Dose and quantity not checked: no area was given")
    if answer.check is None:
        lines.append("Going on or stopping not checked: no week was given")
    return lines


def _page_without_findings(answer: DoseAnswer | CheckAnswer | WarnAnswer) -> Page:
    """The page of one part; its findings stand once, in those of the whole."""
    page = lay_out(answer)
    kept = tuple(grid for grid in page.grids if grid.title not in ("Findings", "For every patient"))
    return page._replace(grids=kept)


# Label


def _label_page(answer: LabelAnswer) -> Page:
    marks = Marks()
    grids: list[Grid] = []
    title, lines = "Label", []
    for sheet in (answer.labels or {}).values():
        edition = sheet.edition
        revision = f" ({edition.edition_name})" if edition.edition_name else ""
        lines.append(
            f"{edition.name}: {edition.document}, {edition.number}, edition"
            f" {edition.edition}{revision}, text read {edition.text_read}, vitiligo approved"
            f" {sheet.approved}, verified {sheet.verified_on}. {edition.link}"
        )
        grids.append(
            Grid(
                f"{edition.name} label, {sheet.regulator}",
                ("Topic", "Action", "What it says", "Section"),
                tuple(
                    (row.title, row.action, row.message or "-", _where(row, marks))
                    for row in sheet.rows
                ),
            )
        )
    if answer.differences is not None:
        regions = tuple(answer.basis.editions)
        title = "Label differences"
        unread = sum(
            any(row.action == "not-read" for row in difference.statements.values())
            for difference in answer.differences
        )
        lines.append(
            f"{len(answer.differences)} topics differ between {names(answer.basis, regions)};"
            f" on {unread} of them one label was not read"
        )
        grids.append(
            Grid(
                "Where the labels differ",
                ("Topic", *(answer.basis.editions[region].name for region in regions)),
                tuple(
                    (
                        difference.title,
                        *(
                            _statement(difference.statements.get(region), marks)
                            for region in regions
                        ),
                    )
                    for difference in answer.differences
                ),
            )
        )
    if answer.figures is not None:
        title = "Figures behind the estimates"
        grids.append(
            Grid(
                "",
                ("Figure", "Value", "Spread", "Source"),
                tuple(
                    (
                        figure.name,
                        "-" if figure.value is None else f"{figure.value} {figure.unit}",
                        "-" if figure.low == figure.high else f"{figure.low} to {figure.high}",
                        figure.source,
                    )
                    for figure in answer.figures
                ),
            )
        )
    if answer.formulas is not None:
        grids.append(
            Grid(
                "Body surface, m2, from height H in cm and weight W in kg",
                ("Formula", "Expression", "Source"),
                tuple(answer.formulas),
            )
        )
    return Page(title, tuple(lines), tuple(grids), (*marks.lines(), *edition_lines(answer.basis)))


def _statement(row: LabelRow | None, marks: Marks) -> str:
    if row is None:
        return "-"
    return f"{row.action} ({_where(row, marks)})" + (f": {row.message}" if row.message else "")


# Shared


def _merged(basis: Basis, rows: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """A row by region; regions with the same row share one."""
    return _merged_each(basis, {region: [row] for region, row in rows.items()})


def _merged_each(
    basis: Basis, rows: Mapping[str, Sequence[tuple[str, ...]]]
) -> tuple[tuple[str, ...], ...]:
    """Several rows by region, merged as long as regions share all of theirs."""
    regions_by_rows: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for region, several in rows.items():
        regions_by_rows.setdefault(tuple(several), []).append(region)
    return tuple(
        (names(basis, regions), *row)
        for several, regions in regions_by_rows.items()
        for row in several
    )


def merged_findings(
    found: Iterable[tuple[str, Finding]],
) -> list[tuple[list[str], list[Finding]]]:
    """Findings that say the same in several regions, together with those regions."""
    together: dict[tuple[str, str, str], tuple[list[str], list[Finding]]] = {}
    for region, finding in found:
        key = (finding.severity, finding.code, finding.message)
        regions, findings = together.setdefault(key, ([], []))
        regions.append(region)
        findings.append(finding)
    return list(together.values())


def _findings_grids(answer: Answer, basis: Basis, marks: Marks) -> list[Grid]:
    return _grids_of("Findings", findings_of(answer), basis, marks)


def _grids_of(
    title: str, found: list[tuple[str, Finding]], basis: Basis, marks: Marks
) -> list[Grid]:
    if not found:
        return []
    rows = tuple(
        (
            findings[0].severity,
            names(basis, regions),
            findings[0].message,
            "\n".join(dict.fromkeys(_where(finding.source, marks) for finding in findings)),
        )
        for regions, findings in merged_findings(found)
    )
    return [Grid(title, ("Severity", "Region", "What, why, what to do", "Section"), rows)]


def _where(place: Source | LabelRow, marks: Marks) -> str:
    return f"{place.section or '-'}{marks.of(place.verified)}"


def _step_grids(steps: tuple[Step, ...] | None) -> list[Grid]:
    if not steps:
        return []
    return [Grid("Working", ("Step", "Formula", "Numbers", "Result", "Source"), tuple(steps))]
