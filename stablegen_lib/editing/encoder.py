"""E(x, y): a network that looks at a picture and its condition and guesses z, so that G(x, z) redraws it."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.latent.inversion import descend
from stablegen_lib.plumbing.bounds import above, at_least
from stablegen_lib.plumbing.checks import require_input, require_pictures, require_same_shape, require_values
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.doors import door
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

    @door(condition_size=at_least(0))
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
        if image_size % 4 or channels not in (1, 3):
            raise ValueError("an image_size that 4 divides, and 1 or 3 channels, were needed; "
                             f"{image_size} and {channels} came.")  # fmt: skip
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
        side, weight = self.blueprint["image_size"], self.guess[0].weight
        require_input("y", y, None, self.blueprint["channels"], side, side, like=weight)  # type: ignore[arg-type]
        require_input("x", x, len(y), self.blueprint["condition_size"], like=weight)  # type: ignore[arg-type]
        if not self.training:
            require_pictures("y", y)
            require_values("x", x)
        z: Tensor = self.guess(torch.cat([self.look(y), x], dim=1))
        return z


@door(steps=at_least(0), learning_rate=above(0))
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
        ValueError: If no gradient comes through, or G makes pictures of another size.
    """
    with torch.no_grad():
        require_same_shape(y=y, redrawn=generate(x, z))
    moved, _ = descend(
        lambda z: (generate(x, z) - y).flatten(1).square().mean(dim=1),
        z,
        steps=steps,
        learning_rate=learning_rate,
        prior_weight=prior_weight,
    )
    return moved
