"""Claims about blueprints and the networks' options: depth, Fourier features, spectral normalisation."""

import math

import pytest
import tiny
import torch
from torch import nn

from stablegen_lib import data, stability, training
from stablegen_lib.discriminator import FourierFeatures, PointDiscriminator
from stablegen_lib.generator import PointGenerator
from stablegen_lib.stablegen import StableGen

POINTS = data.ring(samples=60)
OPTIONS = [
    {"depth": 4},
    {"waves": 8},
    {"spectral_norm": True},
    {"depth": 3, "waves": 4, "spectral_norm": True},
]


def pair(**options):
    return StableGen.for_points(width=8, device="cpu", **options)


def weight_matrices(network):
    return [part.weight for part in network.modules() if isinstance(part, nn.Linear | nn.Conv2d)]


def test_options_at_their_usual_values_leave_blueprint_and_weights_as_they_were():
    plain, explicit = pair(), pair(depth=2, waves=0, spectral_norm=False)
    assert plain.blueprint == explicit.blueprint
    assert plain.blueprint == {"kind": "points", "latent_dim": 2, "width": 8, "condition_names": []}
    assert tiny.equal(plain.state_dict(), explicit.state_dict())


@pytest.mark.parametrize("options", OPTIONS)
def test_a_pair_with_options_is_saved_and_loaded(tmp_path, options):
    model = pair(**options)
    assert model.blueprint.items() >= options.items()
    for _ in training.train(model, POINTS, steps=2, recipe=tiny.recipe()):
        pass
    model.save(tmp_path / "pair")
    loaded = StableGen.load(tmp_path / "pair", device="cpu")
    assert tiny.equal(loaded.state_dict(), model.state_dict())


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("gamma", [0.0, 0.5])
def test_resuming_a_pair_with_options_equals_never_having_stopped(tmp_path, options, gamma):
    recipe = tiny.recipe(r1_gamma=gamma, r2_gamma=gamma)
    whole = pair(**options)
    for _ in training.train(whole, POINTS, steps=6, recipe=recipe):
        pass
    half = pair(**options)
    for _ in training.train(half, POINTS, steps=3, recipe=recipe, save_to=tmp_path / "run"):
        pass
    resumed, state = training.resume(tmp_path / "run", device="cpu")
    for _ in training.train(resumed, POINTS, steps=3, state=state):
        pass
    assert tiny.equal(resumed.state_dict(), whole.state_dict())


def test_depth_is_the_number_of_hidden_layers():
    for depth in (1, 2, 4):
        assert len(weight_matrices(PointGenerator(width=8, depth=depth))) == depth + 1
        assert len(weight_matrices(PointDiscriminator(width=8, depth=depth))) == depth + 1
    with pytest.raises(ValueError, match="depth must be a whole number of at least 1"):
        PointGenerator(depth=0)


def test_fourier_features_are_the_point_and_waves_of_length_1():
    waves, points = FourierFeatures(5), torch.randn(7, 2)
    features = waves(points)
    assert features.shape == (7, 12)
    assert torch.equal(features[:, :2], points)
    torch.testing.assert_close(features[:, 2:7].square() + features[:, 7:].square(), torch.ones(7, 5))
    direction = waves.directions[:, 0]
    moved = points + 2 * math.pi * direction / direction.square().sum()  # one whole wave further
    torch.testing.assert_close(waves(moved)[:, [2, 7]], features[:, [2, 7]], rtol=0, atol=1e-4)


def test_the_waves_are_no_parameters_and_training_leaves_them_alone():
    model = pair(waves=4)
    before = model.discriminator.features[0].directions.clone()
    assert not list(model.discriminator.features[0].parameters())
    for _ in training.train(model, POINTS, steps=2, recipe=tiny.recipe()):
        pass
    assert torch.equal(model.discriminator.features[0].directions, before)


@pytest.mark.parametrize("dataset", [POINTS, tiny.pictures()], ids=["points", "images"])
def test_under_spectral_normalisation_no_layer_of_d_stretches_and_g_is_free(dataset):
    if dataset is POINTS:
        model = pair(spectral_norm=True)
    else:
        model = StableGen.for_images(dataset, latent_dim=5, width=4, spectral_norm=True, device="cpu")
    for step in training.train(model, dataset, steps=60, recipe=tiny.recipe(r1_gamma=0.1)):
        assert math.isfinite(step.discriminator_loss)
    for matrix in weight_matrices(model.discriminator):
        assert torch.linalg.matrix_norm(matrix.detach().flatten(1), 2) < 1.1  # power iteration: nearly 1
    assert not any("parametrizations" in name for name in model.generator.state_dict())


def test_without_it_layers_do_stretch():
    steep = pair()
    recipe = tiny.recipe(discriminator_learning_rate=0.05)
    for _ in training.train(steep, POINTS, steps=60, recipe=recipe):
        pass
    assert max(torch.linalg.matrix_norm(m.detach(), 2) for m in weight_matrices(steep.discriminator)) > 1.5


def test_a_spectrally_normalised_d_is_nowhere_steeper_than_1():
    model = pair(spectral_norm=True, depth=3)
    for _ in training.train(model, POINTS, steps=60, recipe=tiny.recipe(discriminator_learning_rate=0.05)):
        pass
    points = 4 * torch.randn(500, 2)
    penalty = stability.slope_penalty(lambda y: model.discriminator(torch.zeros(len(y), 0), y), points)
    assert 0 < penalty < 0.5 * 1.1**2  # half of slope 1, squared
