"""The exercises of a stored lesson: its stubs, and the solutions folded away below them."""

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
