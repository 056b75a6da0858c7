"""Lesson 13, first half: add noise step by step, learn to take it away, and so make samples from pure noise.

Open `steps.py` first. It works on anything that is a tensor: points of the plane, pictures, or the latent
maps of an autoencoder. `schedule.py` says how much noise a level has, `points.py` learns to denoise in the
plane. Needs torch only; the real components of Stable Diffusion stand in `latent_diffusion`.
"""

from stablegen_lib.diffusion.points import PointDenoiser, train_points
from stablegen_lib.diffusion.schedule import CLEAN, LEVELS, NoiseSchedule
from stablegen_lib.diffusion.steps import (
    Denoised,
    Predictor,
    add_noise,
    ddim_step,
    ddpm_step,
    denoise,
    from_velocity,
    guided,
    noise_from_x0,
    velocity,
    visited_levels,
    x0_from_noise,
)

__all__ = [
    "CLEAN",
    "LEVELS",
    "Denoised",
    "NoiseSchedule",
    "PointDenoiser",
    "Predictor",
    "add_noise",
    "ddim_step",
    "ddpm_step",
    "denoise",
    "from_velocity",
    "guided",
    "noise_from_x0",
    "train_points",
    "velocity",
    "visited_levels",
    "x0_from_noise",
]
