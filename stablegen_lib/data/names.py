"""Names that people read: "hair colour" for `hairColor`, "red (#bd1700)" for `#bd1700`, and back.

Files, weights and share codes keep the raw names of the CSV files. What a person reads goes through this
table; whoever asks for something may write either. `stablegen_lib.words.captions` takes the words of the
faces' colours from here. Names that stand in no table are their own words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from stablegen_lib.plumbing.doors import door

Entry = TypeVar("Entry")

ATTRIBUTES = {  # raw -> words
    "hairColor": "hair colour",
    "skinColor": "skin",
    "primaryBackgroundColor": "background",
    "clothingColor": "clothes' colour",
    "facialHair": "facial hair",
}
VALUES = {"toonHead": "toon head"}  # raw -> words, for what is no colour
FACES = {  # attribute -> hex code -> word; the captions say these words too
    "hairColor": {
        "#28150a": "black", "#603015": "brown", "#603a14": "brown", "#611c17": "brown", "#612616": "brown",
        "#83623b": "hazel", "#a78961": "sandy", "#cab188": "blond", "#bd1700": "red", "#91cb15": "green",
        "#009bbd": "blue",
    },
    "skinColor": {
        "#8d5524": "dark", "#a26d3d": "dark", "#b68655": "tan", "#cb9e6e": "tan", "#e0b687": "light",
        "#eac393": "light", "#f5cfa0": "pale", "#ffdbac": "pale",
    },
    "primaryBackgroundColor": {
        "#b6e3f4": "blue", "#c0aede": "purple", "#d1d4f9": "lilac", "#ffd5dc": "pink", "#ffdfbf": "peach",
    },
}  # fmt: skip
PEEPS = {  # hair as in Avataaars, whose colours these are; skin from dark to light; clothes by eye
    "hairColor": {
        "#4a312c": "dark brown", "#724133": "brown", "#a55728": "auburn", "#b58143": "blond",
        "#c93305": "red", "#d6b370": "golden blond", "#e8e1e1": "silver", "#ecdcbf": "platinum",
        "#f59797": "pink",
    },
    "skinColor": {
        "#694d3d": "dark", "#ae5d29": "brown", "#d08b5b": "tan", "#edb98a": "light", "#ffdbb4": "pale",
    },
    "clothingColor": {
        "#78e185": "green", "#8fa7df": "blue", "#9ddadb": "turquoise", "#e279c7": "pink",
        "#e78276": "coral", "#fdea6b": "yellow", "#ffcf77": "orange",
    },
}  # fmt: skip
PORTRAITS = {  # chosen by us, the same in all four styles
    "hairColor": {
        "#26201f": "black", "#7e4d2d": "brown", "#e6c069": "blond", "#c8502d": "red", "#b0b0b0": "grey",
        "#4f6fd8": "blue",
    },
    "skinColor": {"#f8d5b8": "pale", "#d9a06b": "tan", "#a5683f": "brown", "#56321f": "dark"},
    "clothingColor": {
        "#d64545": "red", "#3f6fc4": "blue", "#4fa56b": "green", "#efc14d": "yellow", "#8a5cc2": "purple",
        "#f4f1ea": "white",
    },
    "primaryBackgroundColor": {
        "#b9dcf2": "blue", "#f9cdd6": "pink", "#fbe7a8": "yellow", "#c7e8c5": "green", "#dcdcdc": "grey",
    },
}  # fmt: skip
HEX = re.compile(r"#?([0-9a-f]{6})")


class ByAttribute(dict[str, Entry]):
    """A dict whose keys people read; `groups["hair colour"]` and `groups["hairColor"]` are the same entry.

    >>> ByAttribute({"hairColor": 1})
    {'hair colour': 1}

    Args:
        entries: By attribute, raw names or words.

    Raises:
        KeyError: At a look-up, if the attribute is unknown; the known ones are listed.
        ValueError: If two attributes have the same words.
    """

    @door()
    def __init__(self, entries: Mapping[str, Entry]) -> None:
        super().__init__({attribute_words(name): entry for name, entry in entries.items()})
        if len(self) != len(entries):
            raise ValueError(f"two of the attributes {', '.join(entries)} have the same name. Rename one.")

    def __missing__(self, name: str) -> Entry:
        try:
            return self[find_attribute(name, self)]
        except ValueError as error:
            raise KeyError(str(error)) from None

    def __contains__(self, name: object) -> bool:
        return super().__contains__(attribute_words(raw_attribute(str(name))))

    @door()
    def get(self, name: str, default: Any = None) -> Any:
        """The entry, or the default."""
        try:
            return self[name]
        except KeyError:
            return default


@door()
def attribute_words(name: str) -> str:
    """An attribute as people read it: "hairColor" is "hair colour"."""
    return ATTRIBUTES.get(name, name)


def raw_attribute(words: str) -> str:
    """Back: "hair colour" is "hairColor"; as a keyword, `hair_colour`. Raw names stay as they are."""
    raw = {_plain(each): name for name, each in ATTRIBUTES.items()}
    return raw.get(_plain(words), words)


@door()
def value_words(attribute: str, value: str) -> str:
    """A value as people read it: a colour's word with its hex code beside, "red (#bd1700)".

    A colour without a word is "colour (#123456)"; "toonHead" is "toon head".
    """
    if not value.startswith("#") or not HEX.fullmatch(value):
        return VALUES.get(value, value)
    raw = raw_attribute(attribute)
    word = {**PORTRAITS.get(raw, {}), **PEEPS.get(raw, {}), **FACES.get(raw, {})}.get(value, "colour")
    return f"{word} ({value})"


def raw_value(words: str) -> str:
    """Back: "red (#bd1700)" is "#bd1700". Raw values stay as they are."""
    raw = {each: value for value, each in VALUES.items()}
    return hex_code(words) or raw.get(words, words)


def hex_code(words: str) -> str | None:
    """The hex code of a colour's words or raw name, "#bd1700"; None for what is no colour."""
    code = re.fullmatch(r"(?:.* \()?(#[0-9a-f]{6})\)?", words)
    return code[1] if code else None


