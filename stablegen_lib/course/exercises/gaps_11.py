"""Gaps of lesson 11, the variational autoencoder."""

import math
from typing import Any

import torch
from torch import Tensor

from stablegen_lib.course.exercises import judging
from stablegen_lib.course.missing_lines import fills
from stablegen_lib.vae import VAE, kl_divergence, log_likelihood


@fills(
    "11.a",
    "a draw that gradients can pass",
    cases=lambda: [tuple(torch.randn(3, 5, 4)) for _ in range(2)],
    mistakes=(
        (
            lambda mean, log_variance, noise: mean + log_variance.exp() * noise,
            "noise is stretched by the deviation, the root of the variance: exp(½ log σ²).",
        ),
        (
            lambda mean, log_variance, noise: mean + log_variance * noise,
            "log_variance is a logarithm: undo it first.",
        ),
        (
            lambda mean, log_variance, noise: (log_variance / 2).exp() * (mean + noise),
            "first stretch the noise, then move it: the mean itself is not stretched.",
        ),
        (lambda mean, log_variance, noise: (log_variance / 2).exp() * noise, "the mean is missing."),
    ),
)
def draw(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    return mean + (log_variance / 2).exp() * noise


def _twice(mean: Tensor, log_variance: Tensor) -> Tensor:
    return mean**2 + log_variance.exp() - log_variance - 1


@fills(
    "11.b",
    "what a region costs",
    cases=lambda: [tuple(torch.randn(2, 5, 4)) for _ in range(2)],
    mistakes=(
        (_twice, "twice too large: where is the ½ of the formula?"),
        (
            lambda mean, log_variance: -_twice(mean, log_variance) / 2,
            "the sign is wrong: a KL is never below 0.",
        ),
        (
            lambda mean, log_variance: (mean**2 + log_variance.exp() - log_variance) / 2,
            "the −1 is missing: at mean 0 and variance 1 the KL must be 0.",
        ),
        (
            lambda mean, log_variance: (mean + log_variance.exp() - log_variance - 1) / 2,
            "the mean is squared: left and right of 0 cost the same.",
        ),
        (
            lambda mean, log_variance: (mean**2 + (log_variance / 2).exp() - log_variance - 1) / 2,
            "exp(log_variance) is σ² itself; no half is needed there.",
        ),
        (
            lambda mean, log_variance: (log_variance + (1 + mean**2) / log_variance.exp() - 1) / 2,
            "that is the other way round. z is drawn from the posterior: it stands first.",
        ),
        (
            lambda mean, log_variance: _twice(mean, log_variance).sum(dim=1) / 2,
            "one number for each entry is needed here; the lesson adds them up later.",
        ),
    ),
)
def cost(mean: Tensor, log_variance: Tensor) -> Tensor:
    return _twice(mean, log_variance) / 2


@fills(
    "11.c",
    "the bound",
    cases=lambda: [(*torch.randn(3, 5), beta) for beta in (1.0, 0.5, 3.0)],
    mistakes=(
        (lambda y, p, q, beta: y + beta * (q - p), "a far-fetched z is paid for: subtract the KL."),
        (lambda y, p, q, beta: beta * (q - p) - y, "that is the loss. The bound has the other sign."),
        (lambda y, p, q, beta: beta * (y - q + p), "beta is the price of the KL alone."),
        (lambda y, p, q, beta: y + p - q, "beta is missing."),
        (lambda y, p, q, beta: y - beta * q, "a KL compares two: what does the prior say to this z?"),
        (lambda y, p, q, beta: y + beta * p, "a KL compares two: what does the posterior say to this z?"),
        (lambda y, p, q, beta: y - beta * (p + q), "a KL is a difference, not a sum."),
        (lambda y, p, q, beta: (y - beta * (q - p)).mean(), "one number for each draw."),
    ),
)
def bound(likely: Tensor, prior: Tensor, posterior: Tensor, beta: float) -> Tensor:
    return likely - beta * (posterior - prior)


@fills(
    "11.d",
    "the likelihood of a picture",
    cases=lambda: [(torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4), deviation) for deviation in (0.5, 1.5)],
    mistakes=(
        (
            lambda y, redrawn, deviation: -_squares(y, redrawn).mean(dim=1) / (2 * deviation**2),
            "that is the mean over the pixels. A product of probabilities has a sum of logarithms.",
        ),
        (
            lambda y, redrawn, deviation: _squares(y, redrawn).sum(dim=1) / (2 * deviation**2),
            "the minus is missing.",
        ),
        (
            lambda y, redrawn, deviation: -_squares(y, redrawn).sum(dim=1) / (2 * deviation),
            "the deviation is squared.",
        ),
        (lambda y, redrawn, deviation: -_squares(y, redrawn).sum(dim=1) / deviation**2, "where is the ½?"),
        (
            lambda y, redrawn, deviation: -_squares(y, redrawn).sum() / (2 * deviation**2),
            "one number for each picture: sum over everything but the batch.",
        ),
    ),
)
def likelihood(y: Tensor, redrawn: Tensor, deviation: float) -> Tensor:
    return -_squares(y, redrawn).sum(dim=1) / (2 * deviation**2)


