"""Small objects for the good calls of `walk_calls.py`: everything that takes milliseconds."""

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
from torch import Tensor

from stablegen_lib import autoencoder, data, diffusion, editing, training, vae
from stablegen_lib.augmentation import Classical
from stablegen_lib.metrics import AttributeClassifier, Yardstick
from stablegen_lib.plots import LiveFigure
from stablegen_lib.training.batches import Batches
from stablegen_lib.widgets import Duel, Editor, LatentExplorer, Sketchpad

mpl.use("agg")
Rows = dict[str, Callable[[], dict[str, Any]]]
FACES = ("hat=no", "hat=yes", "hair=short", "hair=long")
WORDS = {"hat": "yes", "hair": "short"}
SIZES = {"condition_size": 5, "latent_dim": 3, "image_size": 8, "channels": 3, "width": 4}
JUDGED = {"condition_size": 5, "image_size": 8, "channels": 3, "width": 4}
X, Z = torch.eye(5)[:4], torch.linspace(-1, 1, 12).reshape(4, 3)
Y = torch.linspace(-0.9, 0.9, 4 * 3 * 64).reshape(4, 3, 8, 8)
POINTS = torch.linspace(-1, 1, 8).reshape(4, 2)
LINES = torch.where(torch.arange(4 * 1024).reshape(4, 1, 32, 32) % 7 > 1, 1.0, -1.0)
COLOURED = torch.linspace(-0.9, 0.9, 4 * 3 * 1024).reshape(4, 3, 32, 32)

# Numbers and files.


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def pixels(*shape: int, seed: int = 0) -> Tensor:
    return 1.8 * torch.rand(shape, generator=torch.Generator().manual_seed(seed)) - 0.9


def schedule() -> diffusion.NoiseSchedule:
    return diffusion.NoiseSchedule.linear(levels=10)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="stablegen-walk-")


def a_file(name: str) -> str:
    return str(Path(_folder().name) / name)


def axes() -> Any:
    pyplot.close("all")
    return pyplot.figure().add_subplot()


def live() -> LiveFigure:
    return LiveFigure(alt="Two losses that fall, then settle.")


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


def picture_file() -> str:
    Path(a_file("picture.png")).write_bytes(png())
    return a_file("picture.png")


# Sets of pictures.


def faces() -> data.ImageSet:
    return tiny_editor.faces(count=12)


def asked() -> Tensor:
    """Conditions of the tiny faces, several kinds of them."""
    x = torch.zeros(12, 5)
    x[torch.arange(12), torch.arange(12) % 2] = 1
    x[torch.arange(12), 2 + torch.arange(12) % 3] = 1
    return x


def distinct(seed: int) -> data.ImageSet:
    made = tiny_editor.faces(count=12, seed=seed)
    return data.ImageSet(made.images, asked(), made.condition_names, "tiny")


def crowds() -> dict[str, data.ImageSet]:
    return {name: distinct(seed) for seed, name in enumerate(("training", "reference", "other"))}


def people() -> data.ImageSet:
    return data.ImageSet(faces().images, asked()[:, :4], FACES, "people")


def drawings() -> data.ImageSet:
    return data.ImageSet(data.to_bytes(LINES), torch.zeros(4, 0), (), "drawings")


def twins() -> data.Twins:
    return data.Twins(faces(), tiny_editor.faces(count=12, seed=1), ("hat no->yes",) * 12, torch.arange(12))


# Networks, and what is made of them.


def model() -> Any:
    return tiny.model(faces())


@cache
def judge() -> AttributeClassifier:
    torch.manual_seed(0)
    return AttributeClassifier(tiny_editor.NAMES, image_size=8, width=4).eval()


@cache
def yardstick() -> Yardstick:
    return Yardstick(judge(), **crowds())


def classical() -> Classical:
    return Classical()


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
    made = tiny_editor.make_editor()
    made.encoder.eval()
    return made


def editor_parts() -> dict[str, Any]:
    encoder = editing.Encoder(condition_size=5, latent_dim=5, image_size=8, width=4, hidden=8)
    return {"model": model(), "encoder": encoder, "judge": judge()}


@cache
def portrait() -> editing.Portrait:
    return editor().open(faces().images[0])


def run() -> dict[str, Any]:
    made, recipe = model(), tiny.recipe()
    batches = Batches(made, faces(), torch.contiguous_format)
    return {"model": made, "batches": batches, "state": training.start(made, recipe)}


@cache
def step() -> training.Step:
    return next(iter(training.train(model(), faces(), steps=1, recipe=tiny.recipe())))


def snapshots() -> training.Snapshots:
    return training.Snapshots(conditions=X)


def recorded() -> training.Snapshots:
    made = snapshots()
    made.record(model(), step())
    return made


# Widgets.


@cache
def duel() -> Duel:
    return Duel("ring")


@cache
def face_editor() -> Editor:
    return Editor(editor(), faces())


@cache
def pad() -> Sketchpad:
    return Sketchpad(colourer(), drawings())


@cache
def explorer() -> LatentExplorer:
    made = LatentExplorer(model(), sliders=2)
    made.keep()
    made.randomise()
    made.keep()
    return made


def slid(value: float) -> Tensor:
    return torch.full((1, 3, 4, 4), value / 10)
