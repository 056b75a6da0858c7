"""Does a generated picture show what was asked for? A classifier trained on real pictures judges."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from stablegen_lib.data import ByAttribute, condition_groups
from stablegen_lib.plumbing.checks import require_input, require_pictures
from stablegen_lib.plumbing.devices import Network
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.stored import Stored

LARGE = 64  # from this side on one more layer makes the maps smaller


class AttributeClassifier(Stored, Network):
    """Reads every attribute of a picture at once: one block of logits per attribute.

    Args:
        condition_names: Names "attribute=value", as in ``ImageSet.condition_names``.
        image_size: Side in pixels; a multiple of 4, from 64 on of 8.
        channels: 3 for colour, 1 for grey.
        width: Feature maps of the first layer.

    Raises:
        ValueError: If the side is no such multiple.
    """

    KIND, FORMAT = "attribute classifier", "stablegen-classifier-1"

    @door()
    def __init__(
        self, condition_names: Sequence[str], *, image_size: int, channels: int = 3, width: int = 48
    ) -> None:
        super().__init__()
        if image_size % 4 or channels not in (1, 3) or not condition_names:
            raise ValueError("an image_size that 4 divides, 1 or 3 channels and at least one condition name "
                             f"were needed; {image_size}, {channels}, {condition_names} came.")  # fmt: skip
        self.condition_names = tuple(condition_names)
        self.blueprint = {"condition_names": list(condition_names), "image_size": image_size,
                          "channels": channels, "width": width}  # fmt: skip
        shrinks = 8 if image_size >= LARGE else 4
        if image_size < 1 or image_size % shrinks:
            raise ValueError(f"a side that is a multiple of 4 was needed (of 8 from {LARGE} on), "
                             f"and {image_size} came.")  # fmt: skip
        more: list[nn.Module] = []
        if image_size >= LARGE:
            more = [nn.Conv2d(2 * width, 2 * width, 4, stride=2, padding=1), nn.ReLU()]
        side = image_size // shrinks
        self.features = nn.Sequential(
            nn.Conv2d(channels, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(2 * width, 2 * width, 4, stride=2, padding=1),
            nn.ReLU(),
            *more,
            nn.Flatten(),
            nn.Linear(2 * width * side * side, 4 * width),
            nn.ReLU(),
        )
        self.answer = nn.Linear(4 * width, len(self.condition_names))

    def forward(
        self, images: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch condition"]:
        """Logits for images in [-1, 1]; within one attribute the largest is the answer."""
        self._require_fitting(images)
        logits: Tensor = self.answer(self.features(images))
        return logits

    def _require_fitting(self, images: Tensor) -> None:
        """Raises ValueError unless these are images of the size and the colours that it reads.

        Their values are looked at only when it judges: in training that would cost time.
        """
        side = self.blueprint["image_size"]
        require_input("images", images, None, self.blueprint["channels"], side, side, like=self.answer.weight)
        if not self.training:  # a verdict on bytes, or on NaN, would be a number like any other
            require_pictures("images", images)


@torch.no_grad()
@door()
def obeyed(
    classifier: AttributeClassifier,
    images: Float[Tensor, "count channel height width"],
    conditions: Float[Tensor, "count condition"],
) -> ByAttribute[Bool[Tensor, " count"]]:
    """For each attribute: which images show the value that their condition asks for?

    The classifier errs too. Print the same for real images beside it: that is the ceiling.

    Args:
        classifier: Trained on real images with the same condition names.
        images: In [-1, 1].
        conditions: What was asked for, one-hot within each attribute.

    Returns:
        One yes or no per image, by attribute ("hair colour", but "hairColor" finds it too);
        ``.float().mean()`` gives the share.

    Raises:
        ValueError: If images and conditions differ in number, or the conditions in length.
    """
    wanted = (len(images), len(classifier.condition_names))
    if tuple(conditions.shape) != wanted:
        raise ValueError(f"conditions of shape {wanted} were needed, and {tuple(conditions.shape)} came.")
    logits = torch.cat([classifier(chunk) for chunk in torch.split(images, 500)])
    return as_read(classifier, logits, conditions)


def as_read(
    classifier: AttributeClassifier, logits: Tensor, conditions: Tensor
) -> ByAttribute[Bool[Tensor, " count"]]:
    """What `obeyed` says, from logits that are there already."""
    groups = condition_groups(classifier.condition_names)
    return ByAttribute(
        {
            attribute: logits[:, columns].argmax(dim=1) == conditions[:, columns].argmax(dim=1)
            for attribute, columns in groups.items()
        }
    )


@torch.no_grad()
@door()
def features(
    classifier: AttributeClassifier, images: Float[Tensor, "count channel height width"]
) -> Float[Tensor, "count feature"]:
    """The last hidden layer for images in [-1, 1]: what the judge sees before it answers."""
    classifier._require_fitting(images)
    return torch.cat([classifier.features(chunk) for chunk in torch.split(images, 500)])