@door()
def condition_words(name: str) -> str:
    """One of an ImageSet's `condition_names` as people read it.

    >>> condition_words("hairColor=#bd1700")
    'hair colour: red (#bd1700)'
    """
    attribute, _, value = name.partition("=")
    return f"{attribute_words(attribute)}: {value_words(attribute, value)}"


def find_attribute(asked: str, known: Iterable[str]) -> str:
    """The one of the known attributes that is meant, spelt as it is known.

    Args:
        asked: Raw name, words, or words as a keyword: "hairColor", "hair colour", "hair_colour".
        known: Raw names or words.

    Raises:
        ValueError: If there is none; the known ones are listed as people read them.
    """
    names = list(known)
    for name in names:
        if raw_attribute(name) == raw_attribute(asked):
            return name
    listed = ", ".join(map(attribute_words, names)) or "(none)"
    raise ValueError(f"unknown attribute {attribute_words(asked)!r}; choose from {listed}")


def find_value(asked: object, attribute: str, known: Sequence[str]) -> int:
    """Place of the value that is meant.

    Args:
        asked: Raw value, words, hex code with or without "#", or a word that one colour alone has.
        attribute: Whose value it is, raw name or words.
        known: Raw values or words.

    Raises:
        ValueError: If there is none, or a word means several; the known ones are listed as people read them.
    """
    told = str(asked)
    words = [value_words(attribute, value) for value in known]
    raw = [raw_value(value) for value in known]
    wanted = [told, raw_value(told), f"#{told}"]
    exact = [place for place, value in enumerate(raw) if value in wanted]
    named = [place for place, each in enumerate(words) if each.partition(" (")[0] == told]
    found = exact or named
    if len(found) == 1:
        return found[0]
    subject = attribute_words(raw_attribute(attribute))
    if found:
        several = ", ".join(words[place] for place in found)
        raise ValueError(f"several colours of {subject} are {told!r}; choose from {several}")
    raise ValueError(
        f"unknown value {value_words(attribute, told)!r} for {subject}; choose from {', '.join(words)}"
    )


def _plain(words: str) -> str:
    return words.replace("_", " ").replace("'", "").lower()
