"""More examples than you have: changed copies, generated pictures, and what they do for a classifier.

Lesson 10 is about this file. Changes that serve the training of a generator stand in
`training/diff_augment.py`, the experiments in `stablegen_experiments.augmentation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor
from torch.optim.lr_scheduler import OneCycleLR

from stablegen_lib.data import to_bytes, to_unit_range
from stablegen_lib.data.image_set import ImageSet, condition_values
from stablegen_lib.data.names import find_attribute
from stablegen_lib.metrics import AttributeClassifier, obeyed
from stablegen_lib.plumbing.bounds import at_least, share
from stablegen_lib.plumbing.checks import came
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.plumbing.stopping import require_finite_loss

BATCH = 64


@runtime_checkable
class Sampler(Protocol):
    """What draws: a ``StableGen`` does."""

    def sample(self, *, conditions: Tensor, seed: int) -> Tensor: ...


@door(shift=at_least(0))
@dataclass(frozen=True)
class Classical:
    """Changes that leave the label as it is: a shifted or mirrored face wears the same glasses.

    Which changes do so depends on the question. Mirroring is wrong for digits and letters; other
    colours are wrong where the colour is asked for.

    Args:
        shift: Up to so many pixels each way; the border pixels are repeated.
        mirror: Half of the pictures are mirrored.
        brightness: Up to so much is added, in units of the pixel range from -1 to 1.
        colour: The same for each colour by itself.
        noise: Standard deviation of noise on every pixel.
    """

    shift: int = 1
    mirror: bool = True
    brightness: float | int = 0.15
    colour: float | int = 0.1
    noise: float | int = 0.05

    @door()
    def __call__(
        self, images: Float[Tensor, "batch channel height width"], random: torch.Generator
    ) -> Float[Tensor, "batch channel height width"]:
        """Changed copies of images in [-1, 1], each changed in its own way; stay in that range."""
        count, channels, height, width = images.shape
        if self.shift:
            padded = F.pad(images, [self.shift] * 4, mode="replicate")
            start = torch.randint(2 * self.shift + 1, (count, 2), generator=random)
            rows = (start[:, :1] + torch.arange(height))[:, None, :, None]
            columns = (start[:, 1:] + torch.arange(width))[:, None, None, :]
            number, channel = torch.arange(count)[:, None, None, None], torch.arange(channels)[:, None, None]
            images = padded[number, channel, rows, columns]
        if self.mirror:
            turned = torch.rand(count, 1, 1, 1, generator=random) < 0.5
            images = torch.where(turned, images.flip(3), images)
        for strength, shape in ((self.brightness, (count, 1, 1, 1)), (self.colour, (count, channels, 1, 1))):
            images = images + strength * (2 * torch.rand(shape, generator=random) - 1)
        return (images + self.noise * torch.randn(images.shape, generator=random)).clamp(-1, 1)


@door()
def with_only(images: ImageSet, *attributes: str) -> ImageSet:
    """The same images, with nothing in the condition but these attributes.

    Raises:
        ValueError: If an attribute is unknown.
    """
    wanted = [images.groups[find_attribute(name, images.groups)] for name in attributes]
    kept = [column for columns in wanted for column in range(columns.start, columns.stop)]
    names = tuple(images.condition_names[column] for column in kept)
    return ImageSet(images.images, images.conditions[:, kept], names, images.name, images.attributes)


@door()
def choose(images: ImageSet, count: int, seed: int) -> ImageSet:
    """So many images, drawn without replacement.

    Raises:
        ValueError: If there are not so many.
    """
    if count > len(images):
        raise ValueError(
            f"at most {len(images)} images can be drawn from {images.name}; {count} were wanted."
        )
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    return images[order[:count]]


@door()
def joined(*sets: ImageSet) -> ImageSet:
    """One set of several with equal condition names; the attributes of the CSV file are left behind.

    Raises:
        ValueError: If the condition names differ, or the pictures' sizes.
    """
    if len({each.condition_names for each in sets}) != 1:
        raise ValueError("sets with equal condition names were needed. Give all of them to with_only first.")
    if len(shapes := {tuple(each.images.shape[1:]) for each in sets}) != 1:
        raise ValueError(f"pictures of one size were needed, and {sorted(shapes)} came. Resize them first.")
    images, conditions = (torch.cat([getattr(s, part) for s in sets]) for part in ("images", "conditions"))
    return ImageSet(images, conditions, sets[0].condition_names, " + ".join(each.name for each in sets))


@door()
def generated_examples(
    model: Sampler,
    conditions: Float[Tensor, "count condition"],
    condition_names: Sequence[str],
    *,
    seed: int,
) -> ImageSet:
    """Draws one picture for each condition, which is also its label: nobody has to look at it.

    Whether the picture shows what the label says is the generator's promise. Check it.
    """
    drawn = to_bytes(model.sample(conditions=conditions, seed=seed))
    return ImageSet(drawn, conditions, tuple(condition_names), "generated")


@torch.no_grad()
@door(confidence=share())
def labelled_by(classifier: AttributeClassifier, images: ImageSet, confidence: float = 0.0) -> ImageSet:
    """The images under the labels that a classifier gives them; those it is unsure of are left out.

    Args:
        classifier: For one attribute.
        images: Their own conditions are not looked at.
        confidence: The probability of the answer must be at least so high.

    Raises:
        ValueError: If no image is left.
    """
    logits = torch.cat([classifier(chunk) for chunk in torch.split(to_unit_range(images.images), 1_000)])
    sure, answer = logits.softmax(dim=1).max(dim=1)
    kept = sure >= confidence
    labels = F.one_hot(answer, len(classifier.condition_names)).float()
    return ImageSet(images.images[kept], labels[kept], classifier.condition_names, f"labelled {images.name}")


@door(share=share(), weights=at_least(0))
def train_classifier(
    examples: ImageSet,
    *,
    extra: ImageSet | None = None,
    share: float = 0.5,
    augment: Classical | None = None,
    weights: Float[Tensor, " count"] | None = None,
    steps: int = 200,
    seed: int = 0,
) -> AttributeClassifier:
    """A small classifier of every attribute in the condition. All ways get the same number of steps.

    Args:
        examples: The real ones.
        extra: More examples, such as generated ones.
        share: How much of each batch comes from the extra ones.
        augment: Changes every example, afresh each time it is used.
        weights: How often each real example is drawn, relative to the others; None draws all alike.
        steps: Of AdamW, its learning rate rising to 0.002 and falling to 0.
        seed: Decides the start, the batches and the changes.

    Raises:
        ValueError: If the extra examples have other names or another size, or the weights do not fit.
        TrainingStopped: If the loss is not finite.
    """
    if extra is not None:
        joined(examples[:1], extra[:1])  # refuses what does not fit
    if weights is not None and not (len(weights) == len(examples) and float(weights.sum()) > 0):
        raise ValueError(f"{len(examples)} weights, one of them above 0, were needed; {came(weights)} came.")
    random = torch.Generator().manual_seed(seed)
    taken = 0 if extra is None else round(BATCH * share)
    classifier = _untrained(examples, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3, weight_decay=0.01, fused=True)
    schedule = OneCycleLR(optimizer, max_lr=2e-3, total_steps=steps)
    for number in range(1, steps + 1):
        pixels, wanted = _draw(examples, BATCH - taken, weights, random)
        if extra is not None:
            more_pixels, more_wanted = _draw(extra, taken, None, random)
            pixels, wanted = torch.cat([pixels, more_pixels]), torch.cat([wanted, more_wanted])
        pixels = augment(pixels, random) if augment else pixels
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_in_hardware(pixels.device)):
            logits = classifier(pixels.contiguous(memory_format=torch.channels_last))
        loss = _loss(logits.float(), wanted, examples)
        require_finite_loss(number, "classifier", loss.item())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
    return classifier.eval()


def _untrained(examples: ImageSet, seed: int) -> AttributeClassifier:
    sizes = {"image_size": examples.image_size, "channels": examples.channels, "width": 16}
    with seeded(seed):
        classifier = AttributeClassifier(examples.condition_names, **sizes)
    return classifier.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _draw(
    source: ImageSet, count: int, weights: Tensor | None, random: torch.Generator
) -> tuple[Tensor, Tensor]:
    if weights is None or not count:
        chosen = torch.randint(len(source), (count,), generator=random)
    else:
        chosen = torch.multinomial(weights, count, replacement=True, generator=random)
    return to_unit_range(source.images[chosen]), source.conditions[chosen]


def _loss(logits: Tensor, wanted: Tensor, examples: ImageSet) -> Tensor:
    parts = examples.groups.values()
    return torch.stack([F.cross_entropy(logits[:, part], wanted[:, part]) for part in parts]).sum()


@door()
def accuracy(classifier: AttributeClassifier, images: ImageSet, attribute: str) -> float:
    """Share of the images whose attribute the classifier reads right."""
    verdict = obeyed(classifier, to_unit_range(images.images), images.conditions)
    return float(verdict[attribute].float().mean())


@door()
def group_numbers(images: ImageSet, *attributes: str) -> dict[str, Tensor]:
    """Which images belong to which combination of values: {"happy, lilac (#d1d4f9)": their numbers, ...}."""
    groups: dict[str, list[int]] = {}
    answers = [images.conditions[:, images.groups[name]].argmax(dim=1).tolist() for name in attributes]
    values = [condition_values(images.condition_names)[name] for name in attributes]
    for number, combination in enumerate(zip(*answers, strict=True)):
        label = ", ".join(names[value] for names, value in zip(values, combination, strict=True))
        groups.setdefault(label, []).append(number)
    return {label: torch.tensor(groups[label]) for label in sorted(groups)}
