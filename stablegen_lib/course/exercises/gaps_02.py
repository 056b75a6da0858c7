"""Gaps of lesson 02, the generator."""

from typing import Any

import torch
from torch import Tensor

from stablegen_lib.course.checking import Wrong
from stablegen_lib.course.fitting import misfit
from stablegen_lib.course.missing_lines import fills


@fills(
    "02.a",
    "x and z in one row",
    cases=lambda: [(torch.randn(2, 3), torch.randn(2, 3)), (torch.randn(4, 5), torch.randn(4, 2))],
    mistakes=(
        (lambda x, z: torch.cat([z, x], dim=1), "x comes first, then z."),
        (lambda x, z: torch.cat([x, z], dim=0), "that puts them below each other; side by side is dim=1."),
        (lambda x, z: x + z, "that adds them; put one after the other."),
    ),
)
def joined(x: Tensor, z: Tensor) -> Tensor:
    return torch.cat([x, z], dim=1)


@fills(
    "02.b",
    "weighted sums",
    cases=lambda: [
        (torch.randn(3, 3), torch.randn(3), torch.randn(3)),
        (torch.randn(4, 2), torch.randn(2), torch.randn(4)),
    ],
    mistakes=(
        (lambda W, inputs, b: W @ inputs, "the biases are missing: add b."),
        (lambda W, inputs, b: W.T @ inputs + b, "each row of W belongs to one output, not each column."),
        (lambda W, inputs, b: W * inputs + b, "those are the products; each row of them must be added up."),
    ),
)
def weighted_sums(W: Tensor, inputs: Tensor, b: Tensor) -> Tensor:
    return W @ inputs + b


@fills(
    "02.c",
    "the bend",
    cases=lambda: [(torch.tensor([-2.0, -0.5, 0.0, 1.0, 3.0]),), (torch.randn(2, 3),)],
    mistakes=(
        (lambda value: value.clamp(min=0), "that is plain ReLU, 0 below 0. Ours keeps a fifth there."),
        (lambda value: 0.2 * value, "that shrinks everything; above 0 nothing changes."),
        (
            lambda value: torch.where(value > 0, value, -0.2 * value),
            "what is below 0 stays below 0: only its size shrinks.",
        ),
        (
            lambda value: torch.where(value > 0, value, value / 0.2),
            "that is five times as much; a fifth of it is left.",
        ),
    ),
)
def bend(value: Tensor) -> Tensor:
    return torch.where(value > 0, value, 0.2 * value)


@fills(
    "02.d",
    "the stamp",
    cases=lambda: [
        (torch.ones(8, 8), torch.randn(4, 4), 3.0, 1, 2),
        (torch.randn(6, 6), torch.randn(4, 4), -0.5, 0, 1),
    ],
    mistakes=(
        (
            lambda paper, kernel, ink, row, column: _stamped(paper, kernel, ink, row, column, fresh=True),
            "what was on the paper is gone. Where stamps overlap, they add up: use +=.",
        ),
        (
            lambda paper, kernel, ink, row, column: _stamped(paper, kernel, 1.0, row, column),
            "the ink is missing: each input puts down its own value times the kernel.",
        ),
        (
            lambda paper, kernel, ink, row, column: _stamped(paper, kernel, ink, row / 2, column / 2),
            "stamps are two pixels apart: begin at 2 * row and 2 * column.",
        ),
    ),
)
def stamp(paper: Tensor, kernel: Tensor, ink: float, row: int, column: int) -> Tensor:
    return _stamped(paper, kernel, ink, row, column)


def _stamped(
    paper: Tensor, kernel: Tensor, ink: float, row: float | int, column: float | int, *, fresh: bool = False
) -> Tensor:
    paper, top, left = paper.clone(), int(2 * row), int(2 * column)
    place = paper[top : top + 4, left : left + 4]
    if fresh:
        place.zero_()
    place += ink * kernel
    return paper


def _drawn(weights: Any, given: tuple[Any, ...]) -> tuple[float, ...]:
    """Random numbers cannot be compared one by one: range and spread in units of 1/√inputs, and variety."""
    outputs, inputs = given
    if not isinstance(weights, Tensor):
        raise Wrong(str(misfit(weights, torch.empty(given))))
    if weights.shape != (outputs, inputs):
        raise Wrong(f"shape (outputs, inputs), here {given}, was needed; {tuple(weights.shape)} came.")
    scaled = weights.detach().double() * inputs**0.5
    different = len(scaled.unique()) / scaled.numel()
    return scaled.min().item(), scaled.max().item(), scaled.std().item(), different


