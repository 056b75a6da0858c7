"""The QTI files of all lessons obey the schema, and a file that does not is found out."""

import pytest
from qti_schema import faults

from stablegen_class import qti, questions
from stablegen_class.lessons import all_lessons

LESSONS = {lesson.number: lesson for lesson in all_lessons()}


def document(number: str) -> bytes:
    return qti.document(LESSONS[number], questions.of_lesson(number))


@pytest.mark.parametrize("number", LESSONS)
def test_the_questions_of_a_lesson_obey_the_schema(number):
    assert faults(document(number)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (b"<presentation>", b"<hello /><presentation>", "item: children itemmetadata hello"),
        (b'ident="answer"', b'id="answer"', "response_lid: without ident"),
        (b'continue="No"', b'continue="never"', 'respcondition: continue="never"'),
        (b"outcomes>", b"interpretvar>", "interpretvar: unknown"),
        (b"<fieldlabel>question_type</fieldlabel>", b"", "qtimetadatafield: children fieldentry"),
    ],
)
def test_what_breaks_the_schema_is_found(right, wrong, said):
    good = document("04")
    assert right in good
    assert any(said in fault for fault in faults(good.replace(right, wrong)))
