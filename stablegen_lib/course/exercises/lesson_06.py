"""Checks for the exercises of lesson 06, latent exploration."""

from stablegen_lib.course.checking import call, close, difference, exercise
from stablegen_lib.course.picking import picked


@exercise("06.1", "the middle of the turn")
def midpoint(answer: object) -> str | None:
    from stablegen_lib import latent

    for seed, lengths in ((0, (1.0, 1.0)), (1, (1.0, 3.0))):
        start, end = latent.draw(2, 16, seed=seed)
        start, end = lengths[0] * start, lengths[1] * end
        middle = call(answer, start, end)
        if close(middle, (start + end) / 2):
            return "that is the middle of the straight line. Add the directions, not the vectors."
        direction = start / start.norm() + end / end.norm()
        if close(middle, direction):
            return "the direction is right. Give it the mean length of the two."
        straight = (start + end) / (start + end).norm()
        if close(middle, straight * (start.norm() + end.norm()) / 2):
            return (
                "the length is right; the direction leans towards the longer of the two. Divide each vector "
                "by its own length before you add them."
            )
        if close(middle, direction / direction.norm()):
            return "the direction is right and 1 long. Multiply it by the mean length of the two."
        if wrong := difference(middle, latent.slerp(start, end, 0.5), tolerance=1e-3):
            return f"{wrong} Compare with latent.slerp(start, end, 0.5)."
    return None


@exercise("06.2", "a direction from two means")
def mean_direction(answer: object) -> str | None:
    from stablegen_lib import latent

    z = latent.draw(60, 5, seed=6)
    has_it = z[:, 1] > 0.4
    gap = z[has_it].mean(dim=0) - z[~has_it].mean(dim=0)
    direction = call(answer, z, has_it)
    if close(direction, gap):
        return "the difference is right. Divide it by its length, so that it is 1 long."
    if close(direction, -gap / gap.norm()) or close(direction, -gap):
        return "it points the wrong way. Take those that have it, minus those that have not."
    return difference(direction, gap / gap.norm(), tolerance=1e-3)


@exercise("06.3", "three faces at distance 0")
def verdict(answer: object) -> str | None:
    hints = {
        "new": "mean and tail say so. But what is a face whose distance to a training face is 0?",
        "cannot tell": "you can: 0 means that all 768 numbers are the same. Which share are 3 of 1,000?",
    }
    return picked(answer, "memorised", hints)
