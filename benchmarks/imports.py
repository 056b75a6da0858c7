"""What an import costs: processor time of a fresh Python, in turns, against `import torch` alone."""

import argparse
import os
import statistics
import subprocess
import sys

RIVALS = {
    "torch": "import torch",
    "data, training": "from stablegen_lib import data, training",
    "latent": "from stablegen_lib import latent",
    "metrics": "from stablegen_lib import metrics",
    "course": "from stablegen_lib import course",
    "plots": "from stablegen_lib import plots",
    "widgets": "from stablegen_lib import widgets",
}


def processor_seconds(code: str) -> float:
    """User and system time of a Python that runs this and ends."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    for code in RIVALS.values():  # bytecode and the disk's cache
        processor_seconds(code)
    turns = [{name: processor_seconds(code) for name, code in RIVALS.items()} for _ in range(rounds)]
    for name in RIVALS:
        ratios = sorted(turn[name] / turn["torch"] for turn in turns)
        seconds = statistics.median(turn[name] for turn in turns)
        spread = f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(f"{name:15} {seconds:5.2f} s  {statistics.median(ratios):4.2f} {spread}")


if __name__ == "__main__":
    main()
