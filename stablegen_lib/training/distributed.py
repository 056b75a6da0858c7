"""The same loop on several processes, on one machine or many.

Called as ``torchrun … -m stablegen_lib.training.distributed``. PyTorch's DistributedDataParallel (DDP) adds
up the gradients; `shard.py` divides the batches. Without torchrun one process does the same by itself.
docs/clusters.md says how to run it.
"""

import argparse
import copy
import dataclasses
import os
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from stablegen_lib import data, training
from stablegen_lib.plumbing.command_line import count, seed
from stablegen_lib.plumbing.files import require_writable
from stablegen_lib.plumbing.tensors import tensor_file
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.batches import Samples
from stablegen_lib.training.recipe import Recipe
from stablegen_lib.training.shard import WHOLE, Shard
from stablegen_lib.training.state import TrainingState

RECIPES = {"stable": training.STABLE, "article": training.ARTICLE}
PICTURES: dict[str, Callable[[], data.ImageSet]] = {
    "faces": data.load_faces,
    "digits": data.load_digits,
    "peeps": data.load_peeps,
}
POINTS: dict[str, Callable[[], data.PointSet]] = {"ring": data.ring, "grid": data.grid}


@contextmanager
def processes() -> Iterator[Shard]:
    """Meets the other processes that torchrun started; without torchrun this one is by itself."""
    if not dist.is_torchelastic_launched():
        yield WHOLE
        return
    # The first optimiser would import this, and it would then keep the group's threads beyond its end.
    import torch._dynamo

    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    yield Shard(dist.get_rank(), dist.get_world_size())
    dist.destroy_process_group()  # not after an error: it could wait for the others


def spread(model: StableGen, state: TrainingState, shard: Shard) -> StableGen:
    """The pair to hand to ``training.train``, so that all processes move together.

    Args:
        model: Keeps its own networks, which share their weights with the result: save this one.
        state: Its random numbers must be the same in every process, as after ``start`` or ``resume``.
        shard: From ``processes``.

    Raises:
        ValueError: If a network takes statistics over the batch: it would see only its own rows.
    """
    for network in (model.generator, model.discriminator):
        if any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in network.modules()):
            raise ValueError("networks without batch normalisation were needed: each process sees only its "
                             "own rows. Take GroupNorm, or train in one process.")  # fmt: skip
    state.shard = shard
    if shard.count == 1:
        return model
    together = copy.copy(model)
    together.generator = _synchronised(model.generator)
    together.discriminator = _synchronised(model.discriminator)
    return together


def _synchronised(network: nn.Module) -> DistributedDataParallel:
    with warnings.catch_warnings():  # the option's new name is younger than the oldest torch we work with
        warnings.simplefilter("ignore", FutureWarning)
        # Buffers are equal everywhere; copying them between two passes would spoil the first one's gradient.
        wrapped = DistributedDataParallel(network, broadcast_buffers=False)
    wrapped.register_comm_hook(None, _add_up)
    return wrapped


def _add_up(_: object, bucket: dist.GradBucket) -> torch.futures.Future[Tensor]:  # type: ignore[name-defined]
    """In place of DDP's average: each process has its own part of one loss, not a loss of its own."""
    work = dist.all_reduce(bucket.buffer(), async_op=True)
    return work.get_future().then(lambda future: future.value()[0])  # type: ignore[no-any-return]


def device() -> torch.device:
    """This process's own GPU, or the CPU."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    own = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
    torch.cuda.set_device(own)
    return own


def continue_or_start(
    path: Path, fresh: StableGen, recipe: Recipe, seed: int
) -> tuple[StableGen, TrainingState]:
    """The run saved at ``path``, or a new one of ``fresh`` if there is none.

    Raises:
        ValueError: If the saved run was made with another recipe or other networks.
    """
    if not tensor_file(path).exists():
        return fresh, training.start(fresh, recipe, seed)
    model, state = training.resume(path, device=fresh.device)
    if (state.recipe, model.blueprint) != (recipe, fresh.blueprint):
        raise ValueError(f"{tensor_file(path)} holds a run with other options ({state.recipe}). Give the "
                         "same options to go on with it, or another --save-to.")  # fmt: skip
    return model, state


def run(
    model: StableGen,
    state: TrainingState,
    dataset: Samples,
    shard: Shard,
    *,
    until: int,
    path: Path,
    every: int,
) -> None:
    """Trains until so many steps are done; the first process saves, every so often and at the end.

    Ctrl-C or a cluster's SIGTERM in any process ends all of them after the same step, saved.
    """
    _require_same_step(state, shard, model.device)
    first, together = shard.rank == 0, spread(model, state, shard)
    if first:
        require_writable(tensor_file(path))
    with _stop_requests() as asked:
        for step in training.train(together, dataset, steps=max(0, until - state.number), state=state):
            stop = bool(shard.mean(torch.tensor(float(bool(asked)), device=model.device)) > 0)
            if first and (stop or step.number % every == 0 or step.number == until):
                training.save_state(path, model, state)
                print(f"step {step.number}: D {step.discriminator_loss:.3f}, G {step.generator_loss:.3f}, "
                      f"{step.seconds * 1000:.0f} ms a step; saved", flush=True)  # fmt: skip
            if stop:
                break
    if shard.count > 1:
        dist.barrier()  # until the file is there


def _require_same_step(state: TrainingState, shard: Shard, device: torch.device) -> None:
    everybodys = shard.gather(torch.tensor([state.number], device=device)).tolist()
    if len(set(everybodys)) > 1:
        raise ValueError(f"the processes stand at steps {everybodys}, but one saved run was needed. "
                         "Save to a folder that all machines share.")  # fmt: skip


@contextmanager
def _stop_requests() -> Iterator[list[int]]:
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    earlier = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="stablegen_lib.training.distributed", description=__doc__)
    parser.add_argument(
        "--data", required=True, help=f"{', '.join([*PICTURES, *POINTS])}, or a folder of pictures"
    )
    parser.add_argument("--steps", type=count, required=True, help="in all, those of a saved run included")
    parser.add_argument("--save-to", type=Path, required=True, help="go on from there if it exists")
    parser.add_argument("--save-every", type=count, default=500, help="in steps")
    parser.add_argument("--recipe", choices=RECIPES, default="stable")
    parser.add_argument(
        "--batch-size", type=count, help="of all processes together; the recipe's if left out"
    )
    parser.add_argument("--width", type=count, help="of the networks; the usual one if left out")
    parser.add_argument("--seed", type=seed, default=0)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    options = _options(arguments)
    recipe = RECIPES[options.recipe]
    if options.batch_size is not None:
        recipe = dataclasses.replace(recipe, batch_size=options.batch_size)
    sizes = {} if options.width is None else {"width": options.width}
    with processes() as shard:
        dataset: Samples
        if options.data in POINTS:
            dataset = POINTS[options.data]()
            fresh = StableGen.for_points(seed=options.seed, device=device(), **sizes)
        else:
            load = PICTURES.get(options.data, lambda: data.load_folder(options.data))
            dataset = pictures = load()
            fresh = StableGen.for_images(pictures, seed=options.seed, device=device(), **sizes)
        model, state = continue_or_start(options.save_to, fresh, recipe, options.seed)
        run(model, state, dataset, shard, until=options.steps, path=options.save_to, every=options.save_every)


if __name__ == "__main__":
    main()
