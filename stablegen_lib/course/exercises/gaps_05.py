"""Gaps of lesson 05, the training loop."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from stablegen_lib import log_loss
from stablegen_lib.course.missing_lines import fills
from stablegen_lib.discriminator import PointDiscriminator


def _batch() -> tuple[nn.Module, Tensor, Tensor, Tensor]:
    return (
        PointDiscriminator(condition_size=1, width=4),
        torch.randn(6, 1),
        torch.randn(6, 2),
        torch.randn(6, 2, requires_grad=True),
    )


def _both(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return log_loss.discriminator_loss(real_logits=real_logits, fake_logits=fake_logits)


def _and_gradients(loss: Any, arguments: tuple[Any, ...]) -> tuple[Any, Tensor, Tensor]:
    """The loss, and what reaches the fakes and D: of two losses with one value, one may teach nothing."""
    discriminator, fake = arguments[0], arguments[-1]
    weights = [*discriminator.parameters()]
    reached: Sequence[Tensor | None] = [None] * (len(weights) + 1)
    if isinstance(loss, Tensor) and loss.requires_grad and loss.numel() == 1:
        reached = torch.autograd.grad(loss.reshape(()), [fake, *weights], allow_unused=True)
    of_fake, *of_weights = (
        torch.zeros_like(one) if gradient is None else gradient
        for one, gradient in zip([fake, *weights], reached, strict=True)
    )
    return loss, of_fake, torch.cat([part.flatten() for part in of_weights])


@fills(
    "05.a",
    "D's loss",
    cases=lambda: [_batch(), _batch()],
    mistakes=(
        (
            lambda D, x, real, fake: _both(D(x, fake), D(x, real)),
            "real and fake have changed places: real_logits come from the real samples.",
        ),
        (
            lambda D, x, real, fake: _both(D(x, real), D(x, fake)) / 2,
            "this is half of it: the two terms are averaged separately and then added.",
        ),
        (
            lambda D, x, real, fake: _both(D(x, real), D(x, fake.detach())),
            "the value is right. But hand `fake` on as it comes: cutting is up to the caller. The next "
            "section shows what happens without the cut.",
        ),
        (
            lambda D, x, real, fake: _both(D(x, real), D(x, fake).detach()),
            "the value is right, but D's answers to the fakes are cut off: D would not learn from them.",
        ),
    ),
    outcome=_and_gradients,
)
def loss_of_d(discriminator: nn.Module, x: Tensor, real: Tensor, fake: Tensor) -> Tensor:
    return _both(discriminator(x, real), discriminator(x, fake))


@fills(
    "05.b",
    "G's loss",
    cases=lambda: [(D, x, fake) for D, x, _, fake in (_batch(), _batch())],
    mistakes=(
        (
            lambda D, x, fake: log_loss.minimax_loss(D(x, fake)),
            "that is the minimax loss, which falls silent when D wins. Take the one that does not saturate.",
        ),
        (
            lambda D, x, fake: -log_loss.non_saturating_loss(D(x, fake)),
            "the sign is the wrong way round: G goes downhill on this loss.",
        ),
        (
            lambda D, x, fake: log_loss.non_saturating_loss(D(x, fake.detach())),
            "the value is right, but no gradient reaches the fakes: G would never learn. Cut nothing.",
        ),
    ),
    outcome=_and_gradients,
)
def loss_of_g(discriminator: nn.Module, x: Tensor, fake: Tensor) -> Tensor:
    return log_loss.non_saturating_loss(discriminator(x, fake))


@fills(
    "05.c",
    "what D gets to see in whose turn",
    cases=lambda: [
        (torch.randn(3, 2, requires_grad=True), "D"),
        (torch.randn(4, 2, requires_grad=True), "G"),
    ],
    mistakes=(
        (
            lambda fake, turn: fake,
            "in D's turn the gradient still runs back: D's loss leaves one in G. (A copy cuts nothing.)",
        ),
        (
            lambda fake, turn: fake.detach(),
            "cut in G's turn too: then no gradient runs back to G, and it never learns.",
        ),
        (lambda fake, turn: torch.zeros_like(fake), "the numbers are gone. Only the gradient must not pass."),
    ),
    outcome=lambda result, arguments: (result, float(getattr(result, "requires_grad", False))),
)
def shown_to_d(fake: Tensor, turn: str) -> Tensor:
    return fake.detach() if turn == "D" else fake


@fills(
    "05.d",
    "a running average",
    cases=lambda: [(torch.randn(3), torch.randn(3), 0.995), (torch.tensor(2.0), torch.tensor(5.0), 0.2)],
    mistakes=(
        (
            lambda average, weights, decay: (1 - decay) * average + decay * weights,
            "the shares have changed places: the average keeps `decay` of itself.",
        ),
        (
            lambda average, weights, decay: decay * average + weights,
            "the two shares must add up to 1, or the average grows without end.",
        ),
    ),
)
def follow(average: Tensor, weights: Tensor, decay: float) -> Tensor:
    return decay * average + (1 - decay) * weights


@fills(
    "05.e",
    "the share of points on a place",
    cases=lambda: [
        (torch.randn(50, 2), torch.randn(4, 2), 0.5),
        (torch.randn(30, 2), torch.randn(8, 2), 0.3),
    ],
    mistakes=(
        (
            lambda points, centres, radius: (torch.cdist(points, centres) <= radius).float().mean(),
            "that is the share of the *pairs*. A point counts when its nearest centre is near: min(dim=1).",
        ),
        (
            lambda points, centres, radius: (
                (torch.cdist(centres, points).min(dim=1).values <= radius).float().mean()
            ),
            "that is the share of the centres. Ask each point.",
        ),
        (
            lambda points, centres, radius: (torch.cdist(points, centres).min(dim=1).values <= radius).sum(),
            "that is how many. Which share of the points is it?",
        ),
    ),
)
def share_on_place(points: Tensor, centres: Tensor, radius: float) -> Tensor:
    return (torch.cdist(points, centres).min(dim=1).values <= radius).float().mean()


def _one_hot(values: list[int], count: int) -> Tensor:
    return nn.functional.one_hot(torch.tensor(values), count).float()


@fills(
    "05.f",
    "what one answer for everybody gets",
    cases=lambda: [
        (_one_hot([0, 0, 1, 1, 1], 3), _one_hot([0, 0, 0, 2, 1, 2, 0], 3)),
        (_one_hot([1, 1, 1, 0], 2), _one_hot([1, 1, 0], 2)),
    ],
    mistakes=(
        (
            lambda asked, known: asked.mean(dim=0).max(),
            "this picks the answer from `asked_for` itself: it has looked. Pick it from `known`.",
        ),
        (
            lambda asked, known: known.mean(dim=0).max(),
            "that is its share in `known`. How often is it asked for?",
        ),
        (
            lambda asked, known: 1 / asked.shape[1],
            "so often is a *random* answer right. One constant can do better.",
        ),
    ),
)
def constant_share(asked_for: Tensor, known: Tensor) -> Tensor:
    return asked_for.mean(dim=0)[known.mean(dim=0).argmax()]


@fills(
    "05.g",
    "everything as asked, at once",
    cases=lambda: [(list(torch.rand(3, 40) < 0.8),), (list(torch.rand(5, 25) < 0.9),)],
    mistakes=(
        (
            lambda verdicts: torch.stack(verdicts).float().mean(),
            "that is the mean over the attributes: at once means all().",
        ),
        (
            lambda verdicts: torch.stack(verdicts).any(dim=0).float().mean(),
            "one attribute is not all: use all().",
        ),
        (lambda verdicts: torch.stack(verdicts).all(dim=1).float().mean(), "ask each picture: dim=0."),
    ),
)
def at_once(verdicts: list[Tensor]) -> Tensor:
    return torch.stack(verdicts).all(dim=0).float().mean()


@fills(
    "05.h",
    "D's best answer",
    cases=lambda: [(1 / 8, 1 / 3), (0.5, 0.5), (1 / 8, 0.0)],
    mistakes=(
        (lambda p, q: q / (p + q), "that is the probability of *generated*."),
        (lambda p, q: p, "where p and q are equal, it must be one half."),
    ),
)
def best_answer(p: float, q: float) -> float:
    return p / (p + q)


@fills(
    "05.i",
    "what the sum asks of a fake",
    cases=lambda: [(0.1,), (0.5,), (0.8,)],
    mistakes=(
        (lambda p: p, "that is the slope of D's loss alone (its label for a fake is 0). Add G's."),
        (lambda p: p - 1, "that is the slope of G's loss alone (its label for a fake is 1). Add D's."),
        (lambda p: 1.0, "the two are added, and you took one away from the other."),
        (
            lambda p: 1 - 2 * p,
            "the sign is the wrong way round: a slope is p - y, the claim minus the label.",
        ),
        (lambda p: p - 0.5, "that is their mean; one_sum adds them."),
    ),
)
def slope_of_sum(p: float) -> float:
    return p + (p - 1)
