"""What the library draws for the states that the tests reach, computed without a browser."""

import math
from functools import cache

import examples
import numpy as np
import torch
from hands import decoded

from stablegen_lib import data, latent, plots
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets import LatentExplorer

FACES = 'StableGen.load(data.data_dir() / "weights" / "faces")'


@cache
def faces_model() -> StableGen:
    return StableGen.load(data.data_dir() / "weights" / "faces")


def explored(code: str) -> np.ndarray:
    """The picture of a share code."""
    explorer = LatentExplorer(faces_model())
    explorer.code = code
    grid = plots.to_grid(explorer.images(), columns=math.isqrt(explorer.count))
    return np.asarray(grid)


def lesson_00(value: float) -> np.ndarray:
    """The pictures of lesson 00's slider."""
    faces = examples.faces("test")
    x = data.replace_attribute(faces.conditions[:8], faces.condition_names, attribute="hat", value="no")
    z = latent.draw(8, faces_model().latent_dim, seed=0)
    z[:, 0] = value
    return decoded(plots.to_png(faces_model().sample(conditions=x, z=z), columns=8, scale=5))


def lesson_06(offset: float) -> np.ndarray:
    """The picture of lesson 06's explorer with its first slider moved."""
    model = StableGen.load(data.data_dir() / "weights" / "faces_unconditional")
    direction = latent.factorised_directions(model.averaged_generator.latent_weight, 6)[0]
    z = torch.cat([latent.draw(1, model.latent_dim, seed=seed) for seed in range(16)])
    moved = z + torch.tensor([offset]) @ direction[None] if offset else z
    return decoded(plots.to_png(model.sample(z=moved), columns=4, scale=1))


def close(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal up to one step in 255: another process may add up in another order."""
    return one.shape == other.shape and int(np.abs(one.astype(int) - other.astype(int)).max()) <= 1
