"""Lesson 11: a variational autoencoder: an encoder and a generator that learn together, with no opponent.

Open `objective.py` first: what is maximised. `networks.py` holds the two networks, `training.py` the loop.
"""

from stablegen_lib.vae.networks import VAE, Encoder
from stablegen_lib.vae.objective import (
    elbo,
    gaussian_log_density,
    kl_divergence,
    kl_per_entry,
    log_likelihood,
    reparameterise,
)
from stablegen_lib.vae.training import Step, train

__all__ = [
    "VAE",
    "Encoder",
    "Step",
    "elbo",
    "gaussian_log_density",
    "kl_divergence",
    "kl_per_entry",
    "log_likelihood",
    "reparameterise",
    "train",
]
