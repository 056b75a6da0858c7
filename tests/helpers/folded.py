"""The exercises of a stored lesson: its stubs, and the solutions folded away below them."""

import functools
import re

import nbformat
from places import NOTEBOOKS

from stablegen_lib.course import checking

CHECK = re.compile(r'course\.check\("(\d\d\.\d+)", (\w+)\)')


def solutions(lesson: str) -> dict[str, tuple[str, str]]:
    """For each exercise number: the name that is checked, and the code of the folded solution."""
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    found: dict[str, tuple[str, str]] = {}
    waiting: tuple[str, str] | None = None
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and (stub := CHECK.search(cell.source)):
            waiting = stub[1], stub[2]
        elif waiting and (block := re.search(r"<details>.*?```python\n(.*?)```", cell.source, re.DOTALL)):
            found[waiting[0]] = waiting[1], block[1]
            waiting = None
    return found


def solved(lesson: str, number: str, **namespace: object) -> object:
    """What the folded solution computes for this exercise."""
    name, source = solutions(lesson)[number]
    exec(source, namespace)
    return namespace[name]


def verdict(number: str, answer: object) -> checking.Verdict:
    return checking.judge(checking.find(number), answer)


GAP = re.compile(r'^(\w+) = course\.gap\("(\d\d\.[a-z])", (\w+)\)', re.MULTILINE)


@functools.cache
def gaps(lesson: str) -> dict[str, tuple[str, str, str]]:
    """For each gap: the name of its function, the cell with the gap, and the code of the folded solution."""
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    found: dict[str, tuple[str, str, str]] = {}
    cells = nbformat.read(path, as_version=4).cells
    for number, cell in enumerate(cells):
        if cell.cell_type == "code" and (stub := GAP.search(cell.source)):
            below = cells[number + 1].source if number + 1 < len(cells) else ""
            block = re.match(r"<details>.*?```python\n(.*?)```", below, re.DOTALL)
            found[stub[2]] = stub[1], cell.source, block[1] if block else ""
    return found


def names_at_the_top(lesson: str) -> dict[str, object]:
    """What the first two code cells of a lesson define: its settings and what it imports."""
    return dict(_names_at_the_top(lesson))


@functools.cache
def _names_at_the_top(lesson: str) -> dict[str, object]:
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    namespace: dict[str, object] = {}
    for cell in cells[:2]:
        exec(cell.source, namespace)
    return namespace
