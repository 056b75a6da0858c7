"""What more steps make of lesson 15's flags: ``python -m stablegen_experiments.flags 12000 --without``.

The flags, split and recipe of the lesson with its seed 0; only the number of steps differs, and the learning
rates fall over all of them. Kept are 400 pictures and the lesson's four marks, beside those of the pictures
that were learnt. ``--without`` runs it without DiffAugment, too.
"""

import argparse
import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from stablegen_experiments.records import Record, read_records
from stablegen_experiments.runs import run_all
from stablegen_lib import data, metrics, plots, training
from stablegen_lib.data import ImageSet
from stablegen_lib.stablegen import StableGen

RESULTS = data.data_dir() / "experiments" / "flags.jsonl"
SEED, SIZE, ONE_IN, TWIN = 0, 16, 6, 0.05  # as in the lesson
WIDTH, LATENT, BATCH, RATE = 64, 32, 32, 2e-3
CHANGES = ("translation", "cutout")
DRAWN, COLUMNS = 400, 20

Pictures = Float[Tensor, "count channel height width"]


@dataclass(frozen=True)
class Trial:
    """One run.

    Attributes:
        steps: Of training.
        changes: What DiffAugment does; empty without it.
    """

    steps: int
    changes: tuple[str, ...] = CHANGES

    @property
    def key(self) -> str:
        return f"{self.steps} steps, {' and '.join(self.changes) or 'no changes'}"


def split() -> tuple[ImageSet, ImageSet]:
    """The flags that are learnt, and those that are held out, as in the lesson: of twins only the first."""
    pictures = data.load_folder(data.data_dir() / "flags" / "pictures", SIZE)
    rows = data.to_unit_range(pictures.images).flatten(1)
    apart = torch.cdist(rows, rows) / rows.shape[1] ** 0.5
    different = pictures[(~(apart < TWIN).tril(diagonal=-1).any(dim=1)).nonzero().flatten()]
    order = torch.randperm(len(different), generator=torch.Generator().manual_seed(SEED))
    number = len(different) // ONE_IN
    return different[order[number:]], different[order[:number]]


def marks(images: Pictures, *, learnt: Pictures, unseen: Pictures) -> dict[str, float]:
    """Variety, distance and sharpness beside the held-out pictures, and the share of suspects."""
    blocks = [torch.nn.functional.avg_pool2d(each, 4).flatten(1) for each in (unseen, images)]
    usual = torch.quantile(metrics.nearest(unseen, learnt)[0], 0.1)
    return {
        "variety": float(images.std(dim=0).mean() / unseen.std(dim=0).mean()),
        "distance": metrics.kernel_distance(*blocks),
        "sharpness": metrics.relative_sharpness(images=images, real=unseen),
        "suspects": float((metrics.nearest(images, learnt)[0] < usual).float().mean()),
    }


def measured(trial: Trial, results: Path = RESULTS) -> Record:
    """Trains, draws, measures, and writes the pictures beside the results."""
    learning, held_out = split()
    learnt, unseen = (data.to_unit_range(part.images) for part in (learning, held_out))
    recipe = replace(
        training.STABLE,
        diff_augment=trial.changes,
        batch_size=BATCH,
        generator_learning_rate=RATE,
        discriminator_learning_rate=RATE,
        decay_steps=trial.steps,
        learning_rate_decay=0.1,
    )
    began = time.process_time()
    model = StableGen.for_images(learning, latent_dim=LATENT, width=WIDTH, seed=SEED)
    for _ in training.train(model, learning, steps=trial.steps, recipe=recipe, seed=SEED):
        pass
    seconds = round(time.process_time() - began, 1)
    images = model.sample(DRAWN, seed=SEED + 1)
    grid = plots.to_grid(images, columns=COLUMNS, padding=0)
    file = results.with_name(f"flags_{trial.steps}_{'_'.join(trial.changes) or 'no_changes'}.png")
    Image.fromarray(grid.numpy()).save(file, optimize=True)
    return {
        "key": trial.key,
        "steps": trial.steps,
        "changes": list(trial.changes),
        "learnt": len(learning),
        "marks": marks(images, learnt=learnt, unseen=unseen),
        "marks of the learnt": marks(learnt, learnt=learnt, unseen=unseen),
        "processor_seconds": seconds,
        "pictures": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


def runs(results: Path = RESULTS) -> list[Record]:
    """The stored runs, those with changes first, then by their steps."""
    return sorted(read_records(results), key=lambda record: (not record["changes"], record["steps"]))


def drawn(record: Record, results: Path = RESULTS) -> UInt8[Tensor, "count channel height width"]:
    """The pictures of a stored run.

    Raises:
        ValueError: If the file is not the one that the run has written.
    """
    file = results.with_name(record["pictures"])
    if hashlib.sha256(file.read_bytes()).hexdigest() != record["sha256"]:
        raise ValueError(f"{file.name} was changed since the run {record['key']!r}.")
    with Image.open(file) as sheet:
        pixels = torch.from_numpy(np.array(sheet.convert("RGB")))
    tiles = pixels.unflatten(0, (-1, SIZE)).unflatten(2, (-1, SIZE))  # row, y, column, x, colour
    return tiles.permute(0, 2, 4, 1, 3).flatten(0, 1).contiguous()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", type=int, nargs="+")
    parser.add_argument("--without", action="store_true", help="also without DiffAugment")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    trials = [Trial(steps) for steps in arguments.steps]
    if arguments.without:
        trials += [Trial(steps, changes=()) for steps in arguments.steps]
    asked = " ".join(map(str, arguments.steps)) + (" --without" if arguments.without else "")
    for row in run_all(
        trials,
        arguments.results,
        lambda trial: measured(trial, arguments.results),
        command=f"python -m stablegen_experiments.flags {asked}",
    ):
        found = ", ".join(f"{name} {value:.2f}" for name, value in row["marks"].items())
        print(f"{row['key']}: {found}; {row['processor_seconds']:.0f} s of a processor")


if __name__ == "__main__":
    main()
