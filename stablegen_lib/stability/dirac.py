"""The smallest game of all: one real point, one generated point, one weight. Every step can be computed.

The real data are the point 0, the generated data the point theta, and D's logit at y is psi·y.
At theta = psi = 0 neither can gain. Does training get there? Near that point the answer is a 2×2
matrix, and its eigenvalues tell: lesson 07.

Source:
    Mescheder, Geiger, Nowozin 2018, arXiv:1801.04406 ("Which training methods for GANs do actually
    converge?"): the Dirac-GAN, its eigenvalues, simultaneous and alternating steps, R1.
"""

import cmath
import math
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib import log_loss
from stablegen_lib.plumbing.bounds import above, at_least
from stablegen_lib.plumbing.doors import door

Turns = Literal["simultaneous", "alternating"]
SLOPE = 0.5  # of the log-loss where the logit is 0: sigmoid(0)


@door()
def flow_eigenvalues(gamma: float = 0.0) -> tuple[complex, complex]:
    """The eigenvalues at the equilibrium when steps are infinitely small: −γ/2 ± √(γ²/4 − 1/4).

    A real part below 0 pulls inwards; 0 circles for ever; an imaginary part turns. Without the
    penalty they are ±i/2. From γ = 1 on nothing turns any more (critical damping).

    Args:
        gamma: Weight of the R1 penalty, γ/2·psi²: half the squared slope of D at the real point.

    Raises:
        ValueError: If gamma is below 0 or not finite.
    """
    if gamma <= 1:
        root = cmath.sqrt(gamma**2 / 4 - SLOPE**2)
        return -gamma / 2 + root, -gamma / 2 - root
    fast = -gamma / 2 * (1 + math.sqrt(1 - 1 / gamma / gamma))
    return complex(SLOPE**2 / fast), complex(fast)  # their product is 1/4; −γ/2 + √… would lose digits


@door()
def flow(
    start: Float[Tensor, "2"], times: Float[Tensor, " time"], gamma: float = 0.0
) -> Float[Tensor, "time 2"]:
    """(theta, psi) at these times when steps are infinitely small and the start is near 0: closed form.

    Args:
        start: (theta, psi) at time 0. The formula is the linear one: exact in the limit of small values.
        times: Number of steps times learning rate.
        gamma: Weight of the R1 penalty.
    """
    matrix = torch.tensor([[0.0, SLOPE], [-SLOPE, -gamma]], dtype=torch.float64)
    growths = torch.linalg.matrix_exp(times.to(torch.float64)[:, None, None] * matrix)
    path: Tensor = growths @ start.to(torch.float64)
    return path.to(start.dtype)


@door(steps=at_least(0), rate=above(0))
def simulate(
    start: Float[Tensor, "2"],
    *,
    steps: int,
    rate: float,
    gamma: float = 0.0,
    turns: Turns = "alternating",
    loss: Literal["non_saturating", "minimax"] = "non_saturating",
) -> Float[Tensor, "step 2"]:
    """Trains the two numbers with the losses of `log_loss` and autograd: nothing is linearised.

    Args:
        start: (theta, psi).
        steps: Steps of plain gradient descent.
        rate: Learning rate of both.
        gamma: Weight of the R1 penalty.
        turns: "simultaneous", or "alternating" with D first.
        loss: G's: "non_saturating" or "minimax". Near the equilibrium they have the same slope.

    Returns:
        (theta, psi) before the first step and after each one.

    Raises:
        ValueError: If there is no such loss, there are no such turns, or a number is out of its range.
    """
    theta, psi = start.double().unbind()
    path = [torch.stack([theta, psi])]
    for _ in range(steps):
        moved = psi - rate * _discriminator_slope(theta, psi, gamma)
        seen = moved if turns == "alternating" else psi
        theta, psi = theta - rate * _generator_slope(theta, seen, loss), moved
        path.append(torch.stack([theta, psi]))
    return torch.stack(path)


def _discriminator_slope(theta: Tensor, psi: Tensor, gamma: float) -> Tensor:
    psi = psi.detach().requires_grad_(True)
    loss = log_loss.discriminator_loss(real_logits=psi * 0, fake_logits=psi * theta)
    (slope,) = torch.autograd.grad(loss + gamma / 2 * psi**2, psi)  # psi is D's slope everywhere
    return slope


def _generator_slope(theta: Tensor, psi: Tensor, loss: str) -> Tensor:
    theta = theta.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(log_loss.GENERATOR_LOSSES[loss](psi * theta), theta)
    return slope
