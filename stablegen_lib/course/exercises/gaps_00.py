"""The gap of lesson 00, where to start."""

import torch
from torch import Tensor

from stablegen_lib.course.missing_lines import fills


@fills(
    "00.a",
    "random numbers for several faces",
    cases=lambda: [(3,), (5,)],
    mistakes=(
        (lambda count: torch.rand(count, 64), "torch.rand lies between 0 and 1; the one with n is needed."),
        (lambda count: torch.randn(64, count), "the rows come first: one for each face, with 64 numbers."),
        (lambda count: torch.randn(64), "that is one row; `count` rows were asked for."),
        (lambda count: torch.randn(count), "each face needs 64 numbers, not one."),
        (lambda count: torch.zeros(count, 64), "they are all 0; random ones were asked for."),
    ),
)
def latent(count: int) -> Tensor:
    return torch.randn(count, 64)
