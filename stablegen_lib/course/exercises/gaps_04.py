"""Gaps of lesson 04, the log-loss."""

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

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
    "cross-entropy",
    cases=_claims,
    mistakes=(
        (
            lambda p, labels: -(labels * p.log()).mean(),
            "that is the half for label 1; samples with label 0 pay log(1 - p).",
        ),
        (
            lambda p, labels: (labels * p.log() + (1 - labels) * (1 - p).log()).mean(),
            "the minus in front is missing.",
        ),
        (
            lambda p, labels: -(labels * p.log() + (1 - labels) * (1 - p).log()).sum(),
            "the formula divides by N: take the mean.",
        ),
        (
            lambda p, labels: -((1 - labels) * p.log() + labels * (1 - p).log()).mean(),
            "the two labels are swapped: label 1 pays for log p.",
        ),
        (
            lambda p, labels: (p - labels).square().mean(),
            "that is the squared error; take logarithms.",
        ),
    ),
)
def cross_entropy_by_hand(p: Tensor, labels: Tensor) -> Tensor:
    return -(labels * p.log() + (1 - labels) * (1 - p).log()).mean()


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


@fills(
    "04.d",
    "the minimax loss",
    cases=_batches,
    mistakes=(
        (lambda logits: -logsigmoid(-logits).mean(), "the sign: G *minimises* log(1 - p), without a minus."),
        (lambda logits: logsigmoid(logits).mean(), "that is log p; minimax has log(1 - p)."),
        (lambda logits: logsigmoid(-logits).sum(), "take the mean."),
        (lambda logits: -logsigmoid(logits).mean(), "that is the non-saturating loss."),
        (lambda logits: (1 - torch.sigmoid(logits)).mean(), "the logarithm is missing."),
    ),
)
def minimax_by_hand(logits: Tensor) -> Tensor:
    return torch.log(1 - torch.sigmoid(logits)).mean()


@fills(
    "04.e",
    "a logarithm that survives",
    cases=lambda: [(torch.tensor([-3.0, -0.5, 0.0, 2.0]),), (torch.tensor([-1000.0, -120.0, 20.0, 1000.0]),)],
    mistakes=(
        (
            lambda logits: torch.log(torch.sigmoid(logits)),
            "right for small logits; at -1000 a step on the way is 0 or infinite: take the large part out.",
        ),
        (
            lambda logits: torch.log(torch.sigmoid(logits) + 1e-8),
            "the patch changes the value: use min(l, 0) - log(1 + e^-|l|).",
        ),
        (
            lambda logits: -torch.log1p(torch.exp(-logits.abs())),
            "min(l, 0), the large part, is missing: logits.clamp(max=0).",
        ),
        (
            lambda logits: logits.clamp(min=0) - torch.log1p(torch.exp(-logits.abs())),
            "clamp(min=0) is max(l, 0); min(l, 0) is clamp(max=0).",
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
        (lambda log_p, log_q: log_p.exp() * (log_p - log_q), "add them up along the last dimension."),
    ),
)
def divergence(log_p: Tensor, log_q: Tensor) -> Tensor:
    return (log_p.exp() * (log_p - log_q)).sum(dim=-1)
