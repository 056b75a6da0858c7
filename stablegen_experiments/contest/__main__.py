"""GAN, VAE and latent diffusion on the test faces: ``python -m stablegen_experiments.contest``.

Lesson 14 shows the result. Writes data/experiments/contest.json: marks of real faces and of each model, and
what one constant answer would get. About a quarter of an hour, nearly all of it for the diffusion model.
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

from stablegen_experiments.contest.cost import Cost, cost
from stablegen_experiments.contest.marks import chance, marks, real_marks
from stablegen_experiments.runs import surroundings
from stablegen_lib import data, latent, metrics
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.plumbing.files import write_atomically
from stablegen_lib.stablegen import StableGen
from stablegen_lib.vae import VAE

WEIGHTS = data.data_dir() / "weights"
TO = data.data_dir() / "experiments" / "contest.json"


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


def measured(count: int) -> dict[str, Any]:
    """Marks and cost by name, for so many test faces; real faces come first."""
    train, validation, test = (data.load_faces(split) for split in ("train", "validation", "test"))
    judge = metrics.AttributeClassifier.load(WEIGHTS / "faces_classifier.safetensors")
    asked = test[:count]
    rows = {"real": asdict(real_marks(asked, real=validation, judge=judge, pool=train))}
    for name, model, price in tqdm(contestants(), total=3):
        found = marks(partial(drawn, model), asked=asked, real=validation, judge=judge)
        rows[name] = {**asdict(found), **asdict(price)}
        if isinstance(model, PromptedGenerator):
            rows[name] |= {"guidance": model.guidance_scale, "steps": model.steps}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="how many test faces are asked for")
    parser.add_argument("--to", type=Path, default=TO)
    arguments = parser.parse_args()
    about = {
        "command": f"python -m stablegen_experiments.contest --count {arguments.count}",
        **surroundings(),
    }
    asked, pool = data.load_faces("test")[: arguments.count], data.load_faces("train")
    result = {"about": about, "chance": chance(asked, pool), "marks": measured(arguments.count)}
    write_atomically(arguments.to, (json.dumps(result, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
