"""Source notebooks for nbgrader: a locked test for each gap and exercise, before the course's version."""

import pytest
from small_lesson import ALONE, small_lesson

from stablegen_class import edition, grading
from stablegen_class.lessons import Lesson, all_lessons


@pytest.fixture
def cells(tmp_path):
    lesson = Lesson(small_lesson(tmp_path))
    listing = ALONE.replace("Minus the logarithm.", "```python\nloss = 0.5\n```")
    next(cell for cell in lesson.notebook.cells if cell.source == ALONE).source = listing
    return grading.source_notebook(lesson).cells


def marked(cells):
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}


def test_an_answer_holds_its_stub_its_solution_and_the_check(cells):
    answer = marked(cells)["answer-04-a"]
    assert answer.source.startswith("def half(x):\n    return ...")
    assert "### BEGIN SOLUTION\ndef half(x):\n    return x / 2\n### END SOLUTION" in answer.source
    assert answer.metadata.nbgrader.solution
    assert not answer.metadata.nbgrader.locked


def test_the_test_of_a_gap_stands_before_the_courses_version_takes_over(cells):
    sources = [cell.source for cell in cells]
    place = next(number for number, source in enumerate(sources) if 'course.require("04.a", half)' in source)
    assert "course.gap" not in "".join(sources[: place + 1])
    assert sources[place + 1] == 'half = course.gap("04.a", half)'
    assert "### BEGIN HIDDEN TESTS" in sources[place]
    settings = cells[place].metadata.nbgrader
    assert (settings.points, settings.grade, settings.locked) == (1, True, True)


def test_a_solution_without_a_listing_is_refused(tmp_path):
    lesson = Lesson(small_lesson(tmp_path))
    with pytest.raises(ValueError, match=r"04\.1 has no folded solution with a listing"):
        grading.source_notebook(lesson)


@pytest.mark.parametrize("lesson", all_lessons(), ids=lambda lesson: lesson.number)
def test_each_gap_and_exercise_of_each_lesson_is_worth_one_point(lesson):
    notebook = grading.source_notebook(lesson)
    found = marked(notebook.cells)
    numbers = [number.replace(".", "-") for number, _ in edition.solutions(lesson)]
    assert list(found) == [f"{kind}-{number}" for number in numbers for kind in ("answer", "test")]
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert not any(cell.get("outputs") for cell in notebook.cells)
