"""Claims about all gaps: each has a stub, a short folded solution, and hints that are reached.

A solution uses its arguments and what the first two cells of its lesson define, and nothing else.
"""

import ast
import re

import pytest
import torch
from folded import gaps, names_at_the_top
from places import NOTEBOOKS

from stablegen_lib.course import checking, missing_lines

LESSONS = sorted(path.name[:2] for path in NOTEBOOKS.glob("*.ipynb"))
GAPS = [gap for lesson in LESSONS for gap in missing_lines.of_lesson(lesson)]
NUMBERS = [gap.number for gap in GAPS]
MISTAKES = [
    pytest.param(gap, mistake, hint, id=f"{gap.number}-{number}")
    for gap in GAPS
    for number, (mistake, hint) in enumerate(gap.mistakes)
]
NAN = float("nan")
JUNK = ["", [1, "a"], {}, torch.full((3,), NAN), object(), 7j, NAN, -1e30, True, len]
MOST_LINES = 3
OTHER_TYPES = {torch.float32: torch.float64, torch.float64: torch.float32, torch.bool: torch.int64}
DISGUISES = {  # the right numbers in another kind of thing; None where there is no such disguise
    "list": lambda part: (
        part.tolist() if isinstance(part, torch.Tensor) else [part] if size_of(part) else None
    ),
    "array": lambda part: part.detach().numpy() if isinstance(part, torch.Tensor) else None,
    "type": lambda part: part.to(OTHER_TYPES[part.dtype]) if dtype_of(part) in OTHER_TYPES else None,
    "whole": lambda part: part.long() if dtype_of(part) in OTHER_TYPES and is_whole(part) else None,
    "brackets": lambda part: torch.as_tensor(part)[None] if size_of(part) == 1 else None,
    "no gradient": lambda part: part.detach() if getattr(part, "requires_grad", False) else None,
    "a gradient": lambda part: with_gradient(part) if isinstance(part, torch.Tensor) else None,
}
SAYS_WHAT_IS_NEEDED = re.compile(r"the lesson goes on with|gradient (?:still )?runs back")
ANY_TYPE = {"01.e"}  # "whole numbers": bytes, or floats that are whole


def verdict(gap: missing_lines.Gap, answer: object) -> checking.Verdict:
    return checking.judge(gap.exercise, answer)


def executed(gap: missing_lines.Gap, source: str) -> object:
    lesson = gap.number[:2]
    name = gaps(lesson)[gap.number][0]
    namespace = names_at_the_top(lesson)
    exec(source.partition(f"\n{name} = course.gap")[0], namespace)
    return namespace[name]


def dtype_of(part: object) -> object:
    return getattr(part, "dtype", None)


def size_of(part: object) -> int:
    return 1 if isinstance(part, int | float) else part.numel() if isinstance(part, torch.Tensor) else 0


def is_whole(part: torch.Tensor) -> bool:
    return bool((part == part.round()).all()) if part.is_floating_point() else True


def with_gradient(part: torch.Tensor) -> torch.Tensor | None:
    if part.requires_grad or not part.is_floating_point():
        return None
    return part.clone().requires_grad_(True)


def disguised(gap: missing_lines.Gap, change):
    """The course's version with its results changed, and the kinds of what was changed."""
    changed = []

    def answer(*arguments):
        result = gap.solution(*arguments)
        parts = [change(part) for part in (result if isinstance(result, tuple) else (result,))]
        if any(part is not None for part in parts):
            changed.append(parts)
            return tuple(parts) if isinstance(result, tuple) else parts[0]
        return result

    return answer, changed


def hands_back_a_name(line: ast.stmt) -> bool:
    return isinstance(line, ast.Return) and isinstance(line.value, ast.Name)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_gap_stands_in_its_lesson_with_a_folded_solution_below(lesson):
    stored = gaps(lesson)
    assert sorted(stored) == [gap.number for gap in missing_lines.of_lesson(lesson)]
    assert [number for number, (_, _, solution) in stored.items() if not solution] == []
    assert [name for name, source, _ in stored.values() if f"def {name}(" not in source] == []


@pytest.mark.parametrize("gap", GAPS, ids=NUMBERS)
def test_the_stub_is_open(gap):
    assert verdict(gap, executed(gap, gaps(gap.number[:2])[gap.number][1])).state == "not yet"


@pytest.mark.parametrize("gap", GAPS, ids=NUMBERS)
def test_the_folded_solution_is_right_and_short(gap):
    source = gaps(gap.number[:2])[gap.number][2]
    given = verdict(gap, executed(gap, source))
    assert given.state == "right", given.message
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    stub = ast.parse(gaps(gap.number[:2])[gap.number][1]).body[0]
    given_lines = {ast.dump(line) for line in stub.body} if isinstance(stub, ast.FunctionDef) else set()
    written = [line for line in function.body if ast.dump(line) not in given_lines]
    assert len([line for line in written if not hands_back_a_name(line)]) <= MOST_LINES


@pytest.mark.parametrize("gap", GAPS, ids=NUMBERS)
def test_the_courses_own_version_is_right(gap):
    assert verdict(gap, gap.solution) == checking.Verdict("right")


@pytest.mark.parametrize(("gap", "mistake", "hint"), MISTAKES)
def test_a_typical_mistake_gets_its_hint(gap, mistake, hint):
    assert verdict(gap, mistake) == checking.Verdict("wrong", hint)


@pytest.mark.parametrize("gap", GAPS, ids=NUMBERS)
def test_right_numbers_in_a_thing_that_the_next_cells_cannot_use_get_a_hint(gap):
    accepted, unsaid = set(), {}
    for name, change in DISGUISES.items():
        answer, changed = disguised(gap, change)
        given = verdict(gap, answer)
        if changed and given.state == "right":
            accepted.add(name)
        elif changed and not SAYS_WHAT_IS_NEEDED.search(given.message):
            unsaid[name] = given.message
    assert accepted == ({"type", "whole"} if gap.number in ANY_TYPE else set())
    assert not unsaid


@pytest.mark.parametrize("gap", GAPS, ids=NUMBERS)
def test_a_gap_knows_typical_mistakes(gap):
    assert gap.mistakes


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
@pytest.mark.parametrize("gap", GAPS, ids=NUMBERS)
def test_nonsense_is_wrong_with_a_message_and_never_raises(gap, junk):
    for answer in (junk, lambda *_: junk):
        given = verdict(gap, answer)
        assert given.state == "wrong"
        assert given.message
        assert "stopped the check" not in given.message


def test_the_stored_map_counts_the_gaps_as_they_are():
    (start,) = NOTEBOOKS.glob("00_*.ipynb")
    stored = start.read_text(encoding="utf-8")
    counted = dict(re.findall(r"(\d\d) [^░█\\]+[░█]+ exercises \d+/\d+, gaps \d+/(\d+)", stored))
    real = {number: str(len(missing_lines.of_lesson(number))) for number in counted}
    assert counted == real
    assert len(counted) == len(list(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")))
