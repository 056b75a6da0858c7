"""The runs of test_distributed.py: alone when called from there, in several processes under torchrun.

torchrun --standalone --nproc-per-node=2 tests/helpers/shards.py FOLDER
"""

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import tiny
import torch
from safetensors.torch import save_file

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import distributed
from stablegen_lib.training.batches import Batches
from stablegen_lib.training.shard import WHOLE, Shard
from stablegen_lib.training.state import MEMORY_FORMATS

IMAGES, POINTS, STEPS = tiny.pictures(), data.ring(samples=60), 4
BASE = {"batch_size": 8, "averaging_decay": 0.9}
CASES = {
    "the default recipe": (IMAGES, tiny.recipe(training.STABLE, **BASE)),
    "the article's": (IMAGES, tiny.recipe(training.ARTICLE, **BASE)),
    "both penalties at every step": (IMAGES, tiny.recipe(r1_gamma=0.5, r2_gamma=0.2, **BASE)),
    "relativistic with mismatch": (
        IMAGES,
        tiny.recipe(loss="relativistic", mismatch=True, r1_gamma=0.1, **BASE),
    ),
    "smooth labels and noise": (
        IMAGES,
        tiny.recipe(mismatch=True, label_smoothing=0.1, instance_noise=0.3, **BASE),
    ),
    "points, minimax": (POINTS, tiny.recipe(loss="minimax", r1_gamma=0.1, **BASE)),
    "spectral norm": (IMAGES, tiny.recipe(r1_gamma=0.1, **BASE)),
}


def made(name: str) -> StableGen:
    dataset = CASES[name][0]
    if isinstance(dataset, data.PointSet):
        return tiny.point_model()
    spectral = name == "spectral norm"
    return StableGen.for_images(dataset, latent_dim=5, width=4, spectral_norm=spectral, device="cpu")


def trained(name: str, shard: Shard = WHOLE) -> dict[str, torch.Tensor]:
    """Losses and gradients of the first step, and everything after the last one."""
    dataset, recipe = CASES[name]
    model = made(name)
    state = training.start(model, recipe, seed=3)
    found: dict[str, torch.Tensor] = {}
    for part in ("discriminator", "generator"):
        hook = _keeper(found, part, list(getattr(model, part).parameters()))
        getattr(state, f"{part}_optimizer").register_step_pre_hook(hook)
    together = distributed.spread(model, state, shard)
    for step in training.train(together, dataset, steps=STEPS, state=state):
        told = (step.discriminator_loss, step.generator_loss, step.penalty, step.real_probability)
        found[f"told.{step.number}"] = torch.tensor(told)
    found |= {f"weight.{key}": weight for key, weight in tiny.copied(model.state_dict()).items()}
    return found | {"random": state.random.get_state()}


def turn_by_turn(shard: Shard = WHOLE) -> dict[str, torch.Tensor]:
    """As in the Duel: D twice, then G on a batch of its own, then G again."""
    model = tiny.model(IMAGES)
    state = training.start(model, CASES["the default recipe"][1], seed=3)
    together = distributed.spread(model, state, shard)
    batches = Batches(model, IMAGES, MEMORY_FORMATS["contiguous"])
    for _ in range(2):
        training.discriminator_turn(together, batches, state)
    for _ in range(2):
        training.generator_turn(together, batches, state)
    return {f"weight.{key}": weight for key, weight in tiny.copied(model.state_dict()).items()}


def saved_and_resumed(folder: Path, shard: Shard = WHOLE) -> dict[str, torch.Tensor]:
    """Six steps at once, and three and three; counts how often this process saves."""
    dataset, recipe = CASES["the default recipe"]
    saves, save = [], training.save_state

    def counted(*arguments: object) -> None:
        saves.append(save(*arguments))

    training.save_state = counted
    try:
        for name, untils in (("unbroken", (6,)), ("resumed", (3, 6))):
            for until in untils:
                path = folder / f"{name} {shard.count}"
                pair = distributed.continue_or_start(path, made("the default recipe"), recipe, seed=3)
                distributed.run(*pair, dataset, shard, until=until, path=path, every=4)
    finally:
        training.save_state = save
    return {"saves": torch.tensor(len(saves))}


def stopped(shard: Shard = WHOLE) -> dict[str, torch.Tensor]:
    """The last process's weights break: at which step does each process stop, and whom does it name?"""
    dataset, recipe = CASES["the default recipe"]
    model = made("the default recipe")
    state = training.start(model, recipe, seed=3)
    steps = training.train(distributed.spread(model, state, shard), dataset, steps=9, state=state)
    next(steps)
    if shard.rank == shard.count - 1:
        with torch.no_grad():
            next(model.discriminator.parameters()).fill_(torch.nan)
    try:
        next(steps)
    except training.TrainingStopped as error:
        return {"stopped": torch.tensor(list(str(error).encode()))}
    return {"stopped": torch.zeros(0)}


def _keeper(found: dict[str, torch.Tensor], part: str, parameters: list[torch.Tensor]) -> Callable[..., None]:
    def keep(*_: object) -> None:
        for index, parameter in enumerate(parameters):
            found.setdefault(f"gradient.{part}.{index}", parameter.grad.clone())

    return keep


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with distributed.processes() as shard:
        for name in CASES:
            save_file(trained(name, shard), folder / f"{name} {shard.rank}.safetensors")
        others = turn_by_turn(shard) | stopped(shard) | saved_and_resumed(folder, shard)
        save_file(others, folder / f"others {shard.rank}.safetensors")
    gc.collect()
    threads = Path("/proc/self/task").glob("*/comm")  # Linux only; nothing elsewhere
    (folder / f"threads {shard.rank}").write_text("".join(thread.read_text() for thread in threads))
