"""One trial: a recipe, a data set and a seed; trained, scored along the way, and written down.

A trial is plain values and `run` a plain function, so that any executor can send them to another
process or another machine. `stablegen_experiments.runs` runs many.
"""

import hashlib
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from stablegen_experiments.records import Record
from stablegen_experiments.survival import fused
from stablegen_experiments.survival.judges import JUDGES, Judge, Scores
from stablegen_experiments.survival.rule import Outcome, failure
from stablegen_lib import training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.recipe import Recipe

VERSIONS = ("raw", "averaged")  # the generator in training, and its running average


@dataclass(frozen=True)
class Trial:
    """What to run; equal trials have equal results on one machine.

    Args:
        dataset: A name in ``judges.JUDGES``.
        recipe: How to train.
        seed: Decides the networks, the batches and every z.
        steps: How many training steps.
        network: Sizes, as keyword arguments of ``StableGen.for_points`` or ``for_images``.
        scored: How often scores are taken, evenly over the run; the last time at its end.
        fused: One of ``fused.WAYS``; empty for two networks that are trained in turn.

    Raises:
        ValueError: If the data set or the way of fusing is unknown, seed and steps are no whole numbers, or
            fewer steps than scores are asked for.
    """

    dataset: str
    recipe: Recipe
    seed: int
    steps: int
    network: dict[str, Any] = field(default_factory=dict)
    scored: int = 10
    fused: str = ""

    def __post_init__(self) -> None:
        if self.dataset not in JUDGES:
            raise ValueError(f"unknown data set {self.dataset!r}; choose from {', '.join(JUDGES)}")
        if self.fused and self.fused not in fused.WAYS:
            raise ValueError(f"unknown way of fusing {self.fused!r}; choose from {', '.join(fused.WAYS)}")
        if not (isinstance(self.seed, int) and isinstance(self.steps, int)):
            raise ValueError(f"whole numbers were needed; seed {self.seed!r}, {self.steps!r} steps came.")
        if not 1 <= self.scored <= self.steps:
            raise ValueError(f"from 1 score to one per step were needed; {self.scored} came "
                             f"for {self.steps} steps.")  # fmt: skip

    @property
    def key(self) -> str:
        """A name made of everything above: a finished trial is found by it."""
        values = {**asdict(self), "recipe": self.recipe.as_dict()}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def run(trial: Trial) -> Record:
    """Trains, scores, judges. The result is plain values for one line of JSON.

    A run that stops because a number is not finite is a result too, not an error.

    Raises:
        ValueError: If recipe, networks and data do not go together.
    """
    judge, began, trained = JUDGES[trial.dataset], time.perf_counter(), 0.0
    model = untrained(trial)
    history: list[dict[str, Any]] = []
    stopped = ""
    following = progress(trial, model)
    try:
        for took, scores in following:
            trained += took
            history += [scores] if scores else []
    except (training.TrainingStopped, ValueError) as error:
        stopped = str(error)
    record: Record = {"key": trial.key, "trial": {**asdict(trial), "recipe": trial.recipe.as_dict()}}
    record |= {"history": history, "stopped": stopped, "real": _short(judge.real_scores())}
    record |= {version: _ending(judge, record, version) for version in VERSIONS}
    seconds = {"training": round(trained, 2), "all": round(time.perf_counter() - began, 2)}
    return {**record, "seconds": seconds}


def untrained(trial: Trial) -> StableGen:
    """The networks that a trial starts with."""
    return JUDGES[trial.dataset].model(trial.seed, **trial.network)


def progress(trial: Trial, model: StableGen) -> Iterator[tuple[float, dict[str, Any]]]:
    """Trains step by step: the seconds of each step, and the scores after it where they are due, else {}.

    Raises:
        ValueError: At once, if recipe, networks and data do not go together; later, if a sample that is
            to be scored is not finite.
        TrainingStopped: If a loss is not finite.
    """
    judge = JUDGES[trial.dataset]
    return _progress(trial, model, judge, _train(trial, model, judge))


def _progress(
    trial: Trial, model: StableGen, judge: Judge, steps: Iterator[training.Step]
) -> Iterator[tuple[float, dict[str, Any]]]:
    due = {math.ceil(trial.steps * (index + 1) / trial.scored) for index in range(trial.scored)}
    for step in steps:
        yield step.seconds, {"step": step.number, **_both(judge, model)} if step.number in due else {}


def _train(trial: Trial, model: StableGen, judge: Judge) -> Iterator[training.Step]:
    train = partial(fused.train, way=trial.fused) if trial.fused else training.train
    return train(model, judge.dataset, steps=trial.steps, recipe=trial.recipe, seed=trial.seed)


def outcome(record: Record, version: str) -> Outcome:
    """What ``survival.failure`` judges: the end of the run, beside its best Fréchet distance."""
    scores = [entry[version] for entry in record["history"]]
    if record["stopped"] or not scores:
        return Outcome(finite=False)
    last: Scores = scores[-1]
    best = min((each["distance"] for each in scores if "distance" in each), default=None)
    return Outcome(
        captured=int(last["captured"]) if "captured" in last else None,
        modes=int(last["modes"]) if "modes" in last else None,
        on_mode_mass=last.get("on_mode_mass"),
        last_distance=last.get("distance"),
        best_distance=best,
        distance_floor=record["real"].get("distance", 0.0),
    )


def _both(judge: Judge, model: StableGen) -> dict[str, Scores]:
    return {version: _short(judge.scores(model, averaged=version == "averaged")) for version in VERSIONS}


def _short(scores: Scores) -> Scores:
    """Five digits: more would only make the file longer."""
    return {name: float(f"{each:.5g}") if isinstance(each, float) else each for name, each in scores.items()}


def _ending(judge: Judge, record: Record, version: str) -> dict[str, Any]:
    scores = [entry[version] for entry in record["history"]]
    ends = {"best": min(scores, key=judge.badness), "last": scores[-1]} if scores else {}
    return {"failure": failure(outcome(record, version)), **ends}
