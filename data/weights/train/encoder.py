"""Trains the encoder of lesson 09: ``python data/weights/train/encoder.py``.

It learns from two tasks at once. On real faces: redraw the picture. On generated faces, whose z is
known: redraw it with one attribute changed, where G itself says what the right answer is. The
second is what an editor needs; real faces have no such answer. About nine minutes.
Writes faces_encoder.safetensors and prints the errors on the validation split.
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from stablegen_lib import data
from stablegen_lib.editing.encoder import Encoder
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.stablegen import StableGen

WEIGHTS = Path(__file__).resolve().parents[1]
BATCH, SEED, PRIOR = 64, 0, 1e-3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5_000)
    parser.add_argument("--to", type=Path, default=WEIGHTS / "faces_encoder.safetensors")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    faces = data.load_faces("train")
    generator = StableGen.load(WEIGHTS / "faces", device="cpu").averaged_generator
    size = len(faces.condition_names)
    encoder = Encoder(condition_size=size, latent_dim=generator.latent_dim, image_size=faces.image_size)
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = OneCycleLR(optimizer, max_lr=2e-3, total_steps=arguments.steps)
    pixels = data.to_unit_range(faces.images)
    for number in (bar := tqdm(range(arguments.steps))):
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(torch.device("cpu"))):
            real, edited = losses(encoder, generator, faces, pixels)
        optimizer.zero_grad()
        (real + edited).backward()
        optimizer.step()
        schedule.step()
        if number % 250 == 0:
            bar.set_postfix(real=f"{real.item() ** 0.5:.3f}", edited=f"{edited.item() ** 0.5:.3f}")
    encoder.eval().save(arguments.to, dtype="float16")
    report(Encoder.load(arguments.to), generator)


def losses(
    encoder: Encoder, generator: torch.nn.Module, faces: data.ImageSet, pixels: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean squared errors: real faces redrawn, and generated faces redrawn with another x."""
    chosen = torch.randint(len(faces), (BATCH,))
    x, y = faces.conditions[chosen], pixels[chosen]
    z = torch.randn(BATCH, generator.latent_dim)
    with torch.no_grad():
        other = one_attribute_changed(x, faces)
        made, wanted = generator(torch.cat([x, other]), torch.cat([z, z])).float().chunk(2)
    found = encoder(torch.cat([x, x]), torch.cat([y, made]))
    redrawn = generator(torch.cat([x, other]), found).float()
    squares = (redrawn - torch.cat([y, wanted])).square()
    long = PRIOR * found.float().square().mean()
    return squares[:BATCH].mean() + long, squares[BATCH:].mean()


def one_attribute_changed(x: Tensor, faces: data.ImageSet) -> Tensor:
    """Each row takes one attribute, any, from another face."""
    others = faces.conditions[torch.randint(len(faces), (len(x),))]
    columns = torch.zeros_like(x, dtype=torch.bool)
    groups = list(faces.groups.values())
    for row, group in enumerate(torch.randint(len(groups), (len(x),)).tolist()):
        columns[row, groups[group]] = True
    return torch.where(columns, others, x)


@torch.no_grad()
def report(encoder: Encoder, generator: torch.nn.Module) -> None:
    faces = data.load_faces("validation")
    y = data.to_unit_range(faces.images)
    redrawn = generator(faces.conditions, encoder(faces.conditions, y))
    error = (redrawn - y).square().mean(dim=(1, 2, 3)).sqrt().mean()
    print(f"{faces.name} (n = {len(faces)}): error of the redrawn faces {error:.3f}")


if __name__ == "__main__":
    main()
