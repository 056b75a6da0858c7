"""What a docstring or a lesson names as a file is there, and what a docstring shows as code is code."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from places import NOTEBOOKS, ROOT

PACKAGES = ("stablegen_lib", "stablegen_experiments", "benchmarks", "tools")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NAMED = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|md|js|css))`")
OPENS = re.compile(r" *(>>> )?(async |)(for|while|if|with|def|class) .*:")
FOREIGN = re.compile(r"ddpm\.py|ldm/")  # files of CompVis/stable-diffusion


def docstrings(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return "\n".join(ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, parts))


def flattened(text: str) -> Iterator[str]:
    """Lines that open a block which the next line is not inside of."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line, below in pairwise(lines):
        if OPENS.fullmatch(line) and depth(below) <= depth(line):
            yield line


def depth(line: str) -> int:
    """How far a line is indented; a prompt counts as none."""
    bare = re.sub(r">>> |\.\.\. ", "", line, count=1)
    return len(bare) - len(bare.lstrip())


def is_there(name: str, beside: Path) -> bool:
    return any((base / name).is_file() for base in (beside, ROOT, ROOT / "stablegen_lib"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_docstring_names_is_there(path):
    missing = [name for name in NAMED.findall(docstrings(path)) if not is_there(name, path.parent)]
    assert not missing


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_in_docstrings_are_indented_as_code_is(path):
    assert list(flattened(docstrings(path))) == []


def test_a_flattened_example_is_recognised():
    """As `ruff --fix` makes them where every line of a docstring but the first is indented."""
    assert list(flattened("for step in steps:\nrecord(step)")) == ["for step in steps:"]
    assert list(flattened("    for step in steps:\n        record(step)\nDone.")) == []
    assert list(flattened("For every step:\nthe loss, if there is one:\nand its mean")) == []


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_file_that_a_lesson_names_is_there_and_is_named_from_the_root(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    own = [name for name in NAMED.findall(text) if not FOREIGN.match(name)]
    missing = [name for name in own if not (ROOT / name).is_file()]
    assert not missing
