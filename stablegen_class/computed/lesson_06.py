"""Keys and pictures for the questions about the latent space."""

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_lib import data, latent, metrics, plots
from stablegen_lib.stablegen import StableGen


@answer("06-length-of-256")
def typical_length() -> float:
    return float(latent.draw(1000, 256).norm(dim=1).mean())


@answer("06-quarter-of-the-way")
def quarter_of_the_straight_line() -> float:
    ends = 8 * torch.eye(64)[:2]
    return float(latent.lerp(ends[0], ends[1], 0.25).norm())


@answer("06-middle-of-lerp")
def middle_of_the_straight_line() -> str:
    """Sixty walks with the lesson's generator: how near to real faces, and how varied?"""
    model = StableGen.load(data.data_dir() / "weights" / "faces_unconditional", device="cpu")
    real = data.to_unit_range(data.load_faces("validation").images)
    start, end = (latent.draw(60, 64, seed=seed) for seed in (1, 2))
    half = torch.tensor([0.5])
    middles = [model.sample(z=walk(start, end, half)[0]) for walk in (latent.lerp, latent.slerp)]
    straight, turned = (metrics.nearest(faces, real)[0].mean() for faces in middles)
    less, more = (faces.std(dim=0).mean() for faces in middles)
    return "Average faces." if straight < turned and less < more else "Broken pictures."


@answer("06-psi-zero")
def different_z_at_psi_zero() -> float:
    return float(len(torch.unique(latent.truncate(latent.draw(100, 64), 0.0), dim=0)))


@answer("06-sefa-direction")
def most_stretched() -> float:
    return float(latent.factorised_directions(torch.diag(torch.tensor([3.0, 1.0])), count=1)[0, 0].abs())


@answer("06-copies-in-the-tail")
def one_copy_in_fifty() -> str:
    """Random points stand for faces: 50 training points for each generated one."""
    training, held_out, drawn = (
        latent.draw(count, 16, seed=seed) for seed, count in enumerate((2000, 500, 500))
    )
    drawn[::50] = training[:10]
    near, usual = (torch.cdist(points, training).min(dim=1).values for points in (drawn, held_out))
    mean = near.mean() / usual.mean()
    tail = torch.quantile(near, 0.01) / torch.quantile(usual, 0.01)
    if tail < 0.01:
        return "The mean is near 1, the nearest one per cent at 0." if mean > 0.9 else "The mean is near 0."
    return "The mean and the nearest one per cent are both near 1."


def _histogram(lengths: Tensor) -> Figure:
    figure = Figure(figsize=(3.2, 2.4))
    ax = figure.subplots()
    ax.hist(lengths, bins=40, range=(0, 14), color=plots.BLUE)
    ax.set(xlabel="length of z", yticks=[], ylabel="how many z")
    return figure


@picture("06-lengths-near-0", "A histogram of lengths: highest at 0, falling to nothing at 3.")
def near_zero() -> Figure:
    return _histogram(latent.draw(4000, 1).norm(dim=1))


@picture("06-lengths-shell", "A histogram of lengths: one narrow hill at 8.")
def shell() -> Figure:
    return _histogram(latent.draw(4000, 64).norm(dim=1))


@picture("06-lengths-spread", "A histogram of lengths: the same height from 0 to 14.")
def spread() -> Figure:
    return _histogram(14 * torch.rand(4000, generator=torch.Generator().manual_seed(0)))
