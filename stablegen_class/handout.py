"""One page on paper for each lesson: its question, what one learns, its formulas, pictures and questions."""

import itertools
import re
from collections.abc import Sequence

from stablegen_class.lessons import Code, Lesson, Picture, Section
from stablegen_class.markup import as_html, inline
from stablegen_class.pages import template
from stablegen_class.questions import Question

PICTURES, FORMULAS = 2, 3
NOT_CONTENT = ("Settings", "Try it", "What we left out", "Sources", "What you can do now")
LETTERS = 420  # of all questions together: what one page of A4 or Letter has room for


def page(lesson: Lesson, questions: Sequence[Question]) -> str:
    """The page as HTML, made to be printed; the questions stand without answers."""
    parts = [part for section in lesson.sections for part in section.parts]
    pictures = [picture for part in parts if isinstance(part, Code) for picture in part.pictures]
    prose = "\n\n".join(part for part in parts if isinstance(part, str))
    formulas = list(dict.fromkeys(re.findall(r"\$\$.+?\$\$", prose, re.DOTALL)))[:FORMULAS]
    return template("handout.html").render(
        lesson=lesson,
        learn=inline(lesson.promise("You will be able to")),
        headings=[section.heading for section in lesson.sections if _is_content(section)],
        formulas=formulas,
        pictures=_widest(pictures),
        questions=[as_html(text) for text in _short(questions)],
    )


def _is_content(section: Section) -> bool:
    return section.level == 2 and not section.heading.startswith(NOT_CONTENT)


def _short(questions: Sequence[Question]) -> list[str]:
    """From the front as many as fit; those that need a picture are left out."""
    texts = [question.text for question in questions if _is_in_words(question)]
    lengths = itertools.accumulate(len(text) for text in texts)
    return [text for text, length in zip(texts, lengths, strict=True) if length <= LETTERS]


def _is_in_words(question: Question) -> bool:
    return not question.picture and not any(choice.picture for choice in question.choices)


def _widest(pictures: Sequence[Picture]) -> list[Picture]:
    """Two that are wide and low: they fit beside text."""
    return sorted(pictures, key=lambda picture: _height_to_width(picture.png))[:PICTURES]


def _height_to_width(png: bytes) -> float:
    width, height = (int.from_bytes(png[start : start + 4]) for start in (16, 20))
    return height / width
