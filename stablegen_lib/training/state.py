"""Everything a training run needs to go on as if it had never stopped."""

import warnings
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch.optim import Adam

from stablegen_lib.plumbing.adam import moments
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.tensors import tensor_file, write_tensors
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.recipe import Recipe
from stablegen_lib.training.shard import WHOLE, Shard

FORMAT = "stablegen-state-1"
MEMORY_FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
Stamp = tuple[int, int, int]  # of a file: every save makes another
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
    _last_saved: tuple[Path, Stamp] | None = field(default=None, init=False, repr=False)

    def __repr__(self) -> str:
        return f"TrainingState(recipe={self.recipe.name!r}, number={self.number})"


@door()
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


@door()
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


@door()
def save_state(path: str | Path, model: StableGen, state: TrainingState) -> Path:
    """Writes the whole run to one safetensors file; an earlier file stays until the new one is whole.

    Raises:
        ValueError: If a number is not finite: the earlier, good state is kept instead.
        OSError: If the disk is full or the folder cannot be written; the earlier state stays.
    """
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for name in OPTIMIZERS:
        kept = moments(getattr(state, name))
        tensors |= {f"{name}.{moment}": tensor for moment, tensor in kept.items()}
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"{name} has values that are not finite, so step {state.number} was not saved.")
    tensors["random"] = state.random.get_state()
    description = {"format": FORMAT, "number": state.number, "recipe": state.recipe.as_dict(),
                   "blueprint": model.blueprint, **made_with(model, state.recipe)}  # fmt: skip
    target = tensor_file(path)
    _warn_of_another_run(target, state)
    write_tensors(target, tensors, description)
    note_saved(target, state)
    return target


def note_saved(target: Path, state: TrainingState) -> None:
    """The file is now this run's own: one that looks otherwise at the next save is another run's."""
    state._last_saved = target.absolute(), _stamp(target)


def computes_in_bfloat16(model: StableGen, recipe: Recipe) -> bool:
    """Whether a run with this recipe computes in 16 bits on this machine."""
    fast = recipe.precision == "auto" and bfloat16_in_hardware(model.device)
    return fast or recipe.precision == "bfloat16"


def made_with(model: StableGen, recipe: Recipe) -> dict[str, str]:
    """What decides how numbers are rounded, beside the recipe."""
    precision = "bfloat16" if computes_in_bfloat16(model, recipe) else "float32"
    return {"torch": str(torch.__version__), "precision": precision}


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _warn_of_another_run(target: Path, state: TrainingState) -> None:
    if state._last_saved is None or not target.exists():
        return
    where, stamp = state._last_saved
    if where == target.absolute() and stamp != _stamp(target):
        warnings.warn(f"{target} was written by another run since this one last saved. The two overwrite "
                      "each other: stop one, or give it another name.", stacklevel=2)  # fmt: skip
