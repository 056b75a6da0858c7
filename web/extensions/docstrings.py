"""Our docstrings are plain text with code between backticks. In reStructuredText a bar would mean something.

What names a paper of arXiv becomes a link to it.
"""

import re
from typing import Any

from sphinx.application import Sphinx

PAPER = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
TYPE = re.compile(r"\s*:(?:var)?type\b")
CODE = re.compile(r"(`+[^`]*`+)")


def protect(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Keeps bars outside of code as they are, and adds the links."""
    lines[:] = [_typed(line) or "".join(_outside(part) for part in CODE.split(line)) for line in lines]


def _typed(line: str) -> str | None:
    """The type of an attribute, which may hold a shape such as " batch *shape"; None for any other line."""
    return line.replace("*", "\\*") if TYPE.match(line) else None


def _outside(part: str) -> str:
    if part.startswith("`"):
        return part
    return PAPER.sub(r"`arXiv:\1 <https://arxiv.org/abs/\1>`__", part.replace("|", "\\|"))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", protect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
