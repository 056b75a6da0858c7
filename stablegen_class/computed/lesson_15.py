"""Keys and pictures for the questions about one's own pictures."""

import torch
from matplotlib.figure import Figure

from stablegen_class.computed import answer, picture
from stablegen_lib import data, plots
from stablegen_lib.course.exercises import gaps_15


@answer("15-kept")
def kept() -> float:
    places = torch.tensor([[0.0], [0], [3], [3], [3], [5], [8], [8], [9]])
    return float(gaps_15.is_new(torch.cdist(places, places), 0.1).sum())


@answer("15-views")
def views() -> float:
    return 1500 * 32 / 160


@answer("15-variety")
def variety_of_one_picture() -> str:
    real = data.to_unit_range(data.load_digits("test").images[:50])
    return f"exactly {gaps_15.variety(real[:1].repeat(50, 1, 1, 1), real):.0f}"


def _distances(seed: int, count: int = 4000) -> torch.Tensor:
    return 1 + torch.rand(count, generator=torch.Generator().manual_seed(seed))


@answer("15-usual-share")
def usual_share() -> float:
    return float(gaps_15.suspects(_distances(0), _distances(1)))


@answer("15-quarter-copied")
def quarter_copied() -> float:
    drawn = _distances(0)
    drawn[::4] = 0
    return float(gaps_15.suspects(drawn, _distances(1)))


@answer("15-letters")
def letters() -> float:
    return 600_000 * 2 * 4 / 3 / 1e6


def _curve(heights: torch.Tensor) -> Figure:
    figure = Figure(figsize=(3.0, 2.2))
    ax = figure.subplots()
    ax.plot(torch.linspace(0, 2000, len(heights)), heights, color=plots.ORANGE)
    ax.axhline(1, color=plots.BLUE, linestyle="--")
    ax.set(xlabel="step", ylabel="variety", ylim=(0, 1.3))
    figure.tight_layout()
    return figure


@picture("15-rising", "A curve that begins at 0.2, rises to 0.9 and stays there.")
def rising() -> Figure:
    return _curve(0.9 - 0.7 * torch.exp(-torch.linspace(0, 6, 60)))


@picture("15-falling", "A curve that rises to 0.7, then sinks to 0.05 and stays there.")
def falling() -> Figure:
    way = torch.linspace(0, 6, 60)
    return _curve(0.05 + 1.8 * way * torch.exp(-1.1 * way))


@picture("15-restless", "A curve that goes up and down between 0.6 and 1.0.")
def restless() -> Figure:
    return _curve(0.8 + 0.2 * torch.sin(torch.linspace(0, 24, 60)))