@fills(
    "02.e",
    "the first weights",
    cases=lambda: [(300, 100), (100, 400)],
    outcome=_drawn,
    tolerance=0.02,
    mistakes=(
        (
            lambda outputs, inputs: torch.rand(outputs, inputs) / inputs**0.5,
            "none is below 0: stretch the range from 0 to 1 to the one from -1 to 1 first.",
        ),
        (
            lambda outputs, inputs: (torch.rand(outputs, inputs) - 0.5) / inputs**0.5,
            "that is half of the range: 0.5 is the farthest from 0 before you divide, and it should be 1.",
        ),
        (
            lambda outputs, inputs: 2 * torch.rand(outputs, inputs) - 1,
            "from -1 to 1 is right for one input; for more of them divide by a root.",
        ),
        (
            lambda outputs, inputs: (2 * torch.rand(outputs, inputs) - 1) / inputs,
            "divide by the root of the number of inputs, not by the number itself.",
        ),
        (
            lambda outputs, inputs: (2 * torch.rand(outputs, inputs) - 1) / outputs**0.5,
            "the inputs count: an output adds up one product for each of them.",
        ),
        (
            lambda outputs, inputs: (2 * torch.rand(inputs) - 1).expand(outputs, inputs) / inputs**0.5,
            "all rows are the same: draw a number for each weight.",
        ),
    ),
)
def first_weights(outputs: int, inputs: int) -> Tensor:
    weights: Tensor = (2 * torch.rand(outputs, inputs) - 1) / inputs**0.5
    return weights


@fills(
    "02.f",
    "how much each pixel varies",
    cases=lambda: [(torch.randn(5, 3, 4, 4),), (torch.randn(9, 3, 2, 2),)],
    mistakes=(
        (lambda pictures: pictures.std(dim=0), "right for each colour; average the three colours too."),
        (
            lambda pictures: pictures.mean(dim=0).std(dim=0),
            "that is how far the colours of the average picture are apart. First std over the pictures.",
        ),
        (lambda pictures: pictures.std(), "that is one number for all; one for each pixel was asked for."),
        (lambda pictures: pictures.std(dim=(0, 1)), "that mixes the colours into the spread. First dim=0."),
        (lambda pictures: pictures.var(dim=0).mean(dim=0), "that is the variance; its root was asked for."),
    ),
)
def variation(pictures: Tensor) -> Tensor:
    return pictures.std(dim=0).mean(dim=0)


@fills(
    "02.g",
    "where pictures differ",
    cases=lambda: [
        (torch.randn(5, 3, 4, 4), torch.randn(5, 3, 4, 4)),
        (torch.randn(2, 3, 2, 2), torch.randn(2, 3, 2, 2)),
    ],
    mistakes=(
        (
            lambda before, after: (after - before).mean(dim=(0, 1)),
            "brighter and darker cancel out: take the size of each difference first.",
        ),
        (
            lambda before, after: (after - before).mean(dim=(0, 1)).abs(),
            "take the size before you average, or brighter and darker cancel out.",
        ),
        (
            lambda before, after: (after - before).abs().mean(),
            "that is one number for all; one for each pixel was asked for: dim=(0, 1).",
        ),
        (lambda before, after: (after - before).abs().mean(dim=0), "average the three colours too."),
    ),
)
def mean_change(before: Tensor, after: Tensor) -> Tensor:
    return (after - before).abs().mean(dim=(0, 1))


@fills(
    "02.h",
    "the work of a convolution",
    cases=lambda: [(64, 32, 4, 64), (32, 3, 3, 256), (1, 2, 5, 9)],
    tolerance=0.0,
    mistakes=(
        (
            lambda maps_in, maps_out, side, places: maps_in * maps_out * side**2,
            "that is what is stored; each weight is used at every place.",
        ),
        (
            lambda maps_in, maps_out, side, places: maps_in * maps_out * side * places,
            "a kernel is a square: side times side weights.",
        ),
        (
            lambda maps_in, maps_out, side, places: (maps_in + maps_out) * side**2 * places,
            "there is a kernel for each pair of an input map and an output map.",
        ),
    ),
)
def multiplications(maps_in: int, maps_out: int, side: int, places: int) -> int:
    return maps_in * maps_out * side**2 * places


@fills(
    "02.i",
    "a walk that keeps its length",
    cases=lambda: [
        (torch.randn(64), torch.randn(64), 0.25),
        (torch.randn(3, 64), torch.randn(3, 64), torch.tensor([[0.0], [0.5], [0.9]])),
    ],
    mistakes=(
        (lambda begin, end, share: begin + share * (end - begin), "that is the straight line: too short."),
        (
            lambda begin, end, share: 2**0.5 * (begin + share * (end - begin)),
            "√2 is right half-way only. At the ends nothing must be stretched.",
        ),
        (
            lambda begin, end, share: (
                (begin + share * (end - begin)) / ((1 - share) ** 2 + torch.as_tensor(share) ** 2)
            ),
            "almost: divide by the root of that sum.",
        ),
        (
            lambda begin, end, share: (
                8 * torch.nn.functional.normalize(begin + share * (end - begin), dim=-1)
            ),
            "now every z is exactly 8 long, the ends too; divide by √((1 - share)² + share²) instead.",
        ),
    ),
)
def between(begin: Tensor, end: Tensor, share: Tensor | float) -> Tensor:
    line = (1 - share) * begin + share * end
    return line / ((1 - share) ** 2 + share**2) ** 0.5
