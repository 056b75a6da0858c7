"""Everything a training run needs to go on as if it had never stopped."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim import Adam

from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.plumbing.tensors import moments, part, read_tensors, remember, tensor_file, write_tensors
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.recipe import Recipe
from stablegen_lib.training.shard import WHOLE, Shard

FORMAT = "stablegen-state-1"
MEMORY_FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
OPTIMIZERS = ("generator_optimizer", "discriminator_optimizer")


@dataclass(eq=False)
class TrainingState:
    """Where a run stands: ``training.train`` moves it on, step by step.

    Attributes:
        recipe: What the run is made with.
        number: Steps done so far.
        random: The source of every random choice in the loop: batches and z.
        generator_optimizer: Adam for G's parameters only.
        discriminator_optimizer: Adam for D's parameters only.
        shard: This process's share of each batch: all of it, unless several train together.
            Not saved: a run may go on with another number of processes.
    """

    recipe: Recipe
    number: int
    random: torch.Generator
    generator_optimizer: Adam
    discriminator_optimizer: Adam
    shard: Shard = field(default=WHOLE, kw_only=True)

    def __repr__(self) -> str:
        return f"TrainingState(recipe={self.recipe.name!r}, number={self.number})"


def start(model: StableGen, recipe: Recipe, seed: int = 0) -> TrainingState:
    """The state before the first step: fresh optimisers, seeded random numbers."""
    fused = model.device.type in ("cpu", "cuda")
    rates = (recipe.generator_learning_rate, recipe.discriminator_learning_rate)
    networks = (model.generator, model.discriminator)
    for network in networks:
        network.to(memory_format=MEMORY_FORMATS[recipe.memory_format])  # type: ignore[call-overload]
    optimizers = [
        Adam(network.parameters(), lr=rate, betas=recipe.betas, fused=fused)
        for network, rate in zip(networks, rates, strict=True)
    ]
    return TrainingState(recipe, 0, torch.Generator().manual_seed(seed), *optimizers)


def change_recipe(state: TrainingState, recipe: Recipe) -> None:
    """Goes on with another recipe: learning rates, loss, penalties and so on hold from the next step.

    Adam's memory, the random numbers and the number of steps stay.

    Raises:
        ValueError: If the memory format differs: the networks and the data already lie in the old one.
    """
    if recipe.memory_format != state.recipe.memory_format:
        raise ValueError(f"this run needs memory_format={state.recipe.memory_format!r} to its end, "
                         f"and {recipe.memory_format!r} came.")  # fmt: skip
    state.recipe = recipe
    set_learning_rates(state)


def set_learning_rates(state: TrainingState) -> None:
    """Gives both optimisers the step sizes and betas of the recipe at this step."""
    optimizers = (state.generator_optimizer, state.discriminator_optimizer)
    for optimizer, rate in zip(optimizers, state.recipe.learning_rates(state.number), strict=True):
        for group in optimizer.param_groups:
            group.update(lr=rate, betas=state.recipe.betas)


def require_same_networks(model: StableGen, state: TrainingState) -> None:
    """Raises ValueError unless the state's optimisers move exactly this model's two networks."""
    for network, optimizer in (
        (model.generator, state.generator_optimizer),
        (model.discriminator, state.discriminator_optimizer),
    ):
        moved = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        if moved != {id(parameter) for parameter in network.parameters()}:
            raise ValueError(
                "this state belongs to another model. Train the model that resume(...) returned with it."
            )


def save_state(path: str | Path, model: StableGen, state: TrainingState) -> Path:
    """Writes the whole run to one safetensors file; an earlier file stays until the new one is whole.

    Raises:
        ValueError: If a weight is not finite: the earlier, good state is kept instead.
        OSError: If the disk is full or the folder cannot be written; the earlier state stays.
    """
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"{name} has values that are not finite, so step {state.number} was not saved.")
    for name in OPTIMIZERS:
        kept = moments(getattr(state, name))
        tensors |= {f"{name}.{moment}": tensor for moment, tensor in kept.items()}
    tensors["random"] = state.random.get_state()
    recipe = state.recipe.as_dict()
    description = {"format": FORMAT, "number": state.number, "recipe": recipe, "blueprint": model.blueprint}
    target = tensor_file(path)
    write_tensors(target, tensors, description)
    return target


def resume(
    path: str | Path, model: StableGen | None = None, device: str | torch.device = "auto"
) -> tuple[StableGen, TrainingState]:
    """The model and the state that ``save_state(path, ...)`` wrote; going on equals never having stopped.

    Args:
        path: As given to ``save_state``.
        model: Only for networks of your own: an equal pair, whose weights will be replaced.
        device: Where to go on.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is truncated, foreign, or does not fit the model.
    """
    target = tensor_file(path)
    tensors, description = read_tensors(target)
    if description.get("format") != FORMAT:
        raise FileProblem(f"{target} is not a training state (format {FORMAT!r} was needed). "
                          "Weights written by StableGen.save are opened with StableGen.load.")  # fmt: skip
    try:
        if model is None:
            model = _built(description["blueprint"], target, device)
        weights = part(tensors, "model")
        model.require_fitting(weights)
        state = _restored(model, tensors, description)
    except (KeyError, IndexError, TypeError, RuntimeError) as error:
        problem = f"{target} was written by another version of StableGen, or changed ({error!r})."
        raise FileProblem(problem) from None
    model.load_state_dict(weights)  # last, so that a file with an error in it changes nothing
    return model, state


def _built(blueprint: dict[str, Any] | None, target: Path, device: str | torch.device) -> StableGen:
    if blueprint is None:
        raise ValueError(f"{target} holds networks of your own: pass an equal pair, resume(path, model=...).")
    return StableGen.from_blueprint(blueprint, device=device)


def _restored(model: StableGen, tensors: dict[str, Tensor], description: dict[str, Any]) -> TrainingState:
    state = start(model, Recipe.from_dict(description["recipe"]))
    for name in OPTIMIZERS:
        remember(getattr(state, name), part(tensors, name))
    state.random.set_state(tensors["random"])
    state.number = description["number"]
    return state
