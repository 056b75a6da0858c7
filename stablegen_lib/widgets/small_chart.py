"""A small line chart for films, drawn with Pillow in about a millisecond.

Everything that is looked at in peace is drawn by `plots`, with more care.
"""

import itertools
import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

INK, GREY = "#222222", "#666666"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Points = Sequence[tuple[float | int, float | int]]


class Chart:
    """Axes with ticks in a corner of a picture; ``line`` adds curves. Later ones lie on top.

    Args:
        picture: Drawn into.
        box: Left, top, right and bottom of the area of the curves, in pixels. Tick labels and the
            name of the horizontal axis need 40 pixels to its left and 34 below.
        across: First and last value of the horizontal axis.
        up: Lowest and highest value of the vertical one. What lies outside of either is drawn at the edge.
        xlabel: Name of the horizontal axis.
        frame: False adds to a chart that has its axes already.
    """

    def __init__(
        self,
        picture: Image.Image,
        box: tuple[int, int, int, int],
        *,
        across: tuple[float | int, float | int],
        up: tuple[float | int, float | int],
        xlabel: str,
        frame: bool = True,
    ) -> None:
        self.box, self.across, self.up, self.width = box, across, up, picture.width
        self.draw = ImageDraw.Draw(picture)
        if frame:
            self._draw_frame(xlabel)

    def _draw_frame(self, xlabel: str) -> None:
        (left, _, right, bottom), up, across = self.box, self.up, self.across
        self.draw.rectangle(self.box, fill="white", outline=GREY)
        for value in ticks(*up):
            row = self._row(value)
            self.draw.line([(left - 4, row), (left, row)], fill=GREY)
            self.draw.text((left - 7, row), _number(value), fill=INK, font=font(), anchor="rm")
        for value in ticks(*across):
            column = self._column(value)
            self.draw.line([(column, bottom), (column, bottom + 4)], fill=GREY)
            inside = self.width - 1 - font().getlength(_number(value)) / 2  # the last label is not cut off
            place = (min(column, inside), bottom + 6)
            self.draw.text(place, _number(value), fill=INK, font=font(), anchor="mt")
        self.draw.text(((left + right) / 2, bottom + 21), xlabel, fill=INK, font=font(), anchor="mt")

    def title(self, text: str) -> None:
        """Writes above the area and above the legend, which has two rows."""
        self.draw.text((self.box[0], self.box[1] - 52), text, fill=INK, font=font(14), anchor="lm")

    def line(self, points: Points, colour: str, dash: int = 0, *, cut: bool = False) -> None:
        """Adds a curve; ``dash`` is the length of its dashes in pixels, 0 for a solid one.

        ``cut`` ends it at the edge, where it would run along it otherwise.
        """
        if cut:
            for part in _inside(points, self.up):
                self.line(part, colour, dash)
            return
        places = [(self._column(x), self._row(y)) for x, y in points if math.isfinite(y)]
        if not dash:
            self.draw.line(places, fill=colour, width=2, joint="curve")
            return
        for piece in _dashes(places, dash):
            self.draw.line(piece, fill=colour, width=2)

    def level(self, value: float | int, colour: str) -> None:
        """Adds a dotted horizontal line."""
        if self.up[0] <= value <= self.up[1]:
            row = self._row(value)
            for column in range(self.box[0] + 2, self.box[2] - 1, 6):
                self.draw.line([(column, row), (column + 1, row)], fill=colour)

    def upright(self, value: float | int, colour: str) -> None:
        """Adds a vertical line."""
        column = self._column(value)
        self.draw.line([(column, self.box[1]), (column, self.box[3])], fill=colour)

    def band(self, start: float | int, end: float | int, colour: str) -> None:
        """Fills a part of the area from top to bottom; what is drawn later lies on it."""
        _, top, _, bottom = self.box
        self.draw.rectangle((self._column(start), top + 1, self._column(end), bottom - 1), fill=colour)

    def mark(self, across: float | int, up: float | int, colour: str, *, square: bool = False) -> None:
        """Adds a dot, or a square, with a white edge."""
        x, y = self._column(across), self._row(up)
        shape = self.draw.rectangle if square else self.draw.ellipse
        shape((x - 6, y - 6, x + 6, y + 6), fill=colour, outline="white", width=2)

    def dot(self, across: float | int, up: float | int, colour: str) -> None:
        """Adds a small dot."""
        x, y = self._column(across), self._row(up)
        self.draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=colour)

    def cross(self, across: float | int, up: float | int, colour: str) -> None:
        """Adds a small cross."""
        x, y = self._column(across), self._row(up)
        self.draw.line((x - 3, y - 3, x + 3, y + 3), fill=colour)
        self.draw.line((x - 3, y + 3, x + 3, y - 3), fill=colour)

    def key(self, row: int, text: str, colour: str, dash: int = 0) -> None:
        """A line of the legend, in the 40 pixels above the area: row 0 or 1; higher ones are below 0."""
        x, y = self.box[0], self.box[1] - 32 + 18 * row
        for start in (0, 12) if dash else (0, 6, 12):
            self.draw.line([(x + start, y), (x + start + 6, y)], fill=colour, width=2)
        self.draw.text((x + 26, y), text, fill=INK, font=font(), anchor="lm")

    def _column(self, value: float | int) -> float:
        left, _, right, _ = self.box
        inside = min(max(value, self.across[0]), self.across[1])
        return left + (right - left) * (inside - self.across[0]) / (self.across[1] - self.across[0])

    def _row(self, value: float | int) -> float:
        _, top, _, bottom = self.box
        inside = min(max(value, self.up[0]), self.up[1])
        return bottom - (bottom - top) * (inside - self.up[0]) / (self.up[1] - self.up[0])


