"""Each lesson's code runs when a device was chosen; on the pretend accelerator, with shorter runs.

Whether the results are right is nbval's part: here the lessons' assertions about them are left out.
"""

import importlib.util

import pretend
import pytest
from matplotlib import pyplot
from places import NOTEBOOKS, ROOT

SHORTER = {
    "01": {"REPEATS": 20, "FIT_STEPS": 3},
    "03": {"STEPS": 3},
    "05": {"RING_STEPS": 12, "FACE_STEPS": 12, "SHORT_STEPS": 6},
    "06": {"PAIRS": 20, "CROWD": 300, "LABELLED": 800, "steps": 3},
    "07": {"STEPS": 6},
    "08": {"CROWD": 100, "MORE_STEPS": 2},
    "09": {"CROWD": 100},
    "11": {"STEPS": 50, "SHORT": 2, "DRAWS": 1000},
    "12": {"STEPS": 25, "BROKEN_STEPS": 2},
    "13": {"POINT_STEPS": 20, "LIVE_STEPS": 2, "PAIRS": 4},
}

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = tool("run_on_device").run


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_lesson_runs_with_a_device_chosen(lesson, monkeypatch, tmp_path):
    monkeypatch.setenv("STABLEGEN_DEVICE", "cuda")
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    monkeypatch.chdir(NOTEBOOKS)
    with pretend.accelerator():
        run(lesson, SHORTER.get(lesson.name[:2]))
    pyplot.close("all")
