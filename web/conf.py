"""Sphinx's settings for the site. `build.py` calls it; nothing is executed, and no page asks another host."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "extensions"), str(HERE), str(HERE.parent)]

from stablegen_lib import __version__  # noqa: E402

project = "StableGen"
author = "StableGen contributors"
project_copyright = "StableGen contributors; code MIT, data see the cards"
release = __version__
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docstrings",
    "formulas",
    "readable_by_all",
    "stored_pictures",
    "terms",
]
nb_execution_mode = "off"
# The stored picture instead of an empty box for a widget without a kernel.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_ipywidgets_js: dict[str, object] = {}
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
myst_links_external_new_tab = False
exclude_patterns = ["vendor"]

default_role = "code"
autodoc_default_options = {"members": True, "member-order": "bysource", "show-inheritance": False}
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 88
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = ["Source"]
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "StableGen"
html_css_files = ["site.css"]
html_js_files = [("src/main.js", {"type": "module"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_permalinks_icon = "#"
html_math_renderer = "drawn"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {"navigation_with_keys": False}
