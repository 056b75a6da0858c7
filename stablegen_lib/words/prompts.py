"""Faces asked for in words: "dark glasses, red hair, happy" becomes conditions x.

The words are those of the captions, and a few more (`vocabulary.py`). Lesson 13 lets a network read the
words; here a table does. So it knows exactly what it knows, and says so about the rest.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.data.image_set import ImageSet, replace_attribute
from stablegen_lib.data.names import ByAttribute
from stablegen_lib.plumbing.doors import door
from stablegen_lib.words import captions
from stablegen_lib.words.phrases import meant


@door()
def wishes(prompt: str) -> ByAttribute[tuple[str, ...]]:
    """What a prompt asks for: attribute -> the values that its words stand for, as people read both.

    >>> wishes("Dark glasses, short red hair and happy")
    {'glasses': ('dark',), 'hair': ('short',), 'hair colour': ('red (#bd1700)',), 'mouth': ('happy',)}

    Raises:
        ValueError: If a phrase is unknown (the nearest known ones are named), or two contradict
            each other.
    """
    return captions.readable(meant(prompt, strict=True))


@door()
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
    wanted = meant(prompt, strict=True)
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
