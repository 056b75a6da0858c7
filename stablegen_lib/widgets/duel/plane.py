"""The plane of the duel: D's answers as a ground, real and generated points, and what pushes these."""

import math
from functools import cache, lru_cache

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from stablegen_lib.data.gaussians import PointSet
from stablegen_lib.plots import BLUE, ORANGE, PROBABILITY_COLOURS
from stablegen_lib.widgets.duel.game import Game
from stablegen_lib.widgets.small_chart import GREY, INK, font, ticks

CELLS, CELL = 60, 7  # of the heat map, per side; pixels of a cell
LEVELS = 90  # of its colours
UNDECIDED = 2 * LEVELS
SIDE = CELLS * CELL
LEFT, TOP = 64, 34  # of the square, in pixels
HEIGHT = TOP + SIDE + 66
REAL_SHOWN, ARROWS = 250, 70
LONGEST_ARROW = 36  # pixels, for a push of 1 nat per unit or more; the length goes with its square root
Pair = tuple[float | int, float | int]


def draw_plane(
    picture: Image.Image,
    game: Game,
    generated: Float[Tensor, "count 2"] | None = None,
    *,
    slopes: bool = False,
) -> None:
    """Draws the square into a picture that starts with ``frame``.

    Args:
        picture: Drawn into.
        game: Gives D's answers, the real points and the pushes.
        generated: Points to show in place of G's own.
        slopes: Whether blue arrows show D's slope at real points.
    """
    picture.paste(_heat_map(game), (LEFT, TOP))
    real = _real_layer(game.dataset, game.reach)
    picture.paste(real, mask=real)
    plane = _Plane(picture, game.reach)
    generated = game.generated() if generated is None else generated
    plane.arrows(generated[:ARROWS], game.arrows(generated[:ARROWS]))
    if slopes:
        real_points = game.dataset.points[:ARROWS]
        plane.arrows(real_points, game.slopes(real_points), BLUE, halo=True)
        _draw_slope_legend(plane.draw)
    plane.stamp(generated, _stamp("generated"))
    plane.draw.rectangle((LEFT - 1, TOP - 1, LEFT + SIDE, TOP + SIDE), outline=GREY)


def draw_probe(
    picture: Image.Image, reach: float | int, place: Float[Tensor, "1 2"], push: Float[Tensor, "1 2"]
) -> None:
    """Draws a ring around one place, and the push there."""
    plane = _Plane(picture, reach)
    ((x, y),) = plane._pixels(place)
    for radius, colour in ((9, "white"), (8, INK), (6, INK), (5, "white")):
        plane.draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour)
    plane.arrows(place, push)


class _Plane:
    """Draws points of the plane into its square; what lies outside of it is left out."""

    def __init__(self, picture: Image.Image, reach: float | int) -> None:
        self.picture, self.reach = picture, reach
        self.draw = ImageDraw.Draw(picture)

    def stamp(self, points: Float[Tensor, "count 2"], stamp: Image.Image) -> None:
        half = stamp.width // 2
        for x, y in self._pixels(points):
            self.picture.paste(stamp, (round(x) - half, round(y) - half), stamp)

    def arrows(
        self,
        points: Float[Tensor, "count 2"],
        pushes: Float[Tensor, "count 2"],
        colour: str = INK,
        *,
        halo: bool = False,
    ) -> None:
        """With a halo, arrows stand out from points of their own colour."""
        pairs = list(zip(self._pixels(points), pushes.tolist(), strict=False))
        for ink, width in (("white", 5), (colour, 2)) if halo else ((colour, 1),):
            for (x, y), (across, up) in pairs:
                _arrow(self.draw, (x, y), (across, -up), ink, width)

    def _pixels(self, points: Tensor) -> list[tuple[float, float]]:
        """Points outside the square go far away, where nothing is drawn; the order stays."""
        where = (points.nan_to_num(nan=math.inf) / self.reach).tolist()
        return [
            (LEFT + (x + 1) / 2 * SIDE, TOP + (1 - y) / 2 * SIDE)
            if max(abs(x), abs(y)) <= 1
            else (-99.0, -99.0)
            for x, y in where
        ]


@lru_cache(maxsize=4)
def _real_layer(dataset: PointSet, reach: float | int) -> Image.Image:
    """The real points, which stay from frame to frame."""
    layer = Image.new("RGBA", (LEFT + SIDE, TOP + SIDE), (255, 255, 255, 0))
    _Plane(layer, reach).stamp(dataset.points[:REAL_SHOWN], _stamp("real"))
    return layer


def _arrow(draw: ImageDraw.ImageDraw, start: Pair, push: Pair, colour: str = INK, width: int = 1) -> None:
    strength = math.hypot(*push)
    length = LONGEST_ARROW * math.sqrt(min(strength, 1.0))
    if not length >= 2:  # NaN fails this too
        return
    x, y = push[0] / strength, push[1] / strength
    tip = start[0] + length * x, start[1] + length * y
    head = min(6.0, length / 2)
    wings = [(tip[0] - head * x + s * head * y / 2, tip[1] - head * y - s * head * x / 2) for s in (1, -1)]
    draw.line([start, tip], fill=colour, width=width)
    draw.polygon([tip, *wings], fill=colour, outline=colour, width=max(1, width - 2))


