"""``make bench``: how fast is our loop, against a plain one, against this machine's peak?

    python benchmarks/run.py quality costs scaling    what takes longer runs only when it is named

Every comparison is a ratio of two things measured in turn in the same run, because a shared
machine changes speed from minute to minute. Medians, with the lowest and the highest round.
"""

import argparse
import dataclasses
import itertools
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import scaling
import step_costs
import time_to_quality
import torch
import visitors
from nbclient import NotebookClient
from plain_loop import plain_steps
from sliders import bench_sliders
from stopwatch import matrix_peak
from torch.utils.flop_counter import FlopCounterMode

from stablegen_lib import data, training
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.stablegen import StableGen

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
ROUNDS, STEPS = 7, 20


def steps_per_second(run: Iterator[object], steps: int) -> float:
    began = time.perf_counter()
    for _ in itertools.islice(run, steps):
        pass
    return steps / (time.perf_counter() - began)


def spread(values: list[float], digits: int = 2) -> str:
    return (
        f"{statistics.median(values):,.{digits}f}  ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
    )


def compare_loops(faces: data.ImageSet, recipe: training.Recipe, label: str) -> float:
    """Prints the comparison; returns our steps per second."""
    ours_model, plain_model = (StableGen.for_images(faces, seed=0, device="cpu") for _ in range(2))
    ours = training.train(ours_model, faces, steps=10**9, recipe=recipe)
    plain = plain_steps(plain_model, faces, recipe)
    for run in (ours, plain):
        steps_per_second(run, 8)  # warm up
    rounds = [(steps_per_second(ours, STEPS), steps_per_second(plain, STEPS)) for _ in range(ROUNDS)]
    print(f"\n{label}: batch {recipe.batch_size}, {ROUNDS} rounds of {STEPS} steps in turn")
    print(f"  ours, images/s    {spread([recipe.batch_size * a for a, _ in rounds], 0)}")
    print(f"  plain, images/s   {spread([recipe.batch_size * b for _, b in rounds], 0)}")
    print(f"  ratio             {spread([a / b for a, b in rounds])}", flush=True)
    return statistics.median(a for a, _ in rounds)


def share_of_peak(faces: data.ImageSet, recipe: training.Recipe, steps_a_second: float) -> None:
    """Operations per second against one large matrix product; torch cannot count the penalty."""
    model = StableGen.for_images(faces, seed=0, device="cpu")
    with FlopCounterMode(display=False) as counter:
        next(training.train(model, faces, steps=1, recipe=recipe))
    operations = float(counter.get_total_flops())
    dtype = torch.bfloat16 if bfloat16_in_hardware(torch.device("cpu")) else torch.float32
    peak = matrix_peak(dtype)
    print(f"  operations        {operations / 1e9:.1f} GFLOP a step: convolutions and matrix products")
    print(f"  matrix peak       {peak / 1e9:,.0f} GFLOP/s in {dtype}")
    print(f"  share of peak     {steps_a_second * operations / peak:.0%}")


def time_notebooks() -> None:
    print("\nNotebooks, run once each, seconds")
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        began = time.perf_counter()
        NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
        print(f"  {path.stem:<24}{time.perf_counter() - began:6.0f}", flush=True)


def main() -> None:
    parts: dict[str, Callable[[], None]] = {
        "loops": bench_loops,
        "sliders": bench_sliders,
        "visitors": visitors.main,
        "notebooks": time_notebooks,
    }
    by_name = {
        "quality": lambda: time_to_quality.main([]),
        "costs": lambda: step_costs.main([]),
        "scaling": lambda: scaling.main([]),
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    every = parts | by_name
    what = f"any of {', '.join(every)}; the first {len(parts)} when none"
    parser.add_argument("parts", nargs="*", default=list(parts), help=what)
    chosen = parser.parse_args().parts
    if unknown := set(chosen) - set(every):
        parser.error(f"unknown part {sorted(unknown)}; choose from {', '.join(every)}")
    print(f"Python {platform.python_version()}, torch {torch.__version__}, {torch.get_num_threads()} threads")
    print(f"bfloat16 in hardware: {bfloat16_in_hardware(torch.device('cpu'))}")
    for name in chosen:
        every[name]()


def bench_loops() -> None:
    faces = data.load_faces("train")
    compare_loops(faces, training.STABLE, "STABLE, our default recipe, with its slope penalty in both")
    no_penalty = dataclasses.replace(training.STABLE, r1_gamma=0.0, r2_gamma=0.0)
    speed = compare_loops(faces, no_penalty, "The same without penalties")
    share_of_peak(faces, no_penalty, speed)


if __name__ == "__main__":
    main()