@cache
def font(size: int = 13) -> Font:
    """Pillow's own font, so that every machine draws the same."""
    return ImageFont.load_default(size)


def ticks(low: float | int, high: float | int) -> list[float]:
    """Two to six round numbers from low to high.

    >>> ticks(0, 120)
    [0.0, 50.0, 100.0]
    """
    step = 10.0 ** math.floor(math.log10(high - low))
    step *= next(part for part in (0.2, 0.5, 1.0, 2.0) if (high - low) / (part * step) <= 5.0)
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _inside(points: Points, up: tuple[float | int, float | int]) -> list[list[tuple[float, float]]]:
    """The parts of a curve that lie between two heights, each up to the very edge.

    >>> _inside([(0, 0), (2, 2), (4, 0)], (-1, 1))
    [[(0.0, 0.0), (1.0, 1.0)], [(3.0, 1.0), (4.0, 0.0)]]
    """
    parts: list[list[tuple[float, float]]] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if not math.isfinite(y0 + y1):
            continue
        rise = y1 - y0
        ends = sorted((edge - y0) / rise for edge in up) if rise else [0.0, float(up[0] <= y0 <= up[1])]
        enter, leave = max(0.0, ends[0]), min(1.0, ends[1])
        if enter >= leave:
            continue
        start, end = ((x0 + share * (x1 - x0), y0 + share * rise) for share in (enter, leave))
        if parts and math.isclose(parts[-1][-1][0], start[0]):
            parts[-1].append(end)
        else:
            parts.append([start, end])
    return parts


def _number(value: float) -> str:
    return f"{value:.10g}"


def _dashes(places: list[tuple[float, float]], dash: int) -> list[list[tuple[float, float]]]:
    """Pieces of a curve, each about as long as the gap to the next one."""
    pieces: list[list[tuple[float, float]]] = []
    travelled, on = 0.0, False
    for (x0, y0), (x1, y1) in itertools.pairwise(places):
        length = math.hypot(x1 - x0, y1 - y0)
        for number in range(parts := max(1, math.ceil(length / dash))):
            now = int((travelled + length * number / parts) / dash) % 2 == 0
            here, there = (
                (x0 + (x1 - x0) * n / parts, y0 + (y1 - y0) * n / parts) for n in (number, number + 1)
            )
            if now and not on:
                pieces.append([here])
            if now:
                pieces[-1].append(there)
            on = now
        travelled += length
    return pieces
