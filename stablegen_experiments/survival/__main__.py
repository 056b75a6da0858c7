"""Many trials: recipes × seeds, in parallel, resumable, one line of JSON for each finished run.

    python -m stablegen_experiments.survival ring grid --recipes article stable --seeds 20 --workers 2

Lesson 07 shows the table that comes of it.
"""

import argparse
import shlex
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import torch

from stablegen_experiments.records import by_key
from stablegen_experiments.runs import run_all
from stablegen_experiments.survival.contestants import BUDGETS, CONTESTANTS
from stablegen_experiments.survival.standings import standings, text_table
from stablegen_experiments.survival.trials import Trial, run
from stablegen_lib.plumbing.command_line import count, seed


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; ``--help`` explains it."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    options = parser.parse_args(arguments)
    command = f"python -m stablegen_experiments.survival {shlex.join(_without_results(arguments))}"
    try:
        trials = _trials(options)
        by_key(options.results)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    torch.set_num_threads(1)  # as in the workers: runs beside each other must not wait for each other
    try:
        if options.workers == 1:
            records = run_all(trials, options.results, run, command=command)
        else:
            spawn = get_context("spawn")
            with ProcessPoolExecutor(options.workers, spawn, torch.set_num_threads, (1,)) as pool:
                records = run_all(
                    trials, options.results, run, pool, at_once=options.workers, command=command
                )
    except KeyboardInterrupt:
        parser.exit(130, "Stopped. Finished runs are kept; the same command goes on with the others.\n")
    for dataset in dict.fromkeys(options.datasets):
        rows = standings(records, dataset, options.steps)
        print(f"{dataset}, {options.steps or BUDGETS[dataset]:,} steps\n{text_table(rows)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stablegen_experiments.survival", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("datasets", nargs="+", choices=BUDGETS)
    parser.add_argument("--recipes", nargs="+", choices=CONTESTANTS, default=["article", "stable"])
    parser.add_argument("--seeds", type=count, default=20, help="how many of them")
    parser.add_argument("--first-seed", type=seed, default=1, help="1, because 0 served to choose recipes")
    parser.add_argument("--steps", type=count, help="instead of the data set's own number")
    parser.add_argument("--workers", type=count, default=1, help="processes; 1 runs in this one")
    parser.add_argument("--results", type=Path, default=Path("survival.jsonl"))
    return parser


def _trials(options: argparse.Namespace) -> list[Trial]:
    """Seed by seed, so that a stopped command has a little of everything; nothing twice."""
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    pairs = list(product(dict.fromkeys(options.datasets), dict.fromkeys(options.recipes)))
    return [
        CONTESTANTS[name].trial(dataset, each, options.steps) for each in seeds for dataset, name in pairs
    ]


def _without_results(arguments: Sequence[str]) -> list[str]:
    """Where the lines are kept is the user's business, and may be a path of one machine."""
    kept = list(arguments)
    if "--results" in kept:
        place = kept.index("--results")
        del kept[place : place + 2]
    return [word for word in kept if not word.startswith("--results=")]


if __name__ == "__main__":
    main()
