"""Checks for the exercises of lesson 05, the training loop."""

import math
from typing import Any

from stablegen_lib.course.checking import call, close, difference, exercise
from stablegen_lib.course.picking import picked


@exercise("05.1", "one number for both networks")
def one_number(answer: object) -> str | None:
    import torch
    from torch import nn

    from stablegen_lib.discriminator import PointDiscriminator

    random = torch.Generator().manual_seed(5)
    x, real, z = torch.randn(6, 1, generator=random), *torch.randn(2, 6, 2, generator=random)
    judge = PointDiscriminator(condition_size=1, width=4)
    fake = nn.Linear(2, 2)(z)
    g_loss, d_loss = _at_the_fakes_and_at_d(judge, x, real, fake)
    number = call(answer, judge, x, real, fake)
    if not (isinstance(number, torch.Tensor) and number.numel() == 1 and number.requires_grad):
        return "one number that carries a gradient was needed: return a tensor, the losses added."
    fakes, d = _reached(number.reshape(()), fake, judge.requires_grad_(True))
    if close(fakes, g_loss[0]) and close(d, d_loss[1]):
        return None
    if not fakes.any():
        return "no gradient reaches the fakes, so G would never learn. Cut them off from D's loss alone."
    if close(fakes, g_loss[0] + d_loss[0]):
        return "the fakes follow D's loss too, so G would work for its opponent: cut them off from D's loss."
    if not close(fakes, g_loss[0]):
        return "the fakes need the gradient of G's loss, the one that does not saturate, and get another."
    if close(d, d_loss[1] + g_loss[1]):
        return (
            "the fakes get what they should, but D follows G's loss too. G's loss needs D's *answers*, not "
            "D itself: a twin, copy.deepcopy(discriminator), answers the same."
        )
    return "the fakes get what they should, but D does not get the gradient of its own loss, gap 05.a."


def _at_the_fakes_and_at_d(judge: Any, x: Any, real: Any, fake: Any) -> list[tuple[Any, Any]]:
    """The gradient of G's loss at both places, and that of D's loss."""
    from stablegen_lib import log_loss

    of_g = log_loss.non_saturating_loss(judge(x, fake))
    of_d = log_loss.discriminator_loss(real_logits=judge(x, real), fake_logits=judge(x, fake))
    return [_reached(loss, fake, judge) for loss in (of_g, of_d)]


def _reached(loss: Any, fake: Any, judge: Any) -> tuple[Any, Any]:
    """The gradient at the fakes, and that at all weights of D in one long list."""
    import torch

    parts = torch.autograd.grad(
        loss, [fake, *judge.parameters()], retain_graph=True, allow_unused=True, materialize_grads=True
    )
    return parts[0], torch.cat([part.flatten() for part in parts[1:]])


@exercise("05.2", "how long the average remembers")
def steps_to_half(answer: object) -> str | None:
    half = math.log(0.5) / math.log(0.995)
    if close(answer, 200.0):
        return "that is 1 / (1 − 0.995), the average age. Asked is the n with 0.995 to the power n = 0.5."
    if close(answer, 100.0):
        return "0.5 / 0.005 would be right if each step took away the same amount. Each takes the same share."
    if close(answer, half, tolerance=0.01):  # 137 to 139
        return None
    return difference(answer, float(round(half))) or None


@exercise("05.3", "reading the losses")
def diagnosis(answer: object) -> str | None:
    hints = {
        "tie": "at the tie D's loss is 2 log 2 = 1.39, since it can only guess. What does 0.01 say?",
        "collapse of D": "a D that answers the same everywhere has a loss of at least 1.39.",
    }
    return picked(answer, "discriminator wins", hints)
