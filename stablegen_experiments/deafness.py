"""Which words does a miniature hear? ``python -m stablegen_experiments.deafness "frozen CLIP" FOLDER``.

A lie about one attribute at a time is told about 60 faces of the validation split, at five noise levels
(`latent_diffusion.hearing`). Lesson 13 shows two networks beside each other: today's, and the first one,
whose text encoder learnt together with the U-Net. They differ in more than that: the first one had another
autoencoder, saw a third of the pictures, and its U-Net got no summary of the words. Where only the text
encoder differs is `stablegen_experiments.freezing`. The first one's folder is no longer here:
``git archive fbc33e7 data/weights/latent_diffusion`` brings it back.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch

from stablegen_experiments.records import Record, read_records
from stablegen_experiments.runs import run_all
from stablegen_lib import data
from stablegen_lib.data import ImageSet
from stablegen_lib.latent_diffusion.hearing import cost_of_a_lie
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.words import captions

RESULTS = data.data_dir() / "experiments" / "deafness.jsonl"


@dataclass(frozen=True)
class Trial:
    """One miniature.

    Attributes:
        name: What it shall be called.
        folder: Where it lies; not stored.
        count: Faces that are lied about.
    """

    name: str
    folder: Path
    count: int = 60

    @property
    def key(self) -> str:
        return f"{self.name}, n {self.count}"


def lies(faces: ImageSet, attribute: str) -> list[str]:
    """Captions in which one attribute has its next value; everything else is true."""
    conditions, columns = faces.conditions.clone(), faces.groups[attribute]
    conditions[:, columns] = conditions[:, columns].roll(1, dims=1)
    return captions.captions(conditions, faces.condition_names)


def measured(trial: Trial) -> Record:
    """By attribute: the mean rise of the squared error over the levels, in thousandths."""
    faces = data.load_faces("validation")[: trial.count]
    generator = PromptedGenerator.load(trial.folder, condition_names=faces.condition_names)
    maps = generator.encode(data.to_unit_range(faces.images))
    truth = captions.captions(faces.conditions, faces.condition_names)
    rises = {}
    for attribute in faces.groups:
        told = lies(faces, attribute)
        where = torch.tensor([one != other for one, other in zip(truth, told, strict=True)]).nonzero()[:, 0]
        chosen = where.tolist()  # neighbouring browns are one word: no lie
        found = cost_of_a_lie(
            generator, maps[where], truth=[truth[i] for i in chosen], lie=[told[i] for i in chosen]
        )
        rises[attribute] = 1_000 * found.mean().item()
    return {"key": trial.key, "name": trial.name, "count": trial.count, "thousandths": rises}


def told(results: Path = RESULTS) -> dict[str, dict[str, float]]:
    """What a lie costs each stored miniature, in thousandths, by its name and the attribute."""
    return {record["name"]: record["thousandths"] for record in read_records(results)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    trial = Trial(arguments.name, arguments.folder)
    command = f'python -m stablegen_experiments.deafness "{trial.name}" FOLDER'
    (row,) = run_all([trial], arguments.results, measured, command=command)
    for attribute, rise in row["thousandths"].items():
        print(f"{attribute:<12} {rise:7.2f}")


if __name__ == "__main__":
    main()
