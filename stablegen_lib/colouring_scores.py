"""Does a colouring keep the lines, and do different z give different colours?

`stablegen_lib.editing` re-exports everything public here; write `editing.line_scores`.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

INK, WHITE = (
    -0.6,
    0.9,
)  # a pixel of the drawing at most, or at least, so bright is surely ink, or surely paper
DARK = -0.45  # brightest colour channel; the darkest colour of the peeps is brighter, ink is darker


@dataclass(frozen=True)
class LineScores:
    """Shares in [0, 1].

    Attributes:
        kept: Of the pixels that are surely ink in the drawing, those that are dark in the picture.
        invented: Of the pixels that are surely paper, those that are dark in the picture.
    """

    kept: float
    invented: float


def line_scores(pictures: Float[Tensor, "count 3 _ _"], lines: Float[Tensor, "drawing 1 _ _"]) -> LineScores:
    """How well pictures follow their line drawings.

    Args:
        pictures: In [-1, 1].
        lines: Their drawings, ink −1 and paper 1.

    Raises:
        ValueError: If the numbers or sizes differ, or there is no ink, or no paper.
    """
    if len(pictures) != len(lines) or pictures.shape[2:] != lines.shape[2:]:
        raise ValueError(f"one drawing for each picture, of its size, was needed; {tuple(pictures.shape)} "
                         f"and {tuple(lines.shape)} came.")  # fmt: skip
    dark = pictures.amax(dim=1, keepdim=True) < DARK
    ink, paper = lines <= INK, lines >= WHITE
    if not bool(ink.any()) or not bool(paper.any()):
        raise ValueError("drawings with ink and with paper were needed.")
    return LineScores(float(dark[ink].float().mean()), float(dark[paper].float().mean()))


def variety(
    first: Float[Tensor, "count 3 height width"],
    second: Float[Tensor, "count 3 height width"],
    lines: Float[Tensor, "count 1 height width"],
) -> Float[Tensor, " count"]:
    """How far two colourings of one drawing are apart, where the drawing leaves the colour free.

    Args:
        first: One colouring of each drawing, in [-1, 1].
        second: Another one.
        lines: The drawings.

    Returns:
        Roots of the mean squared difference over the pixels that are surely paper.
    """
    paper = (lines >= WHITE).float()
    squares = (first - second).square().mean(dim=1, keepdim=True) * paper
    apart: Tensor = (squares.sum(dim=(1, 2, 3)) / paper.sum(dim=(1, 2, 3)).clamp(min=1)).sqrt()
    return apart


def seen_before(
    lines: Float[Tensor, "count 1 height width"], training: Float[Tensor, "other 1 height width"]
) -> list[int | None]:
    """For each drawing the first training picture with the very same lines, or None."""
    known: dict[bytes, int] = {}
    for index, drawing in enumerate(training):
        known.setdefault(_key(drawing), index)
    return [known.get(_key(drawing)) for drawing in lines]


def _key(drawing: Tensor) -> bytes:
    return ((drawing + 1) * 127.5).round().to(torch.uint8).numpy().tobytes()
