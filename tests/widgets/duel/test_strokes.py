"""Claims about drawn lines as data."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stablegen_lib.widgets.duel.strokes import MOST_PLACES, along_strokes, two_moons

LINE = [(-1.0, 0.0), (1.0, 0.0)]
PLACE = st.tuples(st.floats(-5, 5), st.floats(-5, 5))


def test_places_are_even_along_a_line_and_reach_both_ends():
    drawn = along_strokes([LINE], spacing=0.5)
    torch.testing.assert_close(drawn.centres[:, 0], torch.tensor([-1.0, -0.5, 0.0, 0.5, 1.0]))
    assert not drawn.centres[:, 1].any()


def test_how_fast_the_hand_moved_makes_no_difference():
    uneven = [(-1.0, 0.0), (-0.99, 0.0), (-0.98, 0.0), (0.4, 0.0), (0.4, 0.0), (1.0, 0.0)]
    torch.testing.assert_close(along_strokes([uneven]).centres, along_strokes([LINE]).centres)
    assert len(along_strokes([[*LINE, (1.0, 2.0)]]).centres) == 21  # 4 units, every 0.2


def test_points_scatter_around_their_places_as_wide_as_asked():
    drawn = along_strokes([[(0.0, 0.0)], [(100.0, 0.0)]], 20_000, standard_deviation=0.5)
    assert len(drawn.centres) == 2
    left = drawn.points[drawn.points[:, 0] < 50]
    assert len(left) == pytest.approx(10_000, rel=0.05)
    assert left.std(dim=0).tolist() == pytest.approx([0.5, 0.5], rel=0.03)
    assert left.mean(dim=0).tolist() == pytest.approx([0.0, 0.0], abs=0.03)


def test_strokes_add_up_and_a_dot_is_one_place():
    one, both = along_strokes([LINE]), along_strokes([LINE, [(0.0, 3.0)]])
    assert len(both.centres) == len(one.centres) + 1
    assert both.centres[-1].tolist() == [0.0, 3.0]


def test_the_same_seed_gives_the_same_points_and_another_seed_others():
    assert torch.equal(along_strokes([LINE], seed=3).points, along_strokes([LINE], seed=3).points)
    assert not torch.equal(along_strokes([LINE], seed=3).points, along_strokes([LINE], seed=4).points)


@pytest.mark.parametrize("strokes", [[], [[]], [[(0.0, 0.0)]], [[(0.0, 0.0), (0.01, 0.0)]]])
def test_fewer_than_two_places_are_refused(strokes):
    with pytest.raises(ValueError, match="at least two places were needed"):
        along_strokes(strokes)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_places_that_are_not_finite_are_refused(value):
    with pytest.raises(ValueError, match="finite points"):
        along_strokes([[(0.0, 0.0), (value, 1.0)]])


def test_sizes_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="samples >= 1"):
        along_strokes([LINE], samples=0)
    with pytest.raises(ValueError, match="spacing > 0"):
        along_strokes([LINE], spacing=0.0)


def test_a_very_long_drawing_gets_its_places_farther_apart():
    zigzag = [(float(number % 2) * 5, 0.0) for number in range(400)]
    assert MOST_PLACES / 2 < len(along_strokes([zigzag]).centres) <= MOST_PLACES + 1


@given(st.lists(st.lists(PLACE, min_size=1, max_size=8), min_size=2, max_size=4))
def test_any_strokes_give_places_within_their_bounds(strokes):
    drawn = along_strokes(strokes, samples=10)
    ends = torch.tensor([point for stroke in strokes for point in stroke])
    assert bool((drawn.centres >= ends.min(dim=0).values - 1e-4).all())
    assert bool((drawn.centres <= ends.max(dim=0).values + 1e-4).all())


def test_two_moons_lie_around_the_origin_and_mirror_each_other():
    moons = two_moons()
    upper, lower = moons.centres.chunk(2)
    torch.testing.assert_close(upper, -lower)
    assert moons.centres.mean(dim=0).abs().max() < 1e-5
    assert moons.name == "two moons"
