"""nbgrader gives full marks for right answers and none for wrong or missing ones.

It needs an environment of its own, because nbgrader is no part of the course:

    .venv/bin/python -m venv build/nbgrader-env
    build/nbgrader-env/bin/python -m pip install -c constraints.txt nbgrader -e ".[diffusion]"
    STABLEGEN_NBGRADER=build/nbgrader-env/bin/python make release
"""

import os
import sqlite3
import subprocess
from pathlib import Path

import nbformat
import pytest
from places import ROOT

from stablegen_class import edition, grading
from stablegen_class.lessons import Lesson

PYTHON = os.environ.get("STABLEGEN_NBGRADER")
pytestmark = pytest.mark.skipif(not PYTHON, reason="STABLEGEN_NBGRADER names no Python that has nbgrader")
LESSONS = ["00_start_here", "04_log_loss"]  # one with few gaps and one with many
SCORES = """
    SELECT student.id, SUM(grade.auto_score), SUM(cell.max_score) FROM grade
    JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
    JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
    JOIN student ON submitted_assignment.student_id = student.id
    JOIN grade_cells AS cell ON grade.cell_id = cell.id GROUP BY student.id
"""


def answered(released, lesson, how):
    """The learner's copy, with right answers, wrong ones, or as it was handed out."""
    notebook = nbformat.read(released, as_version=4)
    source = {cell.id: cell.source for cell in grading.source_notebook(lesson).cells}
    for cell in notebook.cells:
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        solution = source[cell.id].partition("### BEGIN SOLUTION\n")[2].partition("### END SOLUTION")[0]
        assert solution.strip() not in cell.source, "the learner's copy holds a solution"
        if how == "right":
            cell.source += f"\n{solution}"
        elif how == "wrong":
            name = solution.split("def ")[1].split("(")[0] if "def " in solution else None
            last = solution.strip().splitlines()[-1].split(" = ")[0]
            cell.source += f"\ndef {name}(*given):\n    return 12345.0" if name else f"\n{last} = 12345.0"
    return edition.written(notebook)


def run(course, *arguments):
    environment = os.environ | {"STABLEGEN_PROGRESS": str(course), "HOME": str(course)}
    subprocess.run([PYTHON, "-m", "nbgrader", *arguments], cwd=course, env=environment, check=True)


@pytest.mark.parametrize("stem", LESSONS)
def test_right_answers_score_all_points_and_others_none(tmp_path, stem):
    lesson = Lesson(ROOT / "notebooks" / f"{stem}.ipynb")
    course: Path = tmp_path
    (course / "nbgrader_config.py").write_text(grading.CONFIGURATION)
    place = course / "source" / stem / f"{stem}.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text(edition.written(grading.source_notebook(lesson)))
    run(course, "generate_assignment", stem)
    released = course / "release" / stem / f"{stem}.ipynb"
    assert "course.require" not in released.read_text()
    for student in ("right", "wrong", "empty"):
        handed_in = course / "submitted" / student / stem / f"{stem}.ipynb"
        handed_in.parent.mkdir(parents=True)
        handed_in.write_text(answered(released, lesson, student))
    run(course, "autograde", stem)
    with sqlite3.connect(course / "gradebook.db") as book:
        scores = {student: (score, most) for student, score, most in book.execute(SCORES)}
    most = float(len(edition.solutions(lesson)))
    assert scores == {"right": (most, most), "wrong": (0.0, most), "empty": (0.0, most)}
