"""Trains a judge on real pictures: ``python data/weights/train/judges.py faces``.

Also ``digits``, ``peeps`` and ``portraits``, and ``--device cuda`` where there is a GPU.

One to five minutes on two cores, portraits half an hour of one. Writes …_classifier.safetensors and
prints its accuracy on the validation and the test split; data/weights/README.md quotes that. The judges of
faces, digits and peeps were trained by the three scripts that this one replaces: published scores depend on
them, so do not train them again.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from stablegen_lib import data, metrics
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.plumbing.seeding import seeded

WEIGHTS, SEED = Path(__file__).resolve().parents[1], 0


def varied(images: Tensor) -> Tensor:
    """The same digits, each turned, stretched and shifted a little, with a little noise."""
    change = 0.1 * torch.randn(len(images), 2, 3) * torch.tensor([1.0, 1.0, 1.5])
    grid = F.affine_grid(torch.eye(2, 3) + change, list(images.shape), align_corners=False)
    moved = F.grid_sample(images + 1, grid.to(images.device), align_corners=False) - 1
    return moved + 0.1 * torch.randn(images.shape).to(images.device)


@dataclass(frozen=True)
class Plan:
    """How one judge is trained."""

    load: Callable[[str], data.ImageSet]
    steps: int
    batch: int
    width: int
    first_rate: float
    largest_rate: float
    weight_decay: float = 0.01
    vary: Callable[[Tensor], Tensor] = lambda images: images


PLANS = {
    "faces": Plan(data.load_faces, 3_000, 128, 48, 2e-3, 2e-3),
    "digits": Plan(data.load_digits, 1_500, 128, 24, 3e-3, 3e-3, 0.05, varied),
    "peeps": Plan(data.load_peeps, 1_200, 64, 16, 2e-3, 4e-3),
    "portraits": Plan(data.load_portraits, 1_600, 64, 32, 1e-3, 2e-3, 0.05),
}


def trained(plan: Plan, device: torch.device) -> metrics.AttributeClassifier:
    examples = plan.load("train")
    pixels = data.to_unit_range(examples.images).to(device)
    conditions = examples.conditions.to(device)
    sizes = {"image_size": pixels.shape[2], "channels": pixels.shape[1], "width": plan.width}
    low_precision = bfloat16_in_hardware(device)
    with seeded(SEED):
        judge = metrics.AttributeClassifier(examples.condition_names, **sizes).to(device)
        adam = torch.optim.AdamW(judge.parameters(), lr=plan.first_rate, weight_decay=plan.weight_decay)
        schedule = OneCycleLR(adam, max_lr=plan.largest_rate, total_steps=plan.steps)
        for _ in tqdm(range(plan.steps)):
            chosen = torch.randint(len(examples), (plan.batch,)).to(device)
            wanted = conditions[chosen]
            with torch.autocast(device.type, torch.bfloat16, enabled=low_precision):
                logits = judge(plan.vary(pixels[chosen])).float()
            parts = examples.groups.values()
            loss = sum(F.cross_entropy(logits[:, part], wanted[:, part]) for part in parts)
            adam.zero_grad()
            loss.backward()
            adam.step()
            schedule.step()
    return judge.cpu().eval()


def report(judge: metrics.AttributeClassifier, pictures: data.ImageSet) -> None:
    hits = metrics.obeyed(judge, data.to_unit_range(pictures.images), pictures.conditions)
    shares = ", ".join(f"{name} {hit.float().mean():.3f}" for name, hit in hits.items())
    print(f"{pictures.name} (n = {len(pictures)}): {shares}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", choices=PLANS)
    parser.add_argument("--to", type=Path, help="another file than the shipped one")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or mps")
    options = parser.parse_args()
    plan = PLANS[options.data]
    judge = trained(plan, torch.device(options.device))
    judge.save(options.to or WEIGHTS / f"{options.data}_classifier.safetensors")
    for split in ("validation", "test"):
        report(judge, plan.load(split))


if __name__ == "__main__":
    main()
