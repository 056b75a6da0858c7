"""Lesson 05: discriminator and generator take turns, one step each.

Open `loop.py` first: ``train`` is a Python generator. It does one step, yields what happened, and waits; the
caller's ``for`` decides what to draw, when to save, when to stop. `recipe.py` holds the numbers of a run,
`losses.py` D's side of them, `state.py` what a stopped run needs to go on, `resuming.py` how it goes on,
`snapshots.py` the film of a run, `averaging.py` the running average of G; `batches.py`, `diff_augment.py`,
`distributed.py` and `shard.py` are what stands behind. `toy.py` is the whole game once more, in a few lines,
for lessons 00, 02, 03 and 04.
"""

from stablegen_lib.plumbing.stopping import TrainingStopped
from stablegen_lib.training.loop import (
    DiscriminatorTurn,
    Shown,
    Step,
    discriminator_turn,
    generator_turn,
    train,
)
from stablegen_lib.training.recipe import ARTICLE, STABLE, STABLE_POINTS, Recipe
from stablegen_lib.training.resuming import resume
from stablegen_lib.training.snapshots import Snapshot, Snapshots
from stablegen_lib.training.state import TrainingState, change_recipe, save_state, start
from stablegen_lib.training.toy import ring_game

__all__ = [
    "ARTICLE",
    "STABLE",
    "STABLE_POINTS",
    "DiscriminatorTurn",
    "Recipe",
    "Shown",
    "Snapshot",
    "Snapshots",
    "Step",
    "TrainingState",
    "TrainingStopped",
    "change_recipe",
    "discriminator_turn",
    "generator_turn",
    "resume",
    "ring_game",
    "save_state",
    "start",
    "train",
]
