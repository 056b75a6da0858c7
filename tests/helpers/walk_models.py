"""The rows of `walk_calls.py` about networks, training and widgets."""

from collections.abc import Callable
from functools import cache
from typing import Any

import tiny
import tiny_editor
import torch
from torch import Tensor

from stablegen_lib import autoencoder, data, diffusion, editing, training, vae
from stablegen_lib.discriminator import Discriminator, FourierFeatures, PointDiscriminator
from stablegen_lib.generator import Generator, PointGenerator
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.training.batches import Batches
from stablegen_lib.widgets import Duel, Editor, LatentExplorer, Sketchpad

SIZES = {"condition_size": 5, "latent_dim": 3, "image_size": 8, "channels": 3, "width": 4}
JUDGED = {"condition_size": 5, "image_size": 8, "channels": 3, "width": 4}
X, Z = torch.eye(5)[:4], torch.linspace(-1, 1, 12).reshape(4, 3)
Y = torch.linspace(-0.9, 0.9, 4 * 3 * 64).reshape(4, 3, 8, 8)
POINTS = torch.linspace(-1, 1, 8).reshape(4, 2)
NONE = torch.zeros(4, 0)
LINES = torch.where(torch.arange(4 * 1024).reshape(4, 1, 32, 32) % 7 > 1, 1.0, -1.0)
COLOURED = torch.linspace(-0.9, 0.9, 4 * 3 * 1024).reshape(4, 3, 32, 32)


def faces() -> data.ImageSet:
    return tiny_editor.faces(count=12)


def model() -> Any:
    return tiny.model(faces())


@cache
def vae_model() -> vae.VAE:
    return vae.VAE(tiny_editor.NAMES, latent_dim=3, image_size=8, width=4)


@cache
def small() -> autoencoder.Autoencoder:
    return autoencoder.Autoencoder(width=4)


@cache
def colourer() -> editing.Colourer:
    return editing.Colourer(latent_dim=3, width=2, hidden=4)


@cache
def editor() -> editing.FaceEditor:
    return tiny_editor.make_editor()


def drawings() -> data.ImageSet:
    pixels = data.to_bytes(LINES)
    return data.ImageSet(pixels, torch.zeros(4, 0), (), "drawings")


def run() -> dict[str, Any]:
    made = model()
    recipe = tiny.recipe()
    batches = Batches(made, faces(), torch.contiguous_format)
    return {"model": made, "batches": batches, "state": training.start(made, recipe)}


def snapshots() -> training.Snapshots:
    return training.Snapshots(conditions=X)


def step() -> Any:
    return next(iter(training.train(model(), faces(), steps=1, recipe=tiny.recipe())))


def twins() -> data.Twins:
    return data.Twins(faces(), tiny_editor.faces(count=12, seed=1), ("hat no->yes",) * 12, torch.arange(12))


def a_file(name: str) -> str:
    from walk_calls import folder

    return str(folder() / name)


def explorer() -> LatentExplorer:
    made = LatentExplorer(model(), sliders=2)
    made.keep()
    made.randomise()
    made.keep()
    return made


def _draw(value: float) -> Tensor:
    return torch.full((1, 3, 4, 4), value / 10)


def _png() -> bytes:
    from walk_calls import png

    return png()


