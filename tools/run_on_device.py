"""Run the code of lessons on a device, for real and without Jupyter, and print a table.

    python tools/run_on_device.py --device cuda           # all lessons
    python tools/run_on_device.py --device cuda 00 05 06  # some

The cells run from top to bottom in plain Python, as stored, their assertions included; figures are drawn
and not shown. Where ipywidgets or IPython is missing, as on a bare machine with a GPU, widgets stand empty.
Outputs are not compared: on the CPU, `make test` does that.
"""

import argparse
import ast
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Container
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "notebooks"


class Empty(ModuleType):
    """Stands in for what is missing: whatever is asked of it or called is empty too."""

    def __getattr__(self, name: str) -> "Empty":
        if name.startswith("__"):
            raise AttributeError(name)
        return Empty(name)

    def __call__(self, *args: Any, **options: Any) -> "Empty":
        return Empty(self.__name__)


def stand_in_for_what_is_missing() -> list[str]:
    """Names of the packages that are missing; nothing of them will be looked for again."""
    missing = [name for name in ("ipywidgets", "anywidget", "IPython") if find_spec(name) is None]
    if {"ipywidgets", "anywidget"} & set(missing):
        sys.modules["stablegen_lib.widgets"] = Empty("stablegen_lib.widgets")
    if "IPython" in missing:
        sys.modules["IPython.display"] = Empty(
            "IPython.display"
        )  # not IPython: matplotlib asks for its version
    return missing


class Constants(ast.NodeTransformer):
    """Gives the constants of a lesson, and numbers written out in calls, other values.

    {"STEPS": 3, "steps": 2, "advance": 1} is for `STEPS = 600`, `f(steps=150)` and `g.advance(300)`.
    Then its assertions about results are left out.
    """

    def __init__(self, values: dict[str, int]) -> None:
        self.values = values

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id.isupper() and target.id in self.values:
            node.value = ast.copy_location(ast.Constant(self.values[target.id]), node.value)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr in self.values:
            node.args = [ast.copy_location(ast.Constant(self.values[node.func.attr]), node.args[0])]
        return self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg in self.values and isinstance(node.value, ast.Constant):
            node.value = ast.copy_location(ast.Constant(self.values[node.arg]), node.value)
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if self.values else node


def run(lesson: Path, values: dict[str, int] | None = None, leave_out: Container[int] = ()) -> None:
    """The code cells of a lesson, one after the other.

    Args:
        lesson: The notebook.
        values: Other values for its constants, to be quicker.
        leave_out: Numbers of cells.

    Raises:
        Exception: What a cell raises, with a note that says which one it was.
    """
    from stablegen_lib.plots import live

    shell = Empty("shell")  # what it is given to show is drawn, and goes nowhere
    with patch.object(live, "_notebook", lambda: shell):
        _run_cells(lesson, values or {}, leave_out)


def _run_cells(lesson: Path, values: dict[str, Any], leave_out: Container[int]) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(json.loads(lesson.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] != "code" or number in leave_out:
            continue
        tree = Constants(values).visit(ast.parse("".join(cell["source"])))
        try:
            exec(compile(tree, f"<{lesson.stem}, cell {number}>", "exec"), names)
        except BaseException as error:
            error.add_note(f"in cell {number} of {lesson.name}")
            raise


def report(lesson: Path) -> bool:
    """Runs it and prints its line of the table."""
    from matplotlib import pyplot

    began, outcome = time.perf_counter(), "ok"
    try:
        with open(os.devnull, "w") as nothing:
            sys.stdout, kept = nothing, sys.stdout
            try:
                run(lesson)
            finally:
                sys.stdout = kept
    except Exception as error:
        traceback.print_exc()
        outcome = f"{error.__notes__[-1]}: {type(error).__name__}: {str(error).splitlines()[:1]}"
    pyplot.close("all")
    print(f"| {lesson.stem} | {time.perf_counter() - began:.1f} | {outcome} |", flush=True)
    return outcome == "ok"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--device", default="cuda", help="cuda, mps, cpu or auto")
    parser.add_argument("lessons", nargs="*", help="numbers of lessons, such as 05; all when left out")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ |= {"STABLEGEN_DEVICE": options.device, "MPLBACKEND": "Agg",
                   "STABLEGEN_PROGRESS": tempfile.mkdtemp()}  # fmt: skip
    missing = stand_in_for_what_is_missing()
    from stablegen_lib.plumbing.devices import choose_device

    print(f"device {choose_device()}; empty: {', '.join(missing) or 'nothing'}")
    print("| lesson | seconds | outcome |\n|---|---|---|")
    chosen = [path for path in sorted(LESSONS.glob("*.ipynb"))
              if not options.lessons or path.name[:2] in options.lessons]  # fmt: skip
    fine = [report(path) for path in chosen]  # all of them, also after one that failed
    sys.exit(not all(fine))


if __name__ == "__main__":
    main()
