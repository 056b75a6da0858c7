"""Keys and pictures for the questions about the autoencoder with a judge."""

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_experiments.records import read_records
from stablegen_lib import autoencoder, data
from stablegen_lib.autoencoder import Autoencoder


@answer("12-numbers-saved")
def fewer_numbers() -> float:
    """The library's autoencoder, with as many halvings as the question needs."""
    model = Autoencoder(halvings=3, width=8)
    y = torch.zeros(1, 3, 256, 256)
    return y.numel() / model.encode(y)[0].numel()


@answer("12-patch-size")
def width_of_a_patch() -> float:
    """How many pixels move one verdict in the middle."""
    layers = nn.Sequential(nn.Conv2d(1, 1, 4, 2, 1), nn.Conv2d(1, 1, 4, 2, 1), nn.Conv2d(1, 1, 3, 1, 1))
    y = torch.zeros(1, 1, 64, 64, requires_grad=True)
    for layer in layers.parameters():
        nn.init.ones_(layer)
    (slope,) = torch.autograd.grad(layers(y)[0, 0, 8, 8], y)
    return float((slope[0, 0] != 0).any(dim=0).sum())


@answer("12-loud-judge")
def larger_pixels() -> str:
    w = torch.tensor([0.3, -0.8], requires_grad=True)
    reconstruction, adversarial = w.square().sum(), w.sum()
    once, later = (
        autoencoder.adaptive_weight(
            reconstruction_loss=factor * reconstruction, adversarial_loss=adversarial, last_layer=w
        )
        for factor in (1, 100)
    )
    change = round(float(later / once))
    return {1: "It stays as it is.", 100: "It becomes 100 times as large."}[change]


@answer("12-price-of-edges")
def with_a_judge() -> str:
    """The stored runs: three seeds with a judge and three without."""
    runs = read_records(data.data_dir() / "experiments" / "autoencoder.jsonl")
    plain, judged = ([run for run in runs if run["variant"] == name] for name in ("without", "with"))
    sharper = min(run["sharpness"] for run in judged) > max(run["sharpness"] for run in plain)
    dearer = min(run["error"] for run in judged) > max(run["error"] for run in plain)
    return f"{'Sharper' if sharper else 'Softer'} edges, and a {'higher' if dearer else 'lower'} pixel error."


def _edges() -> Tensor:
    """Three pictures of 16 × 16 pixels: dark on the left, bright from column 7, 8 or 9 on."""
    columns = torch.arange(16)
    rows = torch.stack([torch.where(columns < first, -0.8, 0.8) for first in (7, 8, 9)])
    return rows[:, None, None].expand(-1, 3, 16, -1)


@picture("12-edge-sharp", "Dark on the left, bright on the right, a sharp edge in the middle.")
def sharp() -> Figure:
    return pictures(_edges()[1:2])


@picture("12-edge-soft", "Dark on the left, bright on the right, a few steps of grey between.")
def soft() -> Figure:
    return pictures(_edges().mean(dim=0, keepdim=True))


@picture("12-edge-none", "One even grey.")
def none() -> Figure:
    return pictures(torch.zeros(1, 3, 16, 16))
