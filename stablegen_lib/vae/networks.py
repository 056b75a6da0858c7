"""The two networks of a variational autoencoder, as one model that draws, redraws, saves and loads."""

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.generator import Generator
from stablegen_lib.plumbing.bounds import FREE, above, at_least
from stablegen_lib.plumbing.checks import require_input, sample_inputs
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.layers import HIDDEN, halve, sides
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.plumbing.stored import Stored

CHUNK = 256  # pictures made at once, so that many of them fit into memory
DEVIATION = 0.5  # how far pixels may stray from the decoder's, in a range from -1 to 1


class Encoder(Network):
    """q(z | x, y): from a picture and its condition to a normal distribution of z.

    The mirror image of the decoder, with two answers per entry of z: mean and log-variance.

    Args:
        condition_size: Length K of the condition; 0 for none.
        latent_dim: Length of z.
        image_size: Side of the image in pixels: 8, 16, 28, 32 or 64.
        channels: 3 for colour, 1 for grey.
        width: Feature maps of the convolutions.

    Raises:
        ValueError: If a size is not one of those above.
    """

    @door(condition_size=at_least(0), image_size=FREE, channels=FREE)
    def __init__(
        self, *, condition_size: int, latent_dim: int, image_size: int, channels: int = 3, width: int = 64
    ) -> None:
        super().__init__()
        self.condition_size, self.picture_shape = condition_size, (channels, image_size, image_size)
        smallest, halvings = sides(image_size=image_size, channels=channels, width=width)
        halves = [halve(width if level else channels, width) for level in range(halvings)]
        self.shrink = nn.Sequential(*halves, nn.Flatten())
        self.answer = nn.Sequential(
            nn.Linear(width * smallest**2 + condition_size, HIDDEN * width),
            nn.LeakyReLU(0.2),
            nn.Linear(HIDDEN * width, 2 * latent_dim),
        )

    def forward(
        self, x: Float[Tensor, "batch condition"], y: Float[Tensor, "batch channel height width"]
    ) -> tuple[Float[Tensor, "batch latent"], Float[Tensor, "batch latent"]]:
        """Mean and log-variance of z, for pictures y in [-1, 1] under the conditions x that they show."""
        weight: Tensor = self.answer[0].weight  # type: ignore[assignment]
        require_input("y", y, None, *self.picture_shape, like=weight)
        require_input("x", x, len(y), self.condition_size, like=weight)
        both: Tensor = self.answer(torch.cat([self.shrink(y), x], dim=1)).float()
        mean, log_variance = both.chunk(2, dim=1)
        return mean, log_variance


class VAE(Stored):
    """Encoder and decoder. The decoder is lesson 02's generator, unchanged: G(x, z).

    Whatever takes a ``StableGen`` to draw pictures, such as the LatentExplorer, takes this too.

    Args:
        condition_names: One name per entry of x; empty for a model without a condition.
        latent_dim: Length of z.
        image_size: Side of the pictures: 8, 16, 28, 32 or 64.
        channels: 3 for colour, 1 for grey.
        width: Feature maps of both networks.
        deviation: How far pixels may stray from the decoder's (``log_likelihood``).
        seed: Decides the untrained weights.
    """

    KIND, FORMAT = "variational autoencoder", "stablegen-vae-1"

    @door(deviation=above(0), image_size=FREE, channels=FREE)
    def __init__(
        self,
        condition_names: Sequence[str],
        *,
        latent_dim: int = 32,
        image_size: int = 16,
        channels: int = 3,
        width: int = 64,
        deviation: float = DEVIATION,
        seed: int = 0,
    ) -> None:
        self.condition_names, self.latent_dim = tuple(condition_names), latent_dim
        self.deviation = deviation
        sizes: dict[str, Any] = {"latent_dim": latent_dim, "image_size": image_size, "channels": channels,
                                 "width": width}  # fmt: skip
        self.blueprint = {**sizes, "deviation": deviation, "condition_names": list(condition_names)}
        with seeded(seed):
            self.encoder = Encoder(condition_size=len(condition_names), **sizes)
            self.decoder = Generator(condition_size=len(condition_names), **sizes)

    @classmethod
    @door()
    def for_images(cls, images: ImageSet, **options: Any) -> "VAE":
        """An untrained one whose sizes fit this set of images; ``options`` as above."""
        _, channels, height, side = images.images.shape
        if height != side:
            raise ValueError(f"square images were needed, and {height}×{side} came. Crop them first.")
        return cls(images.condition_names, image_size=side, channels=channels, **options)

    @property
    def averaged_generator(self) -> Generator:
        """The decoder, under the name by which everything since lesson 05 asks for G(x, z)."""
        return self.decoder

    def weights(self) -> nn.ModuleDict:
        """Both networks, as one module."""
        return nn.ModuleDict({"encoder": self.encoder, "decoder": self.decoder})

    @torch.no_grad()
    @door()
    def sample(
        self,
        count: int | None = None,
        *,
        conditions: Float[Tensor, "count condition"] | None = None,
        z: Float[Tensor, "count latent"] | None = None,
        seed: int = 0,
    ) -> Float[Tensor, "count channel height width"]:
        """New pictures in [-1, 1]: the middle of p(y | x, z), without its noise in the pixels.

        Args:
            count: How many; may be left out when ``conditions`` or ``z`` say so.
            conditions: One row per picture; needed exactly when the model has a condition.
            z: Latent vectors; drawn from the prior N(0, I) with ``seed`` when left out.
            seed: The same seed gives the same z on every machine.

        Raises:
            ValueError: If counts or sizes do not fit together, or a value is not finite.
        """
        x, z = sample_inputs(
            count,
            conditions,
            z,
            condition_size=len(self.condition_names),
            latent_dim=self.latent_dim,
            seed=seed,
        )
        parts = zip(torch.split(x, CHUNK), torch.split(z, CHUNK), strict=True)
        return torch.cat([self.decoder(some_x, some_z) for some_x, some_z in parts])

    @torch.no_grad()
    @door()
    def encode(
        self, *, conditions: Float[Tensor, "count condition"], images: Float[Tensor, "count c h w"]
    ) -> tuple[Float[Tensor, "count latent"], Float[Tensor, "count latent"]]:
        """Mean and log-variance of z for each picture."""
        parts = zip(torch.split(conditions, CHUNK), torch.split(images, CHUNK), strict=True)
        means, log_variances = zip(*[self.encoder(x, y) for x, y in parts], strict=True)
        return torch.cat(means), torch.cat(log_variances)

    @door()
    def reconstruct(
        self, *, conditions: Float[Tensor, "count condition"], images: Float[Tensor, "count c h w"]
    ) -> Float[Tensor, "count c h w"]:
        """Each picture through encoder and decoder; z is the middle of its posterior."""
        mean, _ = self.encode(conditions=conditions, images=images)
        return self.sample(conditions=conditions, z=mean)

    def __repr__(self) -> str:
        sizes = [sum(p.numel() for p in part.parameters()) for part in (self.encoder, self.decoder)]
        return (f"VAE(encoder: {sizes[0]:,} parameters, decoder: {sizes[1]:,}, "
                f"latent_dim={self.latent_dim}, condition entries: {len(self.condition_names)})")  # fmt: skip
