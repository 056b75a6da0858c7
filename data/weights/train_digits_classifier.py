"""Trains the judge of single digits: ``python data/weights/train_digits_classifier.py``.

About a minute on one core. Writes digits_classifier.safetensors and prints its accuracy on the
validation and the test split; data/weights/README.md quotes that.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from stablegen_lib import data, metrics

STEPS, BATCH, SEED = 1500, 128, 0


def main() -> None:
    torch.manual_seed(SEED)
    digits = data.load_digits("train")
    pixels = data.to_unit_range(digits.images)
    classifier = metrics.AttributeClassifier(digits.condition_names, image_size=8, channels=1, width=24)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=3e-3, weight_decay=0.05)
    schedule = OneCycleLR(optimizer, max_lr=3e-3, total_steps=STEPS)
    for _ in tqdm(range(STEPS)):
        chosen = torch.randint(len(digits), (BATCH,))
        loss = F.cross_entropy(classifier(varied(pixels[chosen])), digits.conditions[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    classifier.eval().save(Path(__file__).parent / "digits_classifier.safetensors")
    for split in ("validation", "test"):
        report(classifier, data.load_digits(split))


def varied(images: Tensor) -> Tensor:
    """The same digits, each turned, stretched and shifted a little, with a little noise."""
    change = 0.1 * torch.randn(len(images), 2, 3) * torch.tensor([1.0, 1.0, 1.5])
    grid = F.affine_grid(torch.eye(2, 3) + change, list(images.shape), align_corners=False)
    moved = F.grid_sample(images + 1, grid, align_corners=False) - 1
    return moved + 0.1 * torch.randn_like(images)


def report(classifier: metrics.AttributeClassifier, digits: data.ImageSet) -> None:
    right = metrics.obeyed(classifier, data.to_unit_range(digits.images), digits.conditions)["digit"]
    print(f"{digits.name} (n = {len(digits)}): {right.float().mean():.3f} right")


if __name__ == "__main__":
    main()
