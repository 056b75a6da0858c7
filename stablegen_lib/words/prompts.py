"""Faces asked for in words: "dark glasses, red hair, happy" becomes conditions x.

The words are those of `captions.PHRASES`, and a few more. Lesson 13 lets a network read the words;
here a table does. So it knows exactly what it knows, and says so about the rest.
"""

import difflib
import re

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.data.image_set import ImageSet, replace_attribute
from stablegen_lib.words.captions import PHRASES

Wishes = dict[str, tuple[str, ...]]  # attribute -> the values that the words stand for

MORE: dict[str, Wishes] = {  # words beside those of the captions
    "happy": {"mouth": ("happy",)},
    "sad": {"mouth": ("sad",)},
    "sunglasses": {"glasses": ("dark",)},
    "glasses": {"glasses": ("light", "dark")},
    "bearded": {"beard": ("yes",)},
    "blonde hair": {"hairColor": ("#cab188",)},
}
FILLERS = ("a", "an", "the", "person", "face", "somebody", "with", "and", "in", "has", "wearing")


def wishes(prompt: str) -> Wishes:
    """What a prompt asks for: attribute -> the values that its words stand for.

    >>> wishes("Dark glasses, short red hair and happy")
    {'glasses': ('dark',), 'hair': ('short',), 'hairColor': ('#bd1700',), 'mouth': ('happy',)}

    Raises:
        ValueError: If a phrase is unknown (the nearest known ones are named), or two contradict
            each other.
    """
    found: Wishes = {}
    for phrase in _phrases(prompt):
        for attribute, values in _meaning(phrase).items():
            if attribute in found and found[attribute] != values:
                raise ValueError(f"{phrase!r} contradicts another wish about {attribute}. Keep one of them.")
            found[attribute] = values
    return found


def conditions(
    prompt: str, people: ImageSet, count: int, *, seed: int = 0
) -> Float[Tensor, "count condition"]:
    """One row x for each face to draw, as the prompt asks.

    Where a word stands for several values (four hair colours are "brown"), each face gets one of
    them by chance. What the prompt does not mention is taken from persons drawn from the set.

    Args:
        prompt: "dark glasses, red hair, happy"; the empty prompt asks for nothing.
        people: Whom to draw the rest from; has the attributes of the faces.
        count: How many rows.
        seed: Decides who is drawn.

    Raises:
        ValueError: As `wishes`; or if the set has no such attribute.
    """
    random = torch.Generator().manual_seed(seed)
    wanted = wishes(prompt)
    rows = people.conditions[torch.randint(len(people), (count,), generator=random)]
    for attribute, values in wanted.items():
        choices = torch.stack(
            [
                replace_attribute(rows, people.condition_names, attribute=attribute, value=value)
                for value in values
            ]
        )
        rows = choices[torch.randint(len(values), (count,), generator=random), torch.arange(count)]
    return rows


def known_phrases() -> tuple[str, ...]:
    """Every phrase that a prompt may hold, in alphabetical order."""
    return tuple(sorted(_table()))


def _table() -> dict[str, Wishes]:
    table: dict[str, Wishes] = {}
    for attribute, words in PHRASES.items():
        for value, phrase in words.items():
            of_hair = attribute in ("hair", "hairColor")
            name = f"{phrase} hair" if of_hair else phrase.removeprefix("a ")
            entry = table.setdefault(name, {attribute: ()})
            entry[attribute] = (*entry[attribute], value)
    return {**table, **MORE}


def _phrases(prompt: str) -> list[str]:
    """The parts between commas and "and"/"with", without articles and other words that say nothing."""
    parts = re.split(r"[,.;:!]|\b(?:and|with)\b", prompt.lower())
    kept = (" ".join(word for word in part.split() if word not in FILLERS) for part in parts)
    return [phrase for phrase in kept if phrase]


def _meaning(phrase: str) -> Wishes:
    table = _table()
    if phrase in table:
        return table[phrase]
    *words, last = phrase.split()
    if last == "hair" and len(words) == 2:  # "short red hair": both at once
        both = [table.get(f"{word} hair", {}) for word in words]
        if all(both) and both[0].keys() != both[1].keys():
            return {**both[0], **both[1]}
    raise ValueError(_unknown(phrase, tuple(table)))


def _unknown(phrase: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(phrase, known, n=3, cutoff=0.5)
    near += [name for name in known if set(name.split()) & set(phrase.split()) - {"a", "no"}]
    names = tuple(dict.fromkeys(near))[:4] or known
    what = "nearest known words" if near else "known words"
    return f"{phrase!r} means nothing here. The {what}: {', '.join(names)}."
