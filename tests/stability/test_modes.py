"""Claims about mode coverage and on-mode mass."""

import math

import pytest
import torch

from stablegen_lib import data
from stablegen_lib.stability.modes import divergence, mode_scores, reverse_kl

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
    with pytest.raises(ValueError, match=r"samples must not be empty, .*\(0, 2\) came"):
        mode_scores(torch.zeros(0, 2), centres=CENTRES, standard_deviation=1.0)
    with pytest.raises(ValueError, match=r"centres must not be empty, .*\(0, 2\) came"):
        mode_scores(torch.zeros(5, 2), centres=torch.zeros(0, 2), standard_deviation=1.0)
    with pytest.raises(ValueError, match="least must be a whole number of at least 1"):
        score([[0.0, 0.0]], least=0)
    for spread in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="standard_deviation must be a finite number above 0"):
            mode_scores(CENTRES, centres=CENTRES, standard_deviation=spread)
    with pytest.raises(ValueError, match="infinity or NaN"):
        score([[0.0, math.nan]])


def test_even_use_of_the_modes_has_reverse_kl_0_and_one_mode_for_all_has_log_of_their_number():
    assert reverse_kl(CENTRES.repeat(5, 1), centres=CENTRES) == pytest.approx(0, abs=1e-12)
    assert reverse_kl(CENTRES[:1].repeat(5, 1), centres=CENTRES) == pytest.approx(math.log(3))
    half = reverse_kl(CENTRES[:2], centres=CENTRES)
    assert half == pytest.approx(math.log(3 / 2))


def test_reverse_kl_does_not_ask_how_near_a_sample_lies():
    assert reverse_kl(CENTRES + 2.0, centres=CENTRES) == pytest.approx(0, abs=1e-12)


def test_the_data_themselves_have_the_reverse_kl_of_a_finite_sample():
    points = data.grid(samples=2500, seed=1)
    chance = (25 - 1) / (2 * 2500)
    assert reverse_kl(points.points, centres=points.centres) == pytest.approx(chance, rel=1)
    assert reverse_kl(points.points, centres=points.centres) > 0


def test_unequal_true_shares_are_the_measure_when_they_are_given():
    shares = torch.tensor([0.5, 0.25, 0.25])
    counts = torch.tensor([4, 2, 2])
    assert divergence(counts, shares) == pytest.approx(0, abs=1e-7)
    by_hand = 0.5 * math.log(0.5 * 3) + 2 * 0.25 * math.log(0.25 * 3)
    assert divergence(counts) == pytest.approx(by_hand, rel=1e-6)


def test_a_divergence_of_nothing_is_refused():
    for counts in ([0, 0, 0], [5, -3]):
        with pytest.raises(ValueError, match="counts of at least 0"):
            divergence(torch.tensor(counts))
    with pytest.raises(ValueError, match="adding up to 1"):
        divergence(torch.tensor([1, 1]), torch.tensor([0.5, 0.6]))
    with pytest.raises(ValueError, match="infinity or NaN"):
        reverse_kl(torch.tensor([[0.0, math.nan]]), centres=CENTRES)
    with pytest.raises(ValueError, match=r"samples must not be empty, .*\(0, 2\) came"):
        reverse_kl(torch.zeros(0, 2), centres=CENTRES)
    with pytest.raises(ValueError, match="infinity or NaN"):
        reverse_kl(CENTRES, centres=CENTRES * math.nan)


def test_far_from_the_origin_the_scores_are_the_same():
    grid = data.grid(samples=2500, seed=1)
    options = {"standard_deviation": grid.standard_deviation}
    far = grid.points.double() + 1e4, grid.centres.double() + 1e4
    near = mode_scores(grid.points.double(), centres=grid.centres.double(), **options)
    assert mode_scores(far[0], centres=far[1], **options) == near
    assert reverse_kl(far[0], centres=far[1]) == reverse_kl(grid.points, centres=grid.centres)
