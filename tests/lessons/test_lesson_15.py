"""A promise of lesson 15: leave, come back in a new kernel, and go on."""

import importlib.util
import json

import pytest
from matplotlib import pyplot
from places import NOTEBOOKS, ROOT

LESSON = NOTEBOOKS / "15_your_own_pictures.ipynb"
TRAINS, GOES_ON = "15-first", "15-resume"


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CELLS = [cell["id"] for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]]
FIRST, AGAIN = CELLS.index(TRAINS), CELLS.index(GOES_ON)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the lesson with a place that stays, and few small steps."""
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    monkeypatch.chdir(NOTEBOOKS)
    pyplot.switch_backend("Agg")
    values = {"PLACE": str(tmp_path / "mine"), "FIRST": 2, "STEPS": 4, "WIDTH": 8}

    def run_it(leave_out):
        return tool("run_on_device").run(LESSON, values, leave_out=leave_out)

    yield run_it
    pyplot.close("all")


def test_tomorrow_the_lesson_runs_from_the_top_and_goes_on_where_it_stopped(run, tmp_path, capsys):
    run(range(FIRST + 1, len(CELLS)))  # today
    capsys.readouterr()
    run(range(AGAIN + 1, len(CELLS)))  # tomorrow
    said = capsys.readouterr().out
    assert "PLACE holds a run already" in said
    assert "back again, after step 2 of 4" in said


def test_a_run_that_is_finished_is_left_alone_and_its_page_is_named(run, tmp_path, capsys):
    run(range(AGAIN + 1, len(CELLS)))
    before = (tmp_path / "mine" / "pause.safetensors").read_bytes()
    capsys.readouterr()
    run(())
    said = capsys.readouterr().out
    assert "back again, after step 4 of 4" in said
    assert "there is no film of today" in said
    assert f"the page: {(tmp_path / 'mine' / 'page' / 'index.html').resolve()}\n" in said
    assert (tmp_path / "mine" / "pause.safetensors").read_bytes() == before


def test_stopping_before_the_first_step_saves_the_beginning(run, tmp_path, capsys, monkeypatch):
    def stopped(*arguments, **how):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("stablegen_lib.training.train", stopped)
    run(range(FIRST + 1, len(CELLS)))
    assert "left after step 0" in capsys.readouterr().out
    assert (tmp_path / "mine" / "pause.safetensors").exists()
