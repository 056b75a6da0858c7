"""One good call of every public function: the arguments that the walk then spoils, one at a time.

A row makes its arguments anew, since some are changed by the call. ``self`` is the object of a method,
``*`` are arguments without a name. Rows about models, training and widgets stand in `walk_models.py`.
"""

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import tiny
import tiny_editor
import torch
from matplotlib import pyplot
from PIL import Image
from walk_models import MODELS
from walk_prompted import PROMPTED

from stablegen_lib import article, data, diffusion
from stablegen_lib.metrics import AttributeClassifier

mpl.use("agg")
Call = Callable[[], dict[str, Any]]
RECORDS = {  # they hold what the library found
    "article.Claim", "autoencoder.Step", "course.Environment", "data.Skipped", "diffusion.Denoised",
    "editing.EditScores", "editing.LineScores", "latent.Effect", "latent.Inversion",
    "metrics.DensityCoverage",
    "metrics.Report", "stability.ModeScores", "training.DiscriminatorTurn", "training.Snapshot",
    "training.Step",
    "training.TrainingState", "vae.Step", "words.vocabulary.Vocabulary",
}  # fmt: skip
ELSEWHERE = {  # attacked by other tests
    "course.check": "any answer is welcome: tests/course, and the nonsense of tests/lessons",
    "course.exercise": "a decorator for the authors of exercises, not for readers",
    "data.load_folder": "any folder is welcome: tests/data/test_folder.py",
    "words.captions.readable": "takes what `phrases.meant` found",
    **dict.fromkeys(
        ("editing.Colourer.load", "editing.Encoder.load", "autoencoder.Autoencoder.load", "vae.VAE.load",
         "metrics.AttributeClassifier.load", "stablegen.StableGen.load", "training.Snapshots.load",
         "training.resume", "latent_diffusion.PromptRun.resume", "latent_diffusion.PromptedGenerator.load",
         "latent_diffusion.load", "latent_diffusion.forget_origin"),
        "opens files: tests/plumbing/test_damage.py",
    ),
}  # fmt: skip


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def pixels(*shape: int, seed: int = 0) -> torch.Tensor:
    return 1.8 * torch.rand(shape, generator=torch.Generator().manual_seed(seed)) - 0.9


def axes() -> Any:
    pyplot.close("all")
    return pyplot.figure().add_subplot()


def folder() -> Path:
    return Path(_folder().name)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="stablegen-walk-")


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


@cache
def judge() -> AttributeClassifier:
    torch.manual_seed(0)
    return AttributeClassifier(tiny_editor.NAMES, image_size=8, width=4).eval()


def faces() -> data.ImageSet:
    return tiny_editor.faces(count=12)


def asked() -> torch.Tensor:
    """Conditions of the tiny faces, several kinds of them."""
    x = torch.zeros(12, 5)
    x[torch.arange(12), torch.arange(12) % 2] = 1
    x[torch.arange(12), 2 + torch.arange(12) % 3] = 1
    return x


def schedule() -> diffusion.NoiseSchedule:
    return diffusion.NoiseSchedule.linear(levels=10)


def noised(*names: str, **more: Any) -> Call:
    return lambda: {"schedule": schedule(), **{n: normal(3, 2, seed=i) for i, n in enumerate(names)}, **more}


FACES = ("hat=no", "hat=yes", "hair=short", "hair=long")
WORDS = {"hat": "yes", "hair": "short"}
YARD = {"training": lambda: _distinct(0), "reference": lambda: _distinct(1), "other": lambda: _distinct(2)}


def _distinct(seed: int) -> data.ImageSet:
    made = tiny_editor.faces(count=12, seed=seed)
    return data.ImageSet(made.images, asked(), made.condition_names, "tiny")


