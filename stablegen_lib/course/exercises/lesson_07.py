"""Checks for the exercises of lesson 07, stability."""

from stablegen_lib.course.checking import call, exercise


@exercise("07.1", "the strongest pull")
def strongest_pull(answer: object) -> str | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not 0 <= answer < float("inf"):
        return "one number of at least 0 was needed."
    if abs(answer - 1) < 0.01:
        return None
    if answer == 0:
        return "at 0 there is no pull at all: it circles."
    if answer < 1:
        return "the pull still grows when you make it larger. Print `flow_eigenvalues` for a few values."
    return "too strong a brake: the slower of the two eigenvalues has come back towards 0."


@exercise("07.2", "count the modes")
def count_modes(answer: object) -> str | None:
    import torch

    centres = torch.tensor([[0.0, 0.0], [0.3, 0.0], [4.0, 0.0], [0.0, 4.0], [9.0, 9.0]])
    points = torch.tensor([[0.1, 0.0], [0.0, 0.2], [0.0, 0.0], [4.3, 0.3], [0.0, 6.0]])
    for radius, right in ((0.5, 3), (0.25, 2), (2.0, 4)):
        found = call(answer, points, centres, radius)
        value = found.item() if isinstance(found, torch.Tensor) and found.numel() == 1 else found
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"one number was needed, and {type(found).__name__} came."
        near = torch.cdist(centres, points) <= radius
        if value != right and value == int(near.any(dim=0).sum()):
            return "that counts points near a centre. Count centres that have a point."
        if value != right and value == int(near.sum()):
            return "that counts pairs. A centre with three points is still one mode."
        if value != right:
            return f"with radius {radius} it gave {value}; {right} of the five centres have a point so near."
    return None


@exercise("07.3", "five runs")
def verdict(answer: object) -> str | None:
    hints = {
        "better": "5 of 5 against 3 of 5 can easily be chance: look at the intervals.",
        "not better": "these runs do not show that either: the new method may well be better.",
    }
    if answer == "cannot tell":
        return None
    if isinstance(answer, str) and answer in hints:
        return f"not quite: {hints[answer]}"
    return 'one of "better", "not better" and "cannot tell" was needed.'
