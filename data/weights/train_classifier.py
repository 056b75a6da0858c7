"""Trains the attribute classifier on real faces: ``python data/weights/train_classifier.py``.

About five minutes on two cores. Writes faces_classifier.safetensors and prints its accuracy on
the validation and the test split; data/weights/README.md quotes that.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from stablegen_lib import data, metrics
from stablegen_lib.recipe import bfloat16_in_hardware

STEPS, BATCH, SEED = 3000, 128, 0


def main() -> None:
    torch.manual_seed(SEED)
    faces = data.load_faces("train")
    pixels = data.to_unit_range(faces.images).contiguous(memory_format=torch.channels_last)
    classifier = metrics.AttributeClassifier(faces.condition_names, image_size=faces.image_size)
    classifier = classifier.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = OneCycleLR(optimizer, max_lr=2e-3, total_steps=STEPS)
    for _ in tqdm(range(STEPS)):
        chosen = torch.randint(len(faces), (BATCH,))
        wanted = faces.conditions[chosen]
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(torch.device("cpu"))):
            logits = classifier(pixels[chosen]).float()
        loss = sum(F.cross_entropy(logits[:, part], wanted[:, part]) for part in faces.groups.values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    classifier.eval().save(Path(__file__).parent / "faces_classifier.safetensors")
    for split in ("validation", "test"):
        report(classifier, data.load_faces(split))


def report(classifier: metrics.AttributeClassifier, faces: data.ImageSet) -> None:
    obeyed = metrics.obeyed(classifier, data.to_unit_range(faces.images), faces.conditions)
    shares = ", ".join(f"{name} {hits.float().mean():.3f}" for name, hits in obeyed.items())
    print(f"{faces.name} (n = {len(faces)}): {shares}")


if __name__ == "__main__":
    main()
