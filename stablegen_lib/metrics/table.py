"""All measures of a generated crowd in one table, each beside what real pictures get."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.data import ImageSet, to_bytes, to_unit_range
from stablegen_lib.metrics.classifier import AttributeClassifier, as_read, features
from stablegen_lib.metrics.distances import density_coverage, frechet_distance, kernel_distance
from stablegen_lib.metrics.obedience import Verdict, as_asked, constant_answer
from stablegen_lib.metrics.pixels import (
    memorisation_ratio,
    only,
    same_condition_pairs,
    same_condition_spread,
    usual_distance,
)
from stablegen_lib.plumbing.doors import door

Values = dict[str, float]


@dataclass(frozen=True)
class Report:
    """What `report` found. Print it, or index it: ``report["coverage"]``.

    Attributes:
        values: Measure -> value of the generated crowd.
        real: The same for other real pictures, measured in the same way: the floor, or the ceiling.
        chance: What one constant answer gets, for the shares as asked; see `constant_answer`.
        n: Pictures in each crowd. Distances at another n cannot be compared.
        pairs: Pairs of equal conditions behind "spread, same x", generated and real.
    """

    values: Values
    real: Values
    chance: Values
    n: int
    pairs: tuple[int, int]

    def __getitem__(self, measure: str) -> float:
        return self.values[measure]

    def __str__(self) -> str:
        width = max(map(len, self.values))
        lines = [f"{f'n = {self.n}':<{width}}  {'generated':>9}  {'real':>9}  {'constant':>9}"]
        for name, value in self.values.items():
            chance = f"  {_short(self.chance[name]):>9}" if name in self.chance else ""
            lines.append(f"{name:<{width}}  {_short(value):>9}  {_short(self.real[name]):>9}{chance}")
        return "\n".join(lines)


class Yardstick:
    """Measures one generated crowd after the other; what they share is computed once.

    Args:
        judge: Trained on real pictures; its last hidden layer gives the features.
        training: What the generators learnt from.
        reference: Real pictures that the distances are measured to, held out.
        other: More held-out real pictures, as many: they give the column "real".
        same: Attributes that must agree for "spread, same x"; all of them when none is named.

    Raises:
        ValueError: If the two real crowds differ in number.
    """

    @door()
    def __init__(
        self,
        judge: AttributeClassifier,
        *,
        training: ImageSet,
        reference: ImageSet,
        other: ImageSet,
        same: tuple[str, ...] = (),
    ) -> None:
        self.judge, self.same, self.training = judge, same, training
        self.n = len(reference)
        self.known = to_unit_range(training.images)
        self.held_out = to_unit_range(reference.images)
        self.anchor = features(judge, self.held_out)
        self.usual = usual_distance(self.held_out, self.known)
        self.real, self.real_pairs = self._measured(to_unit_range(other.images), other.conditions)

    @door()
    def report(
        self,
        images: Float[Tensor, "count channel height width"],
        conditions: Float[Tensor, "count condition"],
    ) -> Report:
        """The table for generated pictures, and for what each of them was asked to show.

        Raises:
            ValueError: If there are not as many as reference pictures.
        """
        values, pairs = self._measured(images, conditions)
        chance = _shares(constant_answer(conditions, self.training))
        return Report(values, self.real, chance, self.n, (pairs, self.real_pairs))

    def _measured(self, images: Tensor, conditions: Tensor) -> tuple[Values, int]:
        if len(images) != self.n:
            raise ValueError(
                f"crowds of one size were needed: {self.n} reference pictures, {len(images)} came."
            )
        asked = ImageSet(to_bytes(images), conditions, self.judge.condition_names, "asked")
        kinds = only(asked, *self.same)
        seen = features(self.judge, images)
        with torch.no_grad():
            logits = self.judge.answer(seen)  # the judge looks once, for the distances and for its verdict
        values = {
            **_distances(self.anchor, seen),
            **_shares(as_read(self.judge, logits, conditions)),
            "spread, same x": same_condition_spread(images, kinds),
            "memorisation": memorisation_ratio(
                images, training=self.known, held_out=self.held_out, usual=self.usual
            ),
        }
        return values, same_condition_pairs(kinds).shape[1]


@door()
def report(
    images: Float[Tensor, "count channel height width"],
    conditions: Float[Tensor, "count condition"],
    *,
    judge: AttributeClassifier,
    training: ImageSet,
    reference: ImageSet,
    other: ImageSet,
    same: tuple[str, ...] = (),
) -> Report:
    """Everything about one generated crowd in one call; see `Yardstick` for the arguments."""
    ruler = Yardstick(judge, training=training, reference=reference, other=other, same=same)
    return ruler.report(images, conditions)


def _short(value: float) -> str:
    """No more digits than mean something: another z moves a Fréchet distance of hundreds by tens."""
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.3f}" if 0 < size < 0.1 else f"{value:.2f}"


def _distances(anchor: Tensor, seen: Tensor) -> Values:
    unit = anchor.square().mean().sqrt()  # so that the kernel's two terms are of one size
    near = density_coverage(anchor, seen)
    return {
        "Fréchet distance": frechet_distance(anchor, seen),
        "kernel distance": kernel_distance(anchor / unit, seen / unit),
        "density": near.density,
        "coverage": near.coverage,
    }


def _shares(verdict: Verdict) -> Values:
    return {f"as asked: {name}": as_asked(verdict, name) for name in verdict} | {
        "as asked, all": as_asked(verdict)
    }
