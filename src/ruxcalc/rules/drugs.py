"""Which classes a medicine belongs to, by its name or ATC code.

A name is read word by word. Salt, form, strength, route and frequency are left out; what remains
must be a listed name, a code, or a generic name with a listed stem. A part of a word never counts,
and a slip is suggested, never assumed.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from ruxcalc.labels.medicines import APPLIED_LOCALLY, THIS_CREAM, Medicine, medicines, names

REMEMBERED = 4096
MOST_SUGGESTED = 3
LONGEST_SUGGESTED = 60  # characters; what is longer is no slip of a name

# The patterns are compiled where they are first used, and `re` remembers them: the name of a
# listed medicine needs none of them.
# What stands between two medicines. A stroke and a hyphen join the parts of one product, and
# a comma between two figures is a decimal one.
BETWEEN_MEDICINES = r"(?i)\s*(?:[+&;]|,(?!\d)|(?<!\d),|\b(?:and|with|plus)\b)\s*"
BRACKETED = r"[(\[{]([^()\[\]{}]*)[)\]}]"
WORD = r"[^\s/()\[\]{}\u2010-\u2015-]+"
# Apostrophes, quotation marks, full stops, colons, signs of a trade mark.
IGNORED = "['\".:*\u2019\u201c\u201d\u00ae\u2122]"
# Strengths of what is applied to the skin: 0.1 %, 2 %, 20 mg/g; not 50 %, which is of a dose.
PER_CENT_OR_PER_GRAM = r"(?i)(?<![\d.,])\d(?:[.,]\d+)?\s*%|\d\s*mg\s*/\s*g\b"

UNITS = r"mg|mcg|ug|\u00b5g|\u03bcg|g|kg|ml|l|iu|u|units?|mmol|meq|mm|cm|m2|h|hr|hrs|hours?|days?"
STRENGTH = rf"x?\d+(?:[x,]\d+)*(?:%|{UNITS})?|%|{UNITS}"
ATC_CODE = r"[a-z]\d\d(?:[a-z](?:[a-z](?:\d\d)?)?)?"
ATC_LENGTHS = (7, 5, 4, 3)
ATC_FULL = 7
ATC_PIECES = 3  # "J02A C 02"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that say that a medicine reaches the whole body; they outweigh the local ones.
SYSTEMIC = _set(
    "oral orally po mouth systemic tablet tablets tab tabs caplet caplets capsule capsules cap caps"
    " softgel softgels soft syrup elixir injection injections injectable infusion intravenous iv"
    " intramuscular im subcutaneous sc rectal suppository suppositories transdermal"
)
# Words that say that it is applied to the skin, the eye or another place.
LOCAL = _set(
    "cream creams creme ointment ointments gel gels lotion lotions shampoo shampoos foam paste"
    " liniment lacquer topical topically cutaneous dermal skin scalp ophthalmic eye eyes eyedrops"
    " ear otic nasal nose nostril inhaled inhaler inhalation vaginal intravaginal pessary pessaries"
    " ovule ovules intravitreal"
)
OTHER_WORDS = _set(
    "atc sr xr er cr mr la xl dr ec cd prolonged extended modified sustained delayed immediate slow"
    " release released retard controlled film coated enteric hard chewable dispersible"
    " disintegrating effervescent granules powder sachet sachets pack kit prefilled pre filled"
    " syringe pen autoinjector auto injector vial vials ampoule ampoules suspension solution"
    " emulsion drops drop spray patch patches liquid concentrate for per of in the a dose doses"
    " dosed low high boosted generic therapy treatment daily once twice three times day week weekly"
    " every od bd bid tds tid qds qid qd nightly morning evening gelatin"
)
SALTS = _set(
    "hydrochloride hcl dihydrochloride hydrobromide bromide chloride sulfate sulphate mesylate"
    " mesilate tosylate tosilate besylate besilate phosphate diphosphate citrate tartrate maleate"
    " malate fumarate succinate acetate lactate lactobionate stearate ethylsuccinate estolate"
    " gluconate nitrate carbonate sodium potassium calcium magnesium disodium dimeglumine meglumine"
    " ethanolate monohydrate dihydrate trihydrate hydrate anhydrous hemihydrate mofetil pegol"
    " pivalate palmitate"
)
FORMS = SYSTEMIC | LOCAL | OTHER_WORDS
# After these words the name is not what the patient takes, or not of that strength.
DENIED = frozenset(("no", "non", "not", "without", "weak", "never", "stopped"))

BIOLOGIC = "therapeutic-biologic"  # the topic
BIOSIMILAR_SUFFIX = 4  # letters, as in adalimumab-atto
SHORTEST_INN = {"mab": 6, "cept": 8, "citinib": 9}
NOT_INN = frozenset(("aricept", "intercept"))  # a brand of donepezil; a word


class Match(NamedTuple):
    """A medicine that was found: as typed, as listed, its class and the label topic it raises."""

    given: str
    name: str
    drug_class: str
    topic: str
    note: str


class Lookup(NamedTuple):
    """What was found for one entry.

    `unlisted` holds the names that are in no CYP3A4 list, also those found for another class.
    `topical` holds the names that say that they are applied to the skin, the eye or another place:
    they were not looked up as systemic medicines. `own_cream`: this cream itself was named.
    """

    matches: tuple[Match, ...]
    unlisted: tuple[str, ...]
    own_cream: bool
    topical: tuple[str, ...]


class _Word(NamedTuple):
    """A word of an entry, in lower case, with its place and what stands before it."""

    key: str
    start: int
    end: int
    before: str


class _Product(NamedTuple):
    """One medicine of an entry: as typed, and what stands outside and inside its brackets."""

    typed: str
    outside: str
    inside: list[str]


class _Named(NamedTuple):
    """A run of words that is listed (with its rows), or one that is not (without)."""

    typed: str
    name: str
    rows: tuple[Medicine, ...]


@lru_cache(maxsize=REMEMBERED)
def look_up(given: str) -> Lookup:
    """Return the classes of a medicine, or of each medicine of a combination (US label 1.3, 7).

    Any text is accepted; nothing is raised. Text in which no name is found is `unlisted`.
    """
    text = " ".join(given.split())
    rows = _index().get(_key(text), ())
    if rows:
        return _lookup([_Named(text, rows[0].name, rows)])
    parts = [_look_up_product(product) for product in _products(text)]
    if text and not parts:
        return _lookup([_Named(text, text, ())])
    return Lookup(
        matches=tuple(_once(match for part in parts for match in part.matches)),
        unlisted=tuple(dict.fromkeys(name for part in parts for name in part.unlisted)),
        own_cream=any(part.own_cream for part in parts),
        topical=tuple(dict.fromkeys(name for part in parts for name in part.topical)),
    )


@lru_cache(maxsize=REMEMBERED)
def nearest(name: str) -> tuple[str, ...]:
    """Return listed names that are a word of `name` or look like it, nearest first; at most 3."""
    # Imported only for a name in no list: it is slow to load.
    from difflib import get_close_matches

    listed = _suggestible()
    typed = _key(name)
    bare = _bare_key(name)
    if len(bare) > LONGEST_SUGGESTED:
        return ()
    words = [word for word in bare.split("-") if word in listed]
    close = get_close_matches(bare, listed, n=MOST_SUGGESTED, cutoff=0.7)
    near = dict.fromkeys(listed[key] for key in (*words, *close) if key != typed)
    return tuple(near)[:MOST_SUGGESTED]


def _key(name: str) -> str:
    if name.isalnum():  # one word, as most names are
        return name.casefold()
    return "-".join(word.key for word in _words(name))


def _bare_key(name: str) -> str:
    """Return the key of a name without salt, form and strength."""
    return "-".join(word for word in _key(name).split("-") if word and not _decorates(word))


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for found in re.finditer(WORD, text):
        key = re.sub(IGNORED, "", found[0].casefold())
        if key:
            words.append(_Word(key, found.start(), found.end(), text[end : found.start()]))
            end = found.end()
    return words


def _is_form(word: str) -> bool:
    return word in FORMS or re.fullmatch(STRENGTH, word) is not None


def _decorates(word: str) -> bool:
    return _is_form(word) or word in SALTS


@cache
def _index() -> dict[str, tuple[Medicine, ...]]:
    """Return the rows for each name and code, by key; a name also without its salt."""
    index: dict[str, tuple[Medicine, ...]] = {}
    for name, rows in names().items():
        key = _key(name)
        index[key] = (*index.get(key, ()), *rows)
    for medicine in medicines():
        for code in medicine.atc:
            index[code.casefold()] = (*index.get(code.casefold(), ()), medicine)
    for name, rows in names().items():
        bare = _bare_key(name)
        if bare and not rows[0].applied_locally:
            index.setdefault(bare, rows)
    return index


@cache
def _most_words() -> int:
    return max(key.count("-") + 1 for key in _index())


@cache
def _suggestible() -> dict[str, str]:
    """Return what may be suggested for each key: a brand itself, a spelling by its name."""
    listed: dict[str, str] = {}
    for medicine in medicines():
        if medicine.drug_class != APPLIED_LOCALLY:
            listed |= {_key(name): medicine.name for name in (medicine.name, *medicine.spellings)}
            listed |= {_key(brand): brand for brand in medicine.brands}
    return listed


def _products(text: str) -> list[_Product]:
    """Split an entry into its medicines; what stands in brackets is never split off."""
    masked = re.sub(BRACKETED, lambda found: "\0" * len(found[0]), text)
    products: list[_Product] = []
    start = 0
    for stop, following in _cuts(masked):
        typed = text[start:stop].strip()
        outside = masked[start:stop].replace("\0", " ").strip()
        inside = [found[1] for found in re.finditer(BRACKETED, typed)]
        if not _words(outside):
            outside, inside = " ".join(inside), []
        if products and all(_is_form(word.key) for word in _words(outside)):
            products[-1].inside.append(typed)  # "ketoconazole 2 %, cream": the form of the name
        elif typed:
            products.append(_Product(typed, outside, inside))
        start = following
    return products


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(BETWEEN_MEDICINES, text):
        yield found.span()
    yield len(text), len(text)


def _look_up_product(product: _Product) -> Lookup:
    """Look up one product: a name in brackets is another name of what stands before them."""
    everything = " ".join((product.outside, *product.inside))
    words = {word.key for word in _words(everything)}
    if words & DENIED:
        return Lookup((), (product.typed,), own_cream=False, topical=())
    named = _names(product)
    local = bool(words & LOCAL or re.search(PER_CENT_OR_PER_GRAM, everything))
    if local and not words & SYSTEMIC:
        own = any(_is_ruxolitinib(name) for name in named)
        return Lookup((), (), own_cream=own, topical=() if own else (product.typed,))
    if len(named) == 1:
        named = [named[0]._replace(typed=product.typed)]
    return _lookup(named or [_Named(product.typed, product.typed, ())])


def _names(product: _Product) -> list[_Named]:
    named = _names_in(product.outside)
    known = {row for name in named for row in name.rows}
    for text in product.inside:
        aliases = _names_in(text)
        whole = all(name.rows for name in aliases) and not re.search(BETWEEN_MEDICINES, text)
        if aliases and whole and not known:
            named = []  # "Opdivo (nivolumab)": the brand is the same medicine
        named += [name for name in aliases if not known.issuperset(name.rows)]
    # "Protopic (tacrolimus)": the tacrolimus is that of the ointment.
    applied = {
        word
        for name in named
        for row in name.rows
        if row.applied_locally
        for word in row.name.split()
    }
    return [name for name in named if name.name not in applied]


def _is_ruxolitinib(named: _Named) -> bool:
    return named.name == "ruxolitinib" or any(row.drug_class == THIS_CREAM for row in named.rows)


def _lookup(named: list[_Named]) -> Lookup:
    matches = _once(
        Match(one.typed, one.name if row.stems else row.name, row.drug_class, row.topic, row.note)
        for one in named
        for row in one.rows
        if not row.applied_locally
    )
    own = any(row.drug_class == THIS_CREAM for one in named for row in one.rows)
    topical = [
        one.typed for one in named if any(row.drug_class == APPLIED_LOCALLY for row in one.rows)
    ]
    # A name found for another reason has still not been checked for CYP3A4.
    unlisted = [
        one.typed
        for one in named
        if not any(row.applied_locally or "CYP3A4" in row.drug_class for row in one.rows)
    ]
    return Lookup(tuple(matches), tuple(unlisted), own, tuple(topical))


def _once(matches: Iterator[Match]) -> list[Match]:
    """Return each medicine and class once: as it was typed first."""
    found: dict[tuple[str, str], Match] = {}
    for match in matches:
        found.setdefault((match.name, match.drug_class), match)
    return list(found.values())


def _names_in(text: str) -> list[_Named]:
    """Return the listed names in a text, longest first, and the runs of words between them."""
    words = [word for word in _words(text) if not _decorates(word.key)]
    named: list[_Named] = []
    unknown: list[_Word] = []
    at = 0
    while at < len(words):
        count, name, rows = _listed_at(words, at)
        if rows:
            named += _runs(text, unknown)
            unknown = []
            typed = text[words[at].start : words[at + count - 1].end]
            named.append(_Named(typed, name, rows))
        else:
            unknown.append(words[at])
        at += count
    return named + _runs(text, unknown)


def _runs(text: str, unknown: list[_Word]) -> list[_Named]:
    """Return unknown words as names: as they stand beside each other, parted by a stroke."""
    runs: list[list[_Word]] = []
    for word in unknown:
        if runs and "/" not in text[runs[-1][-1].end : word.start]:
            runs[-1].append(word)
        else:
            runs.append([word])
    return [_Named(typed, typed, ()) for typed in (text[r[0].start : r[-1].end] for r in runs)]


def _listed_at(words: list[_Word], at: int) -> tuple[int, str, tuple[Medicine, ...]]:
    """Return the longest listed name that begins at a word: how many words, its name, its rows."""
    index = _index()
    for count in range(min(_most_words(), len(words) - at), 0, -1):
        keys = [word.key for word in words[at : at + count]]
        rows = index.get("-".join(keys), ())
        if not rows and count <= ATC_PIECES:
            rows = _by_code("".join(keys))
        if rows:
            return count + _suffix(words, at + count, rows), rows[0].name, rows
    rows = _by_stem(words[at].key)
    return 1 + _suffix(words, at + 1, rows), words[at].key, rows


def _suffix(words: list[_Word], at: int, rows: tuple[Medicine, ...]) -> int:
    """Return 1 where the next word belongs to a biologic: adalimumab-atto, trastuzumab emtansine.

    A word that is listed itself never does.
    """
    if at == len(words) or not any(row.topic == BIOLOGIC for row in rows):
        return 0
    word = words[at]
    if word.key in _index() or _by_stem(word.key) or not word.key.isalpha():
        return 0
    return int(word.before == " " or (word.before == "-" and len(word.key) == BIOSIMILAR_SUFFIX))


def _by_code(code: str) -> tuple[Medicine, ...]:
    """Return the rows of a full ATC code: its own, else those of the narrowest listed group."""
    if len(code) != ATC_FULL or not re.fullmatch(ATC_CODE, code):
        return ()
    found = (_index().get(code[:length], ()) for length in ATC_LENGTHS)
    return next((rows for rows in found if rows), ())


def _by_stem(word: str) -> tuple[Medicine, ...]:
    """Return the class whose INN stem ends the word."""
    if word in NOT_INN or not word.isalpha():
        return ()
    return tuple(
        medicine
        for medicine in medicines()
        for stem in medicine.stems
        if word.endswith(stem) and len(word) >= SHORTEST_INN[stem]
    )
