"""A run of the tests that is stopped leaves nothing behind: no server, no kernel, no browser."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from places import ROOT
from servers import PATIENCE

WAITING = "tests/browser/canaries/test_waiting.py"  # awaits something for ten minutes
SIGNALS = {"Ctrl-C": "SIGINT", "SIGTERM": "SIGTERM", "SIGKILL": "SIGKILL"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def named(processes: list[psutil.Process], word: str) -> bool:
    for process in processes:
        try:
            if word in " ".join(process.cmdline()):
                return True
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            pass
    return False


@pytest.mark.parametrize("workers", [0, 1], ids=["alone", "under xdist"])
@pytest.mark.parametrize("number", SIGNALS.values(), ids=SIGNALS)
def test_a_stopped_run_leaves_no_process(tmp_path: Path, number: str, workers: int) -> None:
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", f"-n{workers}", WAITING]
    note = tmp_path / "awaited"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    # A shell that starts programs with & has them ignore Ctrl-C, and children inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with open(tmp_path / "log", "w") as log:
            run = psutil.Popen(
                command,
                cwd=ROOT,
                env=environment | {"STABLEGEN_AWAITED": str(note)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        end = time.monotonic() + 2 * PATIENCE
        while not note.exists():
            alive = run.poll() is None and time.monotonic() < end
            assert alive, (tmp_path / "log").read_text()
            time.sleep(0.2)
        everybody = family(run)
        for kind in ("jupyterlab", "demo.py", "ipykernel", "--type=renderer"):
            assert named(everybody, kind), f"no {kind} was started"
        run.send_signal(getattr(signal, number))
        _, left = psutil.wait_procs(everybody, timeout=PATIENCE)  # far less than ten minutes
        assert [process.name() for process in left] == []
        assert run.returncode != 0
    finally:
        for process in family(run) if run.is_running() else []:
            process.kill()
