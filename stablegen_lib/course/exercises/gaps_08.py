"""Gaps of lesson 08, image generation."""

import torch
from torch import Tensor

from stablegen_lib.course.missing_lines import fills


@fills(
    "08.a",
    "somebody else's conditions",
    cases=lambda: [(torch.rand(6, 3), torch.randperm(6)), (torch.rand(9, 2), torch.randperm(9))],
    mistakes=(
        (
            lambda conditions, order: conditions[:, order[: conditions.shape[1]].argsort()],
            "the rows change places.",
        ),
        (lambda conditions, order: conditions, "these are still everybody's own."),
        (lambda conditions, order: conditions[order[0]].expand_as(conditions), "everybody got the same one."),
    ),
)
def of_somebody_else(conditions: Tensor, order: Tensor) -> Tensor:
    return conditions[order]


@fills(
    "08.b",
    "the Fréchet distance",
    cases=lambda: [_clouds(0.5), _clouds(2.0)],
    mistakes=(
        (
            lambda one, other: (one.mean(dim=0) - other.mean(dim=0)).square().sum(),
            "that compares the means only. Two clouds can differ in their spread.",
        ),
        (
            lambda one, other: _frechet(one, other).sqrt(),
            "that is d. What is printed everywhere, and asked for here, is its square.",
        ),
        (lambda one, other: _frechet(one, other, twice=1), "the root counts twice: 2 (C₁ C₂)^½."),
    ),
    tolerance=1e-3,
)
def frechet(one: Tensor, other: Tensor) -> Tensor:
    return _frechet(one, other)


def _frechet(one: Tensor, other: Tensor, twice: int = 2) -> Tensor:
    first, second = torch.cov(one.T), torch.cov(other.T)
    roots = torch.linalg.eigvals(first @ second).real.clamp(min=0).sqrt().sum()
    shift = (one.mean(dim=0) - other.mean(dim=0)).square().sum()
    squared: Tensor = shift + first.trace() + second.trace() - twice * roots
    return squared


def _clouds(spread: float) -> tuple[Tensor, Tensor]:
    return torch.randn(40, 3).double(), 1 + spread * torch.randn(30, 3).double()


@fills(
    "08.c",
    "the kernel",
    cases=lambda: [(torch.randn(4, 3), torch.randn(5, 3)), (torch.randn(6, 8), torch.randn(2, 8))],
    mistakes=(
        (lambda one, other: (one @ other.T + 1) ** 3, "divide by the number of features, one.shape[1]."),
        (
            lambda one, other: (one @ other.T / len(one) + 1) ** 3,
            "n is the number of features, not of pictures.",
        ),
        (lambda one, other: one @ other.T / one.shape[1] + 1, "the third power is missing."),
    ),
)
def kernel(one: Tensor, other: Tensor) -> Tensor:
    cubed: Tensor = (one @ other.T / one.shape[1] + 1) ** 3
    return cubed


@fills(
    "08.d",
    "density",
    cases=lambda: [(torch.rand(12, 15), torch.rand(12), 5), (torch.rand(9, 7), torch.rand(9), 2)],
    mistakes=(
        (
            lambda distances, radii, k: (distances < radii[:, None]).any(dim=1).float().mean(),
            "that is coverage. Density counts a point once for each ball that it lies in.",
        ),
        (
            lambda distances, radii, k: (distances < radii[:, None]).sum() / distances.shape[1],
            "divide by the neighbours too: so real points get about 1.",
        ),
        (
            lambda distances, radii, k: (distances < radii[:, None]).sum() / (k * distances.shape[0]),
            "divide by the number of *generated* points: the second dimension.",
        ),
    ),
)
def density(distances: Tensor, radii: Tensor, neighbours: int) -> Tensor:
    return (distances < radii[:, None]).sum() / (neighbours * distances.shape[1])


def _yes_or_no(result: object, given: object) -> object:
    """What is true or false as a number, so that answers can be compared."""
    return float(result) if isinstance(result, bool) else result


