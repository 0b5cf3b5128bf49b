"""`ruxcalc --version`: the version, and which editions of the labels it holds."""

from ruxcalc import __version__
from ruxcalc.labels import CAUTION, load_all


def version_text(*, as_json: bool = False) -> str:
    """Return the version, the edition of each label, and the day of the last verification."""
    labels = load_all()
    verified = min(label.verified_on for label in labels)
    if as_json:
        return _json(verified.isoformat())
    lines = [
        f"ruxcalc {__version__}",
        *(f"{label.name} {label.edition}  {label.document}, {label.number}" for label in labels),
        f"Facts last verified {verified}. {CAUTION}",
    ]
    return "\n".join(lines) + "\n"


def _json(verified: str) -> str:
    import json

    editions = {
        label.region: {
            "name": label.name,
            "document": label.document,
            "number": label.number,
            "edition": label.edition.isoformat(),
            "link": label.link,
        }
        for label in load_all()
    }
    answer = {
        "schema": "ruxcalc.version/1",
        "version": __version__,
        "editions": editions,
        "facts_verified": verified,
        "caution": CAUTION,
    }
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
