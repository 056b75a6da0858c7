"""The class edition holds no solution, and the key holds all of them."""

import pytest
from small_lesson import small_lesson

from stablegen_class import edition
from stablegen_class.lessons import SOLUTION, Lesson, all_lessons


def test_solutions_go_and_the_text_around_them_stays(tmp_path):
    lesson = Lesson(small_lesson(tmp_path))
    before = len(lesson.notebook.cells)
    sources = [cell.source for cell in edition.without_solutions(lesson).cells]
    assert len(sources) == before - 1  # the cell that held nothing else
    assert "And the text goes on." in sources
    assert not any(SOLUTION in source for source in sources)
    assert SOLUTION in "".join(cell.source for cell in lesson.notebook.cells)  # as before


def test_the_key_knows_what_each_solution_solves(tmp_path):
    found = dict(edition.solutions(Lesson(small_lesson(tmp_path))))
    assert found["04.1"] == "Minus the logarithm."
    assert "return x / 2" in found["04.a"]


@pytest.mark.parametrize("lesson", all_lessons(), ids=lambda lesson: lesson.number)
def test_no_lesson_leaves_a_solution_in_the_class_edition(lesson):
    text = edition.written(edition.without_solutions(lesson))
    solved = edition.solutions(lesson)
    assert SOLUTION not in text
    later = text.count("<details><summary>Open this when you have judged")  # of lesson 14: no solution
    assert later == (lesson.number == "14")
    assert text.count("</details>") == text.count("Open the table</summary>") + later  # tables in outputs
    numbers = [number for number, _ in solved]
    assert numbers
    assert len(set(numbers)) == len(numbers)
    for _, solution in solved:
        assert solution.splitlines()[0] not in text or len(solution.splitlines()[0]) < 12
