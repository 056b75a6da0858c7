"""Links of the site lead somewhere, anchors too; pictures are described; lessons lead to their neighbours."""

import base64
import re
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from places import NOTEBOOKS
from site_pages import PAGES, SITE, Page

LESSONS = [path.stem for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))]


@cache
def read(name: str) -> Page:
    return Page(SITE / name)


def broken(name: str) -> list[str]:
    """Links of a page to places of the site that are not there."""
    return [link for link in read(name).links if not leads_somewhere(name, link)]


def leads_somewhere(name: str, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True  # another host: nothing is asked here
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    target = normpath(PurePosixPath(name).parent / path) if path else name
    if not (SITE / target).is_file():
        return False
    return not anchor or not target.endswith(".html") or anchor in read(target).anchors


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name):
    assert broken(name) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_is_described(name):
    assert read(name).undescribed == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_keeps_all_descriptions_of_its_pictures(lesson):
    cells = nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", as_version=4).cells
    stored = [
        output.metadata["image/png"]["alt"]
        for cell in cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    text = (SITE / "notebooks" / f"{lesson}.html").read_text(encoding="utf-8")
    shown = re.findall(r'<img alt="([^"]*)"', text)
    assert stored
    assert [alt for alt in stored if _escaped(alt) not in shown] == []


@pytest.mark.parametrize(("before", "after"), list(pairwise(LESSONS)))
def test_lessons_lead_to_their_neighbours(before, after):
    assert f"{after}.html" in read(f"notebooks/{before}.html").links
    assert f"{before}.html" in read(f"notebooks/{after}.html").links


def test_solutions_are_folded():
    for lesson in LESSONS:
        cells = nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", as_version=4).cells
        stored = sum(cell.source.count("<details>") for cell in cells if cell.cell_type == "markdown")
        shown = (SITE / "notebooks" / f"{lesson}.html").read_text(encoding="utf-8").count("<details>")
        assert shown >= stored > 0, lesson


def test_formulas_are_drawn_and_can_be_heard():
    cells = nbformat.read(NOTEBOOKS / "04_log_loss.ipynb", as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    stored = len(re.findall(r"\$\$.+?\$\$|\$[^$\n]+\$", text, re.DOTALL))
    shown = (SITE / "notebooks" / "04_log_loss.html").read_text(encoding="utf-8")
    assert shown.count("<mjx-container") == shown.count("<math") == stored > 10


def test_no_page_carries_a_picture_in_itself():
    """Pictures are files that the browser keeps; as text they would be a third larger."""
    picture = base64.b64encode(b"\x89PNG\r\n").decode()[:8]
    assert [name for name in PAGES if picture in (SITE / name).read_text(encoding="utf-8")] == []


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
