"""One process's share of every batch, when several processes train one model together.

All processes draw the same random numbers for the whole batch, and each works on its own rows. The
logits of all are gathered, so that everybody computes the loss of the whole batch; only one's own
logits carry a gradient. Added up over the processes, the gradients are those of the whole batch.
A single process has all rows, and nothing here does anything. `distributed.py` starts several.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.distributed as dist
from jaxtyping import Float, Shaped
from torch import Tensor


@dataclass(frozen=True)
class Shard:
    """Which rows of a batch are this process's own.

    Attributes:
        rank: Number of this process, counted from 0.
        count: How many processes share the batch.
    """

    rank: int = 0
    count: int = 1

    def rows(self, whole: Shaped[Tensor, "batch ..."]) -> Shaped[Tensor, "own ..."]:
        """Those rows of a whole batch that are this process's own.

        Raises:
            ValueError: If the batch cannot be divided into equal shares.
        """
        own, left_over = divmod(len(whole), self.count)
        if left_over:
            raise ValueError(f"a batch size that {self.count} processes can share equally was needed, "
                             f"and {len(whole)} came.")  # fmt: skip
        return whole[own * self.rank : own * (self.rank + 1)]

    def gather(
        self, own: Shaped[Tensor, "own ..."], lengths: Sequence[int] = ()
    ) -> Shaped[Tensor, "batch ..."]:
        """The rows of all processes, in order; a gradient flows to one's own rows only.

        All processes have to call this together. ``lengths``: how many rows each has, if not equally many.
        """
        if self.count == 1:
            return own
        own = own.float() if own.is_floating_point() else own
        lengths = lengths or [len(own)] * self.count
        padded = own.new_zeros(max(lengths), *own.shape[1:])
        padded[: len(own)] = own.detach()
        parts = [torch.empty_like(padded) for _ in lengths]
        if padded.numel():
            dist.all_gather(parts, padded)
        parts = [part[:length] for part, length in zip(parts, lengths, strict=True)]
        parts[self.rank] = own
        return torch.cat(parts)

    def mean(self, own: Float[Tensor, ""]) -> Float[Tensor, ""]:
        """The average of one number per process; a gradient flows to one's own only."""
        return own if self.count == 1 else self.gather(own.reshape(1)).mean()


WHOLE = Shard()
"""A process by itself."""
