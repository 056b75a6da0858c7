"""Measures on the pixels themselves: copies of training pictures, and variety under one condition."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from stablegen_lib.image_set import ImageSet, condition_groups
from stablegen_lib.inversion import nearest

CHUNK = 500


def memorisation_ratio(
    images: Float[Tensor, "count channel height width"],
    *,
    training: Float[Tensor, "many channel height width"],
    held_out: Float[Tensor, "others channel height width"],
) -> float:
    """Median distance to the nearest training picture, divided by the same for held-out real pictures.

    About 1 for new pictures that are like the data; near 0 for copies. Above 1 says only that the
    pictures are far from the data: noise is above 1. It compares pixels, so a copy that was moved by
    one pixel goes unnoticed.

    Raises:
        ValueError: If half of the held-out pictures stand in the training split themselves.
    """
    usual = nearest(held_out, training)[0].median()
    if not usual > 0:
        raise ValueError(
            "held-out pictures that differ from the training ones were needed; these are copies."
        )
    return float(nearest(images, training)[0].median() / usual)


def same_condition_pairs(conditions: Float[Tensor, "count condition"]) -> Int64[Tensor, "2 pair"]:
    """All pairs of rows whose conditions are equal, each pair once."""
    _, kind = torch.unique(conditions, dim=0, return_inverse=True)
    pairs: Tensor = torch.triu(kind[:, None] == kind[None, :], diagonal=1).nonzero().T
    return pairs


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


def only(images: ImageSet, *attributes: str) -> Float[Tensor, "count condition"]:
    """The columns of these attributes, all of them when none is named.

    Raises:
        ValueError: If an attribute is unknown; the known ones are listed.
    """
    groups = condition_groups(images.condition_names)
    if unknown := [name for name in attributes if name not in groups]:
        raise ValueError(f"unknown attribute {unknown[0]!r}; choose from {', '.join(groups)}")
    wanted = attributes or tuple(groups)
    return torch.cat([images.conditions[:, groups[name]] for name in wanted], dim=1)
