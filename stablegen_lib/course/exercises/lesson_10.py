"""Checks for the exercises of lesson 10, data augmentation."""

from stablegen_lib.course.checking import call, close, difference, exercise


@exercise("10.1", "move a picture")
def moved(answer: object) -> str | None:
    import torch

    image = torch.arange(2 * 3 * 5, dtype=torch.float32).view(2, 3, 5)
    for right in (2, 0, 4):
        wanted = image[:, :, (torch.arange(5) - right).clamp(min=0)]
        found = call(answer, image.clone(), right)
        if right and close(found, image.roll(right, dims=2)):
            return "what leaves at the right comes in again at the left. Repeat the left column instead."
        if right and close(found, image[:, :, (torch.arange(5) + right).clamp(max=4)]):
            return "that moves it to the left."
        if right and close(found, image[:, (torch.arange(3) - right).clamp(min=0)]):
            return "that moves it down. The last dimension runs from left to right."
        if right and close(found, torch.nn.functional.pad(image, (right, 0))[:, :, :5]):
            return "zeros come in at the left. Repeat the left column instead."
        if right and close(found, image[:, :, : 5 - right]):
            return "the picture has become narrower. Fill the left with copies of its left column."
        if wrong := difference(found, wanted, tolerance=1e-4):
            return wrong
    return None


@exercise("10.2", "every group equally often")
def even_weights(answer: object) -> str | None:
    import torch

    groups = torch.tensor([0, 0, 0, 1, 2, 2, 0])
    wanted = 1.0 / torch.bincount(groups)[groups]
    found = call(answer, groups.clone())
    if close(found, torch.bincount(groups)[groups].float()):
        return "that draws large groups more often. Divide by their size."
    if close(_shares(found), torch.full((7,), 1 / 7)):
        return "with equal weights a group of four is drawn four times as often as a group of one."
    if close(found, 1.0 / torch.bincount(groups)):
        return "that is one weight for each group. Every example needs one: that of its group."
    return difference(_shares(found), wanted / wanted.sum(), tolerance=1e-4)


def _shares(weights: object) -> object:
    """Weights need no particular sum: divided by it, they can be compared. Anything else stays as it is."""
    import torch

    try:
        tensor = torch.as_tensor(weights).to(torch.float64)
    except (TypeError, ValueError, RuntimeError):
        return weights
    total = tensor.sum()
    return tensor / total if bool(total.isfinite()) and bool(total > 0) else tensor


@exercise("10.3", "read an interval")
def verdict(answer: object) -> str | None:
    hints = {
        "it helps": "the mean is above 0, but the interval holds 0 too: chance could give this.",
        "it does not help": "gains up to 0.011 lie in the interval. These runs cannot exclude them.",
    }
    said = answer.strip().lower().rstrip(".") if isinstance(answer, str) else ""
    if said == "cannot tell":
        return None
    if said in hints:
        return f"not quite: {hints[said]}"
    return 'one of "it helps", "it does not help" and "cannot tell" was needed.'
