"""Variants: the lesson's own checker accepts what they compute for the lesson's numbers, and seeds differ."""

import pytest

from stablegen_class import variants
from stablegen_class.variants import KINDS, variant
from stablegen_lib.course import checking, require

NUMBERS = [kind.number for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=NUMBERS)
def test_the_lessons_checker_accepts_the_answer_for_its_own_numbers(kind):
    right = kind.answer(**kind.stored)
    require(kind.number, right)
    wrong = tuple(each + 1 for each in right) if isinstance(right, tuple) else right * 1.05 + 0.02
    with pytest.raises(AssertionError):
        require(kind.number, wrong)
    assert not checking.close(wrong, right, kind.tolerance)


@pytest.mark.parametrize("kind", KINDS, ids=NUMBERS)
def test_the_same_seed_gives_the_same_and_others_differ(kind):
    drawn = [variant(kind, seed) for seed in range(20)]
    assert drawn == [variant(kind, seed) for seed in range(20)]
    assert len({one.text for one in drawn}) > 5
    stored = kind.text.format(**kind.stored)
    assert stored not in {one.text for one in drawn}
    assert "{" not in "".join(one.text for one in drawn)


@pytest.mark.parametrize("seed", [0, 7])
def test_the_notebooks_tests_pass_with_its_solutions_and_fail_without(seed):
    cells = [cell for cell in variants.notebook(seed).cells if cell.cell_type == "code"]
    solved: dict[str, object] = {}
    for answer, test in zip(cells[::2], cells[1::2], strict=True):
        stub = answer.source.partition("\n")[0]
        with pytest.raises((AssertionError, checking.NotYet)):
            exec(test.source, exec(stub, empty := {}) or empty)
        exec(answer.source, solved)
        exec(test.source, solved)
