"""A notebook is read as it stands: titles, sections, results, and nothing lost between them."""

import pytest
from small_lesson import small_lesson

from stablegen_class.lessons import Code, Lesson, all_lessons, paragraphs


@pytest.fixture
def lesson(tmp_path):
    return Lesson(small_lesson(tmp_path))


def test_title_question_and_promises(lesson):
    assert (lesson.number, lesson.title) == ("04", "The log-loss")
    assert lesson.question == "what do the two networks argue about?"
    assert lesson.promise("You will be able to") == "compute it; distrust it."
    assert lesson.promise("Costs") == ""


def test_a_promise_may_be_worded_as_a_question(tmp_path):
    path = small_lesson(tmp_path)
    path.write_text(path.read_text().replace("**You will be able to:**", "**What you will be able to do.**"))
    assert Lesson(path).promise("You will be able to") == "compute it; distrust it."


def test_sections_in_order_with_their_parts(lesson):
    assert [(each.heading, each.level) for each in lesson.sections] == [
        ("1. The formula", 2),
        ("Inside", 3),
        ("Try it", 2),
        ("Sources", 2),
    ]
    first = lesson.sections[0].parts
    assert [type(part) for part in first] == [str, str, str, Code, str]
    code = first[3]
    assert (code.source, code.text, code.folded) == ("print(p)", "0.5 < 0.7", False)
    assert code.pictures[0].alt == 'A red bar, "wide" & low.'


def test_a_widget_gives_its_stored_picture_and_no_text(lesson):
    (code,) = [part for part in lesson.sections[1].parts if isinstance(part, Code)]
    assert code.folded
    assert code.text == ""
    assert len(code.pictures) == 1


def test_fences_and_formulas_stay_in_one_piece():
    text = "one\n\n```python\na\n\nb\n```\n\n$$\nx\n\ny\n$$\n\ntwo"
    assert paragraphs(text) == ["one", "```python\na\n\nb\n```", "$$\nx\n\ny\n$$", "two"]


def test_a_title_without_a_number_is_refused_by_name(tmp_path):
    path = small_lesson(tmp_path)
    path.write_text(path.read_text().replace("# 04 ·", "# four ·"))
    with pytest.raises(ValueError, match=r"04_log_loss\.ipynb does not begin"):
        _ = Lesson(path).title


def test_every_stored_lesson_can_be_read():
    lessons = all_lessons()
    assert [lesson.number for lesson in lessons] == [f"{number:02}" for number in range(len(lessons))]
    for lesson in lessons:
        assert lesson.promise("You will be able to"), lesson.path.name
        assert len(lesson.sections) >= 5
