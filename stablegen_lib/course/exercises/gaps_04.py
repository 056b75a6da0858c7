"""Gaps of lesson 04, the log-loss."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from stablegen_lib import log_loss
from stablegen_lib.course.missing_lines import fills


def _batches() -> list[tuple[Tensor]]:
    return [(torch.tensor([2.0, 0.0, -3.0]),), (torch.tensor([0.5, -1.0]),)]


@fills(
    "04.a",
    "the article's loss",
    cases=_batches,
    mistakes=(
        (lambda logits: logsigmoid(logits).mean(), "the minus in front of the sum is missing."),
        (lambda logits: -logsigmoid(logits).sum(), "the formula divides by N: take the mean."),
        (lambda logits: -logsigmoid(logits), "that is the cost of each sample; their mean was asked for."),
        (
            lambda logits: -torch.log(torch.sigmoid(logits).mean()),
            "that is the log of the mean; the formula takes the mean of the logs.",
        ),
        (lambda logits: -logsigmoid(-logits).mean(), "that is with 1 - p: mind the sign in the exponent."),
        (lambda logits: -torch.sigmoid(logits).mean(), "the logarithm is missing."),
    ),
)
def article_loss_by_hand(logits: Tensor) -> Tensor:
    return -torch.log(1 / (1 + torch.exp(-logits))).mean()


def _claims() -> list[tuple[Tensor, Tensor]]:
    return [
        (torch.tensor([0.9, 0.4, 0.2]), torch.tensor([1.0, 1.0, 0.0])),
        (torch.tensor([0.1, 0.7]), torch.tensor([0.0, 0.0])),
    ]


@fills(
    "04.b",
    "what D pays for its claims",
    cases=_claims,
    mistakes=(
        (
            lambda p, labels: -p.log().mean(),
            "that pays log p for every picture; where the label is 0, D gave what came out 1 - p.",
        ),
        (
            lambda p, labels: -(labels * p.log()).mean(),
            "the pictures with label 0 pay nothing; D claimed something about them too.",
        ),
        (
            lambda p, labels: torch.where(labels == 1, p, 1 - p).log().mean(),
            "the sign: a log-loss is minus the logarithm, so it is never negative.",
        ),
        (
            lambda p, labels: -torch.where(labels == 1, p, 1 - p).log().sum(),
            "that is the cost of all pictures together; take their mean.",
        ),
        (
            lambda p, labels: -torch.where(labels == 1, p, 1 - p).log(),
            "that is the cost of each picture; their mean was asked for.",
        ),
        (
            lambda p, labels: -torch.where(labels == 1, 1 - p, p).log().mean(),
            "the two labels are swapped: p is the claim for label 1.",
        ),
        (
            lambda p, labels: -torch.where(labels == 1, p, 1 - p).mean().log(),
            "that is the log of the mean; each picture pays its own logarithm.",
        ),
        (
            lambda p, labels: (p - labels).square().mean(),
            "that is the squared error; take logarithms.",
        ),
    ),
)
def cross_entropy_by_hand(p: Tensor, labels: Tensor) -> Tensor:
    return -torch.where(labels == 1, p, 1 - p).log().mean()


@fills(
    "04.c",
    "the slope of the cross-entropy",
    cases=_claims,
    mistakes=(
        (lambda p, labels: p - labels, "the loss is a mean over N: divide by their number."),
        (lambda p, labels: (labels - p) / len(p), "the sign: claiming too much (p above y) must cost."),
        (lambda p, labels: (p - labels).mean(), "one slope for each sample was asked for."),
        (
            lambda p, labels: (p - labels) * p * (1 - p) / len(p),
            "that is the slope of a squared error (half of it). The logarithm cancels p (1 - p).",
        ),
        (
            lambda p, labels: (p - labels) / (p * (1 - p)) / len(p),
            "that is the slope in p; asked is the slope in the logit.",
        ),
    ),
)
def slopes_by_hand(p: Tensor, labels: Tensor) -> Tensor:
    return (p - labels) / len(p)


def _both_batches() -> list[tuple[Tensor, Tensor]]:
    return [
        (torch.tensor([3.0, 0.7, -0.5]), torch.tensor([2.0, 0.0, -3.0])),
        (torch.tensor([1.5, 0.2]), torch.tensor([0.5, -1.0])),
    ]


@fills(
    "04.d",
    "what G pays in the minimax game",
    cases=_both_batches,
    mistakes=(
        (
            lambda real, fake: log_loss.discriminator_loss(real_logits=real, fake_logits=fake),
            "that is D's own loss. G wants the opposite, and can change only one of the two terms.",
        ),
        (
            lambda real, fake: -log_loss.discriminator_loss(real_logits=real, fake_logits=fake),
            "G does not make the real samples: their term has no slope for G. Leave it out.",
        ),
        (
            lambda real, fake: -logsigmoid(-fake).mean(),
            "the sign: where D pays much for a generated sample, G ought to pay little.",
        ),
        (
            lambda real, fake: -logsigmoid(fake).mean(),
            "that is D's cost with the label turned to 1: the article's loss. Minimax turns the sign.",
        ),
        (
            lambda real, fake: logsigmoid(fake).mean(),
            "label and sign are both turned; turn only the sign. For D a generated sample has label 0.",
        ),
        (lambda real, fake: logsigmoid(real).mean(), "those are the real samples; G makes the others."),
        (lambda real, fake: logsigmoid(-fake).sum(), "take the mean."),
    ),
)
def minimax_by_hand(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return -log_loss.cross_entropy(fake_logits, torch.zeros_like(fake_logits))


def _infinite_without_slope(result: Any, arguments: tuple[Any, ...]) -> Any:
    """The result, with infinity in the places whose slope is no number: training could not go on there."""
    (logits,) = arguments
    if not isinstance(result, Tensor) or not result.requires_grad or result.shape != logits.shape:
        return result
    (slope,) = torch.autograd.grad(result.sum(), logits)
    return result.detach().masked_fill(~slope.isfinite(), torch.inf)


@fills(
    "04.e",
    "a logarithm that survives",
    cases=lambda: [
        (torch.tensor([-3.0, -0.5, 0.0, 2.0], requires_grad=True),),
        (torch.tensor([-1000.0, -120.0, 20.0, 1000.0], requires_grad=True),),
    ],
    outcome=_infinite_without_slope,
    mistakes=(
        (
            lambda logits: torch.log(torch.sigmoid(logits)),
            "right for small logits; at -1000 a step on the way is 0 or infinite: take the large part out.",
        ),
        (
            lambda logits: -torch.log1p(torch.exp(-logits)),
            "right for small logits; at -1000 a step on the way is 0 or infinite: take the large part out.",
        ),
        (
            lambda logits: torch.log(torch.sigmoid(logits) + 1e-8),
            "the patch changes the value. It needs no patch if the exponent is never above 0.",
        ),
        (
            lambda logits: torch.where(
                logits < 0, logits - torch.log1p(torch.exp(logits)), -torch.log1p(torch.exp(-logits))
            ),
            "the values are right, and at ±1000 the slope is NaN: torch.where computes the other case too, "
            "where the exponential is infinite. One exponent that is never above 0 serves both cases.",
        ),
        (
            lambda logits: -torch.log1p(torch.exp(-logits.abs())),
            "right above 0; below, the part that you took out of the bracket is missing.",
        ),
        (
            lambda logits: logits - torch.log1p(torch.exp(-logits.abs())),
            "right below 0; above, nothing was taken out of the bracket, and so nothing stands in front.",
        ),
        (
            lambda logits: logits.clamp(min=0) - torch.log1p(torch.exp(-logits.abs())),
            "the two cases are swapped: what stands in front is 0 for logits above 0.",
        ),
        (
            lambda logits: logits.clamp(max=0) + torch.log1p(torch.exp(-logits.abs())),
            "the sign: log p is minus the logarithm of that bracket.",
        ),
    ),
)
def log_sigmoid(logits: Tensor) -> Tensor:
    return logits.clamp(max=0) - torch.log1p(torch.exp(-logits.abs()))


@fills(
    "04.f",
    "the divergence of one distribution from another",
    cases=lambda: [
        (torch.tensor([0.5, 0.3, 0.2]).log(), torch.tensor([0.1, 0.3, 0.6]).log()),
        (torch.randn(4, 3).log_softmax(dim=1), torch.randn(4, 3).log_softmax(dim=1)),
    ],
    mistakes=(
        (
            lambda log_p, log_q: (log_p - log_q).sum(dim=-1),
            "each difference counts as often as P has this value: times log_p.exp().",
        ),
        (
            lambda log_p, log_q: (log_q.exp() * (log_q - log_p)).sum(dim=-1),
            "that is the divergence of Q from P: the samples come from P.",
        ),
        (lambda log_p, log_q: (log_p.exp() * (log_q - log_p)).sum(dim=-1), "the sign: it is never negative."),
        (
            lambda log_p, log_q: (log_p * (log_p - log_q)).sum(dim=-1),
            "weigh with the probabilities, not with their logarithms: log_p.exp().",
        ),
        (
            lambda log_p, log_q: (log_p - log_q).mean(dim=-1),
            "that mean takes every value equally often; samples of P take it with probability log_p.exp().",
        ),
        (lambda log_p, log_q: log_p.exp() * (log_p - log_q), "add them up along the last dimension."),
    ),
)
def divergence(log_p: Tensor, log_q: Tensor) -> Tensor:
    return (log_p.exp() * (log_p - log_q)).sum(dim=-1)
