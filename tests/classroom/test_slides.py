"""What is shown, what is said, and that questions to predict come before their answers."""

import re

import pytest
from small_lesson import small_lesson

from stablegen_class import slides
from stablegen_class.lessons import Lesson, all_lessons
from stablegen_class.questions import Choice, Question

QUESTION = Question(
    "04-sign", "choice", "definition", "Inside", 1, "Which?", "Because.",
    (Choice("the one", True), Choice("the other", False, "It sounds so.")),
)  # fmt: skip


@pytest.fixture
def deck(tmp_path):
    return slides.deck(Lesson(small_lesson(tmp_path)), [QUESTION])


def test_the_question_to_predict_comes_alone_and_its_answer_next(deck):
    place = next(number for number, slide in enumerate(deck) if slide.kind == "predict")
    assert "Which of them is\nlarger?" in deck[place].body
    assert deck[place + 1].title == slides.ANSWER
    assert 'alt="A red bar' not in deck[place].body


def test_pictures_keep_their_alt_text_and_a_caption(deck):
    picture = next(slide for slide in deck if slide.kind == "picture")
    assert "alt='A red bar, &quot;wide&quot; &amp; low.'" in picture.body
    assert "The second one. It is larger." in picture.body
    assert picture.below[0].kind == "code"
    assert "print(p)" in picture.below[0].body


def test_folded_code_stays_folded(deck):
    assert "draw()" not in "".join(slide.body + "".join(low.body for low in slide.below) for slide in deck)


def test_all_prose_is_in_the_notes(deck):
    notes = "\n".join(note for slide in deck for note in slide.notes)
    for said in ("It may be negative.", "And the text goes on.", "* two"):
        assert said in notes
    assert "x / 2" not in notes


def test_bank_questions_stand_at_the_end_of_their_section_and_the_answer_after(deck):
    titles = [slide.title for slide in deck]
    place = titles.index("Question")
    assert titles[place + 1] == "Answer"
    assert titles[place - 1] == "Inside"
    assert "class=right" not in deck[place].body
    assert "class=right" in deck[place + 1].body


def test_a_heading_with_a_number_is_no_list(tmp_path):
    page = slides.page(Lesson(small_lesson(tmp_path)), [])
    assert "<h2>1. The formula</h2>" in page


def test_a_page_asks_no_other_host(tmp_path):
    page = slides.page(Lesson(small_lesson(tmp_path)), [QUESTION])
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


@pytest.mark.parametrize("lesson", all_lessons(), ids=lambda lesson: lesson.number)
def test_no_solution_and_no_source_is_on_a_slide(lesson):
    deck = slides.deck(lesson, [])
    assert len(deck) > 15
    assert not any("Solution" in slide.title or "<details" in slide.body for slide in deck)
