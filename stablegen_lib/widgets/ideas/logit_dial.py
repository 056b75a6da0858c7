"""Lesson 04: one logit, both losses of the generator, and both slopes."""

from collections.abc import Callable

import torch
from PIL import Image
from torch import Tensor

from stablegen_lib import log_loss
from stablegen_lib.plots import ORANGE
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting
from stablegen_lib.widgets.ideas.base import Follower, page, slider
from stablegen_lib.widgets.picture import Points
from stablegen_lib.widgets.small_chart import GREY, INK, Chart

REACH = 10.0  # logits from -10 to 10
SIZE = (720, 330)
BOXES = ((52, 72, 346, 286), (412, 72, 706, 286))  # of the two charts, in pixels
# In the colours of the figures of lesson 04.
CURVES = (("minimax", INK, 6, log_loss.minimax_loss), ("non-saturating", ORANGE, 0,
          log_loss.non_saturating_loss))  # fmt: skip
Pair = tuple[float, float]


class LogitDial(Follower):
    """Moves D's logit for one generated sample: what it costs G, and which slope G gets.

    Drag in the picture, or use the slider. From Python: ``dial.logit = -8``.

    Args:
        logit: To begin with, −10 to 10.
    """

    INVITATION = "Run this notebook to move the logit."
    CUT, ASIDE = 360, "The slopes of both losses over the logit, with a mark at the present one."

    logit = Setting()

    @door(logit=at_least(-10, 10))
    def __init__(self, logit: float | int = -4.0) -> None:
        control = slider("D's logit", -REACH, REACH, 0.1, float(logit), digits=1)
        self._base = _curves()
        self._set_up({"logit": control})
        self._let_drag(self._dragged)

    def losses(self) -> dict[str, Pair]:
        """Loss in nats and slope per logit of each loss at the present logit."""
        return {name: _at(loss, self.logit) for name, _, _, loss in CURVES}

    def draw(self) -> Image.Image:
        """Two charts, with a mark on each curve."""
        picture, now = self._base.copy(), self.losses()
        for number in range(len(BOXES)):
            chart = _chart(picture, number, frame=False)
            chart.upright(self.logit, GREY)
            for row, (name, colour, dash, _) in enumerate(CURVES):
                value = now[name][number]
                chart.mark(self.logit, value, colour, square=bool(dash))
                chart.key(row, f"{name}: {_told(value)}", colour, dash)
        return picture

    def description(self) -> str:
        """The present numbers in a sentence."""
        probability = torch.tensor(self.logit).sigmoid().item()
        words = [
            f"{name} loss {_told(loss)} nats, slope {_told(slope)}"
            for name, (loss, slope) in self.losses().items()
        ]
        return f"Logit {self.logit:+.1f}: D says real with probability {probability:.4f}. {'; '.join(words)}."

    def _dragged(self, points: Points) -> None:
        across = points[-1][0] * SIZE[0]
        left, _, right, _ = BOXES[across > (BOXES[0][2] + BOXES[1][0]) / 2]
        share = min(max((across - left) / (right - left), 0.0), 1.0)
        self.logit = round((2 * share - 1) * REACH, 1)


def _at(loss: Callable[[Tensor], Tensor], logit: float) -> Pair:
    place = torch.tensor(logit, dtype=torch.float64, requires_grad=True)
    value = loss(place)
    (slope,) = torch.autograd.grad(value, place)
    return float(value.detach()), float(slope)


def _told(value: float) -> str:
    """Four digits behind the point; a number too small for them keeps its first digit: it is not 0."""
    return f"{value:+.4f}" if abs(value) >= 0.00095 else f"{value:+.1g}"


def _curves() -> Image.Image:
    """What stays: axes and curves."""
    picture = page(*SIZE)
    line = [number / 10 for number in range(-100, 101, 2)]
    for number in (0, 1):
        chart = _chart(picture, number)
        chart.level(0, GREY)
        for _, colour, dash, loss in CURVES:
            chart.line([(place, _at(loss, place)[number]) for place in line], colour, dash)
    return picture


def _chart(picture: Image.Image, number: int, frame: bool = True) -> Chart:
    up, xlabel = (((-10, 10), "D's logit"), ((-1.05, 0.05), "D's logit"))[number]
    chart = Chart(picture, BOXES[number], across=(-REACH, REACH), up=up, xlabel=xlabel, frame=frame)
    if frame:
        chart.title(("loss (nats)", "slope per logit")[number])
    return chart
