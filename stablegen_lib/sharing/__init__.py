"""Lesson 15: a generator of one's own, made ready for others.

Open `card.py` first: what everybody should know about a model, with the words of whoever made it. `page.py`
writes a folder with the explorer in one file, `page.html` is its frame. A double click opens it.
`weights.py` writes what that page, and the site's, must know of a generator.
"""

from stablegen_lib.sharing.card import QUESTIONS, model_card
from stablegen_lib.sharing.page import export_page, preview

__all__ = ["QUESTIONS", "export_page", "model_card", "preview"]
