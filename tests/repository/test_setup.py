"""pyproject.toml, constraints.txt and environment.yml agree, and the tests run with what they say."""

import importlib.metadata
import json
import tomllib
import types
from pathlib import Path

import pytest
import torch
import yaml
from jaxtyping import TypeCheckError
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = [Requirement(line) for line in PROJECT["dependencies"] + EXTRAS["diffusion"] + EXTRAS["test"]]
PINS = {
    canonicalize_name(name): version
    for name, _, version in (
        line.partition("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    )
}
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
CHOSEN_BY_PYTORCH = ("nvidia-", "cuda-", "triton")  # each build of PyTorch names its own GPU libraries


def installed_requirements() -> set[str]:
    """Every package that the course and its tests pull in here, directly or not."""
    found: set[str] = set()
    waiting = list(DECLARED)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        if name not in found and not name.startswith(CHOSEN_BY_PYTORCH):
            found.add(name)
            waiting += [Requirement(line) for line in importlib.metadata.requires(name) or []]
    return found


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda requirement: requirement.name)
def test_the_range_admits_the_pinned_version(requirement: Requirement):
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_every_constraint_is_one_exact_version():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and line[0] != "#"]
    requirements = [Requirement(line) for line in lines]
    assert [str(requirement) for requirement in requirements] == lines
    assert all(requirement.url is None and not requirement.marker for requirement in requirements)
    assert all(str(requirement.specifier).startswith("==") for requirement in requirements)
    assert not [line for line in lines if "+" in line or "*" in line]
    assert len(requirements) == len(PINS)


def test_everything_that_is_pulled_in_is_pinned():
    needed = installed_requirements()
    assert {"torch", "jupyter-server", "pytest"} <= needed
    assert needed - set(PINS) == set()


def test_the_tests_run_with_the_pinned_versions():
    different = {
        name: importlib.metadata.version(name)
        for name in installed_requirements()
        if importlib.metadata.version(name).partition("+")[0] != PINS[name]
    }
    assert different == {}


def test_environment_yml_lists_the_same_packages_with_the_same_ranges():
    python, pip, packages = CONDA["dependencies"]
    options = [line for line in packages["pip"] if line.startswith("-")]
    listed = [Requirement(line) for line in packages["pip"] if not line.startswith("-")]
    assert CONDA["name"] == "stablegen"
    assert pip == "pip"
    assert options == ["-c constraints.txt", "-e ."]
    assert sorted(map(str, listed)) == sorted(map(str, DECLARED))
    assert {"jupyterlab", "torch", "matplotlib", "ipywidgets", "nbval", "pillow"} <= {r.name for r in listed}
    allowed = SpecifierSet(PROJECT["requires-python"])
    conda_python = Requirement(python)
    assert conda_python.name == "python"
    for minor in range(8, 16):
        version = f"3.{minor}.0"
        assert conda_python.specifier.contains(version) <= allowed.contains(version)
    assert conda_python.specifier.contains("3.11.0")
    assert not conda_python.specifier.contains("3.10.0")


@pytest.mark.slow  # `make check` does without
def test_shapes_are_checked_while_testing():
    from stablegen_lib import log_loss

    assert log_loss.cross_entropy(torch.zeros(2), torch.zeros(2)).shape == ()
    with pytest.raises(TypeCheckError):
        log_loss.cross_entropy(torch.zeros(2), torch.zeros(3))


def test_jupyterlab_neither_asks_about_news_nor_looks_for_updates():
    settings = types.SimpleNamespace(
        LabApp=types.SimpleNamespace(), LanguageServerManager=types.SimpleNamespace()
    )
    path = ROOT / "tools" / "jupyter_lab_config.py"
    exec(path.read_text(encoding="utf-8"), {"get_config": lambda: settings, "__file__": str(path)})
    overrides = json.loads(
        (Path(settings.LabApp.app_settings_dir) / "overrides.json").read_text(encoding="utf-8")
    )
    asked = overrides["@jupyterlab/apputils-extension:notification"]
    assert asked == {"checkForUpdates": False, "fetchNews": "false"}
    assert settings.LabApp.news_url is None
