"""The edition of each label that the rules were written from; the keys are the regions.

Plain text without an import, so that `ruxcalc --version` is answered without a label. A new
edition changes these lines, the module of its label and its rows of `labels/provisions.csv`.
"""

EDITIONS: dict[str, dict[str, str]] = {
    "us": {
        "name": "US",
        "regulator": "FDA",
        "document": "FDA prescribing information",
        "number": "NDA 215309, SPL set 24da5509-6631-4795-9d42-273faecd08e7",
        "edition": "2026-06-30",
        "edition_name": "S-009, SPL version 14",
        "text_read": "2026-06-30",
        "approved": "2022-07-18",
        "link": "https://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid=24da5509-6631-4795-9d42-273faecd08e7",
        "verified_on": "2026-11-24",
    },
    "eu": {
        "name": "EU",
        "regulator": "EMA",
        "document": "EMA summary of product characteristics",
        "number": "EU/1/23/1726",
        "edition": "2024-04-02",
        "edition_name": "revision 2",
        "text_read": "2023-10-19",
        "approved": "2023-04-19",
        "link": "https://www.ema.europa.eu/en/medicines/human/EPAR/opzelura",
        "verified_on": "2026-11-24",
    },
    "uk": {
        "name": "UK",
        "regulator": "MHRA",
        "document": "MHRA summary of product characteristics and leaflet",
        "number": "emc product 14903",
        "edition": "2023-11-13",
        "edition_name": "",
        "text_read": "2023-11-13",
        "approved": "2023",
        "link": "https://www.medicines.org.uk/emc/product/14903/smpc",
        "verified_on": "2026-11-24",
    },
}
# A new regulator: its edition here, a module of its name in `labels`, and its rows.
REGIONS: tuple[str, ...] = tuple(EDITIONS)
CAUTION = "Supports, and does not replace, the prescriber's judgement."
