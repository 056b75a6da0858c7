"""Kills a training run with signal 9 at random moments and compares every resumed run with the unbroken one.

    python tests/helpers/survive.py --kills 50

Each time a process trains and saves, dies somewhere between its start and its end, and another process
goes on from the file. Signal 9 cannot be caught: nothing is tidied up. It is no power cut: what the
operating system has accepted, it still writes.
"""

import argparse
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import tiny

from stablegen_lib import training

IMAGES = tiny.pictures()
RECIPE = tiny.recipe(training.STABLE)
STEPS, SAVE_EVERY = 60, 2


def train(folder: Path) -> None:
    """From the saved state, or from the beginning, to the last step."""
    target = folder / "run.safetensors"
    model = tiny.model(IMAGES)
    state = training.start(model, RECIPE, seed=1)
    if target.exists():
        model, state = training.resume(target, device="cpu")
    steps = STEPS - state.number
    for _ in training.train(model, IMAGES, steps=steps, state=state, save_to=target, save_every=SAVE_EVERY):
        pass


def forked(work: Callable[[], None]) -> int:
    """The id of a new process that does the work; it ends with 0, or with 1 after an error."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    return process


def finished(process: int) -> int:
    """Waits; 0 if all went well, −9 if killed."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unbroken(folder: Path) -> dict[int, str]:
    """What the saved file must be after each step, from a run that nobody disturbs."""
    model, path, expected = tiny.model(IMAGES), folder / "now.safetensors", {}
    for step in training.train(model, IMAGES, steps=STEPS, state=training.start(model, RECIPE, seed=1)):
        training.save_state(path, model, step.state)
        expected[step.number] = digest(path)
    assert len(set(expected.values())) == STEPS  # so that files can tell steps apart
    return expected


def one_kill(folder: Path, after: float, expected: dict[int, str]) -> tuple[str, int]:
    """Kills one run so many seconds after its start, checks the file, resumes, checks the end.

    Returns:
        Where it was hit ("in a save" if an unfinished file lay there), and the step of the file left.
    """
    process = forked(lambda: train(folder))
    time.sleep(after)
    os.kill(process, signal.SIGKILL)
    status = finished(process)
    if status == 0:
        return "after its end", STEPS
    assert status == -signal.SIGKILL, f"the run ended by itself, with {status}"
    target, number = folder / "run.safetensors", 0
    if target.exists():
        number = training.resume(target, device="cpu")[1].number
        assert digest(target) == expected[number], (
            f"the file of step {number} is not that of the unbroken run"
        )
    where = "in a save" if list(folder.glob(".*.part")) else "in a step"
    assert finished(forked(lambda: train(folder))) == 0, "the run could not be resumed"
    assert digest(target) == expected[STEPS], f"resumed from step {number}, it ended elsewhere"
    return where, number


def survive(kills: int, seed: int) -> tuple[Counter[str], Counter[int]]:
    """Repeats until so many runs were killed before their end; counts where, and which step was left."""
    moments, where, numbers = random.Random(seed), Counter(), Counter()
    training.start(tiny.model(IMAGES), RECIPE)  # what torch imports with the first optimiser, once for all
    with tempfile.TemporaryDirectory(prefix="survive-") as name:
        expected = reference(Path(name))
        began = time.perf_counter()
        (Path(name) / "whole").mkdir()
        assert finished(forked(lambda: train(Path(name) / "whole"))) == 0
        seconds = time.perf_counter() - began
        while where["in a save"] + where["in a step"] < kills:
            folder = Path(tempfile.mkdtemp(dir=name))
            after = moments.uniform(0, seconds)
            hit, number = one_kill(folder, after, expected)
            seconds = after if hit == "after its end" else 1.1 * seconds  # as busy as the machine is now
            where[hit] += 1
            numbers[number] += hit != "after its end"
    return where, +numbers


def reference(folder: Path) -> dict[int, str]:
    """As ``unbroken``, in a process of its own and written down there: this one stays free of training."""
    lines = folder / "expected.txt"

    def work() -> None:
        lines.write_text("\n".join(unbroken(folder).values()))

    assert finished(forked(work)) == 0
    return dict(enumerate(lines.read_text().split(), start=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="decides the moments, as far as clocks allow")
    options = parser.parse_args()
    where, numbers = survive(options.kills, options.seed)
    print(f"killed {where['in a save'] + where['in a step']} times, {where['in a save']} in a save; "
          f"left at steps {sorted(numbers)}")  # fmt: skip
    print("every resumed run equals the unbroken one, bit for bit")


if __name__ == "__main__":
    main()
