"""Our docstrings are plain text with code between backticks; in reStructuredText a bar means something."""

import re
from typing import Any

from sphinx.application import Sphinx

CODE = re.compile(r"(`+[^`]*`+)")


def protect(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Keeps bars outside of code as they are."""
    lines[:] = ["".join(_outside(part) for part in CODE.split(line)) for line in lines]


def _outside(part: str) -> str:
    return part if part.startswith("`") else part.replace("|", "\\|")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", protect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
