"""Checks for the exercises of lesson 00, where to start."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from stablegen_lib.course.checking import Wrong, call, close, difference, exercise

if TYPE_CHECKING:
    from stablegen_lib.data import ImageSet


@exercise("00.1", "how many numbers are in a face")
def numbers_in_a_face(answer: object) -> str | None:
    hints = {
        256: "that is the number of pixels. Each pixel holds three numbers.",
        48: "that is one row. There are 16 of them.",
        4096: "that is 16 × 16 × 16. The last factor is the number of colours.",
    }
    for mistake, hint in hints.items():
        if close(answer, mistake, tolerance=0.0):
            return hint
    return difference(answer, 768, tolerance=0.0)


@exercise("00.2", "a crowd with hats and dark glasses")
def crowd(answer: object) -> str | None:
    import torch

    faces = _faces()
    for count in (3, 5):
        given = call(answer, count)
        if not isinstance(given, torch.Tensor):
            raise Wrong("a tensor was needed: one row for each person.")
        if given.ndim == 1:
            return "that is one person. Stack the row with .repeat(count, 1)."
        if tuple(given.shape) != (count, faces.conditions.shape[1]):
            wanted = f"{(count, faces.conditions.shape[1])}"
            return f"for count = {count} the shape {wanted} was needed, {tuple(given.shape)} came."
        for attribute, value in (("hat", "yes"), ("glasses", "dark")):
            column = faces.condition_names.index(f"{attribute}={value}")
            if not bool((given[:, column] == 1).all()):
                return f"not everybody has {attribute}={value}."
        for attribute, columns in faces.groups.items():
            if not bool((given[:, columns].sum(dim=1) == 1).all()):
                return f"each row must choose exactly one value of {attribute}. faces.condition does that."
        if not bool((given == given[0]).all()):
            return "all rows ask for a hat and dark glasses, but they differ in something else."
    return None


@cache
def _faces() -> ImageSet:
    from stablegen_lib import data

    return data.load_faces("test")
