"""The class edition of a notebook: no solutions, gaps and exercises open; and the key for the teacher."""

import copy
import re
from typing import Any

import nbformat

from stablegen_class.lessons import SOLUTION, Lesson

FOLDED = re.compile(rf"{re.escape(SOLUTION)}.*?</details>\s*", re.DOTALL)


def without_solutions(lesson: Lesson) -> Any:
    """The notebook, as stored, without any folded solution; a cell that held nothing else is gone."""
    notebook = copy.deepcopy(lesson.notebook)
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and SOLUTION in cell.source:
            cell.source = FOLDED.sub("", cell.source).strip()
            if not cell.source:
                continue
        cells.append(cell)
    notebook.cells = cells
    return notebook


def written(notebook: Any) -> str:
    """As a file's text."""
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


def solutions(lesson: Lesson) -> list[tuple[str, str]]:
    """Number and Markdown of each folded solution, in order: of gaps ("02.a") and of exercises ("02.1")."""
    found: list[tuple[str, str]] = []
    asked = ""
    for cell in lesson.notebook.cells:
        if cell.cell_type == "code":
            numbers = re.findall(r'course\.(?:check|gap)\("(\d\d\.\w+)"', cell.source)
            asked = numbers[-1] if numbers else asked
        for block in FOLDED.findall(cell.source) if cell.cell_type == "markdown" else []:
            text = re.sub(
                r"^<details><summary>.*?</summary>|</details>\s*$", "", block.strip(), flags=re.DOTALL
            )
            found.append((asked, text.strip()))
    return found
