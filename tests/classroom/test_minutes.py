"""docs/teaching.md: its table is what is counted now, and its plans last as long as they say."""

import re

import pytest
from small_lesson import small_lesson

from stablegen_class import minutes
from stablegen_class.lessons import Lesson

PAGE = minutes.PAGE.read_text(encoding="utf-8")


def lasting(heading):
    """The minutes in the first column of the table below a heading."""
    below = PAGE.split(f"\n### {heading}", 1)[1].split("\n#", 1)[0]
    return [int(found) for found in re.findall(r"^\| (\d+) \|", below, re.MULTILINE)]


def test_the_table_is_what_is_counted_now():
    assert minutes.with_table(PAGE) == PAGE, "run `python -m stablegen_class.minutes`"


def test_the_map_of_lesson_00_is_the_readmes_table():
    cells = Lesson(minutes.START).notebook.cells
    (cell,) = (cell for cell in cells if minutes.MAP_HEAD[0] in cell.source)
    assert minutes.with_map(cell.source) == cell.source, "run `python -m stablegen_class.minutes`"
    assert minutes.course_map().count("\n") == len(minutes.all_lessons()) + 1


def test_lesson_00_says_how_long_lessons_take():
    """Half an hour to an hour and a half."""
    together = [int(row.split("|")[-2]) for row in minutes.table(minutes.all_lessons()).splitlines()[2:]]
    assert 25 <= min(together) <= 40
    assert 80 <= max(together) <= 100
    text = "\n".join(cell.source for cell in Lesson(minutes.START).notebook.cells)
    assert "half an hour for the shortest lesson, an hour and a half for the longest" in text


def test_words_lines_gaps_and_exercises_are_counted(tmp_path):
    lesson = Lesson(small_lesson(tmp_path))
    assert minutes.asked(lesson) == (1, 1)
    prose = minutes.reading(lesson)
    next(cell for cell in lesson.notebook.cells if cell.source.startswith("## Sources")).source += (
        " word" * 300
    )
    assert minutes.reading(lesson) == pytest.approx(prose + 300 / minutes.WORDS_A_MINUTE)


def test_a_lesson_without_running_time_is_named(tmp_path):
    (tmp_path / "README.md").write_text("| 01 | Data | what? | 0.2 | `data` |\n")
    assert minutes.running("01", tmp_path / "README.md") == 0.2
    with pytest.raises(ValueError, match="no running time for lesson 02"):
        minutes.running("02", tmp_path / "README.md")


@pytest.mark.parametrize("session", ["Session 1", "Session 2", "Session 3", "Session 4"])
def test_a_session_lasts_90_minutes(session):
    assert sum(lasting(session)) == 90


def test_the_day_is_as_long_as_it_says():
    (hours, rest) = re.search(r"### One day: (\d+) hours? and (\d+) minutes", PAGE).groups()
    assert sum(lasting("One day")) == int(hours) * 60 + int(rest)
