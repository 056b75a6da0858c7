"""In each lesson the first use of a term of the glossary becomes a link to it."""

import re
from collections.abc import Iterator
from typing import Any

import glossary
from docutils import nodes
from sphinx.application import Sphinx

ELSEWHERE = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.caption)


def link_terms(app: Sphinx, document: nodes.document, name: str) -> None:
    """Called for each page when its links are known."""
    if not name.startswith("notebooks/"):
        return
    address = app.builder.get_relative_uri(name, "glossary")
    longest_first = sorted(glossary.terms(), key=lambda term: -len(term.name))
    for term in longest_first:  # "latent diffusion" before "diffusion"
        for text in _texts(document):
            if found := term.pattern.search(str(text)):
                _replace(text, found, f"{address}#{term.anchor}", term.meaning)
                break


def _texts(document: nodes.document) -> Iterator[nodes.Text]:
    """The words of paragraphs, list items and tables; not what is code, a heading or a link already."""
    for text in list(document.findall(nodes.Text)):
        above, inside = text.parent, False
        while above is not None:
            if isinstance(above, ELSEWHERE):
                break
            inside = inside or isinstance(above, nodes.paragraph)
            above = above.parent
        else:
            if inside:
                yield text


def _replace(text: nodes.Text, found: re.Match[str], address: str, meaning: str) -> None:
    before, after = str(text)[: found.start()], str(text)[found.end() :]
    link = nodes.reference("", found[0], internal=True, refuri=address, classes=["term"], reftitle=meaning)
    pieces = [nodes.Text(before), link, nodes.Text(after)]
    text.parent.replace(text, [piece for piece in pieces if piece.astext()])


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", link_terms)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
