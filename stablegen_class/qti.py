"""The questions as QTI 1.2, which learning platforms import (Canvas, Moodle and others).

Source: IMS Question & Test Interoperability, ASI XML binding, version 1.2: https://www.imsglobal.org/question/qtiv1p2/
"""

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Sequence

from stablegen_class.lessons import Lesson
from stablegen_class.markup import as_html
from stablegen_class.questions import LETTERS, Question, picture_html

SPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
FIXED_TIME = (2020, 1, 1, 0, 0, 0)  # so that the same questions give the same bytes


def document(lesson: Lesson, questions: Sequence[Question]) -> bytes:
    """One assessment with one item for each question."""
    root = ET.Element("questestinterop", xmlns=SPACE)
    title = f"{lesson.number} {lesson.title}"
    assessment = ET.SubElement(root, "assessment", ident=f"stablegen-{lesson.number}", title=title)
    section = ET.SubElement(assessment, "section", ident=f"stablegen-{lesson.number}-all")
    for question in questions:
        _item(section, question)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def package(lesson: Lesson, questions: Sequence[Question]) -> bytes:
    """The document in a zip file with a manifest, as platforms take it."""
    file = f"lesson_{lesson.number}.xml"
    manifest = ET.Element(
        "manifest", identifier=f"stablegen-{lesson.number}", xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    )
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    resource = ET.SubElement(
        resources, "resource", identifier=f"questions-{lesson.number}", type="imsqti_xmlv1p2", href=file
    )
    ET.SubElement(resource, "file", href=file)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = ET.tostring(manifest, encoding="utf-8", xml_declaration=True)
        for name, content in (("imsmanifest.xml", listed), (file, document(lesson, questions))):
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), content)
    return target.getvalue()


def _item(section: ET.Element, question: Question) -> None:
    item = ET.SubElement(section, "item", ident=question.name, title=question.name)
    metadata = ET.SubElement(ET.SubElement(item, "itemmetadata"), "qtimetadata")
    kind = "numerical_question" if question.kind == "number" else "multiple_choice_question"
    for name, entry in (("question_type", kind), ("points_possible", "1"), ("section", question.section)):
        field = ET.SubElement(metadata, "qtimetadatafield")
        ET.SubElement(field, "fieldlabel").text = name
        ET.SubElement(field, "fieldentry").text = entry
    presentation = ET.SubElement(item, "presentation")
    shown = picture_html(question.picture) if question.picture else ""
    _text(presentation, shown + as_html(question.text))
    if question.kind == "number":
        response = ET.SubElement(presentation, "response_str", ident="answer", rcardinality="Single")
        ET.SubElement(
            ET.SubElement(response, "render_fib", fibtype="Decimal"), "response_label", ident="number"
        )
    else:
        response = ET.SubElement(presentation, "response_lid", ident="answer", rcardinality="Single")
        render = ET.SubElement(response, "render_choice")
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            label = ET.SubElement(render, "response_label", ident=letter)
            _text(label, picture_html(choice.picture) if choice.picture else as_html(choice.text))
    _scoring(item, question)
    _feedback(item, "explanation", question.explanation)
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if choice.why:
            _feedback(item, f"why-{letter}", choice.why)


def _scoring(item: ET.Element, question: Question) -> None:
    processing = ET.SubElement(item, "resprocessing")
    outcomes = ET.SubElement(processing, "outcomes")
    ET.SubElement(outcomes, "decvar", varname="SCORE", vartype="Decimal", minvalue="0", maxvalue="100")
    right = ET.SubElement(processing, "respcondition", attrib={"continue": "No"})
    condition = ET.SubElement(right, "conditionvar")
    if question.kind == "number":
        both = ET.SubElement(condition, "and")
        low, high = question.number - question.tolerance, question.number + question.tolerance
        ET.SubElement(both, "vargte", respident="answer").text = f"{low:.6g}"
        ET.SubElement(both, "varlte", respident="answer").text = f"{high:.6g}"
    else:
        ET.SubElement(condition, "varequal", respident="answer").text = LETTERS[question.right]
    ET.SubElement(right, "setvar", varname="SCORE", action="Set").text = "100"
    ET.SubElement(right, "displayfeedback", feedbacktype="Response", linkrefid="explanation")
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if choice.why:
            wrong = ET.SubElement(processing, "respcondition", attrib={"continue": "Yes"})
            chosen = ET.SubElement(wrong, "conditionvar")
            ET.SubElement(chosen, "varequal", respident="answer").text = letter
            ET.SubElement(wrong, "displayfeedback", feedbacktype="Response", linkrefid=f"why-{letter}")


def _feedback(item: ET.Element, name: str, markdown: str) -> None:
    _text(ET.SubElement(item, "itemfeedback", ident=name), as_html(markdown))


def _text(parent: ET.Element, html: str) -> None:
    ET.SubElement(ET.SubElement(parent, "material"), "mattext", texttype="text/html").text = html
