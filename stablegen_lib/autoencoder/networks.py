"""An autoencoder with a small map in its middle, and a discriminator that judges patches."""

from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.plumbing.checks import require_input
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.plumbing.stored import Stored

CHUNK = 500  # pictures at once, so that many of them fit into memory


class Autoencoder(Stored, nn.Module):
    """From a picture to a small map of latent numbers, and back. It sees no condition.

    Convolutions only: each place of the map describes its own part of the picture and the
    neighbourhood.

    Args:
        channels: 3 for colour, 1 for grey.
        latent_channels: Numbers at each place of the map.
        halvings: How often the side is halved: 2 turns 16×16 pixels into 4×4 places.
        width: Feature maps.
        widest: They double with each halving, up to so many; left out, they stay as they are.
        seed: Decides the untrained weights.

    Source:
        Rombach et al. 2022, arXiv:2112.10752, section 3.1 (perceptual image compression).
    """

    KIND, FORMAT = "autoencoder", "stablegen-autoencoder-1"

    @door()
    def __init__(
        self,
        *,
        channels: int = 3,
        latent_channels: int = 4,
        halvings: int = 2,
        width: int = 32,
        widest: int | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        widest = width if widest is None else widest
        self.blueprint = {"channels": channels, "latent_channels": latent_channels, "halvings": halvings,
                      "width": width, "widest": widest}  # fmt: skip
        maps = [min(width * 2**level, max(width, widest)) for level in range(halvings + 1)]
        down = list(pairwise(maps))
        with seeded(seed):
            self.encoder = nn.Sequential(
                *_convolution(channels, width),
                *[layer for finer, coarser in down for layer in _halve(finer, coarser)],
                nn.Conv2d(maps[-1], 2 * latent_channels, 3, padding=1),
            )
            self.decoder = nn.Sequential(
                *_convolution(latent_channels, maps[-1]),
                *[layer for finer, coarser in reversed(down) for layer in _double(coarser, finer)],
                nn.Conv2d(width, channels, 3, padding=1),
                nn.Tanh(),
            )

    @property
    def last_layer(self) -> nn.Parameter:
        """The weights that mix feature maps into colours; where the two losses are compared."""
        return self.decoder[-2].weight  # type: ignore[return-value]

    def encode(
        self, y: Float[Tensor, "batch channel height width"]
    ) -> tuple[Float[Tensor, "batch latent h w"], Float[Tensor, "batch latent h w"]]:
        """Mean and log-variance of each latent number, for pictures in [-1, 1].

        Raises:
            ValueError: If the sides cannot be halved so often, or the pictures have other channels.
        """
        require_input("y", y, None, self.blueprint["channels"], None, None, like=self.last_layer)
        unit = 2 ** self.blueprint["halvings"]
        if y.shape[2] % unit or y.shape[3] % unit:
            raise ValueError(f"sides that {unit} divides were needed, and {tuple(y.shape[2:])} came.")
        mean, log_variance = self.encoder(y).float().chunk(2, dim=1)
        return mean, log_variance.clamp(-20, 10)

    def decode(self, z: Float[Tensor, "batch latent h w"]) -> Float[Tensor, "batch channel height width"]:
        """Pictures in [-1, 1] for latent maps."""
        require_input("z", z, None, self.blueprint["latent_channels"], None, None, like=self.last_layer)
        pictures: Tensor = self.decoder(z).float()
        return pictures

    @torch.no_grad()
    @door()
    def maps(self, y: Float[Tensor, "count channel height width"]) -> Float[Tensor, "count latent h w"]:
        """The middle of each picture's latent distribution."""
        return torch.cat([self.encode(part)[0] for part in torch.split(y, CHUNK)])

    @torch.no_grad()
    @door()
    def reconstruct(
        self, y: Float[Tensor, "count channel height width"]
    ) -> Float[Tensor, "count channel height width"]:
        """Each picture through encoder and decoder, without noise."""
        return torch.cat([self.decode(part) for part in torch.split(self.maps(y), CHUNK)])


class PatchDiscriminator(Network):
    """Many small verdicts instead of one: a logit for every patch of 8×8 pixels or more, overlapping.

    It cannot see the whole face, so it asks only whether textures and edges look real. That the
    right thing stands in the right place is the business of the reconstruction.

    Args:
        channels: 3 for colour, 1 for grey.
        width: Feature maps of the first layer; the others have twice as many.
        halvings: How often the side is halved: 1 makes patches of 8×8 pixels, 2 of 18×18.
        seed: Decides the untrained weights.

    Source:
        Isola et al. 2017, arXiv:1611.07004 (PatchGAN), here with fewer layers for small pictures.
    """

    @door()
    def __init__(self, *, channels: int = 3, width: int = 32, halvings: int = 1, seed: int = 0) -> None:
        super().__init__()
        with seeded(seed):
            self.layers = nn.Sequential(
                *_stride(channels, width),
                *[
                    layer
                    for level in range(1, halvings)
                    for layer in _stride(width * min(level, 2), 2 * width)
                ],
                *_convolution(width * min(halvings, 2), 2 * width),
                nn.Conv2d(2 * width, 1, 1),
            )

    def forward(self, y: Float[Tensor, "batch channel height width"]) -> Float[Tensor, "batch h w"]:
        """Logits (nats) for the patches of pictures in [-1, 1]."""
        weight: Tensor = self.layers[0].weight  # type: ignore[assignment]
        require_input("y", y, None, weight.shape[1], None, None, like=weight)
        if min(y.shape[2:]) < 2:
            raise ValueError(f"pictures of at least 2×2 pixels were needed, and {tuple(y.shape)} came.")
        logits: Tensor = self.layers(y).squeeze(1).float()
        return logits


def _convolution(maps_in: int, maps_out: int) -> list[nn.Module]:
    return [nn.Conv2d(maps_in, maps_out, 3, padding=1), nn.LeakyReLU(0.2)]


def _stride(maps_in: int, maps_out: int) -> list[nn.Module]:
    return [nn.Conv2d(maps_in, maps_out, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]


def _halve(maps_in: int, maps_out: int) -> list[nn.Module]:
    return [*_stride(maps_in, maps_out), *_convolution(maps_out, maps_out)]


def _double(maps_in: int, maps_out: int) -> list[nn.Module]:
    return [nn.ConvTranspose2d(maps_in, maps_out, 4, stride=2, padding=1), nn.LeakyReLU(0.2),
            *_convolution(maps_out, maps_out)]  # fmt: skip
