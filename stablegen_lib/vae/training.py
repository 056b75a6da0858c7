"""The loop of lesson 11: encoder and generator learn together, with no discriminator."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.data.pixels import to_unit_range
from stablegen_lib.plumbing.bounds import above, at_least
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.stopping import require_finite_loss
from stablegen_lib.vae.networks import VAE
from stablegen_lib.vae.objective import (
    elbo,
    kl_divergence,
    log_likelihood,
    reparameterise,
)


@dataclass(frozen=True)
class Step:
    """What one finished step found, in nats per picture, averaged over the batch.

    Attributes:
        number: Steps done so far, counted from 1.
        log_likelihood: Of the pictures, given their z; higher is better.
        kl: What z costs.
        error: Root of the mean squared error of the pixels, which run from -1 to 1.
        seconds: How long the step took.
    """

    number: int
    log_likelihood: float
    kl: float
    error: float
    seconds: float


@door(steps=at_least(0), learning_rate=above(0))
def train(
    model: VAE,
    images: ImageSet,
    *,
    steps: int,
    batch_size: int = 128,
    learning_rate: float = 2e-3,
    beta: float | int = 1.0,
    seed: int = 0,
) -> Iterator[Step]:
    """Trains encoder and decoder together, one optimiser for both, and yields each finished step.

    Args:
        model: Changed in place.
        images: What to learn from.
        steps: How many; the learning rate falls to 0 along a half cosine.
        batch_size: Pictures per step, drawn with replacement.
        learning_rate: Of Adam, at the beginning.
        beta: Weight of the KL.
        seed: Decides batches and noise.

    Raises:
        ValueError: At once, if the images do not fit the model.
        TrainingStopped: If the loss is not finite; then the networks have not moved.
    """
    model.encoder(images.conditions[:1], to_unit_range(images.images[:1]))  # refuses what does not fit
    return _steps(model, images, range(1, steps + 1), batch_size, learning_rate, beta, seed)


def _steps(
    model: VAE, images: ImageSet, steps: range, batch_size: int, learning_rate: float, beta: float, seed: int
) -> Iterator[Step]:
    random = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.weights().parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, len(steps))
    for number in steps:
        began = time.perf_counter()
        chosen = torch.randint(len(images), (batch_size,), generator=random)
        x, y = images.conditions[chosen], to_unit_range(images.images[chosen])
        noise = torch.randn(batch_size, model.latent_dim, generator=random)
        likelihood, kl, error = _terms(model, x, y, noise)
        loss = -elbo(log_likelihood=likelihood, kl=kl, beta=beta).mean()
        require_finite_loss(number, "autoencoder", loss.item())
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        found = (likelihood.mean().item(), kl.mean().item(), error.item())
        yield Step(number, *found, seconds=time.perf_counter() - began)


def _terms(model: VAE, x: Tensor, y: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Log-likelihood and KL of each picture, and the error of a pixel."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(y.device)):
        mean, log_variance = model.encoder(x, y)
        z = reparameterise(mean=mean, log_variance=log_variance, noise=noise)
        redrawn = model.decoder(x, z).float()
    likelihood = log_likelihood(y, reconstruction=redrawn, deviation=model.deviation)
    kl = kl_divergence(mean=mean, log_variance=log_variance)
    return likelihood, kl, (redrawn - y).detach().square().mean().sqrt()
