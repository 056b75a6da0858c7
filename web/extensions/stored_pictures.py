"""What myst-nb leaves out of a stored picture: its description, and for a widget the way to the live one.

myst-nb keeps width and height of a picture and drops the alt text that stands beside them. Pictures go onto
the site as WebP without loss, a third smaller than PNG, and are loaded when somebody scrolls near them.
"""

import base64
import hashlib
import io
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.render import NbElementRenderer
from PIL import Image
from sphinx.application import Sphinx

LIVE = {"LatentExplorer": "explore", "Duel": "duel", "Prompter": "prompter"}
"""Widget -> the page where one runs without a kernel."""
SHOWN = re.compile(rf"^(?:\w+ = )?(?P<widget>{'|'.join(LIVE)})\(", re.MULTILINE)
PICTURE = re.compile(r'<img (?P<rest>[^>]*src="[^"]*_images/(?P<file>[^"/]+)"[^>]*?) ?/>')
INSIDE = re.compile(r'src="data:image/png;base64,(?P<text>[A-Za-z0-9+/=]+)"')
EFFORT = 60  # of 100

_plain, _write = NbElementRenderer.render_image, NbElementRenderer.write_file


def render_image(self: NbElementRenderer, data: Any) -> list[nodes.Element]:
    """The picture with its stored description."""
    made: list[nodes.Element] = _plain(self, data)
    alt = data.output_metadata.get(data.mime_type, {}).get("alt")
    for node in made:
        if alt and isinstance(node, nodes.image):
            node["alt"] = alt
    return made


def write_file(self: NbElementRenderer, path: list[str], content: bytes, **options: Any) -> str:
    """Writes a PNG as WebP, and any other file as it is."""
    *folders, name = path
    if name.endswith(".png"):
        path, content = [*folders, f"{name.removesuffix('.png')}.webp"], _smaller(content)
    return str(_write(self, path, content, **options))


def _smaller(png: bytes) -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).save(file, "webp", lossless=True, quality=EFFORT)
    return file.getvalue()


def load_late(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    """Pictures keep their place before they come, so that nothing jumps; those in HTML become files, too."""
    names = {name: source for source, (_, name) in app.env.images.items()}

    def sized(found: re.Match[str]) -> str:
        with Image.open(Path(app.srcdir) / names[found["file"]]) as picture:
            size = f'width="{picture.width}" height="{picture.height}"'
        return f'<img {found["rest"]} {size} loading="lazy" />'

    def outside(found: re.Match[str]) -> str:
        content = _smaller(base64.b64decode(found["text"]))
        file = Path(app.outdir) / "_images" / f"{hashlib.sha256(content).hexdigest()[:16]}.webp"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        return f'src="{"../" * page.count("/")}_images/{file.name}"'

    if "body" in context:
        context["body"] = INSIDE.sub(outside, PICTURE.sub(sized, context["body"]))


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
    NbElementRenderer.write_file = write_file  # type: ignore[method-assign]
    app.connect("html-page-context", load_late)
    app.connect("doctree-resolved", add_links)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
