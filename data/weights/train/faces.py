"""Trains the shipped faces models: ``python data/weights/train/faces.py``, and with ``--unconditional``.

The same call as in lesson 05, only longer and with a slower average. It saves its state every
500 steps and goes on from there when started again. Writes faces.safetensors and faces.json;
``--unconditional`` leaves x out and writes faces_unconditional.safetensors and .json.
"""

import argparse
import dataclasses
from pathlib import Path

import torch
from tqdm import tqdm

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen

WEIGHTS = Path(__file__).resolve().parents[1]
RECIPE = dataclasses.replace(training.STABLE, name="stable, slower average", averaging_decay=0.999)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--state", type=Path, help="where to keep the running state")
    parser.add_argument("--unconditional", action="store_true", help="leave x out: z decides everything")
    arguments = parser.parse_args()

    faces = data.load_faces("train")
    name = "faces"
    if arguments.unconditional:
        faces = data.ImageSet(faces.images, torch.zeros(len(faces), 0), (), "faces without conditions")
        name = "faces_unconditional"
    state_file = arguments.state or WEIGHTS / f"my_{name}_state"
    if state_file.with_suffix(".safetensors").is_file():
        model, state = training.resume(state_file)
    else:
        model = StableGen.for_images(faces, seed=0)
        state = training.start(model, RECIPE, seed=0)
    remaining = arguments.steps - state.number
    run = training.train(model, faces, steps=remaining, state=state, save_to=state_file)
    for _ in tqdm(run, total=remaining):
        pass
    model.save(WEIGHTS / name, dtype="float16", raw=False)


if __name__ == "__main__":
    main()
