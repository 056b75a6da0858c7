"""Diffusion in the plane: a small network that predicts the noise on points, and its training loop."""

import math
from collections.abc import Iterator

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from stablegen_lib.diffusion.schedule import LEVELS, NoiseSchedule
from stablegen_lib.diffusion.steps import add_noise
from stablegen_lib.plumbing.bounds import above, at_least
from stablegen_lib.plumbing.checks import require_input, require_levels
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.stopping import require_finite_loss

WAVES = 8  # how finely the level is told: sines and cosines of this many frequencies


class PointDenoiser(Network):
    """Predicts the noise on points of the plane from the noisy point and the level.

    Args:
        width: Entries of the two hidden layers.
    """

    @door()
    def __init__(self, width: int = 128) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2 + 2 * WAVES, width),
            nn.SiLU(),
            nn.Linear(width, width),
            nn.SiLU(),
            nn.Linear(width, width),
            nn.SiLU(),
            nn.Linear(width, 2),
        )

    def forward(self, x_t: Float[Tensor, "batch 2"], t: Int64[Tensor, " batch"]) -> Float[Tensor, "batch 2"]:
        """The noise that was probably added."""
        require_input("x_t", x_t, None, 2, like=self.layers[0].weight)  # type: ignore[arg-type]
        require_levels(t, len(x_t))
        frequencies = math.pi * 2.0 ** torch.arange(WAVES, device=t.device)
        angles = t[:, None] / LEVELS * frequencies / 2
        noise: Tensor = self.layers(torch.cat([x_t, angles.sin(), angles.cos()], dim=1))
        return noise


@door(steps=at_least(0), learning_rate=above(0))
def train_points(
    model: PointDenoiser,
    schedule: NoiseSchedule,
    points: Float[Tensor, "count 2"],
    *,
    steps: int,
    batch_size: int = 256,
    learning_rate: float | int = 5e-3,
    seed: int = 0,
) -> Iterator[float]:
    """Trains, and yields the loss of each finished step: mean squared error of the noise.

    A network that always says "no noise" has a loss of 1. The rate falls to 0 along a half cosine.

    Args:
        model: Changed in place.
        schedule: Of the noise.
        points: The data; scale them so that their variance is about 1.
        steps: How many.
        batch_size: Points per step, each with a level and noise of its own.
        learning_rate: Of Adam, at the beginning.
        seed: Decides batches, levels and noise.

    Raises:
        TrainingStopped: If the loss is not finite; then the network has not moved.
    """
    random = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for number in range(1, steps + 1):
        x0 = points[torch.randint(len(points), (batch_size,), generator=random)]
        t = torch.randint(len(schedule), (batch_size,), generator=random)
        noise = torch.randn(x0.shape, generator=random)
        predicted = model(add_noise(schedule, x0, noise=noise, t=t), t)
        loss = (predicted - noise).square().mean()
        require_finite_loss(number, "denoiser", loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        decay.step()
        yield loss.item()
