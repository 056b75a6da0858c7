"""Measures a shipped model: ``python -m stablegen_experiments.shipped``, or ``… portraits``.

data/weights/README.md quotes the result. What share of the generated pictures shows what was asked for, by
the attribute classifier's verdict? Real pictures stand beside, because the classifier errs on those too, and
chance: the share that one constant answer gets, the most frequent value of the training split.
"""

import argparse
from collections.abc import Callable

from stablegen_experiments.contest import marks
from stablegen_lib import data, metrics
from stablegen_lib.stablegen import StableGen

FOUR = ("glasses", "hat", "skin", "background")
SETS: dict[str, tuple[Callable[[str], data.ImageSet], str, tuple[str, ...]]] = {
    "faces": (data.load_faces, "glasses, hat, skin and background at once", FOUR),
    "portraits": (data.load_portraits, "all nine at once", ()),
}
"""How to load each set, and which attributes are also counted together; none: all of them."""


def measured(name: str = "faces", seed: int = 0) -> dict[str, tuple[float, float, float]]:
    """Shares in [0, 1] by attribute: (generated, real, chance), over the test split."""
    load, label, together = SETS[name]
    weights, pictures = data.data_dir() / "weights", load("test")
    judge = metrics.AttributeClassifier.load(weights / f"{name}_classifier.safetensors")
    made = StableGen.load(weights / name, device="cpu").sample(conditions=pictures.conditions, seed=seed)
    verdicts = [
        metrics.obeyed(judge, images, pictures.conditions)
        for images in (made, data.to_unit_range(pictures.images))
    ]
    verdicts.append(metrics.constant_answer(pictures.conditions, load("train")))
    shares: dict[str, tuple[float, float, float]] = {}
    for row, asked in [*((one, (one,)) for one in verdicts[0]), (label, together)]:
        generated, real, chance = (metrics.as_asked(verdict, *asked) for verdict in verdicts)
        shares[row] = (generated, real, chance)
    return shares


def distances(name: str = "faces", seed: int = 0) -> tuple[float, float]:
    """Fréchet distance to the real pictures of the test split: of generated ones, and of other real ones."""
    load, *_ = SETS[name]
    weights, real, others = data.data_dir() / "weights", load("test"), load("validation")
    judge = metrics.AttributeClassifier.load(weights / f"{name}_classifier.safetensors")
    made = StableGen.load(weights / name, device="cpu").sample(conditions=others.conditions, seed=seed)
    generated, floor = (
        marks.distance_to(real, images, judge) for images in (made, data.to_unit_range(others.images))
    )
    return generated, floor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", choices=SETS, default="faces")
    name = parser.parse_args().name
    print("| attribute | generated | real | chance |\n|---|---|---|---|")
    for row, shares in measured(name).items():
        print(f"| {row} |", " | ".join(f"{share:.3f}" for share in shares), "|")
    generated, floor = distances(name)
    print(f"\nFréchet distance to the test split: {generated:.0f}; other real ones {floor:.0f}")


if __name__ == "__main__":
    main()
