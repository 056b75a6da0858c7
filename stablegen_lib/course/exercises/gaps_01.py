"""Gaps of lesson 01, the data."""

from collections.abc import Sequence

import torch
from torch import Tensor

from stablegen_lib.course.missing_lines import fills


@fills(
    "01.a",
    "a sample in two steps",
    cases=lambda: [
        (torch.randn(8, 2), torch.tensor([0, 3, 3, 7, 1]), torch.randn(5, 2)),
        (torch.randn(3, 2), torch.tensor([2, 2]), torch.randn(2, 2)),
    ],
    mistakes=(
        (lambda centres, which, noise: centres[which], "the noise is missing: all lie exactly on a centre."),
        (lambda centres, which, noise: centres[which] + noise, "the noise must be small: 0.02 times it."),
        (lambda centres, which, noise: centres[which] * 0.02 * noise, "the noise is added, not multiplied."),
        (
            lambda centres, which, noise: 0.02 * (centres[which] + noise),
            "only the noise is made small, not the centre.",
        ),
    ),
)
def points_at(centres: Tensor, which: Tensor, noise: Tensor) -> Tensor:
    return centres[which] + 0.02 * noise


@fills(
    "01.b",
    "a picture as a point",
    cases=lambda: [(torch.randn(4, 3, 5, 5),), (torch.randn(2, 1, 3, 3),)],
    mistakes=(
        (lambda images: images.flatten(), "now all pictures are one row; each needs a row of its own."),
        (lambda images: images.flatten(2), "the colours still stand apart: flatten from dimension 1 on."),
        (lambda images: images.flatten(1).T, "rows and columns have changed places."),
        (lambda images: images.mean(dim=1).flatten(1), "the colours are lost; keep all numbers."),
    ),
)
def as_points(images: Tensor) -> Tensor:
    return images.flatten(1)


@fills(
    "01.c",
    "the average picture",
    cases=lambda: [(torch.randn(6, 3, 4, 4),), (torch.randn(3, 3, 2, 2),)],
    mistakes=(
        (lambda images: images.mean(), "that is one number for all; average over the pictures only: dim=0."),
        (lambda images: images.mean(dim=1), "that averages the colours of each picture."),
        (lambda images: images.mean(dim=(2, 3)), "that averages within each picture: one colour each."),
        (lambda images: images.median(dim=0).values, "that is the median; the mean was asked for."),
        (lambda images: images.sum(dim=0), "that is the sum; divide by the number of pictures."),
    ),
)
def average_picture(images: Tensor) -> Tensor:
    return images.mean(dim=0)


@fills(
    "01.d",
    "a word as numbers",
    cases=lambda: [("dark", ("none", "light", "dark")), ("no", ("no", "yes"))],
    mistakes=(
        (
            lambda value, values: torch.tensor(float(values.index(value))),
            "that is its number in the list; one entry for each value was asked for.",
        ),
        (
            lambda value, values: torch.tensor([float(value != other) for other in values]),
            "0 and 1 have changed places: 1 stands at the right one.",
        ),
        (
            lambda value, values: torch.arange(len(values)),
            "those are the positions; 1 at the right one, 0 elsewhere.",
        ),
    ),
)
def one_hot(value: str, values: Sequence[str]) -> Tensor:
    return torch.tensor([float(value == other) for other in values])


@fills(
    "01.e",
    "back to bytes",
    cases=lambda: [(torch.tensor([-1.7, -1.0, -0.3, 0.0, 0.499, 1.0, 1.2]),), (torch.randn(6),)],
    any_type=True,  # bytes, or floats that are whole
    mistakes=(
        (
            lambda values: ((values + 1) * 127.5).round(),
            "below 0 and above 255 there is no byte: clamp.",
        ),
        (
            lambda values: ((values + 1) * 127.5).clamp(0, 255),
            "bytes are whole numbers: round them.",
        ),
        (
            lambda values: ((values + 1) * 127.5).clamp(0, 255).floor(),
            "that rounds down; take the nearest whole number.",
        ),
        (
            lambda values: ((values + 1) * 127.5).round() % 256,
            "too bright wraps around to dark; it must stay at 255: clamp.",
        ),
        (lambda values: (values * 127.5).round().clamp(0, 255), "-1 must become 0: add 1 first."),
        (lambda values: ((values + 1) * 255).round().clamp(0, 255), "1 must become 255, and 0 half of it."),
    ),
)
def back_to_bytes(values: Tensor) -> Tensor:
    return ((values + 1) * 127.5).round().clamp(0, 255)


@fills(
    "01.f",
    "never drawn",
    cases=lambda: [(6, 10), (2, 3), (16_000, 16_000)],
    mistakes=(
        (lambda count, draws: (1 / count) ** draws, "that is: drawn every time. Never is the opposite."),
        (
            lambda count, draws: 1 - (1 - 1 / count) ** draws,
            "that is: at least once. Never was asked for.",
        ),
        (lambda count, draws: 1 - 1 / count, "that is for a single draw; there are several."),
        (lambda count, draws: 1 - draws / count, "chances of several draws are multiplied, not added."),
        (
            lambda count, draws: draws * (1 - 1 / count),
            "chances of several draws are multiplied: a power.",
        ),
    ),
)
def chance_of_never(count: int, draws: int) -> float:
    return (1 - 1 / count) ** draws


@fills(
    "01.g",
    "pixels that differ",
    cases=lambda: [
        (torch.randint(0, 3, (3, 4, 4)), torch.randint(0, 3, (3, 4, 4))),
        (torch.randint(0, 3, (3, 2, 5)), torch.randint(0, 3, (3, 2, 5))),
    ],
    tolerance=0.0,
    mistakes=(
        (
            lambda one, other: (one != other).sum(),
            "that counts numbers; a pixel has three: any(dim=0).",
        ),
        (
            lambda one, other: (one != other).all(dim=0).sum(),
            "a pixel differs as soon as *one* of its colours does: any, not all.",
        ),
        (lambda one, other: (one == other).all(dim=0).sum(), "that counts the pixels that are equal."),
        (lambda one, other: (one != other).any(dim=0), "that says which; count them: .sum()."),
        (
            lambda one, other: (one - other).abs().sum(),
            "that is how much they differ; count the pixels that do.",
        ),
    ),
)
def pixels_that_differ(one: Tensor, other: Tensor) -> Tensor:
    return (one != other).any(dim=0).sum()
