"""Checks for the exercises of lesson 01, the data."""

import functools
from typing import Any

from stablegen_lib.course.checking import Wrong, call, close, difference, exercise

LARGEST = (255, 16, 4095)
FACE = 3  # the person of exercise 01.2: no glasses, no hat
ROUNDED = 2e-3  # 426 instead of 425.69 will do


@exercise("01.1", "another kind of pixel")
def to_range(answer: object) -> str | None:
    import torch

    for largest in LARGEST:
        # Without the darkest and the brightest: who scales by what happens to be there gets other numbers.
        pixels = torch.arange(1, largest).to(torch.uint8 if largest < 256 else torch.int32)
        problem = _problem_in_range(call(answer, pixels.clone(), largest), pixels, largest)
        if problem:
            return f"for pixels from 0 to {largest}: {problem}"
    return None


@exercise("01.2", "the same person, dressed up")
def dressed_up(answer: object) -> str | None:
    face = _faces("train").conditions[FACE]
    glasses, hat = _replaced(face, "glasses", "dark"), _replaced(face, "hat", "yes")
    right = _replaced(glasses, "hat", "yes")
    frequent = _faces("train").condition(glasses="dark", hat="yes")
    mistakes = (
        (face, "that is face 3 as it is; replace_attribute returns a changed copy, so keep its result."),
        (glasses, "the glasses are right, the hat is missing. Make the second change to the changed x."),
        (hat, "the hat is right, the glasses are missing. Make the second change to the changed x."),
        (frequent, "glasses and hat are right; the rest must be as in face 3, not the most frequent."),
        (right[None], "that is a batch of one; a single vector was asked for: conditions[3], not [3:4]."),
        (right.maximum(face), "the old values must go: each group has exactly one 1."),
    )
    hints = (hint for wrong, hint in mistakes if close(answer, wrong))
    return next(hints, None) or _other_attribute(answer, right) or difference(answer, right)


def _other_attribute(answer: Any, right: Any) -> str | None:
    """Names the attributes that differ, when it is an x at all."""
    groups = _faces("train").groups
    if not isinstance(answer, type(right)) or answer.shape != right.shape:
        return None
    if any(answer[columns].sum() != 1 for columns in groups.values()):
        return "it is no x: each group of entries must have exactly one 1."
    other = [name for name, columns in groups.items() if not close(answer[columns], right[columns])]
    return f"not as asked: {', '.join(other)}." if other else None


@exercise("01.3", "hats and dark glasses")
def hats_and_dark_glasses(answer: object) -> str | None:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Wrong("two numbers were needed: (counted, expected).")
    counted, expected = _counts("train")
    if close(answer[0], expected) and close(answer[1], counted):
        return "the two are swapped: the count comes first."
    problem = _problem_in_count(answer[0])
    if problem:
        return f"the count: {problem}"
    problem = _problem_in_expectation(answer[1])
    return f"the expected number: {problem}" if problem else None


def _problem_in_range(given: Any, pixels: Any, largest: int) -> str | None:
    import torch

    if isinstance(given, torch.Tensor) and not given.is_floating_point():
        return f"{given.dtype} came, which holds no fractions; turn into float first."
    share = pixels.double() / largest
    mistakes = (
        (share, "that runs from 0 to 1; it must start at -1."),
        (share - 1, "that runs from -1 to 0; it must be twice as long."),
        (1 - 2 * share, "dark and bright have changed places."),
        (pixels.double() / 127.5 - 1, "127.5 fits bytes only; use `largest`."),
        (2 * pixels / largest - 1, "2 * 200 became 144: bytes wrap around. Turn into float first."),
        (
            2 * pixels.double() / pixels.max() - 1,
            "divide by `largest`, not by the brightest pixel that happens to be there.",
        ),
        (2 * pixels.double() / (largest + 1) - 1, "the brightest is below 1: divide by largest itself."),
    )
    right = 2 * share - 1
    if close(given, right, 1e-5):
        return None
    hints = (hint for wrong, hint in mistakes if close(given, wrong, 1e-5))
    return next(hints, None) or difference(given, right, 1e-5)


def _problem_in_count(given: object) -> str | None:
    hat, dark, light = (_column(name, "train") for name in ("hat=yes", "glasses=dark", "glasses=light"))
    counted = _counts("train")[0]
    mistakes = (
        (hat.sum() + dark.sum() - counted, "that is a hat *or* dark glasses; asked is a hat *and* them."),
        ((hat * (dark + light)).sum(), "only dark glasses count, not the light ones."),
        (hat.sum(), "that is the count of all hats."),
        (dark.sum(), "that is the count of all dark glasses."),
        (_counts("all")[0], "that is counted in all splits; take the training faces."),
        (hat.dot(dark) / len(hat), "that is a share; count the faces."),
    )
    return _problem(given, counted, mistakes, tolerance=0.0)


def _problem_in_expectation(given: object) -> str | None:
    hat, dark = _column("hat=yes", "train"), _column("glasses=dark", "train")
    counted, expected = _counts("train")
    mistakes = (
        (expected / len(hat), "that is a share; multiply it by the number of faces."),
        (counted, "that is the count again; only the two separate shares may enter."),
        (hat.sum() + dark.sum(), "you added the shares; those of independent things are multiplied."),
        (hat.sum() * dark.sum(), "those are counts; divide each by the number of faces to get shares."),
    )
    return _problem(given, expected, mistakes, tolerance=ROUNDED)


def _problem(given: object, right: float, mistakes: Any, tolerance: float) -> str | None:
    """None when right; the hint of the typical mistake that gives this number; or what differs."""
    if close(given, right, tolerance):
        return None
    hints = (hint for wrong, hint in mistakes if close(given, wrong))
    return next(hints, None) or difference(given, right, tolerance)


@functools.cache
def _faces(split: str) -> Any:
    from stablegen_lib import data

    return data.load_faces(split)


def _replaced(x: Any, attribute: str, value: str) -> Any:
    from stablegen_lib import data

    return data.replace_attribute(x, _faces("train").condition_names, attribute=attribute, value=value)


def _column(name: str, split: str) -> Any:
    faces = _faces(split)
    return faces.conditions[:, faces.condition_names.index(name)].double()


@functools.cache
def _counts(split: str) -> tuple[float, float]:
    """Faces with a hat and dark glasses; how many there would be if the two were independent."""
    hat, dark = _column("hat=yes", split), _column("glasses=dark", split)
    return float((hat * dark).sum()), float(hat.mean() * dark.mean() * len(hat))
