"""Lesson 02: a stamp that puts down one input after the other (a transposed convolution)."""

import matplotlib
import numpy as np
import torch
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from stablegen_lib.plots import ORANGE
from stablegen_lib.plumbing.bounds import FREE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting
from stablegen_lib.widgets.ideas.base import Follower, menu, page, slider
from stablegen_lib.widgets.picture import Points
from stablegen_lib.widgets.small_chart import INK, font

SIDE, GAP, TOP = 320, 40, 28  # pixels
LARGEST = 12  # inputs per side
LETTER = [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0]]
STAMPS: dict[str, list[list[float]]] = {
    "letter F, 4 × 4": LETTER,  # type: ignore[dict-item]
    "block, 2 × 2": [[1.0, 1.0]] * 2,
    "flat, 3 × 3": [[1.0] * 3] * 3,
    "tent, 4 × 4": [[a * b for b in (0.25, 0.75, 0.75, 0.25)] for a in (0.25, 0.75, 0.75, 0.25)],
}
NAMES = {"letter": "letter F, 4 × 4", "block": "block, 2 × 2", "flat": "flat, 3 × 3", "tent": "tent, 4 × 4"}


class StampPad(Follower):
    """Lays the stamp down input by input: each input is the ink, and where stamps overlap they add up.

    Click an input, or use the slider. From Python: ``pad.stamped = 20``, ``pad.stamp = "flat"``,
    ``pad.stride = 1``. When all inputs are stamped, the paper is what ``conv_transpose2d`` computes.

    Args:
        inputs: A map of at most 12 × 12 numbers.
        stamp: "letter", "block", "flat" or "tent".

    Raises:
        ValueError: If the map is too large, a number is not finite, or there is no such stamp.
    """

    INVITATION = "Run this notebook to move the stamp."
    CUT, ASIDE = SIDE + GAP // 2, "The paper with the stamps so far; the last one is outlined."

    stamped, stamp, stride = Setting(), Setting(), Setting()

    @door(inputs=FREE)
    def __init__(self, inputs: Float[Tensor, "height width"], stamp: str = "letter") -> None:
        if max(inputs.shape) > LARGEST or inputs.numel() < 2:
            raise ValueError(
                f"2 or more numbers, at most {LARGEST} × {LARGEST}, were needed; "
                f"a map of shape {tuple(inputs.shape)} came."
            )
        if stamp not in NAMES:
            raise ValueError(f"stamp must be one of {list(NAMES)}, and {stamp!r} came.")
        self.inputs = inputs.detach().float().cpu()
        options = [(label, name) for name, label in NAMES.items()]
        self._set_up(
            {
                "stamped": slider("inputs stamped", 1, inputs.numel(), 1, inputs.numel() // 3),
                "stamp": menu("stamp", options, stamp),
                "stride": slider("stride", 1, 3, 1, 2),
            }
        )
        self._let_drag(self._pointed)

    def kernel(self) -> Float[Tensor, "side side"]:
        """The stamp's own numbers."""
        return torch.tensor(STAMPS[NAMES[self.stamp]], dtype=torch.float32)

    def paper(self) -> Float[Tensor, "tall wide"]:
        """The sum of all stamps so far; no border is cut off."""
        ink = self.inputs.flatten().clone()
        ink[self.stamped :] = 0
        return self._stamped(ink.reshape(self.inputs.shape))

    def _stamped(self, ink: Tensor) -> Tensor:
        (height, width), kernel, stride = ink.shape, self.kernel(), self.stride
        side = len(kernel)
        paper = torch.zeros((height - 1) * stride + side, (width - 1) * stride + side)
        for row, column in ink.nonzero().tolist():
            top, left = row * stride, column * stride
            paper[top : top + side, left : left + side] += ink[row, column] * kernel
        return paper

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the input that was stamped last, counted from 0."""
        row, column = divmod(int(self.stamped) - 1, self.inputs.shape[1])
        return row, column

    def draw(self) -> Image.Image:
        """The inputs on the left, the paper on the right; the last stamp is outlined in both."""
        picture, paper, (row, column) = page(2 * SIDE + GAP, TOP + SIDE), self.paper(), self.place
        largest = float(self._stamped(self.inputs).abs().max()) or 1.0
        side, stride = len(self.kernel()), self.stride
        pen = ImageDraw.Draw(picture)
        sheets = (
            (0, self.inputs, float(self.inputs.abs().max()) or 1.0, (row, column, 1), "inputs"),
            (SIDE + GAP, paper, largest, (row * stride, column * stride, side), "paper"),
        )
        for left, values, most, (top, start, reach), title in sheets:
            cell = SIDE // max(values.shape)
            picture.paste(_coloured(values / most, cell), (left, TOP))
            corner = left + start * cell, TOP + top * cell
            pen.rectangle((*corner, corner[0] + reach * cell, corner[1] + reach * cell), outline=ORANGE,
                          width=3)  # fmt: skip
            words = f"{title}: {values.shape[0]} by {values.shape[1]}"
            pen.text((left + 4, TOP / 2), words, fill=INK, font=font(14), anchor="lm")
        return picture

    def description(self) -> str:
        """Which input was stamped last, and where."""
        (row, column), side, stride = self.place, len(self.kernel()), self.stride
        overlap = "stamps overlap" if side > stride else "stamps do not overlap"
        uneven = " unevenly" if side > stride and side % stride else ""
        tall, wide = self.paper().shape
        return (
            f"Input {self.stamped} of {self.inputs.numel()} (row {row + 1}, column {column + 1}) is "
            f"{self.inputs[row, column]:.2f}; its stamp of {side} × {side} begins at row {row * stride + 1}, "
            f"column {column * stride + 1} of the paper of {tall} × {wide}. "
            f"With stride {stride} the {overlap}{uneven}."
        )

    def _pointed(self, points: Points) -> None:
        across, down = points[-1]
        cell = SIDE // max(self.inputs.shape)
        column = int(across * (2 * SIDE + GAP) / cell)
        row = int((down * (TOP + SIDE) - TOP) / cell)
        if 0 <= row < self.inputs.shape[0] and 0 <= column < self.inputs.shape[1]:
            self.stamped = row * self.inputs.shape[1] + column + 1


def _coloured(values: Tensor, cell: int) -> Image.Image:
    """Dark for 0, bright for 1; a grid shows where one number ends."""
    shades = matplotlib.colormaps["cividis"](values.clamp(0, 1).numpy())[:, :, :3]
    picture = Image.fromarray((shades * 255).astype(np.uint8))
    return picture.resize((picture.width * cell, picture.height * cell), Image.Resampling.NEAREST)
