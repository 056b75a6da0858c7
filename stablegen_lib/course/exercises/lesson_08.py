"""Checks for the exercises of lesson 08, image generation."""

import torch

from stablegen_lib.course.checking import call, close, difference, exercise


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
    generated, held_out = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([4.0, 30.0, 2.0])
    result = call(answer, generated, held_out)
    if close(result, generated.mean() / held_out.mean()):
        return "those are means. One picture far from everything would move them; take medians."
    if close(result, torch.tensor(2.0)):
        return "it is upside down: copies must come out near 0."
    if close(result, (generated / held_out).median()):
        return "the two lists are different pictures: take each median first, then divide."
    return difference(result, torch.tensor(0.5), tolerance=1e-3)


@exercise("08.3", "read a report")
def verdict(answer: object) -> str | None:
    hints = {
        "memorises": "a memoriser has a ratio near 0. Here it is 1.0.",
        "collapsed": "a collapsed generator covers little. Here coverage is like that of real pictures.",
    }
    if answer == "ignores x":
        return None
    if isinstance(answer, str) and answer in hints:
        return f"not this one: {hints[answer]}"
    return 'one of "memorises", "collapsed" and "ignores x" was needed.'
