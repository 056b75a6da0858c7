"""Which made-up faces are copies? Lesson 10 shows them: what one generator of 100 faces draws.

``python -m stablegen_experiments.augmentation.copies`` trains it once more ("longer 100, seed 0" of
`trials.py`), without DiffAugment and with it, and stores 500 faces of each as one
picture, where there is none yet.
"""

from pathlib import Path

import torch
from jaxtyping import Float, Int
from PIL import Image
from torch import Tensor

from stablegen_experiments.augmentation import trials, ways
from stablegen_lib import augmentation, data, metrics
from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.training import Recipe

PICTURES = data.data_dir() / "experiments" / "augmentation_copies.png"
AUGMENTED = PICTURES.with_name("augmentation_copies_diffaugment.png")
FACES, MADE, SEED = 100, 500, 0
COLUMNS, SIDE = 25, 16  # of the stored picture


def known() -> ImageSet:
    """The faces that it has learnt from."""
    return augmentation.choose(ways.faces("train"), FACES, SEED)


def people() -> Float[Tensor, "500 3 16 16"]:
    """As many real faces that it has never seen."""
    return data.to_unit_range(ways.unseen().images[:MADE])


def made(
    recipe: Recipe = ways.RECIPE, *, steps: int = trials.STEPS["longer"]
) -> Float[Tensor, "500 3 16 16"]:
    """Trains the generator by this recipe, and lets it draw the attributes of those people."""
    model = ways.train_generator(known(), recipe, steps, SEED)
    return model.sample(conditions=ways.unseen().conditions[:MADE], seed=SEED)


def store(pictures: Float[Tensor, "count 3 16 16"], path: Path = PICTURES) -> None:
    """Row by row without gaps, in 256 shades."""
    shades = ((pictures + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    rows = shades.reshape(-1, COLUMNS, *shades.shape[1:]).permute(0, 3, 1, 4, 2)  # row, y, column, x, colour
    Image.fromarray(rows.flatten(2, 3).flatten(0, 1).contiguous().numpy()).save(path, optimize=True)


def load(path: Path = PICTURES) -> Float[Tensor, "count 3 16 16"]:
    """The stored faces, in [-1, 1]."""
    with Image.open(path) as sheet:
        shades = torch.frombuffer(bytearray(sheet.convert("RGB").tobytes()), dtype=torch.uint8)
        across, down = sheet.size
    tiles = shades.view(down // SIDE, SIDE, across // SIDE, SIDE, 3).permute(0, 2, 4, 1, 3)
    return data.to_unit_range(tiles.flatten(0, 1).contiguous())


def to_nearest(
    pictures: Float[Tensor, "count 3 16 16"],
) -> tuple[Float[Tensor, " count"], Int[Tensor, " count"]]:
    """How far each is from the nearest known face, and which one that is."""
    return metrics.nearest(pictures, data.to_unit_range(known().images))


if __name__ == "__main__":
    torch.set_num_threads(1)
    for recipe, path in ((ways.RECIPE, PICTURES), (ways.AUGMENTED, AUGMENTED)):
        if not path.exists():
            store(made(recipe), path)
