"""Lesson 00: a run on points of the plane, to scrub through step by step."""

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from stablegen_lib.plots import BLUE, ORANGE
from stablegen_lib.plumbing.bounds import FREE, above
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting
from stablegen_lib.widgets.ideas.base import Follower, page, slider
from stablegen_lib.widgets.small_chart import Chart

SIZE, BOX = (420, 470), (52, 72, 406, 426)  # pixels, of the picture and of the square in it
NEAR = 0.2  # of a real point, units of the plane
REAL_SHOWN = 300


class PointFilm(Follower):
    """Made-up points after each step of a run, above the real ones; a slider goes from step to step.

    From Python: ``film.step = 100``.

    Args:
        frames: The made-up points after each step.
        real: The points to imitate; the first 300 are drawn.
        reach: Both coordinates are shown from −reach to reach; what lies outside is drawn at the edge.

    Raises:
        ValueError: If there are fewer than 2 steps, or a coordinate is not finite.
    """

    INVITATION = "Run this notebook to go through the steps."

    step = Setting()

    @door(frames=FREE, real=FREE, reach=above(0))
    def __init__(
        self, frames: Float[Tensor, "steps count 2"], real: Float[Tensor, "others 2"], reach: float | int = 3
    ) -> None:
        if len(frames) < 2:
            raise ValueError(f"the points after 2 or more steps were needed; those of {len(frames)} came.")
        self.frames, self.real = frames.detach().float().cpu(), real.detach().float().cpu()
        self.reach = float(reach)
        self._base = self._drawn_base()
        self._set_up({"step": slider("steps done", 0, len(frames) - 1, 1, 0)})

    def near(self) -> float:
        """The share of the made-up points of this step that lie near a real one."""
        distances = torch.cdist(self.frames[self.step], self.real).min(dim=1).values
        return float((distances < NEAR).float().mean())

    def draw(self) -> Image.Image:
        """Blue dots, and orange crosses above them."""
        picture = self._base.copy()
        chart = self._chart(picture, frame=False)
        for across, up in self.frames[self.step].tolist():
            chart.cross(across, up, ORANGE)
        return picture

    def description(self) -> str:
        """How many points have found their place, in a sentence."""
        return (
            f"After {self.step:,} steps: {self.near():.0%} of {self.frames.shape[1]} made-up points lie "
            f"within {NEAR:g} of a real one."
        )

    def _drawn_base(self) -> Image.Image:
        """What stays: axes, legend, real points."""
        picture = page(*SIZE)
        chart = self._chart(picture)
        chart.title("second coordinate")
        for row, (name, colour) in enumerate((("real: dots", BLUE), ("made up: crosses", ORANGE))):
            chart.key(row, name, colour)
        for across, up in self.real[:REAL_SHOWN].tolist():
            chart.dot(across, up, BLUE)
        return picture

    def _chart(self, picture: Image.Image, frame: bool = True) -> Chart:
        ends = (-self.reach, self.reach)
        return Chart(picture, BOX, across=ends, up=ends, xlabel="first coordinate", frame=frame)
