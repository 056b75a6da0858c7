"""Keys and pictures for the questions about data."""

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_lib import data

VALUES = {
    "hat": ("no", "yes"),
    "colour": ("red", "green", "blue", "black", "white"),
    "mood": ("happy", "sad", "calm"),
}


def _random() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@answer("01-mean-of-two-heaps")
def near_a_heap() -> str:
    which = torch.arange(1000) % 2
    points = 2.0 * which - 1 + 0.05 * torch.randn(1000, generator=_random())
    return (
        "None."
        if (points - points.mean()).abs().min() > 0.5
        else "All, because the mean is the typical point."
    )


def _faces() -> Tensor:
    return data.to_unit_range(data.load_faces("validation").images)


@answer("01-closest-of-all")
def smallest_squared_distance() -> str:
    faces = _faces()
    offers = {
        "A training face, chosen by chance.": faces[0],
        "The average of all faces.": faces.mean(dim=0),
        "Middle grey, because it is in the middle of the range.": torch.zeros(3, 16, 16),
    }
    return min(offers, key=lambda name: float((faces - offers[name]).square().mean()))


@answer("01-one-hot-size")
def entries_of_x() -> float:
    names = [f"{attribute}={value}" for attribute, values in VALUES.items() for value in values]
    return float(sum(columns.stop - columns.start for columns in data.condition_groups(names).values()))


@answer("01-byte-to-range")
def one_byte() -> float:
    return float(data.to_unit_range(torch.tensor([204], dtype=torch.uint8)))


@answer("01-white-pictures")
def out_of_reach() -> str:
    """Whether tanh, pulled towards bytes, ends at white."""
    end = torch.full((1, 3, 2, 2), torch.finfo(torch.float32).max).tanh()
    is_white = bool((data.to_bytes(end) == 255).all())
    return "The range of the training pictures." if is_white else "The learning rate."


@answer("01-batch-of-400")
def spread_of_larger_batches() -> float:
    draws = torch.randn(4000, 400, generator=_random())
    small, large = draws[:, :25].mean(dim=1).std(), draws.mean(dim=1).std()
    return round(0.08 * float(large / small), 2)


@picture("01-one-face", "A picture of 16 × 16 pixels with clear edges.")
def one_face() -> Figure:
    return pictures(_faces()[3:4])


@picture("01-noise", "A picture of 16 × 16 pixels in random colours.")
def noise() -> Figure:
    return pictures(2 * torch.rand(1, 3, 16, 16, generator=_random()) - 1)


@picture("01-average", "A picture of 16 × 16 pixels with blurred forms.")
def average() -> Figure:
    return pictures(_faces().mean(dim=0, keepdim=True))
