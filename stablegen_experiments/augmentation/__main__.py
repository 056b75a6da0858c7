"""Runs the experiments of lesson 10 over seeds and keeps the results.

``python -m stablegen_experiments.augmentation labels changes gap --seeds 10`` runs what the results
file does not hold yet, one line of JSON for each finished trial, and prints the tables.
"""

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from stablegen_experiments.augmentation.trials import (
    OF_GENERATORS,
    RESULTS,
    SIZES,
    run,
    scores,
    text_table,
    trials,
)
from stablegen_experiments.runs import run_all
from stablegen_lib.plumbing.command_line import count


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; ``--help`` says how."""
    parser = argparse.ArgumentParser(prog="python -m stablegen_experiments.augmentation", description=__doc__)
    parser.add_argument("experiments", nargs="+", choices=list(SIZES))
    parser.add_argument("--seeds", type=count, default=10, help="run seeds 0, 1, … up to so many")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file of JSON lines, only added to")
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    asked = f"{' '.join(options.experiments)} --seeds {options.seeds}"
    command = f"python -m stablegen_experiments.augmentation {shlex.join(shlex.split(asked))}"
    records = run_all(
        trials(options.experiments, range(options.seeds)), options.results, run, command=command
    )
    for name in options.experiments:
        kinds = dict.fromkeys(OF_GENERATORS, "distance") | {"gap": "worst", "reasons": "worst"}
        score = kinds.get(name, "accuracy")
        over = "real" if name in OF_GENERATORS else "nothing"
        for size in SIZES[name]:
            print(f"\n{name}, {size}\n{text_table(scores(records, name, size), score, over)}")


if __name__ == "__main__":
    main()
