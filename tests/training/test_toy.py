"""Claims about the toy: it is what lesson 00 does in its cells, and the caller's random numbers stay."""

import nbformat
import torch
from places import NOTEBOOKS
from torch.nn.utils import parameters_to_vector

from stablegen_lib import data, log_loss
from stablegen_lib.training import ring_game

STEPS = 3


def weights(*networks: torch.nn.Module) -> torch.Tensor:
    return torch.cat([parameters_to_vector(network.parameters()) for network in networks])


def test_it_is_the_game_that_lesson_00_plays_in_its_cells():
    cells = nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4).cells
    source = {cell.id: cell.source for cell in cells}
    names: dict[str, object] = {"data": data, "log_loss": log_loss, "torch": torch, "nn": torch.nn}
    names |= {"SEED": 5, "STEPS": STEPS}
    exec(source["00-networks"] + "\n" + source["00-twenty-lines"], names)
    lines = [line for cell in ("00-networks", "00-twenty-lines") for line in source[cell].splitlines()]
    assert len([line for line in lines if line.strip()]) == 16, "the text of the lesson says so"

    played = ring_game(data.ring(seed=5).points, steps=STEPS, seed=5)
    torch.testing.assert_close(weights(names["G"], names["D"]), weights(*played))


def test_the_seed_decides_the_game_and_the_callers_random_numbers_stay():
    points = data.ring().points
    torch.manual_seed(1)
    expected = torch.randn(2)
    torch.manual_seed(1)
    first = weights(*ring_game(points, steps=STEPS, seed=2))
    torch.testing.assert_close(torch.randn(2), expected)
    torch.testing.assert_close(first, weights(*ring_game(points, steps=STEPS, seed=2)))
    assert not torch.allclose(first, weights(*ring_game(points, steps=STEPS, seed=3)))


def test_the_loss_of_g_can_be_chosen():
    points = data.ring().points
    usual, minimax = (
        weights(*ring_game(points, steps=STEPS, loss=loss))
        for loss in (log_loss.non_saturating_loss, log_loss.minimax_loss)
    )
    assert not torch.allclose(usual, minimax)
