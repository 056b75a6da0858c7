"""The stored lessons keep the rules. Whether their outputs are still true is nbval's part."""

from pathlib import Path

import nbformat
import pytest
from lesson_rules import RULES, Rule, code_cells, describes_every_picture, marks_few_cells_and_says_why
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from places import NOTEBOOKS
from still_to_mend import STILL_TO_MEND

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
FIRST_LESSONS = [
    "00_start_here",
    "01_data",
    "02_generator",
    "03_discriminator",
    "04_log_loss",
    "05_training_loop",
]
BIGGEST = 3_000_000  # bytes; a lesson has to open quickly on GitHub
FOLDED = {"jupyter": {"source_hidden": True}}
PNG = {"image/png": "iVBORw0KGgo="}


def test_the_lessons_are_there_and_numbered_without_a_gap():
    names = [path.stem for path in LESSONS]
    assert names[: len(FIRST_LESSONS)] == FIRST_LESSONS
    assert [name[:3] for name in names] == [f"{number:02d}_" for number in range(len(names))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(path: Path, rule: Rule):
    problems = list(rule(nbformat.read(path, as_version=4)))
    if rule.__name__ in STILL_TO_MEND.get(path.stem[:2], ()):
        assert problems, f"mended: take {rule.__name__} of {path.stem} out of tests/helpers/still_to_mend.py"
    else:
        assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", LESSONS[:-1], ids=lambda path: path.stem)
def test_lesson_ends_with_a_link_to_the_next(path: Path):
    following = LESSONS[LESSONS.index(path) + 1].name
    linked = f"]({following})" in nbformat.read(path, as_version=4).cells[-1].source
    assert linked != ("links_to_the_next" in STILL_TO_MEND.get(path.stem[:2], ()))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_is_neither_too_short_nor_too_long(path: Path):
    fewest, most = (6, 30) if path.stem == "00_start_here" else (12, 55)
    assert fewest <= len(code_cells(nbformat.read(path, as_version=4))) <= most
    assert path.stat().st_size <= BIGGEST


# The rules themselves: a good lesson passes them all, and each fault is found by its rule and no other.


def code(source: str = "1 + 1", count: int | None = 1, **parts) -> NotebookNode:
    return new_code_cell(source, execution_count=count, **parts)


def kernel(name: str) -> dict[str, str]:
    return {"name": name, "display_name": "Python 3"}


def lesson(*cells: NotebookNode, **metadata) -> NotebookNode:
    top = [new_markdown_cell("# A title\n\nSome text."), *(cells or (code(),))]
    try_it = "## Try it\n\n### Further research"
    end = [new_markdown_cell(try_it), new_markdown_cell("## Sources\n\n```\n# not a title\n```")]
    return new_notebook(cells=top + end, metadata={"kernelspec": kernel("python3")} | metadata)


def picture(**metadata) -> NotebookNode:
    return new_output("display_data", PNG | {"text/plain": "<Figure>"}, metadata=metadata)


def marked(count: int, **metadata) -> NotebookNode:
    return code(count=count, metadata={"tags": ["nbval-ignore-output"]} | metadata)


plain = [code(count=number) for number in range(1, 5)]
error = new_output("error", ename="ValueError", evalue="no", traceback=[])
stream = new_output("stream", name="stderr", text="Warning")
described = {"image/png": {"alt": "a falling curve"}}
GOOD = {
    "one cell": lesson(),
    "an empty cell at the end": lesson(code(), code("", None)),
    "15 lines": lesson(code("\n".join(["x = 1", "", "# why", "", "x"] * 5))),
    "15 lines that draw, folded away": lesson(
        code("\n".join(["x = 1"] * 14 + ["plots.show(x, alt='x')"]), metadata=FOLDED)
    ),
    "a section with a gap": lesson(
        new_markdown_cell("## 1. One"), code('f = course.gap("01.a", f)\ncourse.gaps("01")')
    ),
    "an optional section": lesson(new_markdown_cell("## 1. One (optional)"), code()),
    "a mask": lesson(code(outputs=[new_output("stream", text="tensor([True, False])")])),
    "a described picture": lesson(code(outputs=[picture(**described)])),
    "one marked cell of five": lesson(*plain, marked(5, reason="seconds differ")),
    "a reason in the cell": lesson(
        *plain, code("# NBVAL_IGNORE_OUTPUT\n# output depends on the machine: seconds", 5)
    ),
    "a function in two cells, used in its own": lesson(code("def f(): ...\nf()"), code("f = 1\nf", 2)),
    "another value of the same kind": lesson(code("x = g(1)"), code("x + 1", 2), code("x = g(2)", 3)),
    "a name inside a function": lesson(code("x = []"), code("x", 2), code("def f():\n    x = {}", 3)),
    "a described local picture": lesson(new_markdown_cell("![a face](face.png)"), code()),
    "a web address": lesson(new_markdown_cell("https://example.org/" + "work/page"), code()),
}
BAD = {
    "an unexecuted cell": (lesson(code(), code(count=None)), "was_run_from_top_to_bottom"),
    "run in another order": (lesson(code(count=2), code(count=1)), "was_run_from_top_to_bottom"),
    "a stored error": (lesson(code(outputs=[error])), "stores_no_error"),
    "a stored warning": (lesson(code(outputs=[stream])), "stores_no_stderr"),
    "16 lines": (lesson(code("\n".join(["x = 1"] * 16))), "has_short_cells"),
    "15 lines and a comment": (lesson(code("\n".join(["x = 1"] * 15 + ["# why"]))), "has_short_cells"),
    "16 folded lines": (
        lesson(code("\n".join(["plots.show(x, alt='x')"] * 16), metadata=FOLDED)),
        "has_short_cells",
    ),
    "a computation folded away": (lesson(code("x = 1", metadata=FOLDED)), "folds_only_what_draws"),
    "a bare boolean printed": (
        lesson(code(outputs=[new_output("stream", text="more than half: True\n")])),
        "prints_no_bare_boolean",
    ),
    "a bare boolean shown": (
        lesson(code(outputs=[new_output("execute_result", {"text/plain": "False"})])),
        "prints_no_bare_boolean",
    ),
    "a gap's function that becomes a number": (
        lesson(code('f = course.gap("01.a", f)\ncourse.gaps("01")'), code("f(1)", 2), code("f = ...", 3)),
        "lets_earlier_cells_run_again",
    ),
    "a module whose name is taken": (
        lesson(code("import math"), code("math.pi", 2), code("for math in range(3): ...", 3)),
        "lets_earlier_cells_run_again",
    ),
    "a dictionary that becomes a tensor": (
        lesson(code("rows, x = {}, 1"), code("[rows[name] for name in 'ab']", 2), code("rows = g(x)", 3)),
        "lets_earlier_cells_run_again",
    ),
    "a section without a gap": (lesson(new_markdown_cell("## 1. One"), code()), "has_a_gap_in_every_section"),
    "no overview of the gaps": (lesson(code('f = course.gap("01.a", f)')), "says_which_gaps_are_open"),
    "a kernel of one's own": (lesson(kernelspec=kernel("mine")), "names_the_plain_kernel"),
    "widget state": (lesson(widgets={"state": {}}), "stores_no_widget_state"),
    "a picture without alt text": (lesson(code(outputs=[picture()])), "describes_every_picture"),
    "a picture from the network": (
        lesson(new_markdown_cell("![a face](https://example.org/face.png)"), code()),
        "describes_every_picture",
    ),
    "two titles": (lesson(new_markdown_cell("# Another"), code()), "has_the_usual_headings"),
    "a machine path": (lesson(code("path = '/home" + "/me'")), "names_no_machine"),
    "a package registry": (lesson(code("# see npmjs" + ".org")), "names_no_machine"),
}


@pytest.mark.parametrize("notebook", GOOD.values(), ids=GOOD)
def test_rules_accept(notebook: NotebookNode):
    assert [problem for rule in RULES for problem in rule(notebook)] == []


@pytest.mark.parametrize(("notebook", "expected"), BAD.values(), ids=BAD)
def test_rules_find(notebook: NotebookNode, expected: str):
    assert [rule.__name__ for rule in RULES if list(rule(notebook))] == [expected]


def test_rules_find_missing_headings():
    notebook = new_notebook(cells=[new_markdown_cell("# A title"), code()])
    (rule,) = [rule for rule in RULES if rule.__name__ == "has_the_usual_headings"]
    wanted = ("Try it", "Further research", "Sources")
    assert list(rule(notebook)) == [f"no heading with {heading!r}" for heading in wanted]


def test_marks_need_a_reason_and_stay_few():
    def problems(*cells: NotebookNode) -> list[str]:
        return list(marks_few_cells_and_says_why(lesson(*cells)))

    assert "without a reason" in problems(*plain, marked(5))[0]
    assert "at most 20%" in problems(*plain[:3], marked(4, reason="seconds differ"))[0]
    skipped = code(count=5, metadata={"tags": ["nbval-skip"], "reason": "slow"})
    assert "must at least run" in problems(*plain, skipped)[0]


def test_an_empty_alt_text_does_not_count():
    blank = {"image/png": {"alt": "  "}}
    assert list(describes_every_picture(lesson(code(outputs=[picture(**blank)]))))
