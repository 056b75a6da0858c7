"""Claims about the training of the autoencoder: it learns to redraw, and says what it costs."""

from itertools import islice

import examples
import pytest
import torch

from stablegen_lib import data, latent_diffusion
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator


def small(seed: int = 0):
    torch.manual_seed(seed)
    return latent_diffusion.autoencoder(width=8)


@pytest.fixture(scope="module")
def images():
    return data.to_unit_range(examples.faces("test").images[:64])


def test_the_autoencoder_learns_to_redraw_and_its_scale_is_measured(images):
    autoencoder = small()
    training = latent_diffusion.train_autoencoder(autoencoder, images, steps=60, batch_size=16)
    errors = [error for error, _ in training]
    assert sum(errors[-5:]) < 0.6 * sum(errors[:5])
    assert not autoencoder.training
    factor = latent_diffusion.set_scale(autoencoder, images)
    maps = PromptedGenerator(latent_diffusion.assemble(
        autoencoder, latent_diffusion.text_encoder(1), latent_diffusion.unet(16))).encode(images)  # fmt: skip
    assert autoencoder.config.scaling_factor == factor
    assert maps.std().item() == pytest.approx(1, abs=1e-3)


def test_each_step_says_its_error_and_its_distance_from_noise(images):
    autoencoder = small()
    said = next(latent_diffusion.train_autoencoder(small(), images, steps=2, batch_size=8, seed=3))
    random = torch.Generator().manual_seed(3)
    x = images[torch.randint(len(images), (8,), generator=random)]
    with torch.no_grad():
        posterior = autoencoder.encode(x).latent_dist
        redrawn = autoencoder.decode(posterior.sample(generator=random)).sample
    kl = torch.distributions.kl_divergence(
        torch.distributions.Normal(posterior.mean, posterior.std), torch.distributions.Normal(0.0, 1.0)
    )
    assert said[0] == pytest.approx((redrawn - x).square().mean().item(), rel=1e-4)
    assert said[1] == pytest.approx(kl.mean().item(), rel=1e-4)


def test_a_heavier_weight_keeps_the_latent_numbers_nearer_to_noise(images):
    ends = {}
    for weight in (0, 1.0):
        training = latent_diffusion.train_autoencoder(
            small(), images, steps=25, batch_size=8, kl_weight=weight
        )
        *_, ends[weight] = training
    assert ends[1.0][1] < 0.5 * ends[0][1]
    assert ends[1.0][0] > ends[0][0]


def test_the_seed_decides_and_16_bits_change_little(images):
    def run(**options):
        return list(
            islice(latent_diffusion.train_autoencoder(small(), images, steps=20, batch_size=8, **options), 4)
        )

    assert run() == run()
    assert run() != run(seed=1)
    for (error, kl), (half_error, half_kl) in zip(run(), run(bfloat16=True), strict=True):
        assert half_error == pytest.approx(error, rel=0.05)
        assert half_kl == pytest.approx(kl, rel=0.05)
