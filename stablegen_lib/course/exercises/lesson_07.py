"""Checks for the exercises of lesson 07, stability."""

import math

import torch

from stablegen_lib.course.checking import call, close, exercise


@exercise("07.1", "the strongest pull")
def strongest_pull(answer: object) -> str | None:
    if isinstance(answer, complex) or not close(answer, answer):
        return "one finite number of at least 0 was needed."
    answer = float(torch.as_tensor(answer).reshape(-1)[0]) if torch.as_tensor(answer).numel() == 1 else -1.0
    if not 0 <= answer < float("inf"):
        return "one finite number of at least 0 was needed."
    if abs(answer - math.sqrt(0.5)) < 0.02:
        return None
    if answer == 0:
        return "at 0 there is no pull at all: it circles."
    if abs(answer - 1) < 0.02:
        return "so it was when both learnt equally fast. Double the matrix's second row, the speed of psi."
    if answer < math.sqrt(0.5):
        return "the pull still grows when you make it larger. Print it for a few values, as above."
    return "too strong a brake: the slower of the two eigenvalues has come back towards 0."


@exercise("07.2", "count the modes")
def count_modes(answer: object) -> str | None:
    centres = torch.tensor([[0.0, 0.0], [0.3, 0.0], [4.0, 0.0], [0.0, 4.0], [9.0, 9.0]])
    points = torch.tensor([[0.1, 0.0], [0.0, 0.2], [0.0, 0.0], [4.3, 0.3], [0.0, 6.0]])
    for radius, right in ((0.5, 3), (0.25, 2), (2.0, 4)):
        found = call(answer, points, centres, radius)
        value = found.item() if isinstance(found, torch.Tensor) and found.numel() == 1 else found
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"one number was needed, and {type(found).__name__} came."
        near = torch.cdist(centres, points) <= radius
        if value != right and value == int((torch.cdist(centres, points) < radius).any(dim=1).sum()):
            return "a point that lies exactly at the radius counts too: within means at most so far away."
        if value != right and value == int(near.any(dim=0).sum()):
            return "that counts points near a centre. Count centres that have a point."
        if value != right and value == int(near.sum()):
            return "that counts pairs. A centre with three points is still one mode."
        if value != right:
            return f"with radius {radius} it gave {value}; {right} of the five centres have a point so near."
    return None


@exercise("07.3", "how many runs it takes")
def runs_apart(answer: object) -> str | None:
    if isinstance(answer, bool) or not isinstance(answer, int) or answer <= 0 or answer % 5:
        return "a whole number was needed: 5, 10, 15 and so on."
    if answer < 15:
        return f"with {answer} of each, luck still does so often enough: print p_value for both groups."
    if answer == 15:
        return "nearly: below 0.05, and our level is 0.01."
    return None if answer == 20 else "there it is clear, but fewer runs are enough."
