"""Runs the experiments of lesson 10 over seeds and keeps the results.

``python -m stablegen_lib.augmentation_trials labels changes gap --seeds 10`` runs what the results file
does not hold yet, one line of JSON for each finished trial, and prints the tables. What the trials compare
stands in `augmentation_ways.py`.
"""

import argparse
import shlex
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from tqdm import tqdm

from stablegen_lib import augmentation_ways as ways
from stablegen_lib import data
from stablegen_lib.command_line import count
from stablegen_lib.experiments import surroundings
from stablegen_lib.paired import PairedDifference, paired_difference
from stablegen_lib.records import append, by_key

Record = dict[str, Any]
RESULTS = data.data_dir() / "experiments" / "augmentation.jsonl"
SIZES = {"labels": (50, 200), "changes": (200,), "gap": (300,), "uncoloured": (100, 400), "longer": (100,),
         "pictures": (100, 400, 1_600, 6_400, 16_000)}  # fmt: skip
STEPS = {"labels": 300, "changes": 800, "gap": 400, "pictures": 600, "uncoloured": 600, "longer": 2_400}
OF_GENERATORS = ("pictures", "uncoloured", "longer")  # judged themselves; elsewhere a classifier is
WITH_AUGMENTED = 400  # DiffAugment is tried with at most so many pictures


@dataclass(frozen=True)
class Trial:
    """One line of results.

    Attributes:
        experiment: One of ``SIZES``.
        size: Labelled examples, or pictures to train on.
        seed: Decides which examples, every start and every batch.
        augmented: Whether the generator is trained with DiffAugment ("pictures" and "longer" only). In
            "uncoloured" it always is, but without changes of colour.

    Raises:
        ValueError: If there is no such experiment, or no examples are asked for.
    """

    experiment: str
    size: int
    seed: int
    augmented: bool = False

    def __post_init__(self) -> None:
        if self.experiment not in SIZES or self.size < 1:
            came = f"{self.experiment!r} of size {self.size}"
            raise ValueError(f"one of {tuple(SIZES)} with at least 1 example was needed; {came} came.")

    @property
    def key(self) -> str:
        """By this a finished trial is found."""
        with_it = " with DiffAugment" if self.augmented else ""
        return f"{self.experiment} {self.size}{with_it}, seed {self.seed}"


def trials(experiments: Iterable[str], seeds: Iterable[int]) -> list[Trial]:
    """All trials of these experiments, seed by seed, so that a stopped run has a little of everything."""
    experiments = tuple(experiments)
    found = []
    for seed in seeds:
        for name in experiments:
            for size in SIZES[name]:
                found.append(Trial(name, size, seed))
                if name in ("pictures", "longer") and size <= WITH_AUGMENTED:
                    found.append(Trial(name, size, seed, augmented=True))
    return found


def run(trial: Trial, steps: int | None = None) -> Record:
    """Does one trial; the result is plain values.

    Args:
        trial: What to do.
        steps: Training steps of the generators ("changes": of the longer runs); ``STEPS`` when left out.
    """
    steps = STEPS[trial.experiment] if steps is None else steps
    began = time.process_time()
    if trial.experiment in OF_GENERATORS:
        recipe = ways.AUGMENTED if trial.augmented else ways.RECIPE
        recipe = ways.UNCOLOURED if trial.experiment == "uncoloured" else recipe
        scores = ways.pictures(trial.size, trial.seed, steps, recipe)
    else:
        compare = {"labels": ways.labels, "changes": ways.changes, "gap": ways.gap}[trial.experiment]
        scores = compare(trial.size, trial.seed, steps)
    short = {way: {name: round(value, 4) for name, value in each.items()} for way, each in scores.items()}
    return {"key": trial.key, "trial": asdict(trial), "steps": steps, "scores": short,
            "processor_seconds": round(time.process_time() - began, 1)}  # fmt: skip


def run_all(wanted: Sequence[Trial], results: Path = RESULTS, *, command: str = "") -> list[Record]:
    """Runs the trials that the file does not hold yet. Interrupted, it loses the unfinished one only."""
    done = by_key(results)
    about = {"command": command, **surroundings()}
    for trial in tqdm([trial for trial in wanted if trial.key not in done], unit="trial", disable=None):
        done[trial.key] = append(results, {**run(trial), "about": about})
    return [done[trial.key] for trial in wanted]


def scores(
    records: Iterable[Record], experiment: str, size: int, *, augmented: bool = False
) -> dict[str, dict[str, list[float]]]:
    """Way -> score -> one number per seed, in the order of the seeds."""
    chosen = sorted(
        (record for record in records
         if (record["trial"]["experiment"], record["trial"]["size"], record["trial"]["augmented"])
         == (experiment, size, augmented)),
        key=lambda record: int(record["trial"]["seed"]),
    )  # fmt: skip
    table: dict[str, dict[str, list[float]]] = {}
    for record in chosen:
        for way, each in record["scores"].items():
            for name, value in each.items():
                table.setdefault(way, {}).setdefault(name, []).append(value)
    return table


def gains(
    table: dict[str, dict[str, list[float]]], score: str, over: str = "nothing"
) -> dict[str, PairedDifference]:
    """How much better each other way is than one of them, seed by seed."""
    base = table[over][score]
    return {way: paired_difference(each[score], base) for way, each in table.items() if way != over}


def text_table(table: dict[str, dict[str, list[float]]], score: str, over: str = "nothing") -> str:
    """Mean of one score for each way, and its gain over one of them with the 95 % interval."""
    width = max(map(len, table))
    differences = gains(table, score, over) if len(table[over][score]) > 1 else {}
    lines = [f"{'way':<{width}}  {score:<10}  gain over {over} (95 % interval; seeds better)"]
    for way, each in table.items():
        gain = str(differences[way]) if way in differences else ""
        lines.append(f"{way:<{width}}  {mean(each[score]):<10.3f}  {gain}".rstrip())
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; ``--help`` says how."""
    parser = argparse.ArgumentParser(prog="python -m stablegen_lib.augmentation_trials", description=__doc__)
    parser.add_argument("experiments", nargs="+", choices=list(SIZES))
    parser.add_argument("--seeds", type=count, default=10, help="run seeds 0, 1, … up to so many")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file of JSON lines, only added to")
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    asked = f"{' '.join(options.experiments)} --seeds {options.seeds}"
    command = f"python -m stablegen_lib.augmentation_trials {shlex.join(shlex.split(asked))}"
    records = run_all(trials(options.experiments, range(options.seeds)), options.results, command=command)
    for name in options.experiments:
        score = {"gap": "worst"}.get(name, "distance" if name in OF_GENERATORS else "accuracy")
        over = "real" if name in OF_GENERATORS else "nothing"
        for size in SIZES[name]:
            print(f"\n{name}, {size}\n{text_table(scores(records, name, size), score, over)}")


if __name__ == "__main__":
    main()
