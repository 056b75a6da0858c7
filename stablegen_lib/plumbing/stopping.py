"""A loss that is no number any more ends a training run, before it reaches the weights."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor


class TrainingStopped(RuntimeError):
    """A loss stopped being a finite number; the message names the step and what to do."""


def require_finite_loss(number: int, who: str, loss: float) -> None:
    """Raises TrainingStopped if it is not: call it before the step that the loss would steer.

    Args:
        number: Of the step.
        who: Whose loss it is: "discriminator", "autoencoder".
        loss: Its value.
    """
    if not math.isfinite(loss):
        raise TrainingStopped(
            f"step {number}: the {who}'s loss is {loss}, so training stopped there. Go on from the last "
            "saved state with a smaller learning rate or more penalty, and look at the data."
        )


def require_finite_weights(number: int, who: str, weights: Iterable[Tensor]) -> None:
    """Raises TrainingStopped if a weight is not finite: a gradient can blow up where the loss does not."""
    if not all(bool(torch.isfinite(weight).all()) for weight in weights):
        raise TrainingStopped(
            f"step {number}: a weight of the {who} is not a finite number any more, so it cannot be used. Go "
            "on from the last saved state with a smaller learning rate or more penalty."
        )
