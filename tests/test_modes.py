"""Claims about mode coverage and on-mode mass."""

import math

import pytest
import torch

from stablegen_lib import data
from stablegen_lib.modes import mode_scores

CENTRES = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


def score(points, least=1, deviation=1.0):
    return mode_scores(torch.tensor(points), centres=CENTRES, standard_deviation=deviation, least=least)


def test_a_sample_counts_within_three_standard_deviations_and_not_beyond():
    inside, outside = score([[2.99, 0.0]]), score([[3.01, 0.0]])
    assert (inside.captured, inside.on_mode_mass) == (1, 1.0)
    assert (outside.captured, outside.on_mode_mass) == (0, 0.0)
    assert score([[3.01, 0.0]], deviation=1.1).captured == 1


def test_a_collapsed_generator_has_all_its_mass_on_one_mode():
    collapsed = score([[10.1, 0.1]] * 50)
    assert (collapsed.captured, collapsed.modes, collapsed.on_mode_mass) == (1, 3, 1.0)
    assert collapsed.coverage == pytest.approx(1 / 3)


def test_a_cloud_can_reach_every_mode_with_little_mass_on_them():
    cloud = score([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]] + [[5.0, 5.0]] * 97)
    assert cloud.captured == cloud.modes == 3
    assert cloud.on_mode_mass == pytest.approx(0.03)


def test_a_mode_needs_as_many_samples_as_asked():
    points = [[0.0, 0.0]] * 3 + [[10.0, 0.0]] * 2
    assert [score(points, least).captured for least in (1, 2, 3, 4)] == [2, 2, 1, 0]


@pytest.mark.parametrize("points", [data.ring(), data.grid()], ids=["ring", "grid"])
def test_the_data_themselves_score_the_share_that_theory_gives(points):
    real = mode_scores(points.points, centres=points.centres, standard_deviation=points.standard_deviation)
    assert real.captured == real.modes == len(points.centres)
    assert real.on_mode_mass == pytest.approx(1 - math.exp(-4.5), abs=0.005)  # 10,000 samples: 5 sigma


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(ValueError, match="0 samples"):
        mode_scores(torch.zeros(0, 2), centres=CENTRES, standard_deviation=1.0)
    with pytest.raises(ValueError, match="0 centres"):
        mode_scores(torch.zeros(5, 2), centres=torch.zeros(0, 2), standard_deviation=1.0)
    with pytest.raises(ValueError, match="least=0"):
        score([[0.0, 0.0]], least=0)
    with pytest.raises(ValueError, match="infinity or NaN"):
        score([[0.0, math.nan]])
