"""The loop: discriminator and generator take turns, one step each.

``train`` is a Python generator. It does one step, yields what happened, and waits; the
caller's ``for`` decides what to draw, when to save, when to stop. Lesson 05 writes the
same loop by hand first.
"""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from stablegen_lib import log_loss, stability
from stablegen_lib.batches import Batches, Samples
from stablegen_lib.checkpoint import MEMORY_FORMATS, TrainingState, resume, save_state, start, state_file
from stablegen_lib.interrupt import finish_step_first
from stablegen_lib.recipe import ARTICLE, STABLE, Recipe, bfloat16_in_hardware
from stablegen_lib.safe_files import require_writable
from stablegen_lib.stablegen import StableGen, update_ema

__all__ = [
    "ARTICLE",
    "STABLE",
    "Recipe",
    "Step",
    "TrainingState",
    "TrainingStopped",
    "resume",
    "save_state",
    "start",
    "train",
]

GENERATOR_LOSSES = {"non_saturating": log_loss.non_saturating_loss, "minimax": log_loss.minimax_loss}


class TrainingStopped(RuntimeError):
    """A loss stopped being a finite number; the message names the step and what to do."""


@dataclass(frozen=True)
class Step:
    """What one finished step did.

    Attributes:
        number: Steps done so far, counted from 1.
        discriminator_loss: In nats, without the penalty; 1.386 when D cannot tell.
        generator_loss: In nats; 0.693 (non-saturating) when D cannot tell.
        penalty: What the slope penalties added to D's loss.
        real_probability: D's average answer to real samples, in [0, 1].
        fake_probability: D's average answer to generated samples, in [0, 1].
        seconds: How long the step took.
        state: The run itself, for ``save_state``; it moves on with the next step.
    """

    number: int
    discriminator_loss: float
    generator_loss: float
    penalty: float
    real_probability: float
    fake_probability: float
    seconds: float
    state: TrainingState = field(repr=False, compare=False)


def train(
    model: StableGen,
    dataset: Samples,
    *,
    steps: int,
    recipe: Recipe = STABLE,
    seed: int = 0,
    state: TrainingState | None = None,
    save_to: str | Path | None = None,
    save_every: int = 500,
) -> Iterator[Step]:
    """Trains the pair in turns and yields each finished step.

    Args:
        model: The pair; changed in place.
        dataset: Real samples and their conditions, e.g. ``data.load_faces()``.
        steps: How many steps to do now.
        recipe: Loss, learning rates, penalties, averaging. Ignored when ``state`` is given.
        seed: Decides batches and z. Ignored when ``state`` is given.
        state: From ``start`` or ``resume``, or an earlier ``step.state``: goes on from there.
        save_to: Saves the state there every ``save_every`` steps and at the end.
        save_every: In steps.

    Raises:
        ValueError: At once, if the data or the state do not fit the model.
        OSError: At once, if nothing can be written to ``save_to``.
        TrainingStopped: If a loss is not finite. That step changed nothing on the disk.
        KeyboardInterrupt: After the running step is finished, so that nothing is lost.
    """
    if steps < 0 or save_every < 1:
        raise ValueError(f"steps must be at least 0, save_every at least 1; {steps} and {save_every} came.")
    used = recipe if state is None else state.recipe
    batches = Batches(model, dataset, MEMORY_FORMATS[used.memory_format])
    state = start(model, recipe, seed) if state is None else state
    _require_same_networks(model, state)
    target = None if save_to is None else state_file(save_to)
    if target is not None:
        require_writable(target)
    return _steps(model, batches, state, range(steps), target, save_every)


def _steps(
    model: StableGen,
    batches: Batches,
    state: TrainingState,
    steps: range,
    target: Path | None,
    save_every: int,
) -> Iterator[Step]:
    for remaining in reversed(steps):
        with finish_step_first(), torch.enable_grad():
            step = _one_step(model, batches, state)
            if target is not None and (state.number % save_every == 0 or remaining == 0):
                save_state(target, model, state)
        yield step


def _one_step(model: StableGen, batches: Batches, state: TrainingState) -> Step:
    began, recipe = time.perf_counter(), state.recipe
    with _autocast(model, recipe):
        x, real, z = batches.draw(recipe.batch_size, state.random)
        fake = model.generator(x, z)
        d_loss, penalty, answers = _discriminator_turn(model, x, real, fake.detach(), state)
    _move(state.discriminator_optimizer, d_loss + penalty, "discriminator", state)

    with _frozen(model.discriminator):  # it only passes the gradient on to G
        with _autocast(model, recipe):
            g_loss = GENERATOR_LOSSES[recipe.loss](model.discriminator(x, fake))
        _move(state.generator_optimizer, g_loss, "generator", state)

    state.number += 1
    ramp = (1 + state.number) / (10 + state.number)  # early on the average forgets quickly
    update_ema(model.averaged_generator, model.generator, min(recipe.averaging_decay, ramp))
    losses = d_loss.item(), g_loss.item(), penalty.item()
    return Step(state.number, *losses, *answers, time.perf_counter() - began, state)


def _discriminator_turn(
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


def _move(optimizer: torch.optim.Adam, loss: Tensor, who: str, state: TrainingState) -> None:
    if not math.isfinite(loss.item()):
        raise TrainingStopped(
            f"step {state.number + 1}: the {who}'s loss is {loss.item()}, so training stopped there. Go on "
            "from the last saved state with a smaller learning rate or more penalty, and look at the data."
        )
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def _autocast(model: StableGen, recipe: Recipe) -> AbstractContextManager[object]:
    fast = recipe.precision == "auto" and bfloat16_in_hardware(model.device)
    wanted = fast or recipe.precision == "bfloat16"
    return torch.autocast(model.device.type, torch.bfloat16) if wanted else nullcontext()


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    moving = [parameter for parameter in network.parameters() if parameter.requires_grad]
    for parameter in moving:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in moving:
            parameter.requires_grad_(True)


def _require_same_networks(model: StableGen, state: TrainingState) -> None:
    for network, optimizer in (
        (model.generator, state.generator_optimizer),
        (model.discriminator, state.discriminator_optimizer),
    ):
        moved = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        if moved != {id(parameter) for parameter in network.parameters()}:
            raise ValueError(
                "this state belongs to another model. Train the model that resume(...) returned with it."
            )
