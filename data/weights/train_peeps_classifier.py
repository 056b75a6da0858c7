"""Trains the judge of the peeps on real ones: ``python data/weights/train_peeps_classifier.py``.

A few minutes on one core. Writes peeps_classifier.safetensors and prints its accuracy on the
validation and the test split; data/weights/README.md quotes the test split.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from stablegen_lib import data, metrics
from stablegen_lib.recipe import bfloat16_in_hardware
from stablegen_lib.seeding import seeded

STEPS, BATCH, SEED, WIDTH = 1_200, 64, 0, 16


def main() -> None:
    peeps = data.load_peeps("train")
    pixels = data.to_unit_range(peeps.images)
    with seeded(SEED):
        classifier = metrics.AttributeClassifier(
            peeps.condition_names, image_size=peeps.image_size, width=WIDTH
        )
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = OneCycleLR(optimizer, max_lr=4e-3, total_steps=STEPS)
    random = torch.Generator().manual_seed(SEED)
    for _ in tqdm(range(STEPS)):
        chosen = torch.randint(len(peeps), (BATCH,), generator=random)
        wanted = peeps.conditions[chosen]
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(torch.device("cpu"))):
            logits = classifier(pixels[chosen]).float()
        loss = sum(F.cross_entropy(logits[:, part], wanted[:, part]) for part in peeps.groups.values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    classifier.eval().save(Path(__file__).parent / "peeps_classifier.safetensors")
    for split in ("validation", "test"):
        report(classifier, data.load_peeps(split))


def report(classifier: metrics.AttributeClassifier, peeps: data.ImageSet) -> None:
    hits = metrics.obeyed(classifier, data.to_unit_range(peeps.images), peeps.conditions)
    shares = ", ".join(f"{name} {hit.float().mean():.3f}" for name, hit in hits.items())
    print(f"{peeps.name} (n = {len(peeps)}): {shares}")


if __name__ == "__main__":
    main()
