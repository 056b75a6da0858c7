"""The running average of the weights: steadier than the weights themselves, which never stop moving."""

from itertools import zip_longest

import torch
from torch import nn

from stablegen_lib.plumbing.bounds import share
from stablegen_lib.plumbing.doors import door


@door(decay=share())
@torch.no_grad()
def update_ema(averaged: nn.Module, current: nn.Module, decay: float) -> None:
    """Moves each weight of ``averaged`` the fraction 1 − decay of the way to ``current``.

    Args:
        averaged: Changed in place.
        current: A network of the same kind.
        decay: From 0 (a copy) to 1 (nothing moves).

    Raises:
        ValueError: If the two do not have the same tensors; nothing is changed then.
    """
    pairs, buffers = (
        list(zip_longest(getattr(averaged, kind)(), getattr(current, kind)()))
        for kind in ("parameters", "buffers")
    )
    for slow, fast in (*pairs, *buffers):
        if slow is None or fast is None or slow.shape != fast.shape:
            raise ValueError("averaged and current must be two networks of the same kind and size.")
    for slow, fast in pairs:
        slow.lerp_(fast, 1 - decay)
    for copied, latest in buffers:
        copied.copy_(latest)


def ramped(decay: float, number: int) -> float:
    """The decay after so many steps: early on the average forgets quickly.

    >>> [round(ramped(0.999, number), 3) for number in (1, 100, 100_000)]
    [0.182, 0.918, 0.999]
    """
    return min(decay, (1 + number) / (10 + number))
