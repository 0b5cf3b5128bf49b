"""The rules themselves, laid out."""

from ruxcalc.answers import LabelAnswer, LabelRow
from ruxcalc.render.page import Grid, Marks, Page, edition_lines, names, where


def label_page(answer: LabelAnswer) -> Page:
    """Every statement, the differences, or the figures, as asked for."""
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
                    (row.title, row.action, row.message or "-", where(row, marks))
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
    if answer.due is not None:
        title = "What was verified when"
        late = [row.name for row in answer.due if row.due]
        lines.append(f"Due again: {', '.join(late)}" if late else "Nothing is due again")
        rows = tuple(
            (row.name, row.verified_on, row.holds_until, "DUE" if row.due else "no")
            for row in answer.due
        )
        grids.append(Grid("", ("Facts", "Verified on", "Holds until", "Due"), rows))
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
    return f"{row.action} ({where(row, marks)})" + (f": {row.message}" if row.message else "")
