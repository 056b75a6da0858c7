"""Who takes part in the stability experiments: the article's recipe, ours, theirs with one change each."""

from dataclasses import dataclass, field, replace
from typing import Any

from stablegen_experiments.survival.trials import Trial
from stablegen_lib.training.recipe import ARTICLE, STABLE, STABLE_POINTS, Recipe

BUDGETS = {"ring": 3_000, "grid": 5_000, "faces": 600, "stacked_digits": 2_000}
"""Training steps on each data set: the same for every recipe. Enough for 20 seeds in one night."""

SCORED = {"faces": 5, "stacked_digits": 4}
"""How often scores are taken where it is not ten times: thousands of pictures take a while."""

POINTS = ("ring", "grid")


@dataclass(frozen=True)
class Contestant:
    """A recipe, and what it asks of the networks besides.

    Args:
        recipe: As a run starts with; what decays does so over the run's own number of steps.
        points: Options for ``StableGen.for_points``.
        images: Options for ``StableGen.for_images``.
        fused: One of ``fused.WAYS``, for points; empty when the two networks are trained in turn.
    """

    recipe: Recipe
    points: dict[str, Any] = field(default_factory=dict)
    images: dict[str, Any] = field(default_factory=dict)
    fused: str = ""

    def trial(self, dataset: str, seed: int, steps: int | None = None) -> Trial:
        """This recipe on a data set, with the budget that all have.

        On points "auto" means float32: in bfloat16, numbers near 2 are 0.016 apart, and the ring's
        modes are 0.02 wide.

        Raises:
            ValueError: If the two networks are to be fused, and the data are pictures.
        """
        if self.fused and dataset not in POINTS:
            raise ValueError(f"{self.recipe.name!r} fuses networks for points, and {dataset!r} are pictures.")
        steps = BUDGETS[dataset] if steps is None else steps
        recipe, network = self.recipe, self.points if dataset in POINTS else self.images
        if dataset in POINTS and recipe.precision == "auto":
            recipe = replace(recipe, precision="float32")
        if recipe.decay_steps:
            recipe = replace(recipe, decay_steps=steps)
        if recipe.instance_noise:
            recipe = replace(recipe, instance_noise_steps=max(1, steps // 2))
        scored = min(SCORED.get(dataset, 10), steps)
        return Trial(dataset, recipe, seed, steps, network, scored, self.fused)


WATCHED = replace(ARTICLE, averaging_decay=0.995)
"""The article's recipe. The average is only looked at: it changes nothing in the training."""


ANNEALED_PICTURES = replace(
    STABLE_POINTS,
    name="annealed pictures",
    generator_learning_rate=2e-3,
    discriminator_learning_rate=2e-3,
    mismatch=True,
    r1_gamma=5.0,
    r2_gamma=5.0,
    learning_rate_decay=0.1,
    penalty_decay=0.2,
    averaging_decay=0.998,
    batch_size=128,
    precision="auto",
)
"""The same idea for pictures, where a weak penalty at the end gains nothing and loses modes."""

SHARP = {"depth": 4, "waves": 32}  # networks that can fold the plane sharply, and see small modes early


FALLING: dict[str, Any] = {"decay_steps": 1, "learning_rate_decay": 0.05}  # over the run, however long


def _changed(name: str, base: Recipe = WATCHED, **changes: Any) -> Recipe:
    return replace(base, name=name, **changes)


def _on_the_curve(gamma: float, rate: float) -> Contestant:
    changes = {"r1_gamma": gamma, "r2_gamma": gamma, "penalty_decay": 0.01, **_rates(rate)}
    return Contestant(_changed(f"annealed, gamma {gamma:g}, rate {rate:g}", STABLE_POINTS, **changes), SHARP)


def _rates(rate: float) -> dict[str, float]:
    return {"generator_learning_rate": rate, "discriminator_learning_rate": rate}


CONTESTANTS = {
    "article": Contestant(WATCHED),
    "stable": Contestant(STABLE),
    "article + betas": Contestant(_changed("article + betas", betas=(0.0, 0.99))),
    "article + R1": Contestant(_changed("article + R1", r1_gamma=0.5)),
    "article + R1 + R2": Contestant(_changed("article + R1 + R2", r1_gamma=0.5, r2_gamma=0.5)),
    "article + lazy R1": Contestant(_changed("article + lazy R1", r1_gamma=0.5, penalty_every=4)),
    "article + relativistic": Contestant(_changed("article + relativistic", loss="relativistic")),
    "article + spectral norm": Contestant(
        _changed("article + spectral norm"), {"spectral_norm": True}, {"spectral_norm": True}
    ),
    "article + instance noise": Contestant(_changed("article + instance noise", instance_noise=0.2)),
    "article + label smoothing": Contestant(_changed("article + label smoothing", label_smoothing=0.1)),
    "article + mismatch": Contestant(_changed("article + mismatch", mismatch=True)),
    "article + bfloat16": Contestant(_changed("article + bfloat16", precision="bfloat16")),
    "article + networks": Contestant(_changed("article + networks"), SHARP),
    "article, one step": Contestant(_changed("article, one step"), fused="one step"),
    "article, trunk": Contestant(_changed("article, trunk"), fused="trunk"),
    "article, trunk, one step": Contestant(_changed("article, trunk, one step"), fused="trunk, one step"),
    "stable - betas": Contestant(_changed("stable - betas", STABLE, betas=WATCHED.betas)),
    "stable - mismatch": Contestant(_changed("stable - mismatch", STABLE, mismatch=False)),
    "stable - R1": Contestant(_changed("stable - R1", STABLE, r1_gamma=0.0)),
    "stable - lazy penalty": Contestant(_changed("stable - lazy penalty", STABLE, penalty_every=1)),
    "stable + rate decay": Contestant(_changed("stable + rate decay", STABLE, **FALLING)),
    "stable + rate": Contestant(_changed("stable + rate", STABLE, **_rates(3e-3))),
    "stable + rate + rate decay": Contestant(
        _changed("stable + rate + rate decay", STABLE, **_rates(3e-3), **FALLING)
    ),
    "stable + networks": Contestant(_changed("stable + networks", STABLE), SHARP),
    "stable + networks + rate decay": Contestant(
        _changed("stable + networks + rate decay", STABLE, **FALLING), SHARP
    ),
    "stable + bfloat16": Contestant(_changed("stable + bfloat16", STABLE, precision="bfloat16")),
    "annealed": Contestant(STABLE_POINTS, SHARP),
    "annealed pictures": Contestant(ANNEALED_PICTURES, SHARP),
    "annealed - networks": Contestant(_changed("annealed - networks", STABLE_POINTS)),
    "annealed - relativistic": Contestant(
        _changed("annealed - relativistic", STABLE_POINTS, loss="non_saturating"), SHARP
    ),
    "annealed - penalty decay": Contestant(
        _changed("annealed - penalty decay", STABLE_POINTS, penalty_decay=1.0), SHARP
    ),
    "annealed - penalties": Contestant(
        _changed("annealed - penalties", STABLE_POINTS, r1_gamma=0.0, r2_gamma=0.0), SHARP
    ),
    "annealed - rate": Contestant(_changed("annealed - rate", STABLE_POINTS, **_rates(1e-3)), SHARP),
    "annealed - rate decay": Contestant(
        _changed("annealed - rate decay", STABLE_POINTS, learning_rate_decay=1.0), SHARP
    ),
}

CURVE = {
    contestant.recipe.name: contestant
    for contestant in (
        _on_the_curve(gamma, rate) for rate in (1e-3, 3e-3) for gamma in (0.01, 0.1, 1.0, 10.0)
    )
}
"""Weak to strong penalties at two learning rates: modes found against samples on a mode, on the grid."""
CONTESTANTS |= CURVE
