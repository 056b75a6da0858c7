"""Lessons 02, 03 and 11: blocks and sizes that generator, discriminator and VAE share."""

from torch import nn

HIDDEN = 4  # hidden units of a linear layer, in widths


IMAGE_SIZES = (8, 16, 28, 32, 64)


def hidden_layers(size: int, width: int, depth: int) -> list[nn.Module]:
    """So many linear layers of this width, each followed by a leaky ReLU."""
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


def double(maps_in: int, maps_out: int) -> nn.Sequential:
    return nn.Sequential(nn.ConvTranspose2d(maps_in, maps_out, 4, stride=2, padding=1), nn.LeakyReLU(0.2))


def halve(maps_in: int, maps_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(maps_in, maps_out, 4, stride=2, padding=1), nn.LeakyReLU(0.2))
