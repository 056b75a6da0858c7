"""Captions of the navigation are headings; Sphinx does not say of which level, which screen readers need."""

from typing import Any

from sphinx.application import Sphinx

AFTER_THE_THEME = 900


def add_levels(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    """In the navigation that the theme has made."""
    plain = 'class="caption" role="heading"'
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace(plain, f'{plain} aria-level="2"')


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", add_levels, priority=AFTER_THE_THEME)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
