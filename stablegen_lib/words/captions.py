"""Faces in words: "a person with dark glasses, short red hair and a pink background", and back.

Lesson 13 trains on these captions. Several values share a word where nobody could tell them apart:
four of the eleven hair colours are "brown". So a prompt is obeyed when the face shows *one of* the
values that its words stand for.
"""

import re
from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from stablegen_lib.data.image_set import condition_groups

KEPT = 0.7  # how often training mentions an attribute; the rest is left open
PHRASES = {  # attribute -> value -> words; hair and its colour make one phrase
    "glasses": {"none": "no glasses", "light": "clear glasses", "dark": "dark glasses"},
    "hat": {"no": "no hat", "yes": "a hat"},
    "beard": {"no": "no beard", "yes": "a beard"},
    "hair": {"short": "short", "long": "long"},
    "hairColor": {
        "#28150a": "black",
        "#603015": "brown",
        "#603a14": "brown",
        "#611c17": "brown",
        "#612616": "brown",
        "#83623b": "hazel",
        "#a78961": "sandy",
        "#cab188": "blond",
        "#bd1700": "red",
        "#91cb15": "green",
        "#009bbd": "blue",
    },
    "mouth": {"happy": "a happy mouth", "sad": "a sad mouth"},
    "skinColor": {
        "#8d5524": "dark skin",
        "#a26d3d": "dark skin",
        "#b68655": "tan skin",
        "#cb9e6e": "tan skin",
        "#e0b687": "light skin",
        "#eac393": "light skin",
        "#f5cfa0": "pale skin",
        "#ffdbac": "pale skin",
    },
    "primaryBackgroundColor": {
        "#b6e3f4": "a blue background",
        "#c0aede": "a purple background",
        "#d1d4f9": "a lilac background",
        "#ffd5dc": "a pink background",
        "#ffdfbf": "a peach background",
    },
}


def caption(values: Mapping[str, str]) -> str:
    """The attributes in one sentence, in a fixed order; what is not given is not mentioned.

    >>> caption({"hat": "yes", "hair": "short", "hairColor": "#bd1700", "glasses": "dark"})
    'a person with dark glasses, a hat and short red hair'
    >>> caption({})
    'a person'

    Raises:
        ValueError: If an attribute or a value has no words; the known ones are listed.
    """
    return _sentence(_phrases(values))


def random_caption(values: Mapping[str, str], random: torch.Generator, kept: float | int = KEPT) -> str:
    """What training reads: another order each time, and only some of the attributes.

    So the network learns that order means nothing, and what to do when something is left open.

    Args:
        values: Attribute -> value.
        random: Decides order and choice.
        kept: Probability with which each attribute is mentioned.
    """
    chosen = torch.rand(len(values), generator=random) < kept
    phrases = _phrases(
        {name: value for (name, value), keep in zip(values.items(), chosen, strict=True) if keep}
    )
    return _sentence([phrases[place] for place in torch.randperm(len(phrases), generator=random)])


def values_of(
    conditions: Float[Tensor, "count condition"], condition_names: Sequence[str]
) -> list[dict[str, str]]:
    """Attribute -> value for each row of one-hot conditions; attributes without words are left out.

    >>> values_of(torch.tensor([[0.0, 1.0]]), ("hat=no", "hat=yes"))
    [{'hat': 'yes'}]
    """
    chosen = {}
    for attribute, columns in condition_groups(condition_names).items():
        if attribute in PHRASES:
            names = [name.partition("=")[2] for name in condition_names[columns]]
            chosen[attribute] = [names[column] for column in conditions[:, columns].argmax(dim=1).tolist()]
    return [dict(zip(chosen, row, strict=True)) for row in zip(*chosen.values(), strict=True)]


def captions(conditions: Float[Tensor, "count condition"], condition_names: Sequence[str]) -> list[str]:
    """One full caption for each row of conditions."""
    return [caption(values) for values in values_of(conditions, condition_names)]


def asked(prompt: str) -> dict[str, tuple[str, ...]]:
    """What a prompt asks for: attribute -> the values that its words stand for.

    >>> asked("Dark glasses, and brown hair!")["glasses"]
    ('dark',)
    >>> len(asked("brown hair")["hairColor"])
    4

    Words that belong to no phrase are passed over; `unknown_words` lists those never seen.
    """
    text = f" {' '.join(_words(prompt))} "
    found: dict[str, tuple[str, ...]] = {}
    for attribute, words in PHRASES.items():
        values = tuple(value for value, phrase in words.items() if _mentions(text, attribute, phrase))
        if values:
            found[attribute] = values
    return found


def obeys(
    prompts: Sequence[str], logits: Float[Tensor, "count condition"], condition_names: Sequence[str]
) -> dict[str, Bool[Tensor, " asked"]]:
    """For each attribute: does each picture show what its prompt asks for?

    Args:
        prompts: One for each picture.
        logits: A classifier's answer to each picture (`metrics.AttributeClassifier`).
        condition_names: Of the classifier.

    Returns:
        By attribute, one yes or no for each picture whose prompt mentions it.
    """
    groups = condition_groups(condition_names)
    verdicts: dict[str, list[bool]] = {attribute: [] for attribute in PHRASES}
    for prompt, row in zip(prompts, logits, strict=True):
        for attribute, values in asked(prompt).items():
            columns = groups[attribute]
            shown = condition_names[columns][int(row[columns].argmax())].partition("=")[2]
            verdicts[attribute].append(shown in values)
    return {attribute: torch.tensor(verdict) for attribute, verdict in verdicts.items() if verdict}


def known_words() -> tuple[str, ...]:
    """Every word and mark that a caption can hold, in alphabetical order."""
    text = " ".join(phrase for words in PHRASES.values() for phrase in words.values())
    return tuple(sorted({"a", "person", "with", "and", "hair", ",", *text.split()}))


def unknown_words(prompt: str) -> tuple[str, ...]:
    """The words of a prompt that no caption ever held: the network cannot know what they mean."""
    return tuple(dict.fromkeys(word for word in _words(prompt) if word not in known_words()))


def _phrases(values: Mapping[str, str]) -> list[str]:
    words = {}
    for attribute, value in values.items():
        known = PHRASES.get(attribute, {})
        if value not in known:
            possible = f"{attribute} can be {list(known)}" if known else f"known are {list(PHRASES)}"
            raise ValueError(f"{possible}; {attribute}={value!r} came.")
        words[attribute] = known[value]
    hair = [words.pop(part) for part in ("hair", "hairColor") if part in words]
    phrases = {**words, "hair": f"{' '.join(hair)} hair"} if hair else words
    return [phrases[attribute] for attribute in PHRASES if attribute in phrases]


def _sentence(phrases: Sequence[str]) -> str:
    if not phrases:
        return "a person"
    *first, last = phrases
    return f"a person with {', '.join(first)} and {last}" if first else f"a person with {last}"


def _words(prompt: str) -> list[str]:
    return re.findall(r"[a-z]+", prompt.lower())


def _mentions(text: str, attribute: str, phrase: str) -> bool:
    if attribute in ("hair", "hairColor"):  # one or two words in front of "hair"
        return re.search(rf" {phrase} (?:\w+ )?hair ", text) is not None
    bare = phrase.removeprefix("a ")  # "hat" will do for "a hat", but not in "no hat"
    return re.search(rf"(?<! no) {bare} ", text) is not None
