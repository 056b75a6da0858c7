"""Keys and pictures for the questions about the log-loss."""

import math
from collections.abc import Callable

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_lib import log_loss, plots

LOGITS = torch.linspace(-6, 6, 121)


@answer("04-batch-loss")
def batch_loss() -> float:
    """Three generated samples with probabilities 0.5, 0.25 and 0.125 of being real."""
    p = torch.tensor([0.5, 0.25, 0.125])
    return float(log_loss.article_loss(torch.logit(p)))


@answer("04-slope-spotted")
def slope_of_a_spotted_fake() -> float:
    logit = torch.tensor(-3.0, requires_grad=True)
    (slope,) = torch.autograd.grad(log_loss.non_saturating_loss(logit), logit)
    return float(slope)


@answer("04-doubled-batch")
def doubled_batch() -> str:
    logits = torch.tensor([2.0, 0.0, -3.0])
    once, twice = log_loss.article_loss(logits), log_loss.article_loss(logits.repeat(2))
    return "It stays the same." if math.isclose(float(once), float(twice), rel_tol=1e-6) else "It doubles."


@answer("04-loss-at-tie")
def tie_in_the_log() -> float:
    cannot_tell = torch.zeros(64)
    return float(log_loss.discriminator_loss(real_logits=cannot_tell, fake_logits=cannot_tell))


@answer("04-never-heads")
def never_heads() -> str:
    """One head in a hundred flips, for a forecaster who said that heads cannot happen."""
    claim, heads = torch.tensor(0.0), 0.01
    loss = -(heads * claim.log() + (1 - heads) * (1 - claim).log())
    return "It is infinite." if loss.isinf() else "It is 0.01."


def _curve(slopes: Tensor) -> Figure:
    figure = Figure(figsize=(3.4, 2.6))
    ax = figure.subplots()
    ax.plot(LOGITS, slopes, color=plots.BLUE)
    ax.set(xlabel="D's logit for a generated sample", ylabel="slope of G's loss", ylim=(-1.1, 0.1))
    return figure


def _slopes(loss: Callable[[Tensor], Tensor]) -> Tensor:
    logits = LOGITS.clone().requires_grad_()
    total = torch.stack([loss(logit[None]) for logit in logits]).sum()
    return torch.autograd.grad(total, logits)[0]


@picture("04-slope-left", "A curve of the slope against D's logit: flat at -1 on the left, it rises to 0.")
def slopes_of_non_saturating() -> Figure:
    return _curve(_slopes(log_loss.non_saturating_loss))


@picture("04-slope-right", "A curve of the slope against D's logit: flat at 0 on the left, it falls to -1.")
def slopes_of_minimax() -> Figure:
    return _curve(_slopes(log_loss.minimax_loss))


@picture("04-slope-flat", "A curve of the slope against D's logit: the same, -0.5, everywhere.")
def slopes_of_a_straight_line() -> Figure:
    return _curve(torch.full_like(LOGITS, -0.5))
