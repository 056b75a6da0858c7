"""A widget's controls as a still picture: where no kernel runs, a reader sees what there is to move."""

import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import ipywidgets
import matplotlib
from PIL import Image, ImageDraw, ImageFont

INK, GREY, PALE, BLUE = "#222222", "#999999", "#eeeeee", "#0072B2"
ROW, GAP, EDGE = 30, 14, 4  # pixels
TRACK = 120  # pixels of a slider
WHOLE_ROW = -1  # the length of what stands alone in its row
Painter = Callable[[ImageDraw.ImageDraw, int, int], None]
Drawn = tuple[int, Painter]


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with matplotlib: it has the letters that mathematics needs."""
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", size)


def draw_controls(box: Any, width: int) -> Image.Image:
    """The controls inside a box, as they stand, in rows that are not wider than this.

    Hidden ones are left out, and so are pictures and lines of text.

    Args:
        box: Any ipywidgets container.
        width: In pixels; a control that is wider than that still gets all its room.
    """
    drawn = [_drawn(control) for control in _visible(box)]
    places, across, down, widest = list[tuple[int, int]](), EDGE, EDGE, 0
    for length, _ in drawn:
        if across > EDGE and (length == WHOLE_ROW or across + length > width - EDGE):
            across, down = EDGE, down + ROW
        places.append((across, down))
        across += (width if length == WHOLE_ROW else length) + GAP
        widest = max(widest, min(across - GAP + EDGE, width) if length == WHOLE_ROW else across - GAP + EDGE)
    picture = Image.new("RGB", (max(widest, 1), down + ROW if drawn else 1), "white")
    pen = ImageDraw.Draw(picture)
    for (_, paint), (x, y) in zip(drawn, places, strict=True):
        paint(pen, x, y)
    return picture


def _visible(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        hidden = getattr(child, "layout", None) is not None and (
            child.layout.display == "none" or child.layout.visibility == "hidden"
        )
        if hidden:
            continue
        if hasattr(child, "children"):
            yield from _visible(child)
        elif _kind(child) is not None and _label(child):
            yield child


def _label(control: Any) -> bool:
    """Whether there is something to draw: of lines of text only headings are."""
    return not isinstance(control, ipywidgets.HTML) or 'role="heading"' in control.value


def _kind(control: Any) -> Callable[[Any], Drawn] | None:
    for kinds, drawer in _DRAWERS:
        if isinstance(control, kinds):
            return drawer
    return None


def _drawn(control: Any) -> Drawn:
    drawer = _kind(control)
    assert drawer is not None
    return drawer(control)


def _length(text: str) -> int:
    return round(font(12).getlength(text))


def _write(pen: ImageDraw.ImageDraw, x: int, y: int, text: str, colour: str = INK) -> None:
    pen.text((x, y + ROW // 2), text, fill=colour, font=font(12), anchor="lm")


def _slider(control: Any) -> Drawn:
    start, label = _length(control.description) + 8, readout(control)

    def paint(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
        _write(pen, x, y, control.description)
        middle, left = y + ROW // 2, x + start
        knob = left + round(_share(control) * TRACK)
        pen.rounded_rectangle((left, middle - 2, left + TRACK, middle + 2), 2, fill=PALE, outline=GREY)
        pen.ellipse((knob - 7, middle - 7, knob + 7, middle + 7), fill="white", outline=BLUE, width=2)
        _write(pen, left + TRACK + 14, y, label)

    return start + TRACK + 14 + _length(label), paint


def readout(control: Any) -> str:
    """What stands beside a slider."""
    if hasattr(control, "options"):
        return str(control.label)
    return format(control.value, control.readout_format)


def _share(control: Any) -> float:
    """How far a slider has been moved, 0 to 1."""
    if hasattr(control, "options"):
        return float(control.index / max(1, len(control.options) - 1))
    value = float(control.value)
    if isinstance(control, ipywidgets.FloatLogSlider):
        value = math.log(value, control.base)
    return float((value - control.min) / (control.max - control.min))


def _field(control: Any) -> Drawn:
    """A menu or a field to type in."""
    menu = hasattr(control, "options")
    text = str(control.label if menu else control.value)
    shown = text if _length(text) <= 220 else text[:24] + "…"
    start, inner = _length(control.description) + 8, max(40, _length(shown) + 12) + 18 * menu

    def paint(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
        _write(pen, x, y, control.description)
        left, right = x + start, x + start + inner
        pen.rectangle((left, y + 3, right, y + ROW - 4), fill="white", outline=GREY)
        _write(pen, left + 6, y, shown)
        if menu:
            tip, middle = right - 11, y + ROW // 2
            pen.polygon([(tip - 5, middle - 3), (tip + 5, middle - 3), (tip, middle + 4)], fill=INK)

    return start + inner, paint


def _button(control: Any) -> Drawn:
    inner = _length(control.description) + 20
    down = bool(getattr(control, "value", False))

    def paint(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
        fill = BLUE if down else PALE
        pen.rounded_rectangle((x, y + 3, x + inner, y + ROW - 4), 3, fill=fill, outline=GREY)
        _write(pen, x + 10, y, control.description, "white" if down else GREY if control.disabled else INK)

    return inner, paint


def _toggles(control: Any) -> Drawn:
    labels = [label if isinstance(label, str) else label[0] for label in control.options]
    start = _length(control.description) + 8 if control.description else 0
    lengths = [_length(label) + 20 for label in labels]

    def paint(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
        _write(pen, x, y, control.description)
        left = x + start
        for label, inner in zip(labels, lengths, strict=True):
            chosen = label == control.label
            pen.rectangle(
                (left, y + 3, left + inner, y + ROW - 4), fill=BLUE if chosen else PALE, outline=GREY
            )
            _write(pen, left + 10, y, label, "white" if chosen else INK)
            left += inner

    return start + sum(lengths), paint


def _heading(control: Any) -> Drawn:
    words = re.sub("<[^>]*>", "", control.value)

    def paint(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
        _write(pen, x, y + 4, words)
        pen.line((x, y + ROW - 3, x + _length(words), y + ROW - 3), fill=GREY)

    return WHOLE_ROW, paint


def _checkbox(control: Any) -> Drawn:
    def paint(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
        top = y + ROW // 2 - 7
        pen.rectangle((x, top, x + 14, top + 14), fill="white", outline=GREY)
        if control.value:
            pen.line([(x + 3, top + 7), (x + 6, top + 11), (x + 12, top + 3)], fill=BLUE, width=2)
        _write(pen, x + 22, y, control.description)

    return 22 + _length(control.description), paint


_DRAWERS: tuple[tuple[tuple[type, ...], Callable[[Any], Drawn]], ...] = (
    ((ipywidgets.FloatSlider, ipywidgets.IntSlider, ipywidgets.FloatLogSlider, ipywidgets.SelectionSlider),
     _slider),
    ((ipywidgets.ToggleButtons,), _toggles),
    ((ipywidgets.Dropdown, ipywidgets.Text, ipywidgets.BoundedIntText, ipywidgets.IntText), _field),
    ((ipywidgets.Checkbox,), _checkbox),
    ((ipywidgets.HTML,), _heading),
    ((ipywidgets.Button, ipywidgets.ToggleButton), _button),
)  # fmt: skip
