"""Measures the shipped faces model: ``python -m stablegen_experiments.shipped``.

data/weights/README.md quotes the result. What share of the generated faces shows what was asked for, by
the attribute classifier's verdict? Real faces stand beside, because the classifier errs on those too, and
chance: the share that one constant answer gets, the most frequent value of the training split.
"""

import torch
from torch import Tensor

from stablegen_lib import data, metrics
from stablegen_lib.data import ByAttribute
from stablegen_lib.stablegen import StableGen

FOUR = ("glasses", "hat", "skin", "background")


def measured(seed: int = 0) -> dict[str, tuple[float, float, float]]:
    """Shares in [0, 1] by attribute: (generated, real, chance), over the test split."""
    weights = data.data_dir() / "weights"
    judge = metrics.AttributeClassifier.load(weights / "faces_classifier.safetensors")
    faces = data.load_faces("test")
    made = StableGen.load(weights / "faces", device="cpu").sample(conditions=faces.conditions, seed=seed)
    verdicts = [
        metrics.obeyed(judge, images, faces.conditions) for images in (made, data.to_unit_range(faces.images))
    ]
    usual = usual_condition(data.load_faces("train"))
    constant = {name: faces.conditions[:, part] @ usual[part] > 0 for name, part in faces.groups.items()}
    verdicts.append(ByAttribute(constant))
    for verdict in verdicts:
        verdict["glasses, hat, skin and background at once"] = torch.stack(
            [verdict[name] for name in FOUR]
        ).all(dim=0)
    shares: dict[str, tuple[float, float, float]] = {}
    for name in verdicts[0]:
        generated, real, chance = (float(verdict[name].float().mean()) for verdict in verdicts)
        shares[name] = (generated, real, chance)
    return shares


def usual_condition(pictures: data.ImageSet) -> Tensor:
    """The most frequent value of each attribute, as a condition."""
    shares, usual = pictures.conditions.mean(dim=0), torch.zeros(pictures.conditions.shape[1])
    for part in pictures.groups.values():
        usual[part.start + int(shares[part].argmax())] = 1
    return usual


def main() -> None:
    print("| attribute | generated | real | chance |\n|---|---|---|---|")
    for name, shares in measured().items():
        print(f"| {name} |", " | ".join(f"{share:.3f}" for share in shares), "|")


if __name__ == "__main__":
    main()
