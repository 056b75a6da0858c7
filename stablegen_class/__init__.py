"""The kit for a class, made from the stored lessons and one bank of questions: `make class`.

Open `lessons.py` first: it reads a notebook as a teacher does, section by section. From there `slides.py`
makes a deck, `edition.py` the notebooks without solutions and the answer key, and `handout.py` one page for
each lesson. `questions.py` reads the bank in `questions/`; `computed/` computes the keys that can be
computed, and draws what a question shows. `selftest.py` and `qti.py` carry the questions to a browser and to learning
platforms. `markup.py` turns Markdown into HTML, `pages/` holds the templates, `vendored.py` brings what pages
need from node_modules, and `build.py` calls them all.
"""
