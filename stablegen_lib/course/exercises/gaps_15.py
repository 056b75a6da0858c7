"""Gaps of lesson 15, your own pictures."""

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from stablegen_lib.course.missing_lines import fills
from stablegen_lib.training import ARTICLE, STABLE, Recipe


def _apart() -> Tensor:
    """Distances of nine points on a line, in which some stand twice or three times."""
    places = torch.randint(5, (9, 1)).float() + torch.randint(2, (9, 1)) * 0.01
    return torch.cdist(places, places)


@fills(
    "15.a",
    "pictures without an earlier twin",
    cases=lambda: [(_apart(), 0.1), (_apart(), 0.1), (torch.zeros(3, 3), 0.1)],
    mistakes=(
        (
            lambda apart, least: ~(apart < least).any(dim=1),
            "every picture is 0 away from itself. Look at the earlier ones only: tril with diagonal=-1.",
        ),
        (
            lambda apart, least: (apart < least).tril(diagonal=-1).any(dim=1),
            "those are the ones that do have an earlier twin.",
        ),
        (
            lambda apart, least: ~(apart < least).triu(diagonal=1).any(dim=1),
            "that keeps the last of each. Earlier ones stand to the left: tril.",
        ),
    ),
)
def is_new(apart: Tensor, least: float) -> Tensor:
    return ~(apart < least).tril(diagonal=-1).any(dim=1)


def _settings(recipe: Any, arguments: tuple[Any, ...]) -> Any:
    """What the gap changes, and one thing that it must leave alone, as numbers."""
    if not isinstance(recipe, Recipe):
        return recipe
    changes = [float(change in recipe.diff_augment) for change in ("colour", "translation", "cutout")]
    rates = [recipe.generator_learning_rate, recipe.discriminator_learning_rate]
    return torch.tensor([*changes, recipe.batch_size, recipe.r1_gamma, *(1e3 * rate for rate in rates)])


@fills(
    "15.b",
    "a recipe for few pictures",
    cases=lambda: [
        (STABLE, ("translation", "cutout"), 32),
        (ARTICLE, ("colour",), 16),
        (STABLE, ("cutout",), 64),
    ],
    mistakes=(
        (lambda recipe, changes, batch_size: recipe, "that is the recipe as it came: replace(recipe, …)."),
        (
            lambda recipe, changes, batch_size: replace(recipe, diff_augment=changes),
            "the changes are right. The size of the batch is still the old one.",
        ),
        (
            lambda recipe, changes, batch_size: replace(recipe, batch_size=batch_size),
            "the batch is right. The changes are missing: diff_augment=…",
        ),
    ),
    outcome=_settings,
)
def for_few(recipe: Recipe, changes: tuple[str, ...], batch_size: int) -> Recipe:
    return replace(recipe, diff_augment=changes, batch_size=batch_size)


def _rough(images: Tensor) -> Tensor:
    return images.std(dim=0, correction=0).mean()


@fills(
    "15.c",
    "variety",
    cases=lambda: [
        (0.5 * torch.randn(12, 3, 4, 4), torch.randn(20, 3, 4, 4)),
        (torch.randn(1, 1, 4, 4).repeat(8, 1, 1, 1), torch.randn(6, 1, 4, 4)),
    ],
    mistakes=(
        (
            lambda images, real: images.std() / real.std(),
            "that mixes pixels of one picture. Compare the same pixel of all pictures: std(dim=0).",
        ),
        (
            lambda images, real: images.var(dim=0).mean() / real.var(dim=0).mean(),
            "that is the variance. The standard deviation is its root: std.",
        ),
        (
            lambda images, real: (
                images.std(dim=0, correction=0).mean() / real.std(dim=0, correction=0).mean()
            ),
            "nearly: take std as it comes, which divides by the number of pictures less 1.",
        ),
        (
            lambda images, real: (images.std(dim=0) / real.std(dim=0)).mean(),
            "that is the mean of the quotients. Take both means first, then divide.",
        ),
        (
            lambda images, real: images.std(dim=0).mean(),
            "divide by the same for real pictures: the number alone says nothing.",
        ),
        (
            lambda images, real: real.std(dim=0).mean() / images.std(dim=0).mean(),
            "upside down: pictures that are all the same must give 0.",
        ),
    ),
)
def variety(images: Tensor, real: Tensor) -> Tensor:
    return images.std(dim=0).mean() / real.std(dim=0).mean()


@fills(
    "15.d",
    "the share of suspects",
    cases=lambda: [
        (torch.rand(60), torch.rand(41)),
        (2 * torch.rand(50), torch.rand(21)),
        (torch.zeros(5), torch.zeros(11)),  # "Break it": nothing is below 0
    ],
    mistakes=(
        (
            lambda d, h: (d <= torch.quantile(h, 0.1)).float().mean(),
            "nearly: a distance of exactly the limit is not *below* it.",
        ),
        (
            lambda d, h: (d < torch.quantile(h, 0.1)).sum(),
            "that is how many. Which share is it?",
        ),
        (
            lambda d, h: (d > torch.quantile(h, 0.1)).float().mean(),
            "those are the ones that are far enough away. Suspects are near.",
        ),
        (
            lambda d, h: (d < torch.quantile(d, 0.1)).float().mean(),
            "so it is always a tenth. The limit comes from the held-out pictures.",
        ),
        (
            lambda d, h: (d < h.mean()).float().mean(),
            "the mean is too far out: half of all real pictures would be suspects.",
        ),
    ),
)
def suspects(distances: Tensor, held_out_distances: Tensor) -> Tensor:
    return (distances < torch.quantile(held_out_distances, 0.1)).float().mean()


@fills(
    "15.e",
    "how large the page becomes",
    cases=lambda: [(300_000, 4), (1_500, 2), (9, 8)],  # whole threes of bytes: base64 fills up the last one
    mistakes=(
        (lambda numbers, each: numbers * each, "those are the bytes. As letters they become more: 3 give 4."),
        (
            lambda numbers, each: numbers * each * 3 / 4,
            "the other way round: 3 bytes become 4 letters, so it grows.",
        ),
        (lambda numbers, each: numbers * 4 / 3, "each number takes `each` bytes."),
    ),
)
def letters(numbers: int, each: int) -> float:
    return numbers * each * 4 / 3
