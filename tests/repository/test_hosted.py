"""The notebooks for Colab and Kaggle: the same ones, and a cell on top that leaves PyTorch alone."""

import importlib.metadata
import json
import os
import re
import subprocess
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from places import NOTEBOOKS, ROOT

LESSONS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
WHERE, WHEEL = "somebody/course", "stablegen-1-py3-none-any.whl"
BADGE = re.compile(r"\[!\[Open in (\w+)\]\(https://\S+\)\]\((https://\S+)\)")


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import hosted
    import services

    return hosted, services


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_without_what_was_added_the_lesson_is_the_original(path, tools):
    original = json.loads(path.read_text(encoding="utf-8"))
    made = tools[0].hosted(original, path.name, WHERE, WHEEL)
    nbformat.validate(nbformat.from_dict(made))
    added = [cell for cell in made["cells"] if cell["id"].startswith("hosted-")]
    assert [cell["cell_type"] for cell in added] == ["markdown", "code"]
    assert added == made["cells"][:2]
    kept = made | {"cells": [cell for cell in made["cells"] if cell not in added]}
    assert kept == json.loads(path.read_text(encoding="utf-8"))


def test_the_buttons_open_this_lesson_of_this_repository(tools):
    made = tools[0].hosted({"cells": []}, "04_log_loss.ipynb", WHERE, WHEEL)
    buttons = dict(BADGE.findall("".join(made["cells"][0]["source"])))
    assert set(buttons) == {"Colab", "Kaggle", "Binder", "Codespaces"}
    assert all(WHERE in address for address in buttons.values())
    assert buttons.pop("Codespaces").endswith(WHERE)  # opens a lesson by devcontainer.json
    assert all(address.endswith("notebooks/04_log_loss.ipynb") for address in buttons.values())


def test_what_the_wheel_lacks_is_fetched_for_the_lessons_that_need_it(tools):
    cells = {path.stem[:2]: tools[0].install_cell(path.stem[:2], WHERE, WHEEL) for path in LESSONS}
    assert [lesson for lesson, cell in cells.items() if '"git", "clone"' not in cell] == [
        f"0{n}" for n in range(7)
    ]
    assert [lesson for lesson, cell in cells.items() if "diffusers" in cell] == ["13", "14"]
    for cell in cells.values():
        compile(cell, "cell", "exec")
        assert "@" not in cell
        assert f'"https://github.com/{WHERE}/raw/hosted/{WHEEL}"' in cell


def test_no_light_package_asks_for_pytorch(tools):
    modules = {line for lesson in ("00", "13") for line in tools[0].light(lesson).values()}
    waiting, seen = [re.split(r"[^\w-]", line)[0] for line in modules], set()
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        asked = [line for line in importlib.metadata.requires(name) or [] if ";" not in line]
        waiting += [re.split(r"[^\w.-]", line)[0] for line in asked]
    assert {"anywidget", "jaxtyping", "diffusers", "huggingface-hub"} <= seen
    assert not {"torch", "torchvision", "jupyterlab"} & seen


def package(folder: Path, name: str, version: str, *asks: str) -> Path:
    """A wheel of one module."""
    notes, path = f"{name}-{version}.dist-info", folder / f"{name}-{version}-py3-none-any.whl"
    needs = "".join(f"Requires-Dist: {line}\n" for line in asks)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"version = {version!r}\n")
        archive.writestr(
            f"{notes}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        )
        archive.writestr(f"{notes}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{notes}/RECORD", "")
    return path


def test_the_cell_installs_what_is_missing_and_neither_pytorch_nor_what_is_there(tmp_path, tools):
    venv.create(tmp_path / "service", with_pip=True)
    python = tmp_path / "service" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    there = [package(wheels, "torch", "2.10"), package(wheels, "ipywidgets", "7.7.1")]
    subprocess.run([python, "-m", "pip", "install", "--no-index", *there], check=True, timeout=300)
    package(wheels, "torch", "99")
    package(wheels, "ipywidgets", "8.1")
    package(wheels, "anywidget", "0.9", "ipywidgets>=7.6")
    wheel = package(wheels, "stablegen", "1", "torch>=99", "ipywidgets>=8.1")
    cell = tools[0].install_cell("00", WHERE, wheel.name)
    cell = cell.replace(f"https://github.com/{WHERE}/raw/hosted/{wheel.name}", wheel.as_posix())
    cell = "\n".join(line for line in cell.split("\n") if line[:4] != "    " or not named_apart(line))
    show = "\nfor name in 'torch ipywidgets anywidget stablegen'.split(): print(__import__(name).version)"
    offline = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    offline.pop("PYTHONPATH", None)
    ended = subprocess.run(
        [python, "-c", cell + show], env=offline, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-4:] == ["2.10", "7.7.1", "0.9", "1"]


def named_apart(line: str) -> bool:
    """A package that this test has no stand-in for."""
    return line.startswith('    "') and not re.match(r' +"(ipywidgets|anywidget)"', line)


def test_the_address_has_one_place_and_a_clear_sentence_where_there_is_none(tmp_path, tools, monkeypatch):
    services = tools[1]
    monkeypatch.setattr(services, "ROOT", tmp_path)
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\n")
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with pytest.raises(services.NoAddress, match=r"is not known: write Repository = .*GITHUB_REPOSITORY"):
        services.repository()
    monkeypatch.setenv("GITHUB_REPOSITORY", "one/two")
    assert services.repository() == "one/two"
    project.write_text('[project.urls]\nRepository = "https://github.com/three/four.five"\n')
    assert services.repository() == "three/four.five"
    project.write_text('[project.urls]\nRepository = "https://elsewhere.org/three/four"\n')
    with pytest.raises(services.NoAddress, match="elsewhere"):
        services.repository()


def test_without_an_address_nothing_is_written(monkeypatch, tools, capsys):
    hosted, services = tools

    def unknown() -> str:
        raise services.NoAddress("it is not known")

    monkeypatch.setattr(services, "repository", unknown)
    monkeypatch.setattr(hosted, "TARGET", Path("nowhere"))
    assert hosted.main() == 1
    assert "not known" in capsys.readouterr().err
    assert not Path("nowhere").exists()
