"""The loop: ``train`` does one step, yields what happened, and waits.

``discriminator_turn`` and ``generator_turn`` are the halves of a step. Lesson 05 writes the same loop by hand
first.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.checks import came
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import require_writable
from stablegen_lib.plumbing.interrupt import finish_step_first
from stablegen_lib.plumbing.stopping import require_finite_loss, require_finite_weights
from stablegen_lib.plumbing.tensors import tensor_file
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import losses
from stablegen_lib.training.averaging import ramped, update_ema
from stablegen_lib.training.batches import Batches, Samples
from stablegen_lib.training.recipe import STABLE, Recipe
from stablegen_lib.training.state import (
    MEMORY_FORMATS,
    TrainingState,
    computes_in_bfloat16,
    require_same_networks,
    save_state,
    set_learning_rates,
    start,
)

Shown = tuple[Tensor, Tensor, Tensor]  # conditions x, real and generated samples of one batch


@dataclass(frozen=True)
class Step:
    """What one finished step did.

    Attributes:
        number: Steps done so far, counted from 1.
        discriminator_loss: In nats, without the penalty; 1.386 when D cannot tell.
        generator_loss: In nats; 0.693 (non-saturating) when D cannot tell.
        penalty: What the slope penalties added to D's loss.
        real_probability: D's average answer to real samples, in [0, 1]; relativistic: the right one of two.
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


@dataclass(frozen=True)
class DiscriminatorTurn:
    """What one turn of D did; the first four as in ``Step``.

    Attributes:
        loss: In nats, without the penalty.
        penalty: What the slope penalties added to it.
        real_probability: D's average answer to real samples, in [0, 1], before it moved.
        fake_probability: D's average answer to generated samples, in [0, 1], before it moved.
        shown: The batch. Its generated samples still hang on G: ``generator_turn`` can use them again.
    """

    loss: float
    penalty: float
    real_probability: float
    fake_probability: float
    shown: Shown = field(repr=False, compare=False)


@door(steps=at_least(0))
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
        TrainingStopped: If a loss, or at the end a weight, is not finite. That step changed nothing on disk.
        KeyboardInterrupt: After the running step is finished, so that nothing is lost.
    """
    used = recipe if state is None else state.recipe
    batches = Batches(model, dataset, MEMORY_FORMATS[used.memory_format])
    state = start(model, recipe, seed) if state is None else state
    require_same_networks(model, state)
    target = None if save_to is None else tensor_file(save_to)
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
            if remaining == 0:  # a gradient can blow up where the loss does not
                require_finite_weights(state.number, "model", model.state_dict().values())
            if target is not None and (state.number % save_every == 0 or remaining == 0):
                save_state(target, model, state)
        yield step


def _one_step(model: StableGen, batches: Batches, state: TrainingState) -> Step:
    began = time.perf_counter()
    turn = discriminator_turn(model, batches, state)
    generator_loss = generator_turn(model, batches, state, turn.shown)
    state.number += 1
    decay = ramped(state.recipe.averaging_decay, state.number)
    update_ema(model.averaged_generator, model.generator, decay)
    told = turn.loss, generator_loss, turn.penalty, turn.real_probability, turn.fake_probability
    return Step(state.number, *told, time.perf_counter() - began, state)


def discriminator_turn(model: StableGen, batches: Batches, state: TrainingState) -> DiscriminatorTurn:
    """Moves D by one step on a fresh batch; G stands still. ``state.number`` counts whole steps: it stays.

    Args:
        model: D is changed in place.
        batches: The real samples, made for this model.
        state: From ``start``; its recipe says how, its random numbers and D's optimiser move on.

    Raises:
        TrainingStopped: If D's loss is not finite; then D has not moved.
        KeyboardInterrupt: After the turn is finished.
    """
    _require_parts(model, batches, state)
    with finish_step_first(), torch.enable_grad():
        with _autocast(model, state.recipe):
            x, real, z = batches.draw(state.recipe.batch_size, state.random, state.shard)
            fake = model.generator(x, z)
            loss, penalty, answers = losses.discriminator_loss(model, x, real, fake.detach(), state)
        _move(state.discriminator_optimizer, loss + penalty, "discriminator", state)
        return DiscriminatorTurn(loss.item(), penalty.item(), *answers, (x, real, fake))


def generator_turn(
    model: StableGen, batches: Batches, state: TrainingState, shown: Shown | None = None
) -> float:
    """Moves G by one step; D stands still, and so do ``state.number`` and the averaged generator.

    Args:
        model: G is changed in place.
        batches: Where x comes from when a fresh batch is drawn.
        state: From ``start``; its recipe says how, G's optimiser moves on.
        shown: Of the turn of D before; it serves once, since G moves on. None draws a fresh batch.

    Returns:
        G's loss in nats, before it moved.

    Raises:
        TrainingStopped: If G's loss is not finite; then G has not moved.
        KeyboardInterrupt: After the turn is finished.
    """
    _require_parts(model, batches, state)
    if shown is not None and not (isinstance(shown, tuple) and len(shown) == 3):
        raise ValueError(f"what the turn of D has shown was needed, x, real and fake; {came(shown)} came.")
    with finish_step_first(), torch.enable_grad(), _frozen(model.discriminator):
        with _autocast(model, state.recipe):  # D only passes the gradient on to G
            if shown is None:
                x, real, z = batches.draw(state.recipe.batch_size, state.random, state.shard)
                shown = x, real, model.generator(x, z)
            loss = losses.generator_loss(model, *shown, state)
        _move(state.generator_optimizer, loss, "generator", state)
        return loss.item()


def _require_parts(model: StableGen, batches: Batches, state: TrainingState) -> None:
    for part, kind in ((model, StableGen), (batches, Batches), (state, TrainingState)):
        if not isinstance(part, kind):
            raise ValueError(
                f"a StableGen, its Batches and its TrainingState were needed; {came(part)} came."
            )


def _move(optimizer: torch.optim.Adam, loss: Tensor, who: str, state: TrainingState) -> None:
    require_finite_loss(state.number + 1, who, loss.item())
    set_learning_rates(state)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def _autocast(model: StableGen, recipe: Recipe) -> AbstractContextManager[object]:
    if computes_in_bfloat16(model, recipe):
        return torch.autocast(model.device.type, torch.bfloat16)
    return nullcontext()


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
