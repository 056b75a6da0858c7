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

from stablegen_lib.plumbing.devices import Network

# Lessons that make models where the learner chose: what is shortened, and by a piece of their code the
# cells that are run (None: all).
TOP = ("SEED = 0", "import matplotlib.pyplot as plt")
LESSON_14 = ("gan, vae = StableGen.load", 'course.gap("14.a"', "logits = gan.discriminator(")
LESSONS = {
    "00_start_here": ({"STEPS": 5}, None),
    "05_training_loop": ({"RING_STEPS": 6, "FACE_STEPS": 6, "SHORT_STEPS": 2, "advance": 2}, None),
    "06_latent_exploration": ({"PAIRS": 4, "CROWD": 100, "LABELLED": 200, "steps": 2}, None),
    "09_image_editing": ({"steps": 2}, (*TOP, "editing.colouring_pair(")),
    "15_your_own_pictures": ({"FIRST": 2, "STEPS": 4, "WIDTH": 8}, None),
    "14_the_article_checked": ({"CROWD": 4}, (*TOP, *LESSON_14)),
}
MAKERS = ("load", "for_points", "for_images", "colouring_pair")


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run_lesson = tool("run_on_device").run


def cells(name, pieces):
    """The number of the one cell that holds each piece of code."""
    stored = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = {
        number: "".join(cell["source"]) for number, cell in enumerate(stored) if cell["cell_type"] == "code"
    }
    found = [[number for number, source in code.items() if piece in source] for piece in pieces]
    assert [len(numbers) for numbers in found] == [1] * len(pieces), dict(zip(pieces, found, strict=True))
    return [number for (number,) in found]


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs a lesson on a machine with a pretend accelerator; gives what lies there at the end."""
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    monkeypatch.chdir(NOTEBOOKS)
    pyplot.switch_backend("Agg")

    def run_it(name, chosen, pieces):
        monkeypatch.setenv("STABLEGEN_DEVICE", chosen)
        values, usual = LESSONS[name]
        pieces = usual if pieces is None else pieces
        others = () if pieces is None else set(range(100)) - {*cells(name, pieces)}
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
    ("name", "pieces"),
    [
        ("05_training_loop", ("ring = data.ring", "def draw_ring", "draw_ring(points_model, ")),
        (
            "05_training_loop",
            (
                "ring = data.ring",
                "def one_sum(",
                "def play(",
                "(play(losses, 1, RING_STEPS)",
            ),
        ),
        ("06_latent_exploration", ("model = StableGen.load", "targets =", "def network(z)")),
        ("14_the_article_checked", LESSON_14),
    ],
)
def test_these_cells_break_when_networks_do_not_bring_their_input_along(name, pieces, run, monkeypatch):
    monkeypatch.setattr(Network, "__call__", nn.Module.__call__)
    with pytest.raises(pretend.Met) as caught:
        run(name, "cuda", (*TOP, *pieces))
    last = cells(name, pieces)[-1]
    assert f"in cell {last} of {name}.ipynb" in caught.value.__notes__
