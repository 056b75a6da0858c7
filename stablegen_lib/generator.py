"""G(x, z) = f(x, z): from a condition x and a latent vector z to a sample.

Lesson 02 walks through the layers one by one.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

IMAGE_SIZES = (8, 16, 28, 32, 64)
HIDDEN = 4  # hidden units of a linear layer, in widths


class Generator(nn.Module):
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
        self.grow = nn.Sequential(*[_double(half if level else width, half) for level in range(doublings)])
        self.colour = nn.Sequential(nn.Conv2d(half, channels, 3, padding=1), nn.Tanh())

    def forward(
        self, x: Float[Tensor, "batch condition"], z: Float[Tensor, "batch latent"]
    ) -> Float[Tensor, "batch channel height width"]:
        """Images in [-1, 1] for conditions x and latent vectors z."""
        images: Tensor = self.colour(self.grow(self.start(torch.cat([x, z], dim=1))))
        return images

    @property
    def latent_weight(self) -> Float[Tensor, "hidden latent"]:
        """The columns of the first linear layer that z meets (those of x stand before them)."""
        first: nn.Linear = self.start[0]  # type: ignore[assignment]
        return first.weight[:, -self.latent_dim :].detach()


class PointGenerator(nn.Module):
    """The same idea for points in the plane: linear layers only.

    Args:
        condition_size: Length K of the condition; 0 for none.
        latent_dim: Length of z.
        width: Number of hidden units per layer.
        depth: Number of hidden layers. More of them fold the plane more sharply.
    """

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
        points: Tensor = self.layers(torch.cat([x, z], dim=1))
        return points

    @property
    def latent_weight(self) -> Float[Tensor, "hidden latent"]:
        """The columns of the first linear layer that z meets (those of x stand before them)."""
        first: nn.Linear = self.layers[0]  # type: ignore[assignment]
        return first.weight[:, -self.latent_dim :].detach()


def hidden_layers(size: int, width: int, depth: int) -> list[nn.Module]:
    """So many linear layers of this width, each followed by a leaky ReLU.

    Raises:
        ValueError: If there is no layer.
    """
    if depth < 1:
        raise ValueError(f"depth must be at least 1 hidden layer, and {depth} came.")
    layers: list[nn.Module] = []
    for level in range(depth):
        layers += [nn.Linear(width if level else size, width), nn.LeakyReLU(0.2)]
    return layers


def sides(*, image_size: int, channels: int, width: int) -> tuple[int, int]:
    """Side of the smallest feature maps, and how often it doubles up to the image.

    Raises:
        ValueError: If the image size, the number of channels or the width cannot be built.
    """
    if image_size not in IMAGE_SIZES:
        raise ValueError(
            f"image_size must be one of {IMAGE_SIZES}, and {image_size} came. Resize the pictures."
        )
    if channels not in (1, 3):
        raise ValueError(f"channels must be 1 (grey) or 3 (colour), and {channels} came.")
    if width < 2 or width % 2:
        raise ValueError(f"width must be an even number of at least 2, and {width} came.")
    return {8: (4, 1), 16: (8, 1), 28: (7, 2), 32: (8, 2), 64: (8, 3)}[image_size]


def _double(maps_in: int, maps_out: int) -> nn.Sequential:
    return nn.Sequential(nn.ConvTranspose2d(maps_in, maps_out, 4, stride=2, padding=1), nn.LeakyReLU(0.2))
