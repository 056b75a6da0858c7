"""D(x, y): how real does y look, given that x was asked for?

Lesson 03 trains one by hand and shows why it must see x.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.plumbing.bounds import FREE, at_least
from stablegen_lib.plumbing.checks import require_input
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.layers import HIDDEN, halve, hidden_layers, sides


class Discriminator(Network):
    """Gives one logit per image: above 0 means "real", below 0 "generated".

    The mirror image of the generator: strided convolutions halve the side until 8×8 feature
    maps (or 7×7, 4×4) are left, and two linear layers turn those into a feature vector h. The
    logit is w·h + e(x)·h: the first term asks "is it a picture?", the second "is it the picture
    that was asked for?", with one learnt vector e per condition entry.

    There is no batch normalisation: each image is judged on its own, so real and generated
    images can share one pass and the slope of a logit belongs to one image.

    Args:
        condition_size: Length K of the condition; 0 for a discriminator without one.
        image_size: Side of the image in pixels: 8, 16, 28, 32 or 64.
        channels: 3 for colour, 1 for grey.
        width: Twice the number of feature maps.

    Raises:
        ValueError: If a size is not one of those above.

    Source:
        Miyato and Koyama 2018, arXiv:1802.05637, section 3 (the projection on the condition).
    """

    @door(condition_size=at_least(0), image_size=FREE, channels=FREE)
    def __init__(self, *, condition_size: int, image_size: int, channels: int = 3, width: int = 64) -> None:
        super().__init__()
        self.picture_shape = (channels, image_size, image_size)
        smallest, halvings = sides(image_size=image_size, channels=channels, width=width)
        half = width // 2
        self.shrink = nn.Sequential(*[halve(half if level else channels, half) for level in range(halvings)])
        self.features = nn.Sequential(
            nn.Flatten(),
            nn.Linear(half * smallest**2, HIDDEN * width),
            nn.LeakyReLU(0.2),
            nn.Linear(HIDDEN * width, HIDDEN * width),
            nn.LeakyReLU(0.2),
        )
        self.realness = nn.Linear(HIDDEN * width, 1)
        self.match = nn.Linear(condition_size, HIDDEN * width, bias=False) if condition_size else None

    def forward(
        self, x: Float[Tensor, "batch condition"], y: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, " batch"]:
        """Logits (nats) for images y in [-1, 1] under the conditions x."""
        _require_inputs(x, y, self.picture_shape, self.match, self.realness)
        return _judge(self.realness, self.match, x, self.features(self.shrink(y)))


class PointDiscriminator(Network):
    """The same for points in the plane: linear layers only.

    Args:
        condition_size: Length K of the condition; 0 for none.
        width: Number of hidden units per layer.
        depth: Number of hidden layers.
        waves: Number of Fourier features that D sees beside the point itself; 0 for none.
    """

    @door(condition_size=at_least(0), waves=at_least(0))
    def __init__(self, *, condition_size: int = 0, width: int = 128, depth: int = 2, waves: int = 0) -> None:
        super().__init__()
        first: list[nn.Module] = [FourierFeatures(waves)] if waves else []
        self.features = nn.Sequential(*first, *hidden_layers(2 + 2 * waves, width, depth))
        self.realness = nn.Linear(width, 1)
        self.match = nn.Linear(condition_size, width, bias=False) if condition_size else None

    def forward(
        self, x: Float[Tensor, "batch condition"], y: Float[Tensor, "batch 2"]
    ) -> Float[Tensor, " batch"]:
        """Logits (nats) for points y under the conditions x."""
        _require_inputs(x, y, (2,), self.match, self.realness)
        return _judge(self.realness, self.match, x, self.features(y))


class FourierFeatures(nn.Module):
    """A point, and beside it sines and cosines of it along random directions, which never change.

    Linear layers learn slow changes first. Small modes far apart are fast changes: with waves to
    choose from, D sees them early.

    Args:
        count: Number of directions. Their wave numbers are drawn from a normal distribution.

    Source:
        Tancik et al. 2020, arXiv:2006.10739 ("Fourier features let networks learn high frequency
        functions in low dimensional domains").
    """

    @door()
    def __init__(self, count: int) -> None:
        super().__init__()
        self.directions: Tensor
        self.register_buffer("directions", torch.randn(2, count))

    def forward(self, points: Float[Tensor, "batch 2"]) -> Float[Tensor, "batch feature"]:
        """Two numbers of the point itself, then the sines, then the cosines."""
        require_input("points", points, None, 2, like=self.directions)
        phases = points @ self.directions
        return torch.cat([points, phases.sin(), phases.cos()], dim=1)


@door()
def normalise_spectrally(discriminator: nn.Module) -> nn.Module:
    """Divides every weight matrix of D by its largest singular value: no layer can stretch its input.

    So D's slope is bounded by its architecture, where R1 only charges for it. The singular value is
    estimated by one power iteration per pass; its vectors are stored with the weights.

    Source:
        Miyato, Kataoka, Koyama, Yoshida 2018, arXiv:1802.05957 (spectral normalisation).
    """
    for layer in [part for part in discriminator.modules() if isinstance(part, nn.Linear | nn.Conv2d)]:
        nn.utils.parametrizations.spectral_norm(layer)
    return discriminator


def _require_inputs(
    x: Tensor, y: Tensor, shape: tuple[int, ...], match: nn.Linear | None, realness: nn.Linear
) -> None:
    require_input("y", y, None, *shape, like=realness.bias)  # a normalised weight would be computed anew
    require_input("x", x, len(y), match.in_features if match is not None else 0, like=realness.bias)


def _judge(realness: nn.Linear, match: nn.Linear | None, x: Tensor, features: Tensor) -> Tensor:
    logits: Tensor = realness(features).squeeze(1)
    if match is not None:
        logits = logits + (match(x) * features).sum(dim=1)
    return logits.float()
