"""Claims about directions: each method finds what was hidden, and effects are measured rightly."""

import pytest
import torch

from stablegen_lib import latent

AXES = torch.linalg.qr(torch.randn(6, 6, generator=torch.Generator().manual_seed(0))).Q


def same_line(one, other):
    return abs(float(torch.nn.functional.cosine_similarity(one, other, dim=0)))


# --- SeFa -----------------------------------------------------------------------------------------


def test_factorisation_finds_the_directions_that_a_layer_stretches_in_their_order():
    weight = torch.diag(torch.tensor([1.0, 5, 2, 9, 0.5, 3])) @ AXES.T
    found = latent.factorised_directions(weight, 6)
    for row, axis in zip(found, [3, 1, 5, 2, 0, 4], strict=True):
        assert same_line(row, AXES[:, axis]) > 0.9999


def test_factorised_directions_are_orthonormal_and_their_largest_entry_is_positive():
    weight = torch.randn(20, 6, generator=torch.Generator().manual_seed(1))
    for found in (latent.factorised_directions(weight, 4), latent.factorised_directions(-weight, 4)):
        torch.testing.assert_close(found @ found.T, torch.eye(4), atol=1e-5, rtol=0)
        assert (found.gather(1, found.abs().argmax(1, keepdim=True)) > 0).all()


# --- PCA ------------------------------------------------------------------------------------------


def test_pca_finds_the_directions_along_which_features_vary_most():
    stretch = torch.tensor([1.0, 5, 2, 9, 0.5, 3])
    found = latent.pca_directions(lambda z: (z @ AXES) * stretch + 7, 6, count=3)
    for row, axis in zip(found, [3, 1, 5], strict=True):
        assert same_line(row, AXES[:, axis]) > 0.995
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))


def test_pca_sees_what_lies_behind_a_nonlinear_layer():
    found = latent.pca_directions(
        lambda z: torch.tanh(z @ AXES[:, :2] * torch.tensor([3.0, 0.3])), 6, count=1
    )
    assert same_line(found[0], AXES[:, 0]) > 0.99


def test_pca_asks_for_enough_samples():
    with pytest.raises(ValueError, match="more samples"):
        latent.pca_directions(lambda z: z, 6, count=2, samples=6)


@pytest.mark.parametrize("count", [0, 7])
def test_impossible_numbers_of_directions_are_refused(count):
    with pytest.raises(ValueError, match="1 to 6 directions"):
        latent.factorised_directions(torch.ones(4, 6), count)
    with pytest.raises(ValueError, match="1 to 6 directions"):
        latent.pca_directions(lambda z: z, 6, count=count)


# --- labels ---------------------------------------------------------------------------------------


def test_labels_lead_to_the_direction_that_decides_them():
    z = latent.draw(4000, 6)
    noise = 0.3 * latent.draw(4000, 1, seed=9)[:, 0]
    found = latent.attribute_direction(z, z @ AXES[:, 2] + noise > 0.8)
    assert float(found @ AXES[:, 2]) > 0.99, "towards those that have the attribute"
    assert float(found.norm()) == pytest.approx(1, abs=1e-5)


def test_kinds_that_a_plane_separates_completely_give_a_finite_direction():
    z = latent.draw(200, 6)
    found = latent.attribute_direction(z, z[:, 0] > 0)
    assert found.isfinite().all()
    assert found[0] > 0.9


@pytest.mark.parametrize("value", [True, False])
def test_labels_of_one_kind_only_are_refused(value):
    with pytest.raises(ValueError, match="both kinds"):
        latent.attribute_direction(latent.draw(5, 3), torch.full((5,), value))


def test_finding_a_direction_works_where_gradients_are_switched_off():
    z = latent.draw(200, 6)
    with torch.no_grad():
        assert latent.attribute_direction(z, z[:, 1] > 0)[1] > 0.9


# --- effects --------------------------------------------------------------------------------------


def scores(samples):
    return {"first": samples[:, 0], "second": 5 * samples[:, 1], "steady": samples[:, 0] * 0 + 1}


def test_an_effect_is_the_change_in_standard_deviations_and_purity_its_share():
    direction = torch.tensor([3.0, 1, 0])
    found = latent.effect(lambda z: z, direction, scores, distance=2, count=4000)
    unit = direction / direction.norm()
    assert found.changes["first"] == pytest.approx(4 * unit[0].item(), rel=0.05)
    assert found.changes["second"] == pytest.approx(4 * unit[1].item(), rel=0.05)
    assert found.changes["steady"] == 0
    assert found.target == "first"
    assert found.purity == pytest.approx(0.75, abs=0.02)


def test_a_direction_that_moves_one_thing_only_is_pure_and_its_sign_is_kept():
    found = latent.effect(lambda z: z, torch.tensor([0.0, -1, 0]), scores)
    assert found.target == "second"
    assert found.changes["second"] < 0
    assert found.purity == 1.0


def test_a_direction_without_effect_or_length_is_told():
    with pytest.raises(ValueError, match="nothing changes"):
        latent.effect(lambda z: z, torch.tensor([0.0, 0, 1]), scores)
    with pytest.raises(ValueError, match="other than zero"):
        latent.effect(lambda z: z, torch.zeros(3), scores)


# --- arithmetic -----------------------------------------------------------------------------------


def test_arithmetic_adds_and_subtracts_group_means():
    a, b, c = (latent.draw(3, 4, seed=seed) for seed in range(3))
    torch.testing.assert_close(latent.arithmetic([a, b], [c]), a.mean(0) + b.mean(0) - c.mean(0))
    torch.testing.assert_close(latent.arithmetic([a]), a.mean(0))


def test_arithmetic_with_nothing_is_refused():
    for plus, minus in (([], []), ([torch.ones(0, 3)], []), ([torch.ones(2, 3)], [torch.ones(0, 3)])):
        with pytest.raises(ValueError, match=r"at least one|must not be empty"):
            latent.arithmetic(plus, minus)


@pytest.mark.parametrize(("size", "found"), [(1, 1), (3, 3), (8, 8), (11, 8)])
def test_a_small_latent_space_has_as_many_directions_as_it_can(size, found):
    assert latent.factorised_directions(torch.randn(12, size)).shape == (found, size)
    assert latent.pca_directions(torch.tanh, size, samples=50).shape == (found, size)
    with pytest.raises(ValueError, match=rf"1 to {size} directions"):
        latent.factorised_directions(torch.randn(12, size), size + 1)
