"""Gaps of lesson 07, stability."""

import torch
from torch import Tensor, nn

from stablegen_lib.course.exercises import judging
from stablegen_lib.course.missing_lines import fills


@fills(
    "07.a",
    "points on a circle",
    cases=lambda: [(torch.rand(5) * 6, 2.0), (torch.rand(8) * 6, 0.5)],
    mistakes=(
        (
            lambda angles, radius: torch.stack([angles.cos(), angles.sin()], dim=1),
            "these lie on a circle of radius 1: where is the radius?",
        ),
        (
            lambda angles, radius: radius * torch.stack([angles.cos(), angles.sin()]),
            "two rows came: stack along dim=1, so that each point is a row.",
        ),
    ),
)
def ring_points(angles: Tensor, radius: float) -> Tensor:
    return radius * torch.stack([angles.cos(), angles.sin()], dim=1)


@fills(
    "07.b",
    "a difference, or luck?",
    cases=lambda: [(torch.tensor([-4, 0, 0, 2, 4, 6, -6, 3]), 3), (torch.tensor([0, 1, -1, 2, -3, 3]), -2)],
    mistakes=(
        (lambda deals, seen: (deals >= seen).float().mean(),
         "luck can favour the other recipe as well: take differences in both directions."),
        (lambda deals, seen: (deals.abs() >= seen).float().mean(),
         "what was seen may be below 0, too: how far from 0 is it?"),
        (lambda deals, seen: (deals.abs() > abs(seen)).float().mean(),
         "a deal that differs exactly as much counts as well."),
        (lambda deals, seen: (deals.abs() == abs(seen)).float().mean(),
         "larger differences would surprise us still more: count them too."),
        (lambda deals, seen: (deals.abs() >= abs(seen)).sum(),
         "that is the number of such deals. Which share of all deals is it?"),
    ),
)  # fmt: skip
def by_luck(differences: Tensor, seen: int) -> Tensor:
    return (differences.abs() >= abs(seen)).float().mean()


@fills(
    "07.c",
    "count survivors at a line",
    cases=lambda: [
        (torch.tensor([8.0, 7.0, 6.0, 8.0]), torch.tensor([0.5, 0.7, 0.9, 0.3]), 0.5),
        (torch.tensor([8.0, 8.0, 8.0]), torch.tensor([0.5, 0.7, 0.9]), 0.6),
    ],
    mistakes=(
        (lambda captured, mass, line: (mass >= line).sum(), "a run also needs at least 7 modes."),
        (lambda modes, mass, line: ((modes >= 7) & (mass > line)).sum(), "exactly at the line survives: >=."),
    ),
    tolerance=0.0,
)
def survivors(captured: Tensor, mass: Tensor, line: float) -> Tensor:
    return ((captured >= 7) & (mass >= line)).sum()


@fills(
    "07.d",
    "the first step at which a line is reached",
    cases=lambda: [
        (torch.tensor([10, 20, 30, 40]), torch.tensor([0.1, 0.2, 0.5, 0.6]), 0.5),
        (torch.tensor([300, 600, 900]), torch.tensor([0.3, 0.4, 0.8]), 0.35),
    ],
    mistakes=(
        (
            lambda steps, mass, line: (mass >= line).float().argmax(),
            "that is the place in the list. Which step stands there?",
        ),
        (lambda steps, mass, line: steps[mass >= line][-1], "that is the last one; take the first."),
        (
            lambda steps, mass, line: steps[mass <= line][-1],
            "there the line is not yet reached, or only just.",
        ),
    ),
    tolerance=0.0,
)
def steps_until(steps: Tensor, mass: Tensor, line: float) -> Tensor:
    return steps[mass >= line][0]


@fills(
    "07.e",
    "how far points move from step to step",
    cases=lambda: [(torch.randn(5, 3, 2),), (torch.randn(9, 4, 2),)],
    mistakes=(
        (
            lambda trail: (trail[-1] - trail[0]).norm(dim=1).mean(),
            "that is from the first time to the last. Take neighbouring times: trail[1:] and trail[:-1].",
        ),
        (
            lambda trail: (trail[1:] - trail[:-1]).abs().mean(),
            "that is the mean over the coordinates. A distance is the norm over the last dimension.",
        ),
    ),
)
def movement(trail: Tensor) -> Tensor:
    return (trail[1:] - trail[:-1]).square().sum(dim=2).sqrt().mean()


@fills(
    "07.f",
    "one step of the smallest game",
    cases=lambda: [(torch.tensor(1.0), torch.tensor(0.5), 0.2), (torch.tensor(-0.3), torch.tensor(2.0), 0.5)],
    mistakes=(
        (
            lambda theta, psi, rate: _game(theta, psi, rate, old=True),
            "this uses the psi from before D's turn: G answers the D that has just moved.",
        ),
        (
            lambda theta, psi, rate: _game(theta, psi, rate, sign=-1),
            "this goes uphill: G's slope is −ψ σ(−ψθ), and downhill means minus the slope.",
        ),
    ),
)
def one_step(theta: Tensor, psi: Tensor, rate: float) -> tuple[Tensor, Tensor]:
    return _game(theta, psi, rate)


