"""The Fréchet distance between two clouds of features, each taken for a Gaussian."""

import torch
from jaxtyping import Float
from torch import Tensor


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
    if min(len(real), len(other)) < 2:
        raise ValueError(f"two samples of each kind were needed; {len(real)} and {len(other)} came.")
    real, other = real.double(), other.double()
    if not bool(real.isfinite().all() and other.isfinite().all()):
        raise ValueError("finite features were needed, and infinity or NaN came. Did training blow up?")
    spread, other_spread = _covariance(real), _covariance(other)
    root = _square_root(spread)
    common = torch.linalg.eigvalsh(root @ other_spread @ root).clamp(min=0).sqrt().sum()
    shift = (real.mean(dim=0) - other.mean(dim=0)).square().sum()
    return max(0.0, float(shift + spread.trace() + other_spread.trace() - 2 * common))


def _covariance(rows: Tensor) -> Tensor:
    centred = rows - rows.mean(dim=0)
    return centred.T @ centred / (len(rows) - 1)


def _square_root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = vectors * values.clamp(min=0).sqrt() @ vectors.T
    return root
