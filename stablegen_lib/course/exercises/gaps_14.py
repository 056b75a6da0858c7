"""Gaps of lesson 14, the article checked."""

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
