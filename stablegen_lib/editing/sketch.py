"""Drawing on a small line drawing with the mouse: a pen of ink, and one of paper that rubs out."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from stablegen_lib.plumbing.bounds import above, share
from stablegen_lib.plumbing.doors import door

FINER = 8  # a stroke is drawn so many times larger, then averaged: its edges are soft, as in the data
Point = tuple[float | int, float | int]


@door()
def blank(side: int = 32) -> Float[Tensor, "1 side side"]:
    """An empty sheet: paper, 1, everywhere."""
    return torch.ones(1, side, side)


@door(points=share(), width=above(0))
def draw_stroke(
    lines: Float[Tensor, "1 height width"],
    points: Sequence[Point],
    *,
    width: float | int = 1.4,
    rub_out: bool = False,
) -> Float[Tensor, "1 height width"]:
    """The drawing with one more line.

    Args:
        lines: The drawing so far, ink −1 and paper 1; it is not changed.
        points: Where the pen went: (across, down), each in [0, 1]; a single point makes a dot.
        width: Of the pen, in pixels of the drawing; at most as wide as the drawing.
        rub_out: Draw with paper instead of ink.

    Raises:
        ValueError: If there is no point, one lies outside, or the pen has no width or too much.
    """
    _, height, across = lines.shape
    if not points or width > across:
        raise ValueError(f"a point and a width of at most {across} were needed; {len(points)} points and "
                         f"width={width} came.")  # fmt: skip
    sheet = Image.new("L", (across * FINER, height * FINER), 0)
    pen, radius = ImageDraw.Draw(sheet), width * FINER / 2
    places = [(a * across * FINER, d * height * FINER) for a, d in points]
    pen.line(places, fill=255, width=max(1, round(2 * radius)), joint="curve")
    for a, d in places:
        pen.ellipse((a - radius, d - radius, a + radius, d + radius), fill=255)
    fine = torch.from_numpy(np.array(sheet)).float() / 255
    covered = fine.reshape(height, FINER, across, FINER).mean(dim=(1, 3))[None]
    return lines + covered * ((1.0 if rub_out else -1.0) - lines)
