"""Claims about the Fréchet distance: known cases in closed form."""

import math

import pytest
import torch

from stablegen_lib.metrics.distances import density_coverage, frechet_distance


def cloud(count=4000, size=3, seed=0):
    return torch.randn(count, size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_a_cloud_is_at_no_distance_from_itself():
    assert frechet_distance(cloud(), cloud()) == pytest.approx(0, abs=1e-9)


def test_a_shift_costs_its_squared_length():
    assert frechet_distance(cloud(), cloud() + torch.tensor([3.0, 4.0, 0.0])) == pytest.approx(25, rel=1e-9)


def test_a_stretch_costs_the_squared_difference_of_the_deviations():
    one = cloud(size=1)
    deviation = one.std().item()
    assert frechet_distance(one, 3 * one) == pytest.approx(
        (2 * deviation) ** 2 + (2 * one.mean().item()) ** 2
    )


def test_for_covariances_that_do_not_commute_it_is_the_trace_formula_computed_another_way():
    turn = torch.tensor(
        [[math.cos(0.5), -math.sin(0.5)], [math.sin(0.5), math.cos(0.5)]], dtype=torch.float64
    )
    left, right = (
        cloud(size=2) * torch.tensor([1.0, 4.0]),
        (cloud(size=2, seed=1) * torch.tensor([3.0, 1.0])) @ turn,
    )
    spreads = [torch.cov(rows.T) for rows in (left, right)]
    root = torch.linalg.eigvals(spreads[0] @ spreads[1]).real.sqrt().sum()  # not symmetric, same eigenvalues
    expected = (left.mean(0) - right.mean(0)).square().sum() + sum(s.trace() for s in spreads) - 2 * root
    assert frechet_distance(left, right) == pytest.approx(expected.item(), rel=1e-9)
    assert expected > 1


def test_it_is_the_same_from_both_sides_and_falls_with_the_number_of_samples():
    left, right = cloud(200), 2 * cloud(200, seed=1)
    assert frechet_distance(left, right) == pytest.approx(frechet_distance(right, left))
    few, many = (frechet_distance(cloud(n), cloud(n, seed=1)) for n in (50, 4000))
    assert few > 10 * many > 0


def test_what_has_no_distance_is_refused():
    with pytest.raises(ValueError, match="1 and 4000 came"):
        frechet_distance(cloud(1), cloud())
    with pytest.raises(ValueError, match="infinity or NaN"):
        frechet_distance(cloud(), cloud() * math.nan)


@pytest.mark.parametrize("offset", [0.0, 1e6, -3e8])
@pytest.mark.parametrize("copies", [1, 2, 6, 12])
def test_a_crowd_covers_itself_wherever_it_lies_and_however_often_each_stands_in_it(offset, copies):
    rows = torch.randn(40, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    crowd = rows.repeat(copies, 1) + offset
    found = density_coverage(crowd, crowd)
    assert found.coverage == 1
    assert found.density >= 1
    away = density_coverage(crowd, crowd + 100)
    assert (away.density, away.coverage) == (0, 0)


def test_copies_that_were_generated_elsewhere_do_not_count():
    real = torch.arange(30.0)[:, None].repeat(1, 2)
    found = density_coverage(real, real[:1].repeat(30, 1), neighbours=1)
    assert found.coverage == pytest.approx(2 / 30)  # the copied one, and its neighbour
