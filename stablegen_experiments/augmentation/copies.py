"""Which made-up faces are copies? The pictures for lesson 10, of two generators of the same 100 faces.

``python -m stablegen_experiments.augmentation.copies`` trains both (seed 0 of "longer" in `trials.py`)
and stores what they draw as one picture.
"""

from pathlib import Path

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from stablegen_experiments.augmentation import trials, ways
from stablegen_lib import augmentation, data, metrics
from stablegen_lib.data.image_set import ImageSet

PICTURES = data.data_dir() / "experiments" / "augmentation_copies.png"
RECIPES = {"plain": ways.RECIPE, "DiffAugment": ways.AUGMENTED}
FACES, MADE, COLUMNS, SIDE, SEED = 100, 500, 25, 16, 0


def known() -> ImageSet:
    """The faces that both have learnt from."""
    return augmentation.choose(ways.faces("train"), FACES, SEED)


def made(*, steps: int = trials.STEPS["longer"]) -> dict[str, Tensor]:
    """Trains both generators, and lets each draw as many faces as `trials.py` looks at for copies."""
    asked, found = ways.unseen().conditions[:MADE], {}
    for name, recipe in RECIPES.items():
        model = ways.train_generator(known(), recipe, steps, SEED)
        found[name] = model.sample(conditions=asked, seed=SEED)
    return found


def store(pictures: dict[str, Tensor], path: Path = PICTURES) -> None:
    """One below the other, without gaps, in 256 shades."""
    bytes_of = torch.cat([*pictures.values()]).add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
    rows = bytes_of.unflatten(0, (-1, COLUMNS)).permute(0, 3, 1, 4, 2)  # row, y, column, x, colour
    sheet = rows.flatten(2, 3).flatten(0, 1)
    Image.fromarray(sheet.contiguous().numpy()).save(path, optimize=True)


def load(path: Path = PICTURES) -> dict[str, Tensor]:
    """What was stored, in [-1, 1]: (500, 3, 16, 16) for each of the two."""
    with Image.open(path) as sheet:
        pixels = torch.tensor(list(sheet.convert("RGB").tobytes()), dtype=torch.uint8)
        across, down = sheet.size
    tiles = pixels.view(down // SIDE, SIDE, across // SIDE, SIDE, 3).permute(0, 2, 4, 1, 3)
    every = data.to_unit_range(tiles.flatten(0, 1))
    return dict(zip(RECIPES, every.chunk(len(RECIPES)), strict=True))


def nearer_than_people(
    pictures: Float[Tensor, "count 3 16 16"],
) -> tuple[Float[Tensor, " count"], Tensor, float]:
    """The distance of each to the nearest known face, which one that is, and the least among new people.

    As many real faces that nobody has learnt from are those new people. What comes nearer than the
    nearest of them is called a copy in lesson 10.
    """
    faces = data.to_unit_range(known().images)
    distance, which = metrics.nearest(pictures, faces)
    people, _ = metrics.nearest(data.to_unit_range(ways.unseen().images[:MADE]), faces)
    return distance, which, float(people.min())


if __name__ == "__main__":
    torch.set_num_threads(1)
    store(made())