CALLS: dict[str, Call] = {
    **MODELS,
    **PROMPTED,
    "article.load_claims": lambda: {"path": data.data_dir() / "article" / "claims.csv"},
    "article.count": lambda: {"claims": article.load_claims()[:3]},
    "article.table": lambda: {"claims": article.load_claims()[:3]},
    "plots.LiveFigure": lambda: {"alt": "Two losses that fall, then settle.", "seconds": 0.5},
    "plots.LiveFigure.update": lambda: {"self": _live(), "figure": axes(), "force": True},
    "plots.heat_map": lambda: {"ax": axes(), "function": lambda at: at[:, 0].sigmoid(),
                               "extent": (-1.0, 1.0, -1.0, 1.0), "resolution": 4},
    "plots.loss_curves": lambda: {"ax": axes(), "steps": [1, 2, 3], "discriminator": normal(3),
                                  "generator": [0.1, 0.2, 0.3], "smoothing": 2},
    "plots.points": lambda: {"ax": axes(), "real": normal(4, 2), "generated": normal(3, 2)},
    "plots.show": lambda: {"figure": axes(), "alt": "Two losses that fall, then settle."},
    "plots.show_images": lambda: {"images": pixels(3, 3, 4, 4), "ax": axes(), "columns": 2, "title": "three"},
    "plots.to_gif": lambda: {"pictures": [png(), png()], "milliseconds": 80},
    "plots.to_grid": lambda: {"images": pixels(3, 3, 4, 4), "columns": 2, "padding": 1},
    "plots.to_png": lambda: {"images": pixels(3, 1, 4, 4), "columns": 2, "scale": 2, "padding": 1},
    "data.ByAttribute": lambda: {"entries": {"hat": 1, "hairColor": 2}},
    "data.ByAttribute.get": lambda: {"self": data.ByAttribute({"hat": 1}), "name": "hat", "default": None},
    "data.ImageSet": lambda: {"images": faces().images, "conditions": faces().conditions,
                              "condition_names": tiny_editor.NAMES, "name": "tiny",
                              "attributes": {"hat": ("no",) * 12}, "skipped": ()},
    "data.ImageSet.condition": lambda: {"self": faces(), "hat": "yes"},
    "data.PointSet": lambda: {"points": normal(4, 2), "centres": normal(2, 2), "standard_deviation": 0.1,
                              "name": "four"},
    "data.Twins": lambda: {"originals": faces(), "edited": faces(), "edits": ("hat no->yes",) * 12,
                           "persons": torch.arange(12)},
    "data.Twins.of": lambda: {"self": _twins(), "edit": "hat no->yes"},
    "data.attribute_words": lambda: {"name": "hairColor"},
    "data.condition_groups": lambda: {"condition_names": FACES},
    "data.condition_values": lambda: {"condition_names": FACES},
    "data.condition_words": lambda: {"name": "hat=yes"},
    "data.value_words": lambda: {"attribute": "hairColor", "value": "#bd1700"},
    "data.grid": lambda: {"side": 2, "samples": 5, "spacing": 2.0, "standard_deviation": 0.1, "seed": 1},
    "data.ring": lambda: {"count": 2, "samples": 5, "radius": 2.0, "standard_deviation": 0.1, "seed": 1},
    "data.load_digits": lambda: {"split": "test"},
    "data.load_faces": lambda: {"split": "test"},
    "data.load_peeps": lambda: {"split": "test"},
    "data.load_peeps_lines": lambda: {"split": "test"},
    "data.load_portraits": lambda: {"split": "test"},
    "data.replace_attribute": lambda: {"conditions": asked()[:, :4], "condition_names": FACES,
                                       "attribute": "hat", "value": "yes"},
    "data.to_bytes": lambda: {"images": pixels(2, 3, 4, 4)},
    "data.to_unit_range": lambda: {"images": faces().images},
    "log_loss.discriminator_loss": lambda: {"real_logits": normal(4), "fake_logits": normal(4)},
    "log_loss.non_saturating_loss": lambda: {"fake_logits": normal(4)},
    "log_loss.minimax_loss": lambda: {"fake_logits": normal(4)},
    "log_loss.relativistic_loss": lambda: {"winner_logits": normal(4), "loser_logits": normal(4, seed=1)},
    "log_loss.article_loss": lambda: {"logits": normal(4)},
    "log_loss.cross_entropy": lambda: {"logits": normal(4), "labels": torch.ones(4)},
    "latent.arithmetic": lambda: {"plus": [normal(3, 5), normal(2, 5)], "minus": [normal(4, 5)]},
    "latent.attribute_direction": lambda: {"z": normal(8, 3), "labels": torch.arange(8) < 4},
    "latent.draw": lambda: {"count": 3, "latent_dim": 5, "seed": 1},
    "latent.effect": lambda: {"generate": torch.sin, "direction": normal(3), "distance": 2.0, "count": 8,
                              "measure": lambda made: {"first": made[:, 0], "second": made[:, 1]}, "seed": 1},
    "latent.factorised_directions": lambda: {"weight": normal(6, 4), "count": 2},
    "latent.invert": lambda: {"generate": torch.tanh, "target": pixels(5), "latent_dim": 5, "starts": 2,
                              "steps": 2, "learning_rate": 0.05, "prior_weight": 0.1, "seed": 1,
                              "progress": iter},
    "latent.lerp": lambda: {"start": normal(2, 5), "end": normal(2, 5, seed=1), "fraction": 0.5},
    "latent.slerp": lambda: {"start": normal(2, 5), "end": normal(2, 5, seed=1),
                             "fraction": torch.tensor([0.2, 0.5])},
    "latent.path": lambda: {"points": normal(3, 5), "frames": 7, "how": "slerp", "closed": True},
    "latent.pca_directions": lambda: {"activations": torch.sin, "latent_dim": 4, "count": 2, "samples": 20,
                                      "seed": 1},
    "latent.soft_conditions": lambda: {"logits": normal(3, 4),
                                       "groups": {"a": slice(0, 2), "b": slice(2, 4)}},
    "latent.step_lengths": lambda: {"samples": normal(3, 4)},
    "latent.truncate": lambda: {"z": normal(3, 5), "psi": 0.5, "mean": normal(5)},
    "stability.divergence": lambda: {"counts": torch.tensor([3, 4, 5]), "shares": torch.full((3,), 1 / 3)},
    "stability.flow": lambda: {"start": normal(2), "times": torch.arange(3.0), "gamma": 0.5},
    "stability.flow_eigenvalues": lambda: {"gamma": 0.5},
    "stability.mode_scores": lambda: {"samples": normal(9, 2), "centres": normal(3, 2),
                                      "standard_deviation": 0.5, "least": 1},
    "stability.r1_penalty": lambda: {"critic": lambda made: made.sum(dim=1), "samples": normal(4, 2)},
    "stability.r2_penalty": lambda: {"critic": lambda made: made.sum(dim=1), "samples": normal(4, 2)},
    "stability.slope_penalty": lambda: {"critic": lambda made: made.sum(dim=1), "samples": normal(4, 2)},
    "stability.reverse_kl": lambda: {"samples": normal(9, 2), "centres": normal(3, 2),
                                     "shares": torch.full((3,), 1 / 3)},
    "stability.simulate": lambda: {"start": normal(2), "steps": 2, "rate": 0.1, "gamma": 0.5,
                                   "turns": "simultaneous", "loss": "minimax"},
    "stability.spread_ratio": lambda: {"generated": normal(4, 3), "real": normal(5, 3)},
    "metrics.agreement": lambda: {"verdict": {"hat": torch.arange(4) < 2, "hair": torch.arange(4) < 3}},
    "metrics.density_coverage": lambda: {"real": normal(9, 3), "generated": normal(8, 3), "neighbours": 2},
    "metrics.frechet_distance": lambda: {"real": normal(9, 3), "other": normal(8, 3)},
    "metrics.kernel_distance": lambda: {"real": normal(9, 3), "other": normal(8, 3)},
    "metrics.features": lambda: {"classifier": judge(), "images": pixels(3, 3, 8, 8)},
    "metrics.gradient_energy": lambda: {"images": pixels(3, 3, 8, 8)},
    "metrics.memorisation_ratio": lambda: {"images": pixels(3, 3, 8, 8),
                                           "training": pixels(4, 3, 8, 8, seed=1), "held_out": pixels(5, 3, 8, 8, seed=2), "usual": 1.0},
    "metrics.nearest": lambda: {"samples": normal(3, 4), "among": normal(5, 4)},
    "metrics.obeyed": lambda: {"classifier": judge(), "images": pixels(12, 3, 8, 8), "conditions": asked()},
    "metrics.only": lambda: {"images": faces(), "*": ("hat",)},
    "metrics.permuted": lambda: {"conditions": asked(), "seed": 1},
    "metrics.relative_sharpness": lambda: {"images": pixels(3, 3, 8, 8), "real": pixels(4, 3, 8, 8)},
    "metrics.same_condition_pairs": lambda: {"conditions": asked()},
    "metrics.same_condition_spread": lambda: {"images": pixels(12, 3, 8, 8), "conditions": asked()},
    "metrics.report": lambda: {"images": pixels(12, 3, 8, 8), "conditions": asked(), "judge": judge(),
                               **{name: make() for name, make in YARD.items()}, "same": ("hat",)},
    "metrics.Yardstick": lambda: {"judge": judge(), **{name: make() for name, make in YARD.items()},
                                  "same": ("hat",)},
    "metrics.Yardstick.report": lambda: {"self": _yardstick(), "images": pixels(12, 3, 8, 8),
                                         "conditions": asked()},
    "augmentation.Classical": lambda: {"shift": 1, "mirror": True, "brightness": 0.1, "colour": 0.1,
                                       "noise": 0.1},
    "augmentation.Classical.__call__": lambda: {"self": _classical(), "images": pixels(3, 3, 8, 8),
                                                "random": torch.Generator().manual_seed(0)},
    "augmentation.with_only": lambda: {"images": faces(), "*": ("hat",)},
    "augmentation.choose": lambda: {"images": faces(), "count": 3, "seed": 1},
    "augmentation.joined": lambda: {"*": (faces(), faces())},
    "augmentation.generated_examples": lambda: {"model": tiny.model(faces()), "conditions": asked(),
                                                "condition_names": tiny_editor.NAMES, "seed": 1},
    "augmentation.labelled_by": lambda: {"classifier": judge(), "images": faces(), "confidence": 0.1},
    "augmentation.train_classifier": lambda: {"examples": faces(), "extra": faces(), "share": 0.5,
                                              "augment": _classical(), "weights": torch.ones(12), "steps": 2,
                                              "seed": 1},
    "augmentation.accuracy": lambda: {"classifier": judge(), "images": faces(), "attribute": "hat"},
    "augmentation.group_numbers": lambda: {"images": faces(), "*": ("hat",)},
    "words.captions.caption": lambda: {"values": WORDS},
    "words.captions.random_caption": lambda: {"values": WORDS, "random": torch.Generator().manual_seed(0),
                                              "kept": 0.7},
    "words.captions.values_of": lambda: {"conditions": asked()[:, :4], "condition_names": FACES},
    "words.captions.captions": lambda: {"conditions": asked()[:, :4], "condition_names": FACES},
    "words.captions.asked": lambda: {"prompt": "dark glasses"},
    "words.captions.obeys": lambda: {"prompts": ["a hat", "no hat"], "logits": normal(2, 4),
                                     "condition_names": FACES},
    "words.captions.unknown_words": lambda: {"prompt": "a purple hat"},
    "words.prompts.wishes": lambda: {"prompt": "dark glasses"},
    "words.prompts.conditions": lambda: {"prompt": "a hat", "people": _people(), "count": 3, "seed": 1},
    "words.byte_pairs.learn_merges": lambda: {"words": ["hat", "hair"]},
    "words.byte_pairs.split": lambda: {"word": "hats", "merges": [("h", "a")]},
    "words.byte_pairs.vocabulary": lambda: {"merges": [("h", "a")], "marks": ","},
    "words.vocabulary.spoken": lambda: {"phrase": "a hat"},
    "words.vocabulary.vocabulary_of": lambda: {"condition_names": FACES},
    "diffusion.NoiseSchedule": lambda: {"alpha_bar": torch.tensor([0.9, 0.5, 0.1])},
    "diffusion.NoiseSchedule.cosine": lambda: {"levels": 10},
    "diffusion.NoiseSchedule.linear": lambda: {"first": 0.1, "last": 0.2, "levels": 10},
    "diffusion.NoiseSchedule.factors": lambda: {"self": schedule(), "t": torch.arange(3),
                                                "like": normal(3, 2)},
    "diffusion.add_noise": noised("x0", "noise", t=torch.arange(3)),
    "diffusion.ddim_step": noised("x0", "noise", to=2),
    "diffusion.ddpm_step": noised("x_t", "x0", "fresh", t=3, to=2),
    "diffusion.from_velocity": noised("x_t", "v", t=3),
    "diffusion.noise_from_x0": noised("x_t", "x0", t=3),
    "diffusion.velocity": noised("x0", "noise", t=torch.arange(3)),
    "diffusion.x0_from_noise": noised("x_t", "noise", t=3),
    "diffusion.visited_levels": lambda: {"schedule": schedule(), "steps": 3},
    "diffusion.guided": lambda: {"prompted": normal(3, 2), "unprompted": normal(3, 2, seed=1), "scale": 1.5},
    "diffusion.denoise": lambda: {"schedule": schedule(), "predict_noise": lambda x, t: x, "steps": 2,
                                  "start": normal(3, 2), "random": torch.Generator().manual_seed(0)},
}  # fmt: skip


def _live() -> Any:
    from stablegen_lib.plots import LiveFigure

    return LiveFigure(alt="Two losses that fall, then settle.")


def _classical() -> Any:
    from stablegen_lib.augmentation import Classical

    return Classical()


@cache
def _yardstick() -> Any:
    from stablegen_lib.metrics import Yardstick

    return Yardstick(judge(), **{name: make() for name, make in YARD.items()})


def _twins() -> data.Twins:
    return data.Twins(faces(), faces(), ("hat no->yes",) * 12, torch.arange(12))


def _people() -> data.ImageSet:
    return data.ImageSet(faces().images, asked()[:, :4], FACES, "people")
