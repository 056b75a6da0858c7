"""What can be said about a set of pictures: which phrase stands for which value of which attribute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from stablegen_lib.data import names
from stablegen_lib.plumbing.doors import door

Wishes = dict[str, tuple[str, ...]]  # attribute -> the values that the words stand for
HAIR = ("hair", "hairColor")  # these two make one phrase: "short red hair"
SILENT = (  # words that say nothing by themselves
    "a", "an", "the", "person", "portrait", "face", "expression", "somebody", "with", "and", "in", "of",
    "style", "has", "wearing",
)  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """The words for one set of pictures.

    Attributes:
        subject: How every caption begins.
        phrases: Raw attribute -> raw value -> words, in the order of a caption. Values may share words.
        lead: The attribute that follows the subject at once, "a portrait in the style of micah".
        more: Further words that prompts may use.
        tokens: Room for the longest caption, with both ends.
    """

    subject: str
    phrases: Mapping[str, Mapping[str, str]]
    lead: str | None = None
    more: Mapping[str, Wishes] = field(default_factory=dict)
    tokens: int = 32

    @cached_property
    def table(self) -> dict[str, Wishes]:
        """Words without the silent ones -> what they ask for."""
        table: dict[str, Wishes] = {}
        for attribute, words in self.phrases.items():
            for value, phrase in words.items():
                name = f"{phrase} hair" if attribute in HAIR else spoken(phrase)
                entry = table.setdefault(name, {attribute: ()})
                entry[attribute] = (*entry[attribute], value)
        return {**table, **self.more}

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every word and mark that a caption can hold, in alphabetical order."""
        text = " ".join(phrase for words in self.phrases.values() for phrase in words.values())
        return tuple(sorted({"with", "and", "hair", ",", *self.subject.split(), *text.split()}))


@door()
def spoken(phrase: str) -> str:
    """A phrase without the words that say nothing.

    >>> spoken("a portrait in the style of micah")
    'micah'
    """
    return " ".join(word for word in phrase.split() if word not in SILENT)


def _coloured(words: Mapping[str, str], pattern: str) -> dict[str, str]:
    return {code: pattern.format(word) for code, word in words.items()}


FACES = Vocabulary(
    "a person",
    {
        "glasses": {"none": "no glasses", "light": "clear glasses", "dark": "dark glasses"},
        "hat": {"no": "no hat", "yes": "a hat"},
        "beard": {"no": "no beard", "yes": "a beard"},
        "hair": {"short": "short", "long": "long"},
        "hairColor": names.FACES["hairColor"],
        "mouth": {"happy": "a happy mouth", "sad": "a sad mouth"},
        "skinColor": _coloured(names.FACES["skinColor"], "{} skin"),
        "primaryBackgroundColor": _coloured(names.FACES["primaryBackgroundColor"], "a {} background"),
    },
    more={
        "happy": {"mouth": ("happy",)},
        "sad": {"mouth": ("sad",)},
        "sunglasses": {"glasses": ("dark",)},
        "glasses": {"glasses": ("light", "dark")},
        "bearded": {"beard": ("yes",)},
        "blonde hair": {"hairColor": ("#cab188",)},
    },
)
PORTRAITS = Vocabulary(
    "a portrait",
    {
        "style": {
            "adventurer": "in the style of adventurer",
            "micah": "in the style of micah",
            "personas": "in the style of personas",
            "toonHead": "in the style of toon head",
        },
        "glasses": {"no": "no glasses", "yes": "glasses"},
        "facialHair": {"no": "no whiskers", "yes": "whiskers"},
        "hair": {"short": "short", "long": "long"},
        "hairColor": names.PORTRAITS["hairColor"],
        "expression": {name: f"a {name} expression" for name in ("happy", "sad", "surprised")},
        "skinColor": _coloured(names.PORTRAITS["skinColor"], "{} skin"),
        "clothingColor": {
            "none": "only the head",
            **_coloured(names.PORTRAITS["clothingColor"], "{} clothes"),
        },
        "primaryBackgroundColor": _coloured(names.PORTRAITS["primaryBackgroundColor"], "a {} background"),
    },
    lead="style",
    more={
        "bearded": {"facialHair": ("yes",)},
        "beard": {"facialHair": ("yes",)},
        "moustache": {"facialHair": ("yes",)},
        "blonde hair": {"hairColor": ("#e6c069",)},
        "toon": {"style": ("toonHead",)},
    },
    tokens=40,
)


@door()
def vocabulary_of(condition_names: Sequence[str]) -> Vocabulary:
    """The one whose words fit these conditions: the portraits have a style."""
    attributes = {name.partition("=")[0] for name in condition_names}
    return PORTRAITS if PORTRAITS.lead in attributes else FACES
