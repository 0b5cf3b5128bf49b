"""The sites of the body that repigmentation, handprints and scores are given for.

One list for every input that names a site. A name that is not in it is refused with the
nearest that is, so that a slip is never answered as a site of its own.
"""

# The sites of the body, each by its code.
WHOLE_SITES: dict[str, str] = {
    "face": "Face",
    "scalp": "Scalp",
    "neck": "Neck",
    "head-and-neck": "Head and neck",
    "trunk": "Trunk",
    "chest": "Chest",
    "abdomen": "Abdomen",
    "back": "Back",
    "axillae": "Axillae",
    "arms": "Arms",
    "upper-limbs": "Upper limbs",
    "elbows": "Elbows",
    "forearms": "Forearms",
    "hands": "Hands",
    "fingers": "Fingers",
    "legs": "Legs",
    "lower-limbs": "Lower limbs",
    "thighs": "Thighs",
    "knees": "Knees",
    "feet": "Feet",
    "toes": "Toes",
    "buttocks": "Buttocks",
    "genitals": "Genitals",
    "body": "Body",
}
# What one side of a paired site is called.
ONE_OF: dict[str, str] = {
    "axillae": "axilla",
    "arms": "arm",
    "upper-limbs": "upper-limb",
    "elbows": "elbow",
    "forearms": "forearm",
    "hands": "hand",
    "fingers": "finger",
    "legs": "leg",
    "lower-limbs": "lower-limb",
    "thighs": "thigh",
    "knees": "knee",
    "feet": "foot",
    "toes": "toe",
    "buttocks": "buttock",
}
SIDES = ("left", "right")
# Toes and fingers of one side are several; the other paired sites are one.
_SEVERAL_A_SIDE = ("fingers", "toes")


def _sides() -> dict[str, str]:
    """Return the sites of one side of the body: `left-hand`, `right-toes`."""
    return {
        f"{side}-{name}": f"{side.capitalize()} {name.replace('-', ' ')}"
        for site, one in ONE_OF.items()
        for side in SIDES
        for name in (site if site in _SEVERAL_A_SIDE else one,)
    }


# Every site: its code, and its title for people.
SITES: dict[str, str] = WHOLE_SITES | _sides()
_SAME_AS: dict[str, str] = (
    {one: site for site, one in ONE_OF.items()}
    | {f"{side}-{site}": f"{side}-{one}" for site, one in ONE_OF.items() for side in SIDES}
    | {f"{side}-{ONE_OF[site]}": f"{side}-{site}" for site in _SEVERAL_A_SIDE for side in SIDES}
)


def read_site(text: str) -> str:
    """Return the code of the site that `text` names, in any case, one side or both.

    `hand` is read as `hands`, `left hand` as `left-hand`. Raises `ValueError` for any other
    name, with the nearest site, in words that follow the name.
    """
    name = "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
    if name in SITES:
        return name
    same = _SAME_AS.get(name)
    if same in SITES:
        return same
    raise ValueError(f"is not a site. {_nearest(name)}")


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name[:80], (*SITES, *_SAME_AS), n=1, cutoff=0.7)
    return f"{near[0]}?" if near else f"Sites: {', '.join(WHOLE_SITES)}."
