"""A thousand modes that can be counted: three handwritten digits, one in each colour.

The red digit, the green digit and the blue digit of a picture make a number from 0 to 999. A
classifier of single digits reads it. So we know of a generator of pictures what we otherwise know of
points in the plane only: how many modes it found, and how evenly it uses them. The usual set of this
kind is made of MNIST, 28×28; ours has the 8×8 digits of `data.load_digits`.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from stablegen_lib import data
from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.plumbing.doors import door
from stablegen_lib.stability import modes

MODES = 1000
SAMPLES = 26_000  # generated pictures behind every score, as is usual


@dataclass(frozen=True)
class StackedScores:
    """What ``stacked_scores`` found.

    Attributes:
        captured: Numbers from 0 to 999 that at least one picture shows, in the classifier's eyes.
        modes: Always 1,000.
        kl: KL(generated || true) over the numbers, in nats. Print the floor beside it.
    """

    captured: int
    modes: int
    kl: float


@door()
def stacked_digits(count: int = 50_000, *, split: str = "train", seed: int = 0) -> ImageSet:
    """Pictures 8×8 with an independent real digit in each colour; no condition.

    Args:
        count: How many to draw.
        split: Of the digits.
        seed: The same seed gives the same pictures.

    Returns:
        An ImageSet whose attribute "number" holds the three digits, red first, as text.

    Raises:
        ValueError: If the count is below 1 or the split is unknown.
    """
    digits = data.load_digits(split)
    chosen = torch.randint(len(digits), (count, 3), generator=torch.Generator().manual_seed(seed))
    labels = digits.conditions.argmax(dim=1)[chosen].tolist()
    numbers = tuple("".join(map(str, three)) for three in labels)
    images = digits.images[:, 0][chosen]
    return ImageSet(images, torch.zeros(count, 0), (), f"stacked digits/{split}", {"number": numbers})


def load_digit_classifier() -> AttributeClassifier:
    """The stored judge of single digits; how often it is right stands in data/weights/README.md.

    Raises:
        FileNotFoundError: If the file is missing.
        ValueError: If it is damaged.
    """
    return AttributeClassifier.load(data.data_dir() / "weights" / "digits_classifier.safetensors")


@torch.no_grad()
@door()
def read_numbers(
    classifier: AttributeClassifier, images: Float[Tensor, "count 3 8 8"]
) -> Int[Tensor, " count"]:
    """The number from 0 to 999 that each picture shows: red gives the hundreds, blue the ones."""
    single = images.reshape(-1, 1, 8, 8)
    digits = torch.cat([classifier(chunk).argmax(dim=1) for chunk in torch.split(single, 2_000)])
    return (digits.view(-1, 3) * torch.tensor([100, 10, 1])).sum(dim=1)


@door()
def stacked_scores(
    classifier: AttributeClassifier, images: Float[Tensor, "count 3 8 8"], *, split: str = "train"
) -> StackedScores:
    """How many of the 1,000 numbers do these pictures show, and how evenly?

    A picture that shows no digit at all is read as some number too: this score judges variety, not
    sharpness. With n pictures even real ones have a KL of about 999 / (2n), 0.019 for 26,000.

    Args:
        classifier: From ``load_digit_classifier``.
        images: In [-1, 1]. Take 26,000: with fewer, modes look lost.
        split: Of the digits that the generator learnt from; their frequencies are the true ones.

    Source:
        Srivastava et al. 2017, arXiv:1705.07761 (VEEGAN), for stacked MNIST and both measures.
    """
    counts = torch.bincount(read_numbers(classifier, images), minlength=MODES)
    kl = modes.divergence(counts, true_shares(split))
    return StackedScores(int((counts > 0).sum()), MODES, kl)


def true_shares(split: str = "train") -> Float[Tensor, "1000"]:
    """How probable each number is: the product of the frequencies of its three digits."""
    one = data.load_digits(split).conditions.double().mean(dim=0)
    return torch.einsum("i,j,k->ijk", one, one, one).flatten()
