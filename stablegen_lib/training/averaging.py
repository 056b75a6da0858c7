"""The running average of the weights: steadier than the weights themselves, which never stop moving."""

import torch
from torch import nn


@torch.no_grad()
def update_ema(averaged: nn.Module, current: nn.Module, decay: float) -> None:
    """Moves each weight of ``averaged`` the fraction 1 − decay of the way to ``current``."""
    for slow, fast in zip(averaged.parameters(), current.parameters(), strict=True):
        slow.lerp_(fast, 1 - decay)
    for copied, latest in zip(averaged.buffers(), current.buffers(), strict=True):
        copied.copy_(latest)


def ramped(decay: float, number: int) -> float:
    """The decay after so many steps: early on the average forgets quickly.

    >>> [round(ramped(0.999, number), 3) for number in (1, 100, 100_000)]
    [0.182, 0.918, 0.999]
    """
    return min(decay, (1 + number) / (10 + number))
