"""What the experiments of lesson 10 compare: each way to get more examples, and its scores.

`trials.py` runs them over seeds and keeps the results.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from statistics import mean
from typing import Any

import torch
from torch import Tensor

from stablegen_experiments.survival.judges import JUDGES
from stablegen_lib import augmentation, data, metrics, training
from stablegen_lib.augmentation import Classical
from stablegen_lib.data.image_set import ImageSet, replace_attribute
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.recipe import STABLE

Scores = dict[str, float]
RECIPE = replace(STABLE, name="short", batch_size=64, memory_format="channels_last")
AUGMENTED = replace(RECIPE, name="short with DiffAugment", diff_augment=("colour", "translation", "cutout"))
UNCOLOURED = replace(RECIPE, name="short, place and hole", diff_augment=("translation", "cutout"))
WIDTH = 32  # of the generators that are trained here
MADE = 4_000  # generated pictures at hand; as many real ones where those without a label are used
TARGET = "glasses"  # what is read when labels are few
GAP = {"mouth": ("happy", "sad"), "background": ("blue (#b6e3f4)", "purple (#c0aede)")}  # they go together
RARE = 5  # faces of each mouth on the other background
STILL = Classical(shift=0, mirror=False, brightness=0, colour=0, noise=0)
STEADY = Classical(shift=0)  # a mouth is happy or sad by a pixel or two: do not move it


def labels(size: int, seed: int, steps: int) -> dict[str, Scores]:
    """Few labelled faces: accuracy on the test faces for each way to add to them."""
    few, accuracies = few_labelled(size, seed), {}
    same = train_generator(few, AUGMENTED, steps, seed)
    made = {
        "": None,
        "generated, same labels": drawn(same, _as_in(few, seed), few.condition_names, seed),
        "generated, all labels": from_all_labels(seed),
    }
    for name, extra in made.items():
        for changes in (None, Classical()):
            way = " + ".join(part for part in (name, changes and "classical") if part) or "nothing"
            accuracies[way] = augmentation.train_classifier(few, extra=extra, augment=changes, seed=seed)
    for name, pictures in (("generated", _drawn_without_labels(seed)), ("real", _others(seed))):
        extra = augmentation.labelled_by(accuracies["nothing"], pictures)
        accuracies[f"{name}, labelled by nothing's"] = augmentation.train_classifier(
            few, extra=extra, seed=seed
        )
    return {way: {"accuracy": read(classifier)} for way, classifier in accuracies.items()}


def changes(size: int, seed: int, steps: int) -> dict[str, Scores]:
    """Few labelled faces: which classical change does what, and whether a longer run makes up for it.

    Args:
        size: How many faces.
        seed: Decides which ones, and all else.
        steps: Of the two longer runs; the others get as many as everywhere.
    """
    few = few_labelled(size, seed)
    options: dict[str, dict[str, Any]] = {
        "nothing": {},
        "shift": {"augment": replace(STILL, shift=1)},
        "mirror": {"augment": replace(STILL, mirror=True)},
        "brightness and colour": {"augment": replace(Classical(), shift=0, mirror=False, noise=0)},
        "noise": {"augment": replace(STILL, noise=0.05)},
        "all four": {"augment": Classical()},
        "all four, longer": {"augment": Classical(), "steps": steps},
        "nothing, longer": {"steps": steps},
    }
    return {way: {"accuracy": read(augmentation.train_classifier(few, seed=seed, **each))}
            for way, each in options.items()}  # fmt: skip


def few_labelled(size: int, seed: int) -> ImageSet:
    """So many training faces, of which only `TARGET` is known."""
    return augmentation.choose(augmentation.with_only(faces("train"), TARGET), size, seed)


def read(classifier: AttributeClassifier) -> float:
    """Accuracy for `TARGET` on the test faces."""
    return augmentation.accuracy(classifier, augmentation.with_only(faces("test"), TARGET), TARGET)


def gap(size: int, seed: int, steps: int) -> dict[str, Scores]:
    """A biased set: how well the mouth is read where it goes with the other background, and elsewhere."""
    biased = biased_set(size, seed)
    even, mouths = even_weights(biased), augmentation.with_only(biased, "mouth")
    same = rare_examples(train_generator(biased, AUGMENTED, steps, seed), biased, seed)
    everything = augmentation.with_only(rare_from_all(seed), "mouth")
    options: dict[str, dict[str, Any]] = {
        "nothing": {},
        "classical": {"augment": STEADY},
        "oversampling": {"weights": even},
        "oversampling + classical": {"weights": even, "augment": STEADY},
        "generated, same faces": {"extra": same},
        "generated, same faces + classical": {"extra": same, "augment": STEADY},
        "generated, all faces": {"extra": everything},
        "generated, all faces + classical": {"extra": everything, "augment": STEADY},
    }
    return {way: by_group(augmentation.train_classifier(mouths, seed=seed, **each))
            for way, each in options.items()}  # fmt: skip


def biased_set(size: int, seed: int) -> ImageSet:
    """Training faces on two backgrounds: happy ones on the first, sad ones on the second.

    Only `RARE` faces of each kind stand on the other one. Mouth and background are known.
    """
    known = augmentation.with_only(faces("train"), *GAP)
    usual, others = combinations(known)
    random = torch.Generator().manual_seed(seed)
    counts = [*zip(usual, (size // 2 - RARE,) * 2, strict=True), *zip(others, (RARE,) * 2, strict=True)]
    return known[torch.cat([numbers[torch.randperm(len(numbers), generator=random)[:count]]
                            for numbers, count in counts])]  # fmt: skip


def combinations(images: ImageSet) -> tuple[list[Tensor], list[Tensor]]:
    """Numbers of the images of the two usual combinations, and of the two rare ones."""
    groups = augmentation.group_numbers(images, *GAP)
    mouths, backgrounds = GAP.values()
    usual = [groups[f"{mouth}, {colour}"] for mouth, colour in zip(mouths, backgrounds, strict=True)]
    others = [groups[f"{mouth}, {colour}"] for mouth, colour in zip(mouths, backgrounds[::-1], strict=True)]
    return usual, others


def even_weights(images: ImageSet) -> Tensor:
    """How often to draw each image so that all four combinations come equally often."""
    weights = torch.zeros(len(images))
    for members in itertools.chain(*combinations(images)):
        weights[members] = 1 / len(members)
    return weights


def rare_examples(model: StableGen, biased: ImageSet, seed: int) -> ImageSet:
    """Generated examples of the rare combinations, with nothing but the mouth for a label."""
    mouths, backgrounds = GAP.values()
    asked = [biased.condition(mouth=mouth, background=colour)
             for mouth, colour in zip(mouths, backgrounds[::-1], strict=True)]  # fmt: skip
    conditions = torch.stack(asked).repeat_interleave(MADE // 4, dim=0)
    return augmentation.with_only(drawn(model, conditions, biased.condition_names, seed), "mouth")


def by_group(classifier: AttributeClassifier) -> Scores:
    """Accuracy for the mouth on unseen faces: worst of the four combinations, rare ones, usual ones."""
    usual, others = combinations(unseen())
    asked = augmentation.with_only(unseen(), "mouth")
    shares = [[augmentation.accuracy(classifier, asked[members], "mouth") for members in kind]
              for kind in (usual, others)]  # fmt: skip
    return {"worst": min(itertools.chain(*shares)), "usual": mean(shares[0]), "rare": mean(shares[1])}


def pictures(size: int, seed: int, steps: int, recipe: training.Recipe) -> dict[str, Scores]:
    """Few pictures: how good a generator gets, and whether it copies."""
    known = augmentation.choose(faces("train"), size, seed)
    model = train_generator(known, recipe, steps, seed)
    judge = JUDGES["faces"]
    scores = {name: float(value) for name, value in judge.scores(model, averaged=True).items()}
    made = model.sample(conditions=unseen().conditions[:500], seed=seed)
    return {"generated": scores | copying(made, known),
            "real": {name: float(value) for name, value in judge.real_scores().items()}}  # fmt: skip


def copying(made: Tensor, known: ImageSet) -> Scores:
    """Distance to the nearest known picture, divided by that of unseen real ones: mean, and nearest 1 %."""
    known_pixels = data.to_unit_range(known.images)
    ours, real = (metrics.nearest(images, known_pixels)[0]
                  for images in (made, data.to_unit_range(unseen().images[:500])))  # fmt: skip
    tail = torch.quantile(ours, 0.01) / torch.quantile(real, 0.01)
    return {"nearest, mean": float(ours.mean() / real.mean()), "nearest, 1 %": float(tail)}


def train_generator(known: ImageSet, recipe: training.Recipe, steps: int, seed: int) -> StableGen:
    """A small pair after a short run on these pictures."""
    model = StableGen.for_images(known, width=WIDTH, seed=seed, device="cpu")
    for _ in training.train(model, known, steps=steps, recipe=recipe, seed=seed):
        pass
    return model


def drawn(model: StableGen, conditions: Tensor, names: Sequence[str], seed: int) -> ImageSet:
    """As `augmentation.generated_examples`."""
    return augmentation.generated_examples(model, conditions, names, seed=seed)


@cache
def faces(split: str) -> ImageSet:
    """Loaded once."""
    return data.load_faces(split)


@cache
def unseen() -> ImageSet:
    """Validation and test faces together: enough of the rare combination to judge it."""
    return augmentation.joined(faces("validation"), faces("test"))


@cache
def shipped(name: str) -> StableGen:
    return StableGen.load(data.data_dir() / "weights" / name, device="cpu")


def _as_in(few: ImageSet, seed: int) -> Tensor:
    """Conditions in the shares of the few."""
    random = torch.Generator().manual_seed(seed)
    return few.conditions[torch.randint(len(few), (MADE,), generator=random)]


def from_all_labels(seed: int) -> ImageSet:
    """By the shipped generator, which has learnt from all 16,000 faces; only `TARGET` for a label."""
    asked = augmentation.choose(faces("train"), MADE, seed)
    made = drawn(shipped("faces"), asked.conditions, asked.condition_names, seed)
    return augmentation.with_only(made, TARGET)


def rare_from_all(seed: int) -> ImageSet:
    """The rare combinations by the shipped generator; everything else as in the training faces."""
    asked = augmentation.choose(faces("train"), MADE // 4, seed)
    mouths, backgrounds = GAP.values()
    conditions = []
    for mouth, colour in zip(mouths, backgrounds[::-1], strict=True):
        wish = asked.conditions
        for name, value in (("mouth", mouth), ("background", colour)):
            wish = replace_attribute(wish, asked.condition_names, attribute=name, value=value)
        conditions.append(wish)
    return drawn(shipped("faces"), torch.cat(conditions), asked.condition_names, seed)


def _drawn_without_labels(seed: int) -> ImageSet:
    """By the shipped generator that has learnt from all 16,000 faces, but from no label."""
    return drawn(shipped("faces_unconditional"), torch.zeros(MADE, 0), (), seed)


def _others(seed: int) -> ImageSet:
    """Real faces, whose labels nobody looks at."""
    return augmentation.choose(faces("train"), MADE, seed + 10_000)
