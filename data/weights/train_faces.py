"""Trains the shipped faces model: ``python data/weights/train_faces.py``.

The same call as in lesson 05, only longer and with a slower average. It saves its state every
500 steps and goes on from there when started again. Writes faces.safetensors and faces.json.
"""

import argparse
import dataclasses
from pathlib import Path

from tqdm import tqdm

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen

HERE = Path(__file__).parent
RECIPE = dataclasses.replace(training.STABLE, name="stable, slower average", averaging_decay=0.999)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument(
        "--state", type=Path, default=HERE / "my_faces_state", help="where to keep the running state"
    )
    arguments = parser.parse_args()

    faces = data.load_faces("train")
    if arguments.state.with_suffix(".safetensors").is_file():
        model, state = training.resume(arguments.state)
    else:
        model = StableGen.for_images(faces, seed=0)
        state = training.start(model, RECIPE, seed=0)
    remaining = arguments.steps - state.number
    run = training.train(model, faces, steps=remaining, state=state, save_to=arguments.state)
    for _ in tqdm(run, total=remaining):
        pass
    model.save(HERE / "faces", dtype="float16")


if __name__ == "__main__":
    main()
