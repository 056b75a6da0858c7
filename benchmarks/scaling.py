"""How the time of a step grows with width, side and batch, and the memory with the data.

    python benchmarks/scaling.py            about two minutes; prints tables of docs/measurements.md
    python benchmarks/scaling.py --memory   memory only

The fit is seconds per image = a · (side / 16)^p · (width / 64)^q, from the sizes in ``FITTED``; ``CHECKED``
took no part in it.
"""

import argparse
import math
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

import torch
from stopwatch import in_turns, ratio, surroundings
from torch.nn.functional import interpolate

from stablegen_lib import data, training
from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.recipe import Recipe

Size = tuple[int, int]  # side of the pictures in pixels, width of the networks
FITTED: tuple[Size, ...] = ((8, 64), (16, 32), (16, 64), (16, 128), (32, 32), (32, 64), (64, 64), (64, 32))
CHECKED: tuple[Size, ...] = ((28, 96), (32, 128))
STEPS, ROUNDS = 4, 5
MEMORY = """
import resource, sys, torch
from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen
count = int(sys.argv[1])
images = torch.zeros(count, 3, 16, 16, dtype=torch.uint8).random_()
conditions = torch.zeros(count, 35)
conditions[:, 0] = 1
made = data.ImageSet(images, conditions, tuple(f"kind={i}" for i in range(35)), "random")
for step in training.train(StableGen.for_images(made, device="cpu"), made, steps=4):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def faces_of(side: int, count: int = 1_024) -> ImageSet:
    """Faces blown up, or shrunk, to this side."""
    faces = data.load_faces("validation")
    images = interpolate(faces.images[:count].float(), size=side).to(torch.uint8)
    return ImageSet(images, faces.conditions[:count], faces.condition_names, f"faces, {side}×{side}")


def run(side: int, width: int, recipe: Recipe = training.STABLE) -> Iterator[object]:
    images = faces_of(side)
    model = StableGen.for_images(images, width=width, seed=0, device="cpu")
    return training.train(model, images, steps=10**9, recipe=recipe)


def fit(seconds: Mapping[Size, float]) -> tuple[float, float, float]:
    """a, p and q of the formula above, by least squares of logarithms."""
    rows = torch.tensor(
        [[1.0, math.log(side / 16), math.log(width / 64)] for side, width in seconds], dtype=torch.float64
    )
    logs = torch.tensor([math.log(value) for value in seconds.values()], dtype=torch.float64)
    a, p, q = torch.linalg.lstsq(rows, logs[:, None]).solution[:, 0].tolist()
    return math.exp(a), p, q


def predicted(size: Size, a: float, p: float, q: float) -> float:
    side, width = size
    return float(a * (side / 16) ** p * (width / 64) ** q)


def growth() -> None:
    """Prints images per second for all sizes, the fit, and how far off it is."""
    batch = training.STABLE.batch_size
    runs = {f"{side}, {width}": run(side, width) for side, width in FITTED + CHECKED}
    measured = in_turns(runs, steps=STEPS, rounds=ROUNDS)
    each = {size: statistics.median(measured[f"{size[0]}, {size[1]}"]) / batch for size in FITTED + CHECKED}
    a, p, q = fit({size: each[size] for size in FITTED})
    usual = measured["16, 64"]
    print("\n| side | width | images a second | time against 16×16, width 64 | the formula is off by | |")
    print("|---|---|---|---|---|---|")
    for size in FITTED + CHECKED:
        side, width = size
        error = predicted(size, a, p, q) / each[size] - 1
        note = "not in the fit" if size in CHECKED else ""
        print(f"| {side} | {width} | {1 / each[size]:,.0f} | {ratio(measured[f'{side}, {width}'], usual)} "
              f"| {error:+.0%} | {note} |")  # fmt: skip
    print(f"\nseconds per image = {a:.2e} · (side / 16)^{p:.2f} · (width / 64)^{q:.2f}", flush=True)


def memory() -> None:
    """Prints the highest memory of a process that trains on so many pictures."""
    print("\n| pictures (16×16, 35 condition entries) | MB of data | MB of the process |\n|---|---|---|")
    for count in (1_000, 100_000, 400_000):
        command = [sys.executable, "-c", MEMORY, str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        held = count * (3 * 16 * 16 + 4 * 35) / 2**20
        print(f"| {count:,} | {held:,.0f} | {float(done.stdout):,.0f} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--memory", action="store_true", help="memory only")
    only_memory = parser.parse_args(arguments).memory
    print(surroundings())
    memory()
    if not only_memory:
        growth()


if __name__ == "__main__":
    main()
