"""Keys and pictures for the questions about latent diffusion."""

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import plane
from stablegen_lib import data, diffusion
from stablegen_lib.diffusion import NoiseSchedule

HALF = NoiseSchedule(torch.tensor([0.64, 0.5, 0.25]))  # the three levels that the questions speak of


def _one(value: float) -> Tensor:
    return torch.tensor([[value]])


def _normal(count: int, seed: int) -> Tensor:
    return torch.randn(count, 1, generator=torch.Generator().manual_seed(seed))


@answer("13-variance-stays")
def variance_at_half() -> float:
    noisy = diffusion.add_noise(HALF, _normal(100_000, 0), noise=_normal(100_000, 1), t=1)
    return round(float(noisy.var()), 1)


@answer("13-noised-point")
def noised_point() -> float:
    return float(diffusion.add_noise(HALF, _one(2.0), noise=_one(-1.0), t=0))


@answer("13-back-to-x0")
def back_to_the_sample() -> float:
    return float(diffusion.x0_from_noise(HALF, _one(1.0), noise=_one(0.5), t=2))


@answer("13-loss-of-nothing")
def answer_zero() -> str:
    noise = _normal(100_000, 0)
    losses = {
        "Always about 0.": (0 * noise - noise).square().mean(),
        "The right noise, at half of the levels.": (noise[::2]).square().sum() / len(noise),
    }
    return min(losses, key=lambda name: abs(float(losses[name]) - 1.0))


def _ring() -> Tensor:
    return data.ring(samples=600, standard_deviation=0.15).points / 2**0.5


@answer("13-one-step")
def mean_of_what_fits() -> str:
    """From pure noise all points fit alike; the best answer under a squared error is their mean."""
    ring = _ring()
    is_inside = ring.mean(dim=0).norm() < 0.2 * ring.norm(dim=1).mean()
    return "Near the empty middle." if is_inside else "Outside the ring."


@answer("13-scale-by-hand")
def guided_by_hand() -> float:
    return float(diffusion.guided(prompted=_one(0.5), unprompted=_one(0.2), scale=3))


def _level(t: int) -> Figure:
    ring = _ring()
    noise = torch.randn(ring.shape, generator=torch.Generator().manual_seed(0))
    noisy = diffusion.add_noise(NoiseSchedule.stable_diffusion(), ring, noise=noise, t=t)
    return plane(real=noisy, limits=(-3.5, 3.5))


@picture("13-level-low", "Points in eight separate heaps on a circle.")
def low() -> Figure:
    return _level(20)


@picture("13-level-middle", "Points along a broad ring; the heaps run into each other.")
def middle() -> Figure:
    return _level(200)


@picture("13-level-high", "Points in one round cloud.")
def high() -> Figure:
    return _level(999)
