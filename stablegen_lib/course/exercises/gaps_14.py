"""Gaps of lesson 14, the article checked."""

from collections import Counter

import torch
from torch import Tensor

from stablegen_lib.course.missing_lines import fills


@fills(
    "14.a",
    "the p of the article's formula",
    cases=lambda: [(torch.randn(8),), (torch.tensor([-3.0, 1, 0, 4]).requires_grad_(),)],
    mistakes=(
        (
            lambda logits: 1 - logits.sigmoid(),
            'with this p the loss is small where D is sure of "generated": G would learn to be caught.',
        ),
        (lambda logits: logits, "a logit is no probability: it has no bounds. p lies between 0 and 1."),
        (lambda logits: logits.exp(), "those are the odds, real : generated. A probability is at most 1."),
        (
            lambda logits: logits.sigmoid().log(),
            "p itself: the next cell takes the logarithm, as the formula does.",
        ),
        (lambda logits: -logits.sigmoid().log().mean(), "that is the whole loss. Only its p is asked for."),
        (
            lambda logits: logits.softmax(dim=0),
            "softmax makes the pictures of a batch share one probability. Each picture has its own p.",
        ),
    ),
)
def p_of(logits: Tensor) -> Tensor:
    return torch.sigmoid(logits)


def _verdicts() -> list[tuple[list[str], list[str]]]:
    true, part, false = "true", "true in part", "false"
    return [
        ([true, true, true, part, part, false, false], [false, true, false, false, false, false, part]),
        ([true, false, true], [false, true, false]),
        ([part, true, "unclear", true, false], [part, true, true, true, false]),
    ]


def _shares(verdicts: list[str]) -> dict[str, float]:
    return {verdict: number / len(verdicts) for verdict, number in Counter(verdicts).items()}


def _luck(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(share * other.get(verdict, 0) for verdict, share in one.items())


@fills(
    "14.b",
    "what luck would agree on",
    cases=_verdicts,
    mistakes=(
        (
            lambda one, other: sum(a == b for a, b in zip(one, other, strict=True)) / len(one),
            "that is what the two did agree on. Luck does not know who said what of which claim.",
        ),
        (
            lambda one, other: sum((Counter(one) & Counter(other)).values()) / len(one),
            "that is the most they could agree on, in the best order. Luck does not sort them.",
        ),
        (
            lambda one, other: sum(one.count(word) * other.count(word) for word in set(one)) / len(one),
            "two shares are multiplied, and each is a count divided by the number of claims.",
        ),
        (
            lambda one, other: sum(one.count(word) * other.count(word) for word in set(one)),
            "those are counts: a share is a count divided by the number of claims.",
        ),
        (
            lambda one, other: sum(one.count(word) * other.count(word) for word in one) / len(one) ** 2,
            "so a word counts once for each time that it is given. Go through the different words: set(one).",
        ),
        (
            lambda one, other: _luck(_shares(one), _shares(one)),
            "that is the first reader against a second one of the same kind. Use both lists.",
        ),
        (
            lambda one, other: _luck(_shares(other), _shares(other)),
            "that is the second reader against another one of the same kind. Use both lists.",
        ),
        (
            lambda one, other: 1 / len({*one, *other}),
            "so all words would be equally frequent. They are not: count them in each list.",
        ),
        (
            lambda one, other: 1 - _luck(_shares(one), _shares(other)),
            "that is how often luck would differ.",
        ),
    ),
)
def luck(one: list[str], other: list[str]) -> float:
    return sum(one.count(word) * other.count(word) for word in set(one)) / len(one) ** 2
