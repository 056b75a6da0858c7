"""What the QTI schema demands of the elements that the kit writes: children in order, and attributes.

Source: IMS, ims_qtiasiv1p2p1.dtd, 14 February 2003, whose declarations these are, without the elements that
the kit does not write. On 28 November 2026 lxml found the files of all lessons valid with the whole DTD.
"""

import re
import xml.etree.ElementTree as ET

from stablegen_class import qti

TEXT = ""  # no children
CONDITIONS = "((and|varequal|vargte|varlte) )+"
CHILDREN = {
    "questestinterop": "(assessment |((section|item) )+)",
    "assessment": "(qtimetadata )*(section )+",
    "section": "(qtimetadata )*((item|section) )*",
    "item": "(itemmetadata )?(presentation )?(resprocessing )*(itemfeedback )*",
    "itemmetadata": "(qtimetadata )*",
    "qtimetadata": "(qtimetadatafield )+",
    "qtimetadatafield": "fieldlabel fieldentry ",
    "fieldlabel": TEXT,
    "fieldentry": TEXT,
    "presentation": "((material|response_lid|response_str) )+",
    "material": "(mattext )+",
    "mattext": TEXT,
    "response_lid": "(material )?(render_choice|render_fib) (material )?",
    "response_str": "(material )?(render_choice|render_fib) (material )?",
    "render_choice": "((material|response_label) )*",
    "render_fib": "((material|response_label) )*",
    "response_label": "(material )*",
    "resprocessing": "outcomes (respcondition )+",
    "outcomes": "(decvar )+",
    "decvar": TEXT,
    "respcondition": "conditionvar (setvar )*(displayfeedback )*",
    "conditionvar": CONDITIONS,
    "and": CONDITIONS,
    "varequal": TEXT,
    "vargte": TEXT,
    "varlte": TEXT,
    "setvar": TEXT,
    "displayfeedback": TEXT,
    "itemfeedback": "(material )+",
}
IDENT, RESPIDENT, TITLE = {"ident": ".+"}, {"respident": ".+"}, {"title": ".*"}
RESPONSE = {"rcardinality": "Single|Multiple|Ordered", "rtiming": "Yes|No"}
NEEDED = {
    "assessment": IDENT,
    "section": IDENT,
    "item": IDENT,
    "response_lid": IDENT,
    "response_str": IDENT,
    "response_label": IDENT,
    "varequal": RESPIDENT,
    "vargte": RESPIDENT,
    "varlte": RESPIDENT,
    "displayfeedback": {"linkrefid": ".+"},
    "itemfeedback": IDENT,
}
ALLOWED = {
    "assessment": TITLE,
    "section": TITLE,
    "item": TITLE,
    "mattext": {"texttype": ".*"},
    "response_lid": RESPONSE,
    "response_str": RESPONSE,
    "render_choice": {"shuffle": "Yes|No"},
    "render_fib": {"fibtype": "String|Integer|Decimal|Scientific"},
    "decvar": {"varname": ".*", "minvalue": ".*", "maxvalue": ".*",
               "vartype": "Integer|String|Decimal|Scientific|Boolean|Enumerated|Set"},
    "respcondition": {"continue": "Yes|No", **TITLE},
    "setvar": {"varname": ".*", "action": "Set|Add|Subtract|Multiply|Divide"},
    "displayfeedback": {"feedbacktype": "Response|Solution|Hint"},
    "itemfeedback": TITLE,
}  # fmt: skip


def faults(document: bytes) -> list[str]:
    """What the schema does not allow, in words; an empty list for a valid document."""
    return [fault for element in ET.fromstring(document).iter() for fault in _faults(element)]


def _faults(element: ET.Element) -> list[str]:
    name = _name(element)
    if name not in CHILDREN:
        return [f"{name}: unknown"]
    found = []
    children = "".join(f"{_name(child)} " for child in element)
    if not re.fullmatch(CHILDREN[name], children):
        found.append(f"{name}: children {children}")
    needed = NEEDED.get(name, {})
    found += [f"{name}: without {attribute}" for attribute in needed if attribute not in element.attrib]
    for attribute, value in element.attrib.items():
        pattern = {**needed, **ALLOWED.get(name, {})}.get(attribute)
        if pattern is None or not re.fullmatch(pattern, value):
            found.append(f'{name}: {attribute}="{value}"')
    return found


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{qti.SPACE}}}")
