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
from stablegen_lib.data.names import ByAttribute, find_attribute, find_value, raw_attribute, value_words
from stablegen_lib.plumbing.bounds import share
from stablegen_lib.plumbing.checks import came, require_width
from stablegen_lib.plumbing.doors import door
from stablegen_lib.words.phrases import meant
from stablegen_lib.words.vocabulary import FACES, HAIR, Vocabulary, vocabulary_of

KEPT = 0.7  # how often training mentions an attribute; the rest is left open


@door()
def caption(values: Mapping[str, str], vocabulary: Vocabulary = FACES) -> str:
    """The attributes in one sentence, in a fixed order; what is not given is not mentioned.

    >>> caption({"hat": "yes", "hair": "short", "hair colour": "red", "glasses": "dark"})
    'a person with dark glasses, a hat and short red hair'
    >>> caption({})
    'a person'

    Raises:
        ValueError: If an attribute or a value has no words; the known ones are listed.
    """
    return _sentence(_phrases(values, vocabulary), vocabulary)


@door(kept=share())
def random_caption(
    values: Mapping[str, str],
    random: torch.Generator,
    kept: float | int = KEPT,
    vocabulary: Vocabulary = FACES,
) -> str:
    """What training reads: another order each time, and only some of the attributes.

    So the network learns that order means nothing, and what to do when something is left open.

    Args:
        values: Attribute -> value.
        random: Decides order and choice.
        kept: Probability with which each attribute is mentioned.
        vocabulary: The words to say it in.
    """
    chosen = torch.rand(len(values), generator=random) < kept
    told = {name: value for (name, value), keep in zip(values.items(), chosen, strict=True) if keep}
    phrases = list(_phrases(told, vocabulary).items())
    order = torch.randperm(len(phrases), generator=random).tolist()
    return _sentence(dict(phrases[place] for place in order), vocabulary)


@door()
def values_of(
    conditions: Float[Tensor, "count condition"], condition_names: Sequence[str]
) -> list[dict[str, str]]:
    """Raw attribute -> raw value for each row of one-hot conditions; attributes without words are left out.

    >>> values_of(torch.tensor([[0.0, 1.0]]), ("hat=no", "hat=yes"))
    [{'hat': 'yes'}]
    """
    require_width("conditions", conditions, len(condition_names))
    known, chosen = vocabulary_of(condition_names).phrases, {}
    for name, columns in condition_groups(condition_names).items():
        if (attribute := raw_attribute(name)) in known:
            names = [name.partition("=")[2] for name in condition_names[columns]]
            chosen[attribute] = [names[column] for column in conditions[:, columns].argmax(dim=1).tolist()]
    return [dict(zip(chosen, row, strict=True)) for row in zip(*chosen.values(), strict=True)]


@door()
def captions(conditions: Float[Tensor, "count condition"], condition_names: Sequence[str]) -> list[str]:
    """One full caption for each row of conditions."""
    vocabulary = vocabulary_of(condition_names)
    return [caption(values, vocabulary) for values in values_of(conditions, condition_names)]


@door()
def asked(prompt: str, vocabulary: Vocabulary = FACES) -> ByAttribute[tuple[str, ...]]:
    """What a prompt asks for: attribute -> the values that its words stand for, as people read both.

    >>> asked("Dark glasses, red hair, and whatever!")
    {'glasses': ('dark',), 'hair colour': ('red (#bd1700)',)}
    >>> len(asked("brown hair")["hair colour"])
    4

    Words that belong to no phrase are passed over (`prompts.wishes` refuses them); `unknown_words` lists
    those never seen.
    """
    return readable(meant(prompt, strict=False, vocabulary=vocabulary))


def readable(wishes: Mapping[str, tuple[str, ...]]) -> ByAttribute[tuple[str, ...]]:
    """What `phrases.meant` found, as people read it."""
    return ByAttribute(
        {name: tuple(value_words(name, value) for value in values) for name, values in wishes.items()}
    )


@door()
def obeys(
    prompts: Sequence[str], logits: Float[Tensor, "count condition"], condition_names: Sequence[str]
) -> ByAttribute[Bool[Tensor, " asked"]]:
    """For each attribute: does each picture show what its prompt asks for?

    Args:
        prompts: One for each picture.
        logits: A classifier's answer to each picture (`metrics.AttributeClassifier`).
        condition_names: Of the classifier.

    Returns:
        By attribute, one yes or no for each picture whose prompt mentions it.

    Raises:
        ValueError: If prompts, logits and names do not fit together.
    """
    groups = condition_groups(condition_names)
    if tuple(logits.shape) != (len(prompts), len(condition_names)):
        wanted = (len(prompts), len(condition_names))
        raise ValueError(
            f"logits of shape {wanted}, a row for each prompt, were needed; {came(logits)} came."
        )
    vocabulary = vocabulary_of(condition_names)
    verdicts: dict[str, list[bool]] = {attribute: [] for attribute in vocabulary.phrases}
    for prompt, row in zip(prompts, logits, strict=True):
        for attribute, values in meant(prompt, strict=False, vocabulary=vocabulary).items():
            columns = groups[attribute]
            shown = condition_names[columns][int(row[columns].argmax())].partition("=")[2]
            verdicts[attribute].append(shown in values)
    return ByAttribute(
        {attribute: torch.tensor(verdict) for attribute, verdict in verdicts.items() if verdict}
    )


def known_words() -> tuple[str, ...]:
    """Every word and mark that a caption of a face can hold, in alphabetical order."""
    return FACES.words


@door()
def unknown_words(prompt: str, vocabulary: Vocabulary = FACES) -> tuple[str, ...]:
    """The words of a prompt that no caption ever held: the network cannot know what they mean."""
    return tuple(dict.fromkeys(word for word in _words(prompt) if word not in vocabulary.words))


def _phrases(values: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """Attribute -> phrase, in the order of the vocabulary."""
    words = {}
    for name, asked_for in values.items():
        attribute = name if name in vocabulary.phrases else find_attribute(name, vocabulary.phrases)
        known = vocabulary.phrases[attribute]
        value = (
            asked_for if asked_for in known else list(known)[find_value(asked_for, attribute, list(known))]
        )
        words[attribute] = known[value]
    hair = [words.pop(part) for part in HAIR if part in words]
    told = {**words, "hair": f"{' '.join(hair)} hair"} if hair else words
    return {attribute: told[attribute] for attribute in vocabulary.phrases if attribute in told}


def _sentence(phrases: Mapping[str, str], vocabulary: Vocabulary) -> str:
    lead = [phrase for name, phrase in phrases.items() if name == vocabulary.lead]
    subject = " ".join([vocabulary.subject, *lead])
    *first, last = ["", *(phrase for name, phrase in phrases.items() if name != vocabulary.lead)]
    if not last:
        return subject
    first = first[1:]
    return f"{subject} with {', '.join(first)} and {last}" if first else f"{subject} with {last}"


def _words(prompt: str) -> list[str]:
    return re.findall(r"[a-z]+", prompt.lower())
