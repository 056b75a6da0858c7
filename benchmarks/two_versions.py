"""Training steps of an earlier version of the library and of this one, in turns and in one process.

    git worktree add ../before 95d3306
    python benchmarks/two_versions.py ../before               about five minutes

The folder is a checkout of the earlier version. Weights and random numbers are the same in both.
"""

import argparse
import importlib
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from stopwatch import in_turns, surroundings

HERE = Path(__file__).resolve().parent.parent
ROOMS = ("data", "training", "stablegen")
Version = dict[str, Any]


def version(root: Path) -> Version:
    """The rooms of the library in that folder, beside those of another folder."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "stablegen_lib"]:
        del sys.modules[name]
    sys.path.insert(0, str(root))
    rooms: dict[str, ModuleType] = {room: importlib.import_module(f"stablegen_lib.{room}") for room in ROOMS}
    sys.path.remove(str(root))
    assert Path(str(rooms["data"].__file__)).is_relative_to(root), f"there is no stablegen_lib in {root}"
    return rooms


def faces(rooms: Version) -> Iterator[object]:
    pictures = rooms["data"].load_faces("train")
    model = rooms["stablegen"].StableGen.for_images(pictures, seed=0, device="cpu")
    run: Iterator[object] = rooms["training"].train(model, pictures, steps=10**9)
    return run


def points(rooms: Version, recipe: str = "STABLE_POINTS", **sizes: int) -> Iterator[object]:
    model = rooms["stablegen"].StableGen.for_points(seed=0, device="cpu", **sizes)
    used = replace(getattr(rooms["training"], recipe), precision="float32")
    run: Iterator[object] = rooms["training"].train(model, rooms["data"].ring(), steps=10**9, recipe=used)
    return run


CASES: dict[str, tuple[Callable[[Version], Iterator[object]], int, int]] = {
    "faces, STABLE": (faces, 4, 15),
    "points, STABLE_POINTS, depth 4, waves 32": (lambda rooms: points(rooms, depth=4, waves=32), 40, 25),
    "points, ARTICLE, the smallest networks": (lambda rooms: points(rooms, "ARTICLE"), 100, 25),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("before", type=Path, help="folder of the earlier version")
    before, now = version(parser.parse_args().before.resolve()), version(HERE)
    print(surroundings())
    print("| a step of | before, ms | now, ms | ratio of medians | quartiles of the rounds' ratios |")
    print("|---|---|---|---|---|")
    for name, (make, steps, rounds) in CASES.items():
        seconds = in_turns({"before": make(before), "now": make(now)}, steps=steps, rounds=rounds)
        old, new = (statistics.median(seconds[which]) for which in ("before", "now"))
        ratios = [b / a for a, b in zip(seconds["before"], seconds["now"], strict=True)]
        low, _, high = statistics.quantiles(ratios, n=4)
        print(f"| {name} | {1000 * old:.2f} | {1000 * new:.2f} | {new / old:.3f} | {low:.3f} to {high:.3f} |",
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
