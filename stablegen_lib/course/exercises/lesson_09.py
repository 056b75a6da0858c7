"""Checks for the exercises of lesson 09, image editing."""

from stablegen_lib.course.checking import call, close, difference, exercise, picked


@exercise("09.1", "paste through a soft mask")
def paste(answer: object) -> str | None:
    import torch

    random = torch.Generator().manual_seed(9)
    original, after = (torch.rand(2, 3, 4, 4, generator=random) * 2 - 1 for _ in range(2))
    mask = torch.rand(2, 1, 4, 4, generator=random)
    pasted = call(answer, original, after, mask)
    if close(pasted, (1 - mask) * after + mask * original):
        return "it is the wrong way round: where the mask is 1, `after` counts."
    if close(pasted, original + mask * after) or close(pasted, original + after):
        return "a part of the original must go where something is pasted: what is its share?"
    if close(pasted, torch.where(mask > 0.5, after, original)):
        return "that is a hard mask. Between 0 and 1, mix the two by the mask."
    return difference(pasted, (1 - mask) * original + mask * after)


@exercise("09.2", "the error where nothing should change")
def outside_error(answer: object) -> str | None:
    import torch

    random = torch.Generator().manual_seed(10)
    original, noise = torch.rand(3, 6, 6, generator=random), torch.rand(3, 6, 6, generator=random)
    twin, edited = original.clone(), original + 0.1 * noise
    twin[:, :2] = 1 - twin[:, :2]
    twin[0, 3] += 0.5  # a change of one colour only: the pixel has changed
    same = (twin == original).all(dim=0)
    squares = (edited - twin).square()
    wanted = squares[:, same].mean()
    found = call(answer, edited, original, twin)
    hints = {
        "that is the mean square. Take its root.": wanted,
        "that is the error over the whole picture. Keep the pixels where twin equals original.": (
            squares.mean().sqrt()
        ),
        "that is the error inside, where twin and original differ.": squares[:, ~same].mean().sqrt(),
        "a pixel stays only if all three colours do: use .all(dim=0).": (
            squares[twin == original].mean().sqrt()
        ),
        "pixels that do not count must not be divided by either: choose them before the mean.": (
            (squares * same).mean().sqrt()
        ),
        "that compares with the original. Compare with the twin, to be sure you can trust it.": (
            (edited - original).square().mean().sqrt()
        ),
    }
    for hint, mistake in hints.items():
        if close(found, mistake):
            return hint
    return difference(found, wanted.sqrt())


@exercise("09.3", "an editor for sale")
def verdict(answer: object) -> str | None:
    hints = {
        "it edits well": "success is the share of wishes that the judge sees fulfilled. It is 0.01.",
        "it draws another person": "then the error outside would be large. It is 0.",
    }
    return picked(answer, "it changes nothing", hints)
