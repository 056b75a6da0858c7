"""E(x, y): a network that looks at a picture and its condition and guesses z, so that G(x, z) redraws it."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.latent.inversion import descend
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.stored import Stored

Generate = Callable[[Tensor, Tensor], Tensor]  # (x, z) -> pictures, and gradients come through


class Encoder(Stored, Network):
    """Guesses the z of a picture in one step, where a search needs hundreds.

    Convolutions look at the picture, linear layers see their findings beside x. z is asked only
    for what x does not say already.

    Args:
        condition_size: Length K of the condition.
        latent_dim: Length of z.
        image_size: Side in pixels; a multiple of 4.
        channels: 3 for colour, 1 for grey.
        width: Feature maps of the first layer.
        hidden: Units of the linear layers.
    """

    KIND, FORMAT = "encoder", "stablegen-encoder-1"
    FROZEN = True

    def __init__(
        self,
        *,
        condition_size: int,
        latent_dim: int,
        image_size: int,
        channels: int = 3,
        width: int = 48,
        hidden: int = 320,
    ) -> None:
        super().__init__()
        self.blueprint = {"condition_size": condition_size, "latent_dim": latent_dim,
                          "image_size": image_size, "channels": channels, "width": width,
                          "hidden": hidden}  # fmt: skip
        self.look = nn.Sequential(
            nn.Conv2d(channels, width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 2 * width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        seen = 2 * width * (image_size // 4) ** 2
        self.guess = nn.Sequential(
            nn.Linear(seen + condition_size, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, latent_dim),
        )

    def forward(
        self, x: Float[Tensor, "batch condition"], y: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch latent"]:
        """Latent vectors for pictures y in [-1, 1] under the conditions x that they show."""
        z: Tensor = self.guess(torch.cat([self.look(y), x], dim=1))
        return z


def refine(
    generate: Generate,
    x: Float[Tensor, "count condition"],
    y: Float[Tensor, "count channel height width"],
    z: Float[Tensor, "count latent"],
    *,
    steps: int = 30,
    learning_rate: float = 0.03,
    prior_weight: float | int = 1e-3,
) -> Float[Tensor, "count latent"]:
    """Moves each z downhill so that G(x, z) comes nearer to its picture: inversion from a good start.

    The same search as ``latent.invert``, for many pictures side by side, each from one start.

    Args:
        generate: G(x, z). Call the network itself, so that gradients come through.
        x: What the pictures show.
        y: The pictures, in [-1, 1].
        z: Where to start, e.g. what an encoder guessed.
        steps: Steps of Adam; 0 leaves z as it is.
        learning_rate: Of Adam, in units of z.
        prior_weight: How much a long z costs, per unit of its mean square.

    Raises:
        ValueError: If no gradient comes through, or the steps are negative.
    """
    if steps < 0:
        raise ValueError(f"0 steps or more were needed, and {steps} came.")
    moved, _ = descend(
        lambda z: (generate(x, z) - y).flatten(1).square().mean(dim=1),
        z,
        steps=steps,
        learning_rate=learning_rate,
        prior_weight=prior_weight,
    )
    return moved
