"""From a blueprint, plain values that fit into JSON, to the two networks that it describes."""

from typing import Any

from torch import nn

from stablegen_lib.discriminator import Discriminator, PointDiscriminator, normalise_spectrally
from stablegen_lib.generator import Generator, PointGenerator

USUAL = {"depth": 2, "waves": 0, "spectral_norm": False}  # what a blueprint does not mention


def other_than_usual(**options: int) -> dict[str, int]:
    """Those that a blueprint must mention; the others are left out, as in older files."""
    return {name: value for name, value in options.items() if value != USUAL[name]}


def build(blueprint: dict[str, Any], *, condition_size: int) -> tuple[nn.Module, nn.Module]:
    """Generator and discriminator, untrained; torch's own random numbers decide the weights."""
    usual = {**USUAL, **blueprint}
    sizes = {"condition_size": condition_size, "width": blueprint["width"]}
    generator: nn.Module
    discriminator: nn.Module
    if blueprint["kind"] == "points":
        sizes["depth"] = usual["depth"]
        generator = PointGenerator(latent_dim=blueprint["latent_dim"], **sizes)
        discriminator = PointDiscriminator(waves=usual["waves"], **sizes)
    else:
        sizes |= {"image_size": blueprint["image_size"], "channels": blueprint["channels"]}
        generator = Generator(latent_dim=blueprint["latent_dim"], **sizes)
        discriminator = Discriminator(**sizes)
    return generator, normalise_spectrally(discriminator) if usual["spectral_norm"] else discriminator
