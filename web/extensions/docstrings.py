"""Our docstrings are plain text with code between backticks. In reStructuredText a bar would mean something.

What names a paper of arXiv becomes a link to it.
"""

import re
from typing import Any

from sphinx.application import Sphinx

PAPER = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
CODE = re.compile(r"(`+[^`]*`+)")


def protect(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Keeps bars outside of code as they are, and adds the links."""
    lines[:] = ["".join(_outside(part) for part in CODE.split(line)) for line in lines]


def _outside(part: str) -> str:
    if part.startswith("`"):
        return part
    return PAPER.sub(r"`arXiv:\1 <https://arxiv.org/abs/\1>`__", part.replace("|", "\\|"))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", protect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