def _squares(y: Tensor, redrawn: Tensor) -> Tensor:
    return (y - redrawn).square().flatten(1)


def _one_batch(seed: int) -> tuple[Any, ...]:
    random = torch.Generator().manual_seed(seed)
    model = VAE(("a=yes", "a=no"), latent_dim=3, image_size=8, channels=1, width=4, seed=seed)
    for weights in model.encoder.parameters():
        weights.data *= 3  # so that its regions cost something
    x = torch.eye(2).repeat(3, 1)
    return model, x, torch.rand(6, 1, 8, 8, generator=random), torch.randn(6, 3, generator=random)


def _loss(
    model: Any, x: Tensor, y: Tensor, noise: Tensor, *, beta: float = 1.0, with_noise: bool = True
) -> Tensor:
    """For each picture."""
    mean, log_variance = model.encoder(x, y)
    z = mean + (log_variance / 2).exp() * noise if with_noise else mean
    gained = log_likelihood(y, reconstruction=model.decoder(x, z), deviation=model.deviation)
    return -(gained - beta * kl_divergence(mean=mean, log_variance=log_variance))


def _constant(model: Any, y: Tensor) -> float:
    """What minus the log-likelihood of a picture has besides its squared errors."""
    return y[0].numel() * (math.log(model.deviation) + math.log(2 * math.pi) / 2)


@fills(
    "11.e",
    "the loss of one batch",
    cases=lambda: [_one_batch(0), _one_batch(1)],
    tolerance=1e-3,
    mistakes=(
        (
            lambda model, x, y, noise: -_loss(model, x, y, noise).mean(),
            "that is the bound; what is minimised is its negative.",
        ),
        (lambda model, x, y, noise: _loss(model, x, y, noise).sum(), "take the mean over the batch."),
        (_loss, "one number is needed: the mean over the batch."),
        (lambda model, x, y, noise: _loss(model, x, y, noise, beta=0.0).mean(), "the KL is missing."),
        (
            lambda model, x, y, noise: _loss(model, x, y, noise, beta=-1.0).mean(),
            "the KL is a price: it makes the loss larger.",
        ),
        (
            lambda model, x, y, noise: _loss(model, x, y, noise, with_noise=False).mean(),
            "z is drawn, with the noise.",
        ),
        (
            lambda model, x, y, noise: _loss(model, x, y, noise).mean() - _constant(model, y),
            "right but for the constant that gap 11.d left out. `vae.log_likelihood` has it.",
        ),
    ),
)
def loss(model: Any, x: Tensor, y: Tensor, noise: Tensor) -> Tensor:
    return _loss(model, x, y, noise).mean()


@fills(
    "11.f",
    "the best single answer",
    cases=lambda: [(torch.rand(5, 3, 2, 2),), (torch.rand(8, 3, 2, 2),)],
    mistakes=(
        (lambda faces: faces[:1], "that is one of the faces. Another picture is nearer to all of them."),
        (
            lambda faces: faces.median(dim=0, keepdim=True).values,
            "that one has the smallest absolute error. For squares it is another one.",
        ),
        (lambda faces: faces.mean(), "that is one number. A picture is needed: average over the faces only."),
        (lambda faces: faces.sum(dim=0, keepdim=True), "divide by their number."),
        (
            lambda faces: faces.mean(dim=(0, 1), keepdim=True),
            "that mixes the colours: average over the faces only.",
        ),
    ),
)
def best_answer(faces: Tensor) -> Tensor:
    return faces.mean(dim=0, keepdim=True)


@fills(
    "11.g",
    "every entry shuffled on its own",
    cases=lambda: [(torch.randn(60, 4),), (torch.randn(80, 4),)],
    outcome=judging.what_is_shuffled,
    mistakes=(
        (
            lambda z: z[torch.randperm(len(z))],
            "numbers of one row stay together. Give each column an order of its own.",
        ),
        (lambda z: z, "nothing is shuffled."),
        (lambda z: torch.randn_like(z), "those are new numbers. Every column must keep its own."),
        (
            lambda z: z.sort(dim=0).values,
            "sorted columns hang together: small stands beside small. The order must be random.",
        ),
        (
            lambda z: torch.stack([column.roll(by) for by, column in enumerate(z.T, start=1)], dim=1),
            "rolled columns keep their order: who stood one below the other still does. "
            "The order must be random.",
        ),
    ),
)
def shuffled(z: Tensor) -> Tensor:
    return torch.stack([column[torch.randperm(len(z))] for column in z.T], dim=1)


@fills(
    "11.h",
    "from one to the other",
    cases=lambda: [(torch.rand(4), torch.rand(4), torch.linspace(0, 1, steps)) for steps in (5, 3)],
    mistakes=(
        (lambda first, last, fractions: _mixed(last, first, fractions), "at fraction 0 it is the first one."),
        (
            lambda first, last, fractions: first + fractions[:, None] * last,
            "on the way the first one fades out.",
        ),
    ),
)
def between(first: Tensor, last: Tensor, fractions: Tensor) -> Tensor:
    return _mixed(first, last, fractions)


def _mixed(first: Tensor, last: Tensor, fractions: Tensor) -> Tensor:
    return (1 - fractions[:, None]) * first + fractions[:, None] * last
