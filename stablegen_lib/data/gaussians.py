"""Toy distributions in the plane: mixtures of Gaussians, of which every mode is known."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.doors import door


@door()
@dataclass(frozen=True, eq=False)
class PointSet:
    """Points drawn from a mixture of equally likely, round Gaussians.

    Attributes:
        points: The samples, in the units of the plane.
        centres: The mean of every Gaussian. A metric compares samples with these.
        standard_deviation: Of every Gaussian, along each axis.
        name: What reports call this set.

    Raises:
        ValueError: If there are no points or no centres, or a value is not finite.
    """

    points: Float[Tensor, "count 2"]
    centres: Float[Tensor, "mode 2"]
    standard_deviation: float
    name: str

    def __len__(self) -> int:
        return len(self.points)

    def __repr__(self) -> str:
        return f"PointSet({self.name!r}, {len(self)} points, {len(self.centres)} modes)"

    @property
    def samples(self) -> Float[Tensor, "count 2"]:
        """What training learns to imitate: the points."""
        return self.points

    @property
    def conditions(self) -> Float[Tensor, "count 0"]:
        """No conditions: a tensor with one row for each point and no columns."""
        return self.points.new_zeros(len(self), 0)

    @property
    def condition_names(self) -> tuple[str, ...]:
        """Always empty."""
        return ()


@door()
def ring(
    count: int = 8,
    samples: int = 10_000,
    *,
    radius: float = 2.0,
    standard_deviation: float = 0.02,
    seed: int = 0,
) -> PointSet:
    """Draw points from Gaussians spaced evenly on a circle around the origin.

    Args:
        count: How many Gaussians; the first stands at (radius, 0).
        samples: How many points. Each picks its Gaussian at random, so the
            modes hold roughly, not exactly, equal shares.
        radius: From the origin to every centre.
        standard_deviation: Of every Gaussian, along each axis.
        seed: The same seed gives the same points.

    Raises:
        ValueError: If a count is below 1, or a length is negative or not finite.
    """
    angles = torch.arange(count, dtype=torch.float64) * (2 * math.pi / count)
    centres = radius * torch.stack([angles.cos(), angles.sin()], dim=1)
    centres = centres.round(decimals=12)  # the cosine of 90 degrees is 0, not 6e-17
    return _draw(f"ring of {count}", centres.float(), samples, standard_deviation, seed)


@door()
def grid(
    side: int = 5,
    samples: int = 10_000,
    *,
    spacing: float = 2.0,
    standard_deviation: float = 0.05,
    seed: int = 0,
) -> PointSet:
    """Draw points from side x side Gaussians on a square grid around the origin.

    Args:
        side: Gaussians along each side; 5 gives the usual grid of 25.
        samples: How many points. Each picks its Gaussian at random.
        spacing: Between neighbouring centres.
        standard_deviation: Of every Gaussian, along each axis.
        seed: The same seed gives the same points.

    Raises:
        ValueError: If a count is below 1, or a length is negative or not finite.
    """
    line = spacing * (torch.arange(side, dtype=torch.float32) - (side - 1) / 2)
    return _draw(f"grid of {side**2}", torch.cartesian_prod(line, line), samples, standard_deviation, seed)


def _draw(
    name: str, centres: Float[Tensor, "mode 2"], samples: int, standard_deviation: float, seed: int
) -> PointSet:
    random = torch.Generator().manual_seed(seed)
    mode = torch.randint(len(centres), (samples,), generator=random)
    noise = torch.randn(samples, 2, generator=random)
    return PointSet(centres[mode] + standard_deviation * noise, centres, standard_deviation, name)
