"""GAN, VAE and latent diffusion on the same faces: ``python -m stablegen_experiments.contest``.

Lesson 14 shows the result. Writes data/experiments/contest.json: marks of real faces and of each model for
the captions of a split, with the distance to the other one, and what one constant answer would get. For the
validation split, latent diffusion's faces were judged before (`stablegen_experiments.guidance`), and only its
variety is measured here: a minute. For the test split it draws them: a quarter of an hour.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor
from tqdm import tqdm

from stablegen_experiments import guidance
from stablegen_experiments.contest.cost import Cost, cost
from stablegen_experiments.contest.marks import Marks, chance, marks, real_marks, variety_of
from stablegen_experiments.runs import surroundings
from stablegen_lib import data, latent, metrics
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.plumbing.files import write_atomically
from stablegen_lib.stablegen import StableGen
from stablegen_lib.vae import VAE

WEIGHTS = data.data_dir() / "weights"
TO = data.data_dir() / "experiments" / "contest.json"
OTHER = {"validation": "test", "test": "validation"}


def contestants() -> Iterator[tuple[str, Any, Cost]]:
    """Name, model with a ``sample`` method, and the cost of one picture."""
    gan, vae = StableGen.load(WEIGHTS / "faces", device="cpu"), VAE.load(WEIGHTS / "faces_vae")
    for name, model, artist in (("GAN", gan, gan.averaged_generator), ("VAE", vae, vae.decoder)):
        yield name, model, cost(partial(one, model), artist)
    words = PromptedGenerator.load(WEIGHTS / "latent_diffusion", condition_names=gan.condition_names)
    parts = words.pipeline
    yield "latent diffusion", words, cost(partial(one, words), parts.unet, parts.text_encoder, parts.vae)


def one(model: Any) -> None:
    """Draws a single picture of the first test face's condition."""
    model.sample(
        conditions=data.load_faces("test").conditions[:1], z=latent.draw(1, model.latent_dim, seed=0)
    )


def drawn(model: Any, conditions: Tensor, seed: int) -> Tensor:
    """One picture for each condition."""
    images: Tensor = model.sample(conditions=conditions, seed=seed)
    return images


def known(model: Any, split: str, asked: data.ImageSet) -> Marks | None:
    """What the curve of guidance says about the miniature already, completed; None if it says nothing."""
    if split != "validation" or not isinstance(model, PromptedGenerator):
        return None
    for row in guidance.curve():
        if (row["guidance"], row["steps"], row["count"]) == (model.guidance_scale, model.steps, len(asked)):
            variety = variety_of(partial(drawn, model), asked, seed=1)
            return Marks(row["distance"], row["obeyed"], variety, 0.0, len(asked))
    return None


def measured(split: str, count: int) -> dict[str, Any]:
    """Marks and cost by name, for so many faces of a split; real faces come first."""
    asked, real = data.load_faces(split)[:count], data.load_faces(OTHER[split])
    judge = metrics.AttributeClassifier.load(WEIGHTS / "faces_classifier.safetensors")
    rows = {"real": asdict(real_marks(asked, real=real, judge=judge, pool=data.load_faces("train")))}
    for name, model, price in tqdm(contestants(), total=3):
        draw = partial(drawn, model)
        found = known(model, split, asked) or marks(draw, asked=asked, real=real, judge=judge)
        rows[name] = {**asdict(found), **asdict(price)}
        if isinstance(model, PromptedGenerator):
            rows[name] |= {"guidance": model.guidance_scale, "steps": model.steps}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="how many faces are asked for")
    parser.add_argument("--split", choices=OTHER, default="validation")
    parser.add_argument("--to", type=Path, default=TO)
    arguments = parser.parse_args()
    split, count = arguments.split, arguments.count
    about = {
        "command": f"python -m stablegen_experiments.contest --split {split} --count {count}",
        "split": split,
        **surroundings(),
    }
    constant = chance(data.load_faces(split)[:count], data.load_faces("train"))
    result = {"about": about, "chance": constant, "marks": measured(split, count)}
    write_atomically(arguments.to, (json.dumps(result, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
