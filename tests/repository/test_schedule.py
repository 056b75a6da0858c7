"""How the tests are shared out among the cores: the rules of conftest.py, on what is really collected."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

PLUGIN = """
import json, pathlib
import pytest

@pytest.hookimpl(trylast=True)  # after conftest.py
def pytest_collection_modifyitems(items):
    found = [
        [item.nodeid, item.get_closest_marker("slow") is not None]
        for item in items
    ]
    pathlib.Path("{place}").write_text(json.dumps(found))
"""


@pytest.fixture(scope="module")
def collected(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> list[tuple[str, list[str], bool]]:
    """Id, groups and slowness of a part of the tests in the order in which they would run."""
    folder = tmp_path_factory.mktemp("schedule")
    (folder / "listing.py").write_text(PLUGIN.format(place=(folder / "list.json").as_posix()))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    paths = ["notebooks", "tests/browser", "tests/repository", "tests/words", "tests/latent_diffusion"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "listing", *paths]
    run = subprocess.run(
        [*command, "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    scheduler = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py")).ByGroup
    found = json.loads((folder / "list.json").read_text())
    return [(nodeid, [scheduler._split_scope(None, nodeid)], slow) for nodeid, slow in found]


def test_every_test_has_one_group_and_every_file_one_worker(collected):
    groups: dict[str, set[str]] = {}
    for nodeid, names, _ in collected:
        assert len(names) == 1, nodeid
        groups.setdefault(nodeid.partition("::")[0], set()).add(names[0])
    assert len([file for file in groups if file.endswith(".ipynb")]) == len(
        list(ROOT.glob("notebooks/*.ipynb"))
    )
    assert {file: len(names) for file, names in groups.items() if len(names) != 1} == {}


def test_two_browsers_never_wait_for_each_other(collected):
    names = {names[0] for nodeid, names, _ in collected if "/browser/test_" in nodeid}
    assert names == {"browser", "tests/browser/test_interrupted.py"}, "the second waits patiently"


def test_the_longest_start_first(collected, pytestconfig):
    conftest = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    order = list(dict.fromkeys(names[0] for _, names, _ in collected))
    assert order == sorted(order, key=conftest.seconds, reverse=True)
    assert set(order[:2]) == {"browser", "notebooks/05_training_loop.ipynb"}


def test_what_is_said_to_be_long_exists(pytestconfig):
    conftest = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    files = [*conftest.SECONDS, *conftest.SLOW]
    assert [file for file in files if file != "browser" and not Path(ROOT, file).is_file()] == []


def test_notebooks_and_browsers_are_slow_and_words_are_not(collected):
    slow = {names[0]: mark for _, names, mark in collected}
    assert all(mark for name, mark in slow.items() if name == "browser" or name.endswith(".ipynb"))
    assert not slow["tests/words/test_prompts.py"]
