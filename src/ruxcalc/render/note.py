"""The note format: a few lines of plain text to paste into a patient's record.

It says what a physician would sign: decision or contraindication, prescription, what was asked
and answered, what was not, the label and its date. It names no option, and carries no date of
the day: the record has its own.
"""

from ruxcalc.render.layout import View, editions_text
from ruxcalc.render.pages import Answer, page_of


def render_note(answer: Answer, full: bool = False) -> str:
    """Return the answer as a few lines of plain text; `full` leaves nothing out."""
    lines = page_of(answer).note_lines(answer, View(full=full))
    return "\n".join((*filter(None, lines), _basis_line(answer, full=full))) + "\n"


def _basis_line(answer: Answer, *, full: bool) -> str:
    basis = answer.basis
    plural = "" if len(basis.editions) == 1 else "s"
    editions = editions_text(basis, text_read=full)
    return f"Label{plural}: {editions}; verified {basis.facts_verified}. {basis.caution}"
