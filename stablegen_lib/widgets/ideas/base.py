"""What the small widgets share: controls by name, one picture that follows them, one line of words."""

import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
from PIL import Image

from stablegen_lib.plots.grid import encode_png
from stablegen_lib.widgets.controls import fitting
from stablegen_lib.widgets.panel import Panel
from stablegen_lib.widgets.picture import Picture, Points

Number = float | int
ROW = {"flex_flow": "row wrap"}
LABEL = {"description_width": "11em"}
WIDTH = {"width": "27em", "max_width": "98%"}


class Follower(Panel):
    """A picture above a few controls; the picture follows when one of them moves.

    A subclass declares its attributes as ``Setting``s, calls ``_set_up`` at the end of its
    ``__init__``, and draws: ``draw()`` gives the picture, ``description()`` the words.

    A wide picture can be cut in two at the column ``CUT``: a narrow page then shows the right part,
    which ``ASIDE`` describes, below the left one.
    """

    CUT, ASIDE = 0, ""

    controls: dict[str, Any]
    picture: Picture
    aside: Picture
    png: bytes

    def draw(self) -> Image.Image:
        """The picture of the present state."""
        raise NotImplementedError

    def still_png(self) -> bytes:
        """The newest picture, as a PNG file."""
        return self.png

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={_short(control.value)}" for name, control in self.controls.items())
        return f"{type(self).__name__}({values})"

    def _set_up(self, controls: dict[str, Any], buttons: Sequence[Any] = ()) -> None:
        """Lays everything out, draws for the first time, and begins to listen."""
        self.controls, self.picture, self.aside = controls, Picture(), Picture()
        self.status = ipywidgets.HTML()
        parts = ipywidgets.HBox([self.picture, self.aside] if self.CUT else [self.picture], layout=ROW)
        rows = [ipywidgets.HBox(row, layout=ROW) for row in (list(controls.values()), list(buttons)) if row]
        self._arrange([parts, self.status, *rows])
        self._follow("")
        for name, control in controls.items():
            control.observe(lambda _, name=name: self._moved(name), "value")

    def _moved(self, name: str) -> None:
        with self._reporting(f"{name} = {self._value(name)!r}"):
            self._follow(name)

    def _follow(self, name: str) -> None:
        """Draws anew after that control moved; a subclass may compute something before."""
        with self._one_thread():
            whole, words = self.draw(), self.description()
        self.png = encode_png(whole)
        if self.CUT:
            left, right = (0, 0, self.CUT, whole.height), (self.CUT, 0, *whole.size)
            self.picture.show(encode_png(whole.crop(left)), words)
            self.aside.show(encode_png(whole.crop(right)), self.ASIDE)
        else:
            self.picture.show(self.png, words)
        self.status.value = f'<div role="status" aria-live="polite">{html.escape(words)}</div>'

    def _let_drag(self, heard: Callable[[Points], object]) -> None:
        """Pointers over either part are heard of as places in the whole picture, (across, down) in [0, 1]."""
        self.picture.on_stroke = lambda points: heard(self._in_whole(points, self.picture, 0))
        self.aside.on_stroke = lambda points: heard(self._in_whole(points, self.aside, self.CUT))
        for part in (self.picture, self.aside):
            part.drawable = part.following = True

    def _in_whole(self, points: Points, part: Picture, start: int) -> Points:
        own = part.frame["size"][0]
        width = self.CUT + self.aside.frame["size"][0] if self.CUT else own
        return [((start + across * own) / width, down) for across, down in points]

    def _value(self, name: str) -> Any:
        return self.controls[name].value

    def _assign(self, name: str, value: Any) -> None:
        self.controls[name].value = fitting(self.controls[name], name, value)


def slider(label: str, low: Number, high: Number, step: Number, value: Number, digits: int = 2) -> Any:
    """A slider for a number, or for a whole number where the step is one."""
    whole = all(isinstance(number, int) for number in (low, high, step, value))
    kind, more = (
        (ipywidgets.IntSlider, {}) if whole else (ipywidgets.FloatSlider, {"readout_format": f".{digits}f"})
    )
    return kind(
        description=label, min=low, max=high, step=step, value=value, style=LABEL, layout=WIDTH, **more
    )


def menu(label: str, options: Sequence[tuple[str, Any]], value: Any) -> Any:
    """A menu of words and what they stand for."""
    return ipywidgets.Dropdown(description=label, options=options, value=value, style=LABEL, layout=WIDTH)


def page(width: int, height: int) -> Image.Image:
    """A white picture to draw into."""
    return Image.new("RGB", (width, height), "white")


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)
