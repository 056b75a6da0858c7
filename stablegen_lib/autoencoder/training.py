"""The loop of lesson 12: an autoencoder, a discriminator, their opposed losses, and the weight between."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib import log_loss
from stablegen_lib.autoencoder.networks import Autoencoder, PatchDiscriminator
from stablegen_lib.plumbing.bounds import above, at_least
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.stopping import require_finite_loss
from stablegen_lib.vae.objective import kl_divergence, reparameterise

KL_WEIGHT = 1e-5  # per nat of a picture, beside a mean over pixels: it only keeps latents from running away
BETAS = (0.5, 0.9)  # of both Adams, as in latent-diffusion's ldm/models/autoencoder.py
SMALLEST, LARGEST = 1e-6, 1e4  # keep the adaptive weight from dividing by 0, and from exploding


@door()
def adaptive_weight(
    *,
    reconstruction_loss: Float[Tensor, ""],
    adversarial_loss: Float[Tensor, ""],
    last_layer: Float[Tensor, "..."],
) -> Float[Tensor, ""]:
    """How much the discriminator's opinion may count: as much as the pixels do, at the last layer.

    The ratio of the lengths of two gradients at the decoder's last weights. Multiplied by it, the
    adversarial loss pulls exactly as hard there as the reconstruction does, whatever their units.

    Args:
        reconstruction_loss: Still hanging on the decoder.
        adversarial_loss: The generator's log-loss on the reconstructions; hanging on it too.
        last_layer: Weights of the decoder's last layer.

    Returns:
        At least 0, at most 10,000; a plain number, through which no gradient goes.

    Raises:
        ValueError: If one of the losses does not hang on these weights.

    Source:
        Esser, Rombach, Ommer 2021, arXiv:2012.09841 (VQGAN), section 3.1, the adaptive weight.
    """
    losses = (reconstruction_loss, adversarial_loss)
    lengths = [_slope(loss, last_layer).norm() for loss in losses]
    ratio: Tensor = lengths[0] / (lengths[1] + SMALLEST)
    return ratio.clamp(max=LARGEST).detach()


def _slope(loss: Tensor, weights: Tensor) -> Tensor:
    slope = None
    if loss.requires_grad and weights.requires_grad:
        (slope,) = torch.autograd.grad(loss, weights, retain_graph=True, allow_unused=True)
    if slope is None:
        raise ValueError("losses that hang on the decoder's last weights were needed: compute them anew, "
                         "without no_grad, and do not detach them.")  # fmt: skip
    return slope


@dataclass(frozen=True)
class Step:
    """What one finished step found.

    Attributes:
        number: Steps done so far, counted from 1.
        error: Mean absolute difference of the pixels, which run from -1 to 1.
        kl: Nats per picture.
        seconds: How long the step took.
        weight: The adaptive weight; this and what follows is 0 while the discriminator is switched off.
        generator_loss: The decoder's log-loss, in nats; 0.693 when D cannot tell.
        discriminator_loss: Sum of D's two terms, in nats; 1.386 when it cannot tell.
    """

    number: int
    error: float
    kl: float
    seconds: float
    weight: float = 0.0
    generator_loss: float = 0.0
    discriminator_loss: float = 0.0


@door(steps=at_least(0), learning_rate=above(0), discriminator_learning_rate=above(0))
def train(
    model: Autoencoder,
    images: Float[Tensor, "count channel height width"],
    *,
    steps: int,
    discriminator: PatchDiscriminator | None = None,
    discriminator_from: int = 1,
    discriminator_weight: float | int = 1.0,
    discriminator_learning_rate: float | None = None,
    batch_size: int = 64,
    learning_rate: float = 2e-3,
    kl_weight: float = KL_WEIGHT,
    seed: int = 0,
) -> Iterator[Step]:
    """Trains the autoencoder, with a discriminator's help or without, and yields each finished step.

    Args:
        model: Changed in place.
        images: In [-1, 1].
        steps: How many; the learning rates fall to 0 along a half cosine.
        discriminator: Judges patches of the reconstructions; changed in place. None: nobody does.
        discriminator_from: The first step in which it takes part; before, it would only learn that
            an untrained decoder is bad.
        discriminator_weight: Factor on the adaptive weight.
        discriminator_learning_rate: Of its Adam, at the beginning; left out, it is ``learning_rate``.
        batch_size: Pictures per step, drawn with replacement.
        learning_rate: Of the autoencoder's Adam, at the beginning.
        kl_weight: Of the KL in nats per picture, beside the mean absolute error of a pixel.
        seed: Decides batches and noise.

    Raises:
        ValueError: At once, if the images do not fit the model or the discriminator.
        TrainingStopped: If a loss is not finite; then the network it steers has not moved.
    """
    model.encode(images[:1])  # refuses what does not fit
    if discriminator is not None:
        discriminator(images[:1])
    rates = learning_rate, discriminator_learning_rate or learning_rate
    rest = (discriminator, discriminator_from, discriminator_weight, batch_size, rates, kl_weight)
    return _steps(model, images, range(1, steps + 1), *rest, seed)


def _steps(
    model: Autoencoder,
    images: Tensor,
    steps: range,
    discriminator: PatchDiscriminator | None,
    discriminator_from: int,
    discriminator_weight: float | int,
    batch_size: int,
    rates: tuple[float, float],
    kl_weight: float,
    seed: int,
) -> Iterator[Step]:
    random = torch.Generator().manual_seed(seed)
    optimizer = _Optimizer(model, rates[0], len(steps))
    opponent = _Optimizer(discriminator, rates[1], len(steps)) if discriminator is not None else None
    for number in steps:
        began = time.perf_counter()
        y = images[torch.randint(len(images), (batch_size,), generator=random)]
        redrawn, kl = _through(model, y, random)
        error = (redrawn - y).abs().mean()
        loss, found = error + kl_weight * kl, {"error": error.item(), "kl": kl.item()}
        if discriminator is not None and number >= discriminator_from:
            adversarial = _opinion(discriminator, redrawn)
            require_finite_loss(number, "autoencoder", (error + adversarial).item())
            weight = adaptive_weight(
                reconstruction_loss=error, adversarial_loss=adversarial, last_layer=model.last_layer
            )
            loss = loss + discriminator_weight * weight * adversarial
            found |= {"weight": weight.item(), "generator_loss": adversarial.item()}
        require_finite_loss(number, "autoencoder", loss.item())
        optimizer.step(loss)  # the decoder's turn: it wants its patches to be called real
        if discriminator is not None and opponent is not None and number >= discriminator_from:
            judged = _discriminator_loss(discriminator, y, redrawn.detach())  # cut off from the decoder
            require_finite_loss(number, "discriminator", judged.item())
            opponent.step(judged)
            found["discriminator_loss"] = judged.item()
        yield Step(number, seconds=time.perf_counter() - began, **found)


class _Optimizer:
    """Adam and its falling learning rate; each of the two players has one."""

    def __init__(self, network: nn.Module, learning_rate: float, steps: int) -> None:
        self.adam = torch.optim.Adam(network.parameters(), lr=learning_rate, betas=BETAS)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.adam, steps)

    def step(self, loss: Tensor) -> None:
        self.adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.adam.step()
        self.schedule.step()


def _through(model: Autoencoder, y: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Reconstructions from drawn latent maps, and their KL in nats per picture, averaged."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(y.device)):
        mean, log_variance = model.encode(y)
        told = {"mean": mean.flatten(1), "log_variance": log_variance.flatten(1)}
        noise = torch.randn(told["mean"].shape, generator=random)
        z = reparameterise(**told, noise=noise).view_as(mean)
        return model.decode(z), kl_divergence(**told).mean()


def _opinion(discriminator: PatchDiscriminator, redrawn: Tensor) -> Tensor:
    """The generator's log-loss: small when the patches are called real."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(redrawn.device)):
        logits = discriminator(redrawn)
    return log_loss.non_saturating_loss(logits)


def _discriminator_loss(discriminator: PatchDiscriminator, real: Tensor, fake: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(real.device)):
        real_logits, fake_logits = discriminator(torch.cat([real, fake])).chunk(2)
    return log_loss.discriminator_loss(real_logits=real_logits, fake_logits=fake_logits)
