"""Measures the shipped faces model: ``python -m stablegen_experiments.shipped``.

data/weights/README.md quotes the result. What share of the generated faces shows what was asked for, by
the attribute classifier's verdict? Real faces stand beside, because the classifier errs on those too, and
chance: the share that one constant answer gets, the most frequent value of the training split.
"""

from stablegen_lib import data, metrics
from stablegen_lib.stablegen import StableGen

FOUR = ("glasses", "hat", "skin", "background")
TOGETHER = "glasses, hat, skin and background at once"


def measured(seed: int = 0) -> dict[str, tuple[float, float, float]]:
    """Shares in [0, 1] by attribute: (generated, real, chance), over the test split."""
    weights = data.data_dir() / "weights"
    judge = metrics.AttributeClassifier.load(weights / "faces_classifier.safetensors")
    faces = data.load_faces("test")
    made = StableGen.load(weights / "faces", device="cpu").sample(conditions=faces.conditions, seed=seed)
    verdicts = [
        metrics.obeyed(judge, images, faces.conditions) for images in (made, data.to_unit_range(faces.images))
    ]
    verdicts.append(metrics.constant_answer(faces.conditions, data.load_faces("train")))
    shares: dict[str, tuple[float, float, float]] = {}
    for name in [*verdicts[0], TOGETHER]:
        asked = FOUR if name == TOGETHER else (name,)
        generated, real, chance = (metrics.as_asked(verdict, *asked) for verdict in verdicts)
        shares[name] = (generated, real, chance)
    return shares


def main() -> None:
    print("| attribute | generated | real | chance |\n|---|---|---|---|")
    for name, shares in measured().items():
        print(f"| {name} |", " | ".join(f"{share:.3f}" for share in shares), "|")


if __name__ == "__main__":
    main()
