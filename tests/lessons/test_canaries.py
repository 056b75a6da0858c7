"""Notebooks that must fail do fail, each for its own reason, and a good one passes.

They stand in tests/canaries/, which the main run does not enter, and are run here
with the same conftest.py and options as the lessons.
"""

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbformat
import pytest
from lesson_rules import was_run_from_top_to_bottom
from places import ROOT
from servers import PATIENCE

CANARIES = sorted((ROOT / "tests" / "canaries").glob("*.ipynb"))
REASONS = {
    "good": None,
    "unexecuted": None,  # nbval compares nothing here, so lesson_rules.py has to find it
    "wrong_output": "mismatch 'stdout'",
    "raises": "ZeroDivisionError",
    "dead_kernel": "the kernel died",
    "broken_callback": "ZeroDivisionError",
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory) -> dict[str, list[str]]:
    """The failure texts of each canary, from one run of pytest over all of them."""
    report = tmp_path_factory.mktemp("canaries") / "report.xml"
    command = [sys.executable, "-m", "pytest", "--color=no", "-p", "no:cacheprovider", f"--junitxml={report}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    run = subprocess.run(
        [*command, *map(str, CANARIES)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert report.exists(), run.stdout + run.stderr
    found: dict[str, list[str]] = {path.stem: [] for path in CANARIES}
    for case in ElementTree.parse(report).iter("testcase"):
        faults = [fault for fault in case if fault.tag in ("failure", "error")]
        found[case.attrib["classname"].split(".")[-2]] += [fault.text or "" for fault in faults]
    return found


def test_there_is_a_canary_for_every_reason():
    assert {path.stem for path in CANARIES} == set(REASONS)


@pytest.mark.parametrize(("name", "reason"), REASONS.items(), ids=REASONS)
def test_canary(name: str, reason: str | None, failures: dict[str, list[str]]):
    if reason is None:
        assert failures[name] == []
    else:
        assert len(failures[name]) == 1
        assert reason in failures[name][0]


def test_a_wrong_output_fails_on_another_core_too():
    command = [sys.executable, "-m", "pytest", "--color=no", "-p", "no:cacheprovider", "-n", "2"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    paths = [str(path) for path in CANARIES if path.stem in ("good", "wrong_output")]
    run = subprocess.run(
        command + paths, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert "mismatch 'stdout'" in run.stdout
    assert re.search(r"^=+ 1 failed, .* =+$", run.stdout, re.MULTILINE), (
        "the closing line that .ci/run looks for"
    )


def test_a_notebook_stored_unexecuted_breaks_a_rule_and_the_good_one_does_not():
    stored = {path.stem: nbformat.read(path, as_version=4) for path in CANARIES}
    assert list(was_run_from_top_to_bottom(stored["unexecuted"]))
    assert not list(was_run_from_top_to_bottom(stored["good"]))


def run_and_store(name: str, folder: Path) -> tuple[int, Path]:
    """What `make notebooks` does, with a copy of one canary."""
    copy = Path(shutil.copy(ROOT / "tests" / "canaries" / f"{name}.ipynb", folder))
    command = [sys.executable, str(ROOT / "tools" / "run_notebooks.py"), str(copy)]
    return subprocess.run(command, capture_output=True, timeout=PATIENCE).returncode, copy


def test_running_afresh_stores_true_outputs_and_nothing_that_varies(tmp_path):
    exit_code, path = run_and_store("wrong_output", tmp_path)
    assert exit_code == 0
    notebook = nbformat.read(path, as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert [output.text for output in cell.outputs] == ["4\n"]
    assert cell.execution_count == 1
    assert cell.metadata == {}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}


def test_running_afresh_leaves_a_notebook_that_raises_as_it_was(tmp_path):
    exit_code, path = run_and_store("raises", tmp_path)
    assert exit_code != 0
    assert path.read_bytes() == (ROOT / "tests" / "canaries" / path.name).read_bytes()


def test_the_main_run_does_not_enter_the_canaries(pytestconfig):
    assert "canaries" in pytestconfig.getini("norecursedirs")
