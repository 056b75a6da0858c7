"""The duel as a picture in a few milliseconds, and as a sentence for those who cannot see it."""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageColor

from stablegen_lib.plots import BLUE, ORANGE
from stablegen_lib.plots.grid import encode_png
from stablegen_lib.widgets.duel.game import Game
from stablegen_lib.widgets.duel.plane import HEIGHT, LEFT, SIDE, TOP, colours, draw_plane, frame
from stablegen_lib.widgets.small_chart import INK, Chart

GREEN, PURPLE = "#009E73", "#8A4F7D"
SIZE = (LEFT + SIDE + 350, HEIGHT)
CHART_LEFT, CHART_RIGHT = LEFT + SIDE + 70, SIZE[0] - 14
SCORES_BOX = (CHART_LEFT, TOP + 42, CHART_RIGHT, TOP + 180)
LOSSES_BOX = (CHART_LEFT, TOP + 282, CHART_RIGHT, TOP + SIDE)
TIES = {"non_saturating": math.log(2), "minimax": -math.log(2)}
Points = Sequence[tuple[float | int, float | int]]


def draw(game: Game, slopes: bool = False) -> bytes:
    """The plane on the left, scores and losses so far on the right, as a PNG file of size ``SIZE``.

    Args:
        game: What is shown.
        slopes: Whether blue arrows show D's slope at real points.
    """
    picture = Image.new("RGB", SIZE, "white")
    picture.paste(frame(game.reach))
    draw_plane(picture, game, slopes=slopes)
    _draw_scores(picture, game)
    _draw_losses(picture, game)
    return _encoded(picture)


def describe(game: Game) -> str:
    """The state of the game in words."""
    scores = game.scores()
    parts = [
        f"Round {game.round} on {game.dataset.name}: generated points have reached {scores.captured} of "
        f"{scores.modes} modes, {scores.on_mode_mass:.0%} of them lie near one."
    ]
    for name, losses in (("D", game.discriminator_losses), ("G", game.generator_losses)):
        if losses:
            parts.append(f"{name}'s last loss is {_rounded(losses[-1][1])}.")
    parts.append(f"D's squared slope at real points is {game.steepness():.2g} on average.")
    return " ".join(parts)


def to_plane(points: Points, reach: float | int, size: tuple[int, int] = SIZE) -> list[tuple[float, float]]:
    """Places in a picture of that size, (across, down) in [0, 1], as points of the plane in it."""
    across = [(x * size[0] - LEFT) / SIDE for x, _ in points]
    down = [(y * size[1] - TOP) / SIDE for _, y in points]
    inside = [(x, y) for x, y in zip(across, down, strict=True) if 0 <= x <= 1 and 0 <= y <= 1]
    return [((2 * x - 1) * reach, (1 - 2 * y) * reach) for x, y in inside]


def _rounded(loss: float) -> str:
    return f"{round(loss, 2) + 0.0:.2f}"  # never "-0.00"


def _draw_scores(picture: Image.Image, game: Game) -> None:
    now = game.scores()
    history = [*game.score_history, (game.round, now)]
    chart = Chart(picture, SCORES_BOX, across=(0, max(100, game.round)), up=(0, 1), xlabel="round")
    chart.line([(number, scores.coverage) for number, scores in history], GREEN, dash=6)
    chart.line([(number, scores.on_mode_mass) for number, scores in history], PURPLE)
    chart.key(0, f"modes reached: {now.captured} of {now.modes}", GREEN, dash=6)
    chart.key(1, f"on-mode mass: {now.on_mode_mass:.2f}", PURPLE)


def _draw_losses(picture: Image.Image, game: Game) -> None:
    kinds = (
        ("D", game.discriminator_losses, BLUE, 0, 2 * math.log(2)),
        ("G", game.generator_losses, ORANGE, 6, TIES[game.recipe.loss]),
    )
    values = [loss for _, losses, *_ in kinds for _, loss in losses]
    up = max(-4.0, min([0.0, *values])), min(6.0, max([2.0, *values]))
    chart = Chart(picture, LOSSES_BOX, across=(0, max(100, game.round)), up=up, xlabel="round")
    for row, (name, losses, colour, dash, tie) in enumerate(kinds):
        chart.level(tie, colour)
        chart.line(losses, colour, dash)
        now = _rounded(losses[-1][1]) if losses else "none yet"
        chart.key(row, f"{name}'s loss (nats): {now}, tie {tie:.2f} (dotted)", colour, dash)


def _encoded(picture: Image.Image) -> bytes:
    """256 colours are enough, and make a quarter of the work for PNG's compression."""
    palette = _palette()
    small = Image.new("P", (1, 1))
    small.putpalette((palette & 0b11111100).tobytes())  # Pillow looks for a colour by its upper six bits
    indexed = picture.quantize(palette=small, dither=Image.Dither.NONE)
    indexed.putpalette(palette.tobytes())
    return encode_png(indexed)


@cache
def _palette() -> np.ndarray:
    """The colours of the ground, and each ink in ten steps to white, for the edges of letters."""
    inks = [np.array(ImageColor.getrgb(colour)) for colour in (INK, BLUE, ORANGE, GREEN, PURPLE)]
    mixed = [ink + (255 - ink) * part / 10 for ink in inks for part in range(11)]
    return np.concatenate([colours(), mixed]).astype(np.uint8)
