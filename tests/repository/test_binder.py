"""The Binder configuration asks for the same packages as the project, and for PyTorch without CUDA."""

import os
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from places import ROOT

BINDER = ROOT / ".binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
FAKE_PYTHON = """#!/bin/sh
# Writes down what it is asked, and what the file after -c holds.
echo "$*" >>"$LOG"
[ "$2" = pip ] && cat "$6" >"$LOG.constraints"
exit ${FAILS:-0}
"""


def test_conda_brings_python_and_the_build_of_pytorch_without_cuda():
    environment = yaml.safe_load((BINDER / "environment.yml").read_text())
    assert set(environment) == {"dependencies"}, "no channel is named: Binder has one"
    python, torch, pip = environment["dependencies"]
    version = python.removeprefix("python=")
    assert SpecifierSet(PROJECT["requires-python"]).contains(version)
    ranges = {
        requirement.name: requirement.specifier for requirement in map(Requirement, PROJECT["dependencies"])
    }
    assert Requirement(torch).name == "pytorch-cpu"
    assert Requirement(torch).specifier == ranges["torch"]
    assert pip == "pip"


@pytest.fixture
def built(tmp_path: Path):
    """Runs postBuild with a stand-in for Python; gives what it asked for."""
    if os.name != "posix":
        pytest.skip("Binder runs Linux")
    (tmp_path / "python").write_text(FAKE_PYTHON)
    (tmp_path / "python").chmod(0o755)

    def run(**variables: str) -> tuple[int, list[str], list[str]]:
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOG": str(tmp_path / "log")} | variables
        ended = subprocess.run([BINDER / "postBuild"], cwd=ROOT, env=environment, timeout=60)
        asked = (tmp_path / "log").read_text().splitlines()
        return ended.returncode, asked, (tmp_path / "log.constraints").read_text().splitlines()

    return run


# Lessons 13 and 14 need the extra "diffusion".
def test_pip_installs_the_tested_versions_of_all_but_pytorch(built):
    code, asked, constraints = built()
    assert code == 0
    assert asked[0].startswith("-m pip install") and asked[0].endswith(" -e .[diffusion]")  # noqa: PT018
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    left_out = set(lines) - set(constraints)
    assert len(left_out) == 1
    assert left_out.pop().startswith("torch==")
    assert "torch.version.cuda is None" in asked[1]


def test_a_failed_installation_fails_the_build(built):
    assert built(FAILS="1")[0] == 1


def test_programs_start_on_one_thread_with_their_arguments_kept():
    if os.name != "posix":
        pytest.skip("Binder runs Linux")
    command = [BINDER / "start", "sh", "-c", 'echo "$OMP_NUM_THREADS $1"', "sh", "two words"]
    assert subprocess.run(command, capture_output=True, text=True, timeout=60).stdout == "1 two words\n"
