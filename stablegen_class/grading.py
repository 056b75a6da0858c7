"""A lesson as a source notebook for nbgrader: each gap and each exercise is worth one point.

The locked test stands before `course.gap`, which would hand out the course's version of a wrong answer.
Its content is hidden in the learner's copy, so that Run All goes on past an open gap; `course.check` and
`course.gap` tell the learner what the test will tell the grader.

Source: nbgrader's metadata, schema 3: https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html
"""

import ast
import re
from dataclasses import dataclass
from typing import Any

from nbformat.v4 import new_code_cell

from stablegen_class import edition
from stablegen_class.lessons import Lesson

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
CONFIGURATION = '''\
"""Settings. In this folder: nbgrader generate_assignment 04_log_loss; then nbgrader autograde 04_log_loss."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "stablegen"
c.ClearSolutions.code_stub = {"python": "# your lines: change what stands above, or write below"}
c.ExecutePreprocessor.timeout = 900  # seconds for one cell: lesson 05 trains
c.Execute.timeout = 900
'''


@dataclass(frozen=True)
class Task:
    """What a cell asks for.

    Args:
        number: Of a gap ("04.a") or an exercise ("04.1").
        name: What the learner's answer is called: a variable or a function.
        stub: The lines before the call, which the learner changes.
        rest: The call of `course.gap` or `course.check`, and what follows it.
    """

    number: str
    name: str
    stub: str
    rest: str

    @property
    def identity(self) -> str:
        """For nbgrader: letters, digits and dashes."""
        return self.number.replace(".", "-")


def task_of(source: str) -> Task | None:
    """The task of a code cell; None if it has none, or if nothing stands before the call."""
    if "course.gap(" not in source and "course.check(" not in source:
        return None
    for statement in ast.parse(source).body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("course.gap", "course.check"):
                number, answer = map(ast.unparse, node.args)
                lines = source.splitlines()
                stub = "\n".join(lines[: statement.lineno - 1]).rstrip()
                rest = "\n".join(lines[statement.lineno - 1 :])
                return Task(ast.literal_eval(number), answer, stub, rest) if stub else None
    return None


def source_notebook(lesson: Lesson) -> Any:
    """The class edition with solutions between nbgrader's marks, and a locked test for each; no outputs."""
    notebook = edition.without_solutions(lesson)
    solved = {number: _code(text) for number, text in edition.solutions(lesson)}
    cells: list[Any] = []
    for cell in notebook.cells:
        task = None
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            task = task_of(cell.source)
        cells += [cell] if task is None else _cells(cell, task, solved.get(task.number, ""))
    notebook.cells = cells
    return notebook


def _code(solution: str) -> str:
    """The first listing, without the call that the cell has already."""
    found = BLOCK.search(solution)
    if found is None:
        return ""
    lines = found[1].splitlines()
    return "\n".join(line for line in lines if not re.search(r"\bcourse\.(check|gap)\(", line)).strip()


def _cells(cell: Any, task: Task, solution: str) -> list[Any]:
    """The learner's lines; the locked test of them; and after a gap, the version that goes on."""
    if not solution:
        raise ValueError(f"{task.number} has no folded solution with a listing, so no test could be tried.")
    answer = f"{task.stub}\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    hidden = f'from stablegen_lib import course\n\ncourse.require("{task.number}", {task.name})'
    test = f"# One point for {task.number}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    is_gap = task.rest.find("course.gap(") >= 0
    cell.source = answer if is_gap else f"{answer}\n{task.rest}"
    cell.metadata["nbgrader"] = metadata(f"answer-{task.identity}", solution=True)
    tested = _new(test, f"{cell.id}-test")
    tested.metadata["nbgrader"] = metadata(f"test-{task.identity}", solution=False) | {"points": 1}
    return [cell, tested, _new(task.rest, f"{cell.id}-goes-on")] if is_gap else [cell, tested]


def _new(source: str, identity: str) -> Any:
    return new_code_cell(source, id=identity[-64:])  # type: ignore[no-untyped-call]


def metadata(identity: str, *, solution: bool) -> dict[str, Any]:
    """Of a cell that the learner fills (`solution`), or of a locked test, which still needs its points."""
    return {
        "schema_version": 3,
        "grade_id": identity,
        "grade": not solution,
        "locked": not solution,
        "solution": solution,
        "task": False,
    }
