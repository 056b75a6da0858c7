"""The range of the numbers: 0 to 255 in files, −1 to 1 in networks."""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from stablegen_lib.plumbing.checks import LOUDEST, require_pictures
from stablegen_lib.plumbing.doors import door


@door()
def to_unit_range(images: UInt8[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Map stored pixels 0 to 255 onto -1 to 1, the range of tanh and of all our networks.

    >>> to_unit_range(torch.tensor([0, 51, 255], dtype=torch.uint8))
    tensor([-1.0000, -0.6000,  1.0000])

    Raises:
        ValueError: If the images are not uint8; they may have been mapped already.
    """
    return images.to(torch.float32) / 127.5 - 1


@door()
def to_bytes(images: Float[Tensor, "*shape"]) -> UInt8[Tensor, "*shape"]:
    """Map -1 to 1 back to the nearest of 0 to 255; the inverse of `to_unit_range`.

    Values a little outside the range are clamped.

    >>> to_bytes(torch.tensor([-1.0, 0.6, 7.0]))
    tensor([  0, 204, 255], dtype=torch.uint8)

    Raises:
        ValueError: If the images are not floating-point, are 0 to 255 already, or contain NaN. NaN has
            no brightness, and it says that training has gone wrong.
    """
    require_pictures("images", images, brightest=LOUDEST)
    return ((images.detach().float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
