"""Do two processes train twice as many pictures a second as one?

    torchrun --standalone --nproc-per-node=2 benchmarks/processes.py

Each process keeps a batch of its own, so with n of them a step sees n times as many pictures. In turns, in
the same processes: the first alone, all of them beside each other without a word between them, and all of
them together, on one model. The second says what the machine has to give, the third what talking costs.
Set OMP_NUM_THREADS=1, or one process alone takes all cores.
"""

import argparse
import dataclasses
import itertools
import statistics
import time
from collections.abc import Iterator

import torch.distributed as dist

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import distributed
from stablegen_lib.training.shard import Shard

STEPS = 12  # steps: a multiple of STABLE's penalty_every


def endless(faces: data.ImageSet, batch: int, shard: Shard | None = None) -> Iterator[object]:
    """Steps of lesson 05's run, by one process or, with a shard, by all."""
    recipe = dataclasses.replace(training.STABLE, batch_size=batch)
    model = StableGen.for_images(faces, seed=0, device="cpu")
    state = training.start(model, recipe, seed=0)
    model = distributed.spread(model, state, shard) if shard else model
    return training.train(model, faces, steps=10**9, state=state)


def seconds(run: Iterator[object] | None) -> float:
    """How long so many steps take; without a run, this process only waits for the others."""
    dist.barrier()
    began = time.perf_counter()
    for _ in itertools.islice(run or (), STEPS):
        pass
    dist.barrier()
    return time.perf_counter() - began


def compare(faces: data.ImageSet, own: int, shard: Shard, turns: int) -> None:
    """Prints one row: how many times as many pictures a second as the first process alone."""
    single, shared = endless(faces, own), endless(faces, own * shard.count, shard)
    contestants = (single if shard.rank == 0 else None, single, shared)
    for run in contestants:
        seconds(run)  # warm up
    rounds = [[seconds(run) for run in contestants] for _ in range(turns)]
    if shard.rank == 0:
        alone = STEPS * own / statistics.median(first for first, *_ in rounds)
        ratios = (sorted(shard.count * turn[0] / turn[i] for turn in rounds) for i in (1, 2))
        print(
            f"{own:9} {alone:16.0f}",
            *(f"{statistics.median(r):8.2f} ({r[0]:.2f} to {r[-1]:.2f})" for r in ratios),
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, nargs="+", default=[64, 128, 256], help="of each process")
    options = parser.parse_args()
    faces = data.load_faces()
    with distributed.processes() as shard:
        if shard.count == 1:
            raise SystemExit("start it with torchrun and at least two processes; its first lines say how.")
        if shard.rank == 0:
            print(f"{shard.count} processes; images a second, and times as many as one alone (all rounds)")
            print("own batch  one alone      side by side               together")
        for own in options.batches:
            compare(faces, own, shard, options.rounds)


if __name__ == "__main__":
    main()