@fills(
    "08.e",
    "when a measure notices",
    cases=lambda: [
        (600.0, 400.0, 1.25), (0.5, 0.9, 0.8), (0.9, 1.9, 0.5), (1.1, 0.9, 1.25), (0.2, 0.4, 1.25),
        (420.0, 400.0, 1.25), (200.0, 400.0, 1.25), (1.0, 0.9, 0.8), (0.85, 0.9, 0.8),
    ],
    mistakes=(
        (
            lambda now, honest, limit: now > limit if limit > 1 else now < limit,
            "the limit counts in times the honest value.",
        ),
        (
            lambda now, honest, limit: now > honest if limit > 1 else now < honest,
            "a little worse is noise. It must be worse than `limit` times the honest value.",
        ),
        (
            lambda now, honest, limit: abs(now / honest - 1) > abs(limit - 1),
            "that notices what is much *better*, too. Only worse counts.",
        ),
        (
            lambda now, honest, limit: now > limit * honest,
            "with a limit below 1, *less* is worse: take the other direction there.",
        ),
        (
            lambda now, honest, limit: now < limit * honest,
            "with a limit above 1, *more* is worse: take the other direction there.",
        ),
    ),
    outcome=_yes_or_no,
)  # fmt: skip
def notices(now: float, honest: float, limit: float) -> bool:
    return now > limit * honest if limit > 1 else now < limit * honest


@fills(
    "08.f",
    "a mode collapse",
    cases=lambda: [(torch.randn(7, 3, 2, 2), 3), (torch.randn(25, 1, 2, 2), 10)],
    mistakes=(
        (
            lambda pictures, kinds: pictures[:kinds],
            "those are the kinds. The crowd must stay as large as it was.",
        ),
        (
            lambda pictures, kinds: pictures[:kinds].repeat_interleave(-(-len(pictures) // kinds), 0)[
                : len(pictures)
            ],
            "the right faces, but first one many times, then the next: begin again after the last.",
        ),
    ),
)
def ten_faces(pictures: Tensor, kinds: int) -> Tensor:
    return pictures[torch.arange(len(pictures)) % kinds]


@fills(
    "08.g",
    "one pixel to the right",
    cases=lambda: [(torch.randn(2, 3, 4, 4),), (torch.randn(1, 1, 3, 5),)],
    mistakes=(
        (lambda pictures: pictures.roll(1, dims=2), "that moves them down. Columns are the last dimension."),
        (lambda pictures: pictures.roll(-1, dims=3), "that moves them to the left."),
        (lambda pictures: pictures.roll(1, dims=0), "that moves whole pictures along the crowd."),
    ),
)
def moved_by_one(pictures: Tensor) -> Tensor:
    return pictures.roll(1, dims=3)


@fills(
    "08.h",
    "specks in a corner",
    cases=lambda: [(torch.randn(7, 3, 8, 8),), (torch.randn(5, 1, 6, 6),)],
    mistakes=(
        (
            lambda pictures: pictures.std(dim=(2, 3)).median(),
            "that is the whole picture. Cut out the corner first.",
        ),
        (
            lambda pictures: pictures[..., :4, -4:].std(dim=(2, 3)).median(),
            "that is the corner at the top right. The last dimension counts from the left.",
        ),
        (
            lambda pictures: pictures[..., -4:, :4].std(dim=(2, 3)).median(),
            "that is a corner at the bottom. Rows count from the top.",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(dim=(1, 2, 3)).median(),
            "that takes the three colours together: an even orange would count as speckled. Each for itself.",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(dim=(2, 3), unbiased=False).median(),
            "take torch's own `std`, which divides by one less than the number of pixels.",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(),
            "that mixes the pictures. Spread inside each: dim=(2, 3).",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(dim=(2, 3)).mean(),
            "that is the mean. A few wild corners move it; take the median.",
        ),
    ),
)
def specks(pictures: Tensor) -> Tensor:
    return pictures[:, :, :4, :4].std(dim=(2, 3)).median()
