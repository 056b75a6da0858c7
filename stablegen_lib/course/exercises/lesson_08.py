"""Checks for the exercises of lesson 08, image generation."""

import math

import torch

from stablegen_lib.course.checking import call, close, difference, exercise
from stablegen_lib.course.picking import picked


@exercise("08.1", "coverage with one radius")
def coverage(answer: object) -> str | None:
    random = torch.Generator().manual_seed(8)
    real = torch.randn(40, 2, generator=random)
    for generated in (torch.randn(30, 2, generator=random) + 1, torch.randn(5, 2, generator=random)):
        near = torch.cdist(real, generated) < 0.6
        share = call(answer, real, generated, 0.6)
        if close(share, near.any(dim=0).float().mean()):
            return "that is the share of the generated points that are near a real one. Ask the other way."
        if close(share, near.float().mean()):
            return "that counts pairs. A real point counts once, however many generated ones are near."
        if close(share, near.any(dim=1).float().sum()):
            return "that is the number of real points. Divide by how many there are."
        if wrong := difference(share, near.any(dim=1).float().mean(), tolerance=1e-3):
            return f"{wrong} torch.cdist gives all distances; .any(dim=1) asks each real point."
    return None


@exercise("08.2", "how many copies are noticed")
def copies_needed(answer: object) -> str | None:
    random = torch.Generator().manual_seed(82)
    for count, tail in ((500, 0.01), (61, 0.5), (200, 0.2), (43, 0.1)):
        distances = 1 + torch.rand(count, generator=random)
        found = call(answer, distances.clone(), tail)
        place = tail * (count - 1)
        right = math.ceil(round(place, 6)) + 1
        if close(found, right, tolerance=0.0):
            continue
        mistakes = {
            "that is one too few: with so many copies the distance is not 0 yet. It may lie between two "
            "pictures, and then both must be copies.": right - 1,
            "that is one too many: the distance is 0 with one copy less.": right + 1,
            "that is a share. How many pictures are it?": right / count,
            "so many may stay. How many must be copies?": count - right,
        }
        for hint, mistake in mistakes.items():
            if close(found, mistake, tolerance=1e-6):
                return hint
        return f"{difference(found, right, tolerance=0.0)} Make copies one by one, and ask torch.quantile."
    return None


@exercise("08.3", "read a report")
def verdict(answer: object) -> str | None:
    hints = {
        "memorises": "a memoriser has a ratio near 0. Here it is 1.0.",
        "collapsed": "a collapsed generator covers little. Here coverage is like that of real pictures.",
    }
    return picked(answer, "ignores x", hints)
