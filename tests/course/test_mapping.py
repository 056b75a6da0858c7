"""Claims about the map of the course: it leads to every lesson and says what comes next."""

import re

import pytest
from learner import EVERYTHING, OUTSIDE
from places import NOTEBOOKS, ROOT

from stablegen_lib import LESSONS, course
from stablegen_lib.course import mapping
from stablegen_lib.course.remembering import Remembered


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path / "home"))
    return tmp_path


def test_the_map_names_every_lesson_with_a_link_that_is_there(monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    page = mapping.as_html(mapping.lessons(Remembered()), timed=False)
    links = re.findall(r'href="([^"]+)"', page)
    assert set(links) == {path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb")}
    assert page.count('<th scope="row"') == len(LESSONS)
    assert not OUTSIDE.search(page)
    assert "color" not in page, "any theme will do"
    monkeypatch.chdir(ROOT)
    assert 'href="notebooks/04_log_loss.ipynb"' in mapping.as_html(mapping.lessons(Remembered()), timed=False)


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (set(), "Next: lesson 00 Start here."),
        ({"00.1"}, "Next: gap 00.a, random numbers for several faces, in lesson 00 Start here."),
        (
            {"00.a", "00.1"},
            "Next: exercise 00.2, a crowd with hats and dark glasses, in lesson 00",
        ),
        ({"00.a", "00.1", "00.2"}, "Next: lesson 01 Data."),
        ({n for n in EVERYTHING if n[:2] == "13"}, "Next: lesson 14 The article checked."),
        (EVERYTHING - {"03.2"}, "Next: exercise 03.2, "),
        (EVERYTHING, 'Everything is done. course.certificate("your name") writes a page to print.'),
    ],
)
def test_the_map_says_what_comes_next(right, words):
    course = mapping.lessons(Remembered(frozenset(right)))
    assert mapping.as_text(course, timed=False).splitlines()[-1].startswith(words)
    assert course[0].state == ("done" if len(right) > 2 and "00.2" in right else
                               "begun" if right & {"00.1"} else "not begun")  # fmt: skip


def test_a_notebook_gets_the_table_and_the_text(monkeypatch):
    shown = []

    class Shell:
        class display_pub:
            publish = shown.append

    monkeypatch.setattr("stablegen_lib.course.bookkeeping.running_shell", Shell)
    course.progress()
    assert set(shown[0]) == {"text/html", "text/plain"}
    assert shown[0]["text/html"].startswith("<table>")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "0 min"), (89.0, "1 min"), (3599.0, "1 h 00 min"), (3900.0, "1 h 05 min")]
)
def test_durations_in_words(seconds, words):
    assert mapping.duration(seconds) == words
