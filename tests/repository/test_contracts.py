"""Who may import whom stands in .importlinter. Breaking it makes the check fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    # -c puts the folder itself at the head of the path, before any installed StableGen
    return subprocess.run(
        command, cwd=folder, env=_without_ours(), capture_output=True, text=True, timeout=120
    )


def _without_ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("stablegen_lib", "stablegen_experiments", "stablegen_class"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


FORBIDDEN = {
    "upwards": ("stablegen_lib/data/loading.py", "from stablegen_lib import widgets", "only rooms below it"),
    "a room without a place": ("stablegen_lib/unheard_of.py", "import math", "only rooms below it"),
    "experiments": ("stablegen_lib/vae/training.py", "import stablegen_experiments", "does not know"),
    "a page": ("stablegen_experiments/runs.py", "from stablegen_lib import course", "need no page"),
}


def test_the_contracts_are_kept(copy: Path):
    checked = contracts(copy)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("file", "line", "contract"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_forbidden_import_is_found(copy: Path, file: str, line: str, contract: str):
    with open(copy / file, "a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    checked = contracts(copy)
    broken = [shown for shown in checked.stdout.splitlines() if "BROKEN" in shown]
    assert checked.returncode != 0
    assert any(contract in shown for shown in broken), checked.stdout + checked.stderr
