"""Lesson 07: the smallest game, with its penalty, learning rate, loss and turns to change."""

import math

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from stablegen_lib.plots import BLUE, ORANGE
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.doors import door
from stablegen_lib.stability import flow_eigenvalues, simulate
from stablegen_lib.widgets.controls import Setting
from stablegen_lib.widgets.ideas.base import Follower, menu, page, slider
from stablegen_lib.widgets.picture import Points
from stablegen_lib.widgets.small_chart import GREY, Chart

REACH = 3.0  # both numbers go from -3 to 3
STEPS = 100
SIZE, PLANE, DISTANCE = (760, 400), (52, 44, 352, 344), (440, 44, 744, 344)
POWERS = (-4.0, 1.0)  # of the distance's axis
LOSSES = (("non-saturating", "non_saturating"), ("minimax", "minimax"))
TURNS = (("in turn, D first", "alternating"), ("both at once", "simultaneous"))


class DiracDial(Follower):
    """Plays the game of two numbers: theta, where the made-up point is, and psi, D's slope.

    Click in the plane to start there, or use the sliders. From Python: ``dial.gamma = 0.3``, and
    the same for ``rate``, ``loss``, ``turns``, ``theta`` and ``psi``.

    Args:
        gamma: Weight of the R1 penalty, 0 to 2.
        rate: Learning rate of both, 0.02 to 1.
    """

    INVITATION = "Run this notebook to play."
    CUT, ASIDE = 380, "The distance from the resting point (0, 0), step by step."

    gamma, rate, loss, turns, theta, psi = (Setting() for _ in range(6))

    @door(gamma=at_least(0, 2), rate=at_least(0.02, 1))
    def __init__(self, gamma: float | int = 0.0, rate: float | int = 0.2) -> None:
        self._set_up(
            {
                "gamma": slider("gamma (R1)", 0.0, 2.0, 0.05, float(gamma)),
                "rate": slider("learning rate", 0.02, 1.0, 0.02, float(rate)),
                "loss": menu("G's loss", LOSSES, "non_saturating"),
                "turns": menu("turns", TURNS, "alternating"),
                "theta": slider("start: theta", -REACH, REACH, 0.1, 1.0, digits=1),
                "psi": slider("start: psi", -REACH, REACH, 0.1, 0.0, digits=1),
            }
        )
        self._let_drag(self._pointed)

    def _follow(self, name: str) -> None:
        self._path: Tensor = simulate(
            torch.tensor([self.theta, self.psi]), steps=STEPS, rate=self.rate, gamma=self.gamma,
            turns=self.turns, loss=self.loss,
        )  # fmt: skip
        super()._follow(name)

    def path(self) -> Float[Tensor, "step 2"]:
        """(theta, psi) before the first step and after each one."""
        return self._path

    def distances(self) -> Float[Tensor, " step"]:
        """How far from the resting point (0, 0), at each step."""
        distances: Tensor = self._path.norm(dim=1)
        return distances

    def draw(self) -> Image.Image:
        """The path in the plane, and the distance from the middle, step by step."""
        picture = page(*SIZE)
        plane = Chart(picture, PLANE, across=(-REACH, REACH), up=(-REACH, REACH), xlabel="theta (G)")
        plane.key(1, "the path; up: psi (D)", BLUE)
        plane.level(0, GREY)
        plane.upright(0, "#cccccc")
        places: list[tuple[float, float]] = [(x, y) for x, y in self._path.clamp(-9, 9).tolist()]
        plane.line(places, BLUE)
        for x, y in places[1:]:
            plane.dot(x, y, BLUE)
        plane.mark(*places[0], GREY, square=True)
        plane.mark(*places[-1], ORANGE)
        powers = self.distances().clamp_min(1e-9).log10().clamp(*POWERS).tolist()
        chart = Chart(picture, DISTANCE, across=(0, STEPS), up=POWERS, xlabel="step")
        chart.key(1, "distance from (0, 0), as a power of ten", ORANGE)
        chart.level(powers[0], GREY)
        chart.line(list(enumerate(powers)), ORANGE)
        return picture

    def description(self) -> str:
        """What the path does, and what the eigenvalues say for small steps, in words."""
        distances = self.distances()
        factor = float(distances[-1] / distances[0].clamp_min(1e-9))
        value = flow_eigenvalues(self.gamma)[0]
        turn = f" ± {abs(value.imag):.2f}i" if value.imag else ""
        return (
            f"gamma {self.gamma:.2f}, learning rate {self.rate:.2f}: after {STEPS} steps the distance "
            f"from the middle is {_times(factor)} what it was. The game {self._does()}. "
            f"For endlessly small steps: eigenvalues {value.real + 0.0:.2f}{turn}."
        )

    def _does(self) -> str:
        """What the last quarter of the path does, compared with the one before."""
        before, last = self.distances()[STEPS // 2 + 1 :].chunk(2)
        late = float(last.mean() / before.mean().clamp_min(1e-9))
        ends = ((0.7, "comes to rest"), (0.97, "comes nearer, slowly"), (1.03, "goes round and round"))
        return next((words for most, words in ends if late < most), "runs away")

    def _pointed(self, points: Points) -> None:
        across, down = points[-1]
        left, top, right, bottom = PLANE
        x, y = (across * SIZE[0] - left) / (right - left), (bottom - down * SIZE[1]) / (bottom - top)
        if 0 <= x <= 1 and 0 <= y <= 1:
            self.theta = round((2 * x - 1) * REACH, 1)
            self.psi = round((2 * y - 1) * REACH, 1)


def _times(factor: float) -> str:
    return f"{factor:.2f} times" if factor >= 0.01 or not math.isfinite(factor) else "less than 0.01 times"
