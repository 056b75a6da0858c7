"""Claims about the Dirac-GAN: closed form against simulation with autograd, and against numpy."""

import math
from functools import partial

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError

from stablegen_lib.stability.dirac import flow, flow_eigenvalues, simulate

NEAR = torch.tensor([1e-4, 0.0], dtype=torch.float64)
FAR = torch.tensor([1.0, 1.0], dtype=torch.float64)
gammas = st.floats(0, 4)


@given(gammas)
def test_the_eigenvalues_are_those_of_the_matrix_that_autograd_finds(gamma):
    def field(theta, psi):  # the direction in which both players move, from two tiny steps
        small = simulate(torch.tensor([theta, psi]), steps=1, rate=1e-3, gamma=gamma, turns="simultaneous")
        return (small[1] - small[0]) / 1e-3

    columns = [(field(*spot) / 1e-5).numpy() for spot in ((1e-5, 0.0), (0.0, 1e-5))]
    # as sums and products, which do not shake where the two eigenvalues meet
    matrix, (first, second) = numpy.stack(columns, axis=1), flow_eigenvalues(gamma)
    assert first + second == pytest.approx(numpy.trace(matrix), abs=1e-4)
    assert first * second == pytest.approx(numpy.linalg.det(matrix), abs=1e-4)


def test_without_a_penalty_they_are_plus_and_minus_half_i():
    assert flow_eigenvalues() == (0.5j, -0.5j)


def test_damping_is_critical_at_gamma_1():
    assert flow_eigenvalues(1.0) == (-0.5, -0.5)
    assert all(value.imag != 0 for value in flow_eigenvalues(0.99))
    assert all(value.imag == 0 for value in flow_eigenvalues(1.01))
    slowest = {gamma: max(value.real for value in flow_eigenvalues(gamma)) for gamma in (0.5, 1.0, 2.0)}
    assert slowest[1.0] < slowest[0.5] < 0  # more penalty helps up to there
    assert slowest[1.0] < slowest[2.0] < 0  # and beyond it makes D too timid


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.5])
@pytest.mark.parametrize("turns", ["simultaneous", "alternating"])
@pytest.mark.parametrize("loss", ["non_saturating", "minimax"])
def test_small_steps_follow_the_closed_form(gamma, turns, loss):
    rate, steps = 2e-2, 400
    path = simulate(NEAR, steps=steps, rate=rate, gamma=gamma, turns=turns, loss=loss)
    exact = flow(NEAR, torch.arange(0, steps + 1, 50) * rate, gamma)
    torch.testing.assert_close(path[::50], exact, rtol=0, atol=1e-4 * 0.05)  # 5 % of the start
    assert (exact[-1] - NEAR).norm() > 0.5 * NEAR.norm()  # it did go somewhere


@pytest.mark.parametrize("rate", [0.1, 1.0, 4.1])
def test_simultaneous_steps_near_the_equilibrium_always_spiral_outwards(rate):
    distances = simulate(NEAR, steps=8, rate=rate, turns="simultaneous").norm(dim=1)
    grown = torch.full((8,), math.sqrt(1 + rate**2 / 4), dtype=torch.float64)
    torch.testing.assert_close(distances[1:] / distances[:-1], grown, rtol=1e-4, atol=0)


@pytest.mark.parametrize(("rate", "farthest"), [(0.1, 1.1), (1.0, 1.5), (3.9, 15)])
def test_alternating_steps_circle_instead(rate, farthest):
    distances = simulate(NEAR, steps=400, rate=rate).norm(dim=1) / NEAR.norm()
    earlier, later = (part.max().item() for part in distances.split(200)[:2])
    assert 1 <= later < farthest
    assert later == pytest.approx(earlier, rel=0.05)


def test_alternating_steps_that_are_too_large_run_away_too():
    distances = simulate(NEAR, steps=12, rate=4.1).norm(dim=1)
    assert distances[-1] > 1.1**12 * distances[0]


@pytest.mark.parametrize("turns", ["simultaneous", "alternating"])
def test_the_penalty_turns_the_spiral_inwards(turns):
    far = simulate(FAR, steps=1000, rate=0.1, gamma=0.3, turns=turns)
    assert far[-1].norm() < 1e-3 * far[0].norm()


def test_far_from_the_equilibrium_simultaneous_minimax_steps_grow_and_alternating_ones_stay():
    outwards = simulate(FAR, steps=500, rate=0.2, turns="simultaneous", loss="minimax").norm(dim=1)
    around = simulate(FAR, steps=500, rate=0.2, turns="alternating", loss="minimax").norm(dim=1)
    assert outwards[-1] > 2 * outwards[0]
    assert around.min() > 0.5 * around[0]
    assert around.max() < 2 * around[0]


def test_the_non_saturating_loss_damps_far_out_and_spirals_near_the_equilibrium():
    """The squared distance falls by theta psi tanh(theta psi / 2): of fourth order, nothing near 0."""
    inwards = simulate(FAR, steps=500, rate=0.2, turns="simultaneous").norm(dim=1)
    assert inwards[-1] < 0.6 * inwards[0]
    outwards = simulate(100 * NEAR, steps=500, rate=0.2, turns="simultaneous").norm(dim=1)
    assert outwards[-1] > 2 * outwards[0]


def test_without_a_penalty_the_flow_circles_at_a_constant_distance():
    path = flow(FAR, torch.linspace(0, 30, 50, dtype=torch.float64))
    torch.testing.assert_close(path.norm(dim=1), torch.full((50,), math.sqrt(2), dtype=torch.float64))
    once_around = flow(FAR, torch.tensor([4 * math.pi], dtype=torch.float64))[0]
    torch.testing.assert_close(once_around, FAR)  # ±i/2: a turn takes 2π / (1/2)


def test_the_flow_is_continuous_through_critical_damping():
    times = torch.tensor([0.5, 2.0, 5.0], dtype=torch.float64)
    below, at, above = (flow(FAR, times, gamma) for gamma in (1 - 1e-7, 1.0, 1 + 1e-7))
    torch.testing.assert_close(below, at, rtol=0, atol=1e-6)
    torch.testing.assert_close(above, at, rtol=0, atol=1e-6)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="gamma"):
        flow_eigenvalues(-0.1)
    play = partial(simulate, torch.ones(2), steps=1)
    with pytest.raises(ValueError, match="rate must be a finite number above 0"):
        play(rate=0.0)
    for gamma in (math.inf, math.nan):
        with pytest.raises(ValueError, match="gamma"):
            play(rate=0.1, gamma=gamma)
        with pytest.raises(ValueError, match="gamma"):
            flow(torch.ones(2), torch.ones(1), gamma)
    with pytest.raises((ValueError, TypeCheckError), match="turns"):
        play(rate=0.1, turns="bogus")
    for wrong in ({"steps": -1}, {"loss": "relativistic"}):
        with pytest.raises(ValueError, match=r"steps must be|loss must be"):
            simulate(torch.ones(2), **{"steps": 1, "rate": 0.1, **wrong})
