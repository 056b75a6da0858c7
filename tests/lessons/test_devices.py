"""The lessons' code runs when a device was chosen: on the pretend accelerator, with shorter runs.

Whether the results are right is nbval's part: here the lessons' assertions about them are left out.
"""

import ast
import importlib.util
import json

import pretend
import pytest
from matplotlib import pyplot
from places import NOTEBOOKS, ROOT
from torch import nn

from stablegen_lib.plots import live
from stablegen_lib.plumbing.devices import Network

# Lessons that make models where the learner chose: what is shortened, and which cells are run (None: all).
LESSONS = {
    "00_start_here": ({"STEPS": 20}, None),
    "05_training_loop": ({"RING_STEPS": 6, "FACE_STEPS": 6, "SHORT_STEPS": 2, "advance": 2}, None),
    "06_latent_exploration": (
        {"PAIRS": 20, "CROWD": 200, "LABELLED": 500, "steps": 2},
        {1, 2, 4, 18, 20, 22, 24, 32, 34, 38},
    ),
    "09_image_editing": ({"steps": 2}, {1, 2, 31}),
    "14_the_article_checked": ({"CROWD": 4}, {1, 2, 9, 15, 17}),
}
MAKERS = ("load", "for_points", "for_images", "colouring_pair")


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run_lesson = tool("run_on_device").run


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs a lesson on a machine with a pretend accelerator; gives what lies there at the end."""
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    monkeypatch.chdir(NOTEBOOKS)
    pyplot.switch_backend("Agg")
    monkeypatch.setattr(live, "_notebook", live._notebook)  # the tool replaces it

    def run_it(name, chosen, cells):
        monkeypatch.setenv("STABLEGEN_DEVICE", chosen)
        values, usual = LESSONS[name]
        cells = usual if cells is None else cells
        others = () if cells is None else set(range(100)) - cells
        with pretend.accelerator() as marks:
            run_lesson(NOTEBOOKS / f"{name}.ipynb", values, leave_out=others)
        return marks.storages

    yield run_it
    pyplot.close("all")


def makes_models_where_the_learner_chose(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return any(
        ast.unparse(call.func) in [f"StableGen.{maker}" for maker in MAKERS] + ["editing.colouring_pair"]
        and "device" not in [keyword.arg for keyword in call.keywords]
        for call in calls
    )


def test_every_lesson_that_makes_models_where_the_learner_chose_is_run():
    assert {
        path.stem for path in NOTEBOOKS.glob("*.ipynb") if makes_models_where_the_learner_chose(path)
    } == {*LESSONS}


@pytest.mark.parametrize("name", LESSONS)
def test_lesson_runs_on_the_chosen_device(name, run):
    assert run(name, "cuda", None)


def test_without_a_choice_nothing_goes_to_the_accelerator(run):
    assert not run("00_start_here", "", None)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("05_training_loop", {2, 3, 5, 7}),
        ("05_training_loop", {2, 3, 5, 18}),
        ("05_training_loop", {2, 3, 5, 43}),
        ("06_latent_exploration", {1, 2, 4, 32}),
        ("14_the_article_checked", {1, 2, 9, 15, 17}),
    ],
)
def test_these_cells_break_when_networks_do_not_bring_their_input_along(name, cells, run, monkeypatch):
    monkeypatch.setattr(Network, "__call__", nn.Module.__call__)
    with pytest.raises(pretend.Met) as caught:
        run(name, "cuda", cells)
    assert f"in cell {max(cells)} of {name}.ipynb" in caught.value.__notes__
