"""A promise of lesson 15: leave, come back in a new kernel, and go on."""

import importlib.util
import json

from matplotlib import pyplot
from places import NOTEBOOKS, ROOT

LESSON = NOTEBOOKS / "15_your_own_pictures.ipynb"
TRAINS, GOES_ON = "15-first", "15-resume"


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tomorrow_the_cells_above_without_the_one_that_trained_are_enough(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    monkeypatch.chdir(NOTEBOOKS)
    pyplot.switch_backend("Agg")
    cells = [cell["id"] for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]]
    first, again = cells.index(TRAINS), cells.index(GOES_ON)
    values = {"PLACE": str(tmp_path / "mine"), "FIRST": 2, "STEPS": 4, "WIDTH": 8}
    run = tool("run_on_device").run
    run(LESSON, values, leave_out=range(first + 1, len(cells)))  # today
    capsys.readouterr()
    run(LESSON, values, leave_out={first, *range(again + 1, len(cells))})  # tomorrow
    assert "back again, after step 2 of 4" in capsys.readouterr().out
    pyplot.close("all")
