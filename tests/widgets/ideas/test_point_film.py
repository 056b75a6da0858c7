"""Claims about PointFilm: it shows the points of the chosen step, and says how many have found a real one."""

import pytest
import torch

from stablegen_lib.widgets import PointFilm

REAL = torch.tensor([[2.0, 0.0], [-2.0, 0.0]])


@pytest.fixture
def film():
    far = torch.zeros(4, 2)
    half = torch.tensor([[2.0, 0.1], [-2.1, 0.0], [0.0, 0.0], [9.0, 9.0]])
    return PointFilm(torch.stack([far, half, REAL.repeat(2, 1)]), REAL)


@pytest.mark.parametrize(("step", "share"), [(0, 0.0), (1, 0.5), (2, 1.0)])
def test_the_share_of_each_step_is_told(film, step, share):
    film.step = step
    assert film.near() == share
    assert film.description().startswith(f"After {step} steps: {share:.0%} of 4 made-up points")


def test_an_earlier_step_comes_back_exactly(film):
    first = film.png
    film.step = 2
    assert film.png != first
    film.step = 0
    assert film.png == first


def test_a_run_of_one_step_is_refused():
    with pytest.raises(ValueError, match="2 or more steps"):
        PointFilm(torch.zeros(1, 4, 2), REAL)
