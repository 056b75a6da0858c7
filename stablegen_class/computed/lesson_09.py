"""Keys and pictures for the questions about editing."""

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_lib import data, editing, latent
from stablegen_lib.stablegen import StableGen


@answer("09-half-a-mask")
def blended_pixel() -> float:
    """The colours of a pixel that differ by as much as gives a mask of a quarter."""
    y, after = torch.full((1, 3, 1, 1), 0.8), torch.full((1, 3, 1, 1), -0.2)
    quarter = editing.LOW + 0.25 * (editing.HIGH - editing.LOW)
    return float(editing.blend(y, after - quarter, after).mean())


@answer("09-ramp")
def mask_of_one_pixel() -> float:
    return float(editing.soft_mask(torch.tensor([0.1, 0.35, 0.05]).view(1, 3, 1, 1), 0.2, 0.5))


@answer("09-average-patch")
def mean_of_ten_hats() -> str:
    """Ten random pictures stand for hats; each of them is equally likely to be the twin's."""
    hats = latent.draw(10, 100)
    one = (hats[:, None] - hats).square().mean()
    mean = (hats - hats.mean(dim=0)).square().mean()
    return "The second." if mean < one else "The first, because it can be exactly right."


def _mask(**wish: str) -> Figure:
    """Where the shipped generator changes a plain face when it is asked for this."""
    faces = data.load_faces("validation")
    generator = StableGen.load(data.data_dir() / "weights" / "faces", device="cpu")
    plain, asked = faces.condition(glasses="none", hat="no"), faces.condition(**wish)
    before, after = generator.sample(
        conditions=torch.stack([plain, asked]), z=latent.draw(1, 64).expand(2, -1)
    )
    return _mask_picture(editing.soft_mask((after - before)[None]))


def _mask_picture(mask: Tensor) -> Figure:
    return pictures(2 * mask - 1)


@picture("09-mask-hat", "A mask of 16 × 16 pixels, white mostly in the upper third.")
def mask_of_a_hat() -> Figure:
    return _mask(glasses="none", hat="yes")


@picture("09-mask-glasses", "A mask of 16 × 16 pixels, white mostly in a band across the middle.")
def mask_of_glasses() -> Figure:
    return _mask(glasses="dark", hat="no")


@picture("09-mask-all", "A mask of 16 × 16 pixels, white everywhere.")
def mask_of_everything() -> Figure:
    return _mask_picture(torch.ones(1, 1, 16, 16))
