"""Edited twins: what a perfect edit of a real face looks like, for lesson 09 to measure edits against.

`data.load_twins` reads them; this file says what they are.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Int64
from torch import Tensor

from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.data.names import raw_attribute
from stablegen_lib.plumbing.doors import door


@door()
@dataclass(frozen=True, eq=False)
class Twins:
    """Pairs of pictures of one person, before and after an edit.

    Line n of every field belongs to pair n. A person who was edited in five ways
    has five pairs, so the same original stands in `originals` five times.

    Attributes:
        originals: Before the edit, with the conditions before.
        edited: After it, with the conditions after. Everything that the edit
            does not name is drawn as before.
        edits: Name of each edit, such as "hat no->yes" or "hair colour".
        persons: Which picture of the edited split the original is.

    Raises:
        ValueError: If the parts do not belong together.
    """

    originals: ImageSet
    edited: ImageSet
    edits: tuple[str, ...]
    persons: Int64[Tensor, " pair"]

    def __post_init__(self) -> None:
        lengths = [len(part) for part in (self.originals, self.edited, self.edits, self.persons)]
        if len(set(lengths)) != 1:
            raise ValueError(f"originals, edited, edits and persons need one length; they have {lengths}")
        if self.originals.condition_names != self.edited.condition_names:
            raise ValueError("originals and edited need the same condition names, in the same order")

    def __len__(self) -> int:
        return len(self.edits)

    def __repr__(self) -> str:
        return f"Twins({len(self)} pairs, {len(self.kinds)} kinds of edit)"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the edits, each once, in alphabetical order."""
        return tuple(sorted(set(self.edits)))

    @property
    def about(self) -> tuple[str, ...]:
        """For each pair the attribute that was edited: "hat no->yes" is about the hat."""
        return tuple(edit.split(" ")[0] if "->" in edit else edit for edit in self.edits)

    @door()
    def of(self, edit: str) -> "Twins":
        """Select the pairs of one kind of edit: `twins.of("glasses none->dark")`.

        Raises:
            ValueError: If no pair has this edit; the known ones are listed.
        """
        meant = {name for name in set(self.edits) if raw_attribute(name) == raw_attribute(edit)}
        chosen = [pair for pair, name in enumerate(self.edits) if name in meant]
        if not chosen:
            raise ValueError(f"unknown edit {edit!r}; choose from {', '.join(self.kinds)}")
        index, name = torch.tensor(chosen), self.edits[chosen[0]]
        return Twins(self.originals[index], self.edited[index], (name,) * len(chosen), self.persons[index])
