"""Keep a copy of every JSON Schema, so that a change of the contract is seen in review.

python tools/write_schemas.py       writes docs/schemas/*.json
"""

import json
from pathlib import Path

from ruxcalc.schema import SCHEMAS, schema_of

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"


def text_of(name: str) -> str:
    """Return the schema as it is kept."""
    return json.dumps(schema_of(name), indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (FOLDER / f"{name}.json").write_text(text_of(name), "utf-8")
