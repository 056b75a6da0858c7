"""Many images as one picture: a grid of tiles, and its PNG file."""

import io
import math
from collections.abc import Sequence

import torch
from jaxtyping import Shaped, UInt8
from PIL import Image
from torch import Tensor

from stablegen_lib.data.pixels import to_bytes
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.doors import door


@door(padding=at_least(0))
def to_grid(
    images: Shaped[Tensor, "count channel height width"], columns: int = 8, padding: int = 1
) -> UInt8[Tensor, "grid_height grid_width 3"]:
    """Lays images out row by row as one colour picture, with white gaps between them.

    Args:
        images: uint8, or floats in [-1, 1] (what lies outside is clamped); grey or colour.
        columns: Images per row; fewer images than that make a shorter row.
        padding: Width of the gaps in pixels.

    Raises:
        ValueError: If there is no image, a value is NaN, or the channels are not 1 or 3.

    >>> to_grid(torch.zeros(10, 1, 8, 8), columns=4).shape
    torch.Size([26, 35, 3])
    """
    tiles = _to_colour_bytes(images)
    count, _, height, width = tiles.shape
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    empty = torch.full((rows * columns - count, 3, height, width), 255, dtype=torch.uint8)
    tiles = torch.nn.functional.pad(torch.cat([tiles, empty]), (0, padding, 0, padding), value=255)
    grid = tiles.reshape(rows, columns, *tiles.shape[1:]).permute(0, 3, 1, 4, 2)  # row, y, column, x, colour
    grid = grid.reshape(rows * (height + padding), columns * (width + padding), 3)
    return grid[: grid.shape[0] - padding, : grid.shape[1] - padding].contiguous()


@door(padding=at_least(0))
def to_png(
    images: Shaped[Tensor, "count channel height width"], columns: int = 8, scale: int = 4, padding: int = 1
) -> bytes:
    """The grid as a PNG file, each pixel enlarged to `scale` × `scale` equal ones.

    Quick (a few milliseconds): meant for widgets. Arguments and errors as in `to_grid`.
    """
    grid = to_grid(images, columns, padding)
    picture = Image.fromarray(grid.numpy())
    picture = picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)
    return encode_png(picture)


@door(milliseconds=at_least(20))
def to_gif(pictures: Sequence[bytes], milliseconds: int = 80) -> bytes:
    """PNG files of one size as an endless GIF film; at most 256 colours a frame.

    Raises:
        ValueError: If there is no picture, one is no PNG file, or the time per picture is below 20 ms
            (viewers slow those down).
    """
    if not pictures:
        raise ValueError("at least one picture was needed, and none came.")
    first, *others = [_opened(png).quantize(256) for png in pictures]
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0, disposal=1)
    return buffer.getvalue()


def encode_png(picture: Image.Image) -> bytes:
    """A Pillow picture as the bytes of a PNG file; little compression, for speed."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _opened(png: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(png)).convert("RGB")
    except (OSError, ValueError) as error:
        raise ValueError(f"the bytes of PNG files were needed, and others came ({error}).") from None


def _to_colour_bytes(images: Tensor) -> Tensor:
    images = images.detach().cpu()
    if images.is_floating_point():
        images = to_bytes(images)
    elif images.dtype != torch.uint8:
        raise ValueError(f"uint8, or floats in [-1, 1], were needed, {images.dtype} came.")
    return images.expand(-1, 3, -1, -1)
