"""The walk of `walk.py` in a process of its own, without the checks of shapes that the tests switch on."""

import json
import subprocess
import sys
from typing import Any

from places import ROOT

SLOW = ("data.load_", "augmentation.train", "widgets.Duel", "widgets.Editor", "widgets.Latent", "widgets.S",
        "training.train", "plots.")  # fmt: skip
PROMPTED = ("latent_diffusion.", "widgets.Prompter")  # take longest, and need diffusers


def run_walk(*arguments: str) -> dict[str, Any]:
    """Counts, excuses that were needed, and the tries that failed."""
    command = [sys.executable, str(ROOT / "tests" / "helpers" / "walk.py"), "--json", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
