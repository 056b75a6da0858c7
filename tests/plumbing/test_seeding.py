"""Claims about seeded starts."""

import time
from concurrent.futures import ThreadPoolExecutor

import torch

from stablegen_lib.plumbing.seeding import seeded


def draw(seed):
    with seeded(seed):
        first = torch.randn(3)
        time.sleep(0.002)  # another thread may come in between
        return torch.cat([first, torch.randn(3)])


def test_the_seed_decides_what_is_drawn():
    torch.testing.assert_close(draw(1), draw(1), rtol=0, atol=0)
    assert not torch.equal(draw(1), draw(2))


def test_the_callers_random_numbers_stay_as_they_were():
    torch.manual_seed(5)
    expected = torch.randn(4)
    torch.manual_seed(5)
    draw(1)
    assert torch.equal(torch.randn(4), expected)


def test_threads_do_not_mix_their_random_numbers():
    with ThreadPoolExecutor(4) as pool:
        there = list(pool.map(draw, range(40)))
    assert all(torch.equal(one, draw(seed)) for seed, one in enumerate(there))
