"""How long until faces are good? Our recipe, the DCGAN of the PyTorch tutorial, the article's recipe.

    python benchmarks/run.py quality                                  seeds 1 to 3, prints the ratios
    python benchmarks/time_to_quality.py --seeds 1 2 3 --results …    keeps them, goes on when stopped
    python benchmarks/time_to_quality.py --tutorial-seconds 320 …     for a processor without bfloat16

All three learn in one process, on one thread, in turns of about a second; the same judge scores them at the
same moments, and scoring takes no time of theirs. Seconds are those of the processor: on an idle machine
they are those of the clock on the wall, which stand beside them in the results. Five minutes for
each seed, nine with 320 seconds.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dcgan
import torch

from stablegen_experiments.records import append, read_records
from stablegen_experiments.runs import surroundings
from stablegen_experiments.survival.judges import FaceJudge
from stablegen_lib import training
from stablegen_lib.stablegen import StableGen

MOMENTS = (4, 5, 6.5, 8, 10, 12.5, 16, 20, 25, 32, 40, 50, 64, 80, 100, 125, 160, 200, 250, 320)
"""Seconds of training after which all are scored, within their budget. Between two nothing is guessed."""

OURS, TUTORIAL, ARTICLE = "ours", "tutorial's DCGAN", "article's recipe"
BUDGETS = {TUTORIAL: 125, OURS: 64, ARTICLE: 64}
"""Seconds. In its own the tutorial's DCGAN does more than the five passes over the data of the tutorial, on
a processor with bfloat16; on one without it was given more: see ``--tutorial-seconds``."""

TURN = 1.0  # seconds
SEEDS = (1, 2, 3)  # 0 served to choose the budget
RESULTS = Path(__file__).resolve().parents[1] / "data" / "experiments" / "time_to_quality.jsonl"
FLOAT32_RESULTS = RESULTS.with_name("time_to_quality_float32.jsonl")  # a processor without bfloat16
Point = dict[str, float]


@dataclass
class Runner:
    """One contestant: its run so far, and its scores along the way.

    Attributes:
        model: What the judge asks for faces.
        steps: The run; each item is one finished step.
        averaged: Whether the running average of G is judged, or G itself.
        seconds: Of the processor, spent on training.
        wall: The same by the clock on the wall.
        number: Steps done.
        curve: Seconds, wall, steps, images and scores at each moment.
    """

    model: StableGen
    steps: Iterator[object]
    averaged: bool
    seconds: float = 0.0
    wall: float = 0.0
    number: int = 0
    curve: list[Point] = field(default_factory=list)

    def train(self, until: float) -> None:
        """Whole steps, until so many seconds are spent."""
        while self.seconds < until:
            wall, processor = time.perf_counter(), time.process_time()
            next(self.steps)
            self.seconds += time.process_time() - processor
            self.wall += time.perf_counter() - wall
            self.number += 1

    def score(self, judge: FaceJudge) -> None:
        """Adds one point to the curve."""
        scores = judge.scores(self.model, averaged=self.averaged)
        spent = {"seconds": round(self.seconds, 3), "wall": round(self.wall, 3)}
        self.curve.append({**spent, "steps": self.number, "images": self.number * dcgan.BATCH, **scores})


def contestants(judge: FaceJudge, seed: int) -> dict[str, Runner]:
    """All at their start. What differs is named in `dcgan.py` and in `training/recipe.py`."""
    faces = judge.dataset
    tutorial = dcgan.model(faces, seed)
    runners = {TUTORIAL: Runner(tutorial, dcgan.steps(tutorial, faces, seed), averaged=False)}
    for name, recipe in ((OURS, training.STABLE), (ARTICLE, training.ARTICLE)):
        assert recipe.batch_size == dcgan.BATCH
        model = judge.model(seed)
        steps = training.train(model, faces, steps=10**9, recipe=recipe, seed=seed)
        runners[name] = Runner(model, steps, averaged=recipe.averaging_decay > 0)
    return runners


def race(judge: FaceJudge, seed: int, budgets: Mapping[str, float] = BUDGETS) -> dict[str, Any]:
    """Trains all in turns and scores them at the same moments: one record for the file of results."""
    runners = contestants(judge, seed)
    for moment in MOMENTS:
        active = {name: runner for name, runner in runners.items() if moment <= budgets[name]}
        while any(runner.seconds < moment for runner in active.values()):
            for runner in active.values():
                runner.train(min(moment, runner.seconds + TURN))
        for name, runner in active.items():
            runner.score(judge)
            last = runner.curve[-1]
            print(f"seed {seed}, {moment:5g} s, {name:<17}{last['steps']:6} steps, distance "
                  f"{last['distance']:7.0f}, as asked {last['as_asked']:.2f}", flush=True)  # fmt: skip
    return {
        "seed": seed,
        "recipes": {OURS: training.STABLE.as_dict(), ARTICLE: training.ARTICLE.as_dict()},
        "real": judge.real_scores(),
        "curves": {name: runner.curve for name, runner in runners.items()},
        "load": list(os.getloadavg()),
    }


def seconds_until(curve: Sequence[Point], aim: Point, clock: str = "seconds") -> float:
    """When both scores were at least as good for the first time; infinite if they never were."""
    for point in curve:
        if point["distance"] <= aim["distance"] and point["as_asked"] >= aim["as_asked"]:
            return point[clock]
    return float("inf")


def speedup(record: dict[str, Any], peer: str, moment: int = -1, clock: str = "seconds") -> float:
    """The peer's time up to that moment (its end, unless told), over ours until as good as it is then."""
    reached = record["curves"][peer][moment]
    return reached[clock] / seconds_until(record["curves"][OURS], reached, clock)


