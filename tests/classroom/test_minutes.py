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
