"""The range of the numbers: 0 to 255 in files, −1 to 1 in networks."""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor


def to_unit_range(images: UInt8[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Map stored pixels 0 to 255 onto -1 to 1, the range of tanh and of all our networks.

    >>> to_unit_range(torch.tensor([0, 51, 255], dtype=torch.uint8))
    tensor([-1.0000, -0.6000,  1.0000])

    Raises:
        ValueError: If the images are not uint8; they may have been mapped already.
    """
    if images.dtype != torch.uint8:
        raise ValueError(f"images must be uint8 (0 to 255); they are {images.dtype}")
    return images.to(torch.float32) / 127.5 - 1


def to_bytes(images: Float[Tensor, "*shape"]) -> UInt8[Tensor, "*shape"]:
    """Map -1 to 1 back to the nearest of 0 to 255; the inverse of `to_unit_range`.

    Values outside the range are clamped.

    >>> to_bytes(torch.tensor([-1.0, 0.6, 7.0]))
    tensor([  0, 204, 255], dtype=torch.uint8)

    Raises:
        ValueError: If the images are not floating-point or contain NaN. NaN has
            no brightness, and it says that training has gone wrong.
    """
    if not images.is_floating_point():
        raise ValueError(f"images must be floating-point numbers in [-1, 1]; they are {images.dtype}")
    if images.isnan().any():
        raise ValueError("images contain NaN (not a number): look for the training step that produced it")
    return ((images.detach().float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
