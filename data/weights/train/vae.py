"""Trains the shipped variational autoencoder of lesson 11: ``python data/weights/train/vae.py``.

The same call as in the lesson, only longer and twice as wide. Writes faces_vae.safetensors. About
five minutes of one core.
"""

import argparse
from pathlib import Path

from tqdm import tqdm

from stablegen_lib import data, vae

WEIGHTS = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=6_000)
    parser.add_argument("--to", type=Path, default=WEIGHTS / "faces_vae.safetensors")
    arguments = parser.parse_args()
    faces = data.load_faces("train")
    model = vae.VAE.for_images(faces, width=64, seed=0)
    run = vae.train(model, faces, steps=arguments.steps, seed=0)
    for step in (bar := tqdm(run, total=arguments.steps)):
        if step.number % 250 == 0:
            bar.set_postfix(kl=f"{step.kl:.1f}", error=f"{step.error:.3f}")
    model.save(arguments.to, dtype="float16")


if __name__ == "__main__":
    main()
