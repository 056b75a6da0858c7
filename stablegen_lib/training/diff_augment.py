"""DiffAugment: what D sees is changed at random, real and generated pictures alike, in both turns.

With few pictures D learns them by heart and then calls everything else generated. Shown each picture
in ever new colours, places and with ever new holes, it cannot. Because the changes are differentiable,
the gradient still reaches G, and because generated pictures get them too, G has no reason to draw
them. A recipe asks for it: ``replace(STABLE, diff_augment=diff_augment.ALL)``. Lesson 10.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

DRAWS = 7  # random numbers per picture: brightness, saturation, contrast, two for moving, two for the hole

Images = Float[Tensor, "batch channel height width"]
Draws = Float[Tensor, "batch draw"]


def draw(count: int, random: torch.Generator) -> Float[Tensor, "{count} draw"]:
    """The random numbers for so many pictures, in [0, 1): always as many, whatever the policy."""
    return torch.rand(count, DRAWS, generator=random)


def diff_augment(images: Images, draws: Draws, policy: Sequence[str]) -> Images:
    """Changes each picture by its own random numbers, in a way that lets gradients through.

    Args:
        images: In [-1, 1]. The result may leave that range: colours are not clamped.
        draws: From ``draw``; the same numbers make the same change.
        policy: Which changes, out of ``ALL``; done in the order given. None leaves the images alone.

    Raises:
        ValueError: If these are no pictures, or a change is unknown.

    Source:
        Zhao, Liu, Lin, Zhu, Han 2020, arXiv:2006.10738: the three changes, and their strengths.
    """
    if images.ndim != 4:
        raise ValueError(f"DiffAugment changes pictures, and samples of {images.ndim} dimensions came.")
    for change in policy:
        if change not in CHANGES:
            raise ValueError(f"unknown change {change!r}; choose from {', '.join(CHANGES)}")
        images = CHANGES[change](images, draws.to(images.device, torch.float32))
    return images


def colour(images: Images, draws: Draws) -> Images:
    """Brightness ± 0.5, then saturation times 0 to 2, then contrast times 0.5 to 1.5."""
    brightness, saturation, contrast = draws[:, :3, None, None, None].to(images.dtype).unbind(dim=1)
    images = images + (brightness - 0.5)
    grey = images.mean(dim=1, keepdim=True)
    images = grey + 2 * saturation * (images - grey)
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    return middle + (contrast + 0.5) * (images - middle)


def translation(images: Images, draws: Draws) -> Images:
    """Moves a picture by up to an eighth of its side each way; what comes in is grey (0)."""
    height, width = images.shape[2:]
    down, right = (_whole(draws[:, 3 + axis], -(side // 8), side // 8)
                   for axis, side in enumerate((height, width)))  # fmt: skip
    rows, row_inside = _moved(down, height)
    columns, column_inside = _moved(right, width)
    number = torch.arange(len(images), device=images.device)[:, None, None]
    moved = images.permute(0, 2, 3, 1)[number, rows[:, :, None], columns[:, None, :]]
    inside = row_inside[:, :, None] & column_inside[:, None, :]
    return (moved * inside[..., None]).permute(0, 3, 1, 2)


def cutout(images: Images, draws: Draws) -> Images:
    """Makes a square of half the side grey (0), at a random place that may lie partly outside."""
    height, width = images.shape[2:]
    covered = [
        _covered(_whole(draws[:, 5 + axis], 0, side), side) for axis, side in enumerate((height, width))
    ]
    hole = covered[0][:, :, None] & covered[1][:, None, :]
    return images * ~hole[:, None]


def _whole(draws: Tensor, low: int, high: int) -> Tensor:
    """Whole numbers from low to high, both included, all equally likely."""
    return low + (draws * (high - low + 1)).long()


def _moved(by: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """Where each row of a moved picture comes from, and whether that lies inside."""
    source = torch.arange(side, device=by.device) - by[:, None]
    return source.clamp(0, side - 1), (source >= 0) & (source < side)


def _covered(centre: Tensor, side: int) -> Tensor:
    """Which rows a hole of half the side around each centre covers."""
    first = centre[:, None] - side // 4
    place = torch.arange(side, device=centre.device)
    return (place >= first) & (place < first + side // 2)


CHANGES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "colour": colour,
    "translation": translation,
    "cutout": cutout,
}
ALL = tuple(CHANGES)
