"""What myst-nb leaves out of a stored picture: its description, and for a widget the way to the live one.

myst-nb keeps width and height of a picture and drops the alt text that stands beside them.
"""

from typing import Any

from docutils import nodes
from myst_nb.core.render import NbElementRenderer
from sphinx.application import Sphinx

LIVE = {"LatentExplorer": "explore", "Duel": "duel", "Prompter": "prompter"}
"""Widget, as its stored text begins -> the page where it runs without a kernel."""

_plain = NbElementRenderer.render_image


def render_image(self: NbElementRenderer, data: Any) -> list[nodes.Element]:
    """The picture with its stored description."""
    made: list[nodes.Element] = _plain(self, data)
    alt = data.output_metadata.get(data.mime_type, {}).get("alt")
    for node in made:
        if alt and isinstance(node, nodes.image):
            node["alt"] = alt
    return made


def setup(app: Sphinx) -> dict[str, Any]:
    NbElementRenderer.render_image = render_image  # type: ignore[method-assign]
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
