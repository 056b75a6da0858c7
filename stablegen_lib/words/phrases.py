"""The one parser of prompts.

`captions.asked` passes over words that it does not know; `prompts.wishes` refuses them. Both ask `meant`.
"""

import difflib
import re

from stablegen_lib.data.names import attribute_words
from stablegen_lib.words.vocabulary import FACES, Vocabulary, Wishes, spoken

LONGEST = 2  # words of a phrase, once "short red hair" is "short hair red hair"


def meant(prompt: str, *, strict: bool, vocabulary: Vocabulary = FACES) -> Wishes:
    """What a prompt asks for: raw attribute -> the raw values that its words stand for.

    Args:
        prompt: "dark glasses, short red hair and happy".
        strict: Refuses unknown words and contradictions. Otherwise unknown words are passed over, and of
            two contradicting wishes either will do.
        vocabulary: What the words mean.

    Raises:
        ValueError: If it is strict, and a phrase is unknown (the nearest known ones are named), or two
            contradict each other.
    """
    found: Wishes = {}
    for phrase in _phrases(prompt):
        wishes, rest = _read(phrase, vocabulary.table)
        if strict and rest:
            raise ValueError(_unknown(phrase, tuple(vocabulary.table)))
        for attribute, values in wishes:
            before = found.get(attribute, values)
            if strict and before != values:
                name = attribute_words(attribute)
                raise ValueError(f"{phrase!r} contradicts another wish about {name}. Keep one of them.")
            found[attribute] = tuple(dict.fromkeys((*before, *values)))
    return found


def _phrases(prompt: str) -> list[str]:
    """The parts between marks and "and"/"with", without articles and other words that say nothing."""
    parts = re.split(r"[^\w\s]|\b(?:and|with)\b", prompt.lower())
    return [phrase for part in parts if (phrase := spoken(part))]


def _read(phrase: str, table: dict[str, Wishes]) -> tuple[list[tuple[str, tuple[str, ...]]], list[str]]:
    """The wishes in a phrase, the longest known words first, and the words that belong to none."""
    words = re.sub(r"\b(?!hair\b)(\w+) (?!hair\b)(\w+) hair\b", r"\1 hair \2 hair", phrase).split()
    wishes, rest = list[tuple[str, tuple[str, ...]]](), list[str]()
    while words:
        for length in range(LONGEST, 0, -1):
            if (known := " ".join(words[:length])) in table:
                wishes += table[known].items()
                words = words[length:]
                break
        else:
            rest.append(words.pop(0))
    return wishes, rest


def _unknown(phrase: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(phrase, known, n=3, cutoff=0.5)
    near += [name for name in known if set(name.split()) & set(phrase.split()) - {"a", "no"}]
    names = tuple(dict.fromkeys(near))[:4] or known
    what = "nearest known words" if near else "known words"
    return f"{phrase!r} means nothing here. The {what}: {', '.join(names)}."
