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
            "so none is kept: every picture is 0 away from itself. Leave out the diagonal.",
        ),
        (
            lambda apart, least: (apart < least).tril(diagonal=-1).any(dim=1),
            "those are the ones that do have an earlier twin.",
        ),
        (
            lambda apart, least: ~(apart < least).triu(diagonal=1).any(dim=1),
            "that keeps the last of each. In row i the earlier pictures stand to the left of the diagonal.",
        ),
        (
            lambda apart, least: (apart >= least).tril(diagonal=-1).any(dim=1),
            "that asks whether *some* earlier picture is another one. None of them may be the same.",
        ),
        (
            lambda apart, least: (apart < least).sum(dim=1) == 1,
            "that keeps only pictures without any twin. Of those with twins the first stays.",
        ),
    ),
)
def is_new(apart: Tensor, least: float) -> Tensor:
    return ~(apart < least).tril(diagonal=-1).any(dim=1)


def _settings(recipe: Any, arguments: tuple[Any, ...]) -> Any:
    """What the gap changes, and some things that it must leave alone, as numbers."""
    if not isinstance(recipe, Recipe):
        return recipe
    rates = [recipe.generator_learning_rate, recipe.discriminator_learning_rate]
    falls = [recipe.decay_steps, recipe.learning_rate_decay, recipe.penalty_decay]
    return torch.tensor([*falls, recipe.batch_size, recipe.r1_gamma, *(1e3 * rate for rate in rates)])


@fills(
    "15.b",
    "a learning rate that falls until the end",
    cases=lambda: [(STABLE, 300, 1500, 0.1), (ARTICLE, 500, 800, 0.25), (STABLE, 10, 40, 0.5)],
    mistakes=(
        (lambda recipe, today, in_all, left: recipe, "that is the recipe as it came: replace(recipe, …)."),
        (
            lambda recipe, today, in_all, left: replace(recipe, decay_steps=today, learning_rate_decay=left),
            "so the rates are at their end when today ends, and tomorrow only creeps.",
        ),
        (
            lambda recipe, today, in_all, left: replace(
                recipe, decay_steps=in_all - today, learning_rate_decay=left
            ),
            "tomorrow goes on counting where today stops. Over how many steps do they fall?",
        ),
        (
            lambda recipe, today, in_all, left: replace(
                recipe, decay_steps=in_all, learning_rate_decay=1 - left
            ),
            "that is how much is lost. The field says what is left.",
        ),
        (
            lambda recipe, today, in_all, left: replace(recipe, decay_steps=in_all),
            "the rates do not fall yet: learning_rate_decay says what is left of them.",
        ),
        (
            lambda recipe, today, in_all, left: replace(recipe, learning_rate_decay=left),
            "over 0 steps nothing falls: decay_steps is missing.",
        ),
        (
            lambda recipe, today, in_all, left: replace(
                recipe, decay_steps=in_all, learning_rate_decay=left, penalty_decay=left
            ),
            "the rates are right. The penalties were to stay: leave penalty_decay as it is.",
        ),
    ),
    outcome=_settings,
)
def falling(recipe: Recipe, today: int, in_all: int, left: float) -> Recipe:
    return replace(recipe, decay_steps=in_all, learning_rate_decay=left)


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
            "that counts contrast inside a picture, too: copies of one colourful picture would not give 0.",
        ),
        (
            lambda images, real: images.flatten(1).std(dim=1).mean() / real.flatten(1).std(dim=1).mean(),
            "that is the contrast inside each picture. Copies of one picture would not give 0.",
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
            "the mean is too far out: about half of all new real pictures would be suspects.",
        ),
        (
            lambda d, h: (d < h.median()).float().mean(),
            "the median is too far out: half of all new real pictures would be suspects.",
        ),
        (
            lambda d, h: (d < h.min()).float().mean(),
            "so no held-out picture is one: of new real pictures one in ten should be.",
        ),
        (
            lambda d, h: (d < torch.quantile(h, 0.9)).float().mean(),
            "the other end: nine of ten new real pictures would be suspects.",
        ),
    ),
)
def suspects(distances: Tensor, held_out_distances: Tensor) -> Tensor:
    return (distances < torch.quantile(held_out_distances, 0.1)).float().mean()


@fills(
    "15.e",
    "the nearest patchwork",
    cases=lambda: [(torch.rand(4, 5, 7),), (torch.rand(4, 3, 2),), (torch.rand(4, 6, 6) * torch.arange(6),)],
    mistakes=(
        (lambda apart: apart.mean(dim=0).amin(dim=1).sqrt(),
         "that is the nearest learnt picture: one for all four quarters. Each quarter may choose its own."),
        (lambda apart: apart.amin(dim=(0, 2)).sqrt(),
         "that is the best quarter alone. All four count: their mean."),
        (lambda apart: apart.amin(dim=2).amax(dim=0).sqrt(),
         "that is the worst quarter alone. All four count: their mean."),
        (lambda apart: apart.amin(dim=2).mean(dim=0),
         "nearly: those are squares, and a distance is the root of their mean."),
        (lambda apart: apart.amin(dim=2).sqrt().mean(dim=0),
         "first the mean of the squares, then the root, as for whole pictures."),
        (lambda apart: apart.amin(dim=2).sum(dim=0).sqrt(),
         "a quarter has a fourth of the pixels: take the mean of the four, not the sum."),
        (lambda apart: apart.amin(dim=1).mean(dim=0).sqrt(),
         "that asks how near something comes to each learnt picture. The last dimension is learnt."),
    ),
)  # fmt: skip
def nearest_patchwork(apart: Tensor) -> Tensor:
    return apart.amin(dim=2).mean(dim=0).sqrt()


def _parts(raw: int, judge: int) -> tuple[dict[str, Tensor]]:
    """What `state_dict` gives, in small."""
    names = {"start.0.weight": torch.zeros(raw, 3), "start.0.bias": torch.zeros(raw)}
    parts = {f"{owner}.{name}": each for owner in ("generator", "averaged_generator")
             for name, each in names.items()}  # fmt: skip
    return (parts | {"discriminator.judge.0.weight": torch.zeros(judge, 2, 2)},)


def _numbers(weights: dict[str, Tensor], *parts: str) -> int:
    return sum(weight.numel() for name, weight in weights.items() if name.startswith(parts))


@fills(
    "15.f",
    "what the page carries",
    cases=lambda: [_parts(5, 3), _parts(8, 30), _parts(2, 1)],
    mistakes=(
        (lambda weights: _numbers(weights, ""),
         "those are all. D judges, and a page that draws needs no judge."),
        (lambda weights: _numbers(weights, "generator.", "averaged_generator."),
         "so G is in it twice: as it trains, and its running average. `sample` draws with one of them."),
        (lambda weights: _numbers(weights, "discriminator."),
         "that is D. It judges pictures, and cannot draw one."),
        (lambda weights: 4 * _numbers(weights, "averaged_generator."),
         "those are the bytes. How many numbers are asked for; the next lines make letters of them."),
        (lambda weights: sum(name.startswith("averaged_generator.") for name in weights),
         "that is how many tensors. Each holds many numbers: numel()."),
    ),
)  # fmt: skip
def carried(weights: dict[str, Tensor]) -> int:
    return _numbers(weights, "averaged_generator.")
