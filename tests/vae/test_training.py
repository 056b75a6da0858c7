"""Claims about the variational autoencoder: its bound, its two networks, its training, its files."""

import math
import re

import examples
import pytest
import tiny
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stablegen_lib import data, latent, metrics, training, vae
from stablegen_lib.stablegen import StableGen
from stablegen_lib.vae import objective as elbo
from stablegen_lib.widgets.explorer.scene import PictureModel, Scene

DRAWS = 50_000
numbers = st.floats(-3, 3)


def row(*values: float) -> torch.Tensor:
    return torch.tensor([values])


def small(images: data.ImageSet, **options) -> vae.VAE:
    return vae.VAE.for_images(images, **{"latent_dim": 5, "width": 4, **options})


# The bound.


@settings(max_examples=8, deadline=None)
@given(numbers, numbers, st.floats(-3, 2), st.floats(-3, 2))
def test_kl_in_closed_form_is_what_monte_carlo_finds(first, second, narrow, wide):
    mean, log_variance = row(first, second), row(narrow, wide)
    noise = torch.randn(DRAWS, 2, generator=torch.Generator().manual_seed(0))
    many = {"mean": mean.expand(DRAWS, 2), "log_variance": log_variance.expand(DRAWS, 2)}
    z = vae.reparameterise(**many, noise=noise)
    zeros = torch.zeros(DRAWS, 2)
    gap = vae.gaussian_log_density(z, **many) - vae.gaussian_log_density(z, mean=zeros, log_variance=zeros)
    closed = vae.kl_divergence(mean=mean, log_variance=log_variance).item()
    assert abs(gap.mean().item() - closed) < 5 * gap.std().item() / DRAWS**0.5 + 1e-4


def test_kl_is_zero_at_the_prior_and_above_it_elsewhere():
    def kl(mean, log_variance):
        return vae.kl_divergence(mean=row(mean), log_variance=row(log_variance)).item()

    assert kl(0.0, 0.0) == 0
    assert kl(1.0, 0.0) == pytest.approx(0.5)
    assert kl(0.0, math.log(4)) == pytest.approx((4 - math.log(4) - 1) / 2)
    assert kl(0.1, 0.0) > 0 < kl(0.0, -0.1)


def test_kl_agrees_with_torchs_own():
    mean, log_variance = torch.randn(6, 3), torch.randn(6, 3)
    ours = vae.kl_divergence(mean=mean, log_variance=log_variance)
    normal = torch.distributions.Normal
    theirs = torch.distributions.kl_divergence(normal(mean, (log_variance / 2).exp()), normal(0.0, 1.0))
    torch.testing.assert_close(ours, theirs.sum(dim=1))
    torch.testing.assert_close(vae.kl_per_entry(mean=mean, log_variance=log_variance), theirs)


def test_log_likelihood_sums_over_pixels_and_agrees_with_torchs_own():
    y, redrawn = torch.rand(3, 2, 4, 4), torch.rand(3, 2, 4, 4)
    ours = vae.log_likelihood(y, reconstruction=redrawn, deviation=0.3)
    theirs = torch.distributions.Normal(redrawn, 0.3).log_prob(y).flatten(1).sum(dim=1)
    torch.testing.assert_close(ours, theirs)
    twice = vae.log_likelihood(y.repeat(1, 1, 2, 1), reconstruction=redrawn.repeat(1, 1, 2, 1), deviation=0.3)
    torch.testing.assert_close(twice, 2 * ours)


def test_a_draw_has_the_mean_and_variance_asked_for_and_gradients_pass_it():
    mean = torch.full((DRAWS, 1), 1.5, requires_grad=True)
    log_variance = torch.full((DRAWS, 1), math.log(0.25), requires_grad=True)
    noise = torch.randn(DRAWS, 1, generator=torch.Generator().manual_seed(1))
    z = vae.reparameterise(mean=mean, log_variance=log_variance, noise=noise)
    assert z.mean().item() == pytest.approx(1.5, abs=0.02)
    assert z.var().item() == pytest.approx(0.25, abs=0.01)
    z.sum().backward()
    torch.testing.assert_close(mean.grad, torch.ones(DRAWS, 1))
    torch.testing.assert_close(log_variance.grad, noise * 0.25)  # half the deviation times the noise


