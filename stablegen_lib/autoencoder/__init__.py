"""Lesson 12: the first stage of Stable Diffusion in small, an autoencoder that a discriminator helps train.

Open `training.py` first: the loop, its two opposed losses, and the weight between them; then `networks.py`.
"""

from stablegen_lib.autoencoder.networks import Autoencoder, PatchDiscriminator
from stablegen_lib.autoencoder.training import (
    BETAS,
    KL_WEIGHT,
    LARGEST,
    SMALLEST,
    Step,
    adaptive_weight,
    train,
)

__all__ = [
    "BETAS",
    "KL_WEIGHT",
    "LARGEST",
    "SMALLEST",
    "Autoencoder",
    "PatchDiscriminator",
    "Step",
    "adaptive_weight",
    "train",
]
