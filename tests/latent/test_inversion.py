"""Claims about finding the z of a picture, and the nearest picture."""

import pytest
import tiny
import torch
from tqdm import tqdm

from stablegen_lib import latent, metrics

MIX = torch.randn(4, 12, generator=torch.Generator().manual_seed(0))


def generate(z):
    return torch.tanh(0.5 * z @ MIX).reshape(-1, 3, 2, 2)


def target(seed=3):
    return generate(latent.draw(1, 4, seed=seed))[0]


def test_a_picture_of_the_generator_is_found_again():
    z = latent.draw(1, 4, seed=3)[0]
    found = latent.invert(generate, generate(z[None])[0], 4, prior_weight=0)
    assert found.error < 0.01
    torch.testing.assert_close(found.z, z, atol=0.1, rtol=0)
    torch.testing.assert_close(found.sample, generate(found.z[None])[0])


def test_the_error_is_the_best_of_all_starts_and_better_than_luck():
    found = latent.invert(generate, target(), 4, starts=5, steps=50)
    assert found.error == min(found.start_errors)
    assert len(found.start_errors) == 5
    assert found.error < 0.5 * found.random_error
    assert found.history.shape == (51, 5)
    assert float(found.history[0].min()) == pytest.approx(found.random_error)
    again = (found.sample - target()).square().mean().sqrt()
    assert float(again) == pytest.approx(found.error, rel=1e-4)


def test_random_error_is_what_the_same_number_of_random_z_gives():
    found = latent.invert(generate, target(), 4, starts=6, steps=1, seed=8)
    lucky = (generate(latent.draw(6, 4, seed=8)) - target()).flatten(1).square().mean(1).sqrt().min()
    assert found.random_error == pytest.approx(float(lucky), rel=1e-4)


def test_the_prior_keeps_z_short():
    free, kept = (latent.invert(generate, torch.ones(3, 2, 2), 4, prior_weight=w) for w in (0, 1.0))
    assert kept.z.norm() < 0.7 * free.z.norm()


def test_a_real_network_is_searched_without_changing_it():
    model = tiny.model(tiny.pictures(kinds=0))
    before = tiny.copied(model.state_dict())
    image = model.sample(1, seed=4)[0]
    x = torch.zeros(1, 0)
    found = latent.invert(
        lambda z: model.averaged_generator(x.expand(len(z), -1), z), image, model.latent_dim, steps=100
    )
    assert found.error < found.random_error
    assert tiny.equal(model.state_dict(), before)
    assert all(parameter.grad is None for parameter in model.averaged_generator.parameters())


def test_x_can_be_searched_along_with_z():
    groups = {"hat": slice(0, 2), "hair": slice(2, 5)}
    mix = torch.randn(7, 12, generator=torch.Generator().manual_seed(1))

    def both(v):
        return torch.cat([latent.soft_conditions(v[:, :5], groups), v[:, 5:]], dim=1) @ mix

    asked = torch.tensor([[0.0, 1, 0, 0, 1, 0.3, -0.2]])
    found = latent.invert(both, (asked @ mix)[0], 7, steps=600, starts=16, prior_weight=0, learning_rate=0.1)
    x = latent.soft_conditions(found.z[None, :5], groups)[0]
    assert (x[:2].argmax().item(), x[2:].argmax().item()) == (1, 2)


def test_soft_conditions_are_shares_within_each_attribute():
    x = latent.soft_conditions(torch.randn(6, 5), {"hat": slice(0, 2), "hair": slice(2, 5)})
    torch.testing.assert_close(x[:, :2].sum(1), torch.ones(6))
    torch.testing.assert_close(x[:, 2:].sum(1), torch.ones(6))
    assert (x > 0).all()


def test_a_function_that_stops_gradients_is_told_with_a_cure():
    model = tiny.model(tiny.pictures(kinds=0))
    with pytest.raises(ValueError, match=r"not model\.sample"):
        latent.invert(lambda z: model.sample(z=z), model.sample(1)[0], model.latent_dim)


def test_searching_works_where_gradients_are_switched_off_outside():
    with torch.no_grad():
        assert latent.invert(generate, target(), 4).error < 0.05


def test_progress_wraps_the_steps(capsys):
    latent.invert(generate, target(), 4, steps=7, progress=tqdm)
    assert "7/7" in capsys.readouterr().err


@pytest.mark.parametrize("changes", [{"starts": 0}, {"steps": 0}])
def test_no_starts_or_steps_are_refused(changes):
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        latent.invert(generate, target(), 4, **changes)


def test_a_target_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 2, 2\) was needed"):
        latent.invert(generate, torch.zeros(3, 4, 4), 4)


def test_repr_has_no_address():
    found = latent.invert(generate, target(), 4, steps=2)
    assert repr(found).startswith("Inversion(error=")
    assert "0x" not in repr(found)


def test_nearest_finds_what_a_loop_over_all_pairs_finds():
    samples, among = (
        latent.draw(300, 12, seed=1).reshape(-1, 3, 2, 2),
        latent.draw(40, 12).reshape(-1, 3, 2, 2),
    )
    distances, indices = metrics.nearest(samples, among)
    for number in (0, 7, 299):
        all_distances = torch.stack([(samples[number] - other).norm() for other in among])
        assert indices[number] == all_distances.argmin()
        assert float(distances[number]) == pytest.approx(float(all_distances.min()), rel=1e-4)


def test_a_copy_is_at_distance_zero():
    among = latent.draw(40, 12)
    distances, indices = metrics.nearest(among[[5, 31]], among)
    assert indices.tolist() == [5, 31]
    assert distances.tolist() == [0, 0]


def test_nothing_to_compare_is_refused():
    for samples, among in ((torch.ones(0, 3), torch.ones(2, 3)), (torch.ones(2, 3), torch.ones(0, 3))):
        with pytest.raises(ValueError, match="must not be empty"):
            metrics.nearest(samples, among)
