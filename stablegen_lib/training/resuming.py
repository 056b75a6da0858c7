"""Going on with a saved run: every field of its file is judged before a network is built or changed."""

import json
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from stablegen_lib.pair import paper_pair, paper_weights
from stablegen_lib.plumbing.adam import needed_moments, remember
from stablegen_lib.plumbing.blueprints import on_paper
from stablegen_lib.plumbing.devices import Device
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.plumbing.header import Header
from stablegen_lib.plumbing.tensors import part, read_tensors, tensor_file
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.recipe import Recipe
from stablegen_lib.training.state import FORMAT, OPTIMIZERS, TrainingState, made_with, note_saved, start

FIELDS = {"number", "recipe", "blueprint"}
LATER = {"torch", "precision"}  # since version 0.2
LAST = 10**12  # no run has more steps


@door()
def resume(
    path: str | Path, model: StableGen | None = None, device: Device | None = None
) -> tuple[StableGen, TrainingState]:
    """The model and the state that ``save_state(path, ...)`` wrote; going on equals never having stopped.

    Args:
        path: As given to ``save_state``.
        model: Only for networks of your own: an equal pair, whose weights will be replaced.
        device: Where to go on; as for ``StableGen``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is truncated, changed, foreign, or does not fit the model.

    Warns:
        UserWarning: If the run computed with another version of torch, or in another precision.
    """
    target = tensor_file(path)
    tensors, description = read_tensors(target, needed=lambda header: _needed(header, model))
    recipe = _recipe(target, description)
    if model is None:
        model = StableGen.from_blueprint(description["blueprint"], device=device)
    state = start(model, recipe)
    try:
        _restore(state, tensors, description)
    except (KeyError, IndexError, TypeError, RuntimeError) as error:
        raise _another_version(target, repr(error)) from None
    model.load_state_dict(part(tensors, "model"))  # last: a file with an error in it changes nothing
    _warn_of_other_rounding(target, description, made_with(model, recipe))
    note_saved(target, state)
    return model, state


def _another_version(target: Path, reason: str) -> FileProblem:
    return FileProblem(f"{target} was written by another version of StableGen, or changed ({reason:.200}).")


def _needed(header: Header, model: StableGen | None) -> dict[str, Tensor]:
    """What the file of a state must have; judges every field of its description first."""
    target, description = header.path, header.description
    if description.get("format") != FORMAT:
        raise FileProblem(f"{target} is not a training state (format {FORMAT!r} was needed). "
                          "Weights written by StableGen.save are opened with StableGen.load.")  # fmt: skip
    number, known = description.get("number"), {"format", *FIELDS, *LATER}
    if not FIELDS <= description.keys() <= known:
        raise _another_version(target, f"fields {sorted(description)}")
    if type(number) is not int or not 0 <= number <= LAST:
        raise _another_version(target, f"number {number!r:.60}")
    for name in LATER & description.keys():
        if not isinstance(description[name], str):
            raise _another_version(target, f"{name} {description[name]!r:.60}")
    _recipe(target, description)
    if model is None:
        pair = _paper_pair(target, description["blueprint"])
        weights = paper_weights(pair)
    else:
        pair, weights = (model.generator, model.discriminator), model.state_dict()
    needed = {f"model.{name}": tensor for name, tensor in weights.items()}
    for name, network in zip(OPTIMIZERS, pair, strict=True):
        began = any(entry.startswith(f"{name}.") for entry in header.tensors)
        # A weight of one's own network that never had a gradient has no moments; that none has any is a loss.
        learns = number > 0 and any(weight.requires_grad for weight in network.parameters())
        may_miss = (model is not None and began) or not (learns or began)
        needed |= needed_moments(name, network.parameters(), header.tensors, may_miss=may_miss)
    return needed | {"random": torch.empty_like(torch.Generator().get_state(), device="meta")}


def _paper_pair(target: Path, blueprint: object) -> tuple[nn.Module, nn.Module]:
    if blueprint is None:
        raise ValueError(f"{target} holds networks of your own: pass an equal pair, resume(path, model=...).")
    if not isinstance(blueprint, dict):
        raise _another_version(target, "its blueprint")
    return on_paper(target, blueprint, lambda: paper_pair(blueprint))


def _recipe(target: Path, description: dict[str, Any]) -> Recipe:
    values = description["recipe"]
    try:
        recipe = Recipe.from_dict(values)
        if not isinstance(recipe.name, str) or json.loads(json.dumps(recipe.as_dict())) != values:
            raise ValueError("its recipe has other fields")
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _another_version(target, str(error)) from None
    return recipe


def _warn_of_other_rounding(target: Path, description: dict[str, Any], here: dict[str, str]) -> None:
    for name, ours in here.items():
        theirs = description.get(name, ours)
        if theirs != ours:
            warnings.warn(f"{target} was computed with {name} {theirs}, and {name} {ours} goes on: the "
                          "result will differ from a run that never stopped.", stacklevel=3)  # fmt: skip


def _restore(state: TrainingState, tensors: dict[str, Tensor], description: dict[str, Any]) -> None:
    for name in OPTIMIZERS:
        remember(getattr(state, name), part(tensors, name))
    state.random.set_state(tensors["random"])
    state.number = description["number"]