def test_the_elbo_stays_below_the_evidence_and_meets_it_at_the_true_posterior():
    # z ~ N(0, 1), y | z ~ N(z, s²): then y ~ N(0, 1 + s²), and z | y is known too.
    y, s = 0.7, 0.5
    evidence = torch.distributions.Normal(0.0, (1 + s**2) ** 0.5).log_prob(torch.tensor(y)).item()
    variance = s**2 / (1 + s**2)
    noise = torch.randn(DRAWS, 1, generator=torch.Generator().manual_seed(2))

    def bound(middle: float, log_variance: float) -> float:
        told = {"mean": torch.full((DRAWS, 1), middle), "log_variance": torch.full((DRAWS, 1), log_variance)}
        z = vae.reparameterise(**told, noise=noise)
        pixels = torch.full((DRAWS, 1, 1, 1), y)
        likelihood = vae.log_likelihood(pixels, reconstruction=z[:, :, None, None], deviation=s)
        return vae.elbo(log_likelihood=likelihood, kl=vae.kl_divergence(**told)).mean().item()

    assert bound(y / (1 + s**2), math.log(variance)) == pytest.approx(evidence, abs=0.01)
    assert bound(0.0, 0.0) < evidence - 0.5
    assert bound(y, math.log(variance)) < evidence - 0.03


def test_beta_weighs_the_kl_only():
    likelihood, kl = row(-3.0, 2.0)[0], row(1.0, 4.0)[0]
    torch.testing.assert_close(vae.elbo(log_likelihood=likelihood, kl=kl), likelihood - kl)
    torch.testing.assert_close(vae.elbo(log_likelihood=likelihood, kl=kl, beta=0), likelihood)
    torch.testing.assert_close(vae.elbo(log_likelihood=likelihood, kl=kl, beta=3.0), likelihood - 3 * kl)
    with pytest.raises(ValueError, match="beta must be a finite number of at least 0"):
        vae.elbo(log_likelihood=likelihood, kl=kl, beta=-1)
    with pytest.raises(ValueError, match="deviation must be a finite number above 0"):
        vae.log_likelihood(torch.zeros(1, 1, 2, 2), reconstruction=torch.zeros(1, 1, 2, 2), deviation=0.0)


# The model.


@pytest.mark.parametrize(("size", "channels", "kinds"), [(8, 3, 3), (16, 1, 0), (28, 1, 2), (32, 3, 0)])
def test_it_is_built_for_any_set_that_a_generator_is_built_for(size, channels, kinds):
    images = tiny.pictures(size=size, channels=channels, kinds=kinds)
    model = small(images)
    drawn = model.sample(conditions=images.conditions, seed=3)
    assert drawn.shape == images.images.shape
    assert drawn.abs().max() <= 1
    redrawn = model.reconstruct(conditions=images.conditions, images=data.to_unit_range(images.images))
    assert redrawn.shape == drawn.shape


def test_samples_hang_on_seed_z_and_x_and_on_nothing_else():
    images = tiny.pictures()
    model, x = small(images), images.conditions[:1].repeat(2, 1)
    z = latent.draw(2, 5, seed=7)
    torch.testing.assert_close(model.sample(conditions=x, seed=7), model.sample(conditions=x, z=z))
    torch.testing.assert_close(model.sample(conditions=x, z=z), model.decoder(x, z))
    assert not torch.equal(model.sample(conditions=x, seed=8), model.sample(conditions=x, seed=7))
    other = torch.roll(x, 1, dims=1)
    assert not torch.equal(model.sample(conditions=other, z=z), model.sample(conditions=x, z=z))
    assert tiny.equal(small(images).weights().state_dict(), model.weights().state_dict())
    assert not tiny.equal(small(images, seed=1).weights().state_dict(), model.weights().state_dict())