def _game(
    theta: Tensor, psi: Tensor, rate: float, *, old: bool = False, sign: int = 1
) -> tuple[Tensor, Tensor]:
    moved = psi - rate * theta * torch.sigmoid(psi * theta)
    seen = psi if old else moved
    return theta + sign * rate * seen * torch.sigmoid(-seen * theta), moved


@fills(
    "07.g",
    "the smallest game as a matrix",
    cases=lambda: [(0.0,), (0.3,), (2.0,)],
    mistakes=(
        (lambda gamma: torch.tensor([[0.0, 0.5], [-0.5, gamma]]), "a brake takes speed away: mind its sign."),
        (
            lambda gamma: torch.tensor([[0.0, 0.5], [-0.5, -gamma / 2]]),
            "γ/2 · ψ² is the loss. The speed is minus its slope along ψ.",
        ),
        (
            lambda gamma: torch.tensor([[-gamma, 0.5], [-0.5, 0.0]]),
            "the penalty is in D's loss, and D has ψ: whose row is that?",
        ),
        (
            lambda gamma: torch.tensor([[0.0, -0.5], [0.5, -gamma]]),
            "rows and columns have changed places: the first row gives the speed of theta.",
        ),
    ),
)
def flow_matrix(gamma: float) -> Tensor:
    return torch.tensor([[0.0, 0.5], [-0.5, -gamma]])


@fills(
    "07.h",
    "the slope penalty",
    cases=lambda: [(_critic(2), torch.randn(6, 2)), (_critic(3), torch.randn(4, 3))],
    mistakes=(
        (lambda critic, samples: _lengths(critic, samples).square().mean(), "½ψ²: where is the half?"),
        (
            lambda critic, samples: 0.5 * _slopes(critic, samples).square().mean(),
            "the squares of one sample are added up; the mean is over the samples: sum(dim=1).mean().",
        ),
        (lambda critic, samples: 0.5 * _lengths(critic, samples).mean(), "that is the length. Square it."),
        (
            lambda critic, samples: 0.5 * _slopes(critic, samples).square().sum(dim=1).mean().detach(),
            judging.NO_WAY_BACK,
        ),
    ),
    outcome=lambda result, arguments: judging.trainable(result),
)
def slope_penalty(critic: nn.Module, samples: Tensor) -> Tensor:
    return 0.5 * _slopes(critic, samples).square().sum(dim=1).mean()


def _slopes(critic: nn.Module, samples: Tensor) -> Tensor:
    samples = samples.detach().requires_grad_(True)
    slopes: Tensor = torch.autograd.grad(critic(samples).sum(), samples, create_graph=True)[0]
    return slopes


def _lengths(critic: nn.Module, samples: Tensor) -> Tensor:
    return _slopes(critic, samples).square().sum(dim=1).sqrt()


def _critic(size: int) -> nn.Module:
    return nn.Sequential(nn.Linear(size, 5), nn.Tanh(), nn.Linear(5, 1))


@fills(
    "07.i",
    "which cases may be compared",
    cases=lambda: [(("long", "no R1"), ("short", "no R1")), (("short", "R1"), ("short", "no R1")),
                   (("long", "no R1"), ("short", "R1")), (("long", "R1"), ("long", "R1"))],
    mistakes=(
        (lambda one, other: one != other,
         "long without R1 and short with R1 differ in both: then nobody knows which of them did it."),
        (lambda one, other: one[0] != other[0], "that looks at the memory only. Two settings may differ."),
        (lambda one, other: one[0] != other[0] and one[1] != other[1],
         "those differ in both settings. Then nobody knows which of them did it."),
        (lambda one, other: one[0] == other[0] or one[1] == other[1],
         "a case beside itself differs in nothing: there is nothing to compare."),
    ),
    outcome=judging.yes_or_no,
)  # fmt: skip
def fair_pair(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return (one[0] == other[0]) != (one[1] == other[1])


@fills(
    "07.j",
    "a learning rate that falls",
    cases=lambda: [(0.001, 0.05, 0, 100), (1.0, 0.05, 50, 100), (0.5, 0.25, 30, 40), (2.0, 0.1, 10, 10)],
    mistakes=(
        (
            lambda rate, left, step, steps: rate * (1 - (1 - left) * step / steps),
            "that falls in a straight line. The same *factor* each step is a power.",
        ),
        (
            lambda rate, left, step, steps: rate * left**step,
            "so it is at `left` after one step: the exponent is the share of the steps that are done.",
        ),
    ),
)
def falling_rate(rate: float, left: float, step: int, steps: int) -> float:
    return float(rate * left ** (step / steps))


@fills(
    "07.k",
    "false alarms",
    cases=lambda: [(12, 0.01), (2, 0.05), (40, 0.2), (1, 0.3)],
    mistakes=(
        (lambda tests, level: level**tests, "that is the chance that all of them are called clear."),
        (lambda tests, level: (1 - level) ** tests, "that is the chance that none is. What is left?"),
        (
            lambda tests, level: tests * level,
            "so many are to be expected, and that can be above 1. How likely is it that there is none?",
        ),
    ),
)
def false_alarm(tests: int, level: float) -> float:
    return float(1 - (1 - level) ** tests)
