"""Keys and pictures for the questions about the variational autoencoder."""

import math

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_lib import data, vae

NOISE = torch.tensor([[-1.3, 0.4, 2.0]])


@answer("11-move-the-mean")
def moved_mean() -> float:
    log_variance = torch.full((1, 3), -0.7)
    here, there = (
        vae.reparameterise(mean=torch.full((1, 3), mean), log_variance=log_variance, noise=NOISE)
        for mean in (0.5, 0.7)
    )
    return round(float((there - here).mean()), 4)


def _cost(mean: float, variance: float) -> float:
    return float(
        vae.kl_divergence(mean=torch.tensor([[mean]]), log_variance=torch.tensor([[math.log(variance)]]))
    )


@answer("11-kl-of-one")
def cost_of_one_entry() -> float:
    return _cost(2.0, 1.0)


@answer("11-free-entry")
def cost_of_the_prior() -> str:
    return "Nothing, and it costs nothing." if _cost(0.0, 1.0) == 0 else "It costs something."


def _errors(deviation: float) -> Tensor:
    """The log-likelihoods of two redrawings; their difference is free of the constant."""
    y = torch.zeros(2, 3, 8, 8)
    redrawn = torch.stack([torch.full((3, 8, 8), 0.1), torch.full((3, 8, 8), 0.2)])
    return vae.log_likelihood(y, reconstruction=redrawn, deviation=deviation)


def _difference(deviation: float) -> float:
    near, far = _errors(deviation).tolist()
    return float(near - far)


@answer("11-forgotten-sum")
def hidden_beta() -> float:
    mean_of_pixels = (0.2**2 - 0.1**2) / (2 * 0.5**2)
    return round(_difference(0.5) / mean_of_pixels, 2)


@answer("11-smaller-deviation")
def deviation_as_beta() -> float:
    return round(_difference(0.5) / _difference(0.25), 4)


@answer("11-bound-and-evidence")
def best_bound_is_the_evidence() -> str:
    """The toy case: z from the prior, y = z + 0.5 · noise; the bound with the true posterior, at y = 0."""
    y, evidence_variance = 0.0, 1.25
    mean, log_variance = torch.tensor([[y / 1.25]]), torch.tensor([[math.log(0.2)]])
    noise = torch.randn(20_000, 1, generator=torch.Generator().manual_seed(0))
    z = vae.reparameterise(mean=mean, log_variance=log_variance, noise=noise)
    likely = vae.gaussian_log_density(
        torch.full_like(z, y), mean=z, log_variance=torch.full_like(z, math.log(0.25))
    )
    bound = float(likely.mean()) - float(vae.kl_divergence(mean=mean, log_variance=log_variance))
    evidence = -0.5 * (y**2 / evidence_variance + math.log(2 * math.pi * evidence_variance))
    is_tight = abs(bound - evidence) < 0.02
    return "The program has a mistake." if is_tight else "The encoder is better than the true posterior."


def _same_wish() -> Tensor:
    """All validation faces of the x that is most frequent among a few attributes."""
    faces = data.load_faces("validation")
    columns = torch.cat([faces.conditions[:, faces.groups[name]] for name in ("hair", "hat", "skin")], dim=1)
    _, which, counts = torch.unique(columns, dim=0, return_inverse=True, return_counts=True)
    return data.to_unit_range(faces.images[which == counts.argmax()])


@picture("11-mean", "A picture of 16 × 16 pixels with soft forms.")
def mean_face() -> Figure:
    return pictures(_same_wish().mean(dim=0, keepdim=True))


@picture("11-one", "A picture of 16 × 16 pixels with clear edges.")
def one_face() -> Figure:
    return pictures(_same_wish()[:1])


@picture("11-noise", "A picture of 16 × 16 pixels in random colours.")
def noise() -> Figure:
    return pictures(2 * torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0)) - 1)
