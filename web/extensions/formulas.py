"""Formulas are drawn while the site is built, as pictures with MathML for screen readers beside them.

So a page needs no MathJax, which has two megabytes, and shows its formulas at once.
"""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

SCRIPT = Path(__file__).resolve().parents[1] / "formulas.js"


@cache
def _artist() -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def drawn(tex: str, *, display: bool) -> str:
    """The HTML of a formula.

    Raises:
        ExtensionError: If it cannot be read.
    """
    artist = _artist()
    assert artist.stdin is not None
    assert artist.stdout is not None
    artist.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
    artist.stdin.flush()
    html = artist.stdout.readline().rstrip("\n")
    if not html or 'data-mml-node="merror"' in html:
        raise ExtensionError(f"this formula cannot be drawn: {tex}")
    return html


def visit_math(self: Any, node: nodes.math) -> None:
    """Within a line."""
    self.body.append(f'<span class="math">{drawn(node.astext(), display=False)}</span>')
    raise nodes.SkipNode


def visit_math_block(self: Any, node: nodes.math_block) -> None:
    """In a line of its own."""
    self.body.append(f'<div class="math">{drawn(node.astext(), display=True)}</div>')
    raise nodes.SkipNode


def close(app: Sphinx, exception: Exception | None) -> None:
    """Ends the program that draws."""
    if _artist.cache_info().currsize:
        _artist().communicate()
        _artist.cache_clear()


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("drawn", (visit_math, None), (visit_math_block, None))
    app.connect("build-finished", close)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
