"""Generator and discriminator *fused*: a trunk in common, one optimiser step for both, or both.

The article says that generator and discriminator are "fused in one framework", and that this makes
training stable. It does not say how. Here are two readings that can be tried, on points in the plane:

- **one step**: both gradients are taken at the same weights, and one Adam moves everything at once.
- **trunk**: all hidden layers but the first are the same ones in G and in D.

Lesson 07 compares them with two networks that are trained in turn.
"""

import math
import time
from collections.abc import Iterator
from functools import partial
from itertools import chain

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.optim import Adam

from stablegen_lib import log_loss, stability
from stablegen_lib.discriminator import PointDiscriminator
from stablegen_lib.generator import PointGenerator
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import Step, TrainingStopped, start
from stablegen_lib.training.averaging import ramped, update_ema
from stablegen_lib.training.batches import Batches, Samples
from stablegen_lib.training.recipe import Recipe

WAYS = ("one step", "trunk", "trunk, one step")
Losses = tuple[Tensor, Tensor]  # D's with its penalty, and G's


def share_trunk(model: StableGen) -> StableGen:
    """Gives D the hidden layers of G, all but the first (G starts at z there, D at a point).

    Returns:
        The same model, changed in place. Whoever moves the trunk now moves it for both.

    Raises:
        ValueError: If this is no pair for points, or the two have no hidden layers of one shape.
    """
    generator, discriminator = model.generator, model.discriminator
    if not (isinstance(generator, PointGenerator) and isinstance(discriminator, PointDiscriminator)):
        raise ValueError("a pair from StableGen.for_points was needed: its hidden layers fit each other.")
    theirs, ours = ([index for index, layer in enumerate(layers) if isinstance(layer, nn.Linear)][1:]
                    for layers in (discriminator.features, generator.layers))  # fmt: skip
    pairs = list(zip(theirs, ours[:-1], strict=True))  # G's last layer makes the point
    if not pairs:
        raise ValueError("at least two hidden layers were needed, and one came: there is nothing to share.")
    for place, source in pairs:
        discriminator.features[place] = generator.layers[source]
    return model


def train(
    model: StableGen, dataset: Samples, *, way: str, steps: int, recipe: Recipe, seed: int = 0
) -> Iterator[Step]:
    """Like ``training.train``, but fused; the same batches and the same z for the same seed.

    Of the recipe count the learning rates and betas, the R1 penalty (at every step), the averaging
    and the batch size; everything is float32, the loss the non-saturating one.

    Args:
        model: From ``StableGen.for_points``; changed in place.
        dataset: Points.
        way: One of ``WAYS``. With "trunk" alone the two still take turns.
        steps: How many to do.
        recipe: See above.
        seed: Decides batches and z.

    Raises:
        ValueError: At once, if the way is unknown, the recipe has another loss, or the learning rates
            of the two differ where one optimiser moves both, or the steps are below 0.
        TrainingStopped: If a loss is not finite.
    """
    rates = recipe.generator_learning_rate, recipe.discriminator_learning_rate
    if way not in WAYS or recipe.loss != "non_saturating" or ("one step" in way and rates[0] != rates[1]):
        needed = f"a way out of {WAYS}, the non-saturating loss and equal learning rates"
        raise ValueError(f"{needed} were needed; {way!r}, {recipe.loss!r} and {rates} came.")
    if steps < 0:
        raise ValueError(f"steps must be at least 0, and {steps} came.")
    batches = Batches(model, dataset, torch.contiguous_format)
    if "trunk" in way:
        share_trunk(model)
    return _steps(model, batches, recipe, seed, way, steps)


def _steps(
    model: StableGen, batches: Batches, recipe: Recipe, seed: int, way: str, steps: int
) -> Iterator[Step]:
    state = start(model, recipe, seed)
    weights = dict.fromkeys(chain(model.generator.parameters(), model.discriminator.parameters()))
    both = Adam(list(weights), lr=recipe.generator_learning_rate, betas=recipe.betas, fused=True)
    for _ in range(steps):
        began = time.perf_counter()
        with torch.enable_grad():
            x, real, z = batches.draw(recipe.batch_size, state.random)
            losses = partial(_losses, model, x, real, z, recipe.r1_gamma)
            if "one step" in way:
                told = _move_both(model, both, losses())
            else:
                told = (
                    _move(model.discriminator, state.discriminator_optimizer, losses()[0]),
                    _move(model.generator, state.generator_optimizer, losses()[1]),
                )
        state.number += 1
        decay = ramped(recipe.averaging_decay, state.number)
        update_ema(model.averaged_generator, model.generator, decay)
        yield Step(state.number, *told, 0.0, 0.5, 0.5, time.perf_counter() - began, state)


def _losses(model: StableGen, x: Tensor, real: Tensor, z: Tensor, gamma: float) -> Losses:
    """G's loss sees D as fixed numbers, so that its gradient never moves D to please G."""
    fake, judge = model.generator(x, z), model.discriminator
    loss = log_loss.discriminator_loss(real_logits=judge(x, real), fake_logits=judge(x, fake.detach()))
    if gamma:
        loss = loss + gamma * stability.slope_penalty(partial(judge, x), real)
    fixed = {name: weight.detach() for name, weight in judge.named_parameters(remove_duplicate=False)}
    return loss, log_loss.non_saturating_loss(functional_call(judge, fixed, (x, fake)))


def _move(network: nn.Module, optimizer: Adam, loss: Tensor) -> float:
    told = _finite(loss)
    weights = list(network.parameters())
    for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        weight.grad = slope
    optimizer.step()
    return told


def _move_both(model: StableGen, optimizer: Adam, losses: Losses) -> tuple[float, float]:
    """What both own gets the sum of both gradients."""
    told = _finite(losses[0]), _finite(losses[1])
    optimizer.zero_grad(set_to_none=True)
    for network, loss in zip((model.discriminator, model.generator), losses, strict=True):
        weights = list(network.parameters())
        slopes = torch.autograd.grad(loss, weights, retain_graph=True)
        for weight, slope in zip(weights, slopes, strict=True):
            weight.grad = slope if weight.grad is None else weight.grad + slope
    optimizer.step()
    return told


def _finite(loss: Tensor) -> float:
    if not math.isfinite(loss.item()):
        raise TrainingStopped(f"a loss is {loss.item()}, so training stopped. Take a smaller learning rate.")
    return loss.item()
