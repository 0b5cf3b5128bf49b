"""Which class a medicine belongs to, by its name: a slip is suggested, never assumed."""

import re
from typing import NamedTuple

from ruxcalc.labels.drugs import CLASSES, SPELLINGS

# What joins the names of a combination; a hyphen only where the parts are listed.
JOINED = re.compile(r"\s*(?:[/+&,;]|\band\b|\bwith\b)\s*", re.IGNORECASE)
IGNORED = re.compile("['.\u2019]")  # apostrophes, straight and curly, and full stops
BETWEEN = re.compile(r"[\s/+&()-]+")


class Match(NamedTuple):
    """A listed medicine: as it was typed, as it is listed, its class and the label topic."""

    typed: str
    listed: str
    drug_class: str
    topic: str


class Lookup(NamedTuple):
    """What was found for one typed name, and the parts of it that are in no CYP3A4 list."""

    matches: tuple[Match, ...]
    unknown: tuple[str, ...]


def _key(name: str) -> str:
    return BETWEEN.sub("-", IGNORED.sub("", name.casefold())).strip("-")


LISTED: dict[str, str] = {_key(name): name for _, names in CLASSES.values() for name in names} | {
    _key(spelling): name for spelling, name in SPELLINGS.items()
}


def look_up(typed: str) -> Lookup:
    """The classes of a medicine or of each part of a combination, in any case and spelling."""
    matches: list[Match] = []
    unknown: list[str] = []
    for part in _parts(typed):
        listed = LISTED.get(_key(part), "")
        found = [
            Match(part, listed, drug_class, topic)
            for drug_class, (topic, names) in CLASSES.items()
            if listed in names
        ]
        matches += found
        # A name known for another reason has still not been checked for CYP3A4.
        if not any("CYP3A4" in match.drug_class for match in found):
            unknown.append(part)
    return Lookup(tuple(matches), tuple(unknown))


def _parts(typed: str) -> list[str]:
    if _key(typed) in LISTED:
        return [typed]
    parts = [part for part in JOINED.split(typed) if part]
    pieces = {_key(piece): piece for part in parts for piece in _hyphenated(part)}
    return list(pieces.values()) or [typed]


def _hyphenated(part: str) -> list[str]:
    pieces = [piece for piece in part.split("-") if piece]
    if _key(part) in LISTED or not any(_key(piece) in LISTED for piece in pieces):
        return [part]
    return pieces


def nearest(name: str) -> tuple[str, ...]:
    """Listed names that are a word of `name` or look like it, nearest first; at most three."""
    # Only a name in no list pays for this import.
    from difflib import get_close_matches

    words = [word for word in _key(name).split("-") if word in LISTED]
    close = get_close_matches(_key(name), LISTED, n=3, cutoff=0.7)
    near = dict.fromkeys(LISTED[key] for key in (*words, *close))
    return tuple(listed for listed in near if _key(listed) != _key(name))[:3]
