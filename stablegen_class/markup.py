"""Markdown of the lessons as HTML, with formulas left to MathJax."""

import html
import re

from nbconvert.filters.markdown_mistune import markdown2html_mistune

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]*\)")


def as_html(markdown: str) -> str:
    """Markdown as nbconvert reads it. Links into the repository become plain text: pages travel alone."""
    return str(markdown2html_mistune(LINK.sub(r"\1", markdown)))


def escaped(text: str) -> str:
    """Plain text for HTML, quotes included."""
    return html.escape(text, quote=True)


def plain(markdown: str) -> str:
    """Without marks: what a learning platform or a reader of alt texts gets."""
    text = LINK.sub(r"\1", markdown)
    text = re.sub(r"\[([^\]]+)\]\(https?:[^)]*\)", r"\1", text)
    return re.sub(r"(\*\*|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w))", "", text).strip()


def inline(markdown: str) -> str:
    """One paragraph without its tags. A number in front, as in "2. From coins", begins no list."""
    text = re.sub(r"^(\d+)\.", r"\1\\.", markdown.strip())
    return re.sub(r"^<p>(.*)</p>$", r"\1", as_html(text).strip(), flags=re.DOTALL)
