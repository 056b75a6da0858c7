"""Keys and pictures for the questions about the first steps."""

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_lib import data, latent
from stablegen_lib.stablegen import StableGen

WISHES = (
    {"glasses": "none", "hat": "no"},
    {"glasses": "dark", "hat": "no"},
    {"glasses": "none", "hat": "yes"},
    {"glasses": "none", "hat": "no", "hair": "long", "hair_colour": "red"},
)


@answer("00-random-rows")
def rows_of_random_numbers() -> float:
    return float(torch.randn(20, 64).numel())


@answer("00-larger-picture")
def numbers_in_a_picture() -> float:
    return float(data.load_peeps("test").images[0].numel())  # 32 × 32 pixels in colour


def _row(*, changes_x: bool, changes_z: bool) -> Figure:
    model = StableGen.load(data.data_dir() / "weights" / "faces", device="cpu")
    faces = data.load_faces("validation")
    x = torch.stack([faces.condition(**wish) for wish in WISHES])
    z: Tensor = latent.draw(4, model.latent_dim, seed=5)
    images = model.sample(
        conditions=x if changes_x else x[:1].expand(4, -1), z=z if changes_z else z[:1].expand(4, -1)
    )
    return pictures(images, columns=4)


@picture("00-row-other-z", "Four faces without glasses and hat; their clothes and eyes differ.")
def other_z() -> Figure:
    return _row(changes_x=False, changes_z=True)


@picture("00-row-other-x", "Four faces in the same clothes: plain, dark glasses, a hat, long red hair.")
def other_x() -> Figure:
    return _row(changes_x=True, changes_z=False)


@picture("00-row-both", "Four faces in four kinds of clothes: plain, dark glasses, a hat, long red hair.")
def both() -> Figure:
    return _row(changes_x=True, changes_z=True)
