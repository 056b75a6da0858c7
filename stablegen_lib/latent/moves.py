"""Moves in a latent space: draw, mix, turn, truncate, walk."""

import math
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.bounds import FREE, at_least
from stablegen_lib.plumbing.doors import door

PARALLEL = 1e-4  # radians; below, a turn and a straight line are the same


@door()
def draw(count: int, latent_dim: int, *, seed: int = 0) -> Float[Tensor, "count latent"]:
    """Latent vectors from N(0, I); the numbers that ``StableGen.sample(count, seed=seed)`` uses.

    Raises:
        ValueError: If a size is below 1.
    """
    return torch.randn(count, latent_dim, generator=torch.Generator().manual_seed(seed))


@door(fraction=FREE)
def lerp(
    start: Float[Tensor, "*batch latent"],
    end: Float[Tensor, "*batch latent"],
    fraction: float | int | Float[Tensor, " step"],
) -> Float[Tensor, "..."]:
    """The point at this fraction of the straight line; 0 is the start, 1 the end.

    Args:
        start: Where the line begins.
        end: Where it ends; the same shape.
        fraction: One number, or several: then the steps come first in the result.

    Raises:
        ValueError: If the shapes differ.
    """
    fraction = _in_front(fraction, start)
    return start + fraction * (end - start)


@door(fraction=FREE)
def slerp(
    start: Float[Tensor, "*batch latent"],
    end: Float[Tensor, "*batch latent"],
    fraction: float | int | Float[Tensor, " step"],
) -> Float[Tensor, "..."]:
    """The point at this fraction of the turn from start to end (spherical interpolation).

    The direction turns at constant speed while the length goes evenly from one to the other. So
    the way stays at the distance from the origin where a normal distribution has its samples;
    the straight line cuts through the empty inside.

    Args:
        start: Where the turn begins.
        end: Where it ends; the same shape.
        fraction: One number, or several: then the steps come first in the result.

    Raises:
        ValueError: If the shapes differ, a vector is zero, or the two are opposite: then no turn
            is shorter than the others.

    Source:
        White 2016, arXiv:1609.04468, for latent spaces; Shoemake 1985 for the formula.
    """
    lengths = _length(start), _length(end)
    if not bool(((lengths[0] > 0) & (lengths[1] > 0)).all()):
        raise ValueError("a zero vector has no direction to turn from or to: use lerp, or other vectors.")
    first, second = start / lengths[0], end / lengths[1]
    angle = 2 * torch.atan2(_length(first - second), _length(first + second))
    if bool((angle > math.pi - PARALLEL).any()):
        raise ValueError("opposite vectors have no shortest turn: go through a third point with path().")
    fraction = _in_front(fraction, start)
    safe = angle.clamp(min=PARALLEL)
    turned = torch.sin((1 - fraction) * safe) * first + torch.sin(fraction * safe) * second
    straight = first + fraction * (second - first)
    direction = torch.where(angle < PARALLEL, straight, turned / torch.sin(safe))
    mixed: Tensor = (lengths[0] + fraction * (lengths[1] - lengths[0])) * direction
    return mixed


@door()
def path(
    points: Float[Tensor, "point latent"],
    frames: int,
    *,
    how: Literal["slerp", "lerp"] = "slerp",
    closed: bool = False,
) -> Float[Tensor, "frame latent"]:
    """A way through several points, in order; each piece has as many frames as any other, or one more.

    Args:
        points: At least two.
        frames: Latent vectors on the way, both ends included.
        how: "slerp" or "lerp".
        closed: Go back to the first point at the end.

    Raises:
        ValueError: If there are fewer than two points, or fewer frames than points.
    """
    points = torch.cat([points, points[:1]]) if closed else points
    pieces = len(points) - 1
    if pieces < 1 or frames < len(points):
        raise ValueError("two points or more, and at least as many frames, were needed; "
                         f"{len(points)} points and {frames} frames came.")  # fmt: skip
    between = slerp if how == "slerp" else lerp
    way = []
    for piece in range(pieces):
        steps = (frames - 1) // pieces + (piece < (frames - 1) % pieces)
        way.append(between(points[piece], points[piece + 1], torch.arange(steps) / steps))
    return torch.cat([*way, points[-1:]])


@door(psi=at_least(0, 2))
def truncate(
    z: Float[Tensor, "*batch latent"], psi: float | int, mean: Float[Tensor, " latent"] | None = None
) -> Float[Tensor, "*batch latent"]:
    """Pulls latent vectors towards their mean: safer samples, less variety.

    Args:
        z: Latent vectors.
        psi: What is left of the distance to the mean: 0 (nothing) to 1 (all), up to 2 (beyond).
        mean: The mean latent; the origin, which is the mean of N(0, I), when left out.

    Raises:
        ValueError: If psi is outside 0 to 2.

    Source:
        Karras et al. 2019, arXiv:1812.04948 (StyleGAN), the truncation trick, there in its own
        intermediate latent space.
    """
    return psi * z if mean is None else mean + psi * (z - mean)


@door()
def step_lengths(samples: Float[Tensor, "frame feature ..."]) -> Float[Tensor, " gap"]:
    """How far each frame of a path is from the one before: Euclidean distance over all pixels."""
    lengths: Tensor = _length((samples[1:] - samples[:-1]).flatten(1)).squeeze(1)
    return lengths


def _length(vectors: Tensor) -> Tensor:
    lengths: Tensor = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return lengths


def _in_front(fraction: float | int | Tensor, like: Tensor) -> Tensor:
    """Shaped so that several fractions make a new first dimension."""
    fraction = torch.as_tensor(fraction, dtype=like.dtype, device=like.device)
    return fraction.reshape(*fraction.shape, *[1] * like.ndim) if fraction.ndim else fraction
