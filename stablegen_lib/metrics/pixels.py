"""Measures on the pixels themselves: copies of training pictures, variety under one condition, sharpness."""

import torch
from jaxtyping import Float, Int, Int64
from torch import Tensor

from stablegen_lib.data.image_set import ImageSet, condition_groups
from stablegen_lib.data.names import find_attribute
from stablegen_lib.plumbing.bounds import above, share
from stablegen_lib.plumbing.doors import door

CHUNK = 500
TAIL = 0.01  # of the pictures: those nearest to a training picture


@door(tail=share(whole=False), usual=above(0))
def memorisation_ratio(
    images: Float[Tensor, "count channel height width"],
    *,
    training: Float[Tensor, "many channel height width"],
    held_out: Float[Tensor, "others channel height width"],
    tail: float = TAIL,
    usual: float | None = None,
) -> float:
    """How near the nearest pictures come to training pictures, divided by the same for held-out real ones.

    "How near" is the distance below which a share `tail` of the pictures lies: few copies show there
    first, and leave the median as it is. About 1 for new pictures that are like the data; near 0 when
    more than that share are copies. Above 1 says only that the pictures are far from the data: noise is
    above 1. It compares pixels, so a copy that was moved by one pixel goes unnoticed.

    Args:
        images: Generated pictures.
        training: What the generator learnt from.
        held_out: Other real pictures.
        tail: Above 0, below 1; 0.5 gives the ratio of medians.
        usual: The divisor, when `usual_distance` has found it already.

    Raises:
        ValueError: If so many of the held-out pictures stand in the training split themselves.
    """
    usual = usual_distance(held_out, training, tail=tail) if usual is None else usual
    return torch.quantile(nearest(images, training)[0], tail).item() / usual


@door(tail=share(whole=False))
def usual_distance(
    held_out: Float[Tensor, "others channel height width"],
    training: Float[Tensor, "many channel height width"],
    *,
    tail: float = TAIL,
) -> float:
    """Below this distance to the nearest training picture lies a share `tail` of the held-out real pictures.

    Raises:
        ValueError: If it is 0: so many held-out pictures stand in the training split themselves.
    """
    usual = torch.quantile(nearest(held_out, training)[0], tail).item()
    if not usual > 0:
        raise ValueError(
            "held-out pictures that differ from the training ones were needed; these are copies."
        )
    return usual


@door()
def same_condition_pairs(conditions: Float[Tensor, "count condition"]) -> Int64[Tensor, "2 pair"]:
    """All pairs of rows whose conditions are equal, each pair once."""
    kind = torch.zeros(len(conditions), dtype=torch.int64)  # without a condition all are equal
    if conditions.shape[1]:
        kind = torch.unique(conditions, dim=0, return_inverse=True)[1]
    pairs: Tensor = torch.triu(kind[:, None] == kind[None, :], diagonal=1).nonzero().T
    return pairs


@door()
def same_condition_spread(
    images: Float[Tensor, "count channel height width"], conditions: Float[Tensor, "count condition"]
) -> float:
    """Root of the mean squared difference between two pictures of one condition: what z decides.

    0 where z is ignored. Compare with real pictures under the very same conditions.

    Raises:
        ValueError: If no two conditions are equal.
    """
    first, second = same_condition_pairs(conditions)
    if len(first) == 0:
        raise ValueError("two pictures with equal conditions were needed, and there are none. Take more "
                         "pictures, or fewer attributes (`only`).")  # fmt: skip
    squares = torch.cat(
        [
            (images[one] - images[two]).square().mean(dim=(1, 2, 3))
            for one, two in zip(first.split(CHUNK), second.split(CHUNK), strict=True)
        ]
    )
    return float(squares.mean().sqrt())


@door()
def only(images: ImageSet, *attributes: str) -> Float[Tensor, "count condition"]:
    """The columns of these attributes, all of them when none is named.

    Raises:
        ValueError: If an attribute is unknown; the known ones are listed.
    """
    groups = condition_groups(images.condition_names)
    wanted = [find_attribute(name, groups) for name in attributes] or list(groups)
    return torch.cat([images.conditions[:, groups[name]] for name in wanted], dim=1)


@door()
def nearest(
    samples: Float[Tensor, " count feature *more"], among: Float[Tensor, " other feature *more"]
) -> tuple[Float[Tensor, " count"], Int[Tensor, " count"]]:
    """For each sample the distance to the nearest of the others, and which one that is.

    A generator that has memorised its training pictures comes nearer to them than fresh real
    pictures do: compare the two.

    Args:
        samples: Pictures or points.
        among: Those to compare with, in the same units.

    Returns:
        Euclidean distances over all pixels, and indices into ``among``.

    Raises:
        ValueError: If there is nothing to compare, or the sizes differ.
    """
    exact = torch.promote_types(samples.dtype, among.dtype)
    others = among.flatten(1).to(exact)
    parts = torch.split(samples.flatten(1).to(exact), CHUNK)
    indices = torch.cat([torch.cdist(part, others).argmin(dim=1) for part in parts])
    chosen = torch.split(indices, CHUNK)  # their distances anew: cdist loses those of copies
    distances = [(part - others[near]).norm(dim=1) for part, near in zip(parts, chosen, strict=True)]
    return torch.cat(distances), indices


@door()
def gradient_energy(images: Float[Tensor, "count channel height width"]) -> Float[Tensor, " count"]:
    """Mean squared difference of neighbouring pixels, across and down, added; one number per picture.

    Blur lowers it, and noise *raises* it: divide by the same for real pictures, and look at the
    pictures too. Nothing in it knows whether an edge stands in the right place.

    Args:
        images: In [-1, 1].

    Returns:
        Squared pixel range, at least 0; 0 for a picture of one colour.

    Raises:
        ValueError: If there is no neighbour across or down.
    """
    if min(images.shape[2:]) < 2:
        raise ValueError(f"pictures of at least 2×2 pixels were needed; {tuple(images.shape)} came.")
    across = (images[..., 1:] - images[..., :-1]).square().flatten(1).mean(dim=1)
    down = (images[..., 1:, :] - images[..., :-1, :]).square().flatten(1).mean(dim=1)
    return across + down


@door()
def relative_sharpness(
    *,
    images: Float[Tensor, "count channel height width"],
    real: Float[Tensor, "other channel height width"],
) -> float:
    """Gradient energy of these pictures, divided by that of real ones; 1 is as sharp as real.

    Raises:
        ValueError: If every real picture is of one colour.
    """
    sharp = gradient_energy(real).mean()
    if not sharp > 0:
        raise ValueError("real pictures with more than one colour were needed: these have no edges.")
    return (gradient_energy(images).mean() / sharp).item()
