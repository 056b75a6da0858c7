"""Gaps of lesson 10, data augmentation."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from stablegen_lib.course.missing_lines import fills

Discriminator = Callable[[Any, Tensor], Tensor]


@fills(
    "10.a",
    "a mirrored face",
    cases=lambda: [(torch.randn(2, 3, 4, 5),), (torch.randn(1, 3, 6, 6),)],
    mistakes=(
        (lambda images: images.flip(2), "that stands on its head: the last dimension runs across."),
        (
            lambda images: images.flip(1),
            "that swaps the colours: the dimensions are picture, colour, row, column.",
        ),
        (lambda images: images.flip(0), "that changes the order of the pictures."),
        (
            lambda images: images.flip(2, 3),
            "that is turned by half a circle: turn one dimension around, not two.",
        ),
        (lambda images: images.roll(1, dims=3), "that moves the picture by one column."),
    ),
)
def mirrored(images: Tensor) -> Tensor:
    return images.flip(3)


@fills(
    "10.b",
    "a gain and how sure it is",
    cases=lambda: [(torch.rand(10), torch.rand(10)), (torch.rand(4), torch.rand(4))],
    mistakes=(
        (
            lambda ours, base: _gain(base - ours),
            "that is how much worse it is: take the base away from ours.",
        ),
        (
            lambda ours, base: ((ours - base).mean(), (ours - base).std()),
            "that is how far single seeds stray. Their mean strays less: divide by the root of their number.",
        ),
        (
            lambda ours, base: ((ours - base).mean(), (ours - base).std() / len(ours)),
            "by the root of their number, not by the number itself.",
        ),
        (
            lambda ours, base: (
                (ours - base).mean(),
                ((ours.var() + base.var()) / len(ours)).sqrt(),
            ),
            "that forgets that both had the same faces. Take the differences first, seed by seed.",
        ),
        (
            lambda ours, base: (
                (ours - base).mean(),
                (ours - base).std(correction=0) / len(ours) ** 0.5,
            ),
            "divide the squares by one less than their number, as `.std()` does when you let it.",
        ),
    ),
)
def gain(ours: Tensor, base: Tensor) -> tuple[Tensor, Tensor]:
    return _gain(ours - base)


def _gain(difference: Tensor) -> tuple[Tensor, Tensor]:
    return difference.mean(), difference.std() / len(difference) ** 0.5


@fills(
    "10.c",
    "the worst group",
    cases=lambda: [_verdicts(4), _verdicts(3)],
    mistakes=(
        (
            lambda right, group: right.float().mean(),
            "that is the average over everybody: it hides the worst.",
        ),
        (lambda right, group: max(_shares(right, group)), "that is the best group."),
        (
            lambda right, group: torch.stack(_shares(right, group)).mean(),
            "that is the mean of the groups. Take the smallest.",
        ),
        (lambda right, group: 1 - min(_shares(right, group)), "that is the share of errors."),
        (
            lambda right, group: min(
                (right & (group == each)).float().mean() for each in torch.unique(group)
            ),
            "divide by the size of the group, not by the number of all faces.",
        ),
    ),
)
def worst_group(right: Tensor, group: Tensor) -> Tensor:
    return min(_shares(right, group))


def _shares(right: Tensor, group: Tensor) -> list[Tensor]:
    return [right[group == each].float().mean() for each in torch.unique(group).unbind()]


def _verdicts(groups: int) -> tuple[Tensor, Tensor]:
    group = (groups * (torch.arange(60) / 60) ** 2).long()  # the first has most members
    return torch.rand(60) < 0.3 + 0.5 * group / groups, group


def _two_sums(x: Tensor, y: Tensor) -> Tensor:
    return y.flatten(1).sum(dim=1) + x


@fills(
    "10.d",
    "what D is shown",
    cases=lambda: [
        (_two_sums, torch.rand(4), torch.rand(4, 3, 2, 2), torch.rand(4, 3, 2, 2), each)
        for each in (lambda pixels: pixels**2, lambda pixels: 1 - pixels)
    ],
    mistakes=(
        (
            lambda D, x, real, fake, change: (D(x, change(real)), D(x, fake)),
            "only the real pictures are changed: G then learns to draw changed pictures.",
        ),
        (
            lambda D, x, real, fake, change: (D(x, real), D(x, change(fake))),
            "only the generated pictures are changed: D tells them by the change alone.",
        ),
        (lambda D, x, real, fake, change: (D(x, real), D(x, fake)), "nothing is changed."),
        (
            lambda D, x, real, fake, change: (D(x, change(fake)), D(x, change(real))),
            "the logits of the real pictures come first.",
        ),
        (
            lambda D, x, real, fake, change: (change(real), change(fake)),
            "those are the pictures: ask D about them.",
        ),
    ),
)
def shown(
    D: Discriminator, x: Tensor, real: Tensor, fake: Tensor, change: Callable[[Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    return D(x, change(real)), D(x, change(fake))


@fills(
    "10.e",
    "how often each picture is seen",
    cases=lambda: [(600, 64, 100), (300, 32, 1_600), (50, 8, 7)],
    mistakes=(
        (lambda steps, batch_size, pictures: steps / pictures, "a step sees a whole batch."),
        (
            lambda steps, batch_size, pictures: steps * batch_size,
            "that is how many pictures are seen in all.",
        ),
        (lambda steps, batch_size, pictures: pictures / (steps * batch_size), "upside down."),
        (
            lambda steps, batch_size, pictures: steps * pictures / batch_size,
            "the larger the batch, the more is seen; the more pictures, the less often each.",
        ),
    ),
)
def views(steps: int, batch_size: int, pictures: int) -> float:
    return steps * batch_size / pictures
