"""Points along lines: what somebody draws with the mouse, as a data set of which every mode is known."""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.data.gaussians import PointSet

Stroke = Sequence[tuple[float | int, float | int]]
MOST_PLACES = 400  # along all strokes; a longer drawing gets them farther apart


def along_strokes(
    strokes: Sequence[Stroke],
    samples: int = 5_000,
    *,
    spacing: float | int = 0.2,
    standard_deviation: float | int = 0.08,
    seed: int = 0,
    name: str = "drawing",
) -> PointSet:
    """Draw points from Gaussians spaced evenly along lines.

    So a drawing is a mixture like the ring, and is scored like it: a "mode" here is a place on a
    line. How many there are depends on ``spacing``, not on what was drawn alone.

    Args:
        strokes: Each a line through points (x, y) in the units of the plane; one point is a dot.
        samples: How many points. Each picks its place at random.
        spacing: Between neighbouring places along a line, about.
        standard_deviation: Of every Gaussian, along each axis.
        seed: The same seed gives the same points.
        name: What reports call this set.

    Raises:
        ValueError: If the strokes hold fewer than two places, or a coordinate is not finite.
    """
    if samples < 1 or not spacing > 0:
        raise ValueError(f"samples >= 1 and spacing > 0 were needed; {samples} and {spacing} came.")
    lines = [_line(stroke) for stroke in strokes if len(stroke)]
    spacing = max(spacing, sum(_length(line) for line in lines) / MOST_PLACES)
    centres = torch.cat([torch.empty(0, 2), *(_places(line, spacing) for line in lines)])
    if len(centres) < 2:
        raise ValueError(f"at least two places were needed, and {len(centres)} came. Draw a line.")
    random = torch.Generator().manual_seed(seed)
    chosen = torch.randint(len(centres), (samples,), generator=random)
    noise = torch.randn(samples, 2, generator=random)
    return PointSet(centres[chosen] + standard_deviation * noise, centres, float(standard_deviation), name)


def two_moons(samples: int = 5_000, *, seed: int = 0) -> PointSet:
    """Draw points along two half circles of radius 1.5 that reach into each other."""
    angles = [math.pi * step / 60 for step in range(61)]
    upper = [(1.5 * math.cos(angle) - 0.75, 1.5 * math.sin(angle) - 0.375) for angle in angles]
    lower = [(-x, -y) for x, y in upper]
    return along_strokes([upper, lower], samples, seed=seed, name="two moons")


def _line(stroke: Stroke) -> Float[Tensor, "point 2"]:
    line = torch.tensor(stroke, dtype=torch.float32)
    if line.ndim != 2 or line.shape[1] != 2 or not bool(line.isfinite().all()):
        raise ValueError("strokes of finite points (x, y) were needed; something else came.")
    return line


def _length(line: Tensor) -> float:
    return float(line.diff(dim=0).norm(dim=1).sum())


def _places(line: Tensor, spacing: float) -> Tensor:
    """Points at even distances along the line, both ends among them; one point for a dot."""
    travelled = torch.cat([torch.zeros(1), line.diff(dim=0).norm(dim=1).cumsum(0)])
    gaps = int(travelled[-1] / spacing + 0.5)
    if gaps == 0:
        return line[:1]
    wanted = torch.linspace(0, float(travelled[-1]), gaps + 1)
    before = (torch.searchsorted(travelled, wanted, right=True) - 1).clamp(0, len(line) - 2)
    part = (wanted - travelled[before]) / (travelled[before + 1] - travelled[before]).clamp(min=1e-12)
    return torch.lerp(line[before], line[before + 1], part.clamp(0, 1)[:, None])
