"""Keys and pictures for the questions about augmentation."""

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_experiments.intervals import paired_difference
from stablegen_lib import data
from stablegen_lib.augmentation import Classical

GROUPS = {"usual, happy": (190, 200), "usual, sad": (180, 200), "rare, happy": (3, 10), "rare, sad": (8, 10)}


@answer("10-low-end")
def lower_end() -> float:
    return paired_difference([1, 2, 3, 4, 5], [0] * 5).low


@answer("10-worst-group")
def worst_group() -> float:
    return min(right / count for right, count in GROUPS.values())


@answer("10-seen-how-often")
def views() -> float:
    """Counted: batches as the training loop draws them."""
    random = torch.Generator().manual_seed(0)
    drawn = torch.cat([torch.randint(1600, (64,), generator=random) for _ in range(500)])
    return float(drawn.bincount(minlength=1600).float().mean())


def _face() -> Tensor:
    """Of the faces with long hair and nothing before it, the one that mirroring changes most."""
    faces = data.load_faces("validation")
    wanted = faces.condition(hair="long", glasses="none", hat="no")
    columns = torch.cat([torch.arange(35)[faces.groups[name]] for name in ("hair", "glasses", "hat")])
    fits = (faces.conditions[:, columns] == wanted[columns]).all(dim=1)
    images = data.to_unit_range(faces.images[fits])
    return images[(images - images.flip(3)).flatten(1).norm(dim=1).argmax()][None]


def _changed(change: Classical) -> Tensor:
    """The first change, of many random ones, that moves the picture most."""
    face = _face()
    tries = change(face.expand(40, -1, -1, -1), torch.Generator().manual_seed(0))
    return tries[(tries - face).flatten(1).norm(dim=1).argmax()][None]


@picture("10-original", "A face of 16 × 16 pixels with long hair.")
def original() -> Figure:
    return pictures(_face())


@picture("10-mirrored", "The same face, left and right exchanged.")
def mirrored() -> Figure:
    return pictures(_changed(Classical(shift=0, mirror=True, brightness=0, colour=0, noise=0)))


@picture("10-recoloured", "The same face in other colours.")
def recoloured() -> Figure:
    return pictures(_changed(Classical(shift=0, mirror=False, brightness=0, colour=0.8, noise=0)))


@picture("10-shifted", "The same face, moved.")
def shifted() -> Figure:
    return pictures(_changed(Classical(shift=2, mirror=False, brightness=0, colour=0, noise=0)))
