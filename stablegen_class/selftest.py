"""The questions as one page in a browser: an answer at once, and nothing sent anywhere."""

import json
from collections.abc import Sequence

from stablegen_class.lessons import Lesson
from stablegen_class.markup import as_html
from stablegen_class.pages import template
from stablegen_class.questions import Question, choices_html, picture_html


def page(lesson: Lesson, questions: Sequence[Question]) -> str:
    """The page as HTML; its pictures are in it, MathJax stands beside it in `shared/`."""
    return template("selftest.html").render(
        number=lesson.number, title=lesson.title, questions=[_entry(question) for question in questions]
    )


def _entry(question: Question) -> dict[str, str]:
    told = {
        "kind": question.kind,
        "right": question.right if question.kind == "choice" else question.number,
        "tolerance": question.tolerance,
        "why": [as_html(choice.why) if choice.why else "" for choice in question.choices],
        "explanation": as_html(question.explanation),
    }
    return {
        "name": question.name,
        "kind": question.kind,
        "unit": question.unit,
        "text": (picture_html(question.picture) if question.picture else "") + as_html(question.text),
        "choices": choices_html(question, marked=False),
        "told": json.dumps(told).replace("</", "<\\/"),
    }
