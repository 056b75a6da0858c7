"""What myst-nb leaves out of a stored picture: its description, and for a widget the way to the live one.

myst-nb keeps width and height of a picture and drops the alt text that stands beside them.
"""

import re
from typing import Any

from docutils import nodes
from myst_nb.core.render import NbElementRenderer
from sphinx.application import Sphinx

LIVE = {"LatentExplorer": "explore", "Duel": "duel", "Prompter": "prompter"}
"""Widget -> the page where one runs without a kernel."""
SHOWN = re.compile(rf"^(?:\w+ = )?(?P<widget>{'|'.join(LIVE)})\(", re.MULTILINE)

_plain = NbElementRenderer.render_image


def render_image(self: NbElementRenderer, data: Any) -> list[nodes.Element]:
    """The picture with its stored description."""
    made: list[nodes.Element] = _plain(self, data)
    alt = data.output_metadata.get(data.mime_type, {}).get("alt")
    for node in made:
        if alt and isinstance(node, nodes.image):
            node["alt"] = alt
    return made


def add_links(app: Sphinx, document: nodes.document, name: str) -> None:
    """Below a cell that shows a widget: where to move one now."""
    for cell in list(document.findall(nodes.container)):
        shown = SHOWN.search(cell.astext()) if cell.get("nb_element") == "cell_code" else None
        if shown:
            page = LIVE[shown["widget"]]
            link = nodes.reference("", page, internal=True, refuri=app.builder.get_relative_uri(name, page))
            words = nodes.Text(f"A {shown['widget']} that runs without a kernel: ")
            cell.append(nodes.paragraph("", "", words, link, classes=["live-link"]))


def setup(app: Sphinx) -> dict[str, Any]:
    NbElementRenderer.render_image = render_image  # type: ignore[method-assign]
    app.connect("doctree-resolved", add_links)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
