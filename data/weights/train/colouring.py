"""Trains the generator of colourings, lesson 09: ``python data/weights/train/colouring.py``.

The loop of lesson 05, on peeps whose condition is their line drawing. It saves its state every 500
steps and goes on from there when started again. About 25 minutes on one core beside other work.
Writes colouring.safetensors, the averaged generator only.
"""

import argparse
import dataclasses
from pathlib import Path

from tqdm import tqdm

from stablegen_lib import training
from stablegen_lib.editing.colouring import colouring_pair, load_drawings

WEIGHTS = Path(__file__).resolve().parents[1]
RECIPE = dataclasses.replace(
    training.STABLE, name="stable, for drawings", batch_size=64, averaging_decay=0.998
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3_000)
    parser.add_argument("--state", type=Path, default=WEIGHTS / "my_colouring_state")
    parser.add_argument("--to", type=Path, default=WEIGHTS / "colouring.safetensors")
    arguments = parser.parse_args()
    drawings, model = load_drawings("train"), colouring_pair(seed=0)
    state = training.start(model, RECIPE, seed=0)
    if arguments.state.with_suffix(".safetensors").is_file():
        model, state = training.resume(arguments.state, model=model)
    remaining = arguments.steps - state.number
    run = training.train(model, drawings, steps=remaining, state=state, save_to=arguments.state)
    for _ in tqdm(run, total=remaining):
        pass
    model.averaged_generator.save(arguments.to, dtype="float16")


if __name__ == "__main__":
    main()
