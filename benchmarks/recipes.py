"""How well do faces obey after a short run with each recipe?

``python benchmarks/recipes.py``: about six minutes on two cores. docs/decisions.md and lesson 05 quote the
direction; lesson 07 repeats it with more seeds and more measures.
"""

import dataclasses

import torch

from stablegen_experiments.shipped import FOUR
from stablegen_lib import data, metrics, training
from stablegen_lib.stablegen import StableGen

STEPS, SEEDS = 500, (0, 1, 2)
RECIPES = {
    "ARTICLE": training.ARTICLE,
    "STABLE": training.STABLE,
    "STABLE without mismatched pairs": dataclasses.replace(training.STABLE, mismatch=False),
}


def main() -> None:
    faces, asked = data.load_faces("train"), data.load_faces("validation").conditions
    judge = metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")
    print(f"share of 2,000 faces with {', '.join(FOUR)} all as asked, after {STEPS} steps")
    for name, recipe in RECIPES.items():
        shares = []
        for seed in SEEDS:
            model = StableGen.for_images(faces, seed=seed)
            for _ in training.train(model, faces, steps=STEPS, recipe=recipe, seed=seed):
                pass
            verdict = metrics.obeyed(judge, model.sample(conditions=asked, seed=0), asked)
            shares.append(torch.stack([verdict[attribute] for attribute in FOUR]).all(dim=0).float().mean())
        print(
            f"  {name:<34}"
            + "   ".join(f"seed {seed}: {share:.2f}" for seed, share in zip(SEEDS, shares, strict=True))
        )


if __name__ == "__main__":
    main()
