"""The benchmark of several processes runs, and says how to start it."""

import re
import subprocess
import sys

import pytest
from places import ROOT

SCRIPT = str(ROOT / "benchmarks" / "processes.py")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=300, cwd=ROOT)


@pytest.mark.slow
def test_two_processes_print_a_row_for_each_batch():
    done = run("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", SCRIPT,
               "--rounds", "1", "--batches", "4", "8")  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [re.findall(r"[\d.]+", line) for line in done.stdout.splitlines() if line.lstrip()[:1].isdigit()][
        1:
    ]
    assert [row[0] for row in rows] == ["4", "8"]
    assert all(
        len(row) == 8 and float(row[1]) > 0 for row in rows
    )  # own, alone, twice a median and its range
    assert all(0 < float(row[i + 1]) <= float(row[i]) <= float(row[i + 2]) for row in rows for i in (2, 5))


def test_one_process_says_how_to_start_two():
    done = run(SCRIPT)
    assert done.returncode == 1
    assert "torchrun" in done.stderr
