"""The game between D and G in the plane, one move at a time: what the `Duel` widget shows.

A round is one move: of D, of G, or of both. The game keeps score.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib import log_loss, training
from stablegen_lib.data import gaussians as gaussians
from stablegen_lib.data.gaussians import PointSet
from stablegen_lib.plumbing.interrupt import finish_step_first
from stablegen_lib.stability.modes import ModeScores, mode_scores
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.batches import Batches
from stablegen_lib.training.recipe import Recipe
from stablegen_lib.training.state import MEMORY_FORMATS
from stablegen_lib.widgets.duel import strokes

DATA_SETS: dict[str, Callable[[], PointSet]] = {
    "ring": lambda: gaussians.ring(standard_deviation=0.1),
    "grid": lambda: gaussians.grid(standard_deviation=0.1),
    "moons": strokes.two_moons,
}
GAME = Recipe(name="duel", betas=(0.0, 0.99), r1_gamma=0.02, batch_size=128, precision="float32")
"""Where the game starts: both learning rates 0.001, non-saturating loss, a light slope penalty."""

SCORED = 2_500  # generated points behind every score, as in the paper that `mode_scores` names
SHOWN = 200  # of them, those in the picture
SCORE_EVERY = 10  # rounds
LONGEST = 400  # entries of a history; even, see `_append`


class Game:
    """D against G on points in the plane. The same seed and the same moves give the same game.

    Args:
        dataset: "ring", "grid", "moons", or points of your own.
        recipe: What both start with; ``change`` replaces parts of it between two moves.
        seed: Decides the networks, the batches and every z.

    Raises:
        ValueError: If there is no data set of that name.
    """

    def __init__(self, dataset: str | PointSet = "ring", *, recipe: Recipe = GAME, seed: int = 0) -> None:
        self.dataset = as_points(dataset)
        self.reach: float = reach_of(self.dataset)
        self.recipe, self.seed = recipe, seed
        self.reset()

    def __repr__(self) -> str:
        return f"Game({self.dataset.name!r}, round={self.round}, seed={self.seed})"

    def reset(self, seed: int | None = None) -> None:
        """Back to untrained networks and empty histories; recipe and data stay."""
        self.seed = self.seed if seed is None else seed
        self.model = StableGen.for_points(seed=self.seed, device="cpu")
        self.state = training.start(self.model, self.recipe, self.seed)
        random = torch.Generator().manual_seed(self.seed + 1)
        self.z = torch.randn(SCORED, self.model.latent_dim, generator=random)
        self.discriminator_losses: list[tuple[int, float]] = []  # round, nats
        self.generator_losses: list[tuple[int, float]] = []
        self.score_history: list[tuple[int, ModeScores]] = []
        self.use(self.dataset, self.reach)

    def use(self, dataset: str | PointSet, reach: float | int | None = None) -> None:
        """Puts other points in place of the real ones. The networks go on from where they are.

        Args:
            dataset: As at the start.
            reach: Half the side of the square that is looked at, with 0 in its middle, in units of
                the plane. None takes one that holds all centres.
        """
        self.dataset = as_points(dataset)
        self.reach = reach_of(self.dataset) if reach is None else float(reach)
        self._batches = Batches(self.model, self.dataset, MEMORY_FORMATS[self.recipe.memory_format])
        self._scores: ModeScores | None = None
        self._keep_scores()

    def change(self, **fields: Any) -> None:
        """Goes on with other settings, named as in ``Recipe``: ``game.change(loss="minimax")``.

        Raises:
            TypeError: If ``Recipe`` has no such field.
            ValueError: If a value is out of its range; then nothing changes.
        """
        recipe = replace(self.recipe, **fields)
        training.change_recipe(self.state, recipe)
        self.recipe = recipe

    @property
    def round(self) -> int:
        """Rounds done so far."""
        return self.state.number

    def step(self) -> None:
        """D moves, then G, on the same generated points: one step of ``training.train``.

        Raises:
            TrainingStopped: If a loss is not finite; so do the two below.
        """
        with finish_step_first():
            turn = training.discriminator_turn(self.model, self._batches, self.state)
            loss = training.generator_turn(self.model, self._batches, self.state, turn.shown)
            self._finish(discriminator_loss=turn.loss, generator_loss=loss)

    def step_discriminator(self) -> None:
        """Only D moves."""
        turn = training.discriminator_turn(self.model, self._batches, self.state)
        self._finish(discriminator_loss=turn.loss)

    def step_generator(self) -> None:
        """Only G moves."""
        self._finish(generator_loss=training.generator_turn(self.model, self._batches, self.state))

    def _finish(self, discriminator_loss: float | None = None, generator_loss: float | None = None) -> None:
        self.state.number += 1
        self._scores = None
        if discriminator_loss is not None:
            _append(self.discriminator_losses, (self.round, discriminator_loss))
        if generator_loss is not None:
            _append(self.generator_losses, (self.round, generator_loss))
        if self.round % SCORE_EVERY == 0:
            self._keep_scores()

    def _keep_scores(self) -> None:
        if self.score_history and self.score_history[-1][0] == self.round:
            self.score_history.pop()
        _append(self.score_history, (self.round, self.scores()))

    @torch.no_grad()
    def generated(self, count: int = SHOWN) -> Float[Tensor, "count 2"]:
        """What G makes of the first of the game's own z, which stay the same from round to round."""
        z = self.z[:count]
        points: Tensor = self.model.generator(z.new_zeros(len(z), 0), z)
        return points

    @torch.no_grad()
    def probabilities(self, resolution: int = 60) -> Float[Tensor, "row column"]:
        """D's probability of "real" on a grid of cells over the square that is looked at.

        Row 0 is the top of the plane, as in a picture; each cell is asked at its centre.
        """
        line = self.reach * ((torch.arange(resolution) + 0.5) * (2 / resolution) - 1)
        down, across = torch.meshgrid(-line, line, indexing="ij")
        places = torch.stack([across, down], dim=2).reshape(-1, 2)
        logits: Tensor = self.model.discriminator(places.new_zeros(len(places), 0), places)
        return logits.sigmoid().reshape(resolution, resolution)

    def arrows(self, points: Float[Tensor, "count 2"]) -> Float[Tensor, "count 2"]:
        """Where D's answer pushes each generated point: minus the gradient of G's loss at the point.

        This is what G receives from D. G turns it into a move of its weights, and these are shared:
        a point need not go where its own arrow leads.

        Args:
            points: Generated points; each counts as if it were alone in its batch.

        Returns:
            In nats per unit of the plane.
        """
        with torch.enable_grad():
            points = points.detach().requires_grad_(True)
            logits = self.model.discriminator(points.new_zeros(len(points), 0), points)
            loss = log_loss.GENERATOR_LOSSES[self.recipe.loss](logits) * len(points)  # a mean, made a sum
            (gradient,) = torch.autograd.grad(loss, points)
        return -gradient

    def slopes(self, points: Float[Tensor, "count 2"]) -> Float[Tensor, "count 2"]:
        """D's slope at each point: the gradient of its logit, which the R1 penalty charges at real points.

        Returns:
            In nats per unit of the plane; the penalty is γ/2 times the mean of its squared length.
        """
        with torch.enable_grad():
            points = points.detach().requires_grad_(True)
            logits = self.model.discriminator(points.new_zeros(len(points), 0), points)
            (gradient,) = torch.autograd.grad(logits.sum(), points)
        return gradient

    def steepness(self) -> float:
        """Mean squared slope of D at the real points that are shown; squared nats per squared unit."""
        return float(self.slopes(self.dataset.points[:SHOWN]).square().sum(dim=1).mean())

    def scores(self) -> ModeScores:
        """Mode coverage and on-mode mass now, from 2,500 generated points."""
        if self._scores is None:
            real = self.dataset
            self._scores = mode_scores(
                self.generated(SCORED), centres=real.centres, standard_deviation=real.standard_deviation
            )
        return self._scores


def as_points(dataset: str | PointSet) -> PointSet:
    """The data set of that name, or the points themselves."""
    if isinstance(dataset, PointSet):
        return dataset
    if dataset not in DATA_SETS:
        raise ValueError(
            f"one of the data sets {list(DATA_SETS)} or a PointSet was needed, {dataset!r} came."
        )
    return DATA_SETS[dataset]()


def reach_of(dataset: PointSet) -> float:
    """Half the side of a square around 0 that holds all centres with a margin, in whole units."""
    return float(math.ceil(float(dataset.centres.abs().max()) + 0.5))


def _append(history: list[Any], entry: object) -> None:
    """When there are too many entries, every second one goes; the oldest and the newest stay."""
    history.append(entry)
    if len(history) > LONGEST:
        history[:] = history[::2]
