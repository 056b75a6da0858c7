"""The kit for a class, made from the stored lessons and one bank of questions: `make class`.

Open `lessons.py` first: it reads a notebook as a teacher does, section by section.

* Out of a lesson: `slides.py` makes a deck, `edition.py` the notebook without solutions and the answer key,
  `handout.py` one page on paper, `grading.py` the source notebook for nbgrader,
  and `variants.py` exercises with other numbers for each seed.
* Questions: `questions.py` reads the bank in `questions/`, `computed/` computes the keys that can be computed
  and draws what a question shows, `selftest.py` makes a page for a browser, `qti.py` a file for platforms.
* `markup.py` turns Markdown into HTML, `pages/` holds the templates, `vendored.py` brings what pages need
  from node_modules, and `build.py` calls them all. `minutes.py` counts how long a lesson takes.
"""
