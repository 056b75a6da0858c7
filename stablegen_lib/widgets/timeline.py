"""A training run to scrub through: the same z at every step, with the losses alongside."""

import io
import math
from collections.abc import Sequence
from typing import Any

import ipywidgets
from PIL import Image, ImageDraw

from stablegen_lib import plots
from stablegen_lib.plots.grid import encode_png
from stablegen_lib.plumbing.doors import door
from stablegen_lib.training.snapshots import Snapshot, Snapshots
from stablegen_lib.widgets.panel import Panel
from stablegen_lib.widgets.picture import Picture
from stablegen_lib.widgets.small_chart import GREY, INK, Chart

SIDE = 400  # screen pixels of the pictures, about
CHART = (460, 320)  # pixels
BOX = (52, 48, 446, 276)  # of the curves inside
SMOOTHING = 25  # steps
CURVES = (("D", plots.BLUE, 0, 2 * math.log(2)), ("G", plots.ORANGE, 6, math.log(2)))  # dash, loss at the tie


class Timeline(Panel):
    """Scrub through the snapshots of one training run; the last line of a cell shows it.

    ``timeline.step = 200`` goes to the last snapshot at or before step 200.

    Args:
        snapshots: What ``Snapshots`` recorded, or ``Snapshots.load`` read.
        ties: Whether dotted lines show the losses when D cannot tell real from generated. False for
            a recipe with ``mismatch``, where these are others.

    Raises:
        ValueError: If these are no snapshots, or nothing has been recorded.
    """

    INVITATION = "Run this notebook to scrub through the run."

    @door()
    def __init__(self, snapshots: Snapshots, *, ties: bool = True) -> None:
        if not len(snapshots):
            raise ValueError("no snapshots yet: call snapshots.record(model, step) in the training loop.")
        self._shots = list(snapshots.snapshots)
        self._losses = list(snapshots.losses)
        self._base = _draw_losses(self._losses, ties)
        self.picture, self.chart = Picture(), Picture()
        self.picture.interval = 150
        self.picture.on_tick = self._next_frame
        self.slider = ipywidgets.SelectionSlider(
            description="step",
            options=[(f"{shot.number:,}", index) for index, shot in enumerate(self._shots)],
            value=len(self._shots) - 1,
            layout={"width": "30em"},
        )
        self.play = ipywidgets.ToggleButton(
            description="play", icon="play", tooltip="from the first snapshot to the last"
        )
        self.status = ipywidgets.HTML()
        self.slider.observe(self._moved, "value")
        self.play.observe(lambda change: self._set_playing(change["new"]), "value")
        row = {"flex_flow": "row wrap"}
        pictures = ipywidgets.HBox([self.picture, self.chart], layout=row)
        self._arrange([pictures, ipywidgets.HBox([self.slider, self.play], layout=row), self.status])
        self._show()

    @property
    def step(self) -> int:
        """The step whose pictures are shown; assign to scrub."""
        return self._shot.number

    @step.setter
    def step(self, number: int) -> None:
        if not self._shots[0].number <= number <= self._losses[-1][0]:
            raise ValueError(
                f"a step from {self._shots[0].number} to {self._losses[-1][0]} was needed, and {number} came."
            )
        self.slider.value = max(index for index, shot in enumerate(self._shots) if shot.number <= number)

    @property
    def playing(self) -> bool:
        """Whether the film runs; it needs a page that shows it."""
        return bool(self.picture.playing)

    @playing.setter
    def playing(self, playing: bool) -> None:
        self.play.value = playing

    def __repr__(self) -> str:
        return f"Timeline({len(self._shots)} snapshots, step {self.step})"

    def description(self) -> str:
        """Step and losses in words."""
        _, d_loss, g_loss = min(self._losses, key=lambda row: abs(row[0] - self.step))
        return (
            f"{len(self._shot.images)} pictures after step {self.step}. "
            f"Losses at that step: D {d_loss:.2f}, G {g_loss:.2f}."
        )

    def still_png(self) -> bytes:
        """Pictures and losses beside each other."""
        grid, chart = Image.open(io.BytesIO(self._grid(enlarged=True))), self._chart()
        page = Image.new("RGB", (grid.width + chart.width, max(grid.height, chart.height)), "white")
        page.paste(grid, (0, 0))
        page.paste(chart, (grid.width, 0))
        return encode_png(page)

    @property
    def _shot(self) -> Snapshot:
        return self._shots[int(self.slider.value)]

    def _moved(self, change: dict[str, Any]) -> None:
        with self._reporting("No picture"):
            self._show()

    def _show(self) -> None:
        words = self.description()
        self.picture.scale = self._scale
        self.picture.show(self._grid(), words)
        self.chart.show(
            encode_png(self._chart()), f"The losses of D and G over the run, with a mark at step {self.step}."
        )
        self.status.value = f'<div role="status" aria-live="polite">{words}</div>'

    def _set_playing(self, playing: bool) -> None:
        at_end = self.slider.value == len(self._shots) - 1
        if playing and at_end:
            self.slider.value = 0
        self.picture.playing = playing

    def _next_frame(self) -> None:
        if self.slider.value < len(self._shots) - 1:
            self.slider.value += 1
        else:
            self.playing = False

    def _chart(self) -> Image.Image:
        """The losses with a mark at the present step."""
        picture, last = self._base.copy(), max(2, self._losses[-1][0])
        column = BOX[0] + (BOX[2] - BOX[0]) * (self.step - 1) / (last - 1)
        draw = ImageDraw.Draw(picture)
        draw.line([(column, BOX[1]), (column, BOX[3])], fill=INK)
        draw.polygon([(column - 5, BOX[1] - 7), (column + 5, BOX[1] - 7), (column, BOX[1])], fill=INK)
        return picture

    @property
    def _columns_of_grid(self) -> int:
        return math.ceil(math.sqrt(len(self._shot.images)))

    @property
    def _scale(self) -> int:
        return max(1, SIDE // ((self._shot.images.shape[-1] + 1) * self._columns_of_grid))

    def _grid(self, enlarged: bool = False) -> bytes:
        return plots.to_png(self._shot.images, self._columns_of_grid, self._scale if enlarged else 1)


def _draw_losses(losses: Sequence[tuple[int, float, float]], ties: bool) -> Image.Image:
    """Both losses, each a running mean; with ties, dotted lines where they lie when D cannot tell."""
    picture = Image.new("RGB", CHART, "white")
    values = [value for _, *pair in losses for value in pair if math.isfinite(value)]
    highest = min(6.0, max([2.0, *values]))
    chart = Chart(picture, BOX, across=(1, max(2, losses[-1][0])), up=(0, highest), xlabel="step")
    for row, (name, colour, dash, tie) in enumerate(CURVES):
        if ties:
            chart.level(tie, colour)
        chart.line(_smooth([(number, pair[row]) for number, *pair in losses]), colour, dash)
        words = f"{name}'s loss in nats, mean of {SMOOTHING} steps"
        words += f"; dotted: the tie, {tie:.2f}" if ties else ""
        chart.key(row, words, colour, dash)
    chart.draw.rectangle(BOX, outline=GREY)
    return picture


def _smooth(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    window: list[float] = []
    smooth = []
    for number, value in points:
        window = [*window, value][-SMOOTHING:]
        smooth.append((number, sum(window) / len(window)))
    return smooth
