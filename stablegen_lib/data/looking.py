"""A look at a folder of pictures before anybody trains on it: what is in it, and what may go wrong.

`stablegen_lib.data` re-exports `look_at_folder`; write `print(data.look_at_folder("holiday"))`.
"""

import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from stablegen_lib.data.folder import load_folder
from stablegen_lib.data.image_set import ImageSet, Skipped
from stablegen_lib.data.pixels import to_unit_range

FEW, VERY_FEW = 200, 40  # different pictures
TWIN = 0.05  # root of the mean squared difference of two pictures in [-1, 1]: closer ones look the same
ALIKE = 0.2  # the same, on average over all pairs
CUT = 0.2  # share of a picture that lies outside its centre square
CHUNK = 500
LISTED = 3  # names in one advice


@dataclass(frozen=True)
class FolderReport:
    """What `look_at_folder` has seen; print it.

    Attributes:
        pictures: How many can be used.
        shapes: (width, height) in pixels -> how many files have it.
        twins: Name of a picture -> name of the first one in the folder that looks the same.
        difference: How far two pictures are apart: root of the mean squared difference of their pixels in
            [-1, 1], averaged over all pairs. 0 when all are the same.
        skipped: Files that cannot be used, with the reason.
        advice: A sentence for each thing that may go wrong; empty when nothing was found.
    """

    pictures: int
    shapes: dict[tuple[int, int], int]
    twins: dict[str, str]
    difference: float
    skipped: tuple[Skipped, ...]
    advice: tuple[str, ...]

    def __str__(self) -> str:
        different = self.pictures - len(self.twins)
        facts = (
            f"{self.pictures} pictures, {different} of them different; on average two are "
            f"{self.difference:.2f} apart (0: the same, 2: black from white)"
        )
        return "\n".join([facts, *(f"- {each}" for each in self.advice or ("nothing to complain about",))])


def look_at_folder(path: str | Path, size: int = 16) -> FolderReport:
    """Read a folder as `load_folder` does, and say what may go wrong when a generator learns from it.

    It looks for too few pictures, small ones, pictures that look the same, a folder in which all are alike,
    pictures that lose a good part when they are cut to squares, and files that cannot be read.

    Args:
        path: The folder.
        size: The size in pixels that you mean to train at: 8, 16, 28, 32 or 64.

    Raises:
        FileNotFoundError: If the folder does not exist.
        NotADirectoryError: If the path is a file.
        ValueError: If the size is not offered, or no file could be used.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is skipped stands in the report
        images = load_folder(path, size)
    shapes = _shapes(Path(path).expanduser(), images.attributes["file"])
    twins, difference = _compared(images)
    advice = [*_about_files(images.skipped), *_about_number(len(images) - len(twins)), *_about_twins(twins),
              *_about_likeness(difference, len(images)), *_about_shapes(shapes, size)]  # fmt: skip
    return FolderReport(len(images), shapes, twins, difference, images.skipped, tuple(advice))


def _shapes(folder: Path, names: tuple[str, ...]) -> dict[tuple[int, int], int]:
    found: Counter[tuple[int, int]] = Counter()
    for name in names:
        try:
            with Image.open(folder / name) as picture:  # reads the head of the file only
                found[picture.size] += 1
        except OSError:  # a name with unprintable letters is not stored as it is
            continue
    return dict(found.most_common())


def _compared(images: ImageSet) -> tuple[dict[str, str], float]:
    """Which pictures look like an earlier one, and how far two are apart on average."""
    rows, names = to_unit_range(images.images).flatten(1), images.attributes["file"]
    twins, total, pairs = dict[str, str](), 0.0, 0
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        apart = torch.cdist(part, rows, compute_mode="donot_use_mm_for_euclid_dist") / rows.shape[1] ** 0.5
        number = torch.arange(start, start + len(part))
        earlier = torch.arange(len(rows)) < number[:, None]
        total, pairs = total + float(apart[earlier].sum()), pairs + int(earlier.sum())
        same = (apart < TWIN) & earlier
        for row in same.any(dim=1).nonzero().flatten().tolist():
            twins[names[start + row]] = names[int(same[row].int().argmax())]
    return twins, total / pairs if pairs else 0.0


def _about_files(skipped: tuple[Skipped, ...]) -> list[str]:
    if not skipped:
        return []
    named = "; ".join(f"{each.name}: {each.reason}" for each in skipped[:LISTED])
    more = f"; and {len(skipped) - LISTED} more" if len(skipped) > LISTED else ""
    return [f"files that cannot be used: {len(skipped)} ({named}{more}). Mend them or take them out."]


def _about_number(different: int) -> list[str]:
    if different < VERY_FEW:
        return [f"only {different} different pictures: too few to learn from. Collect {FEW} or more."]
    if different < FEW:
        return [
            f"only {different} different pictures: use DiffAugment, keep the run short, and look for copies."
        ]
    return []


def _about_twins(twins: dict[str, str]) -> list[str]:
    if not twins:
        return []
    named = ", ".join(f"{one} = {other}" for one, other in list(twins.items())[:LISTED])
    return [f"pictures that look like an earlier one: {len(twins)} ({named}). Keep one of each, or what you "
            "hold out for the test stands among what is learnt."]  # fmt: skip


def _about_likeness(difference: float, count: int) -> list[str]:
    if count == 1 or difference >= ALIKE:
        return []
    return [
        f"all pictures are alike ({difference:.2f} apart): there is little variety to learn. Collect others."
    ]


def _about_shapes(shapes: dict[tuple[int, int], int], size: int) -> list[str]:
    small = sum(count for shape, count in shapes.items() if min(shape) < size)
    cut = sum(count for shape, count in shapes.items() if min(shape) < (1 - CUT) * max(shape))
    advice = []
    if small:
        advice.append(
            f"pictures smaller than {size}×{size}: {small}. They become soft: train at a smaller size."
        )
    if cut:
        advice.append(f"pictures that lose more than {CUT:.0%} outside the centre square: {cut}. Cut them "
                      "yourself if that matters.")  # fmt: skip
    if len(shapes) > 1 and max(map(max, shapes)) >= 2 * min(map(min, shapes)):
        smallest, largest = (f"{shape[0]}×{shape[1]}" for shape in (min(shapes), max(shapes)))
        advice.append(f"{len(shapes)} sizes, from {smallest} to {largest}: small ones lack detail that large "
                      "ones have.")  # fmt: skip
    return advice
