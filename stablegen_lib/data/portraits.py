"""What can be told of a portrait: the values of each attribute, in the order of the condition's columns."""

from stablegen_lib.data.names import PORTRAITS
from stablegen_lib.data.peeps import Groups

PORTRAITS_CREDIT = (
    "Portraits: Adventurer by Lisa Wischofsky, Micah by Micah Lanier, Personas by Draftbit, Toon Head by "
    "Johan Melin, each CC BY 4.0, drawn with DiceBear in other colours."
)
VALUES: dict[str, tuple[str, ...]] = {
    "style": ("adventurer", "micah", "personas", "toonHead"),
    "hair": ("short", "long"),
    "hairColor": tuple(PORTRAITS["hairColor"]),
    "skinColor": tuple(PORTRAITS["skinColor"]),
    "glasses": ("no", "yes"),
    "facialHair": ("no", "yes"),
    "expression": ("happy", "sad", "surprised"),
    "clothingColor": ("none", *PORTRAITS["clothingColor"]),
    "primaryBackgroundColor": tuple(PORTRAITS["primaryBackgroundColor"]),
}


def portrait_groups(attributes: dict[str, tuple[str, ...]]) -> Groups:
    """Attribute -> its possible values, and the value of each portrait.

    Args:
        attributes: The columns of data/portraits/attributes.csv.
    """
    return {attribute: (possible, attributes[attribute]) for attribute, possible in VALUES.items()}
