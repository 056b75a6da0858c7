"""A picture in the browser that Python can replace many times a second."""

import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

HERE = Path(__file__).parent
Points = list[tuple[float, float]]


class Picture(anywidget.AnyWidget):
    """Shows pictures, each with a description in words; the newest one wins.

    While ``playing``, the browser calls ``on_tick`` once the newest frame is on the screen and
    ``interval`` milliseconds have passed. Whoever draws the next frame there plays a film that
    never runs ahead of the screen, lets the kernel answer in between, and ends with the page.

    While ``drawable``, pointer strokes over the picture arrive at ``on_stroke`` as points
    (across, down), each in [0, 1]; while ``following`` too, the first and the newest point of a
    stroke arrive again and again as it is drawn.

    Args:
        scale: Screen pixels per side of a picture's pixel; enlarged without blur.
    """

    _esm = HERE / "picture.js"
    _css = HERE / "picture.css"
    frame = traitlets.Dict().tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    interval = traitlets.Int(0, min=0).tag(sync=True)
    drawable = traitlets.Bool(False).tag(sync=True)
    following = traitlets.Bool(False).tag(sync=True)

    def __init__(self, *, scale: int = 1) -> None:
        super().__init__()
        self.scale = scale
        self.on_tick: Callable[[], object] = _nothing
        self.on_stroke: Callable[[Points], object] = _nothing
        self.on_copied: Callable[[bool], object] = _nothing
        self._number = 0
        self.on_msg(self._heard)

    def show(self, png: bytes, alt: str) -> None:
        """Replaces the picture.

        Args:
            png: A PNG file.
            alt: What it shows, for those who cannot see it.
        """
        self._show({"png": png}, Image.open(io.BytesIO(png)).size, alt)

    def show_pixels(self, pixels: UInt8[Tensor, "height width 3"], alt: str) -> None:
        """Replaces the picture, sooner than a file could; for small ones, as nothing is compressed."""
        height, width, _ = pixels.shape
        self._show({"rgb": pixels.numpy().tobytes()}, (width, height), alt)

    def _show(self, content: dict[str, bytes], size: tuple[int, int], alt: str) -> None:
        self._number += 1
        self.frame = {**content, "size": size, "width": size[0] * self.scale, "alt": alt,
                      "number": self._number}  # fmt: skip

    def download(self, name: str, content: bytes, kind: str) -> None:
        """Hands a file to the browser, which puts it where downloads go; ``kind`` as in "image/png"."""
        self.send({"kind": "download", "name": name, "type": kind}, buffers=[content])

    def copy(self, text: str) -> None:
        """Puts text on the browser's clipboard; ``on_copied`` hears whether the browser allowed it."""
        self.send({"kind": "copy", "text": text})

    def _heard(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("kind") == "tick" and self.playing:
            if content.get("number", self._number) == self._number:  # else a newer frame is on its way
                self.on_tick()
        elif content.get("kind") == "stroke" and self.drawable:
            self.on_stroke(_checked_points(content.get("points")))
        elif content.get("kind") == "copied":
            self.on_copied(bool(content.get("done")))


def _nothing(*_: object) -> None:
    pass


def _checked_points(points: Any) -> Points:
    pairs = [(float(across), float(down)) for across, down in points]
    if not pairs or not all(math.isfinite(value) and 0 <= value <= 1 for pair in pairs for value in pair):
        raise ValueError("a stroke of points between (0, 0) and (1, 1) was needed from the browser.")
    return pairs
