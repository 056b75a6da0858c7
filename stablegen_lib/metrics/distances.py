"""Distances between two crowds of pictures, seen as clouds of features.

Each looks at the crowd as a whole. None of them can tell a copied training picture from a new one.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.doors import door


@dataclass(frozen=True)
class DensityCoverage:
    """Two shares that answer different questions.

    Attributes:
        density: Are generated samples where real ones are? About 1 for real ones; above 1 when they
            keep to the crowded places.
        coverage: Share of the real samples that have a generated one in their neighbourhood, at most 1.
    """

    density: float
    coverage: float


@door()
def frechet_distance(real: Float[Tensor, "count feature"], other: Float[Tensor, "more feature"]) -> float:
    """|m₁ − m₂|² + tr(C₁ + C₂ − 2 (C₁ C₂)^½): squared distance of means, plus difference of spreads.

    Computed in float64. It sees means and covariances only, and it falls with the number of samples:
    compare at equal counts, and print real against other real samples beside it, the floor.

    Args:
        real: Features of real samples, for instance the last hidden layer of a classifier.
        other: Features of generated ones.

    Returns:
        Distance in squared units of the features, at least 0.

    Raises:
        ValueError: If there are fewer than two samples of either, or a feature is not finite.

    Source:
        Heusel et al. 2017, arXiv:1706.08500 (there with the features of Inception: FID).
    """
    _require_usable(real, other, at_least=2)
    real, other = real.double(), other.double()
    spread, other_spread = _covariance(real), _covariance(other)
    root = _square_root(spread)
    common = torch.linalg.eigvalsh(root @ other_spread @ root).clamp(min=0).sqrt().sum()
    shift = (real.mean(dim=0) - other.mean(dim=0)).square().sum()
    return max(0.0, float(shift + spread.trace() + other_spread.trace() - 2 * common))


@door()
def kernel_distance(real: Float[Tensor, "count feature"], other: Float[Tensor, "more feature"]) -> float:
    """Squared maximum mean discrepancy with the kernel (a·b / features + 1)³, without bias.

    Unlike the Fréchet distance it does not fall with the number of samples. So it is about 0 for two
    crowds of one kind, and can come out slightly negative.

    Args:
        real: Features of real samples.
        other: Features of generated ones.

    Raises:
        ValueError: If there are fewer than two samples of either, or a feature is not finite.

    Source:
        Bińkowski et al. 2018, arXiv:1801.01401 (there with the features of Inception: KID).
    """
    _require_usable(real, other, at_least=2)
    real, other = real.double(), other.double()
    within = _mean_off_diagonal(_kernel(real, real)) + _mean_off_diagonal(_kernel(other, other))
    return float(within - 2 * _kernel(real, other).mean())


@door()
def density_coverage(
    real: Float[Tensor, "count feature"], generated: Float[Tensor, "more feature"], *, neighbours: int = 5
) -> DensityCoverage:
    """Whether generated samples lie in the neighbourhoods of real ones, and in how many of these.

    The neighbourhood of a real sample is the ball that reaches to its ``neighbours``-th nearest real one.

    Args:
        real: Features of real samples.
        generated: Features of generated ones; use as many, since coverage rises with their number.
        neighbours: How far a ball reaches.

    Raises:
        ValueError: If there are no more real samples than neighbours, or a feature is not finite.

    Source:
        Naeem et al. 2020, arXiv:2002.09797.
    """
    _require_usable(real, generated, at_least=neighbours + 1)
    real, generated = real.double(), generated.double()
    radii = _apart(real, real).kthvalue(neighbours + 1, dim=1).values  # the nearest is itself
    inside = _apart(real, generated) <= radii[:, None]  # copies lie on the edge of a ball of radius 0
    density = float(inside.sum()) / (neighbours * len(generated))
    return DensityCoverage(density=density, coverage=float(inside.any(dim=1).double().mean()))


def _apart(first: Tensor, second: Tensor) -> Tensor:
    """Every distance, exactly: the fast way, over a matrix product, loses small ones far from 0."""
    return torch.cdist(first, second, compute_mode="donot_use_mm_for_euclid_dist")


def _kernel(first: Tensor, second: Tensor) -> Tensor:
    return (first @ second.T / first.shape[1] + 1) ** 3


def _mean_off_diagonal(square: Tensor) -> Tensor:
    count = len(square)
    return (square.sum() - square.trace()) / (count * (count - 1))


def _require_usable(real: Tensor, other: Tensor, *, at_least: int) -> None:
    if min(len(real), len(other)) < at_least:
        raise ValueError(
            f"{at_least} samples of each kind were needed; {len(real)} and {len(other)} came. Make more."
        )


def _covariance(rows: Tensor) -> Tensor:
    centred = rows - rows.mean(dim=0)
    return centred.T @ centred / (len(rows) - 1)


def _square_root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = vectors * values.clamp(min=0).sqrt() @ vectors.T
    return root
