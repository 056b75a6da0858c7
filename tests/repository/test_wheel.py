"""The wheel outside of a clone: it says where the data are, and with them the README's example runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

(EXAMPLE,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but what the wheel holds; the packages it needs are those of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # building leaves things behind
    for package in ("stablegen_lib", "stablegen_experiments"):
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "wheel", *offline, "--wheel-dir", folder, source], check=True, timeout=300)
    (wheel,) = folder.glob("stablegen-*.whl")
    subprocess.run(
        [*pip, "install", *offline[:2], "--target", folder / "site", wheel], check=True, timeout=300
    )
    return folder / "site"


def run(code: str, installed: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python far from the clone, which finds the wheel's packages before any other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STABLEGEN")}
    told = kept | {"PYTHONPATH": str(installed), "OMP_NUM_THREADS": "1"} | variables
    return subprocess.run(
        [sys.executable, "-c", code], cwd=installed, env=told, capture_output=True, text=True, timeout=300
    )


def test_the_readmes_example_runs_with_the_data_folder_named(installed):
    where = "import stablegen_lib; print(stablegen_lib.__file__)\n"
    ended = run(where + EXAMPLE, installed, STABLEGEN_DATA=str(ROOT / "data"))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [str(installed / "stablegen_lib" / "__init__.py"), "1", "2"]


def test_without_data_one_sentence_says_where_to_get_them(installed):
    ended = run(EXAMPLE, installed)
    assert ended.returncode == 1
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("FileNotFoundError")]
    assert "Clone the whole repository" in line
    assert "STABLEGEN_DATA" in line


def test_what_needs_no_data_needs_none(installed):
    code = "from stablegen_lib.widgets import Duel; duel = Duel(); duel.advance(1); print(duel)"
    ended = run(code, installed)
    assert ended.stdout == "Duel('ring of 8', round=1, seed=0)\n", ended.stderr
