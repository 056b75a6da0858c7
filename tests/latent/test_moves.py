"""Claims about moving through a latent space."""

import math

import pytest
import tiny
import torch
from hypothesis import given
from hypothesis import strategies as st

from stablegen_lib import latent

FRACTIONS = torch.linspace(0, 1, 11)


def two(dim=64, seed=0):
    return latent.draw(2, dim, seed=seed)


# --- draw, truncate -------------------------------------------------------------------------------


def test_draw_gives_the_numbers_that_a_model_samples_with():
    model = tiny.model(tiny.pictures(kinds=0))
    z = latent.draw(3, model.latent_dim, seed=7)
    assert torch.equal(model.sample(z=z), model.sample(3, seed=7))
    assert not torch.equal(z, latent.draw(3, model.latent_dim, seed=8))


@pytest.mark.parametrize(("count", "dim"), [(0, 3), (3, 0), (-1, 3)])
def test_sizes_below_one_are_refused(count, dim):
    with pytest.raises(ValueError, match="at least 1"):
        latent.draw(count, dim)


def test_samples_of_a_normal_distribution_lie_in_a_thin_shell():
    lengths = latent.draw(2000, 64).norm(dim=1)
    assert lengths.mean() == pytest.approx(8, abs=0.1)
    assert lengths.min() > 5


def test_truncation_scales_the_distance_to_the_mean():
    z, mean = latent.draw(5, 3), torch.tensor([1.0, -2, 0])
    torch.testing.assert_close(latent.truncate(z, 0.5, mean) - mean, 0.5 * (z - mean))
    torch.testing.assert_close(latent.truncate(z, 0, mean), mean.expand(5, 3))
    assert torch.equal(latent.truncate(z, 1), z)
    assert torch.equal(latent.truncate(z, 0.3), 0.3 * z)


@pytest.mark.parametrize("psi", [-0.1, 2.5, math.nan])
def test_truncation_outside_its_range_is_refused(psi):
    with pytest.raises(ValueError, match="psi must be a finite number of at least 0 and at most 2"):
        latent.truncate(two(), psi)


# --- lerp and slerp -------------------------------------------------------------------------------


@pytest.mark.parametrize("between", [latent.lerp, latent.slerp])
def test_both_begin_at_the_start_and_end_at_the_end(between):
    start, end = two()
    torch.testing.assert_close(between(start, end, 0), start)
    torch.testing.assert_close(between(start, end, 1.0), end)


@pytest.mark.parametrize("between", [latent.lerp, latent.slerp])
def test_several_fractions_give_what_single_ones_give(between):
    starts, ends = latent.draw(3, 8, seed=1), latent.draw(3, 8, seed=2)
    many = between(starts, ends, FRACTIONS)
    assert many.shape == (11, 3, 8)
    for fraction, some in zip(FRACTIONS, many, strict=True):
        torch.testing.assert_close(between(starts, ends, fraction.item()), some)
        torch.testing.assert_close(between(starts[1], ends[1], fraction.item()), some[1])


def test_the_straight_line_leaves_the_shell_and_the_turn_does_not():
    start, end = two()
    straight, turned = (between(start, end, FRACTIONS).norm(dim=1) for between in (latent.lerp, latent.slerp))
    shortest = min(start.norm(), end.norm())
    assert straight.min() < 0.8 * shortest
    assert turned.min() >= 0.9999 * shortest
    assert turned.max() <= 1.0001 * max(start.norm(), end.norm())


def test_the_turn_has_constant_speed_and_the_straight_line_turns_fastest_in_the_middle():
    start, end = two()

    def angles(way):
        unit = torch.nn.functional.normalize(way, dim=1)
        return (unit[1:] * unit[:-1]).sum(dim=1).clamp(-1, 1).acos()

    turned, straight = (angles(between(start, end, FRACTIONS)) for between in (latent.slerp, latent.lerp))
    assert turned.max() / turned.min() < 1.01
    assert straight.max() / straight.min() > 1.3


def test_the_turn_between_axes_is_sine_and_cosine():
    way = latent.slerp(torch.tensor([1.0, 0]), torch.tensor([0, 1.0]), FRACTIONS)
    angle = FRACTIONS * math.pi / 2
    torch.testing.assert_close(way, torch.stack([angle.cos(), angle.sin()], dim=1))


@given(st.floats(0, 1), st.floats(1e-9, 1e-3))
def test_nearly_parallel_vectors_give_no_nonsense(fraction, tilt):
    start = torch.tensor([2.0, 0, 0])
    end = torch.tensor([4.0, 4 * tilt, 0])
    expected = (2 + 2 * fraction) * torch.tensor([1.0, fraction * tilt, 0])
    torch.testing.assert_close(latent.slerp(start, end, fraction), expected, atol=1e-4, rtol=1e-4)


def test_vectors_without_a_shortest_turn_are_refused_with_a_way_out():
    start = torch.tensor([1.0, 2, 3])
    with pytest.raises(ValueError, match="opposite vectors"):
        latent.slerp(start, -2 * start, 0.5)
    with pytest.raises(ValueError, match="zero vector"):
        latent.slerp(start, torch.zeros(3), 0.5)
    assert latent.lerp(start, torch.zeros(3), 0.5).tolist() == [0.5, 1, 1.5]


@pytest.mark.parametrize("between", [latent.lerp, latent.slerp])
def test_vectors_of_different_shapes_are_refused(between):
    with pytest.raises((ValueError, TypeError), match=r"shape|Float"):
        between(torch.ones(3), torch.ones(4), 0.5)


# --- paths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["slerp", "lerp"])
@pytest.mark.parametrize("frames", [4, 10, 31])
def test_a_path_meets_every_point_in_order(how, frames):
    points = latent.draw(4, 8)
    way = latent.path(points, frames, how=how)
    assert len(way) == frames
    distance = torch.cdist(points, way)
    visits = distance.argmin(dim=1)
    assert distance.min(dim=1).values.max() < 1e-5
    assert visits.tolist() == sorted(visits.tolist())
    pieces = visits.diff()
    assert pieces.max() - pieces.min() <= 1


def test_a_closed_path_comes_home():
    points = latent.draw(3, 8)
    way = latent.path(points, 16, closed=True)
    torch.testing.assert_close(way[0], way[-1])
    assert len(way) == 16


@pytest.mark.parametrize(
    ("count", "frames", "how"), [(1, 5, "slerp"), (3, 2, "slerp"), (2, 5, "spline"), (0, 5, "lerp")]
)
def test_impossible_paths_are_refused(count, frames, how):
    with pytest.raises(ValueError, match=r"two points or more|how must be|points must not be empty"):
        latent.path(torch.ones(count, 4), frames, how=how)


def test_step_lengths_are_distances_between_neighbours():
    frames = torch.zeros(3, 1, 2, 2)
    frames[1] += 1
    assert latent.step_lengths(frames).tolist() == [2, 2]
    assert latent.step_lengths(frames[[1, 1, 0]]).tolist() == [0, 2]
