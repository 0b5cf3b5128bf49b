"""What a shell offers for a value, when the tab key is pressed.

Each function has the signature that Typer's `autocompletion=` takes. Typer writes the scripts of
the shells and compares what is offered with the word at the cursor.
"""

from collections.abc import Callable, Iterator

import typer

Offered = Iterator[tuple[str, str]]
Completion = Callable[[typer.Context, list[str], str], Offered]


def words(known: tuple[str, ...]) -> Completion:
    """Return what completes one of a few words, also after a comma."""

    def complete(_context: typer.Context, _words: list[str], incomplete: str) -> Offered:
        before, comma, _ = incomplete.rpartition(",")
        for word in known:
            if word not in before.split(","):
                yield f"{before}{comma}{word}", ""

    return complete


def medicines(_context: typer.Context, _words: list[str], incomplete: str) -> Offered:
    """Offer the listed medicines, generic names and brands, with their classes, in any case."""
    from ruxcalc.labels.medicines import names

    for name, rows in sorted(names().items(), key=lambda item: item[0].casefold()):
        classes = ", ".join(dict.fromkeys(row.drug_class for row in rows))
        # Typer compares letter by letter; st finds St John's wort.
        if name.casefold().startswith(incomplete.casefold()):
            yield incomplete + name[len(incomplete) :], classes


def sites(_context: typer.Context, _words: list[str], incomplete: str) -> Offered:
    """Offer the sites of the body, each to be followed by its number."""
    from ruxcalc.sites import SITES

    before, comma, _ = incomplete.rpartition(",")
    for code, title in SITES.items():
        yield f"{before}{comma}{code}=", title


def regions_and_topics(_context: typer.Context, _words: list[str], _incomplete: str) -> Offered:
    """Offer the regions, then the topics on which a label is read."""
    from ruxcalc.labels import REGIONS
    from ruxcalc.labels.topics import TOPICS

    yield from ((region, "") for region in REGIONS)
    yield from TOPICS.items()


def help_topics(_context: typer.Context, _words: list[str], _incomplete: str) -> Offered:
    """Offer the help topics, then the commands."""
    from ruxcalc.cli.help_topics import HELP_TOPICS
    from ruxcalc.cli.options import COMMANDS

    yield from ((name, "") for name in (*HELP_TOPICS, *COMMANDS))


def schemas(_context: typer.Context, _words: list[str], _incomplete: str) -> Offered:
    """Offer the names of the schemas."""
    from ruxcalc.cli.run import QUESTIONNAIRE
    from ruxcalc.schema import SCHEMAS

    yield from ((name, "") for name in (*SCHEMAS, QUESTIONNAIRE))
