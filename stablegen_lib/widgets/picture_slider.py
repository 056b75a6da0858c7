"""A slider and the pictures that belong to its value."""

import base64
import html
import io
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.live_figure import checked_alt
from stablegen_lib.picture_grid import encode_png

INVITATION = "Run this notebook to move the slider."
CAPTION_HEIGHT = 24  # pixels


class PictureSlider:
    """A labelled slider with pictures below that follow it; the last line of a cell shows it.

    Where no kernel runs (a page of a repository, a stored notebook) the newest picture is shown
    with an invitation to run the notebook. From Python, `slider.value = 0.5` moves the slider and
    `slider.png` is the picture.

    Args:
        draw: Maps a value to images: uint8, or floats in [-1, 1]; grey or colour. It is called
            with each new value, on one processor core, so it should take well below 0.1 s.
        minimum: Left end.
        maximum: Right end.
        value: Where the slider starts.
        step: Distance between two positions.
        description: What is moved; the label of the slider.
        columns: Images per row.
        scale: Screen pixels per side of an image pixel.
        alt: What the pictures show, in a sentence of at least 20 characters, for readers who
            cannot see them; the value is added to it.

    Raises:
        ValueError: If a number is out of its range or the description is too short.
        TypeError: If `draw` is no function, or gives no tensor.
    """

    def __init__(
        self,
        draw: Callable[[float], Tensor],
        *,
        minimum: float | int = -3.0,
        maximum: float | int = 3.0,
        value: float | int = 0.0,
        step: float | int = 0.1,
        description: str = "z[0]",
        columns: int = 8,
        scale: int = 8,
        alt: str = "Pictures that follow the slider.",
    ) -> None:
        if not callable(draw):
            raise TypeError(f"a function from a value to images was needed, {type(draw).__name__} came.")
        if not (minimum < maximum and 0 < step <= maximum - minimum and math.isfinite(maximum - minimum)):
            raise ValueError(
                "minimum < maximum and a step that fits between were needed; "
                f"minimum={minimum}, maximum={maximum}, step={step} came."
            )
        self.minimum, self.maximum = float(minimum), float(maximum)
        self.description, self.alt = description, checked_alt(alt)
        self._draw, self._columns, self._scale = draw, columns, scale
        self._digits = max(2, math.ceil(-math.log10(step)))
        self._drawn_at = self._checked(value)
        self.png = self._png_at(self._drawn_at)
        self.slider = self._make_slider(float(step))
        self.picture = ipywidgets.HTML(self._picture_html())
        self.message = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.slider, self.picture, self.message])
        self.slider.observe(self._moved, "value")

    @property
    def value(self) -> float:
        """Where the slider stands; assign to move it."""
        return float(self.slider.value)

    @value.setter
    def value(self, value: float | int) -> None:
        self.slider.value = self._checked(value)

    def __repr__(self) -> str:
        return f"PictureSlider({self._state(self._drawn_at, '=')})"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Any, Any]:
        """The widget for a running notebook; a still picture and a line of text for all others."""
        bundle = self.box._repr_mimebundle_() or {}
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"] = f"{self!r} – {INVITATION}"
        data["image/png"] = base64.b64encode(self._captioned_png()).decode("ascii")
        return data, {"image/png": {"alt": f"{self._picture_alt()} {INVITATION}"}}

    def _make_slider(self, step: float) -> Any:
        return ipywidgets.FloatSlider(
            value=self._drawn_at,
            min=self.minimum,
            max=self.maximum,
            step=step,
            description=self.description,
            readout_format=f".{self._digits}f",
            style={"description_width": "initial"},
            layout={"width": "400px"},
        )

    def _moved(self, change: dict[str, Any]) -> None:
        value = float(change["new"])
        try:
            self.png = self._png_at(value)
        except Exception as error:
            self.message.value = self._error_html(value, error)
            raise  # to the caller, or in a notebook to the log: an error in draw is never silent
        self._drawn_at = value
        self.picture.value = self._picture_html()
        self.message.value = ""

    def _png_at(self, value: float) -> bytes:
        with _one_thread():
            images = self._draw(value)
            if not isinstance(images, Tensor):
                raise TypeError(
                    f"draw({value:g}) must give a tensor of images, {type(images).__name__} came."
                )
            return plots.to_png(images, self._columns, self._scale)

    def _checked(self, value: float | int) -> float:
        if not self.minimum <= value <= self.maximum:  # NaN fails this too
            raise ValueError(f"a value from {self.minimum:g} to {self.maximum:g} was needed, {value} came.")
        return float(value)

    def _state(self, value: float, equals: str = " = ") -> str:
        return f"{self.description}{equals}{value:.{self._digits}f}"

    def _picture_alt(self) -> str:
        return f"{self.alt} {self._state(self._drawn_at)}."

    def _picture_html(self) -> str:
        # Not ipywidgets.Image: that has no alt, and a tooltip on it stops its view with an error.
        width, height = Image.open(io.BytesIO(self.png)).size
        source = base64.b64encode(self.png).decode("ascii")
        alt = html.escape(self._picture_alt())
        style = "max-width: 100%; height: auto; image-rendering: pixelated"
        return (
            f'<img src="data:image/png;base64,{source}" width="{width}" height="{height}" '
            f'style="{style}" alt="{alt}">'
        )

    def _error_html(self, value: float, error: Exception) -> str:
        text = (
            f"No picture for {self._state(value)}: {type(error).__name__}: {error}. "
            f"Above is still the one for {self._state(self._drawn_at)}."
        )
        return f'<div role="alert">✗ {html.escape(text)}</div>'

    def _captioned_png(self) -> bytes:
        font = ImageFont.load_default(14)
        caption = f"{self._state(self._drawn_at)}.  {INVITATION}"
        picture = Image.open(io.BytesIO(self.png))
        width = max(picture.width, math.ceil(font.getlength(caption)) + 8)
        page = Image.new("RGB", (width, picture.height + CAPTION_HEIGHT), "white")
        page.paste(picture, (0, CAPTION_HEIGHT))
        ImageDraw.Draw(page).text((4, 3), caption, fill="black", font=font)
        return encode_png(page)


@contextmanager
def _one_thread() -> Iterator[None]:
    """On a busy machine several threads make a drag stutter more than they speed it up."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
