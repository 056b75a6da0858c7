"""Many trials: recipes × seeds, in parallel, resumable, one line of JSON for each finished run.

    python -m stablegen_lib.experiments ring grid --recipes article stable --seeds 20 --workers 2

Lesson 07 shows the table that comes of it.
"""

import argparse
import os
import platform
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    as_completed,
    wait,
)
from datetime import UTC, datetime
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median
from typing import Any

import torch
from tqdm import tqdm

from stablegen_lib.command_line import count, seed
from stablegen_lib.contestants import BUDGETS, CONTESTANTS
from stablegen_lib.records import append, by_key
from stablegen_lib.survival import survival_rate
from stablegen_lib.trials import VERSIONS, Record, Trial, outcome, run


def run_all(
    trials: Sequence[Trial],
    results: Path,
    executor: Executor | None = None,
    *,
    at_once: int = 1,
    command: str = "",
) -> list[Record]:
    """Runs the trials that the file does not hold yet, and adds a line for each as it finishes.

    Interrupted (Ctrl-C, a power cut) it loses the unfinished runs only; called again, it goes on.

    Args:
        trials: What to run, in this order.
        results: A file of JSON lines; made when missing, only ever added to.
        executor: Anything with the interface of ``concurrent.futures.Executor``: processes of this
            machine, or a cluster's, such as Dask's ``client.get_executor()``. None runs here.
        at_once: How many trials the executor is given at a time: its number of workers, or more.
        command: How to repeat this; stored with every line.

    Returns:
        The records of all these trials, old and new, in their order.

    Raises:
        ValueError: If the file holds something else than such results.
        OSError: If the file cannot be written. Both before the first run.
    """
    done = by_key(results)
    missing = list({trial.key: trial for trial in trials if trial.key not in done}.values())
    about = {"command": command, **surroundings()}
    finished = _here(missing) if executor is None else _elsewhere(missing, executor, at_once)
    with tqdm(total=len(missing), unit="run", disable=None) as bar:
        for record in finished:
            done[record["key"]] = append(results, {**record, "about": about})
            bar.update()
    return [done[trial.key] for trial in trials]


def _here(trials: Iterable[Trial]) -> Iterator[Record]:
    return map(run, trials)


def _elsewhere(trials: Iterable[Trial], executor: Executor, at_once: int) -> Iterator[Record]:
    """Never hands out more than ``at_once``: what waits in a queue could not be called back.

    If a run fails, or somebody presses Ctrl-C, those beside it are still waited for, and kept.
    """
    waiting, running = iter(trials), set[Future[Record]]()
    try:
        while True:
            for trial in waiting:
                running.add(executor.submit(run, trial))
                if len(running) >= at_once:
                    break
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                running.discard(future)
                yield future.result()
    except (Exception, KeyboardInterrupt):
        for future in as_completed(running):
            if not future.cancelled() and future.exception() is None:
                yield future.result()
        raise


def surroundings() -> dict[str, Any]:
    """What a stored result depends on besides its trial."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "machine": f"{_processor()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads per run",
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def table(records: Iterable[Record]) -> str:
    """Markdown: survival with its interval, and the last and best scores, of each recipe."""
    groups: dict[tuple[str, str, int], list[Record]] = {}
    for record in records:
        trial = record["trial"]
        groups.setdefault((trial["dataset"], trial["recipe"]["name"], trial["steps"]), []).append(record)
    lines = ["| data | recipe | steps | weights | survived | 95 % | last | best | seconds |",
             "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for (dataset, name, steps), group in groups.items():
        seconds = median(record["seconds"]["training"] for record in group)
        for version in VERSIONS:
            rate = survival_rate(outcome(record, version) for record in group)
            last, best = (
                _means([record[version][end] for record in group if end in record[version]])
                for end in ("last", "best")
            )
            cells = (dataset, name, steps, version, f"{rate.survived} of {rate.runs}",
                     f"{rate.low:.2f}–{rate.high:.2f}", last, best, f"{seconds:.0f}")  # fmt: skip
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _means(scores: list[dict[str, float | int]]) -> str:
    names = [name for name in (scores[0] if scores else {}) if name != "modes"]
    return ", ".join(f"{name} {mean(each[name] for each in scores):.4g}" for name in names)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; ``--help`` explains it."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    options = parser.parse_args(arguments)
    command = f"python -m stablegen_lib.experiments {shlex.join(_without_results(arguments))}"
    try:
        trials = _trials(options)
        by_key(options.results)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    torch.set_num_threads(1)  # as in the workers: runs beside each other must not wait for each other
    try:
        if options.workers == 1:
            records = run_all(trials, options.results, command=command)
        else:
            spawn = get_context("spawn")
            with ProcessPoolExecutor(options.workers, spawn, torch.set_num_threads, (1,)) as pool:
                records = run_all(trials, options.results, pool, at_once=options.workers, command=command)
    except KeyboardInterrupt:
        parser.exit(130, "Stopped. Finished runs are kept; the same command goes on with the others.\n")
    print(table(records))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stablegen_lib.experiments", description=__doc__, allow_abbrev=False
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
