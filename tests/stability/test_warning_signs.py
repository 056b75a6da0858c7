"""Claims about the signs to watch while a run goes."""

import pytest
import tiny
import torch

from stablegen_lib import data, stability
from stablegen_lib.stability.warning_signs import spread_ratio


def test_a_collapsed_generator_has_no_spread_and_a_perfect_one_the_datas():
    points = data.ring()
    real, other = points.points[:2000], points.points[2000:4000]
    assert spread_ratio(real[:1].repeat(50, 1), real=real) == pytest.approx(0, abs=1e-6)
    assert spread_ratio(other, real=real) == pytest.approx(1, abs=0.02)
    assert spread_ratio(3 * real, real=real) == pytest.approx(3)
    assert spread_ratio(real + 100, real=real) == pytest.approx(1, abs=1e-3)


def test_two_opposite_modes_of_eight_have_the_whole_spread_so_modes_must_be_counted_too():
    points = data.ring()
    two = points.points[(points.points[:, 1].abs() < 0.2)]
    assert spread_ratio(two, real=points.points) == pytest.approx(1, abs=0.02)
    scores = stability.mode_scores(two, centres=points.centres, standard_deviation=points.standard_deviation)
    assert scores.captured == 2


def test_pictures_have_a_spread_too():
    images = tiny.pictures().images.float()
    assert spread_ratio(images[:6] * 0.5, real=images[:6]) == pytest.approx(0.5)


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ValueError, match="two samples"):
        spread_ratio(torch.zeros(1, 2), real=torch.zeros(5, 2))
    with pytest.raises(ValueError, match="all real samples are equal"):
        spread_ratio(torch.zeros(7, 3), real=torch.full((7, 3), 0.1))  # whose mean is not quite 0.1
    with pytest.raises(ValueError, match=r"real must be a tensor of shape \(other, 2\)"):
        spread_ratio(torch.randn(5, 2), real=torch.randn(5, 7))
