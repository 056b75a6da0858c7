"""Many trials, one line of JSON for each finished one; stopped, the same command goes on."""

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, as_completed, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

import torch
from tqdm import tqdm

from stablegen_experiments.records import Record, append, by_key


@runtime_checkable
class Keyed(Protocol):
    """A trial: plain values, so that any executor can send it elsewhere, and a name made of them."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


def run_all(
    trials: Sequence[T],
    results: Path,
    run: Callable[[T], Record],
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
        run: Does one trial; its record must hold the trial's ``key``.
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
    finished = map(run, missing) if executor is None else _elsewhere(missing, run, executor, at_once)
    with tqdm(total=len(missing), unit="run", disable=None) as bar:
        for record in finished:
            done[record["key"]] = append(results, {**record, "about": about})
            bar.update()
    return [done[trial.key] for trial in trials]


def _elsewhere(
    trials: Iterable[T], run: Callable[[T], Record], executor: Executor, at_once: int
) -> Iterator[Record]:
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
