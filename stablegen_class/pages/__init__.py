"""The pages' templates, filled by Jinja."""

from pathlib import Path

import jinja2
from markupsafe import Markup

from stablegen_class.markup import as_html, inline


def template(name: str) -> jinja2.Template:
    """One of the templates in this folder. What is filled in is HTML already."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["markdown"] = lambda text: Markup(as_html(text))
    environment.filters["inline"] = lambda text: Markup(inline(text))
    return environment.get_template(name)
