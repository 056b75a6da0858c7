"""GAN, VAE and latent diffusion on the test faces: ``python tools/contest.py``. Lesson 14 shows the result.

Writes data/experiments/contest.json. A few minutes, nearly all of them for the diffusion model.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stablegen_lib import comparison, contest, data, latent, metrics
from stablegen_lib.experiments import surroundings
from stablegen_lib.prompted import PromptedGenerator
from stablegen_lib.safe_files import write_atomically
from stablegen_lib.stablegen import StableGen
from stablegen_lib.vae import VAE

WEIGHTS = data.data_dir() / "weights"
TO = data.data_dir() / "experiments" / "contest.json"


def contestants() -> Iterator[tuple[str, Any, comparison.Cost]]:
    """Name, model with a ``sample`` method, and the cost of one picture."""
    gan, vae = StableGen.load(WEIGHTS / "faces", device="cpu"), VAE.load(WEIGHTS / "faces_vae")
    for name, model, artist in (("GAN", gan, gan.averaged_generator), ("VAE", vae, vae.decoder)):
        yield name, model, comparison.cost(lambda model=model: one(model), artist)
    words = PromptedGenerator.load(WEIGHTS / "latent_diffusion", condition_names=gan.condition_names)
    parts = words.pipeline
    cost = comparison.cost(lambda: one(words), parts.unet, parts.text_encoder, parts.vae)
    yield "latent diffusion", words, cost


def one(model: Any) -> None:
    """Draws a single picture of the first test face's condition."""
    model.sample(
        conditions=data.load_faces("test").conditions[:1], z=latent.draw(1, model.latent_dim, seed=0)
    )


def measured(count: int) -> dict[str, Any]:
    """Marks and cost by name, for so many test faces; real faces come first."""
    train, validation, test = (data.load_faces(split) for split in ("train", "validation", "test"))
    judge = metrics.AttributeClassifier.load(WEIGHTS / "faces_classifier.safetensors")
    asked = test[:count]
    rows = {"real": asdict(contest.real_marks(asked, real=validation, judge=judge, pool=train))}
    for name, model, cost in tqdm(contestants(), total=3):
        marks = contest.marks(
            lambda x, seed, model=model: model.sample(conditions=x, seed=seed),
            asked=asked,
            real=validation,
            judge=judge,
        )
        rows[name] = {**asdict(marks), **asdict(cost)}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="how many test faces are asked for")
    parser.add_argument("--to", type=Path, default=TO)
    arguments = parser.parse_args()
    about = {"command": f"python tools/contest.py --count {arguments.count}", **surroundings()}
    result = {"about": about, "marks": measured(arguments.count)}
    write_atomically(arguments.to, (json.dumps(result, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
