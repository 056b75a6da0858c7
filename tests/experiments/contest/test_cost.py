"""Costs are counted: they follow from the shapes alone."""

import pytest
import torch
from torch import nn

from stablegen_experiments.contest import cost as comparison

pytest.importorskip("diffusers", reason="lessons 13 and 14 only")


@pytest.fixture(scope="module")
def networks():
    return comparison.stable_diffusion_v1()


def test_parameters_of_several_networks_are_added():
    assert comparison.count_parameters(nn.Linear(3, 2), nn.Linear(2, 1)) == (3 * 2 + 2) + (2 + 1)


def test_a_matrix_product_costs_a_multiplication_and_an_addition_for_each_pair():
    layer = nn.Linear(3, 2, bias=False)
    assert comparison.count_operations(lambda: layer(torch.zeros(5, 3))) == 2 * 5 * 3 * 2


def test_passes_are_those_of_the_artist_only():
    artist, helper = nn.Linear(2, 2), nn.Linear(2, 2)
    found = comparison.cost(lambda: artist(artist(helper(torch.zeros(1, 2)))), artist, helper)
    assert found == comparison.Cost(parameters=12, operations=3 * 8, passes=2)
    artist(torch.zeros(1, 2))  # no hook is left behind
    assert not artist._forward_hooks


def test_the_counter_goes_away_when_the_run_fails():
    artist = nn.Linear(2, 2)
    with pytest.raises(ZeroDivisionError):
        comparison.cost(lambda: 1 / 0, artist)
    assert not artist._forward_hooks


def test_stable_diffusion_has_the_published_sizes_and_takes_no_memory(networks):
    millions = {name: comparison.count_parameters(part) / 1e6 for name, part in networks.items()}
    assert millions["U-Net"] == pytest.approx(860, abs=1)  # "860M UNet and 123M text encoder": its README
    assert millions["text encoder"] == pytest.approx(123, abs=1)
    assert all(parameter.is_meta for part in networks.values() for parameter in part.parameters())


def test_each_step_of_stable_diffusion_costs_the_same(networks):
    one, two, four = (comparison.cost_of_stable_diffusion_v1(networks, steps=n) for n in (1, 2, 4))
    assert four.operations - two.operations == 2 * (two.operations - one.operations)
    assert two.operations > one.operations
    assert (one.passes, four.passes) == (1, 4)
