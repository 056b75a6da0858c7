"""What screen readers stumble over in the pages that Sphinx and the theme make, mended."""

import re
from typing import Any

from sphinx.application import Sphinx

AFTER_THE_THEME = 900
SIGNATURE = re.compile(r'<dl>\n((?:<dd><em class="sig-param">.*?</dd>\n)+)</dl>', re.DOTALL)


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    """Captions of the navigation get a level; lines of a long signature are no list without terms."""
    plain = 'class="caption" role="heading"'
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace(plain, f'{plain} aria-level="2"')
    if "body" in context:
        context["body"] = SIGNATURE.sub(_lines, context["body"])


def _lines(found: re.Match[str]) -> str:
    lines = found[1].replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")
    return f'<span class="sig-lines">\n{lines}</span>'


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", mend, priority=AFTER_THE_THEME)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
