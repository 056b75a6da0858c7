"""Trains the autoencoders of lesson 12: ``python data/weights/train/autoencoder.py --seeds 3``.

With a discriminator and without. Appends each finished run to data/experiments/autoencoder.jsonl,
and leaves out those that stand there already. Those of seed 0 are stored too, beside this file.
About three minutes of one core for each seed.
"""

import argparse
from pathlib import Path

from stablegen_experiments import autoencoders as trials
from stablegen_experiments.records import Record
from stablegen_experiments.runs import run_all

WEIGHTS = Path(__file__).resolve().parents[1]
RESULTS = WEIGHTS.parent / "experiments" / "autoencoder.jsonl"
STORED = {"with": "faces_autoencoder", "without": "faces_autoencoder_plain"}


def run(trial: trials.Trial) -> Record:
    model, steps = trial.train()
    if trial.seed == 0 and trial.variant in STORED:
        model.save(WEIGHTS / f"{STORED[trial.variant]}.safetensors", dtype="float16")
    return trials.record(trial, model, steps)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="how many")
    arguments = parser.parse_args()
    command = f"python data/weights/train/autoencoder.py --seeds {arguments.seeds}"
    wanted = [trials.Trial(variant, seed) for variant in trials.VARIANTS for seed in range(arguments.seeds)]
    run_all(wanted, RESULTS, run, command=command)


if __name__ == "__main__":
    main()
