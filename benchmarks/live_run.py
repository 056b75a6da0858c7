"""Lesson 05's run on faces: which recipe makes them as good in the least time?

    python benchmarks/live_run.py race --seeds 1 2 3 4 5
    python benchmarks/live_run.py time
    python benchmarks/live_run.py table

``race`` trains each and scores it at its end, on the validation split; a run's line is kept in
``live_run.jsonl``, and the same command goes on with what is missing. ``time`` compares seconds of the
processor, in turns on one thread.
"""

import argparse
import dataclasses
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import stopwatch
import torch

from stablegen_experiments.records import Record, read_records
from stablegen_experiments.runs import run_all
from stablegen_experiments.survival.judges import Z_SEED, FaceJudge
from stablegen_lib import metrics, training
from stablegen_lib.metrics.distances import frechet_distance

RESULTS = Path(__file__).resolve().parents[1] / "data" / "experiments" / "live_run.jsonl"
LOOKS = (0.25, 0.5, 0.75, 1.0)  # shares of the run after which it is scored, to see it fail
JUDGE = FaceJudge()


def falling(steps: int, rate: float = 2e-3, **changes: Any) -> tuple[int, training.Recipe]:
    """`STABLE` with small batches, and steps that begin large and get smaller."""
    usual: dict[str, Any] = {
        "batch_size": 32, "generator_learning_rate": rate, "discriminator_learning_rate": rate,
        "decay_steps": steps, "learning_rate_decay": 0.1,
    }  # fmt: skip
    return steps, dataclasses.replace(training.STABLE, **{**usual, **changes})


RELATIVISTIC: dict[str, Any] = {"loss": "relativistic"}
VARIANTS: dict[str, tuple[int, training.Recipe]] = {
    "now": (1_200, training.STABLE),
    "relativistic, rate .003, 1,700, every 8th": falling(1_700, 3e-3, **RELATIVISTIC, penalty_every=8),
    "relativistic, rate .003, 1,600": falling(1_600, 3e-3, **RELATIVISTIC),
    "relativistic, rate .003": falling(1_800, 3e-3, **RELATIVISTIC),
    "relativistic, rate .003, every 8th": falling(1_800, 3e-3, **RELATIVISTIC, penalty_every=8),
    "relativistic, rate .004": falling(1_800, 4e-3, **RELATIVISTIC),
    "relativistic": falling(1_800, **RELATIVISTIC),
    "relativistic 2,000": falling(2_000, **RELATIVISTIC),
    "relativistic, gamma .25": falling(1_800, **RELATIVISTIC, r1_gamma=0.25),
    "falling": falling(1_800),
}
NEAREST = "relativistic, rate .003, 1,700, every 8th"


@dataclass(frozen=True)
class Trial:
    """One variant with one seed."""

    variant: str
    seed: int

    @property
    def key(self) -> str:
        return f"{self.variant}, seed {self.seed}"


@torch.no_grad()
def scores(model: Any) -> dict[str, Any]:
    """Distance, each attribute as asked, and all of them at once; 2,000 faces."""
    asked = JUDGE.validation.conditions
    made = model.sample(conditions=asked, seed=Z_SEED)
    hits = metrics.obeyed(JUDGE.classifier, made, asked)
    distance = frechet_distance(JUDGE.real_features, metrics.features(JUDGE.classifier, made))
    every = torch.stack(list(hits.values())).all(dim=0)
    return {
        "distance": distance,
        "as_asked": {name: hit.float().mean().item() for name, hit in hits.items()},
        "all": every.float().mean().item(),
    }


def run(trial: Trial) -> Record:
    steps, recipe = VARIANTS[trial.variant]
    model = JUDGE.model(trial.seed)
    looks, curve, spent = {max(1, round(share * steps)) for share in LOOKS}, [], 0.0
    began = time.process_time()
    for step in training.train(model, JUDGE.dataset, steps=steps, recipe=recipe, seed=trial.seed):
        if step.number in looks:
            spent += time.process_time() - began
            curve.append({"steps": step.number, "seconds": round(spent, 2), **scores(model)})
            began = time.process_time()
    print(f"{trial.key}: {spent:.0f} s, distance {curve[-1]['distance']:.0f}, "
          f"all as asked {curve[-1]['all']:.3f}", flush=True)  # fmt: skip
    return {"key": trial.key, **dataclasses.asdict(trial), "recipe": recipe.as_dict(), "curve": curve}


def failed(record: Record) -> bool:
    """As in lesson 07: the last distance is above 1.5 times the best of the run."""
    distances = [point["distance"] for point in record["curve"]]
    return bool(distances[-1] > 1.5 * min(distances))


def table(records: Sequence[Record]) -> str:
    """For each variant the means over its seeds, lowest and highest; seconds of the processor."""
    lines = ["| variant | steps | seeds | seconds | Fréchet distance | all eight as asked | failed |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    for variant in dict.fromkeys(record["variant"] for record in records):
        ends = [record["curve"][-1] for record in records if record["variant"] == variant]
        failures = sum(failed(record) for record in records if record["variant"] == variant)
        distances, shares = ([end[name] for end in ends] for name in ("distance", "all"))
        seconds = statistics.mean(end["seconds"] for end in ends)
        lines.append(
            f"| {variant} | {ends[0]['steps']:,} | {len(ends)} | {seconds:.0f} "
            f"| {statistics.mean(distances):.0f} ({min(distances):.0f} to {max(distances):.0f}) "
            f"| {statistics.mean(shares):.3f} ({min(shares):.3f} to {max(shares):.3f}) | {failures} |"
        )
    return "\n".join(lines)


def compare_times(variants: Sequence[str]) -> None:
    """Seconds of the processor for a whole run against the first variant's, in turns."""
    runs = {
        name: training.train(JUDGE.model(0), JUDGE.dataset, steps=10**9, recipe=VARIANTS[name][1])
        for name in variants
    }
    seconds = stopwatch.in_turns(runs, steps=16, rounds=9)
    whole = {name: [VARIANTS[name][0] * second for second in values] for name, values in seconds.items()}
    print(stopwatch.surroundings())
    for name, values in whole.items():
        ratio = stopwatch.ratio(values, whole[variants[0]])
        step = 1000 * statistics.median(seconds[name])
        print(f"{name}: {step:.0f} ms a step, {statistics.median(values):.0f} s, {ratio}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=("race", "time", "table"))
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=["now", NEAREST])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if options.what == "time":
        compare_times(options.variants)
        return
    if options.what == "race":
        trials = [Trial(variant, seed) for seed in options.seeds for variant in options.variants]
        run_all(trials, options.results, run, command="python benchmarks/live_run.py race")
    print(table(read_records(options.results)))


if __name__ == "__main__":
    main()
