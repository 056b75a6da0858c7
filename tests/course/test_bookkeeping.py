"""Claims about course.py, exercises and environment.py: every answer gets one fair line, nothing raises."""

import dataclasses
import importlib
import importlib.metadata
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from stablegen_lib import course
from stablegen_lib.course import checking, environment, exercises, remembering
from stablegen_lib.course.checking import NotYet, Wrong, call, close, difference, exercise

LESSON_90 = '''
"""A lesson for the tests."""
import math
import torch
from stablegen_lib.course.checking import call, close, difference, exercise

@exercise("90.1", "the loss at the tie")
def loss_at_the_tie(answer):
    if close(answer, math.log(2)):
        return "that is one of the two terms; D is asked twice."
    return difference(answer, 2 * math.log(2))

@exercise("90.2", "double it")
def double_it(answer):
    for point in (torch.tensor([1.0, -2.0]), torch.tensor([0.5, 3.0])):
        problem = difference(call(answer, point), 2 * point)
        if problem:
            return problem
    return None

@exercise("90.10", "a checker that trips")
def trips(answer):
    return None if answer.shape == (1,) else "another shape"
'''


@pytest.fixture
def lesson_90(tmp_path, monkeypatch):
    """A lesson file of its own, and a folder of its own for the progress."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "lesson_90.py").write_text(LESSON_90, encoding="utf-8")
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(folder)])
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path
    sys.modules.pop("stablegen_lib.course.exercises.lesson_90", None)
    checking.__dict__.pop("lesson_90", None)
    for number in [number for number in checking._registry if number.startswith("90.")]:
        del checking._registry[number]


def line(capsys, number, answer):
    assert course.check(number, answer) is None
    printed = capsys.readouterr().out
    assert printed.endswith("\n")
    assert printed.count("\n") == 1, "one line per check"
    return printed.rstrip("\n")


def stub(x): ...


def documented_stub(x):
    """Twice x."""


def stub_with_ellipsis(x):
    result = ...
    return result


def stub_that_uses_its_ellipsis(x):
    result = ...
    return result.mean()


def stub_that_gives_ellipsis_to_torch(x):
    factor = ...
    return torch.mul(x, factor)


def stub_that_raises(x):
    raise NotImplementedError


# --- check --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [..., None, (1.0, ...), [None], {"mean": ...}])
def test_an_untouched_value_is_not_yet(lesson_90, capsys, answer):
    assert line(capsys, "90.1", answer) == "90.1 not yet – the loss at the tie"


@pytest.mark.parametrize(
    "answer",
    [
        stub_with_ellipsis,
        stub_that_uses_its_ellipsis,
        stub_that_gives_ellipsis_to_torch,
        stub_that_raises,
        lambda x: (x, ...),
    ],
)
def test_an_untouched_function_is_not_yet(lesson_90, capsys, answer):
    assert line(capsys, "90.2", answer) == "90.2 not yet – double it"


@pytest.mark.parametrize("answer", [stub, documented_stub, lambda x: None])
def test_a_function_that_returns_none_is_not_yet_and_says_why(lesson_90, capsys, answer):
    assert line(capsys, "90.2", answer) == "90.2 not yet – double it (your function returns None)"


@pytest.mark.parametrize("answer", [2 * math.log(2), np.float32(1.386294), torch.tensor([1.386294])])
def test_the_right_answer_is_right_whatever_number_type_it_has(lesson_90, capsys, answer):
    assert line(capsys, "90.1", answer) == "90.1 ✓ right – the loss at the tie"


def test_a_typical_mistake_gets_its_hint(lesson_90, capsys):
    assert line(capsys, "90.1", math.log(2)) == "90.1 ✗ that is one of the two terms; D is asked twice."


def test_a_wrong_number_is_told_its_direction_and_never_the_solution(lesson_90, capsys):
    assert line(capsys, "90.1", 1.0) == "90.1 ✗ 1 came, which is too small."
    assert line(capsys, "90.1", 9.0) == "90.1 ✗ 9 came, which is too large."


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("1.386", "a number or a tensor was needed, a str came."),
        (True, "a number or a tensor was needed, a bool came."),
        (object(), "a number or a tensor was needed, an object came."),
        (math.log, "a number or a tensor was needed, a function came. Call it first."),
        (torch.zeros(8), "a single number was needed, a tensor of shape (8,) came."),
        (math.nan, "NaN came, which is not a number: look for log(0), 0/0 or infinity minus infinity."),
        (math.inf, "inf came, which is too large."),
        (-math.inf, "-inf came, which is too small."),
    ],
)
def test_an_answer_of_the_wrong_kind_is_told_what_was_needed(lesson_90, capsys, answer, complaint):
    assert line(capsys, "90.1", answer) == f"90.1 ✗ {complaint}"


def test_a_right_function_is_right(lesson_90, capsys):
    assert line(capsys, "90.2", lambda x: x + x) == "90.2 ✓ right – double it"


def test_a_constant_function_does_not_pass_where_several_points_are_probed(lesson_90, capsys):
    printed = line(capsys, "90.2", lambda x: torch.tensor([2.0, -4.0]))
    assert printed == "90.2 ✗ 2 of 2 numbers are off; the first is 2 at [0], which is too large."


def test_a_function_that_raises_is_reported_in_one_line(lesson_90, capsys):
    def broken(x):
        raise ValueError("first line\nsecond line")

    printed = line(capsys, "90.2", broken)
    assert printed == (
        "90.2 ✗ your function raised ValueError: first line second line. Call it yourself to see where."
    )


def test_the_full_stop_of_an_error_is_not_doubled(lesson_90, capsys):
    def broken(x):
        raise ValueError("(3, 2) came.")

    assert "ValueError: (3, 2) came. Call it yourself" in line(capsys, "90.2", broken)


def test_a_function_that_asks_for_other_arguments_is_reported(lesson_90, capsys):
    assert "your function raised TypeError" in line(capsys, "90.2", lambda: 1)


def test_a_result_instead_of_a_function_is_told_apart(lesson_90, capsys):
    printed = line(capsys, "90.2", torch.zeros(2))
    assert printed == "90.2 ✗ a function was needed, a Tensor came. Pass its name without calling it."


def test_a_checker_that_trips_over_an_odd_answer_does_not_stop_the_notebook(lesson_90, capsys):
    printed = line(capsys, "90.10", 3)
    assert printed.startswith("90.10 ✗ AttributeError: 'int' object has no attribute 'shape'")
    assert printed.endswith("Is it the kind of answer asked for?")


@settings(max_examples=60, deadline=None)
@given(
    answer=st.one_of(
        st.none(),
        st.text(),
        st.binary(),
        st.floats(),
        st.integers(),
        st.complex_numbers(allow_nan=False),
        st.lists(st.floats()),
        st.lists(st.text()),
        st.dictionaries(st.text(), st.integers()),
    )
)
def test_no_answer_makes_a_check_raise_or_passes_unless_it_is_right(answer):
    item = checking.Exercise("91.1", "any", lambda given: difference(given, 2.0))
    state = checking.judge(item, answer).state
    assert state in ("wrong", "not yet") or np.allclose(answer, 2.0, atol=1e-3)


def test_an_unknown_number_lists_those_of_its_lesson_in_order(lesson_90):
    with pytest.raises(ValueError, match=r"no exercise '90\.3'\. Lesson 90 has 90\.1, 90\.2, 90\.10\."):
        course.check("90.3", 1.0)


@pytest.mark.parametrize("number", ["89.1", "nonsense", "", "9", "../x.1"])
def test_an_unknown_lesson_lists_the_lessons(lesson_90, number):
    with pytest.raises(ValueError, match=r"Lessons: .*90"):
        course.check(number, 1.0)


# --- the registry -------------------------------------------------------------------------------


def test_a_lesson_is_loaded_only_when_it_is_needed(lesson_90):
    assert "stablegen_lib.course.exercises.lesson_90" not in sys.modules
    checking.find("90.1")
    assert "stablegen_lib.course.exercises.lesson_90" in sys.modules


def test_two_exercises_cannot_share_a_number_but_a_file_may_be_reloaded(lesson_90):
    checking.find("90.1")
    importlib.reload(sys.modules["stablegen_lib.course.exercises.lesson_90"])
    with pytest.raises(ValueError, match=r"90\.1 is taken by .*lesson_90\.loss_at_the_tie"):
        exercise("90.1", "another")(lambda answer: None)


@pytest.mark.parametrize("number", ["4.2", "04", "04.0", "04.2b", ""])
def test_a_malformed_number_cannot_be_registered(number):
    with pytest.raises(ValueError, match="a number like"):
        exercise(number, "title")


def test_an_exercise_in_the_file_of_another_lesson_is_refused(lesson_90):
    path = lesson_90 / "lessons" / "lesson_90.py"
    path.write_text(LESSON_90.replace('"90.2"', '"91.2"'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"91\.2 belongs into lesson_91\.py"):
        checking.find("90.1")


def test_the_decorator_is_offered_by_course_too():
    assert course.exercise is exercise


# --- helpers of checkers ------------------------------------------------------------------------


def test_close_holds_up_to_the_tolerance_and_not_beyond():
    assert close(0.5 + 0.9e-4, 0.5)
    assert not close(0.5 + 1.1e-4, 0.5)
    assert close(50_000 + 4.9, 50_000), "relative for large numbers"
    assert not close(50_000 + 5.1, 50_000)
    assert not close(50_001, 50_000, tolerance=0.0)


def test_close_is_false_for_another_shape_and_for_nan():
    assert not close(torch.zeros(2, 1), torch.zeros(2))
    assert not close(math.nan, 0.0)
    assert not close(torch.tensor([0.0, math.nan]), torch.zeros(2))


def test_close_reads_lists_arrays_and_tensors_alike():
    for answer in ([1, 2], (1.0, 2.0), np.array([1, 2]), torch.tensor([1, 2])):
        assert close(answer, torch.tensor([1.0, 2.0]))


def test_close_accepts_a_tensor_with_a_gradient():
    assert close(torch.ones((), requires_grad=True), 1.0)


def test_difference_names_the_place_and_the_direction():
    wrong = torch.tensor([[1.0, 2.0], [3.0, math.nan]])
    right = torch.tensor([[1.0, 2.0], [4.0, 4.0]])
    assert difference(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), right) == (
        "1 of 4 numbers are off; the first is 3 at [1, 0], which is too small."
    )
    assert difference(wrong, right).startswith("NaN came")
    assert difference(right, right) is None


def test_call_passes_arguments_and_returns_the_result():
    assert call(lambda a, *, b: a - b, 5, b=3) == 2


def test_call_keeps_errors_that_only_mention_an_ellipsis_as_errors():
    with pytest.raises(Wrong, match="IndexError"):
        call(lambda x: x[..., ...], np.zeros(2))
    with pytest.raises(NotYet):
        call(stub_that_uses_its_ellipsis, 1)


def test_infinity_is_near_infinity_and_nothing_else_is():
    assert close(-math.inf, -math.inf)
    assert not close(0.0, -math.inf)
    assert not close(math.inf, -math.inf)
    assert difference(-18.4, -math.inf) == "-18.4 came, which is too large."


# --- progress -----------------------------------------------------------------------------------


def progress_line(capsys, lesson="90"):
    course.progress()
    return next(row for row in capsys.readouterr().out.splitlines() if row.startswith(lesson))


def test_bars_of_all_lessons_stand_below_each_other(capsys):
    course.progress()
    rows = [row for row in capsys.readouterr().out.splitlines() if not row.startswith("Next: ")]
    columns = {re.search("[█░]", row).start() for row in rows}
    assert len(columns) == 1


def test_progress_counts_right_answers_once_and_only_right_ones(lesson_90, capsys):
    course.check("90.1", 1.0)
    course.check("90.2", ...)
    assert not (lesson_90 / "progress.json").exists()
    course.check("90.1", 2 * math.log(2))
    course.check("90.1", 2 * math.log(2))
    capsys.readouterr()
    assert progress_line(capsys).endswith("███░░░░░░░ exercises 1/3")
    course.check("90.2", lambda x: 2 * x)
    course.check("90.10", torch.zeros(1))
    capsys.readouterr()
    assert progress_line(capsys).endswith("██████████ exercises 3/3")


def test_a_later_mistake_does_not_take_a_right_answer_away(lesson_90, capsys):
    course.check("90.1", 2 * math.log(2))
    course.check("90.1", 0.0)
    capsys.readouterr()
    assert progress_line(capsys).endswith("1/3")


def test_reset_forgets_everything_and_can_be_repeated(lesson_90, capsys):
    course.check("90.1", 2 * math.log(2))
    course.reset_progress()
    course.reset_progress()
    capsys.readouterr()
    assert progress_line(capsys).endswith("░░░░░░░░░░ exercises 0/3")


@pytest.mark.parametrize("content", ["{", "[]", "null", '{"right": 3}', '{"right": [1]}', "\xff\x00"])
def test_a_damaged_file_is_reported_and_set_aside(lesson_90, capsys, content):
    path = lesson_90 / "progress.json"
    path.write_bytes(content.encode("latin-1"))
    course.check("90.1", 2 * math.log(2))
    printed = capsys.readouterr().out
    assert "progress.json was damaged and is now progress.json.broken" in printed
    assert (lesson_90 / "progress.json.broken").read_bytes() == content.encode("latin-1")
    assert json.loads(path.read_text(encoding="utf-8"))["right"] == ["90.1"]


def test_a_place_that_cannot_be_written_gives_a_note_and_no_crash(lesson_90, capsys, monkeypatch):
    (lesson_90 / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(lesson_90 / "file"))
    course.check("90.1", 2 * math.log(2))
    course.progress()
    course.reset_progress()
    printed = capsys.readouterr().out
    assert "90.1 ✓ right" in printed
    assert "could not be saved" in printed
    assert "could not be reset" in printed
    assert "0/3" in printed


def test_a_crash_while_writing_keeps_the_earlier_progress_and_leaves_no_litter(lesson_90, monkeypatch):
    course.check("90.1", 2 * math.log(2))
    before = (lesson_90 / "progress.json").read_bytes()

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", crash)
        with pytest.raises(KeyboardInterrupt):
            course.check("90.2", lambda x: 2 * x)
    assert (lesson_90 / "progress.json").read_bytes() == before
    assert sorted(path.name for path in lesson_90.iterdir()) == [
        "lessons",
        "progress.json",
        "progress.json.lock",
    ]


def test_without_the_variable_progress_lies_in_the_repository(monkeypatch):
    monkeypatch.delenv("STABLEGEN_PROGRESS", raising=False)
    assert remembering.path() == ROOT / "progress.json"


# --- environment --------------------------------------------------------------------------------


def broken_items(found):
    return [str(item) for item in found.items if not item.ok]


def test_a_complete_environment_is_ready_and_prints_a_line_per_item(capsys, monkeypatch):
    monkeypatch.setattr(environment, "_files", lambda: [])
    monkeypatch.setattr(environment, "MEMORY", 0.0)
    found = course.check_environment()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(found.items)
    assert all(text.startswith("✓") for text in lines)
    assert found.ok
    assert repr(found) == "Environment(ready)"
    for name in ("Python", "torch", "ipywidgets", "jupyterlab_widgets", "pillow", "safetensors", "device"):
        assert any(name in text for text in lines), name


def test_the_device_is_the_chosen_one_and_an_impossible_choice_gets_a_fix(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    for chosen, line in (
        ("", "✓ device: CPU (CUDA is there too: STABLEGEN_DEVICE=cuda)"),
        ("auto", "✓ device: CUDA"),
        ("toaster", "✗ STABLEGEN_DEVICE must be cpu, cuda, mps or auto, and 'toaster' stands there: "
                    "choose one that is there, or leave it out for the CPU"),
    ):  # fmt: skip
        monkeypatch.setenv("STABLEGEN_DEVICE", chosen)
        assert str(environment._machine()[-1]) == line


def test_a_missing_package_and_an_old_one_get_a_fix_and_nothing_raises(capsys, monkeypatch):
    versions = {"torch": "2.9.1+cpu"}

    def version(name):
        if name == "matplotlib":
            raise importlib.metadata.PackageNotFoundError(name)
        return versions.get(name, "99.0")

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(environment, "_files", lambda: [])
    found = course.check_environment()
    assert not found.ok
    assert repr(found) == "Environment(2 to fix)"
    torch_line, matplotlib_line = broken_items(found)
    assert torch_line.startswith("✗ torch 2.9.1+cpu: version 2.10 or newer is needed; run `make course`")
    assert matplotlib_line.startswith("✗ matplotlib is not installed: run `make course`")


def test_version_ten_is_newer_than_version_nine():
    assert environment._release("2.10.0rc1") > environment._release("2.9.1+cpu")
    assert environment._release("2.13.0+cpu") >= environment._release("2.10")


def test_an_old_python_is_told(monkeypatch):
    monkeypatch.setattr(environment.platform, "python_version", lambda: "3.10.12")
    first = environment._programs()[0]
    assert str(first).startswith("✗ Python 3.10.12: version 3.11 or newer is needed")


def test_the_packages_asked_for_are_those_of_pyproject():
    asked = dict(environment._requirements(environment.ROOT / "pyproject.toml"))
    assert {"torch", "matplotlib", "ipywidgets", "jupyterlab", "pillow", "safetensors"} <= set(asked)
    assert environment._release(asked["torch"]) >= (2, 10)
    assert environment._requirements(Path("nowhere.toml")) == [("torch", "2.10")]


def test_a_torch_that_does_not_start_is_an_item_and_not_a_crash(monkeypatch):
    def broken(name):
        raise OSError("libtorch is damaged")

    monkeypatch.setattr(environment.importlib, "import_module", broken)
    texts = [str(item) for item in environment._machine()]
    assert texts[-1].startswith("✗ torch does not start (OSError: libtorch is damaged): run")


def test_little_memory_is_an_item_to_fix(monkeypatch):
    monkeypatch.setattr(environment, "_free_memory", lambda: 0.5)
    assert any(text.startswith("✗ 0.5 GB of memory free") for text in map(str, environment._machine()))
    monkeypatch.setattr(environment, "_free_memory", lambda: None)
    assert not any("memory" in str(item) for item in environment._machine())


@pytest.fixture
def data_folder(tmp_path):
    folder = tmp_path / "faces"
    folder.mkdir()
    (folder / "images.png").write_bytes(b"picture")
    (folder / "SHA256SUMS").write_text(f"{environment._sha256(folder / 'images.png')}  images.png\n")
    return folder


def test_whole_data_are_fine(data_folder):
    assert str(environment._data_set(data_folder)) == "✓ data/faces, checksums agree"


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("images.png", b"changed", "images.png is not as it was shipped"),
        ("images.png", None, "images.png is missing"),
        ("SHA256SUMS", None, "SHA256SUMS is missing"),
        ("SHA256SUMS", b"", "SHA256SUMS is not as it was shipped"),
        ("SHA256SUMS", b"rubbish\n", "SHA256SUMS is damaged"),
        ("SHA256SUMS", b"\xff\xfe", "SHA256SUMS is damaged"),
    ],
)
def test_damaged_data_are_named_with_the_way_to_restore_them(data_folder, file, content, complaint):
    if content is None:
        (data_folder / file).unlink()
    else:
        (data_folder / file).write_bytes(content)
    text = str(environment._data_set(data_folder))
    assert text.startswith(f"✗ data/faces: {complaint}")
    assert "git checkout -- data" in text


def test_missing_weights_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / "data" / "weights").mkdir(parents=True)
    assert "trained weights are missing" in str(environment._files()[-1])
    (tmp_path / "data" / "weights" / "faces.safetensors").write_bytes(b"")
    assert str(environment._files()[-1]) == "✓ trained weights (1)"


def test_a_library_away_from_its_repository_is_told_to_clone(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (item,) = environment._files()
    assert "clone the repository" in str(item)


def test_environment_items_cannot_be_changed_afterwards():
    item = environment.Item(True, "fine")
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.ok = False


def test_the_check_runs_where_no_package_can_be_imported(tmp_path):
    blocked = "torch", "numpy", "matplotlib", "ipywidgets", "jaxtyping", "safetensors", "PIL"
    program = (
        f"import sys\nfor name in {blocked!r}: sys.modules[name] = None\n"
        "from stablegen_lib import course\nfound = course.check_environment()\nassert not found.ok"
    )
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert "✗ torch does not start" in run.stdout
