"""Keys and pictures for the questions about the discriminator."""

import math

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_lib import data, plots
from stablegen_lib.discriminator import Discriminator

PLACE = torch.linspace(-2, 4, 121)


def _log_density(mean: float) -> Tensor:
    """Of the bell curve around this mean with deviation 1, at all places."""
    return -0.5 * (PLACE - mean).square() - 0.5 * math.log(2 * math.pi)


def _odds(logit: float) -> Tensor:
    p = torch.sigmoid(torch.tensor(logit))
    return p / (1 - p)


@answer("03-two-more-logits")
def odds_from_one_to_three() -> float:
    return float(_odds(3.0) / _odds(1.0))


@answer("03-no-pair")
def company_does_not_matter() -> str:
    torch.manual_seed(0)
    judge = Discriminator(condition_size=0, image_size=16, width=16)
    y = data.to_unit_range(data.load_faces("validation").images[:8])
    x = torch.zeros(8, 0)
    alone = torch.cat([judge(x[:1], each[None]) for each in y])
    if torch.allclose(alone, judge(x, y), atol=1e-5):
        return "D sees one picture at a time."
    return "D compares with the nearest real picture of the batch."


@answer("03-best-logit")
def best_logit_at_one_place() -> float:
    p, q = torch.tensor(0.3), torch.tensor(0.1)
    return float(torch.logit(p / (p + q)))


@answer("03-tie-probability")
def best_probability_at_the_tie() -> float:
    p = _log_density(0.0).exp()
    return float((p / (p + p)).mean())


@answer("03-half-right")
def blind_to_the_condition() -> float:
    """Any D without x: here an untrained one, whose answers are as good as any others for this."""
    torch.manual_seed(0)
    judge = Discriminator(condition_size=0, image_size=16, width=16)
    y = data.to_unit_range(data.load_faces("validation").images[:64])
    logits = judge(torch.zeros(64, 0), y)  # of a face with its own x, and of the same face with a wrong one
    return float(torch.cat([logits > 0, logits <= 0]).float().mean())


@answer("03-no-zero-grad")
def gradients_add_up() -> str:
    weight = torch.tensor(1.0, requires_grad=True)
    for _ in range(10):
        torch.autograd.backward(2 * weight)
    if weight.grad is not None and float(weight.grad) == 20.0:
        return "The sum of the gradients of all ten steps."
    return "The gradient of step 10 only."


def _curve(values: Tensor) -> Figure:
    figure = Figure(figsize=(3.2, 2.4))
    ax = figure.subplots()
    ax.plot(PLACE, values, color=plots.BLUE)
    ax.axhline(0, color="0.6", linestyle=":")
    ax.set(xlabel="number", ylabel="logit")
    return figure


@picture("03-hill", "A curve with one hill at 0, falling to 0 on both sides.")
def hill() -> Figure:
    return _curve(_log_density(0.0).exp())


@picture("03-line", "A straight line that falls from 6 at -2, crosses 0 at 1, and ends at -6.")
def line() -> Figure:
    return _curve(_log_density(0.0) - _log_density(2.0))


@picture("03-step", "A step: 5 on the left, a sudden fall at 1, then -5.")
def step() -> Figure:
    return _curve(torch.where(PLACE < 1, 5.0, -5.0))
