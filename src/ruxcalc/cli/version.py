"""`ruxcalc --version`: the version, and which editions of the labels it holds."""

from ruxcalc import __version__
from ruxcalc.editions import CAUTION, EDITIONS

SHOWN = ("name", "document", "number", "edition", "link")


def version_text(*, as_json: bool = False) -> str:
    """Return the version, the edition of each label, and the day of the last verification."""
    verified = min(edition["verified_on"] for edition in EDITIONS.values())
    if as_json:
        return _json(verified)
    lines = [
        f"ruxcalc {__version__}",
        *(
            f"{about['name']} {about['edition']}  {about['document']}, {about['number']}"
            for about in EDITIONS.values()
        ),
        f"Facts last verified {verified}. {CAUTION}",
    ]
    return "\n".join(lines) + "\n"


def _json(verified: str) -> str:
    import json

    answer = {
        "schema": "ruxcalc.version/1",
        "version": __version__,
        "editions": {
            region: {name: about[name] for name in SHOWN} for region, about in EDITIONS.items()
        },
        "facts_verified": verified,
        "caution": CAUTION,
    }
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
