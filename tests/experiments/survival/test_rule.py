"""Claims about what counts as failed, and about the interval around a survival rate."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError

from stablegen_experiments.survival.rule import Outcome, failure, survival_rate, wilson_interval

counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("least", "modes"), [(7, 8), (23, 25), (990, 1000)])
def test_a_run_needs_nearly_all_modes(least, modes):
    assert failure(Outcome(captured=least, modes=modes)) == ""
    assert failure(Outcome(captured=least - 1, modes=modes)) == f"{least - 1} of {modes} modes"


def test_a_run_needs_half_of_its_samples_on_a_mode():
    assert failure(Outcome(on_mode_mass=0.5)) == ""
    assert failure(Outcome(on_mode_mass=0.49)) == "on-mode mass 0.49"
    assert failure(Outcome(on_mode_mass=math.nan)) != ""


def test_a_run_must_end_near_its_best():
    assert failure(Outcome(last_distance=1.5, best_distance=1.0)) == ""
    assert (
        failure(Outcome(last_distance=1.6, best_distance=1.0)) == "last Fréchet distance 1.6 times the best"
    )
    assert failure(Outcome(last_distance=math.nan, best_distance=1.0)) != ""


def test_a_distance_that_is_not_a_number_is_a_failure():
    for distance in (math.nan, math.inf):
        assert failure(Outcome(last_distance=distance)) == "not finite"


def test_distances_below_the_floor_are_all_alike():
    assert failure(Outcome(last_distance=0.9, best_distance=0.1, distance_floor=1.0)) == ""
    assert failure(Outcome(last_distance=1.4, best_distance=0.1, distance_floor=1.0)) == ""
    assert failure(Outcome(last_distance=1.6, best_distance=0.1, distance_floor=1.0)) != ""


def test_numbers_that_blew_up_outweigh_everything_else():
    good = Outcome(captured=8, modes=8, on_mode_mass=1.0, last_distance=1.0, best_distance=1.0)
    assert failure(good) == ""
    assert failure(Outcome(**{**good.__dict__, "finite": False})) == "not finite"


def test_modes_without_a_limit_fixed_before_the_run_are_refused():
    with pytest.raises(ValueError, match="Fix one first"):
        failure(Outcome(captured=9, modes=9))


def test_the_survival_rate_counts_the_runs_that_did_not_fail():
    survival = survival_rate([Outcome()] * 3 + [Outcome(finite=False)])
    assert (survival.survived, survival.runs, survival.rate) == (3, 4, 0.75)
    assert (survival.low, survival.high) == wilson_interval(3, 4)
    assert str(survival).startswith("3 of 4 survived (95 %: 0.30 to 0.95)")
    with pytest.raises(ValueError, match="0 of 0"):
        survival_rate([])


@given(counts, st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_the_ends_of_wilsons_interval_are_the_rates_one_quantile_away(count, confidence):
    """Its definition: |observed − true| = z standard errors *of the true rate*."""
    successes, trials = count
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    low, high = wilson_interval(successes, trials, confidence)
    assert 0 <= low <= successes / trials <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            error = math.sqrt(end * (1 - end) / trials)
            assert abs(successes / trials - end) == pytest.approx(z * error, rel=1e-6, abs=1e-9)


def test_known_intervals():
    assert wilson_interval(20, 20) == pytest.approx((0.8389, 1.0), abs=1e-4)  # n / (n + z²)
    assert wilson_interval(20, 20)[0] == pytest.approx(20 / (20 + 1.959964**2), rel=1e-6)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson_interval(10, 20) == pytest.approx((0.2993, 0.7007), abs=1e-4)


@given(counts)
def test_success_and_failure_are_mirror_images(count):
    successes, trials = count
    low, high = wilson_interval(successes, trials)
    mirrored_low, mirrored_high = wilson_interval(trials - successes, trials)
    assert low == pytest.approx(1 - mirrored_high)
    assert high == pytest.approx(1 - mirrored_low)


def test_more_runs_and_less_confidence_make_it_narrower():
    def width(*arguments):
        low, high = wilson_interval(*arguments)
        return high - low

    assert width(90, 100) < width(18, 20) < width(9, 10)
    assert width(18, 20, 0.5) < width(18, 20, 0.99)


@pytest.mark.parametrize(
    "arguments", [(1, 0), (0, 0), (3, 2), (-1, 2), (1, 2, 0.0), (1, 2, 1.0), (1.5, 3), (1, math.inf)]
)
def test_impossible_counts_are_refused(arguments):
    with pytest.raises((ValueError, TypeCheckError)):
        wilson_interval(*arguments)