def test_what_does_not_fit_is_refused():
    images = tiny.pictures()
    model = small(images)
    with pytest.raises(ValueError, match="needs conditions of shape"):
        model.sample(4)
    with pytest.raises(ValueError, match=r"z must have shape \(count, 5\)"):
        model.sample(conditions=images.conditions[:2], z=torch.zeros(2, 6))
    with pytest.raises(ValueError, match="infinity or NaN"):
        model.sample(conditions=images.conditions[:2], z=torch.full((2, 5), float("nan")))
    with pytest.raises(ValueError, match="one number of samples"):
        model.sample(3, conditions=images.conditions[:2])
    with pytest.raises(ValueError, match="one number of samples"):
        model.sample()
    with pytest.raises(ValueError, match="latent_dim must be a whole number of at least 1"):
        small(images, latent_dim=0)
    with pytest.raises(ValueError, match="deviation must be a finite number above 0"):
        small(images, deviation=0.0)
    with pytest.raises(ValueError, match=r"x must be a tensor of shape \(1, 3\)"):
        next(vae.train(model, tiny.pictures(kinds=2), steps=1))


def test_the_explorer_and_the_tools_of_lesson_06_take_it_unchanged():
    images = tiny.pictures(size=16)
    model = small(images)
    assert isinstance(model, PictureModel)
    scene = Scene(model, {"mine": torch.ones(5)}, sliders=2)
    assert scene.bases == ["own", "sefa", "pca", "raw"]
    state = scene.with_basis(scene.start(count=16, seed=4), "sefa")
    moved = scene.images(state.moved(0, 2.0))
    assert moved.shape == (16, 3, 16, 16)
    assert not torch.equal(moved, scene.images(state))
    found = latent.invert(lambda z: model.averaged_generator(images.conditions[:1].expand(len(z), -1), z),
                          moved[0], 5, starts=2, steps=3)  # fmt: skip
    assert found.z.shape == (5,)


def test_it_is_saved_and_loaded(tmp_path):
    images = tiny.pictures()
    model = small(images, deviation=0.3, seed=2)
    written = model.save(tmp_path / "mine")
    loaded = vae.VAE.load(written)
    assert written.name == "mine.safetensors"
    assert tiny.equal(loaded.weights().state_dict(), model.weights().state_dict())
    assert (loaded.deviation, loaded.condition_names) == (0.3, images.condition_names)
    x = images.conditions
    torch.testing.assert_close(loaded.sample(conditions=x), model.sample(conditions=x))
    model.save(tmp_path / "half", dtype="float16")
    assert (tmp_path / "half.safetensors").stat().st_size < 0.7 * written.stat().st_size
    coarse = vae.VAE.load(tmp_path / "half").sample(conditions=x)
    torch.testing.assert_close(coarse, model.sample(conditions=x), atol=0.01, rtol=0)


def test_foreign_or_missing_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        vae.VAE.load(tmp_path / "nothing")
    judge = data.data_dir() / "weights" / "faces_classifier.safetensors"
    with pytest.raises(ValueError, match="no variational autoencoder"):
        vae.VAE.load(judge)


# Training.


def test_training_raises_the_bound_and_counts_its_steps():
    images = tiny.pictures(count=4)
    model = small(images, width=16)
    steps = list(vae.train(model, images, steps=60, batch_size=16, learning_rate=0.01))
    assert [step.number for step in steps] == list(range(1, 61))
    bounds = [step.log_likelihood - step.kl for step in steps]
    assert sum(bounds[-10:]) / 10 > sum(bounds[:10]) / 10 + 5
    assert steps[-1].error < 0.9 * steps[0].error


