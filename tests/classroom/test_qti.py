"""QTI: what platforms read is there, and the same questions give the same bytes."""

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest
from small_lesson import small_lesson

from stablegen_class import qti
from stablegen_class.lessons import Lesson
from stablegen_class.questions import Choice, Question

SPACE = {"q": qti.SPACE}
CHOICE = Question(
    "04-sign", "choice", "definition", "Inside", 1, "Which is $x < 1$?", "Because.",
    (Choice("the other", False, "It sounds so."), Choice("the one", True)),
)  # fmt: skip
NUMBER = Question(
    "04-tie", "number", "computation", "Inside", 2, "How much?", "2 log 2.", (), 1.386, 0.01, "nats"
)


@pytest.fixture
def root(tmp_path):
    return ET.fromstring(qti.document(Lesson(small_lesson(tmp_path)), [CHOICE, NUMBER]))


def test_each_question_is_an_item_with_its_key(root):
    choice, number = root.findall(".//q:item", SPACE)
    assert choice.find(".//q:varequal", SPACE).text == "B"
    assert [each.get("ident") for each in choice.findall(".//q:response_label", SPACE)] == ["A", "B"]
    assert float(number.find(".//q:vargte", SPACE).text) == pytest.approx(1.376)
    assert float(number.find(".//q:varlte", SPACE).text) == pytest.approx(1.396)


def test_every_feedback_that_is_shown_exists(root):
    for item in root.findall(".//q:item", SPACE):
        shown = {each.get("linkrefid") for each in item.findall(".//q:displayfeedback", SPACE)}
        assert shown == {each.get("ident") for each in item.findall("q:itemfeedback", SPACE)}


def test_the_package_names_its_file_and_is_the_same_twice(tmp_path):
    lesson = Lesson(small_lesson(tmp_path))
    content = qti.package(lesson, [CHOICE])
    assert content == qti.package(lesson, [CHOICE])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["imsmanifest.xml", "lesson_04.xml"]
        assert b'href="lesson_04.xml"' in archive.read("imsmanifest.xml")
