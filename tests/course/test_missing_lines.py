"""Claims about gaps: each gets one fair line, the lesson goes on, and nobody's random numbers move."""

import importlib
import sys

import pytest
import torch

from stablegen_lib import course
from stablegen_lib.course import bookkeeping, checking, exercises, missing_lines

LESSON_90 = '"""A lesson for the tests."""\n'
GAPS_90 = '''
"""Gaps of a lesson for the tests."""
import torch
from torch import nn
from stablegen_lib.course.missing_lines import fills

def layers():
    return [(torch.randn(4, 3), torch.randn(3), torch.randn(4)) for _ in range(2)]

@fills("90.a", "weighted sums", cases=layers, mistakes=(
    (lambda W, x, b: W @ x, "the biases are missing."),
    (lambda W, x, b: x @ W, "never made with these shapes."),
))
def weighted_sums(W, x, b):
    return W @ x + b

def turns():
    model = nn.Linear(2, 1)
    return [(model, torch.optim.SGD(model.parameters(), lr=0.1), torch.randn(5, 2))]

@fills("90.b", "a step", cases=turns, outcome=lambda loss, given: (loss, given[0].weight))
def step(model, optimizer, x):
    optimizer.zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    optimizer.step()
    return loss

@fills("90.c", "some noise", cases=lambda: [(3,), (4,)])
def noise(count):
    return torch.randn(count)
'''


@pytest.fixture(autouse=True)
def lesson_90(tmp_path, monkeypatch):
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "lesson_90.py").write_text(LESSON_90, encoding="utf-8")
    (folder / "gaps_90.py").write_text(GAPS_90, encoding="utf-8")
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(folder)])
    monkeypatch.setattr(bookkeeping, "_seen", {})
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path
    for name in ("lesson_90", "gaps_90"):
        sys.modules.pop(f"{exercises.__name__}.{name}", None)
    for number in [number for number in missing_lines._registry if number.startswith("90.")]:
        del missing_lines._registry[number]


def stub(W, x, b):
    return ...


def right(W, x, b):
    return (W * x).sum(dim=1) + b


def tried(capsys, number, function):
    """The function that the lesson goes on with, and the line that was printed."""
    given = course.gap(number, function)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1, "one line for each gap"
    return given, printed.rstrip("\n")


def test_a_right_function_goes_on_itself(capsys):
    assert tried(capsys, "90.a", right) == (right, "gap 90.a ✓ right – weighted sums")


def test_an_open_gap_goes_on_with_the_courses_version(capsys):
    given, printed = tried(capsys, "90.a", stub)
    assert printed == "gap 90.a is open – weighted sums; the course's version goes on"
    W, x, b = torch.randn(4, 3), torch.randn(3), torch.randn(4)
    torch.testing.assert_close(given(W, x, b), W @ x + b)


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda W, x, b: W @ x, "gap 90.a ✗ the biases are missing. (The course's version goes on.)"),
        (lambda W, x, b: x @ W, "your function raised RuntimeError"),
        (lambda W, x, b: torch.zeros(4), "4 of 4 numbers are off"),
        (lambda W, x, b: 1.0, "a tensor of shape (4,) was needed, a single number came."),
        (lambda W, x, b: "text", "a number or a tensor was needed, a str came."),
        (lambda: 1, "your function raised TypeError"),
        (torch.zeros(4), "a function was needed"),
    ],
)
def test_a_mistake_gets_its_hint_and_the_courses_version(capsys, mistake, hint):
    given, printed = tried(capsys, "90.a", mistake)
    assert hint in printed
    assert given is missing_lines.find("90.a").solution


def test_who_forgets_to_return_is_told(capsys):
    assert "your function returns None" in tried(capsys, "90.a", lambda W, x, b: None)[1]


def test_spoiled_arguments_do_not_reach_the_next_call():
    def spoils(W, x, b):
        result = W @ x + b
        W.zero_()
        return result

    assert course.gap("90.a", spoils) is spoils


def learners_step(model, optimizer, x):
    loss = model(x).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def test_a_step_is_judged_by_what_it_changes(capsys):
    def without_a_step(model, optimizer, x):
        return model(x).square().mean()

    assert course.gap("90.b", learners_step) is learners_step
    capsys.readouterr()
    assert "result 2 of 2: " in tried(capsys, "90.b", without_a_step)[1]


def test_random_results_can_be_compared_and_the_lessons_own_numbers_stay():
    def mine(count):
        return torch.randn(count)

    torch.manual_seed(5)
    expected = torch.randn(2)
    torch.manual_seed(5)
    assert course.gap("90.c", mine) is mine
    torch.testing.assert_close(torch.randn(2), expected)


def test_the_overview_says_what_is_open_since_the_start(capsys):
    course.gap("90.a", stub)
    course.gap("90.a", right)
    course.gap("90.b", lambda *_: torch.zeros(1))
    capsys.readouterr()
    course.gaps("90")
    assert capsys.readouterr().out == (
        "gaps of lesson 90: 1 of 3 filled\n✓ 90.a weighted sums\n✗ 90.b a step\n… 90.c some noise\n"
    )


def test_progress_counts_filled_gaps(capsys):
    course.gap("90.a", right)
    capsys.readouterr()
    course.progress()
    (row,) = [row for row in capsys.readouterr().out.splitlines() if row.startswith("90")]
    assert row.endswith("exercises 0/0, gaps 1/3")


def test_require_is_silent_when_right_and_raises_the_hint_otherwise(capsys):
    course.require("90.a", right)
    assert capsys.readouterr().out == ""
    with pytest.raises(AssertionError, match=r"90\.a the biases are missing"):
        course.require("90.a", lambda W, x, b: W @ x)
    with pytest.raises(AssertionError, match=r"90\.a is not answered yet"):
        course.require("90.a", stub)
    with pytest.raises(AssertionError, match=r"00\.1 that is the number of pixels"):
        course.require("00.1", 256)
    course.require("00.1", 768)


@pytest.mark.parametrize("number", ["90.z", "90.1", "90", "", "a.a", "../90.a"])
def test_an_unknown_gap_lists_those_that_there_are(number):
    with pytest.raises(ValueError, match=r"there is no gap .* Write it like course\.gap"):
        course.gap(number, right)


def test_an_overview_of_a_lesson_without_gaps_is_refused():
    with pytest.raises(ValueError, match="has no gaps"):
        course.gaps("77")


def test_a_gap_belongs_into_the_file_of_its_lesson_and_has_a_letter_of_its_own():
    missing_lines.find("90.a")
    with pytest.raises(ValueError, match="a number like"):
        missing_lines.fills("90.1", "digits are exercises", cases=list)
    with pytest.raises(ValueError, match="is taken by"):
        missing_lines.fills("90.a", "again", cases=list)(right)
    elsewhere = missing_lines.find("90.a").solution
    with pytest.raises(ValueError, match="belongs into gaps_91"):
        missing_lines.fills("91.a", "elsewhere", cases=list)(elsewhere)


def test_the_verdict_is_that_of_the_exercises():
    assert checking.judge(missing_lines.find("90.a").exercise, stub).state == "not yet"
    assert checking.judge(missing_lines.find("90.a").exercise, right).state == "right"
