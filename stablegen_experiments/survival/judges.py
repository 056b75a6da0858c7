"""The data sets of the stability experiments, and how a generator is scored on each of them.

Every score stands beside what fresh real samples get: nobody can expect more.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from stablegen_experiments.survival import stacked_digits
from stablegen_lib import data
from stablegen_lib.data import gaussians as gaussians
from stablegen_lib.metrics import AttributeClassifier, features, obeyed
from stablegen_lib.metrics.distances import frechet_distance
from stablegen_lib.stability import modes
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.batches import Samples

Scores = dict[str, float | int]
FOUR = ("glasses", "hat", "skinColor", "primaryBackgroundColor")
POINTS = 2_500  # generated points behind every score, as in the papers that `modes` names
Z_SEED = 20_000  # the same z for every score, and none that a training run draws


class Judge(ABC):
    """A data set to learn from, an untrained pair that fits it, and the scores of what was learnt."""

    @property
    @abstractmethod
    def dataset(self) -> Samples:
        """The real samples that training sees."""

    @abstractmethod
    def model(self, seed: int, **network: Any) -> StableGen:
        """An untrained pair; ``network`` goes to ``StableGen.for_points`` or ``for_images``."""

    @abstractmethod
    def scores(self, model: StableGen, *, averaged: bool) -> Scores:
        """How good the generator is now, or its running average; always with the same z."""

    @abstractmethod
    def real_scores(self) -> Scores:
        """The same for fresh real samples: the floor, or the ceiling."""

    @abstractmethod
    def badness(self, scores: Scores) -> float:
        """One number that is smallest where the scores are best."""


@dataclass(frozen=True)
class PointJudge(Judge):
    """Ring or grid: modes found, samples on a mode, evenness."""

    make: Callable[..., data.PointSet]

    @cached_property
    def dataset(self) -> data.PointSet:
        return self.make()

    def model(self, seed: int, **network: Any) -> StableGen:
        return StableGen.for_points(seed=seed, device="cpu", **network)

    def scores(self, model: StableGen, *, averaged: bool) -> Scores:
        return self._judged(model.sample(POINTS, seed=Z_SEED, averaged=averaged))

    def real_scores(self) -> Scores:
        return self._judged(self.make(samples=POINTS, seed=Z_SEED).points)

    def badness(self, scores: Scores) -> float:
        """Fewest missing modes first, then most samples on a mode."""
        return scores["modes"] - scores["captured"] + 1 - scores["on_mode_mass"]

    def _judged(self, points: Tensor) -> Scores:
        centres, deviation = self.dataset.centres, self.dataset.standard_deviation
        found = modes.mode_scores(points, centres=centres, standard_deviation=deviation)
        kl = modes.reverse_kl(points, centres=centres)
        return {
            "captured": found.captured,
            "modes": found.modes,
            "on_mode_mass": found.on_mode_mass,
            "kl": kl,
        }


class FaceJudge(Judge):
    """Faces: Fréchet distance on the attribute classifier's features, and four attributes as asked."""

    @cached_property
    def dataset(self) -> data.ImageSet:
        return data.load_faces("train")

    @cached_property
    def validation(self) -> data.ImageSet:
        return data.load_faces("validation")

    @cached_property
    def classifier(self) -> AttributeClassifier:
        return AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")

    @cached_property
    def real_features(self) -> Tensor:
        return features(self.classifier, data.to_unit_range(self.validation.images))

    def model(self, seed: int, **network: Any) -> StableGen:
        return StableGen.for_images(self.dataset, seed=seed, device="cpu", **network)

    def scores(self, model: StableGen, *, averaged: bool) -> Scores:
        conditions = self.validation.conditions
        made = model.sample(conditions=conditions, seed=Z_SEED, averaged=averaged)
        return self._judged(made, conditions)

    def real_scores(self) -> Scores:
        others = data.load_faces("test")
        return self._judged(data.to_unit_range(others.images), others.conditions)

    def badness(self, scores: Scores) -> float:
        """The Fréchet distance."""
        return scores["distance"]

    def _judged(self, images: Tensor, conditions: Tensor) -> Scores:
        verdict = obeyed(self.classifier, images, conditions)
        as_asked = torch.stack([verdict[name] for name in FOUR]).all(dim=0).float().mean().item()
        distance = frechet_distance(self.real_features, features(self.classifier, images))
        return {"distance": distance, "as_asked": as_asked}


class StackedDigitsJudge(Judge):
    """Stacked digits: how many of 1,000 numbers, how evenly, and the Fréchet distance."""

    @cached_property
    def dataset(self) -> data.ImageSet:
        return stacked_digits.stacked_digits()

    @cached_property
    def classifier(self) -> AttributeClassifier:
        return stacked_digits.load_digit_classifier()

    @cached_property
    def real_features(self) -> Tensor:
        return self._features(self._fresh(Z_SEED + 1))

    def model(self, seed: int, **network: Any) -> StableGen:
        return StableGen.for_images(self.dataset, seed=seed, device="cpu", **network)

    def scores(self, model: StableGen, *, averaged: bool) -> Scores:
        return self._judged(model.sample(stacked_digits.SAMPLES, seed=Z_SEED, averaged=averaged))

    def real_scores(self) -> Scores:
        return self._judged(self._fresh(Z_SEED))

    def badness(self, scores: Scores) -> float:
        """The divergence from the true frequencies."""
        return scores["kl"]

    def _fresh(self, seed: int) -> Tensor:
        drawn = stacked_digits.stacked_digits(stacked_digits.SAMPLES, seed=seed)
        return data.to_unit_range(drawn.images)

    def _features(self, images: Tensor) -> Tensor:
        return features(self.classifier, images.reshape(-1, 1, 8, 8)).view(len(images), -1)

    def _judged(self, images: Tensor) -> Scores:
        found = stacked_digits.stacked_scores(self.classifier, images)
        distance = frechet_distance(self.real_features, self._features(images))
        return {"captured": found.captured, "modes": found.modes, "kl": found.kl, "distance": distance}


JUDGES: dict[str, Judge] = {
    "ring": PointJudge(gaussians.ring),
    "grid": PointJudge(gaussians.grid),
    "faces": FaceJudge(),
    "stacked_digits": StackedDigitsJudge(),
}
