"""Trains the shipped portraits: ``python data/weights/train/portraits.py``, on a GPU with ``--device cuda``.

The loop of lesson 05 on pictures of 64×64: D's slope costs more, batches are small, and the learning rate
falls. About an hour of one core. It saves its
state every 500 steps and goes on from there when started again. Writes portraits.safetensors, and prints how
often the validation split's wishes are met and the Fréchet distance, both beside real portraits.
"""

import argparse
import dataclasses
import time
from pathlib import Path

import torch

from stablegen_experiments.contest import marks
from stablegen_lib import data, metrics, training
from stablegen_lib.stablegen import StableGen

WEIGHTS = Path(__file__).resolve().parents[1]
WIDTH = 64  # feature maps; the file, as float16, has 3.6 MB
RECIPES = {
    "stable": dataclasses.replace(
        training.STABLE, name="stable, for portraits", r1_gamma=5.0, averaging_decay=0.999,
        learning_rate_decay=0.1, batch_size=32,
    ),
    "relativistic": dataclasses.replace(
        training.STABLE, name="relativistic, for portraits", loss="relativistic", r1_gamma=2.0, r2_gamma=2.0,
        averaging_decay=0.999, learning_rate_decay=0.1, penalty_decay=0.1, batch_size=32,
    ),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", choices=RECIPES, default="stable")
    parser.add_argument("--steps", type=int, default=11_000)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or mps")
    parser.add_argument("--state", type=Path, default=WEIGHTS / "my_portraits_state")
    parser.add_argument("--to", type=Path, default=WEIGHTS / "portraits")
    arguments = parser.parse_args()
    recipe = dataclasses.replace(RECIPES[arguments.recipe], decay_steps=arguments.steps)
    portraits = data.load_portraits("train")
    if arguments.state.with_suffix(".safetensors").is_file():
        model, state = training.resume(arguments.state, device=arguments.device)
        training.change_recipe(state, recipe)
    else:
        model = StableGen.for_images(portraits, width=WIDTH, seed=0, device=arguments.device)
        state = training.start(model, recipe, seed=0)
    end = time.monotonic() + 60 * arguments.minutes
    run = training.train(
        model, portraits, steps=max(0, arguments.steps - state.number), state=state, save_to=arguments.state
    )
    for step in run:
        if step.state.number % 1_000 == 0:
            print(f"step {step.state.number}: D {step.discriminator_loss:.3f}, G {step.generator_loss:.3f}, "
                  f"{1000 * step.seconds:.0f} ms", flush=True)  # fmt: skip
        if time.monotonic() > end:
            break
    training.save_state(arguments.state, model, state)
    model.save(arguments.to, dtype="float16", raw=False)
    report(StableGen.load(arguments.to, device="cpu"))


@torch.no_grad()
def report(model: StableGen) -> None:
    """Obedience and Fréchet distance on the validation split, beside real portraits."""
    asked, real = data.load_portraits("validation"), data.load_portraits("test")
    judge = metrics.AttributeClassifier.load(WEIGHTS / "portraits_classifier.safetensors")
    for name, images in {
        "generated": model.sample(conditions=asked.conditions, seed=0),
        "real": data.to_unit_range(asked.images),
    }.items():
        shares = ", ".join(
            f"{key} {value:.3f}" for key, value in marks.obedience(images, asked, judge).items()
        )
        print(f"{name}: Fréchet distance {marks.distance_to(real, images, judge):.1f}; {shares}", flush=True)


if __name__ == "__main__":
    main()
