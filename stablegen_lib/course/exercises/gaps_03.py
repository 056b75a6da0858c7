"""Gaps of lesson 03, the discriminator."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Optimizer

from stablegen_lib import log_loss
from stablegen_lib.course.missing_lines import fills
from stablegen_lib.discriminator import Discriminator


@fills(
    "03.a",
    "from logits to probabilities",
    cases=lambda: [(torch.tensor([-5.0, 0.0, 1.0]),), (torch.randn(4),)],
    mistakes=(
        (lambda logits: torch.exp(logits), "those are the odds; p is the odds divided by 1 plus the odds."),
        (lambda logits: 1 / (1 + torch.exp(logits)), "that is the probability of generated: mind the minus."),
        (lambda logits: torch.tanh(logits), "tanh runs from -1 to 1; a probability from 0 to 1."),
    ),
)
def probability(logits: Tensor) -> Tensor:
    return 1 / (1 + torch.exp(-logits))


@fills(
    "03.b",
    "from features to one logit",
    cases=lambda: [
        (torch.randn(3, 5), torch.randn(5), torch.tensor(0.3), torch.randn(3, 5)),
        (torch.randn(4, 2), torch.randn(2), torch.tensor(-1.0), torch.randn(4, 2)),
    ],
    mistakes=(
        (lambda h, w, bias, e: h @ w + bias, "that is only realness; the match e · h is missing."),
        (lambda h, w, bias, e: (e * h).sum(dim=1), "that is only the match; realness is missing."),
        (lambda h, w, bias, e: h @ w + (e * h).sum(dim=1), "the bias is missing."),
        (
            lambda h, w, bias, e: h @ w + bias + (e * h).sum(),
            "each picture has a logit of its own: add up along dim=1 only.",
        ),
        (lambda h, w, bias, e: h * w + bias + e * h, "those are the products; add up each row of them."),
    ),
)
def one_logit(h: Tensor, w: Tensor, bias: Tensor, e: Tensor) -> Tensor:
    return h @ w + bias + (e * h).sum(dim=1)


def _before_a_step() -> list[tuple[Any, ...]]:
    """A small D that has gradients left over, with its optimiser and two batches."""
    judge = Discriminator(condition_size=0, image_size=16, width=4)
    for weight in judge.parameters():
        weight.grad = torch.randn_like(weight)
    real, fake = torch.rand(2, 6, 3, 16, 16).unbind()
    return [(judge, SGD(judge.parameters(), lr=0.5), real, -fake)]


def _loss_of(judge: Discriminator, real: Tensor, fake: Tensor) -> Tensor:
    nothing = torch.zeros(len(real), 0)
    return log_loss.discriminator_loss(real_logits=judge(nothing, real), fake_logits=judge(nothing, fake))


def _with_leftovers(judge: Discriminator, optimizer: Optimizer, real: Tensor, fake: Tensor) -> Tensor:
    loss = _loss_of(judge, real, fake)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss


@fills(
    "03.c",
    "one training step of D",
    cases=_before_a_step,
    outcome=lambda loss, given: (loss, nn.utils.parameters_to_vector(given[0].parameters())),
    mistakes=(
        (
            lambda judge, optimizer, real, fake: _loss_of(judge, real, fake),
            "the weights have not moved: step() is missing, or zero_grad() stands behind backward().",
        ),
        (_with_leftovers, "the gradient of the step before is still there: zero_grad() before backward()."),
    ),
)
def train_once(judge: Discriminator, optimizer: Optimizer, real: Tensor, fake: Tensor) -> Tensor:
    loss = _loss_of(judge, real, fake)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss


@fills(
    "03.d",
    "the best logit",
    cases=lambda: [(torch.randn(5), torch.randn(5)), (torch.tensor([-500.0]), torch.tensor([-501.0]))],
    mistakes=(
        (lambda log_p, log_q: log_q - log_p, "that is the logit of generated: real samples come from p."),
        (
            lambda log_p, log_q: torch.sigmoid(log_p - log_q),
            "that is the probability; its logit was asked for, which is simpler.",
        ),
        (lambda log_p, log_q: log_p.exp() - log_q.exp(), "that is p - q; take the logarithms as they come."),
        (lambda log_p, log_q: log_p / log_q, "log(p / q) is a difference of logarithms."),
    ),
)
def best_logit(log_p: Tensor, log_q: Tensor) -> Tensor:
    return log_p - log_q


def _judges() -> list[tuple[Any, ...]]:
    judges = [Discriminator(condition_size=2, image_size=16, width=4) for _ in range(2)]
    return [(judge, torch.randn(3, 2), torch.randn(3, 3, 16, 16)) for judge in judges]


def _slope(judge: Any, x: Tensor, y: Tensor, share: float = 1.0) -> Tensor:
    y = y.clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(share * judge(x, y).sum(), y)
    return slope


@fills(
    "03.e",
    "the slope in every pixel",
    cases=_judges,
    tolerance=1e-5,
    mistakes=(
        (
            lambda judge, x, y: _slope(judge, x, y, share=1 / len(y)),
            "each slope came divided by the number of pictures: take the sum of the logits, not the mean.",
        ),
        (lambda judge, x, y: -_slope(judge, x, y), "the sign is wrong: up is where D says real."),
        (lambda judge, x, y: _slope(judge, x, y).abs(), "keep the sign: it says brighter or darker."),
        (lambda judge, x, y: judge(x, y), "those are the logits; their slope was asked for."),
    ),
)
def slope_at(judge: Any, x: Tensor, y: Tensor) -> Tensor:
    return _slope(judge, x, y)


@fills(
    "03.f",
    "the neighbour's condition",
    cases=lambda: [(torch.arange(15.0).reshape(5, 3),), (torch.randn(4, 2),)],
    mistakes=(
        (lambda x: x, "that is x itself; nobody was exchanged."),
        (lambda x: x.roll(1, dims=1), "that moves the entries within each x: roll the rows, dims=0."),
        (lambda x: x.roll(-1, dims=0), "that is the x of the row below; take the one above."),
        (lambda x: x.flip(0), "in the reverse order the middle one keeps its own x."),
        (lambda x: x[torch.randperm(len(x))], "a random order leaves some x where they were."),
    ),
)
def of_the_neighbour(x: Tensor) -> Tensor:
    return x.roll(1, dims=0)
