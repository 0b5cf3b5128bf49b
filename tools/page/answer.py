"""What the page asks the program: a question as JSON in, what to show as JSON out."""

import json
import sys
from typing import Any

sys.path.insert(0, "/ruxcalc.zip")

from ruxcalc import InputError, api
from ruxcalc.patient import inputs_of
from ruxcalc.render.handout import render_handout_html
from ruxcalc.render.html import render_html
from ruxcalc.render.json import render_json
from ruxcalc.render.note import render_note


def answer(question: str) -> str:
    """Return the answer of `assess` as pages and texts, or why there is none."""
    regions, inputs = _read(question)
    try:
        found = api.assess(region=regions, **inputs)
    except InputError as error:
        return _refused(error)
    shown = {
        "html": render_html(found),
        "json": render_json(found),
        "note": render_note(found),
        "notes": list(found.notes),
    }
    return json.dumps(shown)


def handout(question: str) -> str:
    """Return the page for the patient, or why there is none."""
    regions, inputs = _read(question)
    known = inputs_of("handout")
    try:
        page = api.handout(region=regions, **{n: v for n, v in inputs.items() if n in known})
    except InputError as error:
        return _refused(error)
    return json.dumps({"html": render_handout_html(page)})


def _read(question: str) -> tuple[list[str], dict[str, Any]]:
    asked = json.loads(question)
    return asked["regions"], asked["inputs"]


def _refused(error: InputError) -> str:
    return json.dumps({"field": error.field, "message": error.reason})
