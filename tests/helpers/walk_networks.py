"""Rows of `walk_calls.py` about networks and their losses."""

import tiny_editor
import torch
from walk_parts import JUDGED, POINTS, SIZES, Rows, X, Y, Z, a_file, faces, judge, small, vae_model

from stablegen_lib import autoencoder, diffusion, vae
from stablegen_lib.discriminator import Discriminator, FourierFeatures, PointDiscriminator
from stablegen_lib.generator import Generator, PointGenerator

NETWORKS: Rows = {
    "generator.Generator": lambda: dict(SIZES),
    "generator.Generator.forward": lambda: {"self": Generator(**SIZES), "x": X, "z": Z},
    "generator.PointGenerator": lambda: {"condition_size": 5, "latent_dim": 3, "width": 4, "depth": 2},
    "generator.PointGenerator.forward": lambda: {
        "self": PointGenerator(condition_size=5, latent_dim=3, width=4), "x": X, "z": Z},
    "discriminator.Discriminator": lambda: dict(JUDGED),
    "discriminator.Discriminator.forward": lambda: {"self": Discriminator(**JUDGED), "x": X, "y": Y},
    "discriminator.PointDiscriminator": lambda: {"condition_size": 5, "width": 4, "depth": 2, "waves": 3},
    "discriminator.PointDiscriminator.forward": lambda: {
        "self": PointDiscriminator(condition_size=5, width=4), "x": X, "y": POINTS},
    "discriminator.FourierFeatures": lambda: {"count": 3},
    "discriminator.FourierFeatures.forward": lambda: {"self": FourierFeatures(3), "points": POINTS},
    "discriminator.normalise_spectrally": lambda: {"discriminator": PointDiscriminator(width=4)},
    "vae.VAE": lambda: {"condition_names": tiny_editor.NAMES, "latent_dim": 3, "image_size": 8, "channels": 3,
                        "width": 4, "deviation": 0.5, "seed": 1},
    "vae.VAE.for_images": lambda: {"images": faces(), "latent_dim": 3, "width": 4},
    "vae.VAE.encode": lambda: {"self": vae_model(), "conditions": X, "images": Y},
    "vae.VAE.reconstruct": lambda: {"self": vae_model(), "conditions": X, "images": Y},
    "vae.VAE.sample": lambda: {"self": vae_model(), "count": 4, "conditions": X, "z": Z, "seed": 1},
    "vae.VAE.save": lambda: {"self": vae_model(), "path": a_file("vae"), "dtype": "float16"},
    "vae.Encoder": lambda: dict(SIZES),
    "vae.Encoder.forward": lambda: {"self": vae_model().encoder, "x": X, "y": Y},
    "vae.elbo": lambda: {"log_likelihood": Z[:, 0], "kl": Z[:, 1], "beta": 1.0},
    "vae.gaussian_log_density": lambda: {"values": Z, "mean": Z, "log_variance": Z},
    "vae.kl_divergence": lambda: {"mean": Z, "log_variance": Z},
    "vae.kl_per_entry": lambda: {"mean": Z, "log_variance": Z},
    "vae.log_likelihood": lambda: {"y": Y, "reconstruction": Y, "deviation": 0.5},
    "vae.reparameterise": lambda: {"mean": Z, "log_variance": Z, "noise": Z},
    "vae.train": lambda: {"model": vae.VAE(tiny_editor.NAMES, latent_dim=3, image_size=8, width=4),
                          "images": faces(), "steps": 1, "batch_size": 4,
                          "learning_rate": 1e-3, "beta": 1.0, "seed": 1},
    "autoencoder.Autoencoder": lambda: {"channels": 3, "latent_channels": 4, "halvings": 2, "width": 4,
                                        "seed": 1},
    "autoencoder.Autoencoder.encode": lambda: {"self": small(), "y": Y},
    "autoencoder.Autoencoder.decode": lambda: {"self": small(), "z": torch.ones(4, 4, 2, 2)},
    "autoencoder.Autoencoder.maps": lambda: {"self": small(), "y": Y},
    "autoencoder.Autoencoder.reconstruct": lambda: {"self": small(), "y": Y},
    "autoencoder.Autoencoder.save": lambda: {"self": small(), "path": a_file("small"), "dtype": "float16"},
    "autoencoder.PatchDiscriminator": lambda: {"channels": 3, "width": 4, "seed": 1},
    "autoencoder.PatchDiscriminator.forward": lambda: {
        "self": autoencoder.PatchDiscriminator(width=4), "y": Y},
    "autoencoder.adaptive_weight": lambda: {
        "reconstruction_loss": (layer := torch.ones(3, requires_grad=True)).sum(),
        "adversarial_loss": layer.square().sum(), "last_layer": layer},
    "autoencoder.train": lambda: {
        "model": autoencoder.Autoencoder(width=4), "images": Y, "steps": 1,
        "discriminator": autoencoder.PatchDiscriminator(width=4),
        "discriminator_from": 1, "discriminator_weight": 1.0, "discriminator_learning_rate": 1e-3,
        "batch_size": 2, "learning_rate": 1e-3, "kl_weight": 1e-5, "seed": 1},
    "diffusion.PointDenoiser": lambda: {"width": 4},
    "diffusion.PointDenoiser.forward": lambda: {"self": diffusion.PointDenoiser(4), "x_t": POINTS,
                                                "t": torch.arange(4)},
    "diffusion.train_points": lambda: {
        "model": diffusion.PointDenoiser(4), "schedule": diffusion.NoiseSchedule.linear(levels=10),
        "points": POINTS, "steps": 1, "batch_size": 2, "learning_rate": 1e-3, "seed": 1},
    "metrics.AttributeClassifier": lambda: {"condition_names": tiny_editor.NAMES, "image_size": 8,
                                            "channels": 3, "width": 4},
    "metrics.AttributeClassifier.forward": lambda: {"self": judge(), "images": Y},
    "metrics.AttributeClassifier.save": lambda: {
        "self": judge(), "path": a_file("judge"), "dtype": "float16"},
}  # fmt: skip