MODELS: dict[str, Callable[[], dict[str, Any]]] = {
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
    "stablegen.StableGen": lambda: {
        "generator": PointGenerator(width=4), "discriminator": PointDiscriminator(width=4), "latent_dim": 2,
        "condition_names": (), "blueprint": None, "device": "cpu"},
    "stablegen.StableGen.for_images": lambda: {
        "images": faces(), "latent_dim": 3, "width": 4, "spectral_norm": False, "seed": 1, "device": "cpu"},
    "stablegen.StableGen.for_points": lambda: {
        "latent_dim": 2, "width": 4, "depth": 2, "waves": 3, "spectral_norm": True, "seed": 1,
        "device": "cpu"},
    "stablegen.StableGen.from_blueprint": lambda: {
        "blueprint": model().blueprint, "seed": 1, "device": "cpu"},
    "stablegen.StableGen.load_state_dict": lambda: {"self": model(), "tensors": model().state_dict()},
    "stablegen.StableGen.require_fitting": lambda: {"self": model(), "tensors": model().state_dict()},
    "stablegen.StableGen.sample": lambda: {
        "self": model(), "count": 4, "conditions": X, "z": torch.ones(4, 5), "seed": 1, "truncation_psi": 0.5,
        "averaged": True},
    "stablegen.StableGen.save": lambda: {
        "self": model(), "path": a_file("model"), "dtype": "float16", "raw": True},
    "training.Recipe": lambda: training.ARTICLE.as_dict(),
    "training.Recipe.decayed": lambda: {"self": training.STABLE_POINTS, "factor": 0.5, "number": 100},
    "training.Recipe.from_dict": lambda: {"values": training.ARTICLE.as_dict()},
    "training.Recipe.learning_rates": lambda: {"self": training.STABLE_POINTS, "number": 100},
    "training.Recipe.noise_left": lambda: {"self": training.ARTICLE, "number": 100},
    "training.Snapshots": lambda: {"conditions": X, "seed": 1, "growth": 1.5},
    "training.Snapshots.record": lambda: {"self": snapshots(), "model": model(), "step": step()},
    "training.Snapshots.finish": lambda: {"self": snapshots(), "model": model()},
    "training.Snapshots.save": lambda: {"self": _recorded(), "path": a_file("film.safetensors")},
    "training.change_recipe": lambda: {"state": run()["state"], "recipe": tiny.recipe()},
    "training.discriminator_turn": run,
    "training.generator_turn": lambda: {**run(), "shown": None},
    "training.save_state": lambda: {"path": a_file("state"), "model": (made := run())["model"],
                                    "state": made["state"]},
    "training.start": lambda: {"model": model(), "recipe": tiny.recipe(), "seed": 1},
    "training.train": lambda: {"model": (made := run())["model"], "dataset": faces(), "steps": 1,
                               "recipe": tiny.recipe(), "seed": 1, "state": made["state"],
                               "save_to": a_file("run"), "save_every": 500},
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
        "discriminator_from": 1, "discriminator_weight": 1.0, "batch_size": 2, "learning_rate": 1e-3,
        "kl_weight": 1e-5, "seed": 1},
    "diffusion.PointDenoiser": lambda: {"width": 4},
    "diffusion.PointDenoiser.forward": lambda: {"self": diffusion.PointDenoiser(4), "x_t": POINTS,
                                                "t": torch.arange(4)},
    "diffusion.train_points": lambda: {
        "model": diffusion.PointDenoiser(4), "schedule": diffusion.NoiseSchedule.linear(levels=10),
        "points": POINTS, "steps": 1, "batch_size": 2, "learning_rate": 1e-3, "seed": 1},
    "metrics.AttributeClassifier": lambda: {"condition_names": tiny_editor.NAMES, "image_size": 8,
                                            "channels": 3, "width": 4},
    "metrics.AttributeClassifier.forward": lambda: {"self": _judge(), "images": Y},
    "metrics.AttributeClassifier.save": lambda: {
        "self": _judge(), "path": a_file("judge"), "dtype": "float16"},
    "editing.Colourer": lambda: {"latent_dim": 3, "width": 2, "hidden": 4},
    "editing.Colourer.forward": lambda: {"self": colourer(), "x": LINES.flatten(1), "z": Z},
    "editing.Colourer.save": lambda: {"self": colourer(), "path": a_file("colours"), "dtype": "float16"},
    "editing.Encoder": lambda: {**SIZES, "hidden": 4},
    "editing.Encoder.forward": lambda: {"self": editor().encoder.eval(), "x": X, "y": Y},
    "editing.Encoder.save": lambda: {
        "self": editor().encoder, "path": a_file("guess"), "dtype": "float16"},
    "editing.FaceEditor": lambda: {"model": (made := _parts())[0], "encoder": made[1],
                                   "judge": made[2]},
    "editing.FaceEditor.open": lambda: {"self": editor(), "picture": faces().images[0], "x": X[0],
                                        "steps": 1},
    "editing.FaceEditor.edit": lambda: {"self": editor(), "portrait": _portrait(), "new_x": X[1],
                                        "guesses": 2,
                                        "seed": 1},
    "editing.PairDiscriminator": lambda: {"width": 2, "hidden": 4},
    "editing.PairDiscriminator.forward": lambda: {
        "self": editing.PairDiscriminator(width=2, hidden=4), "x": LINES.flatten(1), "y": COLOURED},
    "editing.Patches": lambda: {"faces": faces()},
    "editing.Patches.mean_face": lambda: {"self": editing.Patches(faces()), "twins": twins()},
    "editing.Patches.paste": lambda: {"self": editing.Patches(faces()), "twins": twins(), "threshold": 0.3},
    "editing.Portrait": lambda: {"y": Y[:1], "x": X[:1], "z": Z[:1], "redrawn": Y[1:2]},
    "editing.as_conditions": lambda: {"lines": LINES},
    "editing.blank": lambda: {"side": 4},
    "editing.blend": lambda: {"original": Y, "before": Y, "after": -Y, "low": 0.2, "high": 0.5},
    "editing.soft_mask": lambda: {"difference": Y, "low": 0.2, "high": 0.5},
    "editing.colouring_pair": lambda: {"latent_dim": 3, "width": 2, "seed": 1, "device": "cpu"},
    "editing.draw_stroke": lambda: {"lines": LINES[0], "points": [(0.1, 0.2), (0.5, 0.5)], "width": 1.4,
                                    "rub_out": False},
    "editing.edit": lambda: {"generate": editor().generate, "y": Y, "x": X, "new_x": X.flip(0),
                             "z": torch.ones(4, 5), "guesses": 2, "spread": 0.4, "seed": 1},
    "editing.line_scores": lambda: {"pictures": COLOURED, "lines": LINES},
    "editing.load_drawings": lambda: {"split": "test"},
    "editing.read_conditions": lambda: {"judge": _judge(), "y": Y},
    "editing.refine": lambda: {"generate": editor().generate, "x": X, "y": Y, "z": torch.ones(4, 5),
                               "steps": 1, "learning_rate": 0.03, "prior_weight": 0.1},
    "editing.score_edits": lambda: {"pictures": Y.repeat(3, 1, 1, 1), "twins": twins(), "judge": _judge()},
    "editing.seen_before": lambda: {"lines": LINES, "training": LINES},
    "editing.variety": lambda: {"first": COLOURED, "second": -COLOURED, "lines": LINES},
    "widgets.Duel": lambda: {"dataset": "ring", "seed": 1},
    "widgets.Duel.advance": lambda: {"self": _duel(), "rounds": 1},
    "widgets.Duel.draw_stroke": lambda: {"self": _duel(), "stroke": [(0.1, 0.2), (1.0, 1.0)]},
    "widgets.Editor": lambda: {"editor": editor(), "faces": faces(), "number": 1},
    "widgets.Editor.choose": lambda: {"self": _editor(), "hat": "yes"},
    "widgets.Editor.open_bytes": lambda: {"self": _editor(), "content": _png(), "name": "mine"},
    "widgets.Editor.open_file": lambda: {"self": _editor(), "path": _picture_file()},
    "widgets.Editor.save_png": lambda: {"self": _editor(), "path": a_file("edited.png")},
    "widgets.LatentExplorer": lambda: {"model": model(), "directions": {"mine": torch.ones(5)}, "sliders": 2,
                                       "count": 1, "seed": 1},
    "widgets.LatentExplorer.choose": lambda: {"self": explorer(), "hat": "yes"},
    "widgets.LatentExplorer.direction": lambda: {"self": explorer(), "slider": 1},
    "widgets.LatentExplorer.move": lambda: {"self": explorer(), "slider": 1, "offset": 0.5},
    "widgets.LatentExplorer.return_to": lambda: {"self": explorer(), "number": 1},
    "widgets.LatentExplorer.save_gif": lambda: {"self": explorer(), "path": a_file("film.gif")},
    "widgets.LatentExplorer.save_png": lambda: {"self": explorer(), "path": a_file("one.png")},
    "widgets.LatentExplorer.show_path": lambda: {"self": explorer(), "place": 0.5},
    "widgets.PictureSlider": lambda: {
        "draw": _draw, "minimum": -3.0, "maximum": 3.0, "value": 0.5, "step": 0.1, "description": "z[0]",
        "columns": 8, "scale": 2, "alt": "A picture that follows the slider."},
    "widgets.Sketchpad": lambda: {"colourer": colourer(), "drawings": drawings(), "number": 1},
    "widgets.Sketchpad.draw": lambda: {"self": _pad(), "points": [(0.1, 0.2), (0.5, 0.5)], "tool": "pen",
                                       "width": 1.4},
    "widgets.Sketchpad.save_png": lambda: {"self": _pad(), "path": a_file("pad.png")},
    "widgets.Timeline": lambda: {"snapshots": _recorded()},
}  # fmt: skip


def _recorded() -> training.Snapshots:
    made = snapshots()
    made.record(model(), step())
    return made


@cache
def _judge() -> AttributeClassifier:
    return AttributeClassifier(tiny_editor.NAMES, image_size=8, width=4).eval()


def _parts() -> tuple[Any, editing.Encoder, AttributeClassifier]:
    encoder = editing.Encoder(condition_size=5, latent_dim=5, image_size=8, width=4, hidden=8)
    return model(), encoder, _judge()


@cache
def _portrait() -> editing.Portrait:
    return editor().open(faces().images[0])


def _duel() -> Duel:
    return Duel("ring")


@cache
def _editor() -> Editor:
    return Editor(editor(), faces())


@cache
def _pad() -> Sketchpad:
    return Sketchpad(colourer(), drawings())


def _picture_file() -> str:
    from pathlib import Path

    Path(a_file("picture.png")).write_bytes(_png())
    return a_file("picture.png")