def test_the_same_seed_trains_alike_and_another_does_not():
    images = tiny.pictures()

    def trained(seed: int) -> dict[str, torch.Tensor]:
        model = small(images)
        list(vae.train(model, images, steps=3, batch_size=4, seed=seed))
        return tiny.copied(model.weights().state_dict())

    assert tiny.equal(trained(0), trained(0))
    assert not tiny.equal(trained(0), trained(1))


def test_without_kl_posteriors_shrink_and_with_a_huge_one_they_become_the_prior():
    images = tiny.pictures(count=4)
    ends = {}
    for beta in (0.0, 1.0, 1000.0):
        model = small(images, width=16)
        *_, last = vae.train(model, images, steps=80, batch_size=16, learning_rate=0.01, beta=beta)
        ends[beta] = last.kl
    assert ends[0.0] > 1.5 * ends[1.0]
    assert ends[1.0] > 20 * ends[1000.0]


# The stored model.


def test_the_card_says_what_the_stored_model_does():
    card = (data.data_dir() / "weights" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (sharpness|Fréchet)[^|]* \| ([\d.]+) \| ([\d.]+) \| 1.00 \|$", card, re.M)
    quoted = {name: (float(ours), float(gans)) for name, ours, gans in rows}
    weights = data.data_dir() / "weights"
    judge = metrics.AttributeClassifier.load(weights / "faces_classifier.safetensors")
    known, asked = examples.faces("validation"), examples.faces("test")
    real = data.to_unit_range(known.images)
    wanted = metrics.features(judge, real)
    models = vae.VAE.load(weights / "faces_vae"), StableGen.load(weights / "faces", device="cpu")
    drawn = [model.sample(conditions=asked.conditions, seed=20_000) for model in models]

    def distance(images: torch.Tensor) -> float:
        return metrics.frechet_distance(wanted, metrics.features(judge, images))

    floor = distance(data.to_unit_range(asked.images))
    sharp = [metrics.relative_sharpness(images=images, real=real) for images in drawn]
    assert quoted["sharpness"] == pytest.approx(sharp, abs=0.01)
    assert quoted["Fréchet"] == pytest.approx([distance(images) / floor for images in drawn], abs=0.02)
    mean, log_variance = models[0].encode(conditions=known.conditions, images=real)
    used = vae.kl_per_entry(mean=mean, log_variance=log_variance).mean(dim=0) > 0.05
    assert f"it uses {int(used.sum())} (" in card


# Sharpness.


def test_sharpness_counts_edges():
    flat, edge = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    edge[..., 2:] = 1
    assert metrics.gradient_energy(flat).item() == 0
    assert metrics.gradient_energy(edge).item() == pytest.approx(1 / 3)  # 4 of 12 differences are 1
    assert metrics.gradient_energy(edge.mT).item() == pytest.approx(1 / 3)
    assert metrics.relative_sharpness(images=edge / 2, real=edge) == pytest.approx(0.25)


def test_blur_lowers_sharpness_and_noise_raises_it():
    faces = data.to_unit_range(examples.faces("validation").images[:200])
    blurred = torch.nn.functional.avg_pool2d(faces, 3, stride=1, padding=1)
    noisy = faces + 0.3 * torch.randn(faces.shape, generator=torch.Generator().manual_seed(0))
    noisy = noisy.clamp(-1, 1)
    assert metrics.relative_sharpness(images=blurred, real=faces) < 0.6
    assert metrics.relative_sharpness(images=noisy, real=faces) > 1.2


def test_the_parts_stand_under_one_name():
    assert vae.elbo is elbo.elbo


def test_training_stops_before_a_loss_that_is_no_number_reaches_the_weights():
    images = tiny.pictures()
    model = small(images)
    with torch.no_grad():
        next(model.decoder.parameters())[0] = float("nan")
    before = tiny.copied(model.weights().state_dict())
    with pytest.raises(training.TrainingStopped, match="step 1: the autoencoder's loss is nan"):
        next(vae.train(model, images, steps=3, batch_size=4))
    after = model.weights().state_dict()
    assert all(torch.equal(before[name].nan_to_num(7), after[name].nan_to_num(7)) for name in after)
