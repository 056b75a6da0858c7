"""Trains lesson 12's autoencoders of portraits: ``python data/weights/train/portrait_autoencoders.py``.

Both share 4,900 steps; then one goes on with a discriminator, which has learnt alone before, and the
other without. Writes portraits_autoencoder.safetensors and portraits_autoencoder_plain.safetensors, and
adds a line for each to data/experiments/autoencoder_portraits.jsonl. A quarter of an hour of one core;
stopped, it goes on with what is not finished (my_portraits_together.safetensors holds the shared past).
"""

from pathlib import Path

import torch

from stablegen_experiments import portrait_autoencoders as trials
from stablegen_experiments.records import append, by_key
from stablegen_experiments.runs import surroundings
from stablegen_lib.autoencoder import Autoencoder

WEIGHTS = Path(__file__).resolve().parents[1]
SHARED = WEIGHTS / "my_portraits_together.safetensors"
STORED = {"with": "portraits_autoencoder", "without": "portraits_autoencoder_plain"}
COMMAND = "python data/weights/train/portrait_autoencoders.py"


def shared_past() -> Autoencoder:
    """The one that an earlier start of this script has stored, or a new one."""
    if not SHARED.exists():
        trials.together().save(SHARED, dtype="float16")
    return Autoencoder.load(SHARED).to(memory_format=torch.channels_last)


def main() -> None:
    done, about = by_key(trials.RESULTS), {"command": COMMAND, **surroundings()}
    for variant in trials.VARIANTS:
        if f"portraits, {variant}, seed 0" in done:
            continue
        model, steps, alone = trials.apart(shared_past().train(), variant)
        model.eval().save(WEIGHTS / f"{STORED[variant]}.safetensors", dtype="float16")
        found = append(trials.RESULTS, {**trials.record(variant, model, steps, alone=alone), "about": about})
        shown = ("variant", "error", "detail", "agreement", "alone", "end", "seconds")
        print({name: found[name] for name in shown}, flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
