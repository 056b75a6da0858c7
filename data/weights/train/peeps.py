"""Trains the shipped peeps model, lesson 08: ``python data/weights/train/peeps.py``.

The same call as in lesson 05, at 32×32. It saves its state every 250 steps and goes on from there
when started again; with ``--steps`` at most what is done already it only exports. Writes
peeps.safetensors and peeps.json.
"""

import argparse
import dataclasses
from pathlib import Path

from tqdm import tqdm

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen

WEIGHTS = Path(__file__).resolve().parents[1]
WIDTH = 40  # feature maps; keeps the file, as float16, under 3 MB
RECIPE = dataclasses.replace(training.STABLE, name="stable, for peeps", batch_size=64, averaging_decay=0.998)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3_000)
    parser.add_argument("--state", type=Path, default=WEIGHTS / "my_peeps_state")
    arguments = parser.parse_args()
    peeps = data.load_peeps("train")
    if arguments.state.with_suffix(".safetensors").is_file():
        model, state = training.resume(arguments.state)
    else:
        model = StableGen.for_images(peeps, width=WIDTH, seed=0)
        state = training.start(model, RECIPE, seed=0)
    remaining = max(0, arguments.steps - state.number)
    run = training.train(model, peeps, steps=remaining, state=state, save_to=arguments.state, save_every=250)
    for _ in tqdm(run, total=remaining):
        pass
    model.save(WEIGHTS / "peeps", dtype="float16", raw=False)
    print(f"{state.number} steps done")


if __name__ == "__main__":
    main()
