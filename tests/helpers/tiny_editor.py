"""A tiny face editor, and faces for it."""

import torch

from stablegen_lib import data, editing
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.stablegen import StableGen

NAMES = ("hat=no", "hat=yes", "hair=red", "hair=black", "hair=white")


def faces(count=6, seed=0):
    random = torch.Generator().manual_seed(seed)
    images = torch.randint(256, (count, 3, 8, 8), generator=random, dtype=torch.uint8)
    x = torch.zeros(count, len(NAMES))
    x[:, 0], x[:, 2] = 1, 1
    return data.ImageSet(images, x, NAMES, "tiny")


def make_editor():
    model = StableGen.for_images(faces(), latent_dim=5, width=8, seed=0, device="cpu")
    torch.manual_seed(0)
    encoder = editing.Encoder(condition_size=5, latent_dim=5, image_size=8, width=4, hidden=8)
    return editing.FaceEditor(model, encoder.requires_grad_(False), AttributeClassifier(NAMES, image_size=8))
