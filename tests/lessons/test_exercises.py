"""Claims about all exercises: each has a folded solution, a stub waits, nonsense gets an answer."""

import sys

import pytest
import torch
from folded import NOTEBOOKS, solutions, verdict

from stablegen_lib.course import checking

LESSONS = sorted(path.name[:2] for path in NOTEBOOKS.glob("*.ipynb"))
NUMBERS = [item.number for lesson in LESSONS for item in checking.of_lesson(lesson)]
NAN = float("nan")
ITSELF: list[object] = [1.0]
ITSELF.append(ITSELF)
DEEP: object = 1.0
for _ in range(5_000):
    DEEP = [DEEP]
JUNK = ["", "nonsense", [1, "a"], {}, torch.full((3,), NAN), object(), lambda *_: "text", 7j, NAN, -1e30]
JUNK += [ITSELF, DEEP, sys.exit]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_has_a_stub_and_a_folded_solution_in_its_lesson(lesson):
    assert sorted(solutions(lesson)) == sorted(item.number for item in checking.of_lesson(lesson))


@pytest.mark.parametrize("number", NUMBERS)
def test_an_untouched_stub_is_not_yet(number):
    assert verdict(number, ...).state == "not yet"


@pytest.mark.parametrize("answer", JUNK, ids=lambda junk: type(junk).__name__)
@pytest.mark.parametrize("number", NUMBERS)
def test_nonsense_is_wrong_with_a_message_and_never_raises(number, answer):
    assert verdict(number, answer).state == "wrong"
    assert verdict(number, answer).message
