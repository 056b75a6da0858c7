"""Checks for the exercises of lesson 12, the generator meets an autoencoder."""

import math
from collections.abc import Sequence
from typing import Any

from stablegen_lib.course.checking import call, close, difference, exercise

Layers = Sequence[tuple[int, int]]  # kernel and stride of each
NETWORKS = {"encoder", "decoder", "discriminator"}


@exercise("12.1", "Stable Diffusion's own weight")
def weight(answer: object) -> str | None:
    import torch

    random = torch.Generator().manual_seed(0)
    pull, push = torch.randn(2, 3, 4, generator=random)
    ratio = pull.norm() / (push.norm() + 1e-4)
    if wrong := _wrong_late(call(answer, 9, 5, pull, push / 10, 2.0), pull, push / 10):
        return wrong
    if not close(call(answer, 8, 8, pull, push, 1.0), ratio, 1e-4):
        return "in step `start` itself the discriminator takes part: compare with <, not with <=."
    if not close(call(answer, 7, 8, pull, push, 1.0), 0.0):
        return "before step `start` nobody asks the discriminator: the weight is 0."
    nobody = torch.zeros(3, 4)
    found = call(answer, 10, 8, pull, nobody, 0.5)
    if close(found, 0.5 * pull.norm() / 1e-4):
        return "where the judge hardly pushes, the ratio explodes: at most 10,000 of it."
    if close(found, 10_000):
        return "the limit of 10,000 comes first, then the factor: 0.5 times 10,000 was expected there."
    return difference(found, 5_000.0, 1e-3)


def _wrong_late(found: object, pull: Any, push: Any) -> str | None:
    """What is wrong with the weight long after the start, with a factor of 2."""
    ratio = 2 * pull.norm() / (push.norm() + 1e-4)
    if close(found, 4 / ratio, 1e-3):
        return "upside down: multiplied by it, the adversarial gradient must become as long as the other."
    if close(found, ratio / 2, 1e-3):
        return "the fixed factor is missing: multiply the ratio by it."
    if close(found, ratio**2 / 2, 1e-3):
        return "those are squared lengths. Take the root: `.norm()` does it."
    if close(found, 2 * pull.abs().mean() / push.abs().mean(), 1e-2):
        return "a mean of absolute values is another length. Take `.norm()`."
    if close(found, 2 * pull / push, 1e-2):
        return "one number was needed: the ratio of the two lengths, not of the entries."
    if wrong := difference(found, ratio, 1e-5):
        return f"{wrong} Compare with autoencoder.adaptive_weight, and mind the 10⁻⁴."
    return None


@exercise("12.2", "what one verdict sees")
def sees(answer: object) -> str | None:
    ours, theirs = [(4, 2), (3, 1), (1, 1)], [(4, 2), (4, 2), (4, 2), (4, 1), (4, 1)]
    cases = [ours, [(5, 3)], [(3, 1)] * 4, theirs]
    found = [call(answer, list(layers)) for layers in cases]
    hints = {
        _walked: "walk back from the verdict: the last layer comes first.",
        _summed: "a layer with stride 2 makes neighbours stand two pixels apart: multiply by the stride.",
        _apart: "that is the distance of two neighbouring verdicts. How far does one of them see?",
    }
    for mistake, hint in hints.items():
        if all(close(size, mistake(layers), 0.0) for size, layers in zip(found, cases, strict=True)):
            return hint
    for size, layers in zip(found, cases, strict=True):
        if wrong := difference(size, _walked(layers[::-1]), 0.0):
            return f"for {layers}: {wrong}"
    return None


def _walked(layers: Layers) -> int:
    """From the first layer to the last."""
    size = 1
    for kernel, stride in layers:
        size = (size - 1) * stride + kernel
    return size


def _summed(layers: Layers) -> int:
    return 1 + sum(kernel - 1 for kernel, _ in layers)


def _apart(layers: Layers) -> int:
    return math.prod(stride for _, stride in layers)


@exercise("12.3", "what is needed in the end")
def needed(answer: object) -> str | None:
    given = {answer} if isinstance(answer, str) else answer
    if not isinstance(given, set | frozenset | list | tuple) or not all(each in NETWORKS for each in given):
        return 'a set of names was needed, out of "encoder", "decoder" and "discriminator".'
    if "discriminator" in given:
        return "nobody is judged any more: the discriminator was needed for training only."
    if "encoder" in given:
        return "there is no picture to encode: the map comes out of the prior."
    return None if set(given) == {"decoder"} else "something has to turn the map into a picture."