def summary(records: Sequence[dict[str, Any]]) -> str:
    """For each peer: its scores at its end, when we had them, and the ratio; medians, lowest, highest."""
    lines = []
    for peer in (TUTORIAL, ARTICLE):
        ends = [record["curves"][peer][-1] for record in records]
        ours = [seconds_until(record["curves"][OURS], end) for record, end in zip(records, ends, strict=True)]
        lines.append(f"{peer}, {len(records)} seeds")
        for label, values in (
            ("its seconds", [end["seconds"] for end in ends]),
            ("its distance", [end["distance"] for end in ends]),
            ("its share as asked", [end["as_asked"] for end in ends]),
            ("ours as good after", ours),
            ("ratio", [speedup(record, peer) for record in records]),
            ("ratio, wall-clock", [speedup(record, peer, clock="wall") for record in records]),
            ("ratio, images seen", [speedup(record, peer, clock="images") for record in records]),
        ):
            low, middle, high = min(values), statistics.median(values), max(values)
            lines.append(f"  {label:<20}{middle:10.4g}  ({low:.4g} to {high:.4g})")
    return "\n".join(lines)


def run(
    seeds: Sequence[int], results: Path | None = None, tutorial_seconds: float = BUDGETS[TUTORIAL]
) -> list[dict[str, Any]]:
    """Seeds that the file does not hold yet; each is kept as soon as it is done."""
    torch.set_num_threads(1)
    kept = [] if results is None else read_records(results)
    judge, budgets = FaceJudge(), {**BUDGETS, TUTORIAL: tutorial_seconds}
    longer = f"--tutorial-seconds {tutorial_seconds:g} " if budgets != BUDGETS else ""
    command = f"python benchmarks/time_to_quality.py {longer}--seeds "
    for seed in (seed for seed in seeds if seed not in {record["seed"] for record in kept}):
        about = {"command": f"{command}{seed}", **surroundings()}
        record = {**race(judge, seed, budgets), "about": about}
        kept.append(record if results is None else append(results, record))
    return sorted(kept, key=lambda record: record["seed"])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--results", type=Path, help="a file of JSON lines to add to")
    parser.add_argument("--tutorial-seconds", type=float, choices=MOMENTS, default=BUDGETS[TUTORIAL])
    options = parser.parse_args(arguments)
    print(summary(run(options.seeds, options.results, options.tutorial_seconds)))


if __name__ == "__main__":
    main()
