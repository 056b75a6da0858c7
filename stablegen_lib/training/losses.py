"""The losses of D and G as a recipe asks for them: log-loss, wrong conditions, noise, penalties."""

import warnings
from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from stablegen_lib import log_loss
from stablegen_lib.stability import penalties as stability
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import diff_augment
from stablegen_lib.training.recipe import Recipe
from stablegen_lib.training.state import TrainingState

ONLY_RESHAPE = {"View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Flatten", "ToCopy", "Split",
                "SplitWithSizes", "Slice", "Select", "Mean", "Clone"}  # fmt: skip
SQUASH = {"Sigmoid", "LogSigmoid", "Softmax"}


def discriminator_loss(
    model: StableGen, x: Tensor, real: Tensor, fake: Tensor, state: TrainingState
) -> tuple[Tensor, Tensor, tuple[float, float]]:
    """D's loss, the penalties that are due, and D's average probability for real and for fake."""
    recipe, shard, due = state.recipe, state.shard, state.number % state.recipe.penalty_every == 0
    real, fake = seen(real, state), seen(fake.to(real.dtype), state)
    asked, shown, differs = [x, x], [real, fake], None
    if recipe.mismatch:  # a real picture under somebody else's condition counts as fake too
        everybody = shard.gather(x)
        others = everybody.roll(1, dims=0)
        differs = (others != everybody).any(dim=1)
        own = shard.rows(differs)
        asked, shown = [*asked, shard.rows(others)[own]], [*shown, real[own]]
    judged = _judge(model.discriminator, asked, shown)
    if state.number == 0:
        _warn_of_probabilities(judged[0])
    lengths = [] if differs is None else [int(part.sum()) for part in differs.chunk(shard.count)]
    real_logits = shard.gather(judged[0])
    fake_logits = [shard.gather(judged[1]), *(shard.gather(mismatched, lengths) for mismatched in judged[2:])]
    loss, answers = _comparison(recipe, real_logits, fake_logits, differs)
    penalty = real_logits.new_zeros(())
    for gamma, samples in ((recipe.r1_gamma, real), (recipe.r2_gamma, fake)):
        if gamma and due:
            slope = shard.mean(stability.slope_penalty(partial(model.discriminator, x), samples))
            weight = gamma * recipe.penalty_every * recipe.decayed(recipe.penalty_decay, state.number)
            penalty = penalty + weight * slope
    return loss, penalty, answers


def generator_loss(model: StableGen, x: Tensor, real: Tensor, fake: Tensor, state: TrainingState) -> Tensor:
    """G's loss on generated samples that still hang on G; real ones serve the relativistic loss only."""
    fake, gather = seen(fake, state), state.shard.gather
    if state.recipe.loss != "relativistic":
        return log_loss.GENERATOR_LOSSES[state.recipe.loss](gather(model.discriminator(x, fake)))
    with torch.no_grad():
        real_logits = gather(model.discriminator(x, seen(real, state)))
    fake_logits = gather(model.discriminator(x, fake))
    return log_loss.relativistic_loss(winner_logits=fake_logits, loser_logits=real_logits)


def seen(samples: Tensor, state: TrainingState) -> Tensor:
    """What D sees of the samples: changed at random and under noise, where the recipe asks for it."""
    policy, shard = state.recipe.diff_augment, state.shard
    if policy:
        draws = shard.rows(diff_augment.draw(shard.count * len(samples), state.random))
        samples = diff_augment.diff_augment(samples, draws, policy)
    return noisy(samples, state)


def noisy(samples: Tensor, state: TrainingState) -> Tensor:
    """The samples under the instance noise that is left at this step."""
    deviation = state.recipe.noise_left(state.number)
    if not deviation:
        return samples
    everybodys = (state.shard.count * len(samples), *samples.shape[1:])
    noise = state.shard.rows(torch.randn(everybodys, generator=state.random))
    return samples + deviation * noise.to(samples.device, samples.dtype)


def _comparison(
    recipe: Recipe, real_logits: Tensor, fake_logits: Sequence[Tensor], differs: Tensor | None
) -> tuple[Tensor, tuple[float, float]]:
    """D's loss and its average probabilities; a mismatched sample (``differs``) meets its matching self."""
    fakes = torch.cat(list(fake_logits))
    if recipe.loss == "relativistic":
        pairs = real_logits if differs is None else torch.cat([real_logits, real_logits[differs]])
        loss = log_loss.relativistic_loss(winner_logits=pairs, loser_logits=fakes)
        right = (real_logits - fake_logits[0]).detach().sigmoid().mean().item()
        return loss, (right, 1 - right)
    if recipe.label_smoothing:
        labels = torch.full_like(real_logits, 1 - recipe.label_smoothing)
        loss = log_loss.cross_entropy(real_logits, labels)
        loss = loss + log_loss.cross_entropy(fakes, torch.zeros_like(fakes))
    else:
        loss = log_loss.discriminator_loss(real_logits=real_logits, fake_logits=fakes)
    real, fake = (logits.detach().sigmoid().mean().item() for logits in (real_logits, fake_logits[0]))
    return loss, (real, fake)


def _warn_of_probabilities(answers: Tensor) -> None:
    """A sigmoid at the end of D is seen in how the answers came about; their values would not tell."""
    step = answers.grad_fn
    while step is not None and step.name().partition("Backward")[0] in ONLY_RESHAPE:
        step = step.next_functions[0][0]
    if step is not None and step.name().partition("Backward")[0] in SQUASH:
        warnings.warn("D ends in a sigmoid, and here the log-loss takes logits and has a sigmoid of its own: "
                      "D would learn hardly anything. Leave D's out.", stacklevel=2)  # fmt: skip


def _judge(discriminator: nn.Module, asked: list[Tensor], shown: list[Tensor]) -> Sequence[Tensor]:
    """One pass over all groups is faster, and equal when D looks at each sample by itself."""
    if any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in discriminator.modules()):
        return [discriminator(x, y) for x, y in zip(asked, shown, strict=True) if len(x)]
    logits: Tensor = discriminator(torch.cat(asked), torch.cat(shown))
    return torch.split(logits, [len(x) for x in asked])
