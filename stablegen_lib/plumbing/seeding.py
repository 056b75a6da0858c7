"""Networks that start from a seed, without touching anybody else's random numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import torch

_ONE_AT_A_TIME = Lock()  # torch has one default generator for all threads


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """What the block draws from torch's default generator depends on the seed alone.

    Afterwards the generator stands where it stood. Two threads take turns.
    """
    with _ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would seed the GPU's too
        yield
