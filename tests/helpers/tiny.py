"""Tiny models and data sets, with which a training step takes milliseconds."""

import dataclasses

import torch

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen

torch.set_num_threads(1)  # more of them only wait for each other when tensors are this small


def pictures(
    count: int = 12, *, size: int = 8, channels: int = 3, kinds: int = 3, seed: int = 0
) -> data.ImageSet:
    """Random pictures, each of one of so many kinds; 0 kinds for pictures without a condition."""
    random = torch.Generator().manual_seed(seed)
    images = torch.randint(256, (count, channels, size, size), generator=random, dtype=torch.uint8)
    kind = torch.randint(max(kinds, 1), (count,), generator=random)
    conditions = (kind[:, None] == torch.arange(kinds)).float()
    return data.ImageSet(images, conditions, tuple(f"kind={i}" for i in range(kinds)), "tiny")


def recipe(base: training.Recipe = training.ARTICLE, **changes: object) -> training.Recipe:
    """A recipe with small batches, in float32 unless asked otherwise."""
    return dataclasses.replace(base, **{"batch_size": 4, "precision": "float32", **changes})


def model(images: data.ImageSet, seed: int = 0) -> StableGen:
    return StableGen.for_images(images, latent_dim=5, width=4, seed=seed, device="cpu")


def point_model(seed: int = 0) -> StableGen:
    return StableGen.for_points(latent_dim=2, width=8, seed=seed, device="cpu")


def copied(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """As they are now: ``state_dict`` hands out windows onto the weights, which move on."""
    return {name: tensor.detach().clone() for name, tensor in weights.items()}


def equal(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    """Whether the same names hold the same numbers, bit for bit."""
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)
