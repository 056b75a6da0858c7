"""Gaps of lesson 13, latent diffusion."""

from collections.abc import Callable

import torch
from torch import Tensor

from stablegen_lib import diffusion
from stablegen_lib.course.missing_lines import fills

SCHEDULE = diffusion.NoiseSchedule.stable_diffusion()


@fills(
    "13.a",
    "adding noise",
    cases=lambda: [(torch.randn(5, 2), torch.randn(5, 2), torch.tensor(a)) for a in (0.8, 0.3)],
    mistakes=(
        (lambda x0, noise, a: a * x0 + (1 - a) * noise, "the factors are the *roots* of ᾱ and 1 − ᾱ."),
        (lambda x0, noise, a: a.sqrt() * x0 + noise, "the noise has a factor of its own: √(1 − ᾱ)."),
        (lambda x0, noise, a: (1 - a).sqrt() * x0 + a.sqrt() * noise, "the two factors are exchanged."),
    ),
)
def noised(x0: Tensor, noise: Tensor, alpha_bar: Tensor) -> Tensor:
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise


def _case(level: int) -> tuple[Callable[[Tensor, Tensor], Tensor], Tensor, Tensor, Tensor, Tensor]:
    x0, noise, t = torch.randn(6, 2), torch.randn(6, 2), torch.full((6,), level)
    return diffusion.PointDenoiser(8), diffusion.add_noise(SCHEDULE, x0, noise=noise, t=t), x0, noise, t


@fills(
    "13.b",
    "what the network is paid for",
    cases=lambda: [_case(100), _case(800)],
    mistakes=(
        (lambda network, x_t, x0, noise, t: (network(x_t, t) - x0).square().mean(),
         "that asks for the sample. Here the network has to say which *noise* was added."),
        (lambda network, x_t, x0, noise, t: (network(x_t, t) - noise).mean(),
         "errors of both signs cancel each other: square them first."),
        (lambda network, x_t, x0, noise, t: (network(x_t, t) - noise).square().sum(),
         "the mean of the squares, so that the loss does not grow with the batch."),
        (lambda network, x_t, x0, noise, t: (network(x0, t) - noise).square().mean(),
         "the network must see the noisy points, x_t: in x0 there is no noise to be found."),
    ),
)  # fmt: skip
def noise_loss(
    network: Callable[[Tensor, Tensor], Tensor], x_t: Tensor, x0: Tensor, noise: Tensor, t: Tensor
) -> Tensor:
    return (network(x_t, t) - noise).square().mean()


@fills(
    "13.c",
    "guidance",
    cases=lambda: [(torch.randn(2, 3), torch.randn(2, 3), scale) for scale in (0.0, 1.5, 7.0)],
    mistakes=(
        (lambda without, told, s: told + s * (told - without),
         "at 0 the words should not count: start from 'without'."),
        (lambda without, told, s: without + s * told,
         "only the *difference* that the words make is taken s times."),
        (lambda without, told, s: without + s * (without - told),
         "that goes away from the words: the other difference."),
    ),
)  # fmt: skip
def guide(without: Tensor, told: Tensor, s: float | int) -> Tensor:
    return without + s * (told - without)
