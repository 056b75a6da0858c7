"""x as an image: G(x, z) colours a line drawing, D(x, y) sees the drawing and the colours together.

`stablegen_lib.editing` re-exports everything public here; write `editing.colouring_pair()`.
The loop of lesson 05 trains this pair unchanged: to it, a drawing is a condition with one entry
for each pixel, and only the two networks know that the entries lie in a square.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib import data
from stablegen_lib.plumbing.checks import require_input
from stablegen_lib.plumbing.devices import Device, Network
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.plumbing.stored import Stored
from stablegen_lib.stablegen import StableGen

SIDE = 32  # pixels of a drawing
SMALL = SIDE // 4  # where the maps are smallest
SLOPE = 0.2  # of the leaky ReLUs


class Colourer(Stored, Network):
    """G(x, z): a line drawing and a latent vector become a picture in colour.

    On the way down convolutions halve the side twice. At the bottom two linear layers see the
    whole drawing and z at once: there the colours are chosen. On the way up each size gets the maps
    of the same size from the way down as well, so that no line has to pass the bottom.

    Args:
        latent_dim: Length of z.
        width: Feature maps at full size; three times as many below.
        hidden: Units between the two linear layers.

    Source:
        Ronneberger, Fischer, Brox 2015, arXiv:1505.04597 (U-Net), for maps handed across; Isola et
        al. 2017, arXiv:1611.07004 (pix2pix), for such a generator under a discriminator.
    """

    KIND, FORMAT = "generator of colourings", "stablegen-colouring-1"
    FROZEN = True

    @door()
    def __init__(self, *, latent_dim: int = 32, width: int = 16, hidden: int = 256) -> None:
        super().__init__()
        self.blueprint = {"latent_dim": latent_dim, "width": width, "hidden": hidden}
        self.latent_dim = latent_dim
        maps = 3 * width
        self.see_full = _layer(nn.Conv2d(1, width, 3, padding=1))
        self.see_half = _layer(nn.Conv2d(width, maps, 4, stride=2, padding=1))
        self.see_quarter = _layer(nn.Conv2d(maps, maps, 4, stride=2, padding=1))
        self.see_whole = nn.Linear(maps * SMALL**2, hidden)
        self.style = nn.Linear(latent_dim, hidden)
        self.choose = nn.Sequential(
            nn.LeakyReLU(SLOPE),
            _layer(nn.Linear(hidden, hidden)),
            _layer(nn.Linear(hidden, maps * SMALL**2)),
            nn.Unflatten(1, (maps, SMALL, SMALL)),
        )
        self.tint = nn.Linear(hidden, width)
        self.up = _layer(nn.ConvTranspose2d(2 * maps, maps, 4, stride=2, padding=1))
        self.up_again = _layer(nn.ConvTranspose2d(2 * maps, width, 4, stride=2, padding=1))
        self.colour = nn.Sequential(
            _layer(nn.Conv2d(2 * width, width, 3, padding=1)), nn.Conv2d(width, 3, 3, padding=1), nn.Tanh()
        )
        for part in (self.style, self.choose, self.up, self.up_again):
            for layer in part.modules():
                if isinstance(layer, nn.Linear | nn.ConvTranspose2d):
                    # Larger than torch's own: else z hardly counts at first, and G learns to do without it.
                    nn.init.kaiming_normal_(layer.weight, a=SLOPE)

    def forward(
        self, x: Float[Tensor, "batch pixel"], z: Float[Tensor, "batch latent"]
    ) -> Float[Tensor, "batch 3 height width"]:
        """Pictures in [-1, 1] for drawings x, row by row in [-1, 1], and latent vectors z."""
        require_input("z", z, None, self.latent_dim, like=self.style.weight)
        require_input("x", x, len(z), SIDE * SIDE, like=self.style.weight)
        full = self.see_full(x.reshape(-1, 1, SIDE, SIDE))
        half = self.see_half(full)
        quarter = self.see_quarter(half)
        style = self.style(z)
        chosen = self.choose(self.see_whole(quarter.flatten(1)) + style)
        grown = self.up(torch.cat([chosen, quarter], dim=1))
        grown = self.up_again(torch.cat([grown, half], dim=1)) + self.tint(style)[:, :, None, None]
        picture: Tensor = self.colour(torch.cat([grown, full], dim=1))
        return picture


class PairDiscriminator(Network):
    """D(x, y): does this picture look real, and are these its lines?

    The drawing is a fourth colour channel, so the first convolution already compares line with ink.

    Args:
        width: Feature maps at half the size; twice as many below.
        hidden: Units of the linear layers.
    """

    @door()
    def __init__(self, *, width: int = 32, hidden: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _layer(nn.Conv2d(4, width, 4, stride=2, padding=1)),
            _layer(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)),
            nn.Flatten(),
            _layer(nn.Linear(2 * width * SMALL**2, hidden)),
            _layer(nn.Linear(hidden, hidden)),
            nn.Linear(hidden, 1),
        )

    def forward(
        self, x: Float[Tensor, "batch pixel"], y: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, " batch"]:
        """Logits (nats) for pictures y in [-1, 1] under the drawings x."""
        last: Tensor = self.layers[-1].weight  # type: ignore[assignment]
        require_input("y", y, None, 3, SIDE, SIDE, like=last)
        require_input("x", x, len(y), SIDE * SIDE, like=last)
        drawing = x.reshape(-1, 1, SIDE, SIDE).to(y.dtype)
        logits: Tensor = self.layers(torch.cat([drawing, y], dim=1))
        return logits.squeeze(1).float()


@door()
def colouring_pair(
    *, latent_dim: int = 32, width: int = 16, seed: int = 0, device: Device | None = None
) -> StableGen:
    """An untrained pair for 32×32 drawings that ``training.train`` takes like any other."""
    with seeded(seed):
        generator, discriminator = Colourer(latent_dim=latent_dim, width=width), PairDiscriminator()
    names = tuple(f"pixel{row:02d}{column:02d}=ink" for row in range(SIDE) for column in range(SIDE))
    return StableGen(generator, discriminator, latent_dim=latent_dim, condition_names=names, device=device)


@door()
def as_conditions(
    lines: Float[Tensor, "count 1 height width"],
) -> Float[Tensor, "count pixel"]:
    """Line drawings, white 1 and ink −1, as conditions: one entry for each pixel, row by row."""
    if lines.shape[2:] != (SIDE, SIDE):
        raise ValueError(f"drawings of {SIDE}×{SIDE} were needed, and {tuple(lines.shape[2:])} came.")
    return lines.flatten(1)


@door()
def load_drawings(split: str = "train") -> data.ImageSet:
    """The peeps in colour; the condition of each is its line drawing, pixel by pixel.

    Raises:
        ValueError: If the split is unknown.
    """
    peeps, lines = data.load_peeps(split), data.load_peeps_lines(split)
    x = as_conditions(data.to_unit_range(lines.images))
    names = tuple(f"pixel{row:02d}{column:02d}=ink" for row in range(SIDE) for column in range(SIDE))
    return data.ImageSet(peeps.images, x, names, f"peeps under their lines/{split}", peeps.attributes)


def _layer(layer: nn.Module) -> nn.Sequential:
    return nn.Sequential(layer, nn.LeakyReLU(SLOPE))
