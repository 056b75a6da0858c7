"""The README and the documents beside it are short, their code runs, their links lead somewhere."""

import re
from importlib import import_module

import pytest
from places import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").glob("*.md"),
]
LINKS = [
    (document, link)
    for document in sorted(DOCUMENTS)
    for link in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    if "://" not in link and link != "../../tree/hosted"  # a branch, seen from the README on GitHub
]
CODE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")  # `widgets/picture.py`, `data/weights/train`


def test_its_python_code_runs_and_gives_what_the_comment_says():
    (source,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, object] = {}
    exec(source, names)
    assert names["images"].shape == (16, 3, 16, 16)
    assert names["images"].abs().max() <= 1


def test_the_columns_of_a_picture_are_those_that_the_words_name(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    changes = import_module("readme_pictures").CHANGES
    gallery = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert f"a plain face, {', '.join(changes)}, and all of these at once" in gallery


MADE = ("build/", "web/node_modules", "nbgrader/", "submitted/")  # by make site and make class


@pytest.mark.parametrize(("document", "link"), LINKS, ids=lambda part: getattr(part, "name", part))
def test_every_link_leads_to_a_file(document, link):
    assert (document.parent / link).is_file()


@pytest.mark.parametrize("document", sorted(DOCUMENTS), ids=lambda document: document.name)
def test_every_path_in_code_is_there(document):
    named = CODE.findall(document.read_text(encoding="utf-8"))
    places = (ROOT, ROOT / "stablegen_lib", ROOT / "data")
    own = [name for name in named if "<" not in name and not name.startswith(MADE)]
    assert not [name for name in own if not any((base / name).exists() for base in places)]


def test_what_is_read_first_is_short():
    assert len(TEXT.splitlines()) <= 120
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 40
