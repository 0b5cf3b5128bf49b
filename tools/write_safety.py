"""Write the readable hazard log from the one place where it is kept.

    python tools/write_safety.py        rewrites part of docs/safety/README.md in place

docs/safety/hazards.toml is the source; a test compares the page with what this would
write. The words above the marker are kept by hand.
"""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "docs" / "safety"
PAGE = FOLDER / "README.md"
MARKER = "<!-- From here on written by tools/write_safety.py out of hazards.toml. -->\n"

Log = dict[str, Any]
Row = dict[str, Any]


def read() -> Log:
    """Read the hazard log as data."""
    return tomllib.loads((FOLDER / "hazards.toml").read_text("utf-8"))


def risk(log: Log, at: Row) -> str:
    """Return the risk of a severity and a likelihood, by the matrix."""
    (severity,) = (row for row in log["severity"] if row["name"] == at["severity"])
    return str(severity["risk"][names(log["likelihood"]).index(at["likelihood"])])


def names(scale: list[Row]) -> list[str]:
    """Return the steps of a scale, mildest first."""
    return [row["name"] for row in scale]


def table(*rows: tuple[str, ...]) -> str:
    """Return a Markdown table whose first row is its head."""
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body]) + "\n"


def _assessed(log: Log, at: Row) -> str:
    return f"{risk(log, at)} (severity {at['severity']}, likelihood {at['likelihood']})"


def _anchor(hazard: Row) -> str:
    heading = f"{hazard['id']} {hazard['title']}".lower()
    kept = "".join(letter for letter in heading if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def _scales(log: Log) -> str:
    rarest_first = names(log["likelihood"])
    return "\n".join(
        [
            "## Scales\n",
            table(("Severity", "Meaning"), *((s["name"], s["means"]) for s in log["severity"])),
            table(("Likelihood", "Meaning"), *((s["name"], s["means"]) for s in log["likelihood"])),
            "Risk, of both:\n",
            table(
                ("", *rarest_first), *((f"**{s['name']}**", *s["risk"]) for s in log["severity"])
            ),
        ]
    )


def _overview(log: Log) -> str:
    rows = [
        (f"[{h['id']}](#{_anchor(h)})", h["title"], risk(log, h["before"]), risk(log, h["after"]))
        for h in log["hazard"]
    ]
    return "## Overview\n\n" + table(("Hazard", "", "Risk before", "Risk after"), *rows)


def _hazard(log: Log, hazard: Row) -> str:
    facts = table(
        ("", ""),
        ("**What can go wrong**", hazard["goes_wrong"]),
        ("**Cause**", hazard["cause"]),
        ("**Effect on the patient**", hazard["effect"]),
        ("**Risk before**", _assessed(log, hazard["before"])),
        ("**Risk after**", _assessed(log, hazard["after"])),
        ("**What remains**", hazard["remains"]),
    )
    controls = [
        "\n".join([f"- {control['says']}", *(f"  - `{test}`" for test in control["tests"])])
        for control in hazard["control"]
    ]
    heading = f"### {hazard['id']} {hazard['title']}\n"
    return "\n".join([heading, facts, "Controls, and what holds them:\n", *controls, ""])


def with_log(text: str) -> str:
    """Return `text` with the log below the marker."""
    by_hand, marker, _ = text.partition(MARKER)
    assert marker, f"{PAGE} has lost its marker"
    log = read()
    parts = [_scales(log), _overview(log), "## Hazards\n"]
    return by_hand + "\n".join([marker, *parts, *(_hazard(log, h) for h in log["hazard"])])


if __name__ == "__main__":
    PAGE.write_text(with_log(PAGE.read_text("utf-8")), "utf-8")
