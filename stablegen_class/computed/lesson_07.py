"""Keys and pictures for the questions about stability."""

import math

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import plane
from stablegen_experiments.intervals import wilson_interval
from stablegen_lib import data, stability

LINE_SCORES = {"A": (0.48, 0.49, 0.49, 0.48, 0.49), "B": (0.20, 0.30, 0.55, 0.60, 0.25)}


@answer("07-ten-of-ten")
def ten_of_ten() -> float:
    return wilson_interval(10, 10)[0]


@answer("07-line-through-the-crowd")
def order_at_two_lines() -> str:
    ahead = []
    for line in (0.50, 0.45):
        survived = {name: sum(score >= line for score in scores) for name, scores in LINE_SCORES.items()}
        ahead.append(max(survived, key=lambda name: survived[name]))
    return {"BA": "It turns round: first B is ahead, then A."}.get("".join(ahead), "They become equal.")


@answer("07-game-without-brake")
def smallest_game() -> str:
    path = stability.simulate(torch.tensor([0.5, 0.0]), steps=800, rate=0.2).norm(dim=1)
    first, second = path[0] - path[400], path[400] - path[800]
    if first > second > 0 and path[-1] > 0.02:
        return "Nearer, but ever more slowly."
    return "At the goal, as fast as with a penalty." if path[-1] < path[0] else "Far away: it is driven out."


def _pull(gamma: float) -> float:
    return -max(value.real for value in stability.flow_eigenvalues(gamma))


@answer("07-pull-of-the-brake")
def pull() -> float:
    return _pull(0.6)


@answer("07-too-strong")
def stronger_brake() -> str:
    return "It becomes weaker." if _pull(3.0) < _pull(1.0) else "It becomes three times as strong."


def _angles(count: int = 300) -> Tensor:
    return 2 * math.pi * torch.arange(count) / count


def _circle(angles: Tensor) -> Tensor:
    return 2 * torch.stack([angles.cos(), angles.sin()], dim=1)


def _real() -> Tensor:
    return data.ring(samples=300).points


@picture(
    "07-even", "Eight clusters of real points on a circle; generated points lie evenly along the circle."
)
def even() -> Figure:
    return plane(real=_real(), generated=_circle(_angles()))


@picture(
    "07-one-place", "Eight clusters of real points on a circle; all generated points lie at one place of it."
)
def one_place() -> Figure:
    return plane(real=_real(), generated=data.ring(1, samples=300, standard_deviation=0.08).points)


@picture(
    "07-trembling",
    "Eight clusters of real points on a circle; generated points lie loosely around all eight.",
)
def trembling() -> Figure:
    return plane(real=_real(), generated=data.ring(samples=300, standard_deviation=0.15, seed=1).points)
