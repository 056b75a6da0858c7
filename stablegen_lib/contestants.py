"""Who takes part in the stability experiments: the article's recipe, ours, theirs with one change each."""

from dataclasses import dataclass, field, replace
from typing import Any

from stablegen_lib.recipe import ARTICLE, STABLE, Recipe
from stablegen_lib.trials import Trial

BUDGETS = {"ring": 5_000, "grid": 12_000, "faces": 1_500, "stacked_digits": 5_000}
"""Training steps on each data set: the same for every recipe."""

SCORED = {"stacked_digits": 5}
"""How often scores are taken where it is not ten times: 26,000 pictures take a while."""


@dataclass(frozen=True)
class Contestant:
    """A recipe, and what it asks of the networks besides.

    Args:
        recipe: As a run starts with; what decays does so over the run's own number of steps.
        points: Options for ``StableGen.for_points``.
        images: Options for ``StableGen.for_images``.
    """

    recipe: Recipe
    points: dict[str, Any] = field(default_factory=dict)
    images: dict[str, Any] = field(default_factory=dict)

    def trial(self, dataset: str, seed: int, steps: int | None = None) -> Trial:
        """This recipe on a data set, with the budget that all have."""
        steps = BUDGETS[dataset] if steps is None else steps
        recipe, network = self.recipe, self.points if dataset in ("ring", "grid") else self.images
        if recipe.decay_steps:
            recipe = replace(recipe, decay_steps=steps)
        if recipe.instance_noise:
            recipe = replace(recipe, instance_noise_steps=max(1, steps // 2))
        return Trial(dataset, recipe, seed, steps, network, min(SCORED.get(dataset, 10), steps))


ANNEALED = Recipe(
    name="annealed",
    generator_learning_rate=3e-3,
    discriminator_learning_rate=3e-3,
    betas=(0.0, 0.99),
    loss="relativistic",
    r1_gamma=1.0,
    r2_gamma=1.0,
    decay_steps=12_000,
    learning_rate_decay=0.02,
    penalty_decay=0.002,
    averaging_decay=0.995,
    batch_size=256,
    precision="float32",
)
"""Ours for points: strong penalties at first, so that G spreads over all modes, then ever weaker ones, so
that it can let go of the gaps. In bfloat16 numbers near 2 are 0.016 apart, and the ring's modes 0.02 wide."""

ANNEALED_PICTURES = replace(
    ANNEALED,
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


def _changed(name: str, base: Recipe = ARTICLE, **changes: Any) -> Recipe:
    return replace(base, name=name, **changes)


def _on_the_curve(gamma: float, rate: float) -> Contestant:
    rates = {"generator_learning_rate": rate, "discriminator_learning_rate": rate}
    name = f"annealed, gamma {gamma:g}, rate {rate:g}"
    return Contestant(
        _changed(name, ANNEALED, r1_gamma=gamma, r2_gamma=gamma, penalty_decay=0.01, **rates), SHARP
    )


CONTESTANTS = {
    "article": Contestant(ARTICLE),
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
    "article + averaging": Contestant(_changed("article + averaging", averaging_decay=0.995)),
    "article + mismatch": Contestant(_changed("article + mismatch", mismatch=True)),
    "article + float32": Contestant(_changed("article + float32", precision="float32")),
    "article + networks": Contestant(_changed("article + networks"), SHARP),
    "annealed": Contestant(ANNEALED, SHARP),
    "annealed pictures": Contestant(ANNEALED_PICTURES, SHARP),
    "annealed - networks": Contestant(_changed("annealed - networks", ANNEALED)),
    "annealed - relativistic": Contestant(
        _changed("annealed - relativistic", ANNEALED, loss="non_saturating"), SHARP
    ),
    "annealed - penalty decay": Contestant(
        _changed("annealed - penalty decay", ANNEALED, penalty_decay=1.0), SHARP
    ),
    "annealed - rate": Contestant(
        _changed("annealed - rate", ANNEALED, generator_learning_rate=1e-3, discriminator_learning_rate=1e-3),
        SHARP,
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
