"""Measures the shipped faces model: ``python -m stablegen_experiments.shipped``.

data/weights/README.md quotes the result. What share of the generated faces shows what was asked for, by
the attribute classifier's verdict? Real faces stand beside: the classifier errs on those too.
"""

import torch

from stablegen_lib import data, metrics
from stablegen_lib.stablegen import StableGen

FOUR = ("glasses", "hat", "skin", "background")


def measured(seed: int = 0) -> dict[str, tuple[float, float]]:
    """Shares in [0, 1] by attribute: (generated, real), over the test split."""
    weights = data.data_dir() / "weights"
    judge = metrics.AttributeClassifier.load(weights / "faces_classifier.safetensors")
    faces = data.load_faces("test")
    made = StableGen.load(weights / "faces", device="cpu").sample(conditions=faces.conditions, seed=seed)
    shares: dict[str, tuple[float, float]] = {}
    verdicts = [
        metrics.obeyed(judge, images, faces.conditions) for images in (made, data.to_unit_range(faces.images))
    ]
    for verdict in verdicts:
        verdict["glasses, hat, skin and background at once"] = torch.stack(
            [verdict[name] for name in FOUR]
        ).all(dim=0)
    for name in verdicts[0]:
        generated, real = (float(verdict[name].float().mean()) for verdict in verdicts)
        shares[name] = (generated, real)
    return shares


def main() -> None:
    print("| attribute | generated | real |\n|---|---|---|")
    for name, (generated, real) in measured().items():
        print(f"| {name} | {generated:.3f} | {real:.3f} |")


if __name__ == "__main__":
    main()
