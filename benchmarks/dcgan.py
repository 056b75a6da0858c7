"""The DCGAN of the PyTorch tutorial, scaled to other sizes and given a condition: the peer of our loop.

As there: transposed convolutions with batch normalisation and ReLU; convolutions with batch normalisation
and leaky ReLU 0.2; weights from N(0, 0.02); BCE on a sigmoid; Adam 2e-4 with betas (0.5, 0.999); batch 128
from a DataLoader; D is shown real and generated samples in two passes, then G moves through the new D.

What differs: 64×64 needs four doublings from 4×4, 16×16 needs two, so the two widest layers are left out.
G gets x beside z, and D gets x as constant planes beside the colours, since the tutorial has no condition.
The data lie in memory, so the loader needs no workers.

Source:
    https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html (Inkawhich); it follows
    Radford, Metz, Chintala 2015, arXiv:1511.06434.
"""

from collections.abc import Iterator
from functools import partial
from itertools import count

import torch
from torch import Tensor, nn
from torch.optim import Adam
from torch.utils.data import DataLoader, TensorDataset

from stablegen_lib import data
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.stablegen import StableGen

LATENT, WIDTH, BATCH = 100, 64, 128


class TutorialGenerator(nn.Module):
    """G(x, z): 4×4, then doublings; ``width`` maps before the colours, twice as many a level below."""

    def __init__(self, *, condition_size: int, image_size: int, channels: int, width: int = WIDTH) -> None:
        super().__init__()
        maps = width * image_size // 8
        layers = [*_grow(condition_size + LATENT, maps, stride=1, padding=0)]
        while maps > width:
            layers += _grow(maps, maps // 2, stride=2, padding=1)
            maps //= 2
        layers += [nn.ConvTranspose2d(maps, channels, 4, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        images: Tensor = self.main(torch.cat([x, z], dim=1)[:, :, None, None])
        return images


class TutorialDiscriminator(nn.Module):
    """D(x, y): halvings down to 4×4, then one probability. The mirror of the generator."""

    def __init__(self, *, condition_size: int, image_size: int, channels: int, width: int = WIDTH) -> None:
        super().__init__()
        layers = [nn.Conv2d(channels + condition_size, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
        maps, side = width, image_size // 2
        while side > 4:
            layers += [
                nn.Conv2d(maps, 2 * maps, 4, 2, 1, bias=False),
                nn.BatchNorm2d(2 * maps),
                nn.LeakyReLU(0.2),
            ]
            maps, side = 2 * maps, side // 2
        self.main = nn.Sequential(*layers, nn.Conv2d(maps, 1, 4, 1, 0, bias=False), nn.Sigmoid())

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        planes = x[:, :, None, None].expand(-1, -1, *y.shape[2:])
        probabilities: Tensor = self.main(torch.cat([y, planes], dim=1)).view(-1)
        return probabilities


def model(images: data.ImageSet, seed: int, width: int = WIDTH) -> StableGen:
    """The pair as a StableGen, so that the same judge can ask it for samples (with ``averaged=False``).

    Its networks stay in training mode, as in the tutorial: samples are normalised by their own batch.
    """
    _, channels, size, _ = images.images.shape
    sizes = {"condition_size": len(images.condition_names), "image_size": size, "channels": channels}
    with seeded(seed):
        pair = TutorialGenerator(**sizes, width=width), TutorialDiscriminator(**sizes, width=width)
        for network in pair:
            network.apply(_initialise)
    return StableGen(*pair, latent_dim=LATENT, condition_names=images.condition_names, device="cpu")


def steps(model: StableGen, images: data.ImageSet, seed: int) -> Iterator[int]:
    """Trains for ever and yields the number of each finished step; stop iterating to stop."""
    generator, discriminator = model.generator, model.discriminator
    random = torch.Generator().manual_seed(seed)
    pixels = data.to_unit_range(images.images)
    loader = DataLoader(
        TensorDataset(images.conditions, pixels), BATCH, shuffle=True, drop_last=True, generator=random
    )
    adam = partial(Adam, lr=2e-4, betas=(0.5, 0.999))
    optimizers = adam(discriminator.parameters()), adam(generator.parameters())
    bce, numbers = nn.BCELoss(), count(1)
    while True:
        for x, real in loader:
            ones, zeros = torch.ones(len(x)), torch.zeros(len(x))
            discriminator.zero_grad()
            bce(discriminator(x, real), ones).backward()
            fake = generator(x, torch.randn(len(x), LATENT, generator=random))
            bce(discriminator(x, fake.detach()), zeros).backward()
            optimizers[0].step()
            generator.zero_grad()
            bce(discriminator(x, fake), ones).backward()
            optimizers[1].step()
            yield next(numbers)


def _grow(maps_in: int, maps_out: int, *, stride: int, padding: int) -> list[nn.Module]:
    layer = nn.ConvTranspose2d(maps_in, maps_out, 4, stride, padding, bias=False)
    return [layer, nn.BatchNorm2d(maps_out), nn.ReLU()]


def _initialise(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)
