"""Who draws a beard where none is asked for? ``python -m stablegen_experiments.contest.beards``.

Lesson 14 compares the two kinds of wishes: a share of beards that are right, over all wishes, does not say
which kind went wrong. Each model draws the wishes with a beard of the validation split, and as many of those
without, from three sets of z; latent diffusion, which takes minutes, draws fewer, from one.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from stablegen_experiments.records import Record
from stablegen_experiments.runs import run_all
from stablegen_lib import data, metrics
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.stablegen import StableGen
from stablegen_lib.vae import VAE

WEIGHTS = data.data_dir() / "weights"
RESULTS = data.data_dir() / "experiments" / "beards.jsonl"
MOST = {"latent diffusion": 200}  # wishes of each kind; the others draw all
SEEDS = {"real": (0,), "GAN": (0, 1, 2), "VAE": (0, 1, 2), "latent diffusion": (0,)}


@dataclass(frozen=True)
class Trial:
    """One model and one set of z."""

    model: str
    seed: int

    @property
    def key(self) -> str:
        return f"beards of {self.model}, seed {self.seed}"


def wishes(most: int | None = None) -> tuple[data.ImageSet, int]:
    """Those with a beard first, then as many without; and how many each kind has, ``most`` at most."""
    asked = data.load_faces("validation")
    bearded = asked.conditions[:, asked.condition_names.index("beard=yes")] > 0.5
    count = min(int(bearded.sum()), most or len(asked))
    return asked[torch.cat([kind.nonzero().flatten()[:count] for kind in (bearded, ~bearded)])], count


def draw(model: str, asked: data.ImageSet, seed: int) -> Tensor:
    """One picture for each wish; "real" are the faces whose wishes these are."""
    if model == "real":
        return data.to_unit_range(asked.images)
    artist: Any
    if model == "latent diffusion":
        folder = WEIGHTS / "latent_diffusion"
        artist = PromptedGenerator.load(folder, condition_names=asked.condition_names)
    else:
        artist = VAE.load(WEIGHTS / "faces_vae") if model == "VAE" else StableGen.load(WEIGHTS / "faces")
    images: Tensor = artist.sample(conditions=asked.conditions, seed=seed)
    return images


@torch.no_grad()
def beards(images: Tensor, names: tuple[str, ...], judge: metrics.AttributeClassifier) -> Tensor:
    """For each picture whether the judge sees a beard."""
    yes, no = (names.index(f"beard={word}") for word in ("yes", "no"))
    answers = torch.cat([judge(part) for part in torch.split(images, 500)])
    return answers[:, yes] > answers[:, no]


def measured(trial: Trial) -> Record:
    """How many faces show a beard, of those for which one is asked, and of the others."""
    asked, count = wishes(MOST.get(trial.model))
    judge = metrics.AttributeClassifier.load(WEIGHTS / "faces_classifier.safetensors")
    images = draw(trial.model, asked, trial.seed)
    seen = beards(images, asked.condition_names, judge)
    return {"key": trial.key, "model": trial.model, "seed": trial.seed, "wishes of each kind": count,
            "asked": int(seen[:count].sum()), "not asked": int(seen[count:].sum())}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS)
    trials = [Trial(model, seed) for model, seeds in SEEDS.items() for seed in seeds]
    command = "python -m stablegen_experiments.contest.beards"
    for row in run_all(trials, parser.parse_args().results, measured, command=command):
        print(f"{row['key']}: {row['asked']} where asked, {row['not asked']} elsewhere, "
              f"of {row['wishes of each kind']} each")  # fmt: skip


if __name__ == "__main__":
    main()
