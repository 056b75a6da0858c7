"""Checks for the exercises of lesson 08, image generation."""

import torch

from stablegen_lib.course.checking import call, close, difference, exercise, picked


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


@exercise("08.2", "a memorisation ratio")
def ratio(answer: object) -> str | None:
    random = torch.Generator().manual_seed(82)
    generated, held_out = (
        start + span * torch.linspace(0, 1, count)[torch.randperm(count, generator=random)].sqrt()
        for start, span, count in ((1, 1, 41), (3, 4, 61))
    )
    for tail in (0.01, 0.2):
        result = call(answer, generated, held_out, tail)
        near, usual = torch.quantile(generated, tail), torch.quantile(held_out, tail)
        mistakes = {
            "those are means. A few copies hardly move a mean; look at the tail.": (
                generated.mean() / held_out.mean()
            ),
            "those are medians: half of the pictures must be copies before they move. Look at the tail.": (
                generated.median() / held_out.median()
            ),
            "those are the single nearest ones. A share `tail` must lie below the distance.": (
                generated.min() / held_out.min()
            ),
            "it is upside down: copies must come out near 0.": usual / near,
            "that is a difference. Divide, so that 1 means: as near as real pictures come.": near - usual,
        }
        for hint, mistake in mistakes.items():
            if close(result, mistake):
                return hint
        if wrong := difference(result, near / usual, tolerance=1e-3):
            return f"{wrong} torch.quantile(distances, tail) says below which distance that share lies."
    return None


@exercise("08.3", "read a report")
def verdict(answer: object) -> str | None:
    hints = {
        "memorises": "a memoriser has a ratio near 0. Here it is 1.0.",
        "collapsed": "a collapsed generator covers little. Here coverage is like that of real pictures.",
    }
    return picked(answer, "ignores x", hints)
