"""Gaps of lesson 14, the article checked."""

from collections import Counter

import torch
from torch import Tensor

from stablegen_lib.course.missing_lines import fills


@fills(
    "14.a",
    "the article's formula",
    cases=lambda: [(torch.randn(8),), (3 * torch.randn(5) - 1,)],
    mistakes=(
        (lambda logits: logits.sigmoid().log().mean(), "the minus sign is missing: a loss gets smaller."),
        (lambda logits: -logits.mean(), "D gives logits: p is their sigmoid, and then comes its logarithm."),
        (lambda logits: (1 - logits.sigmoid()).log().mean(), "that is the other loss of G: log(1 − p)."),
        (lambda logits: -logits.sigmoid().log().sum(), "1/N: the mean, not the sum."),
    ),
)
def loss_of_g(logits: Tensor) -> Tensor:
    return -torch.log(torch.sigmoid(logits)).mean()


def _verdicts() -> list[tuple[list[str], list[str]]]:
    true, part, false = "true", "true in part", "false"
    return [
        ([true, part, false, true, part], [true, false, false, part, true]),
        ([true, false], [false, true]),
        ([part, true, "unclear", true, false], [part, true, true, true, false]),
    ]


@fills(
    "14.b",
    "the agreement of two readers",
    cases=_verdicts,
    mistakes=(
        (
            lambda one, other: sum(a == b for a, b in zip(one, other, strict=True)),
            "a share: divide by their number.",
        ),
        (
            lambda one, other: sum(a != b for a, b in zip(one, other, strict=True)) / len(one),
            "that is the share at which they differ.",
        ),
        (
            lambda one, other: sum((Counter(one) & Counter(other)).values()) / len(one),
            "that asks how often each verdict is given. Ask it of each claim: do both give the same one?",
        ),
        (lambda one, other: float(one == other), "that compares whole lists. Compare place by place."),
    ),
)
def agreement(one: list[str], other: list[str]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
