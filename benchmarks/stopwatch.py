"""Seconds of the processor for several runs, in turns: other work on the machine hits all alike.

On one thread these are the seconds that an idle machine takes. Beside other work a step still takes more
of them than alone, because programs share caches; ratios of runs measured in turns suffer least.
"""

import itertools
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import torch

from stablegen_lib.plumbing.devices import bfloat16_in_hardware


def seconds_per_step(run: Iterator[object], steps: int) -> float:
    began = time.process_time()
    for _ in itertools.islice(run, steps):
        pass
    return (time.process_time() - began) / steps


def in_turns(runs: Mapping[str, Iterator[object]], *, steps: int, rounds: int) -> dict[str, list[float]]:
    """For each run, seconds per step in each round; one more round before them warms up.

    Each round starts with another run: what goes before leaves its data in the processor's caches.
    """
    torch.set_num_threads(1)
    names, rows = list(runs), []
    for number in range(rounds + 1):
        first = number % len(names)
        rows.append({name: seconds_per_step(runs[name], steps) for name in names[first:] + names[:first]})
    return {name: [row[name] for row in rows[1:]] for name in names}


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> str:
    """Median of the rounds' ratios, with the lowest and the highest."""
    ratios = [a / b for a, b in zip(numerators, denominators, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def matrix_peak(
    dtype: torch.dtype, size: int = 2048, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Highest of several: floating-point operations per second in one large matrix product."""
    a, b = (torch.randn(size, size).to(dtype) for _ in range(2))
    seconds = []
    for _ in range(30):
        began = clock()
        a @ b
        seconds.append(clock() - began)
    return 2 * size**3 / min(seconds)


def surroundings() -> str:
    """One line: versions, bfloat16, load."""
    fast = "with" if bfloat16_in_hardware(torch.device("cpu")) else "without"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (f"Python {platform.python_version()}, torch {torch.__version__}, 1 thread, {fast} bfloat16 in "
            f"hardware, load {load} on {os.cpu_count()} cores")  # fmt: skip
