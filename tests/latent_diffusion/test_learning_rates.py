"""Claims about the learning rate: it peaks once, ends near 0, and no run is too short for it."""

import pytest
import torch

from stablegen_lib.latent_diffusion.learning_rates import learning_rate_factor, one_cycle


def rates(steps: int, highest: float = 0.01) -> list[float]:
    adam = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))])
    cycle, seen = one_cycle(adam, highest, steps), []
    for _ in range(steps):
        seen.append(adam.param_groups[0]["lr"])
        adam.step()
        cycle.step()
    return seen


@pytest.mark.parametrize("steps", [3, 5, 9, 10, 11, 19, 20, 200])
def test_one_cycle_rises_to_the_highest_rate_and_falls_to_nearly_0(steps):
    seen = rates(steps)
    peak = seen.index(max(seen))
    assert max(seen) == pytest.approx(0.01, rel=1e-2)
    assert peak <= max(1, 0.1 * steps)
    assert seen[:peak] == sorted(seen[:peak])
    assert seen[peak:] == sorted(seen[peak:], reverse=True)
    assert seen[0] == pytest.approx(0.01 / 25)
    assert seen[-1] < 1e-6


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_no_run_is_too_short_for_one_cycle(steps):
    assert len(rates(steps)) == steps


def test_the_rate_of_the_unet_is_level_between_its_rise_and_its_fall():
    factors = [learning_rate_factor(number, 1000) for number in range(1000)]
    assert factors[0] == 1 / 200
    assert set(factors[199:801]) == {1.0}
    assert factors[:200] == sorted(factors[:200])
    assert factors[800:] == sorted(factors[800:], reverse=True)
    assert 0 < factors[-1] <= 0.005


@pytest.mark.parametrize("steps", [1, 2, 10])
def test_a_short_run_of_the_unet_moves_too(steps):
    assert all(0 < learning_rate_factor(number, steps) <= 1 for number in range(steps))
