"""Lesson 06: moving through a latent space: draw, mix, turn, truncate, find directions, find a picture's z.

Open `moves.py` first, then `directions.py` and `inversion.py`. Everything here takes a function
``generate(z)``, so that it serves a GAN, the decoder of a variational autoencoder, or a diffusion model.
"""

from stablegen_lib.latent.directions import (
    Effect,
    arithmetic,
    attribute_direction,
    effect,
    factorised_directions,
    pca_directions,
)
from stablegen_lib.latent.inversion import Inversion, invert, soft_conditions
from stablegen_lib.latent.moves import PARALLEL, draw, lerp, path, slerp, step_lengths, truncate

__all__ = [
    "PARALLEL",
    "Effect",
    "Inversion",
    "arithmetic",
    "attribute_direction",
    "draw",
    "effect",
    "factorised_directions",
    "invert",
    "lerp",
    "path",
    "pca_directions",
    "slerp",
    "soft_conditions",
    "step_lengths",
    "truncate",
]