def _heat_map(game: Game) -> Image.Image:
    """D's answers; stripes lie on the ground that D calls generated, a line where it cannot tell."""
    probability = game.probabilities(CELLS).nan_to_num(nan=0.5).numpy()
    levels = np.rint(probability * (LEVELS - 1)).astype(np.uint8)
    levels = levels.repeat(CELL, axis=0).repeat(CELL, axis=1)
    real = levels >= LEVELS / 2
    levels += _stripes() * ~real
    levels[1:][real[1:] != real[:-1]] = UNDECIDED
    levels[:, 1:][real[:, 1:] != real[:, :-1]] = UNDECIDED
    picture = Image.fromarray(levels, mode="P")
    picture.putpalette(colours().tobytes())
    return picture.convert("RGB")


@cache
def _stripes() -> np.ndarray:
    """What is added to the level of a pixel: ``LEVELS`` on a stripe, 0 elsewhere."""
    row, column = np.indices((SIDE, SIDE))
    return ((row + column) % 14 < 2).astype(np.uint8) * LEVELS


@cache
def colours() -> np.ndarray:
    """The colours of all levels, the same a little darker for the stripes, and the line's."""
    plain = (PROBABILITY_COLOURS(np.linspace(0, 1, LEVELS))[:, :3] * 255).astype(np.uint8)
    plain[(plain >= 250).all(axis=1)] = 255  # one white only: the palette has no room for near ones
    return np.concatenate([plain, (plain * 0.92).astype(np.uint8), [[128, 128, 128]]]).astype(np.uint8)


@cache
def _stamp(kind: str) -> Image.Image:
    """A blue dot or an orange cross, smooth at the edges."""
    size, fine = 9, 8
    big = Image.new("RGBA", (size * fine, size * fine), (255, 255, 255, 0))
    draw = ImageDraw.Draw(big)
    if kind == "real":
        draw.ellipse((fine, fine, (size - 1) * fine, (size - 1) * fine), fill="white")
        draw.ellipse((1.6 * fine, 1.6 * fine, (size - 1.6) * fine, (size - 1.6) * fine), fill=BLUE)
    else:
        low, high = fine, (size - 1) * fine
        for line in ((low, low, high, high), (low, high, high, low)):
            draw.line(line, fill=ORANGE, width=round(1.7 * fine))
    return big.resize((size, size), Image.Resampling.BOX)


@cache
def frame(reach: float | int) -> Image.Image:
    """All around the square, which stays from round to round."""
    picture = Image.new("RGB", (LEFT + SIDE + 70, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    for value in ticks(-reach, reach):
        place = (value / reach + 1) / 2 * SIDE
        draw.line([(LEFT + place, TOP + SIDE), (LEFT + place, TOP + SIDE + 4)], fill=GREY)
        draw.text((LEFT + place, TOP + SIDE + 6), f"{value:g}", fill=INK, font=font(), anchor="mt")
        draw.line([(LEFT - 5, TOP + SIDE - place), (LEFT, TOP + SIDE - place)], fill=GREY)
        draw.text((LEFT - 8, TOP + SIDE - place), f"{value:g}", fill=INK, font=font(), anchor="rm")
    middle = LEFT + SIDE / 2, TOP + SIDE / 2
    draw.text((middle[0], TOP + SIDE + 21), "first coordinate", fill=INK, font=font(), anchor="mt")
    label = Image.new("L", (130, 18), 255)
    ImageDraw.Draw(label).text((65, 9), "second coordinate", fill=34, font=font(), anchor="mm")
    picture.paste(label.rotate(90, expand=True), (6, round(middle[1]) - 65))
    _draw_scale(picture, draw)
    _draw_legend(picture, draw)
    return picture


def _draw_legend(picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    for x, kind, text in ((LEFT, "real", "real"), (LEFT + 60, "generated", "generated")):
        stamp = _stamp(kind)
        picture.paste(stamp, (x, 12), stamp)
        draw.text((x + 14, 16), text, fill=INK, font=font(), anchor="lm")
    _arrow(draw, (LEFT + 160, 16), (0.25, 0.0))
    draw.text(
        (LEFT + 186, 16),
        "push on G's point (this long: 0.25 nats per unit)",
        fill=INK,
        font=font(),
        anchor="lm",
    )


def _draw_slope_legend(draw: ImageDraw.ImageDraw) -> None:
    """Beside the colours' meaning, because the line above is full."""
    left, middle = LEFT + SIDE - 88, HEIGHT - 13
    _arrow(draw, (left, middle), (0.25, 0.0), BLUE, 2)
    draw.text((left + 26, middle), "D's slope at real points", fill=INK, font=font(), anchor="lm")


def _draw_scale(picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    """What the colours of the ground mean."""
    width, top = 160, HEIGHT - 20
    left = LEFT + (SIDE - width) // 2
    ramp = np.arange(width) * LEVELS // width
    ground = np.tile(colours()[ramp], (12, 1, 1))
    striped = (_stripes()[:12, :width] > 0) & (ramp < LEVELS / 2)
    ground[striped] = np.tile(colours()[ramp + LEVELS], (12, 1, 1))[striped]
    picture.paste(Image.fromarray(ground), (left, top))
    draw.rectangle((left - 1, top - 1, left + width, top + 12), outline=GREY)
    draw.text((left - 8, top + 6), "D says: generated", fill=INK, font=font(), anchor="rm")
    draw.text((left + width + 8, top + 6), "real", fill=INK, font=font(), anchor="lm")
