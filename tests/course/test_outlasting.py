"""Claims about answers that would end the kernel: the kernel goes on, and the learner is told."""

import sys

import nbformat
import pytest
from nbclient import NotebookClient

from stablegen_lib.course.checking import Exercise, NotYet, Wrong, call, judge


def judged(answer: object) -> tuple[str, str]:
    verdict = judge(Exercise("90.1", "one", lambda given: None if call(given) == 1 else "not one"), answer)
    return verdict.state, verdict.message


def test_an_exit_in_an_answer_is_wrong_and_says_why() -> None:
    state, message = judged(lambda: sys.exit(3))
    assert state == "wrong"
    assert message == "your function calls exit(): exit() would end the kernel. Leave it out; " \
                      "a function ends with return."  # fmt: skip


def test_an_exit_outside_of_a_function_is_answered_too() -> None:
    class Leaves:
        def __eq__(self, other: object) -> bool:
            raise SystemExit

        __hash__ = None  # type: ignore[assignment]

    verdict = judge(Exercise("90.1", "one", lambda given: None if given == 1 else "no"), Leaves())
    assert (verdict.state, "exit()" in verdict.message) == ("wrong", True)


def test_ctrl_c_still_stops_the_check() -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judged(stopped)


def test_a_list_that_holds_itself_is_looked_at_once() -> None:
    itself: list[object] = [1.0]
    itself.append({"me": itself})
    assert judged(itself)[0] == "wrong"
    itself.append((..., 2))
    assert judged(itself)[0] == "not yet"
    with pytest.raises(NotYet):
        call(lambda: itself)
    with pytest.raises(Wrong):
        call(lambda: sys.exit())


CELLS = [
    "from stablegen_lib.course.checking import Exercise, call, judge\n"
    "def answer(): exit()\n"
    "print(judge(Exercise('90.1', 'one', lambda given: call(given)), answer).state)",
    "import time; time.sleep(0.5)",  # a shell that was asked to end would be gone by now
    "print('alive')\nimport IPython; print('ask_exit' in vars(IPython.get_ipython()))",
]


def test_in_a_notebook_exit_does_not_end_the_kernel() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    said = ["".join(output.text for output in cell.outputs) for cell in notebook.cells]
    assert said == ["wrong\n", "", "alive\nFalse\n"]
