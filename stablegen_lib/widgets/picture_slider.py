"""A slider and the pictures that belong to its value."""

import math
from collections.abc import Callable
from typing import Any

import ipywidgets
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.plots.live import checked_alt
from stablegen_lib.plumbing.bounds import FREE, above
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.panel import Panel
from stablegen_lib.widgets.picture import Picture


class PictureSlider(Panel):
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
        ValueError: If a number is out of its range, the description is too short, or `draw` is no function
            or gives no tensor.
    """

    INVITATION = "Run this notebook to move the slider."

    @door(minimum=FREE, maximum=FREE, value=FREE, step=above(0))
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
        if not step <= maximum - minimum < math.inf:
            raise ValueError(
                "minimum < maximum and a step that fits between were needed; "
                f"minimum={minimum}, maximum={maximum}, step={step} came."
            )
        self.minimum, self.maximum = float(minimum), float(maximum)
        self.label, self.alt = description, checked_alt(alt)
        self._draw, self._columns, self._scale = draw, columns, scale
        self._digits = max(2, math.ceil(-math.log10(step)))
        self._drawn_at = self._checked(value)
        self.picture = Picture()
        self.slider = self._make_slider(float(step))
        self._arrange([self.slider, self.picture])
        self._show(self._drawn_at)
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

    def still_png(self) -> bytes:
        """The newest picture, as a PNG file."""
        return self.png

    def description(self) -> str:
        """What the picture shows, with the value it belongs to."""
        return f"{self.alt} {self._state(self._drawn_at)}."

    def caption(self) -> str:
        """Value and invitation."""
        return f"{self._state(self._drawn_at)}.  {self.INVITATION}"

    def _make_slider(self, step: float) -> Any:
        return ipywidgets.FloatSlider(
            value=self._drawn_at,
            min=self.minimum,
            max=self.maximum,
            step=step,
            description=self.label,
            readout_format=f".{self._digits}f",
            style={"description_width": "initial"},
            layout={"width": "400px"},
        )

    def _moved(self, change: dict[str, Any]) -> None:
        value = float(change["new"])
        shown = f"above is still the one for {self._state(self._drawn_at)}"
        with self._reporting(f"No picture for {self._state(value)} ({shown})"):
            self._show(value)

    def _show(self, value: float) -> None:
        with self._one_thread():
            images = self._draw(value)
            self.png = plots.to_png(images, self._columns, self._scale)
        self._drawn_at = value
        self.picture.show(self.png, self.description())

    def _checked(self, value: float | int) -> float:
        if not self.minimum <= value <= self.maximum:  # NaN fails this too
            raise ValueError(f"a value from {self.minimum:g} to {self.maximum:g} was needed, {value} came.")
        return float(value)

    def _state(self, value: float, equals: str = " = ") -> str:
        return f"{self.label}{equals}{value:.{self._digits}f}"
