"""What can be told of a peep at 32x32: DiceBear's many drawings, sorted into a few kinds.

`data.load_peeps` makes conditions of these kinds; the drawings' own names stay in `attributes`.
"""

# Silhouette of the head -> the drawings that have it.
HEADS = {
    "bald": ("noHair1", "noHair2", "noHair3"),
    "short": (
        "bantuKnots", "flatTop", "flatTopLong", "grayShort", "mohawk", "mohawk2", "pomp", "shaved1",
        "shaved2", "shaved3", "short1", "short2", "short3", "short4", "short5", "twists", "twists2",
    ),
    "long": (
        "bangs", "bangs2", "long", "longBangs", "medium1", "medium2", "medium3", "mediumBangs",
        "mediumBangs2", "mediumBangs3", "mediumStraight",
    ),
    "curly": ("afro", "dreads1", "dreads2", "longAfro", "longCurly"),
    "tied": ("bun", "bun2", "buns", "cornrows", "cornrows2", "grayBun", "grayMedium"),
    "covered": ("hatBeanie", "hatHip", "hijab", "turban"),
}  # fmt: skip

# The drawings that use headContrastColor. All other hair is drawn in ink.
COLOURED = (
    "bangs", "cornrows", "grayBun", "grayMedium", "grayShort", "mediumBangs2", "mohawk", "mohawk2", "noHair3",
    "short4", "full4", "moustache9",
)  # fmt: skip

# Faces whose mouth stands open or shows its teeth.
OPEN_MOUTHS = (
    "concerned", "concernedFear", "explaining", "hectic", "lovingGrin1", "lovingGrin2", "rage", "smileBig",
    "smileLOL", "smileTeethGap",
)  # fmt: skip

Groups = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def peep_groups(attributes: dict[str, tuple[str, ...]]) -> Groups:
    """Sort every peep: attribute -> its possible values, and the value of each peep.

    Args:
        attributes: The columns of data/peeps/attributes.csv.
    """
    kind = {drawing: silhouette for silhouette, drawings in HEADS.items() for drawing in drawings}
    wears = [value.rstrip("0123456789") for value in attributes["accessories"]]  # "glasses2" -> "glasses"
    mouths = ["open" if face in OPEN_MOUTHS else "closed" for face in attributes["face"]]
    drawn = zip(attributes["head"], attributes["facialHair"], attributes["headContrastColor"], strict=True)
    hair = [colour if head in COLOURED or beard in COLOURED else "ink" for head, beard, colour in drawn]
    groups: Groups = {
        "head": (tuple(HEADS), tuple(kind[head] for head in attributes["head"])),
        "accessories": (("none", "glasses", "sunglasses", "eyepatch"), tuple(wears)),
        "facialHair": (("no", "yes"), is_there(attributes["facialHair"])),
        "mask": (("no", "yes"), is_there(attributes["mask"])),
        "mouth": (("closed", "open"), tuple(mouths)),
        "hairColor": (("ink", *sorted(set(hair) - {"ink"})), tuple(hair)),
    }
    for colour in ("skinColor", "clothingColor", "primaryBackgroundColor"):
        groups[colour] = (tuple(sorted(set(attributes[colour]))), attributes[colour])
    return groups


def is_there(values: tuple[str, ...]) -> tuple[str, ...]:
    """Sort a drawing's name to "yes", and "none" to "no"."""
    return tuple("no" if value == "none" else "yes" for value in values)
