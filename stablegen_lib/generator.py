"""G(x, z) = f(x, z): from a condition x and a latent vector z to a sample.

Lesson 02 walks through the layers one by one.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.plumbing.bounds import FREE, at_least
from stablegen_lib.plumbing.checks import require_input
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.layers import HIDDEN, double, hidden_layers, sides


class Generator(Network):
    """Turns a condition and a latent vector into an image.

    Two linear layers lay out small feature maps (8×8 for most sizes); each transposed
    convolution doubles their side; the last convolution mixes them into colours, and tanh
    keeps those in [-1, 1].

    Args:
        condition_size: Length K of the condition; 0 for a generator without one.
        latent_dim: Length of z, which is drawn from a standard normal distribution.
        image_size: Side of the image in pixels: 8, 16, 28, 32 or 64.
        channels: 3 for colour, 1 for grey.
        width: Feature maps at the smallest side (half as many above); time grows with its square.

    Raises:
        ValueError: If a size is not one of those above.

    Source:
        Radford, Metz, Chintala 2015, arXiv:1511.06434 (DCGAN), section 3, for transposed
        convolutions and tanh; without its batch normalisation.
    """

    @door(condition_size=at_least(0), image_size=FREE, channels=FREE)
    def __init__(
        self, *, condition_size: int, latent_dim: int, image_size: int, channels: int = 3, width: int = 64
    ) -> None:
        super().__init__()
        smallest, doublings = sides(image_size=image_size, channels=channels, width=width)
        half = width // 2
        self.latent_dim = latent_dim
        self.start = nn.Sequential(
            nn.Linear(condition_size + latent_dim, HIDDEN * width),
            nn.LeakyReLU(0.2),
            nn.Linear(HIDDEN * width, width * smallest**2),
            nn.LeakyReLU(0.2),
            nn.Unflatten(1, (width, smallest, smallest)),
        )
        self.grow = nn.Sequential(*[double(half if level else width, half) for level in range(doublings)])
        self.colour = nn.Sequential(nn.Conv2d(half, channels, 3, padding=1), nn.Tanh())

    def forward(
        self, x: Float[Tensor, "batch condition"], z: Float[Tensor, "batch latent"]
    ) -> Float[Tensor, "batch channel height width"]:
        """Images in [-1, 1] for conditions x and latent vectors z."""
        _require_inputs(x, z, self.latent_dim, self.start[0])
        images: Tensor = self.colour(self.grow(self.start(torch.cat([x, z], dim=1))))
        return images

    @property
    def latent_weight(self) -> Float[Tensor, "hidden latent"]:
        """The columns of the first linear layer that z meets (those of x stand before them), on the CPU."""
        first: nn.Linear = self.start[0]  # type: ignore[assignment]
        return first.weight[:, -self.latent_dim :].detach().cpu()


class PointGenerator(Network):
    """The same idea for points in the plane: linear layers only.

    Args:
        condition_size: Length K of the condition; 0 for none.
        latent_dim: Length of z.
        width: Number of hidden units per layer.
        depth: Number of hidden layers. More of them fold the plane more sharply.
    """

    @door(condition_size=at_least(0))
    def __init__(
        self, *, condition_size: int = 0, latent_dim: int = 2, width: int = 128, depth: int = 2
    ) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.layers = nn.Sequential(
            *hidden_layers(condition_size + latent_dim, width, depth), nn.Linear(width, 2)
        )

    def forward(
        self, x: Float[Tensor, "batch condition"], z: Float[Tensor, "batch latent"]
    ) -> Float[Tensor, "batch 2"]:
        """Points for conditions x and latent vectors z."""
        _require_inputs(x, z, self.latent_dim, self.layers[0])
        points: Tensor = self.layers(torch.cat([x, z], dim=1))
        return points

    @property
    def latent_weight(self) -> Float[Tensor, "hidden latent"]:
        """The columns of the first linear layer that z meets (those of x stand before them), on the CPU."""
        first: nn.Linear = self.layers[0]  # type: ignore[assignment]
        return first.weight[:, -self.latent_dim :].detach().cpu()


def _require_inputs(x: Tensor, z: Tensor, latent_dim: int, first: nn.Module) -> None:
    weight: Tensor = first.weight  # type: ignore[assignment]
    require_input("z", z, None, latent_dim, like=weight)
    require_input("x", x, len(z), weight.shape[1] - latent_dim, like=weight)
