"""D's loss as a recipe asks for it: log-loss, mismatched conditions, slope penalties."""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from stablegen_lib import log_loss, stability
from stablegen_lib.checkpoint import TrainingState
from stablegen_lib.stablegen import StableGen


def discriminator_loss(
    model: StableGen, x: Tensor, real: Tensor, fake: Tensor, state: TrainingState
) -> tuple[Tensor, Tensor, tuple[float, float]]:
    """D's loss, the penalties that are due, and D's average probability for real and for fake."""
    recipe, due = state.recipe, state.number % state.recipe.penalty_every == 0
    asked, shown = [x, x], [real, fake.to(real.dtype)]
    if recipe.mismatch:  # a real picture under somebody else's condition counts as fake too
        others = x.roll(1, dims=0)
        differs = (others != x).any(dim=1)
        asked, shown = [*asked, others[differs]], [*shown, real[differs]]
    real_logits, *fake_logits = _judge(model.discriminator, asked, shown)
    loss = log_loss.discriminator_loss(real_logits=real_logits, fake_logits=torch.cat(fake_logits))
    penalty = real_logits.new_zeros(())
    for gamma, samples in ((recipe.r1_gamma, real), (recipe.r2_gamma, fake)):
        if gamma and due:
            slope = stability.slope_penalty(partial(model.discriminator, x), samples)
            penalty = penalty + gamma * recipe.penalty_every * slope
    averages = real_logits.detach().sigmoid().mean().item(), fake_logits[0].detach().sigmoid().mean().item()
    return loss, penalty, averages


def _judge(discriminator: nn.Module, asked: list[Tensor], shown: list[Tensor]) -> Sequence[Tensor]:
    """One pass over all groups is faster, and equal when D looks at each sample by itself."""
    if any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in discriminator.modules()):
        return [discriminator(x, y) for x, y in zip(asked, shown, strict=True) if len(x)]
    logits: Tensor = discriminator(torch.cat(asked), torch.cat(shown))
    return torch.split(logits, [len(x) for x in asked])
