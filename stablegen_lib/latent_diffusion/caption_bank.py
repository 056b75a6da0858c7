"""Many captions for every picture, turned into tokens beforehand: a training step only picks some."""

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Bool, Int64
from torch import Tensor

from stablegen_lib.words.captions import KEPT, random_caption
from stablegen_lib.words.vocabulary import FACES, Vocabulary

EMPTY = 0.1  # share of the captions that are left empty: guidance needs to know what comes without words


def tokens(tokenizer: Any, texts: Sequence[str]) -> Int64[Tensor, "count token"]:
    """The ids of texts, all of the tokenizer's full length; what is too long is cut.

    Args:
        tokenizer: Of the text encoder (`components.tokenizer`).
        texts: At least one.
    """
    ids: Tensor = tokenizer(
        list(texts),
        padding="max_length",
        truncation=True,
        return_tensors="pt",
        max_length=tokenizer.model_max_length,
    ).input_ids
    return ids


class CaptionBank:
    """Several captions of each picture, each with its own choice and order of what it mentions.

    Args:
        values: Raw attribute -> raw value for each picture, as from `captions.values_of`; all have the same
            attributes.
        tokenizer: Of the text encoder.
        vocabulary: The words to say it in.
        each: Captions per picture.
        kept: Probability with which each attribute is mentioned.
        seed: Decides choice and order.

    Attributes:
        ids: Int64[picture caption token], the captions.
        mentioned: Bool[picture caption attribute], what each of them mentions.
        nothing: Int64[token], the empty caption.
        said: Int64[picture attribute], which phrase each value is; values that share their words share it.

    Raises:
        ValueError: If there is no picture, or they differ in their attributes or in the order of these.
    """

    def __init__(
        self,
        values: Sequence[dict[str, str]],
        tokenizer: Any,
        *,
        vocabulary: Vocabulary = FACES,
        each: int = 8,
        kept: float | int = KEPT,
        seed: int = 0,
    ) -> None:
        if len(kinds := {tuple(row) for row in values}) != 1:
            raise ValueError("one list of attributes, the same for every picture, was needed, "
                             f"and {len(kinds)} came.")  # fmt: skip
        names = list(values[0])
        random = torch.Generator().manual_seed(seed)
        self.mentioned = torch.rand(len(values), each, len(names), generator=random) < kept
        texts = [
            random_caption({name: row[name] for name, told in zip(names, mask, strict=True) if told}, random,
                           1.0, vocabulary)
            for row, masks in zip(values, self.mentioned.tolist(), strict=True)
            for mask in masks
        ]  # fmt: skip
        self.ids = tokens(tokenizer, texts).reshape(len(values), each, -1)
        self.nothing = tokens(tokenizer, [""])[0]
        said = [[vocabulary.phrases[name][row[name]] for name in names] for row in values]
        known = {phrase: number for number, phrase in enumerate(sorted({p for row in said for p in row}))}
        self.said = torch.tensor([[known[phrase] for phrase in row] for row in said])

    def __len__(self) -> int:
        return len(self.ids)

    def draw(
        self, chosen: Int64[Tensor, " batch"], random: torch.Generator, empty: float | int = EMPTY
    ) -> tuple[Int64[Tensor, "batch token"], Bool[Tensor, "batch attribute"]]:
        """The ids of one caption for each of these pictures, and which attributes it mentions.

        Args:
            chosen: Numbers of the pictures, on the CPU.
            random: Decides which caption, and which ones are left empty.
            empty: Share of the captions that are left empty.
        """
        which = torch.randint(self.ids.shape[1], chosen.shape, generator=random)
        silent = torch.rand(chosen.shape, generator=random) < empty
        ids = torch.where(silent[:, None], self.nothing, self.ids[chosen, which])
        return ids, self.mentioned[chosen, which] & ~silent[:, None]

    def fits(
        self, chosen: Int64[Tensor, " batch"], mentioned: Bool[Tensor, "batch attribute"]
    ) -> Bool[Tensor, "text picture"]:
        """Which captions are true of which pictures of a batch; each one of its own at least.

        Args:
            chosen: Numbers of the pictures, as for `draw`.
            mentioned: Which attributes the caption of each mentions, from `draw`.
        """
        said = self.said[chosen]
        return ((said[:, None] == said[None]) | ~mentioned[:, None]).all(dim=2)
